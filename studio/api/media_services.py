"""Media services on their own: upload, last frame, stitch, audio stitch, music track, length; runs say how they go."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from media_pipeline.assets import MediaAsset
from media_pipeline.media_services import MOST_ASSETS, add_upload, length_of, start_service

from .access import project_of
from .actions import ANYTHING, KEYED, Action, RunSerializer, row_for
from .idempotency import once
from .structure import LARGEST_ID


def _asset() -> serializers.IntegerField:
    return serializers.IntegerField(min_value=1, max_value=LARGEST_ID)


def _assets() -> serializers.ListField:
    return serializers.ListField(child=_asset(), min_length=1, max_length=MOST_ASSETS)


class MediaUpload(serializers.Serializer):
    """A picture, clip or sound."""

    file = serializers.FileField(allow_empty_file=False)


class OneClip(serializers.Serializer):
    """A clip."""

    asset = _asset()


class Clips(serializers.Serializer):
    """Clips in order."""

    assets = _assets()


class Sounds(serializers.Serializer):
    """Files with sound in order."""

    assets = _assets()
    gap_ms = serializers.IntegerField(min_value=0, max_value=60_000, default=0)


class MusicUnder(serializers.Serializer):
    """A clip and its music."""

    asset = _asset()
    music = _asset()
    gain_db = serializers.IntegerField(min_value=-60, max_value=12, default=-12)
    ducking_db = serializers.ChoiceField(choices=[0, 6, 9, 12], default=9)
    loop = serializers.BooleanField(default=True)


class UploadMedia(Action):
    """Send a file."""

    parser_classes = [MultiPartParser, FormParser]

    @extend_schema(request=MediaUpload, responses={201: ANYTHING}, parameters=[KEYED])
    @once
    def post(self, request: Request, slug: str) -> Response:
        """Known by its content; the same bytes are the same asset."""
        project = project_of(request, slug, "generate")
        upload = self.sent(request, MediaUpload)["file"]
        asset = add_upload(project, upload.chunks(), upload.name or "", by=request.user)
        return Response(length_of(asset) | {"width": asset.width, "height": asset.height}, status=201)


class MediaLength(Action):
    """How long a file is."""

    @extend_schema(responses=ANYTHING)
    def get(self, request: Request, pk: int) -> Response:
        """Exact seconds as a fraction, and frames."""
        return Response(length_of(row_for(request, MediaAsset, pk, "view")))


class Service(Action):
    """Base: starts one service; `/runs/{id}/` says how it goes, and its `output` names the asset that was made."""

    service = ""
    takes: type[serializers.Serializer] = OneClip

    def start(self, request: Request, slug: str) -> Response:
        """Start it, or give the open run of exactly this."""
        project = project_of(request, slug, "generate")
        asked: dict[str, Any] = self.sent(request, self.takes)
        run = start_service(project, self.service, asked, by=request.user)
        return Response(RunSerializer(run).data, status=202)


class LastFrame(Service):
    """The last picture of a clip."""

    service = "last-frame"

    @extend_schema(request=OneClip, responses={202: RunSerializer}, parameters=[KEYED])
    @once
    def post(self, request: Request, slug: str) -> Response:
        """Upright and lossless: the first frame of the next shot."""
        return self.start(request, slug)


class Stitch(Service):
    """Join clips."""

    service = "stitch"
    takes = Clips

    @extend_schema(request=Clips, responses={202: RunSerializer}, parameters=[KEYED])
    @once
    def post(self, request: Request, slug: str) -> Response:
        """Brought to the production's size and rate, one behind the other, with their sound."""
        return self.start(request, slug)


class AudioStitch(Service):
    """Join sounds."""

    service = "audio-stitch"
    takes = Sounds

    @extend_schema(request=Sounds, responses={202: RunSerializer}, parameters=[KEYED])
    @once
    def post(self, request: Request, slug: str) -> Response:
        """To the sample, with silence between them where it is asked for."""
        return self.start(request, slug)


class MusicTrack(Service):
    """Lay music under a clip."""

    service = "music-track"
    takes = MusicUnder

    @extend_schema(request=MusicUnder, responses={202: RunSerializer}, parameters=[KEYED])
    @once
    def post(self, request: Request, slug: str) -> Response:
        """It goes down under the clip's own sound by `ducking_db`, and begins again where it is shorter."""
        return self.start(request, slug)
