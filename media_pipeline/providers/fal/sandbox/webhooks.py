"""Delivering results to the addresses callers gave: signed, retried, and wrong in every way a script asks for."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Coroutine
from typing import Any

import httpx

from .clock import Clock
from .jobs import Job, Journal
from .options import SandboxOptions
from .signing import KeyRing, new_request_id
from .wire import certificates

USER_ID = "sandbox-user"
STALE_SECONDS = 400
"""How old the timestamp of a stale delivery is; receivers must refuse above 300."""


class Messenger:
    """Delivers webhooks and remembers every attempt in the job."""

    def __init__(self, options: SandboxOptions, clock: Clock, journal: Journal, keys: KeyRing) -> None:
        self.options, self.clock, self.journal, self.keys = options, clock, journal, keys
        self.client = httpx.AsyncClient(
            timeout=options.webhook_timeout, trust_env=False, verify=certificates(),
            limits=httpx.Limits(max_connections=50),
        )  # fmt: skip
        self.delivered: dict[str, asyncio.Event] = {}
        self.read: dict[str, asyncio.Event] = {}
        self.any_settled = asyncio.Event()
        self.last_settled = 0  # the greatest sequence of a job that has had its delivery

    def clear(self) -> None:
        """Forget what was delivered and read."""
        self.delivered.clear()
        self.read.clear()

    async def close(self) -> None:
        """Close the connections."""
        await self.client.aclose()

    def settled_event(self, job: Job) -> asyncio.Event:
        """Set once nothing more will be delivered for the job."""
        return self.delivered.setdefault(job.request_id, asyncio.Event())

    def read_event(self, job: Job) -> asyncio.Event:
        """Set once the caller has read the job's result."""
        return self.read.setdefault(job.request_id, asyncio.Event())

    async def deliver(self, job: Job) -> None:
        """Deliver the result of a completed job, as scripted."""
        fault = job.fault("webhook") or {}
        how = str(fault.get("how", ""))
        body = payload_of(job, payload_error=how == "payload_error")
        if how == "late":
            await self._until_read(job, float(fault.get("seconds", 60)))
        elif how == "swapped":
            await self._until_another(job, float(fault.get("seconds", 60)))
        if how in {"forged", "stale", "altered", "unknown_id"}:
            await self._attempt(job, body, how)
            if fault.get("genuine"):
                await self._retrying(job, body)
        elif how != "lost":
            for _ in range(int(fault.get("count", 2)) if how == "duplicate" else 1):
                await self._retrying(job, body)
        job.webhook_settled = True
        self.journal.save(job)
        self.settled_event(job).set()
        self.last_settled = max(self.last_settled, job.sequence)
        settled, self.any_settled = self.any_settled, asyncio.Event()
        settled.set()

    async def _until_read(self, job: Job, seconds: float) -> None:
        await self._first_of(seconds, self.read_event(job).wait())

    async def _until_another(self, job: Job, seconds: float) -> None:
        """Until a job that was submitted after this one has had its delivery."""
        await self._first_of(seconds, self._later_one(job))

    async def _later_one(self, job: Job) -> None:
        while self.last_settled < job.sequence:
            await self.any_settled.wait()

    async def _first_of(self, seconds: float, wanted: Coroutine[Any, Any, Any]) -> None:
        """Until what is wanted has come, and no longer than `seconds`."""
        waiting = {asyncio.ensure_future(self.clock.sleep(seconds)), asyncio.ensure_future(wanted)}
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in waiting:
                each.cancel()

    async def _retrying(self, job: Job, body: dict[str, Any]) -> None:
        """One delivery: retried with doubled waits unless it is taken (2xx) or refused for good (3xx)."""
        wait = self.options.webhook_backoff
        for _ in range(self.options.webhook_retries + 1):
            status = await self._attempt(job, body, "genuine")
            if status is not None and 200 <= status < 400:
                return
            await self.clock.sleep(wait)
            wait *= 2

    async def _attempt(self, job: Job, body: dict[str, Any], how: str) -> int | None:
        """POST once; returns the status, None when there was none. The timestamp is fresh for each attempt."""
        if how == "unknown_id":
            body = {**body, "request_id": new_request_id()}
        raw = json.dumps(body, ensure_ascii=False).encode()
        stamp = int(time.time()) - (STALE_SECONDS if how == "stale" else 0)
        headers = self.keys.signed_headers(raw, body["request_id"], USER_ID, stamp, forged=how == "forged")
        headers["Content-Type"] = "application/json"
        if how == "altered":
            raw = raw.replace(b'"status": "OK"', b'"status": "ok"', 1) + b" "
        status: int | None = None
        problem = ""
        try:
            status = (await self.client.post(job.webhook, content=raw, headers=headers)).status_code
        except (httpx.HTTPError, httpx.InvalidURL) as failure:
            problem = f"{type(failure).__name__}: {failure}"
        job.deliveries.append({"how": how, "status": status, "problem": problem, "at": time.time()})
        self.journal.save(job)
        return status


def payload_of(job: Job, *, payload_error: bool = False) -> dict[str, Any]:
    """The body of a delivery: one of fal's three shapes."""
    body: dict[str, Any] = {"request_id": job.request_id, "gateway_request_id": job.request_id}
    if payload_error:
        return {**body, "status": "OK", "payload": None, "payload_error": "The output is not JSON serialisable"}
    if job.error is not None:
        return {**body, "status": "ERROR", "error": job.error, "payload": job.reply}
    return {**body, "status": "OK", "payload": job.reply}
