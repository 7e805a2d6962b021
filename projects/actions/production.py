"""The production itself: its record, members, budget, chapters and film."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify

from projects.choices import ProjectStatus, Role
from projects.events import emit
from projects.models import BudgetAccount, Chapter, Membership, Project, ProjectState


@transaction.atomic
def create_project(*, title: str, code: str = "", owner: Any = None, **fields: Any) -> Project:
    """Start a production; `owner` becomes its first member.

    `code` is derived from the title where it is not given. Raises ValidationError with a sentence per field.
    """
    project = Project(
        title=title,
        slug=fields.pop("slug", "") or _free_slug(title),
        code=code or _free_code(title),
        created_by=owner,
        **fields,
    )
    project.full_clean()
    project.save()
    ProjectState.objects.create(project=project)
    BudgetAccount.objects.create(project=project)
    if owner is not None:
        Membership.objects.create(project=project, person=owner, role=Role.OWNER, created_by=owner)
    emit(project.pk, "project.created", f"project:{project.pk}", {"title": project.title})
    return project


@transaction.atomic
def add_member(project: Project, person: Any, role: str, *, by: Any = None) -> Membership:
    """Give a person a role in the production, replacing the role they had."""
    if role not in Role.values:
        raise ValidationError(f"{role!r} is not a role; choose one of {', '.join(Role.values)}.")
    membership, _ = Membership.objects.update_or_create(
        project=project, person=person, defaults={"role": role}, create_defaults={"role": role, "created_by": by}
    )
    emit(project.pk, "member.changed", f"project:{project.pk}", {"person": person.get_username(), "role": role})
    return membership


@transaction.atomic
def change_project(project: Project, **fields: Any) -> Project:
    """Change fields that people write; returns the project as it now is."""
    for name, value in fields.items():
        setattr(project, name, value)
    project.full_clean()
    project.save()
    emit(project.pk, "project.changed", f"project:{project.pk}", {"fields": sorted(fields)})
    return project


@transaction.atomic
def set_budget(project: Project, **limits: Decimal | str | int | None) -> BudgetAccount:
    """Change the limits of a production; what is reserved and spent is not theirs to change."""
    allowed = {"currency", "limit", "warning_percent", "run_limit", "person_day_limit", "approval_threshold"}
    if unknown := limits.keys() - allowed:
        raise ValidationError(f"A budget has no {', '.join(sorted(unknown))} that a person may set.")
    account = BudgetAccount.objects.select_for_update().get(project=project)
    if limits.get("currency", account.currency) != account.currency and account.project.ledger.exists():
        raise ValidationError("The currency of a production that has spent cannot be changed.")
    for name, value in limits.items():
        setattr(account, name, value)
    account.full_clean()
    account.save(update_fields=list(limits))
    emit(project.pk, "budget.changed", f"project:{project.pk}", {"fields": sorted(limits)})
    return account


@transaction.atomic
def set_project_status(project_id: int, status: str) -> None:
    """Move the production to a status; says so only when it changes something."""
    moved = ProjectState.objects.filter(project_id=project_id).exclude(status=status).update(status=status)
    if moved:
        emit(project_id, "project.status", f"project:{project_id}", {"status": ProjectStatus(status).value})


@transaction.atomic
def record_film(project_id: int, *, film_id: int, cover_id: int | None, digest: str) -> None:
    """Point the production at its finished film."""
    ProjectState.objects.filter(project_id=project_id).update(
        final_film_id=film_id, cover_id=cover_id, film_digest=digest
    )
    set_project_status(project_id, ProjectStatus.IN_REVIEW)
    emit(project_id, "film.finished", f"project:{project_id}", {"film": film_id})


@transaction.atomic
def record_cover(project_id: int, asset_id: int) -> None:
    """Give the production a picture of its own while it has none."""
    if ProjectState.objects.filter(project_id=project_id, cover__isnull=True).update(cover_id=asset_id):
        emit(project_id, "project.cover", f"project:{project_id}", {"cover": asset_id})


@transaction.atomic
def write_chapter(project: Project, number: int, **fields: Any) -> Chapter:
    """Create the numbered chapter or change its fields."""
    chapter = Chapter.objects.filter(project=project, number=number).first() or Chapter(project=project, number=number)
    for name, value in fields.items():
        setattr(chapter, name, value)
    chapter.full_clean()
    chapter.save()
    emit(project.pk, "chapter.changed", f"chapter:{chapter.pk}", {"number": number})
    return chapter


def _free_slug(title: str) -> str:
    stem = slugify(title)[:70] or "production"
    taken = set(Project.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    slug, count = stem, 1
    while slug in taken:
        count += 1
        slug = f"{stem}-{count}"
    return slug


def _free_code(title: str) -> str:
    """Capitals of the title: the first four letters of the one word, or the initials filled up from the words."""
    words = re.findall(r"[A-Z]+", title.upper()) or ["FILM"]
    if len(words[0]) < 4 and words[0] in {"THE", "A", "AN"} and len(words) > 1:
        words = words[1:]
    letters = "".join(words)
    stems = [letters[:4], "".join(word[0] for word in words)[:4], letters[:3]]
    candidates = [stem for stem in stems if len(stem) >= 2]
    candidates += [letters[:3].ljust(2, "X") + chr(65 + i) for i in range(26)]
    candidates += [letters[:2].ljust(2, "X") + chr(65 + i) + chr(65 + j) for i in range(26) for j in range(26)]
    taken = set(Project.objects.filter(code__in=candidates).values_list("code", flat=True))
    for candidate in candidates:
        if candidate not in taken:
            return candidate
    raise ValidationError("Every code like this title's is taken: choose a code of 2 to 4 capital letters.")
