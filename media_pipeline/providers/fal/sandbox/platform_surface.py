"""fal's platform interface: the history of finished requests, prices, and what belongs to them."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime, timedelta
from typing import Any

from .endpoints import CATALOGUE
from .jobs import Job, JobState
from .sandbox import SandboxState
from .wire import Reply, Request, json_reply

DEFAULT_HOURS, WITH_ID_DAYS = 24, 90
MOST = 100


class PlatformSurface:
    """Answers everything below /v1/."""

    def __init__(self, sandbox: SandboxState) -> None:
        self.sandbox = sandbox

    def answer(self, request: Request, path: str) -> Reply:
        """The reply to a call of the platform interface."""
        if request.method == "GET" and path == "models/requests/by-endpoint":
            return self._history(request)
        if request.method == "GET" and path == "models/pricing":
            return self._prices(request)
        if request.method == "GET" and path == "meta":
            return json_reply({"webhook_ip_ranges": ["127.0.0.1/32"]})
        if request.method == "DELETE" and path.startswith("models/requests/") and path.endswith("/payloads"):
            return self._forget(path.split("/")[2])
        return json_reply({"detail": "Not Found"}, 404)

    def _history(self, request: Request) -> Reply:
        """Finished requests of one endpoint by the time they ended, newest first; running ones are not in it."""
        asked = request.query
        if not asked.get("endpoint_id"):
            return _invalid("endpoint_id", "Field required")
        self.sandbox.journal.count("history", asked["endpoint_id"])
        try:
            limit = int(asked.get("limit", "20"))
            start, end = _window(asked)
            after = _offset(asked.get("cursor", ""))
        except ValueError as problem:
            return _invalid("query", str(problem))
        if not 1 <= limit <= MOST:
            return _invalid("limit", f"Input should be between 1 and {MOST}")
        found = [job for job in self.sandbox.floor.jobs.values() if _fits(job, asked, start, end)]
        found.sort(key=lambda job: (job.ended_at or 0, job.sequence), reverse=True)
        page = found[after : after + limit]
        more = after + limit < len(found)
        expand = "payloads" in asked.get("expand", "")
        return json_reply(
            {
                "items": [_item(job, expand=expand) for job in page],
                "next_cursor": base64.urlsafe_b64encode(str(after + limit).encode()).decode() if more else None,
                "has_more": more,
            }
        )

    def _prices(self, request: Request) -> Reply:
        wanted = request.query.get("endpoint_id", "")
        names = [name for name in wanted.split(",") if name in CATALOGUE] if wanted else list(CATALOGUE)
        prices = [
            {
                "endpoint_id": name,
                "unit_price": float(CATALOGUE[name].price),
                "unit": CATALOGUE[name].unit,
                "currency": "USD",
            }
            for name in names
        ]
        return json_reply({"prices": prices, "next_cursor": None, "has_more": False})

    def _forget(self, request_id: str) -> Reply:
        job = self.sandbox.floor.jobs.get(request_id)
        if job is None:
            return json_reply({"detail": "Not Found"}, 404)
        job.store_io = False
        self.sandbox.journal.save(job)
        return json_reply({"request_id": request_id, "deleted": True})


def _fits(job: Job, asked: dict[str, str], start: datetime, end: datetime) -> bool:
    if job.state != JobState.COMPLETED or job.endpoint != asked["endpoint_id"] or job.ended_at is None:
        return False
    if asked.get("request_id") and job.request_id != asked["request_id"]:
        return False
    if asked.get("status") and _outcome_of(job) != asked["status"]:
        return False
    return start <= datetime.fromtimestamp(job.ended_at, UTC) <= end


def _outcome_of(job: Job) -> str:
    code = job.status_code or 500
    return "success" if code < 400 else "user_error" if code < 500 else "error"


def _item(job: Job, *, expand: bool) -> dict[str, Any]:
    item: dict[str, Any] = {
        "request_id": job.request_id,
        "endpoint_id": job.endpoint,
        "sent_at": _stamp(job.submitted_at),
        "started_at": _stamp(job.started_at),
        "ended_at": _stamp(job.ended_at),
        "status_code": job.status_code,
        "duration": None if job.started_at is None else round((job.ended_at or 0) - job.started_at, 3),
    }
    if expand:
        kept = job.store_io
        item["json_input"] = job.body if kept else None
        item["json_output"] = job.reply if kept and job.body.get("sync_mode") is not True else None
    return item


def _stamp(seconds: float | None) -> str | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat()


def _window(asked: dict[str, str]) -> tuple[datetime, datetime]:
    usual = timedelta(days=WITH_ID_DAYS) if asked.get("request_id") else timedelta(hours=DEFAULT_HOURS)
    end = _time(asked["end"]) if asked.get("end") else datetime.now(UTC)
    start = _time(asked["start"]) if asked.get("start") else end - usual
    return start, end


def _time(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _offset(cursor: str) -> int:
    try:
        return int(base64.urlsafe_b64decode(cursor)) if cursor else 0
    except (binascii.Error, ValueError):
        raise ValueError("The cursor is not one of ours") from None


def _invalid(field: str, message: str) -> Reply:
    return json_reply({"detail": [{"loc": ["query", field], "msg": message, "type": "value_error"}]}, 422)
