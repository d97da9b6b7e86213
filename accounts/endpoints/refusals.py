"""Every refusal of the API has one shape: {code, message, reference, fields}, in Chinese."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.settings import api_settings

from accounts import attempts
from trail.errors import DomainError
from trail.requests import reference_of


class TokenMissing(exceptions.APIException):
    """A logged-in person's POST without the token of this session."""

    status_code = status.HTTP_403_FORBIDDEN


class TooMuch(exceptions.APIException):
    """A body longer than any request of ours."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE


BELOW = "/api/"
NEVER_IN_THIS_FORM = {
    "other_body", "no_reason_given", "form_is_unknown", "saying_is_wrong", "answers_are_wrong",
    "photo_is_empty", "photo_is_too_big",
}  # fmt: skip
# Whoever asks is known and may not: the phone was reported lost.
FORBIDDEN = {"phone_revoked"}

# What is refused without a code of its own: the status and the sentence of each code.
_SAID: dict[str, tuple[int, object]] = {
    "unreadable": (400, _("发来的内容读不出来。")),
    "not_logged_in": (401, _("请先登录。")),
    "token_missing": (403, _("缺少防伪令牌，请带上本次登录的令牌再发。")),
    "not_allowed": (403, _("现在不能这样用，请重新登录以后再试。")),
    "first_things": (403, _("登录以后还有一步没有做完，请先在网页上做完，再用接口。")),
    "not_found": (404, _("没有这一项，或者不在您管的范围。")),
    "method_not_allowed": (405, _("这个地址不能这样用。")),
    "not_acceptable": (406, _("这里只回答 JSON。")),
    "too_much": (413, _("内容太长，请分开发。")),
    "not_json": (415, _("请用 application/json 发送。")),
    "too_often": (429, _("问得太快了，请过一会儿再问。")),
    "broken": (500, _("我们这边出了错，没有办成。请过一会儿再试；还不行，请报上编号问我们。")),
    "busy": (503, _("现在太忙，没有办成，请过一会儿再试。")),
}

# The first that fits speaks; what somebody may not see is told like what never was.
_CODES: tuple[tuple[tuple[type[Exception], ...], str], ...] = (
    ((exceptions.ParseError, MultiPartParserError), "unreadable"),
    ((exceptions.NotAuthenticated, exceptions.AuthenticationFailed), "not_logged_in"),
    ((TokenMissing,), "token_missing"),
    (
        (Http404, exceptions.NotFound, exceptions.PermissionDenied, PermissionDenied),
        "not_found",
    ),
    ((exceptions.MethodNotAllowed,), "method_not_allowed"),
    ((exceptions.NotAcceptable,), "not_acceptable"),
    ((TooMuch, RequestDataTooBig), "too_much"),
    ((exceptions.UnsupportedMediaType,), "not_json"),
    ((exceptions.Throttled,), "too_often"),
    ((SuspiciousOperation,), "unreadable"),
)


def is_of_the_api(request: HttpRequest) -> bool:
    """Whether a program asks, to whom a page says nothing."""
    return request.path_info.startswith(BELOW)


def outside(request: HttpRequest, code: str) -> HttpResponse:
    """The refusal of a guard of the whole site, before or beside any door of the API."""
    status_code, sentence = _SAID[code]
    body = problem(request, code=code, message=str(sentence))
    return JsonResponse(body, status=status_code, json_dumps_params={"ensure_ascii": False})


def problem(
    request: HttpRequest, *, code: str, message: str, fields: Mapping[str, object] | None = None
) -> dict[str, Any]:
    """The body of a refusal."""
    return {
        "code": code,
        "message": message,
        "reference": reference_of(request),
        "fields": dict(fields or {}),
    }


def answer(exc: Exception, context: Mapping[str, Any]) -> Response | None:
    """What DRF calls for anything raised in a view; a surprise is left to crash."""
    request: HttpRequest = context["request"]._request  # noqa: SLF001 (DRF wraps the request)
    if isinstance(exc, exceptions.ValidationError):
        text = str(_("有几处填得不对，请看各处的说明。"))
        body = problem(request, code="invalid", message=text, fields=_fields(exc.detail))
        return Response(body, status=status.HTTP_400_BAD_REQUEST)
    if isinstance(exc, DomainError):
        return refused(request, exc)
    for kinds, code in _CODES:
        if isinstance(exc, kinds):
            number, sentence = _SAID[code]
            body = problem(request, code=code, message=str(sentence))
            return Response(body, status=number, headers=_headers(exc))
    return None


def refused(request: HttpRequest, refusal: DomainError) -> Response:
    """A refusal of an operation with its own code and sentence; an attempt for the trail."""
    attempts.refused(request, refusal)
    body = problem(request, code=refusal.code, message=str(refusal.message))
    if "answers" in refusal.facts:
        body["answers"] = refusal.facts["answers"]
    return Response(body, status=status_of(refusal))


def status_of(refusal: DomainError) -> int:
    """422 for what can never be done in this form, 409 for what cannot as things stand."""
    if refusal.code in NEVER_IN_THIS_FORM:
        return status.HTTP_422_UNPROCESSABLE_ENTITY
    if refusal.code in FORBIDDEN:
        return status.HTTP_403_FORBIDDEN
    return status.HTTP_409_CONFLICT


def _headers(exc: Exception) -> dict[str, str]:
    headers = {}
    if asks := getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = str(asks)
    if wait := getattr(exc, "wait", None):
        headers["Retry-After"] = str(int(wait))
    return headers


def _fields(detail: Any) -> dict[str, object]:
    """Field → its sentences; what belongs to no field stands under `all`."""
    if not isinstance(detail, Mapping):
        return {"all": _sentences(detail)}
    whole = {api_settings.NON_FIELD_ERRORS_KEY, "__all__"}
    return {
        "all" if name in whole else str(name): _sentences(value) for name, value in detail.items()
    }


def _sentences(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        return [text for inner in value.values() for text in _sentences(inner)]
    if isinstance(value, list | tuple):
        return [text for inner in value for text in _sentences(inner)]
    return [str(value)]
