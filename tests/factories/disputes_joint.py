"""Disputes among several bodies: sent to another body, before the court desk, come from a petition; petitions sent to mediation."""

from __future__ import annotations

from typing import Any

from mediation.actions import court, joint
from mediation.models import Dispute
from organisations import clock, directory
from organisations.models import Unit
from organisations.roles import Role
from petitions.actions import referring
from petitions.models import Petition
from tests.factories import disputes, petitions
from tests.factories.county import County, make_person, make_post, make_unit

OPPONENT = "陈德旺"


# -- petitions -----------------------------------------------------------------------------------------------------------------------------


def referred_petition(county: County, **changes: Any) -> Petition:
    """A registered petition that the office sent to mediation."""
    number = petitions.registered(county, **changes).case.number
    return referring.refer(
        number,
        sort="03",
        opponent=OPPONENT,
        is_organisation=False,
        is_agreed=True,
        reason="属于邻里纠纷，信访人同意先行调解。",
        by=county.scope("office"),
    )


def come(county: County, **changes: Any) -> Dispute:
    """The dispute it became, at 九曲村's room."""
    source = referred_petition(county, **changes)
    return Dispute.objects.select_related("case").get(case__links_in__source=source.pk)


def returned_dispute(county: County) -> Dispute:
    return joint.return_referral(come(county).case.number, reason="一方不愿意调解，请按信访程序办理。", by=county.scope("village_cadre"))


def referred_dispute(county: County) -> Dispute:
    """A dispute that turned out to be a complaint about an administrative act."""
    number = disputes.accepted(county).case.number
    return joint.refer_petition(number, sort="020000", reason="实为反映宅基地审批不当，双方都要求主管部门处理。", by=county.scope("village_cadre"))


def come_petition(county: County) -> Petition:
    source = referred_dispute(county)
    return Petition.objects.select_related("case").get(case__links_in__source=source.pk)


# -- other bodies --------------------------------------------------------------------------------------------------------------------------


def at_body(county: County, **changes: Any) -> Dispute:
    """Sent to the labour bureau, not yet taken."""
    number = disputes.accepted(county).case.number
    facts: dict[str, Any] = {
        "body": "44",
        "to_unit_id": county.units["labour"].id,
        "consent": "双方当面表示同意移送。",
        "reason": "涉及劳务报酬，由专业调委会调处更合适。",
        **changes,
    }
    return joint.refer_body(number, **facts, by=county.scope("village_cadre"))


def at_outside_body(county: County) -> Dispute:
    return at_body(county, body="71", to_unit_id=None, outside="市农村土地承包仲裁委员会")


def taken_by_body(county: County) -> Dispute:
    return joint.accept_body(at_body(county).case.number, by=county.scope("labour_handler"))


def back_from_body(county: County) -> Dispute:
    return joint.return_body(at_body(county).case.number, words="不属于劳动争议，退回。", by=county.scope("labour_handler"))


def reported_by_body(county: County) -> Dispute:
    number = taken_by_body(county).case.number
    return joint.report_body(number, result="agreed", words="双方达成协议，分两期支付。", by=county.scope("labour_handler"))


# -- the court desk ------------------------------------------------------------------------------------------------------------------------


def with_court(county: County) -> Unit:
    """The county's court, with somebody at the desk: persona `judge`."""
    if "court" not in county.units:
        county.units["court"] = make_unit(Unit.Kind.DEPARTMENT, "招远市人民法院", "法院", county.units["centre"], None)
        county.people["judge"] = make_person("judge", "于法官")
        make_post(county.people["judge"], county.units["court"], Role.HANDLER, by=county.people["system_admin"])
        directory.forget()
    return county.units["court"]


def accepted_with_court(county: County) -> Dispute:
    with_court(county)
    return disputes.accepted(county)


def in_court(county: County) -> Dispute:
    unit = with_court(county)
    number = disputes.accepted(county).case.number
    return court.refer_court(number, to_unit_id=unit.id, is_wanted=True, reason="双方愿意由便民法庭处理。", by=county.scope("village_cadre"))


def out_of_court(county: County) -> Dispute:
    number = in_court(county).case.number
    return court.return_from_court(number, result="1", ended_on=clock.today(), words="当庭达成调解，制作调解书。", by=county.scope("judge"))
