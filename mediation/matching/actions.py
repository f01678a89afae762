"""Ties are entered and withdrawn by the keepers of a place, never gathered; a village's team is set and ended (MED-6, MED-8; PIPL §6 §13)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction

from casework.models import Party
from casework.rules import NotAllowed
from mediation.matching import queries
from mediation.matching.rules import TIE_LABELS
from mediation.models import Mediator, TeamSeat, Tie
from mediation.rules.actors import KEEPERS
from organisations import access, cipher, clock, directory, identity
from organisations.models import AccessEntry, Post
from organisations.scope import Scope, Standing

#: A tie holds so long at most, then somebody has to look again.
LONGEST_YEARS = 5


@dataclass(frozen=True, slots=True)
class TieInput:
    """What is written of a member of the corps and a person: a party of a dispute one sees, or a number and a name typed."""

    mediator_id: int
    kind: str
    source: str
    valid_until: date
    words: str = ""
    party: Party | None = None
    name: str = ""
    id_number: str = ""


@transaction.atomic
def enter_tie(tie: TieInput, *, by: Scope) -> Tie:
    """Write down what is between two people, with its source and until when it holds. Raises NotAllowed."""
    today, now = clock.today(), clock.now()
    standing = _keeper(by)
    member = queries.member(tie.mediator_id)
    index, name, masked = _person(tie)
    if index == member.id_index:
        raise NotAllowed("不能登记本人与本人的关系。", code="same_person", status=422)
    if not today <= tie.valid_until <= today.replace(year=today.year + LONGEST_YEARS, day=min(today.day, 28)):
        raise NotAllowed(f"有效期从今天起最长{LONGEST_YEARS}年，到期重新核实。", code="too_long", status=422)
    row = Tie(
        mediator=member,
        person_index=index,
        person_name=name,
        person_masked=masked,
        kind=tie.kind,
        words=tie.words[:120],
        source=tie.source,
        unit_id=standing.unit_id,
        valid_from=today,
        valid_until=tie.valid_until,
        entered_by=by.user,
        entered_at=now,
    )
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise NotAllowed(f"{member.name}与{name}的“{TIE_LABELS[tie.kind]}”已经登记过，不用再登。", code="twice", status=422) from None
    return row


def _person(tie: TieInput) -> tuple[str, str, str]:
    """Index, name and masked number of the person. Raises NotAllowed where there is no number to recognise him by."""
    if tie.party is not None:
        if not tie.party.id_index:
            raise NotAllowed(f"{tie.party.name}没有登记证件号码，认不准人，不能登记关系。", code="no_number", status=422)
        return tie.party.id_index, tie.party.name, tie.party.id_masked
    if not tie.id_number or not tie.name:
        raise NotAllowed("请填写姓名和居民身份证号码。", code="who", status=422)
    return cipher.blind_index("id", tie.id_number), tie.name, identity.mask_id(tie.id_number)


@transaction.atomic
def withdraw_tie(pk: int, *, reason: str, by: Scope) -> Tie:
    """It does not hold, or the person wants it gone: no longer used, kept with who withdrew it and why. Raises Tie.DoesNotExist, NotAllowed."""
    row = queries.ties(by).select_for_update(of=("self",)).get(pk=pk)
    if row.withdrawn_at is not None:
        raise NotAllowed("这条关系已经撤销。", code="withdrawn")
    if not reason.strip():
        raise NotAllowed("请写明撤销的原因。", code="reason_needed", status=422)
    row.withdrawn_by, row.withdrawn_at, row.withdrawn_because = by.user, clock.now(), reason.strip()[:200]
    row.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_because"])
    return row


def read_ties(count: int, words: str, *, by: Scope) -> None:
    """Who looked at relations of people, on record before the page is drawn (L-SEC-7)."""
    access.log(
        AccessEntry.Event.REVEAL,
        user=by.user,
        unit_id=by.home.unit_id if by.home else None,
        object_type="tie",
        object_label=words,
        field="调解关系",
        detail={"count": count},
    )


@transaction.atomic
def seat(
    area_id: int, *, part: str, mediator_id: int | None = None, user_id: int | None = None, valid_until: date | None = None, by: Scope
) -> TeamSeat:
    """Give somebody a place in the village's 3+N team (MED-6). Raises NotAllowed."""
    _keeper_of(area_id, by)
    today, now = clock.today(), clock.now()
    if (mediator_id is None) == (user_id is None):
        raise NotAllowed("请选一个人：调解员队伍里的人，或者在岗人员。", code="one_person", status=422)
    if valid_until is not None and valid_until < today:
        raise NotAllowed("止日不能早于今天。", code="past", status=422)
    member = queries.member(mediator_id) if mediator_id is not None else None
    _check_part(part, member)
    name, unit_id, held_by = _who(member, user_id, today)
    if TeamSeat.objects.filter(area=area_id, part=part, ended_at=None, name=name, unit_id=unit_id).exists():
        raise NotAllowed(f"{name}已经在团队里。", code="twice", status=422)
    return TeamSeat.objects.create(
        area_id=area_id,
        part=part,
        mediator=member,
        user_id=held_by,
        name=name,
        unit_id=unit_id,
        valid_from=today,
        valid_until=valid_until,
        by=by.user,
        at=now,
    )


def _check_part(part: str, member: Mediator | None) -> None:
    """The three fixed parts are of the corps, each of its own kind."""
    wanted = {
        TeamSeat.Part.ADVISER: Mediator.Kind.ADVISER,
        TeamSeat.Part.JUSTICE: Mediator.Kind.JUSTICE,
        TeamSeat.Part.WORTHY: Mediator.Kind.WORTHY,
    }.get(TeamSeat.Part(part))
    if wanted is not None and (member is None or member.kind != wanted):
        raise NotAllowed(f"“{TeamSeat.Part(part).label}”须是调解员队伍里登记为“{wanted.label}”的人。", code="wrong_kind", status=422)


def _who(member: Mediator | None, user_id: int | None, today: date) -> tuple[str, int, int | None]:
    if member is not None:
        return member.name, member.unit_id, member.user_id
    post = Post.objects.current(today).filter(user=user_id, user__is_active=True).select_related("user").first()
    if post is None:
        raise NotAllowed("没有这位在岗人员。", code="not_in_office", status=422)
    return post.user.name, post.unit_id, post.user_id


@transaction.atomic
def end_seat(pk: int, *, by: Scope) -> TeamSeat:
    """Somebody leaves the village's team; disputes he already mediates are not touched. Raises TeamSeat.DoesNotExist, NotAllowed."""
    row = TeamSeat.objects.select_for_update().get(pk=pk)
    _keeper_of(row.area_id, by)
    if row.ended_at is not None:
        raise NotAllowed("已经不在团队里。", code="ended")
    row.ended_by, row.ended_at, row.valid_until = by.user, clock.now(), max(row.valid_from, clock.today())
    row.save(update_fields=["ended_by", "ended_at", "valid_until"])
    return row


def _keeper(by: Scope) -> Standing:
    standing = by.holds(KEEPERS)
    if standing is None:
        raise NotAllowed("只有工作室干部和承办单位的工作人员可以登记。", code="not_yours", status=403)
    return standing


def _keeper_of(area_id: int, by: Scope) -> None:
    """A keeper of one of the bodies that answer for the village, or of one above them. Raises NotAllowed."""
    tree = directory.current()
    if not any(queries.keeper_at(by, unit_id) for unit_id in tree.answering.get(area_id, ())):
        raise NotAllowed("只有本村群众工作室及其上级可以设置团队。", code="not_yours", status=403)
