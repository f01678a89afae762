"""The import in the browser: upload, map, dry run, take in, undo; for the centre's office and nobody else."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from casework.models import Case
from organisations import directory
from organisations.models import Unit
from petitions.models import Import
from petitions.tasks import run_imports
from tests.factories.county import make_unit

pytestmark = pytest.mark.django_db

CSV = "标题,诉求内容,信访日期,姓名\n路灯不亮,坏了半年,2026-01-05,陈桂兰\n排水不畅,雨天积水,2026-01-06,李四\n"


def upload(client, text=CSV, name="台账.csv"):
    return client.post("/petitions/imports/", {"file": SimpleUploadedFile(name, text.encode())})


def dry_run(client, pk, **changes):
    form = client.get(f"/petitions/imports/{pk}/").context["form"]
    data = {name: form.get_initial_for_field(field, name) or "" for name, field in form.fields.items()}
    data["with_replies"] = ""
    return client.post(f"/petitions/imports/{pk}/", {**data, **changes})


def test_a_file_goes_from_upload_to_cases(county, sign_in):
    client = sign_in("office")
    assert upload(client).status_code == 302
    batch = Import.objects.get()
    page = client.get(f"/petitions/imports/{batch.pk}/").content.decode()
    assert "列的对应关系" in page
    assert "0 行" not in page, "nobody has counted its rows yet"
    assert re.findall(r'data-l="行数">(.*?)<', client.get("/petitions/imports/").content.decode()) == ["—"]
    assert dry_run(client, batch.pk).status_code == 302
    assert re.findall(r'data-l="(?:行数|有问题|已导入)">(.*?)<', client.get("/petitions/imports/").content.decode()) == ["2", "0", "0"]
    assert "正式导入 2 行" in client.get(f"/petitions/imports/{batch.pk}/").content.decode()
    client.post(f"/petitions/imports/{batch.pk}/start/")
    run_imports()
    page = client.get(f"/petitions/imports/{batch.pk}/progress/").content.decode()
    assert "已导入 2" in page
    assert Case.objects.count() == 2
    client.post(f"/petitions/imports/{batch.pk}/undo/", {"reason": "导错文件"})
    assert set(Case.objects.values_list("state", flat=True)) == {"voided"}


def test_problems_are_listed_and_the_good_rows_can_go_in(county, sign_in):
    client = sign_in("office")
    upload(client, CSV + ",没有标题,,\n")
    pk = Import.objects.get().pk
    dry_run(client, pk)
    page = client.get(f"/petitions/imports/{pk}/").content.decode()
    assert "标题为空" in page
    assert client.post(f"/petitions/imports/{pk}/start/").status_code == 409
    errors = b"".join(client.get(f"/petitions/imports/{pk}/errors.csv")).decode()
    assert "4,标题为空。" in errors
    client.post(f"/petitions/imports/{pk}/start/", {"leave_out_bad": "1"})
    run_imports()
    assert Case.objects.count() == 2
    assert "已导入 2" in client.get(f"/petitions/imports/{pk}/progress/").content.decode(), "the row left out is not told as taken in"
    assert "下载问题行" in client.get(f"/petitions/imports/{pk}/").content.decode(), "what was left out is put right from its file"


def test_only_units_with_a_handler_are_offered_for_the_replies(county, sign_in):
    make_unit(Unit.Kind.ENTERPRISE, "示例机械厂群众工作室", "示例机械厂", county.units["fushan"], county.areas["jiuqu"])
    directory.forget()
    client = sign_in("office")
    upload(client)
    offered = [name for _, name in client.get(f"/petitions/imports/{Import.objects.get().pk}/").context["form"].fields["unit_id"].choices]
    assert "自然资源局" in offered
    assert not {"示例机械厂", "九曲村", "县中心"} & {*offered}


def test_a_double_click_on_start_takes_in_once(county, sign_in):
    client = sign_in("office")
    upload(client)
    pk = Import.objects.get().pk
    dry_run(client, pk)
    assert client.post(f"/petitions/imports/{pk}/start/").status_code == 302
    assert client.post(f"/petitions/imports/{pk}/start/").status_code == 409
    run_imports()
    run_imports()
    assert Case.objects.count() == 2


def test_a_wrong_file_keeps_the_page_with_a_sentence(county, sign_in):
    answer = upload(sign_in("office"), "x", "台账.txt")
    assert answer.status_code == 422
    assert "只能导入" in answer.content.decode()


@pytest.mark.parametrize("person", ["clerk", "handler", "leader", "auditor", "system_admin"])
def test_nobody_else_gets_in(county, sign_in, person):
    upload(sign_in("office"))
    pk = Import.objects.get().pk
    client = sign_in(person)
    for path in ("", f"{pk}/", f"{pk}/progress/", f"{pk}/errors.csv"):
        assert client.get(f"/petitions/imports/{path}").status_code == 403, path
    assert client.post(f"/petitions/imports/{pk}/undo/", {"reason": "试试"}).status_code == 403
