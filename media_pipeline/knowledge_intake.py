"""What is qualified goes into the production's knowledge base: phase D of qualification.

Prompts and generated video are no knowledge and never go in (flows, section 2).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from media_pipeline.providers.knowledge.model import Passage
from media_pipeline.providers.knowledge.provider import knowledge_of
from media_pipeline.providers.knowledge.records import passages_of

AT_ONCE = 100
"""Passages of one request to a service."""


def take_in(project_id: int) -> dict[str, Any]:
    """Give the knowledge base every passage of the records; repeating it replaces what stood there.

    Raises the provider's error where a service does not take them.
    """
    passages = passages_of(project_id)
    knowledge = knowledge_of(project_id)
    note = ""
    for some in _in_lots(passages):
        note = knowledge.store(tuple(some)).note
    return {"passages": len(passages), "note": note}


def _in_lots(passages: list[Passage]) -> Iterator[list[Passage]]:
    """Lots of about AT_ONCE that keep what one record says together: a store replaces all that a source said before."""
    lot: list[Passage] = []
    for _, of_one_record in groupby(passages, key=lambda passage: passage.source):
        lot += of_one_record
        if len(lot) >= AT_ONCE:
            yield lot
            lot = []
    if lot:
        yield lot
