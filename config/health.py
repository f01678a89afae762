"""/healthz for load balancers: 200 when the database and the cache answer, else 503. Says which of the two, nothing more."""

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def cache_answers() -> bool:
    try:
        cache.get("healthz")
    except (RedisError, OSError):
        return False
    return True


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    parts = {"database": database_answers(), "cache": cache_answers()}
    healthy = all(parts.values())
    return JsonResponse({"ok": healthy, **parts}, status=200 if healthy else 503)
