"""The row on the docket, its readers, people, links and search text.

Lists read `Reach`, one row per case and reader, whose sort and filter columns the database itself copies from
`Case` (triggers in migrations 0003, 0005, 0031). So a page of any list is one index range, never a join that has to be sorted.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, Value

from casework.rules import Outcome, Urgency
from organisations.models import Area, Unit
from organisations.scope import Scope

USER = settings.AUTH_USER_MODEL


#: Places in `Party.initials` of the readings after the usual one that search knows.
OTHER_READINGS = (2, 3, 4)


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, scope: Scope) -> CaseQuerySet:
        """The cases one of the scope's readers may see. The one door to case rows (architecture §6)."""
        return self.filter(Exists(Reach.objects.filter(case=OuterRef("pk"), reader__in=scope.readers)))

    def open(self) -> CaseQuerySet:
        return self.filter(closed_at=None)


class Case(models.Model):
    """One matter, one promise. Carries only what is true of all kinds; the kind's own facts hang on it one to one."""

    number = models.CharField("编号", max_length=24, unique=True)
    kind = models.CharField("类别", max_length=16)
    title = models.CharField("标题", max_length=80)
    subject = models.CharField("信访人", max_length=80, help_text="who brings it, as lists show it")
    state = models.CharField("状态", max_length=20)
    stage = models.PositiveSmallIntegerField("环节", help_text="1 登记 2 受理 3 分流 4 办理 5 反馈 6 评价")
    state_since = models.DateTimeField("进入当前状态的时间")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name="属地", db_index=False)
    town_code = models.CharField(max_length=9, blank=True)
    topic_code = models.CharField("分类代码", max_length=6)
    topic = models.CharField("分类", max_length=60)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="责任单位")
    handler = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+", verbose_name="承办人")
    # No list asks by these two, and every act writes each index of the row anew.
    registered_by = models.ForeignKey(USER, models.PROTECT, related_name="+", db_index=False)
    registered_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    opened_at = models.DateTimeField("登记时间")
    due_on = models.DateField("到期日", null=True)
    due_key = models.CharField(max_length=40, blank=True)
    warn_on = models.DateField("预警日", null=True)
    closed_at = models.DateTimeField("办结时间", null=True)
    outcome = models.CharField("结果", max_length=12, choices=Outcome.choices, blank=True)
    confidential = models.BooleanField("保密", default=False)
    urgency = models.PositiveSmallIntegerField("紧急程度", choices=Urgency.choices, default=Urgency.NORMAL)
    headcount = models.PositiveIntegerField("人数", default=1)
    urged = models.PositiveSmallIntegerField("催办次数", default=0, help_text="how many rows of 催办 the kind holds; lists show «催办×3»")
    marks = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    version = models.PositiveIntegerField(default=1, help_text="rises with every act; a stale form is told")
    entries = models.PositiveIntegerField(default=0, help_text="length of the history chain")
    head_hash = models.CharField(max_length=64, blank=True, help_text="hash of the last entry")
    submission = models.UUIDField(null=True, unique=True, help_text="the same form sent twice makes one case")

    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(closed_at=None, outcome__in=["", *Outcome.values]) | (Q(closed_at__isnull=False) & ~Q(outcome="")),
                name="case_closed_has_outcome",
            ),
            models.CheckConstraint(condition=Q(closed_at=None) | Q(due_on=None), name="case_closed_has_no_due_date"),
            models.CheckConstraint(condition=Q(stage__range=(1, 6)), name="case_stage_known"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["handler", "due_on"], name="case_handler_open", condition=Q(closed_at=None)),
            models.Index(fields=["topic_code", "area"], name="case_topic_area"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class ReachQuerySet(models.QuerySet["Reach"]):
    def of(self, scope: Scope) -> ReachQuerySet:
        return self.filter(reader__in=scope.readers)


#: The day that sorts after every other, where no limit runs.
NO_DAY = date(9999, 12, 31)


class Reach(models.Model):
    """Case × reader: who may see the case, with what lists sort and filter by: copied from the case by `of`
    when it is opened and by triggers ever after.

    `reader` is a unit id, or minus a user id for somebody named on the case. Unit rows exist for every unit that
    is or was responsible and the units above it, and for the units answering for the place; a confidential case
    has only rows of named people (L-PET-86). `due_on` is 9999-12-31 where no limit runs, so that it sorts last.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="reach", db_index=False)  # reach_once begins with it
    reader = models.BigIntegerField()
    is_open = models.BooleanField(default=True)
    state = models.CharField(max_length=20, default="")
    due_on = models.DateField(default="9999-12-31")
    warn_on = models.DateField(default="9999-12-31")
    opened_at = models.DateTimeField(null=True)
    unit_id = models.BigIntegerField(default=0)
    handler_id = models.BigIntegerField(null=True)
    area_id = models.BigIntegerField(null=True)
    town_code = models.CharField(max_length=9, default="", blank=True)
    topic_code = models.CharField(max_length=6, default="", blank=True)
    urgency = models.PositiveSmallIntegerField(default=0)
    marks = ArrayField(models.CharField(max_length=12), default=list, blank=True)

    objects = ReachQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "reader"], name="reach_once"),
        ]
        indexes: ClassVar = [
            # Both carry every filter column, so that a page, a filter or all counts of a reader never leave the index.
            models.Index(
                fields=["reader", "due_on", "case"],
                include=["warn_on", "opened_at", "state", "unit_id", "handler_id", "area_id", "town_code", "topic_code", "urgency", "marks"],
                name="reach_open_due",
                condition=Q(is_open=True),
            ),
            models.Index(
                fields=["reader", "-opened_at", "-case"],
                include=["is_open", "due_on", "state", "unit_id", "handler_id", "area_id", "town_code", "topic_code", "urgency", "marks"],
                name="reach_opened",
            ),
            models.Index(fields=["reader", "unit_id", "-opened_at", "-case"], name="reach_unit_opened"),
            # Of a county's open cases hundreds share state and unit: equal keys are kept once, so a hundred cases fit where ten did.
            models.Index(fields=["reader", "state", "unit_id"], name="reach_tally", condition=Q(is_open=True)),
            models.Index(fields=["reader"], include=["marks", "state", "unit_id"], name="reach_marked", condition=Q(is_open=True) & ~Q(marks=[])),
            # A kind with a list of its own (its classes begin with a letter): few among many, they are not sought among the others.
            models.Index(
                fields=["reader", "due_on", "case"],
                include=["warn_on", "opened_at", "state", "unit_id", "handler_id", "area_id", "town_code", "topic_code", "urgency", "marks"],
                name="reach_own_due",
                condition=Q(is_open=True, topic_code__gte="A"),
            ),
            models.Index(
                fields=["reader", "-opened_at", "-case"],
                include=["is_open", "due_on", "warn_on", "state", "unit_id", "handler_id", "area_id", "town_code", "topic_code", "urgency", "marks"],
                name="reach_own_opened",
                condition=Q(topic_code__gte="A"),
            ),
        ]

    @classmethod
    def of(cls, case: Case, reader: int) -> Reach:
        """The unsaved row of a case not yet in the database; what `reach_fill` writes for one that is."""
        return cls(
            case=case,
            reader=reader,
            is_open=case.closed_at is None,
            state=case.state,
            due_on=case.due_on or NO_DAY,
            warn_on=case.warn_on or NO_DAY,
            opened_at=case.opened_at,
            unit_id=case.unit_id,
            handler_id=case.handler_id,
            area_id=case.area_id,
            town_code=case.town_code,
            topic_code=case.topic_code,
            urgency=case.urgency,
            marks=case.marks,
        )


class Party(models.Model):
    """A person or organisation as given on one case: a snapshot, so that no case changes another.

    Identity and telephone numbers are stored as SM4 tokens with keyed blind indexes for the whole value and for
    the last four digits (L-SEC-3, L-CODE-4). The same person on two cases is found by equal `id_index`.
    """

    class Position(models.TextChoices):
        PETITIONER = "petitioner", "信访人"
        REPRESENTATIVE = "representative", "信访人代表"
        AGENT = "agent", "代理人"
        RESPONDENT = "respondent", "被反映人"
        APPLICANT = "applicant", "申请方"
        OPPONENT = "opponent", "被申请方"
        THIRD = "third", "第三人"

    case = models.ForeignKey(Case, models.CASCADE, related_name="parties", db_index=False)  # party_no_once begins with it
    no = models.PositiveSmallIntegerField()
    position = models.CharField("身份", max_length=16, choices=Position.choices)
    is_organisation = models.BooleanField("单位", default=False)
    name = models.CharField("姓名", max_length=60)
    initials = models.CharField(max_length=120, blank=True)
    sex = models.CharField("性别", max_length=1, blank=True)
    born_on = models.DateField("出生日期", null=True)
    nation = models.CharField("民族", max_length=2, blank=True)
    occupation = models.CharField("职业", max_length=2, blank=True)
    id_type = models.CharField("证件类型", max_length=3, blank=True)
    id_token = models.CharField(max_length=120, blank=True)
    id_index = models.CharField(max_length=32, blank=True)
    id_last4_index = models.CharField(max_length=32, blank=True)
    phone_token = models.CharField(max_length=120, blank=True)
    phone_index = models.CharField(max_length=32, blank=True)
    phone_last4_index = models.CharField(max_length=32, blank=True)
    id_masked = models.CharField("证件号码", max_length=24, blank=True)
    phone_masked = models.CharField("电话", max_length=24, blank=True)
    area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+", verbose_name="现住地", db_index=False)
    address = models.CharField("详细地址", max_length=120, blank=True)
    relation = models.CharField("与诉求人关系", max_length=20, blank=True)
    authority = models.CharField("代理权限依据", max_length=120, blank=True)

    class Meta:
        ordering: ClassVar = ["no"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "no"], name="party_no_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["id_index"], name="party_id", condition=~Q(id_index="")),
            models.Index(fields=["id_last4_index"], name="party_id_last4", condition=~Q(id_last4_index="")),
            models.Index(fields=["phone_index"], name="party_phone", condition=~Q(phone_index="")),
            models.Index(
                fields=["phone_last4_index"],
                name="party_phone_last4",
                condition=~Q(phone_last4_index=""),
            ),
            models.Index(OpClass("initials", "text_pattern_ops"), name="party_initials"),
            # With the case, so that who is called so is known without opening their rows.
            models.Index(fields=["name"], opclasses=["text_pattern_ops"], include=["case"], name="party_name"),
            # 单、曾、解、仇…: the other readings of the few names that have them; every one from its beginning.
            *(
                models.Index(
                    OpClass(Func(F("initials"), Value(" "), Value(word), function="split_part"), "text_pattern_ops"),
                    name=f"party_reading_{word}",
                    condition=Q(initials__contains=" "),
                )
                for word in OTHER_READINGS
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Link(models.Model):
    """Two cases belong together. A merge is a link with a pointer: nothing moves, and it can be undone."""

    class Kind(models.TextChoices):
        REPEAT = "repeat", "重复"
        RELATED = "related", "关联"
        MERGED = "merged", "并案"
        REFERRAL = "referral", "转办"

    source = models.ForeignKey(Case, models.PROTECT, related_name="links_out")
    target = models.ForeignKey(Case, models.PROTECT, related_name="links_in")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    reason = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undo_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "target", "kind"],
                condition=Q(undone_at=None),
                name="link_once",
            ),
            models.CheckConstraint(condition=~Q(source=F("target")), name="link_two_cases"),
            models.UniqueConstraint(
                fields=["source"],
                condition=Q(undone_at=None, kind="merged"),
                name="link_merged_into_one",
            ),
        ]


class SearchText(models.Model):
    """What a case can be found by: number, names, request, notes, replies; with its readers in the same index.

    Found through a GIN index over `bigrams(text)` and `readers`, then rechecked (stack.md §5). Made in 0002.
    """

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="+")
    text = models.TextField()
    readers = ArrayField(models.BigIntegerField(), default=list)
