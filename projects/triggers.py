"""Rules that the database itself holds, on SQLite and on PostgreSQL.

A trigger is the only thing that refuses whatever comes: a bulk update, a shell, another program. A migration may
rebuild a table on SQLite, which drops its triggers silently, and one that moves old rows must not be stopped by them:
so all are taken down before migrations and put up again after.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate

GONE = "EXISTS (SELECT 1 FROM projects_retiredname WHERE projects_retiredname.name = projects_project.slug)"
"""In SQL beside a row of projects_project: the production is being removed, so its history goes with it."""


@dataclass(frozen=True)
class Rule:
    """What the database refuses.

    `refuses` is INSERT, UPDATE, UPDATE OF a column, or DELETE. `when` is a condition in SQL over NEW and OLD that both
    databases understand, with {differs} for a comparison that knows NULL; empty: always. The sentence is the error's
    text and holds no quotes.
    """

    name: str
    table: str
    refuses: str
    sentence: str
    when: str = ""
    columns: Collection[str] = ()
    """Columns that `when` speaks of: without them, in the middle of old migrations, the rule is left out."""

    def __post_init__(self) -> None:
        if "'" in self.sentence:
            raise ValueError("The sentence stands between quotes in SQL and must hold none.")

    def statements(self, vendor: str) -> list[str]:
        """The SQL that puts the rule up."""
        begins = f"CREATE TRIGGER {self.name} BEFORE {self.refuses} ON {self.table} FOR EACH ROW"
        if vendor == "sqlite":
            condition = f"WHEN {self.when.format(differs='IS NOT')} " if self.when else ""
            return [f"{begins} {condition}BEGIN SELECT RAISE(ABORT, '{self.sentence}'); END"]
        kept = "OLD" if self.refuses == "DELETE" else "NEW"
        body = f"RAISE EXCEPTION '{self.sentence}' USING ERRCODE = 'integrity_constraint_violation';"
        condition = self.when.format(differs="IS DISTINCT FROM")
        checked = f"IF {condition} THEN {body} END IF;" if self.when else body
        return [
            f"CREATE OR REPLACE FUNCTION {self.name}() RETURNS trigger AS $$ BEGIN {checked} RETURN {kept}; END $$ "
            "LANGUAGE plpgsql",
            f"{begins} EXECUTE FUNCTION {self.name}()",
        ]


RULES: dict[str, Rule] = {}
"""Every rule by its name; apps add theirs when the site starts."""


def hold(*rules: Rule) -> None:
    """Have the database hold these from the next migration on."""
    RULES.update({rule.name: rule for rule in rules})


def put_up(using: str) -> None:
    """Create every rule's trigger whose table has the columns of today, in place of those that are there."""
    take_down(using)
    connection = connections[using]
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        for rule in RULES.values():
            if rule.table not in tables:
                continue
            there = {column.name for column in connection.introspection.get_table_description(cursor, rule.table)}
            if there.issuperset(rule.columns):
                for statement in rule.statements(connection.vendor):
                    cursor.execute(statement)


def take_down(using: str) -> None:
    """Drop the triggers, where there are any."""
    connection = connections[using]
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        for rule in RULES.values():
            if rule.table in tables:
                on = f" ON {rule.table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {rule.name}{on}")


def watch_migrations(app: Any) -> None:
    """Keep the rules out of the way of migrations; `app` is the config that is asked about once in each."""
    pre_migrate.connect(_before_migrations, sender=app)
    post_migrate.connect(_after_migrations, sender=app)


def _before_migrations(using: str, **kwargs: Any) -> None:
    take_down(using)


def _after_migrations(using: str, **kwargs: Any) -> None:
    if "plan" in kwargs:  # flush sends the signal too, and has its own way with the rules
        put_up(using)
