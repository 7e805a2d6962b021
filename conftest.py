"""People and a production for every test of the product, and a site that writes into the test's own folder.

On SQLite the test database is migrated once and then copied, as long as no migration changes: Wagtail alone brings
hundreds of migrations, and running them takes longer than most packages' tests. It lives in a file, as a real site's
does: in shared memory SQLite refuses at once what in a file waits its turn.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from pathlib import Path

import django
import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection

from projects.actions import add_member, create_project
from projects.choices import Role


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, request, tmp_path_factory):
    """Fill the SQLite test database from a copy of a migrated one, and keep such a copy where there is none yet."""
    if connection.vendor != "sqlite":
        return
    connection.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "rushes.sqlite3")
    template = Path(request.config.cache.mkdir("migrated")) / f"{_digest_of_migrations()}.sqlite3"
    creation = connection.creation
    migrate = creation.create_test_db

    def create_test_db(verbosity=1, autoclobber=False, serialize=True, keepdb=False):
        if template.exists():
            name = creation._get_test_db_name()
            creation._create_test_db(verbosity, autoclobber, keepdb)
            connection.close()
            connection.settings_dict["NAME"] = settings.DATABASES[connection.alias]["NAME"] = name
            connection.ensure_connection()
            with sqlite3.connect(template) as source:
                source.backup(connection.connection)
            return name
        name = migrate(verbosity, autoclobber, serialize, keepdb)
        part = template.with_suffix(f".{os.getpid()}")
        with sqlite3.connect(part) as copy:
            connection.connection.backup(copy)
        part.rename(template)
        return name

    creation.create_test_db = create_test_db


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
    """Media, work and cache folders of one test, static files without a manifest, and a quick password hash."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.WORK_DIR = tmp_path / "work"
    settings.CACHE_DIR = tmp_path / "cache"
    settings.STATIC_ROOT = tmp_path  # WhiteNoise warns of a folder that is not there
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
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
