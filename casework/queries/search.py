"""Global search within the scope: numbers, people, places, identity and telephone numbers, and Chinese full text.

Text is found through one GIN index over the bigrams of a case's text and its readers, then rechecked by ILIKE
(stack.md §5). The index also tells on which shelf of 8,192 cases a text lies, so that a word which many cases hold is
sought on the newest shelves first and no further than its five hundred hits. Every way ends in the same scope check.
"""

# ruff: noqa: S608 (statements are put together from constants of this module; every value is a parameter)

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.utils.safestring import SafeString, mark_safe

from casework.models import Case
from casework.models.docket import OTHER_READINGS
from organisations import cipher, clock, directory
from organisations.scope import Scope

#: A search looks no further than this; the page then says «500+». Nobody reads so many: the words want a filter (twenty-five pages).
MOST = 500
#: Cases whose ids have the same bits above these lie on one shelf of the index (migration 0037).
_SHELF = 13
#: The newest shelves tell whether a word is rare: three looks. A rare one is then sought in all older cases at once, because a shelf as a
#: key of the index costs more than it saves where few rows are found.
_NEAR = 7
#: A word is rare that so many older cases hold by what the newest shelves tell: to find them all at once costs less than to go from look to look.
_RARE = 1_000
#: Names with one leading character: how many of them are looked at.
MOST_NAMES = 5_000
#: Places whose initials fit: how many of them are looked at.
MOST_PLACES = 8
#: How many years back a number typed without its year is sought.
YEARS = 12
#: Text shown around the first match, in characters.
SNIPPET = 60

_NUMBER = re.compile(r"^(?:(\d{6})-?)?(\d{4})-?(\d{1,6})$")
_LAST_FOUR = re.compile(r"^\d{3}[\dXx]$")
_LETTERS = re.compile(r"^[A-Za-z]{2,12}$")


@dataclass(frozen=True, slots=True)
class Hit:
    """One found case: why it was found and the words around the match, escaped, with <mark>."""

    case: Case
    unit: str
    area: str
    reason: str
    title: SafeString
    snippet: SafeString


@dataclass(frozen=True, slots=True)
class Found:
    """One page of hits; `count` is at most MOST + 1. `masked` tells that a secret number was sought: do not repeat it."""

    hits: list[Hit] = field(default_factory=list)
    count: int = 0
    pages: int = 0
    masked: bool = False

    @property
    def text(self) -> str:
        return f"{MOST}+" if self.count > MOST else str(self.count)


def like(text: str) -> str:
    """The text for LIKE, its own wildcards made harmless."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def bigrams(text: str) -> list[str]:
    """The same pairs of characters as the database function of that name."""
    low = text.lower()
    return sorted({low[i : i + 2] for i in range(max(len(low) - 1, 1))})


def case_ids(words: str, scope: Scope, *, limit: int) -> list[int]:
    """Cases in scope that hold all the words (separated by blanks), newest first, at most `limit`. Mostly three queries."""
    parts = [word for word in words.split() if len(word) >= 2]
    if not parts:
        return [case_id for case_id, _ in _of_people(scope, "p.name LIKE %s", [like(words.strip()) + "%"], "姓名")][:limit]
    return [case_id for case_id, _ in _holding(parts, scope, limit)]


def _holding(parts: list[str], scope: Scope, limit: int) -> list[tuple[int, bool]]:
    """Cases in scope that hold all the words of two characters and more, newest first; and whether the title held them at registration.

    The title is the text's second line: it is read with the row that was found. The cases' own rows lie apart on the disk, and
    to open hundreds of them for the order of twenty was most of a search for a rare word.
    """
    patterns = [f"%{like(part)}%" for part in parts]
    rechecks = " AND ".join(f"s.text {_like(part)} %s" for part in parts)
    pairs = sorted({pair for part in parts for pair in bigrams(part)})
    readers = list(scope.readers)
    # The centre reads nearly every case: to walk the index's list of its cases costs more than to look at the hits' own readers.
    seen = "(s.readers && %s::bigint[])" + (" IS TRUE" if directory.current().centre_id in scope.readers else "")
    where = f"bigrams(s.text) @> %s::text[] AND {seen} AND {rechecks}"
    titled = " AND ".join(f"split_part(s.text, E'\\n', 2) {_like(part)} %s" for part in parts)
    # OFFSET 0 keeps the planner from walking the primary key with the bigrams as a filter, which recomputes them row by row.
    rows = f"""
        SELECT f.* FROM (
            SELECT s.case_id, {titled} FROM casework_searchtext s WHERE {where} AND {{stretch}} OFFSET 0
        ) f ORDER BY f.case_id DESC"""
    values: list[Any] = [*patterns, pairs, readers, *patterns]
    look = rows.format(stretch=f"ARRAY[(s.case_id >> {_SHELF})::int] && look.shelves::int[]")
    looking = f"SELECT w.* FROM unnest(%s::text[]) look(shelves) CROSS JOIN LATERAL ({look}) w LIMIT %s"
    with connection.cursor() as db:
        db.execute("SELECT max(case_id) FROM casework_searchtext")
        shelves = ((db.fetchone()[0] or 0) >> _SHELF) + 1
        # The database goes from look to look and stops at the limit.
        db.execute(looking, [_looks(max(shelves - _NEAR, 0), shelves), *values, limit])
        found = list(db.fetchall())
        rest, wanted = shelves - _NEAR, limit - len(found)
        if rest <= 0 or wanted <= 0:
            return found
        if len(found) * rest <= _RARE * _NEAR:
            db.execute(rows.format(stretch="s.case_id < %s") + " LIMIT %s", [*values, rest << _SHELF, wanted])
        else:
            # As many shelves at once as will do if the word is as common there as on the newest ones, and a little more.
            enough = max(rest - (wanted * _NEAR * 11 // (len(found) * 10) + 1), 0)
            looks = [*_looks(enough, rest, first=rest), *_looks(0, enough, first=_NEAR + 1)]
            db.execute(looking, [looks, *values, wanted])
        return found + list(db.fetchall())


def _looks(low: int, high: int, *, first: int = 1) -> list[str]:
    """The shelves from `low` up to below `high` in the order they are looked at, as arrays: each look is at twice as many as the one before.

    A common word is done after few shelves and looks at no more than twice what it needs.
    """
    looks: list[str] = []
    while high > low:
        below = max(high - first * 2 ** len(looks), low)
        looks.append("{" + ",".join(str(shelf) for shelf in range(below, high)) + "}")
        high = below
    return looks


def _like(word: str) -> str:
    """The operator that finds a word: ILIKE folds the whole text first and takes twice as long, for nothing where no letter has a case."""
    return "LIKE" if word.lower() == word.upper() else "ILIKE"


# -- what was typed ---------------------------------------------------------------------------------------------------------------------


def find(scope: Scope, text: str, *, page: int = 1, size: int = 20) -> Found:
    """Search everything the scope shows. Ranked: number, then title, then people and places, then text by recency.

    At most seven queries. An identity or telephone number is looked up by its blind index and never put into a query's text.
    """
    typed = " ".join(unicodedata.normalize("NFKC", text).split())[:60]
    if not typed or not scope.readers:
        return Found()
    ranked, secret = _ranked(scope, typed)
    count = len(ranked)
    shown = ranked[(page - 1) * size : page * size][:size]
    hits = _hits(scope, [case_id for case_id, _ in shown], dict(shown), "" if secret else typed)
    return Found(hits=hits, count=count, pages=-(-min(count, MOST) // size), masked=secret)


def _ranked(scope: Scope, typed: str) -> tuple[list[tuple[int, str]], bool]:
    """(case id, why) in order of rank, each case once; and whether a secret number was typed."""
    compact = typed.replace(" ", "")
    exact = _by_number(scope, compact)
    secret = _by_secret(scope, compact)
    if secret is not None:
        return _merge([(i, "编号") for i in exact], secret), True
    groups: list[list[tuple[int, str]]] = [[(i, "编号") for i in exact]]
    if exact and _NUMBER.match(compact):
        return groups[0], False
    if _LETTERS.match(compact):
        groups += [_by_initials(scope, compact.lower())]
    if not compact.isdigit() or len(compact) >= 4:
        groups += _by_text(scope, typed)
    return _merge(*groups), False


def _merge(*groups: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    found: dict[int, str] = {}
    for group in groups:
        for case_id, why in group:
            found.setdefault(case_id, why)
    return list(found.items())[: MOST + 1]


def _by_number(scope: Scope, text: str) -> list[int]:
    """Cases by number: whole, without dashes, year and serial, or the last six digits of any recent year."""
    tree = directory.current()
    counties = [area.code for area in tree.areas.values() if area.level == "county"]
    this_year = clock.today().year
    wanted: list[str] = [text]
    match = _NUMBER.match(text)
    if match and match[2] and 2000 <= int(match[2]) <= this_year + 1:
        wanted += [f"{county}-{match[2]}-{int(match[3]):06d}" for county in ([match[1]] if match[1] else counties)]
    if text.isdigit() and len(text) == 6:
        wanted += [f"{county}-{year}-{text}" for county in counties for year in range(this_year, this_year - YEARS, -1)]
    cases = Case.objects.visible_to(scope).filter(number__in=wanted).order_by("-number")
    return list(cases.values_list("pk", flat=True))


def _by_secret(scope: Scope, text: str) -> list[tuple[int, str]] | None:
    """Cases of the person with that identity number, telephone number or last four characters; None if it is none of them."""
    if re.fullmatch(r"\d{17}[\dXx]", text):
        return _of_people(scope, "p.id_index = %s", [cipher.blind_index("id", text.upper())], "证件号码")
    if re.fullmatch(r"1\d{10}", text) or re.fullmatch(r"0\d{9,11}", text):
        return _of_people(scope, "p.phone_index = %s", [cipher.blind_index("phone", text)], "电话")
    if _LAST_FOUR.match(text):
        four = text.upper()
        found = _of_people(scope, "p.id_last4_index = %s", [cipher.blind_index("id_last4", four)], "证件号码后四位")
        return found + _of_people(scope, "p.phone_last4_index = %s", [cipher.blind_index("phone_last4", four)], "电话后四位")
    return None


def _of_people(scope: Scope, where: str, params: list[Any], why: str) -> list[tuple[int, str]]:
    """Cases in scope of people who fit, newest first. `where` is one of this module's own conditions."""
    sql = (
        f"SELECT DISTINCT p.case_id FROM (SELECT p.case_id FROM casework_party p WHERE {where} LIMIT %s) p "
        "WHERE EXISTS (SELECT FROM casework_reach v WHERE v.case_id = p.case_id AND v.reader = ANY(%s)) ORDER BY p.case_id DESC LIMIT %s"
    )
    with connection.cursor() as db:
        db.execute(sql, [*params, MOST_NAMES, list(scope.readers), MOST + 1])
        return [(row[0], why) for row in db.fetchall()]


#: The usual reading, or one of the others of a name that has them (单 is shan and dan); each arm has its own index.
_INITIALS = " OR ".join(
    ["p.initials LIKE %s", *(f"(p.initials LIKE '%% %%' AND split_part(p.initials, ' ', {word}) LIKE %s)" for word in OTHER_READINGS)]
)


def _by_initials(scope: Scope, letters: str) -> list[tuple[int, str]]:
    """People whose name's initials begin so, then cases of the places whose initials begin so."""
    found = _of_people(scope, _INITIALS, [like(letters) + "%"] * (1 + len(OTHER_READINGS)), "姓名拼音")
    tree = directory.current()
    areas = [a for a in tree.areas.values() if a.level != "county" and any(key.startswith(letters) for key in a.initials.split())]
    parts, params = [], []
    for area in areas[:MOST_PLACES]:
        # The unit that answers for a place reads all its cases and few others: its range is the place's own index.
        answering = tree.answering.get(area.id) or (tree.centre_id,)
        where = "r.town_code = %s" if area.level == "town" else "r.area_id = %s"
        parts.append(f"(SELECT r.case_id FROM casework_reach r WHERE r.reader = %s AND {where} ORDER BY r.opened_at DESC, r.case_id DESC LIMIT %s)")
        params += [answering[0], area.code if area.level == "town" else area.id, MOST + 1]
    if not parts or len(found) > MOST:
        return found
    sql = (
        f"SELECT DISTINCT t.case_id FROM ({' UNION ALL '.join(parts)}) t "
        "WHERE EXISTS (SELECT FROM casework_reach v WHERE v.case_id = t.case_id AND v.reader = ANY(%s)) ORDER BY t.case_id DESC LIMIT %s"
    )
    with connection.cursor() as db:
        db.execute(sql, [*params, list(scope.readers), MOST + 1])
        return found + [(row[0], "地点拼音") for row in db.fetchall()]


def _by_text(scope: Scope, typed: str) -> list[list[tuple[int, str]]]:
    """Title hits, then people by name, then the rest of the text, newest first in each."""
    if len(typed.replace(" ", "")) < 2:
        return [_of_people(scope, "p.name LIKE %s", [like(typed) + "%"], "姓名")]
    parts = [word for word in typed.split() if len(word) >= 2]
    found = _holding(parts, scope, MOST + 1) if parts else [(case_id, False) for case_id in case_ids(typed, scope, limit=MOST + 1)]
    ids = [case_id for case_id, _ in found]
    with connection.cursor() as db:
        db.execute("SELECT DISTINCT p.case_id FROM casework_party p WHERE p.name LIKE %s AND p.case_id = ANY(%s)", [like(typed) + "%", ids])
        named = {row[0] for row in db.fetchall()}
    return [
        [(case_id, "标题") for case_id, in_title in found if in_title],
        [(case_id, "姓名") for case_id in ids if case_id in named],
        [(case_id, "内容") for case_id in ids],
    ]


# -- what is shown ----------------------------------------------------------------------------------------------------------------------


def _hits(scope: Scope, case_ids: list[int], reasons: dict[int, str], typed: str) -> list[Hit]:
    if not case_ids:
        return []
    tree = directory.current()
    found = {case.pk: case for case in Case.objects.visible_to(scope).filter(pk__in=case_ids).defer("head_hash", "submission")}
    with connection.cursor() as db:
        db.execute("SELECT case_id, text FROM casework_searchtext WHERE case_id = ANY(%s)", [list(found)])
        texts = dict(db.fetchall())
    hits = []
    for case_id in case_ids:
        case = found.get(case_id)
        if case is None:
            continue
        unit, area = tree.units.get(case.unit_id), tree.areas.get(case.area_id)
        # The first line is the number, or its stem.
        head, _, rest = texts.get(case_id, "").partition("\n")
        body = (rest if case.number.startswith(head) else f"{head}\n{rest}").strip().removeprefix(case.title).strip()
        hits.append(
            Hit(
                case=case,
                unit=unit.short_name if unit else "",
                area=area.path_name if area else "",
                reason=_reason(reasons[case_id], case, typed),
                title=highlight(case.title, typed),
                snippet=highlight(snippet(body, typed), typed),
            )
        )
    return hits


def _reason(reason: str, case: Case, typed: str) -> str:
    """A title corrected since does not hold the words any more: they stand in what was first written down."""
    title = case.title.lower()
    return "内容" if reason == "标题" and not all(word.lower() in title for word in typed.split()) else reason


def snippet(text: str, typed: str) -> str:
    """About SNIPPET characters on either side of the first word found, with an ellipsis where text was left out."""
    flat = " ".join(text.split())
    low = flat.lower()
    places = [low.find(word.lower()) for word in typed.split() if word]
    first = min((place for place in places if place >= 0), default=0)
    start, end = max(first - SNIPPET // 2, 0), min(first + SNIPPET, len(flat))
    return ("…" if start else "") + flat[start:end] + ("…" if end < len(flat) else "")


def highlight(text: str, typed: str) -> SafeString:
    """The text, escaped, with every word that was typed inside <mark>."""
    words = sorted((re.escape(word) for word in typed.split() if word), key=len, reverse=True)
    if not words:
        return mark_safe(html.escape(text))  # noqa: S308 (escaped here)
    parts = re.split(f"({'|'.join(words)})", text, flags=re.IGNORECASE)
    return mark_safe("".join(f"<mark>{html.escape(p)}</mark>" if i % 2 else html.escape(p) for i, p in enumerate(parts)))  # noqa: S308
