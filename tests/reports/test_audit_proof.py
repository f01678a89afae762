"""History that proves itself outside the house, numbers without gaps, who took what away, what goes upward (L-PET-34, L-PET-37, L-SEC-40)."""

from __future__ import annotations

import hashlib
import io
import json
import random
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from openpyxl import load_workbook

from casework import actions as docket
from casework import chain
from casework.models import Case
from organisations import access, clock
from organisations.models import AccessEntry, Post
from organisations.roles import Role
from petitions import actions as petitions_acts
from petitions.models import Import
from petitions.queries import record
from reports.actions import refresh
from reports.audit import returns
from reports.models import Fact, IntegrityCheck
from reports.queries import figures, ground
from reports.queries.figures import Selection
from reports.rules.periods import month_of
from tests.factories import disputes, petitions

pytestmark = pytest.mark.django_db

ROOM = "/reports/audit/"
SCRIPT = settings.BASE_DIR / "tools" / "verify_history.py"


def verified(tmp_path, data: bytes) -> subprocess.CompletedProcess[str]:
    file = tmp_path / "h.json"
    file.write_bytes(data)
    return subprocess.run([sys.executable, "-I", str(SCRIPT), str(file)], capture_output=True, text=True, check=False)


def canonical(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def test_a_history_is_checked_without_the_application(county, sign_in, tmp_path):
    case = petitions.accepted(county).case
    chain.seal(clock.today() + timedelta(days=1), clock.now())
    petitions_acts.note(case.number, text="电话了解情况。", by=county.scope("handler"))
    auditor = sign_in("auditor")
    answer = auditor.get(f"{ROOM}history/", {"number": case.number})
    found = verified(tmp_path, answer.content)
    assert found.returncode == 0, found.stdout
    case.refresh_from_db()
    assert f"历史记录{case.entries}条，日封1个，尚未日封1条" in found.stdout
    assert case.head_hash in found.stdout
    content = json.loads(answer.content)
    assert "赵审（auditor）" in content["mark"]
    text = answer.content.decode()
    assert "110105194912310002" not in text
    assert "13800132046" not in text
    taken = AccessEntry.objects.get(event="export", object_type="case")
    assert (taken.object_label, taken.user) == (case.number, county.people["auditor"])
    assert auditor.get(f"{ROOM}history/verifier/").content == SCRIPT.read_bytes()


def test_one_changed_byte_is_found(county, sign_in, tmp_path):
    case = petitions.accepted(county).case
    chain.seal(clock.today() + timedelta(days=1), clock.now())
    data = sign_in("auditor").get(f"{ROOM}history/", {"number": case.number}).content
    dice = random.Random(7)
    for _ in range(25):
        at = dice.randrange(len(data))
        broken = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        assert verified(tmp_path, broken).returncode != 0, at


def test_a_line_rewritten_with_a_new_hash_breaks_the_next_one_and_the_seal(county, sign_in, tmp_path):
    case = petitions.accepted(county).case
    chain.seal(clock.today() + timedelta(days=1), clock.now())
    content = json.loads(sign_in("auditor").get(f"{ROOM}history/", {"number": case.number}).content)
    line = content["lines"][1]
    line["content"] = line["content"].replace(json.loads(line["content"])[5], "改过的环节")
    line["hash"] = hashlib.sha256(line["content"].encode()).hexdigest()
    content.pop("sha256")
    content["sha256"] = hashlib.sha256(canonical(content)).hexdigest()
    found = verified(tmp_path, canonical(content))
    assert found.returncode == 1
    assert "不衔接" in found.stdout
    assert "不在所列日封之内" in found.stdout


def test_a_case_out_of_reach_has_no_proof(county, sign_in):
    hidden = petitions.registered(county, purpose="03").case
    auditor = sign_in("auditor")
    assert auditor.get(f"{ROOM}history/", {"number": hidden.number}).status_code == 404
    assert auditor.get(f"{ROOM}history/", {"number": "370685-1999-000001"}).status_code == 404
    assert not AccessEntry.objects.filter(event="export").exists()


def test_a_missing_number_and_a_broken_chain_are_found(county, sign_in):
    first = petitions.registered(county).case
    petitions.registered(county, title="第二件")
    refresh.refresh()
    auditor = sign_in("auditor")
    day = {"since": f"{clock.today():%Y-%m-%d}", "until": f"{clock.today():%Y-%m-%d}"}
    assert auditor.post(f"{ROOM}integrity/", day).status_code == 303
    whole = IntegrityCheck.objects.get()
    assert (whole.cases, whole.breaks) == (2, [])
    with connection.cursor() as db:
        db.execute("SET CONSTRAINTS ALL IMMEDIATE")
        db.execute("ALTER TABLE casework_entry DISABLE TRIGGER USER")
        db.execute("UPDATE casework_entry SET text = '改过' WHERE case_id = %s AND no = 1", [first.pk])
        db.execute("ALTER TABLE casework_entry ENABLE TRIGGER USER")
    Case.objects.filter(pk=first.pk).update(number="370685-2026-999999")
    assert auditor.post(f"{ROOM}integrity/", day).status_code == 303
    page = auditor.get(f"{ROOM}integrity/").content.decode()
    assert "内容与校验值不符" in page
    assert first.number in page
    assert auditor.post(f"{ROOM}integrity/", {"since": "2026-12-01", "until": "2026-01-01"}).status_code == 422


def test_every_break_is_kept_and_paged_and_the_check_is_its_auditors(county, sign_in):
    numbers = [petitions.registered(county, title=f"第{no}件").case.number for no in range(3)]
    auditor = sign_in("auditor")
    breaks = [[f"{numbers[no % 3]} 第{no}条", "内容与校验值不符"] for no in range(120)]
    check = IntegrityCheck.objects.create(
        since=clock.today(), until=clock.today(), cases=3, lines=120, breaks=breaks, seals=0, by=county.people["auditor"], at=clock.now()
    )
    overview = auditor.get(f"{ROOM}integrity/").content.decode()
    assert "看全部 120 处" in overview
    pages = [auditor.get(f"{ROOM}integrity/{check.pk}/?page={page}") for page in (1, 2, 3)]
    assert [len(page.context["rows"]) for page in pages] == [50, 50, 20]
    assert "共 120 处" in pages[0].content.decode()
    town = county.units["fushan"]
    Post.objects.create(user=county.people["town_head"], unit=town, role="auditor", from_on=clock.today(), appointed_by=county.people["auditor"])
    below = sign_in("town_head")
    assert below.get(f"{ROOM}integrity/{check.pk}/").status_code == 404
    assert numbers[0] not in below.get(f"{ROOM}integrity/").content.decode()


def test_the_auditor_takes_away_so_many_an_hour_and_no_more(county, sign_in, monkeypatch):
    """The pace of L-SEC-7 holds for the books of the room as for every other export; nothing leaves and nothing more is on record."""
    case = petitions.accepted(county).case
    refresh.refresh()
    monkeypatch.setitem(docket.EXPORTS_PER_HOUR, Role.AUDITOR, 2)
    auditor = sign_in("auditor")
    history = f"{ROOM}history/?number={case.number}"
    assert [auditor.get(history).status_code for _ in range(3)] == [200, 200, 429]
    for page in ("return/export/", "record/export/"):
        assert auditor.get(f"{ROOM}{page}").status_code == 429, page
    assert auditor.get("/exports/of/audit_trace/?form=csv").status_code == 429
    assert AccessEntry.objects.filter(event="export").count() == 2


def test_who_took_what_away_within_reach(county, sign_in):
    case = petitions.accepted(county).case
    hidden = petitions.registered(county, purpose="03").case
    for event, about in (("reveal", case), ("reveal", hidden), ("download", case)):
        access.log(AccessEntry.Event(event), user=county.people["handler"], unit=county.units["land"], object_type="case", object_id=about.pk,
                   object_label=about.number, field="电话")  # fmt: skip
    access.log(AccessEntry.Event.EXPORT, user=county.people["head"], unit=county.units["land"], object_type="case_list", object_label="在办")
    access.log(AccessEntry.Event.SIGN_IN, user=county.people["head"])
    auditor = sign_in("auditor")
    page = auditor.get(f"{ROOM}trace/")
    told = [(row.event, row.object_label) for row in page.context["rows"]]
    assert set(told) == {("reveal", case.number), ("download", case.number), ("export", "在办")}
    by_person = [auditor.get(f"{ROOM}trace/", {"person": person}).context["rows"] for person in ("handler", county.people["head"].name, "没有这个人")]
    assert [[row.event for row in rows] for rows in by_person] == [["download", "reveal"], ["export"], []]
    narrowed = auditor.get(f"{ROOM}trace/", {"event": "download"})
    assert [row.event for row in narrowed.context["rows"]] == ["download"]
    assert auditor.get(f"{ROOM}trace/", {"event": "sign_in"}).status_code == 422
    assert "/exports/of/audit_trace/?event=download&amp;form=csv" in narrowed.content.decode()
    taken = {form: b"".join(auditor.get("/exports/of/audit_trace/", {"event": "download", "form": form})) for form in ("xlsx", "csv")}
    cells = [cell.value for row in load_workbook(io.BytesIO(taken["xlsx"])).active.iter_rows() for cell in row]
    assert case.number in cells
    assert hidden.number not in cells
    lines = taken["csv"].decode("utf-8-sig").splitlines()
    assert [case.number in line for line in lines if "下载" in line] == [True]
    # A cell of the page that says two things is two columns side by side, where the cell stands.
    assert "时间,事件,结果,人员,单位,对象,原始地址,字段,理由" in "\n".join(lines).replace('"', "")
    assert AccessEntry.objects.filter(event="export", object_label__contains="访问痕迹").count() == 2
    assert b"".join(auditor.get("/exports/of/audit_trace/", {"form": "csv"})).decode().count("共 5 条") == 1, "not the taking itself"
    assert sign_in("leader").get("/exports/of/audit_trace/?form=csv").status_code == 403


def test_who_was_refused_is_seen_but_not_what_the_auditor_may_not_know(county, sign_in):
    """The filter 越权被拒 found nothing at all: a refused try bore no unit."""
    seen = petitions.accepted(county).case
    hidden = petitions.registered(county, purpose="03").case
    stranger = sign_in("water_handler")
    for case in (seen, hidden):
        assert stranger.get(f"/petitions/{case.number}/").status_code == 404
    assert stranger.get("/petitions/370685-1999-000001/").status_code == 404
    page = sign_in("auditor").get(f"{ROOM}trace/", {"event": "denied"})
    assert [row.object_id for row in page.context["rows"]] == ["370685-1999-000001", seen.number]
    assert hidden.number not in page.content.decode()


# -- what goes upward -------------------------------------------------------------------------------------------------------


def here(county, person: str = "auditor") -> Selection:
    return Selection(month_of(clock.today()), clock.today(), ground.of(county.scope(person)))


def test_the_return_adds_up_to_the_measure_and_every_cell_opens_its_cases(county, sign_in):
    for people, type_code in ((2, "02"), (7, "02"), (60, "01")):
        disputes.accepted(county, people_count=people, type_code=type_code)
    refresh.refresh()
    where = here(county)
    found = returns.read(where)
    assert found.total.cases == figures.read("disputes", where).numerator == 3
    assert found.total.bands == (1, 1, 0, 1)
    auditor = sign_in("auditor")
    page = auditor.get(f"{ROOM}return/").content.decode()
    assert "村级小计" in page
    for level, lines, total in found.levels:
        for line in [*lines, total]:
            for place, count in enumerate(line.bands, start=1):
                query: dict[str, Any] = {"stage": level, "type": line.type_code, "band": place}
                listed = auditor.get(f"{ROOM}return/cases/", query)
                assert listed.context["count"] == count
                assert ("/exports/of/return_cases/" in listed.content.decode()) is bool(count)
                query["form"] = "csv"
                file = b"".join(auditor.get("/exports/of/return_cases/", query)).decode() if count else ""
                assert sum(row.case.number in file for row in listed.context["rows"]) == count
    book = load_workbook(io.BytesIO(auditor.get(f"{ROOM}return/export/").content))
    leaf = book["月报表"]
    assert leaf.cell(leaf.max_row, 2).value == "合计"
    assert str(leaf.cell(leaf.max_row, 7).value).startswith("=")
    assert "赵审（auditor）" in str(leaf.cell(2, 1).value)
    assert AccessEntry.objects.filter(event="export", object_id="矛盾纠纷月报表").exists()


def test_the_record_has_the_columns_of_the_nation_and_no_numbers_of_people(county, sign_in):
    case = petitions.delivered(county, flags=["lmbz"]).case
    petitions.registered(county, purpose="03")
    refresh.refresh()
    auditor = sign_in("auditor")
    data = auditor.get(f"{ROOM}record/export/?span=year").content
    leaf = load_workbook(io.BytesIO(data))["信访件"]
    head = [cell.value for cell in leaf[1]]
    assert head == [column.label for column in record.COLUMNS]
    assert len([column for column in record.COLUMNS if column.code]) >= 44
    row = dict(zip(head, [cell.value for cell in leaf[2]], strict=True))
    assert leaf.max_row == 2  # the protected one is not the auditor's to see
    assert (row["信访件编号"], row["概况信息"], row["联名标志"], row["信访形式代码"]) == (case.number, case.title, "1", "200")
    assert not row["查询码"]
    assert not row["内容分类代码"]  # our own code is no national one
    text = "".join(str(cell.value) for line in leaf.iter_rows() for cell in line)
    assert "110105194912310002" not in text
    assert "13800132046" not in text
    page = auditor.get(f"{ROOM}record/?span=year").content.decode()
    assert "只交给信访人本人" in page
    assert AccessEntry.objects.filter(event="export", object_id="省级列序清单").exists()


def test_a_town_auditor_or_head_sees_only_the_return_of_the_ground(county, sign_in):
    disputes.accepted(county)
    refresh.refresh()
    assert returns.read(here(county, "town_head")).total.cases <= returns.read(here(county)).total.cases
    assert sign_in("head").get(f"{ROOM}return/").status_code == 200
    assert sign_in("handler").get(f"{ROOM}return/").status_code == 403


def test_a_return_narrowed_to_others_tells_a_place_no_small_cell(county, sign_in):
    """The county sees it, the unit itself sees it; a town that narrows it to a bureau does not (L-SEC-41)."""
    for _ in range(2):
        disputes.accepted(county)
    refresh.refresh()
    land = county.units["land"].pk
    Fact.objects.update(unit_id=land, carried_unit_ids=[land])
    query = f"?unit={land}"
    assert sign_in("auditor").get(f"{ROOM}return/{query}").context["found"].total.cases == 2
    town = sign_in("town_head")
    for page in (f"return/{query}", f"return/cases/{query}", f"return/export/{query}"):
        answer = town.get(f"{ROOM}{page}")
        assert answer.status_code == 403, page
        assert "不显示" in answer.content.decode(), page
    assert town.get(f"{ROOM}return/").status_code == 200
    assert town.get(f"{ROOM}return/?unit={county.units['fushan'].pk}").status_code == 200


def test_the_record_comes_back_without_loss_and_shows_what_was_changed(county, sign_in):
    for no in range(3):
        petitions.accepted(county, title=f"第{no}件", source_number=f"省转{no}", headcount=no + 1, involved_count=9)
    refresh.refresh()
    data = sign_in("auditor").get(f"{ROOM}record/export/?span=year").content
    office = sign_in("office")

    def uploaded(content: bytes, name: str) -> str:
        answer = office.post("/petitions/imports/", {"file": SimpleUploadedFile(name, content)})
        assert answer.status_code == 302
        return str(answer.headers["Location"])

    same = office.get(uploaded(data, "a.xlsx"))
    assert (same.context["compared"].known, same.context["compared"].same, same.context["compared"].cells) == (3, 3, ())
    book = load_workbook(io.BytesIO(data))
    leaf = book["信访件"]
    place = [cell.value for cell in leaf[1]].index("信访人数") + 1
    leaf.cell(3, place).value = "88"
    number = [cell.value for cell in leaf[1]].index("信访件编号") + 1
    leaf.append([cell.value for cell in leaf[2]])
    leaf.cell(5, number).value = "3706000000202600009"
    out = io.BytesIO()
    book.save(out)
    address = uploaded(out.getvalue(), "b.xlsx")
    page = office.get(address)
    assert [(cell.no, cell.column, cell.theirs, cell.ours) for cell in page.context["compared"].cells] == [(3, "信访人数", "88", "2")]
    form = page.context["form"]
    assert form["column_title"].value() == "概况信息"
    assert form["column_story"].value() == "投诉内容"
    assert form["column_source_number"].value() == "信访件编号"
    typed = {field.html_name: field.value() or "" for field in form if field.name != "with_replies"}
    tried = office.post(address, typed, follow=True)
    assert "本系统已有，不重复登记" in tried.content.decode()
    assert Case.objects.count() == 3
    batch = Import.objects.latest("pk")
    assert (batch.total, batch.bad, batch.good) == (4, 3, 1)
