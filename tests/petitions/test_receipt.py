"""The receipt: what it says, what it hides, who may print it, and that a reprint says so."""

from __future__ import annotations

from django.urls import reverse

from organisations.models import AccessEntry
from tests.factories import petitions as walk
from tests.factories.county import County


def address(case) -> str:
    return reverse("petitions:receipt", args=[case.number])


def test_it_says_what_was_registered_and_until_when_in_plain_words(county: County, sign_in):
    petition = walk.registered(county, is_oral=True, is_read_back=True)
    page = sign_in("clerk").get(address(petition.case)).content.decode()
    code = petition.query_code
    for words in (
        petition.case.number,
        f"{code[:4]}-{code[4:]}",
        "重新丈量确认四至",
        "拆除越界部分",
        "当面向我宣读",
        "真实性负责",
        "0535-8210000",
        "最迟",
        "陈**",
    ):
        assert words in page
    for secret in ("110105194912310002", "13800132046", "陈桂兰"):
        assert secret not in page
    assert "补打" not in page.split("<main>")[1]


def test_printing_is_logged_and_the_second_says_again(county: County, sign_in):
    petition = walk.registered(county)
    clerk = sign_in("clerk")
    first = clerk.get(address(petition.case) + "?print=1").content.decode()
    assert "data-print" in first
    assert "补打" not in first.split("<main>")[1]
    second = clerk.get(address(petition.case) + "?print=1&paper=80").content.decode()
    assert "补打" in second.split("<main>")[1]
    assert "第 2 次打印" in second
    assert AccessEntry.objects.filter(event="print", object_id=str(petition.case.pk)).count() == 2


def test_slip_and_large_print(county: County, sign_in):
    clerk, case = sign_in("clerk"), walk.registered(county).case
    assert "receipt--slip" in clerk.get(address(case) + "?paper=80").content.decode()
    assert "receipt--large" in clerk.get(address(case) + "?large=1").content.decode()


def test_the_query_code_is_for_the_counter_and_the_registering_unit(county: County, sign_in):
    case = walk.routed(county).case
    assert sign_in("office2").get(address(case)).status_code == 200
    assert sign_in("handler").get(address(case)).status_code == 403
    assert sign_in("other_handler").get(address(case)).status_code == 404


def test_the_qr_carries_no_person(county: County, sign_in):
    case = walk.registered(county).case
    answer = sign_in("clerk").get(reverse("petitions:qr", args=[case.number]))
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer.content.startswith(b"<svg")
    assert b"style=" not in answer.content
    assert sign_in("other_handler").get(reverse("petitions:qr", args=[case.number])).status_code == 404
