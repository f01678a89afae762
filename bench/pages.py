"""Which pages are measured, by whom they are asked for, and what the issue demands of them (§9)."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from urllib.parse import urlencode

from django.db import connection

from bench.client import Request
from casework.models import Case, Reach
from mediation.models import Dispute
from organisations import clock, directory, synthetic
from organisations.models import Area, Post, User
from organisations.roles import Role
from organisations.synthetic import Place

#: The class under which the list shows disputes alone.
OWN = "TJ"
SIGN_IN, LIST, SEARCH, EXPORT, REGISTER = "/sign-in/", "/cases/", "/search/", "/cases/export/", "/petitions/register/"


@dataclass(frozen=True)
class Page:
    """`asked` gives as many requests as are wanted; `by` are the logins that send them. `most_ms` is the issue's p50."""

    name: str
    by: tuple[str, ...]
    asked: Callable[[int], list[Request]]
    most_ms: float | None = None
    least_per_second: float | None = None
    answers: tuple[int, ...] = (200,)
    most: int = 300
    is_read: bool = True
    is_main: bool = True


@dataclass
class Cast:
    """Who asks, found in the generated county, and the cases that acts have made on the way."""

    rng: Random = field(default_factory=lambda: Random(7))
    town: str = ""
    town_unit: int = 0
    handler: str = ""
    department: int = 0
    office: str = ""
    clerks: tuple[str, ...] = ()
    town_code: str = ""
    head: str = ""
    registered: list[str] = field(default_factory=list)
    routed: list[str] = field(default_factory=list)

    def find(self) -> None:
        """The busiest town and department: where a list is longest."""
        today = clock.today()
        tree = directory.current()
        posts = list(Post.objects.current(today).filter(user__is_active=True).select_related("user").order_by("id"))

        def logins(role: Role, unit: int) -> tuple[str, ...]:
            return tuple(post.user.username for post in posts if post.role == role and post.unit_id == unit)

        def busiest(kind: str) -> int:
            units = [u.id for u in tree.units.values() if u.kind == kind and logins(Role.HANDLER, u.id)]
            with connection.cursor() as db:
                db.execute(
                    "SELECT reader FROM casework_reach WHERE reader = ANY(%s) AND is_open GROUP BY reader ORDER BY count(*) DESC LIMIT 1", [units]
                )
                return int(db.fetchone()[0])

        assert tree.centre_id is not None
        self.town_unit, self.department = busiest("station"), busiest("department")
        self.town = logins(Role.HANDLER, self.town_unit)[0]
        self.handler = logins(Role.HANDLER, self.department)[0]
        self.office = logins(Role.OFFICE, tree.centre_id)[0]
        self.clerks = logins(Role.WINDOW_CLERK, tree.centre_id)[:4]
        self.head = logins(Role.HEAD, self.town_unit)[0]
        self.town_code = tree.areas[tree.units[self.town_unit].area_id or 0].code

    @property
    def everybody(self) -> tuple[str, ...]:
        return (self.town, self.handler, self.office, self.head, *self.clerks)


def same(path: str, **query: str | int) -> Callable[[int], list[Request]]:
    address = f"{path}?{urlencode(query)}" if query else path
    return lambda count: [Request(address)] * count


def reads(cast: Cast) -> Iterable[Page]:
    """Pages that change nothing."""
    yield Page("hello, world", (cast.town,), same("/hello"), most=1000)
    yield Page("worklist of 50, township", (cast.town,), same(LIST, status="open", size=50), 50)
    yield Page("worklist of 50, whole county", (cast.office,), same(LIST, status="open", size=50), 50)
    yield Page("filtered by department and state", (cast.office,), same(LIST, unit=cast.department, state="accepted", size=50), 60)
    yield Page("a department user's own list", (cast.handler,), same(LIST, awaiting=1, size=50), 60)
    yield Page("open cases with all counts", (cast.office,), same(LIST, awaiting=1, size=50), 60)
    yield Page("all cases, first page", (cast.office,), same(LIST, status="all", size=50), 60)
    yield Page("all cases, page N deep", (cast.office,), _deep(cast), 60)
    yield Page("case page", (cast.office,), _cases(cast, cast.office), 40)
    yield Page("case page, township", (cast.town,), _cases(cast, cast.town), 40, is_main=False)
    yield Page("search, two characters", (cast.office,), _searches("土地 宅基 低保 供暖 噪声 工资 物业 道路"), 100)
    yield Page("search, two characters, township", (cast.town,), _searches("土地 宅基 低保 供暖 噪声 工资 物业 道路"), 100)
    yield Page("search, two rare characters", (cast.office,), _rare(cast), 100)
    yield Page("free text, four characters", (cast.office,), _searches("拖欠工资 消防通道 粪水直排 土地确权 违规收费"), 100)
    yield Page("search, a person's name", (cast.office,), _names(cast), 100, is_main=False)
    yield Page("disputes of 50, township", (cast.town,), same(LIST, topic=OWN, status="open", size=50), 50)
    yield Page("disputes of 50, whole county", (cast.office,), same(LIST, topic=OWN, status="open", size=50), 50)
    yield Page("disputes by town and state", (cast.office,), same(LIST, topic=OWN, town=cast.town_code, state="dispute_agreed", size=50), 60)
    yield Page("disputes awaiting me, township", (cast.town,), same(LIST, topic=OWN, awaiting=1, size=50), 60)
    yield Page("all disputes, page N deep", (cast.office,), _deep(cast, "dispute"), 60)
    yield Page("dispute page, early", (cast.town,), _disputes(cast, "dispute_accepted", "dispute_applied", "dispute_offered"), 40)
    yield Page("dispute page, rich", (cast.town,), _disputes(cast, "dispute_agreed", "dispute_breached", "dispute_performed", "dispute_archived"), 40)
    yield Page("search, words of disputes", (cast.office,), _searches("赡养 排水 渗漏 咬伤 界石 收购"), 100)
    yield Page("search, words of disputes, township", (cast.town,), _searches("赡养 排水 渗漏 咬伤 界石 收购"), 100)
    yield Page("home", (cast.office,), same("/"), is_main=False)
    yield Page("routing board", (cast.office,), same("/petitions/routing/"), is_main=False)
    yield Page("register page, empty", (cast.clerks[0],), same(REGISTER), is_main=False)


def writes(cast: Cast) -> Iterable[Page]:
    """Acts. Later ones work on the cases earlier ones made."""
    yield Page("register (POST)", cast.clerks, _registrations(cast), 50, 100, (302, 303), most=200, is_read=False)
    yield Page("route (POST)", (cast.office,), lambda count: _routes(cast, count), 40, None, (302, 303), most=200, is_read=False)
    yield Page("sign (POST)", (cast.handler,), lambda count: _signs(cast, count), 40, None, (302, 303), most=200, is_read=False)
    # Up the ladder within the town: tried without success, offered to the next body, taken by it.
    yield Page("dispute not settled (POST)", (cast.head,), lambda count: _failures(cast, count), 40, None, (302, 303), most=60, is_read=False)
    yield Page("dispute offered (POST)", (cast.head,), lambda count: _offers(cast, count), 40, None, (302, 303), most=60, is_read=False)
    yield Page("dispute taken (POST)", (cast.head,), lambda count: _takings(cast, count), 40, None, (302, 303), most=60, is_read=False)


def export(cast: Cast) -> Page:
    """About a year of cases as CSV; at 100,000 cases everything would be less than the limit of one export."""
    return Page("CSV export", (cast.office,), same(EXPORT, status="all", period="365", form="csv"), most=3)


# -- what is asked for ------------------------------------------------------------------------------------------------


def _deep(cast: Cast, kind: str = "") -> Callable[[int], list[Request]]:
    """Pages far down the list of all cases (or of one kind's own), by the cursor a reader would have there."""
    chosen = Case.objects.filter(kind=kind) if kind else Case.objects.all()
    first, last = (chosen.order_by(order).values_list("pk", flat=True).first() or 0 for order in ("pk", "-pk"))
    own = {"topic": OWN} if kind else {}

    def asked(count: int) -> list[Request]:
        size = last - first
        ids = [first + cast.rng.randint(size // 10, size * 8 // 10) for _ in range(count)]
        at = dict(Case.objects.filter(pk__in=ids).values_list("pk", "opened_at"))
        return [Request(f"{LIST}?{urlencode({**own, 'status': 'all', 'size': 50, 'after': f'{at[i].isoformat()}_{i}'})}") for i in ids if i in at]

    return asked


def _cases(cast: Cast, login: str) -> Callable[[int], list[Request]]:
    """Case pages as they are opened: half of them open cases, the others of any age."""

    def asked(count: int) -> list[Request]:
        unit = Post.objects.filter(user__username=login).values_list("unit_id", flat=True)[0]
        seen = Reach.objects.filter(reader=unit, case__kind="petition")
        newest = list(seen.filter(is_open=True).order_by("due_on", "case")[: count * 2].values_list("case__number", flat=True))
        ids = list(seen.order_by("-opened_at", "-case").values_list("case__number", flat=True)[: count * 50 : 50])
        cast.rng.shuffle(newest)
        numbers = [number for pair in zip(newest, ids, strict=False) for number in pair][:count]
        return [Request(f"/petitions/{number}/") for number in numbers]

    return asked


def _disputes(cast: Cast, *states: str) -> Callable[[int], list[Request]]:
    """Pages of the town's disputes in those states, newest first, each state its share."""

    def asked(count: int) -> list[Request]:
        seen = Reach.objects.filter(reader=cast.town_unit).order_by("-opened_at", "-case")
        found = [seen.filter(state=state).values_list("case__number", flat=True)[: -(-count // len(states))] for state in states]
        numbers = [number for of_state in found for number in of_state]
        cast.rng.shuffle(numbers)
        return [Request(f"/mediation/{numbers[n % len(numbers)]}/") for n in range(count if numbers else 0)]

    return asked


def _held(cast: Cast, *states: str) -> list[tuple[str, int]]:
    """Disputes on the town's first step in those states: number and version."""
    held = Case.objects.filter(kind="dispute", unit=cast.town_unit, state__in=states).order_by("pk")
    on_step = Dispute.objects.filter(step=3).values("pk")
    return list(held.filter(pk__in=on_step).values_list("number", "version"))


def _failures(cast: Cast, count: int) -> list[Request]:
    words = "双方对界线和数额各执一词；已入户两次、当面调解一次，差距仍在。"
    found = _held(cast, "dispute_accepted", "dispute_mediating")
    return [Request(f"/mediation/{number}/fail/", {"version": str(version), "words": words}) for number, version in found[:count]]


def _offers(cast: Cast, count: int) -> list[Request]:
    reason = "镇站联合调查后仍有分歧，请镇党政联席会议研究。"
    found = _held(cast, "dispute_failed")
    return [Request(f"/mediation/{number}/offer/", {"version": str(version), "reason": reason}) for number, version in found[:count]]


def _takings(cast: Cast, count: int) -> list[Request]:
    found = _held(cast, "dispute_offered")
    return [Request(f"/mediation/{number}/take/", {"version": str(version), "words": "列入本周联席会议。"}) for number, version in found[:count]]


def _searches(words: str) -> Callable[[int], list[Request]]:
    given = words.split()
    return lambda count: [Request(f"{SEARCH}?{urlencode({'q': given[n % len(given)]})}") for n in range(count)]


def _rare(cast: Cast) -> Callable[[int], list[Request]]:
    """The first two characters of village names: found in a few hundred of a million cases."""
    names = [name[:2] for name in Area.objects.filter(level="village").order_by("code").values_list("name", flat=True)]
    return lambda count: [Request(f"{SEARCH}?{urlencode({'q': cast.rng.choice(names)})}") for _ in range(count)]


def _names(cast: Cast) -> Callable[[int], list[Request]]:
    return lambda count: [Request(f"{SEARCH}?{urlencode({'q': synthetic.name(cast.rng, '1')})}") for _ in range(count)]


def _registrations(cast: Cast) -> Callable[[int], list[Request]]:
    """Whole registrations as the page sends them, each with its own submission key. Numbers typed are nobody's."""
    villages = [area for area in directory.current().areas.values() if area.level == "village"]
    own = [c for c in synthetic.categories() if synthetic.department_of(c)]

    def asked(count: int) -> list[Request]:
        return [_registration(cast.rng, villages, own) for _ in range(count)]

    return asked


def _registration(rng: Random, villages: list[directory.AreaFacts], categories: list[str]) -> Request:
    area = rng.choice(villages)
    town = area.path_name.removesuffix(area.name)
    place = Place(area.code, "招远市", town, area.name)
    today = clock.today()
    story = synthetic.story(rng, place, on=today, category=rng.choice(categories))
    while story.is_protected:
        story = synthetic.story(rng, place, on=today, category=rng.choice(categories))
    person = synthetic.person(rng, place, today=today - timedelta(days=400))
    fields = {
        "submission": str(uuid.uuid4()),  # a second run on the same database is not the same form sent again
        "channel": "200",
        "received_on": today.isoformat(),
        "source": "4",
        "headcount": "1",
        "topic": story.category,
        "urgency": "0",
        "purpose": story.purpose,
        "title": story.title[:40],
        "story": story.text,
        "area": str(area.id),
        "handling": "route",
        "people-TOTAL_FORMS": "1",
        "people-INITIAL_FORMS": "0",
        "people-0-name": person.name,
        "people-0-id_type": "111",
        "people-0-id_number": person.id_number,
        "people-0-phone": person.phone,
        "people-0-nation": person.nation,
        "people-0-occupation": person.occupation,
        "people-0-area": str(area.id),
        "people-0-address": person.address,
        "points-TOTAL_FORMS": str(len(story.demands)),
        "points-INITIAL_FORMS": "0",
        **{f"points-{no}-text": demand.text for no, demand in enumerate(story.demands)},
    }
    return Request(REGISTER, fields)


def _routes(cast: Cast, count: int) -> list[Request]:
    promised = (clock.today() + timedelta(days=30)).isoformat()
    taken, cast.registered = cast.registered[:count], cast.registered[count:]
    cast.routed += taken
    return [
        Request(
            f"/petitions/{number}/route/",
            {
                "version": "1",
                "mode": "CNB",
                "to_unit_id": str(cast.department),
                "words": "请依法办理，按期答复信访人，并反馈办理结果。",
                "duty": "forward",
                "promised_on": promised,
            },
        )
        for number in taken
    ]


def _signs(cast: Cast, count: int) -> list[Request]:
    taken, cast.routed = cast.routed[:count], cast.routed[count:]
    return [Request(f"/petitions/{number}/sign/", {"version": "2"}) for number in taken]


def number_of(location: str) -> str:
    """The case number a redirect after registering names."""
    return location.partition("done=")[2].partition("&")[0]


def user(login: str) -> User:
    return User.objects.get(username=login)


def last_day() -> date | None:
    """The day of the newest case: a database generated long ago has nothing due today."""
    opened = Case.objects.order_by("-pk").values_list("opened_at", flat=True).first()
    return opened.date() if opened else None
