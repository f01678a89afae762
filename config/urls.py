"""Every address of the house; each app keeps its own under urls.py."""

from django.urls import include, path

from config.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("", include("organisations.urls")),
    path("", include("casework.urls")),
    path("petitions/", include("petitions.urls")),
    path("api/v1/", include("petitions.api.urls")),
]
