"""The acts between petitions and other kinds of case: form, action, words."""

from __future__ import annotations

from casework.registry import Entry
from petitions.actions import referring as actions
from petitions.forms.acts import referring as forms

ACTS: dict[str, Entry] = {
    "refer": Entry(forms.ReferForm, actions.refer, "转调解", "已转调解组织，本件期限照常计算", template="petitions/acts/_refer.html"),
    "return_referral": Entry(forms.ReturnReferralForm, actions.return_referral, "退回转办", "已退回转来的单位", is_grave=True),
}
