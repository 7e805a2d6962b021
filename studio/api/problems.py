"""Every error in one shape: problem details (RFC 9457)."""

from __future__ import annotations

import logging
from typing import Any

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import DataError
from django.db.models import ProtectedError
from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler as usual_handler
from rest_framework.views import set_rollback

from media_pipeline.money import BudgetRefused
from media_pipeline.providers.choice import NoModel
from projects.screenplay.model import ScreenplayError

log = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"


class Precondition(exceptions.APIException):
    """The record has changed since it was read."""

    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_detail = "The record has changed since you read it: read it again and repeat your change."


class PreconditionRequired(exceptions.APIException):
    """A change has to say which state of the record it is about."""

    status_code = 428
    default_detail = "Send If-Match with the ETag you read, so that nobody's change is overwritten."


class Conflict(exceptions.APIException):
    """What was asked does not fit what is there."""

    status_code = status.HTTP_409_CONFLICT
    default_detail = "This does not fit what is there."


def handler(error: Exception, context: dict[str, Any]) -> Response:
    """DRF's exception handler: every error as problem details; what nobody expected is logged and says nothing."""
    error = _as_api_error(error)
    answer = usual_handler(error, context)
    if answer is None:
        log.exception("The API failed", exc_info=error)
        set_rollback()
        answer = Response(status=status.HTTP_500_INTERNAL_SERVER_ERROR)
        answer.data = problem(500, "Something went wrong here. It was logged.")
    else:
        answer.data = problem(answer.status_code, *_said(error, answer.data))
    answer.content_type = MEDIA_TYPE
    return answer


def problem(code: int, detail: str, errors: dict[str, list[str]] | None = None) -> dict[str, Any]:
    """The body of an error: `errors` names fields, "" is the request as a whole."""
    body: dict[str, Any] = {"type": "about:blank", "title": TITLES.get(code, "Error"), "status": code, "detail": detail}
    return body | ({"errors": errors} if errors else {})


TITLES = {
    400: "Bad request", 401: "Not logged in", 403: "Not allowed", 404: "Not found", 405: "Method not allowed",
    406: "Not acceptable", 409: "Conflict", 412: "Changed meanwhile", 415: "Unsupported media type",
    422: "Cannot be processed", 428: "If-Match needed", 429: "Too many requests", 500: "Server error",
}  # fmt: skip


@csrf_exempt
def not_found(request: HttpRequest, exception: Exception | None = None) -> JsonResponse:
    """For addresses under the API that are none."""
    return JsonResponse(problem(404, "There is no such address in this API."), status=404, content_type=MEDIA_TYPE)


def _as_api_error(error: Exception) -> Exception:
    if isinstance(error, DjangoValidationError):
        by_field = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        return exceptions.ValidationError({name.replace("__all__", ""): words for name, words in by_field.items()})
    if isinstance(error, OverflowError | DataError):  # a number that no column holds, wherever it was given
        return exceptions.ValidationError({"": ["A number in the request is larger than any that is kept here."]})
    if isinstance(error, SuspiciousOperation):
        return exceptions.ParseError("The request has more in it than is read, or something that nobody sends.")
    if isinstance(error, ScreenplayError):
        return exceptions.ValidationError({"screenplay": [str(error)]})
    if isinstance(error, BudgetRefused | NoModel):
        return Conflict(str(error))
    if isinstance(error, ProtectedError):
        return Conflict("Other records still stand on it, so it was not removed.")
    if isinstance(error, Http404):
        return exceptions.NotFound(str(error) or "There is no such record.")
    if isinstance(error, PermissionDenied):
        return exceptions.PermissionDenied(str(error) or None)
    return error


def _said(error: Exception, data: Any) -> tuple[str, dict[str, list[str]] | None]:
    if isinstance(error, exceptions.ValidationError):
        errors = {name: list(_sentences(words)) for name, words in _by_field(data).items()}
        first = next((f"{name}: {words[0]}" if name else words[0] for name, words in errors.items() if words), "")
        return first or "The request cannot be processed.", errors
    detail = data.get("detail") if isinstance(data, dict) else None
    return str(detail or error), None


def _by_field(data: Any) -> dict[str, Any]:
    if isinstance(data, dict):
        return {("" if name == "non_field_errors" else str(name)): words for name, words in data.items()}
    return {"": data}


def _sentences(words: Any) -> list[str]:
    if isinstance(words, dict):
        return [f"{name}: {said}" for name, inner in words.items() for said in _sentences(inner)]
    if isinstance(words, list | tuple):
        return [said for inner in words for said in _sentences(inner)]
    return [str(words)]
