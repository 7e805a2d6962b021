from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class ScenesConfig(AppConfig):
    """Scenes, shots and takes: what is filmed and what came of it."""

    name = "scenes"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Keep the database's own rules out of the way of migrations."""
        pre_migrate.connect(_before_migrations, sender=self)
        post_migrate.connect(_after_migrations, sender=self)


def _before_migrations(using: str, **kwargs: Any) -> None:
    from .immutability import take_down

    take_down(using)


def _after_migrations(using: str, **kwargs: Any) -> None:
    """Put the triggers up once the tables they watch have the columns of today's models."""
    from django.db import connections

    from .immutability import TAKE, fixed_columns, put_up

    connection = connections[using]
    with connection.cursor() as cursor:
        if TAKE not in connection.introspection.table_names(cursor):
            return
        there = {column.name for column in connection.introspection.get_table_description(cursor, TAKE)}
    never, emptied = fixed_columns()
    if there.issuperset([*never, *emptied]):
        put_up(using)
