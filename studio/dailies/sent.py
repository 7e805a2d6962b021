"""Reading what the scripts of the review room send: JSON of known shape, or a sentence that says what is wrong."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest

LARGEST_NUMBER = 2**62


def body_of(request: HttpRequest) -> dict[str, Any]:
    """The JSON object that was sent, or the fields of a form."""
    if request.content_type != "application/json":
        return request.POST.dict()
    try:
        sent = json.loads(request.body or b"{}")
    except (ValueError, RecursionError):
        raise ValidationError("This is not JSON.") from None
    if not isinstance(sent, dict):
        raise ValidationError("Send a JSON object.")
    return sent


def key_in(sent: dict[str, Any]) -> UUID:
    """The client's own key of what it says."""
    try:
        return UUID(str(sent.get("key", "")))
    except ValueError:
        raise ValidationError("Send a key, a UUID made where this was said: it keeps it from counting twice.") from None


def number_in(sent: dict[str, Any], name: str, *, usual: int | None = None) -> int:
    """A whole number; `usual` where it is not given."""
    found = optional_number(sent, name)
    if found is None:
        found = usual
    if found is None:
        raise ValidationError(f"Send {name}, a whole number.")
    return found


def optional_number(sent: dict[str, Any], name: str) -> int | None:
    """A whole number, or None where it is not given."""
    value = sent.get(name)
    if value is None or value == "":
        return None
    if isinstance(value, str) and value.removeprefix("-").isascii() and value.removeprefix("-").isdecimal():
        value = int(value) if len(value) < 20 else LARGEST_NUMBER
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= LARGEST_NUMBER:
        raise ValidationError(f"{name} is a whole number.")
    return value


def numbers_in(sent: dict[str, Any], name: str, most: int = 5_000) -> list[int]:
    """A list of whole numbers, or numbers between commas."""
    value = sent.get(name, [])
    if isinstance(value, str):
        value = [part for part in value.split(",") if part.strip()]
    if not isinstance(value, list) or len(value) > most:
        raise ValidationError(f"{name} is a list of at most {most} whole numbers.")
    return [number_in({name: part.strip() if isinstance(part, str) else part}, name) for part in value]


def text_in(sent: dict[str, Any], name: str) -> str:
    """Words, "" where there are none."""
    value = sent.get(name, "")
    if not isinstance(value, str) or "\x00" in value:
        raise ValidationError(f"{name} is text.")
    return value


def words_in(sent: dict[str, Any], name: str) -> list[str]:
    """A list of words."""
    value = sent.get(name, [])
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value) or len(value) > 50:
        raise ValidationError(f"{name} is a list of words.")
    return value


def yes_in(sent: dict[str, Any], name: str) -> bool:
    """Yes or no, as JSON or as a checked box says it."""
    return sent.get(name) in (True, "on", "yes", "true", "1")
