"""The acts of who mediates."""

from __future__ import annotations

from casework.registry import Entry
from mediation.actions import people
from mediation.forms.acts import people as forms

ACTS: dict[str, Entry] = {
    "hear_choice": Entry(forms.HearChoiceForm, people.hear_choice, "记下意见", "已记下对调解员的意见"),
    "form_team": Entry(forms.FormTeamForm, people.form_team, "组成团队", "已组成“3+N”团队，成员可以看到本件"),
    "hand_over": Entry(forms.HandOverForm, people.hand_over, "移交", "已移交"),
}
