"""What an auditor looks for in petitions: replies nobody can prove were handed over, approvals of one's own, closes without feedback."""

# ruff: noqa: S608 (put together from constants of this app, the period is a parameter; statements read better in long lines)

from __future__ import annotations

from casework.doubts import DAY, Doubt

DOUBTS = (
    Doubt(
        "unproven",
        "答复没有送达凭证",
        "记了送达日期，但没有送达凭证，也没有签收人；送达日是复查期限的起算日，没有凭证就无法证明。",
        "条例§35、L-PET-73",
        "SELECT r.petition_id, r.delivered_on, c.unit_id, '送达日 ' || r.delivered_on || '，没有送达凭证和签收人' "
        "FROM facts f JOIN petitions_reply r ON r.petition_id = f.case_id AND r.delivered_on = f.delivered_on "
        "JOIN casework_case c ON c.id = f.case_id "
        "WHERE f.delivered_on BETWEEN %(since)s AND %(until)s AND r.proof = '' AND r.receiver = '' AND NOT EXISTS ("
        "SELECT FROM casework_document d JOIN casework_delivery v ON v.document_id = d.id "
        "WHERE d.case_id = f.case_id AND v.delivered_on = r.delivered_on AND v.proof <> '')",
    ),
    Doubt(
        "own_approval",
        "起草人自己审签答复",
        "答复意见须由另一人审签；起草和审签是同一人的，系统不允许，出现即说明记录被改动。当场答复等不经审签的不在此列。",
        "L-PET-51",
        f"SELECT r.petition_id, {DAY.format('r.approved_at')}, c.unit_id, u.name || '起草并审签' "
        "FROM petitions_reply r JOIN casework_case c ON c.id = r.petition_id JOIN organisations_user u ON u.id = r.approved_by_id "
        "WHERE r.prepared_by_id = r.approved_by_id AND r.approved_at >= %(begin)s AND r.approved_at < %(end)s "
        "AND EXISTS (SELECT FROM casework_entry e WHERE e.case_id = r.petition_id AND e.act = 'petition.reply' AND e.happened_at = r.approved_at)",
        is_forbidden=True,
    ),
    Doubt(
        "reopened_after_rating",
        "评价之后重新办理",
        "群众评价以后又重新办理的事项；重新办理后旧评价不再计入，须看是否为改变评价而重办。",
        "L-CLS-25、L-CLS-26",
        f"SELECT e.case_id, {DAY.format('e.at')}, c.unit_id, e.by_label || ' 在评价以后重新办理' "
        "FROM casework_entry e JOIN casework_case c ON c.id = e.case_id "
        "WHERE e.act = 'petition.reopen' AND e.at >= %(begin)s AND e.at < %(end)s AND ("
        "EXISTS (SELECT FROM petitions_rating r WHERE r.petition_id = e.case_id AND r.at < e.at) "
        "OR EXISTS (SELECT FROM petitions_feedback b WHERE b.petition_id = e.case_id AND b.at < e.at AND b.unit_rating <> ''))",
    ),
    Doubt(
        "without_feedback",
        "办结没有回访评价",
        "结果为已解决、已解释说明的事项，办结前没有回访反馈，也没有群众评价。",
        "HALL-1、L-CLS-20",
        "SELECT f.case_id, f.closed_on, f.reply_unit_id, f.closed_on || ' 办结，没有回访反馈和评价' "
        "FROM facts f WHERE f.kind = 'petition' AND f.is_counted AND f.closed_on BETWEEN %(since)s AND %(until)s "
        "AND f.outcome IN ('solved', 'explained') "
        "AND NOT EXISTS (SELECT FROM petitions_feedback b WHERE b.petition_id = f.case_id) "
        "AND NOT EXISTS (SELECT FROM petitions_rating r WHERE r.petition_id = f.case_id)",
    ),
)
