"""The only writers of character records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from projects.actions.writing import changed_fields, write
from projects.events import emit
from projects.models import Project
from projects.revisions import follow

from .models import (
    SMALLEST_TRAINING_SET,
    Character,
    CharacterIdentity,
    CharacterReference,
    CharacterState,
    IdentityState,
    IdentityTest,
    Look,
)

LEAD_SHARE = 0.5
"""A speaker with at least this share of the most talkative one's words is more than a minor part."""

ASKED_OF_A_TRAINING = frozenset(
    {"technique", "version", "base_model", "trigger_word", "steps", "rank", "learning_rate"}
)
CAN_BE_TRAINED = (IdentityState.Status.UNTRAINED, IdentityState.Status.FAILED)


@transaction.atomic
def meet_characters(project: Project, words: Mapping[str, int]) -> dict[str, Character]:
    """Make sure every speaker of a script has a record; returns them all by the name the script uses.

    `words` maps a cue name to the words it speaks. Known names and aliases are left as people wrote them.
    """
    known = _by_any_name(project)
    most = max(words.values(), default=0)
    leads = sorted(words, key=lambda name: -words[name])
    for name in words:
        if name in known:
            continue
        if leads and name == leads[0]:
            role = Character.StoryRole.PROTAGONIST
        elif words[name] >= most * LEAD_SHARE:
            role = Character.StoryRole.DEUTERAGONIST
        else:
            role = Character.StoryRole.SUPPORTING
        known[name] = Character.objects.create(project=project, name=name, role=role)
        CharacterState.objects.create(character=known[name])
        emit(project.pk, "character.created", f"character:{known[name].pk}", {"name": name})
    return {name: known[name] for name in words}


@transaction.atomic
def create_character(project: Project, *, by: Any = None, **fields: Any) -> Character:
    """Give the production a new character; raises ValidationError with a sentence per field."""
    character = Character(project=project, created_by=by)
    _refuse_a_name_that_is_taken(character, fields)
    write(character, fields, character.project_id)
    CharacterState.objects.create(character=character)
    emit(project.pk, "character.created", f"character:{character.pk}", {"name": character.name})
    return character


@transaction.atomic
def change_character(character: Character, *, by: Any = None, **fields: Any) -> Character:
    """Change fields that people write; raises ValidationError with a sentence per field."""
    look = fields.get("default_look")
    if look is not None and look.character_id != character.pk:
        raise ValidationError({"default_look": f"{look} is a look of another character."})
    _refuse_a_name_that_is_taken(character, fields)
    write(character, fields, character.project_id)
    follow(character, fields, by=by)
    emit(character.project_id, "character.changed", f"character:{character.pk}", {"fields": sorted(fields)})
    return character


@transaction.atomic
def remove_character(character: Character) -> None:
    """Take a character out of the production; shots keep the name of who stood there."""
    pk = character.pk
    character.delete()
    emit(character.project_id, "character.removed", f"character:{pk}", {"name": character.name})


@transaction.atomic
def write_look(character: Character, name: str, *, by: Any = None, **fields: Any) -> Look:
    """Create a look of the character or change it, by its name. The first one becomes the default."""
    look = Look.objects.filter(character=character, name=name).first()
    look = look or Look(character=character, name=name, created_by=by)
    write(look, fields, look.character.project_id)
    follow(look, fields, by=by)
    if character.default_look_id is None:
        Character.objects.filter(pk=character.pk).update(default_look=look)
        character.default_look = look
        follow(character, {"default_look": look}, by=by)
    emit(character.project_id, "look.changed", f"character:{character.pk}", {"look": look.pk, "name": look.name})
    return look


@transaction.atomic
def change_look(look: Look, *, by: Any = None, **fields: Any) -> Look:
    """Change a look, its name included; raises ValidationError with a sentence per field."""
    write(look, fields, look.character.project_id)
    follow(look, fields, by=by)
    emit(look.character.project_id, "look.changed", f"character:{look.character_id}", {"look": look.pk})
    return look


@transaction.atomic
def remove_look(look: Look) -> None:
    """Take a look away; its references stay with the character."""
    character, pk = look.character, look.pk
    look.delete()
    emit(character.project_id, "look.removed", f"character:{character.pk}", {"look": pk})


@transaction.atomic
def add_reference(
    character: Character, image_id: int, kind: str, *, by: Any = None, **fields: Any
) -> CharacterReference:
    """Add a picture of the character. A new master takes the place of the one before, which becomes a view."""
    if kind == CharacterReference.Kind.MASTER:
        _make_room_for_master(character)
    reference = CharacterReference(character=character, image_id=image_id, created_by=by)
    write(reference, {"kind": kind, **fields}, character.project_id)
    _of_this_production(reference)
    state = CharacterState.objects.filter(character=character)
    state.filter(status=CharacterState.Status.CONCEPT).update(status=CharacterState.Status.REFERENCED)
    if kind == CharacterReference.Kind.MASTER:
        state.update(master_reference=reference)
    emit(
        character.project_id, "reference.added", f"character:{character.pk}", {"reference": reference.pk, "kind": kind}
    )
    return reference


@transaction.atomic
def change_reference(reference: CharacterReference, **fields: Any) -> CharacterReference:
    """Change what is said of a picture, or whether it is trained on; `kind` moves the master as add_reference does."""
    master = fields.get("kind") == CharacterReference.Kind.MASTER and reference.kind != CharacterReference.Kind.MASTER
    if master:
        _make_room_for_master(reference.character)
    write(reference, fields, reference.character.project_id)
    _of_this_production(reference)
    if master:
        CharacterState.objects.filter(character=reference.character_id).update(master_reference=reference)
    character = reference.character
    emit(character.project_id, "reference.changed", f"character:{character.pk}", {"reference": reference.pk})
    return reference


@transaction.atomic
def remove_reference(reference: CharacterReference) -> None:
    """Take a picture off the character; the file stays in the production's media."""
    character, pk = reference.character, reference.pk
    reference.delete()
    emit(character.project_id, "reference.removed", f"character:{character.pk}", {"reference": pk})


@transaction.atomic
def create_identity(
    character: Character,
    technique: str,
    training_set: Sequence[CharacterReference] = (),
    *,
    by: Any = None,
    **fields: Any,
) -> CharacterIdentity:
    """Begin the next version of an identity. A trained one needs at least SMALLEST_TRAINING_SET pictures."""
    _check_training_set(character, technique, training_set)
    versions = CharacterIdentity.objects.filter(character=character, technique=technique)
    last = versions.aggregate(last=Max("version"))["last"] or 0
    identity = CharacterIdentity(character=character, version=last + 1, created_by=by)
    write(identity, {"technique": technique, "trigger_word": character.trigger_word} | fields, character.project_id)
    identity.training_set.set(training_set)
    IdentityState.objects.create(identity=identity)
    emit(character.project_id, "identity.created", f"character:{character.pk}", {"identity": identity.pk})
    return identity


@transaction.atomic
def change_identity(identity: CharacterIdentity, **fields: Any) -> CharacterIdentity:
    """Change what people decide about an identity, such as its default scale or notes.

    What a training was asked for stays as it was once it has begun: another one is the next version.
    """
    before = list(identity.training_set.all())
    chosen = list(fields.get("training_set", before))
    anew = set(changed_fields(identity, {name: fields[name] for name in fields.keys() & ASKED_OF_A_TRAINING}))
    anew |= {"training_set"} if {one.pk for one in chosen} != {one.pk for one in before} else set()
    if anew and not IdentityState.objects.filter(identity=identity, status__in=CAN_BE_TRAINED).exists():
        raise ValidationError({
            sorted(anew)[0]: "This identity is being trained or has been: begin its next version instead."
        })  # fmt: skip
    if anew & {"training_set", "technique"}:
        _check_training_set(identity.character, fields.get("technique", identity.technique), chosen)
    write(identity, fields, identity.character.project_id)
    _tell_of(identity, "identity.changed", fields=sorted(fields))
    return identity


@transaction.atomic
def set_identity_state(identity: CharacterIdentity, status: str, **facts: Any) -> None:
    """Keep how the training goes: `facts` are fields of IdentityState (progress, weights, cost, error_message ...)."""
    IdentityState.objects.filter(identity=identity).update(status=status, **facts)
    if status == IdentityState.Status.COMPLETED:
        CharacterState.objects.filter(character=identity.character_id).exclude(
            status=CharacterState.Status.PRODUCTION_READY
        ).update(status=CharacterState.Status.IDENTITY_READY)
    _tell_of(identity, "identity.status", status=str(status), progress=facts.get("progress"))


@transaction.atomic
def record_identity_test(identity: CharacterIdentity, **facts: Any) -> IdentityTest:
    """Keep one test of an identity. What was not measured stays empty."""
    test = IdentityTest(identity=identity, **facts)
    test.full_clean()
    test.save()
    _tell_of(identity, "identity.tested", test=test.pk, passed=test.passed)
    return test


@transaction.atomic
def set_character_status(character: Character, status: str) -> None:
    """Say how far the character's looks are settled."""
    moved = CharacterState.objects.filter(character=character).exclude(status=status).update(status=status)
    if moved:
        emit(character.project_id, "character.status", f"character:{character.pk}", {"status": str(status)})


def _check_training_set(character: Character, technique: str, chosen: Sequence[CharacterReference]) -> None:
    if any(reference.character_id != character.pk for reference in chosen):
        raise ValidationError({"training_set": f"Only pictures of {character.name} can train this identity."})
    if technique != CharacterIdentity.Technique.REFERENCE_SET and len(chosen) < SMALLEST_TRAINING_SET:
        raise ValidationError({
            "training_set": f"{len(chosen)} pictures are too few: choose at least {SMALLEST_TRAINING_SET}, "
            "better 10 to 20."
        })  # fmt: skip


def _tell_of(identity: CharacterIdentity, event: str, **payload: Any) -> None:
    character = identity.character
    emit(character.project_id, event, f"character:{character.pk}", {"identity": identity.pk} | payload)


def _make_room_for_master(character: Character) -> None:
    masters = CharacterReference.objects.filter(character=character, kind=CharacterReference.Kind.MASTER)
    masters.update(kind=CharacterReference.Kind.VIEW)


def _of_this_production(reference: CharacterReference) -> None:
    """A picture and a look of another production or character must not come in by their numbers."""
    if reference.image.project_id != reference.character.project_id:
        raise ValidationError({"image": "There is no such picture in this production."})
    if reference.look is not None and reference.look.character_id != reference.character_id:
        raise ValidationError({"look": f"{reference.look} is a look of another character."})


def _refuse_a_name_that_is_taken(character: Character, fields: Mapping[str, Any]) -> None:
    """A name or alias means one character: the script's cues are looked up by it."""
    names = [fields.get("name", character.name), *fields.get("aliases", character.aliases)]
    known = _by_any_name(character.project)
    for name in names:
        other = known.get(str(name).upper())
        if other is not None and other.pk != character.pk:
            field = "name" if name == names[0] else "aliases"
            raise ValidationError({field: f"{name} is {other.name} already: merge the two, or choose another name."})


def _by_any_name(project: Project) -> dict[str, Character]:
    names: dict[str, Character] = {}
    for character in Character.objects.filter(project=project):
        for name in [*character.aliases, character.name]:
            names[name.upper()] = character
    return names
