"""`manage.py verify_history`: recompute every hash of histories, access log and day seals; name the first bad rows."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from casework import chain


class Command(BaseCommand):
    help = "逐条核对历史记录、访问日志和日封的校验值，指出第一处被改动的记录。"

    def handle(self, *args: Any, **options: Any) -> None:
        breaks = [*chain.verify_cases(), *chain.verify_access_log(), *chain.verify_seals()]
        for broken in breaks[:50]:
            self.stderr.write(f"{broken.where}：{broken.what}")
        if breaks:
            raise CommandError(f"共发现 {len(breaks)} 处问题，第一处：{breaks[0].where}，{breaks[0].what}。")
        self.stdout.write(self.style.SUCCESS("历史记录、访问日志、日封全部核对无误。"))
