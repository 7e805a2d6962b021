"""What an endpoint is handed to make its answer, and what describes an endpoint."""

from __future__ import annotations

import base64
import hashlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

InputKind = Literal["image", "video", "audio", "archive", "weights"]


class Body(BaseModel):
    """A request's body; fields the model does not know are ignored, as fal does."""

    model_config = ConfigDict(extra="ignore", protected_namespaces=())

    seed: int | None = None
    sync_mode: bool = False


@dataclass(frozen=True)
class Input:
    """A field that holds addresses of media. `max_side` in pixels."""

    field: str
    kind: InputKind
    max_side: int | None = None


@dataclass(frozen=True)
class Endpoint:
    """One model: its body, which of its fields are addresses, how it answers, and what it bills.

    `units` gives the billed quantity in `unit`s of `price` US dollars each.
    """

    id: str
    body: type[BaseModel]
    make: Callable[[Making], dict[str, Any]]
    units: Callable[[Making, dict[str, Any]], Decimal]
    unit: str
    price: Decimal
    inputs: tuple[Input, ...] = ()


class Unmakeable(Exception):
    """The model refuses by an error of its own, as one entry of a 422 list."""

    def __init__(
        self, kind: str, message: str, loc: tuple[Any, ...] = ("body",), status: int = 422, **ctx: Any
    ) -> None:
        super().__init__(message)
        self.kind, self.message, self.loc, self.status, self.ctx = kind, message, loc, status, ctx


Save = Callable[[Path, str, str], str]
"""Takes a made file, its name and its content type; returns its address."""


@dataclass
class Making:
    """One job at work: its checked body, its fetched inputs, its seed, and where its files go."""

    endpoint: str
    body: Any
    seed: int
    workdir: Path
    save: Save
    plain: Path | None = None  # with plain media, the folder where each size and kind is kept once
    no_share: float = 0.0  # how many of the yes-or-no questions are answered no, from 0 to 1
    inputs: dict[str, list[Path]] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)  # what a maker wants to tell `units`
    answers: Callable[[Making, str], str | None] = lambda making, question: None
    _made: int = 0

    def input(self, name: str) -> Path | None:
        """The one input of this field, when there is one."""
        found = self.inputs.get(name)
        return found[0] if found else None

    def path(self, ending: str) -> Path:
        """A new file name in the work folder."""
        self._made += 1
        return self.workdir / f"{self._made}{ending}"

    def seed_of(self, part: object) -> int:
        """A seed for one part of the work, drawn from the job's."""
        return seed_from(self.seed, part)

    def drawn(self, ending: str, key: tuple[Any, ...], write: Callable[[Path], None]) -> Path:
        """A new file that `write` wrote; with plain media the one that was written for this `key` before."""
        path = self.path(ending)
        kept = self.plain / f"{hashlib.sha256(repr(key).encode()).hexdigest()}{ending}" if self.plain else None
        if kept is None or not kept.exists():
            write(path)
            if kept is not None:
                shutil.copyfile(path, path.with_suffix(".copy"))
                path.with_suffix(".copy").replace(kept)
        else:
            shutil.copyfile(kept, path)
        return path

    def file(self, path: Path, name: str, content_type: str, **more: Any) -> dict[str, Any]:
        """fal's File object for a made file."""
        size = path.stat().st_size
        if self.body.sync_mode is True:
            address = f"data:{content_type};base64,{base64.b64encode(path.read_bytes()).decode()}"
        else:
            address = self.save(path, name, content_type)
        return {"url": address, "content_type": content_type, "file_name": name, "file_size": size, **more}


def seed_from(*parts: object) -> int:
    """A number of 31 bits drawn from anything that has a stable text."""
    text = "\n".join(str(part) for part in parts)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") >> 1
