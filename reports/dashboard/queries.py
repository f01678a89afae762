"""The dashboard's board out of the dictionary of measures, and of nothing else. About thirty statements, whatever the number of cases.

Addresses come from the doors (`Links`): the list behind a number, and the dashboard of a part.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Count, F
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from casework import kinds
from casework.models import Case, Reach
from casework.queries import lists
from casework.queries.filters import Filters
from organisations import clock, directory
from organisations.models import User
from organisations.scope import Scope
from petitions import codes
from reports.charts import svg
from reports.charts.data import Lines, Mark, Places, Ranking, Series, Stack, Stacks, Tile, Tree, levels
from reports.dashboard.board import Board, Card, Hot, Lamps, Late, Said
from reports.models import FactState
from reports.queries import places
from reports.queries.figures import Figure, Selection, case_ids, read_many, split
from reports.rules import suppression
from reports.rules.measures import MEASURES, Sort
from reports.rules.periods import Basis, Period, Span, before, year_before

SIX = ("visitors", "cases", "reply_on_time", "overdue", "once", "satisfaction")
_EXTRA = ("visits", "groups", "near", "open", "participation")
#: What a share's rest is called.
_MISSED = {"reply_on_time": "未按期", "once": "未一次化解", "satisfaction": "不满意"}
_AGAINST = {
    Span.DAY: "较昨日",
    Span.WEEK: "较上周同期",
    Span.MONTH: "较上月同期",
    Span.QUARTER: "较上季同期",
    Span.YEAR: "较上年同期",
    Span.ANY: "较前一期",
}
#: Days the small lines and the trend are drawn of, and of the trend alone; a longer period is drawn by weeks.
_BACK, _TREND, _LONG = 84, 30, 92
#: Rows of the list of late cases; units with lamps; hot matters.
_LATE, _LAMPS, _HOT = 8, 6, 5
#: A hot matter: so often in so many days (L-CLS-58).
HOT_LEAST, HOT_DAYS = 3, 90
#: No figure is older (issue 5 §2).
MOST_AGE = timedelta(seconds=60)


#: A late case before anybody looks at it: words, tone, which one.
_Row = tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class Links:
    """`behind(selection, measure, part, **changes)` is the list a number counts; `board(selection, **changes)` the dashboard itself."""

    behind: Callable[..., str]
    board: Callable[..., str]


@dataclass(frozen=True, slots=True)
class _Counted:
    """What follows from the facts alone, and so is kept as long as no fact changes. It names no person and no words of a case."""

    cards: tuple[Card, ...]
    trend: Lines
    towns: dict[str, Mark]
    villages: Places | None
    elsewhere: int
    ranking: Ranking
    tree: Tree
    overdue: Said
    near: Said
    late: tuple[_Row, ...]
    lamps: tuple[Lamps, ...]
    hot: tuple[Hot, ...]


def board(where: Selection, scope: Scope, links: Links, page: str) -> Board:
    """Everything of the page, for one selection. While no fact changes, only who has the late cases and the map are asked again.

    `page` names the dashboard the addresses lead to: what is kept holds addresses.
    """
    state = current()
    counted = _held(where, links, page, state)
    fresh_at = state.refreshed_at if state else None
    return Board(
        where=where,
        title="全县" if where.ground.is_county else directory.current().units[where.ground.unit_id].short_name,
        cards=counted.cards,
        trend=counted.trend,
        places=counted.villages or places.chart("乡镇分布", counted.towns),
        elsewhere=counted.elsewhere,
        ranking=counted.ranking,
        tree=counted.tree,
        overdue=counted.overdue,
        near=counted.near,
        late=_late(counted.late, scope),
        lamps=counted.lamps[:_LAMPS],
        stacks=_stacks(counted.lamps),
        hot=counted.hot,
        wider=_wider(scope),
        drilled=_drilled(where, links),
        fresh_at=fresh_at,
        is_old=fresh_at is None or clock.now() - fresh_at > MOST_AGE * 2,
    )


def cards(where: Selection, links: Links, page: str, state: FactState | None) -> tuple[Card, ...]:
    """The six figures alone, for another page."""
    return _held(where, links, page, state).cards


def current() -> FactState | None:
    """How the facts stand."""
    return FactState.objects.first()


def is_fresh(state: FactState | None) -> bool:
    """Whether the facts are at most a minute old."""
    return state is not None and state.refreshed_at is not None and clock.now() - state.refreshed_at < MOST_AGE


def _held(where: Selection, links: Links, page: str, state: FactState | None) -> _Counted:
    seen = hashlib.sha256(repr((page, where, (state.version, state.tallied) if state else None)).encode()).hexdigest()
    counted: _Counted | None = cache.get(f"board:{seen}")
    if counted is None:
        counted = _count(where, links)
        cache.set(f"board:{seen}", counted, int(MOST_AGE.total_seconds()) * 10)
    return counted


def _count(where: Selection, links: Links) -> _Counted:
    earlier = where.within(period=before(where.period), on=before(where.period).until)
    now = read_many([*SIX, *_EXTRA], where)
    then = read_many([code for code in SIX if code != "overdue"], earlier) | read_many(["overdue"], where.within(on=where.on - timedelta(days=1)))
    a_year = year_before(where.period)
    last_year = read_many(["cases", "visitors"], where.within(period=a_year, on=a_year.until))
    by_unit = _rolled(where, ("reply_on_time", "once", "satisfaction", "overdue", "near", "open"))
    days = _days(where)
    found = _Found(where, links, now, then, last_year, by_unit, days)
    topics = split(["cases"], where, "topic" if where.topic else "subcategory")
    by_topic = {key: cells["cases"].numerator for key, cells in topics.rows.items()}
    towns, elsewhere = ({}, 0) if where.ground.is_place else _towns(where, links)
    return _Counted(
        cards=tuple(_card(code, found, by_topic) for code in SIX),
        trend=_trend(where, days, links),
        towns=towns,
        villages=_villages(where, links) if where.ground.is_place else None,
        elsewhere=elsewhere,
        ranking=_ranking(found),
        tree=_tree(where, by_topic, links),
        overdue=_said(now["overdue"], where, links),
        near=_said(now["near"], where, links),
        late=_latest(where, now["overdue"].numerator, now["near"].numerator),
        lamps=_lamps(found),
        hot=_hot(where, links),
    )


# -- the six ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Found:
    """What the parts of the page share."""

    where: Selection
    links: Links
    now: dict[str, Figure]
    then: dict[str, Figure]
    last_year: dict[str, Figure]
    by_unit: dict[Any, dict[str, Figure]]
    days: dict[date, dict[str, Figure]]

    @property
    def key(self) -> str:
        """By what units are compared: on a department's own ground, its towns."""
        return dimension(self.where)

    def name(self, key: Any) -> str:
        if self.key == "town":
            return places.towns().get(key, "县直")
        unit = directory.current().units.get(key)
        return unit.short_name if unit else "未定单位"

    def changes(self, key: Any) -> dict[str, Any]:
        return {self.key: key}

    def told(self, counts: Mapping[Any, int]) -> frozenset[Any]:
        """Whose numbers of one row the reader may know. The county sees every case, a department every one it answers for;
        on a town's ground other units' small numbers stay hidden, and what they could be reckoned from (L-SEC-41)."""
        ground = self.where.ground
        if ground.is_county or ground.unit_ids:
            return frozenset(counts)
        tree = directory.current()
        own = [key for key in counts if key in tree.units and tree.units[key].is_within(ground.unit_id)]
        return frozenset(counts) - suppression.hidden(counts, own)

    def counted(self, code: str) -> dict[Any, int]:
        return {key: cells[code].denominator for key, cells in self.by_unit.items()}

    def missed(self, code: str) -> dict[Any, int]:
        return {key: cells[code].denominator - cells[code].numerator for key, cells in self.by_unit.items()}


def dimension(where: Selection) -> str:
    return "town" if where.ground.unit_ids else "unit"


def _said(figure: Figure, where: Selection, links: Links, part: str = "counted", **changes: Any) -> Said:
    """A figure as words that open its list."""
    count = {"counted": figure.denominator, "met": figure.numerator, "missed": figure.denominator - figure.numerator}[part]
    words = figure.text if part == "counted" else f"{count:,}"
    if figure.measure.sort is Sort.COUNT:
        words = f"{count:,}"
    return Said(words, links.behind(where, figure.measure.code, part, **changes), count)


def _card(code: str, found: _Found, by_topic: Mapping[str, int]) -> Card:
    measure, figure = MEASURES[code], found.now[code]
    change, direction = changed(figure, found.then[code], "较昨日" if code == "overdue" else _AGAINST[found.where.period.span])
    return Card(
        code=code,
        name=measure.name.removesuffix("（责任单位）"),
        unit="%" if measure.is_share else measure.sort.value,
        value=_said(figure, found.where, found.links),
        formula=measure.formula,
        change=change,
        direction=direction,
        notes=tuple(_notes(code, found, by_topic)),
        spark=_spark(code, found.days),
        is_bad=code == "overdue" and figure.numerator > 0,
        target="" if measure.target is None or not measure.is_share else f"目标 {measure.target}%",
    )


def changed(now: Figure, then: Figure, against: str) -> tuple[str, str]:
    """«较上月同期 +8.2%» and whether that is up, down or neither. Shares differ by points, a count from nothing by its number."""
    value, old = now.value, then.value
    if value is None or old is None:
        return f"{against}无可比数", ""
    step = value - old
    direction = "up" if step > 0 else "down" if step < 0 else ""
    if not step:
        return f"{against}持平", direction
    sign = "+" if step > 0 else "−"
    if now.measure.is_share:
        return f"{against} {sign}{abs(step):.1f} 个点", direction
    if not old or now.measure.is_stock:
        return f"{against} {sign}{abs(step):,.0f}", direction
    return f"{against} {sign}{abs(step) * 100 / old:.1f}%", direction


def _notes(code: str, found: _Found, by_topic: Mapping[str, int]) -> Iterable[Said]:
    """The reason: what the change is mostly made of, with the list."""
    where, links, figure = found.where, found.links, found.now[code]
    if code == "visitors":
        yield from _last_year(code, found)
        groups = found.now["groups"]
        yield Said(f"集体访 {groups.numerator} 批", links.behind(where, "groups"), groups.denominator)
    elif code == "cases":
        most = max(by_topic, key=lambda key: (by_topic[key], key), default="")
        yield from _last_year(code, found)
        if most:
            yield Said(
                f"{_topic(most)} {by_topic[most]} 件最多", links.behind(where, "cases", category=most) if len(most) >= 4 else "", by_topic[most]
            )
    elif code == "overdue":
        yield from _most(found, code, "counted", found.counted(code), "件最多")
    elif figure.denominator:
        missed = figure.denominator - figure.numerator
        yield Said(f"{_MISSED[code]} {missed} 件", links.behind(where, code, "missed"), missed)
        yield from _most(found, code, "missed", found.missed(code), "件")


def _last_year(code: str, found: _Found) -> Iterable[Said]:
    """同比, where the figure is not held against last year already."""
    if found.where.period.span is not Span.YEAR:
        yield Said(changed(found.now[code], found.last_year[code], "同比")[0])


def _most(found: _Found, code: str, part: str, counts: Mapping[Any, int], ending: str) -> Iterable[Said]:
    """The unit with most of them, where its number may be told."""
    told = found.told(counts)
    key = max(counts, key=lambda unit: (counts[unit], str(unit)), default=None)
    if key is not None and counts[key] and key in told:
        yield Said(f"{found.name(key)} {counts[key]} {ending}", found.links.behind(found.where, code, part, **found.changes(key)), counts[key])


# -- units --------------------------------------------------------------------------------------------------------------


def _rolled(where: Selection, wanted: tuple[str, ...]) -> dict[Any, dict[str, Figure]]:
    """The figures of each department and town, what lies below a unit counted with it: exactly what the address of a unit counts."""
    key = dimension(where)
    rows = split(wanted, where, key).rows
    if key == "town":
        return {code: cells for code, cells in rows.items() if code}
    tree = directory.current()
    sums: dict[int, dict[str, list[int]]] = defaultdict(lambda: {code: [0, 0] for code in wanted})
    for unit_id, cells in rows.items():
        unit = tree.units.get(unit_id)
        # What the centre itself holds has no address of its own: the centre's is the whole county.
        if unit is None or len(unit.ancestor_ids) < 2:
            continue
        top = unit.ancestor_ids[1]
        for code, figure in cells.items():
            sums[top][code][0] += figure.numerator
            sums[top][code][1] += figure.denominator
    return {unit_id: {code: Figure(MEASURES[code], both[0], both[1], unit_id) for code, both in cells.items()} for unit_id, cells in sums.items()}


def _ranking(found: _Found) -> Ranking:
    measure = MEASURES["reply_on_time"]
    may_know = found.told(found.counted(measure.code))
    marks = []
    for key, cells in found.by_unit.items():
        figure = cells[measure.code]
        if not figure.denominator:
            continue
        told = key in may_know
        url = found.links.behind(found.where, measure.code, **found.changes(key)) if told else ""
        if figure.is_rankable and told:
            marks.append(Mark(found.name(key), figure.value, url, f"{figure.text}%", str(key)))
        else:
            marks.append(Mark(found.name(key), None, url, f"{figure.denominator} 件，不排名" if told else "件数少，不显示", str(key)))
    return Ranking("按期答复率", tuple(marks), measure.target, measure.least, "乡镇（街道）" if found.key == "town" else "单位")


def _lamps(found: _Found) -> tuple[Lamps, ...]:
    """Units with open cases, the reddest first, then those with most."""
    may_know = found.told(found.counted("open")) & found.told(found.counted("near")) & found.told(found.counted("overdue"))
    rows = []
    for key, cells in found.by_unit.items():
        late, near, whole = cells["overdue"], cells["near"], cells["open"]
        if not whole.numerator or key not in may_know:
            continue
        changes, links, where = found.changes(key), found.links, found.where
        ok = whole.numerator - near.numerator - late.numerator
        share = 100 / whole.numerator
        rows.append(
            Lamps(
                found.name(key),
                _said(whole, where, links, **changes),
                _said(near, where, links, **changes),
                _said(late, where, links, **changes),
                ok,
                round(ok * share, 2),
                round(near.numerator * share, 2),
                round(late.numerator * share, 2),
            )
        )
    return tuple(sorted(rows, key=lambda row: (-(row.overdue.count or 0), -(row.open.count or 0), row.label)))


def _stacks(lamps: tuple[Lamps, ...]) -> Stacks:
    return Stacks(
        "在办三色灯",
        "件",
        tuple(
            Stack(
                row.label,
                (
                    Mark("正常", row.ok, tone="ok"),
                    Mark("临期", row.near.count, row.near.url, tone="warn"),
                    Mark("超期", row.overdue.count, row.overdue.url, tone="bad"),
                ),
                row.open.url,
            )
            for row in lamps
        ),
    )


# -- days ---------------------------------------------------------------------------------------------------------------


def _days(where: Selection) -> dict[date, dict[str, Figure]]:
    """The last weeks day by day, each measure by its own date, up to the end of the period."""
    until = where.on
    period = Period(until - timedelta(days=_BACK - 1), until)
    rows = split(["cases", "closed", "visitors", "reply_on_time", "once", "satisfaction"], where.within(period=period, basis=Basis.OWN), "day").rows
    return {day: cells for day, cells in rows.items() if isinstance(day, date)}


def _spark(code: str, days: Mapping[date, Mapping[str, Figure]]) -> SafeString:
    """Twelve weeks as a small line. A stock has no past that can be asked cheaply, so it has none."""
    if not days or code == "overdue":
        return SafeString("")
    last = max(days)
    sums = [[0, 0] for _ in range(_BACK // 7)]
    for day, cells in days.items():
        at = len(sums) - 1 - (last - day).days // 7
        if at >= 0 and code in cells:
            sums[at][0] += cells[code].numerator
            sums[at][1] += cells[code].denominator
    measure = MEASURES[code]
    return mark_safe(svg.spark([measure.value(*both) for both in sums]))  # noqa: S308 (numbers only)


def _trend(where: Selection, days: Mapping[date, Mapping[str, Figure]], links: Links) -> Lines:
    """登记与办结 of the last thirty days; of a longer period, by weeks."""
    by_week = where.period.days > _LONG
    step, back = (7, _BACK) if by_week else (1, _TREND)
    first = where.on - timedelta(days=back - 1)
    spans = [(first + timedelta(days=at), first + timedelta(days=at + step - 1)) for at in range(0, back, step)]
    own = where.within(basis=Basis.OWN)
    series = []
    for code, name in (("cases", "登记"), ("closed", "办结")):
        marks = []
        for since, until in spans:
            count = sum(
                days[day][code].numerator
                for day in (since + timedelta(days=n) for n in range((until - since).days + 1))
                if day in days and code in days[day]
            )
            address = links.behind(own, code, since=since.isoformat(), until=until.isoformat())
            marks.append(Mark(f"{since:%m-%d}", count, address))
        series.append(Series(name, tuple(marks)))
    title = f"近{back // 7}周登记与办结" if by_week else f"近{_TREND}天登记与办结"
    light = frozenset(at for at, (since, _) in enumerate(spans) if not by_week and since.weekday() >= 5)
    return Lines(title, "件", tuple(f"{since:%m-%d}" for since, _ in spans), tuple(series), light, "周（起始日）" if by_week else "日期")


# -- places and categories ----------------------------------------------------------------------------------------------


def _towns(where: Selection, links: Links) -> tuple[dict[str, Mark], int]:
    """The towns' cases, and how many stand on no town."""
    rows = split(["cases"], where, "town").rows
    names = places.towns()
    counts = {code: cells["cases"].numerator for code, cells in rows.items()}
    marks = {
        code: Mark(name, counts.get(code, 0), links.behind(where, "cases", town=code), key=code)
        for code, name in names.items()
        if not where.town_code or code == where.town_code
    }
    return marks, sum(count for code, count in counts.items() if code not in names)


def _villages(where: Selection, links: Links) -> Places:
    """The villages with cases, most first, in a plain grid."""
    areas = directory.current().areas
    rows = split(["cases"], where, "village").rows
    told = sorted(((cells["cases"].numerator, area_id) for area_id, cells in rows.items() if area_id in areas), key=lambda both: (-both[0], both[1]))[
        :20
    ]
    marks = [Mark(areas[area_id].name, count, links.behind(where, "cases", village=area_id), key=str(area_id)) for count, area_id in told]
    depth = levels(marks)
    tiles = tuple(Tile(mark, at % 4 + 1, at // 4 + 1, depth[mark.key]) for at, mark in enumerate(marks))
    return Places("村（社区）分布", "件", tiles, first="村（社区）")


def _topic(code: str) -> str:
    """The name of a category by the leading characters of its code."""
    row = codes.CATEGORIES.get(code.ljust(6, "0"))
    return row.name if row and code else "未分类"


def _tree(where: Selection, by_topic: Mapping[str, int], links: Links) -> Tree:
    """Categories by number: at first the fifteen with their parts, inside one of them its own, and at last its single topics."""

    def mark(code: str, count: int, length: int, *parts: Mark) -> Mark:
        leads = len(where.topic) < len(code) < 6
        return Mark(
            _topic(code),
            count,
            links.behind(where, "cases", category=code) if len(code) == length else "",
            key=code,
            more=links.board(where, category=code) if leads and parts else "",
            children=parts,
        )

    head = {0: 2, 2: 4}.get(len(where.topic), 6)
    groups: dict[str, dict[str, int]] = defaultdict(dict)
    for code, count in by_topic.items():
        groups[code[:head]][code] = count
    marks = []
    for code, parts in groups.items():
        inner = sorted(parts.items(), key=lambda both: (-both[1], both[0])) if head < 6 else []
        marks.append(mark(code, sum(parts.values()), head, *(mark(child, count, head + 2) for child, count in inner)))
    return Tree("诉求分类", "件", tuple(sorted(marks, key=lambda m: (-m.size, m.key))))


def _drilled(where: Selection, links: Links) -> tuple[Said, ...]:
    """The way back out of a category: each class above it."""
    if not where.topic:
        return ()
    steps = [where.topic[:end] for end in (2, 4, 6) if end <= len(where.topic)]
    return (Said("全部分类", links.board(where, category=None)), *(Said(_topic(code), links.board(where, category=code)) for code in steps))


# -- cases --------------------------------------------------------------------------------------------------------------


def _latest(where: Selection, overdue: int, near_by: int) -> tuple[_Row, ...]:
    """The cases that are late, the latest first, then those whose limit ends soonest: words, tone, which case."""
    asked = ("pk", "due_on", *(column for pair in _LIMITS for column in pair))
    facts = list(case_ids("overdue", where).order_by("due_on", "pk").values_list(*asked, named=True)[: _LATE * 4]) if overdue else []
    late = sorted(((_overdue_since(fact, where.on), fact) for fact in facts), key=lambda both: (both[0], both[1].pk))[:_LATE]
    room = _LATE - len(late) if near_by else 0
    near = list(case_ids("near", where).order_by("due_on", "pk").values_list(*asked, named=True)[:room]) if room else []
    rows = [(f"超 {(where.on - since).days} 天", "bad", fact.pk) for since, fact in late]
    return (*rows, *((_left(fact.due_on, where.on), "warn", fact.pk) for fact in near))


def _late(rows: tuple[_Row, ...], scope: Scope) -> tuple[Late, ...]:
    """Those cases with whose they are, as far as this reader may see them."""
    found: list[Late] = []
    cases = Case.objects.in_bulk([pk for _, _, pk in rows])
    seen = set(Reach.objects.filter(case__in=cases, reader__in=scope.readers).values_list("case_id", flat=True))
    tree = directory.current()
    names = dict(User.objects.filter(pk__in={case.handler_id for case in cases.values() if case.handler_id}).values_list("pk", "name"))
    for words, tone, pk in rows:
        case = cases[pk]
        unit = tree.units[case.unit_id].short_name
        if pk in seen:
            url = reverse(kinds.get(case.kind).detail_url, args=[case.number])
            found.append(Late(words, tone, case.title, case.number, url, unit, names.get(case.handler_id or 0, ""), case.urged, is_hidden=False))
        else:
            found.append(Late(words, tone, "", "", "", unit, "", 0, is_hidden=True))
    return tuple(found)


def _wider(scope: Scope) -> Said:
    """Late by any limit, disputes too, as the list of cases counts it: so that nobody has to ask why two pages show two numbers."""
    wanted = Filters(lamp="overdue")
    (count,) = lists.counts(scope, [wanted])
    words = f"{count:,}" if count is not None else f"超过 {lists.COUNT_LIMIT:,}"
    return Said(f"全部期限（含纠纷）超期 {words} 件", f"{reverse('casework:list')}?{wanted.query()}")


#: The law's limits of a matter: when it is due, when it was done.
_LIMITS = (("forward_due_on", "forwarded_on"), ("accept_due_on", "accepted_on"), ("reply_due_on", "replied_on"))


def _overdue_since(fact: Any, on: date) -> date:
    """The first legal limit that had run out unmet."""
    pairs = [(getattr(fact, due), getattr(fact, done)) for due, done in _LIMITS]
    return min((due for due, done in pairs if due is not None and due < on and (done is None or done > on)), default=on)


def _left(due_on: date | None, on: date) -> str:
    if due_on is None:
        return "临期"
    return "今日到期" if due_on == on else f"余 {(due_on - on).days} 天"


def _hot(where: Selection, links: Links) -> tuple[Hot, ...]:
    """The same matter in the same town again and again (L-CLS-58), whatever the period looked at."""
    recent = where.within(period=Period(where.on - timedelta(days=HOT_DAYS - 1), where.on), basis=Basis.OWN)
    rows = (
        case_ids("cases", recent)
        .filter(confidential=False)  # the list a row opens is narrowed, and shows no protected matter (L-PET-86)
        .exclude(topic_code="")
        .exclude(town_code="")
        .values(topic=F("topic_code"), town=F("town_code"))
        .annotate(found=Count("pk"))
        .filter(found__gte=HOT_LEAST)
        .order_by("-found", "topic_code", "town_code")[:_HOT]
    )
    names = places.towns()
    return tuple(
        Hot(
            _topic(row["topic"]),
            names.get(row["town"], ""),
            Said(f"{row['found']}", links.behind(recent, "cases", category=row["topic"], town=row["town"]), row["found"]),
        )
        for row in rows
    )
