"""The acts of the court desk: form, action, words."""

from __future__ import annotations

from casework.registry import Entry
from mediation.actions import court
from mediation.forms.acts import court as forms

ACTS: dict[str, Entry] = {
    "refer_court": Entry(forms.ReferCourtForm, court.refer_court, "移送便民法庭", "已移送便民巡回法庭", needs_rows=False),
    "record_court": Entry(forms.RecordCourtForm, court.record_court, "记法庭办理", "已记录"),
    "return_from_court": Entry(forms.ReturnFromCourtForm, court.return_from_court, "法庭办结退回", "已办结，退回移送的组织"),
}
#: What is done next most often, first.
USUAL: tuple[str, ...] = ("record_court",)
