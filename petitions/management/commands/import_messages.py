"""`manage.py import_messages FILE`: the browser's import from the command line: dry run, then all or nothing."""

from __future__ import annotations

import multiprocessing
import os
from pathlib import Path
from time import perf_counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from casework.rules import NotAllowed
from organisations import clock, directory
from organisations.models import Post, User
from organisations.roles import ROLES, Role
from organisations.scope import Scope, scope_of
from petitions.imports import batches, mapping
from petitions.models import Import, ImportRow

#: Below this many rows a second process costs more than it saves.
WORTH_TWO = 1000


def _run(batch: Import, processes: int) -> None:
    """Take the batch in, with a second process beside this one if asked. One that dies costs nothing: the other goes on."""
    if processes > 1:
        for connection in connections.all():  # a connection and a pool's threads do not survive the fork
            connection.close()
            connection.close_pool()  # type: ignore[attr-defined]
    beside = [multiprocessing.get_context("fork").Process(target=_take_in, args=(batch.pk,)) for _ in range(processes - 1)]
    for process in beside:
        process.start()
    batches.run(batch)
    for process in beside:
        process.join()
    batch.refresh_from_db()


def _take_in(batch_id: int) -> None:
    batches.run(Import.objects.get(pk=batch_id))


class Command(BaseCommand):
    help = "导入群众留言、台账（.xlsx、.csv、.csv.gz）：先试运行，逐行报错；全部通过才导入。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--as-user", default="", help="办理导入的中心分流员登录名，默认第一名")
        parser.add_argument("--dry-run", action="store_true", help="只试运行")
        parser.add_argument("--with-replies", action="store_true", help="连同答复走完办理流程")
        parser.add_argument("--unit", default="", help="答复由哪个单位办理（简称），连同答复导入时必填")
        parser.add_argument("--errors", type=Path, help="把有问题的行写入这个文件")
        parser.add_argument("--column", action="append", default=[], metavar="目标=列名", help="指定列的对应关系")
        parser.add_argument(
            "--processes", type=int, choices=(1, 2), default=min(os.cpu_count() or 1, 2), help=f"几个进程一起导入；不足 {WORTH_TWO} 行的总是一个"
        )
        parser.add_argument("--good-only", action="store_true", help="有问题的行写入错误文件，其余照常导入")

    def handle(self, *args: Any, **options: Any) -> None:
        by = self._office(options["as_user"])
        path: Path = options["file"]
        try:
            with path.open("rb") as content:
                batch = batches.upload(path.name, content, by=by)
            chosen = {**batch.mapping, **dict(pair.split("=", 1) for pair in options["column"])}
            began = perf_counter()
            batch = batches.check(batch, chosen, self._options(options), by=by)
            self.stdout.write(f"试运行：{batch.total} 行，通过 {batch.good}，有问题 {batch.bad}，{perf_counter() - began:.1f} 秒")
            self._report(batch, options["errors"])
            if options["dry_run"]:
                return
            if batch.bad and options["good_only"]:
                batches.start_good(batch, by=by)
            else:
                batches.start(batch, by=by)
            began = perf_counter()
            _run(batch, options["processes"] if batch.total >= WORTH_TWO else 1)
        except NotAllowed as refusal:
            raise CommandError(refusal.message) from refusal
        except OSError as error:
            raise CommandError(f"文件打不开：{error}") from error
        seconds = perf_counter() - began
        rate = batch.taken_in / seconds if seconds else 0
        left = f"，略过 {batch.bad} 行" if batch.bad else ""
        state = batch.get_state_display()
        self.stdout.write(f"导入：{batch.taken_in} 行{left}，{seconds:.1f} 秒，每秒 {rate:.0f} 行，批次 {batch.pk}，{state}")

    def _office(self, username: str) -> Scope:
        today = clock.today()
        if username:
            user = User.objects.filter(username=username, is_active=True).first()
        else:
            post = Post.objects.current(today).filter(role=Role.OFFICE, user__is_active=True).order_by("id").first()
            user = post.user if post else None
        if user is None:
            raise CommandError("没有找到中心分流员。")
        return scope_of(user, today)

    def _options(self, options: dict[str, Any]) -> mapping.Options:
        tree = directory.current()
        county = next(area for area in tree.areas.values() if area.level == "county")
        unit_id = handler = head = None
        if options["with_replies"]:
            unit_id = next((u.id for u in tree.units.values() if u.short_name == options["unit"]), None)
            if unit_id is None:
                raise CommandError("请用 --unit 写明答复由哪个单位办理（简称）。")
            handler, head = self._person(unit_id, Role.HANDLER), self._person(unit_id, Role.HEAD)
        return mapping.Options(
            area_id=county.id,
            received_on=clock.today(),
            with_replies=options["with_replies"],
            unit_id=unit_id,
            handler_id=handler,
            head_id=head,
        )

    def _person(self, unit_id: int | None, role: Role) -> int:
        post = Post.objects.current(clock.today()).filter(unit=unit_id, role=role, user__is_active=True).first()
        if post is None:
            raise CommandError(f"该单位没有在岗的{ROLES[role].label}。")
        return post.user_id

    def _report(self, batch: Import, errors: Path | None) -> None:
        for row in ImportRow.objects.filter(batch=batch).exclude(problem="")[:20]:
            self.stderr.write(f"第 {row.no} 行：{row.problem}")
        if errors and batch.bad:
            with errors.open("w", encoding="utf-8", newline="") as out:
                out.writelines(batches.error_file(batch))
            self.stdout.write(f"有问题的 {batch.bad} 行已写入 {errors}")
