"""What an auditor looks for in disputes: success nobody visited again, performance without proof."""

from __future__ import annotations

from casework.doubts import Doubt

DOUBTS = (
    Doubt(
        "unvisited",
        "调解成功没有回访",
        "调解成功并已办结（归档）的纠纷，没有回访记录；履行情况和满意情况无从核对。系统不允许，出现即说明记录被改动。",
        "MED-10、L-MED-50",
        "SELECT f.case_id, f.closed_on, f.unit_id, f.closed_on || ' 办结，没有回访记录' "
        "FROM facts f WHERE f.kind = 'dispute' AND f.is_counted AND f.closed_on BETWEEN %(since)s AND %(until)s AND f.result = '1' "
        "AND NOT EXISTS (SELECT FROM mediation_followupvisit v WHERE v.dispute_id = f.case_id)",
        is_forbidden=True,
    ),
    Doubt(
        "unproven_performance",
        "履行没有凭证",
        "登记了协议履行，但没有写凭证，也没有凭证附件。系统不允许，出现即说明记录被改动。",
        "MED-10、L-MED-50",
        'SELECT a.dispute_id, p."on", c.unit_id, p."on" || \' 登记履行，没有凭证\' '
        "FROM mediation_performance p JOIN mediation_agreementitem i ON i.id = p.item_id "
        "JOIN mediation_agreement a ON a.id = i.agreement_id JOIN casework_case c ON c.id = a.dispute_id "
        "WHERE p.\"on\" BETWEEN %(since)s AND %(until)s AND p.proof = '' AND p.attachment_id IS NULL",
        is_forbidden=True,
    ),
)
