"""The coherence settings of one run: what a person chose over those of the production, checked before it starts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError

from characters.models import Character, CharacterIdentity, CharacterReference, IdentityState
from projects.coherence import Need, effective, unmet
from projects.models import Project


def what_is_there(project: Project | None) -> frozenset[Need]:
    """Which of the needs a production meets, in three queries. No model here controls structure or measures faces."""
    found = {Need.LANGUAGE_MODEL} if settings.LLM_BASE_URL else set()
    if project is None or project.pk is None:
        return frozenset(found)
    if Character.objects.filter(project=project).exists():
        found.add(Need.CHARACTERS)
    if CharacterReference.objects.filter(character__project=project).exists():
        found.add(Need.REFERENCES)
    trained = CharacterIdentity.objects.filter(
        character__project=project, state__status=IdentityState.Status.COMPLETED
    )  # fmt: skip
    if trained.exists():
        found.add(Need.TRAINED_IDENTITY)
    return frozenset(found)


def chosen_for_run(project: Project, chosen: Mapping[str, Any] | None) -> dict[str, bool]:
    """Those of the chosen settings that differ from the production's.

    Raises ValidationError for what is no setting, for two that exclude each other, and for one that is turned on and
    cannot do anything here because what it needs is not there.
    """
    chosen = dict(chosen or {})
    held = effective(project.coherence, chosen)
    of_project = effective(project.coherence)
    differing = {key: held[key] for key in chosen if held[key] != of_project[key]}
    turned_on = {key: True for key, is_on in differing.items() if is_on}
    if sentences := unmet(turned_on, what_is_there(project) if turned_on else ()):
        raise ValidationError(sentences)
    return differing


def asked_of_run(project: Project, tier: str, chosen: Mapping[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """The settings of a run that renders: tier, what else it is asked, and coherence where any of it differs."""
    found: dict[str, Any] = {**more, "tier": tier or project.quality_tier}
    if coherence := chosen_for_run(project, chosen):
        found["coherence"] = coherence
    return found
