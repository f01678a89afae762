"""The demo's papers on their way: notices brought to people or refused at the door, a correction, agreements, a yearly report.

Walked by the real acts on the last day, by the people whose papers they are, so that the same seed gives the same rows.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from casework.models import Document, Entry
from organisations import clock, directory
from organisations.models import Post, User
from organisations.roles import Role
from organisations.scope import Scope, scope_of
from petitions.actions import annual, letters
from petitions.models import Petition
from petitions.rules import State

#: How many acceptance notices and how many whereabouts notices are on record as brought.
ACCEPTANCES, WHEREABOUTS, FORMS = 14, 10, 4


def write(horizon: datetime) -> None:
    """Everything on the last day, within its last half hour."""
    moment = horizon - timedelta(minutes=30)
    acceptances = _papers("P05", moment, [State.ACCEPTED, State.UNDER_APPROVAL])[:ACCEPTANCES]
    for no, paper in enumerate(acceptances):
        _serve(paper, no, moment + timedelta(seconds=20 * no), Role.HANDLER)
    for no, paper in enumerate(_papers("P08", moment, [State.ROUTED, State.SIGNED])[:WHEREABOUTS]):
        _serve(paper, no + 3, moment + timedelta(minutes=8, seconds=20 * no), Role.OFFICE)
    later = moment + timedelta(minutes=15)
    for paper in [row for row in _papers("P11", later, [State.REPLIED, State.DELIVERED]) if _holder(row, Role.HEAD, later)][:1]:
        wrong = paper.context["points"][0]["result"][:12]
        change = {"changes": [(wrong, f"{wrong}（含附属设施）")], "reason": "表述不完整"}
        _do(letters.correct_paper, paper, Role.HEAD, later, document_id=paper.pk, **change)
    for paper in [row for row in acceptances if row.case is not None and row.case.state == State.ACCEPTED][-2:]:
        _do(
            letters.settle,
            paper,
            Role.HANDLER,
            moment + timedelta(minutes=20),
            other="村民委员会",
            facts="双方对事项的事实没有争议，对补偿的数额和时间意见不一。",
            terms="村民委员会于下月底前一次付清余款\n付清后双方就本事项不再提出其他要求",
            performance="由镇（街道）监督履行，付款凭证报承办单位备案。",
            presided_by="承办人",
        )
    for petition in _open(State.REGISTERED, moment)[:FORMS]:
        _act(letters.issue_form, petition, _of(Role.OFFICE, directory.current().centre_id, moment), moment + timedelta(minutes=22))
    _annual(moment + timedelta(minutes=25))


def _papers(code: str, before: datetime, states: list[State]) -> list[Document]:
    """Papers of that kind on open cases that were quiet by then, newest first."""
    found = Document.objects.filter(
        paper=code, case__state__in=states, case__confidential=False, withdrawn_at=None, issued_at__lt=before, deliveries=None
    ).exclude(case__in=Entry.objects.filter(at__gte=before).values("case"))
    return list(found.select_related("case").order_by("-id"))


def _open(state: State, before: datetime) -> list[Petition]:
    quiet = Petition.objects.filter(case__state=state, case__confidential=False, is_anonymous=False)
    return list(quiet.exclude(case__in=Entry.objects.filter(at__gte=before).values("case")).select_related("case").order_by("-case_id"))


def _serve(paper: Document, no: int, moment: datetime, role: Role) -> None:
    """Most are handed over; some posted, left, received by the family, or nobody was at home."""
    today = timezone.localdate(moment)
    issued = timezone.localdate(paper.issued_at)
    handed = {"way": "1", "attempted_on": today, "delivered_on": today, "receiver": paper.context["addressee"].split("、")[0], "proof": "送达回证"}
    left = {"way": "2", "attempted_on": today, "delivered_on": today}
    ways: list[dict[str, Any]] = [
        {**handed, "receiver_kind": "self", "place": "县群众工作中心窗口"},
        {**handed, "receiver_kind": "household", "receiver": "家属", "words": "本人外出务工，由同住成年家属签收。"},
        {"way": "4", "attempted_on": issued, "posted_on": issued, "proof": f"EMS 10{no + 2_718_281:09d}"},
        {"way": "1", "attempted_on": today, "words": "上门两次无人，电话约定改日送达。"},
        {
            **left,
            "witnesses": "村委会干部、网格员",
            "words": "本人拒绝签收，文书留在其住所。",
            "proof": "现场照片2张",
        },
        {"way": "3", "attempted_on": today, "delivered_on": today, "is_agreed": True, "proof": "电子送达确认书"},
    ]
    _do(letters.serve, paper, role, moment, document_id=paper.pk, **ways[no % len(ways)])


def _do(act: Callable[..., Petition], paper: Document, role: Role, moment: datetime, **facts: Any) -> None:
    by = _holder(paper, role, moment)
    if by is not None and paper.case is not None:
        _act(act, Petition.objects.select_related("case").get(pk=paper.case_id), by, moment, **facts)


def _act(act: Callable[..., Petition], petition: Petition, by: Scope | None, moment: datetime, **facts: Any) -> None:
    """The act by who holds the post, where anybody does."""
    if by is not None:
        with clock.at(moment):
            act(petition.case.number, by=by, **facts)


def _holder(paper: Document, role: Role, moment: datetime) -> Scope | None:
    return _of(role, paper.unit_id, moment)


def _of(role: Role, unit_id: int | None, moment: datetime) -> Scope | None:
    today = timezone.localdate(moment)
    post = Post.objects.current(today).filter(unit=unit_id, role=role, user__is_active=True).order_by("id").first()
    return scope_of(User.objects.get(pk=post.user_id), today) if post else None


def _annual(moment: datetime) -> None:
    """Last year's report, as it would lie in the office."""
    by = _of(Role.OFFICE, directory.current().centre_id, moment)
    year = timezone.localdate(moment).year - 1
    if by is None or not Petition.objects.filter(received_on__year=year).exists():
        return
    words = "受理告知、延期告知、处理意见和复查复核文书均随文附二维码，可在网上核验。"
    with clock.at(moment):
        annual.issue(year, to="县委、县政府", words=words, signer="马国强", by=by)
