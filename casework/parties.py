"""People on a case: how their numbers are stored, indexed, masked and, with a reason, shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from casework.models import Case, Party
from organisations import access, cipher, clock, directory, identity, pinyin
from organisations.models import AccessEntry
from organisations.rules import NotAllowed
from organisations.scope import Scope

#: The fields a click can reveal, and how the log names them (L-SEC-7).
REVEALABLE = {"id": "证件号码", "phone": "电话"}


@dataclass(frozen=True, slots=True)
class PartyFacts:
    """A person or organisation as typed. Numbers in clear; they are never stored so."""

    position: str
    name: str
    is_organisation: bool = False
    sex: str = ""
    born_on: date | None = None
    nation: str = ""
    occupation: str = ""
    id_type: str = ""
    id_number: str = ""
    phone: str = ""
    area_id: int | None = None
    address: str = ""
    relation: str = ""
    authority: str = ""


def build(case: Case, people: Sequence[PartyFacts], *, first_no: int = 1) -> list[Party]:
    """Rows for the people, numbers encrypted and indexed; not saved."""
    return [_row(case, number, facts) for number, facts in enumerate(people, start=first_no)]


def _row(case: Case, no: int, facts: PartyFacts) -> Party:
    party = Party(
        case=case,
        no=no,
        position=facts.position,
        is_organisation=facts.is_organisation,
        name=facts.name,
        initials=pinyin.initials(facts.name),
        sex=facts.sex,
        born_on=facts.born_on,
        nation=facts.nation,
        occupation=facts.occupation,
        id_type=facts.id_type,
        area_id=facts.area_id,
        address=facts.address,
        relation=facts.relation,
        authority=facts.authority,
    )
    if facts.id_number:
        party.id_token = cipher.encrypt(facts.id_number)
        party.id_index = cipher.blind_index("id", facts.id_number)
        party.id_last4_index = cipher.blind_index("id_last4", facts.id_number[-4:])
        party.id_masked = identity.mask_id(facts.id_number)
    if facts.phone:
        party.phone_token = cipher.encrypt(facts.phone)
        party.phone_index = cipher.blind_index("phone", facts.phone)
        party.phone_last4_index = cipher.blind_index("phone_last4", facts.phone[-4:])
        party.phone_masked = identity.mask_phone(facts.phone)
    return party


def facts_of(party: Party) -> PartyFacts:
    """The person as given on one case, to be written on another that follows from it. Nobody sees the numbers: they are stored anew."""
    return PartyFacts(
        position=party.position,
        name=party.name,
        is_organisation=party.is_organisation,
        sex=party.sex,
        born_on=party.born_on,
        nation=party.nation,
        occupation=party.occupation,
        id_type=party.id_type,
        id_number=cipher.decrypt(party.id_token) if party.id_token else "",
        phone=cipher.decrypt(party.phone_token) if party.phone_token else "",
        area_id=party.area_id,
        address=party.address,
        relation=party.relation,
        authority=party.authority,
    )


def reveal(party: Party, field: str, *, ground: str, by: Scope) -> str:
    """One field in clear, logged before it is shown (L-SEC-7, GRID-15).

    The caller fetched the party through the scope. Raises NotAllowed when a protected case lacks a ground, or
    for a field that holds nothing.
    """
    token = {"id": party.id_token, "phone": party.phone_token}.get(field, "")
    if not token:
        raise NotAllowed("没有登记这一项。", code="empty", status=422)
    if party.case.confidential and len(ground.strip()) < 4:
        raise NotAllowed("本件为保密件，请写明查看理由（不少于4个字）。", code="ground_needed", status=422)
    access.log(
        AccessEntry.Event.REVEAL,
        user=by.user,
        unit_id=by.home.unit_id if by.home else None,
        object_type="case",
        object_id=party.case_id,
        # Whoever reads the log learns no name of a protected case (L-PET-86, L-PET-87).
        object_label=f"{party.case.number} {f'第{party.no}人' if party.case.confidential else party.name}",
        field=REVEALABLE[field],
        ground=ground.strip(),
    )
    return cipher.decrypt(token)


def age(party: Party) -> int | None:
    """Full years today, or None when the birth date is not known."""
    if party.born_on is None:
        return None
    today = clock.today()
    had_birthday = (today.month, today.day) >= (party.born_on.month, party.born_on.day)
    return today.year - party.born_on.year - (not had_birthday)


def place(party: Party) -> str:
    """Address as lists may show it: to the village (L-SEC-39)."""
    facts = directory.current().areas.get(party.area_id or 0)
    return facts.path_name if facts else ""
