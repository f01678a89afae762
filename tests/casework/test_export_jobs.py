"""Long lists in the background: asked once, taken up again, told, fetched by its own person only (issue 5 §5, L-SEC-40)."""

import csv
import errno
import html
import io
import re
from datetime import timedelta

import openpyxl
import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from casework import actions as docket
from casework import exports, exports_jobs, exports_lists, tasks
from casework.models import Export, Holiday, Notice
from casework.queries import settings as settings_queries
from casework.rules import NotAllowed
from organisations import access, clock
from organisations.models import AccessEntry, Post
from organisations.roles import Role
from petitions import actions
from tests.factories import petitions
from tests.factories.county import make_post

pytestmark = pytest.mark.django_db

ID_NUMBER = "110105194912310002"


@pytest.fixture(autouse=True)
def media(tmp_path, settings):
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


def asked(query=None, form="xlsx", **more):
    return exports_jobs.Asked(exports_lists.find("cases"), {"status": "open", **(query or {}), **more}, "在办", form)


def ask(county, person="office", ground="", **more):
    return exports_jobs.ask(asked(**more), ground=ground, by=county.scope(person))


def made(export):
    assert exports_jobs.run_next()
    export.refresh_from_db()
    return export


def rows_of(export):
    raw = exports_jobs.path_of(export).read_bytes()
    if export.form == "csv":
        return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    return list(openpyxl.load_workbook(io.BytesIO(raw)).active.iter_rows(values_only=True))


def log_of(event):
    return AccessEntry.objects.filter(event=event)


# -- from the list to the file ----------------------------------------------------------------------------------------------------------


def test_a_long_list_is_asked_for_made_told_and_fetched(county, sign_in, monkeypatch):
    monkeypatch.setattr(exports_jobs, "AT_ONCE", 2)
    for title in ("甲事", "乙事", "丙事"):
        petitions.registered(county, title=title)
    client = sign_in("office")
    page = client.get(reverse("casework:export"), {"status": "open", "form": "xlsx"})
    assert "在后台生成" in page.content.decode()
    assert not Export.objects.exists()
    answer = client.post(reverse("casework:export"), {"list": "status=open", "form": "xlsx", "ids": ""}, follow=True)
    export = Export.objects.get()
    assert export.number in answer.content.decode()
    assert "排队中" in answer.content.decode()
    assert tasks.make_exports() is None
    export.refresh_from_db()
    assert (export.state, export.total, export.done) == (Export.State.DONE, 3, 3)
    notice = Notice.objects.get(kind="export", to_user=county.people["office"])
    assert "可下载" in notice.text
    assert client.post(reverse("casework:notice", args=[notice.pk])).headers["Location"] == reverse("casework:exports")
    got = client.get(reverse("casework:export-file", args=[export.pk]))
    raw = b"".join(got.streaming_content)
    book = openpyxl.load_workbook(io.BytesIO(raw))
    rows = list(book.active.iter_rows(values_only=True))
    assert len(rows) == 5
    assert export.number in rows[0][0]
    assert "孙志远（县中心）" in rows[0][0]
    assert export.number in book.properties.description
    assert "孙志远" in book.properties.creator
    downloaded = log_of(AccessEntry.Event.DOWNLOAD).get()
    assert (downloaded.object_id, downloaded.detail["rows"]) == (export.number, 3)
    assert log_of(AccessEntry.Event.EXPORT).get().object_id == export.number
    export.refresh_from_db()
    assert export.downloads == 1


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_file_is_the_list_in_its_order_with_its_columns(county, form):
    for title in ("=1+1", "乙事"):
        petitions.registered(county, title=title)
    export = made(ask(county, form=form, columns="subject,due"))
    rows = rows_of(export)
    assert list(rows[1]) == ["时限", "编号", "诉求", "信访人", "到期日"]
    assert sorted(row[2] for row in rows[2:]) == ["'=1+1", "乙事"]


def test_two_clicks_are_one_job(county, sign_in):
    petitions.registered(county)
    client = sign_in("office")
    for _ in range(2):
        client.post(reverse("casework:export"), {"list": "status=open", "form": "xlsx"})
    assert Export.objects.count() == 1
    assert log_of(AccessEntry.Event.EXPORT).count() == 1
    client.post(reverse("casework:export"), {"list": "status=open", "form": "csv"})
    assert Export.objects.count() == 2
    first = Export.objects.latest("id")
    with pytest.raises(IntegrityError), transaction.atomic():
        Export.objects.create(user=first.user, asked_key=first.asked_key, state="waiting", asked_at=clock.now(), form="csv", listing="cases")


def test_what_was_searched_for_is_not_written_down_in_clear(county):
    export = exports_jobs.ask(asked({"q": ID_NUMBER}), ground="", by=county.scope("office"))
    told = str([getattr(export, field.name) for field in Export._meta.fields])
    assert ID_NUMBER not in told
    assert ID_NUMBER not in str(log_of(AccessEntry.Event.EXPORT).get().detail)


# -- the worker -------------------------------------------------------------------------------------------------------------------------


class Killed(BaseException):
    """kill -9, as far as Python can feel it."""


def test_a_killed_worker_leaves_a_job_that_is_taken_up_again(county, monkeypatch, media):
    petitions.registered(county)
    export = ask(county)

    def dying(*args, **kwargs):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(exports, "xlsx_pieces", dying)
        with pytest.raises(Killed):
            exports_jobs.run_next()
    export.refresh_from_db()
    dead = export.worker
    assert export.state == Export.State.RUNNING
    assert not exports_jobs.run_next()
    with clock.at(clock.now() + exports_jobs.LEASE + timedelta(seconds=1)):
        export = made(export)
    assert (export.state, export.attempts) == (Export.State.DONE, 2)
    assert export.worker != dead
    assert [path.name for path in (media / "exports").iterdir()] == [exports_jobs.path_of(export).name]


def test_a_worker_that_was_given_up_changes_nothing_any_more(county, media):
    petitions.registered(county)
    export = ask(county)
    lost = exports_jobs._claim(clock.now())
    with clock.at(clock.now() + exports_jobs.LEASE + timedelta(seconds=1)):
        export = made(export)
    with pytest.raises(exports_jobs.Stopped):
        exports_jobs._make(lost, media / "late.part", media / "late.xlsx")
    export.refresh_from_db()
    assert export.state == Export.State.DONE


def test_a_job_that_kills_every_worker_is_given_up_in_words(county):
    petitions.registered(county)
    export = ask(county)
    Export.objects.filter(pk=export.pk).update(state=Export.State.RUNNING, attempts=3, beat_at=clock.now() - timedelta(hours=1), worker="x")
    assert not exports_jobs.run_next()
    export.refresh_from_db()
    assert export.state == Export.State.FAILED
    assert "多次中断" in export.failure
    assert Notice.objects.filter(kind="export").count() == 1


TROUBLES = [(OSError(errno.ENOSPC, "full"), "磁盘空间不足"), (OSError(errno.EIO, "io"), "写文件时出错"), (RuntimeError(), "系统出错")]


@pytest.mark.parametrize(("error", "words"), TROUBLES)
def test_a_full_disk_is_told_and_can_be_tried_again(county, sign_in, monkeypatch, error, words, media):
    petitions.registered(county)
    export = ask(county)

    def failing(*args, **kwargs):
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(exports, "xlsx_pieces", failing)
        exports_jobs.run_next()
    client = sign_in("office")
    assert words in client.get(reverse("casework:exports")).content.decode()
    assert not list((media / "exports").iterdir())
    client.post(reverse("casework:export-act", args=[export.pk, "retry"]))
    assert made(export).state == Export.State.DONE
    assert export.failure == ""


def test_a_cancelled_job_stops_and_leaves_no_file(county, sign_in, monkeypatch, media):
    petitions.registered(county)
    export = ask(county)
    client = sign_in("office")
    monkeypatch.setattr(exports_jobs, "BEAT", 0)
    monkeypatch.setattr(exports_jobs, "BEAT_ROWS", 1)
    real = exports_jobs._Progress.counted

    def cancelling(self, rows):
        client.post(reverse("casework:export-act", args=[export.pk, "cancel"]))
        return real(self, rows)

    monkeypatch.setattr(exports_jobs._Progress, "counted", cancelling)
    exports_jobs.run_next()
    export.refresh_from_db()
    assert export.state == Export.State.CANCELLED
    assert not list((media / "exports").iterdir())
    assert not Notice.objects.filter(kind="export").exists()
    assert client.get(reverse("casework:export-file", args=[export.pk])).status_code == 409


def test_one_job_at_a_time_and_the_oldest_first(county):
    petitions.registered(county)
    first, second = ask(county), ask(county, "handler")
    assert exports_jobs._claim(clock.now()).pk == first.pk
    assert exports_jobs._claim(clock.now()) is None
    assert second.state == Export.State.WAITING


def test_progress_is_shown_while_it_runs(county, sign_in):
    export = ask(county)
    Export.objects.filter(pk=export.pk).update(state=Export.State.RUNNING, total=200, done=50, beat_at=clock.now())
    fragment = sign_in("office").get(reverse("casework:exports"), headers={"HX-Request": "true"}).content.decode()
    assert "25%" in fragment
    assert "every 2s" in fragment
    assert "<html" not in fragment


def test_files_go_after_their_days(county, media):
    petitions.registered(county)
    export = made(ask(county))
    (media / "exports" / "stray.part").write_bytes(b"x")
    with clock.at(clock.now() + timedelta(days=exports_jobs.KEPT_DAYS, hours=1)):
        tasks.forget_exports()
        export.refresh_from_db()
        assert (export.state, export.token) == (Export.State.REMOVED, "")
    assert not list((media / "exports").iterdir())


# -- who gets what ----------------------------------------------------------------------------------------------------------------------


def test_nobody_else_sees_or_fetches_it(county, sign_in):
    petitions.registered(county)
    export = made(ask(county))
    for person in ("handler", "auditor", "audit_admin", "office2"):
        client = sign_in(person)
        assert client.get(reverse("casework:export-file", args=[export.pk])).status_code == 404
        assert client.post(reverse("casework:export-act", args=[export.pk, "cancel"])).status_code == 404
        assert export.number not in client.get(reverse("casework:exports")).content.decode()


def test_it_holds_what_the_person_sees_when_it_runs(county):
    petitions.registered(county, title="中心的事")
    export = ask(county)
    Post.objects.filter(user=county.people["office"]).update(until_on=clock.today() - timedelta(days=1))
    export = made(export)
    assert export.state == Export.State.FAILED
    assert "不能查看或导出" in export.failure


def test_whose_posts_changed_gets_the_old_file_no_more(county, sign_in):
    petitions.registered(county)
    export = made(ask(county))
    make_post(county.people["office"], county.units["land"], Role.HANDLER, by=county.people["office"])
    answer = sign_in("office").get(reverse("casework:export-file", args=[export.pk]))
    assert answer.status_code == 403
    assert "岗位或代理有了变化" in answer.content.decode()


def test_protected_cases_stay_out(county):
    petitions.registered(county, title="普通事")
    petitions.registered(county, purpose="03", title="检举的事", respondent_unit_id=county.units["fushan"].id)
    titles = {row[2] for row in rows_of(made(ask(county, "town_handler")))[2:]}
    assert titles <= {"普通事"}


def test_identity_numbers_are_left_out_then_masked_then_in_clear_with_a_ground(county, sign_in):
    petitions.registered(county)
    assert ID_NUMBER not in str(rows_of(made(ask(county))))
    masked = rows_of(made(ask(county, ids="masked")))
    assert masked[1][-1] == "证件号码"
    assert "*" in masked[2][-1]
    client = sign_in("office")
    refused = client.post(reverse("casework:export"), {"list": "status=open", "form": "xlsx", "ids": "clear", "ground": ""})
    assert refused.status_code == 422
    assert "请写明理由" in refused.content.decode()
    client.post(reverse("casework:export"), {"list": "status=open", "form": "xlsx", "ids": "clear", "ground": "向市里报送名册"})
    export = made(Export.objects.latest("id"))
    sheet = openpyxl.load_workbook(exports_jobs.path_of(export)).active
    cell = sheet.cell(3, sheet.max_column)
    assert (cell.value, cell.data_type, cell.number_format) == (ID_NUMBER, "s", "@")
    revealed = log_of(AccessEntry.Event.REVEAL).get()
    assert (revealed.ground, revealed.object_id) == ("向市里报送名册", export.number)


def test_only_some_posts_may_have_numbers_in_clear(county, sign_in):
    petitions.registered(county)
    page = sign_in("handler").get(reverse("casework:export"), {"status": "open", "options": "1"}).content.decode()
    assert "中间打星号" in page
    assert "含完整号码" not in page
    with pytest.raises(NotAllowed):
        ask(county, "handler", ids="clear", ground="有理由的")
    tried = sign_in("handler").post(reverse("casework:export"), {"list": "status=open", "form": "xlsx", "ids": "clear", "ground": "有理由的"})
    assert tried.status_code == 422


def test_a_protected_persons_number_stays_masked_in_every_list(county):
    case = petitions.registered(county).case
    actions.amend(case.number, {"purpose": "03", "respondent_unit_id": county.units["land"].id}, reason="实为检举", by=county.scope("office"))
    rows = rows_of(made(ask(county, ids="clear", ground="向市里报送名册")))
    assert ID_NUMBER not in str(rows)


def test_so_many_at_a_time_and_no_more_rows_than_the_most(county, monkeypatch):
    petitions.registered(county)
    for number in range(exports_jobs.MOST_OPEN):
        ask(county, topic=str(number))
    with pytest.raises(NotAllowed, match="在排队"):
        ask(county)
    monkeypatch.setattr(docket, "MOST_EXPORTED", 0)
    with pytest.raises(NotAllowed, match="万行"):
        ask(county, "office2")


def test_a_job_begun_again_counts_among_those_that_wait(county, sign_in):
    petitions.registered(county)
    client = sign_in("office")
    given_up = ask(county, topic="0")
    exports_jobs.cancel(given_up.pk, by=county.scope("office"))
    for number in range(1, exports_jobs.MOST_OPEN + 1):
        ask(county, topic=str(number))
    answer = client.post(reverse("casework:export-act", args=[given_up.pk, "retry"]))
    assert answer.status_code == 422
    assert "个导出在排队" in answer.content.decode()
    given_up.refresh_from_db()
    assert given_up.state == Export.State.CANCELLED
    exports_jobs.cancel(Export.objects.latest("id").pk, by=county.scope("office"))
    assert client.post(reverse("casework:export-act", args=[given_up.pk, "retry"])).status_code == 302


# -- the other lists --------------------------------------------------------------------------------------------------------------------


def taken(client, code, **params):
    answer = client.get(reverse("casework:export-list", args=[code]), {"form": "csv", **params})
    assert answer.status_code == 200, answer.content.decode()
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))


def test_the_access_log_is_for_the_audit_administrator_alone(county, sign_in):
    access.log(AccessEntry.Event.SIGN_IN_FAILED, user=None, user_label="=cmd|x", succeeded=False)
    access.log(AccessEntry.Event.SIGN_IN, user=county.people["office"])
    rows = taken(sign_in("audit_admin"), "access_log", result="bad")
    assert rows[1][:3] == ["时间", "事件", "人员"]
    assert [row[2] for row in rows[2:]] == ["'=cmd|x"]
    assert "结果 失败" in rows[0][0]
    entry = log_of(AccessEntry.Event.EXPORT).get()
    assert (entry.object_type, entry.detail["rows"]) == ("access_log", 1)
    for person in ("office", "auditor", "system_admin", "security_admin"):
        assert sign_in(person).get(reverse("casework:export-list", args=["access_log"])).status_code == 404
    assert sign_in("audit_admin").get(reverse("casework:export-list", args=["access_log"]), {"from_on": "x"}).status_code == 422


def test_the_access_log_holds_as_many_lines_as_it_says_and_not_its_own_taking(county, sign_in):
    client = sign_in("audit_admin")
    said = [int(number) for _ in range(2) for number in re.findall(r"共 (\d+) 条", str(taken(client, "access_log", event="export")[0]))]
    assert said == [0, 1]
    assert len(taken(client, "access_log", event="export")) == 2 + 2


def test_a_long_access_log_is_made_in_the_background(county, sign_in, monkeypatch):
    monkeypatch.setattr(exports_jobs, "AT_ONCE", 0)
    access.log(AccessEntry.Event.SIGN_IN, user=county.people["office"])
    client = sign_in("audit_admin")
    assert "开始导出" in client.get(reverse("casework:export-list", args=["access_log"]), {"event": "sign_in"}).content.decode()
    client.post(reverse("casework:export-list", args=["access_log"]), {"list": "event=sign_in", "form": "csv"})
    export = made(Export.objects.get())
    assert {row[1] for row in rows_of(export)[2:]} == {"登录"}
    assert client.get(reverse("casework:export-file", args=[export.pk])).status_code == 200


def test_what_was_found_and_the_cards_and_consoles(county, sign_in):
    case = petitions.registered(county, title="水渠不通").case
    found = taken(sign_in("office"), "search", q="水渠")
    assert [row[0] for row in found[2:]] == [case.number]
    assert taken(sign_in("labour_handler"), "search", q="水渠")[2:] == []
    assert taken(sign_in("office"), "cards")[1][0] == "等级"
    people = taken(sign_in("system_admin"), "accounts", q="孙志远")
    assert people[2][0] == "孙志远"
    assert "县中心" in people[2][3]
    posts = taken(sign_in("security_admin"), "posts", q="孙志远")
    assert posts[2][3] == "中心分流员"
    for code, person in (("accounts", "office"), ("posts", "system_admin"), ("nothing", "office")):
        assert sign_in(person).get(reverse("casework:export-list", args=[code])).status_code == 404
    for code in ("cases", "search", "cards"):
        assert sign_in("system_admin").get(reverse("casework:export-list", args=[code])).status_code == 403


def test_the_inbox_the_contact_book_and_the_units_leave_as_they_are_shown(county, sign_in):
    case = petitions.routed(county, title="=水渠不通").case
    client = sign_in("handler")
    told = taken(client, "inbox")
    assert told[1] == ["消息", "种类", "法定", "给谁", "时间", "阅读"]
    assert [row[5] for row in told[2:]] == ["未读"] * (len(told) - 2)
    assert len(told) > 2
    assert str(len(told) - 2) in told[0][0]
    assert not any(case.title in row[0] for row in taken(sign_in("labour_handler"), "inbox")[2:])
    book = taken(client, "contacts", unit=county.units["land"].id)
    assert {row[3] for row in book[2:]} == {county.units["land"].short_name}
    units = taken(sign_in("system_admin"), "units", q=county.units["land"].short_name)
    assert units[2][:2] == [county.units["land"].short_name, county.units["land"].name]
    for code, address in (("inbox", "casework:inbox"), ("contacts", "organisations:contacts")):
        page = client.get(reverse(address)).content.decode()
        assert f"/export/{code}/" in page or reverse("casework:export-list", args=[code]) in page
    assert reverse("casework:export-list", args=["units"]) in sign_in("system_admin").get(reverse("organisations:units")).content.decode()
    assert sign_in("office").get(reverse("casework:export-list", args=["units"])).status_code == 404


def test_limits_and_holidays_leave_as_their_pages_show_them(county, sign_in):
    client = sign_in("system_admin")
    rows = taken(client, "limits")
    assert rows[1][:4] == ["业务", "期限", "长度", "起算"]
    groups = settings_queries.every(clock.today())
    assert [row[1] for row in rows[2:]] == [held.now.name for _label, held_rows in groups for held in held_rows]
    page = client.get(reverse("casework:limits")).content.decode()
    assert all(html.escape(row[1]) in page and html.escape(row[8]) in page for row in rows[2:])
    assert reverse("casework:export-list", args=["limits"]) in page
    year = clock.today().year
    days = taken(client, "holidays", year=year)
    assert days[1] == ["日期", "星期", "名称", "安排", "来源"]
    held = Holiday.objects.filter(day__year=year).order_by("day").values_list("day", flat=True)
    assert [row[0] for row in days[2:]] == [f"{day:%Y-%m-%d}" for day in held]
    assert {row[3] for row in days[2:]} == {"放假", "上班"}
    assert f"{year}年" in days[0][0]
    for none in ("x", "0000", "9999"):
        assert taken(client, "holidays", year=none)[2:] == days[2:], "a year without a page is this one"
    assert reverse("casework:export-list", args=["holidays"]) in client.get(reverse("casework:calendar")).content.decode()
    for code in ("limits", "holidays"):
        for person in ("office", "security_admin"):
            assert sign_in(person).get(reverse("casework:export-list", args=[code])).status_code == 404


def test_the_routing_board_leaves_column_by_column(county, sign_in):
    fresh, sent = petitions.registered(county, title="=水渠不通").case, petitions.routed(county).case
    client = sign_in("office")
    assert "/routing/?form=csv" in client.get(reverse("petitions:routing")).content.decode()
    rows = taken(client, "routing")
    assert [(row[0], row[1]) for row in rows[2:]] == [("待分流", fresh.number), ("待签收", sent.number)]
    assert rows[2][2] == "'=水渠不通"
    assert taken(client, "routing", town="999999999")[2:] == []
    assert sign_in("handler").get(reverse("casework:export-list", args=["routing"])).status_code == 403


@pytest.mark.parametrize("listing", exports_lists.every(), ids=lambda listing: listing.code)
def test_every_list_says_where_its_page_is(listing):
    assert reverse(listing.page)
    assert listing.label
