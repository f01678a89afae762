"""The OpenAPI schema is valid, and whatever it allows to be sent never brings a server error (schemathesis)."""

from __future__ import annotations

import pytest
import schemathesis
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from rest_framework.authtoken.models import Token

from config.wsgi import application
from tests.factories import petitions


def test_the_schema_is_valid(tmp_path):
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yml"))


@pytest.mark.django_db(transaction=True)
def test_no_input_the_schema_allows_brings_a_server_error(county):
    number = petitions.registered(county).case.number
    token = Token.objects.create(user=county.people["office"]).key
    schema = schemathesis.openapi.from_wsgi("/api/v1/schema/", application, headers={"Authorization": f"Token {token}"})

    for result in schema.get_all_operations():
        fuzz(result.ok(), number, token)


def fuzz(operation, number: str, token: str) -> None:
    @settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(case=operation.as_strategy())
    def one(case) -> None:
        if case.path_parameters and "number" in case.path_parameters:
            case.path_parameters["number"] = number
        response = case.call(headers={"Authorization": f"Token {token}"})
        assert response.status_code < 500, (operation.label, response.text)

    one()
