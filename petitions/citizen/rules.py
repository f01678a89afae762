"""The public pages' words and numbers: what each state is called outside the house, what the person may do and until when. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from casework.rules import NotAllowed, Outcome, Step, Where
from organisations.roles import Role
from petitions.rules import DISSATISFIED, OPEN_STATES, State
from petitions.rules.letters import SERVED

#: A visit ends after so long without a step, and after so long in any case (L-SEC-8).
IDLE = timedelta(minutes=15)
LONGEST = timedelta(hours=2)
#: A code by SMS: how long it opens, how often it may be mistyped, digits.
TEXT_CODE_LIFE = timedelta(minutes=10)
TEXT_CODE_TRIES = 5
TEXT_CODE_DIGITS = 6

#: Files the person adds: at once, in one day on one matter, bytes of each and of all.
FILES_AT_ONCE = 5
FILES_A_DAY = 10
FILE_BYTES = 10 * 1024 * 1024
#: What a public form may weigh as a whole; a larger request is refused before it is read.
REQUEST_BYTES = FILES_AT_ONCE * FILE_BYTES + 1024 * 1024
WORDS_MAX = 500

#: How often one may change a rating (L-CLS-25).
CHANGES = 1

_ONLINE = frozenset({Role.OFFICE})

#: Being reviewed takes nothing from the thirty days in which the first answer may be rated (L-CLS-24).
IN_REVIEW = frozenset({State.REVIEW_ASKED, State.REVIEW_OUTSIDE, State.REVIEW_REJECTING, State.REVIEWING, State.REVIEW_SIGNING, State.REVIEW_DECIDED})
RATED_IN = frozenset({State.DELIVERED, State.REPORTED, State.FED_BACK, State.CLOSED}) | IN_REVIEW

#: The person's own acts; 催办 and 申请复查 are steps of their stages. Same shape as rules.STEPS, because the printed procedure shows both.
STEPS: dict[str, Step] = {
    "rate": Step(
        "网上评价",
        RATED_IN,
        None,
        _ONLINE,
        Where.CENTRE,
        "L-CLS-20…26",
        "收到答复后30日内，对信访部门和责任单位分别评价",
    ),
    "add_material": Step(
        "网上补充材料", frozenset(OPEN_STATES), None, _ONLINE, Where.CENTRE, "条例§19", "办理期间可以补充说明和材料，由承办单位核对"
    ),
    "dissent": Step(
        "网上提出异议",
        frozenset(OPEN_STATES) | {State.CLOSED},
        None,
        _ONLINE,
        Where.CENTRE,
        "ALL-4",
        "对转给的单位、是否受理、办理过程、答复有不同意见的，直接向县中心提出，由县中心核对",
    ),
}

#: The papers a person may read here: those served to the person (L-PET-82). Everything else stays in the house.
PAPERS = SERVED
#: Of the hearing's two papers the notice is the person's; the record holds what others said, and is signed on paper.
WITHHELD = ("听证笔录",)


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a matter stands, in words for somebody who never saw the house. `{unit}`, `{centre}`, `{review}` are filled in.

    `comes_next` may hold `{rights}`: what may be done about the answer of this very matter, no more than that.
    """

    headline: str
    sentence: str
    comes_next: str = ""


STANDS: dict[str, Stand] = {
    State.REGISTERED: Stand("已登记", "{centre}正在确定由哪个单位办理。", "确定办理单位后，会告诉您转给了谁。"),
    State.RETURNED: Stand("正在重新确定办理单位", "原来转去的单位不能办，{centre}正在换一个单位。", "确定办理单位后，会告诉您转给了谁。"),
    State.PROPOSED: Stand("正在研究", "{centre}正在研究由谁办理。", "确定办理单位后，会告诉您转给了谁。"),
    State.DECLINING: Stand("正在审核", "正在审核这件事是否应当受理。", "结果会书面告诉您，并写明理由。"),
    State.DISPUTED: Stand("正在确定办理单位", "{centre}正在协调由谁办理。", "确定办理单位后，会告诉您转给了谁。"),
    State.ROUTED: Stand("已转给{unit}", "{unit}收到后，会告诉您是否受理。", "是否受理，会书面告诉您。"),
    State.OBJECTED: Stand("正在核对办理单位", "{centre}正在核对这件事是否归{unit}办。", "核对清楚后继续办理，期限照算。"),
    State.SIGNED: Stand("{unit}已收到", "{unit}正在看是否受理。", "是否受理，会书面告诉您。"),
    State.ACCEPTED: Stand("正在办理", "{unit}正在调查核实。", "办完后书面答复您，您的每一项诉求都会有结果。"),
    State.SIMPLE: Stand("正在办理", "{unit}正在按简易程序办理，会更快答复您。", "办完后答复您，您的每一项诉求都会有结果。"),
    State.SUSPENDED: Stand("暂停办理", "要等别的程序或者材料，{unit}暂停办理。", "等的事情有了结果，就接着办，并书面告诉您。"),
    State.UNDER_APPROVAL: Stand("正在办理", "{unit}已经办理，答复正在由负责人审核。", "审核后书面答复您。"),
    State.REPLIED: Stand("已答复，正在送达", "{unit}的答复已经写好，正在送给您。", "收到答复{rights}。"),
    State.DELIVERED: Stand("已答复", "{unit}的答复已经送达。", "{rights}。"),
    State.REPORTED: Stand("已答复", "{centre}会向您了解是否满意。", "{rights}。"),
    State.FED_BACK: Stand("已答复", "{centre}已经收到您的意见，正在办结。", "办结后材料归档。"),
    State.CLOSED: Stand("已办结", "这件事已经办结。"),
    State.VOIDED: Stand("登记已作废", "这一件登记有误，已经作废。有疑问请打电话。"),
    State.REVIEW_ASKED: Stand("已收到您的{review}申请", "{review}机关正在看是否受理您的申请。", "是否受理，会书面告诉您。"),
    State.REVIEW_OUTSIDE: Stand("正在{review}", "您的{review}申请由上级机关办理。", "上级机关作出意见后书面告诉您。"),
    State.REVIEW_REJECTING: Stand("正在审核您的{review}申请", "正在审核您的申请是否应当受理。", "结果会书面告诉您，并写明理由。"),
    State.REVIEWING: Stand("正在{review}", "{review}机关正在重新核实。", "作出意见后书面告诉您。"),
    State.REVIEW_SIGNING: Stand("正在{review}", "{review}意见正在由负责人审核。", "审核后书面告诉您。"),
    State.REVIEW_DECIDED: Stand("{review}意见已作出", "意见书正在送给您。", "收到意见书{rights}。"),
}
#: What the person took back is not answered; the centre asks once more before it closes.
TAKEN_BACK = Stand("您已撤回", "{centre}会向您核实。", "核实以后办结。不想撤回的，请打电话说明。")
#: A state that has no words of its own yet says no more than that work goes on.
UNKNOWN_STAND = Stand("正在办理", "您反映的事项正在办理。", "有进展会告诉您。")

OUTCOMES: dict[str, str] = {
    Outcome.SOLVED: "您的诉求已经得到解决。",
    Outcome.EXPLAINED: "有关情况已经向您解释说明。",
    Outcome.NOT_OURS: "这件事应当走其他法定途径，怎么走见告知书。",
    Outcome.REFUSED: "这件事没有受理，理由和不服怎么办见告知书。",
    Outcome.WITHDRAWN: "您已经撤回。",
}


@dataclass(frozen=True, slots=True)
class Owed:
    """What is owed by a limit, said as «最迟 12月29日 前答复您»: how it begins, what is done."""

    what: str
    lead: str = "最迟"


#: Which running limits the person is told, in the order of what matters first, and how.
PROMISES: dict[str, Owed] = {
    "pet.immediate": Owed("办完"),
    "pet.promised": Owed("办完", "承诺"),
    "pet.redo": Owed("重新办完"),
    "pet.assign_report": Owed("办完"),
    "pet.simple_handle": Owed("答复您"),
    "pet.handle": Owed("答复您"),
    "pet.suggest": Owed("答复您"),
    "pet.review": Owed("作出复查意见"),
    "pet.rereview": Owed("作出复核意见"),
    "pet.review_reject": Owed("告诉您是否受理申请"),
    "pet.simple_accept": Owed("告诉您是否受理"),
    "pet.notify_forwarded": Owed("告诉您是否受理"),
    "pet.notify_direct": Owed("告诉您是否受理"),
    "pet.forward": Owed("告诉您由谁办理"),
}
#: While it is being judged whether the matter is taken at all, what is owed by then is that answer, whoever gives it.
OWED_IN: dict[str, Owed] = {State.DECLINING: Owed("把结果告诉您")}
#: Which of them belong to a state; the others run on but are not what the person waits for.
AWAITED: dict[str, tuple[str, ...]] = {
    **dict.fromkeys((State.REGISTERED, State.RETURNED, State.PROPOSED), ("pet.forward",)),
    **dict.fromkeys((State.DECLINING, State.DISPUTED), ("pet.forward", "pet.notify_forwarded", "pet.notify_direct")),
    **dict.fromkeys(
        (State.ROUTED, State.OBJECTED, State.SIGNED), ("pet.simple_accept", "pet.notify_forwarded", "pet.notify_direct", "pet.immediate")
    ),
    **dict.fromkeys(
        (State.ACCEPTED, State.SIMPLE, State.SUSPENDED, State.UNDER_APPROVAL),
        ("pet.immediate", "pet.promised", "pet.redo", "pet.assign_report", "pet.simple_handle", "pet.handle", "pet.suggest"),
    ),
    **dict.fromkeys(
        (State.REVIEW_ASKED, State.REVIEW_REJECTING, State.REVIEWING, State.REVIEW_SIGNING),
        ("pet.review", "pet.rereview", "pet.review_reject"),
    ),
    State.REVIEW_OUTSIDE: ("pet.review", "pet.rereview"),
}
#: What the stop before the acceptance is called where it is not simply waited for.
NOT_YET: dict[str, str] = {
    State.DECLINING: "正在审核是否受理",
    State.DISPUTED: "正在协调由谁办理",
    State.OBJECTED: "正在核对由谁办理",
    State.PROPOSED: "正在研究由谁办理",
    State.RETURNED: "正在重新确定办理单位",
}

#: What a person may say the matter is for, in words nobody needs a clerk for; the code is 信访目的.
PURPOSES: tuple[tuple[str, str, str], ...] = (
    ("02", "请求解决问题", "生活、生产中遇到困难，希望有关单位办理"),
    ("01", "对已有的处理不服", "以前处理过，您认为不对，希望重新处理"),
    ("04", "提意见、提建议", "对工作、政策的意见和建议"),
    ("05", "咨询", "想了解政策、办事程序"),
    ("06", "感谢、表扬", "对单位、人员的感谢"),
    ("03", "检举、控告", "反映公职人员违纪违法。依法保密：不在网上公开进度，由专人办理"),
)
#: A refused matter was never accepted, and what goes another lawful way is not rated (L-CLS-21, L-CLS-22).
RATEABLE = (Outcome.SOLVED, Outcome.EXPLAINED)
#: 涉法涉诉 (L-CLS-22).
LITIGATION_FLAG = "sfssbz"


@dataclass(frozen=True, slots=True)
class Rateable:
    """What decides whether a reply can be rated, as facts. `until` is None where no reply was received."""

    outcome: str
    is_repeat: bool
    is_litigation: bool
    until: date | None
    changes: int


def why_not_rate(facts: Rateable, today: date) -> str:
    """Why the person cannot rate (now), or an empty string (L-CLS-20…25)."""
    if facts.until is None:
        return "收到答复后才能评价。"
    if facts.outcome not in RATEABLE or facts.is_litigation:
        return "这件事依法应走其他途径或者没有受理，不在评价范围。"
    if facts.is_repeat:
        return "评价的是第一次反映的事项，重复反映的不再评价。"
    if today > facts.until:
        return f"评价期到 {facts.until:%Y年}{facts.until.month}月{facts.until.day}日 为止，已经过了。"
    if facts.changes > CHANGES:
        return "您已经评价并改过一次，不能再改。"
    return ""


def check_rating(office: str, unit: str, cause: str, *, levels: frozenset[str], has_unit: bool) -> None:
    """Both targets apart, and what was wrong when something was (L-CLS-20, L-CLS-26). Raises NotAllowed."""
    if office not in levels or (has_unit and unit not in levels):
        raise NotAllowed("请分别选择满意、基本满意或不满意。", code="levels", status=422)
    if DISSATISFIED in (office, unit) and not cause:
        raise NotAllowed("不满意的，请选一个原因，方便我们改正。", code="cause_needed", status=422)
