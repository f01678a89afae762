"""How a person was told in the simple procedure; one extension asked per limit; the letter of resumption."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

ABOUT = [("accepted", "简易受理"), ("answered", "简易答复"), ("converted", "转为普通程序")]
WAYS = [("oral", "当面口头"), ("phone", "电话"), ("sms", "短信"), ("online", "网上"), ("paper", "书面")]


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("casework", "0009_clock_notices_papers"),
        ("petitions", "0005_supervision_records"),
    ]

    operations = [
        migrations.RemoveConstraint("extension", "extension_one_asked"),
        migrations.AddConstraint(
            "extension",
            models.UniqueConstraint(condition=models.Q(("is_approved", None)), fields=("deadline",), name="extension_one_asked"),
        ),
        migrations.AddField(
            "suspension",
            "resume_document",
            models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="casework.document"),
        ),
        migrations.CreateModel(
            name="Telling",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("about", models.CharField(choices=ABOUT, max_length=10, verbose_name="事由")),
                ("way", models.CharField(choices=WAYS, max_length=6, verbose_name="方式")),
                ("told_at", models.DateTimeField(verbose_name="告知时间")),
                ("person", models.CharField(max_length=40, verbose_name="被告知人")),
                ("number", models.CharField(blank=True, max_length=40, verbose_name="号码")),
                ("number_token", models.CharField(blank=True, max_length=120)),
                ("words", models.TextField(verbose_name="告知内容")),
                ("at", models.DateTimeField(verbose_name="记录时间")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="告知人"
                    ),
                ),
                ("document", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="casework.document")),
                ("petition", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="tellings", to="petitions.petition")),
            ],
            options={"ordering": ["id"]},
        ),
    ]
