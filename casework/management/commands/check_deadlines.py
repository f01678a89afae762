"""Count every due date of the database again from its events; say which row differs."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from casework import proof
from casework.models import Deadline


class Command(BaseCommand):
    help = "逐条重新计算全部期限，与存储的日期比较；有差异时逐行列出，退出码为 1。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--most", type=int, default=200, help="最多列出多少条差异（默认 200）")

    def handle(self, *args: Any, most: int, **options: Any) -> None:
        bad = 0
        for found in proof.check():
            bad += 1
            self.stderr.write(f"{found.where}：{found.what}")
            if bad >= most:
                self.stderr.write(f"差异超过 {most} 条，不再继续。")
                break
        if bad:
            sys.exit(1)
        self.stdout.write(f"{Deadline.objects.count()} 个期限与其事件一致。")
