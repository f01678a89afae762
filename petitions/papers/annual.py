"""P27 信访情况年度报告 (条例§41): about no single matter, to the county's party committee and government and the office above."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from casework.documents import Paper
from organisations import directory
from petitions import codes
from petitions.papers.letter import day_words, lines_of, numeral


def annual_report(year: int, tables: Sequence[Mapping[str, Any]], *, to: str, words: str, signer: str, today: date) -> Paper:
    """The figures as they stand today, frozen; what cannot be counted stands in `words` (其他)."""
    tree = directory.current()
    assert tree.centre_id is not None  # noqa: S101 (whoever issues it has a post there)
    unit = tree.units[tree.centre_id]
    return Paper(
        code="P27",
        name=codes.DOCUMENT_TYPES["P27"].name,
        template="petitions/papers/annual_report.html",
        unit_id=unit.id,
        unit_name=unit.short_name,
        word="信年报",
        context={
            "unit": unit.name,
            "unit_phone": unit.phone,
            "head": f"{unit.name}文件",
            "heading": f"关于{year}年信访情况的报告",
            "addressee": to,
            "signer": signer,
            "date": day_words(today),
            "year": year,
            "tables": [{"numeral": numeral(no), **table} for no, table in enumerate(tables, start=1)],
            "next_numeral": numeral(len(tables) + 1),
            "words": lines_of(words),
            "until": day_words(today),
        },
    )
