"""What is typed once for many ticked petitions. Only what can be the same for all: no agent, no tasks of assisting units."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from casework.actforms import day, prose, unit
from casework.rules import NotAllowed
from casework.widgets import styled
from organisations import clock
from organisations.models import Post
from organisations.scope import Scope
from petitions import codes
from petitions.rules import Mode, check_mode

#: Modes that need nothing of the single case: an agent or assisting units are chosen case by case.
MODES = tuple((mode, codes.HALL_MODES[mode].name) for mode in (Mode.PROMISED, Mode.IMMEDIATE))


class BulkForm(forms.Form):
    """The base: the frozen choice of cases."""

    frozen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, by: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        self.prepare()
        styled(self)

    def prepare(self) -> None:
        """Fill in choices that depend on the person."""

    def arguments(self) -> dict[str, Any]:
        """The action's own arguments."""
        return {name: value for name, value in self.cleaned_data.items() if name != "frozen"}


class RouteMany(BulkForm):
    """One unit and one set of words for all."""

    to_unit_id = unit("责任单位")
    mode = forms.ChoiceField(label="办理方式", choices=MODES)
    promised_on = day("承诺日期", required=False, help_text="承诺办须填写。")
    words = prose("交办意见")

    def prepare(self) -> None:
        self.initial.setdefault("words", "请依法办理，按期答复信访人，并反馈办理结果。")

    def clean_promised_on(self) -> date | None:
        """What is wrong for every case alike is said once, and nothing typed is lost; the act asks the same rule of each."""
        promised_on: date | None = self.cleaned_data["promised_on"]
        mode = self.cleaned_data.get("mode")
        if mode is None:  # refused already, in its own words
            return promised_on
        asked = promised_on if mode == Mode.PROMISED else None
        try:
            check_mode(mode, today=clock.today(), promised_on=asked, has_agent=False, consent="", task_count=0)
        except NotAllowed as error:
            raise forms.ValidationError(error.message) from error
        return asked


class DesignateMany(BulkForm):
    """One person of one's own unit for all."""

    person_id = forms.TypedChoiceField(label="承办人", coerce=int, error_messages={"required": "请选择承办人。"})
    words = prose("说明", required=False, rows=2)

    def prepare(self) -> None:
        posts = Post.objects.handling(clock.today()).filter(unit__in=self.by.unit_ids).select_related("user")
        people = dict(posts.order_by("user__name").values_list("user_id", "user__name"))
        self.fields["person_id"].choices = [("", "请选择"), *people.items()]  # type: ignore[attr-defined]


class UrgeMany(BulkForm):
    """The same words to the units of all ticked cases; each case counts its own 催办 and gets its own slip."""

    words = prose("催办内容", rows=3, longest=300)

    def prepare(self) -> None:
        self.initial.setdefault("words", "请抓紧依法办理，按期答复信访人。")


class FollowMany(BulkForm):
    """Nothing to type."""


FORMS: dict[str, type[BulkForm]] = {"route": RouteMany, "designate": DesignateMany, "urge": UrgeMany, "follow": FollowMany}
