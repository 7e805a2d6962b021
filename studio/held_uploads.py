"""A file that a person has sent and not yet confirmed: kept between looking at what it does and doing it."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import HttpRequest
from django.utils import timezone

FOLDER = "held"
KEPT_FOR = timedelta(days=1)
MOST = 10
"""Files one session may have waiting; the oldest goes first."""


def hold(request: HttpRequest, project_id: int, name: str, data: bytes) -> str:
    """Keep an upload for this session and production; returns the word it is asked for by."""
    word = secrets.token_urlsafe(16)
    default_storage.save(f"{FOLDER}/{word}", ContentFile(data))
    held = {**request.session.get(FOLDER, {}), word: [project_id, name]}
    for old in list(held)[:-MOST]:
        held.pop(old)
        default_storage.delete(f"{FOLDER}/{old}")
    request.session[FOLDER] = held
    return word


def held(request: HttpRequest, project_id: int, word: str) -> tuple[str, bytes] | None:
    """Name and bytes of what this session has sent for the production, None where it is not there any more."""
    project, name = request.session.get(FOLDER, {}).get(word, (None, ""))
    path = f"{FOLDER}/{word}"
    if project != project_id or not default_storage.exists(path):
        return None
    with default_storage.open(path) as file:
        return name, file.read()


def release(request: HttpRequest, word: str) -> None:
    """Forget an upload that was carried out."""
    waiting = dict(request.session.get(FOLDER, {}))
    if waiting.pop(word, None):
        request.session[FOLDER] = waiting
        default_storage.delete(f"{FOLDER}/{word}")


def let_go(now: datetime | None = None) -> int:
    """Remove what nobody confirmed within a day; returns how many files."""
    before = (now or timezone.now()) - KEPT_FOR
    try:
        names = default_storage.listdir(FOLDER)[1]
    except FileNotFoundError:
        return 0
    old = [name for name in names if default_storage.get_modified_time(f"{FOLDER}/{name}") < before]
    for name in old:
        default_storage.delete(f"{FOLDER}/{name}")
    return len(old)
