"""What can be done to the takes of a shot: ask for another, take a picture that failed, see what has changed since."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from dailies.choices import Reason
from media_pipeline.estimates import estimate_shot
from media_pipeline.picture_acceptance import accept_and_go_on
from media_pipeline.providers.choice import NoModel
from media_pipeline.retakes import LONGEST_REASON, UnderWay
from media_pipeline.run_settings import chosen_for_run
from media_pipeline.takes.staleness import changes_since
from projects import access
from projects.choices import QualityTier
from projects.models import Project
from scenes.actions import give_back_to_planner
from scenes.models import Shot, Take
from studio.retaking import ask_for_retake

from .actions import ANYTHING, KEYED, SETTINGS_ON_AND_OFF, Action, RunSerializer, on_and_off, production_of, row_for
from .fields import Id
from .idempotency import once
from .models import ApiToken
from .problems import Conflict


class RetakeSent(serializers.Serializer):
    """Why, and how."""

    reasons = serializers.ListField(
        child=serializers.ChoiceField(choices=Reason.choices), default=list, max_length=len(Reason.choices)
    )
    reason = serializers.CharField(max_length=LONGEST_REASON, allow_blank=True, default="")
    tier = serializers.ChoiceField(choices=[("", ""), *QualityTier.choices], default="")
    coherence = serializers.DictField(child=serializers.BooleanField(), default=dict)


class Retake(Action):
    """Render a shot again."""

    @extend_schema(request=RetakeSent, responses={202: RunSerializer}, parameters=[KEYED])
    @once
    def post(self, request: Request, pk: int) -> Response:
        """Start the run that makes the shot's next take; what is to be different goes into its prompt.

        Of somebody who may review it is also the decision about the take that the film uses now. `coherence` holds
        for this run alone.
        """
        shot = row_for(request, Shot, pk, "generate")
        project, sent = production_of(shot), self.sent(request, RetakeSent)
        try:
            run = ask_for_retake(
                shot, project, by=request.user, may_review=_may_review(request, project), reasons=sent["reasons"],
                text=sent["reason"], tier=sent["tier"], coherence=sent["coherence"],
            )  # fmt: skip
        except UnderWay as problem:
            raise Conflict(" ".join(problem.messages)) from None
        return Response(RunSerializer(run).data, status=202)


def _may_review(request: Request, project: Project) -> bool:
    """Whether the person and the token they came with may decide about takes."""
    scoped = not isinstance(request.auth, ApiToken) or "review" in request.auth.scopes
    return scoped and access.may(request.user, project, "review")


class EstimateShot(Action):
    """What one more take of a shot would cost."""

    @extend_schema(
        responses=ANYTHING,
        parameters=[OpenApiParameter("tier", str, enum=QualityTier.values), SETTINGS_ON_AND_OFF],
    )
    def get(self, request: Request, pk: int) -> Response:
        """By kind of call and in all; null where a price is not known."""
        shot = row_for(request, Shot, pk, "view")
        project = production_of(shot)
        tier = request.query_params.get("tier", "") or project.quality_tier
        if tier not in QualityTier.values:
            raise ValidationError(
                {"tier": f"There is no tier {tier!r}: choose one of {', '.join(QualityTier.values)}."}
            )
        try:
            estimate = estimate_shot(shot, project, tier, chosen_for_run(project, on_and_off(request)))
        except NoModel as nobody:
            raise ValidationError(str(nobody)) from None
        return Response(estimate.as_json())


class AcceptSent(serializers.Serializer):
    """Which picture, and why it is good enough."""

    picture = Id()
    reason = serializers.CharField(max_length=400)


class AcceptPicture(Action):
    """Take a picture that did not pass verification."""

    @extend_schema(request=AcceptSent, responses=ANYTHING, parameters=[KEYED])
    @once
    def post(self, request: Request, pk: int) -> Response:
        """The run that stopped at it goes on."""
        shot = row_for(request, Shot, pk, "generate")
        sent = self.sent(request, AcceptSent)
        overruled, resumed = accept_and_go_on(shot, sent["picture"], sent["reason"], by=request.user)
        return Response({"overruled": overruled, "resumed": resumed.pk if resumed else None})


class NamesSent(serializers.Serializer):
    """Names of fields of the shot."""

    names = serializers.ListField(child=serializers.CharField(max_length=40), min_length=1, max_length=60)


class GiveBack(Action):
    """Let planning decide again what a person had decided of a shot."""

    @extend_schema(request=NamesSent, responses=ANYTHING, parameters=[KEYED])
    @once
    def post(self, request: Request, pk: int) -> Response:
        """The fields are at once what the planner last had for them."""
        shot = row_for(request, Shot, pk, "write")
        names = self.sent(request, NamesSent)["names"]
        return Response({"shot": shot.pk, "overrides": give_back_to_planner(shot, names, by=request.user).overrides})


class Changes(Action):
    """What has changed since a take was made."""

    @extend_schema(responses=ANYTHING)
    def get(self, request: Request, pk: int) -> Response:
        """In words, with how it was and is; nothing is made again because of it."""
        take = row_for(request, Take, pk, "view")
        found = changes_since(take, take.shot, production_of(take))
        rows = [{"what": change.words, "before": change.before, "after": change.after} for change in found]
        return Response({"take": take.pk, "stale": bool(rows), "changes": rows})
