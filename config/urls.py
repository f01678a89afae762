"""Every address of the house; each app keeps its own under urls.py."""

from django.conf import settings
from django.urls import include, path

from config.health import healthz
from config.styleguide import styleguide

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("", include("organisations.urls")),
    path("", include("casework.urls")),
    path("", include("petitions.citizen.urls")),
    path("petitions/", include("petitions.urls")),
    path("mediation/", include("mediation.urls")),
    path("reports/", include("reports.urls")),
    path("mediators/", include("mediation.chamber.public_urls")),
    path("api/v1/", include("petitions.api.urls")),
    path("api/v1/", include("mediation.api.urls")),
    path("api/v1/", include("reports.api.urls")),
]
if settings.DEBUG:
    urlpatterns.append(path("styleguide/", styleguide, name="styleguide"))
