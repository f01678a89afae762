"""矛盾纠纷排查登记表 (M14): a round as the village keeps it on paper; blank lines where nothing was reported yet."""

from __future__ import annotations

from typing import Any

from mediation import codes
from mediation.models import Round

TEMPLATE = "mediation/screening/m14.html"
NAME = codes.DOCUMENT_TYPES["M14"].name
#: Rows of the table on a blank form.
BLANK_ROWS = 6


def registration(row: Round) -> dict[str, Any]:
    """What the form prints. Findings in their order, then empty rows."""
    findings = [
        {
            "no": finding.no,
            "what": finding.what,
            "people": finding.people,
            "place": finding.area.name + finding.place,
            "type": codes.TYPES[finding.type_code].name,
            "signs": "、".join(finding.sign_words),
            "ending": finding.get_ending_display()
            + (f" {finding.dispute.case.number}" if finding.dispute else "")
            + (f"：{finding.words}" if finding.words else ""),
        }
        for finding in row.findings.select_related("area", "dispute__case")
    ]
    return {
        "name": NAME,
        "number": "",
        "unit": row.unit.name,
        "title": row.title,
        "row": row,
        "visited": f"{row.visited_on:%Y年%-m月%-d日}" + (f" {row.visited_at:%H:%M}" if row.visited_at else "") if row.visited_on else "",
        "findings": findings,
        "blanks": range(max(0, BLANK_ROWS - len(findings))) if row.is_nothing is None else (),
        "focus": row.campaign.focus if row.campaign else "",
    }
