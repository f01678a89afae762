"""What the review chain remembers beyond its rows: where the case goes back to, who refused, what was revoked, how the opinion arrived."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

WAYS = [("1", "直接送达"), ("2", "留置送达"), ("3", "电子送达"), ("4", "邮寄送达（挂号/EMS）"), ("5", "转交/委托送达"), ("6", "公告送达")]

HELD = "None until recorded; False: called off, the reason in the minutes"
DECIDED = "the date on the paper; of an outside organ earlier than the entry"
STOOD = "where the case stood; it goes back there when nothing is decided"
LATE = "of the reviewing organ, when it takes a late request"
REVOKED = "the points as decided before: a second decision may not repeat them (L-PET-72)"
HANDLER = "who gets the case back afterwards"


def person(**more):
    return models.ForeignKey(null=True, **more, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("casework", "0009_clock_notices_papers"),
        ("petitions", "0003_citizen_page"),
    ]

    operations = [
        migrations.AddField(
            "hearing",
            "is_held",
            models.BooleanField(help_text=HELD, null=True, verbose_name="如期举行"),
        ),
        migrations.AddField(
            "hearing",
            "document",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="casework.document", verbose_name="听证笔录"
            ),
        ),
        migrations.AddField(
            "review",
            "decided_on",
            models.DateField(help_text=DECIDED, null=True, verbose_name="作出日期"),
        ),
        migrations.AddField(
            "review", "delivery", models.CharField(blank=True, choices=WAYS, default="", max_length=1, verbose_name="送达方式"), False
        ),
        migrations.AddField(
            "review",
            "from_state",
            models.CharField(default="", help_text=STOOD, max_length=20),
            False,
        ),
        migrations.AddField(
            "review",
            "late_words",
            models.CharField(blank=True, default="", help_text=LATE, max_length=300, verbose_name="同意逾期理由"),
            False,
        ),
        migrations.AddField("review", "opinion_posted_on", models.DateField(null=True, verbose_name="意见书交邮日期")),
        migrations.AddField("review", "original_handler", person(help_text=HANDLER)),
        migrations.AddField("review", "original_number", models.CharField(blank=True, default="", max_length=60, verbose_name="原意见文号"), False),
        migrations.AddField("review", "outcome", models.CharField(blank=True, default="", max_length=12, verbose_name="变更后的办理结果"), False),
        migrations.AddField("review", "proof", models.CharField(blank=True, default="", max_length=200, verbose_name="送达凭证"), False),
        migrations.AddField("review", "receiver", models.CharField(blank=True, default="", max_length=40, verbose_name="签收人"), False),
        migrations.AddField("review", "reject_proposed_by", person()),
        migrations.AddField("review", "remedy_unit", models.CharField(blank=True, default="", max_length=80, verbose_name="复核机关"), False),
        migrations.AddField(
            "review",
            "revoked",
            models.JSONField(default=list, help_text=REVOKED),
        ),
    ]
