"""Every address of the house; each app keeps its own under urls.py."""

from django.conf import settings
from django.urls import include, path

from casework.api import NoSuchAddress, with_slash
from config.health import healthz
from config.styleguide import styleguide

handler400 = "config.failures.bad_request"
handler500 = "config.failures.server_error"

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
    # Last: what no door above took.
    path("api/", NoSuchAddress.as_view(), name="api-root"),
    path("api/<path:rest>/", NoSuchAddress.as_view(), name="api-nothing"),
    path("api/<path:rest>", with_slash, name="api-slash"),
]
if settings.DEBUG:
    urlpatterns.append(path("styleguide/", styleguide, name="styleguide"))
