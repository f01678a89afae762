"""Articles a text cites, and whether there are such articles: a template with a wrong number would be sent a thousand times."""

from __future__ import annotations

import re

#: The last article of each act whose numbers we vouch for (信访工作条例, in force since 2022-05-01).
LAST_ARTICLE = {"信访工作条例": 50}
_CITED = re.compile(r"《([^《》]{2,40})》((?:[、和及]?第[一二三四五六七八九十百零〇]+条(?:第[一二三四五六七八九十]+[款项])*)+)")
_ARTICLE = re.compile(r"第([一二三四五六七八九十百零〇]+)条")
_DIGITS = {sign: n for n, sign in enumerate("零一二三四五六七八九")} | {"〇": 0}


def articles(text: str) -> list[tuple[str, int]]:
    """(act, article) of everything cited in the text, in order: 《信访工作条例》第二十三条、第三十四条 gives two."""
    return [(act, number(sign)) for act, signs in _CITED.findall(text) for sign in _ARTICLE.findall(signs)]


def unknown_articles(text: str) -> list[str]:
    """What is cited and does not exist: «《信访工作条例》第60条»."""
    return [f"《{act}》第{no}条" for act, no in articles(text) if act in LAST_ARTICLE and not 1 <= no <= LAST_ARTICLE[act]]


def number(signs: str) -> int:
    """二十三 → 23, 一百零二 → 102; up to 999."""
    total, digit = 0, 0
    for sign in signs:
        if sign in "十百":
            total += (digit or 1) * (10 if sign == "十" else 100)
            digit = 0
        else:
            digit = _DIGITS[sign]
    return total + digit
