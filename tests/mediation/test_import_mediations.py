"""`manage.py import_mediations`: every fault by row before anything is written; the real acts; a second run makes nothing (ALL-7)."""

from __future__ import annotations

import gzip
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from casework.models import Case
from mediation import codes, imports
from mediation.models import Dispute, Session, Side

pytestmark = pytest.mark.django_db

GOOD = {
    "case_no": 1,
    "event_type": "社区邻里纠纷",
    "event_description": "王某在阳台养鸽子，鸽粪落到楼下李某晾晒的衣物上，双方多次争吵。",
    "disputing_parties": "王某, 李某, 社区干部",
    "dialog": [
        {"speaker": "sys", "text": "“请两位先说说情况。”", "strategy": "了解基本情况"},
        {"speaker": "王某", "text": "“鸽子我养了三年，从来没人说过。”"},
        {"speaker": "李某", "text": "“衣服天天脏，我要求把鸽笼搬走。”"},
        {"speaker": "sys", "text": "“那就下周日前把鸽笼移到屋顶，费用各半。”", "strategy": "达成调解协议"},
    ],
}
OTHER = {
    **GOOD,
    "event_type": "医疗健康纠纷",
    "disputing_parties": "张某, 县医院",
    "event_description": "张某认为县医院手术中存在过失，要求赔偿。",
    "dialog": [],
}


def write(path, *lines):
    path.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), encoding="utf-8")
    return path


def run(path, *options):
    said, wrong = StringIO(), StringIO()
    call_command("import_mediations", str(path), *options, stdout=said, stderr=wrong)
    return said.getvalue(), wrong.getvalue()


def test_a_dialogue_becomes_a_held_session_and_can_be_found(county, tmp_path, sign_in):
    said, _ = run(write(tmp_path / "a.jsonl", GOOD, OTHER))
    assert "登记 2 件" in said
    dispute = Dispute.objects.select_related("case").get(type_code="02")
    assert dispute.case.state == "dispute_mediating"
    session = Session.objects.get(dispute=dispute)
    assert session.minutes.splitlines()[0] == "调解员（了解基本情况）：请两位先说说情况。"
    assert session.gist == "那就下周日前把鸽笼移到屋顶，费用各半。"
    assert set(Side.objects.filter(dispute=dispute).values_list("letter", "party__name")) == {("a", "王某"), ("b", "李某")}
    hospital = Dispute.objects.select_related("case").get(type_code="15")
    assert hospital.case.state == "dispute_applied", "no dialogue, no session"
    assert Side.objects.get(dispute=hospital, letter="b").party.is_organisation
    assert dispute.case.number in sign_in("office").get("/search/", {"q": "鸽笼"}).content.decode()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"event_type": "星际纠纷"}, "没有对应的类型"),
        ({"event_description": "短"}, "须有 10 到 5000 字"),
        ({"disputing_parties": "王某", "dialog": []}, "不足两方"),
        ({"dialog": "你好"}, "须是一列发言"),
        ({"disputing_parties": f"王某, {'长' * 61}"}, "超过 60 字"),
    ],
)
def test_every_fault_is_said_by_row_and_nothing_is_written(county, tmp_path, change, words):
    path = write(tmp_path / "a.jsonl", GOOD, {**GOOD, **change})
    rows, problems = imports.read(path)
    assert [row.no for row in rows] == [1]
    assert problems[0].no == 2
    assert words in problems[0].words
    with pytest.raises(CommandError, match="good-only"):
        run(path)
    assert not Case.objects.exists()
    assert "登记 1 件" in run(path, "--good-only")[0]


def test_a_second_run_makes_nothing(county, tmp_path):
    path = write(tmp_path / "a.jsonl", GOOD)
    run(path)
    said, _ = run(path)
    assert "登记 0 件" in said
    assert "以前导入过 1 件" in said
    assert Case.objects.count() == 1


def test_a_matter_told_twice_is_one_dispute_with_two_sessions(county, tmp_path):
    again = {**GOOD, "dialog": [{"speaker": "sys", "text": "两位考虑得怎么样了？今天把移鸽笼的日子定下来。"}]}
    said, _ = run(write(tmp_path / "a.jsonl", GOOD, again))
    assert "登记 1 件，同一件再记调解 1 次" in said
    assert Session.objects.filter(dispute=Dispute.objects.get()).count() == 2


def test_a_dry_run_writes_nothing_and_gzip_is_read(county, tmp_path):
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(json.dumps(GOOD).encode()))
    assert "通过 1" in run(path, "--dry-run")[0]
    assert not Case.objects.exists()


def test_what_is_no_such_file_is_said_plainly(county, tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text("标题,诉求\n", encoding="utf-8")
    with pytest.raises(CommandError, match="每行一条 JSON"):
        run(path)


def test_every_type_of_the_mapping_is_one_of_ours():
    assert set(imports.TYPES.values()) <= set(codes.TYPES)
