"""What surrounds the cases once they are walked: notices that were read, pages that were viewed, views, drafts, follows."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import connection

from casework import drafts
from casework.models import Case, Follow, SavedView
from organisations import clock
from organisations.models import User
from organisations.scope import scope_of
from petitions.demo.walk import World

#: A notice is read when somebody it reached next acted on the case, or within a day otherwise; the newest stay unread.
READ_BY_ACTING = """
UPDATE casework_notice n SET read_at = e.at, read_by_id = e.by_id
  FROM (SELECT DISTINCT ON (m.id) m.id, e.at, e.by_id
          FROM casework_notice m
          JOIN casework_entry e ON e.case_id = m.case_id AND e.at > m.at
               AND (e.unit_id = m.to_unit_id OR e.by_id = m.to_user_id OR e.on_behalf_of_id = m.to_user_id)
         ORDER BY m.id, e.id) e
 WHERE n.id = e.id
"""
#: Who acts on a case has looked at it.
VIEWED_BY_ACTING = """
INSERT INTO casework_viewing (case_id, user_id, first_at, last_at, times)
SELECT e.case_id, e.by_id, min(e.at), max(e.at), count(*)
  FROM casework_entry e JOIN casework_case c ON c.id = e.case_id
 GROUP BY e.case_id, e.by_id ORDER BY min(e.id)
ON CONFLICT DO NOTHING
"""


def write(world: World) -> None:
    """Add what surrounds the cases. Runs once, in the transaction that marks the county complete."""
    with connection.cursor() as cursor:
        cursor.execute(READ_BY_ACTING)
        cursor.execute(VIEWED_BY_ACTING)
    people = {user.name: user for user in User.objects.filter(is_active=True)}
    clerk, office, handler = people["刘晓燕"], people["孙志远"], people["王海涛"]
    moment = Case.objects.order_by("-id").values_list("opened_at", flat=True)[0]
    with clock.at(moment):
        _views(world, office, handler)
        _drafts(world, clerk)
        _follows(office)


def _views(world: World, office: User, handler: User) -> None:
    SavedView.objects.bulk_create(
        [
            SavedView(user=office, name="待分流", query="state=registered"),
            SavedView(user=office, name="已超期", query="lamp=overdue"),
            SavedView(user=handler, name="我的在办", query="state=accepted"),
            SavedView(user=handler, name="快到期", query="lamp=soon"),
            SavedView(unit_id=world.unit_id("centre"), name="待回访", query="state=reported"),
        ]
    )


def _drafts(world: World, clerk: User) -> None:
    by = scope_of(clerk, world.until)
    for number, (name, story) in enumerate((("张秀英", "反映自来水时断时续，"), ("", "来访人称村道路灯已坏两个月"))):
        drafts.keep(
            UUID(int=world.seed * 1000 + number),
            form="petition.register",
            fields={"people-0-name": name, "story": story},
            by=by,
            label=f"{name or '未填姓名'} · {story[:12]}",
        )


def _follows(office: User) -> None:
    since = clock.now() - timedelta(days=60)
    newest = Case.objects.filter(opened_at__gt=since, confidential=False, headcount__gte=10).order_by("-id")[:6]
    Follow.objects.bulk_create(Follow(case=case, user=office, at=clock.now()) for case in newest)
