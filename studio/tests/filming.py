"""Scenes, shots and takes for the tests of the pages, made by the same verbs that the pipelines call."""

from __future__ import annotations

from decimal import Decimal
from hashlib import sha256

from media_pipeline.assets import MediaAsset
from projects.actions import write_chapter
from scenes.actions import add_scene, add_shot, record_take
from scenes.choices import ShotSize


def asset(project, name, kind="image", **facts):
    """A recorded media file; its bytes are not there, since pages only need its address."""
    digest = sha256(f"{project.pk} {name}".encode()).hexdigest()
    types = {"image": "image/jpeg", "video": "video/mp4"}
    return MediaAsset.objects.create(
        project=project, file=f"{digest[:2]}/{digest}.mp4" if kind == "video" else f"{digest[:2]}/{digest}.jpg",
        kind=kind, sha256=digest, size=1_500_000, content_type=types[kind], source="derived", **facts,
    )  # fmt: skip


def scene(project, number="1", shots=0, chapter=1, **fields):
    """A scene with shots 1 to `shots`, wide and then close."""
    sequence = fields.pop("sequence", int("".join(filter(str.isdigit, number)) or 1))
    part = write_chapter(project, chapter)
    fields = {"heading": f"INT. ROOM {number} - NIGHT", "int_ext": "INT", "time_of_day": "night"} | fields
    made = add_scene(part.pk, project.pk, number=number, sequence=sequence, **fields)
    sizes = [ShotSize.WIDE, ShotSize.CLOSE_UP]
    made.made_shots = [
        add_shot(
            made, project.pk, number=place, sequence=place, business=f"Business {number}/{place}.",
            shot_size=sizes[(place - 1) % 2], expected_seconds=Decimal("4.5"),
        )
        for place in range(1, shots + 1)
    ]  # fmt: skip
    return made


def take(project, shot, cost=Decimal(0), provider="animatic", **fields):
    """Record a take of 108 frames at 24 fps with all its files."""
    name = f"{shot.pk} {shot.takes.count()}"
    video = asset(project, f"take {name}", "video", width=1920, height=1080)
    still = asset(project, f"still {name}", width=480, height=270)
    strip = asset(project, f"strip {name}", width=1600, height=90)
    return record_take(
        shot.pk, project.pk, asset_name=f"SALT_CH001_S01_SH{shot.number:02d}_T01", media=video, picture=video,
        proxy=video, thumbnail=still, filmstrip=strip, keyframe=still, last_frame=still, run=None,
        prompt="A wide room at night.", provider=provider, request_digest="0" * 64, seed=421337, frames=108,
        frame_rate="24", width=1920, height=1080, cost=cost, **fields,
    )  # fmt: skip
