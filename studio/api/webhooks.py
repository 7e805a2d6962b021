"""Outgoing webhooks of a production: made, changed, tried, and what was told them."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from projects import actions as projects
from projects.models import OutgoingWebhook, WebhookDelivery

from .access import project_of
from .actions import ANYTHING, KEYED, NOTHING, Action, row_for
from .idempotency import once
from .problems import Precondition, PreconditionRequired
from .records import IF_MATCH, etag_of

SHOWN = 100


class WebhookSerializer(serializers.ModelSerializer):
    """A webhook without its secret."""

    failures = serializers.IntegerField(source="state.failures", read_only=True)
    delivered_at = serializers.DateTimeField(source="state.delivered_at", read_only=True)

    class Meta:
        model = OutgoingWebhook
        fields = ("id", "name", "url", "events", "active", "created_at", "updated_at", "failures", "delivered_at")
        read_only_fields = ("created_at", "updated_at")
        validators: list[Any] = []  # the verbs say what is wrong

    def get_unique_together_validators(self) -> list[Any]:
        """None: the verbs say what is wrong."""
        return []


class DeliverySerializer(serializers.ModelSerializer):
    """What was sent, and what was answered."""

    class Meta:
        model = WebhookDelivery
        fields = (
            "id", "key", "event_id", "event_type", "status", "attempts", "answer", "error", "created_at",
            "attempted_at", "next_at", "body",
        )  # fmt: skip
        read_only_fields = fields


class Webhooks(Action):
    """The webhooks of a production."""

    @extend_schema(responses=WebhookSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """All of them, for those who manage the production."""
        project = project_of(request, slug, "manage")
        rows = OutgoingWebhook.objects.filter(project=project).select_related("state")
        return Response(WebhookSerializer(rows, many=True).data)

    @extend_schema(request=WebhookSerializer, responses={201: ANYTHING})
    @transaction.atomic
    def post(self, request: Request, slug: str) -> Response:
        """The answer holds the secret that signs what is sent; it is never shown again."""
        project = project_of(request, slug, "manage")
        webhook, secret = projects.create_webhook(project, by=request.user, **self.sent(request, WebhookSerializer))
        return _answer(webhook, 201, secret=secret)


class Webhook(Action):
    """One webhook."""

    @extend_schema(responses=WebhookSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """Without its secret."""
        return _answer(row_for(request, OutgoingWebhook, pk, "manage"))

    @extend_schema(request=WebhookSerializer, responses=WebhookSerializer, parameters=[IF_MATCH])
    @transaction.atomic
    def patch(self, request: Request, pk: int) -> Response:
        """Change the fields that are sent."""
        webhook = self._held(request, pk)
        checked = WebhookSerializer(webhook, data=request.data, partial=True)
        checked.is_valid(raise_exception=True)
        return _answer(projects.change_webhook(webhook, by=request.user, **checked.validated_data))

    @extend_schema(responses={204: None}, parameters=[IF_MATCH])
    @transaction.atomic
    def delete(self, request: Request, pk: int) -> Response:
        """Nothing more is sent, and the log goes."""
        projects.remove_webhook(self._held(request, pk), by=request.user)
        return Response(status=204)

    def _held(self, request: Request, pk: int) -> OutgoingWebhook:
        row_for(request, OutgoingWebhook, pk, "manage")
        webhook = OutgoingWebhook.objects.select_for_update(of=("self",)).get(pk=pk)
        sent = request.headers.get("If-Match", "")
        if not sent:
            raise PreconditionRequired
        if sent != "*" and etag_of(webhook) not in [one.strip() for one in sent.split(",")]:
            raise Precondition
        return webhook


class TryWebhook(Action):
    """Send a test."""

    @extend_schema(request=NOTHING, responses={202: DeliverySerializer}, parameters=[KEYED])
    @once
    def post(self, request: Request, pk: int) -> Response:
        """It stands in the log like any other delivery."""
        delivery = projects.try_webhook(row_for(request, OutgoingWebhook, pk, "manage"), by=request.user)
        return Response(DeliverySerializer(delivery).data, status=202)


class RenewSecret(Action):
    """Sign with a new secret."""

    @extend_schema(request=NOTHING, responses=ANYTHING)
    def post(self, request: Request, pk: int) -> Response:
        """The old one is worth nothing from now on; the new one is shown once, so no key keeps the answer."""
        webhook = row_for(request, OutgoingWebhook, pk, "manage")
        return Response({"id": webhook.pk, "secret": projects.renew_webhook_secret(webhook, by=request.user)})


class Deliveries(Action):
    """What was told a webhook."""

    @extend_schema(responses=DeliverySerializer(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """The newest hundred."""
        webhook = row_for(request, OutgoingWebhook, pk, "manage")
        return Response(DeliverySerializer(webhook.deliveries.all()[:SHOWN], many=True).data)


class SendAgain(Action):
    """Send a delivery once more."""

    @extend_schema(request=NOTHING, responses={202: DeliverySerializer}, parameters=[KEYED])
    @once
    def post(self, request: Request, pk: int) -> Response:
        """Under its old key, so that the other system can tell that it has it already."""
        delivery = projects.send_again(row_for(request, WebhookDelivery, pk, "manage"))
        return Response(DeliverySerializer(delivery).data, status=202)


def _answer(webhook: OutgoingWebhook, status: int = 200, **more: Any) -> Response:
    fresh = OutgoingWebhook.objects.select_related("state").get(pk=webhook.pk)
    return Response(WebhookSerializer(fresh).data | more, status=status, headers={"ETag": etag_of(fresh)})
