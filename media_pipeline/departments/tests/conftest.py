"""A production with material, and a run of its qualification."""

from __future__ import annotations

import pytest

from characters.models import Character
from media_pipeline.casting.limits import CharacterPictures
from media_pipeline.qualification import start_qualification
from media_pipeline.runs import transport
from media_pipeline.runs.due import due_runs
from media_pipeline.runs.executor import advance
from projects.actions import add_gather_item


@pytest.fixture
def material(project):
    """What the writers of a lighthouse story have brought."""
    add_gather_item(project, "world_rule", title="The tide", body="The tide comes in twice a night.")
    add_gather_item(
        project, "world_rule", title="Keepers", body="Keepers do not marry.", structured={"category": "society"}
    )
    add_gather_item(project, "world_rule", body="The lamp was stolen once, years ago.")
    add_gather_item(
        project, "location", title="Lamp room", body="Glass on all sides.", structured={"rules": "No iron."}
    )
    add_gather_item(
        project, "note", title="The lamp", body="The lamp must never go out. " + "It burns whale oil and salt. " * 8
    )
    add_gather_item(
        project, "character", title="Mara", body="The keeper.", structured={"sister": "Ilse", "height": "1.7"}
    )
    add_gather_item(project, "character", title="Ilse", body="Left the island.")
    add_gather_item(project, "scene", title="INT. LAMP ROOM - NIGHT", body="Mara lights the lamp. The glass hums.")
    add_gather_item(
        project, "scene", title="The boat", body="Ilse rows towards the light.",
        structured={"int/ext": "ext", "location": "Sea", "time": "dawn"},
    )  # fmt: skip
    return project


@pytest.fixture
def qualify(project, settings):
    """Qualify the production to the end of the run, as workers do; gives the run. People get pictures where asked."""

    def qualify(run=None, *, pictures=False, **options):
        nobody = () if pictures else tuple(Character.StoryRole.values)
        settings.CHARACTER_PICTURES = CharacterPictures(width=64, height=96, roles_without=nobody)
        with transport.in_process():
            run = run or start_qualification(project, although_not_ready=True, **options)
            while due := due_runs().first():
                advance(due.pk)
        run.refresh_from_db()
        return run

    return qualify
