"""Knowledge from an HTTP service. The protocol is in docs/knowledge.md."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from pydantic import BaseModel, ValidationError

from media_pipeline.providers.base import Record
from media_pipeline.providers.errors import ProviderError, Refused
from media_pipeline.providers.json_service import JsonService

from .model import Found, Health, NotAvailable, Passage, Stored

LARGEST_PICTURE = 12 * 1024**2
"""Bytes of a picture sent with a query."""

T = TypeVar("T", bound=BaseModel)


class _Context(Record):
    text: str


class _Embeddings(Record):
    embeddings: list[list[float]]


class RemoteKnowledge:
    """A knowledge service at KNOWLEDGE_URL, asked about one production only: every request names it."""

    def __init__(self, project_id: int, *, seconds: float = 60.0, billed: bool = False) -> None:
        self.project_id = project_id
        self.service = service(seconds=seconds, billed=billed)

    def store(self, passages: tuple[Passage, ...]) -> Stored:
        """Send passages; one of the same source replaces the earlier one, so sending again does no harm."""
        return self._post("/store", Stored, passages=[one.model_dump() for one in passages])

    def query(self, question: str, *, image: Path | None = None, limit: int = 5) -> Found:
        """What the service finds."""
        picture = {"image": _coded(image)} if image else {}
        return self._post("/query", Found, question=question, limit=limit, **picture)

    def context(self, question: str, *, limit: int = 5, letters: int = 6000) -> str:
        """A block of text for a prompt, cut to `letters` should the service send more."""
        return self._post("/context", _Context, question=question, limit=limit, letters=letters).text[:letters]

    def embeddings(self, texts: tuple[str, ...]) -> list[list[float]]:
        """A vector for each text."""
        found = self._post("/embeddings", _Embeddings, texts=list(texts)).embeddings
        if len(found) != len(texts):
            raise NotAvailable(f"The knowledge service sent {len(found)} vectors for {len(texts)} texts.")
        return found

    def health(self) -> Health:
        """What the service says of itself; a service that is down is not an error here."""
        try:
            answer = self.service.get("/health")
        except ProviderError as error:
            return Health(ok=False, kind="remote", note=str(error))
        return Health(ok=answer.get("ok") is True, kind="remote", note=self.service.said(answer.get("note") or ""))

    def _post(self, path: str, answer: type[T], **body: Any) -> T:
        sent = self.service.post(path, {"project": str(self.project_id), **body})
        try:
            return answer.model_validate(sent)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"])
            raise Refused(
                f"The knowledge service's answer to {path} cannot be used: {place}: {first['msg']}."
            ) from None


def service(*, seconds: float, billed: bool) -> JsonService:
    """The service as the settings name it."""
    return JsonService(
        name="The knowledge service", setting="KNOWLEDGE_URL", base=settings.KNOWLEDGE_URL,
        key=settings.KNOWLEDGE_API_KEY, seconds=seconds, billed=billed,
    )  # fmt: skip


def _coded(image: Path) -> str:
    size = image.stat().st_size
    if size > LARGEST_PICTURE:
        raise Refused(f"The picture is {size:,} bytes; the knowledge service is sent {LARGEST_PICTURE:,} at most.")
    return base64.b64encode(image.read_bytes()).decode()
