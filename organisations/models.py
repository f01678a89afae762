"""What is remembered of the organisation: places, units, people, their posts, and who looked at what."""

from __future__ import annotations

import secrets
from datetime import date
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Upper
from django_otp.plugins.otp_totp.models import TOTPDevice

from organisations import cipher, roles, shortcuts


class Area(models.Model):
    """A place with a division code: county 6 digits, town 9, village 12 (L-CODE-13)."""

    class Level(models.TextChoices):
        COUNTY = "county", "县（市、旗）"
        TOWN = "town", "乡镇（街道）"
        VILLAGE = "village", "村（社区）"

    code = models.CharField("区划代码", max_length=12, unique=True)
    level = models.CharField("层级", max_length=8, choices=Level.choices)
    name = models.CharField("名称", max_length=60)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    pinyin = models.CharField(max_length=400)
    initials = models.CharField(max_length=120)
    valid_from = models.DateField("启用日期", null=True)
    valid_until = models.DateField("停用日期", null=True)

    class Meta:
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(level="county", code__regex=r"^\d{6}$")
                | Q(level="town", code__regex=r"^\d{9}$")
                | Q(level="village", code__regex=r"^\d{12}$"),
                name="area_code_fits_level",
            )
        ]
        indexes: ClassVar = [
            models.Index(OpClass("initials", "text_pattern_ops"), name="area_initials"),
        ]

    def __str__(self) -> str:
        return self.name


class Unit(models.Model):
    """A node of the one tree (ORG-1): centre, station, area station, room, department."""

    class Kind(models.TextChoices):
        CENTRE = "centre", "群众工作中心"
        STATION = "station", "群众工作站（镇街）"
        DEPARTMENT = "department", "县直部门"
        AREA_STATION = "area_station", "片区信访维稳工作站"
        ROOM = "room", "群众工作室（村、社区）"
        ENTERPRISE = "enterprise", "群众工作室（企业）"
        ABOVE = "above", "上级机关"

    kind = models.CharField("类型", max_length=16, choices=Kind.choices)
    name = models.CharField("名称", max_length=80)
    short_name = models.CharField("简称", max_length=40)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    path = models.CharField(max_length=120, unique=True, help_text="ids from the root, e.g. /1/15/320/")
    area = models.ForeignKey(
        Area,
        models.PROTECT,
        null=True,
        related_name="units",
        help_text="the place it answers for (属地)",
    )
    villages = models.ManyToManyField(Area, related_name="area_stations", blank=True)
    is_resident = models.BooleanField("入驻大厅", default=False)
    credit_code = models.CharField("统一社会信用代码", max_length=18, blank=True)
    contact = models.CharField("联系人", max_length=40, blank=True)
    phone = models.CharField("联系电话", max_length=20, blank=True)
    address = models.CharField("地址", max_length=120, blank=True)
    initials = models.CharField(max_length=120)
    active_until = models.DateField("撤销日期", null=True, blank=True)
    successor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="predecessors")

    class Meta:
        ordering: ClassVar = ["path"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["parent", "name"], name="unit_name_once_per_parent"),
            # Lists, routing and the numbers of papers know a unit by its short name: six villages of one county may be called 王庄.
            models.UniqueConstraint(fields=["short_name"], condition=Q(active_until=None), name="unit_short_name_once"),
            models.UniqueConstraint(fields=["kind"], condition=Q(kind="centre"), name="unit_one_centre"),
        ]
        indexes: ClassVar = [
            models.Index(OpClass("path", "text_pattern_ops"), name="unit_path"),
            models.Index(OpClass("initials", "text_pattern_ops"), name="unit_initials"),
        ]

    def __str__(self) -> str:
        return self.short_name

    @property
    def ancestor_ids(self) -> tuple[int, ...]:
        """Ids from the root down to this unit itself."""
        return tuple(int(part) for part in self.path.strip("/").split("/"))


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(username__iexact=username)


class User(AbstractBaseUser):
    """A person with a login (干部). What the person may do hangs on posts, never on the user row."""

    username = models.CharField("登录名", max_length=30, unique=True)
    name = models.CharField("姓名", max_length=30)
    initials = models.CharField(max_length=60)
    staff_number = models.CharField("工号", max_length=20, blank=True)
    phone = models.CharField("手机", max_length=20, blank=True)
    is_active = models.BooleanField("启用", default=True)
    is_clock = models.BooleanField(default=False, help_text="the one row 系统 that acts for the clock")
    created_at = models.DateTimeField(auto_now_add=True)
    password_changed_at = models.DateTimeField(null=True)
    must_change_password = models.BooleanField(default=True)
    signed_out_at = models.DateTimeField(null=True, help_text="sessions begun before this moment are dead (L-SEC-8)")
    theme = models.CharField(max_length=8, default="light")
    density = models.CharField(max_length=8, default="compact")
    single_keys = models.BooleanField("单键快捷键", default=True)
    keys = models.JSONField("自定快捷键", default=dict, help_text="command: key, only what differs from organisations.shortcuts")

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar = ["name"]
    objects = UserManager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(Upper("username"), name="user_username_any_case"),
            models.UniqueConstraint(fields=["is_clock"], condition=Q(is_clock=True), name="user_one_clock"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    @property
    def key_translation(self) -> str:
        """For the page's frame; "" where nothing was changed."""
        return shortcuts.translation(self.keys)


class PostQuerySet(models.QuerySet["Post"]):
    def current(self, today: date) -> PostQuerySet:
        return self.filter(from_on__lte=today).filter(Q(until_on=None) | Q(until_on__gte=today))

    def handling(self, today: date) -> PostQuerySet:
        """Posts whose holder may be given a matter to handle on that day."""
        return self.current(today).filter(role__in=roles.HANDLING_ROLES, user__is_active=True)


class Post(models.Model):
    """A person holds a role at a unit from a date until a date (任职)."""

    user = models.ForeignKey(User, models.PROTECT, related_name="posts")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts")
    role = models.CharField("岗位", max_length=16, choices=roles.CHOICES)
    title = models.CharField("职务", max_length=40, blank=True)
    from_on = models.DateField("任职起")
    until_on = models.DateField("任职止", null=True, blank=True)
    appointed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = PostQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["unit__path", "user__name"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")),
                name="post_ends_after_start",
            ),
            ExclusionConstraint(
                name="post_once_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("unit", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (
                        Func(
                            "from_on",
                            "until_on",
                            Value("[]"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"


class Absence(models.Model):
    """While a person is away a substitute acts for them: «B 代 A», on the stated authority."""

    user = models.ForeignKey(User, models.PROTECT, related_name="absences")
    substitute = models.ForeignKey(User, models.PROTECT, related_name="substitutions")
    from_on = models.DateField("起")
    until_on = models.DateField("止")
    authority = models.CharField("授权依据", max_length=120)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-from_on"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(until_on__gte=F("from_on")), name="absence_ends_after_start"),
            models.CheckConstraint(condition=~Q(user=F("substitute")), name="absence_substitute_is_another"),
        ]

    def __str__(self) -> str:
        return f"{self.substitute} 代 {self.user}"


class PastPassword(models.Model):
    """Hashes of earlier passwords: the last five may not come back (L-SEC-3)."""

    user = models.ForeignKey(User, models.CASCADE, related_name="past_passwords")
    password = models.CharField(max_length=128)
    set_at = models.DateTimeField(auto_now_add=True)


class RolePolicy(models.Model):
    """What the security administrator may tighten for a role."""

    role = models.CharField(max_length=16, choices=roles.CHOICES, unique=True)
    second_factor = models.BooleanField("须动态口令", default=False)
    idle_minutes = models.PositiveSmallIntegerField("无操作退出（分钟）", null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(idle_minutes=None) | Q(idle_minutes__range=(5, 30)), name="policy_idle_within_law"),
        ]


class SecondFactor(TOTPDevice):
    """A person's authenticator. Its secret lies sealed in the table: a copy of the database makes no codes (L-SEC-3)."""

    #: Bytes of a secret; sealed it fits the 80 characters of the column.
    KEY_SIZE = 20

    class Meta:
        proxy = True

    @classmethod
    def new_key(cls) -> str:
        return cipher.seal(secrets.token_bytes(cls.KEY_SIZE))

    @property
    def bin_key(self) -> bytes:
        """The secret itself. Raises cipher.CipherError where it cannot be read with this house's keys."""
        return cipher.unseal(self.key)


class SignInCount(models.Model):
    """Failed sign-ins in a row for a typed name, known or not: five lock it for half an hour (L-SEC-3).

    The key is a keyed hash of the name: who types a password into the wrong field does not leave it here.
    """

    key = models.CharField(max_length=64, primary_key=True)
    failures = models.PositiveSmallIntegerField(default=0)
    last_at = models.DateTimeField()
    locked_until = models.DateTimeField(null=True)


class AccessEntry(models.Model):
    """One line of the append-only access log (L-SEC-5…7, ALL-6): sign-ins, reveals, exports, appointments.

    A database trigger refuses UPDATE and DELETE; `prev_hash` and `hash` chain the lines in id order per day.
    """

    class Event(models.TextChoices):
        SIGN_IN = "sign_in", "登录"
        SIGN_IN_FAILED = "sign_in_failed", "登录失败"
        SIGN_OUT = "sign_out", "退出"
        LOCKED = "locked", "账号锁定"
        UNLOCKED = "unlocked", "解除锁定"
        PASSWORD = "password", "修改密码"
        PASSWORD_RESET = "password_reset", "重置密码"
        SECOND_FACTOR = "second_factor", "动态口令变更"
        REVEAL = "reveal", "查看敏感信息"
        EXPORT = "export", "导出"
        PRINT = "print", "打印"
        DOWNLOAD = "download", "下载附件"
        DENIED = "denied", "越权被拒"
        APPOINT = "appoint", "任职"
        POST_END = "post_end", "免职"
        HAND_OVER = "hand_over", "移交待办"
        ABSENCE = "absence", "请假代理"
        ACCOUNT = "account", "账号变更"
        UNIT = "unit", "单位变更"
        POLICY = "policy", "策略变更"
        LOG_READ = "log_read", "查询日志"
        IMPORT = "import", "导入"
        TOKEN = "token", "接口令牌"
        QUERY = "query", "群众查询"

    at = models.DateTimeField("时间")
    event = models.CharField("事件", max_length=16, choices=Event.choices)
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    user_label = models.CharField("人员", max_length=80)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    object_type = models.CharField(max_length=30, blank=True)
    object_id = models.CharField(max_length=40, blank=True)
    object_label = models.CharField("对象", max_length=120, blank=True)
    field = models.CharField("字段", max_length=40, blank=True)
    ground = models.CharField("理由", max_length=300, blank=True)
    detail = models.JSONField(default=dict, help_text="before → after, masked")
    succeeded = models.BooleanField("成功", default=True)
    address = models.GenericIPAddressField("来源地址", null=True)
    session = models.CharField(max_length=16, blank=True)
    request_id = models.CharField(max_length=36, blank=True)
    hash = models.CharField(max_length=64, help_text="SHA-256 over the row's own fields")

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["object_type", "object_id", "-id"], name="access_object"),
            models.Index(fields=["user", "-id"], name="access_user"),
            models.Index(fields=["event", "-id"], name="access_event"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.get_event_display()} {self.user_label}"
