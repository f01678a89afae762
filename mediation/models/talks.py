"""Mediation itself: rights told, mediators, talks, positions, the agreement and how it is kept (L-MED-5…10, 20…22, 47…49)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from casework.models import Attachment, Document, Party
from mediation import codes
from mediation.models.dispute import Dispute, Side
from organisations.models import Unit

USER = settings.AUTH_USER_MODEL


class SignWay(models.TextChoices):
    """How somebody put a name to a paper (调解法§29: 签名、盖章或者按指印)."""

    SIGNED = "1", "签名"
    FINGERPRINT = "2", "按指印"
    SEALED = "3", "盖章"
    READ_OUT = "4", "宣读后签名并按指印"


class Informed(models.Model):
    """A side was told of its rights and duties before the talks and put its name to it (调解法§23 §24; 75号令§30). Once a side."""

    dispute = models.ForeignKey(Dispute, models.CASCADE, related_name="informed")
    letter = models.CharField("方", max_length=1, choices=Side.Letter.choices)
    party = models.ForeignKey(Party, models.PROTECT, related_name="+")
    way = models.CharField("签收方式", max_length=1, choices=SignWay.choices)
    on = models.DateField("签收日期")
    document = models.ForeignKey(Document, models.PROTECT, related_name="+", help_text="the M03 that was signed")
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["letter"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["dispute", "letter"], name="informed_once_a_side")]


class Mediating(models.Model):
    """Somebody who mediates this dispute: how chosen, accepted by which sides, from when until when (调解法§19 §20; L-MED-5)."""

    class Chosen(models.TextChoices):
        NAMED = "named", "调委会指定"
        CHOSEN = "chosen", "当事人共同选定"
        INVITED = "invited", "调委会邀请参加"
        TEAM = "team", "“3+N”团队成员"

    class Part(models.TextChoices):
        LEADING = "leading", "主持调解"
        JOINING = "joining", "参加调解"

    dispute = models.ForeignKey(Dispute, models.CASCADE, related_name="mediators")
    user = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+", help_text="null: somebody without an account, e.g. a village elder")
    mediator = models.ForeignKey("mediation.Mediator", models.PROTECT, null=True, related_name="+", help_text="null: not of the corps")
    name = models.CharField("姓名", max_length=60)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    chosen = models.CharField("产生方式", max_length=8, choices=Chosen.choices)
    part = models.CharField("分工", max_length=8, choices=Part.choices)
    accepted_by = ArrayField(models.CharField(max_length=1), default=list, blank=True, verbose_name="已接受的一方", help_text="letters of sides")
    words = models.CharField("说明", max_length=500, blank=True)
    since_on = models.DateField()
    until_on = models.DateField(null=True, help_text="stopped mediating here: withdrew, was challenged, the dispute moved on")
    ended_because = models.CharField("不再调解的原因", max_length=300, blank=True)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dispute", "user"], condition=Q(until_on=None, user__isnull=False), name="mediating_once_at_a_time"),
        ]


class Challenge(models.Model):
    """A side asks that a mediator step aside (回避), with the ground; the body decides (调解法§23)."""

    class Ground(models.TextChoices):
        PARTY = "party", "是本案当事人或其近亲属"
        INTEREST = "interest", "与本案有利害关系"
        RELATION = "relation", "与一方有其他关系，可能影响公正"
        CONDUCT = "conduct", "偏袒一方或有不当行为"
        OTHER = "other", "不接受该调解员"

    mediating = models.ForeignKey(Mediating, models.CASCADE, related_name="challenges")
    letter = models.CharField("提出的一方", max_length=1, choices=Side.Letter.choices)
    ground = models.CharField("理由", max_length=8, choices=Ground.choices)
    words = models.CharField("情况", max_length=500)
    raised_on = models.DateField()
    is_upheld = models.BooleanField("应当回避", null=True)
    decided_on = models.DateField(null=True)
    decided_words = models.CharField("决定理由", max_length=500, blank=True)
    decided_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["mediating"], condition=Q(decided_on=None), name="challenge_one_waiting")]


class Session(models.Model):
    """A talk: planned, held or called off; with all together or apart with one side (L-MED-20, L-MED-48)."""

    class Kind(models.TextChoices):
        JOINT = "joint", "当面调解"
        APART = "apart", "分别谈话"

    class State(models.TextChoices):
        PLANNED = "planned", "已约定"
        HELD = "held", "已进行"
        OFF = "off", "未进行"

    dispute = models.ForeignKey(Dispute, models.CASCADE, related_name="sessions")
    kind = models.CharField("方式", max_length=8, choices=Kind.choices)
    state = models.CharField(max_length=8, choices=State.choices)
    letter = models.CharField("谈话的一方", max_length=1, choices=Side.Letter.choices, blank=True, help_text="for a talk apart")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    step = models.PositiveSmallIntegerField()
    place = models.CharField("地点", max_length=80)
    is_closed = models.BooleanField("不公开", default=False, help_text="a side asked for it (调解法§23)")
    invited = models.CharField("通知和邀请的人", max_length=300, blank=True)
    planned_at = models.DateTimeField(null=True)
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    minutes = models.TextField("调解经过", blank=True)
    gist = models.CharField("要点", max_length=500, blank=True)
    off_because = models.CharField("未进行的原因", max_length=300, blank=True)
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+", help_text="the M05")
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(state="held") | Q(began_at__isnull=False, ended_at__isnull=False), name="session_held_has_times"),
            models.CheckConstraint(condition=Q(began_at=None) | Q(ended_at__gte=F("began_at")), name="session_ends_after_it_begins"),
            models.UniqueConstraint(fields=["dispute"], condition=Q(state="planned"), name="session_one_planned"),
        ]


class SessionCall(models.Model):
    """A party or agent was told of a planned talk: when, where, by whom it is led (75号令§30)."""

    class Way(models.TextChoices):
        FACE = "face", "当面告知"
        PHONE = "phone", "电话告知"
        PAPER = "paper", "送调解通知书"
        SMS = "sms", "发短信"

    session = models.ForeignKey(Session, models.CASCADE, related_name="calls")
    party = models.ForeignKey(Party, models.PROTECT, related_name="+")
    letter = models.CharField("方", max_length=1, choices=Side.Letter.choices)
    way = models.CharField("通知方式", max_length=5, choices=Way.choices)
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+", help_text="the M15, where a paper was sent")
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["session", "party"], name="session_call_once_a_person")]


class Attendance(models.Model):
    """Somebody who was there. Guests only with the parties' consent (调解法§20)."""

    class Part(models.TextChoices):
        PARTY = "party", "当事人"
        AGENT = "agent", "代理人"
        MEDIATOR = "mediator", "调解员"
        RECORDER = "recorder", "记录人"
        GUEST = "guest", "其他参加人"

    session = models.ForeignKey(Session, models.CASCADE, related_name="attendance")
    part = models.CharField(max_length=8, choices=Part.choices)
    name = models.CharField(max_length=60)
    party = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+")
    letter = models.CharField(max_length=1, choices=Side.Letter.choices, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]


class Position(models.Model):
    """What a side said at a time: its points, the sum it asks or offers. The newest of a side is where it stands now."""

    class Wants(models.TextChoices):
        ASKS = "asks", "要求"
        OFFERS = "offers", "愿出"

    dispute = models.ForeignKey(Dispute, models.CASCADE, related_name="positions")
    session = models.ForeignKey(Session, models.CASCADE, null=True, related_name="positions")
    letter = models.CharField("方", max_length=1, choices=Side.Letter.choices)
    points = ArrayField(models.CharField(max_length=120), default=list, verbose_name="意见")
    wants = models.CharField(max_length=8, choices=Wants.choices, blank=True)
    amount = models.DecimalField("金额（元）", max_digits=14, decimal_places=2, null=True)
    on = models.DateField()
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.CheckConstraint(condition=Q(amount=None) | Q(amount__gte=0), name="position_amount_not_negative")]


class Agreement(models.Model):
    """What the parties agreed (调解法§28–31, L-MED-10, L-MED-49). One stands at a time; an earlier one that was broken and replaced is kept."""

    dispute = models.ForeignKey(Dispute, models.CASCADE, related_name="agreements")
    form = models.CharField("形式", max_length=1, choices=codes.AGREEMENT_FORMS.choices)
    facts = models.TextField("主要事实")
    disputed = models.TextField("争议事项")
    responsibilities = models.TextField("各方责任", blank=True)
    content = models.TextField("协议内容")
    total = models.DecimalField("金额合计（元）", max_digits=14, decimal_places=2, default=0)
    place = models.CharField("履行地点", max_length=80, blank=True)
    is_on_the_spot = models.BooleanField("当场履行", default=False)
    reached_on = models.DateField("达成日期")
    effective_on = models.DateField("生效日期", help_text="written: all have signed and the seal is on; oral: when reached (调解法§29 §30)")
    mediators = ArrayField(models.CharField(max_length=60), default=list, verbose_name="签名的调解员")
    sealed_on = models.DateField("加盖调委会印章日期", null=True)
    copies = models.PositiveSmallIntegerField("份数", default=3)
    document = models.ForeignKey(Document, models.PROTECT, related_name="+", help_text="the M06 or M07")
    broken_on = models.DateField("认定未履行日期", null=True)
    replaced_on = models.DateField("另行处理日期", null=True, help_text="mediated again or dealt with in court: this one no longer stands")
    performed_on = models.DateField("全部履行日期", null=True)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dispute"], condition=Q(replaced_on=None), name="agreement_one_stands"),
            models.CheckConstraint(condition=Q(total__gte=0), name="agreement_total_not_negative"),
            models.CheckConstraint(condition=Q(form="2") | Q(sealed_on__isnull=False), name="agreement_written_has_seal"),
        ]


class Signature(models.Model):
    """A party's name under the agreement (调解法§29)."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="signatures")
    letter = models.CharField("方", max_length=1, choices=Side.Letter.choices)
    party = models.ForeignKey(Party, models.PROTECT, related_name="+")
    way = models.CharField(max_length=1, choices=SignWay.choices)
    on = models.DateField()

    class Meta:
        ordering: ClassVar = ["letter", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["agreement", "party"], name="signature_once_a_party")]


class AgreementItem(models.Model):
    """One thing owed: who, to whom, what, how much, until when, in what way. An instalment is an item of its own."""

    class Kind(models.TextChoices):
        MONEY = "money", "给付金钱"
        THING = "thing", "交付物品"
        DEED = "deed", "行为"

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="items")
    no = models.PositiveSmallIntegerField("序号")
    kind = models.CharField("种类", max_length=8, choices=Kind.choices)
    debtor = models.CharField("义务方", max_length=1, choices=Side.Letter.choices)
    creditor = models.CharField("权利方", max_length=1, choices=Side.Letter.choices)
    what = models.CharField("内容", max_length=300)
    amount = models.DecimalField("金额（元）", max_digits=14, decimal_places=2, null=True)
    paid = models.DecimalField("已付（元）", max_digits=14, decimal_places=2, default=0)
    way = models.CharField("履行方式", max_length=80, blank=True)
    due_on = models.DateField("履行期限")
    done_on = models.DateField("履行完毕日期", null=True)

    class Meta:
        ordering: ClassVar = ["no"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agreement", "no"], name="agreement_item_no_once"),
            models.CheckConstraint(
                condition=Q(kind="money", amount__gt=0) | (~Q(kind="money") & Q(amount=None)), name="agreement_item_money_has_amount"
            ),
            models.CheckConstraint(condition=~Q(debtor=F("creditor")), name="agreement_item_between_two"),
            models.CheckConstraint(condition=Q(paid__gte=0) & (Q(amount=None) | Q(paid__lte=F("amount"))), name="agreement_item_not_overpaid"),
        ]


class Performance(models.Model):
    """An item, or a part of it, was kept: when, how much, by what proof (L-MED-11, dossier no. 9)."""

    item = models.ForeignKey(AgreementItem, models.CASCADE, related_name="performances")
    on = models.DateField("履行日期")
    amount = models.DecimalField("金额（元）", max_digits=14, decimal_places=2, null=True)
    proof = models.CharField("凭证", max_length=200)
    attachment = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.CheckConstraint(condition=Q(amount=None) | Q(amount__gt=0), name="performance_amount_positive")]


class Ending(models.Model):
    """Mediation stopped without an agreement: why, and which lawful ways the parties were told of, with their limits (调解法§26; L-MED-8)."""

    dispute = models.OneToOneField(Dispute, models.CASCADE, primary_key=True, related_name="ending")
    reason = models.CharField("终止情形", max_length=1, choices=codes.END_REASONS.choices)
    is_withdrawn = models.BooleanField("申请人撤回", default=False)
    words = models.CharField("情况", max_length=1000)
    routes = ArrayField(models.CharField(max_length=24), default=list, verbose_name="告知的途径", help_text="codes of WAYS")
    limitation = models.CharField("时效提示", max_length=300, blank=True)
    document = models.ForeignKey(Document, models.PROTECT, related_name="+", help_text="the M09")
    on = models.DateField()
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()


class Prolongation(models.Model):
    """All parties want to go on past the month (75号令§33): once at each body, whose month began with its own acceptance, at most thirty days."""

    dispute = models.ForeignKey(Dispute, models.CASCADE, related_name="prolongations")
    step = models.PositiveSmallIntegerField("第几步")
    days = models.PositiveSmallIntegerField("延长天数")
    was_due_on = models.DateField("原期限")
    due_on = models.DateField("延长后期限")
    agreed_by = models.CharField("双方同意的情况", max_length=300)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.CheckConstraint(condition=Q(days__range=(1, 30)), name="prolongation_at_most_thirty_days")]
