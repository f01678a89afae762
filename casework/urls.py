"""Home, worklist, search, inbox, files, papers: what serves every kind of case."""

from django.urls import URLPattern, URLResolver

app_name = "casework"
urlpatterns: list[URLPattern | URLResolver] = []
