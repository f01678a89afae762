"""The access log speaks of pages, not of addresses."""

from __future__ import annotations

import csv
import io
import re

import pytest
from django.urls import reverse

from organisations import access
from organisations.models import AccessEntry
from organisations.queries.addresses import PAGES, VERBS, in_words, spoken


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("GET /people/", "打开：账号管理"),
        ("POST /people/12/reset/", "提交：账号管理"),
        ("GET /petitions/370685-2026-000030/", "打开：案件 370685-2026-000030"),
        ("POST /petitions/370685-2026-000030/route/", "提交：案件 370685-2026-000030"),
        ("GET /petitions/routing/", "打开：分流看板"),
        ("GET /access-log/", "打开：访问日志"),
        ("GET /mediation/370685-2026-700003/", "打开：案件 370685-2026-700003"),
        ("GET /mediation/pay/sheets/4/", "打开：补贴发放"),
        ("GET /reports/audit/trace/", "打开：审计"),
        ("GET /reports/months/3/", "打开：统计报告"),
        ("GET /nothing-of-the-kind/", "打开：其他页面"),
        ("王海涛", "王海涛"),
        ("", ""),
    ],
)
def test_an_address_is_called_by_its_page(label, words):
    assert in_words(label) == words


@pytest.mark.django_db
def test_the_auditor_reads_where_somebody_was_refused(county, sign_in):
    assert sign_in("handler").get("/people/").status_code == 404
    page = sign_in("audit_admin").get(reverse("organisations:access-log")).content.decode()
    assert "打开：账号管理" in page
    assert 'title="GET /people/"' in page


@pytest.mark.django_db
@pytest.mark.parametrize(("person", "code"), [("audit_admin", "access_log"), ("auditor", "audit_trace")])
def test_the_export_says_what_was_tried_in_words_and_keeps_the_address_beside_it(county, sign_in, person, code):
    """The page has the address as a title; a file has no titles, so it stands in a column of its own."""
    assert sign_in("water_handler").get("/people/").status_code == 404
    answer = sign_in(person).get(reverse("casework:export-list", args=[code]), {"event": "denied", "form": "csv"})
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode().removeprefix("\ufeff"))))
    head = next(row for row in rows if "对象" in row)
    (line,) = rows[rows.index(head) + 1 :]
    assert line[head.index("对象")] == "打开：账号管理"
    assert line[head.index("对象") + 1] == "GET /people/"
    assert head[head.index("对象") + 1] == "原始地址"


@pytest.mark.django_db
def test_the_search_finds_the_words_the_page_shows(county, sign_in):
    assert sign_in("handler").get("/people/").status_code == 404
    assert sign_in("handler").get("/units/").status_code == 404
    reader = sign_in("audit_admin")
    for words, found, missing in [
        ("账号管理", "GET /people/", "GET /units/"),
        ("打开：单位", "GET /units/", "GET /people/"),
        ("/people", "GET /people/", "GET /units/"),
        ("提交：账号", "", "GET /people/"),
        ("管理", "GET /units/", "100%"),
    ]:
        page = reader.get(reverse("organisations:access-log"), {"words": words}).content.decode()
        assert f'title="{found}' in page if found else True, words
        assert f'title="{missing}' not in page, words


@pytest.mark.django_db
def test_what_is_searched_is_what_is_shown_for_every_page():
    """The database says of every address what the page says of it: the first beginning that fits, and what it caught."""
    number = "370685-2026-000030"
    plain = [re.sub(r"[?$()]", "", part) for pattern, _words in PAGES for part in pattern.pattern.split("|") if "\\" not in part]
    paths = [*plain, *(f"/{way}/{number}/route/" for way in ("petitions", "mediation")), f"/cases/{number}/presence/", "/nothing/", "/people"]
    labels = [f"{verb} {path}" for path in paths for verb in (*VERBS, "TRACE")] + ["王海涛", "GET people", "get /people/", "GET /a b", ""]
    for label in labels:
        access.log(AccessEntry.Event.DENIED, user=None, object_type="url", object_label=label)
    rows = list(AccessEntry.objects.annotate(shown=spoken()).values_list("object_label", "shown"))
    assert len(rows) == len(labels) > 200
    assert [(label, shown) for label, shown in rows if shown != in_words(label)] == []


@pytest.mark.django_db
def test_the_business_auditor_reads_it_in_words_too(county, sign_in):
    assert sign_in("water_handler").get("/people/").status_code == 404
    page = sign_in("auditor").get(reverse("reports:trace"), {"event": "denied"}).content.decode()
    assert 'title="GET /people/">打开：账号管理' in page
