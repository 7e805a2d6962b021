"""`manage.py records export|import PROJECT scenes|shots|characters|templates FILE`: tables out and in."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from projects.access import may
from projects.models import Project
from studio.exchange.importing import import_table
from studio.exchange.sheets import SHEETS, Rows
from studio.exchange.tables import TableProblem, write_csv, write_xlsx


class Command(BaseCommand):
    """Export a table of a production, or import one: checked first, as a whole or not at all."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What is done, in which production, and the file."""
        parser.add_argument("deed", choices=("export", "import"))
        parser.add_argument("project", help="slug of the production")
        parser.add_argument("kind", choices=tuple(SHEETS))
        parser.add_argument("file", type=Path, help="ends with .csv or .xlsx")
        parser.add_argument("--as", dest="person", default="", help="who imports, by the name they sign in with")
        parser.add_argument("--dry-run", action="store_true", help="only tell what the import would do")

    def handle(self, *args: Any, deed: str, project: str, kind: str, file: Path, **options: Any) -> None:
        """Whatever is wrong ends with a sentence and exit code 1."""
        found = Project.objects.filter(slug=project).first()
        if found is None:
            raise CommandError(f"There is no production {project}.")
        try:
            if deed == "export":
                self._export(found, kind, file)
            else:
                self._import(found, kind, file, options["person"], dry_run=options["dry_run"])
        except OSError as problem:
            raise CommandError(f"{file}: {problem.strerror}.") from None
        except TableProblem as problem:
            raise CommandError(str(problem)) from None

    def _export(self, project: Project, kind: str, file: Path) -> None:
        rows = Rows(SHEETS[kind](project))
        with file.open("wb") as target:
            if file.suffix.lower() == ".xlsx":
                write_xlsx(rows, kind, target)
            else:
                target.writelines(write_csv(rows))
        self.stdout.write(f"{file} is written.")

    def _import(self, project: Project, kind: str, file: Path, name: str, *, dry_run: bool) -> None:
        person = get_user_model().objects.filter(username=name).first() if name else None
        if name and (person is None or not may(person, project, "write")):
            raise CommandError(f"{name} is nobody who may write in {project.title}.")
        report = import_table(project, kind, file.read_bytes(), by=person, dry_run=dry_run)
        for problem in report.problems:
            self.stderr.write(str(problem))
        if report.problems:
            raise CommandError(report.sentence)
        self.stdout.write(report.sentence)
