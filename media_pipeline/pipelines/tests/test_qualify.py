"""From gathered material to records: the lock, the phases, a department that fails, and going on from there."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from media_pipeline.departments.tests.conftest import material, qualify  # noqa: F401
from media_pipeline.qualification import start_qualification
from media_pipeline.runs.models import Run, RunState
from projects.models import ProjectState

pytestmark = pytest.mark.django_db


def test_material_that_is_not_ready_starts_only_when_a_person_says_so(project, owner):
    with pytest.raises(ValidationError, match=r"World \(0 of 75\)"):
        start_qualification(project, by=owner)
    assert not Run.objects.exists()
    assert start_qualification(project, although_not_ready=True, by=owner).state == RunState.QUEUED


def test_qualifying_locks_the_material_and_ends_in_pre_production(material, qualify, owner):  # noqa: F811
    run = qualify(by=owner)
    assert run.state == RunState.SUCCEEDED, run.error
    state = ProjectState.objects.get(project=material)
    assert (state.status, state.gather_locked_by, state.gather_locked_at is not None) == ("pre_production", owner, True)
