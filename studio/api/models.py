"""Tokens of scripts, and the answers that were given under idempotency keys."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

TOKEN_MARK = "rushes_"
"""How every token begins, so that one that leaked into a file can be found by its look."""

KEPT_FOR = timedelta(hours=24)
"""How long an answer is kept under its idempotency key."""


class ApiToken(models.Model):
    """A named, revocable key of a person for a script. Only its digest is kept; it is shown once."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="script_tokens")
    name = models.CharField(max_length=120)
    digest = models.CharField(max_length=64, unique=True, help_text="sha256 of the token.")
    scopes: models.JSONField[Any, Any] = models.JSONField(help_text="Rights it may use; never more than the person's.")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name

    @property
    def holds(self) -> bool:
        """Whether it opens anything now."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > timezone.now())


class IdempotentAnswer(models.Model):
    """What was answered to an action under a person's key: the same request gets the same answer."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=120)
    request_digest = models.CharField(max_length=64, help_text="Of method, address and body.")
    status = models.PositiveSmallIntegerField(null=True)
    body: models.JSONField[Any, Any] = models.JSONField(null=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="one_answer_per_person_and_key")]

    def __str__(self) -> str:
        return f"{self.key}: {self.status}"


def issue_token(person: Any, name: str, scopes: list[str], expires_at: datetime | None = None) -> tuple[ApiToken, str]:
    """Make a token; returns its record and the token itself, which nobody can read again."""
    secret = TOKEN_MARK + secrets.token_urlsafe(32)
    token = ApiToken(person=person, name=name, digest=digest_of(secret), scopes=scopes, expires_at=expires_at)
    token.full_clean()
    token.save()
    return token, secret


def digest_of(secret: str) -> str:
    """What is kept of a token. It is random and long, so a plain digest cannot be guessed back."""
    return hashlib.sha256(secret.encode()).hexdigest()


def prune_answers(now: datetime | None = None) -> int:
    """Forget answers older than KEPT_FOR; returns how many. The poller does so every few minutes."""
    return IdempotentAnswer.objects.filter(created_at__lt=(now or timezone.now()) - KEPT_FOR).delete()[0]
