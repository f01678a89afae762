"""The pages of the corps in the browser of the right role, and closed to the wrong one."""

from __future__ import annotations

import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from mediation.models import Activity, Committee, CorpsRules, Duty, Households, Mediator, Training
from organisations import clock
from organisations.models import AccessEntry
from tests.factories import disputes_corps as corps

pytestmark = pytest.mark.django_db


def photo(colour: tuple[int, int, int] = (90, 120, 60)) -> SimpleUploadedFile:
    """A JPEG that carries a position in its metadata, as phones write them."""
    image, out = Image.new("RGB", (40, 30), colour), io.BytesIO()
    exif = Image.Exif()
    exif.get_ifd(0x8825)[2] = (37.0, 21.0, 30.0)
    exif[0x010E] = "secret place"
    image.save(out, "JPEG", exif=exif)
    return SimpleUploadedFile("IMG_1.jpg", out.getvalue(), content_type="image/jpeg")


def page(client, name, *args, **query):
    return client.get(reverse(f"mediation:{name}", args=args), query)


def test_the_village_cadre_takes_somebody_in(county, sign_in):
    browser = sign_in("village_cadre")
    assert "新增队员" in page(browser, "corps").content.decode()
    typed = {
        "name": "陈德福",
        "sex": "1",
        "kind": "village",
        "unit": county.units["jiuqu"].id,
        "specialities": ["02"],
        "way": "hired",
        "from_on": "2026-06-01",
        "decided_by": "阜山镇政府",
        "grade": "",
    }
    refused = browser.post(reverse("mediation:corps-new"), {**typed, "contract_number": "阜2026-1"})
    assert refused.status_code == 422
    assert "一并填写" in refused.content.decode()
    done = browser.post(reverse("mediation:corps-new"), typed)
    made = Mediator.objects.get()
    assert done.headers["Location"] == reverse("mediation:corps-person", args=[made.pk])
    shown = browser.get(done.headers["Location"]).content.decode()
    assert "2026-06-01 至 2029-05-31" in shown
    assert "邻里" in shown


def test_a_reader_is_offered_no_acts(county, sign_in):
    made = corps.member(county, phone="13700135120")
    shown = page(sign_in("auditor"), "corps-person", made.pk).content.decode()
    assert "您的岗位只能查看" in shown
    assert "13700135120" not in shown
    assert page(sign_in("auditor"), "corps-new").status_code == 403


@pytest.mark.parametrize("code", ["amend", "renew", "promote", "grade", "end", "consent"])
def test_every_act_has_a_page(county, sign_in, code):
    made = corps.member(county)
    browser = sign_in("town_handler")
    assert page(browser, "corps-act", made.pk, code).status_code == 200
    refused = browser.post(reverse("mediation:corps-act", args=[made.pk, code]), {})
    assert refused.status_code == 422
    assert page(sign_in("other_handler"), "corps-act", made.pk, code).status_code == 404


def test_an_unknown_act_is_not_found(county, sign_in):
    made = corps.member(county)
    assert page(sign_in("office"), "corps-act", made.pk, "marry").status_code == 404


def test_consent_and_withdrawal_by_buttons(county, sign_in):
    made = corps.member(county)
    browser = sign_in("village_cadre")
    address = reverse("mediation:corps-act", args=[made.pk, "consent"])
    assert browser.post(address, {"hours": "每天上午"}).status_code == 422  # the box must be ticked
    assert browser.post(address, {"hours": "每天上午", "said": "on"}).status_code == 302
    assert browser.post(reverse("mediation:corps-act", args=[made.pk, "withdraw"]), {}).status_code == 302
    made.refresh_from_db()
    assert made.withdrawn_on == clock.today()


def test_a_telephone_needs_a_click_and_leaves_a_line(county, sign_in):
    made = corps.member(county, phone="13700135120")
    shown = sign_in("town_handler").post(reverse("mediation:corps-phone", args=[made.pk]))
    assert "13700135120" in shown.content.decode()
    assert AccessEntry.objects.filter(event=AccessEntry.Event.REVEAL).count() == 1


def test_the_export_is_scoped_and_logged(county, sign_in):
    corps.member(county, "陈德福", phone="13700135120")
    corps.member(county, "外镇人", "dongliang")
    sheet = b"".join(page(sign_in("town_handler"), "corps-export").streaming_content).decode("utf-8-sig")
    assert "陈德福" in sheet
    assert "外镇人" not in sheet
    assert "13700135120" not in sheet
    entry = AccessEntry.objects.get(event=AccessEntry.Event.EXPORT)
    assert (entry.object_type, entry.detail["rows"]) == ("corps", 1)


def test_gaps_households_and_committee_from_the_page(county, sign_in):
    browser = sign_in("town_handler")
    shown = page(browser, "corps-gaps").content.decode()
    assert "未知" in shown
    area = county.areas["jiuqu"].id
    browser.post(reverse("mediation:corps-households"), {"area": area, "n": "412", "on": clock.today().isoformat()})
    assert Households.objects.get().n == 412
    shown = page(browser, "corps-gaps").content.decode()
    assert "缺 2 人" in shown
    room = county.units["jiuqu"].id
    assert "未设立" in page(browser, "corps-committee", room).content.decode()
    browser.post(reverse("mediation:corps-committee", args=[room]), {"name": "九曲村人民调解委员会", "on": clock.today().isoformat()})
    made = corps.member(county)
    seat = {"mediator": made.pk, "post": "chair", "on": clock.today().isoformat()}
    assert browser.post(reverse("mediation:corps-committee", args=[room]), seat).status_code == 302
    shown = page(browser, "corps-committee", room).content.decode()
    assert "少于 3 人" in shown
    assert "没有妇女成员" in shown
    held = Committee.objects.get().seats.get()
    assert sign_in("other_handler").post(reverse("mediation:corps-unseat", args=[held.pk])).status_code == 404
    browser.post(reverse("mediation:corps-unseat", args=[held.pk]))
    held.refresh_from_db()
    assert held.until_on == clock.today()
    assert page(sign_in("other_handler"), "corps-committee", room).status_code == 404


def test_training_from_the_page(county, sign_in):
    whole, half = corps.member(county), corps.member(county, "陈德寿")
    browser = sign_in("town_handler")
    typed = {
        "kind": "course",
        "name": "人民调解法",
        "on": clock.today().isoformat(),
        "days": "2",
        "place": "镇政府",
        "unit": county.units["fushan"].id,
        "came": [whole.pk, half.pk],
        "partly": [half.pk],
    }
    assert browser.post(reverse("mediation:corps-training-new"), typed).status_code == 302
    assert dict(Training.objects.get().attendance.values_list("mediator", "days")) == {whole.pk: Decimal(2), half.pk: Decimal(1)}
    shown = page(browser, "corps-training").content.decode()
    assert "人民调解法" in shown
    assert '未达标 <b class="num">2</b> 人' in shown


def test_a_person_logs_a_duty_alone_and_checks_out(county, sign_in):
    made = corps.worthy(county, "田和", "fushan", user_id=county.people["mediator"].id)
    browser = sign_in("mediator")
    shown = page(browser, "corps-duty-new").content.decode()
    assert "本县没有开启定位" in shown
    assert "position.js" not in shown
    done = browser.post(reverse("mediation:corps-duty-new"), {"mediator": made.pk, "kind": "screening", "place": "九曲村", "photo": photo()})
    assert done.status_code == 302
    duty = Duty.objects.get()
    assert (duty.is_for_another, duty.left_at, duty.latitude) == (False, None, None)
    browser.post(reverse("mediation:corps-duty-leave", args=[duty.pk]), {})
    duty.refresh_from_db()
    assert duty.left_at is not None
    kept = b"".join(page(browser, "corps-duty-photo", duty.pk).streaming_content)
    assert kept.startswith(b"\xff\xd8\xff")
    assert b"secret place" not in kept
    assert not Image.open(io.BytesIO(kept)).getexif()
    assert page(sign_in("other_handler"), "corps-duty-photo", duty.pk).status_code == 404


def test_a_duty_is_voided_with_a_reason(county, sign_in):
    made = corps.worthy(county)
    duty = corps.duty(county, made, "lecture", clock.today() - timedelta(days=1))
    browser = sign_in("village_cadre")
    browser.post(reverse("mediation:corps-duty-void", args=[duty.pk]), {"words": ""})
    duty.refresh_from_db()
    assert duty.voided_at is None
    browser.post(reverse("mediation:corps-duty-void", args=[duty.pk]), {"words": "重复登记"})
    duty.refresh_from_db()
    assert duty.void_reason == "重复登记"


@pytest.mark.parametrize("person", ["town_handler", "head", "leader", "labour_head"])
def test_a_duty_is_offered_to_those_it_opens_for(county, sign_in, person):
    """A keeper whose unit has nobody in the corps was offered a form that refused."""
    corps.worthy(county)
    client = sign_in(person)
    offered = reverse("mediation:corps-duty-new") in page(client, "corps-duties").content.decode()
    assert offered == (person == "town_handler") == (client.get(reverse("mediation:corps-duty-new")).status_code == 200)


def test_duties_of_a_month_and_their_export(county, sign_in):
    corps.worthy(county)
    shown = page(sign_in("town_handler"), "corps-duties").content.decode()
    assert "孙老先生" in shown
    sheet = b"".join(page(sign_in("town_handler"), "corps-duties-export").streaming_content).decode("utf-8-sig")
    assert "孙老先生" in sheet
    assert AccessEntry.objects.filter(event=AccessEntry.Event.EXPORT).count() == 1


def test_joint_activities_from_the_page(county, sign_in):
    browser = sign_in("town_handler")
    typed = {
        "kind": "court",
        "on": clock.today().isoformat(),
        "unit": county.units["fushan"].id,
        "partner": "玲珑法庭",
        "place": "镇群众工作站",
        "participants": "张磊、法官1人",
        "outcome": "=SUM(1) 对两件土地纠纷提前研判",
    }
    assert browser.post(reverse("mediation:corps-activity-new"), {**typed, "kind": "party"}).status_code == 422
    assert browser.post(reverse("mediation:corps-activity-new"), typed).status_code == 302
    assert "玲珑法庭" in page(browser, "corps-activities").content.decode()
    assert "玲珑法庭" not in page(sign_in("other_handler"), "corps-activities").content.decode()
    sheet = b"".join(page(browser, "corps-activities-export").streaming_content).decode("utf-8-sig")
    assert "'=SUM(1)" in sheet  # no spreadsheet runs it
    assert Activity.objects.get().by == county.people["town_handler"]


def test_the_administrator_sets_the_norms(county, sign_in):
    browser = sign_in("system_admin")
    assert page(browser, "corps-rules").status_code == 200
    typed = {
        "small_village": 200,
        "small_village_people": 1,
        "large_village_people": 2,
        "area_station_people": 2,
        "town_people": 4,
        "committee_least": 3,
        "committee_most": 9,
        "term_years": 3,
        "training_days": "5",
        "keeps_duties": "on",
        "valid_from": clock.today().isoformat(),
        "reason": "县里新规定",
    }
    assert browser.post(reverse("mediation:corps-rules"), typed).status_code == 302
    made = CorpsRules.objects.get()
    assert (made.small_village, made.training_days, made.takes_positions) == (200, Decimal(5), False)
    assert AccessEntry.objects.get(event=AccessEntry.Event.POLICY).ground == "县里新规定"
    assert browser.post(reverse("mediation:corps-rules"), typed).status_code == 422  # the same day twice
    assert page(sign_in("office"), "corps-rules").status_code == 404


@pytest.mark.parametrize("name", ["corps", "corps-gaps", "corps-training", "corps-duties", "corps-activities"])
def test_administrators_read_nothing_of_the_corps(county, sign_in, name):
    for admin in ("system_admin", "security_admin", "audit_admin"):
        assert page(sign_in(admin), name).status_code == 403


@pytest.mark.parametrize("people", [1, 12])
def test_the_list_asks_the_same_number_of_questions_whatever_its_length(county, sign_in, people, django_assert_max_num_queries):
    for n in range(people):
        corps.member(county, f"张{'一二三四五六七八九十百千'[n]}")
    browser = sign_in("office")
    page(browser, "corps")
    with django_assert_max_num_queries(14):
        page(browser, "corps")
    page(browser, "corps-gaps")
    with django_assert_max_num_queries(14):
        page(browser, "corps-gaps")
