"""A sealed month to the byte: paper and sheet say what the figures say, the verifier finds one flipped byte, it is made again
in another process and after a restore, and what arrives later is restated (openings 9–11, request 27)."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from openpyxl import load_workbook
from pypdf import PdfReader

from casework.copies import SIGNS
from casework.models import Case, Document
from launch.servers import postgres_bindir
from organisations.models import AccessEntry
from reports.actions import refresh
from reports.models import Report, ReportFile
from reports.month import actions, papers
from reports.month.queries import Source
from reports.queries import figures, ground
from reports.queries.figures import Selection
from reports.rules.measures import MEASURES, Sort
from reports.rules.periods import Span, filled, whole
from tests.factories import months, petitions
from tests.factories.months import NOVEMBER, OCTOBER, at

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = "/reports/months/"


@pytest.fixture
def report(county) -> Report:
    months.a_month(county)
    with at(11, 3):
        return months.sealed(county)


def words_of(content: bytes) -> str:
    """The text of a paper without its line breaks."""
    return "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def file_of(report: Report, sort: str) -> bytes:
    return bytes(report.files.get(sort=sort).content)


def checked(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, str(papers.VERIFIER), *arguments], cwd=folder, capture_output=True, text=True, check=False)


def rebuilt(database: str, seed: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, with another order of hashes, on a database of that name."""
    held = connection.settings_dict
    address = f"postgres://{held['USER']}:{held['PASSWORD']}@{held['HOST']}:{held['PORT']}/{database}"
    environment = {**os.environ, "DATABASE_URL": address, "PYTHONHASHSEED": seed, "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "rebuild_month", "2026-10"]
    return subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False)


def test_paper_sheet_and_figures_are_equal(county, report):
    where = Selection(OCTOBER, OCTOBER.until, ground.of_unit(county.units["centre"].id))
    found = figures.read_many(list(MEASURES), where, Source(report.closing).facts)
    live = figures.read_many(list(MEASURES), where)
    book = load_workbook(io.BytesIO(file_of(report, "xlsx")), data_only=True)
    rows = {row[1]: row for row in book["总表"].iter_rows(min_row=2, values_only=True)}
    text = words_of(file_of(report, "pdf"))
    for code, measure in MEASURES.items():
        figure, row = found[code], rows[measure.name]
        assert (figure.numerator, figure.denominator) == (live[code].numerator, live[code].denominator), code
        assert (row[3], row[4]) == (figure.numerator, figure.denominator), code
        if measure.sort in {Sort.SHARE, Sort.DAYS}:
            shown = figure.value / 100 if figure.value is not None and measure.is_share else figure.value
            assert (Decimal(str(row[5])) if row[5] not in (None, "") else None) == shown, code
        else:
            assert row[5] == figure.numerator
    assert found["cases"].numerator == 4
    for words in (
        "10月，全县登记信访事项4件",
        f"按期答复率{'没有应计的件' if not found['reply_on_time'].denominator else ''}",
        "四种结果分别统计",
        "填报人孙志远",
        "审核人马国强",
    ):
        assert words in text
    formulas = load_workbook(io.BytesIO(file_of(report, "xlsx")))
    assert any(str(cell.value).startswith("=IF(") for row in formulas["按乡镇"].iter_rows() for cell in row)
    assert book.sheetnames[:2] == ["说明", "总表"]
    assert {"按乡镇", "按单位", "按分类", "明细", "口径"} <= set(book.sheetnames)
    detail = list(book["明细"].iter_rows(min_row=2, values_only=True))
    assert len(detail) == 4
    whole = text + "".join(str(value) for sheet in book for row in sheet.iter_rows(values_only=True) for value in row)
    for secret in ("陈桂兰", "110105194912310002", "13800132046", "占用宅基地", "拖欠工资"):
        assert secret not in whole
    assert report.pages >= 12


def test_a_days_brief_is_short_and_the_letter_goes_up_with_a_sealed_month(county, report, sign_in):
    for person, status in (("leader", 403), ("auditor", 403), ("town_head", 404)):
        assert sign_in(person).post(f"{PAGE}{report.pk}/letter/", {"to": "县委、县政府", "signer": "马国强"}).status_code == status
    head = sign_in("centre_head")
    empty = head.post(f"{PAGE}{report.pk}/letter/", {"to": "县委、县政府", "signer": ""})
    assert empty.status_code == 422
    assert "县委、县政府" in empty.content.decode()
    answer = head.post(f"{PAGE}{report.pk}/letter/", {"to": "县委、县政府", "signer": "马国强"})
    assert answer.status_code == 302
    letter = Document.objects.get(paper="R01")
    assert letter.number == "县中心群报〔2026〕1号"
    text = words_of(b"".join(head.get(answer.url)))
    assert "登记件数4件" in text
    assert report.manifest_sha256 in text
    with at(11, 3):
        assert actions.schedule()
        brief = Report.objects.get(origin="scheduled", span="day", since=date(2026, 11, 2))
        Report.objects.filter(origin="scheduled").exclude(pk=brief.pk).delete()
        assert actions.make_next()
    brief.refresh_from_db()
    assert (brief.state, brief.is_sealed) == ("ready", False)
    assert 3 <= brief.pages <= 8
    assert "三、超期和督办" in words_of(file_of(brief, "pdf"))
    # Whatever chapters a report has and there is something to draw of: its tables and drawings are counted through.
    for made in (brief, report):
        pages = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(file_of(made, "pdf"))).pages)
        for sort in "图表":
            numbers = [int(number) for number in re.findall(rf"^{sort}(\d+)", pages, re.MULTILINE)]
            assert numbers == list(range(1, len(numbers) + 1)), (made, sort)
        assert "表3" in pages


def test_the_package_is_good_and_one_flipped_byte_is_found(county, report, sign_in, tmp_path):
    auditor = sign_in("auditor")
    content = b"".join(auditor.get(f"{PAGE}{report.pk}/package/"))
    (tmp_path / "p.zip").write_bytes(content)
    good = checked(tmp_path, "p.zip", "--expect", report.manifest_sha256)
    assert good.returncode == 0, good.stdout + good.stderr
    with zipfile.ZipFile(io.BytesIO(content)) as held:
        held.extractall(tmp_path / "x")
        names = held.namelist()
    assert len(names) == 3
    assert b"".join(auditor.get(f"{PAGE}verify_report.py")) == papers.VERIFIER.read_bytes()
    for name in names:
        path = tmp_path / "x" / name
        whole = path.read_bytes()
        path.write_bytes(bytes([*whole[:500], whole[500] ^ 1, *whole[501:]]))
        assert checked(tmp_path, "x").returncode != 0, name
        path.write_bytes(whole)
    assert checked(tmp_path, "x").returncode == 0
    assert AccessEntry.objects.filter(event="download", object_type="report", user=county.people["auditor"]).count() == 1


def test_a_copy_bears_its_reader_and_the_original_stays(county, report, sign_in):
    leader = sign_in("leader")
    before = report.files.get(sort="pdf").sha256
    copy = b"".join(leader.get(f"{PAGE}{report.pk}/copy/pdf/"))
    assert "李建国" in words_of(copy)
    original = b"".join(leader.get(f"{PAGE}{report.pk}/pdf/"))
    assert "李建国" not in words_of(original)
    assert (original, before) == (file_of(report, "pdf"), report.files.get(sort="pdf").sha256)
    sheet = b"".join(leader.get(f"{PAGE}{report.pk}/copy/xlsx/"))
    assert "李建国" in zipfile.ZipFile(io.BytesIO(sheet)).read("xl/worksheets/sheet1.xml").decode()
    entries = AccessEntry.objects.filter(object_type="report", user=county.people["leader"]).order_by("id")
    assert [bool(entry.detail.get("mark")) for entry in entries] == [True, False, True]
    assert set(entries[0].detail["mark"].replace("-", "")) <= set(SIGNS)


def test_the_page_verifies_what_is_stored_now(county, report, sign_in):
    page = sign_in("auditor").get(f"{PAGE}{report.pk}/verify/").content.decode()
    assert "全部一致" in page
    assert report.manifest_sha256 in page
    with connection.cursor() as db:  # somebody with the database's own powers
        db.execute("ALTER TABLE reports_reportfile DISABLE TRIGGER reports_file_fixed")
        db.execute("UPDATE reports_reportfile SET content = set_byte(content, 99, 0) WHERE sort = 'pdf'")
        db.execute("ALTER TABLE reports_reportfile ENABLE TRIGGER reports_file_fixed")
    page = sign_in("auditor").get(f"{PAGE}{report.pk}/verify/").content.decode()
    assert "有不一致" in page
    refused = sign_in("auditor").get(f"{PAGE}{report.pk}/pdf/")
    assert refused.status_code == 409


def test_made_again_in_another_process_and_from_a_restored_backup(report):
    name = connection.settings_dict["NAME"]
    again = rebuilt(name, "4711")
    assert again.returncode == 0, again.stdout + again.stderr
    assert "全部相同" in again.stdout
    held, tools, copy = connection.settings_dict, postgres_bindir(), f"{name}_restored"
    environment = {**os.environ, "PGPASSWORD": held["PASSWORD"]}
    reach = ["-h", held["HOST"], "-p", str(held["PORT"]), "-U", held["USER"]]
    dump = subprocess.run([str(tools / "pg_dump"), *reach, "-Fc", name], env=environment, capture_output=True, check=True).stdout
    with connection.cursor() as db:
        db.execute(f'DROP DATABASE IF EXISTS "{copy}"')
        db.execute(f'CREATE DATABASE "{copy}"')
    try:
        subprocess.run([str(tools / "pg_restore"), *reach, "-d", copy], input=dump, env=environment, capture_output=True, check=True)
        restored = rebuilt(copy, "12")
        assert restored.returncode == 0, restored.stdout + restored.stderr
    finally:
        with connection.cursor() as db:
            db.execute(f'DROP DATABASE "{copy}" WITH (FORCE)')
    hashes = {line.split()[-1] for line in again.stdout.splitlines() if line.startswith("  相同")}
    assert hashes == {line.split()[-1] for line in restored.stdout.splitlines() if line.startswith("  相同")}
    assert hashes == {*report.files.values_list("sha256", flat=True), report.manifest_sha256}


def test_what_arrives_later_is_restated_and_the_closed_month_stays(county, report):
    with at(10, 30):
        late = petitions.registered(county, title="十月份补录").case.number
    first = Report.objects.get(pk=report.pk)
    with at(12, 2):
        second = months.sealed(county, NOVEMBER)
    lines = {line["code"]: line for row in second.closing.restated for line in row["lines"]}
    assert (lines["cases"]["was"], lines["cases"]["now"], lines["cases"]["change"], lines["cases"]["cases"]) == ("4", "5", "+1", late)
    assert second.previous_sha256 == first.manifest_sha256 == json.loads(second.manifest)["previous"]
    text = words_of(file_of(second, "pdf"))
    assert late in text
    assert "2026年10月月报" in text
    assert first.manifest_sha256 in text  # the chain stands on paper too
    assert load_workbook(io.BytesIO(file_of(second, "xlsx")))["更正"]["A1"].value.startswith("2026年10月")
    assert all(found.is_good for found in actions.rebuild(first))
    assert all(found.is_good for found in actions.verify(second))
    assert ReportFile.objects.filter(report=first).count() == 2


def test_a_towns_report_of_the_closed_month_reads_the_frozen_facts(county, report, sign_in):
    with at(10, 30):
        petitions.registered(county)
        refresh.refresh()
    with at(11, 4):
        head = sign_in("town_head")
        answer = head.post(PAGE, {"unit": county.units["fushan"].id, "span": "month", "since": "2026-10-01"})
        assert answer.status_code == 302
        assert actions.make_next()
        made = Report.objects.get(unit=county.units["fushan"])
        page = head.get(f"{PAGE}{made.pk}/").content.decode()
    assert made.is_sealed
    assert "已封存" in page
    book = load_workbook(io.BytesIO(file_of(made, "xlsx")), data_only=True)
    rows = {row[1]: row for row in book["总表"].iter_rows(min_row=2, values_only=True)}
    assert rows["登记件数"][3] == 2  # the late one of 30 October is not among them
    assert all(found.is_good for found in actions.rebuild(made))


def test_a_protected_matter_counts_and_has_no_number(county):
    with at(10, 9):
        number = petitions.registered(county).case.number
        Case.objects.filter(number=number).update(confidential=True)
    with at(11, 3):
        refresh.refresh()
        report = months.sealed(county)
    text = words_of(file_of(report, "pdf"))
    book = load_workbook(io.BytesIO(file_of(report, "xlsx")), data_only=True)
    rows = [row[0] for row in book["明细"].iter_rows(min_row=2, values_only=True)]
    assert number not in text
    assert rows == ["保密件"]


def test_a_town_made_out_of_order_has_its_own_chain(county):
    """October first, September afterwards: October stands on nothing, as its manifest says, and no alarm is raised."""
    months.sealed(county, whole(date(2026, 9, 1), date(2026, 9, 30)))
    months.sealed(county)
    town, leader = county.units["fushan"].id, county.scope("leader")
    for day in (date(2026, 10, 5), date(2026, 9, 5)):
        actions.ask(town, filled(Span.MONTH, day), by=leader)
        assert actions.make_next()
    reports = Report.objects.filter(origin=Report.Origin.CLOSED)
    assert reports.count() == 4
    for report in reports:
        assert all(finding.is_good for finding in actions.verify(report)), (report.unit, report.since)
