"""The access log speaks of pages, not of addresses."""

from __future__ import annotations

import pytest
from django.urls import reverse

from config.addresses import in_words


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("GET /people/", "打开：账号管理"),
        ("POST /people/12/reset/", "提交：账号管理"),
        ("GET /petitions/370685-2026-000030/", "打开：案件 370685-2026-000030"),
        ("POST /petitions/370685-2026-000030/route/", "提交：案件 370685-2026-000030"),
        ("GET /petitions/routing/", "打开：分流看板"),
        ("GET /access-log/", "打开：访问日志"),
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
