"""What can go wrong with media, as exceptions whose message is a sentence a person can act on."""

from __future__ import annotations


class MediaError(Exception):
    """A media operation failed; the message says what was wrong and, where possible, what to do."""


class Cancelled(MediaError):
    """Somebody asked for the operation to stop. Nothing was written."""


class TimedOut(MediaError):
    """The operation passed its wall-clock, no-progress or CPU limit and was ended. Nothing was written."""


class BrokenMedia(MediaError):
    """The file is not media we accept: damaged, empty, of a refused kind, or too large."""
