"""Disputes after their agreement: at court, confirmed, not confirmed, followed up, found broken, ended, archived; and one with an inquiry."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from random import Random

from django.core.files.uploadedfile import SimpleUploadedFile

from casework.demo import World
from casework.models import Attachment
from casework.rules import NotAllowed
from mediation.actions import closing, keeping
from mediation.demo import talks
from mediation.demo.ladder import QUARRELS, begin, staffed_rooms
from mediation.demo.story import NobodyThere, Story
from mediation.models import Confirmation, Side
from mediation.rules import State
from organisations import directory

#: How the talks' own stories go before ours begin, by name.
_BEFORE = {plot.__name__: plot for plot, _ in talks.PLOTS}


def write(world: World, horizon: datetime) -> list[str]:
    """Each plot once, in the first of the staffed villages. Returns what the acts refused, in words."""
    refused = []
    rooms = list(staffed_rooms(world))
    for index, (plot, before, days) in enumerate(PLOTS if rooms else ()):
        area, unit = rooms[(index * 3 + 1) % len(rooms)]
        rng = Random(f"{world.seed}:closing:{index}")  # noqa: S311  (a demo county, not a secret)
        began = world.hours.on((horizon - timedelta(days=days)).date(), rng)
        try:
            story, difference = begin(world, QUARRELS[(index * 3 + 2) % len(QUARRELS)], area, unit, rng, began, horizon)
            _BEFORE[before](story, difference)
            plot(story)
        except (NotAllowed, NobodyThere) as refusal:
            refused.append(f"确认与归档 {index} {plot.__name__.lstrip('_')}：{refusal}")
    return refused


def _stands(story: Story, state: State) -> bool:
    return story.dispute.case.state == state


def _applied(story: Story) -> bool:
    """Both sides ask the county's court."""
    if not _stands(story, State.AGREED):
        return False
    tree = directory.current()
    county = next(area for area in tree.areas.values() if area.level == "county")
    parties = Side.objects.filter(dispute=story.dispute, is_agent=False).order_by("letter").values_list("party_id", flat=True)
    return story.then(
        2,
        closing.apply_confirmation,
        applied_on=story.world.hours.later(story.moment, Random(0), days=2).date(),  # noqa: S311
        court=f"{county.name}人民法院",
        tier=Confirmation.Tier.BASIC,
        why_court=Confirmation.Court.BODY,
        why_words=f"调解组织在{tree.areas[story.dispute.case.area_id].path_name}",
        party_ids=list(parties),
        concerns="",
    )


def _taken(story: Story) -> bool:
    """The court took it two days later."""
    if not _applied(story):
        return False
    number = f"（{story.moment.year}）调确字第{story.rng.randint(10, 90)}号"
    return _by_court(story, 2, closing.record_court_acceptance, is_taken=True, court_number=number)


def _by_court(story: Story, days: int, act: Callable[..., object], **facts: object) -> bool:
    moment = story.world.hours.later(story.moment, Random(0), days=days)  # noqa: S311
    if moment > story.until:
        return False
    story.moment = moment
    return story.then(0, act, on=moment.date(), **facts)  # type: ignore[arg-type]


def _confirmed(story: Story) -> None:
    if _taken(story):
        _by_court(story, 6, closing.record_confirmation, decision=Confirmation.State.CONFIRMED, words="裁定书已送达双方。")


def _refused(story: Story) -> None:
    if _taken(story):
        _by_court(story, 7, closing.record_confirmation, decision=Confirmation.State.REFUSED, ground="25", words="可以补充约定后重新签订。")


def _visited(story: Story, performance: str = "1", satisfaction: str = "1", problems: str = "") -> bool:
    if not _stands(story, State.PERFORMED):
        return False
    moment = story.world.hours.later(story.moment, Random(0), days=4)  # noqa: S311
    if moment > story.until:
        return False
    story.moment = moment
    return story.then(
        0,
        closing.follow_up,
        on=moment.date(),
        way="home",
        visited=story.dispute.case.subject,
        visitors=story.keeper(story.unit_id).user.name,
        performance=performance,
        satisfaction=satisfaction,
        problems=problems,
    )


def _found_broken(story: Story) -> None:
    _visited(story, "2", "3", "墙体已拆除，补偿款最后一期还差一部分。")


def _archived(story: Story) -> None:
    """Visited where it was kept, reported, identity papers filed, closed."""
    if not (_stands(story, State.ENDED) or _visited(story)):
        return
    story.then(1, keeping.attach, uploads=[_card(story)], label="双方身份证明")
    ids = list(Attachment.objects.filter(case=story.dispute.case).values_list("pk", flat=True))
    story.then(0, closing.file_material, file_ids=ids, item="3")
    result = "未达成协议，已告知诉讼途径。" if _stands(story, State.ENDED) else "双方达成协议，已全部履行。"
    story.then(0, closing.write_report, summary=story.dispute.story, result=result)
    story.then(1, closing.archive, name=story.dispute.case.title, remarks="本卷材料齐全。")


def _inquired(story: Story) -> None:
    """A neighbour asked by two at his house."""
    moment = story.world.hours.later(story.moment, Random(0), days=1)  # noqa: S311
    if moment > story.until:
        return
    story.moment = moment
    name = story.keeper(story.unit_id).user.name
    story.then(
        0,
        closing.inquire,
        asked="赵有福",
        asked_facts="男，66岁，村民，双方邻居，与双方无亲属关系",
        askers=[name, "张会计"],
        recorder="张会计",
        place="赵有福家中",
        began_at=moment - timedelta(minutes=50),
        ended_at=moment - timedelta(minutes=10),
        content="问：这件事你知道多少？\n答：我住在旁边，从头看到尾。\n问：当时是怎么说的？\n答：两家说好各退一步，后来一方没有照做。\n问：以上是否属实？\n答：属实。",
        signed="each",
    )


def _card(story: Story) -> SimpleUploadedFile:
    """A synthetic scan: two empty cards on one sheet."""
    from PIL import Image, ImageDraw  # heavy (3 MB): every process loads the demo with its app, only the seed draws

    sheet = Image.new("RGB", (900, 1200), "white")
    pen = ImageDraw.Draw(sheet)
    for top in (80, 640):
        pen.rounded_rectangle((120, top, 780, top + 420), 24, fill=(225, 235, 245), outline=(90, 110, 140), width=4)
        pen.rectangle((570, top + 70, 730, top + 280), fill=(200, 210, 220))
        for line in range(5):
            pen.rectangle((170, top + 80 + line * 60, 500 - line * 20, top + 100 + line * 60), fill=(150, 165, 185))
    held = BytesIO()
    sheet.save(held, "PNG")
    return SimpleUploadedFile("双方身份证.png", held.getvalue())


#: What becomes of them, the story of the talks before, and how many days ago they began.
PLOTS: tuple[tuple[Callable[[Story], object], str, int], ...] = (
    (_applied, "_agreed", 20),
    (_taken, "_agreed", 26),
    (_confirmed, "_agreed", 42),
    (_refused, "_agreed", 48),
    (_visited, "_kept", 66),
    (_found_broken, "_kept", 70),
    (_archived, "_kept", 80),
    (_archived, "_at_once", 30),
    (_archived, "_ended", 45),
    (_inquired, "_told", 9),
)
