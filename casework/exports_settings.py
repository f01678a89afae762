"""What the system administrator sets, as lists: the limits, the days of a year that are unlike others. A head checks them on paper."""

from __future__ import annotations

from collections.abc import Iterator

from casework import explain
from casework.exports_lists import Cells, Heading, Listing, Params, Table, register
from casework.models import Holiday
from casework.queries import calendar, settings
from casework.queries.settings import Held
from organisations import clock
from organisations.roles import Role
from organisations.scope import Scope

_CONSOLE = frozenset({Role.SYSTEM_ADMIN})
_LIMIT = (
    Heading("业务", 12),
    Heading("期限", 30),
    Heading("长度", 12),
    Heading("起算", 24),
    Heading("谁的期限", 20),
    Heading("逢休息日", 10),
    Heading("最长延期", 10),
    Heading("提醒日", 14),
    Heading("依据", 40),
    Heading("核定", 10),
    Heading("施行", 16),
    Heading("新版本施行", 14),
)


def _limits(scope: Scope, params: Params) -> Table:
    groups = settings.every(clock.today())

    def rows() -> Iterator[Cells]:
        return (_limit(label, held) for label, every in groups for held in every)

    return Table(f"{clock.today():%Y-%m-%d}施行的版本", _LIMIT, lambda most: sum(len(every) for _label, every in groups), rows)


def _limit(label: str, held: Held) -> Cells:
    now = held.now
    return (
        label,
        now.name,
        f"{'' if now.n is None else now.n}{now.get_unit_display()}",
        now.base,
        now.who,
        "顺延" if now.roll == "forward" else "不顺延",
        now.max_extension,
        "、".join(map(str, now.warn_days)),
        explain.article(now.cites),
        "已核定" if now.is_verified else "待核定",
        f"{now.valid_from:%Y-%m-%d}起" if now.set_at else "原始版本",
        held.coming.valid_from if held.coming else "",
    )


_DAY = (Heading("日期", 12), Heading("星期", 8), Heading("名称", 24), Heading("安排", 8), Heading("来源", 14))


def _holidays(scope: Scope, params: Params) -> Table:
    asked = params.get("year", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < len("10000") else 0
    year = number if calendar.FIRST <= number <= calendar.LAST else clock.today().year
    found = Holiday.objects.filter(day__year=year).order_by("day")

    def rows() -> Iterator[Cells]:
        for one in found:
            yield (one.day, f"星期{'一二三四五六日'[one.day.weekday()]}", one.name, "放假" if one.is_off else "上班", one.get_source_display())

    return Table(f"{year}年与平常不同的日子", _DAY, lambda most: found[: most + 1].count(), rows)


register(Listing("limits", "期限设置", "casework:limits", _limits, roles=_CONSOLE, counted="项"))
register(Listing("holidays", "放假安排", "casework:calendar", _holidays, roles=_CONSOLE, counted="天"))
