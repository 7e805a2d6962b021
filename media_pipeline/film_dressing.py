"""What is made of the clips before they are joined: stand-ins for missing shots, titles, colours matched.

Only clips that need it are coded again, each once: what was made is kept in the cache by everything it depends on.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from PIL import Image, ImageDraw, ImageFont, ImageOps

from media_pipeline.continuity import edges_of
from media_pipeline.media.dress import dress
from media_pipeline.media.mezzanine import MezzanineFormat
from media_pipeline.media.motion import render_still_motion
from media_pipeline.qc.cuts import measure_cut
from media_pipeline.qc.matching import matching_gains
from media_pipeline.runs.work import Work
from media_pipeline.storage import digest_of
from scenes.choices import ShotSize
from scenes.continuity import facts_of, light_is_meant
from scenes.models import Take

FONTS = Path(settings.BASE_DIR) / "media_pipeline" / "providers" / "animatic" / "fonts"
VISIBLE_MARK = "Made with AI"
"""What the visible mark says, where the production wants one."""

MATCH_UNDER = 85.0
"""Score of light or colour at a cut under which the second shot is brought nearer to the first."""

MOST_STEPS = 2
"""Sizes that two framings may be apart to be matched: a close-up has another background than a wide shot."""


def colour_gains(clips: list[dict[str, Any]], work: Work, brand: list[str]) -> dict[int, Any]:
    """Place of a clip -> gains that bring it nearer to the clip before, where the cut asks for it.

    Between shots of one scene alone, never where the records let the light change, not for inserts, not where the
    palettes have nothing to do with each other, and not for drawn frames, whose colours are their scene's.
    """
    related = ("picture", "shot__style", "shot__scene__style", "shot__scene__chapter__project")
    takes = Take.objects.select_related(*related).in_bulk([clip["take"] for clip in clips if clip["take"]])
    found: dict[int, Any] = {}
    for place in range(1, len(clips)):
        one, other = (takes.get(clips[each]["take"] or 0) for each in (place - 1, place))
        if one is None or other is None or one.shot.scene_id != other.shot.scene_id or other.provider == "animatic":
            continue
        before, after = facts_of(one.shot), facts_of(other.shot)
        sizes = {before.value("shot_size"), after.value("shot_size")}
        if light_is_meant(before, after) or ShotSize.INSERT in sizes or abs(before.width - after.width) > MOST_STEPS:
            continue
        tail, head = edges_of(one, work)["tail"], edges_of(other, work)["head"]
        if place - 1 in found:  # the shot before was moved itself
            tail = tail | {"rgb": [level * gain for level, gain in zip(tail["rgb"], found[place - 1], strict=True)]}
        fit = measure_cut(tail, head, continues=False, steps=abs(before.width - after.width))
        if not fit.fits(fit.palette):  # other things are seen, or it is a break that a person must look at
            continue
        if min(fit.light.score or 0, fit.colour.score or 0) < MATCH_UNDER or place - 1 in found:
            gains = matching_gains(tail, head, brand)
            if gains:
                found[place] = list(gains)
    return found


def dressed(
    clip: Mapping[str, Any], form: MezzanineFormat, work: Work, *, gains: Any = None, mark: str = ""
) -> tuple[Path, str]:
    """The picture of a clip as it goes into the film, and its digest: the take's own mezzanine if nothing is done."""
    mark = mark if clip["by_a_model"] else ""
    if not is_dressed(clip, gains=gains, mark=mark):
        return work.media(clip["picture"]), clip["picture"]
    seen = {name: clip[name] for name in SEEN if name in clip}
    recipe = [DRESSING, seen, gains, mark, form.width, form.height, str(form.rate)]
    name = hashlib.sha256(json.dumps(recipe, sort_keys=True).encode()).hexdigest()
    kept = Path(settings.CACHE_DIR) / "dressed" / f"{name}.mp4"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        if clip["picture"]:
            _dress(clip, kept, form, work, gains, mark)
        else:
            _draw_stand_in(clip, kept, form, work, mark)
    return kept, digest_of(kept)


def is_dressed(clip: Mapping[str, Any], *, gains: Any = None, mark: str = "") -> bool:
    """Whether a clip is coded again before it is joined."""
    marked = mark and clip["by_a_model"]
    return bool(not clip["picture"] or gains or marked or clip["titles"] or clip.get("filled"))


DRESSING = 2
"""Version of how clips are dressed: raise it when the same recipe would look otherwise."""

SEEN = ("shot", "picture", "frames", "titles", "still", "words", "filled")
"""What of a clip shows in its picture."""


def _dress(clip: Mapping[str, Any], out: Path, form: MezzanineFormat, work: Work, gains: Any, mark: str) -> None:
    overlay = None
    band = f"{clip['shot']}: NO TAKE CHOSEN YET" if clip.get("filled") else ""
    if clip["titles"] or mark or band:
        overlay = work.workdir / f"words-{out.stem[:12]}.png"
        words_over((form.width, form.height), clip["titles"], mark, band=band).save(overlay)
    dress(
        work.media(clip["picture"]), out, form, frames=clip["frames"], gains=tuple(gains) if gains else None,
        overlay=overlay, cancelled=work.cancelled,
    )  # fmt: skip


def _draw_stand_in(clip: Mapping[str, Any], out: Path, form: MezzanineFormat, work: Work, mark: str) -> None:
    """A held storyboard frame, or a plain card, with a band that says which shot is missing."""
    size = (form.width, form.height)
    still = Image.new("RGB", size, "#24272b")
    if clip["still"]:
        with Image.open(work.media(clip["still"])) as picture:
            shown = ImageOps.contain(picture.convert("RGB"), size)
        still.paste(shown, ((size[0] - shown.width) // 2, (size[1] - shown.height) // 2))
    band = words_over(size, [] if clip["still"] else [clip["words"][:120]], mark, band=f"MISSING SHOT {clip['shot']}")
    still.paste(band, (0, 0), band)
    box = (0.0, 0.0, float(size[0]), float(size[1]))
    render_still_motion(still, [box] * clip["frames"], out, form, cancelled=work.cancelled)


def words_over(size: tuple[int, int], titles: list[str], mark: str, *, band: str = "") -> Image.Image:
    """A transparent picture with titles in the lower third, a mark in a corner, a band across the top."""
    width, height = size
    picture = Image.new("RGBA", size)
    draw = ImageDraw.Draw(picture)
    if band:
        draw.rectangle((0, 0, width, height // 12), fill=(20, 20, 20, 220))
        draw.text((width // 2, height // 24), band, font=_font(height // 26), fill="#ffb000", anchor="mm")
    font = _font(max(12, height // 20))
    for place, line in enumerate(reversed([row for title in titles for row in _wrapped(draw, title, font, width)])):
        at = (width // 2, round(height * 0.86) - place * round(font.size * 1.3))
        draw.text(
            at, line, font=font, fill="white", anchor="mm", stroke_width=max(1, height // 360), stroke_fill="black"
        )
    if mark:
        small = _font(max(10, height // 40))
        draw.text(
            (width - height // 40, height - height // 40), mark, font=small, fill=(255, 255, 255, 190), anchor="rs",
            stroke_width=1, stroke_fill=(0, 0, 0, 150),
        )  # fmt: skip
    return picture


def _wrapped(draw: ImageDraw.ImageDraw, text: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """The words in lines no longer than 84 % of the picture."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and draw.textlength(longer, font=font) > width * 0.84:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS / "DejaVuSans-Bold.ttf", size)
