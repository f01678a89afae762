"""Code tables, the search in the categories, the lawful-route ladder and the shipped limits."""

import itertools
import json
from pathlib import Path

import pytest

import casework
from petitions import codes

LIMITS = json.loads((Path(casework.__file__).parent / "data" / "limits.json").read_text(encoding="utf-8"))


def test_the_category_tree_is_whole() -> None:
    levels = [row.level for row in codes.CATEGORIES.values()]
    assert (levels.count(1), levels.count(2), levels.count(3)) == (19, 155, 577)
    for row in codes.CATEGORIES.values():
        assert len(row.code) == 6
        assert row.path.endswith(row.name)
        assert row.initials
        assert [step.level for step in codes.ancestors(row.code)] == list(range(1, row.level + 1))
        if row.parent:
            assert row in codes.children(row.parent)
            assert row.code.startswith(row.parent[: 2 * (row.level - 1)])
    assert codes.children() == codes.TOP_CATEGORIES
    assert codes.category(codes.UNCLEAR).name == "内容不清"


def test_labels() -> None:
    assert codes.category_label("020203") == "自然资源／土地征收／安置补偿"
    assert codes.category_label("020203", 2) == "土地征收／安置补偿"
    assert codes.category_label("020203", 1) == "安置补偿"
    assert codes.category_label("123456") == "123456"
    with pytest.raises(KeyError):
        codes.category("123456")


@pytest.mark.parametrize(
    ("q", "first"),
    [
        ("040805", "040805"),
        ("安置补偿", "020203"),
        ("土地征收 安置", "020203"),
        ("azbc", "020203"),
        ("tdcb", "010201"),
        ("TDLZ", "010202"),
        ("tdzsazbc", "020203"),
        ("物业", "030504"),
        ("讨薪", "040805"),
        ("讨薪 农民工", "040805"),
        ("欠薪", "040502"),
        ("村霸", "111002"),
        ("农村／宅基地审批", "010301"),
        ("wyfw", "030504"),
    ],
)
def test_search_puts_the_wanted_leaf_first(q: str, first: str) -> None:
    assert codes.search_categories(q)[0].code == first


def test_search_by_code_prefix_lists_leaves_then_groups() -> None:
    found = [row.code for row in codes.search_categories("0203")]
    assert found == ["020301", "020302", "020303", "020300"]


def test_search_limits_and_empty_answers() -> None:
    assert codes.search_categories("  ") == []
    assert codes.search_categories("没有这样的类") == []
    assert len(codes.search_categories("0", limit=7)) == 7
    assert len(codes.search_categories("管理")) == 20


def test_the_rest_class_comes_after_its_equals() -> None:
    names = [row.name for row in codes.search_categories("1401", limit=20)]
    assert names.index("其他") == len(names) - 2
    assert names[-1] == "环境污染与生态破坏"


def test_every_old_path_has_a_present_leaf() -> None:
    rows = json.loads((Path(codes.__file__).parent / "data" / "categories_old17.json").read_text(encoding="utf-8"))
    assert len(rows) == 421
    assert len({row["path"].split("/")[0] for row in rows}) == 17
    for row in rows:
        assert codes.category(row["code"]).is_leaf
    assert codes.from_old17("城乡建设／城乡规划／违章建筑") == "030402"
    assert codes.from_old17("没有/这样/的") is None


def test_purposes_and_channels() -> None:
    assert [row.code for row in codes.PURPOSES.values() if row.is_protected] == ["03"]
    assert codes.PURPOSES["01"].law_class == codes.PURPOSES["02"].law_class == "申诉求决"
    assert {row.code for row in codes.CHANNELS.values() if row.is_visit} == {"200", "701", "702", "703"}
    assert all(row.counts_as in codes.CHANNELS for row in codes.CHANNELS.values())
    assert codes.CHANNELS.choices[0] == ("100", "来信")
    assert codes.CHANNELS.label("300") == "网上信访（网信）"
    assert codes.CHANNELS.label("xyz") == "xyz"
    assert list(codes.HALL_MODES) == ["LJB", "CNB", "DLB", "LDB"]
    assert list(codes.SATISFACTION_LEVELS) == ["0", "1", "3"]
    assert len(codes.NATIONS) == 58
    # P01 to P28 are the table of the specification; what follows is our own and named so.
    assert list(codes.DOCUMENT_TYPES)[:28] == [f"P{n:02d}" for n in range(1, 29)]
    own = [row for row in codes.DOCUMENT_TYPES.values() if int(row.code[1:]) > 28]
    assert all(row.basis for row in own)


def test_a_doubled_code_is_refused() -> None:
    with pytest.raises(ValueError, match="重复"):
        codes.Table([codes.Code("1", "甲"), codes.Code("1", "乙")])


def test_nothing_a_clerk_reads_holds_working_notes() -> None:
    for path in (Path(codes.__file__).parent / "data").glob("*.json"):
        text = path.read_text(encoding="utf-8")
        assert "unverified" not in text, path.name
        assert "design" not in text, path.name


def test_the_ladder_ends_in_the_petition_procedure() -> None:
    guidance = codes.wizard({question.key: codes.NO for question in codes.LADDER})
    assert guidance.route_codes == ("R99",)
    assert guidance.decline_code == ""
    assert guidance.branch == "petition"
    assert "60日内办结" in guidance.text_zh


def test_every_branch_of_the_ladder_leads_somewhere() -> None:
    seen = set()
    for number, question in enumerate(codes.LADDER):
        answers = {earlier.key: codes.NO for earlier in codes.LADDER[:number]}
        assert codes.next_question(answers) == question
        assert question.choices[-1] == (codes.NO, "不是")
        for option in question.options:
            guidance = codes.wizard({**answers, question.key: option.key})
            assert codes.next_question({**answers, question.key: option.key}) is None
            assert guidance.decline_code in codes.DECLINE_REASONS
            assert guidance.branch == f"{question.key}.{option.key}"
            assert question.cites in guidance.cites
            for code in guidance.route_codes:
                assert codes.LAWFUL_ROUTES[code].name in guidance.text_zh
                assert codes.LAWFUL_ROUTES[code].decided_within in guidance.text_zh
            seen.add(guidance.decline_code)
    assert seen == {"A3", "A4", "A5", "A6", "A7", "A8"}


def test_the_first_yes_decides() -> None:
    answers = {question.key: question.options[0].key for question in codes.LADDER}
    assert codes.wizard(answers).decline_code == "A4"


def test_the_ladder_refuses_gaps_and_unknown_answers() -> None:
    with pytest.raises(ValueError, match="没有回答"):
        codes.wizard({})
    with pytest.raises(ValueError, match="没有回答"):
        codes.wizard({"report": codes.NO, "arbitration": "labour"})
    with pytest.raises(ValueError, match="没有这个选项"):
        codes.wizard({"report": "perhaps"})


def test_limits_say_all_that_a_clock_needs() -> None:
    keys = [row["key"] for row in LIMITS]
    assert len(keys) == len(set(keys)) >= 22
    by_key = {row["key"]: row for row in LIMITS}
    handle = by_key["pet.handle"]
    assert (handle["n"], handle["unit"], handle["max_extension"], handle["roll"]) == (60, "calendar", 30, "none")
    assert (handle["base"], handle["cites"], handle["warn_days"]) == ("受理之日", "条例§34", [15, 7, 3, 1, 0])
    assert (by_key["pet.object"]["n"], by_key["pet.object"]["unit"]) == (5, "working")
    assert (by_key["pet.immediate"]["n"], by_key["pet.immediate"]["unit"]) == (0, "calendar")
    rights = {"pet.review_apply", "pet.rereview_apply", "pet.satisfaction", "med.confirm", "vil.objection"}
    assert {row["key"] for row in LIMITS if row["roll"] == "forward"} == rights
    for row in LIMITS:
        assert row["unit"] in {"calendar", "working", "month", "hours", "as_set"}
        assert (row["n"] is None) == (row["unit"] == "as_set")
        assert all(a > b for a, b in itertools.pairwise(row["warn_days"]))
        assert "design" not in row["cites"]
