"""Answered `Idempotency-Key`s: what was asked under the key and what was answered."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from casework.models import Submission
from organisations import clock
from organisations.models import User

KEY_LENGTH = 80
#: How long an answer is kept for a retry; far longer than any client retries.
KEPT = timedelta(days=7)


def find(user: User, key: str) -> Submission | None:
    return Submission.objects.filter(user=user, key=key).first()


def begin(user: User, key: str, request_sha256: str) -> Submission:
    """Claim the key. Raises IntegrityError when somebody holds it (a second request at the same moment waits here)."""
    return Submission.objects.create(user=user, key=key, request_sha256=request_sha256, at=clock.now())


def finish(submission: Submission, status: int, response: Any) -> None:
    submission.status = status
    submission.response = json.loads(json.dumps(response, cls=DjangoJSONEncoder))
    submission.save(update_fields=["status", "response"])


def sweep() -> int:
    """Forget keys nobody retries any more."""
    return Submission.objects.filter(at__lt=clock.now() - KEPT).delete()[0]
