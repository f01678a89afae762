-- What counts with several units, by unit, from the docket's own tables: each on the first day it got the matter, the card, the urging,
-- the supervision. Independent of reports and of casework.facts, another way of writing on purpose. Parameters: %(since)s, %(until)s.
-- One row a measure and unit: code, unit, numerator, denominator. A count has the same number twice.
WITH shown AS (SELECT * FROM casework_case WHERE state <> 'voided' AND NOT confidential),
got AS (  -- everything that was ever given, one line each
    SELECT CASE k.level WHEN 2 THEN 'yellow' ELSE 'red' END AS code, k.case_id, k.unit_id, k.given_on AS day FROM casework_card k WHERE k.level > 1
    UNION ALL SELECT 'urged', u.petition_id, u.unit_id, (u.at AT TIME ZONE 'Asia/Shanghai')::date FROM petitions_urging u
    UNION ALL SELECT 'supervised', s.petition_id, s.unit_id, (s.decided_at AT TIME ZONE 'Asia/Shanghai')::date
                FROM petitions_supervision s WHERE s.state IN ('running', 'replied', 'closed')),
first_got AS (
    SELECT g.* FROM got g JOIN shown c ON c.id = g.case_id AND c.kind = 'petition'
     WHERE NOT EXISTS (SELECT 1 FROM got o WHERE o.code = g.code AND o.case_id = g.case_id AND o.unit_id = g.unit_id AND o.day < g.day)),
stay AS (  -- stays at a body, but those that ended before anybody had taken the matter up
    SELECT r.*, d.accepted_on, d.result, coalesce(d.agreed_on, d.ended_on) AS over_on,
           NOT EXISTS (SELECT 1 FROM mediation_rung o WHERE o.dispute_id = r.dispute_id AND o.id < r.id) AS is_first,
           NOT EXISTS (SELECT 1 FROM mediation_rung o WHERE o.dispute_id = r.dispute_id AND o.id > r.id) AS is_last
      FROM mediation_rung r JOIN mediation_dispute d ON d.case_id = r.dispute_id JOIN shown c ON c.id = d.case_id
     WHERE d.accepted_on IS NOT NULL),
took AS (
    SELECT dispute_id, unit_id, min(CASE WHEN is_first OR began_on < accepted_on THEN accepted_on ELSE began_on END) AS day,
           bool_or(is_last AND result = '1' AND over_on IS NOT NULL) AS settled
      FROM stay GROUP BY dispute_id, unit_id)
SELECT code, unit_id, count(DISTINCT case_id), count(DISTINCT case_id) FROM first_got WHERE day BETWEEN %(since)s AND %(until)s GROUP BY 1, 2
UNION ALL SELECT 'disputes', unit_id, count(*), count(*) FROM took WHERE day BETWEEN %(since)s AND %(until)s GROUP BY 2
UNION ALL SELECT 'settled', unit_id, count(*), count(*) FROM took WHERE settled AND day BETWEEN %(since)s AND %(until)s GROUP BY 2
UNION ALL SELECT 'settled_rate', unit_id, count(*) FILTER (WHERE settled), count(*) FROM took WHERE day BETWEEN %(since)s AND %(until)s GROUP BY 2
