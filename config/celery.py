"""The Celery application. Its settings are the CELERY_ names in config/settings.py; the clock's table is config/schedule.py."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("yimen")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
