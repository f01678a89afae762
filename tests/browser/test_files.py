"""A file too large for the house is told beside its field before it travels; the others stay chosen."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import FilePayload, Page, expect

from casework.attachments import MAX_BYTES
from casework.models import Attachment
from tests.factories import petitions

MIB = 1024 * 1024
SMALL = b"%PDF-1.4\n%%EOF\n"


def of_size(folder: Path, name: str, size: int) -> Path:
    """A file that has a size and no content worth the name."""
    path = folder / name
    with path.open("wb") as file:
        file.write(SMALL)
        file.truncate(size)
    return path


def small(folder: Path, name: str) -> Path:
    path = folder / name
    path.write_bytes(SMALL + name.encode())
    return path


def chosen(page: Page, field: str) -> list[str]:
    names: list[str] = page.locator(field).evaluate("n => Array.from(n.files).map((f) => f.name)")
    return names


def test_on_a_case_the_large_file_is_told_and_the_others_go(house, people, tmp_path):
    number = petitions.registered(house).case.number
    page = people("clerk")
    page.goto(f"/petitions/{number}/")
    large = of_size(tmp_path, "庭审录像.pdf", MAX_BYTES + 1)
    page.set_input_files("#attach-files", [small(tmp_path, "身份证.pdf"), large, small(tmp_path, "合同.pdf")])
    told = page.locator(".field__err", has_text="庭审录像.pdf")
    expect(told).to_contain_text("超过 20 兆")
    assert told.get_attribute("role") == "alert"
    assert chosen(page, "#attach-files") == ["身份证.pdf", "合同.pdf"]
    page.get_by_role("button", name="上传").click()
    expect(page.locator("#files")).to_contain_text("合同.pdf")
    assert sorted(Attachment.objects.values_list("name", flat=True)) == ["合同.pdf", "身份证.pdf"]


def test_files_too_large_together_go_in_two_turns(house, people, tmp_path):
    number = petitions.registered(house).case.number
    page = people("clerk")
    page.goto(f"/petitions/{number}/")
    page.set_input_files("#attach-files", [of_size(tmp_path, f"照片{n}.pdf", 19 * MIB) for n in (1, 2, 3)])
    told = page.locator(".field__err", has_text="照片3.pdf")
    expect(told).to_contain_text("50 兆")
    assert chosen(page, "#attach-files") == ["照片1.pdf", "照片2.pdf"]
    page.set_input_files("#attach-files", [small(tmp_path, "合同.pdf")])
    expect(told).to_be_hidden()


def test_on_the_register_page_every_refused_file_stays_named(house, people, tmp_path):
    page = people("clerk")
    page.goto("/petitions/register/")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" and "/files/" in request.url else None)
    page.set_input_files("[data-file-input]", [of_size(tmp_path, "录像.pdf", MAX_BYTES + 1), small(tmp_path, "合同.pdf")])
    expect(page.locator("[data-files]")).to_contain_text("合同.pdf")
    expect(page.locator("[data-files-error]")).to_contain_text("录像.pdf")
    expect(page.locator("[data-files-error]")).to_contain_text("超过 20 兆")
    assert len(sent) == 1


def test_a_ledger_to_import_is_told_too(house, people, tmp_path):
    page = people("office")
    page.goto("/petitions/imports/")
    page.set_input_files("input[type=file]", [of_size(tmp_path, "台账.csv", 50 * MIB + 1)])
    expect(page.locator(".field__err[role=alert]:visible")).to_contain_text("“台账.csv”超过 50 兆")
    assert chosen(page, "input[type=file]") == []


def test_a_small_file_goes_without_a_word(house, people):
    page = people("clerk")
    page.goto("/petitions/register/")
    picture: FilePayload = {"name": "贴图.pdf", "mimeType": "application/pdf", "buffer": SMALL}
    page.set_input_files("[data-file-input]", [picture])
    expect(page.locator("[data-files]")).to_contain_text("贴图.pdf")
    expect(page.locator("[data-files-error]")).to_be_hidden()
