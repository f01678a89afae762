"""What machines get of the corps. Numbers are masked, here as everywhere (L-SEC-39)."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from mediation.corps import queries


class CorpsTermRow(serializers.Serializer[Any]):
    unit_id = serializers.IntegerField()
    way = serializers.CharField()
    from_on = serializers.DateField()
    until_on = serializers.DateField()
    decided_by = serializers.CharField()
    contract_number = serializers.CharField()
    contract_from = serializers.DateField(allow_null=True)
    contract_until = serializers.DateField(allow_null=True)
    ended_on = serializers.DateField(allow_null=True)
    end = serializers.CharField()
    end_words = serializers.CharField()


class CorpsPerson(serializers.Serializer[Any]):
    """A person of the corps as lists show one."""

    id = serializers.IntegerField(source="mediator.pk")
    name = serializers.CharField(source="mediator.name")
    sex = serializers.CharField(source="mediator.sex")
    born_year = serializers.IntegerField(source="mediator.born_year", allow_null=True)
    kind = serializers.CharField(source="mediator.kind")
    kind_label = serializers.CharField(source="mediator.get_kind_display")
    grade = serializers.CharField(source="mediator.grade")
    unit_id = serializers.IntegerField(source="mediator.unit_id")
    unit = serializers.CharField(source="mediator.unit.short_name")
    area_id = serializers.IntegerField(source="mediator.area_id", allow_null=True)
    id_masked = serializers.CharField(source="mediator.id_masked")
    phone_masked = serializers.CharField(source="mediator.phone_masked")
    specialities = serializers.ListField(source="mediator.specialities", child=serializers.CharField())
    languages = serializers.CharField(source="mediator.languages")
    is_civil_servant = serializers.BooleanField(source="mediator.is_civil_servant")
    standing = serializers.CharField(help_text="在任、到期、离任")
    term = CorpsTermRow(allow_null=True)


class CorpsCareerRow(serializers.Serializer[Any]):
    kind = serializers.CharField()
    kind_label = serializers.CharField(source="get_kind_display")
    on = serializers.DateField()
    from_unit_id = serializers.IntegerField(allow_null=True)
    to_unit_id = serializers.IntegerField(allow_null=True)
    from_grade = serializers.CharField()
    to_grade = serializers.CharField()
    decided_by = serializers.CharField()
    words = serializers.CharField()
    by_label = serializers.CharField()
    at = serializers.DateTimeField()


class CorpsPersonDetail(serializers.Serializer[Any]):
    """One person whole, with the acts this reader may do now."""

    id = serializers.IntegerField(source="mediator.pk")
    person = CorpsPerson(source="line")
    notes = serializers.CharField(source="mediator.notes")
    terms = CorpsTermRow(many=True)
    career = CorpsCareerRow(many=True)
    year = serializers.IntegerField()
    training_days = serializers.DecimalField(source="days", max_digits=6, decimal_places=1)
    training_short_by = serializers.DecimalField(source="short_by", max_digits=6, decimal_places=1)
    is_online = serializers.BooleanField()
    online_hours = serializers.CharField(source="mediator.online_hours")
    is_positioned = serializers.BooleanField()
    allowed_acts = serializers.SerializerMethodField()

    def get_allowed_acts(self, held: queries.PersonPage) -> list[str]:
        return sorted(queries.offered(held))


class CorpsPlaceRow(serializers.Serializer[Any]):
    """A room, area station or town station against its norm (MED-11)."""

    unit_id = serializers.IntegerField(source="unit.id")
    unit = serializers.CharField(source="unit.short_name")
    kind = serializers.CharField(source="unit.kind")
    households = serializers.IntegerField(source="gap.households", allow_null=True)
    needed = serializers.IntegerField(source="gap.needed", allow_null=True, help_text="户数未知的为 null")
    present = serializers.IntegerField(source="gap.present")
    missing = serializers.IntegerField(source="gap.missing")
    committee_faults = serializers.ListField(source="committee", child=serializers.CharField())


class CorpsSeatRow(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="pk")
    mediator_id = serializers.IntegerField()
    name = serializers.CharField(source="mediator.name")
    is_chair = serializers.BooleanField()
    from_on = serializers.DateField()
    until_on = serializers.DateField(allow_null=True)


class CorpsCommitteeDetail(serializers.Serializer[Any]):
    """A unit's committee, or the lack of one, with its faults (调解法§8)."""

    unit_id = serializers.IntegerField(source="unit.id")
    unit = serializers.CharField(source="unit.short_name")
    name = serializers.CharField(source="committee.name", default="")
    set_up_on = serializers.DateField(source="committee.set_up_on", default=None, allow_null=True)
    seats = CorpsSeatRow(many=True)
    past = CorpsSeatRow(many=True)
    faults = serializers.ListField(child=serializers.CharField())


class CorpsHouseholdsRow(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="pk")
    area_id = serializers.IntegerField()
    n = serializers.IntegerField()
    counted_on = serializers.DateField()


class CorpsLessonRow(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="pk")
    kind = serializers.CharField()
    name = serializers.CharField()
    on = serializers.DateField()
    days = serializers.DecimalField(max_digits=3, decimal_places=1)
    place = serializers.CharField()
    teacher = serializers.CharField()
    unit_id = serializers.IntegerField()
    unit = serializers.CharField(source="unit.short_name")
    came = serializers.IntegerField(help_text="参加人数")


class CorpsLearnerRow(serializers.Serializer[Any]):
    """One person's year against the days owed (MED-12)."""

    mediator_id = serializers.IntegerField(source="mediator.pk")
    name = serializers.CharField(source="mediator.name")
    unit = serializers.CharField(source="mediator.unit.short_name")
    days = serializers.DecimalField(max_digits=6, decimal_places=1)
    short_by = serializers.DecimalField(max_digits=6, decimal_places=1)
    meetings = serializers.IntegerField()
    observations = serializers.IntegerField()
    hearings = serializers.IntegerField()


class CorpsDutyRow(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="pk")
    mediator_id = serializers.IntegerField()
    name = serializers.CharField(source="mediator.name")
    kind = serializers.CharField()
    on = serializers.DateField()
    came_at = serializers.DateTimeField()
    left_at = serializers.DateTimeField(allow_null=True)
    place = serializers.CharField()
    words = serializers.CharField()
    people_count = serializers.IntegerField(allow_null=True)
    has_photo = serializers.SerializerMethodField()
    latitude = serializers.DecimalField(max_digits=8, decimal_places=5, allow_null=True)
    longitude = serializers.DecimalField(max_digits=8, decimal_places=5, allow_null=True)
    accuracy = serializers.IntegerField(allow_null=True)
    is_for_another = serializers.BooleanField()
    voided_at = serializers.DateTimeField(allow_null=True)
    void_reason = serializers.CharField()

    def get_has_photo(self, duty: Any) -> bool:
        return bool(duty.photo_sha256)


class CorpsCellRow(serializers.Serializer[Any]):
    period = serializers.CharField(source="period.label")
    first = serializers.DateField(source="period.first")
    last = serializers.DateField(source="period.last")
    missing = serializers.ListField(child=serializers.CharField())
    is_running = serializers.BooleanField()


class CorpsFulfilmentRow(serializers.Serializer[Any]):
    """A person's month of the four at-leasts (MED-14)."""

    mediator_id = serializers.IntegerField(source="mediator.pk")
    name = serializers.CharField(source="mediator.name")
    kind = serializers.CharField(source="mediator.kind")
    unit = serializers.CharField(source="mediator.unit.short_name")
    gaps = serializers.IntegerField()
    cells = CorpsCellRow(many=True)


class CorpsActivityRow(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="pk")
    kind = serializers.CharField()
    unit_id = serializers.IntegerField()
    unit = serializers.CharField(source="unit.short_name")
    on = serializers.DateField()
    place = serializers.CharField()
    partner = serializers.CharField()
    participants = serializers.CharField()
    people_count = serializers.IntegerField(allow_null=True)
    outcome = serializers.CharField()


class CorpsNormsRow(serializers.Serializer[Any]):
    """A version of the county's norms."""

    id = serializers.IntegerField(source="pk")
    valid_from = serializers.DateField()
    small_village = serializers.IntegerField()
    small_village_people = serializers.IntegerField()
    large_village_people = serializers.IntegerField()
    area_station_people = serializers.IntegerField()
    town_people = serializers.IntegerField()
    committee_least = serializers.IntegerField()
    committee_most = serializers.IntegerField()
    term_years = serializers.IntegerField()
    training_days = serializers.DecimalField(max_digits=4, decimal_places=1)
    keeps_duties = serializers.BooleanField()
    takes_positions = serializers.BooleanField()
    bureau_id = serializers.IntegerField(allow_null=True)
    reason = serializers.CharField()
