"""The two ends of every act on a case of any kind: `begin` locks and asks the rules, `finish` writes state, history and version.

What differs from kind to kind is its `Procedure`: one record of tables, made once by the kind's own actions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import wraps
from typing import Any, Generic, ParamSpec, TypeVar

from django.db import OperationalError, connection, transaction
from django.db.models import Model

from casework import cases, folders, kinds, referrals, rows, timeline
from casework.models import Case, Entry
from casework.queries import records
from casework.rules import NotAllowed, Place, Step, Where, check, check_second_person, local_date
from organisations import clock, prepared
from organisations.scope import Scope, Standing

Row = TypeVar("Row", bound=Model)
P = ParamSpec("P")
Result = TypeVar("Result")

#: For how long an act can be taken back: the page offers it for ten seconds, a slow line and a long list of ticks get the rest.
UNDO_WITHIN = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Procedure(Generic[Row]):
    """How one kind of case is worked on.

    `code` stands before its acts in the history; `model` is its row, one to one with the case by the key `case`, with
    `visible_to(scope)` on its manager. `place_of(case, with_tasks=…)` is what the rules need to know of the case.
    """

    code: str
    model: type[Row]
    steps: dict[str, Step]
    state_labels: dict[str, str]
    stage_of: Mapping[str, int]
    place_of: Callable[..., Place]
    #: Acts that can be taken back.
    undoable: frozenset[str] = frozenset()


@dataclass
class Act(Generic[Row]):
    """An act in progress: the locked rows, who does it by which post, and the one reading of the clock."""

    procedure: Procedure[Row]
    code: str
    step: Step
    row: Row
    case: Case
    by: Scope
    standing: Standing
    now: datetime
    before: tuple[dict[str, Any], dict[str, Any]]
    beside: Case | None = None
    #: Who was let see the case, and which limits began: what taking the act back has to undo.
    shown: set[int] = field(default_factory=set)
    started: list[int] = field(default_factory=list)
    #: Rows that nothing else of the act reads: written with its last statement, and do not learn their keys.
    new: list[Model] = field(default_factory=list)

    @property
    def today(self) -> date:
        """The day of the one reading of the clock: an act over midnight belongs to one day."""
        return local_date(self.now)


def whole(act: Callable[P, Result]) -> Callable[P, Result]:
    """An act of its own, all or nothing: a transaction, or a savepoint in another's. It reads and writes what hangs on the case through

    `folders`, so it may be done on a new case of a ledger; there it needs no savepoint, for a refusal ends everything in the pile.
    """

    @wraps(act)
    def done(*args: P.args, **kwargs: P.kwargs) -> Result:
        token = _is_whole.set(True)
        try:
            with transaction.atomic(savepoint=folders.current() is None):
                return act(*args, **kwargs)
        finally:
            _is_whole.reset(token)

    return done


_is_whole: ContextVar[bool] = ContextVar("act_is_whole", default=False)


def _in_folder(pile: folders.Pile, number: str, by: Scope) -> dict[str, Any]:
    """The new case of a ledger, for whoever sees it. Raises RuntimeError for an act that asks the database itself."""
    if not _is_whole.get():
        raise RuntimeError("this act does not know cases that are not in the database yet")
    folder = pile.begun(number)
    return {number: folder.row} if folder.readers.intersection(by.readers) else {}


#: SQLSTATE of a lock that was not to be had within lock_timeout.
_LOCK_NOT_AVAILABLE = "55P03"


@contextmanager
def _told_when_held() -> Iterator[None]:
    """Somebody else's act holds the case for longer than a request waits: what was typed stays, and the same again will do. Raises NotAllowed."""
    try:
        yield
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) != _LOCK_NOT_AVAILABLE:
            raise
        raise NotAllowed("同事正在办理本件，系统等了几秒还没有轮到，没有保存。填写的内容还在，请稍等片刻再提交一次。", code="busy") from error


def _locked(procedure: Procedure[Row], numbers: list[str], by: Scope) -> dict[str, Any]:
    """Those of the cases that the scope sees, with the kind's rows, locked.

    In order of their keys, so that two people joining the same two cases cannot block each other; and without joining the
    unit, which a colleague's act may just have changed: the row would vanish on recheck. The keys stay free: who only looks
    at the case leaves a row that points at it, and must not wait for an act.
    """
    model: Any = procedure.model
    sql = f"""
        SELECT {records.columns(model, "k")}, {records.columns(Case, "c")}
          FROM casework_case c JOIN {connection.ops.quote_name(model._meta.db_table)} k ON k.case_id = c.id
         WHERE c.number = ANY(%s::text[]) AND EXISTS (SELECT FROM casework_reach r WHERE r.case_id = c.id AND r.reader = ANY(%s::bigint[]))
         ORDER BY c.id FOR NO KEY UPDATE OF k, c"""  # noqa: S608 (names of our own tables)
    with _told_when_held(), prepared.cursor() as db:
        db.execute(sql, [numbers, list(by.readers)])
        held = db.fetchall()
    of_row = records.width(model)
    found: dict[str, Any] = {}
    for columns in held:
        one: Any = records.made(model, columns[:of_row])
        one.case = records.made(Case, columns[of_row:])
        found[one.case.number] = one
    return found


def begin(procedure: Procedure[Row], code: str, number: str, by: Scope, version: int | None = None, *, beside: str = "") -> Act[Row]:
    """Lock the case through the actor's scope and ask whether this person may do this now.

    Raises the model's DoesNotExist outside the scope (the doors say 404) and NotAllowed otherwise. Must run inside the
    act's transaction. `beside` is the other case of an act between two; it is locked too and stands in `act.beside`.
    """
    pile = folders.current()
    found = _locked(procedure, [number, beside], by) if pile is None else _in_folder(pile, number, by)
    if number not in found:
        raise procedure.model.DoesNotExist  # type: ignore[attr-defined]
    row = found[number]
    case = row.case
    step = procedure.steps[code]
    place = procedure.place_of(case, with_tasks=step.where is Where.TASK)
    standing = check(procedure.steps, code, place, by, procedure.state_labels)
    cases.check_version(case, version)
    return Act(
        procedure=procedure,
        code=code,
        step=step,
        row=row,
        case=case,
        by=by,
        standing=standing,
        now=clock.now(),
        before=(cases.columns(row), cases.columns(case)),
        beside=found[beside].case if beside in found else None,
    )


def check_second(act: Act[Row], first_id: int | None, what: str) -> None:
    """Neither the one who asked, nor somebody who signs in that person's name («B 代 A»). Raises NotAllowed."""
    check_second_person(first_id, act.by.user.id, what)
    if act.standing.on_behalf_of_id is not None:
        check_second_person(first_id, act.standing.on_behalf_of_id, what)


def finish(
    act: Act[Row],
    *,
    to: str | None = None,
    text: str = "",
    detail: dict[str, Any] | None = None,
    happened_at: datetime | None = None,
    is_internal: bool = False,
    findable: str = "",
) -> Row:
    """Enter the step's state (or `to`); write the history, both rows and `act.new` in one statement. `findable` words join the search text."""
    procedure = act.procedure
    state = to or act.step.to
    if state is not None:
        cases.enter_state(act.case, state, procedure.stage_of[state], act.now)
    line = timeline.record(
        act.case,
        act=f"{procedure.code}.{act.code}",
        label=act.step.label,
        standing=act.standing,
        at=act.now,
        text=text,
        detail={**(detail or {}), "before": _before(act)} if act.code in procedure.undoable else detail,
        happened_at=happened_at,
        is_internal=is_internal,
        deferred=True,
    )
    act.case.version += 1
    _write(act, line, findable)
    _tell_source(act, act.before[1])
    return act.row


def _write(act: Act[Row], line: Entry, findable: str) -> None:
    """Line, rows and words of the act; into a folder only what is new goes: the rows it holds are these."""
    pile = folders.current()
    if pile is not None:
        folders.add(act.case, *act.new, line)
        pile.last.is_amid = False
    else:
        of_row, of_case = act.before
        rows.write([*act.new, line], [(act.row, cases.touched(act.row, of_row)), (act.case, cases.touched(act.case, of_case))])
    cases.add_text(act.case, findable)


def _tell_source(act: Act[Row], before: dict[str, Any]) -> None:
    """What came of it, to the case it was referred from: when it closes, and on the way where its kind says so."""
    is_closed = act.case.closed_at is not None and before["closed_at"] is None
    is_telling = act.case.state != before["state"] and act.case.state in kinds.get(act.case.kind).tells
    if is_closed or is_telling:
        referrals.report(act.case, by=act.standing, at=act.now)


def _before(act: Act[Row]) -> dict[str, Any]:
    """What taking the act back puts in place again: the columns it changed as they were, whom it told, what it started.

    The nearest due date is left out: it follows from the limits.
    """
    was_row, was_case = act.before
    kept = [name for name in cases.touched(act.case, was_case) if name not in ("due_on", "due_key", "warn_on", "version", "entries", "head_hash")]
    return {
        act.procedure.code: cases.plain({name: was_row[name] for name in cases.touched(act.row, was_row)}),
        "case": cases.plain({name: was_case[name] for name in kept}),
        "shown": sorted(act.shown),
        "started": act.started,
    }


def check_take_back(procedure: Procedure[Row], last: Entry, by: Scope) -> None:
    """Only the last act, by its own doer, within moments (DESIGN §8). Raises NotAllowed."""
    if last.act.removeprefix(f"{procedure.code}.") not in procedure.undoable:
        raise NotAllowed(f"上一步是“{last.label}”，不能撤销；本件也可能已有同事接着办理。", code="not_undoable")
    if last.by_id != by.user.id:
        raise NotAllowed(f"“{last.label}”是别的同事办的，只能由本人撤销。", code="not_yours")
    if clock.now() - last.at > UNDO_WITHIN:
        raise NotAllowed(f"“{last.label}”已超过{UNDO_WITHIN.seconds // 60}分钟，不能撤销。", code="too_late")


def may_take_back(procedure: Procedure[Row], last: Entry | None, case: Case, by: Scope) -> bool:
    """Whether the newest line shown is the case's last, one's own, fresh, and of an act that can be taken back."""
    return (
        last is not None
        and last.no == case.entries
        and last.by_id == by.user.id
        and last.act.removeprefix(f"{procedure.code}.") in procedure.undoable
        and clock.now() - last.at <= UNDO_WITHIN
    )


def put_back(act: Act[Row], last: Entry) -> None:
    """Both rows as they stood before that line, and nobody new sees the case; limits, papers and notices are the caller's."""
    before = last.detail["before"]
    cases.put_back(act.row, before[act.procedure.code])
    cases.put_back(act.case, before["case"])
    cases.hide_from(act.case, before["shown"])
