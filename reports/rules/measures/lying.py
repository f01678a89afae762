"""What lies there on a day: open, late, due, near, how old."""

from __future__ import annotations

from reports.rules.measures.conditions import aged, is_due, is_late, is_near, is_open
from reports.rules.measures.meaning import STOCK, Better, Measure

ROWS = (
    Measure("open", "在办件数", "统计日尚未办结的信访事项件数。", "L-CLS-30", STOCK, is_open, group="在办"),
    Measure(
        "overdue",
        "超期未结",
        "统计日尚未办结，且转送、受理告知或办理答复的法定期限已过、没有按期完成的件数；期限在前一单位手里过了、到统计日仍未办结的也算。",
        "L-PET-20、L-PET-21",
        STOCK,
        lambda at: is_open(at) & is_late(at),
        better=Better.DOWN,
        group="在办",
    ),
    Measure(
        "due_today",
        "今日到期",
        "统计日尚未办结，且转送、受理告知或办理答复的法定期限就在统计日当天届满、还没有完成的件数；当天过完仍没有完成的，第二天就是超期。",
        "L-PET-20、L-PET-21",
        STOCK,
        lambda at: is_open(at) & is_due(at),
        better=Better.DOWN,
        group="在办",
    ),
    Measure(
        "near",
        "临期",
        "统计日尚未办结、没有超期、最近一个期限已进入预警日的件数。",
        "L-PET-25",
        STOCK,
        lambda at: is_open(at) & is_near(at),
        better=Better.DOWN,
        group="在办",
    ),
    Measure("aged_15", "在办15天以内", "统计日在办、信访日期距统计日0至15天的件数。", "beyond.md 26", STOCK, aged(0, 15), group="在办"),
    Measure("aged_30", "在办16至30天", "统计日在办、信访日期距统计日16至30天的件数。", "beyond.md 26", STOCK, aged(16, 30), group="在办"),
    Measure("aged_60", "在办31至60天", "统计日在办、信访日期距统计日31至60天的件数。", "beyond.md 26", STOCK, aged(31, 60), group="在办"),
    Measure(
        "aged_over",
        "在办60天以上",
        "统计日在办、信访日期距统计日超过60天的件数。",
        "beyond.md 26",
        STOCK,
        aged(61, None),
        better=Better.DOWN,
        group="在办",
    ),
)
