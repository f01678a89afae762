"""Addresses of those who look and those who check."""

from django.urls import include, path

from reports.views import figures

app_name = "reports"

urlpatterns = [
    path("", include("reports.dashboard.urls")),
    path("measures/", figures.measures, name="measures"),
    path("cases/", figures.behind, name="behind"),
]
