"""After the agreement (L-MED-12, L-MED-13, L-MED-46, L-MED-48, L-MED-50): judicial confirmation, visits, inquiries, the dossier and its archiving."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from casework.rules import NotAllowed, Step, Where
from mediation import codes
from mediation.rules.actors import KEEPERS, MEDIATING
from mediation.rules.states import AFTER_AGREEMENT, HELD, OPEN_STATES, State

#: Limits of the confirmation: until when it can be asked for, and what the court takes.
CONFIRM, COURT_ACCEPTS, COURT_DECIDES = "med.confirm", "med.court_accept", "med.court_decide"
#: What the agreement owes next.
PERFORM = "med.perform"
#: The visit after the agreement; simple ones are visited sooner (a setting of its own, since local practice differs).
FOLLOW_UP, FOLLOW_UP_SIMPLE = "med.followup", "med.followup_s"
FOLLOW_UPS = (FOLLOW_UP, FOLLOW_UP_SIMPLE)
#: Simple: agreed by word of mouth, performed at once (L-MED-25).
SIMPLE = "1"

#: What an agreement may not be about if a court is to confirm it: code of `CONFIRMATION_REFUSALS` (法释〔2011〕5号§4).
PERSONAL_STATUS = ("12", "13", "14")
#: Grounds on which a court does not take the application, and on which it does not confirm.
NOT_TAKEN_GROUNDS = tuple(code for code in codes.CONFIRMATION_REFUSALS if code.startswith("1"))
REFUSED_GROUNDS = tuple(code for code in codes.CONFIRMATION_REFUSALS if code.startswith("2"))
#: The dispute came from a court: that court confirms (L-MED-12).
FROM_COURT = "31"
#: How an agreement is kept (`codes.PERFORMANCE`).
KEPT, NOT_YET_DUE = "1", "4"
BROKEN = frozenset({"2", "3", "5"})
#: Two ask (L-MED-48).
LEAST_ASKERS = 2
WRITTEN = "1"

STEPS: dict[str, Step] = {
    # Before the visit: where both lead on, the case is ready to be closed.
    "archive": Step(
        "立卷归档",
        frozenset({State.FOLLOWED, State.ENDED}),
        State.ARCHIVED,
        KEEPERS,
        Where.HOLDER,
        "调解法§27；L-MED-46",
        "必备材料齐全才能归档；归档后合成一份带目录、页码的卷宗",
        primary=True,
    ),
    "apply_confirmation": Step(
        "申请司法确认",
        AFTER_AGREEMENT,
        None,
        MEDIATING,
        Where.HOLDER,
        "调解法§33；民诉法§205",
        "双方自协议生效之日起30日内共同向人民法院申请，打印申请书交双方签名",
    ),
    "record_court_acceptance": Step(
        "登记法院受理", AFTER_AGREEMENT, None, KEEPERS, Where.HOLDER, "法释〔2011〕5号§4", "法院3日内决定是否受理，登记案号或不予受理的情形"
    ),
    "lengthen_confirmation": Step(
        "登记法院延长审查", AFTER_AGREEMENT, None, KEEPERS, Where.HOLDER, "法释〔2011〕5号§5", "有特殊情况，经本院院长批准，可以延长10日"
    ),
    "record_confirmation": Step(
        "登记司法确认结果",
        AFTER_AGREEMENT,
        None,
        KEEPERS,
        Where.HOLDER,
        "民诉法§206；法释〔2011〕5号§7",
        "裁定有效、驳回（写明情形）或当事人撤回",
    ),
    "follow_up": Step(
        "回访",
        AFTER_AGREEMENT,
        None,
        MEDIATING,
        Where.HOLDER,
        "调解法§31；L-MED-50",
        "了解履行情况、满意度和新问题，出具回访记录",
        primary=True,
    ),
    "inquire": Step("调查", HELD, None, MEDIATING, Where.HOLDER, "调解法§27；L-MED-48", "两人向知情人了解情况，制作调查记录，逐页签名"),
    "file_material": Step(
        "材料归入卷宗", frozenset(OPEN_STATES), None, MEDIATING, Where.HOLDER, "调解法§27；L-MED-46", "把身份证明、委托书、证据、履行凭证归入卷内项目"
    ),
    "write_report": Step(
        "写结案报告",
        frozenset({State.PERFORMED, State.FOLLOWED, State.ENDED}),
        None,
        MEDIATING,
        Where.HOLDER,
        "L-MED-50",
        "简要案情、调解结果、审核意见，出具结案报告表",
    ),
}


def follow_up_key(difficulty: str) -> str:
    """Which limit the visit has: simple ones fifteen days, the others a month, as the county set them (L-MED 4.2 med.followup)."""
    return FOLLOW_UP_SIMPLE if difficulty == SIMPLE else FOLLOW_UP


def check_court(source: str, why_court: str) -> None:
    """Invited mediation is confirmed by the inviting court, the body's own by a court of domicile, subject or body (L-MED-12). Raises NotAllowed."""
    if source == FROM_COURT and why_court != "inviting":
        raise NotAllowed("本件由法院委托（邀请）调解，应当向作出邀请的人民法院申请（民诉法§205）。", code="inviting_court", status=422)
    if source != FROM_COURT and why_court == "inviting":
        raise NotAllowed("本件不是法院邀请调解的，请选择当事人住所地、标的物所在地或调解组织所在地的法院。", code="not_invited", status=422)


def check_may_apply(*, form: str, letters: Collection[str], sides: Collection[str], concerns: str) -> None:
    """Written, asked for by all sides together, and not about personal status (调解法§33; 法释〔2011〕5号§4). Raises NotAllowed."""
    if form != WRITTEN:
        raise NotAllowed("口头协议不能申请司法确认，须有各方签名、加盖调委会印章的书面协议。", code="not_written", status=422)
    if concerns in PERSONAL_STATUS:
        name = codes.CONFIRMATION_REFUSALS[concerns].name
        raise NotAllowed(f"协议涉及“{name}”，法院不予受理，不能申请司法确认。可告知当事人依法登记或起诉。", code="personal_status", status=422)
    if set(sides) - set(letters):
        raise NotAllowed("须由协议各方当事人共同申请，每一方至少勾选一人（可由代理人）。", code="not_joint", status=422)


def check_in_time(applied_on: date, effective_on: date, last_on: date, today: date) -> None:
    """From the day the agreement took effect to the thirtieth day after, or the next working day (L-TIME-3). Raises NotAllowed."""
    if applied_on > today:
        raise NotAllowed("申请日期不能晚于今天。", code="future", status=422)
    if applied_on < effective_on:
        raise NotAllowed("申请日期不能早于协议生效之日。", code="too_early", status=422)
    if applied_on > last_on:
        raise NotAllowed(
            f"申请期限到 {last_on:%Y年%-m月%-d日} 已经届满（协议生效之日起30日内，逢节假日顺延）。协议仍有约束力，发生争议可以起诉。",
            code="too_late",
            status=422,
        )


def check_ground(ground: str, offered: Collection[str]) -> None:
    """A refusal names which of the listed cases it was. Raises NotAllowed."""
    if ground not in offered:
        raise NotAllowed("请选择法院不予受理、不予确认的情形。", code="ground_needed", status=422)


def after_visit(state: str, performance: str, *, has_items: bool) -> str:
    """Where a visit leads: kept → 已回访; not kept → 未履行; otherwise the dispute stays where it is (L-MED-11, L-MED-50).

    Where the agreement was made before another body or the court and no items are written down here (`has_items` False), the visit
    alone says whether it is kept. Raises NotAllowed.
    """
    if performance == KEPT and not has_items:
        return State.FOLLOWED
    if state == State.BREACHED:
        return state
    if performance in BROKEN:
        return State.BREACHED
    if performance == NOT_YET_DUE and state in (State.PERFORMED, State.FOLLOWED):
        raise NotAllowed("本件已登记全部履行，回访不能再写“履行中”。没有履行的请选“部分履行”或“未履行”。", code="performed", status=422)
    return State.FOLLOWED if state == State.PERFORMED else state
