"""Shots that go on from one another: each starts from the last frame of the one before, so they are made in turn."""

from __future__ import annotations

from typing import Any

from media_pipeline.runs.context import RunContext
from media_pipeline.runs.registry import pipeline


@pipeline("render_chain")
def render_chain(run: RunContext) -> dict[str, Any]:
    """Settings: `tier`, `coherence`, `shots` (pairs of id and what is asked for, in order), `approved` (bound to what
    was asked).

    A chain that breaks keeps the shots before the break; resumed, it goes on from there.
    """
    shots, takes = run.settings["shots"], {}
    asked_for = {name: run.settings[name] for name in ("tier", "coherence") if name in run.settings}
    for place, (pk, asked) in enumerate(shots, start=1):
        run.progress(100 * (place - 1) // len(shots), f"Linked shots, {place} of {len(shots)}")
        settings = asked_for | ({"expects": asked} if run.settings.get("approved") else {})
        takes[str(pk)] = run.child(f"shot/{pk}", "render_shot", f"shot:{pk}", settings)["take"]
    return {"takes": takes}
