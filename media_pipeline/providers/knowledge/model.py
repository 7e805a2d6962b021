"""What is asked of a knowledge base and what it answers, wherever it is."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Protocol

from pydantic import Field

from media_pipeline.providers.base import Record


class Passage(Record):
    """A few sentences of one record. `source` names the record ("scene:12"), `title` is for people."""

    source: str = Field(max_length=80)
    title: str = Field("", max_length=300)
    text: str = Field(max_length=20_000)


class FoundPassage(Record):
    """A passage that answers, how sure that is (0 to 1), and the words of the question it holds."""

    passage: Passage
    confidence: float = Field(ge=0, le=1)
    matched: tuple[str, ...] = ()


class FoundPicture(Record):
    """A known picture that looks like the one asked about. `likeness` (0 to 1) is of the picture, not of a person."""

    media: str = Field(max_length=64)
    title: str = Field("", max_length=300)
    likeness: float = Field(ge=0, le=1)


class Found(Record):
    """The answer to a query. `confidence` None: not measured, which `measured` says why."""

    confidence: float | None = Field(None, ge=0, le=1)
    measured: str = ""
    passages: tuple[FoundPassage, ...] = Field((), max_length=50)
    pictures: tuple[FoundPicture, ...] = Field((), max_length=50)

    @property
    def block(self) -> str:
        """The passages as a block of text for a prompt."""
        return context_block(self.passages)


class Stored(Record):
    """How many passages were taken in, and what there is to say of it."""

    count: int = Field(ge=0)
    note: str = ""


class Health(Record):
    """Whether a knowledge base can be asked, and in words what it is."""

    ok: bool
    kind: Literal["local", "remote"]
    note: str = ""


class NotAvailable(Exception):
    """This knowledge base cannot do that; the message says why."""


class Knowledge(Protocol):
    """What is known about one production. Raises ProviderErrors where the service is elsewhere."""

    def store(self, passages: tuple[Passage, ...]) -> Stored:
        """Take in passages; one of the same source replaces the earlier one."""

    def query(self, question: str, *, image: Path | None = None, limit: int = 5) -> Found:
        """The passages that answer best; with a picture, also the known pictures most like it."""

    def context(self, question: str, *, limit: int = 5, letters: int = 6000) -> str:
        """The best passages as a block of text for a prompt, at most `letters` long; "" when nothing is known."""

    def embeddings(self, texts: tuple[str, ...]) -> list[list[float]]:
        """A vector for each text; raises NotAvailable where there is no model for it."""

    def health(self) -> Health:
        """Whether it can be asked. Never raises for a service that is down."""


def context_block(passages: tuple[FoundPassage, ...], letters: int = 6000) -> str:
    """Whole passages, best first, as long as they fit; each under its title."""
    block = ""
    for found in passages:
        piece = f"[{found.passage.title or found.passage.source}]\n{found.passage.text}"
        longer = f"{block}\n\n{piece}" if block else piece
        if len(longer) > letters:
            break
        block = longer
    return block
