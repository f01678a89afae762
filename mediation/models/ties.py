"""Who knows whom, as the county keeps it on purpose; what a side said of a person proposed; the village's 3+N team (MED-6, MED-8).

Ties are personal information (PIPL §6 §13 §19): only what serves mediation, entered by a named person from a named source, with
consent where it came from the person, valid until a day, withdrawn rather than erased. Nothing is ever gathered by machine.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from mediation.matching import rules
from mediation.models.corps import Mediator
from mediation.models.dispute import Dispute, Side
from organisations.models import Area, Unit

USER = settings.AUTH_USER_MODEL


class Tie(models.Model):
    """A mediator and a person of the county, and what is between them. The person is a blind index of the identity number, and a name to read."""

    class Source(models.TextChoices):
        SELF = "self", "本人告知并同意"
        MEDIATOR = "mediator", "调解员申报"
        COMMITTEE = "committee", "村（居）委会掌握"
        PARTY = "party", "当事人反映"
        EARLIER = "earlier", "以往调解工作中了解"

    mediator = models.ForeignKey(Mediator, models.PROTECT, related_name="ties", verbose_name="调解员")
    person_index = models.CharField(max_length=32, db_index=True, help_text="blind index of the identity number")
    person_name = models.CharField("姓名", max_length=60)
    person_masked = models.CharField("证件号码", max_length=24)
    kind = models.CharField("关系", max_length=12, choices=[(kind.value, rules.TIE_LABELS[kind]) for kind in rules.Tie])
    words = models.CharField("说明", max_length=120, blank=True)
    source = models.CharField("来源", max_length=10, choices=Source.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", help_text="the room or station that keeps this record")
    valid_from = models.DateField("起")
    valid_until = models.DateField("有效期至")
    entered_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_because = models.CharField("撤销原因", max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mediator", "person_index", "kind"], condition=Q(withdrawn_at=None), name="tie_once"),
            models.CheckConstraint(condition=Q(valid_until__gte=F("valid_from")), name="tie_ends_after_start"),
            models.CheckConstraint(condition=~Q(person_index=""), name="tie_has_person"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None) | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="tie_withdrawn_by_somebody",
            ),
        ]


class SideWord(models.Model):
    """What a side said of a person proposed as its mediator. The newest stands; an objection keeps the person off (调解法§23, L-MED-6)."""

    class Answer(models.TextChoices):
        AGREES = "agrees", "同意"
        OBJECTS = "objects", "不同意（要求回避）"

    dispute = models.ForeignKey(Dispute, models.CASCADE, related_name="side_words")
    mediator = models.ForeignKey(Mediator, models.PROTECT, related_name="+", verbose_name="调解员")
    letter = models.CharField("方", max_length=1, choices=Side.Letter.choices)
    answer = models.CharField("意见", max_length=8, choices=Answer.choices)
    words = models.CharField("理由", max_length=300, blank=True)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dispute", "mediator", "letter"], condition=Q(replaced_at=None), name="side_word_one_stands"),
        ]


class TeamSeat(models.Model):
    """A place in a village's 3+N team, from a day until a day (MED-6; 东阿)."""

    class Part(models.TextChoices):
        ADVISER = "adviser", "法律顾问"
        JUSTICE = "justice", "司法所人员"
        WORTHY = "worthy", "新乡贤"
        MEDIATOR = "mediator", "调解员"
        REPRESENTATIVE = "representative", "村民代表、人大代表、政协委员"
        DEPARTMENT = "department", "部门人员"

    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name="村（社区）")
    part = models.CharField("身份", max_length=16, choices=Part.choices)
    mediator = models.ForeignKey(Mediator, models.PROTECT, null=True, related_name="+")
    user = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    name = models.CharField("姓名", max_length=60)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="所在单位")
    valid_from = models.DateField("起")
    valid_until = models.DateField("止", null=True)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["area"], name="team_seat_area")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["area", "part", "mediator"], condition=Q(ended_at=None), name="team_seat_once"),
            models.CheckConstraint(condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")), name="team_seat_ends_after_start"),
        ]
