from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from media_pipeline.media.cut import (
    Anchors,
    Clip,
    Coded,
    Copied,
    Cut,
    CutError,
    Part,
    Transition,
    TransitionKind,
    plan,
)

K = TransitionKind
CUT = Transition()


def shot(name: str, first: int = 0, frames: int = 48, available: int = 48) -> Clip:
    return Clip(Path(f"/takes/{name}.mp4"), name, first, frames, available)


def every_half_second(clip: Clip) -> Anchors:
    return Anchors.regular(clip.available, 12)


def shape(pieces) -> list[tuple[str, int]]:
    return [("copied" if isinstance(piece, Copied) else "coded", piece.frames) for piece in pieces]


def pictures_of(part: Part) -> list[list[tuple[str, int]]]:
    spans = part.spans()
    return [[(span.clip.digest, span.first + k) for span in spans] for k in range(part.frames)]


def seen(pieces) -> list[list[tuple[str, int]]]:
    """The pictures (shot, frame) that each frame of the film shows, leaving one first."""
    frames = []
    for piece in pieces:
        if isinstance(piece, Copied):
            frames += [[(piece.span.clip.digest, piece.span.first + k)] for k in range(piece.frames)]
        else:
            frames += [pictures for part in piece.parts for pictures in pictures_of(part)]
    return frames


def expected_to_be_seen(cut: Cut) -> list[list[tuple[str, int]]]:
    """The same by the definition of a transition: `in_offset` before the cut, `out_offset` after it."""
    frames = []
    for place, clip in enumerate(cut.clips):
        before, after = cut.transitions[place], cut.transitions[place + 1]
        for k in range(clip.frames):
            here = [(clip.digest, clip.first + k)]
            if place and before.kind.overlaps and k < before.out_offset:
                left = cut.clips[place - 1]
                here.insert(0, (left.digest, left.end + k))
            if after.kind.overlaps and k >= clip.frames - after.in_offset:
                comes = cut.clips[place + 1]
                here.append((comes.digest, comes.first - (clip.frames - k)))
            frames.append(here)
    return frames


def test_whole_shots_joined_by_cuts_are_copied_and_nothing_is_coded():
    pieces = plan(Cut((shot("a"), shot("b"))), every_half_second)
    assert shape(pieces) == [("copied", 48), ("copied", 48)]


def test_a_dissolve_with_handles_leaves_the_length_of_the_film_alone():
    a, b = shot("a", 0, 40), shot("b", 8, 40)
    cut = Cut((a, b), (CUT, Transition.of(K.DISSOLVE, 8), CUT))
    assert cut.total_frames == 80


def test_a_dissolve_is_coded_with_the_pictures_around_it_up_to_where_packets_can_be_cut():
    # a: frames 0-39, the dissolve takes 36-43; packets can be cut at 36. b: 8-47, the dissolve takes 4-11, key at 12.
    a, b = shot("a", 0, 40), shot("b", 8, 40)
    pieces = plan(Cut((a, b), (CUT, Transition.of(K.DISSOLVE, 8), CUT)), every_half_second)
    assert shape(pieces) == [("copied", 36), ("coded", 8), ("copied", 36)]
    (blend,) = pieces[1].parts
    assert (blend.leaving.first, blend.arriving.first, blend.step, blend.steps) == (36, 4, 1, 9)


def test_a_shot_that_begins_between_key_frames_has_its_head_coded():
    pieces = plan(Cut((shot("a", 5, 40),)), every_half_second)
    assert shape(pieces) == [("coded", 7), ("copied", 24), ("coded", 9)]


def test_a_tail_is_copied_up_to_the_last_whole_picture():
    anchors = Anchors((0, 12, 24, 36), (1, 4, 7, 10, 12, 36, 37, 40, 43, 46, 48))
    pieces = plan(Cut((shot("a", 0, 42),)), lambda _: anchors)
    assert shape(pieces) == [("copied", 40), ("coded", 2)]


def test_tail_blend_and_head_around_one_joint_are_one_piece():
    cut = Cut.with_overlaps([shot("a"), shot("b")], [CUT, Transition.of(K.DISSOLVE, 10), CUT])
    pieces = plan(cut, every_half_second)
    # The overlap is a 38-47 over b 0-9: the copies end at 36 and begin again at 12.
    assert shape(pieces) == [("copied", 36), ("coded", 14), ("copied", 36)]
    assert [part.frames for part in pieces[1].parts] == [2, 10, 2]


def test_overlaps_shorten_the_film_by_what_overlaps_and_fades_do_not():
    clips = [shot("a"), shot("b"), shot("c")]
    cut = Cut.with_overlaps(clips, [CUT, Transition.of(K.DISSOLVE, 12), Transition.of(K.DIP, 10), CUT])
    assert cut.total_frames == 3 * 48 - 12


def test_an_uneven_overlap_still_lays_the_last_frames_over_the_first():
    cut = Cut.with_overlaps([shot("a"), shot("b")], [CUT, Transition(K.DISSOLVE, 2, 6), CUT])
    (blend,) = [part for piece in plan(cut, every_half_second) if isinstance(piece, Coded) for part in piece.parts
                if part.steps]  # fmt: skip
    assert (blend.leaving.first, blend.leaving.end) == (40, 48)
    assert (blend.arriving.first, blend.arriving.end) == (0, 8)
    assert cut.total_frames == 88


def test_with_use_handles_only_shots_without_handles_overlap():
    clips = [shot("a", 0, 40), shot("b", 8, 40), shot("c")]
    dissolve = Transition.of(K.DISSOLVE, 8)
    assert Cut.with_overlaps(clips, [CUT, dissolve, dissolve, CUT], use_handles=True).total_frames == 128 - 8
    assert Cut.with_overlaps(clips, [CUT, dissolve, dissolve, CUT]).total_frames == 128 - 16


def test_a_dissolve_without_handles_is_refused_with_the_shot_and_the_count():
    with pytest.raises(
        CutError, match=r"a\.mp4: the dissolve needs 4 frames after its last used frame, and there are 0"
    ):
        Cut((shot("a"), shot("b", 8, 40)), (CUT, Transition.of(K.DISSOLVE, 8), CUT))
    with pytest.raises(CutError, match=r"b\.mp4: the wipe needs 4 frames before its first"):
        Cut((shot("a", 0, 40), shot("b")), (CUT, Transition.of(K.WIPE, 8), CUT))


def test_transitions_longer_than_the_shot_between_them_are_refused():
    clips = (shot("a", 0, 40), shot("b", 10, 6), shot("c", 10, 38))
    with pytest.raises(CutError, match=r"b\.mp4: its transitions take 8 frames, but only 6"):
        Cut(clips, (CUT, Transition.of(K.DISSOLVE, 8), Transition.of(K.DISSOLVE, 8), CUT))


def test_shots_too_short_to_overlap_are_refused():
    with pytest.raises(CutError, match="too short to overlap by 20 frames"):
        Cut.with_overlaps([shot("a", 0, 10), shot("b")], [CUT, Transition.of(K.DISSOLVE, 20), CUT])


@pytest.mark.parametrize("kind", [K.DISSOLVE, K.FADE_OUT, K.DIP, K.IRIS])
def test_a_film_cannot_begin_with_a_transition_from_something(kind):
    with pytest.raises(CutError, match="nothing is before it"):
        Cut((shot("a"),), (Transition.of(kind, 6), CUT))


def test_a_film_cannot_end_with_a_fade_in():
    with pytest.raises(CutError, match="nothing is after it"):
        Cut((shot("a"),), (CUT, Transition.of(K.FADE_IN, 6)))


@pytest.mark.parametrize("kind", [K.CUT, K.MATCH_CUT, K.SMASH_CUT, K.JUMP_CUT])
def test_every_kind_of_cut_copies_and_takes_no_frames(kind):
    pieces = plan(Cut((shot("a"), shot("b")), (CUT, Transition.of(kind), CUT)), every_half_second)
    assert shape(pieces) == [("copied", 48), ("copied", 48)]
    with pytest.raises(CutError, match="takes no time"):
        Transition.of(kind, 4)


def test_the_scenes_transitions_are_all_known():
    from scenes.choices import Transition as Asked

    assert {asked.value for asked in Asked} <= {kind.value for kind in K}


def test_a_fade_reaches_full_black_and_a_fade_in_starts_from_it():
    cut = Cut((shot("a"),), (Transition.of(K.FADE_IN, 4), Transition.of(K.FADE_OUT, 5)))
    pieces = plan(cut, every_half_second)
    fade_in, fade_out = pieces[0].parts[0], pieces[-1].parts[-1]
    assert (fade_in.leaving, fade_in.step, fade_in.steps, fade_in.frames) == (None, 0, 4, 4)
    assert fade_out.arriving is None
    assert fade_out.step + fade_out.frames - 1 == fade_out.steps


def test_a_shot_divided_and_left_in_place_is_copied_through():
    whole = shot("a")
    pieces = plan(Cut((replace(whole, frames=17), replace(whole, first=17, frames=31))), every_half_second)
    assert shape(pieces) == [("copied", 48)]


def test_frames_that_the_shot_does_not_have_are_refused():
    with pytest.raises(CutError, match=r"a\.mp4: frames 40 to 49 were asked for, but the shot has frames 0 to 47"):
        shot("a", 40, 10)


def test_a_shot_whose_packets_cannot_be_taken_over_is_coded_in_pieces():
    pieces = plan(Cut((shot("a", 0, 300, 300),)), lambda _: Anchors.none(), piece_frames=120)
    assert shape(pieces) == [("coded", 120), ("coded", 120), ("coded", 60)]


def test_a_run_of_tiny_shots_is_divided_so_that_no_process_opens_them_all():
    clips = tuple(shot(f"s{n}", 5, 6) for n in range(30))  # no key frame within frames 5 to 10
    pieces = plan(Cut(clips), every_half_second)
    assert [piece.frames for piece in pieces] == [48, 48, 48, 36]


def test_a_plan_shows_every_frame_of_a_hundred_random_cuts_in_order():
    chance = random.Random(7)
    for _ in range(100):
        clips, transitions = [], [CUT]
        for number in range(chance.randint(1, 9)):
            first = chance.randint(12, 20)
            clips.append(shot(f"s{number}", first, chance.randint(24, 60), 96))
            kind = chance.choice([K.CUT, K.DISSOLVE, K.WIPE, K.DIP, K.FADE_IN, K.FADE_OUT])
            transitions.append(Transition.of(kind, 0 if kind.is_cut else chance.randint(1, 12)))
        cut = Cut(tuple(clips), (*transitions[:-1], CUT))
        pieces = plan(cut, every_half_second, piece_frames=chance.choice([24, 120]))
        assert seen(pieces) == expected_to_be_seen(cut)
        assert all(piece.frames > 0 for piece in pieces)
        assert all(piece.span.first % 12 == 0 for piece in pieces if isinstance(piece, Copied))
        assert all(sum(p.frames for p in piece.parts) <= 120 + 24 for piece in pieces if isinstance(piece, Coded))
