"""The acts on limits: form, action, words."""

from __future__ import annotations

from casework.registry import Entry
from petitions.actions import terms as actions
from petitions.forms.acts import terms as forms

ACTS: dict[str, Entry] = {
    "ask_extension": Entry(
        forms.AskExtensionForm, actions.ask_extension, "提交延期申请", "已申请延期，等待负责人批准", template="petitions/acts/_extension.html"
    ),
    "approve_extension": Entry(
        forms.ApproveExtensionForm,
        actions.approve_extension,
        "批准延期",
        "已批准延期，告知书待送达",
        is_previewed=True,
        template="petitions/acts/_extension.html",
    ),
    "refuse_extension": Entry(
        forms.RefuseExtensionForm, actions.refuse_extension, "不同意延期", "已答复，仍按原期限办理", template="petitions/acts/_extension.html"
    ),
    "suspend": Entry(forms.SuspendForm, actions.suspend, "中止办理", "已中止办理，告知书待送达", is_grave=True, is_previewed=True),
    "resume": Entry(forms.ResumeForm, actions.resume, "恢复办理", "已恢复办理，期限接着计算", is_previewed=True),
    "set_expected": Entry(forms.SetExpectedForm, actions.set_expected, "调整日期", "已调整预计恢复日期"),
    "accept_simple": Entry(forms.AcceptSimpleForm, actions.accept_simple, "简易受理", "已按简易程序受理", template="petitions/acts/_simple.html"),
    "answer_simple": Entry(forms.AnswerSimpleForm, actions.answer_simple, "登记简易答复", "已登记简易答复", is_previewed=True),
    "convert": Entry(forms.ConvertForm, actions.convert, "转为普通程序", "已转为普通程序，告知书待送达", is_previewed=True),
}
