"""Addresses of other systems that are told of a production's events, and the log of what was told them."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from projects import choices, validators

from .production import Project
from .tracked import Tracked


class OutgoingWebhook(Tracked):
    """Where a production's events are sent. The secret that signs them is kept sealed and shown once."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="webhooks")
    name = models.CharField(max_length=120)
    url = models.CharField("address", max_length=500)
    events: models.JSONField[Any, Any] = models.JSONField(
        default=list, blank=True, validators=[validators.lines],
        help_text="Types of events, such as take.created, or shot.* for all of a kind; empty: every event.",
    )  # fmt: skip
    active = models.BooleanField(default=True)
    sealed_secret = models.CharField(max_length=300, editable=False)

    class Meta:
        ordering = ["project", "name"]
        constraints = [models.UniqueConstraint(fields=["project", "name"], name="a_webhook_has_its_name_once")]

    def __str__(self) -> str:
        return self.name


class WebhookState(models.Model):
    """How far a webhook has been told."""

    webhook = models.OneToOneField(OutgoingWebhook, on_delete=models.CASCADE, related_name="state", primary_key=True)
    last_event_id = models.BigIntegerField(default=0, help_text="The newest event that was looked at for it.")
    failures = models.PositiveIntegerField(default=0, help_text="Attempts in a row that were not accepted.")
    delivered_at = models.DateTimeField(null=True, help_text="When it last accepted something.")

    def __str__(self) -> str:
        return f"state of {self.webhook_id}"


class WebhookDelivery(models.Model):
    """One event for one webhook: what was sent, how often, and what was answered."""

    webhook = models.ForeignKey(OutgoingWebhook, on_delete=models.CASCADE, related_name="deliveries")
    key = models.UUIDField(default=uuid.uuid4, unique=True, help_text="Stays the same however often it is sent.")
    event_id = models.BigIntegerField(null=True, help_text="Empty for a test.")
    event_type = models.CharField(max_length=40)
    body = models.TextField()
    status = models.CharField(max_length=10, choices=choices.DeliveryStatus, default=choices.DeliveryStatus.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(100)])
    next_at = models.DateTimeField(null=True, db_index=True, help_text="When it is sent next; empty: never again.")
    answer = models.PositiveSmallIntegerField(null=True, help_text="The last HTTP status.")
    error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)
    attempted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name_plural = "webhook deliveries"
        constraints = [
            models.UniqueConstraint(
                fields=["webhook", "event_id"], condition=Q(event_id__isnull=False), name="an_event_is_told_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.event_type} {self.key}"
