"""One rule for a value and its change on paper, in sentences and in the sheet; two Novembers are two bars; a place's report hides others' few."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from casework import limits
from reports.actions import refresh
from reports.models import Report
from reports.month import actions, book, drawings, frames, laws, lists, privacy, sentences, tables, wording
from reports.month.counted import Counted
from reports.month.frames import Frame
from reports.month.grids import Ratio
from reports.month.queries import Source
from reports.queries.figures import Figure, Table
from reports.rules.measures import MEASURES
from reports.rules.periods import Period, Span, filled, whole
from reports.rules.suppression import BESIDE, FEW
from tests.factories import months, petitions
from tests.factories.months import OCTOBER, at

COUNTS = st.integers(0, 3_000)


def counted(county: object, unit: str, period: Period, on: date) -> Counted:
    unit_id = county.units[unit].id
    return Counted(Frame({**frames.names(), **frames.surroundings(unit_id, period)}), period, on, Source(None))


def said(change: Decimal | None, unit: str) -> str:
    """What the paper says where the sheet holds the number."""
    if change is None:
        return "—"
    return f"{change * 100:+.1f}{unit}" if change else "持平"


@given(COUNTS, COUNTS, COUNTS, COUNTS)
def test_paper_and_sheet_never_differ_by_a_tenth(met, rest, met_then, rest_then):
    share = MEASURES["reply_on_time"]
    now, then = Figure(share, met, met + rest), Figure(share, met_then, met_then + rest_then)
    shown, changed = book._quotient("D", "E", 2, Ratio(now.numerator, now.denominator)), book._change(now, then, "F", "I", 2)
    assert Ratio(now.numerator, now.denominator).text == ("—" if shown.value is None else f"{shown.value * 100:.1f}%")
    assert sentences.change_text(now, then) == said(changed.value, "点")


@given(COUNTS, COUNTS)
def test_a_count_changes_by_the_same_per_cent_on_paper_and_in_the_sheet(now, then):
    cases = MEASURES["cases"]
    mine, theirs = Figure(cases, now, now), Figure(cases, then, then)
    changed = book._change(mine, theirs, "F", "I", 2)
    assert sentences.change_text(mine, theirs) == said(changed.value, "%")


def test_a_change_is_the_difference_of_the_two_shares_as_shown():
    share = MEASURES["reply_on_time"]
    now, then = Figure(share, 2, 3), Figure(share, 1, 3)  # 66.7 and 33.3: 33.4, though exactly 33.33…
    assert sentences.change_text(now, then) == "+33.4点"
    assert book._change(now, then, "F", "I", 2).value == Decimal("0.334")
    assert "提高33.4个百分点" in sentences.grew(now, then, "环比")


def test_no_id_of_the_house_stands_in_a_definition():
    for measure in MEASURES.values():
        assert not re.search(r"(L|HALL|MED)-[A-Z0-9]", laws.grounds(measure) + laws.formula(measure)), measure.code
    assert laws.grounds(MEASURES["reply_on_time"]) == "国家信访业务统计口径；《信访工作条例》第三十四条"


@pytest.mark.django_db
def test_two_novembers_are_two_bars(county):
    with at(11, 3):
        petitions.registered(county)
        refresh.refresh()
        days = drawings._daily(counted(county, "centre", whole(date(2025, 11, 3), date(2026, 11, 3)), date(2026, 11, 3)))
        short = drawings._daily(counted(county, "centre", Period(date(2026, 10, 20), date(2026, 11, 3)), date(2026, 11, 3)))
    assert (days.marks[0].label, days.marks[-1].label) == ("2025年11月", "2026年11月")
    assert len(days.marks) == 13
    assert (days.marks[0].value, days.marks[-1].value) == (0, 1)
    assert (short.marks[0].label, short.marks[-1].label) == ("10月20日", "11月3日")


@pytest.mark.django_db
def test_targets_on_paper_are_the_dictionarys(county):
    with at(11, 3):
        ranking = drawings._against_target(counted(county, "centre", OCTOBER, OCTOBER.until), "按期答复率", (), "乡镇")
    measure = MEASURES["reply_on_time"]
    assert (ranking.target, ranking.least) == (float(measure.target), measure.least)


# -- a place's report -----------------------------------------------------------------------------------------------------


def test_a_row_with_a_hidden_part_hides_all_its_parts():
    codes = ("aged_15", "aged_30", "open")
    cells = {
        1: {
            "aged_15": Figure(MEASURES["aged_15"], 0, 0, is_hidden=True),
            "aged_30": Figure(MEASURES["aged_30"], 5, 5),
            "open": Figure(MEASURES["open"], 8, 8),
        },
        2: {code: Figure(MEASURES[code], 9, 9) for code in codes},
    }
    found = privacy.in_whole_rows(Table("unit", tuple(MEASURES[code] for code in codes), cells), codes)
    assert [found.rows[1][code].text for code in codes] == [BESIDE, BESIDE, BESIDE]
    assert not any(figure.is_hidden for figure in found.rows[2].values())


@pytest.mark.django_db
def test_the_report_of_a_town_hides_the_few_of_others_as_its_screen_does(county):
    months.a_month(county)
    with at(11, 3):
        refresh.refresh()
        town, whole_county = counted(county, "fushan", OCTOBER, OCTOBER.until), counted(county, "centre", OCTOBER, OCTOBER.until)
        grid = {grid.code: grid for grid in tables.of(town)}["ages"]
        open_grid = {grid.code: grid for grid in tables.of(whole_county)}["ages"]
        rows = list(lists.details(town))
    assert town.now["open"].numerator == 2
    assert grid.rows
    # Parts of a sum bear one sign; the note says which is which.
    assert {value for row in grid.rows for value in row[1:]} == {BESIDE}
    assert FEW in grid.note
    assert BESIDE in grid.note
    assert not any(FEW in row or BESIDE in row for row in open_grid.rows)
    assert rows == [[privacy.ELSEWHERE], [privacy.ELSEWHERE]]
    assert len(next(lists.details(whole_county))) > 1


@pytest.mark.django_db
def test_a_case_in_the_towns_hands_is_named_in_its_report(county):
    with at(10, 12):
        number = petitions.routed(county, to="fushan").case.number
    with at(11, 3):
        refresh.refresh()
        town = counted(county, "fushan", OCTOBER, OCTOBER.until)
        assert [row[0] for row in lists.details(town)] == [number]
        rows = {grid.code: grid for grid in tables.of(town)}["ages"].rows
    assert all(FEW not in row and BESIDE not in row for row in rows)


# -- copies ---------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_marked_sheet_is_the_stored_one_with_its_readers_name(county, sign_in):
    """The copy of a draft has the figures of its making, not of its download: nothing is counted in the web request."""
    months.a_month(county)
    with at(11, 3):
        report = actions.ask(county.units["centre"].id, OCTOBER, by=county.scope("leader"))
        assert actions.make_next()
    with at(10, 30):
        petitions.registered(county)
        refresh.refresh()
    stored = load_workbook(io.BytesIO(bytes(report.files.get(sort="xlsx").content)), data_only=True)
    content = b"".join(sign_in("leader").get(f"/reports/months/{report.pk}/copy/xlsx/"))
    copied = load_workbook(io.BytesIO(content), data_only=True)
    assert copied.sheetnames == stored.sheetnames
    differing = [
        (sheet.title, mine.coordinate)
        for sheet in stored
        for row, other in zip(sheet.iter_rows(), copied[sheet.title].iter_rows(), strict=True)
        for mine, theirs in zip(row, other, strict=True)
        if mine.value != theirs.value
    ]
    assert differing == [("说明", "B2")]
    assert "李建国" in copied["说明"]["B2"].value
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        sheets = [name for name in parts.namelist() if name.startswith("xl/worksheets/")]
        assert len(sheets) > 5
        assert all("李建国" in parts.read(name).decode() for name in sheets)
    assert Report.objects.get().state == "ready"


@pytest.mark.django_db
def test_what_lies_late_is_told_by_place_and_ranks_no_unit(county):
    """What lies there goes with its holder, so that it is no worse and no better of anybody (beyond.md, opening 4)."""
    with at(8, 3):
        petitions.accepted(county)
    with at(11, 3):
        refresh.refresh()
        (late, *_) = wording.attention(counted(county, "centre", OCTOBER, OCTOBER.until))
    assert late.startswith("超期未结的事项共1件，统计日在")
    assert "只说明件在哪里" in late
    assert "最多的单位" not in late


@pytest.mark.django_db
def test_a_december_report_names_the_year_whose_holidays_are_missing(county):
    """The last days of December hang on the next year's table: the report said this year's was not entered, which it was."""
    december, year = filled(Span.MONTH, date(2026, 12, 1)), filled(Span.YEAR, date(2026, 1, 1))
    calendar = limits.current().calendar
    assert 2026 in calendar.years
    assert 2027 not in calendar.years
    for period in (december, year):
        assert frames.surroundings(county.units["centre"].pk, period)["unknown_years"] == [2027]
    assert frames.surroundings(county.units["centre"].pk, filled(Span.MONTH, date(2026, 11, 1)))["unknown_years"] == []
    assert frames.surroundings(county.units["centre"].pk, filled(Span.MONTH, date(2027, 3, 1)))["unknown_years"] == [2027]


@pytest.mark.django_db
def test_a_year_is_compared_once(county):
    """The year before is both 同比 and 环比 of a year: the summary gave one number twice."""
    petitions.registered(county)
    refresh.refresh()
    told = wording.summary(counted(county, "centre", filled(Span.YEAR, date(2026, 1, 1)), date(2026, 12, 31)))[0]
    assert "同比" in told
    assert "环比" not in told
    assert "环比" in wording.summary(counted(county, "centre", OCTOBER, OCTOBER.until))[0]
