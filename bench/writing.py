"""Cases with all that hangs on them, as rows for COPY. Same seed, same cases (encrypted tokens apart, whose nonces are random).

A case is walked through the same steps as in petitions.actions, in the same order, with the same words in its history;
only nothing is asked of the database. `tests`-free: `bench.generate` proves a sample with the product's own verifier.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import accumulate
from random import Random
from typing import Any

from django.db.models import Model

from bench.county import Facts, Officer, Spot, Townsman
from bench.loading import Table
from casework import documents
from casework import models as casework
from casework.rules import Outcome
from organisations import synthetic
from organisations.synthetic import TOWN_OFFICE, Story
from petitions import codes, rules
from petitions import models as petitions
from petitions.demo.telling import CHANNELS, GROUNDS
from petitions.papers.letter import day_words
from petitions.rules import STAGE_OF, STEPS

SHANGHAI = timezone(timedelta(hours=8))
CHUNK = 2000
DAY = 86_400


def _table(model: type[Model], *columns: str) -> Table:
    """Columns as words, several lines of them."""
    return Table(model, tuple(" ".join(columns).split()))


TABLES: dict[str, Table] = {
    "case": _table(
        casework.Case,
        "id number kind title subject state stage state_since area_id town_code topic_code topic unit_id handler_id",
        "registered_by_id registered_unit_id opened_at due_on due_key warn_on closed_at outcome confidential urgency headcount",
        "marks version entries head_hash urged",
    ),
    "petition": _table(
        petitions.Petition,
        "case_id channel source source_number purpose received_on story place respondent_unit_id respondent_name involved_count",
        "flags prior_places care_needs is_anonymous is_oral read_back_at query_code mode promised_on agent_consent",
        "is_final_holder accepted_on support replied_on delivered_on reopened prepared_by_id settled_as simple_ground",
    ),
    "reach": _table(
        casework.Reach,
        "id case_id reader is_open state due_on warn_on opened_at unit_id handler_id town_code topic_code area_id urgency marks",
    ),
    "party": _table(
        casework.Party,
        "id case_id no position is_organisation name initials sex born_on nation occupation id_type id_token id_index",
        "id_last4_index phone_token phone_index phone_last4_index id_masked phone_masked area_id address relation authority",
    ),
    "entry": _table(
        casework.Entry,
        "id case_id no at happened_at act label stage by_id by_label unit_id text detail is_internal address prev_hash hash",
    ),
    "deadline": _table(
        casework.Deadline,
        "id case_id key name limit_id unit_id is_duty base_on base_event due_on rolled_on warn_on is_provisional met_on",
        "dropped_on item given_on remind_on card_on",
    ),
    "document": _table(
        casework.Document,
        "id case_id paper name number unit_id context issued_by_id issued_at pdf_sha256 failure rendered_at verify_code",
    ),
    "notice": _table(
        casework.Notice,
        "id case_id to_unit_id to_user_id kind text at read_at read_by_id key to_role is_statutory is_carried",
    ),
    "search": _table(
        casework.SearchText,
        "case_id text readers",
    ),
    "point": _table(
        petitions.Point,
        "id petition_id no text support result ground",
    ),
    "dispatch": _table(
        petitions.Dispatch,
        "id petition_id from_unit_id to_unit_id duty mode words report_due_on is_final sent_by_id sent_at signed_by_id",
        "signed_at ended_at",
    ),
    "objection": _table(
        petitions.Objection,
        "id dispatch_id reason suggested_unit_id by_id at decision decided_by_id decided_at words",
    ),
    "inquiry": _table(
        petitions.Inquiry,
        "id petition_id kind on officers place words evidence by_id at",
    ),
    "proposal": _table(
        petitions.Proposal,
        "id petition_id leader_id words by_id at instruction instructed_at",
    ),
    "guidance": _table(
        petitions.Guidance,
        "id petition_id routes answers words by_id at",
    ),
    "reply": _table(
        petitions.Reply,
        "id petition_id text outcome remedy_unit prepared_by_id prepared_at approved_by_id approved_at sent_back_at",
        "sent_back_words delivery posted_on delivered_on receiver proof",
    ),
    "feedback": _table(
        petitions.Feedback,
        "id petition_id way on words is_reached office_rating unit_rating reason by_id at",
    ),
}

HANDLED = ["register", "route", "sign", "accept", "hear", "investigate", "prepare", "reply", "deliver", "report", "feedback", "close"]
SUGGESTED = ["register", "route", "sign", "accept", "prepare", "reply", "deliver", "report", "feedback", "close"]
OBJECTED = ["register", "route", "object", "agree_return"]
SPOT = ["register", "answer", "feedback", "close"]
GUIDED = ["register", "guide", "deliver", "report", "feedback", "close"]
WITHDRAWN = ["register", "withdraw", "feedback", "close"]
STATE_AFTER = {code: str(step.to) for code, step in STEPS.items() if step.to}

#: Where open cases stand by their age in days (up to; states with weights).
STANDING: tuple[tuple[int, dict[str, int]], ...] = (
    (2, {"registered": 60, "routed": 25, "signed": 8, "reported": 7}),
    (8, {"registered": 28, "returned": 2, "routed": 22, "objected": 3, "signed": 14, "accepted": 20, "reported": 8, "fed_back": 3}),
    (
        30,
        {"registered": 4, "routed": 6, "objected": 1, "signed": 6, "accepted": 56, "under_approval": 9, "replied": 5, "delivered": 6, "reported": 7},
    ),
    (99_999, {"accepted": 62, "under_approval": 11, "replied": 7, "delivered": 8, "reported": 8, "fed_back": 4}),
)
#: Days an open case stays open on average; with six years of cases about three in a hundred are open.
OPEN_DAYS = 66.0

_LAST = {
    "registered": "register",
    "routed": "route",
    "signed": "sign",
    "accepted": "accept",
    "under_approval": "prepare",
    "replied": "reply",
    "delivered": "deliver",
    "reported": "report",
    "fed_back": "feedback",
    "objected": "object",
    "returned": "agree_return",
}
_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
_channels = (list(CHANNELS), list(accumulate(CHANNELS.values())))
_alphabet = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


@dataclass(frozen=True)
class Job:
    """What to write: how many cases between which days. `first_of_year` is the index at which each year's numbers begin.

    With `other_each` n every n-th key is left to a case of another kind, which came in between.
    """

    seed: int
    count: int
    days: tuple[date, ...]
    day_sums: tuple[float, ...]
    first_of_year: dict[int, int]
    until: datetime
    other_each: int = 0

    def key(self, index: int) -> int:
        return index + 1 + (index // (self.other_each - 1) if self.other_each else 0)


def job(seed: int, count: int, start: date, until: date, is_working: Any, *, free_days: float = 0.12, other_each: int = 0) -> Job:
    """Arrivals spread over the days: working days full, others an eighth (`free_days`), some growth from year to year."""
    days = tuple(start + timedelta(days=n) for n in range((until - start).days + 1))
    sums = tuple(accumulate((1.0 if is_working(day) else free_days) * (1 + n / len(days) * 0.5) for n, day in enumerate(days)))
    made = Job(seed, count, days, sums, {}, datetime(until.year, until.month, until.day, 18, tzinfo=SHANGHAI), other_each)
    years: dict[int, int] = {}
    low = 0
    for year in range(start.year, until.year + 1):
        high = count
        while low < high:  # the first index whose case arrives in that year or later
            middle = (low + high) // 2
            if arrival(made, middle)[0].year < year:
                low = middle + 1
            else:
                high = middle
        years[year] = low
    made.first_of_year.update(years)
    return made


def arrival(work: Job, index: int) -> tuple[date, float]:
    """Day and part of the day of a case: in the order of the index, without drawing."""
    place = (index + 0.5) / work.count * work.day_sums[-1]
    day = bisect(work.day_sums, place)
    before = work.day_sums[day - 1] if day else 0.0
    return work.days[day], (place - before) / (work.day_sums[day] - before)


def _working(stamp: float) -> int:
    """The same order, but within working hours: a whole day pressed into 8:30 to 17:30."""
    local = int(stamp) + 28_800
    return local - local % DAY + 30_600 + (local % DAY) * 3 // 8 - 28_800


def _copied(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")


def _or_null(value: object) -> object:
    """What COPY takes for NULL where there is nothing."""
    return value or "\\N"


def _query_code(index: int) -> str:
    value = (index * 3_000_000_019 + 987_654_321) % 31**7  # a bijection: 31 is prime and does not divide the factor
    code = ""
    for _ in range(7):
        value, digit = divmod(value, 31)
        code += _alphabet[digit]
    return "Q" + code


def write_chunk(facts: Facts, work: Job, first: int) -> dict[str, list[str]]:
    """The rows of CHUNK cases from index `first` on, by table."""
    rng = Random(f"{work.seed}:{first}")
    rows: dict[str, list[str]] = {name: [] for name in TABLES}
    for index in range(first, min(first + CHUNK, work.count)):
        _Writer(facts, work, rng, rows, index).write()
    return rows


@dataclass(slots=True)
class _Writer:
    """One case being walked. The attributes are the columns of case and petition as they stand after each act."""

    facts: Facts
    work: Job
    rng: Random
    rows: dict[str, list[str]]
    index: int
    pk: int = 0
    number: str = ""
    story: Story = None  # type: ignore[assignment]
    spot: Spot = None  # type: ignore[assignment]
    people: list[Townsman] = field(default_factory=list)
    is_anonymous: bool = False
    channel: str = ""
    subject: str = ""
    registrar: Officer = None  # type: ignore[assignment]
    unit: int = 0
    handler: int | None = None
    state: str = ""
    stage: int = 1
    since: str = ""
    entries: int = 0
    head: str = ""
    readers: set[int] = field(default_factory=set)
    words: list[str] = field(default_factory=list)
    deadlines: dict[str, list[Any]] = field(default_factory=dict)
    marks: list[str] = field(default_factory=list)
    opened: datetime = None  # type: ignore[assignment]
    opened_iso: str = ""
    closed_iso: str = "\\N"
    now: datetime = None  # type: ignore[assignment]
    at: str = ""
    today: date = None  # type: ignore[assignment]
    purpose: str = ""
    urgency: int = 0
    mode: str = ""
    promised: date | None = None
    accepted_on: date | None = None
    replied_on: date | None = None
    delivered_on: date | None = None
    settled: str = ""
    support: str = ""
    prepared_by: int | None = None
    dispatch: list[Any] | None = None
    reply: list[Any] | None = None
    objection: list[Any] | None = None
    to_unit: int = 0
    outcome: str = ""
    stays_open: bool = False

    def write(self) -> None:
        self._draw()
        steps, end = self._fate()
        begin = self.opened.timestamp()
        span = end - begin
        last = max(1, len(steps) - 1)
        for number, code in enumerate(steps):
            stamp = begin if number == 0 else _working(begin + span * min(1.0, (number - 0.3 * self.rng.random()) / last))
            self._at(max(begin + 60 * number, stamp))
            getattr(self, "do_" + code)(code)
        self._rows()

    # -- what it is ------------------------------------------------------------------------------

    def _draw(self) -> None:
        facts, rng, index = self.facts, self.rng, self.index
        self.pk = self.work.key(index)
        day, part = arrival(self.work, index)
        midnight = datetime(day.year, day.month, day.day, tzinfo=SHANGHAI).timestamp()
        self._at(_working(midnight + part * (DAY - 1)))
        self.opened, self.opened_iso = self.now, self.at
        self.number = f"{facts.county_code}-{day.year}-{index - self.work.first_of_year[day.year] + 1:06d}"
        person = facts.pool[int(rng.random() * len(facts.pool))]
        spot_number = person.spot if rng.random() < 0.92 else facts.draw_spot(rng)
        self.spot = facts.spots[spot_number]
        self.story = synthetic.story(rng, self.spot.place, on=day)
        self.purpose = self.story.purpose
        self.channel = _channels[0][bisect(_channels[1], rng.random() * _channels[1][-1])]
        self.is_anonymous = rng.random() < (0.25 if self.purpose == "03" else 0.02)
        if not self.is_anonymous:
            self.people = [person]
            if self.story.headcount > 1:
                neighbours = facts.at_spot.get(spot_number, [])
                more = rng.sample(neighbours, min(len(neighbours), rng.randint(0, 3)))
                self.people += [facts.pool[n] for n in more if facts.pool[n] is not person]
        heads = self.story.headcount
        self.subject = "匿名" if not self.people else person.name if heads <= 1 else f"{person.name}等{heads}人"
        if heads >= rules.GROUP_FROM:
            self.marks.append("group")
        if self.is_anonymous:
            self.marks.append("anonymous")
        if rng.random() < 0.08:
            self.marks.append("repeat")
        self.urgency = 2 if heads >= 30 else 1 if rng.random() < 0.1 else 0
        station = facts.station[self.spot.town_code]
        self.to_unit = station if self.story.department == TOWN_OFFICE else facts.department.get(self.story.department, station)
        if self.purpose == "03":
            self.to_unit = facts.discipline_unit
        self.registrar = rng.choice(facts.clerks) if rng.random() < 0.75 or station not in facts.handlers else rng.choice(facts.handlers[station])

    def _fate(self) -> tuple[list[str], float]:
        """The acts to be walked and when the last of them is done (seconds since 1970)."""
        rng, begin = self.rng, self.opened.timestamp()
        limit = self.work.until.timestamp()
        age = (limit - begin) / DAY
        if rng.random() < 2.718281828 ** (-age / OPEN_DAYS):
            self.stays_open = True
            standing = next(weights for days, weights in STANDING if age <= days)
            state = rng.choices(list(standing), list(standing.values()))[0]
            walk = OBJECTED if state in ("objected", "returned") else SUGGESTED if self.purpose in rules.SUGGESTION_PURPOSES else HANDLED
            if self.purpose == "03" and state in ("objected", "returned"):
                walk, state = HANDLED, "routed"
            steps = walk[: walk.index(_LAST[state]) + 1]
            if state == "accepted" and walk is HANDLED:
                steps = walk[: len(steps) + rng.randrange(3)]
            return steps, begin + (limit - begin) * rng.uniform(0.3, 0.98)
        fate = rng.random()
        if self.purpose == "03" or fate < 0.27:
            steps, days = (SUGGESTED if self.purpose in rules.SUGGESTION_PURPOSES else HANDLED), rng.uniform(9, 75)
        elif fate < 0.82:
            steps, days = SPOT, rng.uniform(0.02, 4)
        elif fate < 0.95:
            steps, days = GUIDED, rng.uniform(2, 15)
        else:
            steps, days = WITHDRAWN, rng.uniform(1, 12)
        return steps, min(begin + days * DAY, limit)

    def _at(self, stamp: float) -> None:
        self.now = datetime.fromtimestamp(int(stamp), UTC)
        self.at = self.now.isoformat()
        self.today = datetime.fromtimestamp(int(stamp), SHANGHAI).date()

    # -- the acts, as petitions.actions does them ------------------------------------------------

    def _record(self, code: str, by: Officer, text: str = "", detail: dict[str, Any] | None = None) -> None:
        state = STATE_AFTER.get(code)
        if state and state != self.state:
            self.state, self.stage, self.since = state, STAGE_OF[state], self.at
        self.entries += 1
        label = STEPS[code].label
        fields = [
            self.number,
            self.entries,
            self.at,
            self.at,
            f"petition.{code}",
            label,
            self.stage,
            by.id,
            by.label,
            by.unit_id,
            None,
            None,
            text,
            detail or {},
            False,
            by.address,
            self.head,
        ]
        hashed = hashlib.sha256(_encode(fields).encode()).hexdigest()
        written = _copied(_encode(detail)) if detail else "{}"
        self.rows["entry"].append(
            f"{self.pk * 16 + self.entries}\t{self.pk}\t{self.entries}\t{self.at}\t{self.at}\tpetition.{code}\t{label}\t{self.stage}\t{by.id}\t"
            f"{by.label}\t{by.unit_id}\t{_copied(text)}\t{written}\tf\t{by.address}\t{self.head}\t{hashed}\n"
        )
        self.head = hashed

    def _start(self, key: str, base_on: date, event: str, unit: int | None, as_set: date | None = None) -> None:
        self.deadlines[key] = [self.facts.due(key, base_on, as_set), base_on, event, unit, None, None]

    def _stop(self, *keys: str, met: bool = True) -> None:
        for key in keys:
            row = self.deadlines.get(key)
            if row is not None and row[4] is None and row[5] is None:
                row[4 if met else 5] = self.today

    def _by_unit(self) -> Officer:
        held = self.facts.handlers.get(self.unit)
        return held[self.index % len(held)] if held else self.facts.office[self.index % len(self.facts.office)]

    def do_register(self, code: str) -> None:
        facts, story = self.facts, self.story
        self.unit, self.handler = facts.centre_id, self.registrar.id
        self.readers = {-self.registrar.id}
        if self.purpose == "03":
            self.readers.update(-d.id for d in facts.discipline)
        else:
            self.readers.update(facts.centre_readers, self.spot.readers, facts.readers_of.get(self.registrar.unit_id, ()))
        self._start("pet.forward", self.today, "收到信访事项", facts.centre_id)
        detail = {
            "channel": codes.CHANNELS[self.channel].name,
            "purpose": codes.PURPOSES[self.purpose].name,
            "people": len(self.people),
            "headcount": story.headcount,
            "repeat_of": "",
            "received_on": self.today.isoformat(),
        }
        self.state, self.stage, self.since = "registered", STAGE_OF["registered"], self.at
        self._record(code, self.registrar, "", detail)
        names = " ".join(p.name for p in self.people)
        parts = [self.number, story.title, names, story.text, *(d.text for d in story.demands), self.spot.place.locality, story.accused_person]
        self.words.append("\n".join(part for part in parts if part))

    def do_route(self, code: str) -> None:
        facts, rng = self.facts, self.rng
        by = rng.choice(facts.discipline if self.purpose == "03" else facts.office)
        draw = rng.random()
        self.mode = "DLB" if draw < 0.1 else "LJB" if draw < 0.2 and not self.stays_open else "CNB"
        words = f"请{facts.unit_names[self.to_unit]}依法按程序办理，并将结果报中心。"
        self.unit, self.handler = self.to_unit, None
        if self.purpose == "03":
            self.readers.update(-o.id for o in facts.handlers[self.to_unit])
        else:
            self.readers.update(facts.readers_of[self.to_unit])
        self._stop("pet.forward")
        self._start("pet.notify_forwarded", self.today, "收到转送、交办", self.unit)
        self._start("pet.object", self.today, "收到转送、交办", self.unit)
        if self.mode == "LJB":
            self._start("pet.immediate", self.today, "立即办", self.unit)
        else:
            # An open case's promise is mostly still ahead: about one in eight has passed.
            ahead = (self.work.until.date() - self.today).days + rng.randint(-6, 42) if self.stays_open else rng.randint(10, 45)
            self.promised = self.today + timedelta(days=max(3, ahead))
            self._start("pet.promised", self.today, "承诺", self.unit, self.promised)
        self.dispatch = [self.unit, by.id, self.at, words, None, None, None]
        self._notice(code, f"{self.number} 转来待签收：{self.story.title}", self.unit)
        self._record(code, by, words, {"to_unit": facts.unit_names[self.unit], "mode": self.mode, "duty": "forward", "tasks": 0})

    def _notice(self, code: str, text: str, unit: int) -> None:
        if (self.work.until - self.now).days < 40:
            read = "\\N\t\\N" if self.rng.random() < 0.5 else f"{self.at}\t{self._by_unit().id}"
            key = f"{self.pk}:petition.{code}:{self.entries}:u{unit}"
            self.rows["notice"].append(
                f"{self.pk * 8 + len(self.rows['notice']) % 8}\t{self.pk}\t{unit}\t\\N\tpetition.{code}\t{text}\t{self.at}\t{read}\t{key}\t\tf\tt\n"
            )

    def do_sign(self, code: str) -> None:
        by = self._by_unit()
        assert self.dispatch is not None
        self.dispatch[4], self.dispatch[5], self.handler = by.id, self.at, by.id
        self._record(code, by)

    def do_object(self, code: str) -> None:
        by = self._by_unit()
        reason = "经核对，反映事项不属我单位职责范围，建议转由有权处理的单位办理。"
        self._stop("pet.object")
        self.objection = [reason, by.id, self.at, "", None, None, ""]
        self._record(code, by, reason)

    def do_agree_return(self, code: str) -> None:
        by = self.rng.choice(self.facts.office)
        words = "异议成立，退回待分流。"
        assert self.objection is not None
        assert self.dispatch is not None
        self.objection[3:] = ["returned", by.id, self.at, words]
        self.dispatch[6] = self.at
        self._stop("pet.notify_forwarded", "pet.object", "pet.promised", "pet.immediate", met=False)
        left = self.facts.unit_names[self.unit]
        self.unit, self.handler = self.facts.centre_id, by.id
        self._start("pet.forward", self.opened.astimezone(SHANGHAI).date(), "收到信访事项", self.unit)
        self.marks.append("returned")
        self._record(code, by, words, {"from_unit": left})

    def do_accept(self, code: str) -> None:
        self.accepted_on = self.today
        self._stop("pet.notify_forwarded")
        self._stop("pet.object", met=False)
        key = "pet.suggest" if self.purpose in rules.SUGGESTION_PURPOSES else "pet.handle"
        self._start(key, self.today, "受理之日", self.unit)
        due = self.deadlines[key][0].due_on
        self._paper("P05", "受告", "petitions/papers/acceptance.html", {"due_on": day_words(due)})
        self._record(code, self._by_unit(), "已收到您反映的事项，将依法按程序办理。")

    def _paper(self, code: str, word: str, template: str, more: dict[str, Any]) -> None:
        unit = self.facts.unit_names[self.unit]
        context = {
            "case_number": self.number,
            "query_code": _query_code(self.index),
            "addressee": "、".join(p.name for p in self.people) or "来信人",
            "title": self.story.title,
            "channel": codes.CHANNELS[self.channel].name,
            "received_on": day_words(self.opened.astimezone(SHANGHAI).date()),
            "unit": unit,
            "unit_phone": "",
            "date": day_words(self.today),
            "template": template,
            **more,
        }
        number = f"{unit}{word}〔{self.today.year}〕{self.pk}号"
        no = 0 if code == "P05" else 1
        self.rows["document"].append(
            f"{self.pk * 2 + no}\t{self.pk}\t{code}\t{codes.DOCUMENT_TYPES[code].name}\t{number}\t{self.unit}\t{_copied(_encode(context))}\t"
            f"{self._by_unit().id}\t{self.at}\t{'0' * 64}\t\t{self.at}\t{documents.verify_code(number)}\n"
        )

    def _inquire(self, code: str, kind: str, place: str, words: str, evidence: str) -> None:
        by = self._by_unit()
        officers = f"{by.name}、{self.facts.heads[self.unit].name}" if self.unit in self.facts.heads else by.name
        no = 0 if kind == "heard" else 1
        self.rows["inquiry"].append(
            f"{self.pk * 2 + no}\t{self.pk}\t{kind}\t{self.today}\t{officers}\t{place}\t{_copied(words)}\t{evidence}\t{by.id}\t{self.at}\n"
        )
        self._record(code, by, words, {"on": self.today.isoformat(), "officers": officers, "evidence": evidence})
        self.words.append(words)

    def do_hear(self, code: str) -> None:
        self._inquire(code, "heard", "办公室", "信访人到场陈述，所述与登记的诉求一致，补充了时间和经过。", "")

    def do_investigate(self, code: str) -> None:
        self._inquire(code, "investigated", "", self.story.finding, "谈话笔录、现场照片")

    def _settle(self, by: Officer, outcome: str, text: str, *, approved: Officer | None, remedy: str = "") -> None:
        self.settled, self.prepared_by = outcome, by.id
        self.reply = [text, outcome, remedy, by.id, self.at, approved.id if approved else None, self.at if approved else None, "", None, "", ""]

    def _result(self) -> str:
        supports = {demand.support for demand in self.story.demands}
        return "refused" if supports == {"3"} else "solved" if self.story.is_solved else "explained"

    def do_prepare(self, code: str) -> None:
        by = self._by_unit()
        self.support = "1" if self.story.is_solved else "2"
        outcome = self._result()
        self._settle(by, outcome, self.story.reply, approved=None, remedy=f"{self.facts.county_code}人民政府")
        self._notice(code, f"{self.number} 答复待审签：{self.story.title}", self.unit)
        self._record(code, by, self.story.reply, {"outcome": _OUTCOMES[outcome]})

    def do_reply(self, code: str) -> None:
        head = self.facts.heads[self.unit]
        assert self.reply is not None
        self.reply[5], self.reply[6] = head.id, self.at
        self.replied_on = self.today
        self._stop("pet.forward", "pet.notify_forwarded", "pet.handle", "pet.suggest", "pet.promised", "pet.immediate")
        points = [
            {
                "no": no,
                "text": d.text,
                "support": codes.REPLY_SUPPORT.label(d.support),
                "result": d.result,
                "ground": GROUNDS[self.story.category[:2]],
            }
            for no, d in enumerate(self.story.demands, start=1)
        ]
        accepted = day_words(self.accepted_on) if self.accepted_on else ""
        more = {"points": points, "text": self.story.reply, "remedy_unit": self.reply[2], "accepted_on": accepted}
        self._paper("P11", "信处", "petitions/papers/decision.html", more)
        self._record(code, head, "同意。", {"outcome": _OUTCOMES[self.settled]})
        self.words.append(self.story.reply)

    def do_deliver(self, code: str) -> None:
        by = self._by_unit()
        assert self.reply is not None
        self.delivered_on = self.today
        self.reply[7:] = ["1", self.today, self.subject[:40], "当面签收"]
        self._start("pet.satisfaction", self.today, "收到处理意见", None)
        if self.settled != "not_ours":
            self._start("pet.review_apply", self.today, "收到书面答复", None)
        delivery = codes.DELIVERY_METHODS["1"].name
        self._record(code, by, "", {"delivery": delivery, "delivered_on": self.today.isoformat(), "receiver": self.subject[:40], "proof": "当面签收"})

    def do_report(self, code: str) -> None:
        words = "已按期办理并答复信访人，请中心回访。"
        self._notice(code, f"{self.number} 办理结果已报，请回访：{self.story.title}", self.facts.centre_id)
        self._record(code, self._by_unit(), words)
        self.words.append(words)

    def do_answer(self, code: str) -> None:
        outcome = "solved" if self.story.is_solved else "explained"
        text = self.story.reply
        by = self.registrar if self.registrar.unit_id == self.unit else self.facts.office[0]
        self._settle(by, outcome, text, approved=by)
        assert self.reply is not None
        self.reply[7:] = ["1", self.today, self.subject[:40], "当场口头答复"]
        self.mode = "LJB"
        self.replied_on = self.delivered_on = self.today
        self._stop("pet.forward")
        self._record(code, by, text, {"outcome": _OUTCOMES[outcome]})
        self.words.append(text)

    def do_guide(self, code: str) -> None:
        by = self.rng.choice(self.facts.office)
        route = self.rng.choice(list(codes.LAWFUL_ROUTES))
        words = f"您反映的“{self.story.title}”属于{codes.LAWFUL_ROUTES[route].name}处理的事项，请依法向有权处理的机关提出。"
        self.rows["guidance"].append(f"{self.pk}\t{self.pk}\t{{{route}}}\t{{}}\t{words}\t{by.id}\t{self.at}\n")
        self._settle(by, "not_ours", words, approved=by)
        self.replied_on = self.today
        self._stop("pet.forward")
        self._record(code, by, words, {"routes": [codes.LAWFUL_ROUTES[route].name]})
        self.words.append(words)

    def do_withdraw(self, code: str) -> None:
        by = self.rng.choice(self.facts.office)
        words = "信访人表示问题已自行协商解决，自愿撤回。"
        self._settle(by, "withdrawn", words, approved=by)
        self._stop("pet.forward", met=False)
        self._record(code, by, words)

    def do_feedback(self, code: str) -> None:
        rng, by = self.rng, self.rng.choice(self.facts.clerks)
        dissatisfied = rng.random() < 0.06
        office, unit = rng.choice("112"), "3" if dissatisfied else rng.choice("112")
        reason = "对处理结果不认可" if dissatisfied else ""
        words = "电话回访，信访人表示对结果有意见。" if dissatisfied else "电话回访，信访人表示了解办理结果。"
        if dissatisfied:
            self.marks.append("dissatisfied")
        self.rows["feedback"].append(f"{self.pk}\t{self.pk}\tphone\t{self.today}\t{words}\tt\t{office}\t{unit}\t{reason}\t{by.id}\t{self.at}\n")
        levels = codes.SATISFACTION_LEVELS
        detail = {
            "way": "电话回访",
            "on": self.today.isoformat(),
            "office_rating": levels.label(office),
            "unit_rating": levels.label(unit),
            "reason": reason,
            "is_reached": True,
        }
        self._record(code, by, words, detail)
        self.words.append(words)

    def do_close(self, code: str) -> None:
        by = self.rng.choice(self.facts.office)
        self._stop("pet.forward", "pet.notify_forwarded", "pet.handle", "pet.suggest", "pet.promised", "pet.immediate", "pet.object", met=False)
        self.closed_iso, self.outcome = self.at, self.settled
        self._record(code, by, "", {"outcome": _OUTCOMES[self.settled]})

    # -- rows ------------------------------------------------------------------------------------

    def _rows(self) -> None:
        rows, pk, story, spot = self.rows, self.pk, self.story, self.spot
        is_open = self.closed_iso == "\\N"
        running = [r[0] for r in self.deadlines.values() if r[4] is None and r[5] is None and r[0].is_duty] if is_open else []
        due = min(running, key=lambda d: d.due_on, default=None)
        due_key = next((k for k, r in self.deadlines.items() if r[0] is due), "") if due else ""
        due_on, warn_on = (str(due.due_on), str(due.warn_on)) if due else ("\\N", "\\N")
        handler = "\\N" if self.handler is None else str(self.handler)
        category = codes.category(story.category)
        secret = "t" if self.purpose == "03" else "f"
        rows["case"].append(
            f"{pk}\t{self.number}\tpetition\t{story.title[:80]}\t{self.subject}\t{self.state}\t{self.stage}\t{self.since}\t{spot.area_id}\t"
            f"{spot.town_code}\t{category.code}\t{category.name}\t{self.unit}\t{handler}\t{self.registrar.id}\t{self.registrar.unit_id}\t"
            f"{self.opened_iso}\t{due_on}\t{due_key}\t{warn_on}\t{self.closed_iso}\t{self.outcome}\t{secret}\t{self.urgency}\t"
            f"{story.headcount}\t{{{','.join(self.marks)}}}\t{self.entries}\t{self.entries}\t{self.head}\t0\n"
        )
        days = [str(d) if d else "\\N" for d in (self.promised, self.accepted_on, self.replied_on, self.delivered_on)]
        received = self.opened.astimezone(SHANGHAI).date()
        oral = self.channel == "200" and not pk % 3
        rows["petition"].append(
            f"{pk}\t{self.channel}\t4\t\t{self.purpose}\t{received}\t{_copied(story.text)}\t{spot.place.locality}\t\\N\t{story.accused_person}\t"
            f"{story.headcount}\t{{}}\t{{}}\t{{}}\t{'t' if self.is_anonymous else 'f'}\t{'t' if oral else 'f'}\t"
            f"{_or_null(oral and self.opened_iso)}\t{_query_code(self.index)}\t{self.mode}\t{days[0]}\t\tf\t{days[1]}\t{self.support}\t"
            f"{days[2]}\t{days[3]}\t0\t{_or_null(self.prepared_by)}\t{self.settled}\t\n"
        )
        tail = (
            f"{'t' if is_open else 'f'}\t{self.state}\t{due_on if due else '9999-12-31'}\t{warn_on if due else '9999-12-31'}\t{self.opened_iso}\t"
            f"{self.unit}\t{handler}\t{spot.town_code}\t{category.code}\t{spot.area_id}\t{self.urgency}\t{{{','.join(self.marks)}}}\n"
        )
        readers = sorted(self.readers)
        rows["reach"] += [f"{pk * 16 + no}\t{pk}\t{reader}\t{tail}" for no, reader in enumerate(readers)]
        rows["search"].append(f"{pk}\t{_copied(' '.join(self.words))}\t{{{','.join(map(str, readers))}}}\n")
        position = "petitioner" if story.headcount <= 1 else "representative"
        for no, person in enumerate(self.people, start=1):
            columns = person.phone_row if self.channel == "400" else person.row
            rows["party"].append(f"{pk * 8 + no}\t{pk}\t{no}\t{position}\tf\t{columns}\n")
        answered = self.reply is not None and self.settled not in ("withdrawn", "not_ours")
        ground = GROUNDS[story.category[:2]]
        for no, demand in enumerate(story.demands, start=1):
            result = f"{demand.support}\t{_copied(demand.result)}\t{ground}" if answered else "\t\t"
            rows["point"].append(f"{pk * 8 + no}\t{pk}\t{no}\t{_copied(demand.text)}\t{result}\n")
        for no, (key, row) in enumerate(self.deadlines.items()):
            limit, base_on, event, unit, met, dropped = row
            rolled = limit.rolled_on or "\\N"
            rows["deadline"].append(
                f"{pk * 16 + no}\t{pk}\t{key}\t{limit.name}\t{limit.limit_id}\t{_or_null(unit)}\t{'t' if limit.is_duty else 'f'}\t{base_on}\t"
                f"{event}\t{limit.due_on}\t{rolled}\t{limit.warn_on}\t{'t' if limit.is_provisional else 'f'}\t{_or_null(met)}\t{_or_null(dropped)}\t"
                f"0\t{_or_null(limit.given_on)}\t{_or_null(limit.remind_on)}\t{_or_null(limit.card_on)}\n"
            )
        if self.dispatch is not None:
            to, by, at, words, signer, signed, ended = (value if value is not None else "\\N" for value in self.dispatch)
            rows["dispatch"].append(
                f"{pk}\t{pk}\t{self.facts.centre_id}\t{to}\tforward\t{self.mode}\t{words}\t\\N\tf\t{by}\t{at}\t{signer}\t{signed}\t{ended}\n"
            )
        if self.objection is not None:
            reason, by, at, decision, decider, decided, words = (value if value is not None else "\\N" for value in self.objection)
            rows["objection"].append(f"{pk}\t{pk}\t{reason}\t\\N\t{by}\t{at}\t{decision}\t{decider}\t{decided}\t{words}\n")
        if self.reply is not None:
            text, outcome, remedy, by, at, approver, approved, delivery, on, receiver, proof = (
                value if value is not None else "\\N" for value in self.reply
            )
            rows["reply"].append(
                f"{pk}\t{pk}\t{_copied(text)}\t{outcome}\t{remedy}\t{by}\t{at}\t{approver}\t{approved}\t\\N\t\t{delivery}\t\\N\t{on}\t{receiver}\t{proof}\n"
            )


_OUTCOMES = dict(Outcome.choices)
