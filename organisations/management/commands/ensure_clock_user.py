"""manage.py ensure_clock_user — the row 系统, which acts for the clock and cannot sign in."""

from typing import Any

from django.core.management.base import BaseCommand

from organisations.actions import accounts


class Command(BaseCommand):
    help = "Make sure the one row 系统 exists; safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"系统账号就绪：{accounts.ensure_clock_user().username}")
