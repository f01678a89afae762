"""The public check of a paper: what the code on it leads to. No sign-in, no personal data, no word of the matter (L-SEC-10)."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from casework import throttle
from casework.models import Document
from casework.queries import verification

#: From one address; a whole office may sit behind one.
TRIES = throttle.Limit("verify", 60, timedelta(minutes=10))
#: The largest paper anybody could hold in hand, in bytes.
LARGEST = 20 * 1024 * 1024


@login_not_required
@require_GET
def ask(request: HttpRequest) -> HttpResponse:
    """Type the code that stands under the drawing on the paper."""
    typed = _plain(request.GET.get("code", ""))
    return redirect("casework:verify", paper_code=typed) if typed else _page(request, {})


@login_not_required
@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest, paper_code: str) -> HttpResponse:
    """Number, date, issuing unit, whether it was corrected; POST compares a file or its SHA-256. The file is not kept.

    404 with one page for a code that is unknown, badly written or of a paper taken back before it went out; 429 after too many tries.
    """
    if not throttle.within(TRIES, throttle.address(request)):
        return _page(request, {"is_often": True}, status=429)
    found = verification.by_code(_plain(paper_code))
    if found is None:
        return _page(request, {"is_unknown": True}, status=404)
    context: dict[str, object] = {"paper": found.paper, "newer": found.newer, "code": found.paper.verify_code}
    if request.method == "POST":
        context |= _compared(request, found.paper)
    return _page(request, context)


def _compared(request: HttpRequest, paper: Document) -> dict[str, object]:
    """Whether what was sent is the paper as issued: by its bytes, read once and forgotten, or by the hash somebody computed."""
    upload = request.FILES.get("file")
    if upload is not None and (upload.size or 0) > LARGEST:
        return {"problem": "文件超过20兆字节，不是本文书。"}
    if upload is not None:
        digest = hashlib.sha256()
        for chunk in upload.chunks():
            digest.update(chunk)
        given = digest.hexdigest()
    else:
        given = re.sub(r"\s", "", request.POST.get("sha256", "")).lower()
        if not re.fullmatch(r"[0-9a-f]{64}", given):
            return {"problem": "请选择文书的PDF文件，或者粘贴64位的SHA-256校验值。"}
    return {"is_compared": True, "is_same": bool(paper.pdf_sha256) and given == paper.pdf_sha256}


def _page(request: HttpRequest, context: dict[str, object], status: int = 200) -> HttpResponse:
    answer = render(request, "casework/verify.html", context, status=status)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    # The address holds the code; «same-origin» of the house keeps it here. «no-referrer» would send Origin: null with the form, which is refused.
    return answer


def _plain(code: str) -> str:
    """The code as stored, from however it was typed; empty when it cannot be one."""
    plain = re.sub(r"[\s\-－—]", "", code).upper()
    return plain if re.fullmatch(r"[A-Z2-7]{12}", plain) else ""
