"""One row per case with everything a figure is counted from; kept in step with the docket through a list of what changed.

Triggers on the docket's tables (migration 0001) note every case that an act, a limit, a card or a link touched. `Stale` only
grows there and is only emptied by `actions.refresh`, so that no act ever waits for a report.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from casework.models import Case


class FactColumns(models.Model):
    """The columns of `casework.facts.COLUMNS` but the case itself. Live facts and frozen ones have the same, so one measure reads both."""

    kind = models.CharField(max_length=16)
    is_counted = models.BooleanField(help_text="False: registered in error")
    confidential = models.BooleanField()
    town_code = models.CharField(max_length=9, blank=True)
    area_id = models.BigIntegerField(null=True)
    topic_code = models.CharField(max_length=6)
    channel = models.CharField(max_length=3)
    form = models.CharField(max_length=3, blank=True, help_text="国家统计口径 of the channel: 100 来信 200 来访 300 网信 400 来电 600 其他")
    source = models.CharField(max_length=1, blank=True)
    purpose = models.CharField(max_length=2, blank=True)
    unit_id = models.BigIntegerField(help_text="who holds it now")
    registered_unit_id = models.BigIntegerField()
    handler_id = models.BigIntegerField(null=True)
    headcount = models.IntegerField()
    heads = models.IntegerField(help_text="people, 0 for a second registration of the same visit (L-CLS-31)")
    registered_on = models.DateField()
    received_on = models.DateField()
    closed_on = models.DateField(null=True)
    outcome = models.CharField(max_length=12, blank=True)
    days = models.IntegerField(null=True, help_text="calendar days from receipt to the end")
    is_repeat = models.BooleanField()
    is_first = models.BooleanField(help_text="初次: nobody had found it to be a repeat before it was sent on or its first limit ran out")
    is_group = models.BooleanField(help_text="5 or more visitors (L-CLS-34)")
    is_level_skip = models.BooleanField(help_text="the visit was made to a higher level (L-CLS-33)")
    is_litigation = models.BooleanField()
    forward_unit_id = models.BigIntegerField(null=True)
    forward_due_on = models.DateField(null=True)
    forwarded_on = models.DateField(null=True)
    accept_unit_id = models.BigIntegerField(null=True)
    accept_due_on = models.DateField(null=True)
    accepted_on = models.DateField(null=True)
    reply_unit_id = models.BigIntegerField(null=True)
    reply_due_on = models.DateField(null=True)
    replied_on = models.DateField(null=True)
    delivered_on = models.DateField(null=True)
    is_rateable = models.BooleanField()
    office_rating = models.CharField(max_length=1, blank=True)
    unit_rating = models.CharField(max_length=1, blank=True)
    reopened = models.IntegerField()
    is_once = models.BooleanField(help_text="ended in one round: not reopened, not revoked, nobody came again, not rated 不满意")
    sent_on = models.DateField(null=True)
    signed_on = models.DateField(null=True)
    returned = models.BooleanField(help_text="a unit it was sent to gave it back rightly")
    sent_unit_id = models.BigIntegerField(null=True, help_text="who sent it first, rightly or wrongly")
    sign_unit_id = models.BigIntegerField(null=True, help_text="to whom it went first")
    supervised_on = models.DateField(null=True)
    card_level = models.IntegerField(null=True)
    card_on = models.DateField(null=True)
    urged = models.IntegerField()
    accompanied_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    warn_on = models.DateField(null=True)
    level = models.IntegerField(help_text="step of the ladder, disputes only")
    result = models.CharField(max_length=1, blank=True)
    is_prevented = models.BooleanField()
    yellow_on = models.DateField(null=True, help_text="of the first one; to whom, whoever holds the matter now")
    yellow_unit_ids = ArrayField(models.BigIntegerField(), db_default=[])
    red_on = models.DateField(null=True)
    red_unit_ids = ArrayField(models.BigIntegerField(), db_default=[])
    urged_on = models.DateField(null=True)
    urged_unit_ids = ArrayField(models.BigIntegerField(), db_default=[])
    supervised_unit_ids = ArrayField(models.BigIntegerField(), db_default=[])
    carried_unit_ids = ArrayField(
        models.BigIntegerField(), db_default=[], help_text="every body that took the dispute up, also one that handed it on"
    )
    carried_steps = ArrayField(models.IntegerField(), db_default=[], help_text="their steps of the ladder")
    settled_unit_id = models.BigIntegerField(null=True, help_text="the body that reached the agreement")
    term_step = models.IntegerField(null=True, help_text="step of the ladder whose month counts, disputes only")
    yellow_unit_days = ArrayField(models.DateField(), db_default=[], help_text="of each of those units its own first day, in their order")
    red_unit_days = ArrayField(models.DateField(), db_default=[])
    urged_unit_days = ArrayField(models.DateField(), db_default=[])
    supervised_unit_days = ArrayField(models.DateField(), db_default=[])
    carried_unit_days = ArrayField(
        models.DateField(), db_default=[], help_text="when each body took the dispute up; the first one with the acceptance"
    )
    carried_step_days = ArrayField(models.DateField(), db_default=[])

    class Meta:
        abstract = True


#: What is given to a unit and stays with it.
GIVEN = ("yellow", "red", "urged", "supervised")
#: Disputes that another body or step took up after the first one: they count with it on a later day.
HANDED_ON = Q(carried_unit_days__1__isnull=False) | Q(carried_step_days__1__isnull=False)
#: Days before anybody looked.
BEGINNING = date(2000, 1, 1)


class Fact(FactColumns):
    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="+")
    stood_from = models.DateField(db_default=BEGINNING, help_text="first day on which who held it, its limits and its end stand as here")

    class Meta:
        indexes: ClassVar = [
            # With what hot matters are found by: the same topic in the same town in ninety days.
            models.Index(fields=["registered_on"], include=["kind", "is_counted", "confidential", "topic_code", "town_code"], name="fact_came"),
            models.Index(fields=["closed_on"], name="fact_closed", condition=Q(closed_on__isnull=False)),
            models.Index(fields=["forward_due_on"], name="fact_forward_due", condition=Q(forward_due_on__isnull=False)),
            models.Index(fields=["accept_due_on"], name="fact_accept_due", condition=Q(accept_due_on__isnull=False)),
            # With what the family of the reply is told by of a day that is over, all of a year.
            models.Index(
                fields=["reply_due_on"],
                include=["case", "kind", "is_counted", "confidential", "reply_unit_id", "replied_on", "stood_from"],
                name="fact_reply_due",
                condition=Q(reply_due_on__isnull=False),
            ),
            models.Index(fields=["delivered_on"], name="fact_delivered", condition=Q(delivered_on__isnull=False)),
            models.Index(fields=["accepted_on"], name="fact_accepted", condition=Q(accepted_on__isnull=False)),
            # Few of a million: by unit they are read from facts, because one matter may count with several.
            *(models.Index(fields=[f"{what}_on"], name=f"fact_{what}", condition=Q(**{f"{what}_on__isnull": False})) for what in GIVEN),
            models.Index(fields=["accepted_on"], name="fact_handed_on", condition=HANDED_ON),
            # Carries what a figure of the stock asks and is split by: 40,000 open cases among a million are counted without leaving it.
            models.Index(
                fields=["case"],
                include=[
                    *("kind", "is_counted", "confidential", "unit_id", "town_code", "area_id", "topic_code", "channel", "handler_id", "outcome"),
                    *("level", "registered_on", "received_on", "forward_due_on", "forwarded_on", "accept_due_on", "accepted_on"),
                    *("reply_due_on", "replied_on", "due_on", "warn_on", "closed_on"),
                ],
                name="fact_lying",
                condition=Q(closed_on=None),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class StoodColumns(models.Model):
    """What of a fact changes as the matter goes on, beside dates that only ever arrive: who held it, until when, whether it was ended.

    What else stands in a fact was true from the beginning or is put right (place, class, people, protection): it has no past.
    """

    unit_id = models.BigIntegerField()
    handler_id = models.BigIntegerField(null=True)
    closed_on = models.DateField(null=True)
    outcome = models.CharField(max_length=12, blank=True)
    forward_unit_id = models.BigIntegerField(null=True)
    forward_due_on = models.DateField(null=True)
    forwarded_on = models.DateField(null=True)
    accept_unit_id = models.BigIntegerField(null=True)
    accept_due_on = models.DateField(null=True)
    accepted_on = models.DateField(null=True)
    reply_unit_id = models.BigIntegerField(null=True)
    reply_due_on = models.DateField(null=True)
    replied_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    warn_on = models.DateField(null=True)
    level = models.IntegerField()
    stood_from = models.DateField()
    stood_until = models.DateField(help_text="first day on which it stood no more")

    class Meta:
        abstract = True


class PastFact(StoodColumns):
    """How a fact stood on days that are over: written by `actions.refresh` when something happened that changed it."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="+", db_index=False)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "stood_from"], name="past_fact_once")]
        indexes: ClassVar = [models.Index(fields=["stood_until", "stood_from"], name="past_fact_days")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.stood_from}–{self.stood_until}"


class StoodFact(FactColumns):
    """Facts with their past: a view of `Fact` and `PastFact` (migration 0006). One row a case once a day is chosen."""

    case = models.OneToOneField(Case, models.DO_NOTHING, primary_key=True, related_name="+")
    stood_from = models.DateField()
    stood_until = models.DateField(null=True)

    class Meta:
        managed = False
        db_table = "reports_stoodfact"

    def __str__(self) -> str:
        return f"{self.pk} {self.stood_from}"


#: The columns a fact's past holds.
STOOD: tuple[str, ...] = tuple(
    field.attname for field in PastFact._meta.concrete_fields if field.attname not in {"id", "case_id", "stood_from", "stood_until"}
)


class Stale(models.Model):
    """A case somebody touched since its fact was made. Written by triggers, emptied by `actions.refresh`."""

    case_id = models.BigIntegerField()
    happened_on = models.DateField(null=True, help_text="day of the earliest thing that happened; of a limit or a link alone it is not known")
    unit_id = models.BigIntegerField(null=True, help_text="who held it after the act; of a limit or a link not noted")
    handler_id = models.BigIntegerField(null=True)
    closed_on = models.DateField(null=True)
    outcome = models.CharField(max_length=12, blank=True, db_default="")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["case_id"], name="stale_case")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.happened_on or ''}"


class FactState(models.Model):
    """One row: how old the facts are. `version` rises whenever a fact changed, so a page knows that nothing did."""

    version = models.BigIntegerField(default=0)
    changed_at = models.DateTimeField(null=True)
    refreshed_at = models.DateTimeField(null=True)
    tallied = models.CharField(max_length=64, default="", blank=True, help_text="by which dictionary the tallies are kept; another one: not at all")


class Restated(models.Model):
    """From which days on the facts say something else since a version: what a day that is over says changes by this alone.

    A few rows: a later day is taken away once an earlier one is restated by a newer version, which says more.
    """

    since = models.DateField(primary_key=True, help_text="first day of which a figure may have become another")
    version = models.BigIntegerField(help_text="the version of the facts it came with")
    at = models.DateTimeField(help_text="told apart from the same version before a backup was put back")

    def __str__(self) -> str:
        return f"{self.since} {self.version}"
