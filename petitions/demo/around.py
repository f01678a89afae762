"""What surrounds the cases once they are walked: notices that were read, pages that were viewed, views, drafts, follows."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import connection

from casework import drafts, texts
from casework.models import Case, Follow, SavedView
from organisations import clock
from organisations.models import User
from organisations.scope import scope_of
from petitions import actions
from petitions.demo import words
from petitions.demo.walk import World
from petitions.models import Dispatch, Petition, Precedent
from petitions.rules import State

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
#: Who acts on a case has looked at it; the clock has no eyes.
VIEWED_BY_ACTING = """
INSERT INTO casework_viewing (case_id, user_id, first_at, last_at, times)
SELECT e.case_id, e.by_id, min(e.at), max(e.at), count(*)
  FROM casework_entry e JOIN casework_case c ON c.id = e.case_id JOIN organisations_user u ON u.id = e.by_id AND NOT u.is_clock
 GROUP BY e.case_id, e.by_id ORDER BY min(e.id)
ON CONFLICT DO NOTHING
"""


def write(world: World) -> None:
    """Add what surrounds the cases. Runs once, in the transaction that marks the county complete."""
    with connection.cursor() as cursor:
        # Rows that came in one transaction have no statistics yet; without them the planner may compare each with each.
        cursor.execute("ANALYZE casework_notice, casework_entry, casework_case")
        cursor.execute(READ_BY_ACTING)
        cursor.execute(VIEWED_BY_ACTING)
    people = {user.name: user for user in User.objects.filter(is_active=True)}
    clerk, office, handler = people["刘晓燕"], people["孙志远"], people["王海涛"]
    moment = Case.objects.order_by("-id").values_list("opened_at", flat=True)[0]
    with clock.at(moment):
        _views(world, office, handler)
        _drafts(world, clerk)
        _follows(office)
        _texts(world, handler, people["吴刚"])
        _precedent(world, people["马国强"])


def _precedent(world: World, head: User) -> None:
    """Whose matter a twice returned case is was decided once, so that routing has a precedent to offer; the others wait at the desk."""
    if Precedent.objects.exists():
        return
    disputed = Petition.objects.filter(case__state=State.DISPUTED).order_by("case_id").select_related("case").first()
    if disputed is not None:
        sent = Dispatch.objects.filter(petition=disputed).latest("id")
        actions.coordinate(disputed.case.number, to_unit_id=sent.to_unit_id, words=words.COORDINATED, by=scope_of(head, world.until))


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
    for number, (name, story) in enumerate((("张秀英", "反映自来水时断时续，"), ("", "信访人称村道路灯已坏两个月"))):
        drafts.keep(
            UUID(int=world.seed * 1000 + number),
            form="petition.register",
            fields={"people-0-name": name, "story": story},
            by=by,
            label=f"{name or '未填姓名'} · {story[:12]}",
        )


def _texts(world: World, handler: User, head: User) -> None:
    """What a handler and a unit have written down for themselves, and what was taken last (常用语)."""
    mine, theirs = scope_of(handler, world.until), scope_of(head, world.until)
    own = texts.keep(
        owner=texts.OWN, act="note", topic_code="", name="约定现场丈量", text="与{信访人和邻居}约定{日期}到现场丈量，双方均同意到场。", by=mine
    )
    texts.keep(
        owner=texts.OWN, act="hear", topic_code="", name="核对四至", text="信访人指认四至：东至{东至}，西至{西至}，南至{南至}，北至{北至}。", by=mine
    )
    texts.keep(
        owner=f"{texts.UNIT}:{theirs.unit_ids[0]}",
        act="answer_point",
        topic_code="0103",
        name="本局口径：宅基地确权先调解",
        text="{查明的事实}。依照《土地管理法》第十四条，宅基地使用权争议由当事人协商解决；协商不成的，由{处理机关}处理。请于{日期}到{地点}参加调解。",
        by=theirs,
    )
    texts.use(own.pk, by=mine)


def _follows(office: User) -> None:
    since = clock.now() - timedelta(days=60)
    newest = Case.objects.filter(opened_at__gt=since, confidential=False, headcount__gte=10).order_by("-id")[:6]
    Follow.objects.bulk_create(Follow(case=case, user=office, at=clock.now()) for case in newest)
