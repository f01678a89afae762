"""What a report may know of each dispute: one row of plain values a case (`casework.facts.COLUMNS`), as one SELECT.

Of the limits of mediation the one that counts is the first that ran out unmet, else the last: a body that let its month
pass keeps the miss after handing on. Every body that took the dispute up carries it, also one that handed it on; one that
handed it on before it accepted anything never took it up. Each carries it from its own day, the first one from the acceptance.
The agreement is the last body's alone.
"""

# ruff: noqa: S608, E501 (constants of this app; the ids are a parameter)

from __future__ import annotations

from casework import facts
from mediation.models import Rung
from mediation.rules import State

_MISSED = "coalesce(coalesce(x.met_on, x.dropped_on) > x.due_on, false)"

#: The stays at bodies that took the dispute up, each with the day it counts from.
_STAYS = f"""
       (SELECT r.id, r.unit_id, r.step::int AS step,
               CASE WHEN d.accepted_on IS NULL OR row_number() OVER (ORDER BY r.id) = 1 THEN d.accepted_on ELSE greatest(r.began_on, d.accepted_on) END AS day
          FROM mediation_rung r
         WHERE r.dispute_id = c.id
           AND (r.end <> '{Rung.End.HANDED_ON}' OR r.step <> (SELECT min(o.step) FROM mediation_rung o WHERE o.dispute_id = c.id)
                OR EXISTS (SELECT FROM casework_entry e WHERE e.case_id = c.id AND e.act = 'dispute.accept')))"""

SELECT = f"""
SELECT {facts.SELECTED}
  FROM (
SELECT c.id AS case_id, c.kind, c.state <> '{State.VOIDED}' AS is_counted, c.confidential, c.town_code, c.area_id, c.topic_code,
       d.source AS channel, ''::varchar AS form, ''::varchar AS source, ''::varchar AS purpose,
       c.unit_id, c.registered_unit_id, c.handler_id, d.people_count AS headcount, d.people_count AS heads,
       (c.opened_at AT TIME ZONE 'Asia/Shanghai')::date AS registered_on, d.received_on,
       (c.closed_at AT TIME ZONE 'Asia/Shanghai')::date AS closed_on, c.outcome,
       CASE WHEN coalesce(d.agreed_on, d.ended_on) >= d.accepted_on THEN coalesce(d.agreed_on, d.ended_on) - d.accepted_on END AS days,
       false AS is_repeat, false AS is_first, false AS is_group, false AS is_level_skip, false AS is_litigation,
       NULL::bigint AS forward_unit_id, NULL::date AS forward_due_on, NULL::date AS forwarded_on,
       coalesce(respond.unit_id, c.unit_id) AS accept_unit_id, respond.due_on AS accept_due_on, d.accepted_on,
       coalesce(term.unit_id, c.unit_id) AS reply_unit_id, term.due_on AS reply_due_on, coalesce(d.agreed_on, d.ended_on) AS replied_on,
       NULL::date AS delivered_on, false AS is_rateable, ''::varchar AS office_rating, ''::varchar AS unit_rating,
       0 AS reopened, false AS is_once,
       NULL::date AS sent_on, NULL::date AS signed_on, false AS returned, NULL::bigint AS sent_unit_id, NULL::bigint AS sign_unit_id,
       NULL::date AS supervised_on, card.level AS card_level, card.given_on AS card_on, c.urged,
       NULL::date AS accompanied_on,
       c.due_on, c.warn_on,
       d.step AS level, d.result, d.prevented <> '' AS is_prevented,
       NULL::date AS yellow_on, '{{}}'::bigint[] AS yellow_unit_ids, NULL::date AS red_on, '{{}}'::bigint[] AS red_unit_ids,
       NULL::date AS urged_on, '{{}}'::bigint[] AS urged_unit_ids, '{{}}'::bigint[] AS supervised_unit_ids,
       coalesce(carried.unit_ids, ARRAY[c.unit_id]) AS carried_unit_ids, coalesce(stepped.steps, ARRAY[d.step::int]) AS carried_steps,
       CASE WHEN d.result = '1' AND coalesce(d.agreed_on, d.ended_on) IS NOT NULL THEN coalesce(carried.last_unit_id, c.unit_id) END AS settled_unit_id,
       coalesce(ran.step, d.step)::int AS term_step,
       '{{}}'::date[] AS yellow_unit_days, '{{}}'::date[] AS red_unit_days, '{{}}'::date[] AS urged_unit_days, '{{}}'::date[] AS supervised_unit_days,
       coalesce(carried.unit_days, ARRAY[d.accepted_on]) AS carried_unit_days, coalesce(stepped.step_days, ARRAY[d.accepted_on]) AS carried_step_days
  FROM casework_case c
  JOIN mediation_dispute d ON d.case_id = c.id
  LEFT JOIN LATERAL (
       SELECT x.unit_id, x.due_on FROM casework_deadline x
        WHERE x.case_id = c.id AND x.key = 'med.respond' ORDER BY x.id DESC LIMIT 1) respond ON true
  LEFT JOIN LATERAL (
       SELECT x.unit_id, x.due_on, x.base_on FROM casework_deadline x
        WHERE x.case_id = c.id AND x.key IN ('med.mediate', 'med.extend') AND (x.dropped_on IS NULL OR x.dropped_on > x.due_on)
          AND (x.suspended_on IS NULL OR x.met_on IS NOT NULL OR x.dropped_on IS NOT NULL)
        ORDER BY {_MISSED} DESC, CASE WHEN {_MISSED} THEN x.id ELSE -x.id END LIMIT 1) term ON true
  LEFT JOIN LATERAL (
       SELECT array_agg(g.unit_id ORDER BY g.unit_id) AS unit_ids, array_agg(g.day ORDER BY g.unit_id) AS unit_days,
              (array_agg(g.unit_id ORDER BY g.last_id DESC))[1] AS last_unit_id
         FROM (SELECT s.unit_id, min(s.day) AS day, max(s.id) AS last_id FROM {_STAYS} s GROUP BY 1) g) carried ON true
  LEFT JOIN LATERAL (
       SELECT array_agg(g.step ORDER BY g.step) AS steps, array_agg(g.day ORDER BY g.step) AS step_days
         FROM (SELECT s.step, min(s.day) AS day FROM {_STAYS} s GROUP BY 1) g) stepped ON true
  LEFT JOIN LATERAL (
       SELECT r.step FROM mediation_rung r
        WHERE r.dispute_id = c.id AND r.unit_id = term.unit_id AND r.began_on <= term.base_on ORDER BY r.id DESC LIMIT 1) ran ON true
  LEFT JOIN LATERAL (
       SELECT k.level, k.given_on FROM casework_card k WHERE k.case_id = c.id ORDER BY k.level DESC, k.given_on LIMIT 1) card ON true
 WHERE c.id = ANY(%(ids)s) AND c.kind = 'dispute') f
"""
