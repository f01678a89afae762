"""Every kind of notice has a label and a group; no text that leaves the house has room for a word of a matter."""

import ast
import re
import string
from pathlib import Path

from casework import kinds, notices, outbox

ROOT = Path(__file__).parents[2]
CHINESE = re.compile(r"[\u4e00-\u9fff]")
#: Functions that take a kind.
TELLING = {"notify", "tell_leaders", "_tell_handler", "_tell_centre"}


def _literal_kinds():
    """The kinds written out in calls of `notify` and in the small functions around it."""
    for path in [*(ROOT / "petitions").rglob("*.py"), *(ROOT / "casework").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or ast.unparse(node.func).rpartition(".")[2] not in TELLING:
                continue
            for value in [*node.args, *(keyword.value for keyword in node.keywords if keyword.arg == "kind")]:
                if isinstance(value, ast.Constant) and re.fullmatch(r"petition\.[a-z_]+", str(value.value)):
                    yield str(value.value), path.name


def test_every_kind_that_is_told_has_a_label():
    found = dict(_literal_kinds())
    assert len(found) > 15
    labelled = {kind for group in kinds.notice_groups() for kind in group.kinds}
    assert set(found) <= labelled, {kind: found[kind] for kind in set(found) - labelled}
    assert {notices.REMINDER, notices.CARD, notices.DIGEST, notices.CALENDAR} <= labelled


def test_groups_and_labels_are_in_chinese_and_no_kind_is_in_two():
    seen = []
    for group in kinds.notice_groups():
        assert CHINESE.search(group.label)
        assert group.kinds
        assert all(CHINESE.search(label) for label in group.kinds.values())
        seen += group.kinds
    assert len(seen) == len(set(seen))


def test_no_text_of_an_sms_has_room_for_content():
    for kind, text in outbox.SMS_TEXTS.items():
        blanks = {name for _, name, _, _ in string.Formatter().parse(text) if name}
        assert blanks <= {"sender", "number", "day", "moment", "code", "site"}, kind
        assert CHINESE.search(text)
        filled = outbox.sms_text(kind, number="370685-2026-000001", code="123456")
        assert "{" not in filled
        assert len(filled) <= 140
