import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("mediation", "0002_corps"),
        ("organisations", "0004_citizens_query"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SideWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("letter", models.CharField(choices=[("a", "甲方"), ("b", "乙方"), ("c", "丙方")], max_length=1, verbose_name="方")),
                ("answer", models.CharField(choices=[("agrees", "同意"), ("objects", "不同意（要求回避）")], max_length=8, verbose_name="意见")),
                ("words", models.CharField(blank=True, max_length=300, verbose_name="理由")),
                ("at", models.DateTimeField()),
                ("replaced_at", models.DateTimeField(null=True)),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("dispute", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="side_words", to="mediation.dispute")),
                (
                    "mediator",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="mediation.mediator", verbose_name="调解员"),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("replaced_at", None)), fields=("dispute", "mediator", "letter"), name="side_word_one_stands"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TeamSeat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "part",
                    models.CharField(
                        choices=[
                            ("adviser", "法律顾问"),
                            ("justice", "司法所人员"),
                            ("worthy", "新乡贤"),
                            ("mediator", "调解员"),
                            ("representative", "村民代表、人大代表、政协委员"),
                            ("department", "部门人员"),
                        ],
                        max_length=16,
                        verbose_name="身份",
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="姓名")),
                ("valid_from", models.DateField(verbose_name="起")),
                ("valid_until", models.DateField(null=True, verbose_name="止")),
                ("at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.area", verbose_name="村（社区）"
                    ),
                ),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                (
                    "ended_by",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                ("mediator", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="mediation.mediator")),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.unit", verbose_name="所在单位"
                    ),
                ),
                ("user", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "ordering": ["id"],
                "indexes": [models.Index(fields=["area"], name="team_seat_area")],
                "constraints": [
                    models.UniqueConstraint(condition=models.Q(("ended_at", None)), fields=("area", "part", "mediator"), name="team_seat_once"),
                    models.CheckConstraint(
                        condition=models.Q(("valid_until", None), ("valid_until__gte", models.F("valid_from")), _connector="OR"),
                        name="team_seat_ends_after_start",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Tie",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person_index", models.CharField(db_index=True, help_text="blind index of the identity number", max_length=32)),
                ("person_name", models.CharField(max_length=60, verbose_name="姓名")),
                ("person_masked", models.CharField(max_length=24, verbose_name="证件号码")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("near_kin", "近亲属"),
                            ("kin", "其他亲属"),
                            ("trust", "信得过、说得上话"),
                            ("group", "同一村民小组"),
                            ("comrade", "战友"),
                            ("classmate", "同学"),
                            ("colleague", "同事、工友"),
                            ("teacher", "师生、师徒"),
                            ("neighbour", "邻居"),
                            ("debt", "债权债务"),
                            ("employer", "雇佣关系"),
                            ("quarrel", "有过纠纷"),
                            ("interest", "其他利害关系"),
                        ],
                        max_length=12,
                        verbose_name="关系",
                    ),
                ),
                ("words", models.CharField(blank=True, max_length=120, verbose_name="说明")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("self", "本人告知并同意"),
                            ("mediator", "调解员申报"),
                            ("committee", "村（居）委会掌握"),
                            ("party", "当事人反映"),
                            ("earlier", "以往调解工作中了解"),
                        ],
                        max_length=10,
                        verbose_name="来源",
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="起")),
                ("valid_until", models.DateField(verbose_name="有效期至")),
                ("entered_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("withdrawn_because", models.CharField(blank=True, max_length=200, verbose_name="撤销原因")),
                ("entered_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                (
                    "mediator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="ties", to="mediation.mediator", verbose_name="调解员"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        help_text="the room or station that keeps this record",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.unit",
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(condition=models.Q(("withdrawn_at", None)), fields=("mediator", "person_index", "kind"), name="tie_once"),
                    models.CheckConstraint(condition=models.Q(("valid_until__gte", models.F("valid_from"))), name="tie_ends_after_start"),
                    models.CheckConstraint(condition=models.Q(("person_index", ""), _negated=True), name="tie_has_person"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at", None), ("withdrawn_by", None)),
                            models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="tie_withdrawn_by_somebody",
                    ),
                ],
            },
        ),
    ]
