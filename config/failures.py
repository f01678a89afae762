"""What stands when a request makes no sense or something broke: a page for people, problem details for machines under /api/."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.template.loader import get_template
from django.views import defaults

from organisations import problems

API = "/api/"
BROKE = "系统出错，这次操作没有保存。请稍后用同一个 Idempotency-Key 重发；还不行，请把 request_id 告诉系统管理员。"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path.startswith(API):
        return problems.response(400, "bad_request", "请求不合规范，没有办理。")
    # Without the request: a wrong host is refused before anybody is known.
    return HttpResponseBadRequest(get_template("400.html").render())


def server_error(request: HttpRequest) -> HttpResponse:
    """Asks nothing of the database: that may be what broke."""
    if request.path.startswith(API):
        return problems.response(500, "server_error", BROKE)
    return defaults.server_error(request)
