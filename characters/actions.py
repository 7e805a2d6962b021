"""The only writers of character records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from projects.events import emit
from projects.models import Project

from .models import Character

LEAD_SHARE = 0.5
"""A speaker with at least this share of the most talkative one's words is more than a minor part."""


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
        emit(project.pk, "character.created", f"character:{known[name].pk}", {"name": name})
    return {name: known[name] for name in words}


@transaction.atomic
def create_character(project: Project, **fields: Any) -> Character:
    """Give the production a new character; raises ValidationError with a sentence per field."""
    character = Character(project=project)
    _write(character, fields)
    emit(project.pk, "character.created", f"character:{character.pk}", {"name": character.name})
    return character


@transaction.atomic
def change_character(character: Character, **fields: Any) -> Character:
    """Change fields that people write; raises ValidationError with a sentence per field."""
    _write(character, fields)
    emit(character.project_id, "character.changed", f"character:{character.pk}", {"fields": sorted(fields)})
    return character


@transaction.atomic
def remove_character(character: Character) -> None:
    """Take a character out of the production; shots keep the name of who stood there."""
    pk = character.pk
    character.delete()
    emit(character.project_id, "character.removed", f"character:{pk}", {"name": character.name})


def _write(character: Character, fields: Mapping[str, Any]) -> None:
    for name, value in fields.items():
        setattr(character, name, value)
    character.full_clean()
    character.save()


def _by_any_name(project: Project) -> dict[str, Character]:
    names: dict[str, Character] = {}
    for character in Character.objects.filter(project=project):
        for name in [*character.aliases, character.name]:
            names[name.upper()] = character
    return names
