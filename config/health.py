"""/healthz for load balancers: 200 when the database and the cache answer, else 503. Says which of the two, nothing more."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config import cache


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    parts = {"database": database_answers(), "cache": cache.answers(str(settings.CACHES["default"]["LOCATION"]))}
    healthy = all(parts.values())
    return JsonResponse({"ok": healthy, **parts}, status=200 if healthy else 503)
