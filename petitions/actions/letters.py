"""What people do with papers: have one made, settle, bring it to the person, put it right by a new one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any, TypedDict, Unpack

from django.db import transaction

from casework import deliveries, documents, folders
from casework.models import Case, Delivery, Document
from casework.rules import NotAllowed
from organisations import directory
from organisations.roles import Role
from organisations.scope import Scope
from petitions import codes, papers, rules
from petitions.actions import act as beats
from petitions.models import Petition
from petitions.queries.papers import undone
from petitions.rules import State
from petitions.rules import letters as rule

#: The paper by which the matter itself is answered; bringing it to the person is the act `deliver`, which leads the case on.
ANSWERS = ("P06", "P07", "P09", "P11")
#: Not content: what a correction never touches.
_NOT_CONTENT = frozenset({"template", "case_number", "query_code", "corrects"})


class How(TypedDict, total=False):
    """How a paper was brought to the person, as every act of delivery takes it; the names are those of `deliveries.Attempt`."""

    posted_on: date | None
    receiver: str
    receiver_kind: str
    place: str
    witnesses: str
    proof: str
    words: str
    is_agreed: bool


@transaction.atomic
def issue_form(number: str, *, by: Scope, version: int | None = None) -> Petition:
    """登记表 of what stands in the registration now, to be checked and signed (条例§19). Raises NotAllowed."""
    act = beats.begin("issue_form", number, by, version)
    made = documents.issue(act.case, papers.letters.registration(act.petition, act.case, act.today), by=act.standing, at=act.now)
    return beats.finish(act, text=f"{made.name}（{made.number}）")


@transaction.atomic
def settle(
    number: str,
    *,
    other: str,
    facts: str,
    terms: str,
    performance: str,
    presided_by: str,
    by: Scope,
    version: int | None = None,
) -> Petition:
    """What both sides agreed of their own will, as a paper to sign (条例§33). The matter itself is still answered. Raises NotAllowed."""
    act = beats.begin("settle", number, by, version)
    rules.check_filled({"协议内容": terms, "履行方式和期限": performance, "争议事实": facts})
    paper = papers.letters.settlement(
        act.petition, act.case, act.today, other=other, facts=facts, terms=terms, performance=performance, presided_by=presided_by
    )
    made = documents.issue(act.case, paper, by=act.standing, at=act.now)
    return beats.finish(act, text=f"与{other}达成协议（{made.number}）：{terms}", findable=terms)


@transaction.atomic
def serve(
    number: str,
    *,
    document_id: int,
    way: str,
    attempted_on: date,
    by: Scope,
    delivered_on: date | None = None,
    version: int | None = None,
    **how: Unpack[How],
) -> Petition:
    """Record one attempt to bring one paper to the person, whether it reached them or not (L-PET-73, L-TIME-8). Raises NotAllowed."""
    act = beats.begin("serve", number, by, version)
    paper = _own_paper(act, document_id)
    if paper.paper not in rule.SERVED:
        raise NotAllowed("这份文书不是发给信访人的，不用登记送达。", code="not_served", status=422)
    if delivered_on and paper.paper in ANSWERS and act.case.state == State.REPLIED:
        raise NotAllowed("这是本件的答复文书，送到了请用“登记送达”，复查期限从那里起算。", code="use_deliver", status=422)
    tried = attempt(way, attempted_on, delivered_on, how)
    rule.check_attempt(
        way=way,
        today=act.today,
        issued_on=rules.local_date(paper.issued_at),
        attempted_on=attempted_on,
        posted_on=tried.posted_on,
        delivered_on=delivered_on,
    )
    if delivered_on is None and way not in (rules.POSTED, rules.ANNOUNCED) and not tried.words.strip():
        raise NotAllowed("没有送到的，写明原因和经过。", code="reason_needed", status=422)
    if delivered_on or way in (rules.POSTED, rules.ANNOUNCED):
        _check_proof(paper, tried)
    deliveries.record(paper, tried, by=act.standing, at=act.now)
    return beats.finish(act, text=_told(paper, tried), detail=_detail(paper, tried))


def attempt(way: str, attempted_on: date, delivered_on: date | None, how: How) -> deliveries.Attempt:
    """The typed delivery as it is kept. Electronic delivery stands on the person's consent, so it is on record (L-PET-73)."""
    tried = deliveries.Attempt(way, attempted_on, delivered_on=delivered_on, **how)
    return replace(tried, words=f"受送达人同意电子送达。{tried.words}") if tried.is_agreed else tried


def deliver_paper(act: beats.Act, paper: Document | None, *, way: str, delivered_on: date, answered_on: date, how: How) -> dict[str, Any]:
    """A paper that leads the case on has reached the person: date and proof as the way asks, kept with the paper. Raises NotAllowed.

    Returns what the history says of it. There is no paper where the answer was given before papers were made here.
    """
    tried = attempt(way, delivered_on, delivered_on, {"receiver_kind": Delivery.Receiver.SELF, **how})
    rules.check_delivery(way, today=act.today, answered_on=answered_on, posted_on=tried.posted_on, delivered_on=delivered_on)
    _check_proof(paper, tried)
    if paper is not None:
        deliveries.record(paper, tried, by=act.standing, at=act.now)
    return {
        "delivery": codes.DELIVERY_METHODS[way].name,
        "delivered_on": delivered_on.isoformat(),
        "receiver": tried.receiver,
        "proof": tried.proof,
    }


def _check_proof(paper: Document | None, tried: deliveries.Attempt) -> None:
    """The proof its way asks for; a public notice also earlier attempts on record. Raises NotAllowed."""
    is_notice = tried.way == rules.ANNOUNCED and paper is not None
    earlier = Delivery.objects.filter(document=paper).exclude(way=rules.ANNOUNCED).count() if is_notice else 0
    rule.check_proof(rule.Proof(tried.way, tried.receiver, tried.receiver_kind, tried.witnesses, tried.proof, tried.words, tried.is_agreed, earlier))


def answer_paper(petition: Petition, case: Case) -> Document | None:
    """The paper by which the matter was last answered; a withdrawn or anonymous one has none."""
    found = folders.rows_of(case, Document, case=case, withdrawn_at=None)
    return next((paper for paper in reversed(found) if paper.paper in ANSWERS), None)


def _own_paper(act: beats.Act, document_id: int) -> Document:
    """A paper of this case issued by a unit the person acts for; the office also acts for the centre's. Raises NotAllowed."""
    paper = Document.objects.filter(case=act.case, pk=document_id).select_related("unit").first()
    if paper is None:
        raise NotAllowed("本件没有这份文书。", code="no_paper", status=422)
    if paper.withdrawn_at is not None:
        raise NotAllowed("这份文书已随撤销作废，不能送达或更正。", code="paper_withdrawn")
    standing = act.standing if act.standing.role is Role.DISCIPLINE else act.by.holds(act.step.roles, paper.unit_id)
    if standing is None:
        raise NotAllowed(f"这份文书由{paper.unit.short_name}出具，由该单位办理。", code="wrong_unit", status=403)
    act.standing = standing
    return paper


def _told(paper: Document, attempt: deliveries.Attempt) -> str:
    if attempt.delivered_on:
        outcome = f"{attempt.delivered_on:%Y-%m-%d}收到"
    else:
        outcome = "已发出，等待期满或回执" if attempt.posted_on else "没有送到"
    told = f"{paper.name}（{paper.number}）{Delivery.Way(attempt.way).label}，{outcome}"
    return f"{told}：{attempt.words}" if attempt.words else told


def _detail(paper: Document, attempt: deliveries.Attempt) -> dict[str, Any]:
    return {
        "paper": paper.number,
        "delivery": Delivery.Way(attempt.way).label,
        "delivered_on": attempt.delivered_on.isoformat() if attempt.delivered_on else "",
        "receiver": attempt.receiver,
        "proof": attempt.proof,
    }


@transaction.atomic
def correct_paper(
    number: str,
    *,
    document_id: int,
    changes: Sequence[tuple[str, str]],
    reason: str,
    by: Scope,
    version: int | None = None,
) -> Petition:
    """Put an issued paper right by a new one that cites it by number and date; the old one stays readable (L-PET-70).

    `changes` are (words as they stand, words as they should be); each must be found in the old paper. No term starts anew, for
    nothing is decided anew (`rule.check_is_slip`). Raises NotAllowed.
    """
    act = beats.begin("correct_paper", number, by, version)
    old = _own_paper(act, document_id)
    newer = Document.objects.filter(corrects=old).first()
    if newer is not None:
        raise NotAllowed(f"这份文书已被{newer.number}更正，请更正后一份。", code="corrected_before")
    if old.pk in undone([old], act.petition.reviews.all()):
        raise NotAllowed("这份意见已被复查、复核撤销或者变更，不再有效，不能更正。", code="paper_undone")
    stood = {key: value for key, value in old.context.items() if key not in _NOT_CONTENT}
    content = stood
    kept = {key: old.context[key] for key in _NOT_CONTENT if key in old.context}
    for wrong, right in changes:
        if wrong == right:
            raise NotAllowed(f"“{wrong}”的原文和更正为相同，没有更正的内容。", code="nothing_changed", status=422)
        changed = replaced(content, wrong, right)
        if changed == content:
            raise NotAllowed(f"原文书里没有“{wrong}”，请照原文抄写。", code="not_found", status=422)
        content = changed
    if content == stood:
        raise NotAllowed("各处更正相互抵消，更正后与原文书相同。", code="nothing_changed", status=422)
    rule.check_is_slip(stood, content)
    paper = documents.Paper(
        code=old.paper,
        name=old.name,
        template=old.context["template"],
        unit_id=old.unit_id,
        unit_name=directory.current().units[old.unit_id].short_name,
        word=word_of(old, directory.current().units[old.unit_id].short_name),
        context={
            **kept,
            **content,
            "date": papers.day_words(act.today),
            "corrects": {
                "name": old.name,
                "number": old.number,
                "issued_on": papers.day_words(rules.local_date(old.issued_at)),
                "reason": reason.rstrip("。；; "),
            },
        },
    )
    new = documents.issue(act.case, paper, by=act.standing, at=act.now, corrects=old)
    told = "；".join(f"“{wrong}”更正为“{right}”" for wrong, right in changes)
    return beats.finish(act, text=f"{old.name}（{old.number}）由{new.number}更正：{told}", detail={"reason": reason})


def replaced(content: Any, wrong: str, right: str) -> Any:
    """The same values with the words replaced in every text, however deep."""
    if isinstance(content, str):
        return content.replace(wrong, right)
    if isinstance(content, list):
        return [replaced(item, wrong, right) for item in content]
    if isinstance(content, dict):
        return {key: replaced(value, wrong, right) for key, value in content.items()}
    return content


def word_of(paper: Document, unit_name: str) -> str:
    """«信处» of «自然资源局信处〔2026〕12号»: a correction is numbered in the same series. An old ledger's paper has none."""
    return paper.number.split("〔", 1)[0].removeprefix(unit_name) if "〔" in paper.number else ""
