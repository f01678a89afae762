"""`manage.py seed_county`: the demo county, or with --bare an empty county ready for its own people."""

from __future__ import annotations

import gc
import secrets
import string
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.cache import caches
from django.core.cache.backends.locmem import LocMemCache
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from casework import demo, kinds, limits, texts
from casework.models import Case, Counter
from organisations import clock, directory
from organisations.models import Unit, User
from organisations.synthetic import Place
from petitions.demo import around, citizens, hours, letters, plan, referring, reminding, review, staff, supervision, units
from petitions.demo.engine import COMPLETE, PROGRESS, TOLD, Engine
from petitions.demo.walk import World
from petitions.phrases import shipped

YEARS = 2
WARNING = "这是演示县：人名、号码都是虚构的，全部账号用同一个公开的密码，不能用于正式工作。正式使用请在空库上执行 seed_county --bare"


class Command(BaseCommand):
    help = "载入演示县：真实区划代码，虚构的人和事。--bare 只建单位、期限、节假日和三员账号，供正式使用。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--county", default=units.DEFAULT_COUNTY, help="六位区划代码，默认 370685 招远市")
        parser.add_argument("--cases", type=int, default=500, help="信访件数，默认 500")
        parser.add_argument("--seed", type=int, default=1, help="随机种子：相同的种子得到相同的县")
        parser.add_argument("--until", type=date.fromisoformat, default=None, help="最后一天，如 2026-11-22；默认今天")
        parser.add_argument("--bare", action="store_true", help="正式使用：不载入人员和信访件，三员账号用一次性密码")

    def handle(self, *args: Any, county: str, cases: int, seed: int, until: date | None, bare: bool, **options: Any) -> None:
        if county not in units.counties():
            raise CommandError(f"没有区划代码 {county}。可用：" + "、".join(f"{code} {name}" for code, name in units.counties().items()))
        if bare:
            self._bare(county)
            return
        last = until or clock.today()
        if last > clock.today():
            raise CommandError("--until 不能晚于今天。")
        complete = Counter.objects.filter(series__startswith=COMPLETE).first()
        if complete is not None:
            self.stdout.write(f"演示县已经载入（{complete.value} 件），不再重复载入。")
            return
        progress = Counter.objects.filter(series__startswith=PROGRESS).first()
        if progress is None:
            if Unit.objects.exists():
                raise CommandError("库里已有单位，不是空库，不载入演示县。")
            progress = self._organisation(county, cases, seed, last)
        else:
            self.stdout.write(f"上次载入中断，从第 {progress.value} 步接着载入。")
        self._cases(progress)

    def _bare(self, county_code: str) -> None:
        if Unit.objects.exists():
            raise CommandError("库里已有单位，不是空库。")
        alphabet = string.ascii_letters + string.digits
        with transaction.atomic():
            limits.load_defaults()
            county = units.write(county_code)
            texts.load(shipped(), by=staff.write_clock_user(), at=clock.now())
            hired = staff.write_administrators(county, staff.Staff(), from_on=clock.today(), changed_at=None, password=make_password(None))
            lines = []
            for user, hire in zip(hired, staff.ADMINISTRATORS, strict=True):
                once = "-".join("".join(secrets.choice(alphabet) for _ in range(5)) for _ in range(4))
                user.password = make_password(once)
                user.save(update_fields=["password"])
                lines.append(f"  {hire.title}  登录名 {user.username}  一次性密码 {once}")
        self.stdout.write(f"{county.name}：单位、期限、节假日已建立。三员须由三个不同的人担任，首次登录须改密码：")
        self.stdout.write("\n".join(lines))

    def _organisation(self, county_code: str, cases: int, seed: int, until: date) -> Counter:
        """Units and people in one transaction, with the row that says a county was begun."""
        began = time.monotonic()
        start = _start(until)
        with transaction.atomic():
            limits.load_defaults()
            county = units.write(county_code)
            changed_at = clock.now()
            staff.write(county, Random(f"staff:{seed}"), start=start, until=until, changed_at=changed_at)
            texts.load(shipped(), by=User.objects.get(is_clock=True), at=changed_at)
            progress = Counter.objects.create(series=f"{PROGRESS}{county_code}:{cases}:{seed}:{until.isoformat()}", value=0)
        self.stdout.write(f"{county.name}：{len(county.areas)} 个区划、{len(county.units)} 个单位，用时 {time.monotonic() - began:.1f} 秒")
        return progress

    def _cases(self, progress: Counter) -> None:
        county_code, cases, seed, until = _parameters(progress.series)
        directory.forget()
        limits.forget()
        world = _world(county_code, cases, seed, until)
        horizon = min(datetime.combine(until, hours.AFTERNOON[1], hours.ZONE), clock.now().astimezone(hours.ZONE))
        engine = Engine(world, progress.series, horizon)
        began = time.monotonic()
        self._last_said = began
        with _alone():
            steps = engine.run(self._said)
        for refused in engine.refused:
            self.stderr.write(f"{refused.number} {refused.act} {refused.at:%Y-%m-%d %H:%M}：{refused.message}")
        if not Counter.objects.filter(series__startswith=TOLD).exists():
            self._stories(world, horizon, f"{TOLD}{county_code}:{until.isoformat()}")
        for tell in demo.rooms():
            for told in tell(world, horizon):
                self.stderr.write(told)
        total = Case.objects.count()
        Counter.objects.create(series=f"{COMPLETE}{county_code}:{until.isoformat()}", value=total)
        self.stdout.write(f"{total} 件、{steps} 次办理，用时 {time.monotonic() - began:.0f} 秒")
        self.stdout.write(
            self.style.WARNING("这是演示县：人名、号码都是虚构的，全部账号用同一个公开的密码，不能用于正式工作。正式使用：seed_county --bare")
        )

    @transaction.atomic
    def _stories(self, world: World, horizon: datetime, mark: str) -> None:
        """What is told beside the walks of the petitions: all of it or nothing, once."""
        for told in supervision.write(world, horizon).refused:
            self.stderr.write(told)
        letters.write(horizon)
        citizens.write(world, horizon)
        reminding.write(horizon)
        review.write(world)
        around.write(world)
        for kind in kinds.every():
            for told in kind.demo(world, horizon) if kind.demo else ():
                self.stderr.write(told)
        for told in referring.write(horizon):
            self.stderr.write(told)
        Counter.objects.create(series=mark, value=1)

    def _said(self, day: date, steps: int) -> None:
        """A line every few seconds, so that one sees it move."""
        if time.monotonic() - self._last_said > 10:
            self._last_said = time.monotonic()
            self.stdout.write(f"  {day:%Y-%m-%d}　{steps} 次办理")
            self.stdout.flush()


@contextmanager
def _alone() -> Iterator[None]:
    """Nobody else changes the tree while it is seeded, so the snapshots' version need not be asked of Valkey 40,000 times.

    A crash of the database may take the last days with it: the seed would do them again.
    """
    shared, thresholds = caches["default"], gc.get_threshold()
    caches["default"] = LocMemCache("seed_county", {})
    gc.set_threshold(100_000, 50, 50)
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
    try:
        yield
    finally:
        caches["default"] = shared
        gc.set_threshold(*thresholds)
        with connection.cursor() as cursor:
            cursor.execute("RESET synchronous_commit")


def _start(until: date) -> date:
    return until - timedelta(days=365 * YEARS)


def _parameters(series: str) -> tuple[str, int, int, date]:
    county, cases, seed, until = series.removeprefix(PROGRESS).split(":")
    return county, int(cases), int(seed), date.fromisoformat(until)


def _world(county_code: str, cases: int, seed: int, until: date) -> World:
    county = staff.unit_keys(county_code)
    places = [Place(code, county.name, county.areas[code[:9]].name, area.name) for code, area in county.areas.items() if len(code) == 12]
    calendar = limits.current().calendar
    plans = plan.make(
        seed,
        cases,
        places,
        start=_start(until),
        until=until,
        calendar=calendar,
        demo_town=staff.demo_town(county),
        demo_department=staff.DEMO_DEPARTMENT,
    )
    return World(seed=seed, until=until, hours=hours.Hours(calendar), roster=staff.Roster(), county=county, plans=plans)
