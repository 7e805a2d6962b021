"""Knowledge without a service: search over the production's own records and pictures."""

from __future__ import annotations

from pathlib import Path

from media_pipeline import storage
from media_pipeline.assets import MediaAsset
from media_pipeline.providers.errors import Refused
from projects.models import Project

from .likeness import kept_prints, most_alike, prints_of
from .model import Found, FoundPassage, FoundPicture, Health, NotAvailable, Passage, Stored, context_block
from .records import passages_of
from .words import search

MOST_PICTURES = 200
"""References a picture is compared with, newest first: each takes 0.1 to 0.3 s the first time, then nothing."""

BY_WORDS = "share of the question's words found in the best passage, weighed by rarity; words, not meaning"
BY_LIKENESS = "likeness to the nearest reference as a near-duplicate picture; not identity"


class LocalKnowledge:
    """What the records of one production say. Reads them when asked: there is nothing to store or to refresh."""

    def __init__(self, project_id: int) -> None:
        self.project_id = project_id

    def store(self, passages: tuple[Passage, ...]) -> Stored:
        """Nothing is taken in: the records themselves are searched."""
        return Stored(count=0, note="The production's own records are searched as they are: nothing needs storing.")

    def query(self, question: str, *, image: Path | None = None, limit: int = 5) -> Found:
        """The best passages, and the references most like a picture.

        The confidence is that of the best passage; with a picture it is the lower one of words and likeness, and not
        measured where there is nothing to compare with.
        """
        passages = tuple(search(passages_of(self.project_id), question, limit))
        pictures, compared = self._pictures_like(image, limit) if image else ((), 0)
        confidence, measured = _confidence(passages, pictures, compared, asked_picture=image is not None)
        return Found(confidence=confidence, measured=measured, passages=passages, pictures=pictures)

    def context(self, question: str, *, limit: int = 5, letters: int = 6000) -> str:
        """The best passages as a block of text for a prompt."""
        return context_block(self.query(question, limit=limit).passages, letters)

    def embeddings(self, texts: tuple[str, ...]) -> list[list[float]]:
        """Not available: no embedding model runs here."""
        raise NotAvailable("There are no embeddings without a knowledge service: set KNOWLEDGE_URL.")

    def health(self) -> Health:
        """Always there; says how much there is to search."""
        if not Project.objects.filter(pk=self.project_id).exists():
            return Health(ok=False, kind="local", note=f"There is no production {self.project_id}.")
        count = len(passages_of(self.project_id))
        return Health(ok=True, kind="local", note=f"Search over {count} passages of the production's own records.")

    def _pictures_like(self, image: Path, limit: int) -> tuple[tuple[FoundPicture, ...], int]:
        """References most like the picture, and how many it was compared with; its own bytes are left out."""
        asked, own = prints_of(image), storage.digest_of(image)
        sources = (MediaAsset.Source.UPLOADED, MediaAsset.Source.PROVIDER)
        assets = MediaAsset.objects.filter(
            project_id=self.project_id, kind=MediaAsset.Kind.IMAGE, source__in=sources
        ).exclude(sha256=own)[:MOST_PICTURES]
        titles, prints = {}, []
        for asset in assets:
            try:
                found = kept_prints(asset.sha256, storage.local_path(self.project_id, asset.sha256))
            except (Refused, FileNotFoundError):
                continue  # a reference that is gone or broken has nothing to say; the others have
            titles[asset.sha256] = f"{asset.role or 'picture'} {asset.sha256[:10]}"
            prints.append((asset.sha256, found))
        alike = most_alike(asked, prints, limit)
        return tuple(FoundPicture(media=sha, title=titles[sha], likeness=near) for sha, near in alike), len(prints)


def _confidence(
    passages: tuple[FoundPassage, ...], pictures: tuple[FoundPicture, ...], compared: int, *, asked_picture: bool
) -> tuple[float | None, str]:
    if not passages:
        return None, "not measured: nothing in the records holds a word of the question"
    words = passages[0].confidence
    if not asked_picture:
        return words, BY_WORDS
    if not compared:
        return None, "not measured: there is no reference picture to compare with"
    near = pictures[0].likeness if pictures else 0.0
    return min(words, near), f"the lower one of: {BY_WORDS}; {BY_LIKENESS}"
