"""Asking a JSON service once: one request, no redirect, a bounded answer, and every failure sorted.

For services whose address a person sets (a language model, a knowledge service). The key travels over https or to this
machine's own addresses only, and is taken out of whatever words come back before anybody reads them.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import httpx

from .errors import Ambiguous, ProviderError, Refused, Transient

CONNECT_SECONDS = 10.0
"""To connect; a server that is there takes well under a second."""

LARGEST_ANSWER = 8 * 1024**2
"""Bytes of one answer: 64,000 tokens are about a quarter of a megabyte."""

WORDS_SHOWN = 300
"""Letters of a service's own words that an error repeats."""


@dataclass(frozen=True)
class JsonService:
    """A service at `base`, called `name` in sentences; `setting` is the variable that names the address.

    `seconds` is the most a whole exchange may take. `billed` says whether a request whose answer is lost may have cost
    something: it is Ambiguous then, and Transient where asking again can do no harm.
    """

    name: str
    setting: str
    base: str
    key: str = field(default="", repr=False)
    seconds: float = 60.0
    billed: bool = True

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Send `body`; the answer as a JSON object. Raises Refused, Transient or Ambiguous with a sentence."""
        return self._ask("POST", path, body)

    def get(self, path: str) -> dict[str, Any]:
        """Read an address; the answer as a JSON object."""
        return self._ask("GET", path, None)

    def check(self) -> None:
        """Refuse an address that a key must not be sent to."""
        parts = urlsplit(self.base)
        if not parts.hostname or parts.scheme not in ("http", "https"):
            raise Refused(f"{self.setting} is not an address: it looks like https://host/v1.")
        if parts.username or parts.password or parts.query:
            raise Refused(f"{self.setting} holds more than an address: put the key into its own variable.")
        if parts.scheme == "http" and not is_loopback(parts.hostname):
            raise Refused(f"{self.setting} is plain http: that is allowed for this machine's own addresses only.")

    @property
    def host(self) -> str:
        """The host and port asked, which may be shown and kept."""
        return urlsplit(self.base).netloc

    def _ask(self, method: str, path: str, body: dict[str, Any] | None) -> dict[str, Any]:
        self.check()
        headers = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "rushes"}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        timeout = httpx.Timeout(self.seconds, connect=min(CONNECT_SECONDS, self.seconds))
        try:
            with (
                httpx.Client(follow_redirects=False, timeout=timeout, trust_env=False) as http,
                http.stream(method, f"{self.base.rstrip('/')}{path}", json=body, headers=headers) as response,
            ):
                content = self._read(response)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise Transient(f"{self.name} could not be reached at {self.host}: {_words(error)}.") from error
        except httpx.TimeoutException as error:
            raise self._lost(f"{self.name} did not answer within {self.seconds:g} s") from error
        except httpx.HTTPError as error:
            raise self._lost(f"The connection was lost while {self.name} was answering: {_words(error)}") from error
        return self._object(response, content)

    def _read(self, response: httpx.Response) -> bytes:
        # Raw bytes: a coded answer could grow without bound while it is decoded.
        if response.headers.get("content-encoding", "identity").lower() not in ("", "identity"):
            raise Refused(f"{self.name} sent its answer compressed, which was not asked for.")
        body, deadline = bytearray(), time.monotonic() + self.seconds
        for piece in response.iter_raw():
            body += piece
            if len(body) > LARGEST_ANSWER:
                raise Refused(f"{self.name} sent more than {LARGEST_ANSWER // 1024**2} MiB where words were expected.")
            if time.monotonic() > deadline:
                raise self._lost(f"{self.name} did not finish its answer within {self.seconds:g} s")
        return bytes(body)

    def _object(self, response: httpx.Response, content: bytes) -> dict[str, Any]:
        status, parsed = response.status_code, _parsed(content)
        if 300 <= status < 400:
            raise Refused(f"{self.name} answered with a redirect ({status}), which is not followed.")
        if status >= 400:
            raise self._failure(status, self.said(parsed, content))
        if not isinstance(parsed, dict):
            kind = response.headers.get("content-type", "").split(";")[0] or "nothing known"
            raise Refused(f"{self.name} answered with {kind} where a JSON object was expected: check {self.setting}.")
        return parsed

    def said(self, parsed: Any, content: bytes = b"") -> str:
        """A service's own words for an error, shortened and without the key."""
        words = parsed
        for name in ("error", "message", "detail"):
            if isinstance(words, dict) and words.get(name):
                words = words[name]
        if words is None:
            words = content.decode("utf-8", "replace").strip() or "nothing"
        text = words if isinstance(words, str) else json.dumps(words)
        return self.without_key(" ".join(text.split()))[:WORDS_SHOWN]

    def without_key(self, text: str) -> str:
        """`text` with the key taken out, should a service repeat it."""
        return text.replace(self.key, "(key)") if self.key else text

    def _failure(self, status: int, words: str) -> ProviderError:
        message = f"{self.name} answered {status}: {words}"
        if status in (408, 409, 425, 429):  # turned away before it was taken
            return Transient(message)
        if status >= 500:  # a gateway's error says nothing of what stands behind it
            return self._lost(message)
        return Refused(message)

    def _lost(self, message: str) -> ProviderError:
        message = self.without_key(message)
        return Ambiguous(f"{message}.") if self.billed else Transient(f"{message}.")


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine's own."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def read_json(text: str | bytes) -> Any:
    """What JSON holds, fit to be kept in any database; ValueError or RecursionError where it is none.

    NaN and infinity are no JSON, and a NUL or half a surrogate pair is no text that PostgreSQL can keep.
    """
    return _keepable(json.loads(text, parse_constant=_no_number))


def _keepable(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [_keepable(one) for one in value]
    if isinstance(value, dict):
        return {_keepable(name): _keepable(one) for name, one in value.items()}
    return value


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no JSON number")


def _parsed(content: bytes) -> Any:
    try:
        return read_json(content)
    except (ValueError, RecursionError):
        return None


def _words(error: Exception) -> str:
    return str(error).rstrip(".") or type(error).__name__
