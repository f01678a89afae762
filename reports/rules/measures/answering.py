"""Acceptance and reply: the law's promises and how they were kept."""

# ruff: noqa: E501 (a definition reads better in one piece)

from __future__ import annotations

from decimal import Decimal

from django.db.models import F, Q

from reports.rules.measures.conditions import FIRST, FORMS_OF_LAW, RIPE, UNDECIDED, always, not_by, on_time, that
from reports.rules.measures.meaning import Better, Measure, Sort

ROWS = (
    Measure(
        "office_acceptance",
        "信访部门及时受理率",
        "转送（交办、告知）期限（收到信访事项起15日）在期间内届满的初次事项中，在期限内转到有权处理单位、当场答复或者告知不予受理的件数 ÷ 届满件数。国家口径以第一次转送为准；本中心从严：转错被退回的，以转到正确单位那一次为准，退回不重新起算。"
        + UNDECIDED,
        "L-CLS-30、L-PET-20",
        "forward_due_on",
        that(FIRST & FORMS_OF_LAW),
        Sort.SHARE,
        met=that(on_time("forwarded_on", "forward_due_on")),
        ripens="forwarded_on",
        stands=True,
        exclusions="已作废的登记、转出前已认定的重复件、涉法涉诉件，来信、来访、网信以外的形式",
        answers="forward_unit_id",
        better=Better.UP,
        target=Decimal(100),
        least=5,
        group="受理和答复",
        version=2,
        valid_from=RIPE,
    ),
    Measure(
        "unit_acceptance",
        "责任单位及时受理率",
        "到责任单位后15日的受理告知期限在期间内届满的初次事项中，在期限内受理告知（或者答复、告知不予受理）的件数 ÷ 届满件数。期限在本单位手里过了的，转走、退回都不能消除；在期限内提出异议并获同意的，不计入该单位。"
        + UNDECIDED,
        "L-CLS-30、L-PET-20",
        "accept_due_on",
        that(FIRST & FORMS_OF_LAW),
        Sort.SHARE,
        met=that(on_time("accepted_on", "accept_due_on")),
        ripens="accepted_on",
        stands=True,
        exclusions="已作废的登记、转出前已认定的重复件、涉法涉诉件，来信、来访、网信以外的形式",
        answers="accept_unit_id",
        better=Better.UP,
        target=Decimal(100),
        least=5,
        group="受理和答复",
        version=2,
        valid_from=RIPE,
    ),
    Measure(
        "reply_on_time",
        "按期答复率",
        "办理期限在期间内届满的事项中，在期限内作出答复（含不予受理告知、引导告知）的件数 ÷ 届满件数；经批准延期的按延长后的期限，正在中止的不计入。期限在哪个单位手里届满未答，就计在哪个单位。"
        + UNDECIDED,
        "L-CLS-30、L-PET-21",
        "reply_due_on",
        that(Q()),
        Sort.SHARE,
        met=that(on_time("replied_on", "reply_due_on")),
        ripens="replied_on",
        stands=True,
        answers="reply_unit_id",
        better=Better.UP,
        target=Decimal(95),
        least=5,
        group="受理和答复",
        version=2,
        valid_from=RIPE,
    ),
    Measure(
        "replied_in_time",
        "已答按期",
        "办理期限在期间内届满、在期限内已答复的件数。",
        "L-CLS-30",
        "reply_due_on",
        that(on_time("replied_on", "reply_due_on")),
        stands=True,
        answers="reply_unit_id",
        group="受理和答复",
    ),
    Measure(
        "replied_late",
        "已答超期",
        "办理期限在期间内届满、超过期限在统计日以前才答复的件数。",
        "L-CLS-30",
        "reply_due_on",
        lambda at: Q(replied_on__gt=F("reply_due_on"), replied_on__lte=at.on),
        stands=True,
        answers="reply_unit_id",
        better=Better.DOWN,
        group="受理和答复",
    ),
    Measure(
        "unanswered_running",
        "未答未到期",
        "办理期限在期间内、统计日尚未答复、也还没有到期的件数；最后一天过完才算到期。",
        "L-CLS-30",
        "reply_due_on",
        lambda at: Q(reply_due_on__gt=at.over) & not_by("replied_on", at.on),
        stands=True,
        answers="reply_unit_id",
        group="受理和答复",
    ),
    Measure(
        "unanswered_late",
        "未答超期",
        "办理期限在期间内届满、统计日仍未答复的件数。",
        "L-CLS-30",
        "reply_due_on",
        lambda at: Q(reply_due_on__lte=at.over) & not_by("replied_on", at.on),
        stands=True,
        answers="reply_unit_id",
        better=Better.DOWN,
        group="受理和答复",
    ),
    Measure(
        "without_term",
        "未纳入期限",
        "登记日期在期间内、没有起算办理期限的事项件数（当场答复、引导、不予受理、尚未受理等）。",
        "L-CLS-30",
        "registered_on",
        always(reply_due_on=None),
        stands=True,
        group="受理和答复",
    ),
)
