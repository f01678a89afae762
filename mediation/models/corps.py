"""The corps: who mediates, appointed by whom and for how long, what they learned, and the duties they did (MED-11, 12, 14, 15)."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from casework.models import Case
from mediation import codes
from organisations.models import Area, Unit

USER = settings.AUTH_USER_MODEL


class CorpsRules(models.Model):
    """One version of the county's own measures for the corps; the newest begun on a day holds for that day (L-CUR-7).

    Positions and the duty log as a whole are switched off unless the county decides otherwise (beyond.md: no compulsory check-ins).
    """

    valid_from = models.DateField("施行日", unique=True)
    small_village = models.PositiveIntegerField("小村：户数不超过", default=300)
    small_village_people = models.PositiveSmallIntegerField("小村调解员至少", default=1)
    large_village_people = models.PositiveSmallIntegerField("大村调解员至少", default=2)
    area_station_people = models.PositiveSmallIntegerField("片区站调解员至少", default=2)
    town_people = models.PositiveSmallIntegerField("镇（街）调解员至少", default=3)
    committee_least = models.PositiveSmallIntegerField("调委会最少人数", default=3)
    committee_most = models.PositiveSmallIntegerField("调委会最多人数", default=9)
    term_years = models.PositiveSmallIntegerField("任期（年）", default=3)
    training_days = models.DecimalField("每年培训不少于（天）", max_digits=4, decimal_places=1, default=4)
    keeps_duties = models.BooleanField("启用“四个至少”履职登记", default=True)
    takes_positions = models.BooleanField("允许记录定位", default=False)
    bureau = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="主管部门（司法局）")
    set_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+", help_text="None: came with the program")
    set_at = models.DateTimeField(null=True)
    reason = models.CharField("修改原因", max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["-valid_from"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(committee_least__lte=F("committee_most")), name="corps_committee_range"),
        ]


class MediatorQuerySet(models.QuerySet["Mediator"]):
    def serving(self, day: date) -> MediatorQuerySet:
        """In office on that day: appointed, term running, not ended (L-MED-1)."""
        return self.filter(Exists(Appointment.objects.running(day).filter(mediator=OuterRef("pk"))))

    def online(self, day: date) -> MediatorQuerySet:
        """Serving, and shown on the public page by their own consent, which still stands."""
        return self.serving(day).filter(consented_on__lte=day).filter(Q(withdrawn_on=None) | Q(withdrawn_on__gt=day))


class Mediator(models.Model):
    """A person of the corps, with or without a login. Numbers are SM4 tokens as on a case; `id_index` recognises the person among parties."""

    class Kind(models.TextChoices):
        PEOPLES = "peoples", "人民调解员"
        VILLAGE = "village", "村信调员"
        WORTHY = "worthy", "新乡贤"
        ADVISER = "adviser", "法律顾问"
        JUSTICE = "justice", "司法所人员"

    class Grade(models.TextChoices):
        FIRST = "1", "一级"
        SECOND = "2", "二级"
        THIRD = "3", "三级"
        FOURTH = "4", "四级"
        NONE = "", "未评级"

    class Sex(models.TextChoices):
        MALE = "1", "男"
        FEMALE = "2", "女"

    user = models.OneToOneField(USER, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField("姓名", max_length=60)
    initials = models.CharField(max_length=120)
    sex = models.CharField("性别", max_length=1, choices=Sex.choices)
    born_year = models.PositiveSmallIntegerField("出生年份", null=True, blank=True)
    id_token = models.CharField(max_length=120, blank=True)
    id_index = models.CharField(max_length=32, blank=True)
    id_masked = models.CharField("证件号码", max_length=24, blank=True)
    phone_token = models.CharField(max_length=120, blank=True)
    phone_index = models.CharField(max_length=32, blank=True)
    phone_masked = models.CharField("电话", max_length=24, blank=True)
    kind = models.CharField("类别", max_length=8, choices=Kind.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="所在单位")
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="所在村（社区）")
    grade = models.CharField("等级", max_length=1, choices=Grade.choices, blank=True)
    specialities = ArrayField(models.CharField(max_length=2, choices=codes.TYPES.choices), default=list, blank=True, verbose_name="擅长纠纷")
    languages = models.CharField("语言、方言", max_length=60, blank=True)
    notes = models.CharField("备注", max_length=300, blank=True)
    is_civil_servant = models.BooleanField("公职人员（不领案件补贴）", default=False)
    consented_on = models.DateField("同意网上公开之日", null=True, blank=True)
    withdrawn_on = models.DateField("撤回同意之日", null=True, blank=True)
    online_hours = models.CharField("网上服务时间", max_length=80, blank=True)
    position_consented_on = models.DateField("同意记录定位之日", null=True, blank=True)
    position_withdrawn_on = models.DateField("撤回定位同意之日", null=True, blank=True)
    entered_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    objects = MediatorQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["unit__path", "name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["id_index"], condition=~Q(id_index=""), name="mediator_once_by_id"),
            models.CheckConstraint(
                condition=Q(withdrawn_on=None) | Q(consented_on__isnull=False, withdrawn_on__gte=F("consented_on")),
                name="mediator_consent_before_withdrawal",
            ),
        ]
        indexes: ClassVar = [
            models.Index(OpClass("initials", "text_pattern_ops"), name="mediator_initials"),
            models.Index(fields=["unit", "kind"], name="mediator_unit_kind"),
            models.Index(fields=["area"], name="mediator_area"),
        ]

    def __str__(self) -> str:
        return self.name


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def running(self, day: date) -> AppointmentQuerySet:
        return self.filter(from_on__lte=day, until_on__gte=day).filter(Q(ended_on=None) | Q(ended_on__gt=day))


class Appointment(models.Model):
    """A term of office: elected, appointed or hired, from a day until a day (three years: 调解法§9, L-MED-1), with its contract."""

    class Way(models.TextChoices):
        ELECTED = "elected", "推选"
        APPOINTED = "appointed", "聘任（委任）"
        HIRED = "hired", "签约聘用"

    class End(models.TextChoices):
        RUNNING = "", "在任"
        EXPIRED = "expired", "任期届满"
        RESIGNED = "resigned", "本人辞任"
        MOVED = "moved", "另有任用"
        DISMISSED = "dismissed", "罢免、解聘"
        DIED = "died", "去世"

    mediator = models.ForeignKey(Mediator, models.PROTECT, related_name="appointments")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    way = models.CharField("产生方式", max_length=10, choices=Way.choices)
    from_on = models.DateField("任期起")
    until_on = models.DateField("任期止")
    contract_number = models.CharField("聘书（合同）编号", max_length=40, blank=True)
    contract_from = models.DateField("合同起", null=True, blank=True)
    contract_until = models.DateField("合同止", null=True, blank=True)
    decided_by = models.CharField("推选（决定）单位", max_length=80)
    ended_on = models.DateField("离任日期", null=True, help_text="the first day out of office")
    end = models.CharField("离任原因", max_length=10, choices=End.choices, blank=True)
    end_words = models.CharField("离任说明", max_length=300, blank=True)
    entered_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-from_on", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mediator"], condition=Q(ended_on=None), name="appointment_one_open"),
            models.CheckConstraint(condition=Q(until_on__gte=F("from_on")), name="appointment_ends_after_start"),
            models.CheckConstraint(condition=Q(ended_on=None, end="") | (Q(ended_on__isnull=False) & ~Q(end="")), name="appointment_end_has_reason"),
        ]
        indexes: ClassVar = [models.Index(fields=["until_on"], name="appointment_until", condition=Q(ended_on=None))]


class CareerStep(models.Model):
    """One line of a person's way through the corps: taken in, renewed, promoted, graded, left; who decided and who entered it (MED-11)."""

    class Kind(models.TextChoices):
        ENTER = "enter", "入队任职"
        RENEW = "renew", "续任"
        PROMOTE = "promote", "晋升（调任）"
        GRADE = "grade", "评定等级"
        CONSENT = "consent", "同意网上公开"
        WITHDRAW = "withdraw", "撤回网上公开"
        POSITION_CONSENT = "pos_consent", "同意记录定位"
        POSITION_WITHDRAW = "pos_withdraw", "撤回定位同意"
        AMEND = "amend", "修改资料"
        END = "end", "离任"

    mediator = models.ForeignKey(Mediator, models.PROTECT, related_name="career")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    on = models.DateField("日期")
    from_unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    to_unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    from_grade = models.CharField(max_length=1, choices=Mediator.Grade.choices, blank=True)
    to_grade = models.CharField(max_length=1, choices=Mediator.Grade.choices, blank=True)
    decided_by = models.CharField("决定单位", max_length=80, blank=True)
    words = models.CharField("说明", max_length=300, blank=True)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    by_label = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-on", "-id"]


class Committee(models.Model):
    """A people's mediation committee (人民调解委员会): three to nine members, one chair, women among them (调解法§8, L-MED-1)."""

    unit = models.OneToOneField(Unit, models.PROTECT, related_name="+")
    name = models.CharField("名称", max_length=80)
    set_up_on = models.DateField("设立日期", null=True, blank=True)
    entered_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["unit__path"]

    def __str__(self) -> str:
        return self.name


class Seat(models.Model):
    """A member of a committee from a day until a day."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="seats")
    mediator = models.ForeignKey(Mediator, models.PROTECT, related_name="seats")
    is_chair = models.BooleanField("主任", default=False)
    from_on = models.DateField("起")
    until_on = models.DateField("止", null=True, blank=True)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-is_chair", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["committee", "mediator"], condition=Q(until_on=None), name="seat_once"),
            models.UniqueConstraint(fields=["committee"], condition=Q(until_on=None, is_chair=True), name="seat_one_chair"),
        ]


class Households(models.Model):
    """How many households a village has, counted on a day. No row: unknown, and never guessed."""

    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    n = models.PositiveIntegerField("户数")
    counted_on = models.DateField("统计日期")
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["area", "-counted_on", "-id"]
        constraints: ClassVar = [models.CheckConstraint(condition=Q(n__gt=0), name="households_some")]


class Training(models.Model):
    """A day somebody learned something: training, monthly meeting, a colleague's case watched, a court hearing attended (MED-12)."""

    class Kind(models.TextChoices):
        COURSE = "course", "业务培训"
        MEETING = "meeting", "月例会"
        OBSERVATION = "observation", "观摩调解"
        HEARING = "hearing", "旁听庭审"

    kind = models.CharField("类型", max_length=12, choices=Kind.choices)
    name = models.CharField("主题", max_length=80)
    on = models.DateField("日期")
    days = models.DecimalField("天数", max_digits=3, decimal_places=1)
    place = models.CharField("地点", max_length=80)
    teacher = models.CharField("主讲（承办法官、案件）", max_length=80, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="组织单位")
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-on", "-id"]
        constraints: ClassVar = [models.CheckConstraint(condition=Q(days__gt=0, days__lte=30), name="training_days_sane")]

    def __str__(self) -> str:
        return self.name


class Attended(models.Model):
    """Somebody was there, for all or part of the days."""

    training = models.ForeignKey(Training, models.CASCADE, related_name="attendance")
    mediator = models.ForeignKey(Mediator, models.PROTECT, related_name="attendance")
    days = models.DecimalField("实到天数", max_digits=3, decimal_places=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["training", "mediator"], name="attended_once"),
            models.CheckConstraint(condition=Q(days__gt=0), name="attended_some"),
        ]


class Duty(models.Model):
    """One of the four at-leasts done (MED-14): when and where, by whose word; a photo and a position only as far as allowed."""

    class Kind(models.TextChoices):
        SCREENING = "screening", "矛盾排查"
        CONSULTATION = "consultation", "法律咨询"
        MEDIATION = "mediation", "纠纷调解"
        PUBLICITY = "publicity", "法治宣传"
        LECTURE = "lecture", "法治讲座"

    mediator = models.ForeignKey(Mediator, models.PROTECT, related_name="duties")
    kind = models.CharField("履职内容", max_length=12, choices=Kind.choices)
    came_at = models.DateTimeField("签到")
    left_at = models.DateTimeField("签退", null=True)
    on = models.DateField("日期", help_text="the local day of came_at")
    place = models.CharField("地点", max_length=80)
    words = models.CharField("情况", max_length=300, blank=True)
    people_count = models.PositiveIntegerField("参加（服务）人数", null=True, blank=True)
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="+")
    photo_sha256 = models.CharField(max_length=64, blank=True)
    photo_size = models.PositiveIntegerField(default=0)
    latitude = models.DecimalField("纬度", max_digits=8, decimal_places=5, null=True)
    longitude = models.DecimalField("经度", max_digits=8, decimal_places=5, null=True)
    accuracy = models.PositiveIntegerField("定位误差（米）", null=True)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    is_for_another = models.BooleanField("代填", default=False)
    at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True)
    voided_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    void_reason = models.CharField("作废原因", max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["-came_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(left_at=None) | Q(left_at__gte=F("came_at")), name="duty_ends_after_start"),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None, accuracy=None)
                | Q(latitude__isnull=False, longitude__isnull=False, accuracy__isnull=False),
                name="duty_position_with_accuracy",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["mediator", "on"], name="duty_mediator_on")]


class Activity(models.Model):
    """What was done together with the justice office, the court or discipline inspection (站办联动, MED-15)."""

    class Kind(models.TextChoices):
        PUBLICITY = "publicity", "法律四进"
        RESETTLEMENT = "resettlement", "安置帮教"
        COURT = "court", "与法庭会商（提前研判）"
        DISCIPLINE = "discipline", "与纪检联动"

    kind = models.CharField("类型", max_length=12, choices=Kind.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="承办单位")
    on = models.DateField("日期")
    place = models.CharField("地点", max_length=80)
    partner = models.CharField("联动单位", max_length=80)
    participants = models.CharField("参加人员", max_length=200)
    people_count = models.PositiveIntegerField("人数", null=True, blank=True)
    outcome = models.TextField("情况和结果", max_length=1000)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-on", "-id"]
        indexes: ClassVar = [models.Index(fields=["unit", "-on"], name="activity_unit_on")]
