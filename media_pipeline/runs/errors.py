"""How the execution of a run ends early.

The control-flow ones derive from BaseException so that a pipeline's `except Exception` cannot swallow them.
"""

from __future__ import annotations


class Suspended(BaseException):
    """The run cannot go on now: an answer, a child or a person is awaited. The worker is free."""


class SliceOver(BaseException):
    """The run has had its share of a worker; it goes on with the next message."""


class CancelRequested(BaseException):
    """A person asked to stop this run."""


class LeaseLost(BaseException):
    """Another worker advances this run now; nothing more may be written by this one."""


class StepFailed(Exception):
    """A step ended without a result; the message is the sentence people read."""

    def __init__(self, key: str, error_class: str, message: str) -> None:
        super().__init__(message)
        self.key = key
        self.error_class = error_class


class ChildrenFailed(StepFailed):
    """Some of the awaited runs failed or were cancelled."""
