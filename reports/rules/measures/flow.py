"""Supervision, cards, urging, hand-overs."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import F, Q

from reports.rules.measures.conditions import always, that
from reports.rules.measures.meaning import Better, Measure, Sort

ROWS = (
    Measure(
        "supervised",
        "督办件数",
        "期间内由信访部门决定督办的事项件数。",
        "L-PET-90",
        "supervised_on",
        that(Q()),
        better=Better.DOWN,
        group="督办和流转",
    ),
    Measure(
        "yellow",
        "黄牌",
        "期间内达到黄牌（最高一级）的事项件数。",
        "beyond.md 3",
        "card_on",
        always(card_level=2),
        better=Better.DOWN,
        group="督办和流转",
    ),
    Measure(
        "red",
        "红牌",
        "期间内达到红牌（最高一级）的事项件数。",
        "beyond.md 3",
        "card_on",
        always(card_level=3),
        better=Better.DOWN,
        group="督办和流转",
    ),
    Measure(
        "urged",
        "被催办件数",
        "登记日期在期间内、被催办过的事项件数。",
        "beyond.md 10",
        "registered_on",
        always(urged__gt=0),
        better=Better.DOWN,
        group="督办和流转",
    ),
    Measure(
        "misrouted",
        "转错退回率",
        "期间内首次转出的事项中，承办单位提出异议并被同意（裁定）退回的件数 ÷ 转出件数；计在首次转出的单位。",
        "L-PET-20、beyond.md 4",
        "sent_on",
        that(Q()),
        Sort.SHARE,
        met=always(returned=True),
        answers="sent_unit_id",
        better=Better.DOWN,
        group="督办和流转",
    ),
    Measure(
        "signed_next_day",
        "次日前签收率",
        "期间内首次转出的事项中，首次转到的单位在转出当天或第二天签收的件数 ÷ 转出件数；计在首次转到的单位。",
        "HALL-14",
        "sent_on",
        that(Q()),
        Sort.SHARE,
        met=that(Q(signed_on__lte=F("sent_on") + timedelta(days=1))),
        answers="sign_unit_id",
        better=Better.UP,
        group="督办和流转",
    ),
)
