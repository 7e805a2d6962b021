"""People and a production for every test of the product, and a site that writes into the test's own folder."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model

from projects.actions import add_member, create_project
from projects.choices import Role


@pytest.fixture(autouse=True)
def _files_of_this_test(settings, tmp_path):
    """Media, work and cache folders of one test, static files without a manifest, and a quick password hash."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.WORK_DIR = tmp_path / "work"
    settings.CACHE_DIR = tmp_path / "cache"
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
