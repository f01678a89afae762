"""Forms of who mediates: a side's word on a person, the 3+N team."""

from __future__ import annotations

from typing import Any

from django import forms

from casework.actforms import people_of, prose
from mediation.forms.acts.form import ActForm
from mediation.matching import queries as matching
from mediation.matching.rules import LETTERS
from mediation.models import SideWord
from mediation.queries.dispute import CasePage
from mediation.rules.actors import MEDIATING
from organisations import clock, directory
from organisations.models import Post
from organisations.roles import Role

#: How many of the proposed are offered for the N of a team.
MOST_OFFERED = 5


def member_choices(held: CasePage, *, also: str = "") -> list[tuple[int, str]]:
    """Serving members of the corps whom this place may ask, and the one the address names."""
    near = matching.near(held.case.area_id).select_related("unit").order_by("unit__path", "name")
    found = {row.pk: f"{row.name}（{row.unit.short_name} · {row.get_kind_display()}）" for row in near}
    asked = int(also) if also.isascii() and also.isdigit() and len(also) < 10 else 0
    if asked and asked not in found:
        row = matching.serving().select_related("unit").filter(pk=asked).first()
        found |= {row.pk: f"{row.name}（{row.unit.short_name} · {row.get_kind_display()}）"} if row else {}
    return list(found.items())


class HearChoiceForm(ActForm):
    mediator_id = forms.TypedChoiceField(label="调解员", coerce=int, error_messages={"required": "请选择调解员。"})
    letter = forms.ChoiceField(label="哪一方", choices=[])
    answer = forms.ChoiceField(label="意见", choices=SideWord.Answer.choices)
    words = prose("理由", required=False, rows=2, longest=300, help_text="不同意的，请记下理由。不同意的人不再推荐，也不能确定为本件调解员。")

    def prepare(self) -> None:
        asked = str(self.initial.get("no", ""))
        self.fields["mediator_id"].choices = member_choices(self.held, also=asked or str(self.data.get("mediator_id", "")))  # type: ignore[attr-defined]
        self.initial.setdefault("mediator_id", asked)
        present = {side.letter for side in self.held.sides}
        self.fields["letter"].choices = [(letter, label) for letter, label in LETTERS.items() if letter in present]  # type: ignore[attr-defined]


class HandOverForm(ActForm):
    """Who leaves, by account (u12) or by place in the corps (m3), and who takes over."""

    leaver = forms.ChoiceField(label="移交人", choices=[])
    to_user_id = forms.TypedChoiceField(label="接手人", coerce=int, error_messages={"required": "请选择接手人。"})
    words = prose("事由", rows=2, help_text="双方当事人对接手的调解员可以接受或者申请回避，请一并告知。")

    def prepare(self) -> None:
        held = self.held
        found = {
            f"u{row.user_id}" if row.user_id else f"m{row.mediator_id}": f"{row.name}（{row.get_part_display()}）"
            for row in held.mediating
            if row.user_id or row.mediator_id
        }
        for row in held.assignments:
            if row.until_on is None:
                found.setdefault(f"u{row.person_id}", f"{held.name(row.person_id)}（做{row.get_letter_display()}的工作）")
        if held.case.handler_id:
            found.setdefault(f"u{held.case.handler_id}", held.name(held.case.handler_id))
        self.fields["leaver"].choices = list(found.items())  # type: ignore[attr-defined]
        units = {held.case.unit_id, directory.current().centre_id, *(row.unit_id for row in held.mediating)}
        posts = Post.objects.current(clock.today()).filter(unit__in=units, role__in=MEDIATING, user__is_active=True)
        self.fields["to_user_id"].choices = [("", "（请选择）"), *people_of(posts)]  # type: ignore[attr-defined]

    def arguments(self) -> dict[str, Any]:
        typed = super().arguments()
        leaver = typed.pop("leaver")
        return {**typed, "from_user_id" if leaver[0] == "u" else "from_mediator_id": int(leaver[1:])}


class FormTeamForm(ActForm):
    seat_ids = forms.TypedMultipleChoiceField(
        label="本村“3+N”团队",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请勾选团队成员；本村还没有团队的，请先到“3+N团队”页设置。"},
    )
    mediator_ids = forms.TypedMultipleChoiceField(label="另请的调解员", coerce=int, required=False, widget=forms.CheckboxSelectMultiple)
    user_ids = forms.TypedMultipleChoiceField(label="部门人员", coerce=int, required=False, widget=forms.CheckboxSelectMultiple)
    words = prose("说明", required=False, rows=2, longest=500)

    def prepare(self) -> None:
        seats = matching.seats(self.held.case.area_id)
        self.fields["seat_ids"].choices = [  # type: ignore[attr-defined]
            (seat.pk, f"{seat.get_part_display()} {seat.name}（{seat.unit.short_name}）") for seat in seats
        ]
        self.initial.setdefault("seat_ids", [seat.pk for seat in seats])
        if not seats:
            self.fields["seat_ids"].help_text = "本村还没有“3+N”团队，请先到“3+N团队”页设置。"
        advice = matching.advice(self.held.dispute)
        seated = {seat.mediator_id for seat in seats}
        offered = [advice.mediator(row.key) for row in advice.proposals if advice.mediator(row.key).pk not in seated][:MOST_OFFERED]
        self.fields["mediator_ids"].choices = [(row.pk, f"{row.name}（{row.unit.short_name}）") for row in offered]  # type: ignore[attr-defined]
        unit = advice.department
        posts = Post.objects.current(clock.today()).filter(unit=unit.id if unit else 0, role__in=[Role.HANDLER, Role.HEAD], user__is_active=True)
        self.fields["user_ids"].choices = people_of(posts)  # type: ignore[attr-defined]
