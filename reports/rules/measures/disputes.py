"""Disputes and their mediation."""

# ruff: noqa: E501 (a definition reads better in one piece)

from __future__ import annotations

from decimal import Decimal

from django.db.models import Q

from reports.rules.measures.conditions import CARRIED, UNDECIDED, always, on_time, that
from reports.rules.measures.meaning import Better, Measure, Sort

ROWS = (
    Measure(
        "disputes",
        "受理调处纠纷",
        "受理日期在期间内的纠纷，每件计一次；按单位、按层级统计时，受理、接收过的每一个调处组织各计一次，按各自受理、接收的日期，移交上一步、退回、终止都不消除。",
        "MED-16",
        "accepted_on",
        that(Q()),
        exclusions="已作废的登记、未受理和不予受理的",
        answers="carried_unit_ids",
        levels="carried_steps",
        units_days="carried_unit_ids",
        steps_days="carried_steps",
        version=2,
        valid_from=CARRIED,
        kind="dispute",
        group="矛盾纠纷",
    ),
    Measure(
        "settled",
        "调解成功",
        "期间内受理的纠纷中，已达成协议的件数，不论协议在哪一天达成；计在达成协议的调处组织，按该组织受理、接收的日期。",
        "MED-16",
        "accepted_on",
        always(result="1", replied_on__isnull=False),
        answers="settled_unit_id",
        units_days="carried_unit_ids",
        steps_days="carried_steps",
        version=2,
        valid_from=CARRIED,
        kind="dispute",
        better=Better.UP,
        group="矛盾纠纷",
    ),
    Measure(
        "settled_rate",
        "调解成功率",
        "调解成功 ÷ 受理调处；还在调解的也在分母里，所以期间越近，成功率越低。按单位、按层级统计时，受理、接收过的每一个调处组织都计入分母，按各自受理、接收的日期，移交走的也在内；分子只计达成协议的那一个，所以各单位之和大于全县。",
        "MED-16",
        "accepted_on",
        that(Q()),
        Sort.SHARE,
        met=always(result="1", replied_on__isnull=False),
        reached="settled_unit_id",
        answers="carried_unit_ids",
        levels="carried_steps",
        units_days="carried_unit_ids",
        steps_days="carried_steps",
        version=2,
        valid_from=CARRIED,
        kind="dispute",
        better=Better.UP,
        target=Decimal(90),
        least=5,
        group="矛盾纠纷",
    ),
    Measure(
        "mediated_on_time",
        "按期调结率",
        "调解期限在期间内届满的纠纷中，在期限内达成协议或终止的件数 ÷ 届满件数；期限在哪个调处组织、哪一步届满，就计在哪里。" + UNDECIDED,
        "MED-2、75号令§33",
        "reply_due_on",
        that(Q()),
        Sort.SHARE,
        met=that(on_time("replied_on", "reply_due_on")),
        ripens="replied_on",
        stands=True,
        answers="reply_unit_id",
        kind="dispute",
        better=Better.UP,
        least=5,
        group="矛盾纠纷",
        levels="term_step",
        version=3,
        valid_from=CARRIED,
    ),
    Measure(
        "prevented",
        "防止激化",
        "期间内受理的纠纷中，登记了防止激化及其事实的件数。",
        "MED-16",
        "accepted_on",
        always(is_prevented=True),
        kind="dispute",
        better=Better.UP,
        group="矛盾纠纷",
    ),
)
