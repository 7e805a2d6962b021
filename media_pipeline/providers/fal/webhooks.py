"""Whether a report really comes from fal: ED25519 over the request id, the user, the time and the body's digest."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

import httpx
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from media_pipeline.providers.base import Notice
from media_pipeline.providers.errors import Refused, Transient

from .hosts import hosts

WINDOW = 300
"""Seconds that a report's time may be off (fal's own rule)."""

KEEP_KEYS = 24 * 3600.0
REFETCH_AFTER = 60.0
"""Keys are kept a day; a report that fits none of them fetches them anew, at most once a minute."""

HEADERS = ("x-fal-webhook-request-id", "x-fal-webhook-user-id", "x-fal-webhook-timestamp", "x-fal-webhook-signature")
LARGEST_PAYLOAD = 200_000
"""Bytes of a report's body that are kept with the step; a larger answer is fetched from the queue."""


class Keys:
    """fal's public keys, fetched when needed and kept."""

    def __init__(self, fetch: Callable[[], list[bytes]] | None = None) -> None:
        self._fetch = fetch or _fetch_keys
        self._keys: list[Ed25519PublicKey] = []
        self._fetched = 0.0
        self._lock = threading.Lock()

    def sign(self, message: bytes, signature: bytes) -> bool:
        """Whether any of the keys made this signature."""
        if self._any(message, signature, older_than=KEEP_KEYS):
            return True
        return self._any(message, signature, older_than=REFETCH_AFTER)

    def _any(self, message: bytes, signature: bytes, *, older_than: float) -> bool:
        with self._lock:
            if not self._keys or time.monotonic() - self._fetched > older_than:
                self._keys = [Ed25519PublicKey.from_public_bytes(raw) for raw in self._fetch()]
                self._fetched = time.monotonic()
            keys = list(self._keys)
        return any(_fits(key, message, signature) for key in keys)


def verified(headers: Mapping[str, str], body: bytes, *, keys: Keys | None = None, now: float | None = None) -> Notice:
    """The report, once its signature and its time hold. Raises Refused with what is wrong with it."""
    lower = {name.lower(): value for name, value in headers.items()}
    request_id, user, sent, signature = (lower.get(name, "") for name in HEADERS)
    if not (request_id and sent and signature):
        raise Refused("The report is not signed.")
    if not sent.isdigit() or abs((time.time() if now is None else now) - int(sent)) > WINDOW:
        raise Refused("The report's time is more than five minutes off.")
    digest = hashlib.sha256(body).hexdigest()
    message = "\n".join((request_id, user, sent, digest)).encode()
    try:
        raw = bytes.fromhex(signature)
    except ValueError:
        raise Refused("The report's signature is not hexadecimal.") from None
    if not (keys or _keys).sign(message, raw):
        raise Refused("The report's signature fits none of fal's keys.")
    return _notice(request_id, body)


def _notice(request_id: str, body: bytes) -> Notice:
    try:
        report: Any = json.loads(body)
    except ValueError:
        raise Refused("The report is not JSON.") from None
    if not isinstance(report, dict) or report.get("request_id") != request_id:
        raise Refused("The report speaks of another request than its signature.")
    payload = report.get("payload")
    keep = report.get("status") == "OK" and isinstance(payload, dict) and len(body) <= LARGEST_PAYLOAD
    return Notice(request_id=request_id, payload=payload if keep else None)


def _fits(key: Ed25519PublicKey, message: bytes, signature: bytes) -> bool:
    try:
        key.verify(signature, message)
    except InvalidSignature:
        return False
    return True


def _fetch_keys() -> list[bytes]:
    try:
        with httpx.Client(timeout=10.0, follow_redirects=False, trust_env=False) as http:
            answer = http.get(hosts().jwks)
            answer.raise_for_status()
            found = [key["x"] for key in answer.json()["keys"] if key.get("crv", "Ed25519") == "Ed25519"]
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
        raise Transient(f"fal's keys could not be fetched: {error}") from error
    return [base64.urlsafe_b64decode(x + "=" * (-len(x) % 4)) for x in found]


_keys = Keys()
