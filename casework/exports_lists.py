"""Which lists can be taken out as a file, each with the columns, filter and order it has on its page (issue 5 §5).

A list is looked at for a scope: the same function serves a small export at once and a large one in the worker, which
asks with the posts the person holds when it runs. Other apps register theirs from `apps.ready`.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.html import strip_tags

from casework import drafts, kinds
from casework.models import Card
from casework.queries import cards, columns, lists, search
from casework.queries.columns import Column
from casework.queries.filters import read
from casework.rules import NotAllowed
from organisations import cipher, clock
from organisations.actions import signing_in
from organisations.models import AccessEntry, Post, User
from organisations.queries import access_log, addresses, people
from organisations.roles import ROLES, Role
from organisations.rules import SENSIBLE_DAYS
from organisations.scope import Scope

Params = Mapping[str, str]
Cells = Sequence[Any]
#: Rows that are put together at a time where a row needs more than its own table.
CHUNK = 500
#: Who may have identity numbers in clear in a list, with a ground (L-SEC-7, L-SEC-40: by default masked).
REVEALING = frozenset({Role.OFFICE, Role.AUDITOR})
MASKED, CLEAR = "masked", "clear"


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of the file: its words and its width in characters."""

    label: str
    width: int


@dataclass(frozen=True, slots=True)
class Table:
    """A list as somebody sees it. `count(most)` counts no further than most + 1; `rows()` reads while it is written.

    `lines()`, where the database itself can write the rows as CSV: so fast that a list of any length comes at once.
    """

    words: str
    headings: Sequence[Heading]
    count: Callable[[int], int]
    rows: Callable[[], Iterator[Cells]]
    lines: Callable[[], Iterator[bytes]] | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """A list that can be taken out. `roles`: whose console it is (for others it does not exist); None: business, closed to administrators.

    `counted` is the measure word of its rows; `has_people`: identity numbers can be added, masked or (REVEALING) in clear;
    `private`: what of the address is not put on record.
    """

    code: str
    label: str
    page: str
    look: Callable[[Scope, Params], Table]
    roles: frozenset[Role] | None = None
    counted: str = "条"
    has_people: bool = False
    private: frozenset[str] = frozenset()


_listings: dict[str, Listing] = {}


def register(listing: Listing) -> None:
    if listing.code in _listings:
        raise ValueError(f"list registered twice: {listing.code}")
    _listings[listing.code] = listing


def find(code: str) -> Listing | None:
    return _listings.get(code)


def every() -> list[Listing]:
    return list(_listings.values())


def is_open_to(listing: Listing, scope: Scope) -> bool:
    """Whether the person's posts open this list at all (L-SEC-4)."""
    if listing.roles is not None:
        return bool(listing.roles & scope.roles)
    return not scope.is_admin and bool(scope.readers)


# -- cases ------------------------------------------------------------------------------------------------------------------------------

_FIRST_PERSON = (
    "(SELECT {} FROM casework_party p WHERE p.case_id = c.id AND p.position IN ('petitioner', 'applicant') "
    "AND p.id_masked <> '' ORDER BY p.no LIMIT 1)"
)
_ID_MASKED = Column("id_number", "证件号码", 22, f"coalesce({_FIRST_PERSON.format('p.id_masked')}, '')")
#: Empty for a protected case: in a list its people stay masked also for those named on it (L-PET-86, L-SEC-40).
_ID_TOKEN = Column("id_token", "", 0, f"CASE WHEN c.confidential THEN '' ELSE coalesce({_FIRST_PERSON.format('p.id_token')}, '') END")


def _cases(scope: Scope, params: Params) -> Table:
    filters = lists.looked_up(scope, read(params))
    shown = columns.chosen(params.get("columns", "").split(","))
    ids = params.get("ids", "")
    headings = [Heading(column.label, column.width) for column in shown]
    if not ids:
        return Table(
            "",
            headings,
            lambda most: columns.count(scope, filters, most),
            lambda: columns.rows(scope, filters, shown),
            lambda: columns.csv_blocks(scope, filters, shown),
        )
    if ids == CLEAR and not REVEALING & scope.roles:
        raise NotAllowed("您的岗位不能导出完整证件号码。", code="no_reveal", status=403)
    wanted = [*shown, _ID_MASKED, *((_ID_TOKEN,) if ids == CLEAR else ())]
    rows = columns.rows if ids == MASKED else _revealed
    return Table(
        "",
        [*headings, Heading(_ID_MASKED.label, _ID_MASKED.width)],
        lambda most: columns.count(scope, filters, most),
        lambda: rows(scope, filters, wanted),
    )


def _revealed(scope: Scope, filters: Any, wanted: Sequence[Column]) -> Iterator[Cells]:
    for *cells, masked, token in columns.rows(scope, filters, wanted):
        yield (*cells, cipher.decrypt(token) if token else masked)


# -- found by words ---------------------------------------------------------------------------------------------------------------------

_FOUND = (
    Heading("编号", 22),
    Heading("诉求", 48),
    Heading("信访人", 14),
    Heading("承办单位", 20),
    Heading("属地", 18),
    Heading("环节", 16),
    Heading("依据", 12),
    Heading("摘录", 60),
)


def _search(scope: Scope, params: Params) -> Table:
    typed = params.get("q", "").replace("\x00", "").strip()[:60]

    def rows() -> Iterator[Cells]:
        page = 1
        while True:
            found = search.find(scope, typed, page=page, size=100)
            for hit in found.hits:
                yield _hit(hit)
            if page >= found.pages:
                return
            page += 1

    return Table(f"搜索“{typed}”", _FOUND, lambda most: min(search.find(scope, typed, size=1).count, search.MOST), rows)


def _hit(hit: search.Hit) -> Cells:
    case = hit.case
    state = kinds.get(case.kind).states.get(case.state, case.state)
    return (case.number, case.title, case.subject, hit.unit, hit.area, state, hit.reason, html.unescape(strip_tags(hit.snippet)))


# -- cards ------------------------------------------------------------------------------------------------------------------------------

_CARD = (
    Heading("等级", 8),
    Heading("编号", 22),
    Heading("案件", 48),
    Heading("单位", 20),
    Heading("事由", 40),
    Heading("发牌日期", 12),
    Heading("超期（天）", 10),
    Heading("签收人", 12),
    Heading("签收时间", 18),
    Heading("签收意见", 40),
    Heading("解除日期", 12),
    Heading("解除原因", 24),
)


def _cards(scope: Scope, params: Params) -> Table:
    filters, today = cards.CardFilters.read(params), clock.today()
    found = cards.found(scope, filters)
    told = (cards.STATUSES[filters.status], cards.LEVELS.get(filters.level, ""), "待签收" if filters.waits else "")
    words = "·".join(part for part in told if part)

    def rows() -> Iterator[Cells]:
        every_card = found.iterator(chunk_size=CHUNK)
        while held := list(islice(every_card, CHUNK)):
            for row in cards.rows(scope, held, today):
                yield _card(row)

    return Table(words, _CARD, lambda most: found[: most + 1].count(), rows)


def _card(row: cards.CardRow) -> Cells:
    card = row.card
    return (
        Card.Level(card.level).label,
        card.case.number,
        card.case.title,
        row.unit,
        card.reason,
        card.given_on,
        row.is_late_days,
        card.acknowledged_by.name if card.acknowledged_by else "",
        card.acknowledged_at,
        card.acknowledged_words,
        card.lifted_on,
        card.lift_reason,
    )


# -- one's own drafts --------------------------------------------------------------------------------------------------------------------

_DRAFT = (Heading("写的是什么", 20), Heading("内容", 48), Heading("上次暂存", 18))


def _drafts(scope: Scope, params: Params) -> Table:
    own = drafts.mine(scope.user)
    return Table("", _DRAFT, lambda most: len(own), lambda: ((drafts.what(one), one.label, one.saved_at) for one in own))


# -- the administrators' lists ----------------------------------------------------------------------------------------------------------

_LOG = (
    Heading("时间", 20),
    Heading("事件", 14),
    Heading("人员", 22),
    Heading("单位", 20),
    Heading("对象", 40),
    Heading("原始地址", 40),
    Heading("字段", 12),
    Heading("理由", 30),
    Heading("前后", 40),
    Heading("结果", 8),
    Heading("来源地址", 18),
    Heading("请求号", 20),
)


def _log(scope: Scope, params: Params) -> Table:
    sought = sought_in(params)
    names = {"user_id": "人员", "event": "事件", "words": "对象", "from_on": "从", "until_on": "到", "result": "结果"}
    events = dict(AccessEntry.Event.choices)
    given = {name: getattr(sought, name) for name in names if getattr(sought, name)}
    told = {**given, **({"event": events[sought.event]} if sought.event else {}), **({"result": _RESULTS[sought.result]} if sought.result else {})}
    words = "；".join(f"{names[name]} {value}" for name, value in told.items()) or "全部"
    # What is written while it is taken out, this taking first of all, belongs to the next one.
    newest = AccessEntry.objects.aggregate(newest=Max("pk"))["newest"] or 0
    found = access_log.entries(sought).filter(pk__lte=newest)
    return Table(words, _LOG, lambda most: found[: most + 1].count(), lambda: (_entry(entry) for entry in found.iterator(chunk_size=columns.CHUNK)))


_RESULTS = {"ok": "成功", "bad": "失败"}


def sought_in(params: Params) -> access_log.Sought:
    """What the log's address asks for, read as its page reads it. Raises NotAllowed (422) for what its form refuses."""
    day = forms.DateField(required=False, validators=SENSIBLE_DAYS)
    try:
        return access_log.Sought(
            user_id=forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1).clean(params.get("user_id", "")),
            event=forms.ChoiceField(choices=AccessEntry.Event.choices, required=False).clean(params.get("event", "")),
            words=forms.CharField(max_length=60, required=False).clean(params.get("words", "")),
            from_on=day.clean(params.get("from_on", "")),
            until_on=day.clean(params.get("until_on", "")),
            result=forms.ChoiceField(choices=list(_RESULTS.items()), required=False).clean(params.get("result", "")),
        )
    except ValidationError as error:
        raise NotAllowed("查询条件有误，请改正后再导出。", code="bad_filter", status=422) from error


def _entry(entry: AccessEntry) -> Cells:
    return (
        entry.at,
        entry.get_event_display(),
        entry.user_label,
        entry.unit.name if entry.unit else "",
        *addresses.tried(entry),
        entry.field,
        entry.ground,
        access_log.told(entry.detail),
        _RESULTS["ok" if entry.succeeded else "bad"],
        entry.address or "",
        entry.request_id,
    )


_PERSON = (Heading("姓名", 12), Heading("登录名", 16), Heading("工号", 14), Heading("岗位", 48), Heading("状态", 16), Heading("上次登录", 18))
_SHOWN = {"": "在用", "inactive": "已停用", "locked": "已锁定"}


def _accounts(scope: Scope, params: Params) -> Table:
    words, show = params.get("q", ""), params.get("show", "") if params.get("show") in _SHOWN else ""
    found = people.people(words).filter(is_active=show != "inactive")
    if show == "locked":
        found = found.filter(username__in=list(signing_in.locked_until(list(found.values_list("username", flat=True)), clock.now())))
    told = "·".join((_SHOWN[show], *((f"“{words}”",) if words else ())))

    def rows() -> Iterator[Cells]:
        everybody = found.iterator(chunk_size=CHUNK)
        while held := list(islice(everybody, CHUNK)):
            posts = people.units_of([user.pk for user in held], clock.today())
            locked = signing_in.locked_until([user.username for user in held], clock.now())
            for user in held:
                yield _person(user, posts.get(user.pk, []), is_locked=user.username in locked)

    return Table(told, _PERSON, lambda most: found[: most + 1].count(), rows)


def _person(user: User, posts: Sequence[Post], *, is_locked: bool) -> Cells:
    state = "已锁定" if is_locked else "已停用" if not user.is_active else "待改密码" if user.must_change_password else "在用"
    held = "、".join(f"{post.unit.short_name} · {ROLES[Role(post.role)].label}" for post in posts)
    return (user.name, user.username, user.staff_number, held, state, user.last_login)


_POST = (
    Heading("姓名", 12),
    Heading("登录名", 16),
    Heading("单位", 24),
    Heading("岗位", 16),
    Heading("职务", 16),
    Heading("任职起", 12),
    Heading("任职止", 12),
    Heading("任命人", 12),
)


def _posts(scope: Scope, params: Params) -> Table:
    unit, role = params.get("unit", ""), params.get("role", "")
    is_ended = params.get("ended", "") not in ("", "false")
    found = people.posts(
        words=params.get("q", ""),
        unit_id=int(unit) if unit.isascii() and unit.isdigit() and len(unit) < 19 else None,
        role=role if role in ROLES else "",
        ended=is_ended,
        today=clock.today(),
    )
    return Table(
        "已结束" if is_ended else "在任",
        _POST,
        lambda most: found[: most + 1].count(),
        lambda: (
            (p.user.name, p.user.username, p.unit.short_name, p.get_role_display(), p.title, p.from_on, p.until_on or "长期", p.appointed_by.name)
            for p in found.iterator(chunk_size=CHUNK)
        ),
    )


register(Listing("cases", "案件", "casework:list", _cases, counted="件", has_people=True))
register(Listing("search", "搜索结果", "casework:search", _search, counted="件"))
register(Listing("cards", "督办牌", "casework:cards", _cards, counted="张"))
register(Listing("drafts", "我的草稿", "casework:drafts", _drafts, counted="份"))
register(Listing("access_log", "访问日志", "organisations:access-log", _log, roles=frozenset({Role.AUDIT_ADMIN})))
register(Listing("accounts", "账号", "organisations:people", _accounts, roles=frozenset({Role.SYSTEM_ADMIN}), counted="人"))
register(Listing("posts", "岗位任免", "organisations:posts", _posts, roles=frozenset({Role.SECURITY_ADMIN})))
