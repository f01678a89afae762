"""Pay for machines: the month's sheet and its lines, two approvals, one case's reward, what is withheld, the rules (MED-13)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from casework.api import ERRORS, KEY, BusinessView
from casework.api.inputs import Text, UnitField
from mediation import codes
from mediation.api.doors import Act, Day, Given, counted, listed, newest, row_acts, typed
from mediation.models import Mediator, PayRules, PaySheet, PayStop, PayVerdict, YearAssessment
from mediation.pay import actions, assessing, queries
from mediation.pay.rules import SATISFACTION_WORDS, WHOLE, Settings
from organisations import clock
from organisations.scope import Scope

CREATED = status.HTTP_201_CREATED
#: Named for the OpenAPI schema, which has other fields of these names.
PAY_VERDICTS, YEAR_VERDICTS, RELEASES = PayVerdict.Verdict.choices, YearAssessment.Verdict.choices, PayStop.Release.choices
MOST_PARTS = 20


class PayMoney(serializers.DecimalField):
    """Yuan, to the cent."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=12, decimal_places=2, **options)


class PayFactor(serializers.DecimalField):
    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=4, decimal_places=2, min_value=Decimal("0.1"), **options)


# -- what is given ------------------------------------------------------------------------------------------------------------------------------


class PaySheetRow(serializers.Serializer[Any]):
    """A month's sheet of one station."""

    id = serializers.IntegerField(source="pk")
    unit_id = serializers.IntegerField()
    unit = serializers.CharField(source="unit.short_name")
    month = serializers.DateField(help_text="当月1日")
    state = serializers.CharField()
    state_label = serializers.CharField(source="get_state_display")
    total = PayMoney()
    drafted_by = serializers.CharField(source="drafted_by.name")
    drafted_at = serializers.DateTimeField()
    checked_by = serializers.CharField(source="checked_by.name", default="")
    checked_at = serializers.DateTimeField(allow_null=True)
    fixed_by = serializers.CharField(source="fixed_by.name", default="")
    fixed_at = serializers.DateTimeField(allow_null=True)
    returned_words = serializers.CharField()


class PayPersonRow(serializers.Serializer[Any]):
    mediator_id = serializers.IntegerField()
    name = serializers.CharField()
    subsidy = PayMoney()
    reward = PayMoney()
    other = PayMoney()
    total = PayMoney()
    held = PayMoney(help_text="待核实，不在合计内")


class PaySheetDetail(PaySheetRow):
    """The sheet added up by person, with the acts this reader may do now."""

    people = serializers.SerializerMethodField()
    allowed_acts = serializers.SerializerMethodField()

    def get_people(self, sheet: PaySheet) -> list[dict[str, Any]]:
        return [dict(row) for row in PayPersonRow(queries.by_person(queries.lines(sheet)), many=True).data]

    def get_allowed_acts(self, sheet: PaySheet) -> list[str]:
        return sorted(queries.offered(sheet, self.context["scope"]))


class PayLineRow(serializers.Serializer[Any]):
    """One line: what it is for, how it was reckoned, what is paid of it and why not."""

    id = serializers.IntegerField(source="pk")
    sheet_id = serializers.IntegerField()
    month = serializers.DateField()
    no = serializers.IntegerField()
    kind = serializers.CharField()
    kind_label = serializers.CharField(source="get_kind_display")
    mediator_id = serializers.IntegerField()
    mediator = serializers.CharField(source="mediator.name")
    case_number = serializers.CharField(source="dispute.case.number", default="")
    of_id = serializers.IntegerField(allow_null=True)
    share = PayMoney(help_text="应计")
    amount = PayMoney(help_text="实发")
    state = serializers.CharField()
    state_label = serializers.CharField(source="get_state_display")
    words = serializers.CharField()
    reason = serializers.CharField()
    factors = serializers.JSONField()


class PayShareRow(serializers.Serializer[Any]):
    mediator_id = serializers.IntegerField()
    part = serializers.IntegerField(help_text="百分之几")


class PayRewardDetail(serializers.Serializer[Any]):
    """How one case's reward stands: what is missing, what is suspicious, what it would be, where it was settled."""

    number = serializers.CharField()
    why_not = serializers.CharField(source="reward.why_not")
    suspicion = serializers.CharField(source="reward.suspicion")
    amount = PayMoney(source="reward.amount")
    verdict = serializers.CharField(source="reward.verdict.verdict", default="")
    verdict_words = serializers.CharField(source="reward.verdict.words", default="")
    settled_sheet_id = serializers.IntegerField(source="reward.settled.sheet_id", default=None, allow_null=True)
    parts = PayShareRow(many=True)
    lines = PayLineRow(source="reward.lines", many=True)
    may_decide = serializers.BooleanField()
    may_state = serializers.BooleanField()


class PayStopRow(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="pk")
    mediator_id = serializers.IntegerField()
    mediator = serializers.CharField(source="mediator.name")
    year = serializers.IntegerField()
    from_on = serializers.DateField()
    words = serializers.CharField()
    release = serializers.CharField()
    released_on = serializers.DateField(allow_null=True)
    released_words = serializers.CharField()


class PayAssessmentRow(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="pk")
    mediator_id = serializers.IntegerField()
    mediator = serializers.CharField(source="mediator.name")
    year = serializers.IntegerField()
    verdict = serializers.CharField()
    facts = serializers.JSONField()
    words = serializers.CharField()


class PayRulesRow(serializers.Serializer[Any]):
    """A version of the rules of pay."""

    id = serializers.IntegerField(source="pk")
    valid_from = serializers.DateField()
    reason = serializers.CharField()
    kinds = serializers.ListField(child=serializers.CharField())
    subsidies = serializers.DictField(child=serializers.CharField())
    rates = serializers.DictField(child=serializers.CharField())
    people = serializers.JSONField()
    satisfaction = serializers.DictField(child=serializers.CharField())
    least = PayMoney()
    most = PayMoney()
    month_cap = PayMoney(allow_null=True)
    is_oral_paid = serializers.BooleanField()
    twin_days = serializers.IntegerField()
    likeness = serializers.DecimalField(max_digits=3, decimal_places=2)
    same_day = serializers.IntegerField()


# -- what is sent -------------------------------------------------------------------------------------------------------------------------------


class PayNothingInput(serializers.Serializer[dict[str, Any]]):
    """Nothing to send: the address says it."""


class PayDraftInput(serializers.Serializer[dict[str, Any]]):
    unit_id = UnitField()
    month = Day(help_text="当月任何一天")


class PayReturnInput(serializers.Serializer[dict[str, Any]]):
    words = Text(300)


class PayCorrectInput(serializers.Serializer[dict[str, Any]]):
    of = serializers.IntegerField(min_value=1, max_value=2**63 - 1, help_text="更正哪一行")
    amount = serializers.DecimalField(max_digits=8, decimal_places=2, help_text="增加的金额，减少写负数")
    words = Text(200)


class PayVerdictInput(serializers.Serializer[dict[str, Any]]):
    verdict = serializers.ChoiceField(PAY_VERDICTS)
    words = Text(300)


class PayShareInput(serializers.Serializer[dict[str, Any]]):
    mediator_id = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    part = serializers.IntegerField(min_value=1, max_value=WHOLE, help_text="百分之几")


class PayPartsInput(serializers.Serializer[dict[str, Any]]):
    parts = PayShareInput(many=True, allow_empty=False, max_length=MOST_PARTS)  # type: ignore[call-arg]  # goes to the list

    def validate_parts(self, rows: list[dict[str, int]]) -> dict[int, int]:
        parts = {row["mediator_id"]: row["part"] for row in rows}
        if len(parts) != len(rows):
            raise serializers.ValidationError("同一个人只写一行。")
        return parts


class PayWithholdInput(serializers.Serializer[dict[str, Any]]):
    mediator_id = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    year = serializers.IntegerField(min_value=2010, max_value=2099)
    from_on = Day()
    words = Text(300)


class PayReleaseInput(serializers.Serializer[dict[str, Any]]):
    decision = serializers.ChoiceField(RELEASES)
    words = Text(300)


class PayAssessInput(serializers.Serializer[dict[str, Any]]):
    mediator_id = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    year = serializers.IntegerField(min_value=2010, max_value=2099)
    verdict = serializers.ChoiceField(YEAR_VERDICTS)
    from_on = Day(allow_null=True, default=None)
    words = Text(300)


class PayStepInput(serializers.Serializer[dict[str, Any]]):
    least = serializers.IntegerField(min_value=1, max_value=9999, help_text="从几人起")
    factor = PayFactor()


def _table(name: str, keys: list[str], field: type[serializers.DecimalField], **options: Any) -> type[serializers.Serializer[Any]]:
    """An amount for each code; all of them, none besides."""
    return type(name, (serializers.Serializer,), {key or "none": field(**options) for key in keys})


GRADES, RATES, LIKINGS = [code for code, _ in Mediator.Grade.choices], list(codes.DIFFICULTIES), list(SATISFACTION_WORDS)
PaySubsidiesInput = _table("PaySubsidiesInput", GRADES, PayMoney, min_value=0, max_value=999_999)
PayRatesInput = _table("PayRatesInput", RATES, PayMoney, min_value=0, max_value=999_999)
PayLikingInput = _table("PayLikingInput", LIKINGS, PayFactor)


class PayRulesInput(serializers.Serializer[dict[str, Any]]):
    """A new version of the rules of pay, whole; three steps of people involved, rising from one."""

    valid_from = Day(help_text="今后某个月的1日")
    reason = Text(200)
    kinds = serializers.ListField(child=serializers.ChoiceField(Mediator.Kind.choices), allow_empty=False, max_length=10)
    subsidies = PaySubsidiesInput()
    rates = PayRatesInput()
    people = PayStepInput(many=True, min_length=3, max_length=3)  # type: ignore[call-arg]  # goes to the list
    satisfaction = PayLikingInput()
    least = PayMoney(min_value=0, max_value=999_999)
    most = PayMoney(min_value=0, max_value=999_999)
    month_cap = PayMoney(min_value=0, max_value=999_999, allow_null=True, default=None)
    is_oral_paid = serializers.BooleanField()
    twin_days = serializers.IntegerField(min_value=0, max_value=366)
    likeness = serializers.DecimalField(max_digits=3, decimal_places=2, min_value=Decimal("0.3"), max_value=1)
    same_day = serializers.IntegerField(min_value=1, max_value=99)

    def validate_people(self, rows: list[dict[str, Any]]) -> tuple[tuple[int, Decimal], ...]:
        steps = tuple((row["least"], row["factor"]) for row in rows)
        if steps[0][0] != 1 or not steps[0][0] < steps[1][0] < steps[2][0]:
            raise serializers.ValidationError("第一档从1人起，后一档的人数要比前一档多。")
        return steps

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        valid_from, reason = attrs.pop("valid_from"), attrs.pop("reason")
        subsidies = {"" if code == "none" else code: amount for code, amount in attrs.pop("subsidies").items()}
        settings = Settings(**{**attrs, "kinds": frozenset(attrs["kinds"]), "subsidies": subsidies})
        return {"new": actions.NewRules(valid_from, reason, settings)}


# -- the doors ----------------------------------------------------------------------------------------------------------------------------------


def _reward(number: str, by: Scope) -> dict[str, Any]:
    dispute = queries.case_of(number, by)
    found = queries.reward_of(dispute, clock.today())
    return {
        "number": number,
        "reward": found,
        "parts": [{"mediator_id": who, "part": part} for who, part in (found.facts.parts if found.facts else ())],
        "may_decide": queries.may_decide(dispute, by),
        "may_state": queries.may_state(dispute, by),
    }


SHEET = Given(PaySheetDetail, lambda pk, by: queries.sheets(by).get(pk=pk))
REWARD = Given(PayRewardDetail, _reward, key="number")
STOP = Given(PayStopRow, lambda pk, by: queries.stops(by).get(pk=pk))
ASSESSMENT = Given(PayAssessmentRow, lambda pk, by: assessing.assessments(by).get(pk=pk))
RULES = Given(PayRulesRow, lambda pk, by: PayRules.objects.get(pk=pk))

SHEET_ACTS: dict[str, Act] = {
    "check": (PayNothingInput, actions.check),
    "fix": (PayNothingInput, actions.fix),
    "give-back": (PayReturnInput, actions.give_back),
    "correct": (PayCorrectInput, actions.correct),
}
CASE_ACTS: dict[str, Act] = {"clear": (PayVerdictInput, actions.clear), "parts": (PayPartsInput, actions.state_parts)}
STOP_ACTS: dict[str, Act] = {"release": (PayReleaseInput, actions.release)}


class PaySheets(BusinessView):
    @listed(PaySheetRow, "pay_sheets")
    def get(self, request: Request) -> Response:
        """The sheets one sees."""
        return newest(request, queries.sheets(self.scope), PaySheetRow)

    @extend_schema(operation_id="pay_draft", parameters=[KEY], request=PayDraftInput, responses={201: PaySheetDetail, **ERRORS})
    def post(self, request: Request) -> Response:
        """Make the month's sheet, or make a draft anew from today's facts."""

        def draft() -> int:
            return actions.draft(**typed(PayDraftInput, request), by=self.scope).pk

        return SHEET.write(request, self.scope, draft, CREATED)


class PaySheetOne(BusinessView):
    @extend_schema(operation_id="pay_sheet", responses={200: PaySheetDetail, **ERRORS})
    def get(self, request: Request, pk: int) -> Response:
        """One sheet, added up by person."""
        return SHEET.read(pk, self.scope)


class PayLines(BusinessView):
    @listed(PayLineRow, "pay_lines")
    def get(self, request: Request, pk: int) -> Response:
        """The lines of a sheet in its order, each with its sentence and every factor."""
        sheet = queries.sheets(self.scope).get(pk=pk)
        return counted(request, queries.lines(sheet), PayLineRow, lambda line: line.no)


class PayOwn(BusinessView):
    @listed(PayLineRow, "pay_own")
    def get(self, request: Request) -> Response:
        """A mediator's own lines, of fixed sheets only."""
        return newest(request, queries.own_lines(self.scope), PayLineRow)


class PayCase(BusinessView):
    @extend_schema(operation_id="pay_case", responses={200: PayRewardDetail, **ERRORS})
    def get(self, request: Request, number: str) -> Response:
        """How one case's reward comes about."""
        return REWARD.read(number, self.scope)


class PayStops(BusinessView):
    @listed(PayStopRow, "pay_stops")
    def get(self, request: Request) -> Response:
        """Whose pay is or was withheld."""
        return newest(request, queries.stops(self.scope), PayStopRow)

    @extend_schema(operation_id="pay_withhold", parameters=[KEY], request=PayWithholdInput, responses={201: PayStopRow, **ERRORS})
    def post(self, request: Request) -> Response:
        """Withhold somebody's pay after a failed yearly assessment."""

        def withhold() -> int:
            return actions.withhold(**typed(PayWithholdInput, request), by=self.scope).pk

        return STOP.write(request, self.scope, withhold, CREATED)


class PayAssessments(BusinessView):
    @listed(PayAssessmentRow, "pay_assessments")
    def get(self, request: Request) -> Response:
        """The yearly assessments of the people one sees."""
        return newest(request, assessing.assessments(self.scope), PayAssessmentRow)

    @extend_schema(operation_id="pay_assess", parameters=[KEY], request=PayAssessInput, responses={201: PayAssessmentRow, **ERRORS})
    def post(self, request: Request) -> Response:
        """Write a year's judgement down; failed, the pay is withheld from that day on."""

        def assess() -> int:
            return assessing.assess(**typed(PayAssessInput, request), by=self.scope).pk

        return ASSESSMENT.write(request, self.scope, assess, CREATED)


class PayRulesList(BusinessView):
    @listed(PayRulesRow, "pay_rules")
    def get(self, request: Request) -> Response:
        """Every version of the rules of pay the county set."""
        return newest(request, PayRules.objects.all(), PayRulesRow)

    @extend_schema(operation_id="pay_set_rules", parameters=[KEY], request=PayRulesInput, responses={201: PayRulesRow, **ERRORS})
    def post(self, request: Request) -> Response:
        """New rules from the first of a coming month on."""

        def put() -> int:
            return actions.set_rules(**typed(PayRulesInput, request), by=self.scope).pk

        return RULES.write(request, self.scope, put, CREATED)


urlpatterns = [
    path("pay/sheets/", PaySheets.as_view(), name="pay-sheets"),
    path("pay/sheets/<int:pk>/", PaySheetOne.as_view(), name="pay-sheet"),
    path("pay/sheets/<int:pk>/lines/", PayLines.as_view(), name="pay-lines"),
    *(path(f"pay/sheets/<int:pk>/{code}/", view, name=f"pay-{code}") for code, view in row_acts("pay_sheet", SHEET_ACTS, SHEET).items()),
    path("pay/own/", PayOwn.as_view(), name="pay-own"),
    path("pay/cases/<str:number>/", PayCase.as_view(), name="pay-case"),
    *(path(f"pay/cases/<str:number>/{code}/", view, name=f"pay-{code}") for code, view in row_acts("pay_case", CASE_ACTS, REWARD).items()),
    path("pay/stops/", PayStops.as_view(), name="pay-stops"),
    *(path(f"pay/stops/<int:pk>/{code}/", view, name=f"pay-{code}") for code, view in row_acts("pay_stop", STOP_ACTS, STOP).items()),
    path("pay/assessments/", PayAssessments.as_view(), name="pay-assessments"),
    path("pay/rules/", PayRulesList.as_view(), name="pay-rules"),
]
