"""How a job ends: its status, headers and body, as the result address will replay them; and fal's error types."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

DOCS = "https://docs.fal.ai/errors/#"

MODEL_ERRORS: dict[str, tuple[int, str, bool | None]] = {
    "internal_server_error": (500, "Internal server error", True),
    "generation_timeout": (504, "Generation timed out", True),
    "downstream_service_error": (400, "Downstream service error", None),
    "downstream_service_unavailable": (500, "Downstream service unavailable", True),
    "content_policy_violation": (422, "The content could not be processed because it was flagged by a checker.", False),
    "no_media_generated": (422, "No media was generated", False),
    "image_too_small": (422, "Image too small", False),
    "image_too_large": (422, "Image too large", False),
    "image_load_error": (422, "Failed to load the image", False),
    "file_download_error": (422, "Failed to download the file", False),
    "face_detection_error": (422, "Could not detect a face in the image", False),
    "file_too_large": (422, "The file is too large", False),
    "greater_than": (422, "Input should be greater than 0", False),
    "greater_than_equal": (422, "Input should be greater than or equal to 1", False),
    "less_than": (422, "Input should be less than 100", False),
    "less_than_equal": (422, "Input should be less than or equal to 100", False),
    "multiple_of": (422, "Input should be a multiple of 16", False),
    "sequence_too_short": (422, "The list has too few items", False),
    "sequence_too_long": (422, "The list has too many items", False),
    "unsupported_image_format": (422, "Unsupported image format", False),
    "unsupported_audio_format": (422, "Unsupported audio format", False),
    "unsupported_video_format": (422, "Unsupported video format", False),
    "audio_duration_too_long": (422, "Audio is too long", False),
    "audio_duration_too_short": (422, "Audio is too short", False),
    "video_duration_too_long": (422, "Video is too long", False),
    "video_duration_too_short": (422, "Video is too short", False),
    "missing": (422, "Field required", False),
    "literal_error": (422, "Input should be one of the permitted values", False),
    "string_too_short": (422, "String should have at least 1 character", False),
    "value_error.missing": (422, "field required", False),
}
"""Types told as a list under `detail`: status, message, and what X-Fal-Retryable says (None: nothing)."""

INFRASTRUCTURE_ERRORS: dict[str, tuple[int, str]] = {
    "request_timeout": (504, "Request timed out"),
    "startup_timeout": (504, "Runner startup timed out"),
    "runner_scheduling_failure": (503, "No runner could be scheduled"),
    "runner_connection_timeout": (503, "Connection to the runner timed out"),
    "runner_disconnected": (503, "The runner disconnected"),
    "runner_connection_refused": (503, "The runner refused the connection"),
    "runner_connection_error": (503, "Connection to the runner failed"),
    "runner_incomplete_response": (502, "The runner's response was incomplete"),
    "runner_server_error": (500, "The runner failed"),
    "client_disconnected": (499, "The client disconnected"),
    "client_cancelled": (499, "The client cancelled the request"),
    "bad_request": (400, "Bad request"),
    "internal_error": (500, "Internal error"),
}
"""Types told as a text under `detail` with `error_type` beside it, and in X-Fal-Error-Type."""


@dataclass
class Outcome:
    """What a job came to. `units` are billed where there are some."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    error: str | None = None
    error_type: str | None = None
    units: Decimal | None = None


def model_error(
    kind: str, message: str = "", loc: tuple[Any, ...] = ("body",), status: int = 0, **more: Any
) -> Outcome:
    """The job ran and the model refused or broke: a list of one error. `more` are `ctx` and `input`."""
    usual, words, retryable = MODEL_ERRORS.get(kind, (422, kind, None))
    entry = {"loc": list(loc), "msg": message or words, "type": kind, "url": DOCS + kind, **more}
    headers = {} if retryable is None else {"X-Fal-Retryable": str(retryable).lower()}
    return _failed(status or usual, {"detail": [entry]}, headers, None)


def infrastructure_error(kind: str, message: str = "") -> Outcome:
    """The job could not be run: a text and a type."""
    status, words = INFRASTRUCTURE_ERRORS[kind]
    headers = {"X-Fal-Error-Type": kind}
    if kind == "request_timeout":
        headers["X-Fal-Request-Timeout-Type"] = "user"
    return _failed(status, {"detail": message or words, "error_type": kind}, headers, kind)


def invalid_body(problem: ValidationError) -> Outcome:
    """422 with what pydantic found, located under "body"."""
    found = [
        {**error, "loc": ["body", *error["loc"]], "url": DOCS + error["type"]}
        for error in json.loads(problem.json(include_url=False))
    ]
    return _failed(422, {"detail": found}, {"X-Fal-Retryable": "false"}, None)


def _failed(status: int, body: Any, headers: dict[str, str], kind: str | None) -> Outcome:
    return Outcome(status, body, headers, error=f"Invalid status code: {status}", error_type=kind)
