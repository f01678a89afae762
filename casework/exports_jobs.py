"""Exports as people ask for them: a small one at once, a large one as a job that outlives workers, kept for some days.

A job is a row. Who works at it holds its claim (`worker`) and beats; a claim without a beat for LEASE is taken up again
from the start. Every writing to the row names the claim, so that a worker that was given up, or a job that was
cancelled meanwhile, changes nothing any more. What is exported is looked at when it runs, with the posts the person holds then.
"""

from __future__ import annotations

import errno
import hashlib
import hmac
import json
import logging
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from casework import actions, exports, exports_lists, notices
from casework.addressees import Addressee
from casework.exports_book import About
from casework.exports_lists import CLEAR, Cells, Listing, Table
from casework.models import Export
from casework.rules import NotAllowed
from organisations import access, cipher, clock
from organisations.models import AccessEntry
from organisations.scope import Scope, scope_of

log = logging.getLogger("yimen.exports")

#: Rows up to which a list is handed out at once.
AT_ONCE = 5_000
#: Days a file is kept.
KEPT_DAYS = 7
#: Jobs one person may have waiting or running.
MOST_OPEN = 5
#: Jobs worked at at a time: exports must not take the workers from papers and reminders.
MOST_AT_ONCE = 1
#: Without a beat for so long a claim is given up.
LEASE = timedelta(seconds=120)
#: Seconds between beats, and rows between two looks at the clock.
BEAT, BEAT_ROWS = 1.0, 200
#: Claims that end without a result before a job is given up.
MOST_ATTEMPTS = 3
#: Kind of the notice that a file is ready, or that it failed.
NOTICE = "export"
#: Characters a ground has at least (as for a protected case, casework.parties).
SHORTEST_GROUND = 4
DISK_FULL = "服务器磁盘空间不足，文件没有写完。请告知系统管理员清理后，再点“重试”。"
BROKEN_FILE = "写文件时出错，请点“重试”；仍不行请告知系统管理员。"

Params = Mapping[str, str]


class Stopped(Exception):
    """The claim is no longer ours: cancelled, or taken by another worker."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants: a list, its filter and columns as they stand in the address, the filter in words, the kind of file."""

    listing: Listing
    params: Params
    words: str
    form: str

    @property
    def label(self) -> str:
        return actions.without_numbers(f"{self.listing.label} · {self.words}" if self.words else self.listing.label)[:160]

    @property
    def stored(self) -> str:
        return json.dumps({"params": dict(self.params), "words": self.words}, ensure_ascii=False, sort_keys=True)


def look(listing: Listing, params: Params, scope: Scope) -> Table:
    """The list as this person sees it now. Raises NotAllowed."""
    if not exports_lists.is_open_to(listing, scope):
        raise NotAllowed("您的岗位不能查看或导出这个清单。", code="no_cases", status=403)
    return listing.look(scope, params)


# -- asking -----------------------------------------------------------------------------------------------------------------------------


@transaction.atomic
def send(asked: Asked, count: int, *, by: Scope) -> Export:
    """Put a small export on record before a byte of it leaves (L-SEC-7, L-SEC-40). Raises NotAllowed."""
    actions.check_pace(by)
    return _recorded(_new(asked, Export.State.SENT, by, total=count, done=count, finished_at=clock.now()), asked, count, by)


@transaction.atomic
def ask(asked: Asked, *, ground: str, by: Scope) -> Export:
    """Ask for a file made in the background. Twice is once, as long as the first one is not made yet. Raises NotAllowed."""
    table = look(asked.listing, asked.params, by)
    if asked.params.get("ids") == CLEAR and len(ground.strip()) < SHORTEST_GROUND:
        raise NotAllowed(f"导出完整证件号码，请写明理由（不少于{SHORTEST_GROUND}个字）。", code="ground_needed", status=422)
    actions.one_at_a_time(by)
    there = Export.objects.filter(user=by.user, asked_key=_key(asked), state__in=Export.OPEN).first()
    if there is not None:
        return there
    _check_room(by)
    count = table.count(actions.MOST_EXPORTED)
    if count > actions.MOST_EXPORTED:
        raise NotAllowed(f"超过 {actions.MOST_EXPORTED // 10_000} 万行，请缩小筛选范围后分次导出。", code="too_many_rows", status=422)
    actions.check_pace(by)
    return _recorded(_new(asked, Export.State.WAITING, by, total=count, ground=ground.strip()[:300]), asked, count, by)


def _check_room(by: Scope) -> None:
    """So many jobs of one person at a time, new ones and those begun again alike. Raises NotAllowed (422)."""
    if Export.objects.filter(user=by.user, state__in=Export.OPEN).count() >= MOST_OPEN:
        raise NotAllowed(f"您已有 {MOST_OPEN} 个导出在排队，请等其中一个完成，或取消不用的。", code="too_many_open", status=422)


def _new(asked: Asked, state: Export.State, by: Scope, **fields: Any) -> Export:
    return Export.objects.create(
        user=by.user,
        unit_id=by.home.unit_id if by.home else None,
        listing=asked.listing.code,
        label=asked.label,
        form=asked.form,
        token="" if state == Export.State.SENT else cipher.encrypt(asked.stored),
        asked_key=_key(asked),
        state=state,
        asked_at=clock.now(),
        **fields,
    )


def _key(asked: Asked) -> str:
    """A keyed hash of what is asked: equal clicks are equal, and it tells nobody what was searched for."""
    text = f"export\0{asked.listing.code}\0{asked.form}\0{asked.stored}"
    return hmac.digest(settings.BLIND_INDEX_KEY, text.encode(), "sha256").hex()


def _recorded(export: Export, asked: Asked, count: int, by: Scope) -> Export:
    told = {key: value for key, value in asked.params.items() if key != "columns" and key not in asked.listing.private}
    query = actions.without_numbers(urlencode(told))
    detail = {"form": asked.form, "query": query, "rows": count, "number": export.number}
    reveals = asked.params.get("ids") == CLEAR
    for event in (AccessEntry.Event.EXPORT, *((AccessEntry.Event.REVEAL,) if reveals else ())):
        access.log(
            event,
            user=by.user,
            unit_id=export.unit_id,
            object_type="case_list" if asked.listing.has_people else asked.listing.code,
            object_id=export.number,
            object_label=asked.label[:120],
            field="证件号码" if reveals else "",
            ground=export.ground,
            detail=detail,
        )
    return export


# -- one's own exports ------------------------------------------------------------------------------------------------------------------


def of(by: Scope, pk: int) -> Export:
    """One of the person's own. Raises Export.DoesNotExist (404 at the doors)."""
    return Export.objects.get(pk=pk, user=by.user)


@transaction.atomic
def cancel(pk: int, *, by: Scope) -> Export:
    """Stop a job that is not done. Raises NotAllowed."""
    stopped = Export.objects.filter(pk=pk, user=by.user, state__in=Export.OPEN).update(
        state=Export.State.CANCELLED, worker="", finished_at=clock.now()
    )
    export = of(by, pk)
    if not stopped and export.state != Export.State.CANCELLED:
        raise NotAllowed("这个导出已经结束，不用取消。", code="not_open")
    return export


@transaction.atomic
def retry(pk: int, *, by: Scope) -> Export:
    """Let a failed or cancelled job run again, with the same number. Raises NotAllowed."""
    of(by, pk)
    actions.one_at_a_time(by)
    export = Export.objects.select_for_update().get(pk=pk, user=by.user)
    if export.is_open:
        return export
    if export.state not in (Export.State.FAILED, Export.State.CANCELLED) or not export.token:
        raise NotAllowed("只有未完成或已取消的导出可以重试；已过期的请从清单重新导出。", code="not_failed")
    if Export.objects.filter(user=by.user, asked_key=export.asked_key, state__in=Export.OPEN).exists():
        raise NotAllowed("同样的导出已在排队。", code="asked_already")
    _check_room(by)
    export.state, export.worker, export.attempts, export.done, export.failure = Export.State.WAITING, "", 0, 0, ""
    export.finished_at = None
    export.save(update_fields=["state", "worker", "attempts", "done", "failure", "finished_at"])
    return export


@transaction.atomic
def fetch(pk: int, *, by: Scope) -> tuple[Export, Path]:
    """The file for its own person, on record before a byte leaves (L-SEC-40). Raises NotAllowed, Export.DoesNotExist.

    Whose posts have changed since it was made gets it no more: it may hold what they may not see now.
    """
    export = of(by, pk)
    if export.state != Export.State.DONE:
        raise NotAllowed("文件还没有生成好，或已被清理，请重新导出。", code="not_ready")
    listing = exports_lists.find(export.listing)
    if listing is None or not exports_lists.is_open_to(listing, by) or _basis(by) != export.basis:
        raise NotAllowed("生成这个文件以后，您的岗位或代理有了变化，请按现在的权限重新导出。", code="scope_changed", status=403)
    path = path_of(export)
    if not path.is_file():
        raise NotAllowed("文件已不在，请重新导出。", code="file_gone")
    Export.objects.filter(pk=pk).update(downloads=F("downloads") + 1)
    access.log(
        AccessEntry.Event.DOWNLOAD,
        user=by.user,
        unit_id=by.home.unit_id if by.home else None,
        object_type="export",
        object_id=export.number,
        object_label=f"导出文件 {export.label}"[:120],
        ground=export.ground,
        detail={"form": export.form, "rows": export.done, "number": export.number, "sha256": export.sha256},
    )
    return export, path


def path_of(export: Export) -> Path:
    """Where the file lies: named by the job and the claim that made it, so that no two makings touch one file."""
    return _folder() / f"{export.pk}-{export.worker}.{export.form}"


def _folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "exports"


def _basis(scope: Scope) -> str:
    """What somebody's sight depends on, as a hash."""
    told = [sorted(scope.readers), sorted({(s.role, s.unit_id) for s in scope.standings})]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


# -- pieces of the file -----------------------------------------------------------------------------------------------------------------


def lines(export: Export, table: Table, blocks: Iterable[bytes], *, by: Scope, at: datetime) -> Iterator[bytes]:
    """The CSV of a list whose rows the database writes, under the same first line and headings."""
    return exports.csv_pieces([[_mark(export, by, at)], [heading.label for heading in table.headings]], blocks)


def _mark(export: Export, by: Scope, at: datetime) -> str:
    """Whose copy it is (L-SEC-40)."""
    listing = exports_lists.find(export.listing)
    unit = by.home.unit_name if by.home else ""
    words = export.label.removeprefix(f"{listing.label} · ") if listing else export.label
    counted = f"共 {export.total} {listing.counted}" if listing else ""
    told = (words, counted, f"导出编号 {export.number}", "内部资料，注意保密")
    return " · ".join([f"{by.user.name}（{unit}）于 {timezone.localtime(at):%Y-%m-%d %H:%M:%S} 导出", *(part for part in told if part)])


def pieces(export: Export, table: Table, rows: Iterable[Cells], *, by: Scope, at: datetime) -> Iterator[bytes]:
    """The file of an export in pieces: whose copy it is in the first line and in the properties, the headings, the rows."""
    listing = exports_lists.find(export.listing)
    unit = by.home.unit_name if by.home else ""
    mark = _mark(export, by, at)
    head = [[mark], [heading.label for heading in table.headings]]
    if export.form == Export.Form.CSV:
        return exports.csv_pieces(head, (exports.csv_line([exports.plain("" if cell is None else cell) for cell in row]) for row in rows))
    about = About(export.label, f"{by.user.name}（{unit}）", at, mark)
    return exports.xlsx_pieces(head, rows, [heading.width for heading in table.headings], name=listing.label if listing else "清单", about=about)


def file_name(export: Export, who: str) -> str:
    listing = exports_lists.find(export.listing)
    label = listing.label if listing else "清单"
    words = export.label.removeprefix(label).removeprefix(" · ")
    return exports.file_name(words[:30], who, export.asked_at, export.form, label)


# -- the worker's part ------------------------------------------------------------------------------------------------------------------


def run_next() -> bool:
    """Take up one job that waits, or one whose worker died, and end it. False when there is none to take."""
    export = _claim(clock.now())
    if export is None:
        return False
    target = path_of(export)
    part = target.with_suffix(".part")
    try:
        _make(export, part, target)
    except Stopped:
        target.unlink(missing_ok=True)
    except NotAllowed as refusal:
        _fail(export, refusal.message)
    except OSError as error:
        log.exception("export %s", export.pk)
        _fail(export, DISK_FULL if error.errno in (errno.ENOSPC, errno.EDQUOT) else BROKEN_FILE)
    except Exception:
        log.exception("export %s", export.pk)
        _fail(export, "导出时系统出错，请点“重试”；仍不行请告知系统管理员。")
    finally:
        part.unlink(missing_ok=True)
    return True


def is_worked_at(now: datetime) -> bool:
    """Whether a worker writes some export now."""
    return Export.objects.filter(state=Export.State.RUNNING, beat_at__gte=now - LEASE).exists()


def _claim(now: datetime) -> Export | None:
    """The oldest job that nobody works at, made ours by one conditional update."""
    alive = Export.objects.filter(state=Export.State.RUNNING, beat_at__gte=now - LEASE)
    free = Q(state=Export.State.WAITING) | Q(state=Export.State.RUNNING, beat_at__lt=now - LEASE)
    if alive.count() >= MOST_AT_ONCE:
        return None
    for found in Export.objects.filter(free).order_by("asked_at", "id")[:20]:
        claim = uuid.uuid4().hex
        mine = Export.objects.filter(pk=found.pk, state=found.state, worker=found.worker)
        if found.attempts >= MOST_ATTEMPTS:
            if mine.update(state=Export.State.FAILED, finished_at=now, failure="多次中断，没有完成。请缩小筛选范围，或稍后重试。"):
                _tell(found, f"导出未完成：{found.label}", now)
            continue
        if mine.update(state=Export.State.RUNNING, worker=claim, beat_at=now, attempts=F("attempts") + 1, done=0):
            return Export.objects.select_related("user").get(pk=found.pk)
    return None


def _make(export: Export, part: Path, target: Path) -> None:
    """Write the file and put the row on it. Raises NotAllowed, OSError, Stopped."""
    listing = exports_lists.find(export.listing)
    if listing is None:
        raise NotAllowed("这个清单已不能导出。", code="no_listing")
    if not export.user.is_active:
        raise NotAllowed("账号已停用。", code="inactive")
    scope = scope_of(export.user, clock.today())
    table = look(listing, json.loads(cipher.decrypt(export.token))["params"], scope)
    export.total = table.count(actions.MOST_EXPORTED)
    _beat(export, total=export.total)
    progress = _Progress(export)
    digest, size = hashlib.sha256(), 0
    part.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with part.open("wb") as out:
        part.chmod(settings.FILE_UPLOAD_PERMISSIONS)
        for piece in pieces(export, table, progress.counted(table.rows()), by=scope, at=clock.now()):
            out.write(piece)
            digest.update(piece)
            size += len(piece)
    part.replace(target)
    now = clock.now()
    with transaction.atomic():
        _beat(
            export,
            state=Export.State.DONE,
            done=progress.rows,
            total=progress.rows,
            size=size,
            sha256=digest.hexdigest(),
            basis=_basis(scope),
            finished_at=now,
            expires_at=now + timedelta(days=KEPT_DAYS),
            failure="",
        )
        _tell(export, f"导出已完成，可下载：{export.label}（{progress.rows} {listing.counted}）", now)


class _Progress:
    """Counts rows on their way into the file and beats, about once a second."""

    def __init__(self, export: Export) -> None:
        self._export = export
        self._next = time.monotonic() + BEAT
        self.rows = 0

    def counted(self, rows: Iterable[Cells]) -> Iterator[Cells]:
        for row in rows:
            self.rows += 1
            if self.rows % BEAT_ROWS == 0 and time.monotonic() >= self._next:
                _beat(self._export, done=self.rows)
                self._next = time.monotonic() + BEAT
            yield row


def _beat(export: Export, **fields: Any) -> None:
    """Write to the row as long as the claim is ours. Raises Stopped."""
    held = Export.objects.filter(pk=export.pk, worker=export.worker, state=Export.State.RUNNING)
    if not held.update(beat_at=clock.now(), **fields):
        raise Stopped


def _fail(export: Export, why: str) -> None:
    now = clock.now()
    held = Export.objects.filter(pk=export.pk, worker=export.worker, state=Export.State.RUNNING)
    with transaction.atomic():
        if held.update(state=Export.State.FAILED, finished_at=now, failure=why[:200]):
            _tell(export, f"导出未完成：{export.label}", now)


def _tell(export: Export, text: str, at: datetime) -> None:
    """One line in the person's inbox for each end a job comes to."""
    key = f"{NOTICE}:{export.pk}:{export.worker or export.attempts}"
    notices.insert([notices.Line(to=Addressee(user_id=export.user_id), kind=NOTICE, text=text, key=key)], at)


def forget(now: datetime) -> int:
    """Remove files whose days are over and what dead workers left behind. Returns how many files went."""
    gone = 0
    for export in Export.objects.filter(state=Export.State.DONE, expires_at__lt=now):
        Export.objects.filter(pk=export.pk).update(state=Export.State.REMOVED, token="")
        path_of(export).unlink(missing_ok=True)
        gone += 1
    ended = Export.objects.filter(state__in=(Export.State.FAILED, Export.State.CANCELLED), finished_at__lt=now - timedelta(days=KEPT_DAYS))
    ended.exclude(token="").update(token="")
    return gone + _sweep_folder(now)


def _sweep_folder(now: datetime) -> int:
    """Files no row points at, older than a day."""
    if not _folder().is_dir():
        return 0
    kept = {path_of(export).name for export in Export.objects.filter(state__in=(Export.State.DONE, Export.State.RUNNING))}
    stray = [path for path in _folder().iterdir() if path.name not in kept and now.timestamp() - path.stat().st_mtime > 86_400]
    for path in stray:
        path.unlink(missing_ok=True)
    return len(stray)
