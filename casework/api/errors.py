"""What every door for machines answers when it cannot do what was asked: a plain sentence with a stable code."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404
from rest_framework import exceptions, serializers, status
from rest_framework.response import Response
from rest_framework.views import exception_handler

from casework.rules import NotAllowed
from organisations import problems

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


class Problem(serializers.Serializer[Any]):
    """RFC 9457 problem details."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()
    request_id = serializers.CharField()
    errors = serializers.JSONField(required=False)  # type: ignore[assignment]  # RFC 9457 extension, not DRF's


#: What any operation may answer, for the schema.
ERRORS: dict[int, type[serializers.Serializer[Any]]] = dict.fromkeys((400, 401, 403, 404, 405, 406, 409, 415, 422, 429), Problem)


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
    return Response(problems.body(http_status, code, detail, **more), status=http_status, content_type=problems.MEDIA_TYPE)
