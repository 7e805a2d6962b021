"""`manage.py screenplay FILE --json`: read a screenplay and print the model."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from projects.screenplay.as_json import to_json
from projects.screenplay.model import Screenplay, ScreenplayError
from projects.screenplay.reader import read_screenplay


class Command(BaseCommand):
    """Read a Fountain, FDX, PDF or text screenplay and say what is in it."""

    help = __doc__ or ""
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, and whether to print the whole model."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", help="print the model as JSON")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        """Print the model or a summary; a file that cannot be read ends with a sentence and exit code 1."""
        try:
            screenplay = read_screenplay(file.read_bytes(), file.name)
        except OSError as problem:
            raise CommandError(f"{file} cannot be read: {problem.strerror}.") from None
        except ScreenplayError as problem:
            raise CommandError(str(problem)) from None
        if options["json"]:
            self.stdout.write(json.dumps(to_json(screenplay), ensure_ascii=False, indent=2))
        else:
            self._summary(screenplay)

    def _summary(self, screenplay: Screenplay) -> None:
        for scene in screenplay.scenes:
            self.stdout.write(f"{scene.number:>5}  {scene.heading}  ({scene.page_eighths}/8)")
        for person in screenplay.characters:
            self.stdout.write(f"       {person.name}: {person.cues} cues, {person.words} words")
        for remark in screenplay.warnings:
            self.stderr.write(f"line {remark.line}: {remark.message}")
