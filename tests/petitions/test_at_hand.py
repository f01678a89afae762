"""Several acts on one case taken up once (`acting.at_hand`): the same rows as one by one, the same refusals, all or nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import nullcontext, suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from casework import acting, chain
from casework.models import Case, Document, Entry, Notice, SearchText
from casework.rules import NotAllowed
from organisations import clock
from petitions import actions
from petitions.models import Petition, Point
from petitions.queries.acts import closable
from tests.factories import petitions

pytestmark = pytest.mark.django_db

DAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
WRITTEN = (
    "casework.Case",
    "casework.Entry",
    "casework.Reach",
    "casework.SearchText",
    "casework.Deadline",
    "casework.Document",
    "casework.Delivery",
    "casework.Notice",
    "petitions.Petition",
    "petitions.Point",
    "petitions.Dispatch",
    "petitions.Inquiry",
    "petitions.Reply",
    "petitions.Feedback",
)
#: Keys the database gives, the fingerprints over them, and a notice's key, which begins with the case's.
GIVEN = {"id", "hash", "prev_hash", "head_hash", "query_code", "verify_code", "document_id", "key", "case_id", "petition_id"}
#: The same inside a paper's content and a line's details.
CHANCE = re.compile(r'"started": \[[^]]*\]|"query_code": "[^"]*"|"(served|attempt)": \d+')


class UndoneAgainError(Exception):
    """The walk is rolled back, so that the next one begins at the same numbers."""


def chain_of_acts(number: str, county) -> None:
    """From the router's desk to the archive, by three people of two units."""
    office, handler, head = county.scope("office"), county.scope("labour_handler"), county.scope("labour_head")
    names = [handler.user.name, head.user.name]
    on = date(2026, 3, 2)
    actions.route(number, mode="LJB", to_unit_id=county.units["labour"].id, words="请依法办理", by=office)
    actions.sign(number, by=handler)
    actions.accept(number, words="属于本单位职责，予以受理", by=handler)
    actions.hear(number, on=on, officers=names, place="本局", words="听取了陈述", by=handler)
    actions.investigate(number, on=on, officers=names, place="工地", words="核对了工资表", evidence="工资表", by=handler)
    for no in Point.objects.filter(petition__case__number=number).values_list("no", flat=True):
        result = f"已责令三日内补发第{no}项所指工资"
        actions.answer_point(number, no=no, support="2", result=result, ground="《保障农民工工资支付条例》第三条", by=handler)
    actions.prepare(number, text="经查属实，已责令补发。", outcome="solved", support="2", remedy_unit="市人民政府", by=handler)
    actions.reply(number, by=head)
    actions.deliver(number, delivery="1", delivered_on=on, receiver="陈桂兰", proof="签收", by=handler)
    actions.report(number, words="已办结", by=handler)
    actions.feedback(number, way="phone", on=on, words="已收到工资", is_reached=True, by=office)
    actions.close(number, by=office)


def walked(county, together) -> tuple[dict[str, list[str]], int]:
    """Everything the walk left, without what the database numbers, and how many statements it took."""
    left: dict[str, list[str]] = {}
    statements = 0
    try:
        with transaction.atomic(), clock.at(DAY):
            number = petitions.registered(county).case.number
            with CaptureQueriesContext(connection) as asked, together():
                chain_of_acts(number, county)
            statements = len(asked)
            assert list(chain.verify_cases()) == []
            for name in WRITTEN:
                model = apps.get_model(name)
                fields = [field.attname for field in model._meta.concrete_fields if field.attname not in GIVEN]
                rows = [json.dumps({f: getattr(row, f) for f in fields}, default=str, ensure_ascii=False) for row in model.objects.order_by("pk")]
                left[name] = sorted(CHANCE.sub("", row) for row in rows)
            raise UndoneAgainError
    except UndoneAgainError:
        return left, statements


def test_the_same_rows_are_left_by_fewer_statements(county):
    apart, many = walked(county, nullcontext)
    together, few = walked(county, acting.at_hand)
    assert apart["casework.Entry"], "the walk was walked"
    for name in WRITTEN:
        assert together[name] == apart[name], name
    assert few < many - 40


def in_hand(*acts: Callable[[], object]) -> None:
    """Those acts in one transaction, on the case at hand."""
    with transaction.atomic(), acting.at_hand():
        for act in acts:
            act()


def swallowed(act: Callable[[], object]) -> Callable[[], None]:
    """The act by somebody who goes on after its refusal."""

    def tried() -> None:
        with suppress(NotAllowed):
            act()

    return tried


def routed(number: str, county) -> Callable[[], object]:
    by = county.scope("office")
    return lambda: actions.route(number, mode="LJB", to_unit_id=county.units["labour"].id, words="请依法办理", by=by)


def signed(number: str, county, who: str) -> Callable[[], object]:
    by = county.scope(who)
    return lambda: actions.sign(number, by=by)


def test_a_refusal_leaves_nothing_of_all_acts(county):
    number = petitions.registered(county).case.number
    before = (Entry.objects.count(), Case.objects.get().version, SearchText.objects.get().text)
    sign = signed(number, county, "labour_handler")
    with pytest.raises(NotAllowed, match="不能“签收”"):
        in_hand(routed(number, county), sign, sign)
    assert (Entry.objects.count(), Case.objects.get().version, SearchText.objects.get().text) == before
    assert not Petition.objects.get().dispatches.exists()


@pytest.mark.parametrize(("who", "refusal"), [("water_handler", Petition.DoesNotExist), ("office2", NotAllowed)])
def test_whoever_may_not_see_or_do_it_is_refused_in_hand_as_ever(county, who, refusal):
    number = petitions.registered(county).case.number
    with pytest.raises(refusal):
        in_hand(routed(number, county), signed(number, county, who))


def test_a_refusal_that_somebody_swallows_ends_all_the_same(county):
    number = petitions.registered(county).case.number
    by = county.scope("office")
    nowhere = swallowed(lambda: actions.route(number, mode="LJB", to_unit_id=0, words="请依法办理", by=by))
    with pytest.raises(RuntimeError, match="not finished"):
        in_hand(nowhere, routed(number, county))
    assert Entry.objects.count() == 1


def test_only_one_case_is_at_hand(county):
    one, other = petitions.registered(county).case.number, petitions.registered(county).case.number
    with pytest.raises(RuntimeError, match="one case"):
        in_hand(routed(one, county), routed(other, county))


def test_of_an_old_ledger_only_the_answer_becomes_a_paper_and_nobody_is_called_to_it(county):
    """L-DOC-5: no number is taken for a talk or a dispatch the ledger does not tell of."""
    number = petitions.registered(county).case.number
    held = Notice.objects.count()
    with clock.from_ledger(), clock.at(clock.now() - timedelta(days=1)), acting.at_hand():
        actions.route(number, mode="LJB", to_unit_id=county.units["labour"].id, words="原台账", by=county.scope("office"))
        actions.sign(number, by=county.scope("labour_handler"))
        actions.accept(number, words="原台账", by=county.scope("labour_handler"))
    assert not Document.objects.exists()
    assert Notice.objects.count() == held


def test_what_closing_asks_is_one_statement(county, django_assert_num_queries):
    petition = petitions.registered(county)
    with django_assert_num_queries(1):
        assert closable(petition) == {"has_reply": False, "has_feedback": False, "open_tasks": 0}
