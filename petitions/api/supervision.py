"""What is supervised, instructed, sponsored and proposed on a case, for machines: the `no` their acts ask for is here."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from casework.api import ERRORS, ScopedView
from petitions.queries import blame
from petitions.queries import case as case_queries
from petitions.queries.supervision import case as queries


class SupervisionRow(serializers.Serializer[Any]):
    no = serializers.IntegerField(source="pk")
    unit_id = serializers.IntegerField()
    state = serializers.CharField()
    reasons = serializers.ListField(child=serializers.CharField())
    method = serializers.CharField()
    words = serializers.CharField()
    requirement = serializers.CharField()
    proposed_on = serializers.DateField()
    due_on = serializers.DateField(allow_null=True)
    reply = serializers.CharField()


class InstructionRow(serializers.Serializer[Any]):
    """The words are empty for whom they are not (L-CLS-43); `is_readable` says so."""

    no = serializers.IntegerField(source="row.pk")
    leader_id = serializers.IntegerField(source="row.leader_id")
    unit_id = serializers.IntegerField(source="row.unit_id")
    at = serializers.DateTimeField(source="row.at")
    due_on = serializers.DateField(source="row.due_on", allow_null=True)
    is_readable = serializers.BooleanField()
    words = serializers.CharField()
    reply = serializers.CharField()
    replied_at = serializers.DateTimeField(source="row.replied_at", allow_null=True)
    seen_at = serializers.DateTimeField(source="row.seen_at", allow_null=True)


class SponsorshipRow(serializers.Serializer[Any]):
    no = serializers.IntegerField(source="pk")
    leader_id = serializers.IntegerField()
    undertaking_unit_id = serializers.IntegerField()
    assisting_unit_id = serializers.IntegerField(allow_null=True)
    from_on = serializers.DateField()
    until_on = serializers.DateField()
    ended_at = serializers.DateTimeField(allow_null=True)
    result = serializers.CharField()


class AdviceRow(serializers.Serializer[Any]):
    no = serializers.IntegerField(source="pk")
    kind = serializers.CharField()
    unit_id = serializers.IntegerField()
    words = serializers.CharField()
    due_on = serializers.DateField()
    is_adopted = serializers.BooleanField(allow_null=True)
    reply = serializers.CharField()


class Led(serializers.Serializer[Any]):
    urged = serializers.IntegerField(help_text="催办次数")
    supervisions = SupervisionRow(many=True)
    instructions = InstructionRow(many=True)
    sponsorships = SponsorshipRow(many=True)
    advices = AdviceRow(many=True)


class PetitionLed(ScopedView):
    @extend_schema(operation_id="petition_supervision", responses={200: Led, **ERRORS})
    def get(self, request: Request, number: str) -> Response:
        """催办次数、督办、批示、包案、建议. Outside the scope the case does not exist."""
        scope = self.scope
        held = case_queries.page(case_queries.find(number, scope), with_history=False)
        blame.keep_back(held, scope)
        found = {
            "urged": held.case.urged,
            "supervisions": held.supervisions,
            "instructions": queries.instruction_lines(held, scope),
            "sponsorships": held.sponsorships,
            "advices": held.advices,
        }
        return Response(Led(found).data)
