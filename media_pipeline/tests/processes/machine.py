"""`python -m media_pipeline.tests.processes.machine worker --cluster`: a command of the site on a machine of its own.

MACHINE names it: its leases carry that name, so that nobody elsewhere can look whether its processes live, and the
runs it took are written into the file of that name in its own folder.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import django

MACHINE = "RUSHES_TEST_MACHINE"


def be(name: str, folder: Path) -> None:
    """Be this machine, and keep a list of the runs that were taken here."""
    from media_pipeline.runs import moves, recovery

    taken = folder / "taken"
    take = moves.take_lease

    def take_and_tell(run_id: int, owner: str) -> Any:
        run = take(run_id, owner)
        if run is not None:
            with taken.open("a") as lines:
                lines.write(f"{run_id}\n")
        return run

    recovery._machine = lambda: name  # type: ignore[assignment]
    moves.take_lease = take_and_tell  # type: ignore[assignment]


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings")
    django.setup()
    from django.core.management import execute_from_command_line

    from media_pipeline.tests.processes.launch import hurry, register

    hurry()
    register()
    be(os.environ[MACHINE], Path(os.environ["DATA_DIR"]))
    execute_from_command_line(["manage.py", *sys.argv[1:]])
