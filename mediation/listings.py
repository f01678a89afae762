"""The lists of this app that can be taken out as a file (casework.exports_lists), each with the rows and columns of its page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice
from typing import Any

from casework import kinds, lamps
from casework.exports_lists import CHUNK, Cells, Heading, Listing, Params, Table, register
from casework.queries import lists as cases
from casework.rules import NotAllowed, local_date
from mediation.chamber import queries as chamber
from mediation.chamber import rules as chamber_rules
from mediation.corps import queries as corps
from mediation.figures import queries as figures
from mediation.figures.rules import DEFINITIONS
from mediation.matching import pages as teams
from mediation.matching import queries as matching
from mediation.models import Campaign, Conversation, Finding, PaySheet, PayStop, Round
from mediation.pay import assessing
from mediation.pay import queries as pay
from mediation.pay.rules import money
from mediation.queries import court
from mediation.rules.actors import KEEPERS
from mediation.screening import rules as screening_rules
from mediation.screening.queries import covering, lists, tables
from organisations import clock
from organisations.models import Unit
from organisations.scope import Scope

#: Widths in characters; what is not named here is WIDTH wide.
WIDTH = 14
_WIDTHS = {
    "擅长纠纷": 36,
    "情况和结果": 48,
    "参加人员": 36,
    "缺少": 24,
    "所在单位": 20,
    "单位": 20,
    "电话（脱敏）": 16,
    "轮次": 32,
    "什么事": 48,
    "风险苗头": 24,
    "名称": 32,
    "撤回理由": 32,
    "纠纷": 48,
    "编号": 22,
    "案号": 24,
    "属地": 24,
    "团队成员": 60,
    "还缺": 24,
    "村（社区）": 32,
    "调委会": 32,
    "意见": 48,
    "计算说明": 60,
    "不发或待核实的原因": 40,
    "调解员": 20,
    "说明": 32,
    "考核情况": 40,
    "决定": 24,
    "恢复理由": 32,
    "地点": 24,
    "来源": 20,
    "上报时间": 18,
    "最近": 18,
    "移送时间": 18,
}


def headings(labels: Sequence[str]) -> list[Heading]:
    return [Heading(label, _WIDTHS.get(label, WIDTH)) for label in labels]


def _of_rows(words: str, labels: Sequence[str], rows: Sequence[Sequence[Any]]) -> Table:
    """A short table that is reckoned as a whole."""

    def every() -> Iterator[Sequence[Any]]:
        yield from rows

    return Table(words, headings(labels), lambda most: len(rows), every)


# -- the corps --------------------------------------------------------------------------------------------------------------------------------


def _people(scope: Scope, params: Params) -> Table:
    wanted = corps.read(params)
    found = corps.people(scope, wanted)
    return Table(wanted.words, headings(corps.HEADINGS), lambda most: found[: most + 1].count(), lambda: corps.cells(found))


def _duties(scope: Scope, params: Params) -> Table:
    month = _month(params.get("month", ""))
    rows = list(corps.fulfilment_cells(corps.fulfilment(scope, month.year, month.month)))
    return _of_rows(f"{month:%Y年%-m月}", corps.DUTY_HEADINGS, rows)


def _month(text: str) -> date:
    """The first day of the month asked for, not after this one."""
    this = clock.today().replace(day=1)
    try:
        return min(date.fromisoformat(f"{text[:7]}-01"), this)
    except ValueError:
        return this


def _activities(scope: Scope, params: Params) -> Table:
    found = corps.activities(scope, corps.read_activities(params))
    return Table("", headings(corps.ACTIVITY_HEADINGS), lambda most: found[: most + 1].count(), lambda: corps.activity_cells(found))


_LEARNER = ("姓名", "所在单位", "培训天数", "差额", "月例会", "观摩调解", "旁听庭审")


def _learners(scope: Scope, params: Params) -> Table:
    year = corps.read_year(params)
    return _of_rows(f"{year}年", _LEARNER, [_learner(row) for row in corps.learners(scope, year)])


def _learner(row: corps.Learner) -> Cells:
    lack = f"差 {row.short_by.normalize():f} 天" if row.short_by else "达标"
    person = row.mediator
    return (person.name, person.unit.short_name, f"{row.days.normalize():f}", lack, row.meetings, row.observations, row.hearings)


_TRAINING = ("名称", "日期", "种类", "天数", "单位", "地点", "主讲", "参加人数")


def _trainings(scope: Scope, params: Params) -> Table:
    year = corps.read_year(params)
    found = corps.trainings(scope).filter(on__year=year)

    def rows() -> Iterator[Cells]:
        for row in found.iterator(chunk_size=CHUNK):
            days = f"{row.days.normalize():f}"
            came = row.came  # type: ignore[attr-defined]  # annotated by corps.trainings
            yield (row.name, row.on, row.get_kind_display(), days, row.unit.short_name, row.place, row.teacher, came)

    return Table(f"{year}年", headings(_TRAINING), lambda most: found[: most + 1].count(), rows)


_TOWN_GAPS = ("镇（街）", "达标", "不足", "缺人", "户数未知", "调委会不全")
_PLACE_GAPS = ("单位", "类型", "户数", "应配", "在任", "缺口", "调委会")


def _town_gaps(scope: Scope, params: Params) -> Table:
    rows = [(town.unit.short_name, town.met, town.short, town.missing, town.unknown, town.committees) for town in corps.gaps(scope)]
    return _of_rows("", _TOWN_GAPS, rows)


def _place_gaps(scope: Scope, params: Params) -> Table:
    """The places of one town, as the page shows them: of the one asked for, or the only one."""
    towns = corps.gaps(scope)
    town = next((town for town in towns if str(town.unit.id) == params.get("town", "")), towns[0] if len(towns) == 1 else None)
    if town is None:
        raise NotAllowed("请先选择一个镇（街），再导出它的村、站。", code="no_town", status=422)
    return _of_rows(town.unit.short_name, _PLACE_GAPS, [_place(place) for place in town.places])


def _place(place: corps.Place) -> Cells:
    gap = place.gap
    houses = "" if place.unit.kind != Unit.Kind.ROOM else "未知" if gap.households is None else gap.households
    lack = "未知" if gap.needed is None else f"缺 {gap.missing} 人" if gap.missing else "达标"
    board = "" if place.unit.kind == Unit.Kind.AREA_STATION else "；".join(place.committee) or "齐全"
    return (place.unit.short_name, place.kind, houses, "未知" if gap.needed is None else gap.needed, gap.present, lack, board)


# -- sweeps -----------------------------------------------------------------------------------------------------------------------------------


def _coverage(scope: Scope, params: Params) -> Table:
    wanted = lists.read(params, clock.today())
    found = covering.coverage(scope, wanted)
    words = f"{wanted.since} 至 {wanted.until} · 覆盖率＝已报÷（轮次－未到期）"
    return _of_rows(words, tables.HEADINGS, [tables.cells(line) for line in [*found.lines, found.total]])


_ROUND = ("单位", "所属", "轮次", "截止", "结果", "走访户数", "上报人", "上报时间")


def _rounds(scope: Scope, params: Params) -> Table:
    today = clock.today()
    wanted = lists.read(params, today)
    found = lists.rounds(scope, wanted)
    label, _ = lists.statuses(today).get(wanted.status, ("", None))
    return Table(
        _told(label, wanted),
        headings(_ROUND),
        lambda most: found[: most + 1].count(),
        lambda: (_round(row, today) for row in found.iterator(chunk_size=CHUNK)),
    )


def _told(label: str, wanted: lists.Wanted) -> str:
    return "·".join(part for part in (label, f"{wanted.since} 至 {wanted.until}") if part)


def _round(row: Round, today: date) -> Cells:
    if row.reported_at:
        result = ("未发现" if row.is_nothing else "有发现") + ("，逾期" if row.is_late else "")
    else:
        result = "缺报" if row.due_on < today else "未到期"
    visited = "" if row.households is None else f"{row.households} {row.visited.word}"
    above = row.branch.short_name if row.branch_id != row.unit_id else ""
    reporter = row.reported_by.name if row.reported_by else ""
    return (row.unit.short_name, above, row.title, row.due_on, result, visited, reporter, row.reported_at)


_FINDING = ("什么事", "单位", "类型", "风险苗头", "处置", "编号", "上报时间")


def _findings(scope: Scope, params: Params) -> Table:
    wanted = lists.read(params, clock.today())
    if params.get("open") == "1":
        words, found = "各期待处置", lists.open_findings(scope)
    else:
        label, _ = lists.ENDINGS.get(wanted.status, ("", None))
        words, found = _told(label, wanted), lists.findings(scope, wanted)
    return Table(
        words,
        headings(_FINDING),
        lambda most: found[: most + 1].count(),
        lambda: (_finding(row) for row in found.iterator(chunk_size=CHUNK)),
    )


def _finding(row: Finding) -> Cells:
    ending = row.get_ending_display() if row.ending else "待处置"
    number = row.dispute.case.number if row.dispute else ""
    return (row.what, row.round.unit.short_name, row.get_type_code_display(), "、".join(row.sign_words), ending, number, row.round.reported_at)


_CAMPAIGN = ("名称", "类别", "上报截止", "已上报", "应上报", "布置人", "布置日期", "状态", "撤回理由")


def _campaigns(scope: Scope, params: Params) -> Table:
    if scope.holds(screening_rules.OPENING) is None:
        raise NotAllowed("专项排查由布置单位查看、导出。", code="wrong_role", status=403)
    found = lists.campaigns(scope)
    return Table(
        "",
        headings(_CAMPAIGN),
        lambda most: found[: most + 1].count(),
        lambda: (_campaign(row) for row in found.iterator(chunk_size=CHUNK)),
    )


def _campaign(row: Campaign) -> Cells:
    reported, asked = row.reported, row.asked  # type: ignore[attr-defined]  # annotated by lists.campaigns
    state = "已撤回" if row.withdrawn_at else "全部上报" if reported == asked else "上报中"
    opened_on = local_date(row.opened_at)
    owed = "" if row.withdrawn_at else asked
    return (row.name, row.get_occasion_display(), row.due_on, reported, owed, row.opened_by.name, opened_on, state, row.withdrawn_because)


# -- pay --------------------------------------------------------------------------------------------------------------------------------------

_SHEET = ("月份", "单位", "状态", "合计（元）", "编制", "初审", "审定")


def _sheets(scope: Scope, params: Params) -> Table:
    found = pay.sheets(scope)
    return Table(
        "",
        headings(_SHEET),
        lambda most: found[: most + 1].count(),
        lambda: (_sheet(row) for row in found.iterator(chunk_size=CHUNK)),
    )


def _sheet(row: PaySheet) -> Cells:
    state = row.get_state_display() + ("，被退回" if row.returned_words else "")
    people = (person.name if person else "" for person in (row.drafted_by, row.checked_by, row.fixed_by))
    return (f"{row.month:%Y-%m}", row.unit.short_name, state, money(row.total), *people)


_OWN = ("月份", "项目", "实发（元）", "计算说明", "不发或待核实的原因")


def _own_lines(scope: Scope, params: Params) -> Table:
    found = pay.own_lines(scope)

    def rows() -> Iterator[Cells]:
        for line in found.iterator(chunk_size=CHUNK):
            reason = f"{line.get_state_display()}：{line.reason}" if line.reason else ""
            yield (f"{line.month:%Y-%m}", line.get_kind_display(), money(line.amount), line.words, reason)

    return Table("", headings(_OWN), lambda most: found[: most + 1].count(), rows)


_ASSESSMENT = ("调解员", "单位", "年度", "结果", "办案", "调成", "培训（天）", "履职（次）", "意见", "考核人", "考核日期")


def _assessments(scope: Scope, params: Params) -> Table:
    found = assessing.assessments(scope)

    def rows() -> Iterator[Cells]:
        for row in found.iterator(chunk_size=CHUNK):
            figures_of = (row.facts["mediated"], row.facts["agreed"], row.facts["training_days"], row.facts["duties"])
            who, on = row.by.name, local_date(row.at)
            yield (row.mediator.name, row.mediator.unit.short_name, row.year, row.get_verdict_display(), *figures_of, row.words, who, on)

    return Table("", headings(_ASSESSMENT), lambda most: found[: most + 1].count(), rows)


_STOP = ("调解员", "单位", "考核年度", "停发之日", "考核情况", "登记人", "登记日期", "决定", "恢复之日", "恢复理由", "决定人")


def _stops(scope: Scope, params: Params) -> Table:
    found = pay.stops(scope)
    return Table("", headings(_STOP), lambda most: found[: most + 1].count(), lambda: (_stop(row) for row in found.iterator(chunk_size=CHUNK)))


def _stop(row: PayStop) -> Cells:
    decision = row.get_release_display() if row.release else "停发中"
    decided = (decision, row.released_on, row.released_words, row.released_by.name if row.released_by else "")
    person = row.mediator
    return (person.name, person.unit.short_name, row.year, row.from_on, row.words, row.by.name, local_date(row.at), *decided)


# -- the court desk ---------------------------------------------------------------------------------------------------------------------------

_COURT = ("纠纷", "编号", "类型", "移送单位", "移送时间", "已经天数", "阶段", "最近办理", "案号", "结果", "办结", "免收诉讼费（元）")


def _court(scope: Scope, params: Params) -> Table:
    show = params.get("show", "")
    show = show if show in court.SHOWS else court.RUNNING
    found = court.matters(scope, show)

    def rows() -> Iterator[Cells]:
        every = found.iterator(chunk_size=CHUNK)
        while held := list(islice(every, CHUNK)):
            yield from (_matter(row) for row in court.rows(held))

    return Table(court.SHOWS[show], headings(_COURT), lambda most: found[: most + 1].count(), rows)


def _matter(row: court.DeskRow) -> Cells:
    case, matter = row.matter.dispute.case, row.matter
    came = (row.result, matter.ended_on, matter.fee_waived)
    return (case.title, case.number, case.topic, row.from_unit, matter.sent_at, row.days, row.stage, row.last_on, matter.court_number, *came)


# -- the online room --------------------------------------------------------------------------------------------------------------------------

_TALK = ("什么事", "未读", "编号", "谁", "属地", "方式", "调解员", "状态", "期限", "最近")


def _room(scope: Scope, params: Params) -> Table:
    if scope.holds(chamber_rules.ROOM) is None:
        raise NotAllowed("掌上调解室由调解员和所在单位查看、导出。", code="wrong_role", status=403)
    show = params.get("show", "waiting")
    show = show if show in chamber.SHOWS else "waiting"
    found, today = chamber.listed(scope, show), clock.today()
    return Table(
        chamber.SHOWS[show][0],
        headings(_TALK),
        lambda most: found[: most + 1].count(),
        lambda: (_talk(row, today) for row in found.iterator(chunk_size=CHUNK)),
    )


def _talk(row: Conversation, today: date) -> Cells:
    people = "、".join(one.mediator.name for one in row.invited.all()) or row.unit.short_name
    due = lamps.lamp(row.aid.due_on, row.aid.warn_on, row.aid.closed_at, today).text if row.way == chamber_rules.Way.AID else ""
    new = row.new  # type: ignore[attr-defined]  # annotated by chamber.listed
    return (row.what, new, row.number, row.name, row.area.name, row.get_way_display(), people, row.get_state_display(), due, row.said_at)


# -- relations and teams ----------------------------------------------------------------------------------------------------------------------

_TIE = ("调解员", "所在单位", "当事人", "证件号码（脱敏）", "关系", "说明", "来源", "有效期至", "登记单位", "登记人", "登记日期", "状态")


def _ties(scope: Scope, params: Params) -> Table:
    if scope.holds(KEEPERS) is None:
        raise NotAllowed("调解关系由登记单位查看、导出。", code="wrong_role", status=403)
    found, words = matching.ties(scope), params.get("q", "").strip()[:60]
    if words:
        found = found.filter(matching.named(words))

    def rows() -> Iterator[Cells]:
        for row in found.iterator(chunk_size=CHUNK):
            yield (
                row.mediator.name,
                row.mediator.unit.short_name,
                row.person_name,
                row.person_masked,
                row.get_kind_display(),
                row.words,
                row.get_source_display(),
                row.valid_until,
                row.unit.short_name,
                row.entered_by.name,
                local_date(row.entered_at),
                f"已撤销：{row.withdrawn_because}" if row.withdrawn_at else "",
            )

    return Table("", headings(_TIE), lambda most: found[: most + 1].count(), rows)


_TEAM = ("村（社区）", "团队成员", "还缺")


def _teams(scope: Scope, params: Params) -> Table:
    rows = [
        (team.area.path_name, "；".join(f"{seat.get_part_display()} {seat.name}" for seat in team.seats), "、".join(team.missing) or "齐全")
        for team in teams.every_team(scope)
    ]
    return _of_rows("", _TEAM, rows)


# -- behind a figure --------------------------------------------------------------------------------------------------------------------------

_CASE = ("纠纷", "编号", "属地", "类型", "责任单位", "状态")


def _behind(scope: Scope, params: Params) -> Table:
    wanted = figures.read(params)
    ids = figures.behind(scope, wanted).case_ids

    def rows() -> Iterator[Cells]:
        for start in range(0, len(ids), CHUNK):
            for row in cases.rows_of(scope, ids[start : start + CHUNK]):
                state = kinds.get(row.case.kind).states.get(row.case.state, row.case.state)
                yield (row.case.title, row.case.number, row.area, row.case.topic, row.unit, state)

    told = (figures.group_words(wanted), DEFINITIONS[wanted.figure].label, f"{wanted.period.since} 至 {wanted.period.until}")
    return Table("·".join(part for part in told if part), headings(_CASE), lambda most: len(ids), rows)


#: What somebody typed to find a person stays out of the log.
register(Listing("corps", "调解队伍", "mediation:corps", _people, counted="人", private=frozenset({"q"})))
register(Listing("corps_duties", "四个至少", "mediation:corps-duties", _duties))
register(Listing("corps_activities", "站办联动台账", "mediation:corps-activities", _activities, counted="次"))
register(Listing("screening_coverage", "排查覆盖", "mediation:screening-coverage", _coverage))
register(Listing("corps_learners", "培训参加情况", "mediation:corps-training", _learners, counted="人"))
register(Listing("corps_trainings", "已举办的培训", "mediation:corps-training", _trainings, counted="次"))
register(Listing("corps_gaps", "配备缺口", "mediation:corps-gaps", _town_gaps))
register(Listing("corps_gap_places", "村、站配备缺口", "mediation:corps-gaps", _place_gaps, counted="处"))
register(Listing("screening_rounds", "排查轮次", "mediation:screening-rounds", _rounds, counted="轮"))
register(Listing("screening_findings", "排查发现", "mediation:screening-findings", _findings, counted="项"))
register(Listing("screening_special", "专项排查", "mediation:screening-special", _campaigns, counted="次"))
register(Listing("pay_sheets", "补贴发放表", "mediation:pay", _sheets, counted="张"))
register(Listing("pay_own", "我的补贴", "mediation:pay", _own_lines))
register(Listing("pay_assessments", "年度考核", "mediation:pay-assessments", _assessments))
register(Listing("pay_stops", "停发与恢复", "mediation:pay-stops", _stops))
register(Listing("court", "便民巡回法庭", "mediation:court", _court, counted="件"))
register(Listing("room", "掌上调解室", "mediation:room", _room, counted="件"))
register(Listing("ties", "调解关系", "mediation:ties", _ties, private=frozenset({"q"})))
register(Listing("teams", "“3+N”团队", "mediation:teams", _teams, counted="个"))
register(Listing("mediation_behind", "调解数据清单", "mediation:figures-cases", _behind, counted="件"))
