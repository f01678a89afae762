"""The side bar and the top bar: which pages a person's posts open. Lives here because it names every app."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from casework.queries import inbox
from organisations import clock, directory
from organisations.roles import Role


@dataclass(frozen=True, slots=True)
class Item:
    code: str
    label: str
    url: str
    icon: str
    roles: frozenset[Role] | None = None
    #: Posts of the centre alone open it: the head of a department is a head too.
    at_centre: bool = False
    count: int = 0
    is_bad: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    label: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Navigation:
    groups: tuple[Group, ...]
    is_admin: bool
    unread: int
    post_label: str
    centre_name: str
    today: date


_REGISTRARS = frozenset({Role.WINDOW_CLERK, Role.OFFICE, Role.HANDLER, Role.VILLAGE_CADRE, Role.OVERSEER, Role.GRID_WORKER})
_OFFICE = frozenset({Role.OFFICE, Role.HEAD})
_CARDS = frozenset({Role.OFFICE, Role.HEAD, Role.LEADER, Role.AUDITOR, Role.OVERSEER, Role.HANDLER})
_SCREENING = frozenset(
    {Role.VILLAGE_CADRE, Role.GRID_WORKER, Role.HANDLER, Role.HEAD, Role.OFFICE, Role.OVERSEER, Role.LEADER, Role.AUDITOR, Role.WINDOW_CLERK}
)
#: Who sends to the court desk, sits at it, or answers for it.
_COURT = frozenset({Role.OFFICE, Role.HEAD, Role.HANDLER, Role.MEDIATOR, Role.LEADER, Role.VILLAGE_CADRE, Role.AUDITOR})
#: Who keeps disputes at a unit, and answers an auditor for it.
_KEEPERS = frozenset({Role.VILLAGE_CADRE, Role.HANDLER, Role.HEAD, Role.OFFICE})
_PAY = frozenset({Role.HANDLER, Role.OFFICE, Role.HEAD, Role.LEADER, Role.AUDITOR, Role.OVERSEER, Role.MEDIATOR, Role.VILLAGE_CADRE})
#: Who looks at the county's, a town's or a department's figures (reports.queries.ground).
_FIGURES = frozenset({Role.LEADER, Role.OFFICE, Role.HEAD, Role.AUDITOR, Role.OVERSEER})
#: Who answers people who ask a mediator online.
_ROOM = _KEEPERS | {Role.MEDIATOR}
_SYSTEM = frozenset({Role.SYSTEM_ADMIN})
_SECURITY = frozenset({Role.SECURITY_ADMIN})
_AUDIT = frozenset({Role.AUDIT_ADMIN})

BUSINESS = (
    (
        "接待",
        (
            Item("register", "来访登记", "/petitions/register/", "clipboard-plus", _REGISTRARS),
            Item("register-dispute", "登记纠纷", "/mediation/register/", "heart-handshake", _REGISTRARS | {Role.MEDIATOR, Role.HEAD}),
        ),
    ),
    (
        "办理",
        (
            Item("home", "首页", "/", "home"),
            Item("cases", "案件", "/cases/", "folders"),
            Item("routing", "分流", "/petitions/routing/", "arrows-split-2", _OFFICE, at_centre=True),
            Item("cards", "督办牌", "/cards/", "bell-ringing", _CARDS),
            Item("supervision", "督办", "/petitions/supervision/", "eye-check"),
            Item("imports", "批量导入", "/petitions/imports/", "upload", frozenset({Role.OFFICE})),
            Item("annual", "年度报告", "/petitions/annual/", "report", frozenset({Role.OFFICE})),
        ),
    ),
    (
        "调解",
        (
            Item("dispute", "纠纷", "/cases/?topic=TJ", "scale"),
            Item("screening", "排查", "/mediation/screening/", "map-pin-check", _SCREENING),
            Item("room", "调解室", "/mediation/room/", "messages", _ROOM),
            Item("court", "便民法庭", "/mediation/court/", "gavel", _COURT),
            Item("corps", "调解队伍", "/mediation/corps/", "users"),
            Item("pay", "调解补贴", "/mediation/pay/", "file-spreadsheet", _PAY),
            Item("figures", "调解数据", "/mediation/figures/", "chart-bar", _PAY - {Role.MEDIATOR}),
        ),
    ),
    (
        "监督",
        (
            Item("dashboard", "驾驶舱", "/reports/", "chart-line", _FIGURES),
            Item("months", "统计月报", "/reports/months/", "report", _FIGURES),
            Item("audit", "审计", "/reports/audit/", "checklist", frozenset({Role.AUDITOR})),
            Item("questions", "审计询问", "/reports/audit/questions/", "messages", _KEEPERS),
        ),
    ),
    (
        "通用",
        (
            Item("contacts", "通讯录", "/contacts/", "users"),
            Item("texts", "常用语", "/petitions/texts/", "template"),
            Item("exports", "我的导出", "/exports/", "download"),
        ),
    ),
)
CONSOLES = (
    (
        "管理",
        (
            Item("home", "首页", "/", "home"),
            Item("people", "账号", "/people/", "users", _SYSTEM),
            Item("units", "单位", "/units/", "category", _SYSTEM),
            Item("calendar", "放假安排", "/calendar/", "calendar-event", _SYSTEM),
            Item("limits", "期限设置", "/limits/", "clock", _SYSTEM),
            Item("screening-rhythm", "排查周期", "/mediation/screening/rhythm/", "calendar-due", _SYSTEM),
            Item("ladder", "三级六步", "/mediation/ladder/", "stairs-up", _SYSTEM),
            Item("keep_terms", "保管期限", "/mediation/keep-terms/", "file-text", _SYSTEM),
            Item("corps-rules", "队伍标准", "/mediation/corps/settings/", "checklist", _SYSTEM),
            Item("places", "乡镇方位", "/reports/places/", "map-pin", _SYSTEM),
            Item("health", "运行状况", "/health/", "chart-line", _SYSTEM),
            Item("posts", "岗位任免", "/posts/", "shield-check", _SECURITY),
            Item("policies", "安全策略", "/policies/", "lock", _SECURITY),
            Item("log", "访问日志", "/access-log/", "eye-check", _AUDIT),
            Item("trace", "副本追查", "/copies/", "search", _AUDIT),
            Item("exports", "我的导出", "/exports/", "download"),
        ),
    ),
)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """`nav` for the shell; computed only when a template asks for it."""
    return {"nav": SimpleLazyObject(lambda: _build(request))}


def _build(request: HttpRequest) -> Navigation:
    tree = directory.current()
    if not request.user.is_authenticated:
        return Navigation((), is_admin=True, unread=0, post_label="", centre_name="", today=clock.today())
    scope = request.scope  # type: ignore[attr-defined]
    centre = tree.units.get(tree.centre_id or 0)
    table = CONSOLES if scope.is_admin else BUSINESS
    groups = []
    for label, items in table:
        shown = tuple(item for item in items if item.roles is None or scope.holds(item.roles, tree.centre_id if item.at_centre else None))
        if shown:
            groups.append(Group(label, shown))
    return Navigation(
        groups=tuple(groups),
        is_admin=scope.is_admin,
        unread=inbox.unread(scope),
        post_label=scope.home.label if scope.home else "",
        centre_name=centre.name if centre else "群众工作中心",
        today=clock.today(),
    )
