"""What can be done to a production, its runs, scenes, shots and takes beyond writing records."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, OpenApiTypes, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from media_pipeline.assets import MediaAsset
from media_pipeline.estimates import estimate_production
from media_pipeline.film_orders import start_assembly
from media_pipeline.run_settings import asked_of_run, chosen_for_run
from media_pipeline.runs import actions as runs
from media_pipeline.runs.models import Approval, Run, Step, Transition
from media_pipeline.screenplays import import_and_keep
from media_pipeline.shot_request import scenes_in_film
from projects.access import MAY, role_in
from projects.actions import dismiss_alert
from projects.choices import QualityTier
from projects.models import Alert, Event, Project
from scenes import actions as scenes
from scenes.continuity import check_scenes
from scenes.models import Scene, Take
from studio.live.consumers import NEEDS
from studio.review.forms import checked_screenplay
from studio.review.media import send_asset
from studio.scope import project_id_of, visible

from .access import MayUseRecords, in_scope, project_of
from .fields import Id, ModelSerializer
from .idempotency import KEYED, once
from .models import ApiToken
from .problems import Conflict

MOST_EVENTS = 500
SETTINGS_ON_AND_OFF = OpenApiParameter(
    "on", str, description="Coherence settings of this run to turn on; `off` likewise. Several with commas."
)
NOTHING = inline_serializer("Nothing", {})
ANYTHING = OpenApiTypes.OBJECT


class Action(APIView):
    """Base of what is done with a POST; its views say which right they take."""

    permission_classes = [MayUseRecords]

    def sent(self, request: Request, serializer: type[serializers.Serializer]) -> dict[str, Any]:
        """What was sent, checked."""
        checked = serializer(data=request.data)
        checked.is_valid(raise_exception=True)
        return dict(checked.validated_data)


def row_for(request: Request, model: type[Any], pk: int, right: str) -> Any:
    """A record that exists for the person, who may do this in its production; 404, or 403 with a sentence."""
    record = visible(model._default_manager.all(), request.user).filter(pk=pk).first()
    if record is None:
        raise Http404(f"There is no such {model._meta.verbose_name}.")
    in_scope(request, right)
    if project_id_of(record) is None:
        raise PermissionDenied(f"A {model._meta.verbose_name} of all productions is changed by the administrators.")
    project = production_of(record)
    if role_in(request.user, project) not in MAY[right]:
        raise PermissionDenied(f"Your role in {project.title} does not allow this ({right}).")
    return record


def production_of(record: Any) -> Project:
    """The production that a record belongs to."""
    return Project.objects.get(pk=project_id_of(record) or 0)


class ScreenplayUpload(serializers.Serializer):
    """A screenplay: Fountain, Final Draft, PDF or text."""

    screenplay = serializers.FileField(allow_empty_file=False)
    chapter = serializers.IntegerField(min_value=1, max_value=999, default=1)


class Wanted(serializers.Serializer):
    """What of a production is to be made, and how."""

    chapter = serializers.IntegerField(min_value=1, max_value=999, default=1)
    scenes = serializers.ListField(child=serializers.CharField(max_length=12), default=list, max_length=1000)
    tier = serializers.ChoiceField(choices=[("", ""), *QualityTier.choices], default="")


class WantedSettings(Wanted):
    """The same, with settings of coherence for this run alone."""

    coherence = serializers.DictField(child=serializers.BooleanField(), default=dict)


class RunSerializer(ModelSerializer):
    """One run."""

    class Meta:
        model = Run
        fields = (
            "id", "pipeline", "subject", "state", "progress", "progress_words", "error", "estimate", "committed",
            "settings", "output", "created_at", "started_at", "finished_at", "cancel_requested_at", "parent",
        )  # fmt: skip
        read_only_fields = fields


class ImportScreenplay(Action):
    """Read a screenplay into the production."""

    parser_classes = [MultiPartParser, FormParser]

    @extend_schema(request=ScreenplayUpload, responses=ANYTHING, parameters=[KEYED])
    @once
    def post(self, request: Request, slug: str) -> Response:
        """Scenes, characters and dialogue become records; what did not change keeps its work."""
        project = project_of(request, slug, "write")
        sent = self.sent(request, ScreenplayUpload)
        upload = checked_screenplay(sent["screenplay"])
        assert upload is not None
        report = import_and_keep(
            project, upload.read(), upload.name or "screenplay", by=request.user, chapter_number=sent["chapter"]
        )
        return Response({"chapter": sent["chapter"], "words": report.sentence}, status=201)


class StartRun(Action):
    """Start a pipeline on a production."""

    pipeline = ""

    @extend_schema(request=WantedSettings, responses={202: RunSerializer}, parameters=[KEYED])
    @once
    def post(self, request: Request, slug: str) -> Response:
        """Start it, or give the run of it that is open already. `coherence` holds for this run alone."""
        project = project_of(request, slug, "generate")
        sent = self.sent(request, WantedSettings)
        if not scenes_in_film(project.pk, sent["chapter"], sent["scenes"]):
            raise ValidationError({"chapter": "There is no such scene in this chapter: import a screenplay first."})
        settings = asked_of_run(project, sent.pop("tier"), sent.pop("coherence"), **sent)
        run = runs.start_run(self.pipeline, f"project:{project.pk}", project, settings=settings, by=request.user)
        if run.settings != settings:
            raise Conflict(f"The production is being worked on with other settings (run {run.pk}).")
        return Response(RunSerializer(run).data, status=202)


class Produce(StartRun):
    """Make the film: plan what is unplanned, render what is missing or outdated, assemble."""

    pipeline = "produce_film"


class PlanShots(StartRun):
    """Break scenes into shots."""

    pipeline = "plan_shots"


class Previz(StartRun):
    """Make one small cheap frame of every shot that has none."""

    pipeline = "previz"


class FilmWanted(serializers.Serializer):
    """How a film is put together."""

    chapter = serializers.IntegerField(min_value=1, max_value=999, default=1)
    scenes = serializers.ListField(child=serializers.CharField(max_length=12), default=list, max_length=1000)
    fill = serializers.BooleanField(default=False, help_text="Let others stand in for shots without a chosen take.")
    music = Id(required=False, help_text="A sound of the production.")
    music_db = serializers.FloatField(required=False)
    ducking_db = serializers.IntegerField(required=False)
    loudness = serializers.FloatField(required=False, help_text="LUFS.")
    mark = serializers.BooleanField(required=False, help_text="The visible mark, if otherwise than the production.")


class Assemble(Action):
    """Put the film together of the takes there are."""

    @extend_schema(request=FilmWanted, responses={202: RunSerializer}, parameters=[KEYED])
    @once
    def post(self, request: Request, slug: str) -> Response:
        """Start it, or give the run of it that is open; its `output` says what was filled, matched and measured."""
        project = project_of(request, slug, "cut")
        order = self.sent(request, FilmWanted)
        chapter, scenes = order.pop("chapter"), order.pop("scenes")
        run = start_assembly(project, chapter, scenes=scenes, order=order, by=request.user)
        return Response(RunSerializer(run).data, status=202)


class Estimate(Action):
    """What rendering would cost."""

    @extend_schema(request=None, responses=ANYTHING, parameters=[Wanted, SETTINGS_ON_AND_OFF])
    def get(self, request: Request, slug: str) -> Response:
        """By kind of call and in all; null where a price is not known. `settings` says what is on, and what it does."""
        project = project_of(request, slug, "view")
        checked = Wanted(data=request.query_params)
        checked.is_valid(raise_exception=True)
        wanted = checked.validated_data
        found = scenes_in_film(project.pk, wanted["chapter"], wanted["scenes"])
        coherence = chosen_for_run(project, on_and_off(request))
        tier = wanted["tier"] or project.quality_tier
        return Response(estimate_production(project, found, tier, coherence).as_json())


def on_and_off(request: Request) -> dict[str, bool]:
    """Settings named in the address: `?on=lora&off=qc_scoring`, several with commas."""
    return {
        key.strip(): is_on
        for name, is_on in (("on", True), ("off", False))
        for key in request.query_params.get(name, "").split(",")
        if key.strip()
    }


class Events(APIView):
    """What has happened in a production."""

    permission_classes = [MayUseRecords]

    @extend_schema(
        responses=ANYTHING,
        parameters=[OpenApiParameter("after", int, description="The last event you have seen."),
                    OpenApiParameter("limit", int)],
    )  # fmt: skip
    def get(self, request: Request, slug: str) -> Response:
        """Events after a cursor, oldest first; `next` is the cursor to go on from."""
        project = project_of(request, slug, "view")
        after, limit = _whole(request, "after", 0), min(max(_whole(request, "limit", 100), 1), MOST_EVENTS)
        told = Event.objects.filter(project=project, pk__gt=after)
        role = role_in(request.user, project)
        for kind, right in NEEDS.items():
            if role not in MAY[right] or (isinstance(request.auth, ApiToken) and right not in request.auth.scopes):
                told = told.exclude(type__startswith=f"{kind}.")
        found = list(told.order_by("pk")[:limit])
        rows = [
            {"id": event.pk, "type": event.type, "subject": event.subject, "payload": event.payload, "at": event.at}
            for event in found
        ]
        return Response({"events": rows, "next": found[-1].pk if found else after, "more": len(found) == limit})


def _whole(request: Request, name: str, usual: int) -> int:
    text = request.query_params.get(name, "")
    if not text:
        return usual
    if not text.isascii() or not text.isdecimal() or len(text) > 18:
        raise ValidationError({name: "This is a whole number."})
    return int(text)


class RunDetail(Action):
    """One run with its steps explained."""

    @extend_schema(responses=ANYTHING)
    def get(self, request: Request, pk: int) -> Response:
        """The run, and for each step what was asked, of whom, at what price, and every move it made."""
        run = row_for(request, Run, pk, "view")
        moves: dict[int | None, list[dict[str, Any]]] = {}
        for move in Transition.objects.filter(run=run).order_by("pk"):
            moves.setdefault(move.step_id, []).append(
                {"before": move.before, "after": move.after, "note": move.note, "at": move.at}
            )
        steps = [_explained(step, moves.get(step.pk, [])) for step in run.steps.order_by("pk")]
        return Response(RunSerializer(run).data | {"moves": moves.get(None, []), "steps": steps})


def _explained(step: Step, moves: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": step.pk, "key": step.key, "kind": step.kind, "state": step.state, "attempt": step.attempt,
        "provider": step.provider, "endpoint": step.endpoint, "profile": step.profile.get("name", ""),
        "input": step.input, "output": step.output, "request_id": step.request_id,
        "price": step.price, "units": step.units, "reserved": step.reserved, "settled": step.settled,
        "error_class": step.error_class, "error_message": step.error_message, "created_at": step.created_at,
        "submitted_at": step.submitted_at, "finished_at": step.finished_at, "child": step.child_id, "moves": moves,
    }  # fmt: skip


class CancelRun(Action):
    """Stop a run."""

    @extend_schema(request=NOTHING, responses={202: RunSerializer}, parameters=[KEYED])
    @once
    def post(self, request: Request, pk: int) -> Response:
        """What is finished is kept; the run can be resumed."""
        run = row_for(request, Run, pk, "generate")
        if not runs.cancel_run(run):
            raise Conflict("This run has ended, or is being stopped already.")
        run.refresh_from_db()
        return Response(RunSerializer(run).data, status=202)


class ResumeRun(Action):
    """Go on with a run."""

    @extend_schema(request=NOTHING, responses={202: RunSerializer}, parameters=[KEYED])
    @once
    def post(self, request: Request, pk: int) -> Response:
        """Go on with a failed or stopped run from where it stopped."""
        run = row_for(request, Run, pk, "generate")
        if not runs.resume_run(run):
            raise Conflict("This run has neither failed nor been stopped.")
        run.refresh_from_db()
        return Response(RunSerializer(run).data, status=202)


class Resolution(serializers.Serializer):
    """The job's id where it was found; empty to write the request off."""

    request_id = serializers.CharField(max_length=120, allow_blank=True, default="")


class ResolveStep(Action):
    """Decide about a request whose answer was lost."""

    @extend_schema(request=Resolution, responses=ANYTHING, parameters=[KEYED])
    @once
    def post(self, request: Request, pk: int) -> Response:
        """Found, or written off and made anew."""
        step = Step.objects.filter(pk=pk).select_related("run__project").first()
        if step is None or role_in(request.user, step.run.project) is None:
            raise Http404("There is no such step.")
        project_of(request, step.run.project.slug, "spend")
        step = runs.resolve_unknown(step, by=request.user, request_id=self.sent(request, Resolution)["request_id"])
        return Response({"id": step.pk, "state": step.state})


class Approvals(Action):
    """Questions about spending."""

    @extend_schema(responses=ANYTHING)
    def get(self, request: Request, slug: str) -> Response:
        """Those that wait for a decision, oldest first; a decision names the digest."""
        project = project_of(request, slug, "spend")
        names = ("id", "words", "amount", "currency", "digest", "step", "step__run")
        rows = Approval.objects.filter(project=project, state=Approval.State.PENDING).order_by("pk").values(*names)
        return Response({"approvals": [{"run": row.pop("step__run"), **row} for row in rows]})


class Decision(serializers.Serializer):
    """Yes or no to exactly the request with this digest."""

    approve = serializers.BooleanField()
    digest = serializers.CharField(max_length=64)


class DecideApproval(Action):
    """Approve or refuse spending."""

    @extend_schema(request=Decision, responses=ANYTHING, parameters=[KEYED])
    @once
    def post(self, request: Request, pk: int) -> Response:
        """Once; refused where the request has changed since."""
        approval = Approval.objects.filter(pk=pk).select_related("project").first()
        if approval is None or role_in(request.user, approval.project) is None:
            raise Http404("There is no such question.")
        project_of(request, approval.project.slug, "spend")
        sent = self.sent(request, Decision)
        decided = runs.decide_approval(approval, digest=sent["digest"], yes=sent["approve"], by=request.user)
        return Response({"id": decided.pk, "state": decided.state})


class DismissAlert(Action):
    """Take an alert down."""

    @extend_schema(request=NOTHING, responses=ANYTHING, parameters=[KEYED])
    @once
    def post(self, request: Request, pk: int) -> Response:
        """It goes from every page of the production."""
        alert = row_for(request, Alert, pk, "generate")
        return Response({"dismissed": dismiss_alert(alert, by=request.user)})


class SelectTake(Action):
    """Choose the take for the cut."""

    @extend_schema(request=NOTHING, responses=ANYTHING, parameters=[KEYED])
    @once
    def post(self, request: Request, pk: int) -> Response:
        """A person's choice is not undone by a machine."""
        take = row_for(request, Take, pk, "review")
        return Response({"take": take.pk, "selected": scenes.select_take(take.shot, take, request.user)})


class CheckContinuity(Action):
    """Check the cuts of a scene by its records."""

    @extend_schema(request=NOTHING, responses=ANYTHING, parameters=[KEYED])
    @once
    def post(self, request: Request, pk: int) -> Response:
        """How many breaks stand open; they are listed under `continuity`."""
        scene = row_for(request, Scene, pk, "write")
        return Response({"scene": scene.pk, "open": check_scenes(scene.chapter.project_id, [scene.pk])})


class OmitScene(Action):
    """Take a scene out of the film."""

    @extend_schema(request=NOTHING, responses=ANYTHING, parameters=[KEYED])
    @once
    def post(self, request: Request, pk: int) -> Response:
        """Its number stays in the script."""
        scene = row_for(request, Scene, pk, "write")
        return Response({"scene": scene.pk, "changed": scenes.omit_scene(scene, by=request.user)})


class RestoreScene(Action):
    """Bring an omitted scene back."""

    @extend_schema(request=NOTHING, responses=ANYTHING, parameters=[KEYED])
    @once
    def post(self, request: Request, pk: int) -> Response:
        """With the shots it had."""
        scene = row_for(request, Scene, pk, "write")
        return Response({"scene": scene.pk, "changed": scenes.restore_scene(scene, by=request.user)})


class DuplicateScene(Action):
    """Copy a scene."""

    @extend_schema(request=NOTHING, responses={201: ANYTHING}, parameters=[KEYED])
    @once
    def post(self, request: Request, pk: int) -> Response:
        """The copy stands behind it, with a number of its own."""
        scene = row_for(request, Scene, pk, "write")
        return Response({"scene": scenes.duplicate_scene(scene, by=request.user).pk}, status=201)


@extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
class MediaFile(APIView):
    """The bytes of a media file."""

    permission_classes = [MayUseRecords]

    def get(self, request: Request, pk: int) -> HttpResponseBase:
        """A copy that says where it came from, under its asset name or `?download=name`, with byte ranges."""
        asset = row_for(request, MediaAsset, pk, "view")
        plain: HttpRequest = request._request
        plain.user = request.user
        return send_asset(plain, asset, leaves=True)
