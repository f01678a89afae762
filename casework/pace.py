"""How fast one person may write through the doors for machines."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.throttling import UserRateThrottle


class WriteThrottle(UserRateThrottle):
    """Writes by one person in a minute; a desk never types that fast, a runaway script does."""

    scope = "writes"

    def allow_request(self, request: Request, view: Any) -> bool:
        return request.method in ("GET", "HEAD", "OPTIONS") or super().allow_request(request, view)
