"""What a public form may weigh. Looked at before anything reads the request: a larger one is not taken in at all."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template

from petitions.citizen.rules import REQUEST_BYTES

#: The addresses open to everybody that take forms.
PUBLIC = ("/progress/", "/submit/", "/public/", "/mediators/")


class PublicBodies:
    """413 for a request to a public page that says it is larger than a form with its files may be (L-SEC-10).

    A body longer than it says is cut at what it says by the server; one that does not say is read as empty.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        said = request.META.get("CONTENT_LENGTH") or "0"
        if request.path.startswith(PUBLIC) and (not said.isdecimal() or int(said) > REQUEST_BYTES):
            return HttpResponse(get_template("413.html").render(), status=413)
        return self.get_response(request)
