"""New cases of a ledger worked on in memory (`casework.folders`): the same rows as act by act, the same refusals, all or nothing."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from contextlib import nullcontext, suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models, transaction
from django.test.utils import CaptureQueriesContext

from casework import chain, folders
from casework.models import Case, Counter, Document, Entry, Notice, SearchText
from casework.numbers import Docket, Foreseen, Locked, TakenError
from casework.rules import NotAllowed
from organisations import clock
from petitions import actions, rules
from petitions.actions import intake
from petitions.models import Petition
from petitions.queries.acts import closable
from petitions.rules import STEPS
from reports.models import Stale
from tests.factories import petitions

pytestmark = pytest.mark.django_db

DAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
#: Keys the database gives, the fingerprints over them, and a notice's key, which begins with the case's.
GIVEN = {"id", "hash", "prev_hash", "head_hash", "query_code", "verify_code", "document_id", "key", "case_id", "petition_id"}
#: The same inside a paper's content and a line's details.
CHANCE = re.compile(r'"started": \[[^]]*\]|"query_code": "[^"]*"|"(served|attempt)": \d+')
#: When a line was entered; and the mark that figures are to be counted again, of which one a case is as good as ten.
ENTERED = {("casework.Entry", "at")}

#: What `possible_acts` are, in their order.
ACTS = (
    *("route", "sign", "accept", "hear", "investigate", "answer_point", "answer_point"),
    *("prepare", "reply", "deliver", "report", "feedback", "close"),
)

Act = Callable[[str], object]


class UndoneAgainError(Exception):
    """The walk is rolled back, so that the next one begins at the same numbers."""


def possible_acts(county, chance: random.Random) -> list[Act]:
    """Every act a ledger is walked through, with words and days of chance; right and wrong people, lawful and unlawful outcomes."""
    labour, office = county.units["labour"].id, county.scope("office")
    handler, head = county.scope("labour_handler"), county.scope("labour_head")
    who = chance.choice([*[handler] * 6, head, office])
    names = [handler.user.name, head.user.name][: chance.choice([1, 2, 2, 2])]
    on = date(2026, 3, chance.choice([1, 2, 2, 9]))
    words = chance.choice(["已向信访人说明", "台账原文 A-17", "第二次\n办理"])
    outcome, way = chance.choice(["solved", "explained", "nonsense"]), chance.choice(["1", "3", "4"])
    rating, reached = chance.choice(["", "1", rules.DISSATISFIED]), chance.random() < 0.6
    duty = chance.choice(["forward", "forward", "assign"])
    due = date(2026, 5, 1) if duty == "assign" else None
    tasks = [actions.TaskFacts(county.units["water"].id, "协助", date(2026, 4, 1))] if chance.random() < 0.03 else []
    mode = chance.choice(["LJB", "LJB", "CNB"]) if not tasks else "LDB"
    how: Any = {"receiver": "陈桂兰", "proof": "签收", "is_agreed": True, "posted_on": date(2026, 3, 2) if way == "4" else None}
    return [
        lambda n: actions.route(
            n,
            mode=mode,
            to_unit_id=labour,
            words=words,
            duty=duty,
            report_due_on=due,
            promised_on=date(2026, 4, 20) if mode == "CNB" else None,
            tasks=tasks,
            by=office,
        ),
        lambda n: actions.sign(n, by=who),
        lambda n: actions.accept(n, words=words, by=who),
        lambda n: actions.hear(n, on=on, officers=names, place="本局", words=words, by=who),
        lambda n: actions.investigate(n, on=on, officers=names, place="工地", words=words, evidence="工资表", by=who),
        lambda n: actions.answer_point(n, no=1, support="2", result=words, ground="原台账", by=who),
        lambda n: actions.answer_point(n, no=chance.choice([2, 2, 3]), support="1", result=words, ground="原台账", by=who),
        lambda n: actions.prepare(n, text=words, outcome=outcome, support="2", remedy_unit="市人民政府", by=who),
        lambda n: actions.reply(n, words=words, by=chance.choice([who, head])),
        lambda n: actions.deliver(n, delivery=way, delivered_on=on, by=who, **how),
        lambda n: actions.report(n, words=words, by=who),
        lambda n: actions.feedback(n, way="phone", on=on, words=words, is_reached=reached, office_rating=rating, reason=words, by=office),
        lambda n: actions.close(n, by=chance.choice([office, who])),
    ]


def lawful_walk(county, seed: int) -> list[tuple[int, int, int]]:
    """Acts tried at random, from the database: which of them were allowed, each as (chance it was made with, place in the list, minute)."""
    chance, done = random.Random(seed), []
    with clock.from_ledger():
        number = first(county)
        for turn in range(120):
            salt = chance.randrange(1 << 30)
            state = Case.objects.values_list("state", flat=True).get(number=number)
            place = chance.choice([place for place, code in enumerate(ACTS) if state in STEPS[code].frm] or [0])
            with clock.at(DAY + timedelta(minutes=turn)), suppress(NotAllowed, ValueError, Petition.DoesNotExist), transaction.atomic():
                possible_acts(county, random.Random(salt))[place](number)
                done.append((salt, place, turn))
    return done


def first(county) -> str:
    with clock.at(DAY - timedelta(days=3)):
        return petitions.registered(county, received_on=date(2026, 2, 27)).case.number


def replayed(county, walk, *, in_memory: bool) -> tuple[dict[str, list[str]], list[str]]:
    """Everything those acts left in any table, without what the database numbers; and the statements."""
    left: dict[str, list[str]] = {}
    try:
        with transaction.atomic(), CaptureQueriesContext(connection) as asked:
            with clock.from_ledger(), folders.opened(Locked()) if in_memory else nullcontext() as pile:
                number = first(county)
                for salt, place, turn in walk:
                    with clock.at(DAY + timedelta(minutes=turn)):
                        possible_acts(county, random.Random(salt))[place](number)
                if pile:
                    pile.write()
            statements = [query["sql"] for query in asked.captured_queries]
            assert list(chain.verify_cases()) == []
            for model in apps.get_models():
                if model._meta.app_label in ("casework", "petitions", "organisations"):
                    left[model._meta.label] = rows(model)
            marked = Stale.objects.aggregate(since=models.Min("happened_on"), cases=models.Count("case_id", distinct=True))
            left["stale"] = [str(marked)]
            raise UndoneAgainError
    except UndoneAgainError:
        return left, statements


def rows(model: type[models.Model]) -> list[str]:
    columns = [field.attname for field in model._meta.concrete_fields]
    kept = [name for name in columns if name not in GIVEN and not name.endswith("_token") and (model._meta.label, name) not in ENTERED]
    found = [json.dumps({name: getattr(row, name) for name in kept}, default=str, ensure_ascii=False) for row in model._default_manager.all()]
    return sorted(CHANCE.sub("", row) for row in found)


@pytest.mark.parametrize("seed", range(5))
def test_whatever_was_done_leaves_the_same_rows_in_every_table(county, seed):
    walk: list[tuple[int, int, int]] = []
    with suppress(UndoneAgainError), transaction.atomic():
        walk += lawful_walk(county, seed)
        raise UndoneAgainError
    assert len(walk) > 2, "the walk was walked"
    apart, _ = replayed(county, walk, in_memory=False)
    together, few = replayed(county, walk, in_memory=True)
    assert len(apart["casework.Entry"]) == len(walk) + 1
    for table in apart:
        assert together[table] == apart[table], table
    of_cases = re.compile(r'(FROM|UPDATE|INTO) "?(casework_(?!counter|limit|holiday|calendar|officehours|notice)|petitions_)')
    assert [sql for sql in few if of_cases.search(sql) and not sql.startswith("COPY")] == [], "nothing of a case is asked of the database"


def test_some_walk_goes_to_the_archive_and_some_is_assigned(county):
    """The walks above are worth something: between them they close cases, reach nobody, and hand over with a date for the report."""
    seen = set()
    for seed in range(5):
        with suppress(UndoneAgainError), transaction.atomic():
            lawful_walk(county, seed)
            seen |= {f"{line.act}:{line.detail.get('is_reached', line.detail.get('duty', ''))}" for line in Entry.objects.all()}
            raise UndoneAgainError
    assert {"petition.close:", "petition.feedback:True", "petition.feedback:False", "petition.route:assign", "petition.route:forward"} <= seen


def taken_in(county, *acts: Act) -> None:
    """A new case of a ledger and those acts on it, in one transaction."""
    with transaction.atomic(), clock.from_ledger(), clock.at(DAY), folders.opened(Locked()) as pile:
        number = petitions.registered(county, received_on=date(2026, 2, 27)).case.number
        for act in acts:
            act(number)
        pile.write()


def routed(county, unit: str = "labour") -> Act:
    by = county.scope("office")
    return lambda n: actions.route(n, mode="LJB", to_unit_id=county.units[unit].id if unit else 0, words="原台账", by=by)


def signed(county, who: str = "labour_handler") -> Act:
    return lambda n: actions.sign(n, by=county.scope(who))


def test_a_refusal_leaves_nothing_of_all_acts(county):
    with pytest.raises(NotAllowed, match="不能“签收”"):
        taken_in(county, routed(county), signed(county), signed(county))
    assert (Case.objects.count(), Entry.objects.count(), SearchText.objects.count()) == (0, 0, 0)
    assert not Counter.objects.filter(series__startswith="case:", value__gt=0).exists()


@pytest.mark.parametrize(("who", "refusal"), [("water_handler", Petition.DoesNotExist), ("office2", NotAllowed)])
def test_whoever_may_not_see_or_do_it_is_refused_as_ever(county, who, refusal):
    with pytest.raises(refusal):
        taken_in(county, routed(county), signed(county, who))


def test_a_refusal_that_somebody_swallows_ends_all_the_same(county):
    def swallowed(number: str) -> None:
        with suppress(NotAllowed):
            nowhere(number)

    nowhere, somewhere = routed(county, ""), routed(county)
    with pytest.raises(RuntimeError, match="not finished"):
        taken_in(county, swallowed, somewhere)
    with pytest.raises(RuntimeError, match="not finished"):
        taken_in(county, swallowed)
    assert not Case.objects.exists()


def test_one_case_after_another_and_none_of_before(county):
    old = petitions.registered(county).case.number
    with pytest.raises(RuntimeError, match="one case after another"):
        taken_in(county, lambda n: routed(county)(old))


def test_an_act_that_asks_the_database_itself_is_not_done_in_memory(county):
    with pytest.raises(RuntimeError, match="does not know cases"):
        taken_in(county, lambda n: actions.void(n, reason="登记错误", by=county.scope("office")))


def test_todays_cases_are_not_kept_in_memory():
    with pytest.raises(RuntimeError, match="old ledger"), folders.opened(Locked()):
        pass


def test_of_an_old_ledger_nobody_is_called_to_it(county):
    """L-DOC-5: no number is taken for a talk or a dispatch the ledger does not tell of."""
    taken_in(county, routed(county), signed(county), lambda n: actions.accept(n, words="原台账", by=county.scope("labour_handler")))
    assert not Document.objects.exists()
    assert not Notice.objects.filter(kind="petition.route").exists()


def test_numbers_foreseen_are_taken_together_or_not_at_all():
    docket = Docket("370685", 2019)
    foreseen = Foreseen({docket.series: 0})
    assert [foreseen.next(docket.series) for _ in range(3)] == [1, 2, 3]
    assert Locked().next(docket.series) == 1, "somebody at a counter was faster"
    with pytest.raises(TakenError), transaction.atomic():
        foreseen.settle()
    assert Counter.objects.get(series=docket.series).value == 1
    again = Foreseen({docket.series: 1})
    assert again.next(docket.series) == 2
    again.settle()
    assert Locked().next(docket.series) == 3


def test_what_closing_asks_is_one_statement(county, django_assert_num_queries):
    petition = petitions.registered(county)
    with django_assert_num_queries(1):
        assert closable(petition, petition.case) == {"has_reply": False, "has_feedback": False, "open_tasks": 0}


def test_query_codes_are_drawn_in_memory_too(county):
    taken_in(county)
    assert set(Petition.objects.get().query_code) <= set(intake.QUERY_ALPHABET)
