"""The knowledge base as a provider: a question about the production, answered at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings

from media_pipeline.providers.base import (
    Accepted,
    CallContext,
    Capability,
    KnowledgeRequest,
    Pending,
    Request,
    Result,
)
from media_pipeline.providers.errors import Refused

from .local import LocalKnowledge
from .model import Knowledge
from .remote import RemoteKnowledge, service

DEFAULT_SECONDS = 60
"""The most a knowledge service may take where the profile says nothing."""


def knowledge_of(project_id: int) -> Knowledge:
    """What is known about a production: the service at KNOWLEDGE_URL, else its own records."""
    return RemoteKnowledge(project_id) if settings.KNOWLEDGE_URL else LocalKnowledge(project_id)


class KnowledgeProvider:
    """Answers a KnowledgeRequest: `text` holds the passages, `data` what was found and how sure it is."""

    name = "knowledge"
    keeps_history = False
    capabilities = frozenset({Capability.KNOWLEDGE})

    def __init__(self) -> None:
        self.local = not settings.KNOWLEDGE_URL  # worked out here, from the records

    def available(self) -> bool:
        """Always: without a service the records are searched."""
        return True

    def check(self, request: Request, profile: Mapping[str, Any]) -> None:
        """Refused for anything but a question, and for a service whose address must not get the key."""
        if not isinstance(request, KnowledgeRequest):
            raise Refused(f"The knowledge base answers questions; it cannot do {request.capability}.")
        if settings.KNOWLEDGE_URL:
            service(seconds=1, billed=False).check()

    def submit(self, request: Request, endpoint: str, context: CallContext) -> Accepted | Result:
        """Answer at once, about the production of the call and no other."""
        self.check(request, context.profile)
        assert isinstance(request, KnowledgeRequest)
        project_id = getattr(context, "project_id", None)
        if project_id is None:
            raise Refused("Nobody said which production the question is about.")
        knowledge = self._knowledge(project_id, context.profile)
        image = context.media(request.image) if request.image else None
        found = knowledge.query(request.question, image=image, limit=request.limit)
        kind = "local" if isinstance(knowledge, LocalKnowledge) else "remote"
        return Result(
            text=found.block,
            data={"kind": kind, **found.model_dump(mode="json")},
            provenance={"model": f"knowledge/{kind}", "measured": found.measured},
            units=Decimal(1),
        )

    def poll(self, request_id: str, endpoint: str, data: dict[str, Any]) -> Pending | None:
        """Nothing is ever pending: submit answers with the result."""
        return None

    def fetch(self, request_id: str, endpoint: str, data: dict[str, Any], context: CallContext) -> Result:
        """Refused: there is no earlier question to fetch."""
        raise Refused("The knowledge base answers at once; there is no earlier question to fetch.")

    def cancel(self, request_id: str, endpoint: str, data: dict[str, Any]) -> bool:
        """Nothing can be dropped."""
        return False

    def find_lost(self, data: Mapping[str, Any], endpoint: str, *, since: datetime) -> list[str]:
        """A lost answer stays lost; a question that costs nothing is simply asked again."""
        return []

    def _knowledge(self, project_id: int, profile: Mapping[str, Any]) -> Knowledge:
        if self.local:
            return LocalKnowledge(project_id)
        price = profile.get("price")
        billed = price is None or Decimal(price) != 0
        seconds = float(profile.get("timeout_seconds") or DEFAULT_SECONDS)
        return RemoteKnowledge(project_id, seconds=seconds, billed=billed)
