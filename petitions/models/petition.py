"""The petition itself: the request, its points, who held it, what the coordination desk decided."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q

from casework.models import Case, Reach
from organisations.models import Unit
from organisations.scope import Scope
from petitions import codes

USER = settings.AUTH_USER_MODEL


def code_array(verbose_name: str) -> ArrayField:
    return ArrayField(models.CharField(max_length=12), default=list, blank=True, verbose_name=verbose_name)


class PetitionQuerySet(models.QuerySet["Petition"]):
    def visible_to(self, scope: Scope) -> PetitionQuerySet:
        """Petitions whose case one of the scope's readers may see; the rule itself is the case's."""
        return self.filter(Exists(Reach.objects.filter(case=OuterRef("pk"), reader__in=scope.readers)))


class Petition(models.Model):
    """A case under the petition regulations (信访事项). The case row is its primary key."""

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="+")
    channel = models.CharField("信访形式", max_length=3, choices=codes.CHANNELS.choices)
    source = models.CharField("来源层级", max_length=1, choices=codes.SOURCES.choices, default="4")
    source_number = models.CharField("来文编号", max_length=60, blank=True)
    purpose = models.CharField("信访目的", max_length=2, choices=codes.PURPOSES.choices)
    received_on = models.DateField("信访日期", help_text="the 15 days count from here (L-PET-T1)")
    story = models.TextField("诉求内容")
    place = models.CharField("问题发生地详址", max_length=120, blank=True)
    respondent_unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name="被反映单位")
    respondent_name = models.CharField("被反映人", max_length=60, blank=True)
    is_about_centre = models.BooleanField(
        "反映县群众工作中心或其工作人员",
        default=False,
        db_default=False,
        help_text="a protected matter kept from the centre's own people (L-PET-86)",
    )
    involved_count = models.PositiveIntegerField("涉及人数", default=1)
    flags = code_array("标志")
    prior_places = code_array("此前去过哪里")
    care_needs = code_array("需要关照")
    is_anonymous = models.BooleanField("匿名", default=False)
    is_oral = models.BooleanField("口头提出", default=False)
    read_back_at = models.DateTimeField("口述记录已核对", null=True)
    query_code = models.CharField("查询码", max_length=8, unique=True)
    mode = models.CharField("办理方式", max_length=3, choices=codes.HALL_MODES.choices, blank=True)
    promised_on = models.DateField("承诺日期", null=True)
    agent = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+", verbose_name="代办人")
    agent_consent = models.CharField("代办同意记录", max_length=200, blank=True)
    is_final_holder = models.BooleanField("经协调裁定", default=False)
    accepted_on = models.DateField("受理日期", null=True)
    simple_ground = models.CharField("简易办理情形", max_length=1, blank=True, help_text="which of L-SIM-2 ①…⑤; empty: normal procedure")
    converted_on = models.DateField("转为普通程序", null=True)
    concluded_on = models.DateField("三级终结", null=True, help_text="the last word was said on this day (L-PET-11)")
    support = models.CharField("处理意见类型", max_length=1, choices=codes.REPLY_SUPPORT.choices, blank=True)
    replied_on = models.DateField("答复日期", null=True)
    delivered_on = models.DateField("送达日期", null=True)
    reopened = models.PositiveSmallIntegerField("重新办理次数", default=0)
    prepared_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    settled_as = models.CharField("拟定结果", max_length=12, blank=True)

    objects = PetitionQuerySet.as_manager()

    def __str__(self) -> str:
        return self.case.number


class Point(models.Model):
    """One numbered demand (诉求点). Each gets its own result and ground before a reply can go out."""

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="points")
    no = models.PositiveSmallIntegerField("序号")
    text = models.CharField("诉求", max_length=300)
    support = models.CharField("处理意见", max_length=1, choices=codes.REPLY_SUPPORT.choices, blank=True)
    result = models.TextField("处理结果", blank=True)
    ground = models.CharField("依据", max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["no"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["petition", "no"], name="point_no_once"),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_answered(self) -> bool:
        return bool(self.support and self.result and self.ground)


class Dispatch(models.Model):
    """One hand-over to a unit: forwarded (转送) or assigned with a report due (交办), signed for, ended."""

    class Duty(models.TextChoices):
        FORWARD = "forward", "转送"
        ASSIGN = "assign", "交办"

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="dispatches")
    from_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    to_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    duty = models.CharField("方式", max_length=8, choices=Duty.choices)
    mode = models.CharField("办理方式", max_length=3, choices=codes.HALL_MODES.choices)
    words = models.CharField("交办意见", max_length=500, blank=True)
    report_due_on = models.DateField("报告期限", null=True)
    is_final = models.BooleanField(default=False, help_text="by decision of the coordination desk")
    sent_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    signed_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["petition"], condition=Q(ended_at=None), name="dispatch_one_current"),
        ]


class Objection(models.Model):
    """不属本单位职权的异议: within five working days, with reasons (条例§23③); a second return is decided for good."""

    class Decision(models.TextChoices):
        RETURNED = "returned", "同意退回"
        REFUSED = "refused", "不同意退回"
        COORDINATED = "coordinated", "协调裁定"

    dispatch = models.OneToOneField(Dispatch, models.CASCADE, related_name="objection")
    reason = models.CharField("异议理由", max_length=500)
    suggested_unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    decision = models.CharField(max_length=12, choices=Decision.choices, blank=True)
    decided_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    words = models.CharField("处理意见", max_length=500, blank=True)


class Precedent(models.Model):
    """What the coordination desk decided, offered when the next such case is routed."""

    topic_code = models.CharField(max_length=6)
    town_code = models.CharField(max_length=9, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    not_units = models.ManyToManyField(Unit, related_name="+")
    reason = models.CharField(max_length=500)
    petition = models.ForeignKey(Petition, models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["topic_code"], name="precedent_topic")]


class Task(models.Model):
    """What one assisting unit must do by when in a 联动办; the lead unit or the centre confirms it."""

    class State(models.TextChoices):
        WAITING = "waiting", "待签收"
        SIGNED = "signed", "办理中"
        REPORTED = "reported", "已反馈"
        CONFIRMED = "confirmed", "已确认"
        CANCELLED = "cancelled", "已取消"

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="tasks")
    no = models.PositiveSmallIntegerField()
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    text = models.CharField("任务", max_length=300)
    due_on = models.DateField("期限")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    result = models.TextField("办理结果", blank=True)
    reported_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    reported_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["no"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["petition", "no"], name="task_no_once"),
        ]
