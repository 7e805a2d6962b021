"""Raw material until it is locked, how ready it is, the bible, and names that are never given again."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from projects import coherence
from projects.actions import (
    add_gather_item,
    add_member,
    change_gather_item,
    change_project,
    create_project,
    delete_project,
    lock_gather,
    record_readiness,
    remove_gather_item,
    remove_member,
    write_bible,
    write_document,
)
from projects.choices import Evaluator, Role
from projects.models import Event, GatherItem, Membership, Project, StoryBible


@pytest.fixture
def note(project):
    return add_gather_item(project, "note", title="The lamp", body="It has never gone out.")


def test_material_is_kept_as_it_was_brought(project, owner):
    item = add_gather_item(
        project, "character", title="Mara", structured={"height": 1.7, "left-handed": True}, source="api", by=owner
    )
    item.refresh_from_db()
    assert (item.structured, item.source, item.created_by) == ({"height": 1.7, "left-handed": True}, "api", owner)
    assert Event.objects.latest("pk").type == "gather.added"


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"title": "x", "structured": ["no", "names"]}, "structured"), ({"title": "x", "kind": "dream"}, "kind")],
)
def test_material_that_makes_no_sense_is_refused_beside_its_field(project, fields, field):
    kind = fields.pop("kind", "note")
    with pytest.raises(ValidationError) as refused:
        add_gather_item(project, kind, **fields)
    assert field in refused.value.message_dict
    assert not GatherItem.objects.exists()


def test_from_the_lock_on_material_can_only_be_read(project, note, owner):
    assert lock_gather(project, by=owner) is True
    assert lock_gather(project) is False
    first = project.state.__class__.objects.get(project=project)
    assert (first.gather_locked_by, first.gather_locked_at is not None) == (owner, True)
    for change in (
        lambda: add_gather_item(project, "note", title="Too late"),
        lambda: change_gather_item(note, title="Other"),
        lambda: remove_gather_item(note),
    ):
        with pytest.raises(ValidationError, match="locked"):
            change()
    assert list(GatherItem.objects.values_list("title", flat=True)) == ["The lamp"]


@pytest.mark.parametrize("way", ["insert", "update", "delete"])
def test_the_database_itself_refuses_to_change_locked_material(project, note, way):
    lock_gather(project)
    deeds = {
        "insert": lambda: GatherItem.objects.bulk_create([GatherItem(project=project, kind="note", title="x")]),
        "update": lambda: GatherItem.objects.filter(pk=note.pk).update(title="x"),
        "delete": lambda: GatherItem.objects.filter(pk=note.pk).delete(),
    }
    with pytest.raises(DatabaseError, match="locked"), transaction.atomic():
        deeds[way]()
    assert GatherItem.objects.get().title == "The lamp"


def test_another_productions_material_stays_open(project, note, owner):
    lock_gather(project)
    other = create_project(title="Night Ferry", owner=owner)
    assert add_gather_item(other, "note", title="Fog").pk


def test_a_department_is_ready_from_its_threshold_on_and_two_judges_stand_beside_each_other(project):
    assert record_readiness(project, "world", 74, ["No rules yet."]).ready is False
    assert record_readiness(project, "world", 75, []).ready is True
    record_readiness(project, "world", 40, ["The magic contradicts itself."], by=Evaluator.MODEL)
    assert sorted(project.readiness.values_list("evaluated_by", "score")) == [("model", 40), ("rules", 75)]
    with pytest.raises(ValidationError):
        record_readiness(project, "world", 101, [])


def test_a_document_has_its_key_once_and_is_written_over(project):
    write_document(project, "visual guidelines", "colour", {"rule": "no red"})
    write_document(project, "visual guidelines", "colour", {"rule": "red at the end"}, schema_version=2)
    document = project.documents.get()
    assert (document.data, document.schema_version) == ({"rule": "red at the end"}, 2)


# -- the bible


def test_a_bible_is_written_with_its_lists_in_order(project, owner):
    write_bible(
        project, by=owner, tone="salt and patience",
        parts={"world_rules": [{"category": "physics", "description": "The tide comes twice."},
                               {"category": "society", "description": "Keepers do not marry."}]},
    )  # fmt: skip
    bible = StoryBible.objects.get()
    assert [rule.description for rule in bible.world_rules.all()] == ["The tide comes twice.", "Keepers do not marry."]
    write_bible(project, parts={"world_rules": [{"category": "history", "description": "The lamp was stolen once."}]})
    assert [rule.category for rule in StoryBible.objects.get().world_rules.all()] == ["history"]


def test_a_wrong_row_of_a_bible_is_named_and_nothing_is_written(project):
    write_bible(project, tone="before")
    rows = [{"category": "physics", "description": "Good."}, {"category": "cooking", "description": "Bad."}]
    with pytest.raises(ValidationError, match="world_rules, row 2"):
        write_bible(project, tone="after", parts={"world_rules": rows})
    bible = StoryBible.objects.get()
    assert (bible.tone, bible.world_rules.count()) == ("before", 0)


def test_a_verb_writes_into_an_unpublished_draft_too(project, owner):
    bible = write_bible(project, tone="calm")
    draft = bible.save_revision(user=owner).as_object()
    bible.publish(bible.latest_revision)
    draft.title = "A better title"
    draft.save_revision(user=owner)
    write_bible(project, tone="storm")
    bible = StoryBible.objects.get()
    kept = bible.get_latest_revision_as_object()
    assert (bible.tone, kept.tone, kept.title) == ("storm", "storm", "A better title")


def test_what_a_verb_wrote_is_what_the_next_editor_sees(project):
    project.save_revision()
    change_project(project, logline="Changed by a script.")
    project.refresh_from_db()
    assert project.get_latest_revision_as_object().logline == "Changed by a script."


# -- people and names


def test_the_last_owner_stays_and_only_owners_make_owners(project, owner, member):
    with pytest.raises(ValidationError, match="without an owner"):
        remove_member(Membership.objects.get(project=project, person=owner), by=owner)
    with pytest.raises(ValidationError, match="Only an owner"):
        add_member(project, member, Role.OWNER, by=member)
    add_member(project, member, Role.OWNER, by=owner)
    remove_member(Membership.objects.get(project=project, person=owner), by=member)
    assert list(Membership.objects.filter(project=project).values_list("person", "role")) == [(member.pk, "owner")]


def test_the_slug_and_code_of_a_production_that_is_gone_are_never_given_again(owner):
    project = create_project(title="Night Ferry", owner=owner)
    slug, code = project.slug, project.code
    lock_gather(project)
    delete_project(project)
    again = create_project(title="Night Ferry", owner=owner)
    assert (again.slug, again.code) != (slug, code)
    assert slug != again.slug
    assert code != again.code
    with pytest.raises(ValidationError, match="gone"):
        create_project(title="Other", code=code, owner=owner)
    assert Project.objects.count() == 1


def test_the_code_of_a_production_is_never_changed(project):
    with pytest.raises(ValidationError, match="never changed"):
        change_project(project, code="ZZZZ")


@pytest.mark.parametrize("palette", [["#12345"], ["red"], "#112233", [""]])
def test_what_is_no_palette_is_refused(project, palette):
    with pytest.raises(ValidationError):
        change_project(project, style_palette=palette)


# -- coherence settings


def test_without_a_choice_the_defaults_of_the_records_hold():
    """02-records: on are seed control, identity references, enhanced planning, QC, post-processing, parallel clips."""
    on = {key for key, value in coherence.effective().items() if value}
    assert on == {
        "seed_control", "identity_references", "enhanced_planning", "qc_scoring", "post_processing", "parallel_clips",
    }  # fmt: skip


def test_a_run_overrides_its_production_and_says_what_is_unmet():
    settings = coherence.effective({"lora": True, "qc_scoring": False}, {"qc_scoring": True})
    assert (settings["lora"], settings["qc_scoring"]) == (True, True)
    sentences = coherence.unmet(settings, {coherence.Need.CHARACTERS})
    assert sentences == ["Trained identities needs a trained identity, and there is none here."]
    assert coherence.factors({"lora": True}) > coherence.factors({})


@pytest.mark.parametrize("chosen", [{"magic": True}, {"lora": "yes"}, ["lora"]])
def test_what_is_no_coherence_setting_is_refused(project, chosen):
    with pytest.raises(ValidationError):
        change_project(project, coherence=chosen)
