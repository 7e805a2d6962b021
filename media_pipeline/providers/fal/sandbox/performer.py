"""Running a job: check the body, fetch the inputs, make the answer."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from .clock import Clock
from .endpoints import CATALOGUE
from .inputs import InputFetcher
from .jobs import Job
from .making import Endpoint, Making, Unmakeable, seed_from
from .media_store import MediaStore
from .options import SandboxOptions
from .outcome import INFRASTRUCTURE_ERRORS, Outcome, infrastructure_error, invalid_body, model_error


class Performer:
    """Makes the outcome of jobs; drawing and filming is done in two threads."""

    def __init__(self, options: SandboxOptions, clock: Clock, media: MediaStore) -> None:
        self.options, self.clock, self.media = options, clock, media
        self.answers: list[dict[str, str]] = []  # scripted answers to questions, newest first
        self.fetcher = InputFetcher(self._own_file, options.fetch_hosts)
        self.pool = ThreadPoolExecutor(2, thread_name_prefix="sandbox-media")

    async def close(self) -> None:
        """Stop the threads and close the connections."""
        await self.fetcher.close()
        self.pool.shutdown(wait=False, cancel_futures=True)

    async def perform(self, job: Job) -> Outcome:
        """What becomes of this job."""
        if fault := job.fault("fail"):
            return _scripted_failure(fault)
        endpoint = CATALOGUE[job.endpoint]
        try:
            body = endpoint.body.model_validate(job.body)
        except ValidationError as problem:
            outcome = invalid_body(problem)
            outcome.units = Decimal(1) if self.options.bill_invalid else None
            return outcome
        workdir = Path(tempfile.mkdtemp(prefix="job-", dir=self.media.folder.parent))
        try:
            return await self._make(job, endpoint, body, workdir)
        except Unmakeable as problem:
            ctx = {"ctx": problem.ctx} if problem.ctx else {}
            return model_error(problem.kind, problem.message, problem.loc, problem.status, **ctx)
        finally:
            shutil.rmtree(workdir)

    async def _make(self, job: Job, endpoint: Endpoint, body: Any, workdir: Path) -> Outcome:
        seed = body.seed if body.seed is not None else seed_from(self.options.seed, job.digest)
        made_files: list[tuple[str, dict[str, Any], str]] = []

        def save(path: Path, name: str, content_type: str) -> str:
            address = self.media.new_address(name)
            made_files.append((address, self.media.take(path), content_type))
            return f"{job.base}/cdn/files/{address}"

        making = Making(
            endpoint.id, body, seed, workdir, save,
            plain=self._plain_folder(), no_share=self.options.no_share, answers=self._answer,
        )  # fmt: skip
        making.inputs = await self.fetcher.fetch_all(endpoint, body, workdir)
        made = await asyncio.get_running_loop().run_in_executor(self.pool, endpoint.make, making)
        expires = None if job.lifetime is None else self.clock.now + job.lifetime
        for address, taken, content_type in made_files:
            self.media.publish(address, taken, content_type, expires=expires, broken=job.fault("broken_file"))
        return Outcome(200, {} if job.fault("empty_result") else made, units=endpoint.units(making, made))

    def _plain_folder(self) -> Path | None:
        if not self.options.plain_media:
            return None
        folder = self.options.data / "plain"
        folder.mkdir(exist_ok=True)
        return folder

    def _own_file(self, address: str) -> Path | None:
        _, mark, rest = address.partition("/cdn/files/")
        found = self.media.find(rest) if mark else None
        if found is None or "broken" in found[1] or "expires_clock" in found[1]:
            return None  # fetched like anybody else's, so that the fault or the end of its life shows
        return found[0].absolute()

    def _answer(self, making: Making, question: str) -> str | None:
        return next((each["answer"] for each in self.answers if each.get("contains", "") in question), None)


def _scripted_failure(fault: dict[str, Any]) -> Outcome:
    kind = str(fault.get("type", "internal_server_error"))
    if kind in INFRASTRUCTURE_ERRORS:
        outcome = infrastructure_error(kind, str(fault.get("message", "")))
    else:
        loc = tuple(fault.get("loc", ("body",)))
        more = {name: fault[name] for name in ("ctx", "input") if name in fault}
        outcome = model_error(kind, str(fault.get("message", "")), loc, int(fault.get("status", 0)), **more)
    if fault.get("billed"):
        outcome.units = Decimal(str(fault["billed"] if fault["billed"] is not True else 1))
    return outcome
