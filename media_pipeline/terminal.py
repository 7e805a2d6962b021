"""A run in the terminal: worked on in this process, with a progress bar and words."""

from __future__ import annotations

import shutil
from typing import TextIO

from django.core.management.base import CommandError

from media_pipeline.runs.actions import cancel_run
from media_pipeline.runs.in_process_worker import work_until
from media_pipeline.runs.models import Run

BAR = 28


class ProgressLine:
    """One line that is drawn over itself on a terminal, and a line per change of words elsewhere."""

    def __init__(self, stream: TextIO, *, quiet: bool = False) -> None:
        self.stream = stream
        self.quiet = quiet
        self.live = stream.isatty()
        self.shown = ""

    def show(self, percent: int, words: str) -> None:
        """Draw how far it is."""
        if self.quiet:
            return
        if self.live:
            filled = BAR * percent // 100
            line = f"{'█' * filled}{'░' * (BAR - filled)} {percent:3d} %  {words}"
            width = shutil.get_terminal_size().columns - 1
            self.stream.write(f"\r\x1b[2K{line[:width]}")
        elif words != self.shown:
            self.stream.write(f"{percent:3d} %  {words}\n")
        self.shown = words
        self.stream.flush()

    def say(self, words: str) -> None:
        """Write a line of its own."""
        if not self.quiet:
            self.stream.write(f"\r\x1b[2K{words}\n" if self.live else f"{words}\n")
            self.stream.flush()

    def end(self) -> None:
        """Leave the line."""
        if self.live and not self.quiet:
            self.stream.write("\n")
            self.stream.flush()


def see_through(run: Run, line: ProgressLine, *, workers: int) -> None:
    """Work until the run has ended, showing how far it is; Ctrl-C stops it and leaves by CommandError."""

    def done() -> bool:
        run.refresh_from_db()
        return not run.is_open

    try:
        work_until(
            done,
            project_id=run.project_id,
            workers=workers,
            watch=lambda: line.show(run.progress, run.progress_words),
        )
    except KeyboardInterrupt:
        line.end()
        cancel_run(run)
        raise CommandError("Stopped. Start the same command again to go on from here.") from None
    run.refresh_from_db()
    line.end()
