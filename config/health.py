"""/healthz for load balancers: 200 when the database and the cache answer, else 503. Says which of the two, nothing more.

With ?details=1 it adds what a monitor watches: ages of the sweeps, what waits and what is dead. Numbers and names of tasks
only, nothing of any matter, and the status stays that of the two: a late reminder is no reason to take the web out of service.
"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from casework.queries import health
from config import cache
from organisations import clock


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
    details = {"details": _details()} if parts["database"] and request.GET.get("details") == "1" else {}
    return JsonResponse({"ok": healthy, **parts, **details}, status=200 if healthy else 503)


def _details() -> dict[str, Any]:
    """Seconds and counts of casework.queries.health."""
    now = clock.now()
    found = health.of(now, timezone.localdate(now))

    def seconds(since: datetime | None) -> int | None:
        return None if since is None else round((now - since).total_seconds())

    return {
        "well": found.is_well,
        "sweeps": {
            state.name: {"age_s": None if state.age is None else round(state.age), "late": state.is_late, "failed": state.has_failed}
            for state in found.sweeps
        },
        "outbox": {
            channel.code: {"configured": channel.is_configured, "waiting": channel.waiting, "oldest_s": seconds(channel.oldest), "dead": channel.dead}
            for channel in found.channels
        },
        "papers": {"waiting": found.papers_waiting, "failed": found.papers_failed, "oldest_s": seconds(found.papers_oldest)},
        "sealed_until": found.sealed_until.isoformat() if found.sealed_until else None,
        "calendar_missing": found.lacks_calendar_of,
    }
