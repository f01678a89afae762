"""/styleguide/: every component with sample data, for whoever builds a screen. Wired in DEBUG only; asks no database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from casework import kinds
from casework.models import Case
from casework.rules import STAGES, Urgency
from config.navigation import Group, Item, Navigation
from organisations import clock
from organisations.widgets import Typeahead, styled


class SampleForm(forms.Form):
    title = forms.CharField(label="诉求标题", max_length=40, help_text="一句话说清谁、什么事")
    phone = forms.CharField(label="手机号")
    due_on = forms.DateField(label="答复期限", required=False)
    town = forms.ChoiceField(label="现住乡镇", choices=[("", "请选择…"), ("1", "泉山街道")], required=False)
    area = forms.CharField(label="村（社区）", required=False, widget=Typeahead("casework:lookup-areas", lambda value: value))
    story = forms.CharField(label="诉求内容", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    urgency = forms.ChoiceField(label="紧急程度", choices=Urgency.choices, widget=forms.RadioSelect, initial=Urgency.NORMAL)
    flags = forms.MultipleChoiceField(
        label="需要关照", choices=[("old", "60 岁以上"), ("ill", "残疾人")], widget=forms.CheckboxSelectMultiple, initial=["old"], required=False
    )
    is_oral = forms.BooleanField(label="口头提出，由我记录", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        styled(self)


@dataclass(frozen=True, slots=True)
class Entry:
    label: str
    by_label: str
    at: datetime
    text: str
    is_internal: bool = False


def _cases(today: date) -> list[Case]:
    """Unsaved cases in each colour of the lamp and at each stage."""
    states = list(kinds.get("petition").states)
    days: list[int | None] = [-3, 0, 2, 12, None]
    made = []
    for n, left in enumerate(days):
        due = None if left is None else today + timedelta(days=left)
        made.append(
            Case(
                kind="petition",
                number=f"370685-2026-{n + 1:06d}",
                title="邻居砌墙占用宅基地，要求重新丈量并恢复原界",
                state=states[min(n, len(states) - 1)],
                stage=n + 1,
                due_on=due,
                warn_on=None if due is None else due - timedelta(days=5),
                closed_at=None,
                urgency=Urgency.URGENT if n == 1 else Urgency.NORMAL,
                marks=["repeat", "group"] if n == 0 else [],
                headcount=7,
            )
        )
    made[-1].closed_at, made[-1].stage = timezone.now(), len(STAGES)
    return made


def styleguide(request: HttpRequest) -> HttpResponse:
    today = clock.today()
    form = SampleForm({"title": "", "phone": "1385", "area": "", "urgency": str(Urgency.NORMAL), "flags": ["old"]})
    form.add_error("phone", "手机号应为 11 位，现 4 位")
    steps = [{"label": label, "text": "10-30 09:12", "state": "done" if n < 4 else "now" if n == 4 else "todo"} for n, label in enumerate(STAGES, 1)]
    context = {
        "form": form,
        "fresh": SampleForm(prefix="fresh"),
        "cases": _cases(today),
        "steps": steps,
        "entries": [
            Entry("督办催办", "孙志远 县中心", timezone.now(), "已超期，请今日内上传丈量结果。"),
            Entry("内部会商", "周敏", timezone.now(), "拟与对方案件并案核查。", is_internal=True),
        ],
        "facts": [("信访人", "陈德旺"), ("电话", "138****1234"), ("属地", "泉山街道"), ("没有值的不显示", "")],
        "views": [
            {"label": "待我办理", "url": "#v1", "count": 46, "tone": "blue", "is_current": True},
            {"label": "超期", "url": "#v2", "count": 3, "tone": "bad", "is_current": False},
            {"label": "即将到期", "url": "#v3", "count": 9, "tone": "warn", "is_current": False},
        ],
        "chips": [("状态：未办结", "#c1"), ("属地：泉山街道", "#c2")],
        "messages": [Message(constants.SUCCESS, "已登记 370685-2026-000123"), Message(constants.ERROR, "没有保存成功，请重试")],
        "nav": Navigation(
            groups=(
                Group("接待", (Item("register", "来访登记", "#r", "clipboard-plus"),)),
                Group("办理", (Item("cases", "案件", "#c", "folders", count=46),)),
            ),
            is_admin=False,
            unread=5,
            post_label="县中心 窗口",
            centre_name="县群众工作中心",
            today=today,
        ),
        "active": "register",
    }
    return render(request, "styleguide.html", context)
