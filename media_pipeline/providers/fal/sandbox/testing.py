"""A sandbox for tests: in this process on a free port, ready in a fraction of a second."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from .app import SandboxApp
from .options import SandboxOptions
from .wire import LossyProtocol

START_SECONDS = 10


class QuickServer(uvicorn.Server):
    """uvicorn's server, which looks every 10 ms whether it should stop: a tenth of its own time."""

    async def main_loop(self) -> None:
        """Tick until told to stop."""
        counter = 0
        while not await self.on_tick(counter):
            counter += 1
            await asyncio.sleep(0.01)


class Sandbox:
    """A running sandbox as a test sees it; `url` has no slash at its end."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.client = httpx.Client(base_url=f"{url}/sandbox/", trust_env=False, timeout=30, verify=False)

    @property
    def environment(self) -> dict[str, str]:
        """The settings that point the product here, as environment variables."""
        return {
            "FAL_KEY": "sandbox:key",
            "FAL_RUN_URL": f"{self.url}/run",
            "FAL_QUEUE_URL": f"{self.url}/queue",
            "FAL_REST_URL": f"{self.url}/rest",
            "FAL_CDN_URL": f"{self.url}/cdn",
            "FAL_JWKS_URL": f"{self.url}/rest/.well-known/jwks.json",
            "FAL_API_URL": f"{self.url}/v1",
        }

    def script(self, fault: str, **rule: Any) -> None:
        """Put a fault in force: `endpoint` (pattern), `contains`, `nth`, `times`, `rate`, and its parameters."""
        self._post("script", {"fault": fault, **rule})

    def answer(self, text: str, contains: str = "") -> None:
        """Answer `text` to every question that contains these words."""
        self._post("answers", {"answer": text, "contains": contains})

    def ledger(self, endpoint: str = "", contains: str = "") -> dict[str, Any]:
        """What was accepted, billed, sent twice and called; `contains` looks in bodies and webhook addresses."""
        return self._got(self.client.get("ledger", params={"endpoint": endpoint, "contains": contains}))

    def jobs(self, endpoint: str = "", contains: str = "") -> list[dict[str, Any]]:
        """The accepted jobs, oldest first."""
        return list(self.ledger(endpoint, contains)["jobs"])

    def job(self, request_id: str) -> dict[str, Any]:
        """Everything about one job, its body and reply too."""
        return self._got(self.client.get(f"jobs/{request_id}"))

    def advance(self, seconds: float) -> None:
        """Move the sandbox's clock forward; whoever waits by it wakes."""
        self._post("clock", {"advance": seconds})

    def rotate_keys(self, *, withdraw: bool = False) -> None:
        """Sign webhooks with a new key; the old one stays published unless `withdraw`."""
        self._post("rotate-keys", {"withdraw": withdraw})

    def lock(self, locked: bool = True) -> None:
        """Answer 403 "User is locked" to every call, or no longer."""
        self._post("account", {"locked": locked})

    def change(self, **options: Any) -> None:
        """Change `seconds`, `concurrency` or webhook times while it runs."""
        self._post("options", options)

    def reset(self) -> None:
        """Forget jobs, faults, media and calls."""
        self._post("reset", {})

    def wait_until(self, done: Any, seconds: float = 60) -> Any:
        """The first true value of `done()`, asked every 10 ms; AssertionError after `seconds`."""
        end = time.monotonic() + seconds
        while not (value := done()):
            assert time.monotonic() < end, "The sandbox did not come to what was waited for."
            time.sleep(0.01)
        return value

    def wait_for(self, request_id: str) -> dict[str, Any]:
        """The job, once it is completed."""
        return dict(self.wait_until(lambda: (job := self.job(request_id))["state"] == "COMPLETED" and job))

    def wait_for_webhooks(self, count: int = 1) -> list[dict[str, Any]]:
        """The jobs, once `count` of them have no webhook left to deliver."""
        self.wait_until(lambda: sum(job["webhook_settled"] for job in self.jobs()) >= count)
        return self.jobs()

    def _post(self, path: str, data: Any) -> Any:
        return self._got(self.client.post(path, json=data))

    @staticmethod
    def _got(reply: httpx.Response) -> Any:
        assert reply.status_code == 200, reply.text
        return reply.json()


@contextmanager
def running_sandbox(folder: Path, *, port: int = 0, **options: Any) -> Iterator[Sandbox]:
    """A sandbox with its data in `folder`, served from a thread until the block ends.

    Jobs take no time and webhook retries come after 20 ms unless `options` (SandboxOptions) say otherwise. Entered
    again with the same folder (and port) it goes on with the jobs it had.
    """
    options = {"seconds": 0.0, "webhook_backoff": 0.02, **options}
    with socket.create_server(("127.0.0.1", port)) as listening:
        server = QuickServer(
            uvicorn.Config(
                SandboxApp(SandboxOptions(folder / "fal-sandbox", **options)),
                http=LossyProtocol, log_level="warning", access_log=False, ws="none", timeout_graceful_shutdown=1,
            )
        )  # fmt: skip
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, name="fal-sandbox", daemon=True)
        thread.start()
        sandbox = Sandbox(f"http://127.0.0.1:{listening.getsockname()[1]}")
        sandbox.wait_until(lambda: server.started or not thread.is_alive(), START_SECONDS)
        assert thread.is_alive(), "The sandbox did not start."
        try:
            yield sandbox
        finally:
            sandbox.client.close()
            server.should_exit = True
            thread.join(START_SECONDS)
