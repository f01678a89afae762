"""Lists of people and what they are told, each as on its page: the inbox, the contact book, the tree of units, absences, what a leaver has open."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from casework import kinds
from casework.exports_lists import CHUNK, Cells, Heading, Listing, Params, Table, register
from casework.models import Notice
from casework.queries import inbox
from casework.rules import NotAllowed
from organisations import clock, directory, handover
from organisations.directory import UnitFacts
from organisations.models import Unit
from organisations.queries import people
from organisations.roles import Role
from organisations.scope import Scope

_NOTICE = (Heading("消息", 60), Heading("种类", 14), Heading("法定", 8), Heading("给谁", 20), Heading("时间", 18), Heading("阅读", 16))


def _inbox(scope: Scope, params: Params) -> Table:
    only_new, group = params.get("show") != "all", params.get("group", "")
    found = inbox.found(scope, only_new=only_new, group=group)

    def rows() -> Iterator[Cells]:
        every = found.iterator(chunk_size=CHUNK)
        while held := list(islice(every, CHUNK)):
            for notice in held:
                read = f"{notice.read_by.name}已读" if notice.read_by else "未读"
                yield (
                    notice.text,
                    kinds.notice_label(notice.kind),
                    "法定" if notice.is_statutory else "",
                    _addressee(notice, scope),
                    notice.at,
                    read,
                )

    label = next((each.label for each in kinds.notice_groups() if each.code == group), "")
    words = "·".join(part for part in ("未读" if only_new else "全部", label) if part)
    return Table(words, _NOTICE, lambda most: found[: most + 1].count(), rows)


def _addressee(notice: Notice, scope: Scope) -> str:
    if notice.to_unit:
        return notice.to_unit.short_name
    return f"代 {notice.to_user.name}" if notice.to_user and notice.to_user_id != scope.user.pk else "给您本人"


_CONTACT = (Heading("姓名", 12), Heading("岗位", 16), Heading("职务", 16), Heading("单位", 24), Heading("今天", 30))


def _contacts(scope: Scope, params: Params) -> Table:
    tree, today, words = directory.current(), clock.today(), params.get("q", "").strip()
    unit = tree.units.get(_number(params.get("unit", "")) or (scope.home.unit_id if scope.home else tree.centre_id or 0))
    found = people.contacts_by_words(words, today) if words else people.contacts(unit.id, today) if unit else []

    def rows() -> Iterator[Cells]:
        for contact in found:
            post, away = contact.post, contact.absence
            today_is = f"代办：{away.substitute.name} 至 {away.until_on}" if away else "在岗"
            yield (post.user.name, post.get_role_display(), post.title, post.unit.short_name, today_is)

    return Table(f"“{words}”" if words else unit.short_name if unit else "", _CONTACT, lambda most: len(found), rows)


_UNIT = (Heading("简称", 20), Heading("全称", 36), Heading("类型", 14), Heading("属地", 24), Heading("下级", 8), Heading("状态", 10))
_KINDS = dict(Unit.Kind.choices)


def _units(scope: Scope, params: Params) -> Table:
    tree, words = directory.current(), params.get("q", "").strip()
    parent = tree.units.get(_number(params.get("under", "")) or tree.centre_id or 0)
    if words:
        shown = people.find_units(words, active_only=False, most=people.PAGE)
    else:
        shown = [tree.units[i] for i in tree.children.get(parent.id, ())] if parent else []
    return Table(
        f"“{words}”" if words else parent.short_name if parent else "",
        _UNIT,
        lambda most: len(shown),
        lambda: (_unit(unit, tree) for unit in shown),
    )


def _unit(unit: UnitFacts, tree: directory.Directory) -> Cells:
    place = tree.areas[unit.area_id].path_name if unit.area_id else ""
    state = "已撤销" if not unit.is_active else "入驻大厅" if unit.is_resident else "在用"
    return (unit.short_name, unit.name, _KINDS[unit.kind], place, len(tree.children.get(unit.id, ())), state)


_ABSENCE = (Heading("谁", 12), Heading("代办人", 12), Heading("从", 12), Heading("至", 12), Heading("授权依据", 40), Heading("登记人", 12))


def _absences(scope: Scope, params: Params) -> Table:
    found = people.absences(None, clock.today())

    def rows() -> Iterator[Cells]:
        for one in found.iterator(chunk_size=CHUNK):
            yield (one.user.name, one.substitute.name, one.from_on, one.until_on, one.authority, one.entered_by.name)

    return Table("", _ABSENCE, lambda most: found[: most + 1].count(), rows)


_OPEN_ITEM = (Heading("编号", 20), Heading("标题", 50), Heading("责任单位", 24), Heading("状态", 16))


def _hand_over(scope: Scope, params: Params) -> Table:
    """What somebody who leaves still has open, for the one who hands it over. Raises NotAllowed (404) for everybody else."""
    leaver = people.leaver(_number(params.get("person", "")), scope, clock.today())
    if leaver is None:
        raise NotAllowed("没有可以由您移交的事项。", code="no_leaver", status=404)
    items, units = handover.open_items(leaver.id, scope), directory.current().units
    return Table(
        f"{leaver.name}未办结的事项",
        _OPEN_ITEM,
        lambda most: len(items),
        lambda: ((item.number, item.title, units[item.unit_id].short_name, item.state) for item in items),
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


register(Listing("inbox", "消息", "casework:inbox", _inbox))
register(Listing("contacts", "通讯录", "organisations:contacts", _contacts, counted="人", private=frozenset({"q"})))
register(Listing("units", "单位", "organisations:units", _units, roles=frozenset({Role.SYSTEM_ADMIN}), counted="个"))
register(Listing("absences", "请假代理", "organisations:absences", _absences, roles=frozenset({Role.SECURITY_ADMIN})))
register(Listing("hand_over", "移交事项", "organisations:contacts", _hand_over, counted="件"))
