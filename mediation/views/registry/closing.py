"""The acts of the time after the agreement: form, action, words."""

from __future__ import annotations

from casework.registry import Entry
from mediation.actions import closing
from mediation.forms.acts import closing as forms

ACTS: dict[str, Entry] = {
    "apply_confirmation": Entry(
        forms.ApplyConfirmationForm, closing.apply_confirmation, "出具司法确认申请书", "已出具申请书，请打印交双方签名，连同协议送法院"
    ),
    "record_court_acceptance": Entry(forms.RecordCourtAcceptanceForm, closing.record_court_acceptance, "登记法院决定", "已登记法院决定"),
    "lengthen_confirmation": Entry(forms.LengthenConfirmationForm, closing.lengthen_confirmation, "登记延长", "已登记法院延长审查"),
    "record_confirmation": Entry(forms.RecordConfirmationForm, closing.record_confirmation, "登记结果", "已登记司法确认结果"),
    "follow_up": Entry(forms.FollowUpForm, closing.follow_up, "登记回访", "已登记回访，回访记录可以打印"),
    "inquire": Entry(forms.InquireForm, closing.inquire, "出具调查记录", "已出具调查记录，请打印交被调查人逐页签名", needs_rows=False),
    "file_material": Entry(forms.FileMaterialForm, closing.file_material, "归入卷宗", "材料已归入卷宗"),
    "write_report": Entry(forms.WriteReportForm, closing.write_report, "出具结案报告", "已出具结案报告表"),
    "archive": Entry(forms.ArchiveForm, closing.archive, "立卷归档", "已归档，卷宗正在装订", is_grave=True),
}
#: What is done next most often, first.
USUAL: tuple[str, ...] = ("inquire", "apply_confirmation", "record_court_acceptance", "record_confirmation", "write_report", "file_material")
