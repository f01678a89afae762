"""The whole chain in Chromium, walked by five people: registration, reply, review, re-review, closure (issue 3, section 5)."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from casework import chain
from casework.models import Case, Document, Entry
from organisations import clock
from organisations.models import Post
from petitions.models import Petition, Review
from tests.browser.desks import People, act
from tests.browser.looking import barriers

#: Whose hands the matter goes through: the centre's office, which registers letters as well as it routes (条例§19, L-PET-33), the unit's
#: handler and head, the government's handler and head. Fewer cannot be: who decides is never who prepared (L-PET-71), in either body.
FIVE = OFFICE, HANDLER, HEAD, REVIEWER, REVIEW_HEAD = "office", "handler", "head", "review_handler", "review_head"


def register(page: Page) -> str:
    page.goto("/petitions/register/")
    expect(page.locator("#id_people-0-name")).to_be_focused()
    page.keyboard.type("陈桂兰")
    for field, value in (("id_people-0-area", "jqc"), ("id_topic", "010303"), ("id_area", "jqc")):
        page.locator(f"#{field}").focus()
        page.keyboard.type(value)
        page.keyboard.press("Enter")
        expect(page.locator(".is-picked input:focus")).to_have_count(1)
    for field, value in (
        ("id_people-0-phone", "13800132046"),
        ("id_title", "邻居砌墙占用宅基地"),
        ("id_story", "邻居翻建院墙占地，请求重新丈量。"),
        ("id_points-0-text", "重新丈量四至"),
    ):
        page.locator(f"#{field}").fill(value)
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/petitions/register/?done=*")
    return Case.objects.get().number


def answer(people: People, number: str, today: str) -> None:
    """From the office's desk to the delivered decision."""
    office, handler, head = people(OFFICE), people(HANDLER), people(HEAD)
    act(office, number, "route", to_unit_id="zrzyj", promised_on=today)
    act(handler, number, "sign")
    act(handler, number, "accept", words="予以受理")
    act(handler, number, "hear", officers="王海涛、宋涛", words="听取了信访人对四至的陈述。")
    act(handler, number, "investigate", officers="王海涛、宋涛", words="到现场重新丈量。", evidence="丈量记录")
    act(
        handler,
        number,
        "answer_point",
        "&no=1",
        support="不予支持",
        result="经实地丈量，双方院墙均在各自宅基地证载明的四至以内。",
        ground="民法典第二百八十八条",
    )
    act(handler, number, "prepare", outcome="已解释说明", support="不予支持", text="经调查，您的请求没有事实依据。", remedy_unit="招远市人民政府")
    act(head, number, "reply", words="同意")
    act(handler, number, "deliver", receiver="陈桂兰", proof="送达回证")


def test_five_people_walk_the_chain_to_the_last_word(house, people: People):
    today = clock.today().isoformat()
    office, reviewer, chief = people(OFFICE), people(REVIEWER), people(REVIEW_HEAD)
    number = register(office)
    answer(people, number, today)

    # The office takes the application in; the body of the letter is already filled in.
    act(office, number, "seek_review", request="请求撤销处理意见。", grounds="丈量时没有通知我到场。")
    expect(office.locator("#review")).to_contain_text("招远市人民政府")

    # It lies on the desk of the government's office.
    reviewer.goto("/cases/?awaiting=1")
    reviewer.get_by_text(number).first.wait_for()
    act(reviewer, number, "accept_review")
    act(
        reviewer,
        number,
        "draft_review",
        conclusion="维持",
        facts="经调阅宅基地档案并到现场复核，原意见认定的四至属实。",
        words="原处理意见认定事实清楚，依据充分。",
        remedy_unit="烟台市人民政府",
    )
    act(chief, number, "decide_review", words="同意。")
    act(reviewer, number, "deliver_review", receiver="陈桂兰", proof="送达回证")

    # Not content: the next body is outside the county, its letter comes in by post.
    act(office, number, "seek_review", request="请求复核。", grounds="复查没有到现场。")
    expect(office.locator("#review")).to_contain_text("烟台市人民政府")
    act(
        office,
        number,
        "enter_review",
        outside_number="烟政复核〔2026〕15号",
        decided_on=today,
        conclusion="维持",
        words="原处理意见和复查意见予以维持。",
    )
    act(office, number, "deliver_review", receiver="陈桂兰", proof="邮寄回执")
    act(office, number, "feedback", words="已收到复核意见。")
    act(office, number, "close")

    case = Case.objects.get()
    assert (case.state, case.outcome, case.unit) == ("closed", "explained", house.units["land"])
    assert Petition.objects.get().concluded_on == clock.today()
    assert list(Review.objects.values_list("round", "conclusion")) == [(1, "1"), (2, "1")]
    # Five people acted and nobody else; one person holds one post.
    acted = set(Entry.objects.filter(case=case).values_list("by", flat=True))
    assert acted == {house.people[person].pk for person in FIVE}
    assert Post.objects.filter(user__in=acted).count() == len(FIVE)
    assert {"P11", "P13", "P14", "P15", "P16"} <= set(Document.objects.values_list("paper", flat=True))
    ladder = office.locator("#review")
    for words in ("处理意见", "复查", "复核", "三级终结", "烟政复核〔2026〕15号"):
        expect(ladder).to_contain_text(words)
    assert barriers(office, within="#review") == []
    assert list(chain.verify_cases()) == []
