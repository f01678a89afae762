"""Addresses of those who look and those who check."""

from django.urls import include, path

from reports.views import figures, places

app_name = "reports"

urlpatterns = [
    path("", include("reports.dashboard.urls")),
    path("places/", places.arrange, name="places"),
    path("places/outlines/", places.load, name="places-load"),
    path("places/outlines/off/", places.take_off, name="places-off"),
    path("audit/", include("reports.audit.urls")),
    path("months/", include("reports.month.urls")),
    path("measures/", figures.measures, name="measures"),
    path("cases/", figures.behind, name="behind"),
]
