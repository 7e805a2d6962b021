"""Idempotency-Key: an action that starts work or spends happens once, however often it is sent."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import IntegrityError, transaction
from drf_spectacular.utils import OpenApiParameter
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from .models import IdempotentAnswer
from .problems import Conflict

LONGEST = 120
KEYED = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, description="The same key and request are carried out once."
)


def once(view: Callable[..., Response]) -> Callable[..., Response]:
    """The same key and request get the first answer; the same key with another request is a conflict.

    The answer is kept in the transaction of what the action did: either both are there or neither.
    """

    @wraps(view)
    def keyed(self: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get("Idempotency-Key", "").strip()
        if not key:
            with transaction.atomic():
                return view(self, request, *args, **kwargs)
        if len(key) > LONGEST:
            raise Conflict(f"An Idempotency-Key has at most {LONGEST} letters.")
        digest = _digest(request)
        try:
            with transaction.atomic():
                with transaction.atomic():
                    kept = IdempotentAnswer.objects.create(person=request.user, key=key, request_digest=digest)
                answer = view(self, request, *args, **kwargs)
                kept.status, kept.body = answer.status_code, json.loads(JSONRenderer().render(answer.data) or b"null")
                kept.save(update_fields=["status", "body"])
                return answer
        except IntegrityError:
            return _answered_before(request, key, digest)

    keyed.carried_out_once = True  # type: ignore[attr-defined]
    return keyed


def _answered_before(request: Request, key: str, digest: str) -> Response:
    kept = IdempotentAnswer.objects.filter(person=request.user, key=key).first()
    if kept is None or kept.status is None:
        raise Conflict("The same request is being worked on at this moment: ask again.")
    if kept.request_digest != digest:
        raise Conflict("This Idempotency-Key was used for another request: choose a new one.")
    return Response(kept.body, status=kept.status, headers={"Idempotent-Replay": "true"})


def _digest(request: Request) -> str:
    sent = request.data
    body = {name: _of_value(value) for name, value in sent.items()} if hasattr(sent, "items") else sent
    text = json.dumps([request.method, request.path, body], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _of_value(value: Any) -> Any:
    if not hasattr(value, "chunks"):
        return value
    digest = hashlib.sha256()
    for piece in value.chunks():
        digest.update(piece)
    value.seek(0)
    return [value.name, digest.hexdigest()]
