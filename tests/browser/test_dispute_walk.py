"""A dispute in Chromium from a village sweep through two escalations to an agreement that is kept, by five people (issue 4, section 8)."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from casework import chain
from casework.models import Case, Document
from mediation.models import Dispute, Finding, HandOver
from tests.browser.desks import People, act
from tests.browser.looking import barriers
from tests.factories import disputes_screening as screening

#: Who finds it, who keeps the village's room, who keeps the town's station, who mediates, who signs for the station.
FINDER, ROOM, STATION, MEDIATOR, CHIEF = "grid_worker", "village_cadre", "town_handler", "mediator", "town_head"
DIFFERENCES = "双方对越界宽度认定不一致，已入户走访两次、当面调解一次。"


def do(page: Page, number: str, code: str, **fields: Any) -> None:
    act(page, number, code, address="/mediation/", **fields)


def found_on_a_round(finder: Page, room: Page) -> str:
    """The grid worker reports, the secretary writes the dispute down."""
    finder.goto("/mediation/screening/")
    finder.get_by_role("link", name="发现了").click()
    finder.get_by_label("走访了哪里").fill("一组至四组")
    finder.get_by_label("走访户数").fill("21")
    finder.get_by_label("什么事").first.fill("院墙越界堵住排水沟，两家争吵")
    finder.get_by_label("涉及的人（大概）").first.fill("陈桂兰与陈德旺（邻居）")
    finder.get_by_label("纠纷类型").first.select_option("03")
    finder.get_by_role("button", name="上报发现").click()
    finder.get_by_role("link", name="处置").wait_for()
    room.goto(f"/mediation/screening/findings/{Finding.objects.get().pk}/")
    room.get_by_role("link", name="登记为纠纷").click()
    room.get_by_label("姓名（名称）").nth(1).fill("陈德旺")
    room.get_by_role("button", name="登记").click()
    room.wait_for_url("**/mediation/TJ*/")
    return Case.objects.get(kind="dispute").number


def test_five_people_bring_a_dispute_from_the_sweep_to_the_follow_up(house, people: People):
    screening.opened(house)
    finder, room, station, mediator, chief = (people(person) for person in (FINDER, ROOM, STATION, MEDIATOR, CHIEF))
    number = found_on_a_round(finder, room)

    # The village: its room, then the representatives' meeting; neither settles it.
    do(room, number, "accept", is_willing=True)
    do(room, number, "fail", words=DIFFERENCES)
    do(room, number, "offer", reason="请村民代表会议评议。")
    do(room, number, "take", words="已召集代表会议。")
    do(room, number, "fail", words=DIFFERENCES)
    do(room, number, "offer", reason="需要专业测绘，请镇站调处。")
    expect(room.locator("#ladder")).to_contain_text("等待接收")

    # The town takes it: two acts, two people, two times.
    station.goto("/cases/?topic=TJ&status=open")
    station.get_by_text(number).first.wait_for()
    do(station, number, "take", words="接收，安排测绘。")
    do(station, number, "name_mediator", to_user_id="田和", reason="双方共同选择。")
    do(station, number, "inform", signer_a="陈桂兰", signer_b="陈德旺")
    do(
        mediator,
        number,
        "hold_session",
        minutes="测绘显示新墙越界0.31米，双方当面交换了意见。",
        gist="乙方愿意疏通排水沟并补偿。",
        **present_all(mediator, number),
    )
    do(
        station,
        number,
        "agree",
        disputed="院墙越界的宽度和补偿数额。",
        content="乙方七日内恢复排水沟，并补偿甲方六千五百元。",
        total="6500",
        signer_a="陈桂兰",
        signer_b="陈德旺",
        **{
            "items-0-kind": "给付金钱",
            "items-0-what": "补偿款",
            "items-0-amount": "6500",
            "items-0-due_on": "+7",
        },
    )
    dispute = Dispute.objects.get()
    assert (dispute.step, dispute.way, dispute.case.state) == (3, "mediated", "dispute_agreed")
    assert HandOver.objects.filter(dispute=dispute, answer="taken").count() == 2

    # The court confirms; the agreement is kept; somebody asks afterwards.
    do(chief, number, "apply_confirmation")
    do(chief, number, "record_court_acceptance", court_number="（2026）鲁0685民特12号")
    do(chief, number, "record_confirmation", decision=True)
    do(mediator, number, "perform", proof="银行转账记录，双方签收条")
    do(chief, number, "follow_up")
    assert Dispute.objects.get().case.state == "dispute_followed"
    papers = set(Document.objects.filter(case=dispute.case).values_list("paper", flat=True))
    assert {"M02", "M03", "M05", "M06", "M08", "M10"} <= papers

    # The village room, which gave it away, sees how it ended.
    room.goto(f"/mediation/{number}/")
    expect(room.locator("#ladder")).to_contain_text("已达成")
    assert barriers(room) == []
    assert list(chain.verify_cases()) == []


def present_all(page: Page, number: str) -> dict[str, bool]:
    """The boxes of everybody present."""
    page.goto(f"/mediation/{number}/?act=hold_session")
    boxes = page.locator("#act-form [name=present]")
    return {box.get_attribute("id").removeprefix("act_"): True for box in boxes.all()}
