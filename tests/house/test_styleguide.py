"""The style guide shows every component; no template carries inline style or script; every icon asked for is in the sprite."""

import hashlib
import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from config.styleguide import styleguide

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
COMPONENTS = sorted((ROOT / "templates" / "components").glob("*.html"))
#: Papers for WeasyPrint carry no browser policy, but keep to the stylesheets all the same.
INLINE = re.compile(r"""<style\b|\sstyle\s*=|<script\b(?![^>]*\bsrc=)|\son[a-z]+\s*=\s*["']|javascript:""", re.IGNORECASE)


@pytest.fixture(scope="module")
def page() -> str:
    request = RequestFactory().get("/styleguide/")
    request.user = AnonymousUser()
    return styleguide(request).content.decode()


def test_it_renders(page):
    for words in ("超 3 天", "今日到期", "余 2 天", "余 12 天", "已办结", "手机号应为 11 位", "没有符合条件的案件"):
        assert words in page
    assert 'aria-invalid="true"' in page
    assert 'id="id_phone_error"' in page


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda p: p.stem)
def test_every_component_names_its_inputs_and_is_shown(component):
    first = component.read_text(encoding="utf-8").splitlines()[0]
    assert re.match(r"\{# .*(Inputs|No inputs)", first), "the first line says what it needs"
    shown = "".join((ROOT / "templates" / name).read_text(encoding="utf-8") for name in ("styleguide.html", "base_shell.html"))
    assert f'"components/{component.name}"' in shown


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_inline_style_or_script(template):
    found = INLINE.search(template.read_text(encoding="utf-8"))
    assert found is None, found


def test_every_icon_is_in_the_sprite():
    have = set(re.findall(r'id="i-([a-z0-9-]+)"', (ROOT / "static" / "icons.svg").read_text(encoding="utf-8")))
    text = "".join(t.read_text(encoding="utf-8") for t in TEMPLATES)
    asked = set(re.findall(r'{% icon "([a-z0-9-]+)"', text)) | set(re.findall(r'icon_name="([a-z0-9-]+)"', text))
    assert asked <= have, asked - have


def test_no_script_imports_another():
    """Served names carry a hash in production: an import by plain name would be missing there, or run a script twice."""
    for script in (ROOT / "static" / "js").glob("*.js"):
        assert not re.search(r"^\s*import\b|\bimport\(", script.read_text(encoding="utf-8"), re.MULTILINE), script.name


def test_vendored_files_are_those_of_the_list():
    listed = json.loads((ROOT / "static" / "vendor" / "vendor.json").read_text(encoding="utf-8"))
    for entry in listed["packages"]:
        assert entry["licence"]
        for file in entry["files"]:
            assert hashlib.sha256((ROOT / file["to"]).read_bytes()).hexdigest() == file["sha256"], file["to"]
