"""The petitions' addresses."""

from django.urls import path

from petitions.views import case

app_name = "petitions"
urlpatterns = [
    path("<str:number>/", case.detail, name="detail"),
]
