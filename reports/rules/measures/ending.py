"""What came of it: how matters ended and what people said of it."""

# ruff: noqa: E501 (a definition reads better in one piece)

from __future__ import annotations

from decimal import Decimal

from django.db.models import Q

from reports.rules.measures.conditions import RATED, RATED_OFFICE, always, that
from reports.rules.measures.meaning import Better, Measure, Sort

ROWS = (
    Measure("closed", "办结件数", "办结日期在期间内的事项件数。", "L-PET-10", "closed_on", that(Q()), answers="reply_unit_id", group="办结和评价"),
    *(
        Measure(
            f"outcome_{code}",
            name,
            f"期间内办结、结果为“{name}”的件数。四种结果分别统计，不相加（信访人得到的答复不同）。",
            "L-PET-10、opening 20",
            "closed_on",
            always(outcome=code),
            answers="reply_unit_id",
            group="办结和评价",
        )
        for code, name in (("solved", "已解决"), ("explained", "已解释说明"), ("not_ours", "不属本级"), ("refused", "不予受理"))
    ),
    Measure(
        "once",
        "一次化解率",
        "期间内办结、结果为已解决或已解释说明的事项中，只办理一轮就了结的件数 ÷ 这些事项的件数。重新办理、复查复核改变原意见、同一事项又来信访、第一次答复被评价不满意的，都不算一次化解，计在答复单位。",
        "beyond.md 4",
        "closed_on",
        that(Q(outcome__in=("solved", "explained"))),
        Sort.SHARE,
        met=always(is_once=True),
        exclusions="已作废的登记，结果为不属本级、不予受理、撤回的",
        answers="reply_unit_id",
        better=Better.UP,
        target=Decimal(85),
        least=5,
        group="办结和评价",
    ),
    Measure(
        "days",
        "平均办理天数",
        "期间内办结、结果为已解决或已解释说明的事项，从信访日期到最后一次办结日期的日历天数的平均数；不予受理、引导、撤回的不计入，重新办理的算到重新办结。",
        "beyond.md 2",
        "closed_on",
        that(Q(days__isnull=False, outcome__in=("solved", "explained"))),
        Sort.DAYS,
        exclusions="已作废的登记，结果为不属本级、不予受理、撤回的",
        adds="days",
        answers="reply_unit_id",
        better=Better.DOWN,
        group="办结和评价",
    ),
    Measure(
        "participation",
        "参评率",
        "期间内第一次送达处理意见、可以评价的初次事项中，对信访部门或责任单位作了评价的件数 ÷ 可评价件数。以第一次答复的评价为准，本人网上评价优先于回访记录；未评价的就是未评价，不当作满意。",
        "L-CLS-24、L-CLS-30",
        "delivered_on",
        always(is_rateable=True),
        Sort.SHARE,
        met=that(RATED | RATED_OFFICE),
        exclusions="转出前已认定的重复件、涉法涉诉件、不宜公开件，答复为不属本级、不予受理的",
        answers="reply_unit_id",
        better=Better.UP,
        group="办结和评价",
    ),
    Measure(
        "satisfaction",
        "群众满意率（责任单位）",
        "期间内第一次送达处理意见的初次事项中，对第一次答复，责任单位被评价“满意”“基本满意”的件数 ÷ 已评价件数。",
        "L-CLS-20、L-CLS-30",
        "delivered_on",
        that(Q(is_rateable=True) & RATED),
        Sort.SHARE,
        met=always(unit_rating__in=("0", "1")),
        exclusions="转出前已认定的重复件、涉法涉诉件、不宜公开件，答复为不属本级、不予受理的",
        answers="reply_unit_id",
        better=Better.UP,
        target=Decimal(90),
        least=5,
        group="办结和评价",
    ),
    Measure(
        "very_satisfied",
        "其中“满意”占比",
        "期间内第一次送达处理意见的初次事项中，责任单位被评价“满意”（不含基本满意）的件数 ÷ 已评价件数。",
        "L-CLS-30",
        "delivered_on",
        that(Q(is_rateable=True) & RATED),
        Sort.SHARE,
        met=always(unit_rating="0"),
        exclusions="转出前已认定的重复件、涉法涉诉件、不宜公开件，答复为不属本级、不予受理的",
        answers="reply_unit_id",
        better=Better.UP,
        least=5,
        group="办结和评价",
    ),
    Measure(
        "office_satisfaction",
        "群众满意率（信访部门）",
        "期间内第一次送达处理意见的初次事项中，对第一次答复，信访部门被评价“满意”“基本满意”的件数 ÷ 已评价件数。",
        "L-CLS-20、L-CLS-30",
        "delivered_on",
        that(Q(is_rateable=True) & RATED_OFFICE),
        Sort.SHARE,
        met=always(office_rating__in=("0", "1")),
        exclusions="转出前已认定的重复件、涉法涉诉件、不宜公开件，答复为不属本级、不予受理的",
        answers="forward_unit_id",
        better=Better.UP,
        target=Decimal(90),
        least=5,
        group="办结和评价",
    ),
)
