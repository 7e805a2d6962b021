"""From the elements of a scene to beats: the sentences, pauses and orders that shots are packed from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from projects.screenplay.cues import parse_cue
from projects.screenplay.emphasis import plain_text
from projects.screenplay.headings import parse_heading
from projects.screenplay.model import PLANNING_TYPES, Element, ElementType, Scene

from . import camera_words
from .duals import with_duals
from .lexicon import ACTIVE, PEOPLE
from .model import Beat, BeatKind, CameraCue, PlanSettings
from .people import Names, heard_only, introduced, lower_words, pronouns_in
from .sentences import Rates, join, sentences, split_to_fit, spoken_seconds, unwrapped

FILMED_OTHERS = ("", "general", "normal", "normal text", "action")
"""Kinds of `other` elements that are read as action; cast lists, act titles and outlines are not filmed."""

_PAUSE = re.compile(
    r"\(?\s*(?:a |another |long |short |brief |tense |awkward |small |uncomfortable |the )*"
    r"(?:beat|pause|silence|moment|停顿|沉默)s?\b[.…]*\s*\)?",
    re.IGNORECASE,
)
_LONG = re.compile(r"\blong\b", re.IGNORECASE)
_ASIDE = re.compile(r"\((?!\d)[^()]*\)[.]?|\[[^\[\]]*\][.]?|(?:NOTE|AUTHOR'?S NOTE)\s*:.*", re.DOTALL)
_PLACE = re.compile(
    r"(?:INSIDE|OUTSIDE|UPSTAIRS|DOWNSTAIRS|BACKSTAGE|(?:AT|IN|BY|NEAR|BEHIND|UNDER|ACROSS|THE) (?!END\b)[^.!?]+)"
)
_LIST_MARK = re.compile(r"^\s*(?:[-–—•*]|\(?[A-Za-z0-9]{1,2}[.)])\s+")


@dataclass(slots=True)
class BeatSheet:
    """The beats of a scene and what the reader of its elements noticed."""

    beats: list[Beat]
    warnings: list[str] = field(default_factory=list)
    transition_in: str = ""
    intercut: bool = False


def beats_of(scene: Scene, names: Names, settings: PlanSettings) -> BeatSheet:
    """The beats of `scene` in the order of the script, numbered from 1.

    The words of all beats in order are the words of the scene's action and dialogue. Planning text is left out;
    what is neither filmed nor planning text is left out with a warning that names its line.
    """
    reader = _BeatReader(names, settings)
    reader.read(scene)
    beats = with_duals(reader.beats, settings, reader.sheet.warnings)
    reader.sheet.beats = [replace(beat, id=number) for number, beat in enumerate(beats, start=1)]
    return reader.sheet


@dataclass(slots=True)
class _Speech:
    """The speech being read."""

    number: int
    speaker: str = ""
    extensions: tuple[str, ...] = ()
    parenthetical: str = ""
    unused: bool = False  # the parenthetical has no words after it yet
    dual: str = ""
    spoken: bool = False
    line: int = 0


class _BeatReader:
    """Walks once over the elements of a scene."""

    def __init__(self, names: Names, settings: PlanSettings) -> None:
        self.names = names
        self.settings = settings
        self.sheet = BeatSheet([])
        self.beats = self.sheet.beats
        self.speech: _Speech | None = None
        self.speeches = 0
        self.paragraph = 0
        self.montage = False
        self.peopled = False  # somebody was seen or heard: what follows is no description of an empty place
        self.glue_next = False
        self.open_next = False
        stretch = settings.action_stretch
        word = settings.action_seconds_per_word * stretch
        # a Chinese word has about one and a half characters, a Japanese one about three kana
        self.action_rates = Rates(word, word * Fraction(5, 8), word / 3)
        said = 1 / settings.speech_rate
        pace = said * settings.words_per_second
        self.speech_rates = Rates(said, pace / settings.han_per_second, pace / settings.kana_per_second)

    # Elements

    def read(self, scene: Scene) -> None:
        """Fill the sheet."""
        self.montage = camera_words.montage_order(scene.heading.upper()) == "begin"
        self.sheet.intercut = "INTERCUT" in scene.heading.upper()
        unfilmed: dict[str, int] = {}
        for index, element in enumerate(_paragraphs(scene.elements)):
            if element.type in PLANNING_TYPES or (index == 0 and element.type is ElementType.SCENE_HEADING):
                continue
            if element.type is ElementType.OTHER and element.kind.lower() not in FILMED_OTHERS:
                unfilmed.setdefault(element.kind, element.line)
                continue
            self._element(element)
        self._end_speech()
        self._settle_end()
        self.sheet.warnings += [
            f"Line {line}: paragraphs of type {kind!r} are not filmed and are in no shot."
            for kind, line in unfilmed.items()
        ]

    def _element(self, element: Element) -> None:
        text = plain_text(element).strip()
        if element.type is ElementType.CHARACTER:
            self._end_speech()
            self._begin_speech(element)
        elif element.type is ElementType.PARENTHETICAL:
            self._parenthetical(text, element)
        elif element.type in (ElementType.DIALOGUE, ElementType.LYRIC):
            self._spoken(text, element)
        else:
            self._end_speech()
            if element.type is ElementType.TRANSITION:
                self._transition(text, element.line, is_text=False)
            elif element.type in (ElementType.SHOT, ElementType.SCENE_HEADING):
                self._sub_slug(text, element)
            elif text:
                self._action(text, element)

    def _add(self, beat: Beat) -> None:
        if self.glue_next:
            beat = replace(beat, glued=True, opens=False)
        elif self.open_next:
            beat = replace(beat, opens=True)
        self.glue_next = self.open_next = False
        self.beats.append(beat)

    def _settle_end(self) -> None:
        """An order at the very end has nothing to lead into: it stays with what came before."""
        place = len(self.beats) - 1
        while place > 0 and self.glue_next:
            beat = self.beats[place]
            if beat.camera is not None and beat.camera.subject and not beat.glued:
                return  # the writer asks for a last picture of its own
            self.glue_next = beat.glued
            self.beats[place] = replace(beat, glued=True, opens=False)
            place -= 1

    # Speeches

    def _begin_speech(self, element: Element) -> None:
        cue = parse_cue(element.text)
        self.speeches += 1
        self.paragraph += 1
        extensions = tuple(element.extensions or cue.extensions)
        self.speech = _Speech(
            self.speeches, element.character or cue.name, extensions, dual=element.dual, line=element.line
        )

    def _running_speech(self, element: Element) -> _Speech:
        if self.speech is None:
            self.speeches += 1
            self.paragraph += 1
            extensions = tuple(element.extensions)
            if not element.character:
                extensions = ("V.O.",)  # a lyric or a line that nobody is named for is heard, not seen
            self.speech = _Speech(self.speeches, element.character, extensions, dual=element.dual, line=element.line)
        return self.speech

    def _parenthetical(self, text: str, element: Element) -> None:
        speech = self._running_speech(element)
        inner = text.strip("()（） \n")
        pause = _PAUSE.match(inner)
        if pause:
            self._pause_in(speech, "", pause.group(), element.line)
            inner = inner[pause.end() :].strip(" ,;.-–—")
        speech.parenthetical = " ".join(inner.split())
        speech.unused = bool(inner)

    def _order_shows_a_thing(self) -> bool:
        cue = self.beats[-1].camera
        return cue is not None and bool(cue.subject) and not self.names.canonical(cue.subject)

    def _pause_in(self, speech: _Speech, parenthetical: str, words: str, line: int) -> None:
        voice_over, off_screen = heard_only(speech.extensions, speech.parenthetical)
        self._add(
            Beat(
                id=0, kind=BeatKind.PAUSE, text="", seconds=self._pause_seconds(words), line=line,
                speaker=speech.speaker, extensions=speech.extensions, parenthetical=parenthetical or words,
                off_camera=voice_over or off_screen, voice_over=voice_over, speech=speech.number,
                paragraph=self.paragraph, dual=speech.dual, montage=self.montage,
            )
        )  # fmt: skip

    def _pause_seconds(self, words: str) -> Fraction:
        seconds = self.settings.pause_seconds * (2 if _LONG.search(words) else 1)
        return min(seconds, Fraction(self.settings.max_seconds))

    def _end_speech(self) -> None:
        speech = self.speech
        self.speech = None
        if speech is None:
            return
        if speech.unused and speech.spoken:
            self._pause_in(speech, speech.parenthetical, "", speech.line)
        elif not speech.spoken:
            who = speech.speaker or "Somebody"
            self.sheet.warnings.append(f"Line {speech.line}: {who} has a cue and no line under it.")

    def _spoken(self, text: str, element: Element) -> None:
        speech = self._running_speech(element)
        self.peopled = True
        for sentence in sentences(" ".join(text.split())):
            self._spoken_sentence(sentence, speech, element.line)

    def _spoken_sentence(self, sentence: str, speech: _Speech, line: int) -> None:
        longest = Fraction(self.settings.max_seconds)
        spoken = spoken_seconds(sentence, self.speech_rates)
        lead = Fraction(0) if speech.spoken else min(self.settings.speech_pause, longest / 4)
        pieces = [sentence]
        if spoken > longest:
            pieces = split_to_fit(sentence, longest - lead, self.speech_rates)
        voice_over, off_screen = heard_only(speech.extensions, speech.parenthetical)
        if self.glue_next and self._order_shows_a_thing():
            self.glue_next = False  # a line is not spoken by the thing the camera was sent to
        for number, piece in enumerate(pieces):
            said = spoken_seconds(piece, self.speech_rates)
            spoken = min(longest, said or self.settings.pause_seconds)  # “...” is a silence
            lead = min(lead, longest - spoken)
            self._add(
                Beat(
                    id=0, kind=BeatKind.DIALOGUE, text=piece, seconds=lead + spoken, lead=lead, line=line,
                    speaker=speech.speaker, extensions=speech.extensions, parenthetical=speech.parenthetical,
                    off_camera=voice_over or off_screen, voice_over=voice_over, speech=speech.number,
                    paragraph=self.paragraph, dual=speech.dual, continues=number > 0, montage=self.montage,
                )
            )  # fmt: skip
            lead = Fraction(0)
        speech.spoken, speech.unused = True, False

    # Orders

    def _transition(self, text: str, line: int, *, is_text: bool) -> None:
        """An order to the cutting room closes a shot; as the first thing of a scene it opens the scene."""
        value, known = camera_words.transition_of(text)
        if not known:
            self.sheet.warnings.append(f"Line {line}: {text!r} is no transition the cut knows; it is a plain cut.")
        words, direction = (text, "") if is_text else ("", text)
        self.paragraph += 1
        beat = Beat(
            id=0, kind=BeatKind.TRANSITION, text=words, direction=direction, transition=value, seconds=Fraction(0),
            line=line, paragraph=self.paragraph,
        )  # fmt: skip
        if not self.beats:
            self.sheet.transition_in = value
            self._add(beat)
            self.glue_next = True
        elif value == "fade_in":
            self._add(replace(beat, opens=True))
            self.glue_next = True
        else:
            self.glue_next = True
            self._add(beat)
            self.open_next = True

    def _sub_slug(self, text: str, element: Element, *, is_text: bool = False) -> None:
        slug = camera_words.sub_slug(text)
        cue = slug.cue
        if element.type is ElementType.SCENE_HEADING:
            heading = parse_heading(text)
            if heading.int_ext:
                place = " - ".join(part for part in (heading.location, heading.sub_location) if part)
                slug, cue = camera_words.SubSlug(None), CameraCue(words=text, place=place)
        if slug.montage or slug.ends_montage:
            self.montage = slug.montage
        self.sheet.intercut = self.sheet.intercut or slug.intercut
        if cue is not None and cue.place:
            person = self._person_in(cue.place)
            self.peopled = bool(person)
            cue = CameraCue(cue.words, subject=person) if person else cue
        self.paragraph += 1
        if self.beats and self.beats[-1].camera is not None and self.beats[-1].camera.subject:
            self.glue_next = False  # the order before asked for a picture of its own
        direction = " ".join(text.split())
        self._add(
            Beat(
                id=0, kind=BeatKind.CAMERA, text=text if is_text else "", direction=direction, seconds=Fraction(0),
                line=element.line, paragraph=self.paragraph, opens=True, montage=self.montage,
                camera=cue or CameraCue(words=direction),
            )
        )  # fmt: skip
        self.glue_next = True

    def _person_in(self, place: str) -> str:
        """The person a sub-slug goes to: "MARA" or "MARA'S FACE", but not "MARA'S FLAT"."""
        name = self.names.canonical(place)
        rest = place.upper().replace("’", "'").replace(name.upper(), "", 1).strip(" .")
        return name if name and rest in ("", "'S FACE", "'S EYES", "'S HANDS") else ""

    # Action

    def _action(self, text: str, element: Element) -> None:
        self.paragraph += 1
        if element.centered:
            words = " ".join(text.split())
            self._overlay(words, words, element.line)
            return
        lines = unwrapped(text)
        if len(lines) == 1 and self._is_sub_slug(lines[0]):
            self._sub_slug(lines[0], element, is_text=True)
            return
        for line in lines:
            self._action_line(line, element.line)

    def _is_sub_slug(self, line: str) -> bool:
        """A line of capitals on its own that is an order: Fountain has no mark for those, so they come as action."""
        if not line.isupper() or len(line.split()) > 10 or camera_words.announces_overlay(line):
            return False
        slug = camera_words.sub_slug(line)
        if slug.montage or slug.ends_montage or slug.intercut or slug.back or slug.later:
            return True
        cue = slug.cue
        if cue is None:
            return False
        return bool(cue.size or cue.subject or cue.angle or _PLACE.fullmatch(line) or self._person_in(cue.place))

    def _action_line(self, line: str, source_line: int) -> None:
        order = camera_words.montage_order(line)
        if order:
            self.montage = order == "begin"
            content = re.search(r"[a-z]{2}", line)
            if not content:
                self.glue_next = self.glue_next or (order == "end" and bool(self.beats))
                self._label(line, source_line, opens=order == "begin")
                self.glue_next, self.open_next = order == "begin", order == "end"
                return
        if camera_words.is_transition_line(line):
            self._transition(line, source_line, is_text=True)
            return
        opens = self.montage
        for sentence in _with_whole_titles(sentences(line)):
            self._action_sentence(sentence, source_line, opens=opens)
            opens = False

    def _action_sentence(self, sentence: str, line: int, *, opens: bool) -> None:
        if _ASIDE.fullmatch(sentence):
            self._label(sentence, line, opens=opens)
            self.glue_next = opens
            return
        if _PAUSE.fullmatch(sentence):
            self._add(
                Beat(
                    id=0, kind=BeatKind.PAUSE, text=sentence, seconds=self._pause_seconds(sentence), line=line,
                    paragraph=self.paragraph, montage=self.montage, opens=opens,
                )
            )  # fmt: skip
            return
        overlay = camera_words.overlay_text(sentence)
        if overlay and camera_words.announces_overlay(sentence):
            self._overlay(sentence, overlay, line)
            return
        cue = camera_words.camera_cue(_LIST_MARK.sub("", sentence))
        if cue is not None and camera_words.is_bare_cue(sentence, cue):
            self._bare_order(sentence, cue, line)
            return
        self._event(sentence, cue, overlay or "", line, opens=opens or bool(cue and cue.new_shot))

    def _event(self, sentence: str, cue: CameraCue | None, overlay: str, line: int, *, opens: bool) -> None:
        words = set(lower_words(sentence))
        people = bool(self.names.mentioned(sentence) or introduced(sentence) or words & PEOPLE or pronouns_in(words))
        self.peopled = self.peopled or people
        static = not self.peopled and not words & ACTIVE and not overlay and not self.montage
        limit = min(self.settings.longest_action_beat, Fraction(self.settings.max_seconds))
        for number, piece in enumerate(split_to_fit(sentence, limit, self.action_rates)):
            self._add(
                Beat(
                    id=0, kind=BeatKind.ACTION, text=piece, seconds=self._action_seconds(piece, static=static),
                    line=line, paragraph=self.paragraph, continues=number > 0, opens=opens and number == 0,
                    static=static, montage=self.montage, camera=cue if number == 0 else None,
                    overlay=overlay if number == 0 else "",
                )
            )  # fmt: skip

    def _action_seconds(self, text: str, *, static: bool) -> Fraction:
        settings = self.settings
        seconds, least = spoken_seconds(text, self.action_rates), settings.action_sentence_min
        if static:
            least = settings.description_sentence_min
            if settings.action_seconds_per_word:
                seconds *= settings.description_seconds_per_word / settings.action_seconds_per_word
        return min(Fraction(settings.max_seconds), max(seconds, least * settings.action_stretch))

    def _overlay(self, sentence: str, overlay: str, line: int) -> None:
        """Text on the screen stays as long as it takes to read it; a long one goes on in the next shot."""
        limit = Fraction(self.settings.max_seconds) - self.settings.reading_pause
        for number, piece in enumerate(split_to_fit(sentence, max(limit, Fraction(1)), self.speech_rates)):
            shown = overlay if number == 0 and piece == sentence else piece
            seconds = spoken_seconds(shown, self.speech_rates) + self.settings.reading_pause
            self._add(
                Beat(
                    id=0, kind=BeatKind.ACTION, text=piece, line=line, paragraph=self.paragraph,
                    seconds=min(seconds, Fraction(self.settings.max_seconds)), continues=number > 0,
                    montage=self.montage, overlay=shown,
                )
            )  # fmt: skip

    def _label(self, text: str, line: int, *, opens: bool) -> None:
        self._add(
            Beat(
                id=0, kind=BeatKind.LABEL, text=text, seconds=Fraction(0), line=line, paragraph=self.paragraph,
                opens=opens, montage=self.montage,
            )
        )  # fmt: skip

    def _bare_order(self, sentence: str, cue: CameraCue, line: int) -> None:
        self._add(
            Beat(
                id=0, kind=BeatKind.CAMERA, text=sentence, seconds=Fraction(0), line=line, paragraph=self.paragraph,
                opens=True, montage=self.montage, camera=cue,
            )
        )  # fmt: skip
        self.glue_next = True


def _paragraphs(elements: Sequence[Element]) -> list[Element]:
    """The elements, with lines of action that follow each other without an empty line joined to one paragraph.

    Only where the source is text: in Final Draft and PDF every element is a paragraph already.
    """
    joined: list[Element] = []
    for element in elements:
        before = joined[-1] if joined else None
        if (
            before is not None
            and before.type is element.type is ElementType.ACTION
            and not (before.literal or element.literal or before.centered or element.centered)
            and element.line == before.line + before.text.count("\n") + 1
        ):
            joined[-1] = replace(before, text=before.text + "\n" + element.text)
        else:
            joined.append(element)
    return joined


def _with_whole_titles(parts: list[str]) -> list[str]:
    """Sentences, with what a SUPER or TITLE puts on the screen kept in one piece to its closing quote or line end."""
    whole: list[str] = []
    title_open = False
    for part in parts:
        if title_open:
            whole[-1] = join(whole[-1], part)
        else:
            whole.append(part)
        if camera_words.announces_overlay(whole[-1]):
            quotes = sum(whole[-1].count(mark) for mark in '"“”')
            title_open = quotes % 2 == 1 or quotes == 0
        else:
            title_open = False
    return whole
