"""What the clock said in the demo county: the reminders of the last weeks, the cards of all time, and the heads' answers to them."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from django.db import connection
from django.db.models import Max
from django.utils import timezone

from casework import deadlines, escalation, limits, reminding
from casework.models import Card, Deadline, Entry, Notice
from organisations import clock
from organisations.models import Post
from organisations.roles import Role
from organisations.scope import scope_of
from petitions.demo.hours import Hours

#: Days of reminders; what was told before has long been read and is left out.
DAYS = 30
#: Every so many standing cards one stays unsigned.
UNSIGNED = 3
ANSWERS = (
    "现场勘查因下雨延后，已重新约定时间，本周内办结。",
    "需外单位出具鉴定意见，已书面催办，收到后三日内答复。",
    "承办人已调整，由分管领导包办，限期办结。",
    "双方正在协商补偿数额，预计下周签订协议后答复。",
)

_CARDS_AS_THEY_CAME = """
UPDATE casework_card SET entered_at = given_on + time '00:10' AT TIME ZONE 'Asia/Shanghai';
UPDATE casework_notice n SET at = k.given_on + time '00:10' AT TIME ZONE 'Asia/Shanghai'
  FROM casework_card k WHERE n.kind = 'card' AND n.deadline_id = k.deadline_id AND n.key LIKE 'c' || k.deadline_id || ':' || k.level || ':%%';
"""
_READ_BY_NOW = """
UPDATE casework_notice n SET read_at = n.at + interval '9 hours',
       read_by_id = coalesce(n.to_user_id, (SELECT min(p.user_id) FROM organisations_post p
                                             WHERE p.unit_id = n.to_unit_id AND n.to_role IN ('', p.role) AND p.until_on IS NULL))
 WHERE n.read_at IS NULL AND n.kind IN ('reminder', 'card') AND n.at < %s
"""


def write(horizon: datetime) -> None:
    """Run the real sweeps over the walked cases: reminders day by day, the cards once, because their days are their own."""
    first = horizon - timedelta(days=DAYS)
    Deadline.objects.filter(met_on=None, dropped_on=None, remind_on__lt=timezone.localdate(first)).update(remind_on=timezone.localdate(first))
    for day in range(DAYS + 1):
        with clock.at(first + timedelta(days=day)):
            reminding.sweep()
    with clock.at(horizon):
        escalation.sweep()
        deadlines.mark_unaccepted()
    Notice.objects.filter(kind="card", deadline__in=Card.objects.exclude(lifted_on=None).values("deadline")).delete()
    with connection.cursor() as cursor:
        cursor.execute(_CARDS_AS_THEY_CAME)
        cursor.execute(_READ_BY_NOW, [horizon - timedelta(days=3)])
    _sign(horizon)


def _sign(horizon: datetime) -> None:
    """Heads have signed for most of the standing yellow and red cards, the day after they came."""
    rng = Random(20)  # noqa: S311  (a demo county, not a secret)
    standing = Card.objects.filter(lifted_on=None, level__gte=Card.Level.YELLOW, deadline__met_on=None, deadline__dropped_on=None)
    latest = dict(Entry.objects.filter(case__in=standing.values("case")).values_list("case").annotate(Max("at")))
    for number, card in enumerate(standing.filter(case__confidential=False).order_by("id")):
        # After what has been done on the case meanwhile: its history runs forward.
        moment = max(card.entered_at + timedelta(days=1, hours=10), latest[card.case_id] + timedelta(hours=1))
        moment = Hours(limits.current().calendar).later(timezone.localtime(moment), rng, days=0)
        post = Post.objects.current(timezone.localdate(moment)).filter(unit=card.unit_id, role=Role.HEAD).select_related("user").first()
        if number % UNSIGNED == 0 or post is None or moment > horizon:
            continue
        latest[card.case_id] = moment
        with clock.at(moment):
            escalation.acknowledge(card.pk, words=rng.choice(ANSWERS), by=scope_of(post.user, timezone.localdate(moment)))
