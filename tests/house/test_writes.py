"""Rows are written in actions, in the verbs of casework and organisations, in commands, the demo and nowhere else."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
WRITES = {
    "save",
    "create",
    "bulk_create",
    "bulk_update",
    "update_or_create",
    "get_or_create",
    "delete",
    "update",
}
APPS = ("organisations", "casework", "petitions", "mediation", "reports", "config")
#: Rooms that may not write. Everything else is an action, a verb module, a command, a migration or a test.
DOORS = ("views", "api", "forms", "queries", "rules", "papers", "templatetags", "context", "navigation.py")


def _doors():
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
            parts = path.relative_to(ROOT / app).parts
            if any(part in DOORS or part.removesuffix(".py") in DOORS for part in parts):
                yield path


def _writes(tree: ast.AST):
    """Calls on a manager (`X.objects.create`, `….filter(…).update`) or `row.save()`; not dict.update or form.save."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES):
            continue
        chain = ast.unparse(node.func.value)
        # A sheet is saved into memory, not into a table.
        if ".objects" in chain or ".filter(" in chain or (node.func.attr == "save" and chain != "book"):
            yield node.lineno, ast.unparse(node.func)


def test_doors_do_not_write():
    found = [f"{path.relative_to(ROOT)}:{line} {call}" for path in _doors() for line, call in _writes(ast.parse(path.read_text(encoding="utf-8")))]
    assert not found, "\n".join(found)


def test_no_receivers_no_save_overrides_no_junk_drawers():
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
            assert path.stem not in {"utils", "helpers", "common", "misc", "core", "base", "signals"}, path
            text = path.read_text(encoding="utf-8")
            assert "@receiver" not in text, path
            if "models" in path.parts or path.name == "models.py":
                assert "def save(" not in text, path
