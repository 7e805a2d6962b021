"""Verbs that insert, move, split and merge shots. Numbers stay; what is put in gets letters (4A)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from projects.events import emit
from scenes.models import Scene, Shot, ShotLine
from scenes.numbering import shot_suffix_between

from .shots import add_shot, change_shot, omit_shot
from .structure import _same_members, copy_shot, put_in_order

SHORTEST_PART = Decimal("0.5")
"""Seconds; a part of a shot that was split is no shorter."""


@transaction.atomic
def insert_shot(scene: Scene, *, after: Shot | None = None, by: Any = None, **fields: Any) -> Shot:
    """Put a new shot behind another one, or at the very start: 4A between 4 and 5, the next number at the end."""
    place, number, suffix = _place_behind(scene, after)
    shot = add_shot(scene, scene.chapter.project_id, by=by, number=number, suffix=suffix, sequence=place + 1, **fields)
    _put_at(scene, shot, place)
    return shot


@transaction.atomic
def reorder_shots(scene: Scene, shot_ids: Sequence[int], *, by: Any = None) -> None:
    """Put all shots of a scene into this order, omitted ones included; their numbers stay.

    Raises ValidationError when the ids are not exactly those of the scene's shots.
    """
    _same_members(set(scene.shots.values_list("pk", flat=True)), shot_ids, "shots", f"scene {scene.number}")
    put_in_order(Shot, shot_ids)
    emit(
        scene.chapter.project_id, "shots.reordered", f"scene:{scene.pk}",
        {"shots": list(shot_ids), "by": str(by or "")},
    )  # fmt: skip


@transaction.atomic
def split_shot(shot: Shot, seconds: Decimal, *, business: str = "", by: Any = None) -> Shot:
    """Make two shots of one at `seconds` from its start; lines go where they begin, takes stay with the first.

    `business` is what happens in the second. Returns the second. Raises ValidationError where a part would last less
    than half a second.
    """
    if not SHORTEST_PART <= seconds <= shot.expected_seconds - SHORTEST_PART:
        raise ValidationError(
            f"Shot {shot.label} lasts {shot.expected_seconds} s: it can be split between {SHORTEST_PART} and "
            f"{shot.expected_seconds - SHORTEST_PART} s."
        )
    scene = shot.scene
    place, number, suffix = _place_behind(scene, shot)
    said = {"business": business} if business else {}
    new = copy_shot(
        shot, scene, by=by, number=number, suffix=suffix, sequence=place + 1,
        expected_seconds=shot.expected_seconds - seconds, continues_previous=True, **said,
    )  # fmt: skip
    _put_at(scene, new, place)
    shot.lines.filter(starts__gte=seconds).delete()
    shot.lines.filter(ends__gt=seconds).update(ends=seconds)
    new.lines.filter(starts__lt=seconds).delete()
    for order, line in enumerate(new.lines.order_by("order")):
        ShotLine.objects.filter(pk=line.pk).update(order=order, starts=line.starts - seconds, ends=line.ends - seconds)
    change_shot(shot, by=by, expected_seconds=seconds, transition_out="cut")
    emit(
        scene.chapter.project_id, "shot.split", f"shot:{shot.pk}",
        {"into": new.pk, "number": new.label, "by": str(by or "")},
    )  # fmt: skip
    return new


@transaction.atomic
def merge_shots(first: Shot, second: Shot, *, by: Any = None) -> Shot:
    """Put the second shot's time, business, cast and lines behind the first's; the second stays as omitted.

    Raises ValidationError for shots of two scenes or one and the same.
    """
    if first.pk == second.pk:
        raise ValidationError("A shot cannot be merged with itself: choose another one.")
    if first.scene_id != second.scene_id:
        raise ValidationError("Only shots of one scene can be merged.")
    before = first.expected_seconds
    order = first.lines.count()
    for place, line in enumerate(second.lines.order_by("order")):
        ShotLine.objects.create(
            shot=first, order=order + place, speaker=line.speaker, text=line.text, parenthetical=line.parenthetical,
            starts=line.starts + before, ends=line.ends + before, voice_over=line.voice_over,
            off_screen=line.off_screen,
        )  # fmt: skip
    there = set(first.cast.values_list("name", flat=True))
    for person in second.cast.exclude(name__in=there):
        person.pk, person.shot, person.order = None, first, first.cast.count()
        person.save(force_insert=True)
    change_shot(
        first, by=by, expected_seconds=before + second.expected_seconds,
        business="\n\n".join(part for part in (first.business, second.business) if part),
        description="\n\n".join(part for part in (first.description, second.description) if part),
        props_seen=list(dict.fromkeys([*first.props_seen, *second.props_seen])),
        overlay_text=[*first.overlay_text, *second.overlay_text], transition_out=second.transition_out,
    )  # fmt: skip
    omit_shot(second, by=by)
    emit(
        first.scene.chapter.project_id, "shot.merged", f"shot:{first.pk}",
        {"gone": second.pk, "number": second.label, "by": str(by or "")},
    )  # fmt: skip
    return first


def _place_behind(scene: Scene, after: Shot | None) -> tuple[int, int, str]:
    """Where a shot behind `after` stands among the scene's, and its number and suffix."""
    if after is not None and after.scene_id != scene.pk:
        raise ValidationError(f"Shot {after.label} is in another scene.")
    Scene.objects.select_for_update().only("pk").get(pk=scene.pk)  # two who put in at once get two numbers
    rows = list(scene.shots.order_by("sequence", "pk").values_list("pk", "number", "suffix"))
    place = [pk for pk, *_ in rows].index(after.pk) + 1 if after else 0
    numbers = [(number, suffix) for _, number, suffix in rows]
    before = numbers[place - 1] if place else None
    following = numbers[place] if place < len(numbers) else None
    return place, *shot_suffix_between(before, following, set(numbers))


def _put_at(scene: Scene, shot: Shot, place: int) -> None:
    others = list(scene.shots.exclude(pk=shot.pk).order_by("sequence", "pk").values_list("pk", flat=True))
    put_in_order(Shot, [*others[:place], shot.pk, *others[place:]])
    shot.refresh_from_db(fields=["sequence"])
