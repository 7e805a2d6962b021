"""Prompt templates for scripts: a general one made a production's own, and an earlier version made the text again."""

from __future__ import annotations

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from prompts.actions import keep_version, override_template, restore_version
from prompts.models import PromptTemplate
from studio.scope import visible

from .access import project_of
from .actions import ANYTHING, KEYED, Action, row_for
from .idempotency import once


class OwnTemplate(serializers.Serializer):
    """The production that gets one of its own."""

    project = serializers.SlugField(max_length=80)


class OverrideTemplate(Action):
    """Give a production its own copy of a general prompt template."""

    @extend_schema(request=OwnTemplate, responses={201: ANYTHING}, parameters=[KEYED])
    @once
    def post(self, request: Request, pk: int) -> Response:
        """It goes before the general one there, and may be changed and removed; the one it has where it has one."""
        template = visible(PromptTemplate.objects.all(), request.user).filter(pk=pk).first()
        if template is None:
            raise Http404("There is no such prompt template.")
        project = project_of(request, self.sent(request, OwnTemplate)["project"], "write")
        own = override_template(template, project, by=request.user)
        return Response({"template": own.pk, "key": own.key, "project": project.slug}, status=201)


class Version(serializers.Serializer):
    """A version that was."""

    version = serializers.IntegerField(min_value=1, max_value=1_000_000)


class RestoreTemplate(Action):
    """Make an earlier version of a production's own template its text again."""

    @extend_schema(request=Version, responses=ANYTHING, parameters=[KEYED])
    @once
    def post(self, request: Request, pk: int) -> Response:
        """That is a new version; nothing of the history is lost."""
        template = row_for(request, PromptTemplate, pk, "write")
        restored = restore_version(template, self.sent(request, Version)["version"], by=request.user)
        return Response({"template": restored.pk, "version": keep_version(restored).number})
