"""`manage.py check_facts`: counts every fact and every tally again from the docket and names what differs."""

from __future__ import annotations

from itertools import islice
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reports.actions import refresh
from reports.queries import proof


class Command(BaseCommand):
    help = "重新计算全部统计数据，与统计表核对；不一致的逐条列出，并以非零状态结束。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--most", type=int, default=20, help="最多列出几条")

    def handle(self, *args: Any, **options: Any) -> None:
        refresh.refresh()
        found = list(islice(proof.differences(), options["most"]))
        for line in found:
            self.stdout.write(line)
        if found:
            raise CommandError(f"统计表与案件不一致，已列出 {len(found)} 条。")
        self.stdout.write("统计表与案件一致。")
