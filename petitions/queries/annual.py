"""The year's figures for the report of 条例§41 (L-PET-97): matters, fields, units complained about, forwarding, supervision, proposals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q

from casework.models import Deadline, Link
from casework.rules import Outcome
from organisations import clock, directory
from petitions import codes
from petitions.models import Advice, Dispatch, Objection, Petition, Review, Supervision
from petitions.rules import State
from petitions.rules.supervision import REWARD

#: How many fields and units the report names.
NAMED = 10


@dataclass(frozen=True, slots=True)
class Table:
    """A small table of the report: a title, the heads of its columns, rows of words and numbers."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def years() -> list[int]:
    """Years of which there is anything to report, newest first."""
    found = Petition.objects.order_by().values_list("received_on__year", flat=True).distinct()
    return sorted({*found, clock.today().year}, reverse=True)


def tables(year: int) -> list[Table]:
    """Every table of the report. Void registrations are left out; a protected matter counts and is nowhere named."""
    matters = Petition.objects.filter(received_on__year=year).exclude(case__state=State.VOIDED)
    return [_sums(matters, year), _channels(matters), _fields(matters), _complained(matters), _sent(year), _supervised(year), _proposals(year)]


def _sums(matters: Any, year: int) -> Table:
    count = matters.aggregate(
        total=Count("pk"),
        accepted=Count("pk", filter=Q(accepted_on__isnull=False)),
        replied=Count("pk", filter=Q(replied_on__isnull=False)),
        closed=Count("pk", filter=Q(case__state=State.CLOSED)),
        solved=Count("pk", filter=Q(case__outcome=Outcome.SOLVED)),
        explained=Count("pk", filter=Q(case__outcome=Outcome.EXPLAINED)),
        not_ours=Count("pk", filter=Q(case__outcome=Outcome.NOT_OURS)),
        refused=Count("pk", filter=Q(case__outcome=Outcome.REFUSED)),
    )
    before = Petition.objects.filter(received_on__year=year - 1).exclude(case__state=State.VOIDED).count()
    repeat = Link.objects.filter(kind=Link.Kind.REPEAT, undone_at=None, source__in=matters.values("pk")).values("source").distinct().count()
    limits = Deadline.objects.filter(key__in=["pet.handle", "pet.suggest"], due_on__year=year, dropped_on=None)
    due, on_time = limits.count(), limits.filter(met_on__isnull=False, met_on__lte=F("due_on")).count()
    rows = (
        ("收到信访事项", f"{count['total']}件", _change(count["total"], before)),
        ("其中重复信访", f"{repeat}件", _share(repeat, count["total"])),
        ("受理", f"{count['accepted']}件", _share(count["accepted"], count["total"])),
        ("答复", f"{count['replied']}件", _share(count["replied"], count["total"])),
        ("办结", f"{count['closed']}件", _share(count["closed"], count["total"])),
        ("办理期限在本年届满", f"{due}件", f"按期答复{_share(on_time, due)}"),
        ("已解决", f"{count['solved']}件", ""),
        ("已解释说明", f"{count['explained']}件", ""),
        ("不属本级", f"{count['not_ours']}件", ""),
        ("不予受理", f"{count['refused']}件", ""),
    )
    return Table("信访事项总体情况", ("项目", "数量", "说明"), rows)


def _channels(matters: Any) -> Table:
    found = Counter(dict(matters.order_by().values_list("channel").annotate(Count("pk"))))
    total = sum(found.values())
    rows = tuple((codes.CHANNELS.label(code), f"{number}", _share(number, total)) for code, number in found.most_common())
    return Table("信访形式", ("形式", "件数", "占比"), rows)


def _fields(matters: Any) -> Table:
    tops: Counter[str] = Counter()
    for code, number in matters.order_by().values_list("case__topic_code").annotate(Count("pk")):
        tops[code[:2]] += number
    total = sum(tops.values())
    names = {row.code[:2]: row.name for row in codes.TOP_CATEGORIES}
    rows = tuple((names.get(code, code), f"{number}", _share(number, total)) for code, number in tops.most_common(NAMED))
    return Table("涉及领域", ("领域", "件数", "占比"), rows)


def _complained(matters: Any) -> Table:
    open_matters = matters.filter(case__confidential=False, respondent_unit__isnull=False)
    found = Counter(dict(open_matters.order_by().values_list("respondent_unit").annotate(Count("pk"))))
    units = directory.current().units
    return Table("被投诉较多的机关", ("机关", "件数"), tuple((units[unit_id].name, f"{number}") for unit_id, number in found.most_common(NAMED)))


def _sent(year: int) -> Table:
    sent = Dispatch.objects.filter(sent_at__year=year)
    duties = dict(sent.order_by().values_list("duty").annotate(Count("pk")))
    objected = Objection.objects.filter(at__year=year)
    decided = dict(objected.order_by().values_list("decision").annotate(Count("pk")))
    rows = (
        ("转送", f"{duties.get(Dispatch.Duty.FORWARD, 0)}件次"),
        ("交办", f"{duties.get(Dispatch.Duty.ASSIGN, 0)}件次"),
        ("提出异议", f"{sum(decided.values())}件次"),
        ("同意退回", f"{decided.get(Objection.Decision.RETURNED, 0)}件次"),
        ("协调裁定", f"{decided.get(Objection.Decision.COORDINATED, 0)}件次"),
        ("复查、复核申请", f"{Review.objects.filter(received_on__year=year).count()}件"),
    )
    return Table("转送、交办情况", ("项目", "数量"), rows)


def _supervised(year: int) -> Table:
    confirmed = Supervision.objects.filter(proposed_on__year=year).exclude(state__in=[Supervision.State.PROPOSED, Supervision.State.DROPPED])
    ways = Counter(dict(confirmed.order_by().values_list("method").annotate(Count("pk"))))
    answered = confirmed.filter(replied_at__isnull=False).count()
    rows = [(codes.SUPERVISION_METHODS.label(code), f"{number}件") for code, number in ways.most_common()]
    return Table("督办情况", ("方式", "数量"), (*rows, ("合计", f"{sum(ways.values())}件"), ("已反馈", f"{answered}件")))


def _proposals(year: int) -> Table:
    """The three kinds of 条例§40 (L-PET-97 (三)); proposals to commend are no matter of the annual report."""
    made = Advice.objects.filter(at__year=year)
    kinds = {code: (total, adopted) for code, total, adopted in _kinds(made)}
    rows = tuple(
        (row.name, f"{kinds.get(row.code, (0, 0))[0]}件", f"{kinds.get(row.code, (0, 0))[1]}件")
        for row in codes.ADVICE_KINDS.values()
        if row.code != REWARD
    )
    return Table("三项建议及采纳情况", ("种类", "提出", "采纳"), rows)


def _kinds(made: Any) -> Iterable[tuple[str, int, int]]:
    counted = made.order_by().values("kind").annotate(total=Count("pk"), adopted=Count("pk", filter=Q(is_adopted=True)))
    return counted.values_list("kind", "total", "adopted")


def _share(part: int, whole: int) -> str:
    return f"{part * 100 / whole:.1f}%" if whole else "—"


def _change(now: int, before: int) -> str:
    if not before:
        return "上年没有数据"
    return f"比上年{'增加' if now >= before else '减少'}{abs(now - before) * 100 / before:.1f}%"
