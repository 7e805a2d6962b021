"""How a sandbox behaves: its times, limits and where it keeps things."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class SandboxOptions:
    """One sandbox's settings. Times are seconds of the sandbox's clock, which can be moved and sped up.

    `seconds` is the mean time of a job; each takes between three quarters and five quarters of it, drawn by `seed`.
    `webhook_backoff` is the wait before the first retry, doubled for each further one: 7 s make ten retries in two
    hours, as fal does. `plain_media` draws every output of one size and kind the same, for load tests.
    """

    data: Path
    seconds: float = 0.2
    concurrency: int = 2
    seed: int = 0
    key_dir: Path | None = None
    webhook_timeout: float = 15.0
    webhook_backoff: float = 7.0
    webhook_retries: int = 10
    clock_speed: float = 1.0
    plain_media: bool = False
    bill_invalid: bool = False  # whether a 422 costs its units
    no_share: float = 0.0  # how many yes-or-no questions are answered no, from 0 to 1
    fetch_hosts: tuple[str, ...] = ()  # hosts beside loopback that input addresses may name
    rules: list[dict[str, Any]] = field(default_factory=list)
    api_key: str = ""  # the only key that is let in; any when empty
