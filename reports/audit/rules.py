"""What the audit goes by: the table of doubts about the docket itself, how a sample is drawn, what a finding and a question may be."""

# ruff: noqa: S608, E501 (statements of constants of this file, the period is a parameter; they read better in long lines)

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from casework.doubts import DAY, Doubt
from casework.rules import NotAllowed
from organisations.roles import Role

AUDITORS = frozenset({Role.AUDITOR})
#: Who answers for a unit.
ANSWERING = frozenset({Role.HEAD, Role.HANDLER, Role.OFFICE, Role.VILLAGE_CADRE})

_IN_PERIOD = "{0} >= %(begin)s AND {0} < %(end)s"
#: Days after the event from which entering it is late.
LATE_DAYS = 3
#: Days in which who looked into an identity should have done something, and the day before on which he may have done it already.
IDLE_DAYS = 7
#: Looking that is no looking for a person's identity: a protected case opened, a mediator's ties.
_NO_IDENTITY = "('保密件', '调解关系')"
#: A case whose first line was entered after it happened came with an old ledger; what came in with it was never work of that day.
#: No act lets a clerk register into the past, so no late line of real work can hide here.
_NOT_OF_A_LEDGER = (
    "NOT EXISTS (SELECT FROM casework_entry one WHERE one.case_id = e.case_id AND one.no = 1 "
    "AND one.at - one.happened_at > interval '24 hours' AND e.at - one.at < interval '1 hour')"
)

#: The day on which what is entered was done: a letter from outside has a day of its own and meets a limit on it.
_BY_LETTER = "e.act = 'petition.enter_review'"
_DONE_ON = f"coalesce((e.detail ->> 'decided_on')::date, {DAY.format('e.happened_at')})"

HOUSE: tuple[Doubt, ...] = (
    Doubt(
        "late_entry",
        "补录过晚",
        f"办理环节在发生超过{LATE_DAYS}天才录入系统；过晚的补录无法与当时的情况核对。随旧台账一并导入的环节不在此列。",
        "ALL-6、L-SEC-6",
        f"SELECT e.case_id, {DAY.format('e.at')}, coalesce(e.unit_id, c.unit_id), "
        f"e.label || '：' || {DAY.format('e.happened_at')} || '发生，' || {DAY.format('e.at')} || '录入，晚' || ({DAY.format('e.at')} - {DAY.format('e.happened_at')}) || '天' "
        f"FROM casework_entry e JOIN casework_case c ON c.id = e.case_id WHERE {_IN_PERIOD.format('e.at')} AND e.at - e.happened_at > interval '24 hours' "
        f"AND {DAY.format('e.at')} - {DAY.format('e.happened_at')} > {LATE_DAYS} AND {_NOT_OF_A_LEDGER}",
    ),
    Doubt(
        "back_dated",
        "倒签（次序颠倒）",
        "写的发生时间比此前已经录入的环节早一天以上，办理次序与录入次序不符。随旧台账一并导入的环节不在此列。",
        "ALL-6、L-SEC-6",
        f"SELECT e.case_id, {DAY.format('e.at')}, coalesce(e.unit_id, c.unit_id), "
        f"e.label || '记为' || {DAY.format('e.happened_at')} || '，早于此前录入的“' || p.label || '”' || {DAY.format('p.happened_at')} "
        "FROM casework_entry e JOIN casework_case c ON c.id = e.case_id "
        "JOIN LATERAL (SELECT o.label, o.happened_at FROM casework_entry o WHERE o.case_id = e.case_id AND o.no < e.no "
        "ORDER BY o.happened_at DESC LIMIT 1) p ON p.happened_at - e.happened_at > interval '24 hours' "
        f"WHERE {_IN_PERIOD.format('e.at')} AND e.at - e.happened_at > interval '24 hours' AND {_NOT_OF_A_LEDGER}",
    ),
    Doubt(
        "met_afterwards",
        "期限过后补记为按期",
        "期限届满以后才录入，却写成期限以内完成，因此计为按期的环节。随旧台账一并导入的环节不在此列。",
        "L-PET-21、L-PET-22",
        f"SELECT DISTINCT ON (d.id) e.case_id, {DAY.format('e.at')}, coalesce(d.unit_id, c.unit_id), "
        f"d.name || '到期' || d.due_on || '，' || {DAY.format('e.at')} || '才录入“' || e.label || '”，写为' || d.met_on || '完成' "
        "FROM casework_entry e JOIN casework_deadline d ON d.case_id = e.case_id AND d.is_duty AND d.met_on <= d.due_on "
        f"AND d.met_on = {_DONE_ON} AND d.due_on < {DAY.format('e.at')} JOIN casework_case c ON c.id = e.case_id "
        f"WHERE {_IN_PERIOD.format('e.at')} AND (e.at - e.happened_at > interval '24 hours' OR {_BY_LETTER}) AND {_NOT_OF_A_LEDGER} "
        f"AND NOT EXISTS (SELECT FROM casework_entry x WHERE x.case_id = e.case_id AND {DAY.format('x.happened_at')} = d.met_on AND {DAY.format('x.at')} <= d.due_on) "
        "ORDER BY d.id, e.no",
    ),
    Doubt(
        "extended_late",
        "期限过后才延期",
        "延期须在期限届满以前批准；在原到期日加上此前中止、扣除的天数以后才登记的延期，不能消除超期。系统不允许，出现即说明记录被改动。",
        "L-PET-22",
        f"SELECT d.case_id, {DAY.format('v.at')}, coalesce(d.unit_id, c.unit_id), d.name || '原到期' || d.first_due_on "
        f"|| CASE WHEN still.days > 0 THEN '，此前中止、扣除' || still.days || '天' ELSE '' END || '，' || {DAY.format('v.at')} || '才延期' "
        "FROM casework_deadlineevent v JOIN casework_deadline d ON d.id = v.deadline_id JOIN casework_case c ON c.id = d.case_id "
        "CROSS JOIN LATERAL (SELECT coalesce(sum(CASE o.kind WHEN 'excluded' THEN o.until_on - o.\"on\" + 1 "
        "ELSE coalesce((SELECT min(r.\"on\") FROM casework_deadlineevent r WHERE r.deadline_id = o.deadline_id AND r.kind = 'resumed' AND r.id > o.id), "
        f'{DAY.format("v.at")}) - o."on" END), 0) AS days FROM casework_deadlineevent o '
        "WHERE o.deadline_id = v.deadline_id AND o.id < v.id AND o.kind IN ('excluded', 'suspended')) still "
        f"WHERE v.kind = 'extended' AND {_IN_PERIOD.format('v.at')} AND d.first_due_on + still.days::int < {DAY.format('v.at')}",
        is_forbidden=True,
    ),
    Doubt(
        "unseen_by_head",
        "负责人从未查看",
        "已办结，责任单位在办理期间有负责人，而负责人任职期间一次也没有打开过的案件。",
        "L-PET-51、L-SEC-7",
        "SELECT f.case_id, f.closed_on, f.reply_unit_id, f.closed_on || ' 办结，单位负责人没有查看记录' "
        "FROM facts f WHERE f.is_counted AND f.closed_on BETWEEN %(since)s AND %(until)s "
        "AND EXISTS (SELECT FROM organisations_post p WHERE p.unit_id = f.reply_unit_id AND p.role = 'head' AND p.from_on <= f.closed_on AND (p.until_on IS NULL OR p.until_on >= f.registered_on)) "
        "AND NOT EXISTS (SELECT FROM casework_viewing v JOIN organisations_post p ON p.user_id = v.user_id AND p.role = 'head' AND p.unit_id = f.reply_unit_id "
        f"AND p.from_on <= {DAY.format('v.last_at')} AND (p.until_on IS NULL OR p.until_on >= {DAY.format('v.first_at')}) WHERE v.case_id = f.case_id)",
    ),
    Doubt(
        "unacknowledged",
        "未签收就解除的督办牌",
        "黄牌、红牌没有单位签收，就因为期限完成或者免除而解除。",
        "L-PET-92",
        "SELECT k.case_id, k.lifted_on, k.unit_id, (CASE k.level WHEN 3 THEN '红牌' WHEN 2 THEN '黄牌' ELSE '提醒' END) || '，' || k.given_on || '发，' || k.lifted_on || '解除，没有签收' "
        "FROM casework_card k WHERE k.level >= 2 AND k.lifted_on BETWEEN %(since)s AND %(until)s AND k.acknowledged_at IS NULL",
    ),
    Doubt(
        "corrected_again",
        "文书反复更正",
        "同一案件有两份以上文书更正，其中至少一份在期间内。随撤销作废的文书不计。",
        "L-PET-70",
        f"SELECT d.case_id, {DAY.format('max(d.issued_at) FILTER (WHERE ' + _IN_PERIOD.format('d.issued_at') + ')')}, "
        f"(array_agg(d.unit_id ORDER BY d.issued_at DESC) FILTER (WHERE {_IN_PERIOD.format('d.issued_at')}))[1], "
        f"'更正文书' || count(*) || '份，其中期间内' || count(*) FILTER (WHERE {_IN_PERIOD.format('d.issued_at')}) || '份' FROM casework_document d "
        "WHERE d.corrects_id IS NOT NULL AND d.case_id IS NOT NULL AND d.withdrawn_at IS NULL GROUP BY d.case_id HAVING count(*) >= 2 "
        f"AND count(*) FILTER (WHERE {_IN_PERIOD.format('d.issued_at')}) > 0",
    ),
    Doubt(
        "substitute_after_hours",
        "代他人在非工作时间办理",
        "以请假代理身份、在当天上班时间以外（含午休）或者休息日录入的环节。没有设置上班时间的，按8:30至12:00、14:00至17:30。",
        "HALL-14、L-CAL-6",
        f"SELECT e.case_id, {DAY.format('e.at')}, coalesce(e.unit_id, c.unit_id), e.label || '：' || e.by_label || '代' || u.name || '，' || to_char(e.at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI') "
        "FROM casework_entry e JOIN casework_case c ON c.id = e.case_id JOIN organisations_user u ON u.id = e.on_behalf_of_id "
        f"LEFT JOIN casework_holiday h ON h.day = {DAY.format('e.at')} "
        f"LEFT JOIN LATERAL (SELECT o.* FROM casework_officehours o WHERE o.valid_from <= {DAY.format('e.at')} ORDER BY o.valid_from DESC LIMIT 1) o ON true "
        f"WHERE e.on_behalf_of_id IS NOT NULL AND {_IN_PERIOD.format('e.at')} AND (coalesce(h.is_off, extract(isodow FROM e.at AT TIME ZONE 'Asia/Shanghai') > 5) "
        "OR NOT ((e.at AT TIME ZONE 'Asia/Shanghai')::time BETWEEN coalesce(o.morning_from, '08:30') AND coalesce(o.morning_until, '12:00') "
        "OR (e.at AT TIME ZONE 'Asia/Shanghai')::time BETWEEN coalesce(o.afternoon_from, '14:00') AND coalesce(o.afternoon_until, '17:30')))",
    ),
    Doubt(
        "idle_reveal",
        "查看身份后没有办理",
        f"查看了信访人身份或者联系方式，前一天起到此后{IDLE_DAYS}天内本人在该案没有任何办理记录。未满{IDLE_DAYS}天的不在此列。",
        "L-SEC-7、L-SEC-40",
        f"SELECT a.object_id::bigint, {DAY.format('a.at')}, coalesce(a.unit_id, c.unit_id), a.user_label || '查看' || a.field || CASE WHEN a.ground = '' THEN '' ELSE '，理由：' || a.ground END "
        "FROM organisations_accessentry a JOIN casework_case c ON c.id = a.object_id::bigint "
        f"WHERE a.event = 'reveal' AND a.object_type = 'case' AND a.succeeded AND a.field NOT IN {_NO_IDENTITY} AND {_IN_PERIOD.format('a.at')} "
        f"AND a.at < %(now)s - interval '{IDLE_DAYS} days' "
        f"AND NOT EXISTS (SELECT FROM casework_entry e WHERE e.case_id = c.id AND e.by_id = a.user_id AND e.at BETWEEN a.at - interval '1 day' AND a.at + interval '{IDLE_DAYS} days')",
    ),
)


# -- sampling ---------------------------------------------------------------------------------------------------------------

#: Named in every sample; a change of how one is drawn gets a new name, old samples keep theirs.
ALGORITHM = "yimen-sample/1"
ALGORITHM_WORDS = (
    "对总体中每个编号，取“种子|编号”（UTF-8，中间一个竖线，不加换行）的 SHA-256，写成64位小写十六进制；",
    "按这个值从小到大排列，取最前面的n个，相同时按编号排列。",
    "分层抽样先按责任单位分层：各层名额 = n × 该层件数 ÷ 总体件数，取整数部分，余下的名额按小数部分从大到小逐个分配（相同时按层代码），再在每层内用同样的办法取。",
    "总体校验值是全部编号按字典序、每个一行（行末换行）的 SHA-256。",
)
BY_HAND = "while read n; do printf '%s|%s' \"$SEED\" \"$n\" | sha256sum | cut -c1-64 | tr '\\n' ' '; echo \"$n\"; done < population.txt | LC_ALL=C sort | head -n $SIZE"
#: The same for one stratum of a file with two columns; SIZE is the stratum's share.
BY_HAND_STRATUM = "awk -F '\\t' -v s=\"$STRATUM\" '$2 == s {print $1}' population.txt > stratum.txt; " + BY_HAND.replace(
    "population.txt", "stratum.txt"
)
MOST_SAMPLED = 500
MOST_POPULATION = 200_000


def key_of(seed: str, number: str) -> str:
    """Where a case stands in the draw: SHA-256 of seed, bar, number, in hexadecimal."""
    return hashlib.sha256(f"{seed}|{number}".encode()).hexdigest()


def population_hash(numbers: Iterable[str]) -> str:
    """SHA-256 over the sorted numbers, a line each."""
    return hashlib.sha256(population_text(numbers).encode()).hexdigest()


def population_text(numbers: Iterable[str]) -> str:
    return "".join(f"{number}\n" for number in sorted(set(numbers)))


@dataclass(frozen=True, slots=True)
class Drawn:
    number: str
    key: str
    stratum: str


def draw(strata: Mapping[str, str], *, seed: str, size: int, is_stratified: bool) -> list[Drawn]:
    """The sample of a population given as number → stratum. The same on every machine and in every version of Python.

    In the order of the draw; stratum by stratum in the order of their codes when stratified. Raises NotAllowed (422).
    """
    if not 1 <= size <= MOST_SAMPLED:
        raise NotAllowed(f"样本数须在1至{MOST_SAMPLED}之间。", code="wrong_size", status=422)
    if not seed.strip():
        raise NotAllowed("请写种子，或者选择用日封作种子。", code="no_seed", status=422)
    if size > len(strata):
        raise NotAllowed(f"总体只有{len(strata)}件，抽不出{size}件。", code="too_few", status=422)
    if not is_stratified:
        return _smallest(strata, strata, seed, size)
    groups: dict[str, list[str]] = {}
    for number, stratum in strata.items():
        groups.setdefault(stratum, []).append(number)
    shares = quotas({stratum: len(members) for stratum, members in groups.items()}, size)
    return [found for stratum in sorted(groups) for found in _smallest(groups[stratum], strata, seed, shares[stratum])]


def _smallest(numbers: Iterable[str], strata: Mapping[str, str], seed: str, size: int) -> list[Drawn]:
    ranked = sorted((key_of(seed, number), number) for number in numbers)[:size]
    return [Drawn(number, key, strata[number]) for key, number in ranked]


def quotas(counts: Mapping[str, int], size: int) -> dict[str, int]:
    """How many of the sample each stratum gets: whole parts first, the rest by the largest fraction, then by code. Integers only."""
    total = sum(counts.values())
    if not total:
        return {}
    shares = {code: size * count // total for code, count in counts.items()}
    by_fraction = sorted(counts, key=lambda code: (-(size * counts[code] % total), code))
    for code in by_fraction[: size - sum(shares.values())]:
        shares[code] += 1
    return shares


# -- working papers ---------------------------------------------------------------------------------------------------------

VERDICTS = (("fine", "符合"), ("problem", "有问题"), ("unclear", "无法判断"))


def check_complete(papers: Sequence[tuple[str, str, str]], conclusion: str) -> None:
    """A sample can be signed off when every case has a verdict, every doubt its words, the whole a conclusion. Raises NotAllowed (422).

    `papers` are (number, verdict, words).
    """
    open_ones = [number for number, verdict, _ in papers if not verdict]
    if open_ones:
        raise NotAllowed(
            f"还有{len(open_ones)}件没有写结论：{'、'.join(open_ones[:3])}{'等' if len(open_ones) > 3 else ''}。", code="incomplete", status=422
        )
    silent = [number for number, verdict, words in papers if verdict != "fine" and not words.strip()]
    if silent:
        raise NotAllowed(f"“有问题”“无法判断”的须写明情况：{'、'.join(silent[:3])}{'等' if len(silent) > 3 else ''}。", code="no_words", status=422)
    if not conclusion.strip():
        raise NotAllowed("请写总的结论。", code="no_conclusion", status=422)


# -- questions --------------------------------------------------------------------------------------------------------------

#: Working days a unit has to answer, as a rule; the auditor may set another number.
ANSWER_DAYS = 5
MOST_ANSWER_DAYS = 60
#: Working days before the due date on which the unit is reminded.
REMIND_BEFORE = 1
