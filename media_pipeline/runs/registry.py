"""Pipelines by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .context import RunContext
    from .models import Run

PipelineFunction = Callable[["RunContext"], Any]
Ending = Callable[["Run"], None]


def nothing_more(run: Run) -> None:
    """The ending of a pipeline that leaves nothing to say."""


@dataclass(frozen=True)
class Pipeline:
    """A pipeline function, and what to write when a run of it has ended, in the transaction of its end."""

    name: str
    function: PipelineFunction
    ending: Ending


_pipelines: dict[str, Pipeline] = {}


def pipeline(name: str, *, ending: Ending = nothing_more) -> Callable[[PipelineFunction], PipelineFunction]:
    """Register a pipeline: a plain function of a RunContext that may be stopped and called again at any time."""

    def register(function: PipelineFunction) -> PipelineFunction:
        _pipelines[name] = Pipeline(name, function, ending)
        return function

    return register


def pipeline_named(name: str) -> Pipeline:
    """The registered pipeline; KeyError with the known names when there is none."""
    _load()
    if name not in _pipelines:
        raise KeyError(f"There is no pipeline {name!r}; there are {', '.join(sorted(_pipelines))}.")
    return _pipelines[name]


def ending_of(name: str) -> Ending:
    """What the pipeline writes when a run of it has ended."""
    return pipeline_named(name).ending


def _load() -> None:
    from media_pipeline import pipelines

    for module in iter_modules(pipelines.__path__):
        if module.name != "tests":
            import_module(f"{pipelines.__name__}.{module.name}")
