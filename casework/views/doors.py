"""The door to business pages: the three administrators manage the system and have nothing to read here (L-SEC-4)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from casework.rules import NotAllowed

View = Callable[..., HttpResponseBase]


def business(view: View) -> View:
    """Refuse an administrator with 403. Their scope shows no case anyhow; this says why."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.scope.is_admin:  # type: ignore[attr-defined]
            raise NotAllowed("您的岗位管理系统本身，看不到信访件。", code="no_cases", status=403)
        return view(request, *args, **kwargs)

    return guarded
