"""Assembling: cut-only joins copy, what is missing may be filled and is marked, music lies under the whole film."""

from __future__ import annotations

from decimal import Decimal

import av
import numpy as np
import pytest

from media_pipeline import storage
from media_pipeline.assets import MediaAsset
from media_pipeline.media import loudness
from media_pipeline.media.mezzanine import MezzanineFormat, make_mezzanine
from media_pipeline.media.tests.numbered import read_sound
from media_pipeline.media.tests.shots import write_wav
from media_pipeline.media.timing import frame_rate
from media_pipeline.qc.tests.clips import each, field, tone, write
from media_pipeline.runs import executor, transport
from media_pipeline.runs.actions import start_run
from media_pipeline.runs.due import due_runs
from projects.actions import change_project, write_chapter
from projects.models import Event
from scenes.actions import add_scene, add_shot, change_scene, change_shot, record_take
from scenes.models import ShotState

PARTS = ("media", "picture", "proxy", "thumbnail", "filmstrip", "keyframe", "last_frame")
FORM = MezzanineFormat(1280, 720, frame_rate("24"))
FRAMES = 24


@pytest.fixture(scope="module")
def clips(tmp_path_factory):
    """Two mezzanines of a second: one as it is, one in a colder light."""
    folder = tmp_path_factory.mktemp("mezzanines")
    frames = field(frames=FRAMES, speed=1)
    cold = each(frames, lambda n, f: f * [0.84, 1, 1.12])
    made = {}
    for name, pictures in (("warm", frames), ("cold", cold)):
        make_mezzanine(write(folder / f"{name}.source.mp4", pictures), folder / f"{name}.mp4", FORM, frames=FRAMES)
        made[name] = folder / f"{name}.mp4"
    return made


@pytest.fixture
def scene(project):
    change_project(project, resolution="720p")
    scene = add_scene(write_chapter(project, 1).pk, project.pk, number="1", sequence=1, heading="EXT. QUAY - DAY")
    for number in (1, 2):
        add_shot(scene, project.pk, number=number, sequence=number, business="Rain.", expected_seconds=Decimal(1))
    return scene


@pytest.fixture
def filmed(project, scene, clips):
    """Record takes of the shots by the names of their clips."""

    def record(*names, sounds=(None, None)):
        for shot, name, sound in zip(scene.shots.order_by("sequence"), names, sounds, strict=False):
            asset = storage.add_asset(project.pk, clips[name], source="provider")
            record_take(
                shot.pk, project.pk, prompt="Rain.", provider="fal", request_digest="x", seed=1, frames=FRAMES,
                frame_rate="24", width=1280, height=720, asset_name=f"SALT_CH001_S01_SH{shot.number:02d}_T01",
                provenance={"digital_source_type": "trainedAlgorithmicMedia"},
                sound=sound, **dict.fromkeys(PARTS, asset),
            )  # fmt: skip

    return record


@pytest.fixture
def assembled(project, scene):
    """Assemble the film with these settings; returns the run."""

    def run(**settings):
        with transport.in_process():
            started = start_run(
                "assemble_film", f"project:{project.pk}", project, settings={"scene_ids": [scene.pk], **settings}
            )
            for due in iter(lambda: due_runs().first(), None):
                executor.advance(due.pk)
        started.refresh_from_db()
        return started

    return run


def test_a_cut_only_film_codes_nothing_and_says_so(filmed, assembled):
    filmed("warm", "warm")
    run = assembled()
    assert run.error == ""
    assert (run.output["frames"], run.output["copied"], run.output["coded_share"]) == (48, 48, 0)
    told = Event.objects.get(type="film.finished").payload
    assert (told["copied"], told["coded_share"]) == (48, 0)
    film = MediaAsset.objects.get(pk=run.output["film"])
    assert film.provenance["assembly"]["coded_share"] == 0
    assert film.provenance["digital_source_type"].endswith("trainedAlgorithmicMedia")


def test_a_shot_in_another_light_is_matched_and_coded_again(project, filmed, assembled):
    filmed("warm", "cold")
    run = assembled()
    red, _, blue = run.output["matched"]["1/2"]
    assert red > 1.05
    assert blue < 0.98
    assert run.output["coded_share"] == 0.5
    again = assembled(coherence={"post_processing": False})
    assert again.output["matched"] == {}
    assert again.output["coded_share"] == 0


def test_a_missing_shot_stops_the_film_unless_it_may_be_filled(filmed, assembled, scene):
    filmed("warm")
    stopped = assembled()
    assert "These shots have no take yet: 1/2." in stopped.error
    filled = assembled(fill=True)
    assert filled.error == ""
    assert filled.output["filled"] == {"1/2": "card"}
    assert filled.output["frames"] == 48


def test_a_shot_without_a_selected_take_is_filled_by_its_best_and_marked_in_the_picture(
    project, filmed, assembled, scene
):
    filmed("warm", "warm")
    ShotState.objects.filter(shot__number=2).update(selected_take=None)
    run = assembled(fill=True)
    assert run.output["filled"] == {"1/2": "best take"}
    assert Event.objects.get(type="film.finished").payload["filled"] == {"1/2": "best take"}
    film = storage.local_path(project.pk, MediaAsset.objects.get(pk=run.output["film"]).sha256)
    plain, marked = (frame_of(film, number) for number in (10, 34))
    assert plain[:50].mean() > 100
    assert np.percentile(marked[:50], 25) < 40, "a dark band across the top"


def frame_of(path, number):
    with av.open(str(path)) as container:
        for place, frame in enumerate(container.decode(video=0)):
            if place == number:
                return frame.to_ndarray(format="rgb24").astype(int)
    raise AssertionError(number)


def test_music_goes_down_where_a_clip_speaks_and_the_ambience_lies_under_the_whole_scene(
    project, filmed, assembled, scene, tmp_path
):
    """The voice is as quiet as an animatic's hum, 30 dB below full scale; both clips sound, in the second is a line."""

    def sound(name, hertz, level, seconds):
        wave = level * np.sin(np.arange(round(seconds * 48_000)) * 2 * np.pi * hertz / 48_000)
        path = write_wav(tmp_path / f"{name}.wav", np.stack([wave, wave]))
        return storage.add_asset(project.pk, path, source="uploaded")

    filmed("warm", "warm", sounds=[sound("steps", 500, 0.044, 1), sound("voice", 600, 0.044, 1)])
    line = {"speaker": "ADA", "text": "Listen.", "starts": Decimal(0), "ends": Decimal(1)}
    change_shot(scene.shots.get(number=2), lines=[line])
    rain = sound("rain", 2000, 0.05, 1.25)
    change_scene(scene, sound_effects=[{"name": "Ambience", "starts": Decimal(0), "sound": rain}])
    run = assembled(music=sound("bed", 3000, 0.2, 2).pk, ducking_db=9)
    film = storage.local_path(project.pk, MediaAsset.objects.get(pk=run.output["film"]).sha256)
    heard = read_sound(film)[0]

    def level(hertz, first):
        return 20 * np.log10(np.abs(np.fft.rfft(heard[first : first + 4800]))[hertz // 10])

    fading = 6.05  # the bed goes by a sine over its last 2 s: sin 78.75 degrees at the first place, sin 29.25 then
    assert level(3000, 9_600) - level(3000, 62_400) - fading == pytest.approx(9, abs=0.3)
    rainy = [level(2000, at) for at in range(14_400, 76_800, 4800)]
    assert max(rainy) - min(rainy) < 6, "it crosses over into itself and goes on"
    assert run.output["lufs"] == pytest.approx(-16, abs=0.5)


def test_titles_and_the_visible_mark_are_laid_on_model_shots(project, filmed, assembled, scene):
    filmed("warm", "warm")
    shot = scene.shots.order_by("sequence").first()
    type(shot).objects.filter(pk=shot.pk).update(overlay_text=["ONE YEAR LATER"])
    assert assembled().output["coded_share"] == 0.5
    assert assembled(coherence={"visible_mark": True}).output["coded_share"] == 1


def test_effects_and_music_are_heard_at_the_target(project, filmed, assembled, scene, tmp_path):
    filmed("warm", "warm")
    bang = storage.add_asset(project.pk, write_wav(tmp_path / "bang.wav", tone(0.2, 0.8)), source="uploaded")
    music = storage.add_asset(project.pk, write_wav(tmp_path / "bed.wav", tone(1, 0.2)), source="uploaded")
    change_scene(scene, sound_effects=[{"name": "Bang", "starts": Decimal("0.5"), "sound": bang}])
    run = assembled(music=music.pk, loudness=-23)
    assert run.error == ""
    film = storage.local_path(project.pk, MediaAsset.objects.get(pk=run.output["film"]).sha256)
    assert loudness.measure(film).lufs == pytest.approx(-23, abs=0.6)
    assert run.output["true_peak"] < -1


def test_music_that_is_none_is_named(filmed, assembled):
    filmed("warm", "warm")
    assert "Media 999 is no sound of this production" in assembled(music=999).error


def test_transitions_code_only_their_joint(filmed, assembled, scene):
    filmed("warm", "warm")
    change_scene(scene, transition_out="fade_out", transition_out_seconds=Decimal("0.25"))
    run = assembled()
    assert 0 < run.output["coded"] <= 12
    assert run.output["copied"] + run.output["coded"] == 48
    assert np.isclose(run.output["coded_share"], run.output["coded"] / 48, atol=1e-4)
