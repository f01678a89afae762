"""Addresses of those who look and those who check."""

from django.urls import path

from reports.views import figures

app_name = "reports"

urlpatterns = [
    path("measures/", figures.measures, name="measures"),
    path("cases/", figures.behind, name="behind"),
]
