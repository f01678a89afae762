"""The auditor's room over HTTP: doubts, samples, papers, questions; who gets in, at which moment, twice, at once (ALL-1/2, opening 12)."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from openpyxl import load_workbook

from casework.models import Case, Entry, Notice, Reach
from casework.viewings import look
from organisations import access, clock
from organisations.models import AccessEntry, Post
from organisations.rules import NotAllowed
from petitions import actions as petitions_acts
from petitions.models import Reply
from reports.actions import refresh
from reports.audit import actions, queries
from reports.models import AuditQuestion, AuditTurn, Sample
from tests.factories import petitions

pytestmark = pytest.mark.django_db

ROOM = "/reports/audit/"
YEAR = "?span=year"


def found_at(client: Any, code: str, query: str = YEAR) -> str:
    response = client.get(f"{ROOM}doubts/{code}/{query}")
    assert response.status_code == 200
    return response.content.decode()


def late(entry: Entry, days: int) -> None:
    """Make a line as if it had been entered days after it happened, past the append-only trigger, chain and all."""
    with connection.cursor() as db:
        db.execute("SET CONSTRAINTS ALL IMMEDIATE")
        db.execute("ALTER TABLE casework_entry DISABLE TRIGGER USER")
        db.execute("UPDATE casework_entry SET happened_at = happened_at - %s WHERE id = %s", [timedelta(days=days), entry.pk])
        db.execute("ALTER TABLE casework_entry ENABLE TRIGGER USER")


# -- doubts -----------------------------------------------------------------------------------------------------------------


def test_every_doubt_can_be_asked_and_counts_what_it_lists(county, sign_in):
    petitions.closed(county)
    refresh.refresh()
    auditor = sign_in("auditor")
    page = auditor.get(f"{ROOM}{YEAR}")
    assert page.status_code == 200
    for row in page.context["tallies"]:
        listed = auditor.get(f"{ROOM}doubts/{row.doubt.code}/{YEAR}")
        assert listed.context["total"] == row.findings == len(listed.context["rows"]), row.doubt.code


def test_late_and_back_dated_entries_are_found(county, sign_in):
    case = petitions.accepted(county).case
    late(Entry.objects.filter(case=case).latest("no"), 9)
    refresh.refresh()
    auditor = sign_in("auditor")
    assert "晚9天" in found_at(auditor, "late_entry")
    assert "早于此前录入的" in found_at(auditor, "back_dated")
    other = found_at(auditor, "late_entry", "?since=2020-01-01&until=2020-12-31")
    assert case.number not in other


def test_a_case_no_head_opened_is_found_until_one_does(county, sign_in):
    case = petitions.closed(county).case
    refresh.refresh()
    auditor = sign_in("auditor")
    assert case.number in found_at(auditor, "unseen_by_head")
    look(case, county.people["head"], clock.now())
    assert case.number not in found_at(auditor, "unseen_by_head")


def test_the_preparer_s_own_approval_must_not_exist_and_is_found_if_rows_are_changed(county, sign_in):
    case = petitions.replied(county).case
    refresh.refresh()
    auditor = sign_in("auditor")
    assert case.number not in found_at(auditor, "own_approval")
    reply = Reply.objects.get(petition__case=case)
    Reply.objects.filter(pk=reply.pk).update(prepared_by=reply.approved_by)
    assert case.number in found_at(auditor, "own_approval")


def test_a_reply_without_proof_of_delivery_is_found(county, sign_in):
    case = petitions.delivered(county).case
    refresh.refresh()
    auditor = sign_in("auditor")
    assert case.number not in found_at(auditor, "unproven")
    Reply.objects.filter(petition__case=case).update(proof="", receiver="")
    with connection.cursor() as db:
        db.execute("UPDATE casework_delivery SET proof = '', receiver = ''")
    assert case.number in found_at(auditor, "unproven")


def test_reopened_after_a_rating_is_found(county, sign_in):
    case = petitions.closed(county).case
    petitions_acts.reopen(case.number, reason="群众称没有拆除。", due_on=clock.today() + timedelta(days=20), by=county.scope("office"))
    refresh.refresh()
    assert case.number in found_at(sign_in("auditor"), "reopened_after_rating")


def test_looking_into_an_identity_without_doing_anything_is_found(county, sign_in):
    case = petitions.accepted(county).case
    with clock.at(clock.now() - timedelta(days=8)):
        access.log(
            AccessEntry.Event.REVEAL, user=county.people["leader"], object_type="case", object_id=case.pk, object_label=case.number, field="证件号码"
        )
    refresh.refresh()
    assert case.number in found_at(sign_in("auditor"), "idle_reveal")


# -- samples and papers -----------------------------------------------------------------------------------------------------


def several(county, count: int = 6) -> list[str]:
    numbers = [petitions.registered(county, title=f"第{no}件").case.number for no in range(count)]
    refresh.refresh()
    return numbers


DRAW = f"{ROOM}samples/draw/?from=measure&m=cases&span=year"
TYPED = {"title": "登记件抽查", "size": "3", "method": "simple", "seed_way": "given", "seed": "公证 07 13"}


def drawn(county, sign_in) -> tuple[Any, Sample]:
    several(county)
    auditor = sign_in("auditor")
    assert auditor.post(DRAW, TYPED).status_code == 303
    return auditor, Sample.objects.get()


def test_a_sample_is_drawn_kept_and_drawn_again(county, sign_in):
    auditor, sample = drawn(county, sign_in)
    assert (sample.population_count, sample.size, sample.papers.count()) == (6, 3, 3)
    page = auditor.get(f"{ROOM}samples/{sample.pk}/redraw/")
    assert page.context["redraw"].is_same
    assert "与原样本一致" in page.content.decode()
    # New cases do not touch what was drawn from then.
    several(county, 2)
    assert auditor.get(f"{ROOM}samples/{sample.pk}/redraw/").context["redraw"].is_same
    numbers = auditor.get(f"{ROOM}samples/{sample.pk}/population/").content.decode().split()
    assert len(numbers) == 6
    assert AccessEntry.objects.filter(event="export", field="抽样总体", user=county.people["auditor"]).exists()


def test_a_stratified_population_names_its_strata_and_their_shares(county, sign_in):
    several(county)
    auditor = sign_in("auditor")
    assert auditor.post(DRAW, TYPED | {"method": "stratified"}).status_code == 303
    sample = Sample.objects.get()
    page = auditor.get(f"{ROOM}samples/{sample.pk}/redraw/")
    ((name, count, share),) = page.context["redraw"].strata
    assert (count, share) == (6, 3)
    lines = auditor.get(f"{ROOM}samples/{sample.pk}/population/").content.decode().splitlines()
    assert {line.split("\t")[1] for line in lines} == {name}
    assert "STRATUM" in page.content.decode()


def test_a_picked_case_shows_when_it_is_drawn_again(county, sign_in):
    auditor, sample = drawn(county, sign_in)
    paper = sample.papers.first()
    other = Case.objects.exclude(number__in=sample.papers.values("number")).first()
    sample.papers.filter(pk=paper.pk).update(number=other.number, case=other)
    page = auditor.get(f"{ROOM}samples/{sample.pk}/redraw/")
    assert not page.context["redraw"].is_same
    assert "与原样本不一致" in page.content.decode()


@pytest.mark.parametrize(("source", "words"), [("from=doubt&code=unseen_by_head&span=year", "负责人从未查看"), ("from=list&status=all", "案件清单")])
def test_a_sample_from_a_doubt_and_from_a_list(county, sign_in, source, words):
    for no in range(2):
        petitions.closed(county, title=f"第{no}件")
    refresh.refresh()
    auditor = sign_in("auditor")
    page = auditor.get(f"{ROOM}samples/draw/?{source}")
    assert words in page.content.decode()
    assert page.context["count"] == 2
    assert auditor.post(f"{ROOM}samples/draw/?{source}", TYPED | {"size": "2", "method": "stratified"}).status_code == 303
    assert Sample.objects.get().papers.count() == 2


def test_a_draw_that_cannot_be_is_refused_and_keeps_what_was_typed(county, sign_in):
    several(county, 2)
    auditor = sign_in("auditor")
    few = auditor.post(DRAW, TYPED)
    assert few.status_code == 422
    assert "总体只有2件" in few.content.decode()
    assert "公证 07 13" in few.content.decode()
    assert auditor.post(DRAW, TYPED | {"seed": ""}).status_code == 422
    no_seal = auditor.post(DRAW, TYPED | {"size": "1", "seed_way": "seal"})
    assert no_seal.status_code == 409
    assert auditor.get(f"{ROOM}samples/draw/?from=nothing").status_code == 422
    assert not Sample.objects.exists()


def test_protected_cases_are_not_in_a_population(county, sign_in):
    petitions.registered(county, purpose="03")
    several(county, 1)
    page = sign_in("auditor").get(f"{ROOM}samples/draw/?from=list&status=all")
    assert page.context["count"] == 1


def test_a_case_protected_after_the_draw_has_no_number_in_any_door_of_the_sample(county, sign_in):
    """L-PET-86. Its digest goes too: numbers run on, and each can be tried; so does its place among the others."""
    auditor, sample = drawn(county, sign_in)
    paper = sample.papers.get(place=2)
    sample.papers.filter(pk=paper.pk).update(words="反映的是某镇长", evidence=[1], verdict="problem")
    others = list(sample.papers.exclude(pk=paper.pk).values_list("number", flat=True))
    petitions_acts.amend(paper.number, {"purpose": "03"}, reason="实为检举控告", by=county.scope("office"))
    root = f"{ROOM}samples/{sample.pk}/"
    pages = {name: auditor.get(f"{root}{name}").content.decode() for name in ("", "print/", "redraw/", "population/", "papers/2/")}
    book = load_workbook(io.BytesIO(auditor.get(f"{root}export/").content))
    pages["export/"] = "\n".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)
    for name, page in pages.items():
        assert paper.number not in page, name
        assert paper.key not in page, name
        assert "不在您的查看范围" in page, name
        if name != "papers/2/":  # who drew the sample wrote these words, and writes on until it is signed
            assert "反映的是某镇长" not in page, name
            assert all(number in page for number in others), name
    assert pages["population/"].splitlines()[-1] == queries.MASKED
    assert auditor.get(f"{root}redraw/").context["redraw"].is_same
    Sample.objects.get().refresh_from_db()
    assert auditor.get(f"{ROOM}samples/{sample.pk}/").context["bad"] == 1


def test_a_town_s_auditor_draws_from_no_number_the_page_does_not_tell(county, sign_in):
    """L-SEC-41: the count of what would be drawn from is a figure as any other."""
    for _ in range(3):
        petitions.routed(county, to="labour")
    refresh.refresh()
    own = county.people["auditor"].posts.get()
    Post.objects.create(
        user=county.people["town_head"], unit=county.units["fushan"], role=own.role, from_on=own.from_on, appointed_by=own.appointed_by
    )
    town = sign_in("town_head")
    address = f"{ROOM}samples/draw/?from=measure&m=cases&span=month"
    assert town.get(address).context["count"] == 3
    refused = town.get(f"{address}&unit={county.units['labour'].pk}")
    assert refused.status_code == 403
    assert "不提供" in refused.content.decode()
    assert sign_in("auditor").get(f"{address}&unit={county.units['labour'].pk}").context["count"] == 3


def test_what_a_doubt_rests_on_is_named_as_a_reader_can_look_it_up(county, sign_in):
    auditor = sign_in("auditor")
    for page in (auditor.get(ROOM), *(auditor.get(f"{ROOM}doubts/{code}/") for code in queries.doubts())):
        assert not re.search(r"(?:依据：|data-l=\"依据\">)[^<]*(?:<[^>]+>)*(?:HALL|MED|ALL|L)-[A-Z0-9]", page.content.decode())
        assert not re.search(r"(?:HALL|MED|ALL|L)-[A-Z]*-?\d", re.sub(r"<[^>]+>", "", page.content.decode()))
    assert '<span class="nowrap">《信访工作条例》第三十四条</span>' in auditor.get(ROOM).content.decode()


def opened(client: Any, sample: Sample, place: int) -> dict[str, str]:
    """The hidden fields of a window that shows the paper now."""
    form = client.get(f"{ROOM}samples/{sample.pk}/papers/{place}/").context["form"]
    return {"desk": form.initial["desk"], "opened_at": form.initial["opened_at"]}


def test_papers_are_kept_while_typed_and_final_once_signed(county, sign_in):
    auditor, sample = drawn(county, sign_in)
    address = f"{ROOM}samples/{sample.pk}/papers/"
    window = opened(auditor, sample, 1)
    assert auditor.post(f"{address}1/keep/", {"verdict": "", "words": "正在看", "evidence": ""} | window).status_code == 204
    assert sample.papers.get(place=1).words == "正在看"
    assert "正在看" in auditor.get(f"{address}1/").content.decode()
    assert auditor.post(f"{ROOM}samples/{sample.pk}/sign/", {"conclusion": "总体规范。"}).status_code == 422
    for place in (1, 2, 3):
        typed = {"verdict": "problem" if place == 2 else "fine", "words": "送达回证缺签名" if place == 2 else "", "evidence": "1"} | window
        assert auditor.post(f"{address}{place}/", typed).status_code == 303
    beyond = auditor.post(f"{address}1/", {"verdict": "fine", "words": "没有这么多条", "evidence": "99"} | window)
    assert beyond.status_code == 422
    assert "没有这么多条" in beyond.content.decode()
    assert auditor.post(f"{ROOM}samples/{sample.pk}/sign/", {"conclusion": "总体规范，1件有问题。"}).status_code == 303
    sample.refresh_from_db()
    assert sample.signed_by == county.people["auditor"]
    assert len(sample.sha256) == 64
    assert auditor.post(f"{ROOM}samples/{sample.pk}/sign/", {"conclusion": "再签"}).status_code == 409
    assert auditor.post(f"{address}1/", {"verdict": "fine", "words": "改", "evidence": ""} | window).status_code == 409
    assert auditor.post(f"{address}1/keep/", {"verdict": "fine", "words": "改", "evidence": ""} | window).status_code == 409
    for row in (sample, sample.papers.first()):
        with pytest.raises(DatabaseError), transaction.atomic():
            type(row).objects.filter(pk=row.pk).update(**({"conclusion": "改"} if row == sample else {"words": "改"}))
    book = load_workbook(io.BytesIO(auditor.get(f"{ROOM}samples/{sample.pk}/export/").content))
    cells = [[cell.value for cell in row] for row in book["底稿"].iter_rows()]
    assert "赵审（auditor）" in cells[0][0]
    assert cells[3][4] == "送达回证缺签名"
    assert "送达回证缺签名" in auditor.get(f"{ROOM}samples/{sample.pk}/print/").content.decode()


def test_a_second_window_overwrites_nothing_unseen(county, sign_in):
    """Two windows on one paper: the later one is told, sees both texts, and saves knowingly (beyond.md 9)."""
    auditor, sample = drawn(county, sign_in)
    address = f"{ROOM}samples/{sample.pk}/papers/1/"
    first, second = opened(auditor, sample, 1), opened(auditor, sample, 1)
    typed = {"verdict": "fine", "words": "第一个窗口写的", "evidence": ""}
    assert auditor.post(f"{address}keep/", typed | first).status_code == 204
    assert auditor.post(f"{address}keep/", typed | first).status_code == 204  # one's own window never stands in one's way
    other = {"verdict": "problem", "words": "第二个窗口写的", "evidence": ""}
    kept = auditor.post(f"{address}keep/", other | second)
    assert (kept.status_code, kept.json()["code"]) == (409, "written_elsewhere")
    page = auditor.post(address, other | second)
    assert page.status_code == 409
    assert "第一个窗口写的" in page.content.decode()
    assert "第二个窗口写的" in page.content.decode()
    assert sample.papers.get(place=1).words == "第一个窗口写的"
    again = {"desk": second["desk"], "opened_at": page.context["form"].data["opened_at"]}
    assert auditor.post(address, other | again).status_code == 303
    assert sample.papers.get(place=1).words == "第二个窗口写的"


def test_another_auditor_reads_the_paper_and_writes_nothing(county, sign_in):
    _, sample = drawn(county, sign_in)
    own = county.people["auditor"].posts.get()
    Post.objects.create(user=county.people["leader"], unit=own.unit, role=own.role, from_on=own.from_on, appointed_by=own.appointed_by)
    other, address = sign_in("leader"), f"{ROOM}samples/{sample.pk}/papers/1/"
    window = opened(other, sample, 1)
    assert other.post(address, {"verdict": "fine", "words": "别人的", "evidence": ""} | window).status_code == 403
    assert other.post(f"{address}keep/", {"verdict": "fine", "words": "别人的", "evidence": ""} | window).status_code == 403
    assert "data-draft-url" not in other.get(address).content.decode()
    assert other.post(f"{ROOM}samples/{sample.pk}/sign/", {"conclusion": "别人签"}).status_code == 403
    assert sample.papers.get(place=1).words == ""


def test_the_history_of_a_changed_line_is_marked_on_the_paper(county, sign_in):
    auditor, sample = drawn(county, sign_in)
    paper = sample.papers.first()
    late(Entry.objects.filter(case=paper.case).first(), 2)
    page = auditor.get(f"{ROOM}samples/{sample.pk}/papers/{paper.place}/").content.decode()
    assert "历史记录核验不符" in page


# -- questions --------------------------------------------------------------------------------------------------------------


def asked(county, sign_in) -> tuple[Any, AuditQuestion]:
    case = petitions.accepted(county).case
    auditor = sign_in("auditor")
    typed = {"unit_id": county.units["land"].pk, "number": case.number, "subject": "签收人是谁", "words": "请说明。", "days": "5"}
    assert auditor.post(f"{ROOM}questions/ask/", typed).status_code == 303
    return auditor, AuditQuestion.objects.get()


def test_a_question_is_asked_answered_sent_back_and_accepted(county, sign_in):
    auditor, question = asked(county, sign_in)
    address = f"{ROOM}questions/{question.pk}/"
    told = Notice.objects.filter(kind="audit.question")
    assert {(row.to_unit, row.to_role) for row in told} == {(county.units["land"], "head"), (county.units["land"], "handler")}
    head = sign_in("head")
    assert "签收人是谁" in head.get("/inbox/").content.decode()
    assert "签收人是谁" in head.get(f"{ROOM}questions/").content.decode()
    assert auditor.post(f"{address}answer/", {"words": "我替他答"}).status_code == 403
    assert head.post(f"{address}answer/", {"words": ""}).status_code == 422
    assert head.post(f"{address}answer/", {"words": "由其子代签。"}).status_code == 303
    assert head.post(f"{address}answer/", {"words": "再答一次"}).status_code == 409
    assert Notice.objects.get(kind="audit.answer").to_user == county.people["auditor"]
    ids = re.findall(r' id="([^"]+)"', auditor.get(address).content.decode())
    assert len(ids) == len(set(ids)), "two forms on one page: a label led to the other's field"
    assert auditor.post(f"{address}again/", {"words": "请附关系证明。", "days": "3"}).status_code == 303
    assert sign_in("handler").post(f"{address}answer/", {"words": "已补户口簿复印件。"}).status_code == 303
    assert head.post(f"{address}accept/", {"words": "自己确认"}).status_code == 403
    assert auditor.post(f"{address}accept/", {"words": "予以确认。"}).status_code == 303
    assert auditor.post(f"{address}accept/", {"words": "再确认"}).status_code == 409
    assert [turn.kind for turn in AuditTurn.objects.order_by("no")] == ["ask", "answer", "again", "answer", "accept"]
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditTurn.objects.filter(no=2).update(words="没说过")


def test_who_was_second_finds_what_was_typed_on_the_page(county, sign_in):
    auditor, question = asked(county, sign_in)
    address = f"{ROOM}questions/{question.pk}/"
    assert sign_in("handler").post(f"{address}answer/", {"words": "已附。"}).status_code == 303
    late = sign_in("head").post(f"{address}answer/", {"words": "由其子代签，户口簿附后。"})
    assert (late.status_code, "由其子代签，户口簿附后。" in late.content.decode()) == (409, True)
    assert auditor.post(f"{address}accept/", {"words": "予以确认。"}).status_code == 303
    again = auditor.post(f"{address}again/", {"words": "请附关系证明。", "days": "3"})
    assert (again.status_code, "请附关系证明。" in again.content.decode()) == (409, True)


def test_another_unit_does_not_see_the_question(county, sign_in):
    _, question = asked(county, sign_in)
    for person in ("other_handler", "town_head", "leader", "office", "grid_worker"):
        assert sign_in(person).get(f"{ROOM}questions/{question.pk}/").status_code == 404, person
        assert sign_in(person).post(f"{ROOM}questions/{question.pk}/answer/", {"words": "x"}).status_code == 404, person


def test_a_unit_learns_no_number_of_a_case_it_may_not_open(county, sign_in):
    """The case became protected after the question: its number stands nowhere the unit looks (L-PET-86)."""
    auditor, question = asked(county, sign_in)
    number = question.case.number
    head = sign_in("head")
    listed, page = f"{ROOM}questions/", f"{ROOM}questions/{question.pk}/"
    assert number in head.get(page).content.decode()
    assert "看不到这件案件" not in auditor.get(page).content.decode()
    Reach.objects.filter(case=question.case).delete()
    for place in (listed, page):
        assert number not in head.get(place).content.decode(), place
    assert "编号不显示" in head.get(page).content.decode()
    assert "不在您的查看范围" in head.get(listed).content.decode()
    assert "看不到这件案件，编号不向其显示" in auditor.get(page).content.decode()
    (panel,) = queries.home_panels(county.scope("head"))
    assert [row.number for row in panel.rows] == [""]


def test_a_second_click_asks_and_draws_nothing_more(county, sign_in):
    auditor, question = asked(county, sign_in)
    typed = {"unit_id": question.unit_id, "number": question.case.number, "subject": "签收人是谁", "words": "请说明。", "days": "5"}
    again = auditor.post(f"{ROOM}questions/ask/", typed)
    assert again.status_code == 409
    assert "同样的询问已经发给这个单位" in again.content.decode()
    assert auditor.post(f"{ROOM}questions/ask/", typed | {"words": "请另外说明送达日。"}).status_code == 303
    assert AuditQuestion.objects.count() == 2
    several(county, 3)
    assert auditor.post(DRAW, TYPED | {"size": "2"}).status_code == 303
    assert auditor.post(DRAW, TYPED | {"size": "2"}).status_code == 409
    assert Sample.objects.count() == 1


def test_questions_that_wait_come_first(county, sign_in):
    auditor, first = asked(county, sign_in)
    address = f"{ROOM}questions/{first.pk}/"
    sign_in("head").post(f"{address}answer/", {"words": "由其子代签。"})
    auditor.post(f"{address}accept/", {"words": "予以确认。"})
    typed = {"unit_id": county.units["land"].pk, "number": "", "subject": "新的询问", "words": "请说明。", "days": "5"}
    auditor.post(f"{ROOM}questions/ask/", typed)
    assert [row.subject for row in auditor.get(f"{ROOM}questions/").context["rows"]] == ["新的询问", "签收人是谁"]


def test_a_question_stands_on_the_home_of_whom_it_is_asked(county, sign_in):
    _, question = asked(county, sign_in)
    for person in ("head", "handler", "auditor"):
        page = sign_in(person).get("/").content.decode()
        assert question.subject in page, person
        assert f"期限{question.due_on:%m-%d}" in page, person
    with clock.at(timezone.now() + timedelta(days=30)):
        assert "超期未答复" in sign_in("head").get("/").content.decode()
    assert question.subject not in sign_in("other_handler").get("/").content.decode()


def test_a_late_question_is_reminded_once_a_day_and_its_answer_is_late(county, sign_in):
    _, question = asked(county, sign_in)
    assert actions.remind() == 0
    with clock.at(timezone.now() + timedelta(days=30)):
        assert actions.remind() == 3  # head, handler, and once the auditor
        assert actions.remind() == 0
        actions.answer(question.pk, words="迟了。", by=county.scope("head"))
    question.refresh_from_db()
    assert question.was_late


def test_a_question_needs_its_words_a_unit_and_a_case_that_is_there(county, sign_in):
    auditor = sign_in("auditor")
    typed = {"unit_id": county.units["land"].pk, "number": "370685-2020-000001", "subject": "问", "words": "请说明。", "days": "5"}
    nobody = auditor.post(f"{ROOM}questions/ask/", typed)
    assert nobody.status_code == 422
    assert "没有这个编号的案件" in nobody.content.decode()
    assert "请说明。" in nobody.content.decode()
    assert auditor.post(f"{ROOM}questions/ask/", typed | {"number": "", "days": "0"}).status_code == 422
    assert auditor.post(f"{ROOM}questions/ask/", typed | {"number": "", "unit_id": ""}).status_code == 422
    assert not AuditQuestion.objects.exists()


def test_the_home_lists_what_waits(county, sign_in):
    _, question = asked(county, sign_in)
    (panel,) = queries.home_panels(county.scope("head"))
    assert [row.title for row in panel.rows] == [question.subject]
    assert "审计询问" in [panel.label for panel in queries.home_panels(county.scope("auditor"))]
    assert queries.home_panels(county.scope("audit_admin")) == []
    assert queries.home_panels(county.scope("other_handler")) == []


# -- who gets in ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("person", ["office", "handler", "head", "leader", "centre_head", "clerk", "audit_admin", "system_admin", "security_admin"])
def test_the_room_is_the_auditor_s(county, sign_in, person):
    browser = sign_in(person)
    for page in ("", "samples/", "integrity/", "trace/", "record/", "questions/ask/", "history/?number=x"):
        assert browser.get(f"{ROOM}{page}").status_code == 403, page
    assert browser.post(f"{ROOM}integrity/", {"since": "2026-01-01", "until": "2026-01-31"}).status_code == 403
    assert 'href="/reports/audit/"' not in browser.get("/").content.decode()


def test_the_auditor_changes_no_case(county, sign_in):
    case = petitions.accepted(county).case
    auditor = sign_in("auditor")
    assert 'href="/reports/audit/"' in auditor.get("/").content.decode()
    before = Case.objects.values().get(pk=case.pk)
    for act in ("note", "investigate", "prepare", "route", "reopen", "void"):
        response = auditor.post(f"/petitions/{case.number}/{act}/", {"words": "审计员改", "version": case.version})
        assert response.status_code in {403, 404, 405, 409, 422}, act
    assert Case.objects.values().get(pk=case.pk) == before
    for page in ("", "samples/", "integrity/", "trace/", "return/", "record/"):
        auditor.get(f"{ROOM}{page}")
    assert Case.objects.values().get(pk=case.pk) == before


@pytest.mark.django_db(transaction=True)
def test_two_answers_at_once_make_one(county, sign_in):
    _, question = asked(county, sign_in)
    start, results = Barrier(2), []

    def say(person: str) -> None:
        start.wait()
        try:
            actions.answer(question.pk, words=f"{person}的答复", by=county.scope(person))
            results.append("said")
        except Exception as refusal:
            results.append(getattr(refusal, "code", type(refusal).__name__))
        finally:
            connection.close()

    threads = [Thread(target=say, args=(person,)) for person in ("head", "handler")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["said", "wrong_moment"]
    assert AuditTurn.objects.filter(kind="answer").count() == 1


def test_nobody_accepts_the_answer_he_gave(county, sign_in):
    """An auditor who also heads a unit answers for it, and another auditor judges (two posts, one person)."""
    _, question = asked(county, sign_in)
    own = county.people["auditor"].posts.get()
    Post.objects.create(user=county.people["head"], unit=own.unit, role=own.role, from_on=own.from_on, appointed_by=own.appointed_by)
    actions.answer(question.pk, words="已补送达回证。", by=county.scope("head"))
    with pytest.raises(NotAllowed) as refused:
        actions.accept(question.pk, words="可以。", by=county.scope("head"))
    assert refused.value.code == "same_person"
    assert actions.accept(question.pk, words="予以确认。", by=county.scope("auditor")).state == AuditQuestion.State.ACCEPTED
