"""The routing form, the same on the case page and on the routing board: how, to whom, with what words and dates."""

from __future__ import annotations

from functools import cache
from typing import Any

from django import forms

from casework.actforms import day, people_of, prose, unit
from casework.widgets import styled
from organisations import clock, directory
from organisations.models import Post
from organisations.roles import Role
from petitions import codes
from petitions.actions import TaskFacts
from petitions.forms.acts.form import ActForm
from petitions.models import Dispatch
from petitions.rules import Mode

#: Rows for assisting units that stand in the form without JavaScript; the page adds more, up to MOST_TASKS.
EMPTY_TASKS = 3
MOST_TASKS = 20
#: Who can be the agent of a 代理办: those who go to people's doors.
AGENT_ROLES = (Role.VILLAGE_CADRE, Role.GRID_WORKER, Role.OVERSEER, Role.WINDOW_CLERK)


class TaskRow(forms.Form):
    """What one assisting unit is asked to do. A row without unit and text is no row."""

    unit_id = unit("协办单位", required=False)
    text = forms.CharField(label="任务", max_length=300, required=False)
    due_on = day("期限", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        styled(self)

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data
        if self.is_filled():
            for name, sentence in (("unit_id", "请选择协办单位。"), ("text", "请写任务。"), ("due_on", "请写期限。")):
                if not typed.get(name) and name not in self.errors:
                    self.add_error(name, sentence)
        return typed

    def is_filled(self) -> bool:
        return any(self.cleaned_data.get(name) for name in ("unit_id", "text", "due_on"))


Tasks = forms.formset_factory(TaskRow, extra=EMPTY_TASKS, max_num=MOST_TASKS, validate_max=True)


class RouteForm(ActForm):
    """Mode, unit, words; a promise, an agent, a report date or tasks where the mode asks for them (HALL-2)."""

    mode = forms.ChoiceField(
        label="办理方式", choices=codes.HALL_MODES.choices, widget=forms.RadioSelect, error_messages={"required": "请选择办理方式。"}
    )
    to_unit_id = unit("责任单位")
    words = prose("交办意见", help_text="写明要求：办理、答复信访人、反馈结果。")
    duty = forms.ChoiceField(label="方式", choices=Dispatch.Duty.choices, initial=Dispatch.Duty.FORWARD, help_text="交办须写报告期限。")
    report_due_on = day("报告期限", required=False)
    promised_on = day("承诺日期", required=False, help_text="承诺办、代理办填写。")
    agent_id = forms.TypedChoiceField(label="代办人", coerce=int, empty_value=None, required=False, help_text="代理办填写。")
    consent = forms.CharField(label="群众同意代办的情况", max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        data = self.data if self.is_bound else None
        has_rows = data is not None and "tasks-TOTAL_FORMS" in data
        self.tasks = Tasks(data if has_rows else None, prefix="tasks", form_kwargs={"label_suffix": ""})

    def starting(self, held: Any) -> dict[str, Any]:
        return {"mode": Mode.PROMISED, "words": "请依法办理，按期答复信访人，并反馈办理结果。"}

    def prepare(self) -> None:
        posts = Post.objects.current(clock.today()).filter(role__in=AGENT_ROLES, user__is_active=True)
        place = self.held.case.area_id
        near = posts.filter(unit__in=_units_near(place)) if place else posts
        # Asked when the select is drawn or an agent was chosen, not for every routing; and once, for Django asks twice.
        self.fields["agent_id"].choices = cache(lambda: [("", "—"), *people_of(near)])  # type: ignore[attr-defined]

    def is_valid(self) -> bool:
        """Both the form and, for a joint handling, its rows."""
        rows = not self.is_bound or not self.tasks.is_bound or self.data.get("mode") != Mode.JOINT or self.tasks.is_valid()
        return super().is_valid() and rows

    def arguments(self) -> dict[str, Any]:
        typed = dict(self.cleaned_data)
        mode = typed["mode"]
        if mode not in (Mode.PROMISED, Mode.PROXY):
            typed["promised_on"] = None
        if mode != Mode.PROXY:
            typed["agent_id"], typed["consent"] = None, ""
        if typed["duty"] != Dispatch.Duty.ASSIGN:
            typed["report_due_on"] = None
        typed["tasks"] = self._tasks() if mode == Mode.JOINT and self.tasks.is_bound else []
        return typed

    def _tasks(self) -> list[TaskFacts]:
        rows = [form.cleaned_data for form in self.tasks if form.is_filled()]
        return [TaskFacts(row["unit_id"], row["text"], row["due_on"]) for row in rows]


def _units_near(area_id: int) -> list[int]:
    """The units that answer for the place, and the centre: whose people can act for a person there."""
    return [*directory.current().answering.get(area_id, ()), *_centre()]


def _centre() -> list[int]:
    centre_id = directory.current().centre_id
    return [centre_id] if centre_id else []
