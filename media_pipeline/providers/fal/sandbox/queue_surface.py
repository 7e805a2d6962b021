"""The queue as fal speaks it: submit, status, status stream, result, cancel; and direct runs."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from .endpoints import CATALOGUE
from .jobs import Job, JobState, canonical, digest_of
from .sandbox import SandboxState
from .signing import new_request_id
from .wire import Reply, Request, json_reply

NGINX = (
    "<html>\r\n<head><title>{0}</title></head>\r\n<body>\r\n<center><h1>{0}</h1></center>\r\n"
    "<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
)
KEPT_SECONDS, LARGE_KEPT_SECONDS, LARGE_BYTES = 3600, 360, 10_000
"""How long a result stays in the queue without payload storage: an hour, six minutes from 10 kB."""

RECORDED_HEADERS = (
    "x-fal-queue-priority", "x-fal-runner-hint", "x-fal-request-timeout", "x-fal-request-start-timeout",
    "x-fal-store-io", "x-fal-object-lifecycle-preference", "x-fal-no-retry", "x-fal-tags",
    "x-app-fal-disable-fallback", "idempotency-key", "user-agent",
)  # fmt: skip


class QueueSurface:
    """Answers everything below /queue/ and /run/."""

    def __init__(self, sandbox: SandboxState) -> None:
        self.sandbox = sandbox

    async def answer(self, request: Request, path: str) -> Reply:
        """The reply to a call below /queue/."""
        endpoint, mark, rest = path.partition("/requests/")
        if not mark:
            if request.method != "POST":
                return json_reply({"detail": "Method Not Allowed"}, 405)
            return await self._submit(request, path)
        request_id, _, ending = rest.strip("/").partition("/")
        job = self.sandbox.floor.jobs.get(request_id)
        if job is None or not f"{job.endpoint}/".startswith(f"{endpoint}/"):
            return json_reply({"status": "NOT_FOUND"}, 404)
        verbs = {
            ("GET", "status"): self._status,
            ("GET", "status/stream"): self._stream,
            ("GET", ""): self._result,
            ("GET", "response"): self._result,
            ("PUT", "cancel"): self._cancel,
        }
        verb = verbs.get((request.method, ending))
        if verb is None:
            return json_reply({"detail": "Method Not Allowed"}, 405)
        reply = await verb(request, job)
        reply.headers.setdefault("x-fal-request-id", job.request_id)
        return reply

    async def run(self, request: Request, path: str) -> Reply:
        """A direct run: no queue, the result is the reply; over the limit 429."""
        floor = self.sandbox.floor
        if path not in CATALOGUE:
            return _unknown_application(path)
        if len(floor.running) >= self.sandbox.options.concurrency:
            entry = {"loc": ["body"], "msg": "Too many concurrent requests", "type": "concurrent_requests_limit"}
            return json_reply({"detail": [entry]}, 429, X_Fal_needs_retry="1")
        body = await _json_object(request)
        if body is None:
            return _not_json()
        self.sandbox.journal.count("run", path)
        job = self._new_job(request, path, body, self.sandbox.script.for_submit(path, canonical(body)))
        job.direct = True
        floor.accept(job)
        await floor.wait_for(job)
        return _replay(job)

    async def _submit(self, request: Request, path: str) -> Reply:
        sandbox = self.sandbox
        if path not in CATALOGUE:
            return _unknown_application(path)
        body = await _json_object(request)
        if body is None:
            return _not_json()
        sandbox.journal.count("submit", path)
        faults = sandbox.script.for_submit(path, canonical(body))
        refusal = _refusal(faults)
        longest = request.query.get("fal_max_queue_length", "")
        if refusal is None and longest.isdigit() and len(sandbox.floor.queue) > int(longest):
            refusal = json_reply({"detail": "Queue is full"}, 429)
        if refusal is not None:
            sandbox.journal.count("refused", path)
            return refusal
        job = self._new_job(request, path, body, faults)
        sandbox.floor.accept(job)
        reply = json_reply(self._accepted(job), x_fal_request_id=job.request_id)
        return await self._reply_gone_wrong(job, reply)

    def _new_job(self, request: Request, endpoint: str, body: dict[str, Any], faults: list[dict[str, Any]]) -> Job:
        headers = {name: request.headers[name] for name in RECORDED_HEADERS if name in request.headers}
        timeout = headers.get("x-fal-request-start-timeout") or headers.get("x-fal-request-timeout")
        return Job(
            new_request_id(), endpoint, self.sandbox.floor.next_sequence(), body, digest_of(endpoint, body),
            request.base, headers, dict(request.query), request.query.get("fal_webhook", ""),
            low_priority=headers.get("x-fal-queue-priority") == "low",
            start_timeout=float(timeout) if timeout else None,
            store_io=headers.get("x-fal-store-io") != "0",
            lifetime=lifetime_of(headers.get("x-fal-object-lifecycle-preference", "")),
            faults=faults,
        )  # fmt: skip

    def _accepted(self, job: Job) -> dict[str, Any]:
        return {
            "status": "IN_QUEUE",
            "request_id": job.request_id,
            "gateway_request_id": job.request_id,
            "response_url": job.address(),
            "status_url": job.address("/status"),
            "cancel_url": job.address("/cancel"),
            "logs": None,
            "metrics": {},
            "queue_position": self.sandbox.floor.position(job),
        }

    async def _reply_gone_wrong(self, job: Job, reply: Reply) -> Reply:
        """The reply of an accepted submit, as its faults leave it."""
        webhook = job.fault("webhook")
        if webhook and webhook.get("how") == "early" and job.webhook:
            await self.sandbox.messenger.settled_event(job).wait()
        if fault := job.fault("late_reply"):
            await asyncio.sleep(float(fault.get("seconds", 5)))
        if job.fault("lose_reply"):
            return Reply(drop=True)
        if fault := job.fault("submit_error"):
            return failure(fault)
        if fault := job.fault("garbled_reply"):
            return garbled(reply, str(fault.get("how", "truncated")))
        return reply

    def _status_of(self, job: Job, request: Request) -> dict[str, Any]:
        wants_logs = request.query.get("logs", "").lower() in {"1", "true"}
        found: dict[str, Any] = {
            "status": job.state.value,
            "request_id": job.request_id,
            "response_url": job.address(),
            "status_url": job.address("/status"),
            "cancel_url": job.address("/cancel"),
            "logs": job.logs if wants_logs else None,
            "metrics": {},
        }
        if job.state == JobState.IN_QUEUE:
            found["queue_position"] = self.sandbox.floor.position(job)
        if job.state == JobState.COMPLETED:
            found["metrics"] = {"inference_time": job.inference_time}
            if job.error is not None:
                found |= {"error": job.error} | ({"error_type": job.error_type} if job.error_type else {})
        return found

    async def _status(self, request: Request, job: Job) -> Reply:
        self.sandbox.journal.count("status", job.endpoint)
        reply = json_reply(self._status_of(job, request), 200 if job.state == JobState.COMPLETED else 202)
        if fault := _due(job, "slow_status"):
            await asyncio.sleep(float(fault.get("seconds", 5)))
        if fault := _due(job, "status_error"):
            return failure(fault)
        if fault := _due(job, "garbled_status"):
            return garbled(reply, str(fault.get("how", "truncated")))
        return reply

    async def _stream(self, request: Request, job: Job) -> Reply:
        self.sandbox.journal.count("stream", job.endpoint)

        async def events() -> AsyncIterator[bytes]:
            last = ""
            while True:
                text = json.dumps(self._status_of(job, request))
                if text != last:
                    yield f"data: {text}\n\n".encode()
                last = text
                if job.state == JobState.COMPLETED:
                    return
                await asyncio.sleep(0.05)

        return Reply(200, content_type="text/event-stream", stream=events())

    async def _result(self, request: Request, job: Job) -> Reply:
        self.sandbox.journal.count("result", job.endpoint)
        if job.state != JobState.COMPLETED:
            return json_reply({"detail": "Request is still in progress"}, 400)
        if self._expired(job):
            return json_reply({"status": "NOT_FOUND"}, 404)
        if fault := _due(job, "result_error"):
            return failure(fault)
        reply = _replay(job)
        if fault := _due(job, "garbled_result"):
            return garbled(reply, str(fault.get("how", "truncated")))
        job.result_read = True
        self.sandbox.messenger.read_event(job).set()
        return reply

    def _expired(self, job: Job) -> bool:
        if job.store_io or job.ended_clock is None:
            return False
        kept = LARGE_KEPT_SECONDS if len(json.dumps(job.reply)) >= LARGE_BYTES else KEPT_SECONDS
        return self.sandbox.clock.now - job.ended_clock > kept

    async def _cancel(self, request: Request, job: Job) -> Reply:
        self.sandbox.journal.count("cancel", job.endpoint)
        if fault := _due(job, "cancel_error"):
            return failure(fault)
        word = self.sandbox.floor.cancel(job)
        return json_reply({"status": word}, 400 if word == "ALREADY_COMPLETED" else 202)


def failure(fault: dict[str, Any]) -> Reply:
    """The reply of `status` in a `shape`: nginx (an html page, no request id), html, or json."""
    status = int(fault.get("status", 500))
    shape = str(fault.get("shape", "json"))
    if shape in {"nginx", "html"}:
        page = NGINX.format(f"{status} Error") if shape == "nginx" else "<!doctype html><h1>Something went wrong</h1>"
        return Reply(status, page.encode(), content_type="text/html")
    usual = {
        401: {"detail": "Cannot access application. Authentication is required."},
        403: {"detail": "User is locked. Reason: Exhausted balance. Top up your balance at fal.ai/dashboard/billing."},
        404: {"status": "NOT_FOUND"},
        429: {"detail": "Too many requests"},
    }
    body = usual.get(status, {"detail": fault.get("message", "Internal error"), "error_type": "internal_error"})
    reply = json_reply(body, status, x_fal_request_id=new_request_id())
    if "error_type" in body:
        reply.headers["X-Fal-Error-Type"] = "internal_error"
    return reply


def garbled(reply: Reply, how: str) -> Reply:
    """A reply that is not what its headers say: cut short, a web page, empty, or without its request id."""
    if how == "html":
        return Reply(reply.status, b"<!doctype html><title>fal</title><p>Please wait", content_type="text/html")
    if how == "empty":
        return Reply(reply.status, b"")
    if how == "no_id":
        return Reply(reply.status, b'{"status": "IN_QUEUE", "queue_position": 0}')
    return Reply(reply.status, reply.body[: len(reply.body) // 2], reply.headers)


def _refusal(faults: list[dict[str, Any]]) -> Reply | None:
    """The reply of a submit that is not accepted, when a fault says so."""
    for fault in faults:
        if fault["fault"] == "drop_before":
            return Reply(drop=True)
        if fault["fault"] == "rate_limited":
            return failure({"status": 429} | fault)
        if fault["fault"] == "submit_error" and not fault.get("accepted"):
            return failure(fault)
    return None


def _due(job: Job, name: str) -> dict[str, Any] | None:
    """The job's fault of this name, while its `count` (1 when not given) is not used up."""
    for fault in job.faults:
        if fault["fault"] == name and fault.setdefault("left", int(fault.get("count", 1))) > 0:
            fault["left"] -= 1
            return fault
    return None


def _replay(job: Job) -> Reply:
    reply = json_reply(job.reply, job.status_code or 500)
    reply.headers |= job.reply_headers | {"x-fal-request-id": job.request_id}
    if job.units is not None:
        reply.headers["X-Fal-Billable-Units"] = job.units
    return reply


async def _json_object(request: Request) -> dict[str, Any] | None:
    try:
        body = json.loads(await request.body() or b"{}")
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def _not_json() -> Reply:
    entry = {"loc": ["body"], "msg": "Input should be a valid dictionary", "type": "dict_type"}
    return json_reply({"detail": [entry]}, 422)


def _unknown_application(path: str) -> Reply:
    return json_reply({"detail": f"Application {path!r} not found"}, 404)


def lifetime_of(text: str) -> float | None:
    """Seconds media live, from the lifecycle header; None for ever."""
    if not text:
        return None
    seconds = json.loads(text).get("expiration_duration_seconds")
    return None if seconds is None else float(seconds)
