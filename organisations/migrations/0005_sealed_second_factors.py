from binascii import unhexlify
from typing import ClassVar

from django.db import migrations

from organisations import cipher


def seal(apps, schema_editor):
    """The secrets that lie in clear as hexadecimal digits are sealed with the current key."""
    for device in apps.get_model("otp_totp", "TOTPDevice").objects.using(schema_editor.connection.alias).exclude(key__contains=":").iterator():
        device.key = cipher.seal(unhexlify(device.key))
        device.save(update_fields=["key"])


def unseal(apps, schema_editor):
    for device in apps.get_model("otp_totp", "TOTPDevice").objects.using(schema_editor.connection.alias).filter(key__contains=":").iterator():
        device.key = cipher.unseal(device.key).hex()
        device.save(update_fields=["key"])


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("organisations", "0004_citizens_query"),
        ("otp_totp", "0003_add_timestamps"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="SecondFactor",
            fields=[],
            options={"proxy": True, "indexes": [], "constraints": []},
            bases=("otp_totp.totpdevice",),
        ),
        migrations.RunPython(seal, unseal),
    ]
