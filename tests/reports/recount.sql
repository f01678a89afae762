-- Every figure of a period, counted from the docket's own tables by the definitions in words («口径»). Independent of
-- reports and of casework.facts: another way of writing on purpose. Parameters: %(since)s, %(until)s, %(day)s (the day the
-- figures are true of), %(over)s (the last day that is wholly over then). One row a measure: code, numerator, denominator. A count has the same number twice.
WITH
local AS (  -- dates of the county's calendar
    SELECT c.*, (c.opened_at AT TIME ZONE 'Asia/Shanghai')::date AS registered_on, (c.closed_at AT TIME ZONE 'Asia/Shanghai')::date AS closed_on
    FROM casework_case c WHERE c.state <> 'voided'
),
form (channel, form) AS (VALUES  -- 国家统计口径
    ('100','100'),('200','200'),('300','300'),('400','400'),('500','500'),('600','600'),('701','200'),('702','200'),('703','200'),
    ('704','600'),('705','600'),('706','600'),('707','600'),('708','400'),('709','300'),('710','600')
),
limits AS (  -- limits that were limits: not given up in time, not standing still
    SELECT d.*, (coalesce(d.met_on, d.dropped_on) > d.due_on) IS TRUE AS missed,
           CASE WHEN d.key = 'pet.forward' THEN 'forward' WHEN d.key = 'pet.notify_forwarded' THEN 'accept'
                WHEN d.key IN ('pet.handle', 'pet.suggest', 'pet.simple_handle') THEN 'reply'
                WHEN d.key IN ('med.mediate', 'med.extend') THEN 'mediate' END AS sort
    FROM casework_deadline d
    WHERE NOT (d.dropped_on IS NOT NULL AND d.dropped_on <= d.due_on)
      AND NOT (d.suspended_on IS NOT NULL AND d.met_on IS NULL AND d.dropped_on IS NULL)
      -- sent what was not theirs, objected in time, and right: owes no notice
      AND NOT (d.key = 'pet.notify_forwarded' AND (d.case_id, d.unit_id, d.base_on) IN (
               SELECT s.petition_id, s.to_unit_id, (s.sent_at AT TIME ZONE 'Asia/Shanghai')::date
               FROM petitions_dispatch s JOIN petitions_objection o ON o.dispatch_id = s.id
               WHERE o.decision IN ('returned', 'coordinated') AND (o.at AT TIME ZONE 'Asia/Shanghai')::date <= d.due_on))
),
counting AS (  -- of each sort the first that was missed, else the last
    SELECT l.* FROM limits l WHERE l.sort IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM limits o WHERE o.case_id = l.case_id AND o.sort = l.sort AND (
            (o.missed AND NOT l.missed) OR (o.missed AND l.missed AND o.id < l.id) OR (NOT o.missed AND NOT l.missed AND o.id > l.id)))
),
sent AS (SELECT DISTINCT ON (petition_id) petition_id, (sent_at AT TIME ZONE 'Asia/Shanghai')::date AS sent_on,
                (signed_at AT TIME ZONE 'Asia/Shanghai')::date AS signed_on FROM petitions_dispatch ORDER BY petition_id, id),
again AS (SELECT source_id, min((at AT TIME ZONE 'Asia/Shanghai')::date) AS found_on FROM casework_link WHERE kind = 'repeat' AND undone_at IS NULL GROUP BY 1),
answer AS (SELECT DISTINCT ON (petition_id) id, petition_id, delivered_on, outcome FROM petitions_reply WHERE delivered_on IS NOT NULL ORDER BY petition_id, id),
called AS (SELECT DISTINCT ON (petition_id) petition_id, office_rating, unit_rating FROM petitions_feedback
           WHERE is_reached AND (office_rating <> '' OR unit_rating <> '') ORDER BY petition_id, id),
pet AS (
    SELECT c.id, c.registered_on, c.closed_on, c.outcome, c.headcount, c.urged, c.marks, p.received_on, p.source, p.reopened, f.form,
           p.flags @> ARRAY['sfssbz']::varchar[] AS is_litigation,
           a.source_id IS NOT NULL OR 'repeat' = ANY(c.marks) AS is_repeat,
           CASE WHEN a.source_id IS NULL THEN NOT 'repeat' = ANY(c.marks)
                ELSE coalesce(a.found_on > least(s.sent_on, fw.due_on, c.closed_on), false) END AS was_first,
           fw.due_on AS f_due, fw.met_on AS f_met, ac.due_on AS a_due, ac.met_on AS a_met, re.due_on AS r_due, re.met_on AS r_met,
           s.sent_on, s.signed_on, n.delivered_on, n.outcome AS answered, c.confidential,
           coalesce((SELECT value FROM petitions_rating r WHERE r.reply_id = n.id AND r.target = 'office' AND r.replaced_at IS NULL), k.office_rating, '') AS office,
           coalesce((SELECT value FROM petitions_rating r WHERE r.reply_id = n.id AND r.target = 'unit' AND r.replaced_at IS NULL), k.unit_rating, '') AS unit,
           c.area_id, c.warn_on, c.due_on
    FROM local c JOIN petitions_petition p ON p.case_id = c.id JOIN form f ON f.channel = p.channel
    LEFT JOIN counting fw ON fw.case_id = c.id AND fw.sort = 'forward'
    LEFT JOIN counting ac ON ac.case_id = c.id AND ac.sort = 'accept'
    LEFT JOIN counting re ON re.case_id = c.id AND re.sort = 'reply'
    LEFT JOIN sent s ON s.petition_id = c.id LEFT JOIN again a ON a.source_id = c.id
    LEFT JOIN answer n ON n.petition_id = c.id LEFT JOIN called k ON k.petition_id = c.id
),
came AS (SELECT * FROM pet WHERE registered_on BETWEEN %(since)s AND %(until)s),
came_visits AS (  -- people of a second registration of the same visit are not counted again
    SELECT v.*, CASE WHEN EXISTS (SELECT 1 FROM casework_link l JOIN local o ON o.id = l.target_id WHERE l.source_id = v.id AND l.kind = 'merged'
                                   AND l.undone_at IS NULL AND o.area_id = v.area_id AND o.registered_on = v.registered_on) THEN 0 ELSE v.headcount END AS people
    FROM came v WHERE v.form = '200'),
done AS (SELECT * FROM pet WHERE closed_on BETWEEN %(since)s AND %(until)s),
once AS (SELECT d.*, d.reopened = 0 AND d.unit <> '3'
                     AND NOT EXISTS (SELECT 1 FROM petitions_review r WHERE r.petition_id = d.id AND r.decided_at IS NOT NULL AND r.conclusion IN ('2', '3'))
                     AND NOT EXISTS (SELECT 1 FROM casework_link l WHERE l.target_id = d.id AND l.kind = 'repeat' AND l.undone_at IS NULL) AS in_one
         FROM done d WHERE d.outcome IN ('solved', 'explained')),
rateable AS (SELECT * FROM pet WHERE delivered_on BETWEEN %(since)s AND %(until)s AND answered IN ('solved', 'explained')
                                     AND was_first AND NOT is_litigation AND NOT confidential),
lying AS (
    SELECT *, (f_due < %(day)s AND (f_met IS NULL OR f_met > %(day)s)) IS TRUE OR (a_due < %(day)s AND (a_met IS NULL OR a_met > %(day)s)) IS TRUE
           OR (r_due < %(day)s AND (r_met IS NULL OR r_met > %(day)s)) IS TRUE AS late, %(day)s - received_on AS age
    FROM pet WHERE registered_on <= %(day)s AND (closed_on IS NULL OR closed_on > %(day)s)),
card AS (SELECT DISTINCT ON (case_id) case_id, level, given_on FROM casework_card ORDER BY case_id, level DESC, given_on),
quarrel AS (
    SELECT d.*, c.id AS id, m.due_on AS m_due, coalesce(d.agreed_on, d.ended_on) AS over_on
    FROM local c JOIN mediation_dispute d ON d.case_id = c.id LEFT JOIN counting m ON m.case_id = c.id AND m.sort = 'mediate')
SELECT 'cases', count(*), count(*) FROM came
UNION ALL SELECT 'visits', count(*), count(*) FROM came_visits
UNION ALL SELECT 'visitors', coalesce(sum(people), 0), count(*) FROM came_visits
UNION ALL SELECT 'groups', count(*), count(*) FROM came_visits WHERE headcount >= 5
UNION ALL SELECT 'group_visitors', coalesce(sum(people), 0), count(*) FROM came_visits WHERE headcount >= 5
UNION ALL SELECT 'repeat_rate', count(*) FILTER (WHERE is_repeat), count(*) FROM came
UNION ALL SELECT 'online_rate', count(*) FILTER (WHERE form = '300'), count(*) FROM came
UNION ALL SELECT 'higher', count(*), count(*) FROM came WHERE source IN ('1', '2', '3')
UNION ALL SELECT 'to_capital', count(*), count(*) FROM came WHERE source = '1'
UNION ALL SELECT 'to_province', count(*), count(*) FROM came WHERE source = '2'
UNION ALL SELECT 'level_skips', count(*), count(*) FROM came_visits WHERE source IN ('1', '2', '3')
UNION ALL SELECT 'avoided_skips', count(*), count(*) FROM (
    SELECT a.petition_id FROM petitions_accompaniment a JOIN pet ON pet.id = a.petition_id WHERE a.avoided_level_skip
    GROUP BY 1 HAVING min(a."on") BETWEEN %(since)s AND %(until)s) x
-- a promise counts once it is kept or its last day is over (the second version; of days that are over both say the same)
UNION ALL SELECT 'office_acceptance', count(*) FILTER (WHERE f_met <= f_due), count(*) FROM pet
    WHERE f_due BETWEEN %(since)s AND %(until)s AND was_first AND NOT is_litigation AND form IN ('100', '200', '300') AND (f_met IS NOT NULL OR f_due <= %(over)s)
UNION ALL SELECT 'unit_acceptance', count(*) FILTER (WHERE a_met <= a_due), count(*) FROM pet
    WHERE a_due BETWEEN %(since)s AND %(until)s AND was_first AND NOT is_litigation AND form IN ('100', '200', '300') AND (a_met IS NOT NULL OR a_due <= %(over)s)
UNION ALL SELECT 'reply_on_time', count(*) FILTER (WHERE r_met <= r_due), count(*) FROM pet
    WHERE r_due BETWEEN %(since)s AND %(until)s AND (r_met IS NOT NULL OR r_due <= %(over)s)
UNION ALL SELECT 'replied_in_time', count(*), count(*) FROM pet WHERE r_due BETWEEN %(since)s AND %(until)s AND r_met <= r_due
UNION ALL SELECT 'replied_late', count(*), count(*) FROM pet WHERE r_due BETWEEN %(since)s AND %(until)s AND r_met > r_due AND r_met <= %(day)s
UNION ALL SELECT 'unanswered_running', count(*), count(*) FROM pet
    WHERE r_due BETWEEN %(since)s AND %(until)s AND (r_met > %(day)s) IS NOT FALSE AND r_due > %(over)s
UNION ALL SELECT 'unanswered_late', count(*), count(*) FROM pet
    WHERE r_due BETWEEN %(since)s AND %(until)s AND (r_met > %(day)s) IS NOT FALSE AND r_due <= %(over)s
UNION ALL SELECT 'without_term', count(*), count(*) FROM came WHERE r_due IS NULL
UNION ALL SELECT 'closed', count(*), count(*) FROM done
UNION ALL SELECT 'outcome_' || o, count(d.id), count(d.id) FROM unnest(ARRAY['solved', 'explained', 'not_ours', 'refused']) o LEFT JOIN done d ON d.outcome = o GROUP BY o
UNION ALL SELECT 'once', count(*) FILTER (WHERE in_one), count(*) FROM once
UNION ALL SELECT 'days', coalesce(sum(closed_on - received_on), 0), count(*) FROM once
UNION ALL SELECT 'participation', count(*) FILTER (WHERE office <> '' OR unit <> ''), count(*) FROM rateable
UNION ALL SELECT 'satisfaction', count(*) FILTER (WHERE unit IN ('0', '1')), count(*) FROM rateable WHERE unit <> ''
UNION ALL SELECT 'very_satisfied', count(*) FILTER (WHERE unit = '0'), count(*) FROM rateable WHERE unit <> ''
UNION ALL SELECT 'office_satisfaction', count(*) FILTER (WHERE office IN ('0', '1')), count(*) FROM rateable WHERE office <> ''
UNION ALL SELECT 'open', count(*), count(*) FROM lying
UNION ALL SELECT 'overdue', count(*), count(*) FROM lying WHERE late
UNION ALL SELECT 'due_today', count(*), count(*) FROM lying WHERE (f_due = %(day)s AND (f_met > %(day)s) IS NOT FALSE)
    OR (a_due = %(day)s AND (a_met > %(day)s) IS NOT FALSE) OR (r_due = %(day)s AND (r_met > %(day)s) IS NOT FALSE)
UNION ALL SELECT 'near', count(*), count(*) FROM lying WHERE NOT late AND %(day)s BETWEEN warn_on AND due_on
UNION ALL SELECT 'aged_15', count(*), count(*) FROM lying WHERE age BETWEEN 0 AND 15
UNION ALL SELECT 'aged_30', count(*), count(*) FROM lying WHERE age BETWEEN 16 AND 30
UNION ALL SELECT 'aged_60', count(*), count(*) FROM lying WHERE age BETWEEN 31 AND 60
UNION ALL SELECT 'aged_over', count(*), count(*) FROM lying WHERE age > 60
UNION ALL SELECT 'supervised', count(*), count(*) FROM (
    SELECT s.petition_id FROM petitions_supervision s JOIN pet ON pet.id = s.petition_id WHERE s.state IN ('running', 'replied', 'closed')
    GROUP BY 1 HAVING min((s.decided_at AT TIME ZONE 'Asia/Shanghai')::date) BETWEEN %(since)s AND %(until)s) x
-- since 2026-11-23 each colour by its own first day, the urged by the day they were; of periods that ended before, as it was then
UNION ALL SELECT colour, count(pet.id), count(pet.id) FROM (VALUES ('yellow', 2), ('red', 3)) shade (colour, rung)
    LEFT JOIN (SELECT case_id, level, given_on FROM (
            SELECT case_id, level, given_on FROM card WHERE %(until)s < DATE '2026-11-23' UNION ALL
            SELECT case_id, level, min(given_on) FROM casework_card WHERE %(until)s >= DATE '2026-11-23' GROUP BY 1, 2) y) z
        ON z.level = rung AND z.given_on BETWEEN %(since)s AND %(until)s
    LEFT JOIN pet ON pet.id = z.case_id GROUP BY colour
UNION ALL SELECT 'urged', count(*), count(*) FROM came WHERE urged > 0 AND %(until)s < DATE '2026-11-23' HAVING %(until)s < DATE '2026-11-23'
UNION ALL SELECT 'urged', count(*), count(*) FROM (
    SELECT u.petition_id FROM petitions_urging u JOIN pet ON pet.id = u.petition_id GROUP BY 1
    HAVING min((u.at AT TIME ZONE 'Asia/Shanghai')::date) BETWEEN %(since)s AND %(until)s) x HAVING %(until)s >= DATE '2026-11-23'
UNION ALL SELECT 'misrouted', count(*) FILTER (WHERE EXISTS (
        SELECT 1 FROM petitions_dispatch d JOIN petitions_objection o ON o.dispatch_id = d.id
        WHERE d.petition_id = pet.id AND o.decision IN ('returned', 'coordinated'))), count(*) FROM pet WHERE sent_on BETWEEN %(since)s AND %(until)s
UNION ALL SELECT 'signed_next_day', count(*) FILTER (WHERE signed_on <= sent_on + 1), count(*) FROM pet WHERE sent_on BETWEEN %(since)s AND %(until)s
UNION ALL SELECT 'disputes', count(*), count(*) FROM quarrel WHERE accepted_on BETWEEN %(since)s AND %(until)s
UNION ALL SELECT 'settled', count(*), count(*) FROM quarrel WHERE accepted_on BETWEEN %(since)s AND %(until)s AND result = '1' AND over_on IS NOT NULL
UNION ALL SELECT 'settled_rate', count(*) FILTER (WHERE result = '1' AND over_on IS NOT NULL), count(*) FROM quarrel WHERE accepted_on BETWEEN %(since)s AND %(until)s
UNION ALL SELECT 'mediated_on_time', count(*) FILTER (WHERE over_on <= m_due), count(*) FROM quarrel
    WHERE m_due BETWEEN %(since)s AND %(until)s AND (over_on IS NOT NULL OR m_due <= %(over)s)
UNION ALL SELECT 'prevented', count(*), count(*) FROM quarrel WHERE accepted_on BETWEEN %(since)s AND %(until)s AND prevented <> ''
