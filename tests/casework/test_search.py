"""Global search: every way in, ranked and marked, never past the scope."""

import pytest
from django.db import connection
from django.urls import reverse

from casework import cases, tasks
from casework.models.docket import OTHER_READINGS
from casework.parties import PartyFacts
from casework.queries import search
from petitions import actions
from tests.factories import petitions

pytestmark = pytest.mark.django_db


def found(scope, text):
    return [hit.case.number for hit in search.find(scope, text).hits]


@pytest.mark.parametrize(
    "typed",
    [
        "宅基地",
        "院墙",
        "丈量",
        "陈桂兰",
        "桂兰",
        "陈",
        "cgl",
        "CGL",
        "jqc",
        "fsz",
        "110105194912310002",
        "13800132046",
        "0002",
        "2046",
        "排水沟 丈量",
        "０００2",
    ],
)
def test_found_by(county, typed):
    case = petitions.registered(county).case
    assert found(county.scope("office"), typed) == [case.number]


def test_found_by_number_in_every_form(county):
    case = petitions.registered(county).case
    scope = county.scope("clerk")
    _county, year, serial = case.number.split("-")
    for typed in (case.number, case.number.replace("-", ""), f"{year}-{int(serial)}", serial, f" {case.number} "):
        hits = search.find(scope, typed).hits
        assert [hit.case.number for hit in hits] == [case.number], typed
        assert hits[0].reason == "编号"


@pytest.mark.parametrize(
    "typed", ["", " ", "养老", "zzz", "110105194912310010", "13900000000", "9999", "%", "_", "%%", "宅%地", "\\", "'", "<script>"]
)
def test_found_nothing_by(county, typed):
    petitions.registered(county)
    assert found(county.scope("office"), typed) == []


@pytest.mark.parametrize("typed", ["宅基地", "陈桂兰", "陈", "cgl", "jqc", "110105194912310002", "13800132046", "0002", "2046"])
def test_never_past_the_scope(county, typed):
    case = petitions.registered(county).case
    for outsider in ("labour_handler", "other_handler", "system_admin", "security_admin", "audit_admin"):
        assert search.find(county.scope(outsider), typed).count == 0, outsider
    assert search.find(county.scope("labour_handler"), case.number).count == 0


@pytest.mark.parametrize("typed", ["检举", "宅基地", "陈桂兰", "cgl", "jqc", "110105194912310002", "0002", "370685-2026", "number"])
def test_a_protected_case_is_found_by_nobody_but_the_named(county, sign_in, typed):
    case = petitions.registered(county, purpose="03", title="检举宅基地审批", respondent_unit_id=county.units["fushan"].id).case
    typed = case.number if typed == "number" else typed
    for person in ("office", "leader", "town_handler", "town_head", "auditor", "handler"):
        assert search.find(county.scope(person), typed).count == 0, person
        assert case.number not in sign_in(person).get(reverse("casework:search"), {"q": "检举"}).content.decode()
    if typed not in ("jqc", "370685-2026"):
        assert found(county.scope("discipline"), typed) == [case.number]


def test_a_case_that_becomes_protected_is_found_no_more(county):
    case = petitions.registered(county).case
    assert found(county.scope("office"), "宅基地") == [case.number]
    actions.amend(case.number, changes={"purpose": "03"}, reason="改为检举控告", by=county.scope("clerk"))
    assert found(county.scope("office"), "宅基地") == []
    assert search.find(county.scope("office"), "宅基地").count == 0


def test_title_before_name_before_text(county):
    text = petitions.registered(county, title="道路不平", story="说起水渠").case
    title = petitions.registered(county, title="水渠不通", story="无").case
    later = petitions.registered(county, title="道路又不平", story="又说水渠").case
    assert found(county.scope("office"), "水渠") == [title.number, later.number, text.number]


def test_the_match_is_marked_and_all_else_escaped(county, sign_in):
    petitions.registered(county, title="<b>水渠</b>不通", story="一" * 80 + "水渠<script>alert(1)</script>")
    hit = search.find(county.scope("office"), "水渠").hits[0]
    assert hit.title == "&lt;b&gt;<mark>水渠</mark>&lt;/b&gt;不通"
    assert "<mark>水渠</mark>&lt;script&gt;" in hit.snippet
    page = sign_in("office").get(reverse("casework:search"), {"q": "水渠"}).content.decode()
    assert "<mark>水渠</mark>" in page
    assert "<script>alert" not in page


def test_notes_and_replies_are_found(county):
    case = petitions.registered(county).case
    actions.note(case.number, text="电话联系村委会的老支书", by=county.scope("office"))
    assert found(county.scope("clerk"), "支书") == [case.number]


def test_a_secret_number_is_not_repeated_on_the_page(county, sign_in):
    petitions.registered(county)
    response = sign_in("office").get(reverse("casework:search"), {"q": "110105194912310010"})
    assert "没有找到“该号码”" in response.content.decode()


def test_suggestions_are_a_fragment_of_few_hits(county, sign_in):
    for _ in range(10):
        petitions.registered(county)
    client = sign_in("office")
    answer = client.get(reverse("casework:search-suggest"), {"q": "宅基"}).content.decode()
    assert "<html" not in answer
    assert answer.count("<li>") == 9
    assert client.get(reverse("casework:search-suggest"), {"q": "宅"}).content.decode().strip() == '<p class="suggest__none muted">没有找到</p>'


def test_a_search_costs_few_queries(county, sign_in, django_assert_max_num_queries):
    for _ in range(3):
        petitions.registered(county)
    client = sign_in("office")
    client.get(reverse("casework:search"), {"q": "宅基"})
    for typed in ("宅基", "cgl", "13800132046", "0002", "丈量 四至", "jqc"):
        with django_assert_max_num_queries(12):
            client.get(reverse("casework:search"), {"q": typed})


@pytest.fixture
def on_shelf(county):
    """Registers a case whose id lies on that shelf of 8,192, counted from the first free one. No sequence is rolled back, so it is set back."""
    with connection.cursor() as db:
        db.execute("SELECT nextval('casework_case_id_seq')")
        before = db.fetchone()[0]
        first = (before >> search._SHELF) + 1

        def registered(shelf):
            db.execute("SELECT setval('casework_case_id_seq', greatest(nextval('casework_case_id_seq'), %s))", [first + shelf << search._SHELF])
            case = petitions.registered(county).case
            assert case.pk >> search._SHELF == first + shelf
            return case.pk

        yield registered
        db.execute("SELECT setval('casework_case_id_seq', %s)", [before])


@pytest.mark.parametrize("shelves", [(1, 1, 1), tuple(range(-1, 13)), (1, 2, 4, 8, 16, 32, 64), (3, 40, 41, 42, 90, 91, 300, 301), (5, 500, 1000)])
@pytest.mark.parametrize("few", [search._RARE, 0], ids=["rare", "common"])
def test_words_are_found_on_every_shelf_of_the_index_newest_first(county, on_shelf, shelves, few, monkeypatch, django_assert_max_num_queries):
    """Cases as far apart as in a county of a million: whatever number of shelves lies between them, none is lost or told twice.

    Both ways through the older shelves: at once, as for a rare word, and look by look, as for a common one.
    """
    monkeypatch.setattr(search, "_RARE", few)
    made = [on_shelf(shelf) for shelf in shelves]
    scope = county.scope("office")
    for limit in range(1, len(made) + 3):
        with django_assert_max_num_queries(3):
            assert search.case_ids("宅基地", scope, limit=limit) == made[::-1][:limit]
    assert search.case_ids("没有的词", scope, limit=10) == []


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("单雄信", ("sxx", "dxx", "sx", "dx")),
        ("曾晓", ("zx", "cx")),
        ("解兰", ("xl", "jl")),
        ("仇英", ("qy", "cy")),
        ("查乐", ("zl", "zy", "cl", "cy")),
    ],
)
def test_every_reading_of_a_name_finds_the_person(county, name, typed):
    people = [PartyFacts(position="petitioner", name=name, sex="1", phone="13800132046")]
    number = petitions.registered(county, people=people).case.number
    petitions.registered(county)
    for letters in typed:
        assert number in found(county.scope("office"), letters), letters


def test_each_reading_has_its_own_index(county):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        letters = ["dxx%"] * (1 + len(OTHER_READINGS))
        cursor.execute(f"EXPLAIN SELECT p.case_id FROM casework_party p WHERE {search._INITIALS}", letters)
        plan = "\n".join(row[0] for row in cursor.fetchall())
        cursor.execute("SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'casework_party'")
        made = dict(cursor.fetchall())
    assert all(f"split_part((initials)::text, ' '::text, {word})" in made[f"party_reading_{word}"] for word in OTHER_READINGS), made
    # Which of equally cheap ones an empty table takes is chance; that each question has an index is not.
    assert plan.count("Bitmap Index Scan") == len(letters), plan
    assert "Seq Scan" not in plan
    assert "party_initials" in plan


def test_what_was_registered_is_found_before_and_after_the_index_is_brought_up_to_it(county):
    case = petitions.registered(county).case
    assert found(county.scope("clerk"), "宅基地") == [case.number]
    assert cases.settle_texts() > 0, "a registration waits in the index's pending list"
    case_of_now = petitions.registered(county).case
    tasks.settle_texts()
    assert cases.settle_texts() == 0
    assert {case.number, case_of_now.number} <= set(found(county.scope("clerk"), "宅基地"))
