"""Two productions with a record of every kind, and people with every kind of access to them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client
from wagtail.models import RevisionMixin

from characters.actions import create_character
from media_pipeline.models import MediaAsset, Run
from projects.actions import add_member, create_project, raise_alert, write_chapter
from projects.choices import Role
from projects.models import Membership, Project
from prompts.models import ModelProfile
from scenes.actions import add_scene, add_shot, record_take


@dataclass
class World:
    """One production with a record of every kind; every text in it holds `mark`."""

    mark: str
    project: Project
    records: list[Any]

    def of(self, model):
        """The record of the model."""
        return next(record for record in self.records if type(record) is model)


def build_world(mark: str, code: str, owner) -> World:
    """A production whose every record can be recognised by `mark`."""
    project = create_project(title=f"{mark} Production", code=code, owner=owner, logline=mark)
    chapter = write_chapter(project, 1, title=f"{mark} chapter")
    character = create_character(project, name=f"{mark} person")
    scene = add_scene(chapter.pk, project.pk, number="1", sequence=1, heading=f"INT. {mark} HARBOUR - NIGHT")
    shot = add_shot(scene, project.pk, number=1, sequence=1, business=f"{mark} waits")
    asset = MediaAsset.objects.create(
        project=project, file=f"{mark}.mp4", kind="video", sha256=mark.lower().ljust(64, "0"), size=1, source="uploaded"
    )
    parts = ("media", "picture", "proxy", "thumbnail", "filmstrip", "keyframe", "last_frame")
    take = record_take(
        shot.pk,
        project.pk,
        asset_name=f"{mark}_S001",
        prompt=mark,
        provider="animatic",
        request_digest="0" * 64,
        seed=1,
        frames=72,
        frame_rate="24",
        width=1920,
        height=1080,
        cost=Decimal("0.1"),
        **dict.fromkeys(parts, asset),
    )
    run = Run.objects.create(pipeline=f"{mark}_pipeline", subject=f"shot:{shot.pk}", project=project)
    alert = raise_alert(project.pk, title=f"{mark} alert", message=mark)
    for record in (project, chapter, character, scene, shot):
        if isinstance(record, RevisionMixin):
            record.save_revision()
    membership = Membership.objects.get(project=project, person=owner)
    return World(mark, project, [project, chapter, character, scene, shot, take, run, alert, asset, membership])


def person(name: str, **fields):
    """A person with an account."""
    return get_user_model().objects.create_user(name, f"{name}@example.com", "take-one-please", **fields)


@pytest.fixture
def ours(db):
    """The production the people of these tests work on."""
    return build_world("Lanternfish", "LANT", person("lanternfish-owner"))


@pytest.fixture
def theirs(db):
    """A production nobody of these tests is a member of, save its own owner and the stranger."""
    return build_world("Quicksilver", "QUIC", person("quicksilver-owner"))


@pytest.fixture
def as_role(ours):
    """Give a client signed in as a new person with a role in `ours`."""

    def sign_in(role: str | None, name: str = "") -> Client:
        who = person(name or f"the-{role}")
        if role:
            add_member(ours.project, who, role)
        client = Client()
        client.force_login(who)
        client.person = who
        return client

    return sign_in


@pytest.fixture
def stranger_client(ours, theirs):
    """An owner of `theirs` who holds every permission Django knows, and is nobody in `ours`."""
    who = person("the-stranger")
    who.user_permissions.set(Permission.objects.all())
    add_member(theirs.project, who, Role.OWNER)
    client = Client()
    client.force_login(who)
    client.person = who
    return client


@pytest.fixture
def profile(db):
    """A model profile of the site."""
    return ModelProfile.objects.create(name="Draft stills", capability="image", provider="animatic")


@pytest.fixture
def administrator(db):
    """A client signed in as a superuser."""
    who = get_user_model().objects.create_superuser("the-administrator", "a@example.com", "take-one-please")
    client = Client()
    client.force_login(who)
    client.person = who
    return client
