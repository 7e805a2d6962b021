"""A screenplay that is imported, with its own file kept beside what was read from it."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from django.db import transaction

from projects.actions import write_chapter
from projects.models import Project
from scenes.importing import ImportReport, import_screenplay_file

from .assets import MediaAsset
from .media.documents import TEXT_SUFFIXES
from .media_services import keep_upload, received

SUFFIXES = {"pdf": ".pdf", "fdx": ".fdx", "fountain": ".fountain"}
"""Format as it was read -> the ending of the kept file where its own name says nothing."""


@transaction.atomic
def import_and_keep(
    project: Project, data: bytes, filename: str, *, by: Any = None, chapter_number: int = 1
) -> ImportReport:
    """Read a screenplay into a chapter and keep the file as it came; raises ScreenplayError with a sentence.

    The same file again changes nothing, and gives its file to a chapter that was imported before files were kept.
    """
    report = import_screenplay_file(project, data, filename, by=by, chapter_number=chapter_number)
    asset = _kept(project, data, filename, report.chapter.script_format, by)
    if report.chapter.script_file_id != asset.pk:
        report.chapter = write_chapter(project, chapter_number, by=by, script_file=asset)
    return report


def _kept(project: Project, data: bytes, filename: str, read_as: str, by: Any) -> MediaAsset:
    own = PurePath(filename).suffix.lower()
    named = read_as not in SUFFIXES or own == SUFFIXES[read_as]
    suffix = own if named and own in (*TEXT_SUFFIXES, ".pdf") else SUFFIXES.get(read_as, ".txt")
    with received([data], f"script{suffix}") as path:
        return keep_upload(project, path, filename, kind=MediaAsset.Kind.DOCUMENT, by=by)
