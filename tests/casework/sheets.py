"""A printed paper, measured sign by sign in the PDF itself (PDFium). Lengths in millimetres from the sheet's upper left corner, type in points."""

from __future__ import annotations

import ctypes
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as raw
import zxingcpp

MM = 25.4 / 72
#: One sign of running text and one line of the grid, in millimetres (L-DOC-2).
SIGN, LINE = 15.79 * MM, 28.98 * MM
LEFT, RIGHT, TOP, FOOT = 28.0, 184.0, 37.0, 262.0
#: Dots of the picture in which the QR code is read, per millimetre of the sheet.
_SHARP = 3 / MM
#: PDFium gives a sign beyond the first plane (𠮷) as two halves with one box.
_FIRST_HALVES, _SECOND_HALVES = range(0xD800, 0xDC00), range(0xDC00, 0xE000)


@dataclass(frozen=True, slots=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: Box, by: float) -> bool:
        """More than `by` of both in both directions."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across > by and down > by


@dataclass(frozen=True, slots=True)
class Sign:
    """One character: its ink, where its baseline begins, its size."""

    text: str
    ink: Box
    x: float
    y: float
    size: float


@dataclass(frozen=True, slots=True)
class Line:
    """Signs of one size on one baseline."""

    text: str
    x: float
    end: float
    y: float
    size: float


@dataclass(frozen=True, slots=True)
class Sheet:
    width: float
    height: float
    text: str
    signs: tuple[Sign, ...]
    drawn: tuple[Box, ...]
    codes: tuple[str, ...]

    def lines(self, size: float = 16) -> list[Line]:
        """From top to foot, the lines set in this size."""
        found: dict[float, list[Sign]] = defaultdict(list)
        for sign in self.signs:
            if abs(sign.size - size) < 0.06:
                found[round(sign.y, 1)].append(sign)
        rows = [(y, sorted(signs, key=lambda sign: sign.x)) for y, signs in sorted(found.items())]
        return [Line("".join(sign.text for sign in row), row[0].x, row[-1].ink.right, y, size) for y, row in rows]

    @property
    def number(self) -> Line | None:
        """The page's own number, below the type area."""
        return next((line for line in self.lines(14) if line.text.startswith("—") and line.y > FOOT), None)


def sheets(content: bytes) -> list[Sheet]:
    document = pypdfium2.PdfDocument(content)
    return [_sheet(document[no]) for no in range(len(document))]


def faces(content: bytes) -> dict[str, bool]:
    """Every face of the paper and whether it lies in the file."""
    document = pypdfium2.PdfDocument(content)
    found = {}
    for no in range(len(document)):
        for item in document[no].get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], max_depth=5):
            font = raw.FPDFTextObj_GetFont(item)
            name = ctypes.create_string_buffer(200)
            raw.FPDFFont_GetBaseFontName(font, name, 200)
            found[name.value.decode()] = raw.FPDFFont_GetIsEmbedded(font) == 1
    return found


def _sheet(page: pypdfium2.PdfPage) -> Sheet:
    width, height = page.get_size()
    words = page.get_textpage()
    drawn = [
        _box(item.get_bounds(), height)
        for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_SHADING], max_depth=5)
    ]
    picture = page.render(scale=_SHARP * MM).to_pil()
    codes = [found.text for found in zxingcpp.read_barcodes(picture, zxingcpp.BarcodeFormat.QRCode)]
    return Sheet(width * MM, height * MM, words.get_text_range(), tuple(_signs(words, height)), tuple(dict.fromkeys(drawn)), tuple(codes))


def _signs(words: pypdfium2.PdfTextPage, height: float) -> Iterator[Sign]:
    matrix, x, y = raw.FS_MATRIX(), ctypes.c_double(), ctypes.c_double()
    for no in range(words.count_chars()):
        point = raw.FPDFText_GetUnicode(words, no)
        if point in _SECOND_HALVES:
            continue
        if point in _FIRST_HALVES:
            point = 0x10000 + (point - 0xD800) * 0x400 + raw.FPDFText_GetUnicode(words, no + 1) - 0xDC00
        sign = chr(point)
        if raw.FPDFText_IsGenerated(words, no) == 1 or not sign.strip() or sign == "\u3000":
            continue
        raw.FPDFText_GetMatrix(words, no, matrix)
        raw.FPDFText_GetCharOrigin(words, no, x, y)
        size = raw.FPDFText_GetFontSize(words, no) * abs(matrix.d)
        yield Sign(sign, _box(words.get_charbox(no), height), x.value * MM, (height - y.value) * MM, size)


def _box(bounds: tuple[float, float, float, float], height: float) -> Box:
    left, low, right, high = bounds
    return Box(left * MM, (height - high) * MM, right * MM, (height - low) * MM)
