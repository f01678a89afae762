"""Forms of the room: a tie, its withdrawal, a place in a village's team."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms

from casework.actforms import day, people_of
from casework.models import Party
from casework.widgets import styled
from mediation.matching import queries, rules
from mediation.matching.actions import TieInput
from mediation.models import Dispute, TeamSeat, Tie
from organisations import clock, directory, identity
from organisations.models import Post
from organisations.roles import Role

#: How long a tie holds unless something else is typed: two years.
USUAL_DAYS = 730


def _labels(rows: Any) -> list[tuple[int, str]]:
    found = rows.select_related("unit").order_by("unit__path", "name")
    return [(row.pk, f"{row.name}（{row.unit.short_name} · {row.get_kind_display()}）") for row in found]


class TieForm(forms.Form):
    """A member of the corps, a person, and what is between them. With a dispute the person is one of its parties."""

    mediator = forms.TypedChoiceField(label="调解员", coerce=int, error_messages={"required": "请选择调解员。"})
    party = forms.TypedChoiceField(label="当事人", coerce=int, required=False, empty_value=None)
    name = forms.CharField(label="姓名", max_length=60, required=False)
    id_number = forms.CharField(label="居民身份证号码", max_length=30, required=False, help_text="只存认人用的指纹码和打码的号码，不存原号码。")
    kind = forms.ChoiceField(label="关系", choices=list(rules.TIE_LABELS.items()))
    words = forms.CharField(label="说明", max_length=120, required=False, help_text="如“堂叔侄”“同年入伍”。只写调解用得着的。")
    source = forms.ChoiceField(label="来源", choices=Tie.Source.choices)
    valid_until = day("有效期至", help_text="到期自动失效，需要时重新核实登记。")

    def __init__(self, *args: Any, area_id: int | None, dispute: Dispute | None = None, **kwargs: Any) -> None:
        self.dispute = dispute
        self.parties = {row.pk: row for row in Party.objects.filter(case_id=dispute.pk)} if dispute else {}
        kwargs["initial"] = {"valid_until": clock.today() + timedelta(days=USUAL_DAYS), **(kwargs.get("initial") or {})}
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        near: Any = queries.near(area_id)
        asked = str(self.data.get("mediator", "") or self.initial.get("mediator", ""))
        if asked.isascii() and asked.isdigit() and len(asked) < 10:
            near = queries.serving().filter(pk__in=[*near.values_list("pk", flat=True), int(asked)])
        self.fields["mediator"].choices = [("", "请选择"), *_labels(near)]  # type: ignore[attr-defined]
        self.fields["party"].choices = [("", "请选择"), *((pk, f"{row.name} {row.id_masked}") for pk, row in self.parties.items())]  # type: ignore[attr-defined]
        for name in ("name", "id_number") if dispute else ("party",):
            del self.fields[name]
        styled(self)

    def clean_id_number(self) -> str:
        text = self.cleaned_data["id_number"].strip()
        try:
            return identity.parse_id(text, today=clock.today()).number
        except identity.IdentityError as error:
            raise forms.ValidationError(error.message, code=error.code) from error

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if self.dispute is not None and not typed.get("party"):
            self.add_error("party", "请选择当事人。")
        return typed

    def tie(self) -> TieInput:
        typed = self.cleaned_data
        return TieInput(
            mediator_id=typed["mediator"],
            kind=typed["kind"],
            source=typed["source"],
            valid_until=typed["valid_until"],
            words=typed["words"],
            party=self.parties.get(typed.get("party") or 0),
            name=typed.get("name", ""),
            id_number=typed.get("id_number", ""),
        )


class SeatForm(forms.Form):
    """Somebody for a village's team: of the corps, or in office."""

    part = forms.ChoiceField(label="身份", choices=TeamSeat.Part.choices)
    mediator = forms.TypedChoiceField(label="调解员队伍里的人", coerce=int, required=False, empty_value=None)
    user = forms.TypedChoiceField(label="或者在岗人员", coerce=int, required=False, empty_value=None)
    valid_until = day("止", required=False, help_text="不填就是长期。")

    def __init__(self, *args: Any, area_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        tree = directory.current()
        units = [*tree.answering.get(area_id, ()), *(unit.id for unit in tree.units.values() if unit.kind == "department")]
        roles = [Role.MEDIATOR, Role.VILLAGE_CADRE, Role.HANDLER, Role.HEAD, Role.GRID_WORKER]
        posts = Post.objects.current(clock.today()).filter(unit__in=units, role__in=roles, user__is_active=True)
        self.fields["mediator"].choices = [("", "（不选）"), *_labels(queries.near(area_id))]  # type: ignore[attr-defined]
        self.fields["user"].choices = [("", "（不选）"), *people_of(posts)]  # type: ignore[attr-defined]
        styled(self)
