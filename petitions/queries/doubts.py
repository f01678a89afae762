"""What an auditor looks for in petitions: replies nobody can prove were handed over, approvals of one's own, closes without feedback."""

# ruff: noqa: S608 (put together from constants of this app, the period is a parameter; statements read better in long lines)

from __future__ import annotations

from casework.doubts import DAY, Doubt
from petitions import codes

#: A name proves every way but the post, whose proof is the number of the sending (L-PET-73; `rules.letters.check_proof`).
_PROVED = "({0}.proof <> '' OR ({0}.receiver <> '' AND {0}.delivery <> '4'))"
#: The same of an attempt on record, where witnesses prove what was left and the story what was announced.
_PROVED_DELIVERY = "v.proof <> '' OR (v.receiver <> '' AND v.way <> '4') OR (v.way = '2' AND v.witnesses <> '') OR (v.way = '6' AND v.words <> '')"
#: The papers that answer a matter.
_ANSWERS = "('P06', 'P07', 'P09', 'P11')"
#: How it was delivered, in words, for the finding.
_WAY = "CASE r.delivery " + " ".join(f"WHEN '{row.code}' THEN '，{row.name}'" for row in codes.DELIVERY_METHODS.values()) + " ELSE '' END"
#: Closed without feedback and rating up to the day of the close that stands; two halves, because only a reopened matter needs its history read.
_SILENT = (
    "SELECT f.case_id, f.closed_on, f.reply_unit_id, f.closed_on || ' 办结，没有回访反馈和评价' "
    "FROM facts f {again} WHERE f.kind = 'petition' AND f.is_counted AND f.closed_on BETWEEN %(since)s AND %(until)s "
    f"AND f.outcome IN ('solved', 'explained') AND {{which}} "
    f"AND NOT EXISTS (SELECT FROM petitions_feedback b WHERE b.petition_id = f.case_id AND b.is_reached "
    f"AND {DAY.format('b.at')} <= f.closed_on {{later}}) "
    f"AND NOT EXISTS (SELECT FROM petitions_rating b WHERE b.petition_id = f.case_id AND {DAY.format('b.at')} <= f.closed_on {{later}})"
)
_LAST_REOPENED = "JOIN LATERAL (SELECT max(e.at) AS at FROM casework_entry e WHERE e.case_id = f.case_id AND e.act = 'petition.reopen') again ON true"

DOUBTS = (
    Doubt(
        "unproven",
        "答复没有送达凭证",
        "记了送达日期的每一份答复、复查复核意见，没有送达凭证（邮寄单号、照片录像编号等），邮寄以外的也没有签收人，"
        "留置的也没有见证人，公告的也没有经过说明；送达日是复查期限的起算日，没有凭证就无法证明。",
        "条例§35、L-PET-73",
        f"SELECT r.petition_id, r.delivered_on, c.unit_id, '答复送达日 ' || r.delivered_on || {_WAY} || '，没有送达凭证' "
        "FROM petitions_reply r JOIN casework_case c ON c.id = r.petition_id "
        f"WHERE r.delivered_on BETWEEN %(since)s AND %(until)s AND NOT {_PROVED.format('r')} AND NOT EXISTS ("
        "SELECT FROM casework_document d JOIN casework_delivery v ON v.document_id = d.id "
        f"WHERE d.case_id = r.petition_id AND d.paper IN {_ANSWERS} AND v.delivered_on = r.delivered_on "
        f"AND ({_PROVED_DELIVERY})) UNION ALL "
        "SELECT r.petition_id, r.delivered_on, coalesce(r.organ_id, c.unit_id), "
        f"'复查复核意见送达日 ' || r.delivered_on || {_WAY} || '，没有送达凭证' "
        "FROM petitions_review r JOIN casework_case c ON c.id = r.petition_id "
        f"WHERE r.delivered_on BETWEEN %(since)s AND %(until)s AND NOT {_PROVED.format('r')} AND NOT EXISTS ("
        "SELECT FROM casework_delivery v WHERE v.document_id = r.document_id AND v.delivered_on = r.delivered_on "
        f"AND ({_PROVED_DELIVERY}))",
    ),
    Doubt(
        "own_approval",
        "起草人自己审签",
        "答复意见、不予受理告知须由另一人审签；起草和审签是同一人的，系统不允许，出现即说明记录被改动。当场答复等不经审签的不在此列。",
        "L-PET-51",
        f"SELECT r.petition_id, {DAY.format('r.approved_at')}, c.unit_id, u.name || '起草并审签' "
        "FROM petitions_reply r JOIN casework_case c ON c.id = r.petition_id JOIN organisations_user u ON u.id = r.approved_by_id "
        "WHERE r.prepared_by_id = r.approved_by_id AND r.prepared_at <> r.approved_at AND r.approved_at >= %(begin)s AND r.approved_at < %(end)s "
        "AND EXISTS (SELECT FROM casework_entry e WHERE e.case_id = r.petition_id "
        "AND e.act IN ('petition.reply', 'petition.approve_decline') AND e.happened_at = r.approved_at)",
        is_forbidden=True,
    ),
    Doubt(
        "reopened_after_rating",
        "评价之后重新办理",
        "群众评价（对信访部门或者责任单位）以后又重新办理的事项；重新办理后旧评价不再计入，须看是否为改变评价而重办。",
        "L-CLS-25、L-CLS-26",
        f"SELECT e.case_id, {DAY.format('e.at')}, c.unit_id, e.by_label || ' 在评价以后重新办理' "
        "FROM casework_entry e JOIN casework_case c ON c.id = e.case_id "
        "WHERE e.act = 'petition.reopen' AND e.at >= %(begin)s AND e.at < %(end)s AND ("
        "EXISTS (SELECT FROM petitions_rating r WHERE r.petition_id = e.case_id AND r.at < e.at) "
        "OR EXISTS (SELECT FROM petitions_feedback b WHERE b.petition_id = e.case_id AND b.at < e.at "
        "AND (b.office_rating <> '' OR b.unit_rating <> '')))",
    ),
    Doubt(
        "without_feedback",
        "办结没有回访评价",
        "结果为已解决、已解释说明的事项，到最近一次办结当天为止（重新办理的，从重新办理算起），没有联系上的回访反馈，也没有群众评价。",
        "HALL-1、L-CLS-20",
        _SILENT.format(again="", which="f.reopened = 0", later="")
        + " UNION ALL "
        + _SILENT.format(again=_LAST_REOPENED, which="f.reopened > 0", later="AND b.at > again.at"),
    ),
)
