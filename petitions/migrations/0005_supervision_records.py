import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

PROTECT = django.db.models.deletion.PROTECT
#: The tables are empty until this migration has run: no row takes the default.
NOBODY = 0


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0013_case_urged"),
        ("organisations", "0001_initial"),
        ("petitions", "0004_review_chain"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="supervision", name="supervision_rule_once"),
        migrations.AlterField(
            model_name="supervision",
            name="rule",
            field=models.CharField(
                blank=True,
                help_text="rule and fact, e.g. overdue-7:4711; empty when a person proposed it",
                max_length=40,
                verbose_name="触发规则",
            ),
        ),
        migrations.AddConstraint(
            model_name="supervision",
            constraint=models.UniqueConstraint(condition=~models.Q(rule=""), fields=("petition", "rule"), name="supervision_rule_once"),
        ),
        migrations.AddConstraint(
            model_name="supervision",
            constraint=models.UniqueConstraint(condition=models.Q(state="running"), fields=("petition", "unit"), name="supervision_one_running"),
        ),
        migrations.AddField(
            model_name="sponsorship",
            name="guarantees",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=12), blank=True, default=list, size=None, verbose_name="四包"
            ),
        ),
        migrations.AddField(
            model_name="sponsorvisit",
            name="unit",
            field=models.ForeignKey(
                help_text="whose record it is; None: the leader's own",
                null=True,
                on_delete=PROTECT,
                related_name="+",
                to="organisations.unit",
            ),
        ),
        migrations.AddField(
            model_name="accompaniment",
            name="unit",
            field=models.ForeignKey(
                default=NOBODY,
                help_text="for the counts by unit (HALL-19)",
                on_delete=PROTECT,
                related_name="+",
                to="organisations.unit",
                verbose_name="工作人员单位",
            ),
            preserve_default=False,
        ),
        migrations.CreateModel(
            name="Reception",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("post", models.CharField(max_length=60, verbose_name="职务")),
                (
                    "mode",
                    models.CharField(
                        choices=[("1", "定点接访"), ("2", "重点约访"), ("3", "带案下访"), ("4", "联合接访"), ("5", "视频接访")],
                        max_length=1,
                        verbose_name="接访方式",
                    ),
                ),
                ("on", models.DateField(verbose_name="接访日期")),
                ("place", models.CharField(max_length=80, verbose_name="接访地点")),
                ("opinion", models.CharField(max_length=500, verbose_name="处理意见")),
                ("due_on", models.DateField(null=True, verbose_name="办结时限")),
                ("at", models.DateTimeField()),
                ("by", models.ForeignKey(on_delete=PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("document", models.ForeignKey(null=True, on_delete=PROTECT, related_name="+", to="casework.document")),
                (
                    "leader",
                    models.ForeignKey(on_delete=PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="接访领导"),
                ),
                (
                    "petition",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="receptions", to="petitions.petition"),
                ),
                (
                    "unit",
                    models.ForeignKey(null=True, on_delete=PROTECT, related_name="+", to="organisations.unit", verbose_name="责任单位"),
                ),
            ],
            options={"ordering": ["on", "id"]},
        ),
        migrations.CreateModel(
            name="UrgentReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("known_at", models.DateTimeField(verbose_name="知悉时间")),
                ("phoned_at", models.DateTimeField(null=True, verbose_name="电话报告时间")),
                ("happened", models.CharField(max_length=200, verbose_name="发生时间、地点")),
                ("batches", models.PositiveSmallIntegerField(default=1, verbose_name="批次")),
                ("people", models.PositiveIntegerField(verbose_name="人次")),
                ("demands", models.CharField(max_length=500, verbose_name="诉求与组织者")),
                ("scene", models.CharField(max_length=500, verbose_name="现场情况")),
                ("measures", models.CharField(max_length=500, verbose_name="已采取措施")),
                ("needs", models.CharField(blank=True, max_length=500, verbose_name="需上级协调事项")),
                ("phone", models.CharField(max_length=30, verbose_name="报告人电话")),
                ("recipients", models.CharField(max_length=200, verbose_name="报送")),
                ("at", models.DateTimeField(verbose_name="书面报告时间")),
                (
                    "by",
                    models.ForeignKey(on_delete=PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="报告人"),
                ),
                ("document", models.ForeignKey(null=True, on_delete=PROTECT, related_name="+", to="casework.document")),
                (
                    "petition",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="urgent_reports", to="petitions.petition"),
                ),
                (
                    "unit",
                    models.ForeignKey(on_delete=PROTECT, related_name="+", to="organisations.unit", verbose_name="报告单位"),
                ),
            ],
            options={"ordering": ["-id"]},
        ),
    ]
