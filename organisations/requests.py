"""The request as a signed-in person's view gets it: the middleware's attributes, typed."""

from __future__ import annotations

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from organisations.models import User
from organisations.scope import Scope


class StaffRequest(HttpRequest):
    """Never instantiated; a name for what LoginRequired, Scope and Htmx middleware make of a request."""

    user: User
    scope: Scope
    htmx: HtmxDetails
