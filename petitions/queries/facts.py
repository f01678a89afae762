"""What a report may know of each petition: one row of plain values a case (`casework.facts.COLUMNS`), as one SELECT.

Nobody is made better by forwarding (beyond.md opening 4). The centre is measured by the forwarding that reached the right
unit, not by the first. A unit that let a limit run out keeps the miss, whoever holds the matter afterwards.
"""

# ruff: noqa: S608, E501 (put together from code tables of this app, the ids are a parameter; columns read better in one line)

from __future__ import annotations

from casework import facts
from petitions import codes
from petitions.rules import State

#: 来访, 网信 and the three forms the law's acceptance rate counts (L-CLS-30).
_FORMS = ", ".join(f"('{row.code}', '{row.counts_as}')" for row in codes.CHANNELS.values())
#: The matter's own limits: what is counted is the earliest one that was missed, else the last (see `_held`).
_MATTER = "('pet.handle', 'pet.suggest', 'pet.simple_handle')"
#: Conclusions of a review that take the decision away: 变更, 撤销并责令重新办理.
_UNDONE = ", ".join(f"'{row.code}'" for row in codes.REVIEW_CONCLUSIONS.values() if "撤销" in row.name)
#: 5 people and more with one demand (L-CLS-34).
_GROUP = 5
#: The objection to this hand-over was upheld, and raised in time: whoever was sent what is not theirs owes no notice.
_NOT_THEIRS = """AND NOT EXISTS (SELECT FROM petitions_objection o JOIN petitions_dispatch sent ON sent.id = o.dispatch_id
                                     WHERE sent.petition_id = c.id AND sent.to_unit_id = d.unit_id AND o.decision IN ('returned', 'coordinated')
                                       AND (sent.sent_at AT TIME ZONE 'Asia/Shanghai')::date = d.base_on
                                       AND (o.at AT TIME ZONE 'Asia/Shanghai')::date <= d.due_on)"""


def _held(keys: str, beside: str = "") -> str:
    """Of the limits of one sort on a case, the one that counts: the first that ran out unmet, else the last. By whom, until when, met when.

    A limit given up before its day is no limit; one that stands still (中止) is none until it runs on.
    """
    missed = "coalesce(coalesce(d.met_on, d.dropped_on) > d.due_on, false)"
    return f"""
        LATERAL (SELECT d.unit_id, d.due_on, d.met_on FROM casework_deadline d
                  WHERE d.case_id = c.id AND d.key IN {keys}
                    AND (d.dropped_on IS NULL OR d.dropped_on > d.due_on)
                    AND (d.suspended_on IS NULL OR d.met_on IS NOT NULL OR d.dropped_on IS NOT NULL) {beside}
                  ORDER BY {missed} DESC, CASE WHEN {missed} THEN d.id ELSE -d.id END LIMIT 1)"""


SELECT = f"""
SELECT {facts.SELECTED}
  FROM (
SELECT c.id AS case_id, c.kind, c.state <> '{State.VOIDED}' AS is_counted, c.confidential, c.town_code, c.area_id, c.topic_code,
       p.channel, form.form, p.source, p.purpose,
       c.unit_id, c.registered_unit_id, c.handler_id, c.headcount,
       CASE WHEN twin.found THEN 0 ELSE c.headcount END AS heads,
       (c.opened_at AT TIME ZONE 'Asia/Shanghai')::date AS registered_on, p.received_on,
       (c.closed_at AT TIME ZONE 'Asia/Shanghai')::date AS closed_on, c.outcome,
       CASE WHEN c.closed_at IS NOT NULL THEN (c.closed_at AT TIME ZONE 'Asia/Shanghai')::date - p.received_on END AS days,
       again.found AS is_repeat, again.is_first AND NOT litigation.found AS is_first,
       form.form = '200' AND c.headcount >= {_GROUP} AS is_group,
       form.form = '200' AND p.source IN ('1', '2', '3') AS is_level_skip,
       litigation.found AS is_litigation,
       forward.unit_id AS forward_unit_id, forward.due_on AS forward_due_on, forward.met_on AS forwarded_on,
       notify.unit_id AS accept_unit_id, notify.due_on AS accept_due_on, notify.met_on AS accepted_on,
       coalesce(matter.unit_id, c.unit_id) AS reply_unit_id, matter.due_on AS reply_due_on, matter.met_on AS replied_on,
       first.delivered_on,
       first.delivered_on IS NOT NULL AND first.outcome IN ('solved', 'explained') AND again.is_first AND NOT litigation.found
           AND NOT c.confidential AS is_rateable,
       coalesce(own.office, called.office_rating, '') AS office_rating, coalesce(own.unit, called.unit_rating, '') AS unit_rating,
       p.reopened,
       c.closed_at IS NOT NULL AND p.reopened = 0 AND NOT undone.found AND NOT back.found
           AND coalesce(own.unit, called.unit_rating, '') <> '3' AS is_once,
       (sent.sent_at AT TIME ZONE 'Asia/Shanghai')::date AS sent_on, (sent.signed_at AT TIME ZONE 'Asia/Shanghai')::date AS signed_on,
       coalesce(wrong.found, false) AS returned, sent.from_unit_id AS sent_unit_id, sent.to_unit_id AS sign_unit_id,
       super.supervised_on, card.level AS card_level, card.given_on AS card_on, c.urged,
       helped.on AS accompanied_on,
       c.due_on, c.warn_on,
       0 AS level, ''::varchar AS result, false AS is_prevented,
       given.yellow_on, coalesce(given.yellow_unit_ids, '{{}}') AS yellow_unit_ids,
       given.red_on, coalesce(given.red_unit_ids, '{{}}') AS red_unit_ids,
       pressed.urged_on, coalesce(pressed.unit_ids, '{{}}') AS urged_unit_ids, coalesce(super.unit_ids, '{{}}') AS supervised_unit_ids,
       '{{}}'::bigint[] AS carried_unit_ids, '{{}}'::int[] AS carried_steps, NULL::bigint AS settled_unit_id, NULL::int AS term_step,
       coalesce(given.yellow_unit_days, '{{}}') AS yellow_unit_days, coalesce(given.red_unit_days, '{{}}') AS red_unit_days,
       coalesce(pressed.unit_days, '{{}}') AS urged_unit_days, coalesce(super.unit_days, '{{}}') AS supervised_unit_days,
       '{{}}'::date[] AS carried_unit_days, '{{}}'::date[] AS carried_step_days
  FROM casework_case c
  JOIN petitions_petition p ON p.case_id = c.id
  JOIN (VALUES {_FORMS}) AS form (code, form) ON form.code = p.channel
  CROSS JOIN LATERAL (SELECT p.flags && ARRAY['sfssbz']::varchar[] AS found) litigation
  LEFT JOIN LATERAL (
       SELECT d.sent_at, d.signed_at, d.from_unit_id, d.to_unit_id FROM petitions_dispatch d
        WHERE d.petition_id = c.id ORDER BY d.id LIMIT 1) sent ON true
  LEFT JOIN LATERAL (
       SELECT true AS found FROM petitions_objection o JOIN petitions_dispatch d ON d.id = o.dispatch_id
        WHERE d.petition_id = c.id AND o.decision IN ('returned', 'coordinated') LIMIT 1) wrong ON true
  LEFT JOIN {_held("('pet.forward')")} forward ON true
  LEFT JOIN {_held("('pet.notify_forwarded')", _NOT_THEIRS)} notify ON true
  LEFT JOIN {_held(_MATTER)} matter ON true
  CROSS JOIN LATERAL (
       SELECT count(*) > 0 OR c.marks @> ARRAY['repeat']::varchar[] AS found,
              CASE WHEN count(*) > 0
                   THEN min((l.at AT TIME ZONE 'Asia/Shanghai')::date)
                      > least((sent.sent_at AT TIME ZONE 'Asia/Shanghai')::date, forward.due_on, (c.closed_at AT TIME ZONE 'Asia/Shanghai')::date)
                   ELSE NOT c.marks @> ARRAY['repeat']::varchar[] END IS TRUE AS is_first
         FROM casework_link l WHERE l.source_id = c.id AND l.kind = 'repeat' AND l.undone_at IS NULL) again
  CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM casework_link l WHERE l.target_id = c.id AND l.kind = 'repeat' AND l.undone_at IS NULL) AS found) back
  CROSS JOIN LATERAL (
       SELECT EXISTS (SELECT FROM casework_link l JOIN casework_case o ON o.id = l.target_id
                       WHERE l.source_id = c.id AND l.kind = 'merged' AND l.undone_at IS NULL AND o.area_id = c.area_id
                         AND (o.opened_at AT TIME ZONE 'Asia/Shanghai')::date = (c.opened_at AT TIME ZONE 'Asia/Shanghai')::date) AS found) twin
  CROSS JOIN LATERAL (
       SELECT EXISTS (SELECT FROM petitions_review r WHERE r.petition_id = c.id AND r.decided_at IS NOT NULL AND r.conclusion IN ({_UNDONE})) AS found) undone
  LEFT JOIN LATERAL (
       SELECT r.id, r.delivered_on, r.outcome FROM petitions_reply r
        WHERE r.petition_id = c.id AND r.delivered_on IS NOT NULL ORDER BY r.id LIMIT 1) first ON true
  LEFT JOIN LATERAL (
       SELECT max(r.value) FILTER (WHERE r.target = 'office') AS office, max(r.value) FILTER (WHERE r.target = 'unit') AS unit
         FROM petitions_rating r WHERE r.reply_id = first.id AND r.replaced_at IS NULL) own ON true
  LEFT JOIN LATERAL (
       SELECT f.office_rating, f.unit_rating FROM petitions_feedback f
        WHERE f.petition_id = c.id AND f.is_reached AND (f.office_rating <> '' OR f.unit_rating <> '') ORDER BY f.id LIMIT 1) called ON true
  LEFT JOIN LATERAL (
       SELECT min(g.day) AS supervised_on, array_agg(g.unit_id ORDER BY g.unit_id) AS unit_ids, array_agg(g.day ORDER BY g.unit_id) AS unit_days
         FROM (SELECT s.unit_id, min((s.decided_at AT TIME ZONE 'Asia/Shanghai')::date) AS day FROM petitions_supervision s
                WHERE s.petition_id = c.id AND s.state NOT IN ('proposed', 'dropped') GROUP BY 1) g) super ON true
  LEFT JOIN LATERAL (
       SELECT k.level, k.given_on FROM casework_card k WHERE k.case_id = c.id ORDER BY k.level DESC, k.given_on LIMIT 1) card ON true
  LEFT JOIN LATERAL (
       SELECT min(g.day) FILTER (WHERE g.level = 2) AS yellow_on, array_agg(g.unit_id ORDER BY g.unit_id) FILTER (WHERE g.level = 2) AS yellow_unit_ids,
              array_agg(g.day ORDER BY g.unit_id) FILTER (WHERE g.level = 2) AS yellow_unit_days,
              min(g.day) FILTER (WHERE g.level = 3) AS red_on, array_agg(g.unit_id ORDER BY g.unit_id) FILTER (WHERE g.level = 3) AS red_unit_ids,
              array_agg(g.day ORDER BY g.unit_id) FILTER (WHERE g.level = 3) AS red_unit_days
         FROM (SELECT k.level, k.unit_id, min(k.given_on) AS day FROM casework_card k WHERE k.case_id = c.id GROUP BY 1, 2) g) given ON true
  LEFT JOIN LATERAL (
       SELECT min(g.day) AS urged_on, array_agg(g.unit_id ORDER BY g.unit_id) AS unit_ids, array_agg(g.day ORDER BY g.unit_id) AS unit_days
         FROM (SELECT u.unit_id, min((u.at AT TIME ZONE 'Asia/Shanghai')::date) AS day FROM petitions_urging u
                WHERE u.petition_id = c.id GROUP BY 1) g) pressed ON true
  LEFT JOIN LATERAL (
       SELECT min(a."on") AS "on" FROM petitions_accompaniment a WHERE a.petition_id = c.id AND a.avoided_level_skip) helped ON true
 WHERE c.id = ANY(%(ids)s) AND c.kind = 'petition') f
"""
