"""A title page that is only laid out (Final Draft, PDF) as the keys that Fountain names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_CREDIT = re.compile(
    r"((?:(?:original )?(?:screenplay|teleplay|script|story) )?(?:written )?(?:and directed )?by)\b[: ]*(.*)$",
    re.IGNORECASE,
)
_SOURCE = re.compile(r"(?:based (?:up)?on|adapted from|from the |inspired by)", re.IGNORECASE)
_DATE = re.compile(
    r"(?:draft|revision|revised)\b|\b\d{1,4}[./-]\d{1,2}[./-]\d{2,4}\b|"
    r"\b(?:january|february|march|april|may|june|july|august|september|october|november|december)\b.*\d{4}|^\d{4}$",
    re.IGNORECASE,
)
_COPYRIGHT = re.compile(r"©|\(c\) |copyright|all rights reserved|WGA", re.IGNORECASE)
_LONGEST_LINE = 200
"""Characters; what is longer is no line of a title page and is not searched for dates."""


@dataclass(slots=True)
class TitleLine:
    """One line of a title page as it is printed."""

    text: str
    centered: bool


def is_credit(text: str) -> bool:
    """Whether a line is "Written by" or one of its kin, with or without the name."""
    return bool(_CREDIT.match(text.strip()))


def title_page_from_lines(lines: Iterable[TitleLine]) -> dict[str, list[str]]:
    """Sort the printed lines of a title page under Title, Credit, Author, Source, Draft date, Copyright, Contact.

    The centred lines before the credit ("Written by") are the title, those after it the authors. Every line that is
    not empty comes out under one of the keys.
    """
    page: dict[str, list[str]] = {}
    author_is_next = False
    for line in lines:
        text = line.text.strip()
        if not text:
            author_is_next = author_is_next and "Author" not in page
            continue
        credit = _CREDIT.match(text) if len(text) < _LONGEST_LINE else None
        if credit:
            page.setdefault("Credit", []).append(credit.group(1))
            author_is_next = True
            if credit.group(2):
                page.setdefault("Author", []).append(credit.group(2))
            continue
        page.setdefault(_key(text, line.centered, page, author_is_next=author_is_next), []).append(text)
    return page


def _key(text: str, centered: bool, page: dict[str, list[str]], *, author_is_next: bool) -> str:
    if len(text) >= _LONGEST_LINE:
        return "Notes"
    if _COPYRIGHT.search(text):
        return "Copyright"
    if _SOURCE.match(text):
        return "Source"
    if author_is_next:
        return "Author"
    if "Title" not in page or (centered and "Credit" not in page and len(page) == 1):
        return "Title"
    if _DATE.search(text):
        return "Draft date"
    return "Contact"
