"""Behind our own reverse proxy the peer is the proxy; the access log and the lock-out need the person's address (L-SEC-6)."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class TrueAddress:
    """Takes the address the proxy saw. Only installed with BEHIND_PROXY=1: anybody else could claim any address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        claimed = request.headers.get("X-Real-IP", "").strip()
        if claimed:
            request.META["REMOTE_ADDR"] = claimed
        return self.get_response(request)
