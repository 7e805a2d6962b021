"""The production itself: its record, budget, chapters and film."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.text import slugify

from projects.choices import ProjectStatus, Role
from projects.events import emit
from projects.models import BudgetAccount, Chapter, Membership, Project, ProjectState, RetiredName
from projects.revisions import follow

from .rows import replace_children
from .writing import write

MOST_KEEPERS = 20
"""Rounds in which records that keep others are removed; each takes at least one kind of them away."""

PROJECT_LISTS = ("pictures",)
"""Lists of a production that are edited as a whole."""


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
    for name in ("slug", "code"):
        if RetiredName.objects.filter(name=getattr(project, name)).exists():
            raise ValidationError({name: f"This {name} belonged to a production that is gone: choose another."})
    project.save()
    ProjectState.objects.create(project=project)
    BudgetAccount.objects.create(project=project)
    if owner is not None:
        Membership.objects.create(project=project, person=owner, role=Role.OWNER, created_by=owner)
    emit(project.pk, "project.created", f"project:{project.pk}", {"title": project.title})
    return project


@transaction.atomic
def change_project(project: Project, *, by: Any = None, **fields: Any) -> Project:
    """Change fields that people write; returns the project as it now is. Its slug and code stay what they are."""
    if fixed := fields.keys() & {"slug", "code"}:
        name = sorted(fixed)[0]
        if fields[name] != getattr(project, name):
            raise ValidationError({name: f"The {name} of a production is never changed: files and links carry it."})
    rows = {name: fields.pop(name) for name in PROJECT_LISTS if name in fields}
    write(project, fields, project.pk)
    for name, values in rows.items():
        replace_children(project, name, values, project.pk)
    follow(project, fields, lists=rows, by=by)
    emit(project.pk, "project.changed", f"project:{project.pk}", {"fields": sorted([*fields, *rows])})
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
def record_film(
    project_id: int, *, film_id: int, cover_id: int | None, digest: str, facts: Mapping[str, Any] | None = None
) -> None:
    """Point the production at its finished film; `facts` (frames copied and coded, stand-ins) are told with it."""
    ProjectState.objects.filter(project_id=project_id).update(
        final_film_id=film_id, cover_id=cover_id, film_digest=digest
    )
    set_project_status(project_id, ProjectStatus.IN_REVIEW)
    emit(project_id, "film.finished", f"project:{project_id}", {"film": film_id, **(facts or {})})


@transaction.atomic
def record_cover(project_id: int, asset_id: int) -> None:
    """Give the production a picture of its own while it has none."""
    if ProjectState.objects.filter(project_id=project_id, cover__isnull=True).update(cover_id=asset_id):
        emit(project_id, "project.cover", f"project:{project_id}", {"cover": asset_id})


@transaction.atomic
def write_chapter(project: Project, number: int, *, by: Any = None, **fields: Any) -> Chapter:
    """Create the numbered chapter or change its fields."""
    chapter = Chapter.objects.filter(project=project, number=number).first()
    chapter = chapter or Chapter(project=project, number=number, created_by=by)
    write(chapter, fields, project.pk)
    follow(chapter, fields, by=by)
    emit(project.pk, "chapter.changed", f"chapter:{chapter.pk}", {"number": number})
    return chapter


@transaction.atomic
def remove_chapter(chapter: Chapter) -> None:
    """Take a chapter without scenes out of the production; raises ValidationError for one that has any."""
    if chapter.scenes.exists():
        raise ValidationError(f"{chapter} has scenes: move or omit them first.")
    pk = chapter.pk
    chapter.delete()
    emit(chapter.project_id, "chapter.removed", f"chapter:{pk}", {"number": chapter.number})


@transaction.atomic
def delete_project(project: Project) -> None:
    """Remove a production with all its records; its slug and code are never given again.

    The files stay in the store until they are swept: deleting them here could not be taken back. Records that keep a
    picture from being removed alone go before it.
    """
    for name in (project.slug, project.code):
        RetiredName.objects.get_or_create(name=name)
    ProjectState.objects.filter(project=project).update(gather_locked_at=None)
    for _ in range(MOST_KEEPERS):
        try:
            with transaction.atomic():
                project.delete()
            return
        except ProtectedError as problem:
            for model in {type(record) for record in problem.protected_objects}:
                keepers = [record.pk for record in problem.protected_objects if type(record) is model]
                model._default_manager.filter(pk__in=keepers).delete()
    raise RuntimeError(f"Something that is no part of {project.slug} keeps it from being removed.")


def _free_slug(title: str) -> str:
    stem = slugify(title)[:70] or "production"
    taken = set(Project.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    taken |= set(RetiredName.objects.filter(name__startswith=stem).values_list("name", flat=True))
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
    taken |= set(RetiredName.objects.filter(name__in=candidates).values_list("name", flat=True))
    for candidate in candidates:
        if candidate not in taken:
            return candidate
    raise ValidationError("Every code like this title's is taken: choose a code of 2 to 4 capital letters.")
