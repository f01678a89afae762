"""What every door for machines shares: plain errors with a stable code, and writes that may be sent twice."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, cast

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404
from rest_framework import exceptions, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import UserRateThrottle
from rest_framework.views import exception_handler

from casework import submissions
from casework.rules import NotAllowed
from organisations.access import origin
from organisations.models import User

PROBLEM = "application/problem+json"

#: Words for the refusals the framework makes itself; ours come with their own sentence.
WORDS = {
    "not_authenticated": "请先登录或提供有效的接口令牌。",
    "authentication_failed": "接口令牌无效或已被撤销。",
    "permission_denied": "您没有办理这件事的岗位。",
    "not_found": "没有找到，或不在您的查看范围内。",
    "method_not_allowed": "这个地址不支持这种操作。",
    "not_acceptable": "不支持请求的格式。",
    "unsupported_media_type": "请用 JSON 格式提交。",
    "throttled": "请求过于频繁，请稍后再试。",
    "parse_error": "提交的内容不是合法的 JSON。",
    "invalid": "有内容需要改正。",
}


def problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """Any error as problem details (RFC 9457) in Chinese, with a stable `code` and the request's id."""
    if isinstance(error, NotAllowed):
        return _answer(error.status, error.code, error.message)
    if isinstance(error, ObjectDoesNotExist | Http404):
        return _answer(status.HTTP_404_NOT_FOUND, "not_found", WORDS["not_found"])
    if isinstance(error, PermissionDenied):
        return _answer(status.HTTP_403_FORBIDDEN, "permission_denied", WORDS["permission_denied"])
    answer = exception_handler(error, context)
    if answer is None:
        return None
    if isinstance(error, exceptions.ValidationError):
        return _answer(status.HTTP_422_UNPROCESSABLE_ENTITY, "invalid", WORDS["invalid"], errors=error.get_full_details())
    code = getattr(error, "default_code", "error")
    made = _answer(answer.status_code, code, WORDS.get(code, "没有办成。"))
    for header in ("WWW-Authenticate", "Retry-After"):
        if header in answer.headers:
            made.headers[header] = answer.headers[header]
    return made


def _answer(http_status: int, code: str, detail: str, **more: Any) -> Response:
    body = {
        "type": f"urn:yimen:problem:{code}",
        "title": detail,
        "status": http_status,
        "code": code,
        "detail": detail,
        "request_id": origin.get().request_id,
        **more,
    }
    return Response(body, status=http_status, content_type=PROBLEM)


class WriteThrottle(UserRateThrottle):
    """Writes by one person in a minute; a desk never types that fast, a runaway script does."""

    scope = "writes"

    def allow_request(self, request: Request, view: Any) -> bool:
        return request.method in ("GET", "HEAD", "OPTIONS") or super().allow_request(request, view)


def once(request: Request, write: Callable[[], Response], *, still: Callable[[Any], object]) -> Response:
    """Do the write once for its `Idempotency-Key`; sent again it gets the first answer and changes nothing.

    The key and the answer are stored in the write's own transaction: a crash keeps neither or both. `still` gets the
    first answer and raises ObjectDoesNotExist (404) where the asker may not see it any more. Raises NotAllowed (422)
    when the key is missing, too long, or was used for another request.
    """
    key = request.headers.get("Idempotency-Key", "").strip()
    if not 8 <= len(key) <= submissions.KEY_LENGTH:
        raise NotAllowed("请在请求头 Idempotency-Key 中给出 8 到 80 个字符的唯一值。", code="idempotency_key", status=422)
    user = cast(User, request.user)  # IsAuthenticated stands before every view
    digest = hashlib.sha256(f"{request.method} {request.path}\n".encode() + request.body).hexdigest()
    held = submissions.find(user, key)
    if held is None:
        try:
            with transaction.atomic():
                submission = submissions.begin(user, key, digest)
                response = write()
                submissions.finish(submission, response.status_code, response.data)
                return response
        except IntegrityError:
            held = submissions.find(user, key)
            if held is None:
                raise
    if held.request_sha256 != digest:
        raise NotAllowed("这个 Idempotency-Key 已用于另一个请求。", code="idempotency_key_reused", status=422)
    still(held.response)
    return Response(held.response, status=held.status or status.HTTP_200_OK, headers={"Idempotent-Replay": "true"})
