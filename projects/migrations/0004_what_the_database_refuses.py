"""The rules that once were put up here are kept by projects/triggers.py, which later migrations cannot lose."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("projects", "0003_records_in_full")]

    operations: list[migrations.operations.base.Operation] = []
