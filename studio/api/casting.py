"""Renaming a character everywhere, merging two records that are one, and taking either back."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from characters.models import Character
from media_pipeline.casting.orders import order_pictures
from projects.actions import undo_correction
from projects.models import Correction
from scenes.casting import TextChange, preview_rename, rename_character
from scenes.merging import merge_characters, merge_locations, preview_merge
from scenes.models import Location
from studio.scope import visible

from .actions import ANYTHING, KEYED, NOTHING, Action, RunSerializer, row_for
from .fields import Id
from .idempotency import once


class PictureCharacter(Action):
    """Make the pictures a character lacks."""

    @extend_schema(request=None, responses={202: RunSerializer}, parameters=[KEYED])
    @once
    def post(self, request: Request, pk: int) -> Response:
        """Start the run that makes a master and six views of it, each where it is missing or of another master."""
        run = order_pictures(row_for(request, Character, pk, "generate"), by=request.user)
        return Response(RunSerializer(run).data, status=202)


class NewName(serializers.Serializer):
    """A character's new name."""

    name = serializers.CharField(max_length=120)


class Rename(NewName):
    """A new name, and which mentions of the old one stay."""

    leave = serializers.ListField(
        child=serializers.CharField(max_length=200), default=list, max_length=10_000,
        help_text="Keys of mentions that stay as they are, as the preview gives them.",
    )  # fmt: skip


class PreviewRename(Action):
    """What a new name would change."""

    @extend_schema(request=NewName, responses=ANYTHING)
    def post(self, request: Request, pk: int) -> Response:
        """Nothing is written. `problems` speak against it; `mentions` may each be left by their key."""
        character = row_for(request, Character, pk, "write")
        preview = preview_rename(character, self.sent(request, NewName)["name"])
        return Response({
            "before": character.name, "name": preview.name, "problems": preview.problems, "takes": preview.takes,
            "certain": [_told(change) for change in preview.certain],
            "mentions": [_told(change) for change in preview.mentions],
        })  # fmt: skip


class RenameCharacter(Action):
    """Rename a character everywhere."""

    @extend_schema(request=Rename, responses=ANYTHING, parameters=[KEYED])
    @once
    def post(self, request: Request, pk: int) -> Response:
        """In the script, over speeches, in the cast and wherever they are mentioned; the old name stays an alias."""
        character = row_for(request, Character, pk, "write")
        sent = self.sent(request, Rename)
        character, correction = rename_character(character, sent["name"], leave=sent["leave"], by=request.user)
        return Response({"character": character.pk, "name": character.name} | _of(correction))


class Gone(serializers.Serializer):
    """The record that is merged into this one."""

    gone = Id()


class PreviewMerge(Action):
    """What merging would do."""

    kind: type[Any] = Character

    @extend_schema(request=Gone, responses=ANYTHING)
    def post(self, request: Request, pk: int) -> Response:
        """Nothing is written."""
        keep, gone = self.two(request, pk)
        preview = preview_merge(keep, gone)
        return Response({
            "keep": keep.pk, "gone": gone.pk, "words": preview.sentence, "moved": preview.moved,
            "filled": preview.filled, "joined": preview.kept_apart,
        })  # fmt: skip

    def two(self, request: Request, pk: int) -> tuple[Any, Any]:
        """The record that stays and the one that goes, both of productions in which the person writes."""
        keep = row_for(request, self.kind, pk, "write")
        number = self.sent(request, Gone)["gone"]
        if not visible(self.kind.objects.all(), request.user).filter(pk=number).exists():
            raise serializers.ValidationError({"gone": f"There is no such {self.kind._meta.verbose_name}."})
        return keep, row_for(request, self.kind, number, "write")


class PreviewLocationMerge(PreviewMerge):
    """What merging two locations would do."""

    kind = Location


class MergeCharacters(PreviewMerge):
    """Make two characters one."""

    @extend_schema(request=Gone, responses=ANYTHING, parameters=[KEYED])
    @once
    def post(self, request: Request, pk: int) -> Response:
        """Everything of `gone` goes to this one, its name becomes an alias."""
        kept, correction = merge_characters(*self.two(request, pk), by=request.user)
        return Response({"character": kept.pk, "name": kept.name} | _of(correction))


class MergeLocations(PreviewLocationMerge):
    """Make two locations one."""

    @extend_schema(request=Gone, responses=ANYTHING, parameters=[KEYED])
    @once
    def post(self, request: Request, pk: int) -> Response:
        """Everything of `gone` goes to this one, its name becomes an alias."""
        kept, correction = merge_locations(*self.two(request, pk), by=request.user)
        return Response({"location": kept.pk, "name": kept.name} | _of(correction))


class UndoCorrection(Action):
    """Take a correction back."""

    @extend_schema(request=NOTHING, responses=ANYTHING, parameters=[KEYED])
    @once
    def post(self, request: Request, pk: int) -> Response:
        """All of it or nothing; refused where one of its records was changed again since."""
        correction = row_for(request, Correction, pk, "write")
        return Response(_of(undo_correction(correction, by=request.user)))


def _told(change: TextChange) -> dict[str, Any]:
    return {"key": change.key, "where": change.where, "excerpt": change.excerpt, "places": change.places}


def _of(correction: Correction) -> dict[str, Any]:
    return {"correction": correction.pk, "words": correction.words, "undone_at": correction.undone_at}
