"""The five questions every act answers over HTTP (architecture §13): it does it; not at the wrong moment; not for the
wrong person, who sees no button; not for an outsider, who learns nothing; and a second click changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from django.test import Client

from casework.models import Case, Deadline, Document, Entry
from organisations import clock
from petitions import actions
from petitions.models import Petition
from tests.factories import petitions, reviews, supervised, terms
from tests.factories.county import County


def soon(days: int) -> str:
    return (clock.today() + timedelta(days=days)).isoformat()


def proposed(county: County) -> Petition:
    number = petitions.registered(county).case.number
    return actions.propose(number, leader_id=county.people["leader"].id, words="请批示。", by=county.scope("office"))


def declining(county: County) -> Petition:
    number = petitions.registered(county).case.number
    return actions.decline(number, code="A9", words="不属于本级职权范围。", remedy="可向主管部门提出。", by=county.scope("office"))


def objected(county: County) -> Petition:
    return actions.object_to(petitions.routed(county).case.number, reason="不属本单位职权。", by=county.scope("handler"))


def returned(county: County) -> Petition:
    return actions.agree_return(objected(county).case.number, words="同意退回。", by=county.scope("office"))


def disputed(county: County) -> Petition:
    number = returned(county).case.number
    actions.route(number, mode="LJB", to_unit_id=county.units["labour"].id, words="请办理。", by=county.scope("office"))
    return actions.object_to(number, reason="也不属本单位职权。", by=county.scope("labour_handler"))


def voided(county: County) -> Petition:
    return actions.void(petitions.registered(county).case.number, reason="登记错误", by=county.scope("office"))


def merged(county: County) -> Petition:
    main = petitions.registered(county).case.number
    return actions.merge(petitions.registered(county).case.number, into=main, reason="同一事项", by=county.scope("office"))


def joint(county: County) -> Petition:
    number = petitions.registered(county).case.number
    task = actions.TaskFacts(county.units["water"].id, "核查排水沟", clock.today() + timedelta(days=5))
    return actions.route(number, mode="LDB", to_unit_id=county.units["land"].id, words="请牵头。", tasks=[task], by=county.scope("office"))


def joint_signed(county: County) -> Petition:
    return actions.sign_task(joint(county).case.number, no=1, by=county.scope("water_handler"))


def joint_reported(county: County) -> Petition:
    return actions.report_task(joint_signed(county).case.number, no=1, result="已疏通。", by=county.scope("water_handler"))


def make(name: str, county: County) -> Petition:
    """A petition brought to that point by the real acts."""
    return brought(FiveQuestions.rooms, name, county)


def brought(rooms: Sequence[dict[str, Any]], name: str, county: County) -> Any:
    """The case of the first room that knows how to make one of that name."""
    return next(room[name] for room in rooms if name in room)(county)


@pytest.mark.django_db
class FiveQuestions:
    """`made` is where the act may be done, `wrong` where it may not; `doer` does it, the auditor only looks on.

    Asked of petitions; another kind of case gives its own rows, addresses, prefix of acts and rooms in a subclass.
    """

    rows: ClassVar[type[Any]] = Petition
    address: ClassVar[str] = "/petitions/"
    kind: ClassVar[str] = "petition"
    nowhere: ClassVar[str] = "370685-2026-999999"
    #: Where the names in `made` and `wrong` are looked up.
    rooms: ClassVar[Sequence[dict[str, Any]]] = (globals(), vars(petitions), vars(terms), vars(reviews), vars(supervised))

    code: ClassVar[str]
    made: ClassVar[str]
    wrong: ClassVar[str]
    doer: ClassVar[str]
    state: ClassVar[str]
    paper: ClassVar[str] = ""
    wrong_doer: ClassVar[str] = ""

    def typed(self, county: County, petition: Any) -> dict[str, Any]:
        """What the doer types."""
        return {}

    def after(self, county: County, petition: Any) -> None:
        """What else is true once it is done."""

    def send(self, client: Client, county: County, petition: Any) -> Any:
        data = {"version": petition.case.version, **self.typed(county, petition)}
        return client.post(f"{self.address}{petition.case.number}/{self.code}/", data)

    def test_it_does_it_once(self, county: County, sign_in: Callable[[str], Client]) -> None:
        petition = brought(self.rooms, self.made, county)
        client = sign_in(self.doer)
        page = client.get(f"{self.address}{petition.case.number}/").content.decode()
        assert self.button() in page
        answer = self.send(client, county, petition)
        assert answer.status_code == 303, _why(answer)
        case = Case.objects.get(pk=petition.pk)
        assert case.state == self.state
        last = Entry.objects.get(case=case, no=case.entries)
        assert last.act == f"{self.kind}.{self.code}"
        assert last.by == county.people[self.doer]
        running = Deadline.objects.filter(case=case, is_duty=True, met_on=None, dropped_on=None, suspended_on=None)
        duties = running.values_list("due_on", flat=True)
        assert case.due_on == (min(duties, default=None) if case.is_open else None)
        if self.paper:
            assert Document.objects.filter(case=case, paper=self.paper).count() == 1
        self.after(county, self.rows.objects.select_related("case").get(pk=petition.pk))
        assert client.get(f"{self.address}{case.number}/").status_code == 200

        again = self.send(client, county, petition)
        assert again.status_code in (403, 409, 422)
        assert Case.objects.get(pk=petition.pk).version == case.version
        assert Entry.objects.filter(case=case).count() == case.entries

    def test_not_at_the_wrong_moment(self, county: County, sign_in: Callable[[str], Client]) -> None:
        petition = brought(self.rooms, self.wrong, county)
        answer = self.send(sign_in(self.wrong_doer or self.doer), county, petition)
        assert answer.status_code == 409, _why(answer)
        assert Case.objects.get(pk=petition.pk).version == petition.case.version

    def test_not_for_the_wrong_person_nor_an_outsider(self, county: County, sign_in: Callable[[str], Client]) -> None:
        petition = brought(self.rooms, self.made, county)
        looks_on = sign_in("auditor")
        assert self.button() not in looks_on.get(f"{self.address}{petition.case.number}/").content.decode()
        refused = self.send(looks_on, county, petition)
        assert refused.status_code == 403, _why(refused)
        outsider = sign_in("other_handler")
        there = self.send(outsider, county, petition)
        nowhere = outsider.post(f"{self.address}{self.nowhere}/{self.code}/", {})
        assert there.status_code == nowhere.status_code == 404
        assert Case.objects.get(pk=petition.pk).version == petition.case.version

    def button(self) -> str:
        return f'?act={self.code}#act"'


def _why(answer: Any) -> str:
    context = answer.context or {}
    refusal, form = context.get("refusal"), context.get("form")
    return f"{answer.status_code} {getattr(refusal, 'message', '')} {form.errors if form is not None else ''}"
