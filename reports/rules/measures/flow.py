"""Supervision, cards, urging, hand-overs."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import F, Q

from reports.rules.measures.conditions import CARRIED, always, that
from reports.rules.measures.meaning import Better, Measure, Sort

ROWS = (
    Measure(
        "supervised",
        "督办件数",
        "期间内由信访部门决定督办的事项件数，按首次决定督办的日期；按单位统计时计在每一个被督办的单位，按该单位第一次被督办的日期，以后转走、退回都不消除。",
        "L-PET-90",
        "supervised_on",
        that(Q()),
        answers="supervised_unit_ids",
        units_days="supervised_unit_ids",
        better=Better.DOWN,
        group="督办和流转",
        version=2,
        valid_from=CARRIED,
    ),
    Measure(
        "yellow",
        "黄牌",
        "期间内第一次亮黄牌的事项件数，以后又亮红牌的也算；按单位统计时计在每一个被亮黄牌的单位，按该单位第一次被亮黄牌的日期，以后转走、退回都不消除。",
        "beyond.md 3",
        "yellow_on",
        that(Q()),
        answers="yellow_unit_ids",
        units_days="yellow_unit_ids",
        better=Better.DOWN,
        group="督办和流转",
        version=2,
        valid_from=CARRIED,
    ),
    Measure(
        "red",
        "红牌",
        "期间内第一次亮红牌的事项件数；按单位统计时计在每一个被亮红牌的单位，按该单位第一次被亮红牌的日期，以后转走、退回都不消除。",
        "beyond.md 3",
        "red_on",
        that(Q()),
        answers="red_unit_ids",
        units_days="red_unit_ids",
        better=Better.DOWN,
        group="督办和流转",
        version=2,
        valid_from=CARRIED,
    ),
    Measure(
        "urged",
        "被催办件数",
        "期间内第一次被催办的事项件数；按单位统计时计在每一个被催办的单位，按该单位第一次被催办的日期，以后转走、退回都不消除。",
        "beyond.md 10",
        "urged_on",
        that(Q()),
        answers="urged_unit_ids",
        units_days="urged_unit_ids",
        better=Better.DOWN,
        group="督办和流转",
        version=2,
        valid_from=CARRIED,
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
