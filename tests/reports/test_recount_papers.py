"""The independent recount (issue 5 §6) against what goes out: every figure of a closed month in the Excel file and in the PDF's text."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from reports.models import Report
from reports.rules.measures import Measure, in_force
from tests.factories import months
from tests.reports.test_recount import a_busy_quarter, recount

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def report(county) -> Report:
    """October of a county where everything happened once, closed on 3 November."""
    with months.at(10, 31):
        a_busy_quarter(county)
    months.a_month(county)
    with months.at(11, 3):
        return months.sealed(county)


def test_every_figure_of_a_closed_month_is_the_same_in_plain_sql_excel_and_pdf(report):
    with months.at(11, 3):
        counted = recount(report.since, report.until, report.until)
    measures = {code: in_force(code, report.until) for code in counted}
    assert sum(1 for _, denominator in counted.values() if denominator) >= 20
    assert excel(report) == {measures[code].name: (met, whole, shown(measures[code], met, whole)) for code, (met, whole) in counted.items()}
    text = paper(report)
    for code, (met, whole) in counted.items():
        assert printed(measures[code], met, whole) in text, (code, met, whole)


def shown(measure: Measure, met: int, whole: int) -> Decimal | None:
    value = measure.value(met, whole)
    return value / 100 if value is not None and measure.is_share else value


def excel(report: Report) -> dict[str, tuple[int, int, Decimal | None]]:
    book = load_workbook(io.BytesIO(bytes(report.files.get(sort="xlsx").content)), data_only=True)
    rows = list(book["总表"].iter_rows(min_row=2, values_only=True))
    return {str(row[1]): (int(row[3]), int(row[4]), None if row[5] in (None, "") else Decimal(str(row[5]))) for row in rows}


def paper(report: Report) -> str:
    """The text of the paper, its cells one space apart."""
    reader = PdfReader(io.BytesIO(bytes(report.files.get(sort="pdf").content)))
    return " ".join(" ".join(page.extract_text().split()) for page in reader.pages)


def printed(measure: Measure, met: int, whole: int) -> str:
    """The beginning of its row in the paper's table of all measures: 受理情况 登记件数 件 9, and what follows is another cell."""
    value = measure.value(met, whole)
    percent = "%" if measure.is_share and value is not None else ""
    return f"{measure.group} {measure.name} {measure.sort.value} {measure.text(value)}{percent} "
