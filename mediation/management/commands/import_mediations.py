"""`manage.py import_mediations FILE`: mediation cases as JSON lines; first a dry run with every fault, then the real acts."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from casework.rules import NotAllowed
from mediation import imports
from organisations import clock, directory
from organisations.models import Post, User
from organisations.roles import Role
from organisations.scope import Scope, scope_of


class Command(BaseCommand):
    help = "导入调解案例（.jsonl、.jsonl.gz）：先试运行，逐行报错；没有问题才登记，对话记入调解记录。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--as-user", default="", help="登记人的登录名，默认县中心第一名分流员")
        parser.add_argument("--area", default="", help="发生地的区划代码，默认全县")
        parser.add_argument("--dry-run", action="store_true", help="只试运行")
        parser.add_argument("--good-only", action="store_true", help="跳过有问题的行，其余照常登记")

    def handle(self, *args: Any, **options: Any) -> None:
        by, area_id = self._registrar(options["as_user"]), self._area(options["area"])
        began = perf_counter()
        try:
            rows, problems = imports.read(options["file"])
        except NotAllowed as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"试运行：{len(rows) + len(problems)} 行，通过 {len(rows)}，有问题 {len(problems)}，{perf_counter() - began:.1f} 秒")
        self._say(problems)
        if options["dry_run"]:
            return
        if problems and not options["good_only"]:
            raise CommandError("有问题的行改正后再导入，或者加 --good-only 跳过。")
        began = perf_counter()
        done = imports.bring_in(rows, area_id=area_id, by=by)
        self._say(done.problems)
        seconds = perf_counter() - began
        new, failed = len(done.numbers), len(done.problems)
        self.stdout.write(f"登记 {new} 件，同一件再记调解 {done.talks} 次，以前导入过 {done.again} 件，未能登记 {failed} 件，{seconds:.1f} 秒")

    def _say(self, problems: list[imports.Problem]) -> None:
        for problem in problems:
            self.stderr.write(f"第 {problem.no} 行：{problem.words}")

    def _registrar(self, username: str) -> Scope:
        today = clock.today()
        if username:
            user = User.objects.filter(username=username, is_active=True).first()
        else:
            post = Post.objects.current(today).filter(role=Role.OFFICE, user__is_active=True).order_by("id").select_related("user").first()
            user = post.user if post else None
        if user is None:
            raise CommandError("没有找到登记人。")
        return scope_of(user, today)

    def _area(self, code: str) -> int:
        areas = directory.current().areas.values()
        found = next((area.id for area in areas if (area.code == code if code else area.level == "county")), None)
        if found is None:
            raise CommandError("没有这个区划代码。")
        return found
