"""Make the sealed reports of a month again from their frozen facts and say whether they are the same to the byte (opening 10).

    manage.py rebuild_month 2026-10

Exit code 0: every file and manifest is the same; 1: something differs, or nothing is sealed for that month.
"""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reports.models import Report
from reports.month import actions, queries, rules


class Command(BaseCommand):
    help = "按封存的数据重新生成某月的报告，与封存时逐字节比较"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("month", help="2026-10")

    def handle(self, *args: Any, month: str, **options: Any) -> None:
        try:
            first = date.fromisoformat(f"{month}-01")
        except ValueError:
            raise CommandError("月份请写成 2026-10。") from None
        reports = list(Report.objects.filter(closing__since=first).exclude(manifest="").select_related("closing", "unit"))
        if not reports:
            raise CommandError(f"{month} 没有封存的报告。")
        is_same = True
        for report in reports:
            self.stdout.write(f"{report.unit.name} {rules.label(queries.period_of(report))}")
            for found in actions.rebuild(report):
                is_same = is_same and found.is_good
                self.stdout.write(f"  {'相同' if found.is_good else '不同'}  {found.what}  {found.found}")
        if not is_same:
            raise CommandError("重新生成的与封存的不同。")
        self.stdout.write("全部相同。")
