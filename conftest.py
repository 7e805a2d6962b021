"""People and a production for every test of the product, and a site that writes into the test's own folder.

The test database is migrated once and then copied, as long as no migration changes: Wagtail alone brings hundreds of
migrations, and running them takes longer than most packages' tests. On SQLite it lives in a file, as a real site's: in
shared memory SQLite refuses at once what in a file waits its turn.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import sqlite3
from contextlib import closing
from importlib import import_module
from pathlib import Path

import django
import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection

from projects.actions import add_member, create_project
from projects.choices import Role

MIGRATED = "rushes_migrated_"
"""How the name of a migrated database begins that the tests on PostgreSQL copy."""


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, request, tmp_path_factory):
    """Fill the test database from a migrated one, and make that where there is none yet.

    Processes that test side by side have a database each; the first of them migrates while the others wait.
    """
    if connection.vendor == "postgresql":
        connection.creation.create_test_db = _copies_of_a_database(f"{MIGRATED}{_digest_of_migrations()}")
        return
    connection.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "rushes.sqlite3")
    template = Path(request.config.cache.mkdir("migrated")) / f"{_digest_of_migrations()}.sqlite3"
    connection.creation.create_test_db = _copies_of_a_file(template)


def _copies_of_a_file(template):
    """A `create_test_db` for SQLite that copies this file, which is there as a whole or not at all."""
    creation = connection.creation
    migrate = creation.create_test_db

    def create_test_db(verbosity=1, autoclobber=False, serialize=True, keepdb=False):
        with template.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not template.exists():
                name = migrate(verbosity, autoclobber, serialize, keepdb)
                part = template.with_suffix(f".{os.getpid()}")
                with closing(sqlite3.connect(part)) as copy:
                    connection.connection.backup(copy)
                part.rename(template)
                return name
        name = creation._get_test_db_name()
        creation._create_test_db(verbosity, autoclobber, keepdb)
        _go_to(name)
        with closing(sqlite3.connect(template)) as source:
            source.backup(connection.connection)
        return name

    return create_test_db


def _copies_of_a_database(template):
    """A `create_test_db` for PostgreSQL that copies the database of this name; older ones are dropped."""
    creation = connection.creation
    migrate = creation.create_test_db
    names = connection.settings_dict["TEST"]

    def make_template(cursor):
        own, wanted, part = connection.settings_dict["NAME"], names["NAME"], f"{template}_part"
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [MIGRATED])
        for (old,) in cursor.fetchall():
            cursor.execute(f'DROP DATABASE "{old}"')
        names["NAME"] = part
        migrate(verbosity=0, autoclobber=True, serialize=False, keepdb=False)
        connection.close()
        cursor.execute(f'ALTER DATABASE "{part}" RENAME TO "{template}"')
        names["NAME"] = wanted
        connection.settings_dict["NAME"] = settings.DATABASES[connection.alias]["NAME"] = own

    def create_test_db(verbosity=1, autoclobber=False, serialize=True, keepdb=False):
        with creation._nodb_cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [MIGRATED])  # let go as the cursor is closed
            if not creation._database_exists(cursor, template):
                make_template(cursor)
            names["TEMPLATE"] = template
            name = creation._get_test_db_name()
            creation._create_test_db(verbosity, autoclobber, keepdb)
        _go_to(name)
        return name

    return create_test_db


def _go_to(name):
    """Connect to the test database of this name, and to no other one from now on."""
    connection.close()
    connection.settings_dict["NAME"] = settings.DATABASES[connection.alias]["NAME"] = name
    connection.ensure_connection()


def _digest_of_migrations():
    """Digest of every migration and app file, and of the versions that read them."""
    digest = hashlib.sha256(f"{django.VERSION} {sqlite3.sqlite_version}".encode())
    for app in apps.get_app_configs():
        digest.update(app.name.encode())
        folder = Path(app.path)
        rules = [file for name in ("apps.py", "immutability.py", "triggers.py") for file in folder.glob(name)]
        for file in sorted([*folder.glob("migrations/*.py"), *rules]):
            digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()[:16]


@pytest.fixture(autouse=True)
def _files_of_this_test(settings, tmp_path):
    """Media, work and cache folders of one test, no manifest of static files, long leases, a quick password hash."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.WORK_DIR = tmp_path / "work"
    settings.CACHE_DIR = tmp_path / "cache"
    settings.STATIC_ROOT = tmp_path  # WhiteNoise warns of a folder that is not there
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    # A step may take long on a busy machine, and no other connection sees a run of this transaction to keep its lease.
    settings.RUN_LEASE_SECONDS = settings.RUN_SLICE_SECONDS = 3600
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def owner(db):
    """The person who owns `project`."""
    return get_user_model().objects.create_user("owner", "owner@example.com", "take-one-please")


@pytest.fixture
def member(db):
    """A reviewer in `project`."""
    return get_user_model().objects.create_user("member", "member@example.com", "take-one-please")


@pytest.fixture
def stranger(db):
    """A person with an account and no production."""
    return get_user_model().objects.create_user("stranger", "stranger@example.com", "take-one-please")


@pytest.fixture
def project(owner, member):
    """A production owned by `owner`, with `member` as its reviewer."""
    project = create_project(title="Salt and Lantern", code="SALT", owner=owner)
    add_member(project, member, Role.REVIEWER, by=owner)
    return project


@pytest.fixture
def models():
    """The model profiles and templates of a new site, which tests that commit leave empty behind them."""
    for name in ("0002_animatic_profiles", "0008_profiles_for_every_approach"):
        import_module(f"prompts.migrations.{name}").add_profiles(apps, None)
    import_module("prompts.migrations.0007_starter_templates").add_templates(apps, None)
    import_module("prompts.migrations.0010_describe_a_character").add_template(apps, None)
