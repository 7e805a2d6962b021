"""Any language model behind an OpenAI-compatible chat endpoint, asked once per step."""

from __future__ import annotations

import base64
import hashlib
import io
import json
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from PIL import Image, UnidentifiedImageError

from media_pipeline.providers.base import (
    VISION_TOKENS,
    Accepted,
    CallContext,
    Capability,
    Pending,
    Request,
    Result,
    TextRequest,
    VisionRequest,
)
from media_pipeline.providers.errors import Refused
from media_pipeline.providers.json_service import JsonService

DEFAULT_SECONDS = 120
"""The most an answer may take where the profile says nothing."""

LONGEST_SIDE = 1280
"""Pixels of a picture as it is sent: enough to tell who is where, and a bounded number of tokens."""

MOST_IMAGES = 8
"""Pictures in one question where the profile's limits say nothing."""

MOST_TOKENS = 100_000_000
"""A count above this is no count."""


class LlmProvider:
    """Speaks POST {LLM_BASE_URL}/chat/completions; the answer comes back from `submit`.

    A profile's `endpoint` names the model ("" for LLM_MODEL). `supports` may hold "json_schema" or "json_object"
    (how the server can be held to a shape) and "vision"; `parameter_map` renames "max_tokens" and "temperature" or,
    with "", leaves them out; `parameters` are sent with every request.
    """

    name = "llm"
    local = False
    keeps_history = False
    capabilities = frozenset({Capability.TEXT, Capability.VISION_QUERY})

    def available(self) -> bool:
        """Whether a language model is set up."""
        return bool(settings.LLM_BASE_URL)

    def check(self, request: Request, profile: Mapping[str, Any]) -> None:
        """Refused, before money is promised, for what cannot be asked."""
        if not settings.LLM_BASE_URL:
            raise Refused("There is no language model: set LLM_BASE_URL, LLM_API_KEY and LLM_MODEL.")
        service(profile).check()
        if not isinstance(request, TextRequest | VisionRequest):
            raise Refused(f"A language model answers in words; it cannot do {request.capability}.")
        images, supports = images_of(request), profile.get("supports") or ()
        if images and "vision" not in supports:
            raise Refused(f"The model of the profile {profile.get('name', '')!r} is not said to see pictures.")
        most = int((profile.get("limits") or {}).get("references", MOST_IMAGES))
        if len(images) > most:
            raise Refused(f"{len(images)} pictures in one question; the model takes {most}.")

    def submit(self, request: Request, endpoint: str, context: CallContext) -> Accepted | Result:
        """Ask and answer at once. A model's own refusal was paid for: a Result without text, with data["refusal"]."""
        self.check(request, context.profile)
        assert isinstance(request, TextRequest | VisionRequest)
        model = endpoint or settings.LLM_MODEL
        if not model:
            raise Refused("No model is named: set LLM_MODEL, or give the model profile an endpoint.")
        body = chat_body(request, model, context)
        asked = service(context.profile)
        return _result(asked.post("/chat/completions", body), request, body, asked)

    def poll(self, request_id: str, endpoint: str, data: dict[str, Any]) -> Pending | None:
        """Nothing is ever pending: submit answers with the result."""
        return None

    def fetch(self, request_id: str, endpoint: str, data: dict[str, Any], context: CallContext) -> Result:
        """Refused: there is no earlier job to fetch."""
        raise Refused("A language model answers at once; there is no earlier job to fetch.")

    def cancel(self, request_id: str, endpoint: str, data: dict[str, Any]) -> bool:
        """Nothing can be dropped: the answer is there or the request was lost."""
        return False

    def find_lost(self, data: Mapping[str, Any], endpoint: str, *, since: datetime) -> list[str]:
        """The protocol has no list of earlier requests: a lost answer stays lost."""
        return []


def service(profile: Mapping[str, Any]) -> JsonService:
    """The endpoint as the settings name it. A profile whose price is 0 may be asked again without harm."""
    price = profile.get("price")
    return JsonService(
        name="The language model",
        setting="LLM_BASE_URL",
        base=settings.LLM_BASE_URL,
        key=settings.LLM_API_KEY,
        seconds=float(profile.get("timeout_seconds") or DEFAULT_SECONDS),
        billed=price is None or Decimal(price) != 0,
    )


def images_of(request: TextRequest | VisionRequest) -> tuple[str, ...]:
    """Digests of the pictures a question is about."""
    return (request.image,) if isinstance(request, VisionRequest) else request.images


def chat_body(request: TextRequest | VisionRequest, model: str, context: CallContext) -> dict[str, Any]:
    """The request in the protocol's words."""
    if isinstance(request, VisionRequest):
        request = TextRequest(
            prompt=request.question, images=(request.image,), max_tokens=VISION_TOKENS, temperature=Decimal(0)
        )
    profile = context.profile
    supports, names = profile.get("supports") or (), profile.get("parameter_map") or {}
    content: Any = request.prompt
    if request.images:
        pictures = [{"type": "image_url", "image_url": {"url": picture(context, sha)}} for sha in request.images]
        content = [{"type": "text", "text": request.prompt}, *pictures]
    system = request.system
    if request.answer_schema is not None and "json_schema" not in supports:
        schema = json.dumps(request.answer_schema, ensure_ascii=False)
        system = f"{system}\n\nAnswer with one JSON object of this JSON Schema and nothing else:\n{schema}".strip()
    messages = [{"role": "system", "content": system}] if system else []
    body: dict[str, Any] = {"model": model, "messages": [*messages, {"role": "user", "content": content}]}
    for ours, value in (("max_tokens", request.max_tokens), ("temperature", float(request.temperature))):
        theirs = names.get(ours, ours)
        if theirs:
            body[theirs] = value
    if request.answer_schema is not None:
        body |= _held_to(request.answer_schema, supports)
    return body | dict(profile.get("parameters") or {})


def picture(context: CallContext, sha256: str) -> str:
    """A stored picture as a data URI: JPEG, no side above LONGEST_SIDE."""
    try:
        with Image.open(context.media(sha256)) as opened:
            shown = opened.convert("RGB")
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise Refused(f"The picture {sha256[:10]} cannot be shown to the model: {error}.") from error
    shown.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    coded = io.BytesIO()
    shown.save(coded, "JPEG", quality=88)
    return f"data:image/jpeg;base64,{base64.b64encode(coded.getvalue()).decode()}"


def _held_to(schema: dict[str, Any], supports: Any) -> dict[str, Any]:
    if "json_schema" in supports:
        return {"response_format": {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema}}}
    return {"response_format": {"type": "json_object"}} if "json_object" in supports else {}


def _result(
    answer: dict[str, Any], request: TextRequest | VisionRequest, body: dict[str, Any], asked: JsonService
) -> Result:
    choices = answer.get("choices")
    first = choices[0] if isinstance(choices, list) and choices and isinstance(choices[0], dict) else None
    message = first.get("message") if first else None
    if first is None or not isinstance(message, dict):
        raise Refused(f"The language model's answer holds no message: {asked.said(answer)}")
    tokens, total = _tokens(answer.get("usage"))
    model = str(answer.get("model") or body["model"])
    data: dict[str, Any] = {"model": model, "tokens": tokens, "finish_reason": str(first.get("finish_reason") or "")}
    if message.get("refusal"):
        data["refusal"] = asked.said(message["refusal"])
    return Result(
        text=asked.without_key(_text(message.get("content"))),
        data=data,
        units=total,
        provenance={
            "model": model,
            "asked_model": body["model"],
            "host": asked.host,
            "answer_id": str(answer.get("id") or ""),
            "template": request.template if isinstance(request, TextRequest) else "",
            "prompt_sha256": prompt_digest(request),
        },
    )


def prompt_digest(request: TextRequest | VisionRequest) -> str:
    """Digest of everything that was asked: words, pictures, shape and temperature."""
    return hashlib.sha256(request.model_dump_json().encode()).hexdigest()


def _text(content: Any) -> str:
    if isinstance(content, list):
        return "".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    return content if isinstance(content, str) else ""


def _tokens(usage: Any) -> tuple[dict[str, int], Decimal | None]:
    """Tokens of the question, of the answer and in all; no units where the server does not count."""
    counted = usage if isinstance(usage, dict) else {}
    tokens = {
        ours: counted[theirs]
        for ours, theirs in (("prompt", "prompt_tokens"), ("answer", "completion_tokens"), ("total", "total_tokens"))
        if type(counted.get(theirs)) is int and 0 <= counted[theirs] <= MOST_TOKENS
    }
    if "total" not in tokens and {"prompt", "answer"} <= tokens.keys():
        tokens["total"] = tokens["prompt"] + tokens["answer"]
    return tokens, Decimal(tokens["total"]) if "total" in tokens else None
