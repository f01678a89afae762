"""Copies of a paper between units: each opening leaves a row and a visible mark, so that a leak can be traced (beyond.md opening 7).

The stored paper stays as it was issued; the mark is laid over a copy of it. Without a ground a copy never says who the
person is; with one, a page with the person's data is added and each reading of it is logged (L-SEC-7, L-PET-85…87).
"""

from __future__ import annotations

import io
import secrets
from datetime import datetime

from django.template.loader import render_to_string
from django.utils import timezone

from casework import documents, parties
from casework.models import Copy, Document, Party
from organisations import access
from organisations.models import AccessEntry
from organisations.roles import Role
from organisations.rules import NotAllowed
from organisations.scope import Scope, Standing

#: Signs that cannot be taken for one another on a photograph: no 0 O 1 I L 5 S 8 B 2 Z.
SIGNS = "3467ACDEFGHJKMNPQRTUVWXY"
MARK_LENGTH = 8
#: Whose work needs to know who the person is: those who register, route and handle.
HANDLING = frozenset({Role.WINDOW_CLERK, Role.OFFICE, Role.HANDLER, Role.HEAD})
#: Characters a ground has at least: a reason, not a shrug.
MIN_GROUND = 4


def is_copied(document: Document) -> bool:
    """Whether every reader opens a copy of their own instead of the paper itself; said by the paper when it was issued."""
    return bool(document.context.get("is_copied"))


def opened(document: Document, *, by: Scope, at: datetime) -> bytes:
    """A copy without the person's identity for who opens it now."""
    content = documents.render(document)
    copy = _keep(document, by, at)
    return _stamped(content, copy, by)


def with_identity(document: Document, ground: str, *, by: Scope, at: datetime) -> bytes:
    """A copy with a page that says who the person is, after a ground was given; logged field by field. Raises NotAllowed."""
    case = document.case
    if case is None or not is_copied(document):
        raise NotAllowed("这份文书没有隐去身份信息。", code="nothing_hidden", status=422)
    handles = any(by.holds(HANDLING, unit_id) for unit_id in (case.unit_id, document.unit_id))
    if not handles and not (case.confidential and by.holds({Role.DISCIPLINE})):
        raise NotAllowed("信访人身份信息由承办单位、转送单位的人员查看。", code="not_handling", status=403)
    if len(ground.strip()) < MIN_GROUND:
        raise NotAllowed(f"请写明查看理由（不少于{MIN_GROUND}个字）。", code="ground_needed", status=422)
    content = documents.render(document)
    people = list(Party.objects.filter(case=case).exclude(position=Party.Position.RESPONDENT).select_related("case"))
    access.log(
        AccessEntry.Event.REVEAL,
        user=by.user,
        unit_id=by.home.unit_id if by.home else None,
        object_type="case",
        object_id=case.pk,
        object_label=f"{case.number} {document.name}",
        field="姓名和住址",
        ground=ground.strip(),
        detail={"document": document.pk, "people": len(people)},
    )
    rows = [
        {
            "position": person.get_position_display(),
            "name": person.name,
            "id_masked": person.id_masked,
            "phone": parties.reveal(person, "phone", ground=ground, by=by) if person.phone_token else "",
            "address": _address(parties.place(person), person.address),
        }
        for person in people
    ]
    copy = _keep(document, by, at, shows_identity=True, ground=ground.strip())
    page = render_to_string(
        "papers/identity.html",
        {"name": "信访人身份信息", "number": document.number, "case_number": case.number, "people": rows, "ground": copy.ground},
    )
    return _stamped(content, copy, by, more=documents.to_pdf(page))


def _address(place: str, address: str) -> str:
    """Where the person lives, the village once: many give the whole address, some only house and group."""
    return address if place in address else place + address


def _keep(document: Document, by: Scope, at: datetime, *, shows_identity: bool = False, ground: str = "") -> Copy:
    return Copy.objects.create(
        document=document,
        user=by.user,
        unit_id=by.home.unit_id if by.home else None,
        mark="".join(secrets.choice(SIGNS) for _ in range(MARK_LENGTH)),
        shows_identity=shows_identity,
        ground=ground,
        at=at,
    )


def _stamped(content: bytes, copy: Copy, by: Scope, *, more: bytes = b"") -> bytes:
    """The paper's pages, and `more` pages after them, under the reader's mark."""
    from pypdf import PdfReader, PdfWriter  # heavy (6 MB): only a worker that marks a copy pays for it

    home: Standing | None = by.home
    moment = f"{timezone.localtime(copy.at):%Y-%m-%d %H:%M}"
    words = f"{home.unit_name if home else ''} {by.user.name} {moment}"
    layer = PdfReader(
        io.BytesIO(documents.to_pdf(render_to_string("papers/mark.html", {"words": words, "mark": documents.grouped(copy.mark)})))
    ).pages[0]
    copied = PdfWriter(clone_from=io.BytesIO(content))
    for page in PdfReader(io.BytesIO(more)).pages if more else ():
        copied.add_page(page)
    for page in copied.pages:
        page.merge_page(layer)
    out = io.BytesIO()
    copied.write(out)
    return out.getvalue()


def find(typed: str) -> Copy | None:
    """The copy whose mark somebody read from a page or a photograph; case and dashes do not matter."""
    mark = "".join(sign for sign in typed.upper() if sign in SIGNS)
    return Copy.objects.filter(mark=mark).select_related("user", "unit", "document", "document__case").first()
