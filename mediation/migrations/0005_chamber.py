"""掌上调解室: conversations, messages, hours, bookings, legal aid (MED-9)."""

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("mediation", "0004_screening"),
        ("organisations", "0004_citizens_query"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Conversation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=40, unique=True, verbose_name="编号")),
                ("code_hash", models.CharField(max_length=64)),
                (
                    "way",
                    models.CharField(
                        choices=[("talk", "留言沟通"), ("visit", "预约面谈"), ("aid", "申请法律援助")], max_length=8, verbose_name="方式"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "等待回应"), ("taken", "沟通中"), ("closed", "已结束"), ("dispute", "已转为调解")],
                        default="waiting",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="姓名")),
                ("phone_token", models.CharField(max_length=120)),
                ("phone_masked", models.CharField(max_length=24, verbose_name="电话")),
                ("place", models.CharField(blank=True, max_length=120, verbose_name="详细地点")),
                ("what", models.TextField(max_length=1000, verbose_name="什么事")),
                ("opened_at", models.DateTimeField()),
                ("said_at", models.DateTimeField(help_text="when somebody last said something")),
                ("closed_at", models.DateTimeField(null=True)),
                ("closed_words", models.CharField(blank=True, max_length=300, verbose_name="结束原因")),
                ("submission", models.UUIDField(help_text="of form and browser together; the code does not follow from it", unique=True)),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.area", verbose_name="所在村（社区）"
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "dispute",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="conversations", to="mediation.dispute"),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.unit", verbose_name="接待单位"
                    ),
                ),
            ],
            options={
                "ordering": ["-said_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Booking",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[("offered", "待群众确认"), ("booked", "已约定"), ("kept", "已面谈"), ("missed", "未到"), ("off", "已取消")],
                        max_length=8,
                    ),
                ),
                ("by_label", models.CharField(help_text="who made it", max_length=80)),
                ("at", models.DateTimeField()),
                ("ended_words", models.CharField(blank=True, max_length=200, verbose_name="说明")),
                (
                    "conversation",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="bookings", to="mediation.conversation"),
                ),
                ("mediator", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="bookings", to="mediation.mediator")),
            ],
            options={
                "ordering": ["-starts_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="ChamberHours",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("weekday", models.PositiveSmallIntegerField(help_text="0 = Monday", verbose_name="星期")),
                ("start", models.TimeField(verbose_name="起")),
                ("end", models.TimeField(verbose_name="止")),
                ("mediator", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="chamber_hours", to="mediation.mediator")),
            ],
            options={
                "ordering": ["weekday", "start"],
            },
        ),
        migrations.CreateModel(
            name="ChamberMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("by_label", models.CharField(max_length=80)),
                ("text", models.CharField(max_length=500)),
                ("at", models.DateTimeField()),
                ("read_at", models.DateTimeField(help_text="by the other side", null=True)),
                ("key", models.UUIDField()),
                (
                    "conversation",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="messages", to="mediation.conversation"),
                ),
                ("user", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="ChamberVisit",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("opened_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
                ("conversation", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="mediation.conversation")),
            ],
        ),
        migrations.CreateModel(
            name="Invited",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("declined_at", models.DateTimeField(null=True)),
                ("declined_words", models.CharField(blank=True, max_length=300)),
                ("conversation", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="invited", to="mediation.conversation")),
                ("mediator", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="conversations", to="mediation.mediator")),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="AidRequest",
            fields=[
                (
                    "conversation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="aid",
                        serialize=False,
                        to="mediation.conversation",
                    ),
                ),
                (
                    "ground",
                    models.CharField(
                        choices=[
                            ("poor", "家庭经济困难（需要核查）"),
                            ("no_income", "没有固定收入的未成年人、老年人、残疾人等"),
                            ("relief", "低保、特困等社会救助对象，司法救助、优抚对象"),
                            ("wages", "进城务工，要工资或者工伤赔偿"),
                        ],
                        max_length=12,
                        verbose_name="申请理由",
                    ),
                ),
                ("income", models.CharField(max_length=300, verbose_name="家庭收入情况")),
                (
                    "verdict",
                    models.CharField(
                        choices=[("asked", "审查中"), ("granted", "给予法律援助"), ("refused", "不给予法律援助")],
                        default="asked",
                        max_length=8,
                        verbose_name="决定",
                    ),
                ),
                ("due_on", models.DateField(verbose_name="作出决定的期限")),
                ("words", models.CharField(blank=True, max_length=500, verbose_name="说明")),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "decided_by",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(fields=["unit", "state", "-said_at"], name="conversation_unit"),
        ),
        migrations.AddConstraint(
            model_name="conversation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("dispute__isnull", False), ("state", "dispute")), models.Q(("state", "dispute"), _negated=True), _connector="OR"
                ),
                name="conversation_dispute",
            ),
        ),
        migrations.AddConstraint(
            model_name="conversation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", False), ("state__in", ["closed", "dispute"])),
                    models.Q(("closed_at", None), ("state__in", ("waiting", "taken"))),
                    _connector="OR",
                ),
                name="conversation_closed_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "off"), _negated=True), fields=("mediator", "starts_at"), name="booking_one_a_slot"
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("offered", "booked"))), fields=("conversation",), name="booking_one_a_conversation"
            ),
        ),
        migrations.AddConstraint(
            model_name="chamberhours",
            constraint=models.UniqueConstraint(fields=("mediator", "weekday", "start"), name="chamber_hours_once"),
        ),
        migrations.AddConstraint(
            model_name="chamberhours",
            constraint=models.CheckConstraint(condition=models.Q(("weekday__lte", 6)), name="chamber_hours_weekday"),
        ),
        migrations.AddConstraint(
            model_name="chamberhours",
            constraint=models.CheckConstraint(condition=models.Q(("end__gt", models.F("start"))), name="chamber_hours_end_after_start"),
        ),
        migrations.AddConstraint(
            model_name="chambermessage",
            constraint=models.UniqueConstraint(fields=("conversation", "key"), name="chamber_message_once"),
        ),
        migrations.AddIndex(
            model_name="chambervisit",
            index=models.Index(fields=["seen_at"], name="chamber_visit_seen"),
        ),
        migrations.AddConstraint(
            model_name="invited",
            constraint=models.UniqueConstraint(fields=("conversation", "mediator"), name="invited_once"),
        ),
        migrations.AddConstraint(
            model_name="aidrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("verdict", "asked")),
                    models.Q(models.Q(("verdict", "asked"), _negated=True), ("decided_at__isnull", False), models.Q(("words", ""), _negated=True)),
                    _connector="OR",
                ),
                name="aid_decided_whole",
            ),
        ),
    ]
