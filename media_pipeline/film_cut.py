"""What a film is cut of, from the records: a clip for every shot, what stands in for a missing one, the sounds.

The result is plain values, frozen when a film is asked for; its digest names the film.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

from media_pipeline.assets import MediaAsset
from media_pipeline.media.cut import TransitionKind
from media_pipeline.media.timing import frame_rate, frames_in, sample_at
from media_pipeline.previz import USE as PREVIZ
from projects.models import Project
from scenes.models import Attempt, DialogueAudio, Shot, SoundEffect, Take

MUSIC_DB = -12.0
"""Gain of a music bed before it is ducked, unless a run says otherwise."""


BEST_TAKE, STORYBOARD_FRAME, CARD = "best take", "storyboard frame", "card"
"""What stands in for a shot without a chosen take, from best to worst."""

AMBIENCE = frozenset({"ambience", "atmosphere", "room tone"})
"""Names of a scene's effect that lies under the whole scene."""


class MissingTakes(ValueError):
    """Some shots have nothing to cut with; the message names them."""


def clips_of(shots: Sequence[Shot], project: Project, *, fill: bool) -> list[dict[str, Any]]:
    """A clip for every shot. `fill`: a shot without a selected take gets its best take or its storyboard frame, marked.

    Raises MissingTakes naming the shots where there is nothing and nothing may stand in.
    """
    chosen = {shot.pk: shot.state.selected_take_id for shot in shots}
    missing = [shot for shot in shots if chosen[shot.pk] is None]
    if missing and not fill:
        names = ", ".join(str(shot) for shot in missing[:10])
        raise MissingTakes(f"These shots have no take yet: {names}. Render them first.")
    best = _best_takes(missing)
    stills = _stills([shot for shot in missing if shot.pk not in best])
    takes = Take.objects.select_related("media", "picture", "sound", "thumbnail").in_bulk(
        [pk for pk in [*chosen.values(), *best.values()] if pk]
    )
    rate = frame_rate(project.frame_rate)
    clips = []
    for shot in shots:
        take = takes.get(chosen[shot.pk] or best.get(shot.pk) or 0)
        clip = _of_take(take, shot) if take else _stand_in(shot, stills.get(shot.pk, ""), rate)
        clips.append(clip | ({"filled": BEST_TAKE} if take and chosen[shot.pk] is None else {}))
    return clips


def _of_take(take: Take, shot: Shot) -> dict[str, Any]:
    sound = take.sound or (take.media if take.media.has_audio else None)
    drawn = take.provider == "animatic"  # it has drawn the titles itself
    return {
        "shot": str(shot), "take": take.pk, "picture": take.picture.sha256, "sound": sound.sha256 if sound else None,
        "speech": bool(shot.lines.all()), "frames": take.frames, "titles": [] if drawn else list(shot.overlay_text),
        "by_a_model": not drawn,
    }  # fmt: skip


def _stand_in(shot: Shot, still: str, rate: Fraction) -> dict[str, Any]:
    return {
        "shot": str(shot), "take": None, "picture": None, "sound": None, "speech": False,
        "frames": frames_in(shot.exact_seconds, rate), "still": still, "words": shot.business, "titles": [],
        "filled": STORYBOARD_FRAME if still else CARD, "by_a_model": bool(still),
    }  # fmt: skip


def _best_takes(shots: Sequence[Shot]) -> dict[int, int]:
    """Shot -> its best clip: what a person called final or best, what the system did, else the latest."""
    rows = Take.objects.filter(shot__in=shots, kind="video").order_by(
        "is_final", "is_person_best", "is_system_best", "number"
    )
    return dict(rows.values_list("shot_id", "pk"))


def _stills(shots: Sequence[Shot]) -> dict[int, str]:
    """Shot -> digest of the picture that shows best what is planned: its composite, its start image, its previz."""
    found = dict(
        Attempt.objects.filter(group__shot__in=shots, settings__use=PREVIZ, picture__isnull=False)
        .order_by("group__shot", "round").values_list("group__shot_id", "picture__sha256")
    )  # fmt: skip
    images = {shot.pk: shot.state.final_composite_id or shot.state.start_image_id for shot in shots}
    digests = dict(MediaAsset.objects.filter(pk__in=[pk for pk in images.values() if pk]).values_list("pk", "sha256"))
    return found | {shot: digests[asset] for shot, asset in images.items() if asset}


def transitions_of(shots: Sequence[Shot], project: Project) -> list[dict[str, Any]]:
    """The handing over before the first shot, between each two, and after the last, in frames.

    Nothing is before the film and nothing after it: what mixes two shots there comes out of black and goes to it.
    """
    rate = frame_rate(project.frame_rate)
    first, last = shots[0].scene, shots[-1].scene
    kinds = [_at_an_end(first.transition_in, first.transition_in_seconds, TransitionKind.FADE_IN)]
    kinds += [_between(shot, following) for shot, following in pairwise(shots)]
    kinds.append(_at_an_end(last.transition_out, last.transition_out_seconds, TransitionKind.FADE_OUT))
    return [
        {"kind": str(kind), "frames": 0 if kind.is_cut else max(2, frames_in(Fraction(seconds), rate))}
        for kind, seconds in kinds
    ]


Joint = tuple[TransitionKind, Decimal]
"""A kind of transition and its seconds."""


def _at_an_end(asked: str, seconds: Decimal, black: TransitionKind) -> Joint:
    kind = TransitionKind(asked)
    return (TransitionKind.CUT if kind.is_cut else black), seconds


def _between(shot: Shot, following: Shot) -> Joint:
    """Inside a scene as the shot asks; between two, as the one before asks, else the one after; two fades make one."""
    if following.scene_id == shot.scene_id:
        return TransitionKind(shot.transition_out), shot.scene.transition_out_seconds
    out, into = TransitionKind(shot.scene.transition_out), TransitionKind(following.scene.transition_in)
    out_seconds, in_seconds = shot.scene.transition_out_seconds, following.scene.transition_in_seconds
    if out is TransitionKind.FADE_OUT and into is TransitionKind.FADE_IN:
        return TransitionKind.DIP, out_seconds + in_seconds
    if out is TransitionKind.CUT:
        return into, in_seconds
    return out, out_seconds


def fitted(joints: Sequence[Mapping[str, Any]], frames: Sequence[int]) -> list[dict[str, Any]]:
    """The transitions, no longer than a third of the shorter shot beside each, so that something of it is left.

    `frames` are those of the clips; a transition that was shortened says what was asked for.
    """
    found = []
    for place, joint in enumerate(joints):
        most = min(frames[max(0, place - 1) : place + 1]) // 3
        short = {"frames": max(2, most), "asked_frames": joint["frames"]} if joint["frames"] > max(2, most) else {}
        found.append({**joint, **short})
    return found


def sounds_of(shots: Sequence[Shot]) -> list[dict[str, Any]]:
    """Dialogue and effects of the scenes, each with the place of the clip it is counted from and its start in seconds.

    A line without a start of its own begins where its shot says it; without either it is left out, since nobody says
    when it is heard.
    """
    firsts: dict[int, int] = {}
    for place, shot in enumerate(shots):
        firsts.setdefault(shot.scene_id, place)
    said = {
        (shot.scene_id, line.speaker.upper(), line.text.strip()): (place, Fraction(line.starts))
        for place, shot in enumerate(shots)
        for line in shot.lines.all()
    }
    rows = []
    spoken = DialogueAudio.objects.filter(dialogue__scene__in=firsts, is_selected=True).select_related(
        "dialogue", "sound"
    )
    for audio in spoken.order_by("dialogue__scene", "dialogue__sort_order"):
        line = audio.dialogue
        where = said.get((line.scene_id, line.speaker.upper(), line.line.strip()))
        if line.starts is not None:
            where = (firsts[line.scene_id], Fraction(line.starts))
        if where is not None:
            rows.append(_sound("voice", audio.sound, *where))
    return rows + _effects(shots, firsts)


def _effects(shots: Sequence[Shot], firsts: Mapping[int, int]) -> list[dict[str, Any]]:
    """The scenes' effects at their times; one that is called ambience goes on until its scene is over."""
    lasts = {shot.scene_id: place for place, shot in enumerate(shots)}
    found = SoundEffect.objects.filter(scene__in=firsts, sound__isnull=False).select_related("sound")
    rows = []
    for effect in found.order_by("scene", "sort_order"):
        assert effect.sound is not None
        at = (firsts[effect.scene_id], Fraction(effect.starts))
        row = _sound("other", effect.sound, *at, seconds=effect.seconds, gain_db=effect.gain_db)
        if effect.name.strip().lower() in AMBIENCE:
            row["until"] = lasts[effect.scene_id]
        rows.append(row)
    return rows


def _sound(
    role: str, asset: MediaAsset, clip: int, starts: Fraction, *, seconds: Decimal | None = None,
    gain_db: Decimal = Decimal(0),
) -> dict[str, Any]:  # fmt: skip
    whole = asset.exact_duration or Fraction(0)
    length = whole if seconds is None else min(whole, Fraction(seconds))
    return {
        "role": role, "sound": asset.sha256, "clip": clip, "starts": str(starts), "seconds": str(length),
        "gain_db": float(gain_db),
    }  # fmt: skip


def music_of(project: Project, settings: Mapping[str, Any]) -> dict[str, Any] | None:
    """The music bed of the settings: `music` (an asset of the production), `music_db`; ValueError when it is none."""
    if not settings.get("music"):
        return None
    asset = MediaAsset.objects.filter(project=project, pk=settings["music"]).exclude(kind="image").first()
    if asset is None or not asset.exact_duration or not (asset.has_audio or asset.kind != MediaAsset.Kind.VIDEO):
        raise ValueError(f"Media {settings['music']} is no sound of this production: choose one of its music files.")
    return {
        "sound": asset.sha256,
        "seconds": str(asset.exact_duration),
        "gain_db": float(settings.get("music_db", MUSIC_DB)),
    }


def sample_of(seconds: Fraction, start_frame: int, rate: Fraction) -> int:
    """The film's sample at which something begins that begins `seconds` after a frame."""
    return sample_at(start_frame, rate) + round(seconds * 48_000)
