"""What a person types for the acts on papers, checked for shape."""

from __future__ import annotations

from typing import Any

from django import forms

from casework.actforms import day, prose
from casework.models import Delivery
from organisations import clock
from petitions.forms.acts.form import ActForm
from petitions.queries import papers
from petitions.queries.case import CasePage

#: How many places one correction puts right.
CHANGES = 3


def way_fields() -> dict[str, forms.Field]:
    """What a delivery leaves on record beside way, days and receiver; each way asks for its own (L-PET-73)."""
    return {
        "receiver_kind": forms.ChoiceField(
            label="签收人身份", required=False, choices=[("", "没有人签收"), *Delivery.Receiver.choices], initial=Delivery.Receiver.SELF
        ),
        "place": forms.CharField(label="送达地点", required=False, max_length=120),
        "witnesses": forms.CharField(label="见证人", required=False, max_length=80, help_text="留置送达的填写；拍照、录像的在凭证里写编号。"),
        "words": prose("事由和经过", required=False, rows=2, longest=200, help_text="拒收、没有送到、公告送达的，写明原因和经过。"),
        "is_agreed": forms.BooleanField(label="受送达人同意电子送达", required=False),
    }


#: Ways by which somebody signs for it: what is left with whoever refuses it, and what is announced, nobody signs for.
SIGNED_FOR = (Delivery.Way.DIRECT, Delivery.Way.ELECTRONIC, Delivery.Way.POST, Delivery.Way.THROUGH)
#: By which ways a field is asked for; the others stand in the form for those without scripts only.
_ASKED_BY = {
    "posted_on": (Delivery.Way.POST, Delivery.Way.NOTICE),
    "receiver": SIGNED_FOR,
    "receiver_kind": (Delivery.Way.DIRECT, Delivery.Way.POST, Delivery.Way.THROUGH),
    "place": (Delivery.Way.DIRECT, Delivery.Way.LEFT, Delivery.Way.THROUGH),
    "witnesses": (Delivery.Way.LEFT,),
    "is_agreed": (Delivery.Way.ELECTRONIC,),
}


def ask_by_way(form: forms.Form, chooser: str) -> None:
    """Each field is shown for its own ways; `chooser` is the field the way is chosen in (templates/casework/acts/field.html)."""
    for name, ways in _ASKED_BY.items():
        form.fields[name].shown_when = f"{chooser}={' '.join(ways)}"  # type: ignore[attr-defined]  # read by the template


def unsigned(typed: dict[str, Any], chooser: str) -> dict[str, Any]:
    """Without the name that stood there for signing, where nobody signs."""
    return typed if typed.get(chooser) in SIGNED_FOR else {**typed, "receiver": ""}


class PaperForm(ActForm):
    """A form about one of the case's papers."""

    code: str
    document_id = forms.TypedChoiceField(label="文书", coerce=int, error_messages={"required": "请选择文书。"})

    def prepare(self) -> None:
        offered = papers.of_act(self.code, self.held, self.scope)
        self.fields["document_id"].choices = [(paper.pk, f"{paper.name} {paper.number}") for paper in offered]  # type: ignore[attr-defined]


class ServeForm(PaperForm):
    code = "serve"
    way = forms.ChoiceField(label="送达方式", choices=Delivery.Way.choices)
    attempted_on = day("送达日")
    posted_on = day("交邮（公告）日期", required=False, help_text="邮寄、公告送达的填写。")
    delivered_on = day("收到日期", required=False, help_text="以回证、回执上的日期为准；还没有收到或没有送到的，不填。")
    receiver = forms.CharField(label="签收人", required=False, max_length=40)
    proof = forms.CharField(label="送达凭证", required=False, max_length=200, help_text="如送达回证、邮寄单号、照片编号。")

    def starting(self, held: CasePage) -> dict[str, Any]:
        return {"attempted_on": clock.today(), "receiver": held.people[0].name if held.people else ""}

    def prepare(self) -> None:
        super().prepare()
        self.fields.update(way_fields())
        ask_by_way(self, "way")

    def clean(self) -> dict[str, Any]:
        return unsigned(super().clean() or {}, "way")


class CorrectPaperForm(PaperForm):
    code = "correct_paper"
    reason = prose("更正理由", rows=2, longest=200, help_text="如“承办人员笔误”。")

    def prepare(self) -> None:
        super().prepare()
        for no in range(1, CHANGES + 1):
            is_first = no == 1
            self.fields[f"wrong_{no}"] = prose(f"原文 {no}", required=is_first, rows=2, longest=500, help_text="照原文书抄写。" if is_first else "")
            self.fields[f"right_{no}"] = prose(f"更正为 {no}", required=is_first, rows=2, longest=500)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        for no in range(2, CHANGES + 1):
            if bool(typed.get(f"wrong_{no}")) != bool(typed.get(f"right_{no}")):
                self.add_error(f"right_{no}", "原文和更正为要成对填写。")
        return typed

    def arguments(self) -> dict[str, Any]:
        typed = self.cleaned_data
        pairs = [(typed[f"wrong_{no}"], typed[f"right_{no}"]) for no in range(1, CHANGES + 1) if typed[f"wrong_{no}"]]
        return {"document_id": typed["document_id"], "changes": pairs, "reason": typed["reason"], "version": typed["version"]}


class IssueFormForm(ActForm):
    """Nothing to type: the paper says what stands in the registration."""


class SettleForm(ActForm):
    keeps_draft = True
    other = forms.CharField(label="另一方", max_length=120, help_text="姓名或单位名称。", error_messages={"required": "请写另一方。"})
    facts = prose("争议事实", rows=4, longest=2000)
    terms = prose("协议内容", rows=5, longest=3000, help_text="一项一行，自动编号。")
    performance = prose("履行方式和期限", rows=3, longest=1000)
    presided_by = forms.CharField(label="主持人", max_length=40, error_messages={"required": "请写主持人。"})

    def starting(self, held: CasePage) -> dict[str, Any]:
        return {"presided_by": self.scope.user.name, "other": held.petition.respondent_name}
