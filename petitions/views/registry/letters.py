"""The acts on papers: form, action, words."""

from __future__ import annotations

from casework.registry import Entry
from petitions.actions import letters as actions
from petitions.forms.acts import letters as forms

ACTS: dict[str, Entry] = {
    "issue_form": Entry(forms.IssueFormForm, actions.issue_form, "出具登记表", "登记表已出具，可以打印", needs_rows=False, is_previewed=True),
    "settle": Entry(forms.SettleForm, actions.settle, "出具协议书", "协议书已出具，请双方签名", is_previewed=True),
    "serve": Entry(forms.ServeForm, actions.serve, "登记送达情况", "已登记文书送达"),
    "correct_paper": Entry(forms.CorrectPaperForm, actions.correct_paper, "出具更正文书", "更正文书已出具，待送达", is_previewed=True),
}
