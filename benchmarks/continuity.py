"""How many planted breaks of continuity are found, and how many sound cuts are left alone.

    python -m benchmarks.continuity

The set is made here, so that anybody can make it again: eight sets drawn by the animatic in six framings each (wide,
medium, two close-ups, over the shoulder, an insert), coded as clips of half a second. A cut from one framing of a set
to the next is clean; so is one whose second clip is changed as little as no eye minds (a third of a stop, a breath of
warmth, grain, a coder's loss). Planted are: light (1.6 stops up or down), colour of light (as from 5600 K to 3000 K and
to 10,000 K), palette (the colours turned by a third of the circle), and for shots that go straight on another picture
than the one the first shot ends on. The thresholds were chosen on the first four sets and then tried on the last four.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from media_pipeline.media.figures import edge_figures
from media_pipeline.media.runner import raw_input_args, run_ffmpeg
from media_pipeline.providers.animatic.frames import draw_still
from media_pipeline.providers.base import BriefCharacter, ShotBrief
from media_pipeline.qc.cuts import measure_cut

SIZE, RATE, FRAMES = (640, 360), Fraction(24), 12
SETS = (
    ("INT", "KITCHEN", "day", ""), ("INT", "LAMP ROOM", "night", ""), ("EXT", "HARBOUR", "dawn", ""),
    ("EXT", "FOREST ROAD", "day", "rainy"),
    ("EXT", "STREET", "night", ""), ("INT", "OFFICE", "evening", ""), ("EXT", "BEACH", "golden_hour", ""),
    ("INT", "BAR", "night", ""),
)  # fmt: skip
CHOSEN_ON = 4
MARA = BriefCharacter(name="Mara", side="left", facing="right", look_seed=11)
TOM = BriefCharacter(name="Tom", side="right", facing="left", look_seed=5)
FRAMINGS = (
    ("wide", (MARA, TOM)), ("medium", (MARA,)), ("close_up", (MARA,)), ("close_up", (TOM,)),
    ("over_shoulder", (MARA, TOM)), ("insert", ()),
)  # fmt: skip

RUNGS = {"insert": 0, "close_up": 1, "medium": 3, "over_shoulder": 3, "wide": 6}

Picture = NDArray[np.float64]


def linear(picture: Picture) -> Picture:
    """Light of sRGB values, 0 to 1."""
    return np.where(picture <= 0.04045, picture / 12.92, ((picture + 0.055) / 1.055) ** 2.4)


def coded(light: Picture) -> Picture:
    """sRGB values of light."""
    light = np.clip(light, 0, 1)
    return np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)


def stops(change: float) -> Callable[[Picture], Picture]:
    """More or less light, in stops."""
    return lambda picture: coded(linear(picture) * 2**change)


def warmer(change: float) -> Callable[[Picture], Picture]:
    """Red against blue, in stops of their ratio."""
    return lambda picture: coded(linear(picture) * np.array([2 ** (change / 2), 1, 2 ** (-change / 2)]))


def turned(picture: Picture) -> Picture:
    """The colours turned by a third of the circle: red to green to blue, with as much light as before."""
    after = picture[..., [2, 0, 1]]
    weights = np.array([0.2126, 0.7152, 0.0722])
    light = (linear(picture) @ weights)[..., None] / np.maximum(1e-4, (linear(after) @ weights)[..., None])
    return coded(linear(after) * np.clip(light, 0, 6))


def grain(picture: Picture) -> Picture:
    """Noise of three levels."""
    return np.clip(picture + np.random.default_rng(4).normal(0, 3 / 255, picture.shape), 0, 1)


def same(picture: Picture) -> Picture:
    """No change."""
    return picture


MILD = {
    "as it is": same, "a third of a stop up": stops(0.33), "a third of a stop down": stops(-0.33),
    "a breath warmer": warmer(0.2), "grain": grain,
}  # fmt: skip
PLANTED = {
    "lighting_jump": {
        "1.6 stops up": stops(1.6), "1.6 stops down": stops(-1.6), "tungsten": warmer(1.6), "blue sky": warmer(-1.4),
    },
    "palette": {"colours turned": turned},
    "last_frame_match": {"another framing": same},
}  # fmt: skip
NAMES = {
    "lighting_jump": ("light_match", "colour_match"), "palette": ("palette_match",),
    "last_frame_match": ("edge_match",),
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One cut: two pictures, whether the second goes straight on, and the kind of break planted (empty: clean)."""

    place: int
    tail: Picture
    head: Picture
    continues: bool
    detail: bool
    steps: int
    planted: str
    how: str


def picture(place: int, framing: int) -> Picture:
    """One framing of one set, as the animatic draws it."""
    inside, location, hour, weather = SETS[place]
    size, cast = FRAMINGS[framing]
    brief = ShotBrief(
        asset_name="", project_title="", heading="", scene_number="1", shot_number=framing + 1, take_number=1,
        int_ext=inside, location=location, time_of_day=hour, weather=weather, shot_size=size, cast=cast,
        props=("LANTERN",),
    )  # fmt: skip
    return np.asarray(draw_still(brief, *SIZE).framed().convert("RGB"), dtype=np.float64) / 255


def cases() -> Iterator[Case]:
    """The whole set."""
    for place in range(len(SETS)):
        drawn = [picture(place, framing) for framing in range(len(FRAMINGS))]
        for framing in range(len(FRAMINGS) - 1):
            tail, head, detail = drawn[framing], drawn[framing + 1], framing + 1 == len(FRAMINGS) - 1
            steps = abs(RUNGS[FRAMINGS[framing][0]] - RUNGS[FRAMINGS[framing + 1][0]])
            for how, change in MILD.items():
                yield Case(place, tail, change(head), False, detail, steps, "", how)
                if not detail:
                    yield Case(place, tail, change(tail), True, False, 0, "", f"straight on, {how}")
            if detail:
                continue
            for kind in ("lighting_jump", "palette"):
                for how, change in PLANTED[kind].items():
                    yield Case(place, tail, change(head), False, False, steps, kind, how)
            yield Case(place, tail, head, True, False, 0, "last_frame_match", "another framing")


def main() -> None:
    """Print precision and recall as Markdown."""
    counts: dict[tuple[str, str], list[int]] = {}
    wrong: list[str] = []
    with tempfile.TemporaryDirectory(prefix="rushes-cuts-") as folder:
        edges: dict[bytes, dict] = {}
        for case in cases():
            sides = [_edges(side, Path(folder), edges) for side in (case.tail, case.head)]
            found = measure_cut(
                sides[0]["tail"], sides[1]["head"], continues=case.continues, detail=case.detail, steps=case.steps
            )
            broken = {score.name for score in found.scores if not found.fits(score)}
            part = "chosen on" if case.place < CHOSEN_ON else "held out"
            for kind, names in NAMES.items():
                count = counts.setdefault((part, kind), [0, 0, 0, 0])
                flagged, planted = bool(broken & set(names)), case.planted == kind
                if case.planted in ("lighting_jump", "palette") and kind not in (case.planted, "last_frame_match"):
                    continue  # a turned palette is another light too: only its own kind is judged
                count[(0 if planted else 1) if flagged else (2 if planted else 3)] += 1
                if flagged != planted:
                    wrong.append(
                        f"{SETS[case.place][1]}: {case.how}: {'not found' if planted else 'flagged'} as {kind}"
                    )
    print("| sets | kind | planted | found | clean | flagged | precision | recall |")
    print("|---|---|---|---|---|---|---|---|")
    for (part, kind), (hits, false, absent, right) in sorted(counts.items()):
        precision = f"{hits / (hits + false):.2f}" if hits + false else "-"
        recall = f"{hits / (hits + absent):.2f}" if hits + absent else "-"
        print(f"| {part} | {kind} | {hits + absent} | {hits} | {false + right} | {false} | {precision} | {recall} |")
    print("\nWrong:\n" + "\n".join(f"- {line}" for line in wrong) if wrong else "\nNone wrong.")


def _edges(side: Picture, folder: Path, known: dict[bytes, dict]) -> dict:
    """Code a picture as a clip and look at its ends, once for each picture."""
    pixels = (side * 255).round().astype(np.uint8).tobytes()
    if pixels not in known:
        path = folder / f"{len(known)}.mp4"

        def feed(pipe) -> None:
            for _ in range(FRAMES):
                pipe.write(pixels)

        run_ffmpeg(
            [
                *raw_input_args(*SIZE, RATE), "-c:v", "libx264", "-preset", "ultrafast", "-crf", "20",
                "-pix_fmt", "yuv420p", "-threads", "1", "-f", "mp4", str(path),
            ],
            stdin=feed,
        )  # fmt: skip
        known[pixels] = edge_figures(path)
        path.unlink()
    return known[pixels]


if __name__ == "__main__":
    main()
