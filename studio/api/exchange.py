"""Tables of a production out and in: scenes, shots, characters and templates as CSV or XLSX."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from studio.exchange.answers import FORMATS, table_file
from studio.exchange.importing import import_table
from studio.exchange.sheets import SHEETS
from studio.exchange.tables import LARGEST_FILE, TableProblem

from .access import MayUseRecords, project_of
from .actions import ANYTHING, KEYED, Action
from .idempotency import once

KIND = OpenApiParameter("kind", str, OpenApiParameter.PATH, enum=list(SHEETS))


class TableUpload(serializers.Serializer):
    """A table, and whether it is only to be checked."""

    table = serializers.FileField(allow_empty_file=True)
    dry_run = serializers.BooleanField(default=False)


class ExportTable(APIView):
    """A table as a file."""

    permission_classes = [MayUseRecords]

    @extend_schema(
        responses={(200, "text/csv"): OpenApiTypes.BINARY},
        parameters=[KIND, OpenApiParameter("suffix", str, OpenApiParameter.PATH, enum=list(FORMATS))],
    )
    def get(self, request: Request, slug: str, kind: str, suffix: str) -> HttpResponseBase:
        """Row by row; brought in again unchanged, it changes nothing."""
        project = project_of(request, slug, "view")
        if kind not in SHEETS or suffix not in FORMATS:
            raise Http404("There is no such table.")
        try:
            return table_file(project, kind, suffix)
        except TableProblem as problem:
            raise ValidationError(str(problem)) from problem


class ImportTable(Action):
    """Bring a table in."""

    parser_classes = [MultiPartParser, FormParser]

    @extend_schema(request=TableUpload, responses=ANYTHING, parameters=[KEYED, KIND])
    @once
    def post(self, request: Request, slug: str, kind: str) -> Response:
        """All rows or none. 422 with every problem by row and column; with `dry_run` nothing is written."""
        project = project_of(request, slug, "write")
        if kind not in SHEETS:
            raise Http404("There is no such table.")
        sent = self.sent(request, TableUpload)
        if sent["table"].size > LARGEST_FILE:
            raise ValidationError({"table": f"The file is larger than {LARGEST_FILE // 1024 // 1024} MB: split it."})
        report = import_table(project, kind, sent["table"].read(), by=request.user, dry_run=sent["dry_run"])
        return Response(report.as_json(), status=422 if report.problems else 200)
