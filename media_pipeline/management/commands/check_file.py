"""`manage.py check_file FILE...`: what files say of where they came from, and whether it can be believed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from media_pipeline.media.errors import MediaError
from media_pipeline.provenance.checking import Said, Standing, said_by


class Command(BaseCommand):
    """Read files' content credentials and XMP; fails when one was changed after it was signed."""

    help = "What files say of where they came from; the exit status is 1 when one was changed after it was signed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        changed = []
        for path in options["files"]:
            if not path.is_file():
                raise CommandError(f"There is no file {path}.")
            try:
                said = said_by(path)
            except MediaError as problem:
                raise CommandError(f"{path}: {problem}") from problem
            self.stdout.write(f"{path.name}: {in_words(said)}")
            if said.standing == Standing.CHANGED:
                changed.append(path.name)
        if changed:
            raise CommandError(f"Changed after it was signed: {', '.join(changed)}.")


def in_words(said: Said) -> str:
    """All of it in one line."""
    facts = [
        words
        for words in (
            said.title and f"Title: {said.title}.",
            said.made and f"It is {said.made}{f' ({said.maker})' if said.maker else ''}.",
            said.parts and f"Parts: {said.parts}.",
            said.signer and f"Signed by {said.signer}.",
            said.problems and f"Problems: {', '.join(said.problems)}.",
        )
        if words
    ]
    return " ".join([said.sentence, *facts])
