"""What machines send for 催办, 督办, 批示, 接访, 包案, 陪访代访, the proposals and urgent reports."""

from __future__ import annotations

from rest_framework import serializers

from casework.api.inputs import ActSerializer, Person, Text, UnitField
from petitions import codes
from petitions.models import Accompaniment, SponsorVisit


class RowNo(ActSerializer):
    no = serializers.IntegerField(min_value=1, max_value=2**31 - 1, help_text="督办、批示或建议的编号")


class UrgeInput(ActSerializer):
    words = Text(300)
    is_citizen = serializers.BooleanField(default=False, help_text="信访人来电、来访催问")


class ProposeSupervisionInput(ActSerializer):
    reasons = serializers.ListField(child=serializers.ChoiceField(codes.SUPERVISION_REASONS.choices), min_length=1, max_length=20)
    method = serializers.ChoiceField(codes.SUPERVISION_METHODS.choices)
    words = Text(500)
    unit_id = UnitField(allow_null=True, default=None)


class ConfirmSupervisionInput(RowNo):
    reasons = serializers.ListField(child=serializers.ChoiceField(codes.SUPERVISION_REASONS.choices), min_length=1, max_length=20)
    method = serializers.ChoiceField(codes.SUPERVISION_METHODS.choices)
    words = Text(500)
    requirement = Text(500)
    due_on = serializers.DateField(allow_null=True, default=None, help_text="不填为 10 个工作日")


class RowWordsInput(RowNo):
    words = Text(300)


class RowTextInput(RowNo):
    text = Text(5000)


class ReturnSupervisionInput(RowWordsInput):
    due_on = serializers.DateField(allow_null=True, default=None)


class GiveInstructionInput(ActSerializer):
    words = Text(500)
    unit_id = UnitField()
    due_on = serializers.DateField(allow_null=True, default=None)


class RecordReceptionInput(ActSerializer):
    leader_id = Person()
    mode = serializers.ChoiceField(codes.RECEPTION_MODES.choices)
    on = serializers.DateField()
    place = Text(80)
    opinion = Text(500)
    unit_id = UnitField(allow_null=True, default=None)
    due_on = serializers.DateField(allow_null=True, default=None)


class SponsorInput(ActSerializer):
    leader_id = Person()
    undertaking_unit_id = UnitField()
    assisting_unit_id = UnitField(allow_null=True, default=None)
    guarantees = serializers.ListField(
        child=serializers.ChoiceField(codes.FOUR_GUARANTEES.choices), min_length=1, max_length=4, default=list(codes.FOUR_GUARANTEES)
    )
    plan = Text(5000)
    from_on = serializers.DateField()
    until_on = serializers.DateField()


class SponsorWorkInput(ActSerializer):
    kind = serializers.ChoiceField(SponsorVisit.Kind.choices)
    on = serializers.DateField()
    words = Text(5000)


class EndSponsorshipInput(ActSerializer):
    result = Text(5000)


class AccompanyInput(ActSerializer):
    kind = serializers.ChoiceField(Accompaniment.Kind.choices)
    worker_id = Person()
    on = serializers.DateField()
    to_organ = Text(80)
    words = Text(5000)
    avoided = serializers.BooleanField(default=True)


class AdviseInput(ActSerializer):
    kind = serializers.ChoiceField(codes.ADVICE_KINDS.choices)
    unit_id = UnitField()
    facts = Text(5000)
    words = Text(5000)
    due_on = serializers.DateField(allow_null=True, default=None)


class AnswerAdviceInput(RowTextInput):
    is_adopted = serializers.BooleanField()


class ReportUrgentInput(ActSerializer):
    known_at = serializers.DateTimeField()
    phoned_at = serializers.DateTimeField(allow_null=True, default=None)
    happened = Text(200)
    batches = serializers.IntegerField(min_value=1, max_value=9999, default=1)
    people = serializers.IntegerField(min_value=1, max_value=999_999)
    demands = Text(500)
    scene = Text(500)
    measures = Text(500)
    needs = Text(500, default="", allow_blank=True)
    phone = Text(30)
    recipients = Text(200)
