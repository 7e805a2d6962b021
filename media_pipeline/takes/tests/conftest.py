"""The shot and the sandbox of the approaches' tests."""

from __future__ import annotations

from media_pipeline.approaches.tests.conftest import production, render, sent, shot  # noqa: F401
from media_pipeline.providers.fal.tests.conftest import sandbox, work  # noqa: F401
