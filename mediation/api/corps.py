"""The corps for machines: the same lists and acts as on the pages (MED-11, MED-12, MED-14, MED-15)."""

from __future__ import annotations

from typing import Any

from django.urls import path
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from casework.api import ERRORS, KEY, BusinessView, ScopedView
from mediation.api import corps_inputs as i
from mediation.api import corps_rows as r
from mediation.api.doors import Act, Given, counted, listed, newest, row_acts, typed, whole
from mediation.corps import queries
from mediation.corps.actions import appointments, committees, consents, county_rules, duty_log, joint, lessons
from mediation.models import Committee, CorpsRules, Mediator
from organisations.scope import Scope

YEAR = OpenApiParameter("year", int, description="年份，默认今年")
MONTH = OpenApiParameter("month", str, description="月份，如 2026-11，默认本月")
CREATED = status.HTTP_201_CREATED


def _person(pk: int, by: Scope) -> queries.PersonPage:
    held = queries.person(by, pk)
    if held is None:
        raise Mediator.DoesNotExist
    return held


def _board(unit_id: int, by: Scope) -> queries.Board:
    held = queries.board(by, unit_id)
    if held is None:
        raise Committee.DoesNotExist
    return held


PERSON = Given(r.CorpsPersonDetail, _person)
BOARD = Given(r.CorpsCommitteeDetail, _board, key="unit_id")
COUNT = Given(r.CorpsHouseholdsRow, lambda pk, by: queries.counts(by).get(pk=pk))
LESSON = Given(r.CorpsLessonRow, lambda pk, by: queries.trainings(by).get(pk=pk))
DUTY = Given(r.CorpsDutyRow, lambda pk, by: queries.duty_log(by).get(pk=pk))
ACTIVITY = Given(r.CorpsActivityRow, lambda pk, by: queries.activities(by, queries.ActivityWanted()).get(pk=pk))
NORMS = Given(r.CorpsNormsRow, lambda pk, by: CorpsRules.objects.get(pk=pk))

PERSON_ACTS: dict[str, Act] = {
    "amend": (i.CorpsAmendInput, appointments.amend),
    "renew": (i.CorpsRenewInput, appointments.renew),
    "promote": (i.CorpsPromoteInput, appointments.promote),
    "grade": (i.CorpsGradeInput, appointments.regrade),
    "end": (i.CorpsEndInput, appointments.end),
    "consent": (i.CorpsConsentInput, consents.consent),
    "withdraw": (i.CorpsNothingInput, consents.withdraw),
    "consent-position": (i.CorpsNothingInput, consents.consent_position),
    "withdraw-position": (i.CorpsNothingInput, consents.withdraw_position),
}
DUTY_ACTS: dict[str, Act] = {"leave": (i.CorpsOptionalWordsInput, duty_log.leave), "void": (i.CorpsReasonInput, duty_log.void_duty)}


class CorpsPeople(BusinessView):
    @listed(
        r.CorpsPerson,
        "corps_people",
        OpenApiParameter("show", str, description="serving（默认）、expiring、lapsed、ended、all"),
        OpenApiParameter("q", str, description="姓名或拼音首字母"),
        OpenApiParameter("unit", int, description="单位及其下级"),
        OpenApiParameter("kind", str, description="类别代码"),
        OpenApiParameter("grade", str, description="等级代码，none 为未评级"),
        OpenApiParameter("speciality", str, description="擅长纠纷类型代码"),
    )
    def get(self, request: Request) -> Response:
        """People of the corps in the scope."""
        return newest(request, queries.people(self.scope, queries.read(request.query_params)), _PersonLine)

    @extend_schema(operation_id="corps_enter", parameters=[KEY], request=i.CorpsEnterInput, responses={201: r.CorpsPersonDetail, **ERRORS})
    def post(self, request: Request) -> Response:
        """Take somebody into the corps with a first term (调解法§9, §14)."""

        def enter() -> int:
            return appointments.enter(**typed(i.CorpsEnterInput, request), by=self.scope).pk

        return PERSON.write(request, self.scope, enter, CREATED)


class _PersonLine(r.CorpsPerson):
    """A stored person, dressed as the list's line."""

    def to_representation(self, instance: Any) -> Any:
        return super().to_representation(queries.lines([instance])[0])


class CorpsOne(BusinessView):
    @extend_schema(operation_id="corps_person", responses={200: r.CorpsPersonDetail, **ERRORS})
    def get(self, request: Request, pk: int) -> Response:
        """One person with terms, career and `allowed_acts`."""
        return PERSON.read(pk, self.scope)


class CorpsGaps(BusinessView):
    @listed(r.CorpsPlaceRow, "corps_gaps")
    def get(self, request: Request) -> Response:
        """Every place in the scope against the norms of today (MED-11)."""
        places = (place for town in queries.gaps(self.scope) for place in town.places)
        return counted(request, places, r.CorpsPlaceRow, lambda place: place.unit.id)


class CorpsHouseholds(BusinessView):
    @listed(r.CorpsHouseholdsRow, "corps_households")
    def get(self, request: Request) -> Response:
        """Counts of households, the newest first."""
        return newest(request, queries.counts(self.scope), r.CorpsHouseholdsRow)

    @extend_schema(
        operation_id="corps_count_households", parameters=[KEY], request=i.CorpsHouseholdsInput, responses={201: r.CorpsHouseholdsRow, **ERRORS}
    )
    def post(self, request: Request) -> Response:
        """How many households a village has, as counted on a day."""

        def count() -> int:
            return committees.count_households(**typed(i.CorpsHouseholdsInput, request), by=self.scope).pk

        return COUNT.write(request, self.scope, count, CREATED)


class CorpsCommittee(BusinessView):
    @extend_schema(operation_id="corps_committee", responses={200: r.CorpsCommitteeDetail, **ERRORS})
    def get(self, request: Request, unit_id: int) -> Response:
        """A unit's committee, its seats and what it lacks."""
        return BOARD.read(unit_id, self.scope)

    @extend_schema(
        operation_id="corps_set_up_committee", parameters=[KEY], request=i.CorpsCommitteeInput, responses={201: r.CorpsCommitteeDetail, **ERRORS}
    )
    def post(self, request: Request, unit_id: int) -> Response:
        """Set the unit's committee up (调解法§8)."""

        def set_up() -> int:
            _board(unit_id, self.scope)
            return committees.set_up_committee(unit_id, **typed(i.CorpsCommitteeInput, request), by=self.scope).unit_id

        return BOARD.write(request, self.scope, set_up, CREATED)


class CorpsSeat(BusinessView):
    @extend_schema(operation_id="corps_seat", parameters=[KEY], request=i.CorpsSeatInput, responses={200: r.CorpsCommitteeDetail, **ERRORS})
    def post(self, request: Request, unit_id: int) -> Response:
        """Elect a member or the chair."""

        def seat() -> int:
            committee = _board(unit_id, self.scope).committee
            if committee is None:
                raise Committee.DoesNotExist
            committees.seat(committee.pk, **typed(i.CorpsSeatInput, request), by=self.scope)
            return unit_id

        return BOARD.write(request, self.scope, seat)


class CorpsSeatEnd(BusinessView):
    @extend_schema(operation_id="corps_unseat", parameters=[KEY], request=i.CorpsDayInput, responses={200: r.CorpsCommitteeDetail, **ERRORS})
    def post(self, request: Request, pk: int) -> Response:
        """A member leaves the committee."""

        def unseat() -> int:
            return committees.unseat(pk, **typed(i.CorpsDayInput, request), by=self.scope).committee.unit_id

        return BOARD.write(request, self.scope, unseat)


class CorpsTraining(BusinessView):
    @listed(r.CorpsLessonRow, "corps_training", YEAR)
    def get(self, request: Request) -> Response:
        """What was held in a year and how many came."""
        held = queries.trainings(self.scope).filter(on__year=queries.read_year(request.query_params))
        return newest(request, held, r.CorpsLessonRow)

    @extend_schema(operation_id="corps_hold_training", parameters=[KEY], request=i.CorpsLessonInput, responses={201: r.CorpsLessonRow, **ERRORS})
    def post(self, request: Request) -> Response:
        """Write down what was held and who came for how long (MED-12)."""

        def hold() -> int:
            return lessons.hold_training(typed(i.CorpsLessonInput, request), by=self.scope).pk

        return LESSON.write(request, self.scope, hold, CREATED)


class CorpsLearners(BusinessView):
    @listed(r.CorpsLearnerRow, "corps_learners", YEAR)
    def get(self, request: Request) -> Response:
        """Each mediator's year against the days of training owed."""
        people = queries.learners(self.scope, queries.read_year(request.query_params))
        return counted(request, people, r.CorpsLearnerRow, lambda row: row.mediator.pk)


class CorpsDuties(BusinessView):
    @listed(r.CorpsDutyRow, "corps_duties", OpenApiParameter("mediator_id", int, description="只看一名队员"))
    def get(self, request: Request) -> Response:
        """The duty log, voided lines too."""
        rows, mediator_id = queries.duty_log(self.scope), whole(request, "mediator_id")
        return newest(request, rows if mediator_id is None else rows.filter(mediator=mediator_id), r.CorpsDutyRow)

    @extend_schema(operation_id="corps_log_duty", parameters=[KEY], request=i.CorpsDutyInput, responses={201: r.CorpsDutyRow, **ERRORS})
    def post(self, request: Request) -> Response:
        """Check in, or write a duty down afterwards (MED-14)."""

        def log() -> int:
            return duty_log.log_duty(**typed(i.CorpsDutyInput, request), by=self.scope).pk

        return DUTY.write(request, self.scope, log, CREATED)


class CorpsFulfilment(BusinessView):
    @listed(r.CorpsFulfilmentRow, "corps_fulfilment", MONTH)
    def get(self, request: Request) -> Response:
        """A month of the four at-leasts: what each person's weeks (or month) lack."""
        month = queries.read_month(request.query_params)
        people = queries.fulfilment(self.scope, month.year, month.month)
        return counted(request, people, r.CorpsFulfilmentRow, lambda row: row.mediator.pk)


class CorpsActivities(BusinessView):
    @listed(r.CorpsActivityRow, "corps_activities", OpenApiParameter("kind", str, description="类型代码"), YEAR)
    def get(self, request: Request) -> Response:
        """Joint activities with other bodies."""
        return newest(request, queries.activities(self.scope, queries.read_activities(request.query_params)), r.CorpsActivityRow)

    @extend_schema(operation_id="corps_record_activity", parameters=[KEY], request=i.CorpsMeetingInput, responses={201: r.CorpsActivityRow, **ERRORS})
    def post(self, request: Request) -> Response:
        """Write a joint activity down (MED-15)."""

        def record() -> int:
            return joint.record_activity(typed(i.CorpsMeetingInput, request), by=self.scope).pk

        return ACTIVITY.write(request, self.scope, record, CREATED)


class CorpsNorms(ScopedView):
    @listed(r.CorpsNormsRow, "corps_norms")
    def get(self, request: Request) -> Response:
        """Every version of the county's norms for the corps."""
        return newest(request, CorpsRules.objects.all(), r.CorpsNormsRow)

    @extend_schema(operation_id="corps_set_norms", parameters=[KEY], request=i.CorpsNormsInput, responses={201: r.CorpsNormsRow, **ERRORS})
    def post(self, request: Request) -> Response:
        """A new version from a day on; the system administrator's."""

        def put() -> int:
            return county_rules.set_rules(**typed(i.CorpsNormsInput, request), by=self.scope).pk

        return NORMS.write(request, self.scope, put, CREATED)


urlpatterns = [
    path("corps/people/", CorpsPeople.as_view(), name="corps-people"),
    path("corps/people/<int:pk>/", CorpsOne.as_view(), name="corps-person"),
    *(path(f"corps/people/<int:pk>/{code}/", view, name=f"corps-{code}") for code, view in row_acts("corps_person", PERSON_ACTS, PERSON).items()),
    path("corps/gaps/", CorpsGaps.as_view(), name="corps-gaps"),
    path("corps/households/", CorpsHouseholds.as_view(), name="corps-households"),
    path("corps/committees/<int:unit_id>/", CorpsCommittee.as_view(), name="corps-committee"),
    path("corps/committees/<int:unit_id>/seats/", CorpsSeat.as_view(), name="corps-seat"),
    path("corps/seats/<int:pk>/end/", CorpsSeatEnd.as_view(), name="corps-unseat"),
    path("corps/training/", CorpsTraining.as_view(), name="corps-training"),
    path("corps/learners/", CorpsLearners.as_view(), name="corps-learners"),
    path("corps/duties/", CorpsDuties.as_view(), name="corps-duties"),
    *(path(f"corps/duties/<int:pk>/{code}/", view, name=f"corps-duty-{code}") for code, view in row_acts("corps_duty", DUTY_ACTS, DUTY).items()),
    path("corps/fulfilment/", CorpsFulfilment.as_view(), name="corps-fulfilment"),
    path("corps/activities/", CorpsActivities.as_view(), name="corps-activities"),
    path("corps/norms/", CorpsNorms.as_view(), name="corps-norms"),
]
