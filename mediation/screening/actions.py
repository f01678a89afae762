"""What is done about rounds: the clock opens and reminds, a unit reports, what it found is dealt with, an office opens special ones."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from casework import carrying, limits, notices
from casework.addressees import Addressee, staff
from casework.models import Case
from casework.notices import Line
from casework.rules import NotAllowed
from mediation import rules as disputes
from mediation.actions import intake as intakes
from mediation.models import Campaign, Dispute, Finding, Round, RoundDraft, ScreeningRhythm
from mediation.screening import rules
from mediation.screening.queries import lists, rhythms
from mediation.screening.rules import DueUnit, Ending, Rhythm
from organisations import access, cipher, clock, directory
from organisations.models import AccessEntry
from organisations.roles import Role
from organisations.rules import check_holds
from organisations.scope import Scope, Standing

#: Kinds of notices (labels: mediation.rules.kind).
DUE, MISSED, FINDING, OPENED = "screening.due", "screening.missed", "screening.finding", "screening.opened"
WITHDRAWN = "screening.taken_back"
#: Units named in the centre's line about a town.
MOST_NAMED = 6
MAX_DRAFT = 20_000
_DAY = timedelta(days=1)


# -- the clock -----------------------------------------------------------------------------------------------------------------------------


@transaction.atomic
def open_rounds() -> int:
    """Open every unit's round of today's period and those an outage left out; each once. Returns how many are new (MED-1, L-GRID-12).

    A unit goes on where its last round ended, also while its post is vacant. One that never had any begins with the
    present period, once it has somebody who can report; until then coverage names it (covering.unmanned).
    """
    today, now = clock.today(), clock.now()
    tree, held, calendar = directory.current(), rhythms.schedules(), limits.current().calendar
    regular = Round.objects.exclude(rhythm=Rhythm.SPECIAL)
    ended = dict(regular.order_by().values("unit").annotate(last=Max("until_on")).values_list("unit", "last"))
    manned = rhythms.manned(today)
    new = [
        Round(
            unit_id=unit.id,
            branch_id=rules.branch(tree, unit.id),
            rhythm=schedule.rhythm,
            period=period.code,
            from_on=first,
            until_on=period.last,
            due_on=rules.fair_due(rules.due_on(schedule, period.last, calendar), today, calendar),
            opened_at=now,
        )
        for unit in tree.units.values()
        if unit.is_active and (unit.id in manned or unit.id in ended)
        for schedule, period, first in _periods(held, unit.id, unit.kind, ended.get(unit.id), today)
    ]
    before = Round.objects.count()
    Round.objects.bulk_create(new, batch_size=2_000, ignore_conflicts=True)
    return Round.objects.count() - before


def _periods(
    held: rhythms.Schedules, unit_id: int, kind: str, ended: date | None, today: date
) -> Iterator[tuple[rules.Schedule, rules.Period, date]]:
    """(setting, period, first day) of each round the unit still lacks. A rhythm that was changed begins after the old one's last period."""
    day = today if ended is None else ended + _DAY
    while day <= today:
        schedule = held.of(unit_id, kind, day)
        if schedule.rhythm == Rhythm.NONE:
            day += _DAY
            continue
        period = rules.period(schedule.rhythm, day)
        yield schedule, period, period.first if ended is None else max(period.first, ended + _DAY)
        ended = period.last
        day = period.last + _DAY


@transaction.atomic
def remind() -> int:
    """Tell units of rounds due tomorrow and today, of missed ones (with town and centre), of findings nobody deals with. Each once.

    Appendix C: screening report 1 and 0 days before, 1 after; no law's term, so it can be muted (ALL-3).
    """
    today, now = clock.today(), clock.now()
    posts = staff(today)
    wishes = carrying.wishes(posts)
    lines = [*_due_lines(today), *_missed_lines(today, now), *_finding_lines(now)]
    return notices.insert([replace(line, is_carried=not wishes.concern(line.to)) for line in lines], now)


def _due_lines(today: date) -> Iterator[Line]:
    days = [today - timedelta(days=offset) for offset in rules.REMINDED]
    waiting = Round.objects.filter(reported_at=None, due_on__in=days, from_on__lte=today).select_related("campaign", "unit")
    for row in waiting:
        offset = (today - row.due_on).days
        when = "今天截止" if offset == 0 else "明天截止"
        to = Addressee(unit_id=row.unit_id)
        yield Line(to=to, kind=DUE, text=f"{row.unit.short_name}{row.title}排查{when}，未发现也要上报。", key=f"sd{row.pk}:{offset}:{to.key}")


def _missed_lines(today: date, now: datetime) -> Iterator[Line]:
    """The unit and its town are told of each round, the centre of each town in one line: a county has 700 villages."""
    rows = list(
        Round.objects.select_for_update(skip_locked=True, of=("self",), no_key=True)
        .filter(reported_at=None, due_on__lt=today, missed_told_at=None)
        .select_related("campaign", "unit", "branch")
        .order_by("due_on", "unit__path")
    )
    together: dict[tuple[int, str, date], list[Round]] = defaultdict(list)
    for row in rows:
        together[row.branch_id, row.period, row.due_on].append(row)
        for unit_id in dict.fromkeys((row.unit_id, row.branch_id)):
            to = Addressee(unit_id=unit_id)
            text = f"{row.unit.short_name}{row.title}排查缺报（{row.due_on:%-m月%-d日}截止）。请补报，未发现也要上报。"
            yield Line(to=to, kind=MISSED, text=text, key=f"sm{row.pk}:{to.key}")
    centre_id = directory.current().centre_id
    for (branch_id, period, due_on), missing in together.items():
        if centre_id is not None and branch_id != centre_id:
            to = Addressee(unit_id=centre_id, role=Role.OFFICE)
            names = "、".join(row.unit.short_name for row in missing[:MOST_NAMED])
            more = f"等 {len(missing)} 个单位" if len(missing) > MOST_NAMED else ""
            branch = missing[0].branch.short_name
            text = f"{branch}：{missing[0].title}排查缺报（{due_on:%-m月%-d日}截止）{names}{more}"
            yield Line(to=to, kind=MISSED, text=text, key=f"sm{branch_id}:{period}:{due_on:%y%m%d}:{min(r.pk for r in missing)}:{to.key}")
    Round.objects.filter(pk__in=[row.pk for row in rows]).update(missed_told_at=now)


def _finding_lines(now: datetime) -> Iterator[Line]:
    """A finding still open after three days, and again every three: counted from the report, so an outage only makes it late."""
    old = now - timedelta(days=rules.FINDING_REMINDED)
    for row in Finding.objects.filter(ending=Ending.OPEN, round__reported_at__lte=old).select_related("round__unit"):
        days = (now - (row.round.reported_at or now)).days
        turn = days // rules.FINDING_REMINDED
        for unit_id in dict.fromkeys((row.round.unit_id, row.round.branch_id)):
            to = Addressee(unit_id=unit_id)
            text = f"{row.round.unit.short_name}排查发现的问题已 {days} 天没有处置：{row.what}"
            yield Line(to=to, kind=FINDING, text=text, key=f"sf{row.pk}:{turn}:{to.key}")


# -- the report ----------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Found:
    """One finding as typed."""

    what: str
    people: str
    area_id: int
    type_code: str
    place: str = ""
    signs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """Who went where and when, how many households; what they came upon. No findings is «nothing found», said as such."""

    who: str
    place: str
    households: int
    visited_on: date
    visited_at: time | None = None
    words: str = ""
    found: tuple[Found, ...] = ()
    submission: UUID | None = None


@transaction.atomic
def report(pk: int, facts: Report, *, by: Scope) -> Round:
    """Report the round of one's own unit, once; late is allowed and said (MED-1, L-GRID-12: 零报告也是报告).

    Raises Round.DoesNotExist outside the scope; NotAllowed 403 for whom it is not, 409 when a colleague has reported (with the
    colleague's name), 422 for what is missing. The same form sent twice gives the same report.
    """
    row = _own(pk, by)
    standing = _reporter(row.unit_id, by)
    if row.reported_at is not None:
        if facts.submission is not None and row.submission == facts.submission:
            return row
        raise NotAllowed(already(row), code="reported")
    _check(row, facts)
    now = clock.now()
    row.is_nothing = not facts.found
    row.who, row.place, row.words = facts.who.strip(), facts.place.strip(), facts.words.strip()
    row.households, row.visited_on, row.visited_at = facts.households, facts.visited_on, facts.visited_at
    row.is_late = clock.today() > row.due_on
    row.reported_by, row.reported_as, row.reported_at = by.user, standing.label[:80], now
    row.submission = facts.submission
    row.save()
    Finding.objects.bulk_create(
        Finding(
            round=row,
            no=no,
            what=one.what.strip(),
            people=one.people.strip(),
            area_id=one.area_id,
            place=one.place.strip(),
            type_code=one.type_code,
            signs=list(one.signs),
        )
        for no, one in enumerate(facts.found, start=1)
    )
    RoundDraft.objects.filter(round=row).delete()
    return row


def already(row: Round) -> str:
    """The sentence for who comes second."""
    who = row.reported_by.name if row.reported_by else ""
    at = f"{timezone.localtime(row.reported_at):%-m月%-d日 %H:%M}" if row.reported_at else ""
    what = "未发现" if row.is_nothing else f"有发现（{row.findings.count()} 项）"
    return f"本轮已由{who}于 {at} 上报：{what}。一轮只报一次，您填写的没有再报。"


def _check(row: Round, facts: Report) -> None:
    if row.from_on > clock.today():
        raise NotAllowed(f"本轮排查从{row.from_on:%-m月%-d日}开始，还不能上报。", code="too_early")
    if not facts.who.strip() or not facts.place.strip():
        raise NotAllowed("请写明谁去排查、走访了哪里。", code="who_and_where", status=422)
    if facts.visited_on > clock.today():
        raise NotAllowed("走访日期不能晚于今天。", code="future", status=422)
    if facts.visited_at is not None and facts.visited_on == clock.today() and facts.visited_at > timezone.localtime(clock.now()).time():
        raise NotAllowed("走访时间不能晚于现在。", code="future", status=422)
    if facts.visited_on < row.from_on:
        raise NotAllowed(f"走访日期不在本轮排查期内（{row.from_on:%-m月%-d日}起）。", code="before_period", status=422)


@transaction.atomic
def keep_draft(pk: int, fields: dict[str, Any], *, by: Scope) -> None:
    """Keep what stands in the form; 409 when the round was reported meanwhile, so that a late autosave brings nothing back."""
    row = _own(pk, by)
    _reporter(row.unit_id, by)
    if row.reported_at is not None:
        raise NotAllowed(already(row), code="reported")
    text = json.dumps(fields, ensure_ascii=False)
    if len(text) > MAX_DRAFT:
        raise NotAllowed("内容太长，未能暂存，请先上报。", code="too_long", status=422)
    RoundDraft.objects.update_or_create(round=row, user=by.user, defaults={"token": cipher.encrypt(text), "saved_at": clock.now()})


def _own(pk: int, by: Scope) -> Round:
    locked = Round.objects.select_for_update(of=("self",)).select_related("unit", "campaign", "reported_by")
    return locked.visible_to(by).get(pk=pk)


def _reporter(unit_id: int, by: Scope) -> Standing:
    standing = rules.reporter(by, unit_id)
    if standing is None:
        raise NotAllowed("排查由本单位的人员上报和处置，上级单位只能查看。", code="wrong_role", status=403)
    return standing


# -- what becomes of a finding -------------------------------------------------------------------------------------------------------------


def begin_dispute(pk: int, intake: intakes.Intake, *, by: Scope) -> Dispute:
    """The finding is written down as a dispute, in one transaction with it; sent twice it makes one (MED-1 → MED-2).

    Raises Finding.DoesNotExist outside the scope, NotAllowed.
    """
    held = intakes.registered_before(intake.submission, by)
    if held is not None and Finding.objects.filter(pk=pk, dispute=held).exists():
        return held
    with transaction.atomic():
        finding = _open(pk, by)
        origin = f"{finding.round.unit.short_name}{finding.round.title}排查发现"
        dispute = intakes.register(replace(intake, extra={**(intake.extra or {}), "screening": origin}), by=by)
        _end(finding, Ending.DISPUTE, by, dispute=dispute)
    return dispute


@transaction.atomic
def link(pk: int, number: str, *, by: Scope) -> Finding:
    """The finding belongs to a dispute that is there already, in the person's sight. Raises Finding.DoesNotExist, NotAllowed."""
    finding = _open(pk, by)
    case = Case.objects.visible_to(by).filter(kind=disputes.CODE, number=number.strip().upper()).first()
    if case is None:
        raise NotAllowed("没有找到这件纠纷，请查找后从列表中选择。", code="no_dispute", status=422)
    if case.closed_at is not None and finding.round.reported_at is not None and case.closed_at < finding.round.reported_at:
        raise NotAllowed("这件纠纷在排查之前已经办结，不能并入。请另行登记。", code="closed", status=422)
    return _end(finding, Ending.LINKED, by, dispute=Dispute.objects.get(pk=case.pk))


@transaction.atomic
def settle(pk: int, *, words: str, by: Scope) -> Finding:
    """Handled on the spot: what was done and what the people say (当场化解). Raises Finding.DoesNotExist, NotAllowed."""
    finding = _open(pk, by)
    if len(words.strip()) < 6:
        raise NotAllowed("请写明怎样化解的、当事人是否认可。", code="words_needed", status=422)
    return _end(finding, Ending.ON_SPOT, by, words=words.strip())


def _open(pk: int, by: Scope) -> Finding:
    locked = Finding.objects.select_for_update(of=("self",)).select_related("round__unit", "round__campaign", "ended_by")
    finding = locked.visible_to(by).get(pk=pk)
    _reporter(finding.round.unit_id, by)
    if finding.ending:
        who = finding.ended_by.name if finding.ended_by else ""
        raise NotAllowed(f"这项发现已由{who}处置：{finding.get_ending_display()}。", code="ended")
    return finding


def _end(finding: Finding, ending: str, by: Scope, *, dispute: Dispute | None = None, words: str = "") -> Finding:
    finding.ending, finding.dispute, finding.words = ending, dispute, words
    finding.ended_by, finding.ended_at = by.user, clock.now()
    finding.save()
    return finding


# -- special rounds ------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Call:
    """A special round as typed: what for, from when until when, whom."""

    name: str
    occasion: str
    focus: str
    from_on: date
    until_on: date
    due_on: date
    unit_ids: tuple[int, ...]
    submission: UUID


def open_campaign(call: Call, *, by: Scope) -> Campaign:
    """Open a round outside the rhythm for chosen units at or below one's own, and tell them (MED-1: key dates, places, groups).

    The same form sent twice opens one. Raises NotAllowed.
    """
    standing = by.holds(rules.OPENING)
    if standing is None:
        raise NotAllowed("专项排查由县中心分流员或者单位负责人发起。", code="wrong_role", status=403)
    _check_call(call, standing)
    try:
        with transaction.atomic():
            return _open_campaign(call, standing, by)
    except IntegrityError:
        held = Campaign.objects.filter(submission=call.submission, opened_by=by.user).first()
        if held is None:
            raise
        return held


def _check_call(call: Call, standing: Standing) -> None:
    tree = directory.current()
    if not call.unit_ids:
        raise NotAllowed("请选择要排查的单位。", code="no_units", status=422)
    if any(i not in tree.units or not tree.units[i].is_within(standing.unit_id) or not tree.units[i].is_active for i in call.unit_ids):
        raise NotAllowed("只能给本单位和下级单位布置专项排查。", code="not_below", status=403)
    if not call.from_on <= call.until_on <= call.due_on:
        raise NotAllowed("日期的先后不对：开始、结束、上报截止须依次在后。", code="order", status=422)
    if call.due_on < clock.today():
        raise NotAllowed("上报截止日不能早于今天。", code="past", status=422)


def _open_campaign(call: Call, standing: Standing, by: Scope) -> Campaign:
    now, tree = clock.now(), directory.current()
    campaign = Campaign.objects.create(
        name=call.name.strip(),
        occasion=call.occasion,
        focus=call.focus.strip(),
        from_on=call.from_on,
        until_on=call.until_on,
        due_on=call.due_on,
        unit_id=standing.unit_id,
        opened_by=by.user,
        opened_at=now,
        submission=call.submission,
    )
    Round.objects.bulk_create(
        Round(
            unit_id=unit_id,
            branch_id=rules.branch(tree, unit_id),
            rhythm=Rhythm.SPECIAL,
            period=f"S{campaign.pk}",
            campaign=campaign,
            from_on=call.from_on,
            until_on=call.until_on,
            due_on=call.due_on,
            opened_at=now,
        )
        for unit_id in dict.fromkeys(call.unit_ids)
    )
    text = f"{standing.unit_name}布置专项排查：{campaign.name}，{call.due_on:%-m月%-d日}前上报，未发现也要上报。"
    notices.insert([Line(to=to, kind=OPENED, text=text, key=f"so{campaign.pk}:{to.key}") for to in _units(call.unit_ids)], now)
    return campaign


@transaction.atomic
def withdraw_campaign(pk: int, *, because: str, by: Scope) -> Campaign:
    """Take a special round back: what nobody has reported is owed no more, what was reported stays (MED-1). Its units are told.

    Raises Campaign.DoesNotExist outside one's posts, NotAllowed.
    """
    found = Campaign.objects.select_for_update(of=("self",)).filter(unit__in=lists.opening_units(by)).get(pk=pk)
    if not because.strip():
        raise NotAllowed("请写明撤回的理由，各单位会看到。", code="words_needed", status=422)
    if found.withdrawn_at is not None:
        raise NotAllowed("这次专项排查已经撤回。", code="withdrawn")
    # Locked first: a report that comes at the same moment is either kept or finds the round gone, never lost.
    waiting = list(Round.objects.select_for_update(of=("self",)).filter(campaign=found, reported_at=None))
    if not waiting:
        raise NotAllowed("各单位都已上报，不用撤回。", code="all_reported")
    now = clock.now()
    found.withdrawn_at, found.withdrawn_by, found.withdrawn_because = now, by.user, because.strip()
    found.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_because"])
    Round.objects.filter(pk__in=[row.pk for row in waiting]).delete()
    text = f"专项排查“{found.name}”已撤回，不用再上报：{found.withdrawn_because}"
    notices.insert([Line(to=to, kind=WITHDRAWN, text=text, key=f"sw{found.pk}:{to.key}") for to in _units([row.unit_id for row in waiting])], now)
    return found


def _units(unit_ids: Collection[int]) -> Iterable[Addressee]:
    return [Addressee(unit_id=unit_id) for unit_id in dict.fromkeys(unit_ids)]


# -- the settings --------------------------------------------------------------------------------------------------------------------------


@transaction.atomic
def set_rhythm(*, kind: str, unit_id: int | None, schedule: rules.Schedule, valid_from: date, reason: str, by: Scope) -> ScreeningRhythm:
    """A new version of a rhythm, from today or later; rounds already open keep theirs (L-CUR-7). Raises NotAllowed."""
    check_holds(by.roles, Role.SYSTEM_ADMIN)
    if bool(kind) == bool(unit_id):
        raise NotAllowed("请选择单位类型，或者某一个单位，二者选一。", code="whom", status=422)
    if valid_from < clock.today():
        raise NotAllowed("新的周期只能从今天或以后施行。", code="past", status=422)
    held = ScreeningRhythm.objects.select_for_update().filter(kind=kind, unit=unit_id)
    if any(row.valid_from >= valid_from for row in held):
        raise NotAllowed("这一天或者以后已经有一个版本，新版本须更晚施行。", code="taken", status=422)
    made = ScreeningRhythm.objects.create(
        kind=kind,
        unit_id=unit_id,
        rhythm=schedule.rhythm,
        due_days=schedule.due_days,
        due_unit=schedule.due_unit,
        valid_from=valid_from,
        changed_by=by.user,
        changed_at=clock.now(),
        reason=reason.strip(),
    )
    access.log(
        AccessEntry.Event.POLICY,
        user=by.user,
        unit_id=by.home.unit_id if by.home else None,
        object_type="screening_rhythm",
        object_id=made.pk,
        object_label=f"排查周期：{Rhythm(schedule.rhythm).label}，自 {valid_from} 起",
        ground=reason.strip(),
        detail={
            "单位": made.get_kind_display() if made.unit is None else made.unit.name,
            "周期结束后几日内上报": f"{schedule.due_days}{DueUnit(schedule.due_unit).label}",
        },
    )
    return made
