"""The case page of a petition and its acts."""

from django.http import HttpRequest, HttpResponse


def detail(request: HttpRequest, number: str) -> HttpResponse:
    return HttpResponse(number)
