"""The instants of a paid call at which a process of the site can be killed, hit exactly and once.

`install(folder)` puts a mine at each boundary of this process. A test arms one by a file in that folder (`arm`): it
names the boundary, the kinds of call, and the victims (roles, by their process groups). Where an armed mine is stepped
on, the victims are killed with SIGKILL at that very instant; each mine is stepped on once for a kind of call.
"""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from django.db import transaction

SUBMIT = ("before-upload", "before-post", "after-post", "after-id")
"""Boundaries of the worker: before anything is remembered, around the POST, and once the job's id is committed."""

ANSWER = ("asking", "downloading", "stored", "settling", "settled")
"""Boundaries of the poller: with the status in hand, in the middle of a file, with the file stored and unrecorded,
inside the transaction that settles, and right after its commit."""

REPORT = ("reported", "noted")
"""Boundaries of the web process: a report arrived, and what it says is committed but not answered."""

BOUNDARIES = (*SUBMIT, *ANSWER, *REPORT)

ARMED = "armed.json"


def arm(folder: Path, at: str, victims: Sequence[str], kinds: Sequence[str] = ("image", "video")) -> None:
    """Have the victims killed when a call of one of these kinds next comes to this boundary."""
    disarm(folder)
    part = folder / "armed.part"
    part.write_text(json.dumps({"at": at, "victims": victims, "kinds": kinds}))
    part.rename(folder / ARMED)


def disarm(folder: Path) -> None:
    """Take the mines away, and forget which were stepped on."""
    (folder / ARMED).unlink(missing_ok=True)
    for path in folder.glob("blown-*"):
        path.unlink()


def blown(folder: Path) -> list[str]:
    """The kinds of call by which the armed mine was stepped on."""
    return sorted(path.name.removeprefix("blown-") for path in folder.glob("blown-*"))


class Mine:
    """One boundary in this process. `folder` holds what is armed, and a file for each role with its group's id."""

    def __init__(self, at: str, folder: Path) -> None:
        self.at = at
        self.folder = folder

    def victims(self, kind: str) -> list[str]:
        """Who is to be killed when a call of this kind comes here now; nobody where that has happened."""
        try:
            armed = json.loads((self.folder / ARMED).read_text())
        except FileNotFoundError:
            return []
        waits = armed["at"] == self.at and kind in armed["kinds"] and not (self.folder / f"blown-{kind}").exists()
        return list(armed["victims"]) if waits else []

    def step_on(self, kind: str) -> None:
        """Kill the victims, the first time that a call of this kind comes here."""
        victims = self.victims(kind)
        if not victims:
            return
        try:
            (self.folder / f"blown-{kind}").touch(exist_ok=False)
        except FileExistsError:  # another thread or process was faster
            return
        groups = [int((self.folder / name).read_text()) for name in victims]
        for group in sorted(groups, key=lambda group: group == os.getpgid(0)):  # oneself last: nobody is left then
            os.killpg(group, signal.SIGKILL)
        if os.getpgid(0) in groups:
            signal.pause()


def install(folder: Path) -> None:
    """Lay a mine at every boundary in this process."""
    for at, lay in _LAYING.items():
        lay(Mine(at, folder))


def kind_of(endpoint: str) -> str:
    """Image or video, by the name of the model."""
    return "video" if "video" in endpoint else "image"


def _around(owner: Any, name: str, before: Callable[..., None] | None, after: Callable[..., None] | None) -> None:
    really = getattr(owner, name)

    def around(*given: Any, **named: Any) -> Any:
        if before:
            before(*given, **named)
        answer = really(*given, **named)
        if after:
            after(*given, **named)
        return answer

    setattr(owner, name, around)


def _upload(mine: Mine) -> None:
    from media_pipeline.providers.fal.provider import FalProvider

    _around(FalProvider, "submit", lambda self, request, endpoint, context: mine.step_on(kind_of(endpoint)), None)


def _post(mine: Mine) -> None:
    from media_pipeline.providers.fal import wire
    from media_pipeline.providers.fal.hosts import hosts

    def step(self: Any, request: Any) -> None:
        if request.method == "POST" and hosts().is_queue(str(request.url)):
            mine.step_on(kind_of(str(request.url)))

    before = mine.at == "before-post"
    _around(wire.OneTry, "handle_request", step if before else None, None if before else step)


def _id(mine: Mine) -> None:
    from media_pipeline.runs import moves

    def step(step: Any, state: str, **fields: Any) -> None:
        if state == "submitted":
            transaction.on_commit(lambda: mine.step_on(kind_of(step.endpoint)))

    _around(moves, "move_step", None, step)


def _asking(mine: Mine) -> None:
    from media_pipeline.providers.fal.provider import FalProvider

    _around(FalProvider, "poll", None, lambda self, request_id, endpoint, data: mine.step_on(kind_of(endpoint)))


def _downloading(mine: Mine) -> None:
    from media_pipeline.providers import downloads

    def half(response: Any, path: Path, kind: str, cancelled: Any) -> None:
        if mine.victims(kind):
            path.write_bytes(next(response.iter_raw(1024)))
            mine.step_on(kind)

    _around(downloads, "_write", half, None)


def _stored(mine: Mine) -> None:
    from media_pipeline import storage

    _around(storage, "store", None, lambda path: mine.step_on("video" if path.suffix == ".mp4" else "image"))


def _settling(mine: Mine) -> None:
    from media_pipeline import money

    def step(step: Any, *given: Any, **named: Any) -> None:
        if mine.at == "settling":
            mine.step_on(kind_of(step.endpoint))
        else:
            transaction.on_commit(lambda: mine.step_on(kind_of(step.endpoint)))

    _around(money, "settle", None, step)


def _report(mine: Mine) -> None:
    from media_pipeline.runs.models import Step
    from studio import hooks

    def step(provider: str, token: str, notice: Any) -> None:
        mine.step_on(kind_of(Step.objects.get(token=token).endpoint))

    before = mine.at == "reported"
    _around(hooks, "take_notice", step if before else None, None if before else step)


_LAYING: dict[str, Callable[[Mine], None]] = {
    "before-upload": _upload, "before-post": _post, "after-post": _post, "after-id": _id, "asking": _asking,
    "downloading": _downloading, "stored": _stored, "settling": _settling, "settled": _settling,
    "reported": _report, "noted": _report,
}  # fmt: skip
