"""Doors reach cases only through the scope: a raw manager on a case table in a view or API is a leak waiting."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
#: Models that hang on a case. `Reach` is the scope itself and takes `reader__in`.
CASE_MODELS = {
    "Case",
    "Petition",
    "Party",
    "Entry",
    "Attachment",
    "Document",
    "Point",
    "Reply",
    "Task",
    "Dispatch",
    "Feedback",
    "SearchText",
}


def _raw_uses(path: Path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not (isinstance(node, ast.Attribute) and node.attr == "objects" and isinstance(node.value, ast.Name)):
            continue
        if node.value.id in CASE_MODELS:
            yield node


def test_views_and_api_fetch_cases_through_the_scope():
    found = []
    for app in ("casework", "petitions"):
        for path in (ROOT / app).rglob("*.py"):
            parts = path.relative_to(ROOT / app).parts
            if parts[0].removesuffix(".py") not in {"views", "api"}:
                continue
            text = path.read_text(encoding="utf-8").splitlines()
            for node in _raw_uses(path):
                around = " ".join(text[node.lineno - 1 : node.lineno + 4])
                if "visible_to(" not in around:
                    found.append(f"{path.relative_to(ROOT)}:{node.lineno} {text[node.lineno - 1].strip()}")
    assert not found, "\n".join(found)
