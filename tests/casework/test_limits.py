"""Limits as settings with versions (L-PET-24, L-CUR-7), in the administrator's browser."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse

from casework import limits
from casework.limits import Terms
from casework.models import Limit
from casework.rules import NotAllowed
from organisations import clock
from organisations.models import AccessEntry

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def terms(key: str) -> Terms:
    return Terms.of(Limit.objects.get(key=key))


@pytest.mark.parametrize(
    ("key", "change", "sentence"),
    [
        ("pet.handle", {"n": -1}, "长度应为 0 至 3650 的整数"),
        ("pet.handle", {"n": None}, "长度应为 0 至 3650 的整数"),
        ("pet.handle", {"n": 4000}, "长度应为 0 至 3650 的整数"),
        ("pet.handle", {"unit": "as_set", "n": None}, "不能改成另一种算法"),
        ("pet.assign_report", {"unit": "calendar", "n": 30}, "由承办时逐件定明日期，不能改成"),
        ("pet.assign_report", {"n": 30}, "不填长度"),
        ("pet.handle", {"roll": "forward"}, "机关自己的办理期限"),
        ("pet.review_apply", {"unit": "working"}, "不需要顺延"),
        ("pet.handle", {"max_extension": 0}, "最长延期应为"),
        ("pet.handle", {"warn_days": (5, 5)}, "提醒日不能重复"),
        ("pet.handle", {"warn_days": (61,)}, "不能比期限还长"),
        ("pet.handle", {"cites": " "}, "请写明依据"),
        ("pet.extend", {"n": 60}, "只供查阅"),
    ],
)
def test_terms_that_make_no_sense_are_refused_in_plain_words(county, key, change, sentence):
    with pytest.raises(NotAllowed, match=sentence):
        limits.amend(key, replace(terms(key), **change), valid_from=clock.today(), reason="x", by=county.scope("system_admin"))


def test_a_change_is_a_new_version_from_a_day_on(county):
    admin, today = county.scope("system_admin"), clock.today()
    new = replace(terms("pet.forward"), n=5, unit="working", warn_days=(2, 1), cites="省条例§12")
    with pytest.raises(NotAllowed, match="不能改变已经过去的日子"):
        limits.amend("pet.forward", new, valid_from=today - DAY, reason="x", by=admin)
    with pytest.raises(NotAllowed, match="没有改动"):
        limits.amend("pet.forward", terms("pet.forward"), valid_from=today, reason="x", by=admin)
    with pytest.raises(NotAllowed):
        limits.amend("pet.forward", new, valid_from=today, reason="x", by=county.scope("office"))
    made = limits.amend("pet.forward", new, valid_from=today + 10 * DAY, reason="省条例施行", by=admin)
    with pytest.raises(NotAllowed, match="须更晚施行"):
        limits.amend("pet.forward", replace(new, n=7), valid_from=today + 10 * DAY, reason="x", by=admin)
    limits.forget()
    assert limits.current().limit("pet.forward", today + 9 * DAY).n == 15
    assert limits.current().limit("pet.forward", today + 10 * DAY) == made
    entry = AccessEntry.objects.get(object_type="limit")
    assert entry.detail["长度"] == "15 → 5"
    assert limits.withdraw(made.pk, reason="推迟", by=admin).valid_until is None
    limits.forget()
    assert limits.current().limit("pet.forward", today + 10 * DAY).n == 15
    with pytest.raises(NotAllowed, match="已经施行"):
        limits.withdraw(Limit.objects.get(key="pet.forward").pk, reason="x", by=admin)


def test_the_pages(county, sign_in):
    client = sign_in("system_admin")
    page = client.get(reverse("casework:limits")).content.decode()
    assert "申诉求决事项办结" in page
    assert "《信访工作条例》第三十四条" in page
    assert "《信访工作条例》第二十二条第（三）项" in page
    assert "条例§22(三)" not in page
    address = reverse("casework:limit", args=["pet.handle"])
    one = client.get(address).content.decode()
    assert "原始版本" in one
    assert "<td>《信访工作条例》第三十四条</td>" in one
    sent = {
        "n": "45",
        "unit": "calendar",
        "roll": "none",
        "max_extension": "20",
        "warn_days": "10、5、0",
        "cites": "省条例§20",
        "is_verified": "on",
        "valid_from": f"{clock.today() + DAY}",
        "reason": "省条例收紧",
    }
    assert client.post(address, {**sent, "warn_days": "十天"}).status_code == 422
    refused = client.post(address, {**sent, "n": "99999"})
    assert refused.status_code == 422
    assert "长度应为" in refused.content.decode()
    assert client.post(address, sent).status_code == 302
    page = client.get(address).content.decode()
    assert "未施行" in page
    assert "省条例收紧" in page
    made = Limit.objects.get(key="pet.handle", n=45)
    client.post(reverse("casework:limit-withdraw", args=[made.pk]), {"reason": "写错了"})
    assert not Limit.objects.filter(pk=made.pk).exists()
    assert client.get(reverse("casework:limit", args=["pet.nothing"])).status_code == 404
