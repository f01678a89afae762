"""What stands when a request makes no sense or something broke: a page for people, problem details for machines under /api/."""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.template.loader import get_template
from django.views import defaults

from casework import store
from organisations import problems

API = "/api/"
BROKE = "系统出错，这次操作没有保存。请稍后用同一个 Idempotency-Key 重发；还不行，请把 request_id 告诉系统管理员。"

AWAY = "系统正在维护或暂时连不上数据库，这次操作没有保存。请过几分钟用同一个 Idempotency-Key 重发。"
FULL = "服务器存储空间已满，这次操作没有保存。请告知系统管理员清理后，用同一个 Idempotency-Key 重发。"
#: Seconds after which asking again is worth while.
RETRY_AFTER = "60"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path.startswith(API):
        return problems.response(400, "bad_request", "请求不合规范，没有办理。")
    # Without the request: a wrong host is refused before anybody is known.
    return HttpResponseBadRequest(get_template("400.html").render())


def server_error(request: HttpRequest) -> HttpResponse:
    """Asks nothing of the database: that may be what broke. A database that cannot be reached is no fault of the house: 503, come again."""
    if is_away(sys.exc_info()[1]):
        if request.path.startswith(API):
            answer: HttpResponse = problems.response(503, "away", AWAY)
        else:
            answer = HttpResponse(get_template("503.html").render(), status=503)
        answer.headers["Retry-After"] = RETRY_AFTER
        return answer
    if is_full(sys.exc_info()[1]):
        if request.path.startswith(API):
            return problems.response(507, "disk_full", FULL)
        return HttpResponse(get_template("507.html").render(), status=507)
    if request.path.startswith(API):
        return problems.response(500, "server_error", BROKE)
    return defaults.server_error(request)


def is_full(error: BaseException | None) -> bool:
    """The disk of the server takes nothing more: of uploads on their way in too, before any view has seen them."""
    return isinstance(error, OSError) and error.errno in store.FULL


def is_away(error: BaseException | None) -> bool:
    """The database cannot be reached, is being stopped or started, or takes no more connections (classes 57P and 53 of SQLSTATE)."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    state = getattr(error.__cause__, "sqlstate", None)
    return state is None or state.startswith(("57P", "53"))
