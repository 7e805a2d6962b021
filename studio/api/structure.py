"""The order of a film for scripts: put in, move, part, join, omit, bring back; and a draft looked at beforehand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from projects.models import Chapter
from scenes import actions as scenes
from scenes.importing import preview_screenplay_file
from scenes.models import Scene, Shot
from scenes.script_changes import SceneChange
from scenes.script_fields import fields_of_text
from studio.review.forms import checked_screenplay

from .access import project_of
from .actions import ANYTHING, KEYED, NOTHING, Action, ScreenplayUpload, row_for
from .idempotency import once

LARGEST_ID = 2**63 - 1


class NewScene(serializers.Serializer):
    """A scene to put in."""

    text = serializers.CharField(help_text="Its heading, and its text as Fountain below.", max_length=200_000)
    after = serializers.IntegerField(
        min_value=1, max_value=LARGEST_ID, allow_null=True, default=None, help_text="Empty: at the very start."
    )


class NewShot(serializers.Serializer):
    """A shot to put in."""

    business = serializers.CharField(max_length=20_000)
    after = serializers.IntegerField(
        min_value=1, max_value=LARGEST_ID, allow_null=True, default=None, help_text="Empty: at the very start."
    )


class Order(serializers.Serializer):
    """All ids of the whole, omitted ones included, in their new order."""

    order = serializers.ListField(child=serializers.IntegerField(min_value=1, max_value=LARGEST_ID), max_length=10_000)


class ScenePart(serializers.Serializer):
    """Where the second scene begins."""

    at = serializers.IntegerField(min_value=0, max_value=100_000, help_text="A paragraph; the heading is paragraph 0.")


class ShotPart(serializers.Serializer):
    """Where the second shot begins, and what happens in it."""

    seconds = serializers.DecimalField(max_digits=9, decimal_places=3, min_value=Decimal(0))
    business = serializers.CharField(max_length=20_000, allow_blank=True, default="")


class Other(serializers.Serializer):
    """The one that is joined and stands as omitted afterwards."""

    other = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)


class StructureAction(Action):
    """Base: one record of a production in which the person writes."""

    model: type[Any] = Scene

    def of(self, request: Request, pk: int) -> Any:
        """The record of the address."""
        return row_for(request, self.model, pk, "write")

    def beside(self, rows: Any, field: str, pk: int | None) -> Any:
        """Another record of the same whole; ValidationError names the field where there is none."""
        if pk is None:
            return None
        found = rows.filter(pk=pk).first()
        if found is None:
            raise ValidationError({field: f"There is no such {self.model._meta.verbose_name} beside it."})
        return found


class InsertScene(StructureAction):
    """Put a scene into a chapter."""

    model = Chapter

    @extend_schema(request=NewScene, responses={201: ANYTHING}, parameters=[KEYED])
    @once
    def post(self, request: Request, pk: int) -> Response:
        """Between 10 and 11 it is 10A."""
        chapter = self.of(request, pk)
        sent = self.sent(request, NewScene)
        fields = fields_of_text(sent["text"])
        if not fields["heading"]:
            raise ValidationError({"text": "The first line has to be a heading, such as INT. LAMP ROOM - NIGHT."})
        after = self.beside(chapter.scenes, "after", sent["after"])
        scene = scenes.insert_scene(chapter, after=after, by=request.user, **fields)
        return Response({"scene": scene.pk, "number": scene.number}, status=201)


class ReorderScenes(StructureAction):
    """Put the scenes of a chapter into another order."""

    model = Chapter

    @extend_schema(request=Order, responses=ANYTHING, parameters=[KEYED])
    @once
    def post(self, request: Request, pk: int) -> Response:
        """Numbers stay."""
        chapter = self.of(request, pk)
        scenes.reorder_scenes(chapter, self.sent(request, Order)["order"], by=request.user)
        return Response({"order": list(chapter.scenes.order_by("sequence", "pk").values_list("pk", flat=True))})


class SplitScene(StructureAction):
    """Make two scenes of one."""

    @extend_schema(request=ScenePart, responses={201: ANYTHING}, parameters=[KEYED])
    @once
    def post(self, request: Request, pk: int) -> Response:
        """Shots whose words stand in the second part go with it."""
        new = scenes.split_scene(self.of(request, pk), self.sent(request, ScenePart)["at"], by=request.user)
        return Response({"scene": new.pk, "number": new.number}, status=201)


class MergeScenes(StructureAction):
    """Join a scene to this one."""

    @extend_schema(request=Other, responses=ANYTHING, parameters=[KEYED])
    @once
    def post(self, request: Request, pk: int) -> Response:
        """The other's text and shots go behind this one's; its number stays as OMITTED."""
        scene = self.of(request, pk)
        other = self.beside(scene.chapter.scenes, "other", self.sent(request, Other)["other"])
        return Response({"scene": scenes.merge_scenes(scene, other, by=request.user).pk, "omitted": other.pk})


class InsertShot(StructureAction):
    """Put a shot into a scene."""

    @extend_schema(request=NewShot, responses={201: ANYTHING}, parameters=[KEYED])
    @once
    def post(self, request: Request, pk: int) -> Response:
        """Between 4 and 5 it is 4A."""
        scene = self.of(request, pk)
        sent = self.sent(request, NewShot)
        after = self.beside(scene.shots, "after", sent["after"])
        shot = scenes.insert_shot(scene, after=after, by=request.user, business=sent["business"])
        return Response({"shot": shot.pk, "number": shot.label}, status=201)


class ReorderShots(StructureAction):
    """Put the shots of a scene into another order."""

    @extend_schema(request=Order, responses=ANYTHING, parameters=[KEYED])
    @once
    def post(self, request: Request, pk: int) -> Response:
        """Numbers stay."""
        scene = self.of(request, pk)
        scenes.reorder_shots(scene, self.sent(request, Order)["order"], by=request.user)
        return Response({"order": list(scene.shots.order_by("sequence", "pk").values_list("pk", flat=True))})


class SplitShot(StructureAction):
    """Make two shots of one."""

    model = Shot

    @extend_schema(request=ShotPart, responses={201: ANYTHING}, parameters=[KEYED])
    @once
    def post(self, request: Request, pk: int) -> Response:
        """Lines go where they begin; takes stay with the first."""
        shot = self.of(request, pk)
        sent = self.sent(request, ShotPart)
        new = scenes.split_shot(shot, sent["seconds"], business=sent["business"], by=request.user)
        return Response({"shot": new.pk, "number": new.label}, status=201)


class MergeShots(StructureAction):
    """Join a shot to this one."""

    model = Shot

    @extend_schema(request=Other, responses=ANYTHING, parameters=[KEYED])
    @once
    def post(self, request: Request, pk: int) -> Response:
        """The other's time, action and lines go behind this one's; it stays as omitted."""
        shot = self.of(request, pk)
        other = self.beside(shot.scene.shots, "other", self.sent(request, Other)["other"])
        return Response({"shot": scenes.merge_shots(shot, other, by=request.user).pk, "omitted": other.pk})


class OmitShot(StructureAction):
    """Take a shot out of the film."""

    model = Shot

    @extend_schema(request=NOTHING, responses=ANYTHING, parameters=[KEYED])
    @once
    def post(self, request: Request, pk: int) -> Response:
        """Its number stays."""
        shot = self.of(request, pk)
        return Response({"shot": shot.pk, "changed": scenes.omit_shot(shot, by=request.user)})


class RestoreShot(StructureAction):
    """Bring an omitted shot back."""

    model = Shot

    @extend_schema(request=NOTHING, responses=ANYTHING, parameters=[KEYED])
    @once
    def post(self, request: Request, pk: int) -> Response:
        """To where it stood."""
        shot = self.of(request, pk)
        return Response({"shot": shot.pk, "changed": scenes.restore_shot(shot, by=request.user)})


class PreviewScreenplay(Action):
    """What a screenplay would change."""

    parser_classes = [MultiPartParser, FormParser]

    @extend_schema(request=ScreenplayUpload, responses=ANYTHING)
    def post(self, request: Request, slug: str) -> Response:
        """New, changed, unchanged, returning and gone scenes; nothing is written."""
        project = project_of(request, slug, "write")
        sent = self.sent(request, ScreenplayUpload)
        upload = checked_screenplay(sent["screenplay"])
        assert upload is not None
        name = upload.name or "screenplay"
        changes = preview_screenplay_file(project, upload.read(), name, chapter_number=sent["chapter"])
        kinds = ("new", "changed", "same", "returning", "gone")
        return Response({
            "words": changes.sentence, "takes_at_stake": changes.takes_at_stake, "characters": changes.characters,
            "locations": changes.locations, "remarks": changes.remarks,
            **{kind: [_told(change) for change in getattr(changes, kind)] for kind in kinds},
        })  # fmt: skip


def _told(change: SceneChange) -> dict[str, Any]:
    return {
        "scene": change.scene_id, "number": change.number, "heading": change.heading, "fields": list(change.fields),
        "shots": change.shots, "takes": change.takes,
    }  # fmt: skip
