"""The shortcut sheet names every key a page or a script declares: a key nobody is told of is no shortcut (DESIGN.md §7.1)."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings

from casework import kinds
from casework.templatetags import components
from mediation.rules import steps
from organisations import shortcuts

ROOT = Path(settings.BASE_DIR)
SHEET = ROOT / "templates/components/keys.html"
#: The style guide shows keys that do nothing.
SAMPLES = {SHEET, ROOT / "templates/styleguide.html"}


def declared() -> set[str]:
    pages = "".join(page.read_text() for page in (ROOT / "templates").rglob("*.html") if page not in SAMPLES)
    scripts = "".join(script.read_text() for script in (ROOT / "static/js").glob("*.js"))
    found = set(re.findall(r'data-key="([^"{]+)"', pages)) | set(re.findall(r'dataset\.key = "([^"]+)"', scripts))
    found |= set(components._SIDE_KEYS.values())
    found |= {step.key for step in steps.STEPS.values() if step.key}
    return found | {act.key for kind in kinds.every() for act in kind.bulk_acts if act.key}


def test_the_sheet_names_every_declared_key():
    caps = {cap.replace(" ", "+") for cap in re.findall(r"<kbd>([^<]+)</kbd>", SHEET.read_text())}
    assert declared() >= {"Alt+S", "Alt+R", "N", "F9", "U"}  # the search itself finds what is there
    assert declared() - caps == set()


def test_every_declared_key_can_be_moved_and_the_sheet_names_what_can():
    """Plain numbers follow what the routing board shows; everything else is in the map a person may change."""
    movable = {command.standard for command in shortcuts.COMMANDS}
    caps = {cap.replace(" ", "+") for cap in re.findall(r"<kbd>([^<]+)</kbd>", SHEET.read_text())}
    assert {key for key in declared() if not key.isdecimal()} - movable == set()
    assert movable - caps == set()


def test_a_cap_on_a_button_is_a_promise():
    """«保存 F9» on a button that F9 does not press teaches people that keys do not work."""
    empty = []
    for page in sorted((ROOT / "templates").rglob("*.html")):
        for attributes, inside in re.findall(r"<(?:button|a)\b((?:[^>{]|\{[^}]*\})*)>(.*?)</(?:button|a)>", page.read_text(), re.DOTALL):
            for cap in re.findall(r"<kbd>([^<{]+)</kbd>", inside):
                key = cap.replace(" ", "+")
                kept = f'data-key="{key}"' in attributes or key in ("Enter", "Esc") or (key == "Ctrl+Enter" and "data-submit" in attributes)
                if page not in SAMPLES and not kept:
                    empty.append(f"{page.relative_to(ROOT)}: {cap}")
    assert empty == []
