"""What a request costs before any work is done, and how many queries the others make."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse


@login_not_required
def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse("hello, world")


class Counting:
    """`X-Bench: queries;milliseconds in them` on every answer. BEGIN, SAVEPOINT and COMMIT are not queries."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        count, spent = 0, 0.0

        def counted(execute: Callable[..., Any], sql: str, *args: Any) -> Any:
            nonlocal count, spent
            count += not sql.startswith(("SAVEPOINT", "RELEASE"))
            began = time.perf_counter()
            try:
                return execute(sql, *args)
            finally:
                spent += time.perf_counter() - began

        with connection.execute_wrapper(counted):
            response = self.get_response(request)
        response.headers["X-Bench"] = f"{count};{spent * 1000:.2f}"
        return response
