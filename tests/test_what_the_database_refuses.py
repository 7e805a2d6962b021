"""Rules of the records that the database itself holds, on SQLite and PostgreSQL, whoever writes.

No verb and no form is asked here; each change goes straight to the table.
"""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from characters.models import Character, CharacterIdentity, CharacterReference, IdentityTest
from media_pipeline.runs.models import Run, Transition
from projects import triggers
from projects.actions import delete_project
from projects.models import (
    BudgetAccount,
    BudgetLedgerEntry,
    Chapter,
    DepartmentReadiness,
    GatherItem,
    Membership,
    Project,
    RetiredName,
)
from prompts.models import PromptTemplate, PromptTemplateVersion
from scenes.models import (
    CompositeIteration,
    ContinuityCheck,
    DialogueLine,
    Scene,
    SetElement,
    Shot,
    ShotState,
    SoundEffect,
    Take,
    VerificationResult,
)
from studio.editorial.tests.conftest import build_world, fill_production, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours(db):
    world = build_world("Lanternfish", "LANT", person("lanternfish-owner"))
    Transition.objects.create(run=world.of(Run), before="", after="queued")
    return world


REFUSED = [
    (Project, {"code": "lant"}), (Project, {"code": "LANTERN"}), (Membership, {"role": "king"}),
    (Chapter, {"number": 0}), (DepartmentReadiness, {"score": 101}), (DepartmentReadiness, {"threshold": 101}),
    (GatherItem, {"title": "", "body": "", "attachment": None}),
    (BudgetAccount, {"limit": -1}), (BudgetAccount, {"run_limit": -1}), (BudgetAccount, {"person_day_limit": -1}),
    (BudgetAccount, {"approval_threshold": -1}), (BudgetAccount, {"warning_percent": 0}),
    (BudgetAccount, {"warning_percent": 101}), (BudgetAccount, {"currency": "usd"}), (BudgetAccount, {"reserved": -1}),
    (BudgetLedgerEntry, {"note": "never happened"}), (BudgetLedgerEntry, {"amount": 0}),
    (Character, {"name": ""}), (Character, {"voice_pitch": 13}), (Character, {"voice_pace": 3}),
    (Character, {"voice_pace": "0.4"}), (Character, {"scale_height": 0}),
    (CharacterReference, {"horizontal_angle": 181}), (CharacterReference, {"vertical_angle": -91}),
    (CharacterIdentity, {"default_scale": "1.01"}), (CharacterIdentity, {"steps": 0}), (CharacterIdentity, {"rank": 0}),
    (CharacterIdentity, {"learning_rate": 0}), (CharacterIdentity, {"version": 0}),
    (IdentityTest, {"similarity": 101}), (IdentityTest, {"face_distance": -1}),
    (Scene, {"transition_in_seconds": -1}), (Scene, {"expected_seconds": -1}), (Scene, {"lens_mm": 0}),
    (Scene, {"aperture": "0.5"}), (Scene, {"colour_temperature": 999}), (Shot, {"lens_mm": 0}),
    (Shot, {"aperture": 65}), (Shot, {"colour_temperature": 20001}), (Shot, {"number": 0}), (Shot, {"suffix": "a"}),
    (Shot, {"expected_seconds": 0}), (CompositeIteration, {"number": 21}), (CompositeIteration, {"attempts": 6}),
    (VerificationResult, {"confidence": 2}), (ContinuityCheck, {"dismissed_at": "2026-11-21T00:00:00Z"}),
    (Take, {"number": 7}), (Take, {"prompt": "Something else."}), (Take, {"media": None}), (Take, {"seed": 2}),
    (PromptTemplate, {"template": ""}), (PromptTemplateVersion, {"text": "Another."}),
    (Transition, {"after": "failed"}),
]  # fmt: skip
"""Record -> a change that no row of it takes."""


def named(value):
    return value.__name__ if isinstance(value, type) else str(value)


@pytest.mark.parametrize(("model", "change"), REFUSED, ids=named)
def test_a_value_that_cannot_be_is_refused(ours, model, change):
    rows = model.objects.all()
    assert rows.exists()
    before = list(rows.values())
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(**change)
    assert list(model.objects.values()) == before


TWICE = [
    (Project, ("slug",)), (Project, ("code",)), (Membership, ("project", "person")), (Chapter, ("project", "number")),
    (Character, ("project", "name")), (Scene, ("chapter", "number")), (Shot, ("scene", "number", "suffix")),
    (Take, ("shot", "number")), (DepartmentReadiness, ("project", "department", "evaluated_by")),
    (PromptTemplate, ("project", "key")), (RetiredName, ("name",)),
]  # fmt: skip
"""Record -> what is there once."""


@pytest.mark.parametrize(("model", "fields"), TWICE, ids=named)
def test_numbers_codes_and_names_are_there_once(ours, model, fields):
    RetiredName.objects.create(name="gone")
    row = model.objects.order_by("pk").first()
    copy = model.objects.get(pk=row.pk)
    copy.pk, copy._state.adding = None, True
    for other in {"slug", "code"} - set(fields):
        if model is Project:
            setattr(copy, other, {"slug": "another", "code": "ANOT"}[other])
    with pytest.raises(DatabaseError), transaction.atomic():
        copy.save_base(raw=True, force_insert=True)


def test_a_shot_selects_one_take_of_its_own(ours):
    fill_production("Gurnard", ours.project, ours.owner, 2)
    theirs = Take.objects.exclude(shot=ours.of(Shot)).first()
    with pytest.raises(DatabaseError), transaction.atomic():
        ShotState.objects.filter(shot=ours.of(Shot)).update(selected_take=theirs)
    assert [field.name for field in ShotState._meta.fields if field.related_model is Take] == ["selected_take"]


@pytest.mark.parametrize("change", [{"frames": 0}, {"width": 0}, {"cost": "-0.01"}], ids=named)
def test_a_take_that_cannot_be_is_not_made(ours, change):
    copy = Take.objects.first()
    copy.pk, copy.number, copy._state.adding = None, copy.number + 1, True
    for name, value in change.items():
        setattr(copy, name, value)
    with pytest.raises(DatabaseError), transaction.atomic():
        copy.save_base(raw=True, force_insert=True)


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        (SetElement, {"category": "set_dressing", "name": "Lamp", "count": 0}),
        (DialogueLine, {"speaker": "ADA", "line": "Listen.", "starts": -1}),
        (SoundEffect, {"name": "Bell", "seconds": -1}),
    ],
    ids=named,
)
def test_a_part_of_a_scene_that_cannot_be_is_not_made(ours, model, fields):
    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.create(scene=ours.of(Scene), **fields)


@pytest.mark.parametrize("model", [BudgetLedgerEntry, Transition])
def test_history_is_neither_changed_nor_removed(ours, model):
    for deed in (lambda rows: rows.delete(), lambda rows: rows._raw_delete(rows.db)):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            deed(model.objects.all())
    assert model.objects.exists()


def test_history_goes_with_its_production(ours):
    delete_project(ours.project)
    assert not BudgetLedgerEntry.objects.exists()
    assert not Transition.objects.exists()


def test_a_migration_that_builds_a_table_anew_loses_no_rule(ours):
    """SQLite drops a table's triggers with the table."""
    triggers.take_down("default")
    BudgetLedgerEntry.objects.update(note="a migration moves old rows")
    call_command("migrate", verbosity=0)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        BudgetLedgerEntry.objects.update(note="nobody does")


def test_every_rule_stands(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            if connection.vendor == "sqlite"
            else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        )
        assert triggers.RULES.keys() <= {name for (name,) in cursor.fetchall()}
