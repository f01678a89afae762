"""The workbook of a report: typed cells, live formulas with values, the same bytes for the same content (issue 5 §3)."""

import io
import zipfile
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework import exports_book
from casework.workbook import Formula, Percent, Workbook

SHANGHAI = ZoneInfo("Asia/Shanghai")
CREATED = datetime(2026, 11, 22, 10, 30, tzinfo=SHANGHAI)


class Forward(io.RawIOBase):
    """A target that cannot seek, as a response cannot."""

    def __init__(self):
        self.bytes = bytearray()

    def writable(self):
        return True

    def write(self, data):
        self.bytes += data
        return len(data)


def written(rows, out=None, widths=(20, 10, 10, 12)):
    target = io.BytesIO() if out is None else out
    with Workbook(target, title="月报", creator="县群众工作中心", created_at=CREATED, words="内部资料") as book:
        with book.sheet("按单位", widths, freeze_rows=2) as sheet:
            sheet.row(["2026年10月"], style="title")
            sheet.row(["单位", "应受理", "及时", "及时率"], style="head")
            for row in rows:
                sheet.row(row)
            sheet.row(["合计", 1, None, Percent(Decimal("0.5"))], style="total")
        with book.sheet("清单 & 附件", [10]) as sheet:
            sheet.row(["编号"], style="head")
    return target.getvalue() if out is None else bytes(target.bytes)


ROWS = [
    ["县住建局", 40, 38, Formula('IF(B3=0,"",C3/B3)', Decimal("0.95"), "percent")],
    ["县人社局", 0, 0, Formula('IF(B4=0,"",C4/B4)', "", "percent")],
    ["日期", date(2026, 2, 28), datetime(2026, 10, 1, 18, 30, tzinfo=SHANGHAI), Decimal("1234.50")],
]


def test_cells_are_what_they_are():
    book = openpyxl.load_workbook(io.BytesIO(written(ROWS)), data_only=True)
    assert book.sheetnames == ["按单位", "清单 & 附件"]
    rows = list(book["按单位"].iter_rows(values_only=True))
    assert rows[2] == ("县住建局", 40, 38, 0.95)
    assert rows[3][3] in (None, "")
    assert rows[4] == ("日期", datetime(2026, 2, 28), datetime(2026, 10, 1, 18, 30), 1234.5)
    assert rows[5] == ("合计", 1, None, 0.5)


def test_formulas_are_live_beside_their_values():
    sheet = openpyxl.load_workbook(io.BytesIO(written(ROWS)))["按单位"]
    assert sheet["D3"].value == '=IF(B3=0,"",C3/B3)'
    assert sheet["D3"].number_format == "0.00%"
    assert sheet["B5"].number_format == "yyyy\\-mm\\-dd"
    assert sheet["B3"].number_format == "#,##0"


def test_heads_stay_in_view_and_head_each_printed_page():
    book = openpyxl.load_workbook(io.BytesIO(written(ROWS)))
    sheet = book["按单位"]
    assert sheet.freeze_panes == "A3"
    assert sheet.column_dimensions["A"].width == 20
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.print_title_rows == "$1:$2"
    assert book["清单 & 附件"].print_title_rows == "$1:$1"
    assert sheet["A2"].style == "表头"
    assert sheet["A2"].font.b
    assert sheet["A6"].style == "合计"


def test_the_file_says_what_it_is_and_whose():
    properties = openpyxl.load_workbook(io.BytesIO(written(ROWS))).properties
    assert (properties.title, properties.creator, properties.description) == ("月报", "县群众工作中心", "内部资料")
    assert properties.created == datetime(2026, 11, 22, 2, 30)


def test_the_same_content_is_the_same_bytes_wherever_it_is_written():
    assert written(ROWS) == written(ROWS) == written(ROWS, out=Forward())
    with zipfile.ZipFile(io.BytesIO(written(ROWS))) as package:
        assert package.testzip() is None
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_what_was_typed_is_never_computed():
    rows = [["=1+1", "+cmd|' /C calc'!A0", "-2", "@SUM(A1)"], ["＝1", "\x00坏\x1f字", "", "A" * 40_000]]
    sheet = openpyxl.load_workbook(io.BytesIO(written(rows)))["按单位"]
    found = list(sheet.iter_rows(min_row=3, max_row=4))
    assert [cell.value for cell in found[0]] == ["'=1+1", "'+cmd|' /C calc'!A0", "'-2", "'@SUM(A1)"]
    assert {cell.data_type for cell in found[0]} == {"s"}
    assert found[1][0].value == "'＝1"
    assert found[1][1].value == "坏字"
    assert len(found[1][3].value) == 32_767


def test_an_identity_number_stays_text_to_its_last_digit():
    sheet = openpyxl.load_workbook(io.BytesIO(written([["110105194912310002", 110105194912310002, None, None]])))["按单位"]
    assert [sheet["A3"].value, sheet["B3"].value] == ["110105194912310002"] * 2
    assert sheet["A3"].number_format == "@"


def named(*names):
    with Workbook(io.BytesIO(), title="", creator="", created_at=CREATED) as book:
        for name in names:
            with book.sheet(name, []):
                pass


@pytest.mark.parametrize("name", ["", "a" * 32, "一/二", "[x]", "'x"])
def test_a_name_excel_refuses_is_refused(name):
    with pytest.raises(ValueError, match="no name for a sheet"):
        named(name)


def test_two_sheets_of_one_name_are_refused():
    with pytest.raises(ValueError, match="two sheets"):
        named("Abc", "aBC")


@pytest.mark.parametrize(("value", "error"), [(1.5, TypeError), (True, TypeError), (Decimal("NaN"), ValueError), (b"x", TypeError)])
def test_what_is_no_cell_is_refused(value, error):
    with pytest.raises(error):
        written([[value]])


def test_a_broken_workbook_is_no_workbook():
    out = io.BytesIO()
    with pytest.raises(TypeError), Workbook(out, title="", creator="", created_at=CREATED) as book, book.sheet("一", [10]) as sheet:
        sheet.row([object()])
    with pytest.raises((zipfile.BadZipFile, KeyError)):
        openpyxl.load_workbook(io.BytesIO(out.getvalue()))


def test_a_full_sheet_is_refused(monkeypatch):
    monkeypatch.setattr(exports_book, "MOST_ROWS", 3)
    with pytest.raises(ValueError, match="no more rows"):
        written(ROWS)


@given(st.lists(st.one_of(st.text(), st.integers(), st.decimals(allow_nan=False, allow_infinity=False, places=3), st.none()), max_size=6))
def test_whatever_is_in_a_row_the_file_opens(cells):
    book = openpyxl.load_workbook(io.BytesIO(written([cells])))
    assert book["按单位"].max_row >= 3


def test_a_change_in_words_has_no_apostrophe_and_a_paragraph_wraps() -> None:
    """«+900.0%» and «-2.4点» are written by us and compute nothing; whatever is longer or a formula still gets its apostrophe."""
    out = io.BytesIO()
    with Workbook(out, title="月报", creator="中心", created_at=CREATED) as book, book.sheet("环比", [10, 40]) as sheet:
        sheet.row(["+900.0%", "-2.4点", "+8613912345678", "-1%+A1"])
        sheet.row(["总体情况", "一句很长的话。" * 20], style="words")
    found = openpyxl.load_workbook(io.BytesIO(out.getvalue()))["环比"]
    assert [cell.value for cell in found[1]] == ["+900.0%", "-2.4点", "'+8613912345678", "'-1%+A1"]
    assert {cell.data_type for cell in found[1]} == {"s"}
    assert found["B2"].alignment.wrap_text
    assert found.row_dimensions[2].height == 136  # 280 wide in 38: eight lines
