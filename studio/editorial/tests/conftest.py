"""Two productions with a record of every kind, and people with every kind of access to them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client
from wagtail.models import RevisionMixin

from characters.actions import add_reference, create_character, create_identity, write_look
from characters.models import IdentityTest
from dailies import actions as dailies
from dailies.voices import Voice
from media_pipeline.models import MediaAsset, Run
from projects.actions import (
    add_gather_item,
    add_member,
    create_project,
    raise_alert,
    record_readiness,
    write_bible,
    write_chapter,
    write_document,
)
from projects.choices import Role
from projects.models import (
    BudgetLedgerEntry,
    Correction,
    Membership,
    OutgoingWebhook,
    Project,
    WebhookDelivery,
    WebhookState,
)
from prompts.actions import create_template
from prompts.models import ModelProfile
from scenes.actions import (
    add_scene,
    add_shot,
    create_consistency_group,
    create_location,
    create_prop,
    create_style,
    record_take,
)
from scenes.models import CompositeIteration, ContinuityCheck, GenerationGroup, VerificationResult


@dataclass
class World:
    """One production with a record of every kind; every text in it holds `mark`."""

    mark: str
    project: Project
    records: list[Any]

    @property
    def owner(self):
        """The person who made it."""
        return self.of(Membership).person

    def of(self, model):
        """The record of the model."""
        return next(record for record in self.records if type(record) is model)


def build_world(mark: str, code: str, owner) -> World:
    """A production whose every record can be recognised by `mark`."""
    project = create_project(title=f"{mark} Production", code=code, owner=owner, logline=mark)
    project.save_revision()
    membership = Membership.objects.get(project=project, person=owner)
    return World(mark, project, [project, membership, project.budget, *fill_production(mark, project, owner)])


def fill_production(mark: str, project: Project, owner, number: int = 1) -> list[Any]:
    """One more record of every kind in a production; `number` is the chapter's."""
    chapter = write_chapter(project, number, title=f"{mark} chapter")
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
    for record in (chapter, character, scene, shot):
        if isinstance(record, RevisionMixin):
            record.save_revision()
    records = [chapter, character, scene, shot, take, run, alert, asset]
    records += story_of(mark, project, character, asset) + made_of(mark, shot, take, run)
    return records + said_of(mark, project, take, owner)


def story_of(mark: str, project, character, asset) -> list[Any]:
    """What people write beside the scenes."""
    look = write_look(character, f"{mark} oilskin")
    bible = write_bible(project, title=f"{mark} bible", parts={"glossary": [{"term": mark, "meaning": mark}]})
    identity = create_identity(character, "reference_set", notes=mark)
    records = [
        look, bible, identity,
        add_gather_item(project, "note", title=f"{mark} note"),
        record_readiness(project, f"{mark} department", 50, [f"{mark} is missing"]),
        write_document(project, f"{mark} collection", "key", {"mark": mark}),
        add_reference(character, asset.pk, "view", description=mark),
        IdentityTest.objects.create(identity=identity, kind="portrait", prompt=mark, image=asset),
        create_location(project, name=f"{mark} harbour"),
        create_prop(project, name=f"{mark} lamp"),
        create_style(project, name=f"{mark} style"),
        create_template(
            project, name=f"{mark} template", key=f"{mark.lower()}.one", category="scene", template=f"{mark} at [hour]",
            variables=[{"name": "hour"}],
        ),
        create_consistency_group(project, name=f"{mark} coat", same="wardrobe"),
    ]  # fmt: skip
    for record in records:
        if isinstance(record, RevisionMixin) and record.latest_revision_id is None:
            record.save_revision()
    return records


def made_of(mark: str, shot, take, run) -> list[Any]:
    """What machines have made of a shot."""
    project = run.project
    entry = BudgetLedgerEntry.objects.create(project=project, kind="adjust", amount=1, currency="USD", note=mark)
    group = GenerationGroup.objects.create(project=project, shot=shot, kind="hero_frame")
    after = add_shot(shot.scene, project.pk, number=9, sequence=9, business=f"{mark} leaves")
    return [
        entry, group,
        Correction.objects.create(project=project, kind="renamed", words=mark),
        *told_others(mark, project),
        CompositeIteration.objects.create(shot=shot, run=run, number=1, layer="location", prompt=mark),
        VerificationResult.objects.create(shot=shot, kind="vision_model", query=mark, answer=mark, passed=True),
        ContinuityCheck.objects.create(
            from_shot=shot, to_shot=after, kind="palette", severity="warning", passed=False, notes=mark
        ),
    ]  # fmt: skip


def told_others(mark: str, project) -> list[Any]:
    """A webhook and what was sent to it."""
    webhook = OutgoingWebhook.objects.create(project=project, name=f"{mark} tracker", url=f"https://{mark}.example/")
    WebhookState.objects.create(webhook=webhook)
    return [webhook, WebhookDelivery.objects.create(webhook=webhook, event_type="shot.status", body=mark)]


def said_of(mark: str, project, take, owner) -> list[Any]:
    """What people have said of a take in the review room."""
    voice = Voice(owner)
    review, _ = dailies.decide(project, take, "needs_review", voice=voice, key=uuid4(), text=mark)
    note, _ = dailies.write_note(project, take, voice=voice, key=uuid4(), text=mark)
    playlist = dailies.create_playlist(project, f"{mark} playlist", [take.pk], by=owner)
    return [review, note, playlist, dailies.start_session(playlist, by=owner)]


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
