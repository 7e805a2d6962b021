"""Material as files, how ready a production is, and the start of its qualification."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from media_pipeline.gathering import take_in
from media_pipeline.qualification import judge, start_qualification
from projects.choices import Evaluator, GatherKind, GatherSource
from projects.models import DepartmentReadiness, GatherItem
from studio.verbs import verbs_of

from .access import project_of
from .actions import ANYTHING, Action, RunSerializer
from .idempotency import KEYED, once
from .problems import Conflict
from .records import etag_of
from .serializers import serializer_of


class MaterialFile(serializers.Serializer):
    """A picture, clip, sound, PDF or text, with what is said of it; what is left out is the file's own."""

    file = serializers.FileField(allow_empty_file=False)
    kind = serializers.ChoiceField(choices=[("", ""), *GatherKind.choices], default="")
    title = serializers.CharField(max_length=200, allow_blank=True, default="")
    body = serializers.CharField(allow_blank=True, default="")
    department = serializers.CharField(max_length=40, allow_blank=True, default="")


class BringFile(Action):
    """Drop a file into the material."""

    parser_classes = [MultiPartParser, FormParser]

    @extend_schema(request=MaterialFile, responses={201: serializer_of(GatherItem, writing=False)}, parameters=[KEYED])
    @once
    def post(self, request: Request, slug: str) -> Response:
        """It becomes an item, known by its content; the words of a document become its body where none is sent."""
        project = project_of(request, slug, "write")
        sent = self.sent(request, MaterialFile)
        upload = sent.pop("file")
        brought = take_in(project, upload.chunks(), upload.name or "", by=request.user)
        fields = brought.filled(sent) | {"project": project, "source": GatherSource.API}
        item = verbs_of(GatherItem).create(request.user, fields)
        data = serializer_of(GatherItem, writing=False)(item, context={"request": request}).data
        return Response(data, status=201, headers={"ETag": etag_of(item)})


class Anyway(serializers.Serializer):
    """Whether it starts although required departments are not ready."""

    although_not_ready = serializers.BooleanField(default=False)


class Qualify(Action):
    """Generate qualified data."""

    @extend_schema(request=Anyway, responses={202: RunSerializer}, parameters=[KEYED])
    @once
    def post(self, request: Request, slug: str) -> Response:
        """Lock the material and turn it into records, or give the run that is open; 409 names who is not ready."""
        project = project_of(request, slug, "generate")
        anyway = self.sent(request, Anyway)["although_not_ready"]
        try:
            run = start_qualification(project, although_not_ready=anyway, by=request.user)
        except ValidationError as refused:
            raise Conflict(" ".join(refused.messages)) from refused
        return Response(RunSerializer(run).data, status=202)


class Readiness(Action):
    """How ready the material is."""

    @extend_schema(responses=ANYTHING)
    def get(self, request: Request, slug: str) -> Response:
        """By department, as the rules judge it now; `model` is a model's judgement beside it, null without one."""
        project = project_of(request, slug, "view")
        told = DepartmentReadiness.objects.filter(project=project, evaluated_by=Evaluator.MODEL)
        by_model = {one.department: _judged_by_model(one) for one in told}
        judged = judge(project)
        rows = [
            {
                "key": one.department.key, "label": one.department.label, "phase": one.department.phase,
                "does": one.department.does, "required": one.department.required, "score": one.readiness.score,
                "threshold": one.threshold, "ready": one.ready, "missing": list(one.readiness.missing),
                "model": by_model.get(one.department.key),
            }
            for one in judged
        ]  # fmt: skip
        return Response({"ready": all(row["ready"] for row in rows if row["required"]), "departments": rows})


def _judged_by_model(one: DepartmentReadiness) -> dict[str, Any]:
    return {"score": one.score, "ready": one.ready, "missing": one.missing, "at": one.evaluated_at}
