"""Every kind of paper, issued by the real acts and printed as the worker prints it: its words, what the law asks of them, its sheet.

Three independent judges: the whole text against `golden/<key>.txt` (write them anew with GOLDEN=write), the elements L-PET-70 and
appendix F ask for, held in `ASKED` with their law ids, and GB/T 9704 (L-DOC) measured sign by sign in the PDF.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings

from casework import documents
from casework.models import Document
from casework.parties import PartyFacts
from organisations import clock
from petitions import actions, codes
from petitions.actions import review
from petitions.models import Petition
from tests.casework.sheets import FOOT, LEFT, LINE, MM, RIGHT, SIGN, TOP, Box, Line, Sheet, faces, sheets
from tests.factories import papers, petitions, reviews
from tests.factories.county import County
from tests.petitions.asked_of_papers import ASKED

GOLDEN = Path(__file__).parent / "golden"


@dataclass(frozen=True)
class Printed:
    key: str
    document: Document
    content: bytes
    pages: list[Sheet]

    @property
    def text(self) -> str:
        """The words without white space; what is drawn by chance or made with a secret stands as its name."""
        words = "\n".join(page.text for page in self.pages)
        code = Petition.objects.filter(case=self.document.case_id).values_list("query_code", flat=True).first()
        for secret, name in ((code, "〈查询码〉"), (documents.grouped(self.document.verify_code), "〈验证码〉")):
            words = words.replace(secret, name) if secret else words
        return words

    @property
    def form(self) -> str:
        """letter, official or form: the class of the printed body."""
        found = re.search(r'<body class="(\w+)', documents.html(self.document))
        assert found
        return found[1]


@pytest.fixture
def printed(county, request) -> Printed:
    with clock.at(papers.MONDAY):
        document = papers.MADE[request.param](county)
        content = documents.render(document)
    return Printed(request.param, document, content, sheets(content))


def bare(words: str) -> str:
    return re.sub(r"\s", "", words)


def test_every_kind_of_the_table_is_made_and_asked_about():
    """A new kind of `document_types` without a way to make it, a golden text and its asked elements stops here."""
    assert {key[:3] for key in papers.MADE} == set(codes.DOCUMENT_TYPES)
    assert set(ASKED) == set(papers.MADE)
    assert {path.stem for path in GOLDEN.glob("*.txt")} == set(papers.MADE)


@pytest.mark.django_db
@pytest.mark.parametrize("printed", list(papers.MADE), indirect=True, ids=list(papers.MADE))
def test_paper(printed: Printed):
    says_what_the_law_asks(printed)
    says_the_same_as_before(printed)
    is_numbered_frozen_and_stored(printed)
    stands_on_its_sheet(printed)
    keeps_the_grid(printed)
    numbers_its_pages(printed)
    is_signed_and_dated(printed)
    leads_to_its_verification(printed)


@pytest.mark.django_db
@pytest.mark.parametrize("printed", ["P26"], indirect=True)
def test_an_urgent_report_stands_on_one_page(printed: Printed):
    """Its last row and the seal stood on a second page by themselves, though half of the first was free."""
    assert len(printed.pages) == 1
    assert "书面报告时间2026年11月9日10时00分" in bare(printed.text)


@pytest.mark.django_db
@pytest.mark.parametrize("printed", ["P23"], indirect=True)
def test_signatures_never_stand_on_a_page_without_words(printed: Printed):
    """A sheet of signatures alone could be put under another agreement."""
    last = bare(printed.pages[-1].text)
    assert "甲方签名" in last
    assert "本协议自双方签名（盖章、捺指印）之日起生效" in last


def says_what_the_law_asks(printed: Printed) -> None:
    text = bare(printed.text)
    missing = [f"{law} {element}: {words}" for law, element, words in ASKED[printed.key] if bare(words) not in text]
    assert not missing, "\n".join([*missing, printed.text])


def says_the_same_as_before(printed: Printed) -> None:
    golden = GOLDEN / f"{printed.key}.txt"
    if os.environ.get("GOLDEN") == "write":
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(printed.text.replace("\r\n", "\n").rstrip() + "\n", encoding="utf-8")
    assert bare(golden.read_text(encoding="utf-8")) == bare(printed.text)


def is_numbered_frozen_and_stored(printed: Printed) -> None:
    """L-DOC-5: 〔2026〕12号 without noughts; the stored file is the row's hash and is never made twice."""
    document = printed.document
    assert re.search(r"〔2026〕[1-9]\d*号$", document.number)
    assert bare(document.number) in bare(printed.pages[0].text)
    assert document.paper == printed.key[:3]
    assert documents.render(document) == printed.content
    assert all(faces(printed.content).values())
    assert all("+" in name for name in faces(printed.content))


def stands_on_its_sheet(printed: Printed) -> None:
    """A4; nothing beyond the type area but the letter's head above and the page number below; no sign on another, none cut by a rule."""
    for no, page in enumerate(printed.pages):
        assert (round(page.width), round(page.height)) == (210, 297)
        number = page.number
        for sign in page.signs:
            if number and abs(sign.y - number.y) < 0.1:
                continue
            top = 30.0 if no == 0 and printed.form == "letter" else TOP
            inside = sign.ink.left >= LEFT - 0.4 and sign.ink.right <= RIGHT + 0.6 and top - 0.1 <= sign.ink.top and sign.ink.bottom <= FOOT + 0.4
            assert inside, (printed.key, no + 1, sign)
        _nothing_overlaps(printed.key, page)


def _nothing_overlaps(key: str, page: Sheet) -> None:
    signs = sorted(page.signs, key=lambda sign: sign.ink.top)
    for at, sign in enumerate(signs):
        for other in signs[at + 1 :]:
            if other.ink.top > sign.ink.bottom:
                break
            is_kerned = sign.y == other.y and (sign.text + other.text).isascii()  # A and W of a code stand under one another's arms
            assert is_kerned or not sign.ink.overlaps(other.ink, by=0.35), (key, sign, other)
        for drawn in page.drawn:
            assert not _crosses(drawn, sign.ink), (key, sign, drawn)


def _crosses(drawn: Box, ink: Box) -> bool:
    """A rule through the sign, or a picture under it; a frame drawn as one shape has the sign well inside."""
    if min(drawn.right - drawn.left, drawn.bottom - drawn.top) < 1.5:
        return drawn.overlaps(ink, by=0.05) and min(drawn.right - drawn.left, drawn.bottom - drawn.top) > 0
    is_picture = max(drawn.right - drawn.left, drawn.bottom - drawn.top) < 30
    return is_picture and drawn.overlaps(ink, by=0.3)


def keeps_the_grid(printed: Printed) -> None:
    """L-DOC-2: at most 22 lines a page and 28 signs a line; without a table every line stands on the grid of 28.98 points.

    The text of a letter of one page may be drawn closer, as a whole, where seal and date else went over (GB/T 9704-2012, 7.3.5.4).
    """
    has_table = "<table" in documents.html(printed.document)
    for page in printed.pages:
        lines = page.lines()
        assert len(lines) <= 22
        for line in lines:
            full = sum(1 for sign in line.text if ord(sign) > 0x2E80)
            assert full <= 28
            assert line.end <= RIGHT + 0.6
        if not has_table and not _is_closer(printed, lines):
            for before, after in pairwise(lines):
                pitches = (after.y - before.y) / LINE
                assert pitches == pytest.approx(round(pitches), abs=0.03), (printed.key, before, after)


def _is_closer(printed: Printed, lines: list[Line]) -> bool:
    """Whether it is a letter of one page with every line of its text 25.5 points below the last: between address and signature."""
    pitches = [round((after.y - before.y) / MM, 1) for before, after in pairwise(lines)]
    text = pitches[1 : pitches.index(max(pitches[2:]))]
    return len(printed.pages) == 1 and printed.form in ("letter", "official") and len(text) > 3 and set(text) == {25.5}


def numbers_its_pages(printed: Printed) -> None:
    """L-DOC-10: 4号, 7 mm below the type area, odd pages right and even left by one sign; a letter has none on its first page."""
    assert (printed.pages[0].number is None) == (printed.form == "letter")
    for no, page in enumerate(printed.pages, start=1):
        if page.number is None:
            assert no == 1
            continue
        number = page.number
        assert number.text == f"—{no}—"
        assert number.y - 0.38 * 14 * MM == pytest.approx(FOOT + 7, abs=0.5)
        if no % 2:
            assert number.end == pytest.approx(RIGHT - 14 * MM, abs=1.5)
        else:
            assert number.x == pytest.approx(LEFT + 14 * MM, abs=0.6)


def is_signed_and_dated(printed: Printed) -> None:
    """L-DOC-8, L-PET-70: the unit's name and the date right by four signs, room for a seal of 45 mm, two lines of text on their page;
    L-DOC-9: 版记 is the foot of that page. A form is dated and signed in its own cells."""
    unit = printed.document.context["unit"]
    assert unit in bare(printed.pages[0].text)
    last = printed.pages[-1]
    if "sign__by" not in documents.html(printed.document):
        assert printed.form == "form"
        return
    lines = last.lines()
    date = next(line for line in reversed(lines) if line.text == printed.document.context["date"])
    name = next(line for line in reversed(lines) if line.text == unit and line.y < date.y)
    assert date.y - name.y == pytest.approx(LINE, abs=0.1)
    assert max(date.end, name.end) <= RIGHT - 4 * SIGN + 0.6
    assert max(date.end, name.end) >= RIGHT - 4 * SIGN - 0.8
    assert "（印章）" in bare(last.text)
    middle = (name.y + date.y) / 2 - 0.35 * 16 * MM
    above = [sign for sign in last.signs if sign.y < name.y - 1 and sign.ink.right > name.x]
    assert all(sign.ink.bottom <= middle - 22.5 + 1 for sign in above)
    assert len({sign.y for sign in last.signs if sign.y < name.y - 1 and sign.ink.left < name.x}) >= 2
    _imprint(printed, last, name)


def _imprint(printed: Printed, last: Sheet, name: Line) -> None:
    copied, head = printed.document.context.get("copy_to"), printed.document.context.get("head")
    found = [line for line in last.lines(14) if line.y > name.y and line.y < FOOT]
    for words, is_owed in (("抄", bool(copied)), ("印发", bool(head))):
        assert any(words in line.text for line in found) == is_owed
        assert not any(line.y < FOOT and line.text.startswith("抄送") for page in printed.pages[:-1] for line in page.lines(14))
    if copied or head:
        assert found[-1].y == pytest.approx(FOOT - 24 * MM / 2, abs=3)
    if copied:
        assert any(line.text.endswith("。") for line in found)


def leads_to_its_verification(printed: Printed) -> None:
    """The code is read off the printed page by an independent reader; it names no case."""
    assert Counter(code for page in printed.pages for code in page.codes) == {f"{settings.PUBLIC_URL}/verify/{printed.document.verify_code}/": 1}


#: 84 signs, three or four lines of the grid.
PARAGRAPH = (
    "经查反映人与邻居宅基地相邻双方对院墙位置长期存在争议镇国土所与村委会先后三次到场丈量并组织双方协商终因对四至认识不同"
    "未能达成一致意见现查明四至以登记档案所载为准两户均无异议。"
)
#: Names of living people that common faces lack (L-DOC-13).
RARE = ("王㛃", "李䶮", "赵𠮷")


def _talk(county: County, text: str, people: list[PartyFacts]) -> Document:
    number = petitions.accepted(county, people=people).case.number
    by = county.scope("handler")
    return papers.paper_of(actions.hear(number, on=clock.today(), officers=["王海涛", "宋涛"], place="村委会", words=text, by=by), "P02")


def _decision(county: County, text: str, people: list[PartyFacts]) -> Document:
    number = petitions.investigated(county, people=people).case.number
    actions.prepare(number, text=text, outcome="solved", support="1", remedy_unit="招远市人民政府", by=county.scope("handler"))
    return papers.paper_of(actions.reply(number, by=county.scope("head")), "P11")


def _opinion(county: County, text: str, people: list[PartyFacts]) -> Document:
    number = reviews.reviewing(county, people=people).case.number
    review.draft_review(number, by=county.scope("review_handler"), **{**reviews.OPINION, "facts": text})
    return papers.paper_of(review.decide_review(number, by=county.scope("review_head")), "P15")


@pytest.mark.django_db
@pytest.mark.parametrize("make", [_talk, _decision, _opinion])
@pytest.mark.parametrize(("paragraphs", "at_least"), [(16, 2), (110, 10)])
def test_long_papers_with_rare_names(county, make, paragraphs, at_least):
    people = [
        replace(petitions.intake(county).people[0], name=name, position=position, id_number="", phone="")
        for name, position in zip(RARE, ("petitioner", "representative", "representative"), strict=True)
    ]
    with clock.at(papers.MONDAY):
        document = make(county, "\n".join([PARAGRAPH] * paragraphs), people)
        content = documents.render(document)
    printed = Printed("", document, content, sheets(content))
    assert len(printed.pages) >= at_least
    text = bare(printed.text)
    assert text.count("现查明四至以登记档案所载为准") >= paragraphs - len(printed.pages)  # a page's end may stand between
    assert all(name in text for name in RARE)
    stands_on_its_sheet(printed)
    keeps_the_grid(printed)
    numbers_its_pages(printed)
    is_signed_and_dated(printed)
    leads_to_its_verification(printed)
