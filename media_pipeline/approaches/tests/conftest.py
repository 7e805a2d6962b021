"""A shot of a small production, filmed through fal's protocol by a sandbox."""

from __future__ import annotations

from decimal import Decimal

import pytest

from media_pipeline.providers.fal.tests.conftest import sandbox, work  # noqa: F401
from media_pipeline.runs import transport
from media_pipeline.runs.actions import start_run
from projects.actions import set_budget
from scenes.actions import add_shot, change_shot
from scenes.importing import import_screenplay_file
from scenes.models import Shot

SCRIPT = b"""INT. LAMP ROOM - NIGHT

ADA trims the wick and listens.

ADA
Listen.

TOM
Nothing.

EVE
The sea.
"""


@pytest.fixture
def production(project, owner, sandbox):  # noqa: F811
    """One scene with three people, and money for its shots."""
    set_budget(project, limit=Decimal(50))
    import_screenplay_file(project, SCRIPT, "lamp.fountain", by=owner)
    return project


@pytest.fixture
def shot(production, owner):
    """A shot of three seconds with Ada in it, made by the approach that a test gives it."""
    scene = production.chapters.get().scenes.get()
    ada = production.characters.get(name="ADA")
    return add_shot(
        scene, production.pk, by=owner, number=90, sequence=90, business="Ada trims the wick.",
        expected_seconds=Decimal(3), shot_size="medium", camera_angle="eye_level", time_of_day="night",
        cast=[{"character": ada, "name": "ADA", "side": "left", "facing": "right"}],
    )  # fmt: skip


@pytest.fixture
def render(production, work, owner):  # noqa: F811
    """Render a shot to the end of its run; gives the run."""

    def render(shot, approach="", **settings):
        if approach:
            change_shot(shot, by=owner, approach=approach)
        with transport.in_process():
            run = start_run(
                "render_shot", f"shot:{shot.pk}", production, settings={"tier": "standard"} | settings, by=owner
            )
        return work(run, rounds=60)

    return render


@pytest.fixture
def sent(sandbox):  # noqa: F811
    """What an endpoint was sent, in order: the bodies of the jobs."""

    def sent(ending):
        return [sandbox.job(job["request_id"])["body"] for job in sandbox.jobs() if job["endpoint"].endswith(ending)]

    return sent


@pytest.fixture
def again():
    """A shot as the database has it now."""
    return lambda shot: Shot.objects.select_related("state__selected_take").get(pk=shot.pk)
