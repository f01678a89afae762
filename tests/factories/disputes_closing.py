"""Disputes after their agreement, brought there by the real acts: agreed, performed, at court, followed up, ended, ready to be archived."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from casework.models import Attachment
from mediation.actions import agreements, closing, endings, keeping, ladder, talks
from mediation.models import Dispute, Mediating, Side
from organisations import clock
from tests.factories import disputes
from tests.factories.county import County

CADRE = "village_cadre"


def parties(dispute: Dispute) -> list[int]:
    return list(Side.objects.filter(dispute=dispute, is_agent=False).order_by("letter").values_list("party_id", flat=True))


def talked(county: County, **changes: Any) -> Dispute:
    """Accepted, a mediator named, rights told, one talk held."""
    dispute, by = disputes.accepted(county, **changes), county.scope(CADRE)
    number = dispute.case.number
    ladder.name_mediator(number, to_user_id=county.people[CADRE].id, reason="双方共同选择。", by=by)
    talks.inform(number, signed=[talks.Signed(pk, "1") for pk in parties(dispute)], on=clock.today(), by=by)
    leading = Mediating.objects.get(dispute=dispute, until_on=None)
    return talks.hold_session(
        number,
        kind="joint",
        began_at=clock.now() - timedelta(hours=2),
        ended_at=clock.now() - timedelta(hours=1),
        place="九曲村群众工作室",
        present=parties(dispute),
        minutes="双方当面陈述，到现场丈量墙基，商定拆除越界部分并恢复排水沟。",
        gist="同意拆除越界墙体。",
        mediator_ids=[leading.pk],
        by=by,
    )


def agreed(county: County, *, effective_on: date | None = None, **changes: Any) -> Dispute:
    """A written agreement of today with one thing to do within ten days."""
    dispute = talked(county, **changes)
    on = effective_on or clock.today()
    return agreements.agree(
        dispute.case.number,
        form="1",
        facts="陈德旺翻建院墙越界约0.3米。",
        disputed="墙体是否越界、排水沟如何恢复。",
        content="一、陈德旺于10日内拆除越界墙体。\n二、陈德旺恢复排水沟。",
        items=[agreements.Owed("deed", "b", "a", "拆除越界墙体，恢复排水沟", on + timedelta(days=10))],
        total=Decimal(0),
        reached_on=on,
        signed=[talks.Signed(pk, "1") for pk in parties(dispute)],
        signed_on=on,
        sealed_on=on,
        by=county.scope(CADRE),
    )


def performed(county: County, **changes: Any) -> Dispute:
    number = agreed(county, **changes).case.number
    return agreements.perform(number, item_no=1, on=clock.today(), proof="现场查看，墙体已拆除", by=county.scope(CADRE))


def followed(county: County, **changes: Any) -> Dispute:
    return visited(performed(county, **changes), county)


def visited(dispute: Dispute, county: County, performance: str = "1", **changes: Any) -> Dispute:
    facts: dict[str, Any] = {
        "on": clock.today(),
        "way": "home",
        "visited": "陈桂兰、陈德旺",
        "visitors": "孙村",
        "performance": performance,
        "satisfaction": "1",
        "problems": "",
        **changes,
    }
    return closing.follow_up(dispute.case.number, **facts, by=county.scope(CADRE))


def applied(county: County, **changes: Any) -> Dispute:
    """At court, waiting for it to take the application."""
    return asked(agreed(county), county, **changes)


def asked(dispute: Dispute, county: County, **changes: Any) -> Dispute:
    facts: dict[str, Any] = {
        "applied_on": clock.today(),
        "court": "招远市人民法院",
        "tier": "basic",
        "why_court": "body",
        "why_words": "调解组织在阜山镇九曲村",
        "party_ids": parties(dispute),
        "concerns": "",
        **changes,
    }
    return closing.apply_confirmation(dispute.case.number, **facts, by=county.scope(CADRE))


def taken(county: County) -> Dispute:
    """The court has taken the application."""
    number = applied(county).case.number
    return closing.record_court_acceptance(number, is_taken=True, on=clock.today(), court_number="（2026）鲁0685调确字第12号", by=county.scope(CADRE))


def ended(county: County, **changes: Any) -> Dispute:
    """Terminated after a talk, the parties told of the courts."""
    return endings.terminate(
        talked(county, **changes).case.number,
        reason="2",
        words="双方对越界宽度分歧大，无法达成协议。",
        way="litigation",
        routes=["litigation"],
        limitation="诉讼时效三年",
        by=county.scope(CADRE),
    )


def picture(colour: str = "white", size: tuple[int, int] = (600, 380)) -> bytes:
    held = BytesIO()
    Image.new("RGB", size, colour).save(held, "PNG")
    return held.getvalue()


def with_file(dispute: Dispute, county: County, name: str = "甲方身份证.png", content: bytes | None = None, label: str = "") -> Dispute:
    """One more attachment, not yet in the dossier."""
    upload = SimpleUploadedFile(name, content or picture())
    return keeping.attach(dispute.case.number, [upload], by=county.scope(CADRE), label=label)


def filed(dispute: Dispute, county: County, item: str = "3") -> Dispute:
    """Everything uploaded stands at that item."""
    ids = list(Attachment.objects.filter(case=dispute.case).values_list("pk", flat=True))
    return closing.file_material(dispute.case.number, file_ids=ids, item=item, by=county.scope(CADRE))


def agreed_with_file(county: County) -> Dispute:
    return with_file(agreed(county), county)


def complete(county: County) -> Dispute:
    """Followed up, identity papers in their place: ready to be archived."""
    return filed(with_file(followed(county), county), county)


def ended_complete(county: County) -> Dispute:
    return filed(with_file(ended(county), county), county)


def archived(county: County) -> Dispute:
    return closing.archive(complete(county).case.number, name="陈桂兰与陈德旺宅基地纠纷", by=county.scope(CADRE))
