"""What the database itself refuses about runs: changing or removing what they have gone through."""

from __future__ import annotations

from projects.triggers import GONE, Rule

TABLE = "media_pipeline_transition"
APPENDED = "Transitions are append-only."

RULES = (
    Rule("transitions_stay", TABLE, "UPDATE", APPENDED),
    Rule(
        "transitions_are_kept", TABLE, "DELETE", APPENDED,
        when="EXISTS (SELECT 1 FROM media_pipeline_run JOIN projects_project ON projects_project.id = "
        f"media_pipeline_run.project_id WHERE media_pipeline_run.id = OLD.run_id AND NOT {GONE})",
    ),
)  # fmt: skip
