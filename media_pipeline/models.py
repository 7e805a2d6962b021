"""Media files and durable runs."""

from __future__ import annotations

from .assets import MediaAsset
from .runs.models import Approval, Run, Step, Transition, WorkerBeat

__all__ = ["Approval", "MediaAsset", "Run", "Step", "Transition", "WorkerBeat"]
