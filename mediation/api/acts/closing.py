"""The acts of the time after the agreement: input and action."""

from __future__ import annotations

from rest_framework import serializers

from casework.api import Act
from casework.api.inputs import ActSerializer, Text
from mediation import codes
from mediation.actions import closing
from mediation.models import Confirmation, FollowUpVisit, Inquiry
from mediation.rules import closing as rules
from mediation.rules import dossier


class ApplyConfirmationInput(ActSerializer):
    applied_on = serializers.DateField()
    court = Text(60)
    tier = serializers.ChoiceField(Confirmation.Tier.choices)
    why_court = serializers.ChoiceField(Confirmation.Court.choices)
    why_words = Text(200)
    party_ids = serializers.ListField(child=serializers.IntegerField(), min_length=1, max_length=20)
    concerns = serializers.ChoiceField(rules.PERSONAL_STATUS, allow_blank=True, default="")


class RecordCourtAcceptanceInput(ActSerializer):
    is_taken = serializers.BooleanField()
    on = serializers.DateField()
    court_number = Text(60, default="", allow_blank=True)
    ground = serializers.ChoiceField(rules.NOT_TAKEN_GROUNDS, allow_blank=True, default="")
    words = Text(500, default="", allow_blank=True)


class LengthenConfirmationInput(ActSerializer):
    days = serializers.IntegerField(min_value=1, max_value=10)
    reason = Text(500)


class RecordConfirmationInput(ActSerializer):
    decision = serializers.ChoiceField([Confirmation.State.CONFIRMED, Confirmation.State.REFUSED, Confirmation.State.WITHDRAWN])
    on = serializers.DateField()
    ground = serializers.ChoiceField(rules.REFUSED_GROUNDS, allow_blank=True, default="")
    words = Text(500, default="", allow_blank=True)


class DisputeFollowUpInput(ActSerializer):
    on = serializers.DateField()
    way = serializers.ChoiceField(FollowUpVisit.Way.choices)
    visited = Text(80)
    visitors = Text(80)
    performance = serializers.ChoiceField(codes.PERFORMANCE.choices)
    satisfaction = serializers.ChoiceField(FollowUpVisit.Satisfaction.choices)
    problems = Text(1000, default="", allow_blank=True)


class InquireInput(ActSerializer):
    asked = Text(60)
    asked_facts = Text(120)
    askers = serializers.ListField(child=Text(30), min_length=2, max_length=6)
    recorder = Text(30)
    others = Text(120, default="", allow_blank=True)
    place = Text(80)
    began_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField()
    content = Text(8000)
    signed = serializers.ChoiceField(Inquiry.Signed.choices)
    refused_because = Text(200, default="", allow_blank=True)


class FileMaterialInput(ActSerializer):
    file_ids = serializers.ListField(child=serializers.IntegerField(), min_length=1, max_length=30)
    item = serializers.ChoiceField([item.code for item in dossier.FILED_AT], allow_blank=True)


class WriteReportInput(ActSerializer):
    summary = Text(2000)
    result = Text(1000)
    opinion = Text(500, default="", allow_blank=True)


class ArchiveInput(ActSerializer):
    name = Text(120)
    remarks = Text(500, default="", allow_blank=True)


ACTS: dict[str, Act] = {
    "apply_confirmation": (ApplyConfirmationInput, closing.apply_confirmation),
    "record_court_acceptance": (RecordCourtAcceptanceInput, closing.record_court_acceptance),
    "lengthen_confirmation": (LengthenConfirmationInput, closing.lengthen_confirmation),
    "record_confirmation": (RecordConfirmationInput, closing.record_confirmation),
    "follow_up": (DisputeFollowUpInput, closing.follow_up),
    "inquire": (InquireInput, closing.inquire),
    "file_material": (FileMaterialInput, closing.file_material),
    "write_report": (WriteReportInput, closing.write_report),
    "archive": (ArchiveInput, closing.archive),
}
