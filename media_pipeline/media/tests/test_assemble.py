from __future__ import annotations

import hashlib
import threading
from dataclasses import replace
from fractions import Fraction
from functools import partial

import av
import numpy as np
import pytest

from media_pipeline.media import assemble as assemble_module
from media_pipeline.media.cut import Cut, CutError, Transition, TransitionKind
from media_pipeline.media.errors import BrokenMedia, Cancelled, MediaError
from media_pipeline.media.loudness import Quality
from media_pipeline.media.mezzanine import MezzanineFormat
from media_pipeline.media.sound import Role, Sound, Track

from .numbered import clicks, picture, read_cells, read_number, read_numbers, read_sound, tone
from .shots import RATES, SMALL, film_pictures, make_picture, make_shot, write_wav

K = TransitionKind
CUT = Transition()
assemble = partial(assemble_module.assemble, quality=Quality.PREVIEW)
FRAMES = 48
CLICK_FRAME = 20


@pytest.fixture(scope="module", params=list(RATES))
def form(request):
    return MezzanineFormat(160, 90, RATES[request.param])


@pytest.fixture(scope="module")
def clicking(tmp_path_factory, form):
    """Four shots of 48 frames, each with a click at the beginning of its frame 20."""
    folder = tmp_path_factory.mktemp("clicking")
    sound = clicks(Fraction(FRAMES) / form.rate, [Fraction(CLICK_FRAME) / form.rate])
    return [make_shot(folder, clip, FRAMES, form, sound) for clip in range(1, 5)]


@pytest.fixture(scope="module")
def shots(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shots")
    sound = tone(Fraction(2), 440, 0.1)
    return [make_shot(folder, clip, FRAMES, SMALL, sound) for clip in range(1, 7)]


def dissolved(shots, frames=8):
    return Cut.with_overlaps(shots, [CUT, *(Transition.of(K.DISSOLVE, frames),) * (len(shots) - 1), CUT])


def click_places(path, expected):
    """The sample at which the sound first rises near each expected place."""
    sound = np.abs(read_sound(path)[0])
    places = []
    for place in expected:
        near = sound[place - 1000 : place + 1000]
        places.append(place - 1000 + int(np.argmax(near > 0.3 * near.max())))
    return places


def test_every_frame_and_every_click_of_a_trimmed_cut_is_where_it_belongs(clicking, form, tmp_path):
    clips = [replace(clip, first=place, frames=30 + place) for place, clip in enumerate(clicking)]
    film = assemble(Cut(tuple(clips)), tmp_path / "film.mp4", format=form, cache=tmp_path / "cache")
    wanted = [(n + 1, clip.first + k) for n, clip in enumerate(clips) for k in range(clip.frames)]
    assert read_numbers(film.path) == wanted
    starts = [sum(clip.frames for clip in clips[:n]) for n in range(4)]
    expected = [
        round((start + CLICK_FRAME - clip.first) * 48_000 / form.rate)
        for start, clip in zip(starts, clips, strict=True)
    ]
    assert np.abs(np.subtract(click_places(film.path, expected), expected)).max() <= 1


@pytest.fixture(scope="module")
def dissolving(clicking, form, tmp_path_factory):
    """The four shots, each overlapping the next by 8 frames: they begin at frames 0, 40, 80 and 120 of the film."""
    folder = tmp_path_factory.mktemp("dissolving")
    return assemble(dissolved(clicking), folder / "film.mp4", format=form, cache=folder / "cache")


def test_the_film_lasts_exactly_its_frames(dissolving, form):
    assert dissolving.frames == 4 * FRAMES - 3 * 8
    assert dissolving.duration == dissolving.frames / form.rate
    with av.open(str(dissolving.path)) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        assert video.duration * video.time_base == dissolving.duration
        assert abs(audio.duration * audio.time_base - dissolving.duration) < Fraction(1, 1000)
        assert abs(Fraction(container.duration, 1_000_000) - dissolving.duration) <= Fraction(1, 1000)
        assert (video.start_time, audio.start_time) == (0, 0)


def test_dissolves_lie_over_both_shots_and_all_other_frames_are_untouched(dissolving):
    for n, pixels in enumerate(film_pictures(dissolving.path)):
        shot, k = divmod(n, 40)
        if shot and k < 8 and shot < 4:
            share = (k + 1) / 9
            leaving, arriving = read_cells(picture(40 + k, shot)), read_cells(picture(k, shot + 1))
            assert np.abs(read_cells(pixels) - (1 - share) * leaving - share * arriving).max() < 5
        else:
            assert read_number(pixels) == ((shot + 1, k) if n < 160 else (4, 40 + k))


def test_sound_stays_with_the_picture_through_dissolves(dissolving, form):
    expected = [round((start + CLICK_FRAME) * 48_000 / form.rate) for start in (0, 40, 80, 120)]
    assert np.abs(np.subtract(click_places(dissolving.path, expected), expected)).max() <= 1


def test_the_film_is_h264_and_aac_and_starts_quickly(shots, tmp_path):
    film = assemble(Cut(tuple(shots)), tmp_path / "out" / "film.mp4", format=SMALL, cache=tmp_path / "cache")
    assert list((tmp_path / "out").iterdir()) == [film.path]
    with av.open(str(film.path)) as container:
        assert [stream.codec_context.name for stream in container.streams] == ["h264", "aac"]
    data = film.path.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")
    assert film.lufs == pytest.approx(-16.0, abs=0.2)
    assert film.true_peak <= -1.0


def test_the_same_cut_gives_the_same_bytes_with_and_without_a_cache(shots, tmp_path):
    made = [
        assemble(dissolved(shots), tmp_path / f"{n}.mp4", format=SMALL, cache=tmp_path / cache, jobs=jobs)
        for n, cache, jobs in [(1, "one", 2), (2, "one", 1), (3, "two", 1)]
    ]
    assert len({hashlib.sha256(film.path.read_bytes()).hexdigest() for film in made}) == 1
    assert [film.joints_coded for film in made] == [5, 0, 5]


def test_a_recut_codes_only_the_joints_of_the_shot_that_changed(shots, tmp_path):
    cache = tmp_path / "cache"
    first = assemble(dissolved(shots), tmp_path / "1.mp4", format=SMALL, cache=cache)
    assert (first.joints_coded, first.joints_from_cache) == (5, 0)
    other = make_shot(tmp_path, 9)
    again = assemble(dissolved([*shots[:3], other, *shots[4:]]), tmp_path / "2.mp4", format=SMALL, cache=cache)
    assert (again.joints_coded, again.joints_from_cache) == (2, 3)


def test_copied_and_coded_frames_add_up_to_the_film(shots, tmp_path):
    film = assemble(dissolved(shots), tmp_path / "film.mp4", format=SMALL, cache=tmp_path / "cache")
    assert film.copied_frames + film.coded_frames == film.frames == 248
    # Overlaps of 8 from frames 40-47 of one shot over 0-7 of the next: coded up to key frame 12, and what lies
    # between the last whole picture and frame 40 (at most 2 frames).
    assert 5 * (8 + 4) <= film.coded_frames <= 5 * (8 + 4 + 2)


@pytest.mark.slow
def test_sixty_short_shots_with_every_kind_of_transition_are_in_order(shots, tmp_path):
    kinds = [K.CUT, K.DISSOLVE, K.WIPE, K.JUMP_CUT, K.IRIS, K.DIP]
    clips = [replace(shots[n % 6], first=n % 7, frames=24 + n % 5) for n in range(60)]
    transitions = [Transition.of(kind, 0 if kind.is_cut else 6) for kind in (kinds[n % 6] for n in range(59))]
    cut = Cut.with_overlaps(clips, [Transition.of(K.FADE_IN, 5), *transitions, Transition.of(K.FADE_OUT, 5)])
    film = assemble(cut, tmp_path / "film.mp4", format=SMALL, cache=tmp_path / "cache")
    pictures = film_pictures(film.path)
    assert len(pictures) == cut.total_frames == sum(24 + n % 5 for n in range(60)) - 6 * 30
    for start, clip in zip(cut.starts(), cut.clips, strict=True):
        for k in range(6, clip.frames - 6):  # away from its transitions
            wanted = (int(clip.name.removeprefix("shot").removesuffix(".mp4")), clip.first + k)
            assert read_number(pictures[start + k]) == wanted


def test_shots_of_another_size_are_refused_and_nothing_is_left(shots, tmp_path):
    out = tmp_path / "out"
    large = make_shot(tmp_path, 8, 24, MezzanineFormat(320, 180, Fraction(24)))
    with pytest.raises(CutError, match=r"shot8\.mp4 is 320x180, but the film is 160x90"):
        assemble(Cut((shots[0], large)), out / "film.mp4", format=SMALL, cache=tmp_path / "cache")
    assert not out.exists()


def test_shots_of_another_rate_are_refused(shots, tmp_path):
    other = make_shot(tmp_path, 8, 24, MezzanineFormat(160, 90, Fraction(25)))
    with pytest.raises(BrokenMedia, match=r"shot8\.mp4"):
        assemble(Cut((shots[0], other)), tmp_path / "film.mp4", format=SMALL, cache=tmp_path / "cache")


def test_a_shot_shorter_than_recorded_is_refused(shots, tmp_path):
    short = replace(shots[0], available=60)
    with pytest.raises(CutError, match=r"shot1\.mp4 holds 48 frames, but 60 were recorded"):
        assemble(Cut((short,)), tmp_path / "film.mp4", format=SMALL, cache=tmp_path / "cache")


def test_a_shot_that_is_gone_is_refused_by_name(shots, tmp_path):
    lost = replace(shots[0], picture=tmp_path / "lost.mp4")
    with pytest.raises(BrokenMedia, match=r"lost\.mp4 is not there"):
        assemble(Cut((lost,)), tmp_path / "film.mp4", format=SMALL, cache=tmp_path / "cache")


def test_a_shot_coded_by_another_build_is_coded_anew_and_shown_rightly(shots, tmp_path):
    path = make_picture(tmp_path / "other.mp4", 9, 24, extra=("-profile:v", "main"))
    other = replace(shots[0], picture=path, digest="other", frames=24, available=24)
    cut = Cut((shots[0], other, shots[1]))
    film = assemble(cut, tmp_path / "film.mp4", format=SMALL, cache=tmp_path / "cache")
    assert film.coded_frames == 24
    assert read_numbers(film.path) == [(1, n) for n in range(48)] + [(9, n) for n in range(24)] + [
        (2, n) for n in range(48)
    ]


@pytest.mark.parametrize("after", [0, 1, 3])
def test_a_cancelled_film_leaves_nothing_beside_the_cache(shots, tmp_path, after):
    asked = iter([False] * after)
    out = tmp_path / "out"
    with pytest.raises(Cancelled):
        assemble(
            dissolved(shots), out / "film.mp4", format=SMALL, cache=tmp_path / "cache", poster=out / "poster.jpg",
            cancelled=lambda: next(asked, True),
        )  # fmt: skip
    assert not out.exists() or list(out.iterdir()) == []
    assert not list((tmp_path / "cache").rglob("*.part"))


def test_damaged_sound_stops_the_film_and_is_named(shots, tmp_path):
    broken = tmp_path / "broken.wav"
    broken.write_bytes(b"not a sound at all")
    cut = Cut((shots[0], replace(shots[1], sound=broken)))
    with pytest.raises(BrokenMedia, match=r"broken\.wav could not be read as sound"):
        assemble(cut, tmp_path / "out" / "film.mp4", format=SMALL, cache=tmp_path / "cache")
    assert list((tmp_path / "out").iterdir()) == []


def test_an_older_film_stays_when_the_new_one_fails(shots, tmp_path):
    out = tmp_path / "film.mp4"
    out.write_bytes(b"the film of yesterday")
    with pytest.raises(Cancelled):
        assemble(Cut(tuple(shots)), out, format=SMALL, cache=tmp_path / "cache", cancelled=lambda: True)
    assert out.read_bytes() == b"the film of yesterday"


def test_a_film_of_silent_shots_has_a_silent_track(shots, tmp_path):
    cut = Cut(tuple(replace(clip, sound=None) for clip in shots[:2]))
    film = assemble(cut, tmp_path / "film.mp4", format=SMALL, cache=tmp_path / "cache")
    assert (film.lufs, film.true_peak) == (None, None)
    assert not read_sound(film.path).any()


def test_music_lies_under_the_whole_film(shots, tmp_path):
    music = write_wav(tmp_path / "music.wav", tone(Fraction(4), 3000, 0.2))
    bed = Track((Sound(music, 0, 4 * 48_000),), Role.MUSIC, gain_db=-3)
    film = assemble(
        Cut(tuple(shots[:2])), tmp_path / "film.mp4", format=SMALL, cache=tmp_path / "cache", tracks=[bed], ducking_db=9
    )
    spectrum = np.abs(np.fft.rfft(read_sound(film.path)[0][48_000:96_000]))
    assert sorted(np.argsort(spectrum)[-2:].tolist()) == [440, 3000]


def test_the_poster_shows_the_frame_asked(shots, tmp_path):
    poster = tmp_path / "poster.jpg"
    cut = Cut(tuple(shots))
    assemble(cut, tmp_path / "film.mp4", format=SMALL, cache=tmp_path / "cache", poster=poster, poster_frame=100)
    assert read_numbers(poster) == [(3, 4)]
    assemble(cut, tmp_path / "film.mp4", format=SMALL, cache=tmp_path / "cache", poster=poster)
    assert read_numbers(poster) == [(4, 0)]
    with pytest.raises(MediaError, match="Frame 288 was asked for as the poster of a film of 288 frames"):
        assemble(cut, tmp_path / "f.mp4", format=SMALL, cache=tmp_path / "cache", poster=poster, poster_frame=288)


def test_progress_rises_to_one_and_is_told_in_the_callers_thread(shots, tmp_path):
    told: list[float] = []
    threads = set()

    def tell(fraction):
        told.append(fraction)
        threads.add(threading.current_thread())

    assemble(dissolved(shots), tmp_path / "f.mp4", format=SMALL, cache=tmp_path / "cache", progress=tell)
    assert told == sorted(set(told))
    assert told[-1] == 1.0
    assert len(told) > 2
    assert threads == {threading.current_thread()}
