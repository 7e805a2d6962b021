"""`manage.py demo [SCRIPT]`: the site, and a film being made in it, with one command."""

from __future__ import annotations

import secrets
import sys
import threading
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.management.base import BaseCommand, CommandError

from media_pipeline.assets import MediaAsset
from media_pipeline.production import open_project, start_production
from media_pipeline.qualification import go_on_qualifying, last_qualification
from media_pipeline.runs.models import Run, RunState
from media_pipeline.screenplays import import_and_keep
from media_pipeline.terminal import ProgressLine
from projects.access import may
from projects.actions import add_member
from projects.choices import Role
from projects.models import Chapter, Project
from projects.screenplay.model import ScreenplayError
from studio.demo_material import drop_in
from studio.demo_records import write_story, write_work
from studio.processes.child import site_command
from studio.processes.readiness import port_trouble, prepare_site
from studio.processes.supervisor import ChildDied, NotAnswering, Supervisor, stopped_by_signals

EXAMPLE = settings.BASE_DIR / "examples" / "the_salt_clock.fountain"
PERSON = "producer"
PORTS = range(8000, 8020)
LOOK_EVERY = 0.3
HOST = "127.0.0.1"


class Command(BaseCommand):
    """Start web, worker and poller, make the film of a screenplay, and keep serving until Ctrl-C."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The script; the example where none is given."""
        parser.add_argument("script", nargs="?", type=Path, default=EXAMPLE)
        parser.add_argument("--port", type=int, default=0, help="the first free one from 8000 where none is given")
        parser.add_argument("--leave", action="store_true", help="end when the film is made instead of serving on")

    def handle(self, *args: Any, script: Path, port: int, leave: bool, **options: Any) -> None:
        """Run until a person stops it; whatever goes wrong ends every process and says so in a sentence."""
        data = self._read(script)
        port = port or next((free for free in PORTS if not port_trouble(HOST, free)), PORTS[0])
        if trouble := port_trouble(HOST, port):
            raise CommandError(trouble)
        prepare_site(self._say)
        password = self._producer()
        address = f"http://localhost:{port}"
        commands = {
            "web": site_command("web", "--host", HOST, "--port", str(port)),
            "worker": site_command("worker"),
            "poller": site_command("poller"),
        }
        with stopped_by_signals() as stop:
            try:
                with Supervisor(commands, tell=self._log) as site:
                    if site.wait_until_answering(f"{address}/healthz", stop):
                        project = self._open(script, data)
                        self._show_address(address, project, password)
                        if self._make(site, project, script, data, stop) and not leave:
                            self._say("Serving on. Ctrl-C stops every process.")
                            site.watch(stop)
            except (ChildDied, NotAnswering) as failure:
                raise CommandError(f"{failure} See {self._log_file()}.") from failure

    def _read(self, script: Path) -> bytes:
        try:
            return script.read_bytes()
        except OSError as problem:
            raise CommandError(f"{script} cannot be read: {problem.strerror}.") from None

    def _producer(self) -> str:
        """Make sure there is a person to log in as; returns the password, kept readable by this user only."""
        file = settings.DATA_DIR / "demo_password"
        if not file.exists():
            file.touch(mode=0o600)
            file.write_text(secrets.token_urlsafe(9))
        password = file.read_text().strip()
        people = get_user_model().objects
        person = people.filter(username=PERSON).first() or people.create_user(PERSON)
        if not person.check_password(password):
            person.set_password(password)
            person.save()
        return password

    def _open(self, script: Path, data: bytes) -> Project:
        person = get_user_model().objects.get(username=PERSON)
        with _in_sentences():
            project = open_project(script, data, owner=person)
            self._let_in(person, project)
            report = import_and_keep(project, data, script.name, by=person)
        if script == EXAMPLE and write_story(project, person):
            drop_in(project, person)
        self._say(f"\n{project.title} ({project.code}), from {script.name}. {report.sentence}")
        return project

    def _make(self, site: Supervisor, project: Project, script: Path, data: bytes, stop: threading.Event) -> bool:
        """Qualify what was gathered, then produce; False when a person has stopped it."""
        person = get_user_model().objects.get(username=PERSON)
        last = last_qualification(project.pk)
        if last is None or last.state != RunState.SUCCEEDED:
            run = go_on_qualifying(project, although_not_ready=True, by=person)
            self._follow(site, run, stop)
            if not run.is_open and run.state != RunState.SUCCEEDED:
                self._say(f"Qualification has stopped: {run.error} Press Resume on the page Gather to go on.")
        if stop.is_set():
            return False
        with _in_sentences():
            _, run = start_production(project, script, data, by=person)
        self._follow(site, run, stop)
        self._say_of_film(run)
        return not stop.is_set()

    def _let_in(self, person: AbstractBaseUser, project: Project) -> None:
        if not may(person, project, "manage"):
            add_member(project, person, Role.OWNER)

    def _follow(self, site: Supervisor, run: Run, stop: threading.Event) -> None:
        """Show the run's progress until it ends, or a person stops it."""
        line = ProgressLine(sys.stdout)
        while not stop.wait(LOOK_EVERY):
            site.check()
            run.refresh_from_db()
            line.show(run.progress, run.progress_words)
            if not run.is_open:
                break
        line.end()

    def _say_of_film(self, run: Run) -> None:
        if run.state == RunState.SUCCEEDED:
            if Chapter.objects.filter(project=run.project_id, script_name=EXAMPLE.name).exists():
                write_work(run.project, run.requested_by)
            self._say(f"The film is {self._film_place(run)}")
        elif not run.is_open:
            self._say(f"The film was not made: {run.error} Press Resume on the project page to go on.")

    def _film_place(self, run: Run) -> str:
        film = MediaAsset.objects.get(pk=run.output["film"])
        seconds = float(film.exact_duration or 0)
        local = isinstance(default_storage, FileSystemStorage)
        place = default_storage.path(film.name) if local else film.name
        return f"{place} ({seconds:.0f} s, {film.width}x{film.height})"

    def _show_address(self, address: str, project: Project, password: str) -> None:
        self._say(f"Watch it at  {address}/projects/{project.slug}/")
        self._say(f"Log in as    {PERSON}   password  {password}\n")

    def _log_file(self) -> Path:
        return Path(settings.DATA_DIR) / "demo.log"

    def _log(self, line: str) -> None:
        with self._log_file().open("a") as log:
            log.write(line + "\n")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


@contextmanager
def _in_sentences() -> Iterator[None]:
    """What is wrong with the script, as the command's own sentence."""
    try:
        yield
    except (ScreenplayError, ValidationError) as problem:
        raise CommandError("; ".join(getattr(problem, "messages", [str(problem)]))) from None
