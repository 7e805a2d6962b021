"""Read Final Draft scripts (.fdx).

There is no public schema; only `Content` is certain. The paragraph type decides what a paragraph is, its text is all
its runs joined, and only the paragraphs directly below `Content` (and inside `DualDialogue`) are script: the same tag
stands in many other places.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element as XmlElement

from projects.screenplay.assembly import character_totals, scenes_from
from projects.screenplay.cues import parse_cue
from projects.screenplay.fdx_tags import TagIndex
from projects.screenplay.fdx_tree import parse_final_draft
from projects.screenplay.length import parse_eighths
from projects.screenplay.model import (
    BreakdownTag,
    Element,
    ElementType,
    Remark,
    Scene,
    Screenplay,
    ScreenplayError,
    StyleSpan,
)
from projects.screenplay.title_lines import TitleLine, title_page_from_lines

_TYPES = {
    "Scene Heading": ElementType.SCENE_HEADING,
    "Action": ElementType.ACTION,
    "General": ElementType.ACTION,
    "Character": ElementType.CHARACTER,
    "Parenthetical": ElementType.PARENTHETICAL,
    "Dialogue": ElementType.DIALOGUE,
    "Lyrics": ElementType.LYRIC,
    "Transition": ElementType.TRANSITION,
    "Shot": ElementType.SHOT,
    "New Act": ElementType.SECTION,
    "Sequence": ElementType.SECTION,
    "Outline 1": ElementType.SECTION,
    "Outline 2": ElementType.SECTION,
    "Outline 3": ElementType.SECTION,
    "Outline 4": ElementType.SECTION,
    "Outline Body": ElementType.SYNOPSIS,
    "Summary": ElementType.SYNOPSIS,
    "Note": ElementType.NOTE,
}
_LEVELS = {"New Act": 1, "Sequence": 2, "Outline 1": 1, "Outline 2": 2, "Outline 3": 3, "Outline 4": 4}
_KNOWN_OTHERS = frozenset({"Cast List", "End of Act", "Act&Scene Break"})
_CAPITALS = (ElementType.SCENE_HEADING, ElementType.TRANSITION)
_STYLED = (ElementType.ACTION, ElementType.DIALOGUE, ElementType.LYRIC, ElementType.SHOT)
_IN_SPEECH = (ElementType.PARENTHETICAL, ElementType.DIALOGUE, ElementType.LYRIC)


def read_fdx(data: bytes) -> Screenplay:
    """Read a Final Draft file. Raises ScreenplayError where it is damaged, hostile or not a script."""
    root = parse_final_draft(data)
    content = root.find("Content")
    if content is None:
        raise ScreenplayError("The Final Draft file has no <Content>, so there is no script in it. Save it again.")
    reader = _Reader(TagIndex(root), _alternatives(root))
    reader.read(content)
    reader.add_document_notes(root)
    scenes = scenes_from(reader.elements)
    reader.complete(scenes)
    return Screenplay(
        title_page=title_page_from_lines(_title_lines(root)),
        scenes=scenes,
        characters=character_totals(scenes),
        warnings=sorted(reader.remarks, key=lambda remark: remark.line),
        format="fdx",
    )


@dataclass(slots=True)
class _Properties:
    """What Final Draft knows about the scene below a heading."""

    length: str = ""
    page: str = ""


@dataclass(slots=True)
class _Speech:
    """The running speech: its cue's name and extensions, and its column in a dual dialogue."""

    character: str = ""
    extensions: list[str] = field(default_factory=list)
    dual: str = ""


class _Reader:
    """Turns paragraphs into elements; a paragraph's number, from 1, is the line of its element."""

    def __init__(self, tags: TagIndex, alternatives: dict[str, str]) -> None:
        self.tags = tags
        self.alternatives = alternatives
        self.elements: list[Element] = []
        self.remarks: list[Remark] = []
        self.found_tags: list[BreakdownTag] = []
        self.properties: dict[int, _Properties] = {}
        self.unknown: dict[str, list[int]] = {}
        self.speech = _Speech()
        self.line = 0

    def read(self, content: XmlElement) -> None:
        for paragraph in content.iterfind("Paragraph"):
            pair = paragraph.find("DualDialogue")
            if pair is None:
                self._read_paragraph(paragraph, "")
            else:
                self._read_pair(paragraph, pair)
        if not self.elements:
            self.remarks.append(Remark(1, "The Final Draft file holds no text."))
        for kind, lines in self.unknown.items():
            count = f"{len(lines)} paragraphs" if len(lines) > 1 else "A paragraph"
            message = f"{count} of the unknown type “{kind}” kept as other text, which is not filmed."
            self.remarks.append(Remark(lines[0], message))

    def _read_pair(self, wrapper: XmlElement, pair: XmlElement) -> None:
        if _text(wrapper).strip():
            self._read_paragraph(wrapper, "")
        column = ""
        for paragraph in pair.iterfind("Paragraph"):
            if paragraph.get("Type") == "Character":
                column = "right" if column else "left"
            self._read_paragraph(paragraph, column)
        self.speech = _Speech()

    def _read_paragraph(self, paragraph: XmlElement, dual: str) -> None:
        self.line += 1
        name = paragraph.get("Type", "")
        kind = _TYPES.get(name, ElementType.OTHER if name else ElementType.ACTION)
        if paragraph.get("StartsNewPage") == "Yes" and self.elements:
            self.elements.append(Element(ElementType.PAGE_BREAK, "===", self.line, literal=True))
        element = Element(kind, "", self.line, literal=True)
        element.text, element.styles = self._runs(paragraph, kind)
        element.kind = name if kind is ElementType.OTHER or name == "General" else ""
        element.level = _LEVELS.get(name, 0)
        if element.text.strip():
            self._add(element, paragraph, dual)
        self._add_notes(paragraph, element)
        if kind is ElementType.SCENE_HEADING:
            self._read_properties(paragraph)

    def _add(self, element: Element, paragraph: XmlElement, dual: str) -> None:
        kind = element.type
        if kind is ElementType.SCENE_HEADING:
            element.number = paragraph.get("Number", "").strip()
        elif kind is ElementType.CHARACTER:
            self._start_speech(element, dual)
        elif kind is ElementType.PARENTHETICAL and not (element.text.startswith("(") and element.text.endswith(")")):
            element.text = f"({element.text.strip('()')})"
        elif kind is ElementType.OTHER and element.kind not in _KNOWN_OTHERS:
            self.unknown.setdefault(element.kind, []).append(self.line)
        if kind in _IN_SPEECH:
            if kind is not ElementType.LYRIC and not self.speech.character:
                self.remarks.append(Remark(self.line, f"This {kind.value} has no character cue above it."))
            element.character, element.dual = self.speech.character, self.speech.dual
            element.extensions = list(self.speech.extensions)
        elif kind not in (ElementType.CHARACTER, ElementType.NOTE):
            self.speech = _Speech()
        self.elements.append(element)

    def _start_speech(self, element: Element, dual: str) -> None:
        cue = parse_cue(element.text)
        parts = re.split(r"(\([^()]*\))", element.text)
        element.text = "".join(part if part.startswith("(") else part.upper() for part in parts)
        element.character, element.extensions, element.dual = cue.name, cue.extensions, dual
        self.speech = _Speech(cue.name, cue.extensions, dual)

    def _runs(self, paragraph: XmlElement, kind: ElementType) -> tuple[str, list[StyleSpan]]:
        """Join the runs of a paragraph; note its tags and, where text may be styled, its styles."""
        pieces: list[str] = []
        length = 0
        styles: list[StyleSpan] = []
        tagged: dict[str, str] = {}
        for run in paragraph.iterfind("Text"):
            piece = "".join(run.itertext()).replace("\r\n", "\n").replace("\r", "\n")
            pieces.append(piece)
            for style in run.get("Style", "").lower().split("+"):
                if style in ("bold", "italic", "underline") and piece:
                    styles.append(StyleSpan(length, length + len(piece), style))
            number = run.get("TagNumber", "")
            if number:
                tagged[number] = tagged.get(number, "") + piece
            length += len(piece)
        text = "".join(pieces)
        for number, words in tagged.items():
            self.found_tags += self.tags.find(number, words, self.line)
        if kind in _STYLED:
            return text.rstrip(), styles
        text = " ".join(text.split()) if kind is not ElementType.OTHER else text.strip()
        return (text.upper() if kind in _CAPITALS else text), []

    def _add_notes(self, paragraph: XmlElement, element: Element) -> None:
        """Keep script notes and alternative lines as notes below the paragraph they belong to."""
        notes = [_note_text(note) for note in paragraph.iterfind("ScriptNote")]
        current = ""
        for alternatives in paragraph.iterfind("Alts"):
            current = alternatives.get("Current", "")
            for number, reference in enumerate(alternatives.iterfind("AltId")):
                text = self.alternatives.get(reference.get("Id") or (reference.text or "").strip(), "")
                if text and str(number) != current and text != element.text:
                    notes.append(f"Alternative: {text}")
        anchor = len(element.text) if element.text.strip() else None
        for note in notes:
            if note:
                own = Element(
                    ElementType.NOTE, note, self.line, literal=True, anchor=anchor, own_line=anchor is not None
                )
                self.elements.append(own)

    def _read_properties(self, paragraph: XmlElement) -> None:
        properties = paragraph.find("SceneProperties")
        if properties is None:
            return
        self.properties[self.line] = _Properties(properties.get("Length", ""), properties.get("Page", ""))
        lines = [("", properties.get("Title", ""))]
        lines += [("", _text(summary)) for summary in properties.iterfind("Summary/Paragraph")]
        for name, text in lines:
            if text.strip():
                self.elements.append(Element(ElementType.SYNOPSIS, name + text.strip(), self.line, literal=True))
        for beat in properties.iterfind("SceneArcBeats/CharacterArcBeat"):
            text = " ".join(_text(part) for part in beat.iterfind("Paragraph")).strip()
            if text:
                note = f"{beat.get('Name', '')}: {text}"
                self.elements.append(Element(ElementType.NOTE, note, self.line, literal=True))

    def add_document_notes(self, root: XmlElement) -> None:
        """Keep the notes that newer files list for the whole document; their ranges are not the paragraphs'."""
        for note in root.iterfind("ScriptNotes/ScriptNote"):
            text = _note_text(note)
            if text:
                self.elements.append(Element(ElementType.NOTE, text, self.line, literal=True))

    def complete(self, scenes: list[Scene]) -> None:
        """Give every scene the length, page and breakdown tags the file has for it."""
        starts = [scene.elements[0].line for scene in scenes]
        for scene, start in zip(scenes, starts, strict=True):
            known = self.properties.get(start) if scene.heading else None
            if known:
                scene.page = known.page
                eighths = parse_eighths(known.length)
                scene.page_eighths = max(eighths, 1) if eighths is not None else scene.page_eighths
        seen: set[tuple[int, str, str]] = set()
        for tag in self.found_tags:
            place = max(bisect_right(starts, tag.line) - 1, 0)
            key = (place, tag.category, tag.label.casefold())
            if scenes and key not in seen:
                seen.add(key)
                scenes[place].tags.append(tag)


def _text(paragraph: XmlElement) -> str:
    return "".join("".join(run.itertext()) for run in paragraph.iterfind("Text"))


def _note_text(note: XmlElement) -> str:
    """Return a script note's text, with its writer's name where the file says it."""
    lines = [_text(paragraph).strip() for paragraph in note.iterfind("Paragraph")]
    text = "\n".join(line for line in lines if line)
    writer = note.get("WriterName") or note.get("Name") or ""
    return f"{writer}: {text}" if writer and text else text


def _alternatives(root: XmlElement) -> dict[str, str]:
    """Return the alternative lines of the file by their id."""
    return {
        alternative.get("Id", ""): " ".join(_text(paragraph) for paragraph in alternative.iterfind("Paragraph")).strip()
        for alternative in root.iterfind("AltCollection/Alt")
    }


def _title_lines(root: XmlElement) -> Iterator[TitleLine]:
    for paragraph in root.iterfind("TitlePage/Content/Paragraph"):
        yield TitleLine(" ".join(_text(paragraph).split()), centered=paragraph.get("Alignment") == "Center")
