"""The form of what was prevented."""

from __future__ import annotations

from typing import Any

from django import forms

from casework.actforms import prose
from mediation.forms.acts.form import ActForm
from mediation.models import Dispute
from mediation.queries.dispute import CasePage


class PreventForm(ActForm):
    prevented = forms.ChoiceField(
        label="防止了什么",
        choices=[("", "请选择"), *((code, label) for code, label in Dispute.Prevented.choices if code)],
        error_messages={"required": "请选择防止了什么。"},
    )
    facts = prose("事实", rows=3, longest=300, help_text="有什么苗头（话、准备、聚集），谁在何时怎样劝住的。")

    def starting(self, held: CasePage) -> dict[str, Any]:
        return {"prevented": held.dispute.prevented, "facts": held.dispute.prevented_facts}
