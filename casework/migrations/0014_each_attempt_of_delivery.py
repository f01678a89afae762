import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0013_case_urged"),
    ]

    operations = [
        migrations.AlterField(
            model_name="document",
            name="case",
            field=models.ForeignKey(
                help_text="null: about no single matter",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="documents",
                to="casework.case",
            ),
        ),
        # Nothing writes deliveries before this migration: no row needs a day.
        migrations.AddField(
            model_name="delivery",
            name="attempted_on",
            field=models.DateField(
                default="2026-01-01",
                help_text="when it was handed over, left, sent, posted or announced",
                verbose_name="送达日",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="delivery",
            name="receiver_kind",
            field=models.CharField(
                blank=True,
                choices=[
                    ("self", "受送达人本人"),
                    ("household", "同住成年家属"),
                    ("legal", "法定代表人、负责人"),
                    ("mail_room", "负责收件的人"),
                    ("agent", "代理人、指定代收人"),
                ],
                max_length=10,
                verbose_name="签收人身份",
            ),
        ),
        migrations.AlterField(
            model_name="delivery",
            name="way",
            field=models.CharField(
                choices=[
                    ("1", "直接送达"),
                    ("2", "留置送达"),
                    ("3", "电子送达"),
                    ("4", "邮寄送达（挂号/EMS）"),
                    ("5", "转交/委托送达"),
                    ("6", "公告送达"),
                ],
                max_length=1,
                verbose_name="送达方式",
            ),
        ),
        migrations.AddField(
            model_name="delivery",
            name="place",
            field=models.CharField(blank=True, max_length=120, verbose_name="送达地点"),
        ),
        migrations.AddField(
            model_name="delivery",
            name="witnesses",
            field=models.CharField(blank=True, max_length=80, verbose_name="见证人"),
        ),
        migrations.AddField(
            model_name="delivery",
            name="words",
            field=models.CharField(
                blank=True,
                help_text="refusal, why nobody was reached, why a public notice was the last resort",
                max_length=300,
                verbose_name="事由",
            ),
        ),
        migrations.AlterField(
            model_name="delivery",
            name="posted_on",
            field=models.DateField(help_text="or the day of the public notice", null=True, verbose_name="交邮日期"),
        ),
    ]
