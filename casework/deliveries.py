"""How a paper reached the person: each attempt kept with its proof, and the receipt printed from it (L-PET-73, L-TIME-8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.template.loader import render_to_string

from casework import documents
from casework.models import Delivery, Document
from organisations.scope import Standing


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
    """Keep the attempt. Whether the way may be used so is the caller's rule; one statement."""
    return Delivery.objects.create(
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


def proof_of(document: Document, asked: str) -> str:
    """送达回证 as a page: filled from the attempt with that key, blank where nothing of the kind is on record."""
    found = Delivery.objects.filter(document=document, pk=int(asked)).select_related("by").first() if asked.isascii() and asked.isdigit() else None
    return render_to_string(
        "papers/proof.html",
        {
            "name": "送达回证",
            "unit": document.unit.name,
            "head_size": documents.LETTER_HEAD,
            "paper_name": document.name,
            "paper_number": document.number,
            "case_number": document.case.number if document.case else "",
            "addressee": document.context.get("addressee", ""),
            "ways": Delivery.Way.choices,
            "delivery": _words(found) if found else {},
        },
    )


def _words(attempt: Delivery) -> dict[str, str]:
    received = "" if attempt.receiver_kind in ("", Delivery.Receiver.SELF) else f"{attempt.receiver}（{attempt.get_receiver_kind_display()}）"
    return {
        "way": attempt.way,
        "place": attempt.place,
        "posted_on": day_words(attempt.posted_on) if attempt.posted_on else "",
        "delivered_on": day_words(attempt.delivered_on) if attempt.delivered_on else "",
        "received_by": received,
        "words": attempt.words,
        "witnesses": attempt.witnesses,
        "by": attempt.by.name,
        "proof": attempt.proof,
    }


def day_words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
