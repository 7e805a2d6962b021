"""Reading the orders a writer gives: to the camera, to the cutting room, and for text on the screen.

Size words count only in capitals at the start of a sentence, or in mixed case in the few forms that
mean nothing else ("Close on", "Angle on"): "he tries to close on the deal" is no order.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from scenes.choices import CameraAngle, CameraMovement, ShotSize, Transition

from .lexicon import BODY, PROPS, READABLE
from .model import CameraCue

_SIZES: tuple[tuple[str, str], ...] = (
    (r"EXTREME CLOSE[- ]?UP|EXTREME CLOSE|ECU|XCU|MACRO", ShotSize.EXTREME_CLOSE_UP),
    (r"MEDIUM CLOSE[- ]?UP|MED\.? CLOSE[- ]?UP|MCU", ShotSize.MEDIUM_CLOSE_UP),
    (
        r"CLOSE[- ]?UP SHOT|CLOSE[- ]?UPS?|CLOSE SHOT|CLOSER ANGLE|CLOSER|CLOSE ANGLE|IN CLOSE|CLOSE|TIGHT|CU",
        ShotSize.CLOSE_UP,
    ),
    (r"EXTREME (?:WIDE|LONG)(?: SHOT)?|VERY WIDE(?: SHOT)?|EWS|ELS", ShotSize.EXTREME_WIDE),
    (r"AERIAL(?: SHOT| VIEW)?|DRONE(?: SHOT)?|BIRD['’]?S[- ]EYE(?: VIEW)?", ShotSize.EXTREME_WIDE),
    (r"ESTABLISHING(?: SHOT)?|EST\.", ShotSize.WIDE),
    (r"WIDE(?:R)?(?: ANGLE| SHOT)?|LONG SHOT|MASTER(?: SHOT)?|WS|LS", ShotSize.WIDE),
    (r"FULL SHOT|FULL LENGTH|FS", ShotSize.FULL),
    (r"COWBOY(?: SHOT)?|MEDIUM (?:WIDE|LONG)(?: SHOT)?|MLS|MWS", ShotSize.MEDIUM_WIDE),
    (r"MEDIUM SHOT|MED\.? SHOT|MEDIUM ANGLE|MS", ShotSize.MEDIUM),
    (r"TWO[- ]SHOT|2[- ]SHOT", ShotSize.TWO_SHOT),
    (r"OVER(?: THE)? SHOULDER|OTS|OVER [^\W\d_]+['’]S SHOULDER", ShotSize.OVER_SHOULDER),
)
_ANGLES: tuple[tuple[str, str], ...] = (
    (r"LOW ANGLE", CameraAngle.LOW_ANGLE),
    (r"HIGH ANGLE", CameraAngle.HIGH_ANGLE),
    (r"DUTCH(?: ANGLE| TILT)?|CANTED ANGLE", CameraAngle.DUTCH_ANGLE),
    (r"OVERHEAD(?: SHOT)?|TOP SHOT|FROM ABOVE", CameraAngle.OVERHEAD),
    (r"WORM['’]?S[- ]EYE(?: VIEW)?", CameraAngle.WORMS_EYE),
    (r"GROUND LEVEL", CameraAngle.GROUND_LEVEL),
)
_ON = r"ANGLE|ANOTHER ANGLE|NEW ANGLE|REVERSE ANGLE|REVERSE|FAVOU?RING|FEATURING"
_AFTER_WORDS = r"(?=$|\s*(?:[:.,—–]|-)|\s+(?i:ON|OF|AT|FROM|WITH|TO|IN|SHOT)\b)"

_SIZE_PATTERNS = (
    *((re.compile(rf"(?:{words}){_AFTER_WORDS}"), size) for words, size in _SIZES),
    (re.compile(r"INSERT(?!\w)"), ShotSize.INSERT),
)
_ANGLE_PATTERNS = tuple((re.compile(rf"(?:{words}){_AFTER_WORDS}"), angle) for words, angle in _ANGLES)
_ON_PATTERN = re.compile(rf"(?:{_ON})(?=\s*$|\s*[:.,—–-]|\s+(?:ON|OF|TO)\b)")
_ON_NAME = re.compile(r"(?:BACK )?ON (?=[A-Z\d])(?!MONDAY|TUESDAY|WEDNESDAY|THURSDAY|FRIDAY|SATURDAY|SUNDAY)")
_POV = re.compile(
    r"(?:FROM )?(?:(?P<owner>[^\W\d_][\w.’' -]*?)['’]S? )?(?:POV|P\.O\.V\.?|POINT OF VIEW)(?!\w)"
    r"(?:\s*(?:-+|—|–|OF|FROM|:)\s*(?P<after>[^.,:—–-]+))?"
)
_MIXED = re.compile(
    r"(?:Extreme close[- ]?up|Close[- ]?up|Extreme close|Very close|Close|Tight|Angle|New angle|Wide|Wide shot|"
    r"Wide angle|Insert|Two[- ]shot|Low angle|High angle|Overhead|Aerial|Reverse)(?=\s+(?:on|of)\s|\s*:|\s+[-—–])",
)

_MOVES: tuple[tuple[str, str], ...] = (
    (r"PUSH(?:ES|ING)? IN|DOLLY(?:ING)? IN|DOLLIES IN|MOV(?:E|ES|ING) IN|CREEP(?:S|ING)? IN|CLOS(?:E|ES|ING) IN ON",
     CameraMovement.PUSH_IN),
    (r"PULL(?:S|ING)? (?:BACK|OUT)|DOLL(?:Y|IES|YING) (?:OUT|BACK)|WIDEN(?:S|ING)? (?:TO|OUT)|MOV(?:E|ES|ING) BACK",
     CameraMovement.PULL_OUT),
    (r"(?:WHIP|SWISH)[- ]PAN(?:S|NING)?", CameraMovement.WHIP_PAN),
    (r"PAN(?:S|NING)?(?= (?:TO|ACROSS|LEFT|RIGHT|DOWN|UP|OVER|AROUND|FROM|ALONG|OFF|WITH))", CameraMovement.PAN),
    (r"TILT(?:S|ING)?(?= (?:UP|DOWN|TO))", CameraMovement.TILT),
    (r"ZOOM(?:S|ING)?(?= (?:IN|OUT|TO|ON))", CameraMovement.ZOOM),
    (r"CRAN(?:E|ES|ING)(?= (?:UP|DOWN|OVER|SHOT))|BOOM(?:S|ING)? (?:UP|DOWN)", CameraMovement.CRANE),
    (r"STEADICAM", CameraMovement.STEADICAM),
    (r"HAND-?HELD", CameraMovement.HANDHELD),
    (r"TRACK(?:S|ING)?(?= (?:WITH|SHOT|ALONG|IN|BACK|ACROSS|BEHIND|ALONGSIDE|HIM|HER|THEM))|FOLLOWING SHOT|"
     r"FOLLOW(?:S|ING)?(?= (?:HIM|HER|THEM|BEHIND|ALONG))", CameraMovement.TRACKING),
    (r"TRUCK(?:S|ING)?(?= (?:LEFT|RIGHT|ALONG|WITH))", CameraMovement.TRUCK),
    (r"PEDESTAL(?:S|ING)? (?:UP|DOWN)", CameraMovement.PEDESTAL),
    (r"ORBIT(?:S|ING)?|CIRCL(?:E|ES|ING)(?= (?:HIM|HER|THEM|AROUND|THE))|ARC(?:S|ING)? AROUND", CameraMovement.ORBIT),
    (r"DOLLY(?:ING)?(?= (?:WITH|ALONG|SHOT|PAST|THROUGH))", CameraMovement.DOLLY),
)  # fmt: skip
_MOVE_PATTERNS = tuple(
    (
        re.compile(rf"\b(?:{words})\b"),
        re.compile(rf"\b(?:the camera|camera|we)\s+(?:\w+ly\s+|then\s+|starts? to\s+)?(?:{words})\b", re.IGNORECASE),
        movement,
    )
    for words, movement in _MOVES
)
_MAY_MOVE = re.compile(r"[A-Z]{3}|\bcamera\b|\b[Ww]e\b")

_OVERLAY = re.compile(
    r"(?:(?:(?i:A |THE )?(?i:SUPER(?:IMPOSE|IMPOSED|ED|TITLE)?|(?:MAIN |OPENING |END |SUB|INTER)?TITLES?(?: CARD)?|"
    r"CHYRON|CAPTION|ON[- ]SCREEN TEXT|TEXT ON SCREEN|LOWER THIRD))|CARD|LEGEND)"
    r"(?i: OVER(?: PICTURE| BLACK)?| READS?| ON SCREEN)?\s*(?:[:—–]|-+)\s*",
)
_READS = re.compile(
    r"\b(?:reads?|says|reading|written on it|scrawled on it|in (?:pencil|ink|chalk|lipstick|blood|capitals))"
    r"\s*[:,]?\s*(?P<quote>[\"“][^\"”]+[\"”]|'[^']+'(?!\w))",
)
_ON_OF = re.compile(r"^ (?:on|of) ")
_QUOTES = "\"'“”‘’« »"

_TRANSITIONS: tuple[tuple[str, str], ...] = (
    (r"FADE IN|FADE UP", Transition.FADE_IN),
    (r"FADE(?:S)? (?:OUT|TO|INTO)|FADE TO BLACK", Transition.FADE_OUT),
    (r"MATCH|MATCHING", Transition.MATCH_CUT),
    (r"SMASH|SHOCK|HARD CUT", Transition.SMASH_CUT),
    (r"JUMP", Transition.JUMP_CUT),
    (r"DISSOLVE|CROSS-?FADE|LAP", Transition.DISSOLVE),
    (r"WIPE", Transition.WIPE),
    (r"IRIS", Transition.IRIS),
    (r"CUT|INTERCUT|BACK TO|QUICK|SLAM|FLASH|TIME CUT", Transition.CUT),
)
_TRANSITION_PATTERNS = tuple((re.compile(rf"\b(?:{words})\b", re.IGNORECASE), value) for words, value in _TRANSITIONS)
_TRANSITION_LINE = re.compile(
    r"(?:(?:SLOW |QUICK |THE )*(?:FADE (?:IN|OUT|UP|TO [A-Z]+)|(?:(?:SMASH|MATCH|JUMP|HARD|SHOCK|TIME) )?CUT TO"
    r"(?: BLACK| WHITE)?|(?:LAP )?DISSOLVE(?: TO)?|CROSS-?FADE(?: TO)?|WIPE TO|IRIS (?:IN|OUT)|BACK TO))\s*[:.]*"
)
_MONTAGE = re.compile(r"\b(?:MONTAGE|SERIES OF SHOTS|SERIES OF ANGLES|VARIOUS SHOTS)\b")
_MONTAGE_END = re.compile(r"\bEND (?:OF )?(?:THE )?(?:MONTAGE|SERIES)\b|^BACK TO (?:SCENE|PRESENT)\b")
_BACK = re.compile(r"^(?:BACK TO (?:SCENE|SHOT|PRESENT)|RESUME|END (?:OF )?(?:INTERCUT|INSERT|POV))\b")
_TIME_PASSES = re.compile(r"^(?:MOMENTS? |MINUTES? |HOURS? |A (?:LITTLE|MOMENT|WHILE) |SOME TIME |DAYS? )?LATER\b")
_LEADING = re.compile(r"^(?:\s|[:.,—–-]|(?:ON|OF|AT|FROM|SHOT|TO|IN)\b)+", re.IGNORECASE)
_SUBJECT_END = re.compile(r"[.,:;!?(]|\s(?:-+|—|–)\s|--|—| AS | WHO | WHILE ")
_DASH_START = re.compile(r"(?:--|—|–)\s*")


@dataclass(frozen=True, slots=True)
class SubSlug:
    """What a line of capitals inside a scene asks for."""

    cue: CameraCue | None
    montage: bool = False
    ends_montage: bool = False
    intercut: bool = False
    back: bool = False
    later: bool = False


def camera_cue(sentence: str) -> CameraCue | None:
    """The camera order in a sentence of action, or None. Size words only where the sentence begins."""
    head = sentence.lstrip(" -—–(•")
    cue = _leading_cue(head) if head[:1].isupper() else None
    movement = camera_movement(sentence)
    if cue is None and movement:
        return _moving_cue(sentence, *movement)
    if cue is not None and movement and not cue.movement:
        return CameraCue(cue.words, cue.size, cue.angle, movement[0], cue.subject, cue.place)
    return cue


def _moving_cue(sentence: str, movement: str, words: str) -> CameraCue:
    """A movement goes on inside the running shot, unless it goes in on a thing: that is a picture of its own."""
    subject, end = _subject(sentence, sentence.index(words) + len(words))
    small = set(re.findall(r"[a-z-]+", subject.lower())) & (BODY | PROPS)
    if movement == CameraMovement.PUSH_IN and small:
        start = sentence.index(words)
        return CameraCue(sentence[start:end], str(ShotSize.CLOSE_UP), movement=movement, subject=subject)
    return CameraCue(words=words, movement=movement, new_shot=False)


def camera_movement(text: str) -> tuple[str, str] | None:
    """The first camera movement ordered in `text`: its value and the words that order it."""
    if not _MAY_MOVE.search(text):
        return None
    for capitals, spoken, movement in _MOVE_PATTERNS:
        found = capitals.search(text) or spoken.search(text)
        if found:
            return str(movement), found.group().strip()
    return None


def sub_slug(text: str) -> SubSlug:
    """What a SHOT element, or a heading without INT or EXT inside a scene, asks for.

    Anything that is no camera word is read as a place or a person to go to: "THE KITCHEN", "MARA".
    """
    raised = " ".join(text.upper().split())
    if _MONTAGE_END.search(raised):
        return SubSlug(None, ends_montage=True, back=True)
    if _MONTAGE.search(raised):
        return SubSlug(None, montage=True)
    if "INTERCUT" in raised and not raised.startswith("END"):
        return SubSlug(None, intercut=True)
    if _BACK.search(raised):
        return SubSlug(None, back=True)
    if _TIME_PASSES.search(raised):
        return SubSlug(CameraCue(words=text.strip()), later=True)
    cue = _leading_cue(raised)
    movement = camera_movement(raised)
    if cue is not None:
        if movement and not cue.movement:
            cue = CameraCue(cue.words, cue.size, cue.angle, movement[0], cue.subject, cue.place)
        return SubSlug(cue)
    if movement:
        subject, _end = _subject(raised, raised.index(movement[1]) + len(movement[1]))
        return SubSlug(CameraCue(words=text.strip(), movement=movement[0], subject=subject))
    place = re.sub(r"^BACK TO\s+", "", raised).strip(" .-—–:")
    return SubSlug(CameraCue(words=text.strip(), place=place))


def _leading_cue(text: str) -> CameraCue | None:
    pov = _POV.match(text)
    if pov:
        after = (pov.group("after") or "").strip()
        owner = (pov.group("owner") or after).strip()
        return CameraCue(pov.group().strip(), size=str(ShotSize.POINT_OF_VIEW), subject=owner)
    mixed = _MIXED.match(text)
    # capitals make one grammar of both ways of writing; the length stays, so that words can be quoted as written
    head = mixed.group().upper() + _ON_OF.sub(lambda m: m.group().upper(), text[mixed.end() :]) if mixed else text
    for pattern, size in _SIZE_PATTERNS:
        found = pattern.match(head)
        if found:
            aerial = found.group().startswith(("AERIAL", "DRONE", "BIRD"))
            return _quoted(text, found, str(size), str(CameraAngle.BIRDS_EYE) if aerial else "")
    for pattern, angle in _ANGLE_PATTERNS:
        found = pattern.match(head)
        if found:
            return _quoted(text, found, "", str(angle))
    on = _ON_PATTERN.match(head) or _ON_NAME.match(head)
    return _quoted(text, on, "", "") if on else None


def _quoted(text: str, found: re.Match[str], size: str, angle: str) -> CameraCue:
    """A cue whose words are quoted from the script up to the end of what they name."""
    subject, end = _subject(text, found.end())
    return CameraCue(text[:end].strip(" :-–—"), size=size, angle=angle, subject=subject)


def _subject(text: str, start: int) -> tuple[str, int]:
    """Who or what is named right after camera words, and where it ends; at most six words: a clause is no subject."""
    leading = _LEADING.match(text[start:])
    begin = start + (leading.end() if leading else 0)
    cut = _SUBJECT_END.search(text, begin)
    subject = " ".join(text[begin : cut.start() if cut else len(text)].split()[:6])
    return subject, begin + len(subject)


def is_bare_cue(sentence: str, cue: CameraCue) -> bool:
    """Whether the sentence is an order and nothing else ("ANGLE ON:"), so that its picture comes after it."""
    if not cue.new_shot or cue.subject:
        return False
    rest = _LEADING.sub("", sentence.strip()[len(cue.words) :])
    return not any(character.isalnum() for character in rest)


def overlay_text(sentence: str) -> str | None:
    """The text that `sentence` puts on the screen, "" where it announces text and gives none, else None."""
    found = _OVERLAY.match(sentence)
    if found and (found.group()[0].isupper()):
        return sentence[found.end() :].strip().strip(_QUOTES)
    reads = _READS.search(sentence)
    if reads is None:
        return None
    before = set(re.findall(r"[a-z]+", sentence[: reads.start()].lower()))
    on_something = before & READABLE or reads.group().startswith("in ")
    return reads.group("quote").strip(_QUOTES) if on_something else None


def announces_overlay(sentence: str) -> bool:
    """Whether the sentence begins with SUPER:, TITLE: or the like."""
    found = _OVERLAY.match(sentence)
    return bool(found and found.group()[0].isupper())


def transition_of(text: str) -> tuple[str, bool]:
    """The `Transition` value of an order to the cutting room, and whether its words are known."""
    if re.search(r"\bCUT TO (?:BLACK|WHITE)\b", text, re.IGNORECASE):
        return str(Transition.CUT), True
    for pattern, value in _TRANSITION_PATTERNS:
        if pattern.search(text):
            return str(value), True
    return str(Transition.CUT), False


def is_transition_line(text: str) -> bool:
    """Whether a line of action is nothing but an order to the cutting room ("FADE IN:")."""
    return bool(_TRANSITION_LINE.fullmatch(text.strip()))


def montage_order(line: str) -> str:
    """ "begin" or "end" where a line of action opens or closes a montage in capitals, else ""."""
    if _MONTAGE_END.search(line):
        return "end"
    return "begin" if _MONTAGE.search(line) and _mostly_capitals(line) else ""


def _mostly_capitals(line: str) -> bool:
    first = re.split(r"[:—–]|\s-+\s|--", line, maxsplit=1)[0]
    letters = [character for character in first if character.isalpha()]
    return bool(letters) and sum(character.isupper() for character in letters) * 10 >= len(letters) * 8
