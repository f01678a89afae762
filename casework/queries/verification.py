"""What the public check of a paper may be told: by its code alone, and only what stands on its face."""

from __future__ import annotations

from dataclasses import dataclass

from casework.models import Document


@dataclass(frozen=True, slots=True)
class Found:
    """The paper, and the one that put it right, if there is one."""

    paper: Document
    newer: Document | None


def by_code(code: str) -> Found | None:
    """The paper of that code; None for any other. Open to everybody: the code is the key, and nothing of the case is read."""
    paper = Document.objects.filter(verify_code=code).select_related("unit").defer("context").first() if code else None
    if paper is None:
        return None
    return Found(paper, Document.objects.filter(corrects=paper).only("number", "issued_at", "verify_code").first())
