"""常用语: whose they are, which are offered first, how they change; what the house brings along is lawful and well-formed."""

from __future__ import annotations

import re

import pytest

from casework import texts, wording
from casework.models import TextTemplate, TextUse
from casework.rules import NotAllowed
from organisations import clock, pinyin
from petitions import codes
from petitions.forms.texts import act_choices
from petitions.phrases import shipped
from petitions.rules import citations
from petitions.views.registry import REGISTRY

#: Articles of 信访工作条例 the texts may cite, with what they are about (law.md): a number that is right elsewhere may be wrong here.
ARTICLES = {
    19: "提出和登记",
    23: "转送、告知、受理、异议",
    24: "两个以上机关",
    29: "建议意见",
    31: "分类处理",
    32: "处理意见",
    36: "复核、不再受理",
    37: "救助帮扶",
}
#: What a blank of the house's own texts asks for ends in one of these: nobody has to guess what belongs there.
BLANK_ENDS = (
    *("时间", "日期", "何时", "何事", "地点", "电话", "金额", "单位", "部门", "机关", "委员会", "人员", "对象", "承办人", "社区）"),
    *("要求", "事实", "理由", "原因", "结论", "依据", "条款", "内容", "措施", "意见", "分歧", "进展", "原话", "结果", "情况", "答复", "方式"),
    *("名称", "份数", "范围", "事项", "行为", "隐患", "各项", "之处", "几"),
)


def test_what_the_house_brings_along_cites_articles_that_exist_and_fit():
    cited = [(row.name, act, no) for row in shipped() for act, no in citations.articles(row.text)]
    assert cited
    for name, act, no in cited:
        assert act == "信访工作条例", name
        assert no in ARTICLES, f"{name}: 第{no}条"


def test_its_blanks_are_well_formed_and_say_what_belongs_there():
    for row in shipped():
        assert not re.search(r"[{}]", re.sub(r"\{[^{}\n]+\}", "", row.text)), row.name
        for blank in texts.blanks(row.text):
            assert blank.endswith(BLANK_ENDS), f"{row.name}: {blank}"
        filled = re.sub(r"\{[^{}]*\}", "甲", row.text)
        assert wording.blanks_in(filled) == [], row.name
        assert len(row.text) <= 2000
        assert len(row.name) <= 40


def test_each_belongs_to_an_act_with_words_and_a_class_that_exists():
    acts = dict(act_choices())
    tops = {code[: 2 * row.level] for code, row in codes.CATEGORIES.items()}
    for row in shipped():
        assert row.act in acts, row.name
        assert row.act == "register" or row.act in REGISTRY, row.name
        assert row.topic == "" or row.topic in tops, row.name
    assert len({(row.act, row.name) for row in shipped()}) == len(shipped())


@pytest.mark.parametrize(("signs", "number"), [("五", 5), ("十", 10), ("十九", 19), ("二十", 20), ("二十三", 23), ("五十", 50), ("一百零二", 102)])
def test_chinese_numbers(signs, number):
    assert citations.number(signs) == number


def test_a_wrong_article_is_noticed():
    assert citations.unknown_articles("依照《信访工作条例》第二十三条第三款、第六十一条办理") == ["《信访工作条例》第61条"]
    assert citations.unknown_articles("依照《民法典》第二百八十八条") == []


pytestmark = pytest.mark.django_db


def load(county) -> None:
    texts.load(shipped(), by=county.people["office"], at=clock.now())


def text(county, person: str, owner: str = texts.OWN, **changes) -> TextTemplate:
    facts = {"act": "note", "topic_code": "", "name": "电话告知", "text": "电话告知{进展}。", **changes}
    return texts.keep(owner=owner, by=county.scope(person), **facts)


def test_loading_twice_adds_nothing(county):
    load(county)
    assert texts.load(shipped(), by=county.people["office"], at=clock.now()) == 0
    row = TextTemplate.objects.get(name="予以受理")
    assert row.initials.split()[0] == pinyin.place_initials("予以受理").split()[0]


def test_offered_by_act_and_class_last_used_first(county):
    load(county)
    by = county.scope("handler")
    offered = [row.name for row in texts.offered(by, act="answer_point", topic_code="010303")]
    assert "宅基地越界：实地丈量" in offered
    assert offered[0] == "宅基地越界：实地丈量"  # the most particular class first
    assert "欠薪：核实数额和支付日期" not in offered
    taken = TextTemplate.objects.get(name__startswith="不予支持")
    texts.use(taken.pk, by=by)
    assert texts.offered(by, act="answer_point", topic_code="010303")[0] == taken
    assert texts.offered(county.scope("head"), act="answer_point", topic_code="010303")[0] != taken


def test_own_ones_are_ones_own_and_a_units_stay_in_the_unit(county):
    mine = text(county, "handler")
    unit = text(county, "head", f"unit:{county.units['land'].id}", name="本局口径")
    assert set(texts.readable(county.scope("handler"))) == {mine, unit}
    assert not texts.readable(county.scope("office")).exists()
    with pytest.raises(TextTemplate.DoesNotExist):
        texts.retire(mine.pk, by=county.scope("office"))
    with pytest.raises(NotAllowed, match="全县的由县中心负责人维护"):
        texts.retire(unit.pk, by=county.scope("handler"))
    for person in ("handler", "office", "head"):
        with pytest.raises(NotAllowed):
            text(county, person, texts.COUNTY)


def test_another_wording_is_a_new_row_that_keeps_its_place(county):
    old = text(county, "handler")
    texts.use(old.pk, by=county.scope("handler"))
    new = texts.replace(old.pk, act="note", topic_code="", name="电话告知", text="已电话告知。", by=county.scope("handler"))
    old.refresh_from_db()
    assert old.retired_at is not None
    assert old.text == "电话告知{进展}。"
    assert TextUse.objects.get().template == new
    assert list(texts.readable(county.scope("handler"))) == [new]


@pytest.mark.parametrize("bad", ["电话告知{}。", "电话告知{进展。", "电话告知进展}。", "{ }"])
def test_a_blank_that_says_nothing_is_refused(county, bad):
    with pytest.raises(NotAllowed, match="花括号成对"):
        text(county, "handler", text=bad)


def test_the_same_name_for_the_same_act_is_refused(county):
    text(county, "handler")
    with pytest.raises(NotAllowed, match="换一个名称"):
        text(county, "handler")


def test_the_page_keeps_changes_and_retires(county, sign_in):
    load(county)
    client = sign_in("handler")
    page = client.get("/petitions/texts/").content.decode()
    assert "全县的" in page
    assert "<mark>{查明的事实}</mark>" in page
    assert "停用" not in page.split("全县的")[1]
    typed = {"owner": "own", "act": "note", "name": "上门走访", "text": "到{地点}走访。", "topic_code": "", "topic_code_text": ""}
    assert client.post("/petitions/texts/new/", typed).status_code == 303
    row = TextTemplate.objects.get(name="上门走访")
    assert row.user == county.people["handler"]
    assert client.post(f"/petitions/texts/{row.pk}/", {**typed, "text": "到{地点}走访，{情况}。"}).status_code == 303
    row = TextTemplate.objects.get(name="上门走访", retired_at=None)
    assert client.post(f"/petitions/texts/{row.pk}/retire/").status_code == 303
    assert not texts.readable(county.scope("handler")).filter(name="上门走访").exists()
    wrong = client.post("/petitions/texts/new/", {**typed, "text": "依照《信访工作条例》第七十条办理。"})
    assert wrong.status_code == 422
    assert "第70条" in wrong.content.decode()
    assert client.post("/petitions/texts/new/", {**typed, "owner": "county"}).status_code == 422
    county_wide = TextTemplate.objects.filter(user=None).first()
    assert client.post(f"/petitions/texts/{county_wide.pk}/", typed).status_code == 403


def test_the_centres_head_keeps_the_countys(county, sign_in):
    client = sign_in("centre_head")
    typed = {"owner": "county", "act": "note", "name": "上门走访", "text": "到{地点}走访。", "topic_code": "040000", "topic_code_text": ""}
    assert client.post("/petitions/texts/new/", typed).status_code == 303
    row = TextTemplate.objects.get()
    assert (row.user, row.unit, row.topic_code) == (None, None, "04")
    assert "修改" in client.get("/petitions/texts/").content.decode()
    assert client.get(f"/petitions/texts/{row.pk}/").status_code == 200


def test_the_picker_gets_what_fits_in_one_statement_more_than_who_asks(county, sign_in, django_assert_max_num_queries):
    load(county)
    client = sign_in("handler")
    client.get("/petitions/texts/pick/", {"act": "note"})
    with django_assert_max_num_queries(5):
        rows = client.get("/petitions/texts/pick/", {"act": "answer_point", "topic": "010303"}).json()
    assert {"id", "name", "initials", "text", "whose"} == set(rows[0])
    assert client.post(f"/petitions/texts/{rows[-1]['id']}/use/").status_code == 204
    assert client.get("/petitions/texts/pick/", {"act": "answer_point", "topic": "010303"}).json()[0]["id"] == rows[-1]["id"]
    assert client.post("/petitions/texts/999999/use/").status_code == 404
