"""The dispute itself (矛盾纠纷): parties on sides, type, difficulty, risk, the ladder it climbs, each hand-over as two acts."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q

from casework.models import Case, Party, Reach
from mediation import codes
from organisations.models import Unit
from organisations.scope import Scope

USER = settings.AUTH_USER_MODEL


class DisputeQuerySet(models.QuerySet["Dispute"]):
    def visible_to(self, scope: Scope) -> DisputeQuerySet:
        """Disputes whose case one of the scope's readers may see; the rule itself is the case's."""
        return self.filter(Exists(Reach.objects.filter(case=OuterRef("pk"), reader__in=scope.readers)))


class Dispute(models.Model):
    """A quarrel between parties that somebody undertakes to settle (L-MED-43, L-MED-45). The case row is its primary key."""

    class Risk(models.TextChoices):
        NONE = "", "未评估"
        LOW = "low", "低"
        MIDDLE = "middle", "中"
        HIGH = "high", "高"

    class Prevented(models.TextChoices):
        NONE = "", "无"
        SUICIDE = "suicide", "防止自杀"
        CRIME = "crime", "防止刑事案件"
        FIGHT = "fight", "防止群体性械斗"
        PETITION = "petition", "防止群体性上访"

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="+")
    type_code = models.CharField("纠纷类型", max_length=2, choices=codes.TYPES.choices)
    source = models.CharField("案件来源", max_length=2, choices=codes.SOURCES.choices)
    difficulty = models.CharField("难易程度", max_length=1, choices=codes.DIFFICULTIES.choices)
    scale = models.CharField("事件规模", max_length=2, choices=codes.SCALES.choices, default="01")
    story = models.TextField("纠纷简要情况")
    demand = models.TextField("申请事项", blank=True)
    place = models.CharField("发生地详址", max_length=120, blank=True)
    happened_on = models.DateField("发生日期", null=True)
    received_on = models.DateField("申请（发现）日期")
    amount = models.DecimalField("涉及金额（元）", max_digits=14, decimal_places=2, null=True)
    people_count = models.PositiveIntegerField("涉及人数", default=2)
    is_willing = models.BooleanField("双方愿意调解", default=False)
    step = models.PositiveSmallIntegerField("当前步", default=1)
    body = models.CharField("调处组织", max_length=2, choices=codes.BODIES.choices)
    risk = models.CharField("风险等级", max_length=8, choices=Risk.choices, blank=True)
    risk_facts = ArrayField(models.CharField(max_length=200), default=list, blank=True, verbose_name="风险依据")
    risk_review_on = models.DateField("风险复核日", null=True)
    accepted_on = models.DateField("受理日期", null=True)
    way = models.CharField("化解方式", max_length=24, choices=codes.WAYS.choices, blank=True)
    result = models.CharField("调解结果", max_length=1, choices=codes.RESULTS.choices, blank=True)
    agreed_on = models.DateField("达成协议日期", null=True)
    ended_on = models.DateField("终止日期", null=True)
    prevented = models.CharField("防止激化", max_length=8, choices=Prevented.choices, blank=True)
    prevented_facts = models.CharField("防止激化的事实", max_length=300, blank=True)

    objects = DisputeQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(step__range=(1, 6)), name="dispute_step_known"),
            models.CheckConstraint(condition=Q(amount=None) | Q(amount__gte=0), name="dispute_amount_not_negative"),
            models.CheckConstraint(condition=Q(risk="") | Q(risk_review_on__isnull=False), name="dispute_risk_has_review"),
        ]

    def __str__(self) -> str:
        return self.case.number


class Side(models.Model):
    """On which side a person or organisation of the case stands; an agent stands on the side of whom it speaks for."""

    class Letter(models.TextChoices):
        FIRST = "a", "甲方"
        SECOND = "b", "乙方"
        THIRD = "c", "丙方"

    party = models.OneToOneField(Party, models.CASCADE, primary_key=True, related_name="+")
    dispute = models.ForeignKey(Dispute, models.CASCADE, related_name="sides")
    letter = models.CharField("方", max_length=1, choices=Letter.choices)
    is_agent = models.BooleanField("代理人", default=False)
    is_representative = models.BooleanField("推选代表", default=False)
    is_willing = models.BooleanField("愿意调解", null=True)


class Rung(models.Model):
    """The dispute's stay at one step of the ladder: from when until when, and how it ended. What a body did is the case's history."""

    class End(models.TextChoices):
        RUNNING = "", "进行中"
        SETTLED = "settled", "达成协议"
        FAILED = "failed", "未达成"
        HANDED_ON = "handed_on", "移交上一步"
        OTHER_WAY = "other_way", "引导其他途径"
        ENDED = "ended", "终止"

    dispute = models.ForeignKey(Dispute, models.CASCADE, related_name="rungs")
    step = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=40, help_text="as the ladder called the body on that day")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    began_on = models.DateField()
    due_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    end = models.CharField(max_length=10, choices=End.choices, blank=True)
    words = models.CharField("分歧和已做的工作", max_length=1000, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dispute"], condition=Q(ended_on=None), name="rung_one_running"),
        ]


class HandOver(models.Model):
    """From one step to a higher one: offered, then taken or given back (or called back before). Two acts, two people, two times."""

    class Answer(models.TextChoices):
        WAITING = "", "待接收"
        TAKEN = "taken", "已接收"
        GIVEN_BACK = "given_back", "已退回"
        RECALLED = "recalled", "已撤回"

    dispute = models.ForeignKey(Dispute, models.CASCADE, related_name="hand_overs")
    from_state = models.CharField("移交前的状态", max_length=24, help_text="where the dispute stands again if nobody takes it")
    from_step = models.PositiveSmallIntegerField()
    to_step = models.PositiveSmallIntegerField()
    from_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    to_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    reason = models.CharField("移交理由", max_length=1000)
    urgency = models.CharField("越级的紧急情形", max_length=500, blank=True)
    offered_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    offered_at = models.DateTimeField()
    answer_by = models.DateTimeField("答复期限")
    answer = models.CharField(max_length=10, choices=Answer.choices, blank=True)
    answered_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    words = models.CharField("答复意见", max_length=1000, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dispute"], condition=Q(answer=""), name="hand_over_one_waiting"),
            models.CheckConstraint(condition=Q(to_step__gt=models.F("from_step")), name="hand_over_goes_up"),
        ]


class Alarm(models.Model):
    """It may come to blows or worse: measures taken and the police told, with the minute (调解法§25, L-MED-7)."""

    dispute = models.ForeignKey(Dispute, models.CASCADE, related_name="alarms")
    facts = models.CharField("危险情形", max_length=500)
    measures = models.CharField("已采取的预防措施", max_length=500)
    police = models.CharField("接报公安机关和人员", max_length=120)
    told_at = models.DateTimeField("报告时间")
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()
