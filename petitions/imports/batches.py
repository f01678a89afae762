"""A batch from upload to undo: dry run with every row's problem, then all or nothing, resumable, undoable.

«All or nothing» has two levels. A batch with one bad row does not start. A started batch goes in by chunks, each
one transaction with its progress mark, so that a killed worker leaves whole chunks and the next one goes on.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from django.db import connection, transaction
from django.db.models import QuerySet

from casework import folders, notices
from casework.actions import without_numbers
from casework.exports import neutral
from casework.models import Case, Reach
from casework.numbers import Foreseen, Locked, TakenError
from casework.rules import NotAllowed
from organisations import access, clock, directory
from organisations.models import AccessEntry, Post, User
from organisations.roles import Role
from organisations.scope import Scope, scope_of
from organisations.snapshots import pinned
from petitions import actions, rules
from petitions.actions import intake as intake_acts
from petitions.imports import files, ledgers, mapping
from petitions.imports.mapping import Options, Ready
from petitions.models import Import, ImportRow, Petition
from petitions.queries import record
from petitions.queries.batches import UNDO_ASKED

#: Rows of one transaction, without and with the ledger's replies. It holds the county's next number from its first row on:
#: nobody who registers at a counter meanwhile waits much longer than half a second.
CHUNK = 40
CHUNK_ANSWERED = 8
MAX_BYTES = 50 * 1024 * 1024


def upload(name: str, content: BinaryIO, *, by: Scope) -> Import:
    """Keep the file and guess its columns. Raises NotAllowed for what cannot be read."""
    held = content.read(MAX_BYTES + 1)
    if len(held) > MAX_BYTES:
        raise NotAllowed("文件超过 50 兆，请分成几个文件。", code="too_big", status=422)
    found = files.header(held, name)
    return Import.objects.create(
        name=Path(name).name[:160],
        sha256=hashlib.sha256(held).hexdigest(),
        path=ledgers.keep(held),
        columns=found,
        mapping=mapping.guess(found),
        by=by.user,
        at=clock.now(),
    )


def columns(batch: Import) -> list[str]:
    """The column names, as they were at upload; those of a batch of before from its file, none once that is forgotten."""
    if batch.columns or not ledgers.is_kept(batch):
        return list(batch.columns)
    return files.header(ledgers.content(batch), batch.name)


def check(batch: Import, chosen: Mapping[str, str], options: Options, *, by: Scope) -> Import:
    """Dry run: read every row as the import would and keep each problem with its row number. Writes no case."""
    with _held(batch):
        batch.refresh_from_db()
        if batch.state in (Import.State.RUNNING, Import.State.DONE, Import.State.UNDONE):
            raise NotAllowed("这一批已经开始导入，不能再改对应关系。", code="started")
        ledgers.check_kept(batch)
        if not {"title", "story"} <= {key for key, column in chosen.items() if column}:
            raise NotAllowed("请指明“标题”和“诉求内容”在哪一列。", code="mapping", status=422)
        _check_people(options)
        today, total, problems, held = clock.today(), 0, [], _held_numbers(batch)
        for row in files.read(ledgers.content(batch), batch.name):
            total += 1
            try:
                _check_new(row, held)
                _check_protected(mapping.take(row, chosen, options, today))
            except NotAllowed as refusal:
                problems.append(ImportRow(batch=batch, no=row.no, problem=refusal.message[:300]))
        with transaction.atomic():
            ImportRow.objects.filter(batch=batch).delete()
            ImportRow.objects.bulk_create(problems)
            batch.mapping, batch.options = dict(chosen), options.as_stored()
            batch.total, batch.bad, batch.good = total, len(problems), total - len(problems)
            batch.state = Import.State.FAILED if problems else Import.State.CHECKED
            batch.save()
    return batch


def _held_numbers(batch: Import) -> set[str]:
    """Of the numbers in a file of the national layout those we hold: our own, and those taken in before."""
    numbers = {row.values.get(record.NUMBER, "").strip() for row in files.read(ledgers.content(batch), batch.name)} - {""}
    if not numbers:
        return set()
    own = Case.objects.filter(number__in=numbers, kind="petition").values_list("number", flat=True)
    taken = Petition.objects.filter(source_number__in=numbers).values_list("source_number", flat=True)
    return {*own, *taken}


def _check_new(row: files.Row, held: set[str]) -> None:
    """A row that came from us, or was taken in before, is not registered again. Raises NotAllowed (422)."""
    number = row.values.get(record.NUMBER, "").strip()
    if number in held:
        raise NotAllowed(f"信访件{number[:30]}本系统已有，不重复登记。", code="known", status=422)


def _check_protected(ready: Ready) -> None:
    """A report about the centre comes in by hand: the importing office may not see it, nor undo it, afterwards. Raises NotAllowed (422)."""
    intake = ready.intake
    if intake.purpose in rules.PROTECTED_PURPOSES and intake_acts.complained_about(intake).is_centre:
        raise NotAllowed("反映县中心或者本中心人员的检举控告，请逐件登记，交纪检联络员办理。", code="protected", status=422)


def _check_people(options: Options) -> None:
    """Replies of an old ledger need somebody who answers for them: two different people of one unit."""
    if not options.with_replies:
        return
    if not (options.unit_id and options.handler_id and options.head_id):
        raise NotAllowed("连同答复导入时，请选择承办单位、承办人和审签人。", code="people", status=422)
    if options.handler_id == options.head_id:
        raise NotAllowed("承办人和审签人不能是同一人。", code="same_person", status=422)
    posts = Post.objects.current(clock.today()).filter(unit_id=options.unit_id, user__is_active=True)
    unit = directory.current().units[options.unit_id].short_name
    for user_id, role, words in (
        (options.handler_id, Role.HANDLER, f"承办人应为{unit}的承办人。"),
        (options.head_id, Role.HEAD, f"审签人应为{unit}的单位负责人。"),
    ):
        if not posts.filter(user_id=user_id, role=role).exists():
            raise NotAllowed(words, code="people", status=422)


def start(batch: Import, *, by: Scope) -> Import:
    """Release a faultless batch for the worker. Raises NotAllowed."""
    with transaction.atomic():
        batch = Import.objects.select_for_update().get(pk=batch.pk)
        if batch.state != Import.State.CHECKED:
            raise NotAllowed("试运行全部通过后才能正式导入。", code="not_checked")
        ledgers.check_kept(batch)
        batch.state = Import.State.RUNNING
        batch.save(update_fields=["state"])
    access.log(
        AccessEntry.Event.IMPORT,
        user=by.user,
        object_type="import",
        object_id=batch.pk,
        object_label=f"{batch.name}（{batch.total}行）",
    )
    return batch


def leave_out_bad(batch: Import, *, by: Scope) -> Import:
    """Let a batch pass whose bad rows are left out on purpose; they stay listed with their reasons and in the error file."""
    with transaction.atomic():
        batch = Import.objects.select_for_update().get(pk=batch.pk)
        if batch.state != Import.State.FAILED or batch.done_rows or not batch.good:
            raise NotAllowed("只有试运行过、还没有导入的批次可以略过有问题的行。", code="not_checked")
        ledgers.check_kept(batch)
        batch.options = {**batch.options, "leaves_out_bad": True, "left_out_by": by.user.name}
        batch.state = Import.State.CHECKED
        batch.save(update_fields=["options", "state"])
    return batch


@transaction.atomic
def start_good(batch: Import, *, by: Scope) -> Import:
    """Leave the bad rows out and release the others, as one act: refused, it leaves the batch as it was. Raises NotAllowed."""
    return start(leave_out_bad(batch, by=by), by=by)


def run(batch: Import) -> Import:
    """Take the batch in, chunk by chunk, from where it stopped. Several processes may be at it; the chunks go in in their order."""
    with _held_with_others(batch) as is_open:
        if not is_open:
            return batch
        batch.refresh_from_db()
        if batch.state != Import.State.RUNNING:
            return batch
        try:
            work = _Work.of(batch)
            while (start := _claim(batch, work.size)) is not None:
                try:
                    _take_in_turn(batch, work, start)
                finally:
                    _release(batch, start)
        except NotAllowed as refusal:
            _stop(batch, refusal.message)
            return batch
        _finish(batch)
    return batch


def _finish(batch: Import) -> None:
    """Whoever finds all rows in and the batch still running ends it."""
    with transaction.atomic():
        held = Import.objects.select_for_update().get(pk=batch.pk)
        if held.state == Import.State.RUNNING and held.done_rows >= held.total:
            held.state, held.finished_at = Import.State.DONE, clock.now()
            held.save(update_fields=["state", "finished_at"])
            if not held.bad:
                ledgers.forget(held, "全部导入，原文件已删除")
    batch.refresh_from_db()


class _Work:
    """What every chunk of a batch needs: options, people, the rows left out, and the file read on as far as was asked."""

    def __init__(self, options: Options, people: _Answering, left_out: set[int], rows: Callable[[], Iterator[files.Row]]) -> None:
        self.options, self.people, self.left_out = options, people, left_out
        self.size = CHUNK_ANSWERED if options.with_replies else CHUNK
        self._open = rows
        self._rows, self._at = rows(), 0
        self._kept: deque[tuple[int, files.Row]] = deque(maxlen=2 * self.size)

    @classmethod
    def of(cls, batch: Import) -> _Work:
        options = Options.of(batch.options)
        content = ledgers.content(batch)
        return cls(options, _Answering.of(batch, options), _left_out(batch), lambda: files.read(content, batch.name))

    def rows(self, start: int, until: int) -> list[files.Row]:
        return [row for _, row in self.places(start, until)]

    def places(self, start: int, until: int) -> list[tuple[int, files.Row]]:
        """The rows of those places that are to come in; a place behind what is still kept is read from the beginning."""
        if start < self._at and (not self._kept or self._kept[0][0] > start):
            self._rows, self._at = self._open(), 0
            self._kept.clear()
        for row in islice(self._rows, max(until - self._at, 0)):
            self._kept.append((self._at, row))
            self._at += 1
        return [(place, row) for place, row in self._kept if start <= place < until and row.no not in self.left_out]


def _take_in_turn(batch: Import, work: _Work, start: int) -> None:
    """One chunk: made with the numbers foreseen after those before it, written when these are in.

    Somebody at a counter who took one of those numbers meanwhile wins: the chunk is made again with numbers that are held.
    Nothing is done when whoever had the chunk before it died: that one comes first.
    """
    end = min(start + work.size, batch.total)
    try:
        _take_in(batch, work, start, end, _foreseen(batch, work, start, end))
    except TakenError:
        _take_in(batch, work, start, end, Locked())


def _foreseen(batch: Import, work: _Work, start: int, end: int) -> Foreseen:
    """Where each series will stand when the chunks before this one are in: as it stands now, and what those will take."""
    own = {_series(row, batch, work) for row in work.rows(start, end)}
    before = [(place, _series(row, batch, work)) for place, row in work.places(batch.done_rows, start)]
    with connection.cursor() as cursor:  # in one statement: neither is older than the other
        cursor.execute(
            "SELECT done_rows, (SELECT jsonb_object_agg(series, value) FROM casework_counter WHERE series = ANY(%s)) "
            "FROM petitions_import WHERE id = %s",
            [list(own), batch.pk],
        )
        done_rows, standing = cursor.fetchone()
    ahead = Counter(series for place, series in before if place >= done_rows)
    return Foreseen({series: (json.loads(standing) if standing else {}).get(series, 0) + ahead[series] for series in own})


def _series(row: files.Row, batch: Import, work: _Work) -> str:
    with clock.at(mapping.registered_at(row, batch.mapping, work.options, clock.today())):
        return intake_acts.docket().series


@transaction.atomic
def _take_in(batch: Import, work: _Work, start: int, end: int, numbers: Foreseen | Locked) -> None:
    taken = []
    with pinned(), clock.from_ledger(), folders.opened(numbers) as pile:
        for row in work.rows(start, end):
            try:
                taken.append(ImportRow(batch=batch, no=row.no, case=_walked(row, batch, work)))
            except NotAllowed as refusal:
                raise NotAllowed(f"第 {row.no} 行：{refusal.message}", code=refusal.code, status=refusal.status) from refusal
        _await(batch, start - work.size)
        if Import.objects.select_for_update().values_list("done_rows", flat=True).get(pk=batch.pk) != start:
            return
        pile.write()
    ImportRow.objects.bulk_create(taken)
    batch.done_rows = end
    batch.save(update_fields=["done_rows"])


def _walked(row: files.Row, batch: Import, work: _Work) -> Case:
    ready = mapping.take(row, batch.mapping, work.options, clock.today())
    with clock.at(ready.registered_at):
        case = actions.register(ready.intake, by=work.people.office).case
    if ready.reply:
        _answer(case.number, ready, work.people)
    return case


def _left_out(batch: Import) -> set[int]:
    if not batch.options.get("leaves_out_bad"):
        return set()
    return set(ImportRow.objects.filter(batch=batch).exclude(problem="").values_list("no", flat=True))


def _stop(batch: Import, why: str) -> None:
    """A row that passed the dry run is refused now (a unit was closed meanwhile), or the file cannot be read: say so, keep what is in."""
    ImportRow.objects.update_or_create(batch=batch, no=0, defaults={"problem": why[:300]})
    Import.objects.filter(pk=batch.pk).update(state=Import.State.FAILED)
    batch.refresh_from_db()


class _Answering:
    """Who did what in the ledger: the importing office, and the chosen unit's two people."""

    def __init__(self, office: Scope, handler: Scope | None, head: Scope | None, options: Options) -> None:
        self.office, self.handler, self.head, self.options = office, handler, head, options

    @classmethod
    def of(cls, batch: Import, options: Options) -> _Answering:
        today = clock.today()

        def scope(user_id: int | None) -> Scope | None:
            return scope_of(User.objects.get(pk=user_id), today) if user_id else None

        return cls(scope_of(batch.by, today), scope(options.handler_id), scope(options.head_id), options)


LEDGER_WORDS = "按原台账导入，原台账未单独记录，详见答复全文。"


def _answer(number: str, ready: Ready, people: _Answering) -> None:
    """Walk the ledger's reply through the same acts, with the ledger's own dates."""
    office, handler, head = people.office, people.handler, people.head
    if handler is None or head is None or ready.replied_at is None or people.options.unit_id is None:
        raise NotAllowed("连同答复导入时，请选择承办单位、承办人和审签人。", code="people", status=422)
    names = [handler.user.name, head.user.name]
    with clock.at(ready.registered_at + timedelta(minutes=1)):
        actions.route(number, mode="LJB", to_unit_id=people.options.unit_id, words=LEDGER_WORDS, by=office)
        actions.sign(number, by=handler)
        actions.accept(number, words=LEDGER_WORDS, by=handler)
    with clock.at(ready.replied_at):
        on = clock.today()
        if ready.intake.purpose in ("01", "02", "03", "99"):
            actions.hear(number, on=on, officers=names, place="", words=LEDGER_WORDS, by=handler)
            actions.investigate(number, on=on, officers=names, place="", words=LEDGER_WORDS, evidence="原台账", by=handler)
        actions.answer_point(number, no=1, support="2", result="见答复全文。", ground="原台账", by=handler)
        actions.prepare(number, text=ready.reply, outcome="explained", support="2", remedy_unit="本级人民政府", by=handler)
        actions.reply(number, by=head)
        # Who asked on the platform agreed to be answered there.
        actions.deliver(number, delivery="3", delivered_on=on, receiver="原平台公开", proof="原台账", is_agreed=True, by=handler)
        actions.report(number, words=LEDGER_WORDS, by=handler)
        actions.feedback(number, way="online", on=on, words=LEDGER_WORDS, is_reached=True, by=office)
        actions.close(number, by=office)


def undo(batch: Import, *, reason: str, by: Scope) -> Import:
    """Void every case of the batch; the numbers stay. Resumable: what is void already is passed over.

    What `by` may not see, its own contacts void: without them nothing is undone, they are asked. Raises NotAllowed.
    """
    if batch.state not in (Import.State.DONE, Import.State.FAILED, Import.State.UNDONE):
        raise NotAllowed("这一批还没有导入完，不能撤销。", code="not_done")
    if len(reason.strip()) < 2:
        raise NotAllowed("请写明撤销原因。", code="reason_needed", status=422)
    rows = ImportRow.objects.filter(batch=batch).exclude(case=None).exclude(case__outcome="voided")
    unseen = Case.objects.filter(pk__in=rows.exclude(case__in=Case.objects.visible_to(by)).values("case"))
    if unseen.exists():
        return _ask_contacts(batch, unseen, reason, by)
    for number in list(rows.values_list("case__number", flat=True)):
        actions.retract(number, reason=reason, by=by)
    Import.objects.filter(pk=batch.pk).update(state=Import.State.UNDONE)
    batch.refresh_from_db()
    access.log(
        AccessEntry.Event.IMPORT,
        user=by.user,
        object_type="import",
        object_id=batch.pk,
        object_label=f"撤销 {batch.name}",
        ground=reason,
    )
    return batch


@transaction.atomic
def _ask_contacts(batch: Import, unseen: QuerySet[Case], reason: str, by: Scope) -> Import:
    """A protected matter is known to whoever brought it in and to its contacts, not to the whole office (L-PET-86).

    While who brought it in still works in the office, that person undoes the batch. After that the contacts void what only they
    see, each on its own page; asked once more, the rest is undone. Nobody is told which matters those are. Raises NotAllowed.
    """
    batch = Import.objects.select_for_update(of=("self",)).select_related("by").get(pk=batch.pk)
    if batch.by.is_active and scope_of(batch.by, clock.today()).holds({Role.OFFICE}) is not None:
        words = f"这一批里有您看不到的检举控告类事项，不能由您整批撤销；请由导入人{batch.by.name}撤销。"
        raise NotAllowed(words, code="not_all_seen", status=403)
    now = clock.now()
    contacts = Post.objects.current(clock.today()).filter(role=Role.DISCIPLINE, user__is_active=True).values_list("user_id", flat=True)
    asked = [(case, user_id) for case in unseen for user_id in _named_on(case) & set(contacts)]
    if {case.pk for case, _ in asked} != {case.pk for case in unseen}:
        raise NotAllowed("这一批里有检举控告类事项，知悉它的纪检联络员都已不在岗，请安全管理员先恢复联络员岗位。", code="nobody_named")
    for case, user_id in asked:
        text = f"{case.number} 是批量导入的，县中心要撤销那一批，请核对后办理“撤销导入”"
        notices.notify(case, kind="petition.retract", text=text, at=now, to_user_id=user_id)
    batch.options = {**batch.options, UNDO_ASKED: {"by": by.user.name, "on": clock.today().isoformat(), "reason": reason[:200]}}
    batch.save(update_fields=["options"])
    access.log(
        AccessEntry.Event.IMPORT,
        user=by.user,
        object_type="import",
        object_id=batch.pk,
        object_label=f"请纪检联络员撤销 {batch.name}",
        ground=reason,
    )
    return batch


def _named_on(case: Case) -> set[int]:
    return {-reader for reader in Reach.objects.filter(case=case, reader__lt=0).values_list("reader", flat=True)}


def error_file(batch: Import) -> Iterator[str]:
    """The bad rows as CSV lines, each with its row number and reason before the original cells; long numbers masked (L-SEC-39).

    The rows are put right in the file they came from, found by their numbers. Raises NotAllowed (409) before the first line when
    the file is gone.
    """
    return _bad_lines(batch, files.read(ledgers.content(batch), batch.name))


def _bad_lines(batch: Import, rows: Iterator[files.Row]) -> Iterator[str]:
    problems = dict(ImportRow.objects.filter(batch=batch).exclude(problem="").values_list("no", "problem"))
    names = columns(batch)
    line = _Line()
    writer = csv.writer(line)
    writer.writerow(["行号", "问题", *map(neutral, names)])
    yield "\ufeff" + line.taken()
    for row in rows:
        if row.no in problems:
            writer.writerow([row.no, without_numbers(problems[row.no]), *(neutral(without_numbers(row.values.get(name, ""))) for name in names)])
            yield line.taken()


class _Line:
    """A file that holds one line, for csv.writer."""

    def __init__(self) -> None:
        self._text = ""

    def write(self, text: str) -> int:
        self._text += text
        return len(text)

    def taken(self) -> str:
        text, self._text = self._text, ""
        return text


#: The first number of our advisory locks: of batches, and of the chunks somebody is at.
_BATCH, _CHUNK_AT = 0x1A9, 0x1AA


@contextmanager
def _held(batch: Import) -> Iterator[None]:
    """Nobody begins to take the batch in meanwhile: a session lock, which the database drops by itself when the process dies."""
    with _locked("pg_try_advisory_lock", "pg_advisory_unlock", batch):
        yield


@contextmanager
def _held_with_others(batch: Import) -> Iterator[bool]:
    """The batch is being taken in, by whoever else also holds it so. False while somebody checks it."""
    with _locked("pg_try_advisory_lock_shared", "pg_advisory_unlock_shared", batch) as found:
        yield found


@contextmanager
def _locked(take: str, give: str, batch: Import) -> Iterator[Any]:
    found = _asked(f"SELECT {take}(%s, %s)", _BATCH, batch.pk)
    try:
        yield found
    finally:
        if found:
            _asked(f"SELECT {give}(%s, %s)", _BATCH, batch.pk)


def _asked(sql: str, *values: int) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()[0]


def _place(batch: Import, start: int) -> int:
    """The name of a chunk among the locks: batch and place of its first row."""
    return _CHUNK_AT << 52 | batch.pk << 24 | start


def _claim(batch: Import, size: int) -> int | None:
    """The place of the next chunk nobody is at, the one after it while somebody is; None when nothing is left to do.

    One place ahead is enough for two processes, and nobody has to foresee more than one chunk's numbers.
    """
    while True:
        batch.refresh_from_db(fields=["state", "done_rows"])
        if batch.state != Import.State.RUNNING or batch.done_rows >= batch.total:
            return None
        for start in range(batch.done_rows, min(batch.done_rows + 2 * size, batch.total), size):
            if _asked("SELECT pg_try_advisory_lock(%s)", _place(batch, start)):
                batch.refresh_from_db(fields=["done_rows"])
                if start in (batch.done_rows, batch.done_rows + size):
                    return start
                _release(batch, start)
                break
        else:
            _await(batch, batch.done_rows)


def _release(batch: Import, start: int) -> None:
    _asked("SELECT pg_advisory_unlock(%s)", _place(batch, start))


def _await(batch: Import, start: int) -> None:
    """Until nobody is at the chunk of that place any more."""
    if start >= 0:
        _asked("SELECT pg_advisory_lock(%s)", _place(batch, start))
        _release(batch, start)
