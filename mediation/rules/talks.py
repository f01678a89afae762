"""Mediation itself (L-MED-5…10, L-MED-20…23): rights told, talks, the agreement and how it is kept, the end without one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from casework.rules import NotAllowed, Step, Where
from mediation.rules.actors import DECIDING, KEEPERS, MEDIATING
from mediation.rules.states import HELD, State

TALKING = frozenset({State.ACCEPTED, State.MEDIATING})
KEPT = frozenset({State.AGREED, State.BREACHED})
#: 调解法§33 and after: what is open when the other side does not keep its word; the papers go along.
BREACH_ROUTES = {
    "court": "就协议的履行或内容向人民法院起诉（调解法§32）",
    "enforce": "协议已经司法确认的，向人民法院申请强制执行（调解法§33）",
    "notary": "协议已办理强制执行公证的，凭执行证书申请执行",
    "payment_order": "给付金钱的，向基层人民法院申请支付令（民诉法§225）",
    "again": "双方愿意的，重新调解",
}
#: Longest prolongation, days (75号令§33: by consent of all; thirty days by local practice).
MOST_DAYS = 30

STEPS: dict[str, Step] = {
    "challenge": Step("登记回避申请", HELD, None, MEDIATING, Where.HOLDER, "调解法§23", "一方要求调解员回避，写明理由；决定前不进行调解"),
    "hold_session": Step(
        "记录调解",
        TALKING,
        State.MEDIATING,
        MEDIATING,
        Where.HOLDER,
        "调解法§22；调解法§27；75号令§28",
        "当面调解或者分别谈话：时间、地点、到场人员、各方意见、经过",
        primary=True,
        key="N",
    ),
    "plan_session": Step("约下次", TALKING, None, MEDIATING, Where.HOLDER, "75号令§28；L-MED-20", "约定时间、地点、通知谁到场；再约一次就是改期"),
    "record_position": Step("记一方意见", HELD, None, MEDIATING, Where.HOLDER, "调解法§22", "一方现在的要求、愿意怎么办、要多少或出多少"),
    "agree": Step(
        "达成协议",
        # In AGREED only where another body reached it (三调联动, 法庭) and its items are not written down yet.
        frozenset({State.MEDIATING, State.AGREED}),
        State.AGREED,
        MEDIATING,
        Where.HOLDER,
        "调解法§28；调解法§29；调解法§30",
        "写明事实、争议、责任和逐项履行的内容，各方签名后生效",
        primary=True,
    ),
    "prolong": Step("延长调解期限", HELD, None, KEEPERS, Where.HOLDER, "75号令§33", "一个月内调不成、各方都同意继续的，在本组织延长一次，不超过30日"),
    "perform": Step(
        "登记履行", KEPT, None, MEDIATING, Where.HOLDER, "调解法§31", "哪一项、哪天、履行了多少、什么凭证；全部履行后转回访", primary=True
    ),
    "breach": Step(
        "认定未履行",
        frozenset({State.AGREED}),
        State.BREACHED,
        KEEPERS,
        Where.HOLDER,
        "调解法§31；调解法§32",
        "有到期没有履行的事项，督促无效的，告知可走的途径",
    ),
    "mediate_again": Step(
        "重新调解",
        frozenset({State.BREACHED}),
        State.MEDIATING,
        KEEPERS,
        Where.HOLDER,
        "调解法§31；L-MED-11",
        "各方同意就履行重新调解；原协议和全部材料保留",
    ),
    "terminate": Step(
        "终止调解",
        HELD | {State.BREACHED},
        State.ENDED,
        KEEPERS,
        Where.HOLDER,
        "调解法§26；L-MED-8",
        "调解不成，书面告知仲裁、行政、诉讼等途径和时效",
    ),
    "withdraw": Step(
        "申请人撤回", frozenset({State.APPLIED}) | HELD, State.ENDED, KEEPERS, Where.HOLDER, "调解法§23（三）；L-MED-8", "申请人撤回申请，调解终止"
    ),
    # These two lead on only where they are due: in the table they stand after what is usually next.
    "inform": Step(
        "告知权利义务",
        HELD,
        None,
        MEDIATING,
        Where.HOLDER,
        "调解法§23；调解法§24；75号令§30",
        "调解开始前，向各方出具权利义务告知书并由各方签收；全部签收后才能开始调解",
        primary=True,
    ),
    "decide_challenge": Step("决定是否回避", HELD, None, DECIDING, Where.HOLDER, "调解法§23", "应当回避的，更换调解员", primary=True),
}


def check_called(letters: Collection[str], called: Collection[str]) -> None:
    """Of every side that is to come somebody is told when and where (75号令§30). Raises NotAllowed."""
    missing = sorted(set(letters) - set(called))
    if missing:
        names = "、".join(SIDES[letter] for letter in missing)
        raise NotAllowed(f"请选择怎样通知{names}：当面、电话、书面或短信（75号令§30）。", code="not_called", status=422)


def check_informed(letters: Collection[str], told: Collection[str], challenged: str) -> None:
    """Before the first talk every side has signed that it knows its rights, and no challenge waits (75号令§30). Raises NotAllowed."""
    missing = sorted(set(letters) - set(told))
    if missing:
        names = "、".join(SIDES[letter] for letter in missing)
        raise NotAllowed(f"{names}还没有签收权利义务告知书。请先“告知权利义务”，再开始调解（75号令§30）。", code="not_informed")
    if challenged:
        raise NotAllowed(f"当事人要求调解员{challenged}回避，还没有决定。请先“决定是否回避”。", code="challenged")


SIDES = {"a": "甲方", "b": "乙方", "c": "丙方"}


def must_be_written(difficulty: str, type_code: str, *, is_asked_for: bool, is_on_the_spot: bool) -> str:
    """Why this agreement cannot be oral, or nothing (L-MED-22, L-MED-16; 宁波§24; 承包纠纷仲裁法§10)."""
    if is_asked_for:
        return "有一方要求书面形式，须签订书面协议书。"
    if difficulty in ("3", "4"):
        return "疑难复杂和重大纠纷须签订书面协议书，不能用口头协议。"
    if type_code == LAND:
        return "农村土地承包等山林土地纠纷须签订书面协议书（农村土地承包经营纠纷调解仲裁法§10）。"
    if not is_on_the_spot:
        return "不能当场履行的，须签订书面协议书。已经当场履行的，请勾选“各项当场履行完毕”。"
    return ""


#: 山林土地纠纷, where contracts of land are (L-MED-16).
LAND = "07"


def check_signed(form: str, letters: Collection[str], signed: Collection[str], *, sealed_on: date | None, has_mediator: bool) -> None:
    """A written agreement binds once every side and the mediator have signed and the seal is on it (调解法§29). Raises NotAllowed."""
    if not has_mediator:
        raise NotAllowed("须由调解员签名（口头协议由调解员记录）。请先“确定调解员”。", code="no_mediator", status=422)
    if form != WRITTEN:
        return
    missing = "、".join(SIDES[letter] for letter in sorted(set(letters) - set(signed)))
    if missing:
        raise NotAllowed(f"书面协议须各方签名、盖章或者按指印，还缺：{missing}（调解法§29）。", code="unsigned", status=422)
    if sealed_on is None:
        raise NotAllowed("书面协议须加盖人民调解委员会印章，请填写盖章日期（调解法§29）。", code="unsealed", status=422)


WRITTEN, ORAL = "1", "2"

#: What the termination notice says of time limits beside each way (调解法§26; 民法典§188; 劳动争议调解仲裁法§27; 承包纠纷仲裁法§18).
LIMITATIONS = {
    "litigation": (
        "向人民法院请求保护民事权利的诉讼时效期间一般为三年，自知道或者应当知道权利受到损害以及义务人之日起计算（《民法典》第一百八十八条）；"
        "申请调解引起时效中断的，从调解终止起重新计算（《民法典》第一百九十五条）。"
    ),
    "arbitration": ("劳动争议申请仲裁的时效为一年；农村土地承包经营纠纷申请仲裁的时效为二年，均自知道或者应当知道权利被侵害之日起计算。"),
    "administrative_ruling": "依法可以由行政机关裁决的，向有裁决权的行政机关申请；不服裁决的，可以在法定期限内提起诉讼。",
    "village_resolution": "属于村民自治范围的事项，可以提请村民会议或者村民代表会议讨论决定。",
    "direct_reply": "属于政策咨询或者可以直接答复的事项，由有权处理的单位答复。",
}
