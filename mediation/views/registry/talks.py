"""The acts of mediation itself: form, action, words."""

from __future__ import annotations

from casework.registry import Entry
from mediation.actions import agreements, endings, mediators, talks
from mediation.forms.acts import talks as forms

ACTS: dict[str, Entry] = {
    "inform": Entry(forms.InformForm, talks.inform, "登记签收", "权利义务告知书已签收"),
    "challenge": Entry(forms.ChallengeForm, mediators.challenge, "登记回避申请", "已登记，决定前不进行调解"),
    "decide_challenge": Entry(
        forms.DecideChallengeForm,
        mediators.decide_challenge,
        "作出决定",
        "已决定，请告知当事人",
        needs_rows=False,
        template="mediation/acts/talks_challenge.html",
    ),
    "hold_session": Entry(
        forms.HoldSessionForm, talks.hold_session, "保存调解记录", "已记录，调解记录可以打印签名", template="mediation/acts/talks_session.html"
    ),
    "plan_session": Entry(forms.PlanSessionForm, talks.plan_session, "约定", "已约定，请通知参加的人"),
    "record_position": Entry(forms.RecordPositionForm, talks.record_position, "记下意见", "已记下"),
    "agree": Entry(forms.AgreeForm, agreements.agree, "达成协议", "已达成协议，协议文书可以打印", template="mediation/acts/talks_agree.html"),
    "prolong": Entry(forms.ProlongForm, endings.prolong, "延长期限", "已延长调解期限", needs_rows=False),
    "perform": Entry(forms.PerformForm, agreements.perform, "登记履行", "已登记履行"),
    "breach": Entry(forms.BreachForm, agreements.breach, "认定未履行", "已认定，请告知当事人可走的途径", is_grave=True, needs_rows=False),
    "mediate_again": Entry(forms.MediateAgainForm, agreements.mediate_again, "重新调解", "重新开始调解，原协议保留", needs_rows=False),
    "terminate": Entry(forms.TerminateForm, endings.terminate, "终止调解", "已终止，终止调解通知书可以打印送达", is_grave=True, needs_rows=False),
    "withdraw": Entry(forms.WithdrawForm, endings.withdraw, "登记撤回", "已登记撤回，调解终止", is_grave=True, needs_rows=False),
}
#: What is done next most often, first.
USUAL: tuple[str, ...] = ("inform", "hold_session", "agree", "perform", "plan_session", "record_position")
