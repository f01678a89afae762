"""The acts of the ladder: form, action, words."""

from __future__ import annotations

from casework.registry import Entry
from mediation.actions import keeping, ladder
from mediation.forms.acts import ladder as forms

ACTS: dict[str, Entry] = {
    "accept": Entry(forms.AcceptForm, ladder.accept, "受理", "已受理", needs_rows=False),
    "decline": Entry(forms.DeclineForm, ladder.decline, "不予受理", "已作不予受理，请告知当事人", is_grave=True, needs_rows=False),
    "assess": Entry(forms.AssessForm, ladder.assess, "保存评估", "已保存难易程度和风险等级", needs_rows=False),
    "alarm": Entry(forms.AlarmForm, ladder.alarm, "登记报告", "已登记，县中心已收到提醒", needs_rows=False),
    "fail": Entry(forms.FailForm, ladder.fail, "本步未调成", "已记录，可以移交上一步", needs_rows=False),
    "retry": Entry(forms.OptionalWordsForm, ladder.retry, "继续调解", "继续在本步调解", needs_rows=False),
    "offer": Entry(forms.OfferForm, ladder.offer, "移交上一步", "已移交，等待接收", needs_rows=False),
    "leap": Entry(forms.LeapForm, ladder.leap, "紧急越级移交", "已越级移交，等待接收", is_grave=True, needs_rows=False),
    "take": Entry(forms.OptionalWordsForm, ladder.take, "接收", "已接收，由本级负责"),
    "give_back": Entry(forms.GiveBackForm, ladder.give_back, "退回移交", "已退回", is_grave=True),
    "recall": Entry(forms.OptionalWordsForm, ladder.recall, "撤回移交", "已撤回", needs_rows=False),
    "call_off": Entry(forms.CallOffForm, ladder.call_off, "撤回越级移交", "已撤回，由原来的组织继续办理", is_grave=True, needs_rows=False),
    "name_mediator": Entry(forms.NameMediatorForm, ladder.name_mediator, "确定调解员", "已确定调解员", needs_rows=False),
    "note": Entry(forms.NoteForm, keeping.note, "记下", "已记录", needs_rows=False),
    "amend": Entry(forms.AmendForm, keeping.amend, "保存更正", "已更正，前后内容都已留存", needs_rows=False),
    "void": Entry(forms.ReasonForm, ladder.void, "作废", "已作废，编号保留", is_grave=True),
}
