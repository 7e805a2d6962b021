"""fal.ai: submit once, ask with patience, bring the result home at once."""

from __future__ import annotations

import json
import logging
import zipfile
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import fal_client
import httpx
from django.conf import settings

from media_pipeline.providers.base import (
    Accepted,
    CallContext,
    Capability,
    Notice,
    Pending,
    Request,
    Result,
    ResultFile,
    TrainIdentityRequest,
)
from media_pipeline.providers.downloads import download
from media_pipeline.providers.errors import Ambiguous, ProviderError, Refused, Transient, Worthless

from .hosts import hosts
from .payloads import arguments_for, check
from .webhooks import verified
from .wire import billed_units, client, decimal_in, failure, http, refusal, words_in

log = logging.getLogger(__name__)

FILES: dict[str, tuple[str, str]] = {
    "images": ("image", "image"),
    "image": ("image", "image"),
    "video": ("video", "video"),
    "audio": ("audio", "audio"),
    "diffusers_lora_file": ("weights", "weights"),
    "high_noise_lora": ("weights", "weights_high_noise"),
    "lora_file": ("weights", "weights"),
    "world_file": ("document", "world"),
    "model_mesh": ("document", "world"),
    "model_glb": ("document", "world"),
}
"""Key of an answer -> what kind of file it names, and what we call it."""

LONGEST_ID = 120
"""Letters of a request id that a step has room for; fal's are UUIDs."""

TRAINED_ALGORITHMIC = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"


class FalProvider:
    """Everything fal serves, by endpoint; which one and how stands in the model profile."""

    name = "fal"
    local = False
    keeps_history = True
    capabilities = frozenset(Capability) - {Capability.KNOWLEDGE}

    def available(self) -> bool:
        """With a key."""
        return bool(settings.FAL_KEY)

    def check(self, request: Request, profile: Mapping[str, Any]) -> None:
        """Refuse what the endpoint cannot honour, before money is promised."""
        check(request, profile)

    def submit(self, request: Request, endpoint: str, context: CallContext) -> Accepted | Result:
        """One POST. The webhook address carries the step's own token; the answer's addresses must be fal's own."""
        fal = client()
        profile = dict(context.profile)
        arguments = arguments_for(request, profile, _Uploads(fal, context))
        if isinstance(request, TrainIdentityRequest):
            arguments[profile["parameter_map"]["training_set"]] = _upload_training_set(fal, request, context)
        context.remember({"arguments": arguments})
        try:
            handle = fal.submit(
                endpoint, arguments, webhook_url=context.webhook_url or None, headers={"X-Fal-No-Retry": "1"}
            )
        except fal_client.FalClientHTTPError as error:
            raise refusal(error.response) from error
        except (LookupError, ValueError, TypeError, RecursionError) as error:  # accepted, and no answer of fal's
            raise Ambiguous(f"fal accepted the request, but its answer cannot be read: {error!r:.200}") from error
        if not isinstance(handle.request_id, str) or not 0 < len(handle.request_id) <= LONGEST_ID:
            raise Ambiguous(f"fal accepted the request under an id that is none: {handle.request_id!r:.100}")
        urls = {"status": handle.status_url, "response": handle.response_url, "cancel": handle.cancel_url}
        if not all(isinstance(url, str) and hosts().is_queue(url) for url in urls.values()):
            log.warning("fal named addresses for %s that are not its own; its own are asked", handle.request_id)
            return Accepted(request_id=handle.request_id)
        return Accepted(request_id=handle.request_id, data={"urls": urls})

    def poll(self, request_id: str, endpoint: str, data: dict[str, Any]) -> Pending | None:
        """Pending with words, or None when there is an answer to fetch (which may be an error)."""
        status = self._get(self._urls(request_id, endpoint, data)["status"])
        if status.status_code in (401, 403, 429) or status.status_code >= 500:
            raise Transient(f"fal answered {status.status_code} when it was asked about the job.")
        if status.status_code == 404:
            raise Transient("fal does not know the job (yet).")
        body = _json(status)
        state = body.get("status")
        if state == "COMPLETED":
            return None
        if state == "IN_QUEUE":
            return Pending(detail=f"In fal's queue, {body.get('queue_position', 0)} before it")
        return Pending(detail="fal is at work" if state == "IN_PROGRESS" else "")

    def fetch(self, request_id: str, endpoint: str, data: dict[str, Any], context: CallContext) -> Result:
        """The answer with its files brought home. Completed is not success: errors are raised as what they are."""
        response = self._get(self._urls(request_id, endpoint, data)["response"])
        if response.status_code == 400 and "still in progress" in response.text:
            raise Transient("fal says that the job is still in progress.")
        if response.status_code != 200:
            webhook = data.get("payload")
            if webhook is None or response.status_code not in (404, 410):
                raise failure(response)
            body, units = webhook, None
        else:
            body, units = _json(response), billed_units(response)
        try:
            return self._result(body, units, endpoint, context)
        except ProviderError as error:  # what it answered cannot be used, and is charged
            error.units = units
            raise

    def cancel(self, request_id: str, endpoint: str, data: dict[str, Any]) -> bool:
        """Ask to drop it. True only when it was still queued: a running job finishes and is charged."""
        urls = self._urls(request_id, endpoint, data)
        queued = _json(self._get(urls["status"])).get("status") == "IN_QUEUE"
        answer = http(client()).put(urls["cancel"])
        if not answer.is_success or not queued:
            return False
        after = self._get(urls["status"])
        return after.status_code == 404 or "cancel" in after.text.lower()

    def find_lost(self, data: Mapping[str, Any], endpoint: str, *, since: datetime) -> list[str]:
        """The finished jobs in fal's history with exactly the arguments that were sent; running ones are not in it."""
        asked = {"endpoint_id": endpoint, "expand": "payloads", "limit": "100", "start": since.isoformat()}
        jobs: list[str] = []
        cursor = ""
        while True:
            answer = http(client()).get(
                f"{hosts().api}/models/requests/by-endpoint", params=asked | ({"cursor": cursor} if cursor else {})
            )
            if answer.status_code != 200:
                raise Transient(f"fal's history answered {answer.status_code}.")
            body = _json(answer)
            items = body.get("items", [])
            jobs += [one["request_id"] for one in items if one.get("json_input") == data.get("arguments")]
            cursor = body.get("next_cursor") or ""
            if not body.get("has_more") or not cursor:
                return jobs

    def parse_webhook(self, headers: Mapping[str, str], body: bytes) -> Notice:
        """What fal reports, once its signature holds; raises Refused for everything else."""
        return verified(headers, body)

    def _result(self, body: dict[str, Any], units: Decimal | None, endpoint: str, context: CallContext) -> Result:
        files, facts = [], {}
        for key, value in body.items():
            kind, role = FILES.get(key, ("", ""))
            entries = value if isinstance(value, list) else [value]
            if not kind or not all(isinstance(entry, dict) and "url" in entry for entry in entries):
                facts[key] = value
                continue
            for number, entry in enumerate(entries):
                path = download(
                    str(entry["url"]), context.workdir, f"{role}-{number}", kind,
                    allowed=hosts().may_serve_media, cancelled=context.cancelled,
                )  # fmt: skip
                files.append(ResultFile(path=path, kind=kind, role=role))  # type: ignore[arg-type]  # from FILES
        words = body.get("output") if isinstance(body.get("output"), str) else ""
        if not files and not words:
            raise Worthless(f"fal's answer holds no result: {words_in(body)[0][:200]}")
        usage = body.get("usage") if isinstance(body.get("usage"), dict) else {}
        return Result(
            files=tuple(files),
            text=words or "",
            data={key: value for key, value in facts.items() if key != "output"},
            seed=body.get("seed") if isinstance(body.get("seed"), int) else None,
            provenance={"provider": "fal", "model": endpoint, "digital_source_type": TRAINED_ALGORITHMIC},
            units=units,
            cost=decimal_in(usage.get("cost")) if usage else None,
        )

    def _get(self, url: str) -> httpx.Response:
        if not hosts().is_queue(url):
            raise Refused(f"{url[:100]} is not an address of fal's queue.")
        return http(client()).get(url)

    def _urls(self, request_id: str, endpoint: str, data: dict[str, Any]) -> dict[str, str]:
        """The addresses that fal named, or those that its client would ask when they were lost."""
        if "urls" in data:
            urls: dict[str, str] = data["urls"]
            return urls
        handle = client().get_handle(endpoint, request_id)
        return {"status": handle.status_url, "response": handle.response_url, "cancel": handle.cancel_url}


class _Uploads:
    """Sends a stored asset to fal's own store, once per call, and gives its address there."""

    def __init__(self, fal: fal_client.SyncClient, context: CallContext) -> None:
        self.fal = fal
        self.context = context
        self.known: dict[str, str] = {}

    def __call__(self, sha256: str) -> str:
        if sha256.startswith("https://"):
            return sha256
        if sha256 not in self.known:
            self.known[sha256] = _upload(self.fal, self.context.media(sha256))
        return self.known[sha256]


def _upload(fal: fal_client.SyncClient, path: Path) -> str:
    """Send a file; nothing is paid for it, so any failure may be tried again."""
    try:
        return str(fal.upload_file(path, repository="fal_v3", fallback_repository="fal"))
    except fal_client.FalClientHTTPError as error:
        problem = refusal(error.response)
        raise problem if isinstance(problem, Refused) else Transient(str(problem)) from error
    except (httpx.HTTPError, KeyError, ValueError) as error:
        raise Transient(f"A reference could not be sent to fal: {error or type(error).__name__}.") from error


def _upload_training_set(fal: fal_client.SyncClient, request: TrainIdentityRequest, context: CallContext) -> str:
    """A zip of the pictures, each with a caption file of the same name."""
    archive = context.workdir / "training-set.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as bundle:
        for number, image in enumerate(request.images):
            picture = context.media(image.media)
            bundle.write(picture, f"{number:03d}{picture.suffix}")
            bundle.writestr(f"{number:03d}.txt", image.caption)
    return _upload(fal, archive)


def _json(response: httpx.Response) -> dict[str, Any]:
    try:
        body = response.json()
    except (ValueError, RecursionError):
        raise Transient(f"fal answered with something that is not JSON: {response.text[:120]!r}") from None
    if not isinstance(body, dict):
        raise Transient(f"fal answered with something else than an object: {json.dumps(body)[:120]}")
    return body
