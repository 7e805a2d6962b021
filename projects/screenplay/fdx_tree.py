"""Parse Final Draft XML safely: no entities, no external references, bounded depth and size."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element as XmlElement
from xml.etree.ElementTree import ParseError, TreeBuilder

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from projects.screenplay.model import ScreenplayError

_DEEPEST = 60
_MOST_ELEMENTS = 1_500_000


class _BoundedBuilder(TreeBuilder):
    """Builds the tree, and stops where it is deeper or larger than any script."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = 0
        self.count = 0

    def start(self, tag: Any, attrs: Any, /) -> Any:
        self.depth += 1
        self.count += 1
        if self.depth > _DEEPEST or self.count > _MOST_ELEMENTS:
            raise ScreenplayError(
                "The Final Draft file is nested or filled like no script is. Save it again and retry."
            )
        return super().start(tag, attrs)

    def end(self, tag: Any, /) -> Any:
        self.depth -= 1
        return super().end(tag)


def parse_final_draft(data: bytes) -> XmlElement:
    """Return the root of a Final Draft document; raise ScreenplayError where it is not one."""
    parser = DefusedXMLParser(target=_BoundedBuilder())
    try:
        parser.feed(data.lstrip())
        root = parser.close()
    except DefusedXmlException as error:
        raise ScreenplayError(
            "The Final Draft file declares XML entities or outside references, which no script needs; "
            "it was refused. Save it again from Final Draft."
        ) from error
    except (ParseError, ValueError, LookupError) as error:
        if isinstance(error, ScreenplayError):
            raise
        raise ScreenplayError(
            f"The Final Draft file is damaged ({error}). Open it in Final Draft and save it again."
        ) from error
    if root.tag != "FinalDraft":
        raise ScreenplayError(
            f"The file is XML with the root <{root.tag}>, not a Final Draft script (<FinalDraft>). "
            "Export the script as .fdx and upload that."
        )
    return root
