"""Answers a pipeline can rely on: the model's where it is valid, else the rules', and which it was.

A model that is not set up, refuses, is lost or talks nonsense never stops a run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ValidationError

from media_pipeline.providers.base import Capability, TextRequest
from media_pipeline.providers.choice import NoModel, profile_for
from media_pipeline.providers.json_service import read_json
from media_pipeline.runs.errors import StepFailed, Suspended
from media_pipeline.runs.models import Step, StepState

if TYPE_CHECKING:
    from media_pipeline.runs.calls import CallResult
    from media_pipeline.runs.context import RunContext

T = TypeVar("T", bound=BaseModel)
By = Literal["model", "model after repair", "rules"]

NOT_SET_UP = "No language model is set up."
"""Why the rules answer where nobody asked for anything else."""

MOST_ERRORS = 20
"""Errors told to the model in a repair turn: the rest are usually the same one again."""

QUOTED = 20_000
"""Letters of a wrong answer that are shown to the model again."""

_THOUGHTS = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL)
_FENCE = re.compile(r"\A\s*```[a-zA-Z]*\s*\n(.*?)\n?\s*```\s*\Z", re.DOTALL)


@dataclass(frozen=True)
class Answer(Generic[T]):
    """What was answered, by whom, and why it was not the model where it was not."""

    value: T
    by: By
    why: str = ""
    model: str = ""
    tokens: int = 0


@dataclass(frozen=True)
class _Heard:
    """What came of asking: `value` None where the rules decide."""

    value: Any
    by: By
    why: str
    model: str = ""
    tokens: int = 0


def model_configured(tier: str = "standard") -> bool:
    """Whether a language model is set up that an active profile offers at this tier."""
    try:
        profile_for(Capability.TEXT, tier)
    except NoModel:
        return False
    return True


def ask(
    run: RunContext,
    key: str,
    *,
    schema: type[T],
    system: str,
    prompt: str,
    template: str,
    fallback: Callable[[], T],
    tier: str = "standard",
    check: Callable[[T], Sequence[str]] | None = None,
    images: tuple[str, ...] = (),
    max_tokens: int = 2000,
    temperature: Decimal = Decimal("0.2"),
) -> Answer[T]:
    """Ask the model for JSON of `schema`; what decided is remembered as the step `{key}/answer`.

    `check` may find more wrong with an answer than its shape, in sentences. One repair turn (`{key}/repair`) shows the
    model what is wrong; after that `fallback` decides. Raises only what stops every pipeline (cancelled, lease lost).
    """
    heard = _Heard(None, "rules", NOT_SET_UP)
    if not _is_decided(run, f"{key}/answer") and model_configured(tier):
        request = TextRequest(
            system=system, prompt=prompt, template=template, images=images, max_tokens=max_tokens,
            temperature=temperature, answer_schema=schema.model_json_schema(),
        )  # fmt: skip
        heard = _hear(run, key, request, schema, check, tier)
    kept = run.record(f"{key}/answer", lambda: _record(heard, fallback, template))
    return Answer(schema.model_validate(kept["value"]), kept["by"], kept["why"], kept["model"], kept["tokens"])


def _is_decided(run: RunContext, key: str) -> bool:
    """Whether the run remembers what decided: a lost answer that turns up later changes nothing."""
    return Step.objects.filter(run=run.run, key=key, state=StepState.SUCCEEDED).exists()


def parsed(text: str, schema: type[T], check: Callable[[T], Sequence[str]] | None) -> tuple[T | None, list[str]]:
    """The answer in a model's words, or what is wrong with it; fences and thoughts around the JSON are let pass."""
    text = _THOUGHTS.sub("", text)
    fenced = _FENCE.match(text)
    try:
        value = schema.model_validate(read_json(fenced.group(1) if fenced else text))
    except ValidationError as error:
        return None, [_about(one) for one in error.errors()[:MOST_ERRORS]]
    except (ValueError, RecursionError) as error:
        return None, [f"The answer is not JSON: {error}."]
    faults = list(check(value))[:MOST_ERRORS] if check else []
    return (None, faults) if faults else (value, [])


def _record(heard: _Heard, fallback: Callable[[], BaseModel], template: str) -> dict[str, Any]:
    value = fallback() if heard.value is None else heard.value
    return {
        "value": value.model_dump(mode="json"), "by": heard.by, "why": heard.why, "model": heard.model,
        "tokens": heard.tokens, "template": template,
    }  # fmt: skip


def _hear(
    run: RunContext,
    key: str,
    request: TextRequest,
    schema: type[T],
    check: Callable[[T], Sequence[str]] | None,
    tier: str,
) -> _Heard:
    tokens, faults = 0, [""]
    turns: tuple[tuple[str, By], ...] = ((key, "model"), (f"{key}/repair", "model after repair"))
    for step_key, by in turns:
        result, why = _call(run, step_key, request, tier)
        if result is None:
            return _Heard(None, "rules", f"{faults[0]} {why}".strip(), tokens=tokens)
        tokens += int(result.data.get("tokens", {}).get("total", 0))
        if result.data.get("refusal"):
            return _Heard(None, "rules", f"The model refused: {result.data['refusal']}", tokens=tokens)
        value, faults = parsed(result.text, schema, check)
        if value is not None:
            return _Heard(value, by, "", str(result.data.get("model", "")), tokens)
        if result.data.get("finish_reason") == "length":
            faults.append(f"The answer was cut off after {request.max_tokens} tokens: be shorter.")
        request = _repair(request, result.text, faults)
    return _Heard(None, "rules", f"The model's answer was invalid twice: {' '.join(faults[:3])}", tokens=tokens)


def _call(run: RunContext, key: str, request: TextRequest, tier: str) -> tuple[CallResult | None, str]:
    """The remembered call, or why there is none. An answer that was lost is not waited for."""
    try:
        return run.call(key, request, tier=tier), ""
    except (StepFailed, LookupError) as failed:
        return None, str(failed)
    except Suspended:
        lost = Step.objects.filter(run=run.run, key=key, state=StepState.UNKNOWN).first()
        if lost is None:
            raise
        return None, lost.error_message or "The model's answer was lost."


def _repair(request: TextRequest, answer: str, faults: Sequence[str]) -> TextRequest:
    wrong = "\n".join(f"- {fault}" for fault in faults)
    prompt = (
        f"{request.prompt}\n\nYou answered:\n{answer[:QUOTED]}\n\nThis is wrong with it:\n{wrong}\n\n"
        "Answer again: the whole JSON, with these faults put right."
    )
    return request.model_copy(update={"prompt": prompt})


def _about(error: Any) -> str:
    place = ".".join(str(part) for part in error["loc"]) or "answer"
    return f"{place}: {error['msg']}."
