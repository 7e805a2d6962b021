"""Models that answer in words: questions about pictures, and plain questions."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from pydantic import Field

from ..making import Body, Endpoint, Input, Making, seed_from
from .pictures import references_of

DOLLARS_IN, DOLLARS_OUT = Decimal("0.0000004"), Decimal("0.0000035")
"""Dollars for one token in and out, as moondream 3 bills them."""

_YES_OR_NO = re.compile(r"\byes\b|^\s*(is|are|was|were|do|does|did|has|have|can|could|should|will)\b", re.IGNORECASE)


class Question(Body):
    """fal-ai/moondream2/visual-query; the field is `prompt`, not `query`."""

    image_url: str
    prompt: str


class Question3(Question):
    """fal-ai/moondream3-preview/query."""

    reasoning: bool = True
    temperature: float | None = Field(None, ge=0, le=1)
    top_p: float | None = Field(None, ge=0, le=1)


class Routed(Body):
    """openrouter/router."""

    model: str
    prompt: str
    system_prompt: str | None = None
    temperature: float = Field(1, ge=0, le=2)
    max_tokens: int | None = Field(None, ge=1)
    reasoning: bool = False


class RoutedVision(Routed):
    """openrouter/router/vision."""

    image_urls: list[str]


def answer_to(making: Making, question: str) -> str:
    """The scripted answer, else yes or no (by `no_share`, drawn by question and picture), else a description."""
    scripted = making.answers(making, question)
    if scripted is not None:
        return scripted
    pictures = references_of(making)
    if _YES_OR_NO.search(question):
        drawn = seed_from(making.seed, question, *(picture.tobytes()[:4096] for picture in pictures)) / 2**31
        return "no, it does not look like that" if drawn < making.no_share else "yes"
    if pictures:
        width, height = pictures[0].size
        red, green, blue = pictures[0].resize((1, 1)).getpixel((0, 0))  # type: ignore[misc]
        return f"A picture of {width} by {height} pixels, on the whole of the colour #{red:02x}{green:02x}{blue:02x}."
    return f"This is the sandbox's answer to: {question[:200]}"


def make_answer(making: Making) -> dict[str, Any]:
    """`output`, and nothing else."""
    return {"output": answer_to(making, making.body.prompt)}


def make_answer3(making: Making) -> dict[str, Any]:
    """`output` with tokens and times."""
    output = answer_to(making, making.body.prompt)
    tokens_in, tokens_out = 730 + len(making.body.prompt) // 4, 1 + len(output) // 4
    making.facts["dollars"] = tokens_in * DOLLARS_IN + tokens_out * DOLLARS_OUT
    return {
        "output": output,
        "reasoning": "The sandbox looked." if making.body.reasoning else None,
        "finish_reason": "stop",
        "usage_info": {
            "input_tokens": tokens_in, "output_tokens": tokens_out, "prefill_time_ms": 20.0, "decode_time_ms": 10.0,
            "ttft_ms": 25.0,
        },
    }  # fmt: skip


def make_routed(making: Making) -> dict[str, Any]:
    """`output` with tokens and their cost in dollars."""
    body = making.body
    output = answer_to(making, body.prompt)
    if body.max_tokens:
        output = output[: body.max_tokens * 4]
    tokens_in = 1 + (len(body.prompt) + len(body.system_prompt or "")) // 4
    tokens_in += 700 * len(making.inputs.get("image_urls", []))
    tokens_out = 1 + len(output) // 4
    making.facts["dollars"] = dollars = tokens_in * DOLLARS_IN + tokens_out * DOLLARS_OUT
    usage = {
        "prompt_tokens": tokens_in,
        "completion_tokens": tokens_out,
        "total_tokens": tokens_in + tokens_out,
        "cost": float(dollars),
    }
    return {"output": output, "partial": False, "error": None, "reasoning": None, "usage": usage}


def per_request(making: Making, made: dict[str, Any]) -> Decimal:
    """One unit."""
    return Decimal(1)


def in_dollars(making: Making, made: dict[str, Any]) -> Decimal:
    """The cost itself is the unit."""
    return Decimal(making.facts["dollars"])


ENDPOINTS = (
    Endpoint(
        "fal-ai/moondream2/visual-query", Question, make_answer, per_request, "request", Decimal(0),
        (Input("image_url", "image"),),
    ),
    Endpoint(
        "fal-ai/moondream3-preview/query", Question3, make_answer3, in_dollars, "dollar", Decimal(1),
        (Input("image_url", "image", max_side=7000),),
    ),
    Endpoint(
        "openrouter/router/vision", RoutedVision, make_routed, in_dollars, "dollar", Decimal(1),
        (Input("image_urls", "image"),),
    ),
    Endpoint("openrouter/router", Routed, make_routed, in_dollars, "dollar", Decimal(1)),
)  # fmt: skip
