"""A short script that the tests of the crafts count by hand, and how one department is run on it."""

from __future__ import annotations

from hashlib import sha256

from media_pipeline.assets import MediaAsset
from media_pipeline.runs import transport
from media_pipeline.runs.actions import start_run
from media_pipeline.runs.due import due_runs
from media_pipeline.runs.executor import advance
from scenes.importing import import_screenplay_file
from scenes.models import Scene

SCRIPT = """INT. LAMP ROOM - NIGHT #1#

A round room of glass. Salt on every pane.

THUNDER CRACKS. Mara lifts her brass lantern.

MARA
Who is there?

EXT. QUAY - DAY #2#

Mara's brass lantern stands on the stones. Rain falls on the water.

ILSE
You kept it.

INT. LAMP ROOM - DAWN #3#

A door SLAMS below. Ilse puts the log book down.

> DISSOLVE TO:

EXT. REEF - DAY #4#

"""


def write_film(project):
    """Import the script; gives the scenes by number."""
    import_screenplay_file(project, SCRIPT.encode(), "lamp.fountain", by=None, chapter_number=1)
    return {scene.number: scene for scene in Scene.objects.filter(chapter__project=project)}


def stored(project, name, kind="image"):
    """A recorded file of the production; its bytes are not there."""
    digest = sha256(name.encode()).hexdigest()
    return MediaAsset.objects.create(
        project=project, file=f"{digest[:2]}/{digest}", kind=kind, sha256=digest, size=1, content_type=f"{kind}/x",
        source="uploaded",
    )  # fmt: skip


def at_work(project, key):
    """Run one department to its end, as workers do; gives the run."""
    with transport.in_process():
        run = start_run("qualify_department", f"department:{project.pk}/{key}", project, settings={"tier": "standard"})
        while due := due_runs().first():
            advance(due.pk)
    run.refresh_from_db()
    assert run.state == "succeeded", run.error
    return run
