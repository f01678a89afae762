import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0026_limits_of_disputes"),
        ("mediation", "0001_disputes"),
        ("organisations", "0004_citizens_query"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Committee",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, verbose_name="名称")),
                ("set_up_on", models.DateField(blank=True, null=True, verbose_name="设立日期")),
                ("entered_at", models.DateTimeField()),
                ("entered_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                (
                    "unit",
                    models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.unit"),
                ),
            ],
            options={
                "ordering": ["unit__path"],
            },
        ),
        migrations.CreateModel(
            name="Mediator",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="姓名")),
                ("initials", models.CharField(max_length=120)),
                ("sex", models.CharField(choices=[("1", "男"), ("2", "女")], max_length=1, verbose_name="性别")),
                ("born_year", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="出生年份")),
                ("id_token", models.CharField(blank=True, max_length=120)),
                ("id_index", models.CharField(blank=True, max_length=32)),
                ("id_masked", models.CharField(blank=True, max_length=24, verbose_name="证件号码")),
                ("phone_token", models.CharField(blank=True, max_length=120)),
                ("phone_index", models.CharField(blank=True, max_length=32)),
                ("phone_masked", models.CharField(blank=True, max_length=24, verbose_name="电话")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("peoples", "人民调解员"),
                            ("village", "村信调员"),
                            ("worthy", "新乡贤"),
                            ("adviser", "法律顾问"),
                            ("justice", "司法所人员"),
                        ],
                        max_length=8,
                        verbose_name="类别",
                    ),
                ),
                (
                    "grade",
                    models.CharField(
                        blank=True,
                        choices=[("1", "一级"), ("2", "二级"), ("3", "三级"), ("4", "四级"), ("", "未评级")],
                        max_length=1,
                        verbose_name="等级",
                    ),
                ),
                (
                    "specialities",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("01", "婚姻家庭纠纷"),
                                ("02", "邻里纠纷"),
                                ("03", "房屋、宅基地纠纷"),
                                ("04", "合同纠纷"),
                                ("05", "生产经营纠纷"),
                                ("06", "损害赔偿纠纷"),
                                ("07", "山林土地纠纷"),
                                ("08", "征地拆迁纠纷"),
                                ("09", "环境污染纠纷"),
                                ("10", "拖欠农民工工资纠纷"),
                                ("11", "其他劳动争议"),
                                ("12", "旅游纠纷"),
                                ("13", "电子商务纠纷"),
                                ("14", "其他消费纠纷"),
                                ("15", "医疗纠纷"),
                                ("16", "道路交通事故纠纷"),
                                ("17", "物业纠纷"),
                                ("99", "其他纠纷"),
                            ],
                            max_length=2,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="擅长纠纷",
                    ),
                ),
                ("languages", models.CharField(blank=True, max_length=60, verbose_name="语言、方言")),
                ("notes", models.CharField(blank=True, max_length=300, verbose_name="备注")),
                ("is_civil_servant", models.BooleanField(default=False, verbose_name="公职人员（不领案件补贴）")),
                ("consented_on", models.DateField(blank=True, null=True, verbose_name="同意网上公开之日")),
                ("withdrawn_on", models.DateField(blank=True, null=True, verbose_name="撤回同意之日")),
                ("online_hours", models.CharField(blank=True, max_length=80, verbose_name="网上服务时间")),
                ("position_consented_on", models.DateField(blank=True, null=True, verbose_name="同意记录定位之日")),
                ("position_withdrawn_on", models.DateField(blank=True, null=True, verbose_name="撤回定位同意之日")),
                ("entered_at", models.DateTimeField()),
                (
                    "area",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.area",
                        verbose_name="所在村（社区）",
                    ),
                ),
                ("entered_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.unit", verbose_name="所在单位"
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["unit__path", "name", "id"],
            },
        ),
        migrations.CreateModel(
            name="Duty",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("screening", "矛盾排查"),
                            ("consultation", "法律咨询"),
                            ("mediation", "纠纷调解"),
                            ("publicity", "法治宣传"),
                            ("lecture", "法治讲座"),
                        ],
                        max_length=12,
                        verbose_name="履职内容",
                    ),
                ),
                ("came_at", models.DateTimeField(verbose_name="签到")),
                ("left_at", models.DateTimeField(null=True, verbose_name="签退")),
                ("on", models.DateField(help_text="the local day of came_at", verbose_name="日期")),
                ("place", models.CharField(max_length=80, verbose_name="地点")),
                ("words", models.CharField(blank=True, max_length=300, verbose_name="情况")),
                ("people_count", models.PositiveIntegerField(blank=True, null=True, verbose_name="参加（服务）人数")),
                ("photo_sha256", models.CharField(blank=True, max_length=64)),
                ("photo_size", models.PositiveIntegerField(default=0)),
                ("latitude", models.DecimalField(decimal_places=5, max_digits=8, null=True, verbose_name="纬度")),
                ("longitude", models.DecimalField(decimal_places=5, max_digits=8, null=True, verbose_name="经度")),
                ("accuracy", models.PositiveIntegerField(null=True, verbose_name="定位误差（米）")),
                ("is_for_another", models.BooleanField(default=False, verbose_name="代填")),
                ("at", models.DateTimeField()),
                ("voided_at", models.DateTimeField(null=True)),
                ("void_reason", models.CharField(blank=True, max_length=200, verbose_name="作废原因")),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("case", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="casework.case")),
                (
                    "voided_by",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                ("mediator", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="duties", to="mediation.mediator")),
            ],
            options={
                "ordering": ["-came_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="CareerStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("enter", "入队任职"),
                            ("renew", "续任"),
                            ("promote", "晋升（调任）"),
                            ("grade", "评定等级"),
                            ("consent", "同意网上公开"),
                            ("withdraw", "撤回网上公开"),
                            ("pos_consent", "同意记录定位"),
                            ("pos_withdraw", "撤回定位同意"),
                            ("amend", "修改资料"),
                            ("end", "离任"),
                        ],
                        max_length=12,
                    ),
                ),
                ("on", models.DateField(verbose_name="日期")),
                (
                    "from_grade",
                    models.CharField(blank=True, choices=[("1", "一级"), ("2", "二级"), ("3", "三级"), ("4", "四级"), ("", "未评级")], max_length=1),
                ),
                (
                    "to_grade",
                    models.CharField(blank=True, choices=[("1", "一级"), ("2", "二级"), ("3", "三级"), ("4", "四级"), ("", "未评级")], max_length=1),
                ),
                ("decided_by", models.CharField(blank=True, max_length=80, verbose_name="决定单位")),
                ("words", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                ("by_label", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("from_unit", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.unit")),
                ("to_unit", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.unit")),
                ("mediator", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="career", to="mediation.mediator")),
            ],
            options={
                "ordering": ["-on", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Appointment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "way",
                    models.CharField(
                        choices=[("elected", "推选"), ("appointed", "聘任（委任）"), ("hired", "签约聘用")], max_length=10, verbose_name="产生方式"
                    ),
                ),
                ("from_on", models.DateField(verbose_name="任期起")),
                ("until_on", models.DateField(verbose_name="任期止")),
                ("contract_number", models.CharField(blank=True, max_length=40, verbose_name="聘书（合同）编号")),
                ("contract_from", models.DateField(blank=True, null=True, verbose_name="合同起")),
                ("contract_until", models.DateField(blank=True, null=True, verbose_name="合同止")),
                ("decided_by", models.CharField(max_length=80, verbose_name="推选（决定）单位")),
                ("ended_on", models.DateField(help_text="the first day out of office", null=True, verbose_name="离任日期")),
                (
                    "end",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "在任"),
                            ("expired", "任期届满"),
                            ("resigned", "本人辞任"),
                            ("moved", "另有任用"),
                            ("dismissed", "罢免、解聘"),
                            ("died", "去世"),
                        ],
                        max_length=10,
                        verbose_name="离任原因",
                    ),
                ),
                ("end_words", models.CharField(blank=True, max_length=300, verbose_name="离任说明")),
                ("entered_at", models.DateTimeField()),
                ("entered_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("unit", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.unit")),
                ("mediator", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="appointments", to="mediation.mediator")),
            ],
            options={
                "ordering": ["-from_on", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Seat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_chair", models.BooleanField(default=False, verbose_name="主任")),
                ("from_on", models.DateField(verbose_name="起")),
                ("until_on", models.DateField(blank=True, null=True, verbose_name="止")),
                ("at", models.DateTimeField()),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("committee", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="seats", to="mediation.committee")),
                ("mediator", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="seats", to="mediation.mediator")),
            ],
            options={
                "ordering": ["-is_chair", "id"],
            },
        ),
        migrations.CreateModel(
            name="Training",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("course", "业务培训"), ("meeting", "月例会"), ("observation", "观摩调解"), ("hearing", "旁听庭审")],
                        max_length=12,
                        verbose_name="类型",
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="主题")),
                ("on", models.DateField(verbose_name="日期")),
                ("days", models.DecimalField(decimal_places=1, max_digits=3, verbose_name="天数")),
                ("place", models.CharField(max_length=80, verbose_name="地点")),
                ("teacher", models.CharField(blank=True, max_length=80, verbose_name="主讲（承办法官、案件）")),
                ("at", models.DateTimeField()),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.unit", verbose_name="组织单位"
                    ),
                ),
            ],
            options={
                "ordering": ["-on", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Attended",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("days", models.DecimalField(decimal_places=1, max_digits=3, verbose_name="实到天数")),
                ("mediator", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="attendance", to="mediation.mediator")),
                ("training", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="attendance", to="mediation.training")),
            ],
        ),
        migrations.CreateModel(
            name="Activity",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("publicity", "法律四进"),
                            ("resettlement", "安置帮教"),
                            ("court", "与法庭会商（提前研判）"),
                            ("discipline", "与纪检联动"),
                        ],
                        max_length=12,
                        verbose_name="类型",
                    ),
                ),
                ("on", models.DateField(verbose_name="日期")),
                ("place", models.CharField(max_length=80, verbose_name="地点")),
                ("partner", models.CharField(max_length=80, verbose_name="联动单位")),
                ("participants", models.CharField(max_length=200, verbose_name="参加人员")),
                ("people_count", models.PositiveIntegerField(blank=True, null=True, verbose_name="人数")),
                ("outcome", models.TextField(max_length=1000, verbose_name="情况和结果")),
                ("at", models.DateTimeField()),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.unit", verbose_name="承办单位"
                    ),
                ),
            ],
            options={
                "ordering": ["-on", "-id"],
                "indexes": [models.Index(fields=["unit", "-on"], name="activity_unit_on")],
            },
        ),
        migrations.CreateModel(
            name="CorpsRules",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField(unique=True, verbose_name="施行日")),
                ("small_village", models.PositiveIntegerField(default=300, verbose_name="小村：户数不超过")),
                ("small_village_people", models.PositiveSmallIntegerField(default=1, verbose_name="小村调解员至少")),
                ("large_village_people", models.PositiveSmallIntegerField(default=2, verbose_name="大村调解员至少")),
                ("area_station_people", models.PositiveSmallIntegerField(default=2, verbose_name="片区站调解员至少")),
                ("town_people", models.PositiveSmallIntegerField(default=3, verbose_name="镇（街）调解员至少")),
                ("committee_least", models.PositiveSmallIntegerField(default=3, verbose_name="调委会最少人数")),
                ("committee_most", models.PositiveSmallIntegerField(default=9, verbose_name="调委会最多人数")),
                ("term_years", models.PositiveSmallIntegerField(default=3, verbose_name="任期（年）")),
                ("training_days", models.DecimalField(decimal_places=1, default=4, max_digits=4, verbose_name="每年培训不少于（天）")),
                ("keeps_duties", models.BooleanField(default=True, verbose_name="启用“四个至少”履职登记")),
                ("takes_positions", models.BooleanField(default=False, verbose_name="允许记录定位")),
                ("set_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="修改原因")),
                (
                    "bureau",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.unit",
                        verbose_name="主管部门（司法局）",
                    ),
                ),
                (
                    "set_by",
                    models.ForeignKey(
                        help_text="None: came with the program",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-valid_from"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("committee_least__lte", models.F("committee_most"))), name="corps_committee_range")
                ],
            },
        ),
        migrations.CreateModel(
            name="Households",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("n", models.PositiveIntegerField(verbose_name="户数")),
                ("counted_on", models.DateField(verbose_name="统计日期")),
                ("at", models.DateTimeField()),
                ("area", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.area")),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "ordering": ["area", "-counted_on", "-id"],
                "constraints": [models.CheckConstraint(condition=models.Q(("n__gt", 0)), name="households_some")],
            },
        ),
        migrations.AddIndex(
            model_name="mediator",
            index=models.Index(django.contrib.postgres.indexes.OpClass("initials", "text_pattern_ops"), name="mediator_initials"),
        ),
        migrations.AddIndex(
            model_name="mediator",
            index=models.Index(fields=["unit", "kind"], name="mediator_unit_kind"),
        ),
        migrations.AddIndex(
            model_name="mediator",
            index=models.Index(fields=["area"], name="mediator_area"),
        ),
        migrations.AddConstraint(
            model_name="mediator",
            constraint=models.UniqueConstraint(condition=models.Q(("id_index", ""), _negated=True), fields=("id_index",), name="mediator_once_by_id"),
        ),
        migrations.AddConstraint(
            model_name="mediator",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("withdrawn_on", None),
                    models.Q(("consented_on__isnull", False), ("withdrawn_on__gte", models.F("consented_on"))),
                    _connector="OR",
                ),
                name="mediator_consent_before_withdrawal",
            ),
        ),
        migrations.AddIndex(
            model_name="duty",
            index=models.Index(fields=["mediator", "on"], name="duty_mediator_on"),
        ),
        migrations.AddConstraint(
            model_name="duty",
            constraint=models.CheckConstraint(
                condition=models.Q(("left_at", None), ("left_at__gte", models.F("came_at")), _connector="OR"), name="duty_ends_after_start"
            ),
        ),
        migrations.AddConstraint(
            model_name="duty",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("accuracy", None), ("latitude", None), ("longitude", None)),
                    models.Q(("accuracy__isnull", False), ("latitude__isnull", False), ("longitude__isnull", False)),
                    _connector="OR",
                ),
                name="duty_position_with_accuracy",
            ),
        ),
        migrations.AddIndex(
            model_name="appointment",
            index=models.Index(condition=models.Q(("ended_on", None)), fields=["until_on"], name="appointment_until"),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.UniqueConstraint(condition=models.Q(("ended_on", None)), fields=("mediator",), name="appointment_one_open"),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(condition=models.Q(("until_on__gte", models.F("from_on"))), name="appointment_ends_after_start"),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("end", ""), ("ended_on", None)),
                    models.Q(("ended_on__isnull", False), models.Q(("end", ""), _negated=True)),
                    _connector="OR",
                ),
                name="appointment_end_has_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="seat",
            constraint=models.UniqueConstraint(condition=models.Q(("until_on", None)), fields=("committee", "mediator"), name="seat_once"),
        ),
        migrations.AddConstraint(
            model_name="seat",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_chair", True), ("until_on", None)), fields=("committee",), name="seat_one_chair"
            ),
        ),
        migrations.AddConstraint(
            model_name="training",
            constraint=models.CheckConstraint(condition=models.Q(("days__gt", 0), ("days__lte", 30)), name="training_days_sane"),
        ),
        migrations.AddConstraint(
            model_name="attended",
            constraint=models.UniqueConstraint(fields=("training", "mediator"), name="attended_once"),
        ),
        migrations.AddConstraint(
            model_name="attended",
            constraint=models.CheckConstraint(condition=models.Q(("days__gt", 0)), name="attended_some"),
        ),
    ]
