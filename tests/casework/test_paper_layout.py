"""The sheet of paper, measured in the PDF itself: GB/T 9704-2012, law L-DOC-1…13. Lengths in millimetres, type in points."""

from __future__ import annotations

import html
import io
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pytest
from django.template import Context, Template
from django.utils import timezone
from pypdf import PdfReader

from casework import documents
from casework.models import Document

MM = 25.4 / 72
#: 60 signs: a paragraph of three lines on the grid of 28 (26 on the first, after the indent).
SENTENCE = (
    "经查反映人与邻居宅基地相邻双方对院墙位置长期存在争议镇国土所与村委会先后三次到场丈量并组织双方协商终因对四至认识不同未能达成一致意见现查明"
)


@dataclass(frozen=True, slots=True)
class Run:
    """One piece of text as placed: left edge, baseline from the top of the sheet, size, face."""

    text: str
    x: float
    y: float
    size: float
    face: str


def made(template: str = "papers/_base.html", body: int = 1, *, last: str = "特此告知。", **more: Any) -> PdfReader:
    paragraphs = "".join(f"<p>{SENTENCE}</p>" for _ in range(body))
    context = {
        "template": "tests/paper.html",
        "base": template,
        "paragraphs": paragraphs + f"<p>{last}</p>",
        "unit": "招远市自然资源和规划局",
        "unit_phone": "",
        "date": "2026年11月22日",
        "addressee": "陈桂兰",
        "case_number": "370685-2026-000123",
        "query_code": "",
        **more,
    }
    document = Document(
        name="信访事项受理告知书", number="自然资源局受告〔2026〕12号", context=context, issued_at=timezone.now(), verify_code="ABCDEFGHJKMN"
    )
    return PdfReader(io.BytesIO(documents.to_pdf(documents.html(document))))


@pytest.fixture(autouse=True)
def _plain_template(settings, tmp_path):
    """A paper with nothing but paragraphs, on whichever base the test asks for."""
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/paper.html").write_text("{% extends base %}{% block body %}{{ paragraphs|safe }}{% endblock %}", encoding="utf-8")
    engines = [{**settings.TEMPLATES[0], "DIRS": [*settings.TEMPLATES[0]["DIRS"], tmp_path]}]
    settings.TEMPLATES = engines


def runs(page: Any) -> list[Run]:
    found: list[Run] = []

    def visit(text: str, cm: list[float], tm: list[float], font: dict[str, Any] | None, size: float) -> None:
        words = text.strip("\n")
        if words.strip():
            scale = abs(cm[3])
            found.append(
                Run(
                    words,
                    (tm[4] * cm[0] + cm[4]) * MM,
                    297 - (tm[5] * cm[3] + cm[5]) * MM,
                    size * abs(tm[3]) * scale,
                    str((font or {}).get("/BaseFont")),
                )
            )

    page.extract_text(visitor_text=visit)
    return found


def body_lines(page: Any) -> list[Run]:
    """The lines of running text: 16 pt."""
    return [run for run in runs(page) if abs(run.size - 16) < 0.05]


def numbers(page: Any) -> list[Run]:
    return [run for run in runs(page) if run.text.startswith("—")]


def test_the_sheet_is_a4_and_the_text_stands_in_the_type_area():
    page = made(body=8).pages[0]
    assert (round(float(page.mediabox.width) * MM), round(float(page.mediabox.height) * MM)) == (210, 297)
    lines = body_lines(page)
    assert min(run.x for run in lines) == pytest.approx(28, abs=0.5)
    # 28 signs of 15.79 pt end at 184 mm: 26 mm are left at the right.
    full = [run for run in lines if len(run.text) == 28]
    assert full
    for run in full:
        assert run.x + 28 * 15.79 * MM == pytest.approx(184, abs=0.3)


def test_twenty_eight_signs_a_line_and_twenty_two_lines_a_page():
    reader = made(body=60)
    middle = body_lines(reader.pages[3])
    assert {len(run.text) for run in middle} <= {28, 26, len(SENTENCE) - 54}
    for before, after in pairwise(middle):
        assert (after.y - before.y) / MM == pytest.approx(28.98, abs=0.02)
    # The first baseline and the last of a full page span 21 pitches or, where two lines stay together, one less.
    assert len(middle) in (21, 22)
    assert middle[0].y > 37
    assert middle[-1].y < 262
    # Twenty-two lines and not a point more fit into the 225 mm.
    assert 22 * 28.98 * MM <= 225 < 23 * 28.98 * MM


@pytest.mark.parametrize(
    ("base", "first", "head"),
    [
        ("papers/_base.html", 0, ""),
        ("papers/_official.html", 1, "招远市自然资源和规划局文件"),
        ("papers/_official.html", 0, ""),
        ("papers/_form.html", 1, ""),
    ],
)
def test_page_numbers_stand_outside_seven_millimetres_below(base, first, head):
    reader = made(base, body=30, head=head)
    assert len(reader.pages) >= 4
    assert len(numbers(reader.pages[0])) == first  # the letter form has none on its first page (L-DOC-10)
    for no, page in enumerate(reader.pages[1:], start=2):
        (number,) = numbers(page)
        assert number.text == f"— {no} —"
        assert number.size == pytest.approx(14, abs=0.05)
        # The dash is 0.38 em above the baseline and 7 mm below the type area, whose foot is at 262 mm.
        assert number.y - 0.38 * 14 * MM == pytest.approx(262 + 7, abs=0.5)
        width = 14 * MM * 3.1
        if no % 2:
            assert number.x + width == pytest.approx(184 - 14 * MM, abs=2.5)
        else:
            assert number.x == pytest.approx(28 + 14 * MM, abs=0.5)


def test_the_title_is_22_points_and_never_leaves_one_word_alone():
    page = made(heading="关于邻居砌墙占用宅基地并堵塞公共排水沟信访事项的答复意见").pages[0]
    title = [run for run in runs(page) if abs(run.size - 22) < 0.05]
    assert [len(run.text) for run in title] == [14, 14]
    centre = 28 + 156 / 2
    for run in title:
        assert run.x + len(run.text) * 22 * MM / 2 == pytest.approx(centre, abs=0.6)


@pytest.mark.parametrize(
    ("matter", "lines"),
    [
        ("砌墙占地", ["关于砌墙占地信访事项的答复意见"]),
        ("邻居砌墙占用宅基地", ["关于邻居砌墙占用宅基地", "信访事项的答复意见"]),
        ("翻建院墙&占地<问题>", ["关于翻建院墙&占地<问题>", "信访事项的答复意见"]),
        ("金岭镇大户陈家村干部多年挪用集体土地征收补偿资金", ["关于金岭镇大户陈家村干部多", "年挪用集体土地征收补偿资金", "信访事项的答复意见"]),
    ],
)
def test_a_title_is_broken_where_its_sense_breaks(matter, lines):
    title = "{% load papers %}{% filter balanced %}关于{{ matter }}&#8203;信访事项的答复意见{% endfilter %}"
    assert Template(title).render(Context({"matter": matter})) == "<br>".join(html.escape(line) for line in lines)


@pytest.mark.parametrize("base", ["papers/_base.html", "papers/_official.html"])
@pytest.mark.parametrize("last", ["特此告知。", SENTENCE])
@pytest.mark.parametrize("body", range(1, 14))
def test_the_signature_is_never_alone_on_its_page(base, body, last):
    """Whatever the length, two lines of text stand on the page of the signature, which is right by four signs."""
    copied = {"copy_to": "招远市人民政府、招远市群众工作中心", "head": "招远市自然资源和规划局文件"} if "official" in base else {}
    reader = made(base, body, last=last, **copied)
    page = reader.pages[-1]
    lines = body_lines(page)
    date = next(run for run in lines if run.text == "2026年11月22日")
    unit = next(run for run in reversed(lines) if run.text == "招远市自然资源和规划局" and run.y < date.y)
    assert date.y - unit.y == pytest.approx(28.98 * MM, abs=0.1)
    before = [run for run in lines if run.y < unit.y - 1 and run.x < 40]
    assert len(before) >= 2
    assert unit.x + 11 * 15.79 * MM == pytest.approx(184 - 4 * 15.79 * MM, abs=0.6)
    # Room for a seal of 45 mm over both lines, inside the type area and clear of the text (L-DOC-8/11).
    middle = (unit.y + date.y) / 2 - 0.35 * 16 * MM
    assert middle - 22.5 >= before[-1].y - 0.5
    if base == "papers/_base.html":
        assert middle + 22.5 <= 262 + 10


def test_the_imprint_is_the_foot_of_the_last_page_and_never_begins_one():
    for body in range(12):
        reader = made("papers/_official.html", body, copy_to="招远市人民政府、招远市群众工作中心", head="招远市自然资源和规划局文件")
        *others, last = reader.pages
        assert not any("印发" in run.text for page in others for run in runs(page))
        found = runs(last)
        copied = next(run for run in found if run.text.startswith("抄送："))
        issued = next(run for run in found if run.text.endswith("印发"))
        assert copied.size == issued.size == pytest.approx(14, abs=0.05)
        assert issued.y < 262 < issued.y + 4
        assert "".join(run.text for run in found if abs(run.y - copied.y) < 1).endswith("。")
        assert any(abs(run.size - 16) < 0.05 and run.y < copied.y for run in found)


def test_the_red_head_stands_35_mm_into_the_type_area_with_number_and_signer_over_the_rule():
    page = made("papers/_official.html", head="招远市自然资源和规划局文件", signer="吴刚").pages[0]
    found = runs(page)
    head = next(run for run in found if run.text == "招远市自然资源和规划局文件")
    assert head.y - 45 * MM > 37 + 30
    assert head.y == pytest.approx(37 + 35 + 12, abs=3)
    number = next(run for run in found if "〔2026〕12号" in run.text)
    signer = next(run for run in found if "签发人" in run.text)
    assert number.y == pytest.approx(signer.y, abs=0.3)
    assert number.x == pytest.approx(28 + 15.79 * MM, abs=0.6)


def test_a_long_unit_name_stays_on_one_line():
    page = made(unit="招远市人民政府机关事务服务中心暨公共机构节能管理办公室").pages[0]
    head = next(run for run in runs(page) if run.text.startswith("招远市人民政府机关"))
    assert head.text == "招远市人民政府机关事务服务中心暨公共机构节能管理办公室"
    assert head.x >= 27
    assert head.x + len(head.text) * head.size * MM <= 185


@pytest.mark.parametrize(("body", "pages"), [(1, 1), (7, 2), (64, 10)])
def test_one_two_and_ten_pages(body, pages):
    reader = made(body=body)
    assert len(reader.pages) == pages
    assert sum(page.extract_text().count("现查明") for page in reader.pages) >= body - 2


def test_every_face_is_embedded():
    reader = made("papers/_official.html", body=8, attachments=["处理意见书", "送达回证"], contact_line="（联系人：王海涛）")
    faces: dict[str, bool] = {}
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            base = font.get_object()
            for child in base["/DescendantFonts"]:
                descriptor = child.get_object()["/FontDescriptor"].get_object()
                faces[str(base["/BaseFont"])] = any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))
    assert faces
    assert all(faces.values())
    assert all("+" in name for name in faces)  # cut to what is used


def test_rare_names_have_a_glyph_and_can_be_searched():
    """㛃 䶮 𠮷 are names of living people: a box in their place is an insult (L-DOC-13)."""
    names = "王㛃、李䶮、赵𠮷、钱𫖯、孙淏"
    reader = made(addressee=names)
    text = "".join(page.extract_text() for page in reader.pages)
    for name in names.split("、"):
        assert name in text
    glyphs = defaultdict(set)
    for run in runs(reader.pages[0]):
        glyphs[run.face].update(run.text)
    placed = set().union(*glyphs.values())
    assert set("㛃䶮𠮷") <= placed
    assert any("JP" in face for face in glyphs)  # 𠮷 comes from the second face


def test_a_name_nobody_can_print_is_said_and_not_drawn_as_a_box():
    with pytest.raises(documents.MissingGlyphs, match="𪚥"):
        made(addressee="王𪚥")


def test_the_number_is_bracketed_without_leading_noughts():
    text = made().pages[0].extract_text()
    assert "自然资源局受告〔2026〕12号" in text


def test_who_reads_with_a_screen_reader_gets_structure():
    reader = made()
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == "zh-CN"
    assert root["/MarkInfo"]["/Marked"]
    assert str((reader.metadata or {}).get("/Title")).startswith("信访事项受理告知书")


@pytest.mark.parametrize("base", ["papers/_base.html", "papers/_official.html"])
def test_a_letter_a_few_lines_too_long_draws_its_lines_closer(base):
    """GB/T 9704-2012, 7.3.5.4: no second page for seal and date alone. What is longer keeps the grid."""
    contact = "（联系单位：招远市群众工作中心，电话：0535-8200001）"
    pitches = {}
    for body in range(1, 8):
        reader = made(base, body, contact_line=contact)
        lines = [run for run in body_lines(reader.pages[0]) if run.x < 40]
        paragraph = next(pair for pair in pairwise(lines) if pair[0].text.startswith(SENTENCE[:20]))
        pitches[body] = (len(reader.pages), round((paragraph[1].y - paragraph[0].y) / MM, 1))
    assert (1, 25.5) in pitches.values()
    assert set(pitches.values()) == {(1, 29.0), (1, 25.5), (2, 29.0)}
    assert sorted(pitches.values(), key=lambda pitch: (pitch[0], -pitch[1])) == list(pitches.values())


def test_a_record_of_two_pages_keeps_its_pitch():
    assert len(made("papers/_form.html", 8).pages) == 2
