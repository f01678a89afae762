"""Export: what is on screen, on record, without identity numbers, safe to open."""

import csv
import io

import openpyxl
import pytest
from django.urls import reverse

from casework import actions as docket
from casework import exports, exports_jobs
from casework.models import Export
from casework.queries import lists
from casework.queries.filters import Filters
from organisations.models import AccessEntry
from petitions import actions
from tests.factories import petitions

pytestmark = pytest.mark.django_db


def body(response) -> bytes:
    return b"".join(response.streaming_content)


def rows_of_csv(response):
    raw = body(response)
    assert raw.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))


def test_csv_holds_the_lists_rows_in_its_order(county, sign_in):
    for title in ("甲事", "乙事", "丙事"):
        petitions.registered(county, title=title)
    petitions.registered(county, area_id=county.areas["dongliang"].id, title="别处的事")
    rows = rows_of_csv(sign_in("office").get(reverse("casework:export"), {"status": "open", "town": "370685104", "form": "csv"}))
    order = [row.case.number for row in lists.page(county.scope("office"), Filters(town="370685104"), size=50).rows]
    assert rows[1][:3] == ["时限", "编号", "诉求"]
    assert [row[1] for row in rows[2:]] == order
    assert "孙志远（县中心）" in rows[0][0]
    assert "共 3 件" in rows[0][0]
    assert {row[5] for row in rows[2:]} == {"阜山镇九曲村"}
    assert {row[8] for row in rows[2:]} == {"待分流"}


def test_xlsx_is_a_workbook_with_the_same_rows(county, sign_in):
    case = petitions.registered(county).case
    response = sign_in("office").get(reverse("casework:export"), {"status": "open", "form": "xlsx"})
    sheet = openpyxl.load_workbook(io.BytesIO(body(response))).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[1][1] == "编号"
    assert rows[2][1] == case.number
    assert len(rows) == 3
    assert response.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''")


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_formulas_are_made_harmless(county, sign_in, form):
    for title in ("=1+1", "+cmd", "-2", "@SUM(A1)"):
        petitions.registered(county, title=title)
    response = sign_in("office").get(reverse("casework:export"), {"status": "open", "form": form})
    if form == "csv":
        titles = {row[2] for row in rows_of_csv(response)[2:]}
    else:
        titles = {row[2] for row in list(openpyxl.load_workbook(io.BytesIO(body(response))).active.iter_rows(values_only=True))[2:]}
    assert titles == {"'=1+1", "'+cmd", "'-2", "'@SUM(A1)"}


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_no_identity_or_telephone_number_leaves(county, sign_in, form):
    petitions.registered(county)
    client = sign_in("office")
    client.cookies["worklist"] = "columns=subject,topic,area,unit,handler,state,opened,due,headcount,urgency,marks&density=normal&size=20"
    raw = body(client.get(reverse("casework:export"), {"status": "open", "form": "csv"})).decode()
    assert "110105194912310002" not in raw
    assert "13800132046" not in raw
    assert "紧急程度" in raw


def test_an_export_is_on_record_before_it_leaves(county, sign_in):
    petitions.registered(county)
    sign_in("office").get(reverse("casework:export"), {"status": "open", "lamp": "overdue", "form": "csv"})
    entry = AccessEntry.objects.get(event=AccessEntry.Event.EXPORT)
    assert entry.user == county.people["office"]
    number = Export.objects.get().number
    assert entry.detail == {"form": "csv", "query": "status=open&lamp=overdue", "rows": 0, "number": number}
    assert entry.object_id == number
    assert entry.object_label == "案件 · 超期"


def test_exports_stay_in_the_scope(county, sign_in):
    petitions.registered(county, title="九曲的事")
    petitions.registered(county, purpose="03", title="检举的事", respondent_unit_id=county.units["fushan"].id)
    inside = body(sign_in("town_handler").get(reverse("casework:export"), {"status": "all", "form": "csv"})).decode()
    assert "九曲的事" in inside
    assert "检举的事" not in inside
    assert "九曲的事" not in body(sign_in("labour_handler").get(reverse("casework:export"), {"status": "all", "form": "csv"})).decode()
    assert sign_in("system_admin").get(reverse("casework:export"), {"status": "all", "form": "csv"}).status_code == 403


def test_too_often_and_too_many_are_refused(county, sign_in, monkeypatch):
    petitions.registered(county)
    client = sign_in("handler")
    monkeypatch.setattr(docket, "EXPORTS_PER_HOUR_OTHERS", 2)
    answers = [client.get(reverse("casework:export"), {"status": "open", "form": "csv"}).status_code for _ in range(3)]
    assert answers == [200, 200, 429]
    monkeypatch.setattr(docket, "MOST_EXPORTED", 0)
    assert sign_in("office").get(reverse("casework:export"), {"status": "open", "form": "csv"}).status_code == 422


def test_the_words_typed_narrow_the_export(county, sign_in):
    petitions.registered(county, title="水渠不通", story="无")
    petitions.registered(county, title="道路不平", story="无")
    rows = rows_of_csv(sign_in("office").get(reverse("casework:export"), {"status": "open", "q": "水渠", "form": "csv"}))
    assert [row[2] for row in rows[2:]] == ["水渠不通"]


def test_a_percent_sign_in_a_filter_is_only_a_sign(county, sign_in):
    petitions.registered(county, title="超100%的事")
    rows = rows_of_csv(sign_in("office").get(reverse("casework:export"), {"status": "open", "q": "100%", "form": "csv"}))
    assert [row[2] for row in rows[2:]] == ["超100%的事"]


def test_the_file_name_says_what_whose_and_when(county):
    moment = actions.note(petitions.registered(county).case.number, text="记", by=county.scope("office")).case.state_since
    name = exports.file_name('超期/"阜山镇"', "孙志远", moment, "csv")
    assert name.startswith("案件_超期-阜山镇-_孙志远_20")
    assert name.endswith(".csv")


def test_a_long_list_as_csv_comes_at_once_and_as_excel_is_asked_for(county, sign_in, monkeypatch):
    """The database writes the lines itself, so the length does not matter (issue 2 §9); a workbook of that length is made behind."""
    petitions.registered(county, title="=1+1")
    petitions.registered(county, title="水渠断流")
    monkeypatch.setattr(exports_jobs, "AT_ONCE", 1)
    client = sign_in("office")
    at_once = client.get(reverse("casework:export"), {"status": "open", "form": "csv"})
    rows = rows_of_csv(at_once)
    assert {"'=1+1", "水渠断流"} <= {cell for row in rows[2:] for cell in row}
    assert "导出编号" in rows[0][0]
    asked = client.get(reverse("casework:export"), {"status": "open", "form": "xlsx"})
    assert "开始导出" in asked.content.decode()
