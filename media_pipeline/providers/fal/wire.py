"""One try per request, and every way it can fail sorted by what may be done about it.

fal's client repeats what it thinks has failed, up to ten times; a submit that was accepted and whose answer was lost
would be a second job and a second bill. So its HTTP runs through a transport that raises our own errors, which the
client does not know and lets through at once.
"""

from __future__ import annotations

import json
import time
import zlib
from decimal import Decimal, InvalidOperation
from typing import Any

import fal_client
import httpx
from django.conf import settings

from media_pipeline.providers.errors import Ambiguous, Expired, JobFailed, ProviderError, Refused, Transient
from media_pipeline.providers.tls import tls_context

from .hosts import hosts

CONNECT, READ = 10.0, 60.0
"""Seconds to connect and to wait for an answer; submits and polls are answered within a second or two."""

LONGEST_SECONDS = 90.0
"""From the request to the end of its answer: READ alone would let one byte a minute hold a thread for ever."""

LARGEST_ANSWER = 16 * 1024 * 1024
"""Bytes of JSON: pictures come as addresses, not inside the answer."""


class Unreadable(Exception):
    """An answer that is larger, slower or otherwise coded than answers are."""


class OneTry(httpx.BaseTransport):
    """Sends a request once; raises a ProviderError for everything that the client would try again."""

    def __init__(self) -> None:
        self._inner = httpx.HTTPTransport(retries=0, verify=tls_context())

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The answer with its body read, bounded in size."""
        submits = request.method == "POST" and hosts().is_queue(str(request.url))
        try:
            response = self._inner.handle_request(request)
            body = _read(response)
        except Unreadable as error:
            raise (Ambiguous if submits else Refused)(str(error)) from error
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise Transient(f"fal could not be reached: {error}") from error
        except httpx.HTTPError as error:
            if submits:
                raise Ambiguous(f"The connection was lost while fal was answering: {_words(error)}.") from error
            raise Transient(f"The connection to fal was lost: {_words(error)}.") from error
        whole = httpx.Response(
            response.status_code, headers=_without_coding(response.headers), content=body, request=request
        )
        _raise_for_retryable(whole, submits=submits)
        return whole

    def close(self) -> None:
        """Let go of the connections."""
        self._inner.close()


def client() -> fal_client.SyncClient:
    """fal's own client with our key, that never sends anything twice."""
    hosts()
    key = settings.FAL_KEY
    if not key:
        raise Refused("There is no FAL_KEY: set it, or choose model profiles of another provider.")
    made = fal_client.SyncClient(key=key, default_timeout=READ)
    made.__dict__["_client"] = httpx.Client(
        transport=OneTry(),
        headers={
            "Authorization": f"Key {key}",
            "User-Agent": "rushes (fal-client)",
            "Accept-Encoding": "identity",  # what is unpacked could be of any size
        },
        timeout=httpx.Timeout(READ, connect=CONNECT),
        follow_redirects=False,
    )
    return made


def http(fal: fal_client.SyncClient) -> httpx.Client:
    """The client's own connections."""
    found: httpx.Client = fal._client
    return found


def refusal(response: httpx.Response) -> ProviderError:
    """An answer that is an error, as the error it is, in the provider's own words."""
    words, kind = words_of(response)
    status = response.status_code
    if status in (404, 410):
        return Expired(words)
    retryable = response.headers.get("x-fal-retryable", "").lower() == "true"
    if status >= 500 or status == 429 or retryable:
        return Transient(words)
    return Refused(f"{words} ({kind})" if kind else words)


def failure(response: httpx.Response) -> ProviderError:
    """What the answer of a finished job says went wrong, with the units it is charged all the same.

    An answer about our account or from a gateway says nothing about the job: it is asked again.
    """
    words, kind = words_of(response)
    status = response.status_code
    said = f"{words} ({kind})" if kind else words
    if status in (401, 403, 429) or (status >= 500 and not _is_fals(response)):
        return Transient(words)
    retryable = response.headers.get("x-fal-retryable", "").lower()
    if status in (404, 410):
        problem: ProviderError = Expired(words)
    elif retryable == "true" or (status >= 500 and retryable != "false"):
        problem = JobFailed(said)
    else:
        problem = Refused(said)
    problem.units = billed_units(response)
    return problem


def billed_units(response: httpx.Response) -> Decimal | None:
    """What an answer says was billed, in the unit of the endpoint's price; None where it says nothing."""
    return decimal_in(response.headers.get("x-fal-billable-units"))


def decimal_in(value: Any) -> Decimal | None:
    """A number that cannot be an amount (missing, negative, not finite) is none."""
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() and found >= 0 else None


def words_of(response: httpx.Response) -> tuple[str, str]:
    """The provider's words for an error and its kind: both of fal's shapes, or the start of whatever was sent."""
    try:
        body = response.json()
    except ValueError:
        return f"fal answered {response.status_code}: {response.text[:300].strip() or 'nothing'}", ""
    return words_in(body, response.status_code, response.headers.get("x-fal-error-type", ""))


def words_in(body: Any, status: int | None = None, kind: str = "") -> tuple[str, str]:
    """The words and the kind in an error body."""
    detail = body.get("detail") if isinstance(body, dict) else None
    if isinstance(detail, list) and detail:
        kinds = [str(one.get("type", "")) for one in detail if isinstance(one, dict)]
        said = [_about(one) for one in detail if isinstance(one, dict)]
        return "; ".join(said), kinds[0] if kinds else ""
    if isinstance(body, dict) and (detail or body.get("error")):
        return str(detail or body["error"]), str(body.get("error_type") or kind)
    return f"fal answered {status}: {json.dumps(body)[:300]}", kind


def _is_fals(response: httpx.Response) -> bool:
    """Whether the body has one of fal's two shapes of an error; a gateway sends a page."""
    try:
        body = response.json()
    except ValueError:
        return False
    return isinstance(body, dict) and ("detail" in body or "error_type" in body)


def _about(one: dict[str, Any]) -> str:
    place = ".".join(str(part) for part in one.get("loc", []) if part != "body")
    message = str(one.get("msg", "")) or "refused"
    return f"{place}: {message}" if place else message


def _read(response: httpx.Response) -> bytes:
    """The body as it was meant, within LARGEST_ANSWER and LONGEST_SECONDS; raises Unreadable past them."""
    deadline, body = time.monotonic() + LONGEST_SECONDS, bytearray()
    try:
        for piece in response.stream:  # type: ignore[union-attr]  # a sync transport's stream is sync
            body += piece
            _bound(len(body))
            if time.monotonic() > deadline:
                raise Unreadable(f"fal was still answering after {LONGEST_SECONDS:g} seconds.")
    finally:
        response.close()
    return _decoded(bytes(body), response.headers.get("content-encoding", "").strip().lower())


def _decoded(body: bytes, coding: str) -> bytes:
    """We ask for plain answers; one that a gateway has compressed all the same is unpacked within the same bound."""
    if coding in ("", "identity"):
        return body
    if coding != "gzip":
        raise Unreadable(f"fal's answer is coded as {coding[:40]!r}, which was not asked for.")
    try:
        plain = zlib.decompressobj(wbits=31).decompress(body, LARGEST_ANSWER + 1)
    except zlib.error as error:
        raise Unreadable(f"fal's answer cannot be unpacked: {error}.") from error
    _bound(len(plain))
    return plain


def _bound(size: int) -> None:
    if size > LARGEST_ANSWER:
        raise Unreadable(f"fal sent more than {LARGEST_ANSWER >> 20} MiB where a short answer was expected.")


def _without_coding(headers: httpx.Headers) -> list[tuple[str, str]]:
    dropped = ("transfer-encoding", "content-encoding", "content-length")
    return [(name, value) for name, value in headers.items() if name.lower() not in dropped]


def _raise_for_retryable(response: httpx.Response, *, submits: bool) -> None:
    """What the client would repeat: 408, 409 and 429 were not accepted; a gateway's 5xx may have been."""
    status = response.status_code
    if status in (408, 409, 429):
        raise Transient(words_of(response)[0])
    if 300 <= status < 400:
        raise Refused(f"fal answered with a redirect ({status}), which is not followed.")
    if status >= 500 and submits:
        raise Ambiguous(f"fal answered {status} to a submit: {words_of(response)[0]}")
    if status in (502, 503, 504) and "x-fal-request-id" not in response.headers:
        raise Transient(words_of(response)[0])


def _words(error: Exception) -> str:
    return str(error).rstrip(".") or type(error).__name__
