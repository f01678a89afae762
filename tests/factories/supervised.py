"""Petitions under supervision, instruction, sponsorship and proposal, brought there by the real acts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from organisations import clock
from petitions.actions import advising, leading, supervision
from petitions.models import Petition
from tests.factories import petitions
from tests.factories.county import County


def first(rows: Any) -> int:
    """The key of the newest row, 0 where there is none."""
    row = rows.order_by("-pk").first()
    return row.pk if row is not None else 0


def proposed_supervision(county: County, **changes: Any) -> Petition:
    number = petitions.accepted(county, **changes).case.number
    return supervision.propose_supervision(number, reasons=["01"], method="02", words="已超过办理期限仍未答复。", by=county.scope("office"))


def running_supervision(county: County, *, method: str = "02", **changes: Any) -> Petition:
    petition = proposed_supervision(county, **changes)
    return supervision.confirm_supervision(
        petition.case.number,
        no=petition.supervisions.get(state="proposed").pk,
        reasons=["01"],
        method=method,
        words="已超过办理期限仍未答复。",
        requirement="依法办结并答复信访人",
        by=county.scope("centre_head"),
    )


def replied_supervision(county: County, **changes: Any) -> Petition:
    petition = running_supervision(county, **changes)
    return supervision.reply_supervision(
        petition.case.number, no=petition.supervisions.get().pk, text="已查明原因，三日内答复。", by=county.scope("handler")
    )


def under_instruction(county: County, *, words: str = "请三日内查清并当面答复。", to: str = "land", **changes: Any) -> Petition:
    number = petitions.accepted(county, **changes).case.number
    return leading.give_instruction(
        number, words=words, unit_id=county.units[to].id, due_on=clock.today() + timedelta(days=7), by=county.scope("leader")
    )


def answered_instruction(county: County, **changes: Any) -> Petition:
    petition = under_instruction(county, **changes)
    return leading.answer_instruction(petition.case.number, no=petition.instructions.get().pk, text="已当面答复信访人。", by=county.scope("handler"))


def sponsored(county: County, **changes: Any) -> Petition:
    number = petitions.accepted(county, **changes).case.number
    return leading.sponsor(
        number,
        leader_id=county.people["leader"].id,
        undertaking_unit_id=county.units["land"].id,
        assisting_unit_id=county.units["jiuqu"].id,
        plan="重新丈量，邻里调解，落实排水。",
        from_on=clock.today(),
        until_on=clock.today() + timedelta(days=90),
        by=county.scope("office"),
    )


def advised(county: County, **changes: Any) -> Petition:
    number = petitions.accepted(county, **changes).case.number
    return advising.advise(
        number,
        kind="1",
        unit_id=county.units["land"].id,
        facts="同类越界纠纷今年已有五件，均因批前未到现场。",
        words="建议建立批前现场丈量制度。",
        by=county.scope("office"),
    )
