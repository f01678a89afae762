"""Ledgers come in: every bad row is named, nothing is half imported, a killed run goes on, a batch can be undone (ALL-7)."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import zipfile
from datetime import date, datetime, timedelta
from importlib import import_module
from itertools import pairwise

import pytest
from django.apps import apps
from django.core.management import call_command
from openpyxl import Workbook

from casework import chain
from casework.models import Case, Counter, Document, Entry, Reach
from casework.rules import NotAllowed
from organisations import clock
from organisations.models import AccessEntry, Post
from organisations.roles import Role
from petitions import actions, tasks
from petitions.imports import batches, files, ledgers, mapping
from petitions.management.commands import import_messages
from petitions.models import Import, ImportRow, Petition

pytestmark = pytest.mark.django_db

HEADER = ["标题", "诉求内容", "信访日期", "姓名", "身份证号", "电话", "属地", "分类", "答复", "答复日期"]
GOOD = [
    ["路灯不亮", "村口路灯坏了", "2026-01-05", "陈桂兰", "", "13800132046", "九曲村", "城乡建设", "", ""],
    ["拖欠工资", "工地欠薪", "2026/2/3 10:30", "赵文斌", "", "", "阜山镇", "040000", "已责令支付", "2026-02-20"],
    ["排水不畅", "雨天积水", "", "", "", "", "", "", "", ""],
]


def a_csv(rows, *, encoding="utf-8", header=HEADER) -> io.BytesIO:
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    return io.BytesIO(text.getvalue().encode(encoding))


def options(county, **changes) -> mapping.Options:
    facts = {"area_id": county.areas["county"].id, "received_on": date(2026, 1, 1), **changes}
    return mapping.Options(**facts)


def those_of_the_land(county) -> dict[str, int]:
    """Who answers for an old ledger's replies: the unit, its handler, its head."""
    return {"unit_id": county.units["land"].id, "handler_id": county.people["handler"].id, "head_id": county.people["head"].id}


def checked(county, rows, *, encoding="utf-8", **changes) -> Import:
    by = county.scope("office")
    batch = batches.upload("台账.csv", a_csv(rows, encoding=encoding), by=by)
    return batches.check(batch, batch.mapping, options(county, **changes), by=by)


def imported(county, rows, **changes) -> Import:
    batch = checked(county, rows, **changes)
    batches.start(batch, by=county.scope("office"))
    return batches.run(batch)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_faultless_file_becomes_cases(county, encoding):
    batch = imported(county, GOOD, encoding=encoding)
    assert (batch.state, batch.done_rows) == ("done", 3)
    first = Petition.objects.get(case__title="路灯不亮")
    assert first.received_on == date(2026, 1, 5)
    assert first.case.area.name == "九曲村"
    assert first.case.topic_code == "030000"
    assert Petition.objects.get(case__title="排水不畅").is_anonymous
    assert list(chain.verify_cases()) == []


def test_a_spreadsheet_comes_in_too(county):
    book = Workbook()
    for row in [HEADER, ["路灯不亮", "坏了", datetime(2026, 1, 5, 8), "陈桂兰", "", 13800132046, "", "", "", ""]]:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    content.seek(0)
    by = county.scope("office")
    batch = batches.upload("台账.xlsx", content, by=by)
    batch = batches.check(batch, batch.mapping, options(county), by=by)
    assert (batch.total, batch.bad) == (1, 0)


def test_every_bad_row_is_named_and_nothing_comes_in(county):
    bad = [
        ["", "没有标题", *[""] * 8],
        ["看不懂的日期", "内容", "去年春天", *[""] * 7],
        ["错的身份证", "内容", "", "张三", "110105194912310021", *[""] * 5],
        ["没有的分类", "内容", "", "", "", "", "", "不存在的类", "", ""],
        ["未来", "内容", "2099-01-01", *[""] * 7],
        ["错的电话", "内容", "", "张三", "", "123", *[""] * 4],
        ["没有的地方", "内容", "", "", "", "", "火星镇", "", "", ""],
        ["有电话没姓名", "内容", "", "", "", "13800132046", *[""] * 4],
    ]
    batch = checked(county, [*GOOD, *bad])
    assert (batch.state, batch.total, batch.good, batch.bad) == ("failed", 11, 3, 8)
    problems = dict(ImportRow.objects.filter(batch=batch).values_list("no", "problem"))
    assert list(problems) == [5, 6, 7, 8, 9, 10, 11, 12]
    for no, word in zip(problems, ["标题", "信访日期", "身份证", "分类", "晚于今天", "电话", "火星镇", "没有姓名"], strict=True):
        assert word in problems[no]
    with pytest.raises(NotAllowed):
        batches.start(batch, by=county.scope("office"))
    assert not Case.objects.exists()
    lines = list(csv.reader(io.StringIO("".join(batches.error_file(batch)).lstrip("\ufeff"))))
    assert len(lines) == 9
    assert lines[1][:2] == ["5", "标题为空。"]


def test_a_word_nobody_knows_is_named_and_an_empty_cell_takes_the_default(county):
    header = ["标题", "诉求内容", "信访形式", "信访目的"]
    rows = [["甲", "内容", "QQ", "咨询"], ["乙", "内容", "", ""], ["丙", "内容", "飞鸽", ""], ["丁", "内容", "电话", "发泄"]]
    by = county.scope("office")
    batch = batches.upload("台账.csv", a_csv(rows, header=header), by=by)
    batch = batches.check(batch, batch.mapping, options(county), by=by)
    problems = dict(ImportRow.objects.filter(batch=batch).values_list("no", "problem"))
    assert problems == {4: "信访形式“飞鸽”：没有这一类。", 5: "信访目的“发泄”：没有这一类。"}
    batches.start_good(batch, by=by)
    batches.run(batch)
    assert list(Petition.objects.order_by("pk").values_list("channel", "purpose")) == [
        ("300", "05"),
        (mapping.Options.channel, mapping.Options.purpose),
    ]


def test_cells_that_a_spreadsheet_would_run_are_made_harmless_in_the_error_file(county):
    batch = checked(county, [["", "=cmd|' /C calc'!A0", *[""] * 8]])
    assert ",'=cmd" in "".join(batches.error_file(batch))


def test_a_ledger_with_replies_walks_to_the_archive_with_its_own_dates(county, settings):
    people = county.people
    batch = imported(
        county,
        GOOD[1:2],
        with_replies=True,
        unit_id=county.units["labour"].id,
        handler_id=people["labour_handler"].id,
        head_id=people["labour_head"].id,
    )
    assert batch.state == "done", list(ImportRow.objects.values_list("problem", flat=True))
    petition = Petition.objects.get()
    assert (petition.case.state, petition.replied_on) == ("closed", date(2026, 2, 20))
    entry = Entry.objects.get(case=petition.pk, act="petition.reply")
    assert entry.happened_at.date() == date(2026, 2, 20)
    assert entry.at.date() == clock.now().date(), "entered when it was entered, not when it happened"
    paper = Document.objects.get()
    assert (paper.paper, paper.number, paper.verify_code) == ("P11", f"原件无文号（{petition.case.number}）", ""), "another system sent it out"
    assert not Counter.objects.filter(series__startswith="paper:").exists(), "and it takes no number of our series (L-DOC-5)"
    assert list(chain.verify_cases()) == []


def test_a_protected_matter_is_not_taken_in_with_its_reply(county):
    row = ["举报干部", "侵占集体资金", "2026-01-05", "", "", "", "", "", "已查处", "2026-01-20"]
    batch = checked(county, [row], purpose="03", with_replies=True, **those_of_the_land(county))
    assert "检举控告类不能连同答复导入" in batch.rows.get().problem


@pytest.mark.parametrize(
    ("who", "person", "words"),
    [
        ("head_id", "labour_head", "审签人应为自然资源局的单位负责人。"),
        ("head_id", "handler2", "审签人应为自然资源局的单位负责人。"),
        ("handler_id", "labour_handler", "承办人应为自然资源局的承办人。"),
    ],
)
def test_the_replies_of_a_ledger_are_answered_for_by_people_of_their_unit(county, who, person, words):
    """Else the trial passes and every row is refused when it comes in."""
    with pytest.raises(NotAllowed, match=words):
        checked(county, GOOD[1:2], with_replies=True, **{**those_of_the_land(county), who: county.people[person].id})


def test_a_head_whose_post_has_ended_signs_no_replies(county):
    Post.objects.filter(user=county.people["head"]).update(until_on=date(2025, 12, 31))
    with pytest.raises(NotAllowed, match="审签人应为自然资源局的单位负责人。"):
        checked(county, GOOD[1:2], with_replies=True, **those_of_the_land(county))


def test_a_killed_run_goes_on_where_it_stopped(county, monkeypatch):
    monkeypatch.setattr(batches, "CHUNK", 2)
    rows = [[f"第{n}件", "内容", *[""] * 8] for n in range(7)]
    batch = checked(county, rows)
    batches.start(batch, by=county.scope("office"))
    real, calls = batches.actions.register, []

    def dies(*args, **kwargs):
        calls.append(1)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return real(*args, **kwargs)

    monkeypatch.setattr(batches.actions, "register", dies)
    with pytest.raises(KeyboardInterrupt):
        batches.run(batch)
    batch.refresh_from_db()
    assert (batch.done_rows, Case.objects.count()) == (2, 2)
    monkeypatch.setattr(batches.actions, "register", real)
    batch = batches.run(batch)
    assert (batch.state, Case.objects.count()) == ("done", 7)
    assert sorted(Case.objects.values_list("title", flat=True)) == [f"第{n}件" for n in range(7)]


def test_an_imported_batch_can_be_undone_and_its_numbers_stay(county):
    batch = imported(county, GOOD)
    batch = batches.undo(batch, reason="导错了文件", by=county.scope("office"))
    assert batch.state == "undone"
    assert set(Case.objects.values_list("state", "outcome")) == {("voided", "voided")}
    assert not Reach.objects.filter(is_open=True).exists()
    batches.undo(batch, reason="再点一次", by=county.scope("office"))
    assert list(chain.verify_cases()) == []


def test_a_batch_with_a_matter_the_undoer_may_not_see_is_undone_by_who_brought_it_in(county):
    protected = ["举报干部", "侵占集体资金", *[""] * 8]
    batch = imported(county, [*GOOD, protected], purpose="03")
    assert Case.objects.filter(confidential=True).exists()
    with pytest.raises(NotAllowed, match="请由导入人孙志远撤销", check=lambda refusal: refusal.code == "not_all_seen"):
        batches.undo(batch, reason="导错了文件", by=county.scope("office2"))
    assert not Case.objects.filter(outcome="voided").exists(), "none of the batch, not half of it"
    assert batches.undo(batch, reason="导错了文件", by=county.scope("office")).state == "undone"
    assert set(Case.objects.values_list("outcome", flat=True)) == {"voided"}


def left_behind(county) -> Import:
    """A batch with a protected matter whose importer no longer works in the office."""
    protected = ["举报干部", "侵占集体资金", *[""] * 8]
    batch = imported(county, [*GOOD, protected], purpose="03")
    Post.objects.filter(user=batch.by).update(until_on=clock.today() - timedelta(days=1))
    return batch


def test_when_the_importer_has_left_the_contact_voids_what_only_he_sees_and_the_office_the_rest(county, sign_in):
    """L-PET-86: the office learns neither number nor words; the contact voids nothing before he is asked."""
    batch = left_behind(county)
    secret = Case.objects.filter(confidential=True).get(title="举报干部")
    contact, office = sign_in("discipline"), sign_in("office2")
    too_early = {"reason": "导错了文件", "version": secret.version}
    assert contact.post(f"/petitions/{secret.number}/retract/", too_early).status_code == 409
    assert office.post(f"/petitions/{secret.number}/retract/", too_early).status_code == 404
    with pytest.raises(NotAllowed, check=lambda refusal: refusal.code == "not_asked"):
        actions.retract(secret.number, reason="导错了文件", by=county.scope("discipline"))
    office.post(f"/petitions/imports/{batch.pk}/undo/", {"reason": "导错了文件"})
    assert not Case.objects.filter(outcome="voided").exists(), "none of the batch before the contacts have done their part"
    page = office.get(f"/petitions/imports/{batch.pk}/").content.decode()
    assert "已请他们逐件撤销" in page
    assert secret.number not in page
    assert secret.number in contact.get("/inbox/").content.decode()
    for case in Case.objects.filter(confidential=True):
        assert "撤销导入" in contact.get(f"/petitions/{case.number}/").content.decode()
        version = case.version
        assert contact.post(f"/petitions/{case.number}/retract/", {"reason": "导错了文件", "version": version}).status_code == 303
    assert set(Case.objects.filter(confidential=True).values_list("outcome", flat=True)) == {"voided"}
    office.post(f"/petitions/imports/{batch.pk}/undo/", {"reason": "导错了文件"})
    batch.refresh_from_db()
    assert batch.state == "undone"
    assert set(Case.objects.values_list("outcome", flat=True)) == {"voided"}
    assert list(chain.verify_cases()) == []


def test_nobody_is_asked_to_void_a_protected_matter_when_all_its_contacts_have_left(county):
    batch = left_behind(county)
    Post.objects.filter(role=Role.DISCIPLINE).update(until_on=clock.today() - timedelta(days=1))
    with pytest.raises(NotAllowed, match="请安全管理员先恢复联络员岗位"):
        batches.undo(batch, reason="导错了文件", by=county.scope("office2"))
    batch.refresh_from_db()
    assert "undo_asked" not in batch.options


def test_a_file_is_forgotten_only_with_its_row(county, settings, tmp_path, django_capture_on_commit_callbacks):
    settings.MEDIA_ROOT = tmp_path
    batch = checked(county, GOOD)
    with django_capture_on_commit_callbacks(execute=True):
        ledgers.forget(batch, "试")
        assert len(held(tmp_path)) == 1, "what is undone by the database still has its file"
    assert held(tmp_path) == []


def test_good_rows_are_released_in_one_act_or_stay_as_they_were(county, settings, tmp_path, sign_in):
    settings.MEDIA_ROOT = tmp_path
    batch = checked(county, [*GOOD, ["", "没有标题", *[""] * 8]])
    (file,) = held(tmp_path)
    file.unlink()
    page = f"/petitions/imports/{batch.pk}/"
    assert sign_in("office").post(f"{page}start/", {"leave_out_bad": "1"}).status_code == 409
    batch.refresh_from_db()
    assert (batch.state, "leaves_out_bad" in batch.options) == ("failed", False)
    answer = sign_in("office").get(page)
    assert (answer.status_code, "原文件已不在" in answer.content.decode(), "errors.csv" in answer.content.decode()) == (200, True, False)
    assert sign_in("office").get(f"{page}errors.csv").status_code == 409


def test_the_page_shows_the_columns_without_opening_the_file(county, monkeypatch, sign_in):
    batch = checked(county, GOOD)
    monkeypatch.setattr(ledgers, "content", None)
    assert batch.columns == HEADER
    assert sign_in("office").get(f"/petitions/imports/{batch.pk}/").status_code == 200


def test_a_case_of_the_window_cannot_be_retracted(county):
    from tests.factories import petitions

    number = petitions.registered(county).case.number
    with pytest.raises(NotAllowed, match="不是批量导入"):
        actions.retract(number, reason="试试", by=county.scope("office"))


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.txt", b"x", "只能导入"),
        ("a.xlsx", b"not a zip", "损坏"),
        ("a.csv.gz", b"not gzip", "损坏"),
        ("a.csv", b"\xff\xfe\x00\x81", "编码"),
        ("a.csv", b"", "没有数据行"),
        ("a.csv", "标题,标题\na,b\n".encode(), "列名重复"),
    ],
)
def test_a_file_that_cannot_be_read_gets_a_sentence(county, name, content, words):
    with pytest.raises(NotAllowed, match=words):
        batches.upload(name, io.BytesIO(content), by=county.scope("office"))
    assert not Import.objects.exists()


def a_damaged_book(part: str, text: str | None) -> bytes:
    """A workbook one part of which was written anew, or left out."""
    whole, out = io.BytesIO(), io.BytesIO()
    book = Workbook()
    book.active.append(HEADER)
    book.active.append(GOOD[0])
    book.save(whole)
    with zipfile.ZipFile(whole) as held, zipfile.ZipFile(out, "w") as made:
        for name in held.namelist():
            if name != part or text is not None:
                made.writestr(name, text if name == part and text is not None else held.read(name))
    return out.getvalue()


_SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
_FLOOD = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'>" + "".join(f"<!ENTITY {b} '{f'&{a};' * 10}'>" for a, b in pairwise("abcdefghij")) + "]>"


@pytest.mark.parametrize(
    ("part", "text"),
    [
        ("xl/workbook.xml", "<workbook"),
        ("xl/styles.xml", "<x"),
        ("xl/worksheets/sheet1.xml", "<worksheet"),
        ("xl/worksheets/sheet1.xml", None),
        ("xl/worksheets/sheet1.xml", _FLOOD + _SHEET.format('<row r="1"><c t="inlineStr"><is><t>&j;</t></is></c></row>')),
        ("xl/worksheets/sheet1.xml", _SHEET.format('<row r="1"><c r="A1" t="s"><v>99999</v></c></row>')),
        ("xl/worksheets/sheet1.xml", _SHEET.format('<row r="1"><c r="A1"><v>abc</v></c></row>')),
        ("xl/worksheets/sheet1.xml", _SHEET.format('<row r="x"><c r="A1"><v>1</v></c></row>')),
        ("[Content_Types].xml", "<a/>"),
    ],
)
def test_a_book_damaged_inside_gets_a_sentence(county, part, text):
    with pytest.raises(NotAllowed, match="损坏"):
        batches.upload("a.xlsx", io.BytesIO(a_damaged_book(part, text)), by=county.scope("office"))
    assert not Import.objects.exists()


def test_a_book_locked_by_a_password_inside_gets_a_sentence(county):
    held = bytearray(a_damaged_book("", None))
    at = held.find(b"PK\x01\x02")
    while at >= 0:
        held[at + 8] |= 1
        at = held.find(b"PK\x01\x02", at + 4)
    with pytest.raises(NotAllowed, match="损坏"):
        batches.upload("a.xlsx", io.BytesIO(held), by=county.scope("office"))


def test_usual_column_names_are_recognised():
    assert mapping.guess(["subject", "detail", "label", "time", "reply", "reply_time", "user"]) == {
        "title": "subject",
        "story": "detail",
        "received": "time",
        "name": "user",
        "category": "label",
        "reply": "reply",
        "replied": "reply_time",
    }


def test_the_command_says_what_it_did(county, tmp_path, capsys):
    path = tmp_path / "台账.csv"
    path.write_bytes(a_csv([*GOOD, ["", "没有标题", *[""] * 8]]).getvalue())
    errors = tmp_path / "错误.csv"
    call_command("import_messages", str(path), "--good-only", "--errors", str(errors))
    said = capsys.readouterr().out
    assert "试运行：4 行，通过 3，有问题 1" in said
    assert "导入：3 行，略过 1 行，" in said
    assert Case.objects.count() == 3
    assert "没有标题" in errors.read_text(encoding="utf-8")


@pytest.mark.django_db(transaction=True)
def test_two_processes_of_the_command_share_one_batch(county, tmp_path, monkeypatch):
    """Each takes chunks; numbers follow the rows of the file without a gap and every chain holds."""
    rows = [[f"第{no}件", f"第{no}件的内容", "2026-01-05", *[""] * 7] for no in range(1, 121)]
    path, seen = tmp_path / "台账.csv", tmp_path / "processes"
    path.write_bytes(a_csv(rows).getvalue())
    monkeypatch.setattr(batches, "CHUNK", 5)
    monkeypatch.setattr(import_messages, "WORTH_TWO", 100)
    real = batches._take_in

    def told(*args):
        with seen.open("a") as out:
            out.write(f"{os.getpid()}\n")
        real(*args)

    monkeypatch.setattr(batches, "_take_in", told)
    call_command("import_messages", str(path), "--processes", "2")
    assert len(set(seen.read_text().split())) == 2
    batch = Import.objects.get()
    assert (batch.state, batch.taken_in) == ("done", 120)
    numbers = list(ImportRow.objects.filter(batch=batch).order_by("no").values_list("case__number", flat=True))
    assert [int(number.rsplit("-", 1)[1]) for number in numbers] == list(range(1, 121))
    assert list(chain.verify_cases()) == []


def test_rows_keep_the_numbers_of_the_spreadsheet():
    content = "标题\n甲\n\n乙\n".encode()
    assert [(row.no, row.values["标题"]) for row in files.read(content, "a.csv")] == [(2, "甲"), (4, "乙")]


def held(folder) -> list:
    return sorted((folder / "imports").glob("*"))


ID = "11010519491231002X"


def test_a_ledger_lies_sealed_and_goes_when_all_of_it_is_in(county, settings, tmp_path, django_capture_on_commit_callbacks):
    settings.MEDIA_ROOT = tmp_path
    batch = checked(county, [[*GOOD[0][:4], ID, *GOOD[0][5:]], *GOOD[1:]])
    (file,) = held(tmp_path)
    assert ID.encode() not in file.read_bytes()
    assert "陈桂兰".encode() not in file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0
    assert ID.encode() in ledgers.content(batch)
    batches.start(batch, by=county.scope("office"))
    with django_capture_on_commit_callbacks(execute=True):
        batch = batches.run(batch)
    assert (batch.state, batch.path) == ("done", "")
    assert held(tmp_path) == []
    assert AccessEntry.objects.filter(event="import", object_id=str(batch.pk), object_label__contains="原文件已删除").exists()
    assert batches.undo(batch, reason="导错了", by=county.scope("office")).state == "undone"


def test_a_killed_run_goes_on_from_the_sealed_file(county, settings, tmp_path, monkeypatch, django_capture_on_commit_callbacks):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(batches, "CHUNK", 1)
    batch = checked(county, GOOD)
    batches.start(batch, by=county.scope("office"))
    real = batches._take_in

    def dies(batch, *rest):
        if batch.done_rows == 2:
            raise KeyboardInterrupt
        real(batch, *rest)

    monkeypatch.setattr(batches, "_take_in", dies)
    with pytest.raises(KeyboardInterrupt):
        batches.run(batch)
    with clock.at(clock.now() + 2 * ledgers.KEPT_FOR):
        assert ledgers.sweep() == 0, "a batch at work keeps its file"
    monkeypatch.setattr(batches, "_take_in", real)
    with django_capture_on_commit_callbacks(execute=True):
        assert batches.run(Import.objects.get()).done_rows == 3
    assert Case.objects.count() == 3
    assert held(tmp_path) == []


def test_a_batch_never_begun_loses_its_file_after_thirty_days_and_says_so(county, settings, tmp_path, sign_in, django_capture_on_commit_callbacks):
    settings.MEDIA_ROOT = tmp_path
    batch = checked(county, [*GOOD, ["", "没有标题", *[""] * 8]])
    client, page = sign_in("office"), f"/petitions/imports/{batch.pk}/"
    assert "原文件加密保存到" in client.get(page).content.decode()
    with clock.at(clock.now() + ledgers.KEPT_FOR - timedelta(minutes=1)):
        assert ledgers.sweep() == 0
    with clock.at(clock.now() + ledgers.KEPT_FOR + timedelta(minutes=1)), django_capture_on_commit_callbacks(execute=True):
        assert ledgers.sweep() == 1
        assert ledgers.sweep() == 0
    assert held(tmp_path) == []
    assert "原文件已删除" in client.get(page).content.decode()
    assert client.get(f"{page}errors.csv").status_code == 409
    batch.refresh_from_db()
    for act in (
        lambda: batches.check(batch, batch.mapping, options(county), by=county.scope("office")),
        lambda: batches.start(batches.leave_out_bad(batch, by=county.scope("office")), by=county.scope("office")),
    ):
        with pytest.raises(NotAllowed, check=lambda refusal: refusal.code == "file_forgotten"):
            act()
    assert Case.objects.count() == 0


def test_the_file_of_bad_rows_shows_no_number(county, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    batch = checked(county, [["", "没有标题，电话13800132046", "", "陈桂兰", ID, "13800132046", "", "", "", ""]])
    text = "".join(batches.error_file(batch))
    assert ID not in text
    assert "13800132046" not in text
    assert "2046" in text


def test_a_file_changed_on_disk_is_refused(county, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    batch = checked(county, GOOD)
    (file,) = held(tmp_path)
    token = file.read_text()
    file.chmod(0o600)
    file.write_text(token[:40] + ("A" if token[40] != "A" else "B") + token[41:])
    with pytest.raises(NotAllowed, check=lambda refusal: refusal.code == "file_unreadable"):
        ledgers.content(batch)


@pytest.mark.parametrize("change", ["left out", "twice", "moved", "of another ledger"])
def test_pieces_of_a_ledger_belong_together(county, settings, tmp_path, monkeypatch, change):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(ledgers, "_PIECE", 64)
    batch = checked(county, GOOD)
    (file,) = held(tmp_path)
    first, second, *rest = file.read_text().splitlines(keepends=True)
    other = (tmp_path / ledgers.keep(b"x" * 64)).read_text()
    changed = {
        "left out": [first, *rest],
        "twice": [first, first, second, *rest],
        "moved": [second, first, *rest],
        "of another ledger": [first, other, *rest],
    }
    file.write_text("".join(changed[change]))
    with pytest.raises(NotAllowed, match="与上传时不一致"):
        ledgers.content(batch)
    assert batch.rows.count() == 0


def without_file(file) -> None:
    file.unlink()


def with_a_changed_piece(file) -> None:
    file.write_text("v1.gone." + file.read_text()[8:])


def with_no_text(file) -> None:
    file.write_bytes(b"\xff\xfe")


@pytest.mark.parametrize("spoil", [without_file, with_a_changed_piece, with_no_text])
def test_one_ledger_that_cannot_be_read_stops_no_other(county, settings, tmp_path, sign_in, spoil):
    settings.MEDIA_ROOT = tmp_path
    first = checked(county, GOOD)
    spoiled = tmp_path / first.path
    second = checked(county, [["另一批", "内容", *[""] * 8]])
    for batch in (first, second):
        batches.start(batch, by=county.scope("office"))
    spoil(spoiled)
    tasks.run_imports()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("failed", "done")
    why = "原文件已" if spoil is without_file else "读不出来"
    assert why in first.rows.get(no=0).problem
    page = sign_in("office").get(f"/petitions/imports/{first.pk}/")
    assert page.status_code == 200
    assert why in page.content.decode()
    assert sign_in("office").get(f"/petitions/imports/{first.pk}/errors.csv").status_code == 409


def test_a_batch_whose_run_breaks_is_told_after_the_others_are_in(county, monkeypatch):
    first, second = checked(county, GOOD), checked(county, [["另一批", "内容", *[""] * 8]])
    for batch in (first, second):
        batches.start(batch, by=county.scope("office"))
    real = batches._take_in

    def breaks(batch, *args):
        if batch.pk == first.pk:
            raise RuntimeError
        real(batch, *args)

    monkeypatch.setattr(batches, "_take_in", breaks)
    with pytest.raises(ExceptionGroup):
        tasks.run_imports()
    second.refresh_from_db()
    assert second.state == "done"


def test_a_batch_begun_while_files_are_swept_keeps_its_file(county, settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path
    batch = checked(county, GOOD)
    real = ledgers._forget_if_over

    def begun_meanwhile(pk):
        batches.start(batch, by=county.scope("office"))
        return real(pk)

    monkeypatch.setattr(ledgers, "_forget_if_over", begun_meanwhile)
    with clock.at(clock.now() + ledgers.KEPT_FOR + timedelta(minutes=1)):
        assert ledgers.sweep() == 0
    batch.refresh_from_db()
    assert (batch.state, len(held(tmp_path))) == ("running", 1)


def test_ledgers_an_earlier_release_left_in_clear_are_sealed_by_the_migration(county, settings, tmp_path, django_capture_on_commit_callbacks):
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "imports").mkdir()
    plain = tmp_path / "imports" / "ab12"
    plain.write_bytes(a_csv(GOOD).getvalue())
    digest = hashlib.sha256(plain.read_bytes()).hexdigest()
    facts = {"name": "台账.csv", "sha256": digest, "path": "imports/ab12", "by": county.people["office"], "at": clock.now()}
    waiting = Import.objects.create(**facts, state="checked")
    over = Import.objects.create(**facts, state="done")
    gone = Import.objects.create(**{**facts, "path": "imports/nothing"}, state="checked")
    with django_capture_on_commit_callbacks(execute=True):
        import_module("petitions.migrations.0009_front").seal(apps, None)
        assert plain.exists(), "a migration that fails later leaves the plain file to be sealed again"
    for batch in (waiting, over, gone):
        batch.refresh_from_db()
    assert (over.path, gone.path) == ("", "")
    assert ledgers.content(waiting) == a_csv(GOOD).getvalue()
    assert not plain.exists()


def test_a_report_nobody_here_may_see_or_answer_is_named_in_the_dry_run(county, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    header = [*HEADER, "被反映人"]
    rows = [[*GOOD[0], "马国强"], [*GOOD[1], "陈德旺"], [*GOOD[2], "陈德旺"]]
    by = county.scope("office")
    batch = batches.upload("台账.csv", a_csv(rows, header=header), by=by)
    people = those_of_the_land(county)
    batch = batches.check(batch, batch.mapping, options(county, purpose="03", with_replies=True, **people), by=by)
    assert list(ImportRow.objects.filter(batch=batch).values_list("no", "problem")) == [
        (2, "反映县中心或者本中心人员的检举控告，请逐件登记，交纪检联络员办理。"),
        (3, "检举控告类不能连同答复导入，请单独登记。"),
    ]
