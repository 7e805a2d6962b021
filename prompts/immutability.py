"""What the database itself refuses about templates: changing a version that something may have been made with."""

from __future__ import annotations

from projects.triggers import Rule

TABLE = "prompts_prompttemplateversion"
FIXED = ("id", "template_id", "number", "text", "variables", "digest", "at")
"""All columns but the person, which becomes empty when the account is removed."""

RULES = (
    Rule(
        "template_versions_stay", TABLE, "UPDATE", "A version of a template is never changed.",
        when=" OR ".join(f'OLD."{column}" {{differs}} NEW."{column}"' for column in FIXED), columns=FIXED,
    ),
)  # fmt: skip
