"""Out of the house: over real SMTP and HTTP servers, tried again, dead in the end, never with a word of the matter."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from urllib.parse import parse_qs

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse
from django.utils import timezone

from casework import carrying, digest, gateway, outbox, preferences, reminding, sweeps
from casework.models import Deadline, Limit, Notice, NoticePreference, Outgoing, SweepRun
from casework.preferences import Choice
from casework.rules import NotAllowed
from casework.tasks import announce_missing_year, send_outgoing
from config import environment
from organisations import cipher, clock
from petitions import actions
from tests.casework.gateways import HttpHouse, SmtpHouse
from tests.factories import petitions

pytestmark = pytest.mark.django_db

DUE = date(2026, 5, 31)


def on(day: date, hour: int = 9, minute: int = 0) -> clock.at:
    return clock.at(timezone.make_aware(datetime.combine(day, time(hour, minute))))


@pytest.fixture
def smtp(settings):
    house = SmtpHouse()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", house.port
    yield house
    house.close()


@pytest.fixture
def sms(settings):
    house = HttpHouse()
    way = {
        "url": f"http://127.0.0.1:{house.port}/send",
        "body": '{"mobile": "{phone}", "content": "{text}", "id": "{key}"}',
        "headers": {"Authorization": "Bearer secret"},
        "expects": '"code":0',
    }
    settings.GATEWAYS = {**settings.GATEWAYS, "sms": way}
    yield house
    house.close()


@pytest.fixture
def chat(settings):
    house = HttpHouse()
    way = {"url": f"http://127.0.0.1:{house.port}/robot?key=1", "body": "to={phone}&words={text}", "headers": {}, "expects": ""}
    settings.GATEWAYS = {**settings.GATEWAYS, "chat": way}
    yield house
    house.close()


@pytest.fixture
def accepted(county):
    with on(date(2026, 4, 1)):
        case = petitions.accepted(county, received_on=date(2026, 4, 1)).case
        actions.designate(case.number, person_id=county.people["handler"].id, by=county.scope("head"))
    Notice.objects.all().delete()
    Deadline.objects.exclude(key="pet.handle").delete()
    return case


def wish(user, **facts) -> NoticePreference:
    user.phone = "13900000001"
    user.save()
    return NoticePreference.objects.create(user=user, email="wanghaitao@example.gov.cn", **facts)


def remind_on(day: date, hour: int = 9) -> None:
    with on(day, hour):
        reminding.sweep()
        carrying.sweep()


# -- what goes out ----------------------------------------------------------------------------------------------------------------------


def test_by_all_three_ways_with_a_number_and_a_date_and_no_word_of_the_matter(county, accepted, smtp, sms, chat):
    wish(county.people["handler"], by_email=True, by_sms=True, by_chat=True)
    remind_on(DUE - timedelta(days=15))
    with on(DUE - timedelta(days=15)):
        assert outbox.sweep() == 3
        assert outbox.sweep() == 0
    (mail,) = smtp.taken
    (_, headers, body) = sms.asked[0]
    words = parse_qs(chat.asked[0][2])["words"][0]
    content = json.loads(body)["content"]
    assert json.loads(body)["mobile"] == "13900000001"
    assert headers["Authorization"] == "Bearer secret"
    assert headers["Idempotency-Key"] == json.loads(body)["id"]
    for text in (content, words, mail.get_content()):
        assert accepted.number in text
        assert "2026-05-31" in text
        for secret in (accepted.title, accepted.subject, "宅基地", "自然资源"):
            assert secret not in text
    assert mail["To"] == "wanghaitao@example.gov.cn"
    assert mail["Message-ID"].startswith("<")
    assert "期限提醒" in str(mail["Subject"])
    assert not Outgoing.objects.filter(address_token__contains="139").exists()


def test_news_of_no_case_names_none():
    """An auditor's question belongs to no case: the message read «【群众工作中心】：有新消息»."""
    assert "】您有新消息，" in outbox.sms_text("audit.question")
    assert "】370685-2026-000001：有新消息，" in outbox.sms_text("audit.question", number="370685-2026-000001")


def test_nothing_is_put_into_the_outbox_of_a_house_without_a_gateway(county, accepted):
    wish(county.people["handler"], by_email=True, by_sms=True)
    remind_on(DUE)
    assert not Outgoing.objects.exists()
    assert not Notice.objects.filter(is_carried=False).exists()


def test_the_substitute_and_the_unit_are_reached_too(county, accepted, sms):
    wish(county.people["handler2"], by_sms=True)
    type(accepted).objects.update(handler=None)
    remind_on(DUE - timedelta(days=15))
    assert Outgoing.objects.get().user == county.people["handler2"]


def test_the_petitioner_hears_of_the_right_to_review_by_daylight_and_without_content(county, accepted, sms):
    Deadline.objects.update(key="pet.review_apply", is_duty=False, limit=_limit("pet.review_apply"), remind_on=DUE - timedelta(days=10))
    remind_on(DUE - timedelta(days=10), hour=22)
    message = Outgoing.objects.get()
    assert timezone.localtime(message.not_before) == datetime(2026, 5, 22, 8, 0, tzinfo=timezone.get_current_timezone())
    assert cipher.decrypt(message.address_token) == "13800132046"
    assert accepted.number in message.text
    assert "复查" not in message.text
    assert not Notice.objects.filter(kind="reminder").exists()


@pytest.mark.parametrize(
    ("days_left", "hour", "sent"),
    [(2, 9, [-3]), (0, 9, [-3]), (0, 22, []), (-1, 9, [])],
    ids=["both days missed", "on its last day", "would ring when it is over", "over"],
)
def test_after_an_outage_the_petitioner_hears_once_and_of_nothing_that_is_over(county, accepted, sms, days_left, hour, sent):
    """ALL-3: ten and three days before fell into the outage; the words are the same, so one message says them."""
    Deadline.objects.update(key="pet.review_apply", is_duty=False, limit=_limit("pet.review_apply"), remind_on=DUE - timedelta(days=10))
    remind_on(DUE - timedelta(days=days_left), hour=hour)
    assert [int(row.key.split(":")[2]) for row in Outgoing.objects.all()] == sent


def _limit(key):
    return Limit.objects.get(key=key)


# -- when -------------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hour", "expected"),
    [(22, datetime(2026, 5, 17, 7, 30)), (6, datetime(2026, 5, 16, 7, 30)), (12, datetime(2026, 5, 16, 12, 0))],
)
def test_quiet_hours_over_midnight(county, accepted, sms, hour, expected):
    wish(county.people["handler"], by_sms=True, quiet_from=time(21, 0), quiet_until=time(7, 30))
    remind_on(DUE - timedelta(days=15), hour=hour)
    assert timezone.localtime(Outgoing.objects.get().not_before).replace(tzinfo=None) == expected


def test_muted_kinds_stay_out_but_not_statutory_ones(county, accepted, sms):
    wish(county.people["handler"], by_sms=True, muted=["reminder", "petition.note"])
    remind_on(DUE - timedelta(days=15))
    assert Outgoing.objects.count() == 1
    Deadline.objects.update(limit=_limit("pet.promised"), remind_on=DUE - timedelta(days=3))
    remind_on(DUE - timedelta(days=3))
    assert Outgoing.objects.count() == 1


def test_the_digest_comes_once_a_day_at_its_time_and_stands_for_the_rest(county, accepted, sms):
    wish(county.people["handler"], by_sms=True, digest_at=time(8, 30), only_digest=True)
    Notice.objects.create(case=accepted, to_user=county.people["handler"], kind="petition.note", text="x", at=accepted.opened_at, key="k")
    for hour, minute in ((8, 0), (8, 31), (9, 0)):
        with on(DUE + timedelta(days=1), hour, minute):
            digest.sweep()
    with on(DUE + timedelta(days=1), 9):
        carrying.sweep()
    line = Notice.objects.get(kind="digest")
    assert "超期 1 件" in line.text
    assert Outgoing.objects.get().key == f"n{line.pk}:{county.people['handler'].id}:sms"
    with on(DUE + timedelta(days=2), 10):
        digest.sweep()
    assert Notice.objects.filter(kind="digest").count() == 2


# -- tried again ------------------------------------------------------------------------------------------------------------------------


def test_growing_pauses_then_a_dead_letter_and_again_by_hand(county, accepted, sms, sign_in):
    wish(county.people["handler"], by_sms=True)
    remind_on(DUE - timedelta(days=15))
    sms.answers = [(500, "")] * 3 + [(200, '{"code":7}')] * 20
    moment = timezone.make_aware(datetime.combine(DUE - timedelta(days=15), time(9)))
    pauses = []
    while not Outgoing.objects.filter(dead_at__isnull=False).exists():
        with clock.at(moment):
            outbox.sweep()
        message = Outgoing.objects.get()
        pauses.append((message.not_before - moment).total_seconds() / 60)
        moment = message.not_before
        assert len(pauses) < 20
    assert pauses[:7] == list(outbox.PAUSES)
    assert len(sms.asked) == outbox.MOST_ATTEMPTS
    assert len({headers["Idempotency-Key"] for _, headers, _ in sms.asked}) == 1
    message = Outgoing.objects.get()
    assert message.last_error == "网关的答复不是约定的成功标志"
    page = sign_in("system_admin").get(reverse("casework:health")).content.decode()
    assert "网关的答复不是约定的成功标志" in page
    assert "13900000001" not in page
    assert accepted.number not in page
    sms.answers = []
    sign_in("system_admin").post(reverse("casework:health-try-again"), {"id": [message.pk]})
    with clock.at(timezone.now() + timedelta(minutes=1)):
        assert outbox.sweep() == 1
    with pytest.raises(NotAllowed):
        outbox.try_again([message.pk], by=county.scope("office"))


def test_a_code_that_opens_nothing_any_more_is_not_sent(county, sms, sign_in):
    with on(DUE):
        asked = clock.now()
        outbox.post_sms("13900000001", "验证码", key="query-code:1", at=asked, useless_after=asked + timedelta(minutes=10))
        sms.answers = [(500, "")]
        assert outbox.sweep() == 0
    with on(DUE, 9, 9):
        assert outbox.sweep() == 1
    with on(DUE):
        outbox.post_sms("13900000001", "验证码", key="query-code:2", at=asked, useless_after=asked + timedelta(minutes=10))
    with on(DUE, 9, 10):
        assert outbox.sweep() == 0
        late = Outgoing.objects.get(key="query-code:2")
        assert (late.dead_at, late.attempts) == (clock.now(), 0)
        assert outbox.try_again([late.pk], by=county.scope("system_admin")) == 0
        page = sign_in("system_admin").get(reverse("casework:health")).content.decode()
    assert "过了有效时间，不再发出" in page
    assert f'value="{late.pk}" type="submit">再试' not in page


def test_a_worker_killed_after_sending_sends_again_under_the_same_id(county, accepted, sms):
    wish(county.people["handler"], by_sms=True)
    remind_on(DUE - timedelta(days=15))
    moment = timezone.make_aware(datetime.combine(DUE - timedelta(days=15), time(9)))
    with clock.at(moment):
        outbox.sweep()
    # The kill: the gateway has it, the row was claimed and never marked.
    Outgoing.objects.update(sent_at=None, not_before=moment + outbox.LEASE)
    with clock.at(moment + timedelta(minutes=1)):
        assert outbox.sweep() == 0
    with clock.at(moment + timedelta(minutes=6)):
        assert outbox.sweep() == 1
    assert len({headers["Idempotency-Key"] for _, headers, _ in sms.asked}) == 1
    assert len(sms.asked) == 2


def test_a_redirect_is_not_followed_and_a_dead_gateway_is_said_plainly(county, sms, settings):
    sms.answers = [(302, "")]
    with pytest.raises(gateway.Undelivered, match="网关答复 302"):
        gateway.send("sms", address="13900000001", subject="", text="x", key="k")
    settings.GATEWAYS = {"sms": {**settings.GATEWAYS["sms"], "url": "http://127.0.0.1:1/"}, "chat": {}}
    with pytest.raises(gateway.Undelivered, match=r"连不上网关（127\.0\.0\.1）：对方拒绝连接"):
        gateway.send("sms", address="13900000001", subject="", text="x", key="k")
    with pytest.raises(gateway.Undelivered, match="没有配置"):
        gateway.send("chat", address="", subject="", text="x", key="k")


def test_refused_addresses_and_full_mail_servers_are_errors(smtp):
    smtp.refuses = {"nobody@"}
    with pytest.raises(gateway.Undelivered, match="收件地址"):
        gateway.send("email", address="nobody@example.gov.cn", subject="s", text="x", key="k")
    smtp.is_full = True
    with pytest.raises(gateway.Undelivered, match="没有接收"):
        gateway.send("email", address="a@example.gov.cn", subject="s", text="x", key="k")


def test_quotes_and_newlines_cannot_break_out_of_the_body(sms, chat):
    nasty = 'a"},{"b\n&to=1&'
    gateway.send("sms", address=nasty, subject="", text=nasty, key="k")
    assert json.loads(sms.asked[0][2])["content"] == nasty
    gateway.send("chat", address="1", subject="", text=nasty, key="k")
    assert parse_qs(chat.asked[0][2]) == {"to": ["1"], "words": [nasty]}


def test_gateway_settings_are_read_strictly(monkeypatch):
    monkeypatch.setenv("SMS_URL", "file:///etc/passwd")
    with pytest.raises(ImproperlyConfigured):
        environment.gateway("SMS_URL")
    monkeypatch.setenv("SMS_URL", "https://sms.example.gov.cn/")
    monkeypatch.setenv("SMS_HEADERS", "Authorization: Bearer a:b | X-App: 1")
    assert environment.gateway("SMS_URL")["headers"] == {"Authorization": "Bearer a:b", "X-App": "1"}


# -- preferences and health -----------------------------------------------------------------------------------------------------------------


def test_one_sets_ones_own_ways_on_the_page(county, sign_in, sms):
    county.people["handler"].phone = "13900000001"
    county.people["handler"].save()
    client = sign_in("handler")
    page = client.get(reverse("casework:preferences")).content.decode()
    assert "本单位未开通" in page  # e-mail
    chosen = {"by_sms": "on", "quiet_from": "21:00", "quiet_until": "07:30", "digest_at": "08:30", "muted": ["progress"]}
    assert client.post(reverse("casework:preferences"), chosen).status_code == 302
    held = NoticePreference.objects.get(user=county.people["handler"])
    assert held.by_sms
    assert not held.by_email
    assert "petition.note" in held.muted
    assert preferences.of(county.people["handler"]).muted == ("progress",)
    refused = client.post(reverse("casework:preferences"), {"quiet_from": "21:00"})
    assert refused.status_code == 422
    assert "起止都填上" in refused.content.decode()


@pytest.mark.parametrize(
    "choice",
    [
        Choice(by_email=True, email="a@b.cn"),
        Choice(by_sms=True),
        Choice(only_digest=True),
        Choice(muted=("work",)),
        Choice(muted=("cards",)),
        Choice(muted=("nothing",)),
    ],
)
def test_what_cannot_be_chosen(county, choice, sms):
    with pytest.raises(NotAllowed):
        preferences.choose(choice, by=county.scope("handler"))


def test_a_muted_kind_leaves_the_inbox_and_comes_back(county, accepted, sign_in):
    with on(DUE):
        reminding.sweep()
    client = sign_in("handler")
    Notice.objects.create(case=accepted, to_user=county.people["handler"], kind="petition.note", text="有人记了一笔", at=timezone.now(), key="k")
    assert "有人记了一笔" in client.get(reverse("casework:inbox")).content.decode()
    with on(DUE):
        preferences.choose(Choice(muted=("progress", "reminders")), by=county.scope("handler"))
    page = client.get(reverse("casework:inbox")).content.decode()
    assert "有人记了一笔" not in page
    assert "今日（5月31日）到期" in page
    assert "法定" in page
    assert "有人记了一笔" not in client.get(reverse("casework:inbox"), {"group": "reminders"}).content.decode()


def test_every_run_of_a_sweep_is_written_down(county, sign_in):
    send_outgoing()
    run = SweepRun.objects.get(name="casework.send_outgoing")
    assert run.ended_at is not None
    page = sign_in("system_admin").get(reverse("casework:health")).content.decode()
    assert "外发消息" in page
    assert "还没有运行" in page  # the others


def test_a_failing_sweep_is_told_from_one_that_never_comes(county, sign_in):
    @sweeps.sweep("test.divide", "除法")
    def divide() -> int:
        return 1 // 0

    try:
        with pytest.raises(ZeroDivisionError):
            divide()
        page = sign_in("system_admin").get(reverse("casework:health")).content.decode()
    finally:
        sweeps.forget("test.divide")
    assert "ZeroDivisionError" in page
    assert "需要处理" in page


def test_next_years_calendar_is_asked_for_daily_from_mid_december(county, sign_in):
    for day in (date(2026, 12, 14), date(2026, 12, 15), date(2026, 12, 15), date(2026, 12, 16)):
        with on(day):
            announce_missing_year()
    assert Notice.objects.filter(kind="calendar").count() == 2
    page = sign_in("system_admin").get(reverse("casework:inbox")).content.decode()
    assert "2027 年放假安排" in page
    assert "2027 年放假安排" not in sign_in("office").get(reverse("casework:inbox")).content.decode()
