"""The lists of figures, audit and reports that can be taken out as a file (casework.exports_lists), each as on its page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import count, islice
from typing import Any

from django.db.models import Max, QuerySet

from casework.exports_lists import CHUNK, Cells, Heading, Listing, Params, Table, register
from casework.models import Case
from casework.rules import NotAllowed
from organisations import clock
from organisations.models import AccessEntry
from organisations.queries import addresses
from organisations.scope import Scope
from petitions.queries import record
from reports.audit import forms, returns
from reports.audit import queries as audit
from reports.forms import selection
from reports.models import AuditQuestion, Report
from reports.month import laws
from reports.month import queries as months
from reports.month import rules as month_rules
from reports.queries import behind, ground
from reports.queries.figures import Selection
from reports.rules.measures import MEASURES, VERSIONS, Measure
from reports.rules.periods import Span


def _selected(params: Params, scope: Scope) -> Selection:
    """The period and filters of the address, as its page reads them. Raises NotAllowed (422 in words, 403)."""
    ground.of(scope)
    form = selection.SelectionForm(params)
    if not form.is_valid():
        raise NotAllowed("".join(str(text) for texts in form.errors.values() for text in texts), code="wrong_selection", status=422)
    return form.selection(scope)


_BEHIND = (
    Heading("事项", 48),
    Heading("编号", 22),
    Heading("属地", 24),
    Heading("分类", 24),
    Heading("责任单位", 20),
    Heading("承办人", 12),
    Heading("状态", 16),
)


def _behind(scope: Scope, params: Params) -> Table:
    where, asked = _selected(params, scope), selection.NumberForm(params)
    if not asked.is_valid():
        raise NotAllowed("没有这个指标或者部分，请从数字打开清单后再导出。", code="no_measure", status=422)
    code, part = asked.cleaned_data["m"], asked.cleaned_data["part"] or "counted"
    measure = MEASURES[code]
    words = f"{measure.name}{'·' + dict(selection.PARTS)[part] if measure.is_share else ''}·{where.on if measure.is_stock else where.period.label}"
    return _told(words, behind.told(code, part, where), scope)


def _told(words: str, found: QuerySet[Case], scope: Scope) -> Table:
    """The cases behind a number: as many lines as the number, those the reader may not open without their words."""

    def rows() -> Iterator[Cells]:
        cases = found.iterator(chunk_size=CHUNK)
        while held := list(islice(cases, CHUNK)):
            for row in behind.shown(held, scope):
                case = row.case
                if row.is_hidden:
                    yield ("保密件，只计件数，不显示内容", *[""] * (len(_BEHIND) - 1))
                else:
                    yield (case.title, case.number, row.area, case.topic, row.unit, row.handler, row.state)

    return Table(words, _BEHIND, lambda most: found[: most + 1].count(), rows)


def _returned(scope: Scope, params: Params) -> Table:
    """The cases behind one number of the 矛盾纠纷 return."""
    where, cell = _selected(params, scope), forms.CellForm(params)
    returns.check(where)
    if not cell.is_valid():
        raise NotAllowed("没有这个格子，请回到报表打开清单后再导出。", code="no_cell", status=422)
    part = returns.part(**{name: cell.cleaned_data[name] for name in ("stage", "type", "band")})
    measure = returns.SETTLED if cell.cleaned_data["settled"] else returns.COUNTED
    return _told(f"矛盾纠纷月报表·{MEASURES[measure].name}·{where.period.label}", behind.told(measure, "counted", where, part), scope)


_RETURN = (
    Heading("层级", 8),
    Heading("纠纷类型", 24),
    *(Heading(band.name, 10) for band in returns.BANDS),
    Heading("合计", 8),
    Heading("涉及人数", 10),
    Heading("调解成功", 10),
)


def _return(scope: Scope, params: Params) -> Table:
    """The 矛盾纠纷 return line by line as on its page, sums among them; its workbook has live sums instead (reports.audit.books)."""
    where = _selected(params, scope)
    returns.check(where)
    found = returns.read(where)
    lines = [line for _, types, total in found.levels for line in (*((one.level, one) for one in types), ("", total))]
    if found.total:
        lines.append(("", found.total))
    words = f"{where.ground.name}·{where.period.label}"
    cells = [(level, one.name, *one.bands, one.cases, one.people, one.settled) for level, one in lines]
    return Table(words, _RETURN, lambda most: len(cells), lambda: iter(cells))


def _record(scope: Scope, params: Params) -> Table:
    """Petitions in the columns of the national record (L-PET-34), of those the auditor may open."""
    where = _selected(params, scope)
    found = audit.petitions(where, scope)
    headings = [Heading(column.label, 18) for column in record.COLUMNS]
    return Table(
        where.period.label,
        headings,
        lambda most: found[: most + 1].count(),
        lambda: record.rows(list(found.values_list("case_id", flat=True))),
    )


_MEASURE = (
    Heading("组别", 16),
    Heading("指标", 20),
    Heading("怎样计算", 80),
    Heading("不计入", 48),
    Heading("单位", 8),
    Heading("好坏", 12),
    Heading("依据", 48),
    Heading("版本", 32),
)
_BETTER = {"up": "越高越好", "down": "越低越好"}


def _measures(scope: Scope, params: Params) -> Table:
    """The dictionary: every version a line, the one in force first, then those before it."""
    rows = [row for versions in VERSIONS.values() for row in versions[::-1]]
    return Table("", _MEASURE, lambda most: len(rows), lambda: (_measure(row) for row in rows))


def _measure(row: Measure) -> Cells:
    until = f"，{row.valid_until.isoformat()}止" if row.valid_until else ""
    version = f"第{row.version}版，{row.valid_from.isoformat()}起{until}"
    better = _BETTER.get(row.better or "", "不分好坏")
    return (row.group, row.name, row.formula, row.exclusions, row.sort.value, better, laws.grounds(row), version)


_CHECK = (
    Heading("核验时间", 18),
    Heading("核验人", 12),
    Heading("期间起", 12),
    Heading("期间止", 12),
    Heading("案件", 8),
    Heading("记录", 10),
    Heading("日封", 8),
    Heading("结果", 80),
)


def _checks(scope: Scope, params: Params) -> Table:
    audit.auditor(scope)
    found = audit.checks(scope)

    def rows() -> Iterator[Cells]:
        for one in found.iterator(chunk_size=CHUNK):
            breaks = "；".join(f"{where}：{what}" for where, what in one.breaks)
            result = f"{len(one.breaks)} 处不符：{breaks}" if one.breaks else "全部相符"
            yield (one.at, one.by.name, one.since, one.until, one.cases, one.lines, one.seals, result)

    return Table("", _CHECK, lambda most: found[: most + 1].count(), rows)


_SERIES = (Heading("号段", 20), Heading("已发号", 10), Heading("现有案件", 10), Heading("缺号", 60))


def _series(scope: Scope, params: Params) -> Table:
    audit.auditor(scope)
    found = audit.series()
    return Table("", _SERIES, lambda most: len(found), lambda: ((one.head, one.given, one.standing, "、".join(one.missing) or "无") for one in found))


_DOUBT = (Heading("疑点", 24), Heading("指什么", 80), Heading("条数", 8), Heading("案件", 8), Heading("依据", 40))


def _doubts(scope: Scope, params: Params) -> Table:
    """Every doubt with its counts in the period, as in the auditor's room."""
    audit.auditor(scope)
    where = _selected(params, scope)
    cells = [(row.doubt.name, row.doubt.words, row.findings, row.cases, "、".join(laws.words(row.doubt.cites))) for row in audit.counts(where, scope)]
    return Table(where.period.label, _DOUBT, lambda most: len(cells), lambda: iter(cells))


_FOUND = (Heading("案件", 48), Heading("编号", 22), Heading("发现", 48), Heading("日期", 12), Heading("单位", 20))


def _findings(scope: Scope, params: Params) -> Table:
    audit.auditor(scope)
    doubt = audit.doubts().get(params.get("doubt", ""))
    if doubt is None:
        raise NotAllowed("没有这个疑点，请从疑点清单打开后再导出。", code="no_doubt", status=422)
    where = _selected(params, scope)

    def rows() -> Iterator[Cells]:
        for page in count(1):
            found, _ = audit.findings(doubt, where, scope, page)
            yield from ((row.case.title, row.case.number, row.note, row.day, row.unit) for row in found)
            if len(found) < audit.PAGE:
                return

    return Table(f"{doubt.name}·{where.period.label}", _FOUND, lambda most: audit.findings(doubt, where, scope, 1)[1], rows)


_QUESTION = (
    Heading("事由", 48),
    Heading("提出人", 12),
    Heading("提出日期", 18),
    Heading("单位", 20),
    Heading("案件", 22),
    Heading("期限", 12),
    Heading("状态", 12),
)


def _stands(question: AuditQuestion, today: date) -> str:
    if question.state != AuditQuestion.State.ASKED:
        return question.get_state_display() + ("，逾期答复" if question.was_late else "")
    return "超期未答复" if question.due_on < today else "今日到期" if question.due_on == today else question.get_state_display()


def _questions(scope: Scope, params: Params) -> Table:
    found = audit.questions(scope)

    def rows() -> Iterator[Cells]:
        for one in found.iterator(chunk_size=CHUNK):
            case = one.case.number if one.case and one.sees_case else "不在您的查看范围" if one.case_id else ""
            yield (one.subject, one.asked_by.name, one.asked_at, one.unit.short_name, case, one.due_on, _stands(one, clock.today()))

    return Table("", _QUESTION, lambda most: found[: most + 1].count(), rows)


_SAMPLE = (
    Heading("名称", 40),
    Heading("抽样人", 12),
    Heading("抽样时间", 18),
    Heading("总体", 40),
    Heading("总体件数", 10),
    Heading("样本", 8),
    Heading("已填", 8),
    Heading("有问题", 8),
    Heading("状态", 10),
)


def _samples(scope: Scope, params: Params) -> Table:
    found = audit.samples(scope).order_by("-pk")

    def rows() -> Iterator[Cells]:
        every = found.iterator(chunk_size=CHUNK)
        while held := list(islice(every, CHUNK)):
            done = audit.progress(held)
            for one in held:
                state = "已签字" if one.signed_at else "填写中"
                yield (one.title, one.drawn_by.name, one.drawn_at, one.source, one.population_count, one.size, *done.get(one.pk, (0, 0)), state)

    return Table("", _SAMPLE, lambda most: found[: most + 1].count(), rows)


#: A cell of the page that holds two things is two columns side by side, where the cell stands.
_TRACE = (
    Heading("时间", 18),
    Heading("事件", 14),
    Heading("结果", 8),
    Heading("人员", 14),
    Heading("单位", 24),
    Heading("对象", 24),
    Heading("原始地址", 40),
    Heading("字段", 16),
    Heading("理由", 40),
)


def _trace(scope: Scope, params: Params) -> Table:
    form = forms.TraceForm(params)
    if not form.is_valid():
        raise NotAllowed("查询条件有误，请回到页面改正。", code="wrong_search", status=422)
    # What is written while it is taken out, this taking first of all, belongs to the next one.
    newest = AccessEntry.objects.aggregate(newest=Max("pk"))["newest"] or 0
    found = audit.trace(form.sought(), form.cleaned_data["person"], scope).filter(pk__lte=newest)

    def rows() -> Iterator[Cells]:
        for one in found.iterator(chunk_size=CHUNK):
            unit = one.unit.name if one.unit else ""
            result = "成功" if one.succeeded else "失败"
            yield (one.at, one.get_event_display(), result, one.user_label, unit, *addresses.tried(one), one.field, one.ground)

    words = "·".join(str(value) for value in form.cleaned_data.values() if value)
    return Table(words, _TRACE, lambda most: found[: most + 1].count(), rows)


_REPORT = (
    Heading("期间", 20),
    Heading("种类", 14),
    Heading("范围", 24),
    Heading("状态", 12),
    Heading("来源", 12),
    Heading("提出人", 12),
    Heading("提出时间", 18),
    Heading("数据截止", 18),
)


def _state(report: Any) -> str:
    """Of a `months.listed` report, as the list's tag says it (templates/reports/month/state.html)."""
    if report.is_sealed:
        return "已封存"
    if report.state != Report.State.READY:
        return report.get_state_display()
    return "草稿，本期已封存" if report.is_over else "已核对，待封存" if report.checked_by_id else "草稿"


def _reports(scope: Scope, params: Params) -> Table:
    found = months.listed(scope)

    def rows() -> Iterator[Cells]:
        for one in found.iterator(chunk_size=CHUNK):
            yield (
                month_rules.label(months.period_of(one)),
                month_rules.TITLES[Span(one.span)],
                one.unit.name,
                _state(one),
                one.get_origin_display(),
                one.asked_by.name if one.asked_by else "系统",
                one.asked_at,
                one.cut_off,
            )

    return Table("", _REPORT, lambda most: found[: most + 1].count(), rows)


register(Listing("behind", "指标清单", "reports:behind", _behind, counted="件"))
register(Listing("return_cases", "矛盾纠纷月报表清单", "reports:return", _returned, counted="件"))
register(Listing("return", "矛盾纠纷月报表", "reports:return", _return, counted="行"))
register(Listing("record", "省级列序清单", "reports:record", _record, counted="件"))
register(Listing("measures", "指标口径", "reports:measures", _measures))
register(Listing("checks", "历史核验记录", "reports:integrity", _checks))
register(Listing("series", "编号连续性", "reports:integrity", _series, counted="个"))
register(Listing("audit_trace", "访问痕迹", "reports:trace", _trace))
register(Listing("doubts", "疑点", "reports:audit", _doubts, counted="项"))
register(Listing("doubt", "疑点清单", "reports:audit", _findings))
register(Listing("audit_questions", "审计询问", "reports:questions", _questions))
register(Listing("audit_samples", "抽样和底稿", "reports:samples", _samples))
register(Listing("reports", "统计报告", "reports:months", _reports, counted="份"))
