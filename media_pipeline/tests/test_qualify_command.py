"""Qualifying from the terminal: what it says before, what it makes, and going on after a failure."""

from __future__ import annotations

import io
import json

import pytest
from django.core.management import CommandError, call_command

from media_pipeline.departments.tests.conftest import material  # noqa: F401
from media_pipeline.runs.models import Run
from projects.models import StoryBible
from scenes.importing import import_screenplay_file

pytestmark = pytest.mark.django_db


def said(*arguments):
    """What the command prints."""
    out = io.StringIO()
    call_command("qualify", *arguments, "--workers=1", stdout=out)
    return out.getvalue()


def test_readiness_is_told_with_what_is_missing_and_nothing_is_started(project):
    lines = said("SALT", "--readiness").splitlines()
    place = lines.index("World: 0 of 100, not ready, 75 needed (required)")
    assert lines[place + 1] == "    No place is named: add a location, or import a screenplay."
    assert json.loads(said("SALT", "--readiness", "--json"))["departments"]["world"]["score"] == 0
    assert not Run.objects.exists()


@pytest.mark.django_db  # with the model profiles that a site comes with: a test that commits has none
def test_the_estimate_is_an_amount_of_money(material):  # noqa: F811
    assert said("salt", "--estimate").strip().endswith("USD")
    assert not Run.objects.exists()


def test_material_that_is_not_ready_is_refused_with_what_to_type(project):
    with pytest.raises(CommandError, match=r"World \(0 of 75\).*start with --anyway\.$"):
        said("SALT")


def test_an_unknown_production_is_named(db):
    with pytest.raises(CommandError, match="no production with the code NOPE"):
        said("nope")


@pytest.mark.django_db(transaction=True)
def test_it_makes_the_records_and_goes_on_where_it_had_stopped(project, models):
    with pytest.raises(CommandError, match="There is no story yet"):
        said("SALT", "--anyway", "--json")
    import_screenplay_file(project, b"INT. LAMP ROOM - NIGHT\n\nMara lights the lamp.\n", "lamp.fountain")
    made = json.loads(said("SALT", "--json"))
    assert made["departments"]["story"]["wrote"]["scenes planned"] == 1
    assert Run.objects.filter(pipeline="qualify").count() == 1
    assert not StoryBible.objects.filter(world_rules__isnull=False).exists()
