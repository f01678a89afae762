"""Registration, its correction, and the answer given on the spot."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from casework import cases, deadlines, drafts, limits, notices, timeline
from casework.keeping import part_from_others
from casework.limits import FIRST_DAY
from casework.models import Case, Link, Reach
from casework.numbers import Docket
from casework.parties import PartyFacts, build
from casework.rules import NotAllowed, Outcome, Place, check, local_date
from organisations import clock, directory
from organisations.directory import UnitFacts
from organisations.scope import Scope
from petitions import codes, rules
from petitions.actions import act as beats
from petitions.actions import keeping, leading
from petitions.models import Petition, Point, Reply
from petitions.queries import accused
from petitions.rules import STAGE_OF, STATE_LABELS, STEPS, State
from petitions.rules.supervision import URGENT

#: No 0 O 1 I L: read out over a counter and typed on a phone (DESIGN §11).
QUERY_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"

NOBODY_ELSE = (
    "这件事反映的是登记单位自己或者它的人员，系统里还没有可以接收的纪检联络员，不能由被反映的一方保管。"
    "请告知信访人直接向纪检监察机关反映，并请安全管理员为纪委监委设置纪检联络员岗位。"
)


@dataclass(frozen=True)
class Intake:
    """What a registration holds (L-PET-30, L-PET-34), already checked for shape by a form or serializer."""

    title: str
    story: str
    points: Sequence[str]
    channel: str
    purpose: str
    topic_code: str
    area_id: int
    received_on: date
    people: Sequence[PartyFacts] = ()
    source: str = "4"
    source_number: str = ""
    place: str = ""
    respondent_unit_id: int | None = None
    respondent_name: str = ""
    is_about_centre: bool = False
    headcount: int = 1
    involved_count: int = 1
    urgency: int = 0
    flags: Sequence[str] = ()
    prior_places: Sequence[str] = ()
    care_needs: Sequence[str] = ()
    internal_note: str = ""
    is_anonymous: bool = False
    is_oral: bool = False
    is_read_back: bool = False
    repeat_of: str = ""
    repeat_reason: str = ""
    new_facts: str = ""
    submission: UUID | None = None
    draft: UUID | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


def register(intake: Intake, *, by: Scope, query_code: str = "") -> Petition:
    """Register a matter: number, query code, people, points, 15-day limit, history (L-PET-30…39, HALL-1).

    The same submission sent twice returns the first petition. Raises NotAllowed (422 for what the law asks).
    """
    _check(intake)
    try:
        return _register(intake, by=by, query_code=query_code or new_query_code())
    except IntegrityError:
        held = registered_before(intake.submission, by)
        if held is not None:
            return held
        if Case.objects.filter(submission=intake.submission).exclude(submission=None).exists():
            raise NotAllowed("这份表单已由另一位同事登记，请刷新后再填。", code="submission_taken") from None
        raise


def registered_before(submission: UUID | None, by: Scope) -> Petition | None:
    """What this person's same form made when it was sent the first time (double click, back button), or None."""
    if submission is None:
        return None
    return Petition.objects.select_related("case").filter(case__submission=submission, case__registered_by=by.user).first()


@dataclass(frozen=True, slots=True)
class SpotAnswer:
    """当场答复: each point's (support, result, ground), the words said, solved or explained."""

    results: Mapping[int, tuple[str, str, str]]
    text: str
    outcome: str


def is_kept_from_registrar(petition: Petition, by: Scope) -> bool:
    """The matter complains about the registrar's own unit: the moment it has its number, he sees it no longer (L-PET-86)."""
    return petition.case.confidential and not Reach.objects.filter(case=petition.case, reader__in=by.readers).exists()


def take_in(
    intake: Intake, *, by: Scope, spot: SpotAnswer | None = None, merge_into: str = "", reception: Mapping[str, Any] | None = None
) -> Petition:
    """What the counter sends at once: register, then the leader's reception, merge or answer on the spot, all or nothing. Raises NotAllowed.

    A form that made its case before changes nothing and returns that case.
    """
    if spot is None and not merge_into and reception is None:
        return register(intake, by=by)
    return _take_in_and_settle(intake, by, spot, merge_into, reception)


@transaction.atomic
def _take_in_and_settle(intake: Intake, by: Scope, spot: SpotAnswer | None, merge_into: str, reception: Mapping[str, Any] | None) -> Petition:
    petition = register(intake, by=by)
    if petition.case.state != State.REGISTERED or petition.case.version > 1:
        return petition
    if is_kept_from_registrar(petition, by):
        raise NotAllowed(
            "反映本单位或者本单位人员的检举控告，由纪检监察机关办理：请只登记，不能同时当场答复、并案或者记录领导接访。",
            code="kept_apart",
            status=422,
        )
    number = petition.case.number
    if reception is not None:
        petition = leading.record_reception(number, **reception, by=by)
    if merge_into:
        petition = keeping.merge(number, into=merge_into, reason=intake.repeat_reason or "登记时发现为同一事项", by=by)
    if spot:
        petition = answer(number, results=spot.results, text=spot.text, outcome=spot.outcome, by=by)
    return petition


@transaction.atomic
def _register(intake: Intake, *, by: Scope, query_code: str) -> Petition:
    tree = directory.current()
    now = clock.now()
    if tree.centre_id is None:
        raise NotAllowed("还没有设置县群众工作中心，不能登记。请联系系统管理员。", code="no_centre")
    place = Place("", tree.centre_id, tree.centre_id, None, is_confidential=False)
    standing = check(STEPS, "register", place, by, {"": "新件", **STATE_LABELS})
    if intake.purpose in rules.PROTECTED_PURPOSES:
        intake = replace(intake, is_about_centre=complained_about(intake).is_centre)
    else:
        intake = replace(intake, is_about_centre=False)
    case = _new_case(intake, by, now)
    starts = [deadlines.Start("pet.forward", intake.received_on, "收到信访事项", case.unit_id)]
    if URGENT in intake.flags:
        starts += urgent_clock(case, now)
    running, people, readers = deadlines.build(case, starts), build(case, intake.people), _first_readers(case, intake, by)
    if -by.user.id not in readers:
        case.handler = None
    petition = _new_petition(case, intake, query_code)
    in_series = docket()
    cases.number_later(case, in_series)
    entry = timeline.record(
        case,
        act="petition.register",
        label=STEPS["register"].label,
        standing=standing,
        at=now,
        text=intake.internal_note,
        detail=_registered_detail(intake),
        deferred=True,
    )
    row: Any
    for row in (petition, *running, *people):
        row.case = case
    points = [Point(petition=petition, no=no, text=text) for no, text in enumerate(intake.points, start=1)]
    draft = drafts.become(intake.draft, case, by) if intake.draft else []
    hanging = [*running, *people, petition, *points]
    cases.open_case(case, entry, readers, _findable(intake), hanging, *draft, row=petition, docket=in_series)
    petition.case = case
    petition._state.adding = False
    if case.unit_id != tree.centre_id:
        notices.notify(case, kind="petition.register", text=f"{case.number} 请分流：{case.title}", at=now, to_unit_id=case.unit_id)
    if intake.repeat_of:
        _link_repeat(case, intake, by, now)
    return petition


def docket() -> Docket:
    """The series of the county and the year in which a petition registered now is numbered."""
    county = next(area for area in directory.current().areas.values() if area.level == "county")
    return Docket(county.code, clock.today().year)


def urgent_clock(case: Case, now: datetime) -> list[deadlines.Start]:
    """The hours in which a major, urgent matter is reported, from the moment it is known (条例§25); none while the county has set none."""
    limit = limits.current().limit("pet.urgent_report", local_date(now))
    if not limit.n or clock.is_from_ledger():
        return []
    return [deadlines.Start(limit.key, local_date(now), "知悉重大紧急情况", case.registered_unit_id, base_at=now)]


def _new_case(intake: Intake, by: Scope, now: datetime) -> Case:
    """The row without its number, which is taken last."""
    tree = directory.current()
    area = tree.areas[intake.area_id]
    home = by.home
    category = codes.category(intake.topic_code)
    return Case(
        kind=rules.KIND.code,
        title=intake.title,
        subject=_subject(intake),
        state=State.REGISTERED,
        stage=STAGE_OF[State.REGISTERED],
        state_since=now,
        area_id=area.id,
        town_code=area.town_code,
        topic_code=category.code,
        topic=category.name,
        unit_id=_first_desk(intake).id,
        # What a person brought online belongs to nobody yet: whoever routes it is the first asked (HALL-14).
        handler=None if by.user.is_clock else by.user,
        registered_by=by.user,
        registered_unit_id=home.unit_id if home else tree.centre_id or 0,  # `_register` refused a county without a centre
        opened_at=now,
        confidential=intake.purpose in rules.PROTECTED_PURPOSES,
        urgency=intake.urgency,
        headcount=intake.headcount,
        marks=_marks(intake),
        submission=intake.submission,
    )


def _new_petition(case: Case, intake: Intake, query_code: str) -> Petition:
    return Petition(
        case=case,
        channel=intake.channel,
        source=intake.source,
        source_number=intake.source_number,
        purpose=intake.purpose,
        received_on=intake.received_on,
        story=intake.story,
        place=intake.place,
        respondent_unit_id=intake.respondent_unit_id,
        respondent_name=intake.respondent_name,
        is_about_centre=intake.is_about_centre,
        involved_count=max(intake.involved_count, intake.headcount),
        flags=list(intake.flags),
        prior_places=list(intake.prior_places),
        care_needs=list(intake.care_needs),
        is_anonymous=intake.is_anonymous,
        is_oral=intake.is_oral,
        read_back_at=case.opened_at if intake.is_read_back else None,
        query_code=query_code,
    )


def _check(intake: Intake) -> None:
    """What the law asks of a registration, in words for the clerk. Raises NotAllowed."""
    petitioners = [p for p in intake.people if p.position in ("petitioner", "representative")]
    if not intake.is_anonymous and not petitioners:
        raise NotAllowed("请登记信访人，或勾选“匿名”。", code="no_petitioner", status=422)
    if len(petitioners) > rules.MAX_REPRESENTATIVES:
        raise NotAllowed("多人反映共同事项的，代表不超过5人（条例第二十条），其余计入人数。", code="too_many", status=422)
    if any(p.position == "agent" and not p.authority for p in intake.people):
        raise NotAllowed("代理人须写明代理权限依据。", code="authority_needed", status=422)
    if intake.is_oral and not intake.is_read_back:
        raise NotAllowed("口头提出的，请向信访人宣读记录并勾选“已核对”。", code="read_back_needed", status=422)
    if not any(text.strip() for text in intake.points):
        raise NotAllowed("请把诉求逐项写明，至少一项。", code="no_points", status=422)
    if intake.received_on > clock.today():
        raise NotAllowed("信访日期不能晚于今天。", code="future", status=422)
    if intake.received_on < FIRST_DAY:
        raise NotAllowed("信访日期过早，请核对。", code="too_early", status=422)


def complained_about(intake: Intake) -> accused.Accused:
    """Whom it complains about: the unit chosen, the words, and the centre when the box, the unit or the words say so."""
    return accused.weigh(intake.respondent_unit_id, intake.respondent_name, is_said=intake.is_about_centre)


def _first_desk(intake: Intake) -> UnitFacts:
    """Where the matter waits to be sent on. Raises NotAllowed (422) for one about the centre in a county without a discipline organ."""
    desk = accused.desk(complained_about(intake) if intake.purpose in rules.PROTECTED_PURPOSES else accused.Accused())
    if desk is None:
        raise NotAllowed(NOBODY_ELSE, code="nobody_named", status=422)
    return desk


def _first_readers(case: Case, intake: Intake, by: Scope) -> set[int]:
    """Units for an ordinary case; for a protected one the registrar and the discipline contacts, by name.

    The registrar of the unit complained about is none of them. Raises NotAllowed (422) when then nobody is left.
    """
    if not case.confidential:
        return {-by.user.id} | cases.unit_readers([case.unit_id, case.registered_unit_id], case.area_id)
    return named_readers({by.user.id}, {case.unit_id}, complained_about(intake))


def named_readers(named: Collection[int], unit_ids: Collection[int], whom: accused.Accused) -> set[int]:
    """Those people and the contacts of the units, without the staff of whom is complained about and whoever the words name.

    Raises NotAllowed (422) for nobody, and for a matter about the centre that no contact could send on.
    """
    found = {-user_id for user_id in accused.may_know(named, whom)}
    found = found.union(*(accused.contacts(unit_id, whom) for unit_id in unit_ids))
    if not found or (whom.is_centre and not accused.is_somebody_there(whom)):
        raise NotAllowed(NOBODY_ELSE, code="nobody_named", status=422)
    return found


def _link_repeat(case: Case, intake: Intake, by: Scope, now: datetime) -> None:
    first = Case.objects.visible_to(by).filter(number=intake.repeat_of).first()
    if first is None:
        raise NotAllowed("没有找到要关联的案件，请在右侧重新选择。", code="no_such_case", status=422)
    if case.confidential or first.confidential:
        # The new case's first line of history names the other: a protected one may not be named in any (L-PET-86).
        raise NotAllowed("检举控告事项不与其他案件关联，请按新件登记。", code="protected", status=422)
    if Petition.objects.filter(case=first, concluded_on__isnull=False).exists() and not intake.new_facts.strip():
        # L-PET-13: only new facts or reasons open a concluded matter again, as a case of its own; the clerk says which.
        raise NotAllowed(
            f"{first.number} 已三级终结：请在右侧写明有什么新的事实、理由；没有的写“无”，登记后由中心作不再受理。",
            code="new_facts_needed",
            status=422,
        )
    reason = "；".join(filter(None, [intake.repeat_reason, f"新的事实、理由：{intake.new_facts}" if intake.new_facts else ""]))
    Link.objects.create(source=case, target=first, kind=Link.Kind.REPEAT, reason=reason[:200], by=by.user, at=now)


def _marks(intake: Intake) -> list[str]:
    marks = []
    if intake.headcount >= rules.GROUP_FROM:
        marks.append("group")
    if intake.repeat_of:
        marks.append("repeat")
    if intake.is_anonymous:
        marks.append("anonymous")
    return marks + [code for code in intake.flags if code in rules.FLAG_MARKS]


def _subject(intake: Intake) -> str:
    names = [p.name for p in intake.people if p.position in ("petitioner", "representative")]
    if not names:
        return "匿名"
    return names[0] if intake.headcount <= 1 else f"{names[0]}等{intake.headcount}人"


def _findable(intake: Intake) -> str:
    names = " ".join(p.name for p in intake.people)
    parts = [intake.title, names, intake.story, *intake.points, intake.place, intake.respondent_name]
    return "\n".join(part for part in parts if part)


def _registered_detail(intake: Intake) -> dict[str, Any]:
    return {
        "channel": codes.CHANNELS[intake.channel].name,
        "purpose": codes.PURPOSES[intake.purpose].name,
        "people": len(intake.people),
        "headcount": intake.headcount,
        "repeat_of": intake.repeat_of,
        **({"new_facts": intake.new_facts} if intake.new_facts else {}),
        "received_on": intake.received_on.isoformat(),
        **intake.extra,
    }


def new_query_code() -> str:
    """Eight characters from the system's random source (L-PET-38)."""
    return "".join(secrets.choice(QUERY_ALPHABET) for _ in range(8))


#: What a correction may change on the case and on the petition, with the words history uses.
AMENDABLE_CASE = {"title": "标题", "topic_code": "分类", "area_id": "属地", "urgency": "紧急程度", "headcount": "人数"}
AMENDABLE_PETITION = {
    "story": "诉求内容",
    "place": "问题发生地",
    "purpose": "信访目的",
    "channel": "信访形式",
    "respondent_unit_id": "被反映单位",
    "respondent_name": "被反映人",
    "is_about_centre": "反映县群众工作中心或其工作人员",
    "involved_count": "涉及人数",
    "flags": "标志",
}


@transaction.atomic
def amend(number: str, changes: Mapping[str, Any], *, reason: str, by: Scope, version: int | None = None) -> Petition:
    """Correct what was registered; every field's before and after stay in the history (ALL-6). Raises NotAllowed."""
    act = beats.begin("amend", number, by, version)
    unknown = set(changes) - set(AMENDABLE_CASE) - set(AMENDABLE_PETITION)
    if unknown:
        raise ValueError(f"not amendable: {sorted(unknown)}")
    detail: dict[str, Any] = {}
    for owner, fields in ((act.case, AMENDABLE_CASE), (act.petition, AMENDABLE_PETITION)):
        for name, label in fields.items():
            if name in changes and getattr(owner, name) != changes[name]:
                detail[label] = [getattr(owner, name), changes[name]]
                setattr(owner, name, changes[name])
    if not detail:
        raise NotAllowed("没有改动任何内容。", code="nothing_changed", status=422)
    _follow_amendment(act)
    was_about_centre, is_about_centre = act.before[0]["is_about_centre"], act.petition.is_about_centre
    detail.pop(AMENDABLE_PETITION["is_about_centre"], None)
    if was_about_centre != is_about_centre:
        detail[AMENDABLE_PETITION["is_about_centre"]] = [was_about_centre, is_about_centre]
    _follow_urgency(act)
    return beats.finish(act, text=reason, detail={"changes": detail}, findable=f"{act.case.title} {act.petition.story}")


def _follow_urgency(act: beats.Act) -> None:
    """A matter found to be urgent has its hours from then; one that is not after all has none."""
    is_urgent, was_urgent = URGENT in act.petition.flags, URGENT in act.before[0]["flags"]
    if is_urgent != was_urgent:
        deadlines.turn(
            act.case, on=act.today, drop=[] if is_urgent else ["pet.urgent_report"], start=urgent_clock(act.case, act.now) if is_urgent else []
        )


def _follow_amendment(act: beats.Act) -> None:
    """The columns that follow from a corrected category, place or purpose; who may see it follows too."""
    case, petition = act.case, act.petition
    category = codes.category(case.topic_code)
    case.topic = category.name
    case.town_code = directory.current().areas[case.area_id].town_code
    cases.unmark(case, *(rules.FLAG_MARKS - set(petition.flags)))
    for flag in petition.flags:
        if flag in rules.FLAG_MARKS:
            cases.mark(case, flag)
    was_protected, case.confidential = case.confidential, petition.purpose in rules.PROTECTED_PURPOSES
    if case.confidential:
        _follow_accused(petition, was_about_centre=act.before[0]["is_about_centre"])
        _name_again(act, was_protected=was_protected)
        if not was_protected:
            part_from_others(act, "更正为检举控告事项")
    else:
        if petition.is_about_centre and not act.before[0]["is_about_centre"]:
            raise NotAllowed("只有信访目的是检举控告的，才勾选“反映县群众工作中心或其工作人员”。", code="not_protected", status=422)
        petition.is_about_centre = False
        cases.show_to(case, cases.unit_readers([case.unit_id, case.registered_unit_id], case.area_id))


def _follow_accused(petition: Petition, *, was_about_centre: bool) -> None:
    """About the centre it stays until the box is taken out; not while unit or words say it. Raises NotAllowed (422)."""
    whom = accused.weigh(petition.respondent_unit_id, petition.respondent_name, is_said=petition.is_about_centre)
    if was_about_centre and whom.is_centre and not petition.is_about_centre:
        raise NotAllowed("被反映单位或者被反映人就是县群众工作中心或其工作人员，这一项不能取消。", code="about_centre", status=422)
    petition.is_about_centre = whom.is_centre


def _name_again(act: beats.Act, *, was_protected: bool) -> None:
    """Who keeps sight of a corrected protected case: those named before, never staff of the unit complained about (L-PET-86).

    Not even the one who corrects it. What still lay on the centre's desk goes to the discipline organ when it is about the centre.
    """
    case, petition = act.case, act.petition
    whom, centre_id = accused.of(petition), directory.current().centre_id
    desk = accused.desk(whom)
    if desk is None:
        raise NotAllowed(NOBODY_ELSE, code="nobody_named", status=422)
    if case.unit_id == centre_id and desk.id != centre_id:
        case.unit_id = desk.id
        deadlines.turn(
            case,
            on=act.today,
            drop=["pet.forward"],
            start=[deadlines.Start("pet.forward", petition.received_on, "收到信访事项", desk.id)]
            if case.state in (State.REGISTERED, State.RETURNED)
            else [],
        )
    named = {case.registered_by_id, act.by.user.id}
    if was_protected:
        named |= {-reader for reader in Reach.objects.filter(case=case, reader__lt=0).values_list("reader", flat=True)}
    readers = named_readers(named, {case.unit_id, desk.id}, whom)
    cases.restrict_to(case, readers)
    if case.handler_id is not None and -case.handler_id not in readers:
        case.handler_id = None
    if desk.id != centre_id:
        notices.notify(case, kind="petition.amend", text=f"{case.number} 更正为反映县中心的事项，请办理", at=act.now, to_unit_id=desk.id)


@transaction.atomic
def answer(
    number: str,
    *,
    results: Mapping[int, tuple[str, str, str]],
    text: str,
    outcome: str,
    by: Scope,
    version: int | None = None,
) -> Petition:
    """Answer at the window: each point (support, result, ground), given by word of mouth and noted (HALL-2 立即办).

    Leads to the return visit by the office, because no case closes without feedback (HALL-1). Raises NotAllowed.
    """
    act = beats.begin("answer", number, by, version)
    if outcome not in (Outcome.SOLVED, Outcome.EXPLAINED):
        raise NotAllowed("当场答复只能是“已解决”或“已解释说明”。", code="outcome", status=422)
    if act.case.confidential:
        raise NotAllowed("检举控告类事项不能当场答复办结。", code="protected")
    fill_points(act.petition, results)
    Reply.objects.create(
        petition=act.petition,
        text=text,
        outcome=outcome,
        prepared_by=by.user,
        prepared_at=act.now,
        approved_by=by.user,
        approved_at=act.now,
        delivery="1",
        delivered_on=act.today,
        receiver=act.case.subject,
        proof="当场口头答复",
    )
    petition = act.petition
    petition.mode, petition.settled_as = rules.Mode.IMMEDIATE, outcome
    petition.replied_on = petition.delivered_on = act.today
    deadlines.turn(act.case, on=act.today, meet=["pet.forward"])
    return beats.finish(act, text=text, detail={"outcome": Outcome(outcome).label}, findable=text)


def fill_points(petition: Petition, results: Mapping[int, tuple[str, str, str]]) -> None:
    """Write support, result and ground of each point. Raises NotAllowed when one is left open."""
    points = list(Point.objects.filter(petition=petition))
    for point in points:
        if point.no in results:
            point.support, point.result, point.ground = results[point.no]
            rules.check_spot_point(rules.Answered(point.no, point.text, point.result, point.ground))
    missing = tuple(point.no for point in points if not point.is_answered)
    if missing:
        numbers = "、".join(str(no) for no in missing)
        raise NotAllowed(f"第 {numbers} 项诉求还没有写处理意见、结果和依据。", code="points_open", status=422)
    Point.objects.bulk_update(points, ["support", "result", "ground"])
