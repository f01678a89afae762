"""Every address of the house; each app keeps its own under urls.py."""

from django.urls import path

from config.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
]
