"""What a machine is told when it cannot have what it asked for: RFC 9457 problem details with a stable code and the request's id."""

from __future__ import annotations

from typing import Any

from django.http import JsonResponse

from organisations.access import origin

MEDIA_TYPE = "application/problem+json"


def body(status: int, code: str, detail: str, **more: Any) -> dict[str, Any]:
    return {
        "type": f"urn:yimen:problem:{code}",
        "title": detail,
        "status": status,
        "code": code,
        "detail": detail,
        "request_id": origin.get().request_id,
        **more,
    }


def response(status: int, code: str, detail: str) -> JsonResponse:
    """For what is refused before any door of the interface is reached."""
    return JsonResponse(body(status, code, detail), status=status, content_type=MEDIA_TYPE, json_dumps_params={"ensure_ascii": False})
