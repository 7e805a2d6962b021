"""Previz: the contact sheet of small frames, as a page and as a PDF, with what the whole would cost beside it."""

from __future__ import annotations

import io
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe
from PIL import Image, ImageDraw, ImageFont, ImageOps, UnidentifiedImageError

from media_pipeline.estimates import Estimate, estimate_production
from media_pipeline.previz import PrevizFrame, estimate_previz, frames_of, pages_of, previz_size
from media_pipeline.provenance.sources import is_synthetic
from media_pipeline.runs.actions import start_run
from media_pipeline.shot_request import scenes_in_film
from projects.access import project_for
from projects.models import Project
from scenes.choices import SceneStatus
from scenes.models import Scene
from studio.documents import pdf_that_leaves

from . import queries
from .cards import run_bar
from .chapters import chapter_asked, open_run_of
from .views import page_context

FONTS = Path(settings.BASE_DIR) / "media_pipeline" / "providers" / "animatic" / "fonts"
DPI = 150
PAGE = (round(11.69 * DPI), round(8.27 * DPI))
"""A4 lying, in pixels."""

MARGIN, GAP, HEAD, WORDS = 75, 25, 60, 52
INK, GREY, PALE = "#1a1a1a", "#666666", "#dddddd"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def previz_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The frames of a chapter scene by scene; posting makes those that are missing or outdated."""
    posted = request.method == "POST"
    project = project_for(request.user, slug, may="generate" if posted else "view")
    chapters = queries.chapters_with_scenes(project.pk)
    if not chapters:
        messages.info(request, "There is nothing to draw yet: import a screenplay first.")
        return redirect("project", slug=slug)
    chapter = chapter_asked(request, [number for number, _ in chapters])
    if posted:
        wanted = {"chapter": chapter, "scenes": [], "tier": project.quality_tier}
        start_run("previz", f"project:{project.pk}", project, settings=wanted, by=request.user)
        return redirect(f"{request.path}?chapter={chapter}")
    scenes = scenes_in_film(project.pk, chapter)
    frames = frames_of(project, scenes)
    width, height = previz_size(project)
    context: dict[str, Any] = {
        "sheets": [(scene, list(group)) for scene, group in groupby(frames, key=lambda frame: frame.shot.scene)],
        "drawn": sum(frame.attempt is not None for frame in frames),
        "stale": sum(frame.stale for frame in frames),
        "shots": len(frames),
        "unplanned": sum(not scene.state.plan_digest for scene in scenes),
        "frame_size": (width, height),
        "previz_estimate": estimate_previz(project, scenes),
        "estimates": _estimates(project, scenes, len(chapters)),
        "left": _left(project),
        "currency": project.budget.currency,
        "chapters": chapters,
        "chapter": chapter,
        "bar": run_bar(open_run_of(project, "previz"), project.slug),
    }
    return render(
        request, "review/previz.html", page_context(request, project, queries.last_event_id(project.pk)) | context
    )


def _estimates(project: Project, scenes: list[Scene], chapters: int) -> list[tuple[str, Estimate]]:
    """What rendering costs beside what drawing costs: of this chapter, and of all where there are several."""
    if chapters == 1:
        return [("The whole production", estimate_production(project, scenes, project.quality_tier))]
    every = Scene.objects.filter(chapter__project=project).exclude(state__status=SceneStatus.OMITTED)
    all_scenes = list(every.select_related("state", "chapter"))
    return [
        (
            f"This {project.get_chapter_label_display().lower()}",
            estimate_production(project, scenes, project.quality_tier),
        ),
        ("The whole production", estimate_production(project, all_scenes, project.quality_tier)),
    ]


def _left(project: Project) -> Decimal | None:
    """What may still be spent, where there is a limit."""
    budget = project.budget
    return None if budget.limit is None else budget.limit - budget.spent - budget.reserved


@login_required
@require_safe
def contact_sheet(request: HttpRequest, slug: str) -> HttpResponse:
    """The contact sheet of a chapter as a PDF, twelve frames to a page."""
    project = project_for(request.user, slug)
    numbers = [number for number, _ in queries.chapters_with_scenes(project.pk)]
    if not numbers:
        messages.info(request, "There is nothing to print yet: import a screenplay first.")
        return redirect("project", slug=slug)
    chapter = chapter_asked(request, numbers)
    frames = frames_of(project, scenes_in_film(project.pk, chapter))
    name = f"{project.code}_previz_{chapter:03d}.pdf"
    shown = [(str(frame.shot), frame.attempt.picture) for frame in frames if frame.attempt and frame.attempt.picture]
    return pdf_that_leaves(contact_sheet_pdf(project, frames, _priced(project, frames)), name, shown)


def _priced(project: Project, frames: list[PrevizFrame]) -> str:
    """What rendering these shots is expected to cost, in words, for whoever decides on paper."""
    scenes = list({frame.shot.scene_id: frame.shot.scene for frame in frames}.values())
    estimate = estimate_production(project, scenes, project.quality_tier)
    return f"To render, {project.get_quality_tier_display().lower()}: {estimate.sentence}"


def contact_sheet_pdf(project: Project, frames: list[PrevizFrame], priced: str = "") -> bytes:
    """A PDF of A4 pages with each shot's frame, number, size, length and business; `priced` stands on the first."""
    columns, rows = (4, 3) if project.frame_size[0] >= project.frame_size[1] else (6, 2)
    pages = list(pages_of(frames, columns * rows))
    drawn = [
        _page(project, page, columns, rows, f"{place} / {len(pages)}") for place, page in enumerate(pages, start=1)
    ]
    ImageDraw.Draw(drawn[0]).text((MARGIN, MARGIN + 18), priced, font=_font(16), fill=GREY)
    out = io.BytesIO()
    drawn[0].save(out, "PDF", resolution=DPI, save_all=True, append_images=drawn[1:], title=f"{project.title}: previz")
    return out.getvalue()


def _page(project: Project, frames: list[PrevizFrame], columns: int, rows: int, number: str) -> Image.Image:
    page = Image.new("RGB", PAGE, "white")
    draw = ImageDraw.Draw(page)
    draw.text((MARGIN, MARGIN - 20), f"{project.title}: previz", font=_font(26, bold=True), fill=INK)
    draw.text((PAGE[0] - MARGIN, MARGIN - 20), number, font=_font(18), fill=GREY, anchor="ra")
    draw.text((MARGIN, PAGE[1] - MARGIN + 45), _made_with(frames), font=_font(13), fill=GREY, anchor="ls")
    wide = (PAGE[0] - 2 * MARGIN - (columns - 1) * GAP) // columns
    line = (PAGE[1] - 2 * MARGIN - HEAD + GAP) // rows
    for place, frame in enumerate(frames):
        left = MARGIN + place % columns * (wide + GAP)
        top = MARGIN + HEAD + place // columns * line
        high = line - GAP - WORDS
        _frame(page, frame, (left, top, wide, high))
        shot = frame.shot
        words = f"{shot.scene.number}/{shot.label}  {shot.get_shot_size_display()}".rstrip()
        draw.text((left, top + high + 4), words, font=_font(17, bold=True), fill=INK)
        seconds = f"{shot.expected_seconds.normalize():f} s{'  outdated' if frame.stale else ''}"
        draw.text((left + wide, top + high + 4), seconds, font=_font(15), fill=GREY, anchor="ra")
        draw.text((left, top + high + 28), _fitted(draw, shot.business, wide), font=_font(14), fill=GREY)
    return page


def _made_with(frames: list[PrevizFrame]) -> str:
    """Who drew the frames of a page, so that paper says it too."""
    told = [frame.attempt.picture.provenance for frame in frames if frame.attempt and frame.attempt.picture]
    models = {str(each.get("model") or "") for each in told if is_synthetic(str(each.get("digital_source_type", "")))}
    drawn = any(not is_synthetic(str(each.get("digital_source_type", ""))) for each in told)
    words = [f"Made with AI: {', '.join(sorted(filter(None, models))) or 'a model'}."] if models else []
    return " ".join([*words, "Animatic frames are drawn by rules." if drawn else ""]).strip()


def _frame(page: Image.Image, frame: PrevizFrame, box: tuple[int, int, int, int]) -> None:
    """The frame's picture inside its box, or an empty one."""
    left, top, wide, high = box
    picture = frame.attempt.picture if frame.attempt else None
    if picture is not None:
        try:
            with default_storage.open(picture.name) as file, Image.open(file) as image:
                shown = ImageOps.contain(image.convert("RGB"), (wide, high))
            page.paste(shown, (left, top + high - shown.height))
            return
        except (OSError, UnidentifiedImageError):
            pass  # the bytes are gone: the sheet shows an empty frame, as for a shot without one
    ImageDraw.Draw(page).rectangle((left, top, left + wide - 1, top + high - 1), outline=PALE, width=2)


def _font(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS / f"DejaVuSans{'-Bold' if bold else ''}.ttf", size)


def _fitted(draw: ImageDraw.ImageDraw, text: str, wide: int) -> str:
    """The first line of a text, cut with an ellipsis where it is longer than the frame is wide."""
    text, font = " ".join(text.split()), _font(14)
    if draw.textlength(text, font=font) <= wide:
        return text
    while text and draw.textlength(text + "…", font=font) > wide:
        text = text[:-1]
    return text.rstrip() + "…"
