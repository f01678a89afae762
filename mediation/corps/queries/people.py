"""The list of the corps, always through the scope."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Prefetch, Q

from mediation import codes
from mediation.corps import rules, scope
from mediation.corps.queries.asked import one_of, whole
from mediation.models import Appointment, Mediator
from mediation.models.corps import MediatorQuerySet
from organisations import clock, directory
from organisations.models import Unit
from organisations.scope import Scope

SHOWS = {"serving": "在任", "expiring": "60 日内到期", "lapsed": "任期已满未续", "ended": "已离任", "all": "全部"}
PAGE = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """The filters as asked for; unknown values are dropped."""

    show: str = "serving"
    q: str = ""
    unit: int | None = None
    kind: str = ""
    grade: str = ""
    speciality: str = ""

    def query(self, **changes: Any) -> str:
        asked = replace(self, **changes)
        pairs = (("show", asked.show), ("q", asked.q), ("unit", asked.unit), ("kind", asked.kind), ("grade", asked.grade))
        return urlencode([(name, value) for name, value in (*pairs, ("speciality", asked.speciality)) if value])

    @property
    def words(self) -> str:
        """The filters as the access log and the file name say them; what somebody typed to find a person stays out."""
        unit = directory.current().units.get(self.unit or 0)
        parts = [SHOWS[self.show], unit.short_name if unit else "", dict(Mediator.Kind.choices).get(self.kind, "")]
        return "_".join(part for part in parts if part)


def read(data: Mapping[str, str]) -> Wanted:
    return Wanted(
        show=one_of(data.get("show", ""), SHOWS) or "serving",
        q=data.get("q", "").strip()[:30],
        unit=whole(data.get("unit", "")),
        kind=one_of(data.get("kind", ""), Mediator.Kind.values),
        grade=one_of(data.get("grade", ""), [value or "none" for value in Mediator.Grade.values]),
        speciality=one_of(data.get("speciality", ""), [code for code, _ in codes.TYPES.choices]),
    )


def people(by: Scope, wanted: Wanted) -> MediatorQuerySet:
    """The corps through the scope and the filters, in the order of the tree."""
    today = clock.today()
    found: Any = scope.visible(by)
    opened = Appointment.objects.filter(mediator=OuterRef("pk"), ended_on=None)
    soon = today + timedelta(days=rules.EXPIRING_DAYS)
    if wanted.show == "serving":
        found = found.serving(today)
    elif wanted.show == "expiring":
        found = found.filter(Exists(opened.filter(until_on__gte=today).filter(Q(until_on__lte=soon) | Q(contract_until__lte=soon))))
    elif wanted.show == "lapsed":
        found = found.filter(Exists(opened.filter(until_on__lt=today)))
    elif wanted.show == "ended":
        found = found.filter(~Exists(opened))
    if wanted.unit:
        below = {unit.id for unit in directory.current().below(wanted.unit)}
        top = directory.current().units.get(wanted.unit)
        villages = top.village_ids if top else frozenset()
        below |= {unit.id for unit in directory.current().units.values() if unit.area_id in villages and unit.kind == Unit.Kind.ROOM}
        found = found.filter(unit__in=below)
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.grade:
        found = found.filter(grade="" if wanted.grade == "none" else wanted.grade)
    if wanted.speciality:
        found = found.filter(specialities__contains=[wanted.speciality])
    if wanted.q:
        typed = wanted.q.lower()
        found = found.filter(Q(name__startswith=wanted.q) | Q(initials__startswith=typed) | Q(initials__contains=f" {typed}"))
    return found.select_related("unit", "area").prefetch_related(terms_first())


def terms_first() -> Prefetch[Any]:
    """Everybody's terms as `terms`, the newest first."""
    return Prefetch("appointments", Appointment.objects.order_by("-from_on", "-id"), to_attr="terms")


@dataclass(frozen=True, slots=True)
class Line:
    """A person as the list shows them."""

    mediator: Mediator
    term: Appointment | None
    standing: str
    tone: str
    specialities: str

    @property
    def is_serving(self) -> bool:
        return self.tone in ("green", "amber")


def lines(found: Iterable[Mediator]) -> list[Line]:
    today = clock.today()
    return [line(person, today) for person in found]


def line(person: Mediator, today: date) -> Line:
    """`person` loaded with `terms`, the newest first."""
    terms: list[Appointment] = person.terms  # type: ignore[attr-defined]
    term = terms[0] if terms else None
    words, tone = _standing(term, today)
    names = "、".join(codes.TYPES.label(code) for code in person.specialities)
    return Line(person, term, words, tone, names)


def _standing(term: Appointment | None, today: date) -> tuple[str, str]:
    if term is None or (term.ended_on is not None and term.ended_on <= today):
        return "已离任", ""
    if term.until_on < today:
        return "任期已满未续", "red"
    if term.from_on > today:
        return f"{term.from_on:%-m月%-d日}起任", "line"
    ends = min(day for day in (term.until_on, term.contract_until) if day)
    left = (ends - today).days
    if left <= rules.EXPIRING_DAYS:
        return (f"{left} 日后到期" if left >= 0 else "合同已到期"), "amber"
    return "在任", "green"


HEADINGS = (
    "姓名",
    "性别",
    "类别",
    "等级",
    "所在单位",
    "所在村",
    "任期起",
    "任期止",
    "合同编号",
    "合同止",
    "状态",
    "擅长纠纷",
    "电话（脱敏）",
    "网上公开",
)


def cells(found: Iterable[Mediator]) -> Iterator[list[Any]]:
    """The list as a sheet; numbers masked."""
    today = clock.today()
    for row in lines(found):
        person, term = row.mediator, row.term
        yield [
            person.name,
            person.get_sex_display(),
            person.get_kind_display(),
            person.get_grade_display(),
            person.unit.short_name,
            person.area.name if person.area else "",
            term.from_on if term else "",
            term.until_on if term else "",
            term.contract_number if term else "",
            (term.contract_until or "") if term else "",
            row.standing,
            row.specialities,
            person.phone_masked,
            "是" if rules.consents(person.consented_on, person.withdrawn_on, today) else "否",
        ]
