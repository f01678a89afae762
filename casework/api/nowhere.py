"""What a machine is told at an address of the interface that does not exist: a problem like every other, not a page."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.views.decorators.csrf import csrf_exempt
from rest_framework.request import Request

from casework.api.doors import ScopedView
from casework.rules import NotAllowed


class NoSuchAddress(ScopedView):
    """Whatever no other door under /api/ took. Who is not known learns nothing, not even this."""

    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)  # before the method is looked at: a wrong address is not a wrong method
        raise NotAllowed("没有这个接口地址，请核对接口说明（/api/v1/schema/）。", code="no_such_address", status=404)


@csrf_exempt
@login_not_required
def with_slash(request: HttpRequest, rest: str) -> HttpResponse:
    """308, which keeps method and body: after a 301 a program's write would go on as a reading, and look done."""
    query = request.META.get("QUERY_STRING", "")
    return HttpResponsePermanentRedirect(f"{request.path}/{'?' + query if query else ''}", preserve_request=True)
