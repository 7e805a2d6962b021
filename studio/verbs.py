"""Which verb writes a record that was edited in the admin.

The admin has no way of its own to write: what a form says goes to the verbs of the records' own apps, which
validate, save and append the event in one transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model

from characters import actions as characters
from characters.models import Character, CharacterIdentity, CharacterReference, Look
from media_pipeline.providers.registry import is_known
from media_pipeline.qualification import keep_readiness
from projects import actions as projects
from projects.models import BudgetAccount, Chapter, GatherItem, Membership, Project, StoryBible
from prompts import actions as prompts
from prompts.models import ModelProfile, PromptTemplate
from scenes import actions as scenes
from scenes.models import ConsistencyGroup, Location, Prop, Scene, Shot, Style

Values = Mapping[str, Any]


def _no_verb(*_: Any) -> Any:
    raise TypeError("There is no such verb: this is not done to such a record.")


def _nothing_more(record: Any) -> None:
    return None


@dataclass(frozen=True)
class Verbs:
    """What writes one kind of record. Each raises ValidationError with sentences when it refuses."""

    create: Callable[[Any, Values], Model]
    """(person, values of the form) -> the new record."""
    change: Callable[[Any, Any, Values], Model]
    """(person, record, changed values) -> the record as it now is."""
    remove: Callable[[Any, Any], None] = _no_verb
    """(person, record)."""
    published: Callable[[Any], Any] = _nothing_more
    """What a draft that was published needs besides its event."""
    rows: frozenset[str] = frozenset()
    """Lists inside the record that its verbs take as rows among the values."""


def verbs_of(model: type[Model]) -> Verbs:
    """The verbs of the model; KeyError for what machines make."""
    return VERBS[model]


def _create_project(person: Any, values: Values) -> Project:
    return projects.create_project(owner=person, **values)


def _change_project(person: Any, project: Project, values: Values) -> Project:
    return projects.change_project(project, by=person, **values)


def _change_budget(person: Any, account: BudgetAccount, values: Values) -> BudgetAccount:
    return projects.set_budget(account.project, **values)


def _create_chapter(person: Any, values: Values) -> Chapter:
    return projects.write_chapter(
        values["project"], values["number"], by=person, **_without(values, "project", "number")
    )


def _change_chapter(person: Any, chapter: Chapter, values: Values) -> Chapter:
    if values.get("number", chapter.number) != chapter.number:
        raise ValidationError({"number": "A chapter keeps its number: files and links carry it."})
    return projects.write_chapter(chapter.project, chapter.number, by=person, **_without(values, "number"))


def _create_bible(person: Any, values: Values) -> StoryBible:
    return projects.write_bible(values["project"], by=person, **_without(values, "project"))


def _change_bible(person: Any, bible: StoryBible, values: Values) -> StoryBible:
    return projects.write_bible(bible.project, by=person, **values)


@transaction.atomic
def _create_gather_item(person: Any, values: Values) -> GatherItem:
    item = projects.add_gather_item(values["project"], by=person, **_without(values, "project"))
    keep_readiness(item.project)
    return item


@transaction.atomic
def _change_gather_item(person: Any, item: GatherItem, values: Values) -> GatherItem:
    changed = projects.change_gather_item(item, **values)
    keep_readiness(item.project)
    return changed


@transaction.atomic
def _remove_gather_item(person: Any, item: GatherItem) -> None:
    projects.remove_gather_item(item)
    keep_readiness(item.project)


def _create_character(person: Any, values: Values) -> Character:
    return characters.create_character(values["project"], by=person, **_without(values, "project"))


def _change_character(person: Any, character: Character, values: Values) -> Character:
    return characters.change_character(character, by=person, **values)


def _create_look(person: Any, values: Values) -> Look:
    return characters.write_look(
        values["character"], values["name"], by=person, **_without(values, "character", "name")
    )


def _change_look(person: Any, look: Look, values: Values) -> Look:
    return characters.change_look(look, by=person, **values)


def _create_reference(person: Any, values: Values) -> CharacterReference:
    image = values["image"]
    rest = _without(values, "character", "image", "kind")
    return characters.add_reference(values["character"], image.pk, values["kind"], by=person, **rest)


def _change_reference(person: Any, reference: CharacterReference, values: Values) -> CharacterReference:
    return characters.change_reference(reference, **values)


def _create_identity(person: Any, values: Values) -> CharacterIdentity:
    rest = _without(values, "character", "technique", "training_set", "version")
    chosen = list(values.get("training_set", ()))
    return characters.create_identity(values["character"], values["technique"], chosen, by=person, **rest)


def _change_identity(person: Any, identity: CharacterIdentity, values: Values) -> CharacterIdentity:
    return characters.change_identity(identity, **values)


def _remove_character(person: Any, character: Character) -> None:
    characters.remove_character(character)


def _create_scene(person: Any, values: Values) -> Scene:
    chapter = values["chapter"]
    return scenes.add_scene(chapter.pk, chapter.project_id, by=person, **_without(values, "chapter"))


def _change_scene(person: Any, scene: Scene, values: Values) -> Scene:
    return scenes.change_scene(scene, by=person, **values)


def _create_shot(person: Any, values: Values) -> Shot:
    scene = values["scene"]
    return scenes.add_shot(scene, scene.chapter.project_id, by=person, **_without(values, "scene", "because"))


def _change_shot(person: Any, shot: Shot, values: Values) -> Shot:
    return scenes.change_shot(shot, by=person, **values)


def _remove_shot(person: Any, shot: Shot) -> None:
    scenes.remove_shots([shot], shot.scene.chapter.project_id)


def _placed(create: Callable[..., Model]) -> Verbs:
    """The verbs of what stands beside the scenes: locations, props, styles, consistency groups."""
    return Verbs(
        lambda person, values: create(values["project"], by=person, **_without(values, "project")),
        lambda person, record, values: scenes.change_place(record, by=person, **values),
        lambda person, record: scenes.remove_place(record, by=person),
    )


def _create_membership(person: Any, values: Values) -> Membership:
    return projects.add_member(values["project"], values["person"], values["role"], by=person)


def _change_membership(person: Any, membership: Membership, values: Values) -> Membership:
    return projects.add_member(membership.project, membership.person, values.get("role", membership.role), by=person)


def _remove_membership(person: Any, membership: Membership) -> None:
    projects.remove_member(membership, by=person)


def _create_template(person: Any, values: Values) -> PromptTemplate:
    return prompts.create_template(values.get("project"), by=person, **_without(values, "project"))


def _change_template(person: Any, template: PromptTemplate, values: Values) -> PromptTemplate:
    return prompts.change_template(template, by=person, **values)


def _remove_template(person: Any, template: PromptTemplate) -> None:
    prompts.remove_template(template, by=person)


def _create_profile(person: Any, values: Values) -> ModelProfile:
    _refuse_unknown_provider(values)
    return prompts.change_profile(ModelProfile(created_by=person), **values)


def _change_profile(person: Any, profile: ModelProfile, values: Values) -> ModelProfile:
    _refuse_unknown_provider(values)
    return prompts.change_profile(profile, **values)


def _refuse_unknown_provider(values: Values) -> None:
    """Records know nothing of the engine, so what its providers are called is asked here."""
    name = values.get("provider", "")
    if name and not is_known(name):
        raise ValidationError({"provider": f"There is no provider {name!r}: choose one that this site has."})


def _remove_profile(person: Any, profile: ModelProfile) -> None:
    profile.delete()


def _without(values: Values, *names: str) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in names}


VERBS: dict[type[Model], Verbs] = {
    Project: Verbs(_create_project, _change_project),
    BudgetAccount: Verbs(_no_verb, _change_budget),
    Membership: Verbs(_create_membership, _change_membership, _remove_membership),
    Chapter: Verbs(_create_chapter, _change_chapter),
    StoryBible: Verbs(_create_bible, _change_bible),
    GatherItem: Verbs(_create_gather_item, _change_gather_item, _remove_gather_item),
    Character: Verbs(_create_character, _change_character, _remove_character),
    Look: Verbs(_create_look, _change_look, lambda person, look: characters.remove_look(look)),
    CharacterReference: Verbs(
        _create_reference, _change_reference, lambda person, reference: characters.remove_reference(reference)
    ),
    CharacterIdentity: Verbs(_create_identity, _change_identity),
    Scene: Verbs(_create_scene, _change_scene, published=scenes.open_again),
    Shot: Verbs(_create_shot, _change_shot, _remove_shot),
    Location: _placed(scenes.create_location),
    Prop: _placed(scenes.create_prop),
    Style: _placed(scenes.create_style),
    ConsistencyGroup: _placed(scenes.create_consistency_group),
    PromptTemplate: Verbs(
        _create_template,
        _change_template,
        _remove_template,
        published=prompts.keep_version,
        rows=frozenset({"variables"}),
    ),
    ModelProfile: Verbs(_create_profile, _change_profile, _remove_profile),
}


@transaction.atomic
def remove_all(person: Any, records: list[Any]) -> None:
    """Remove the records with their verbs, all or none."""
    for record in records:
        verbs_of(type(record)).remove(person, record)
