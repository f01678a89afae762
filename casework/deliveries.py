"""How a paper reached the person: each attempt kept with its proof, and the receipt printed from it (L-PET-73, L-TIME-8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.template.loader import render_to_string

from casework import documents, folders
from casework.models import Delivery, Document
from organisations import clock, directory
from organisations.scope import Standing

#: The kind of paper a receipt is (document_types).
PROOF = "P16"


@dataclass(frozen=True, slots=True)
class Attempt:
    """What was done to bring the paper to the person. `delivered_on` None: on its way, or nobody was reached (`words` says why).

    `is_agreed`: the person agreed to have it electronically.
    """

    way: str
    attempted_on: date
    posted_on: date | None = None
    delivered_on: date | None = None
    receiver: str = ""
    receiver_kind: str = ""
    place: str = ""
    witnesses: str = ""
    proof: str = ""
    words: str = ""
    is_agreed: bool = False


def record(document: Document, attempt: Attempt, *, by: Standing, at: datetime) -> Delivery:
    """Keep the attempt and issue its 送达回证. Whether the way may be used so is the caller's rule.

    What an old ledger says of a delivery has its own receipt in the old file: none is made for it.
    """
    kept = Delivery(
        document=document,
        way=attempt.way,
        attempted_on=attempt.attempted_on,
        posted_on=attempt.posted_on,
        delivered_on=attempt.delivered_on,
        receiver=attempt.receiver,
        receiver_kind=attempt.receiver_kind,
        place=attempt.place,
        witnesses=attempt.witnesses,
        proof=attempt.proof,
        words=attempt.words,
        by_id=by.user_id,
        at=at,
    )
    folders.add(document.case, kept)
    if not clock.is_from_ledger():
        documents.issue(document.case, _proof(document, kept, by), by=by, at=at)
    return kept


def proof_of(document: Document, asked: str) -> Document | None:
    """The 送达回证 issued for the attempt with that key; None where none was, and for no attempt."""
    if not (asked.isascii() and asked.isdigit()):
        return None
    return Document.objects.filter(case=document.case_id, paper=PROOF, context__served=document.pk, context__attempt=int(asked)).first()


def blank_proof(document: Document, asked: str) -> str:
    """送达回证 as a page to take along and have signed: blank, or with what is known of an attempt that left no receipt here."""
    found = Delivery.objects.filter(document=document, pk=int(asked)).select_related("by").first() if asked.isascii() and asked.isdigit() else None
    return render_to_string(
        "papers/proof.html",
        {**_facts(document), "name": "送达回证", "head_size": documents.LETTER_HEAD, "delivery": _words(found, found.by.name) if found else {}},
    )


def _proof(document: Document, kept: Delivery, by: Standing) -> documents.Paper:
    """The receipt of one attempt (F8): issued by the unit whose paper it was."""
    return documents.Paper(
        code=PROOF,
        name="送达回证",
        template="papers/proof.html",
        unit_id=document.unit_id,
        unit_name=directory.current().units[document.unit_id].short_name,
        word="送证",
        context={
            **_facts(document),
            "delivery": _words(kept, by.user_name),
            "served": document.pk,
            "attempt": kept.pk,
        },
    )


def _facts(document: Document) -> dict[str, Any]:
    return {
        "unit": directory.current().units[document.unit_id].name,
        "paper_name": document.name,
        "paper_number": document.number,
        "case_number": document.case.number if document.case else "",
        "addressee": document.context.get("addressee", ""),
        "ways": [[code, str(label)] for code, label in Delivery.Way.choices],
    }


def _words(attempt: Delivery, by: str) -> dict[str, str]:
    is_self = attempt.receiver_kind in ("", Delivery.Receiver.SELF)
    return {
        "way": attempt.way,
        "place": attempt.place,
        "posted_on": day_words(attempt.posted_on) if attempt.posted_on else "",
        "delivered_on": day_words(attempt.delivered_on) if attempt.delivered_on else "",
        "signed_by": attempt.receiver if is_self else "",
        "received_by": "" if is_self else f"{attempt.receiver}（{attempt.get_receiver_kind_display()}）",
        "words": attempt.words,
        "witnesses": attempt.witnesses,
        "by": by,
        "proof": attempt.proof,
    }


def day_words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
