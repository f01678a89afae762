"""Texts for acts (常用语): the county's, a unit's, one's own. A text is never changed: the new wording is a new row."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import Case, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Length

from casework.models import TextTemplate, TextUse
from casework.rules import NotAllowed
from organisations import clock, directory, pinyin
from organisations.models import User
from organisations.roles import Role
from organisations.scope import Scope

#: Texts one person keeps, so that the list stays a list.
MOST_OWN = 100
#: A blank is written {what belongs here}: braces in pairs, with words between them.
_BLANK = re.compile(r"\{([^{}\n]*)\}")
OWN, UNIT, COUNTY = "own", "unit", "county"


class Shipped(NamedTuple):
    """A text of the data file."""

    act: str
    topic: str
    name: str
    text: str


def readable(by: Scope) -> QuerySet[TextTemplate]:
    """The county's texts, those of the units one belongs to, one's own; not those out of use."""
    mine = Q(user=by.user) | Q(user=None, unit=None) | Q(user=None, unit__in=by.unit_ids)
    return TextTemplate.objects.filter(mine, retired_at=None)


def offered(by: Scope, *, act: str, topic_code: str) -> QuerySet[TextTemplate]:
    """What fits the act and the class of the matter: last used first, then the most particular. One statement."""
    prefixes = [topic_code[:n] for n in range(len(topic_code) + 1)]
    used = TextUse.objects.filter(template=OuterRef("pk"), user=by.user).values("last_at")
    return (
        readable(by)
        .filter(act=act, topic_code__in=prefixes)
        .annotate(used_at=Subquery(used), nearness=_nearness(), depth=Length("topic_code"))
        .order_by(F("used_at").desc(nulls_last=True), "-depth", "nearness", "name", "pk")
    )


def listed(by: Scope) -> QuerySet[TextTemplate]:
    """Everything one may use, one's own first."""
    return readable(by).select_related("unit", "created_by").annotate(nearness=_nearness()).order_by("nearness", "act", "topic_code", "name", "pk")


def _nearness() -> Case:
    return Case(When(user__isnull=False, then=Value(0)), When(unit__isnull=False, then=Value(1)), default=Value(2), output_field=IntegerField())


def whose(template: TextTemplate) -> str:
    if template.user_id is not None:
        return OWN
    return UNIT if template.unit_id is not None else COUNTY


def owners(by: Scope) -> list[tuple[str, str]]:
    """For whom this person may keep texts: everybody for themselves, a head for the unit, the centre's head for the county."""
    found = [(OWN, "我自己")]
    units = directory.current().units
    for standing in by.standings:
        if standing.role is not Role.HEAD:
            continue
        is_centre = standing.unit_id == directory.current().centre_id
        choice = (COUNTY, "全县") if is_centre else (f"{UNIT}:{standing.unit_id}", units[standing.unit_id].short_name)
        if choice not in found:
            found.append(choice)
    return found


def may_change(template: TextTemplate, by: Scope) -> bool:
    if template.user_id is not None:
        return template.user_id == by.user.id
    owner = f"{UNIT}:{template.unit_id}" if template.unit_id is not None else COUNTY
    return owner in dict(owners(by))


@transaction.atomic
def keep(*, owner: str, act: str, topic_code: str, name: str, text: str, by: Scope) -> TextTemplate:
    """A new text. Raises NotAllowed: not one's to keep, a blank that says nothing, the name taken, too many."""
    if owner not in dict(owners(by)):
        raise NotAllowed("您只能维护自己的常用语；全县的由县中心负责人维护。", code="not_yours", status=403)
    _check_blanks(text)
    unit_id = int(owner.partition(":")[2]) if owner.startswith(UNIT) else None
    user = by.user if owner == OWN else None
    same = TextTemplate.objects.filter(user=user, unit=unit_id, retired_at=None)
    if same.filter(act=act, name=name).exists():
        raise NotAllowed(f"这一步已有名为“{name}”的常用语，请换一个名称。", code="name_taken", status=422)
    if user is not None and same.count() >= MOST_OWN:
        raise NotAllowed(f"最多保存 {MOST_OWN} 条，请先停用不用的。", code="too_many", status=422)
    return TextTemplate.objects.create(
        act=act,
        topic_code=topic_code,
        name=name,
        initials=pinyin.place_initials(name)[:80],
        text=text,
        unit_id=unit_id,
        user=user,
        created_by=by.user,
        created_at=clock.now(),
    )


@transaction.atomic
def replace(pk: int, *, act: str, topic_code: str, name: str, text: str, by: Scope) -> TextTemplate:
    """The wording changes: the old row goes out of use, a new one takes its place and its uses. Raises NotAllowed, DoesNotExist."""
    old = _own(pk, by)
    old.retired_at = clock.now()
    old.save(update_fields=["retired_at"])
    owner = OWN if old.user_id is not None else f"{UNIT}:{old.unit_id}" if old.unit_id is not None else COUNTY
    new = keep(owner=owner, act=act, topic_code=topic_code, name=name, text=text, by=by)
    TextUse.objects.filter(template=old).update(template=new)
    return new


@transaction.atomic
def retire(pk: int, *, by: Scope) -> TextTemplate:
    """Out of use; letters written with it stay what they are. Raises NotAllowed, DoesNotExist."""
    old = _own(pk, by)
    old.retired_at = clock.now()
    old.save(update_fields=["retired_at"])
    return old


def use(pk: int, *, by: Scope) -> None:
    """Remember that this person took the text, so that it stands first next time. Raises DoesNotExist."""
    template = readable(by).get(pk=pk)
    TextUse.objects.update_or_create(user=by.user, template=template, defaults={"last_at": clock.now()})


def load(rows: Iterable[Shipped], *, by: User, at: datetime) -> int:
    """The texts the house brings along, for the whole county; what is there under that name already stays. Returns how many are new."""
    held: Collection[tuple[str, str]] = set(TextTemplate.objects.filter(user=None, unit=None).values_list("act", "name"))
    fresh = [
        TextTemplate(
            act=row.act,
            topic_code=row.topic,
            name=row.name,
            initials=pinyin.place_initials(row.name)[:80],
            text=row.text,
            created_by=by,
            created_at=at,
        )
        for row in rows
        if (row.act, row.name) not in held
    ]
    return len(TextTemplate.objects.bulk_create(fresh))


def blanks(text: str) -> list[str]:
    """What has to be filled in, in order."""
    return _BLANK.findall(text)


def _check_blanks(text: str) -> None:
    rest = _BLANK.sub("", text)
    if "{" in rest or "}" in rest or any(not words.strip() for words in blanks(text)):
        raise NotAllowed("空白请写成 {要填的内容}：花括号成对，里面写明填什么。", code="bad_blank", status=422)


def _own(pk: int, by: Scope) -> TextTemplate:
    found = readable(by).select_for_update(of=("self",)).get(pk=pk)
    if not may_change(found, by):
        raise NotAllowed("您只能维护自己的常用语；全县的由县中心负责人维护。", code="not_yours", status=403)
    return found
