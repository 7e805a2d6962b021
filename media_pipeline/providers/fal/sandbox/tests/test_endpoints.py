"""Every model answers with its own keys and with media that really are what they are said to be."""

from __future__ import annotations

import io
import json
import struct
import wave
import zipfile
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import av
import fal_client
import httpx
import pytest
from PIL import Image

from media_pipeline.providers.fal.sandbox.filming import Clip, write_clip
from media_pipeline.providers.fal.sandbox.sounding import effect, write_wav

from .conftest import png, pointed_client, training_zip

WAN = "fal-ai/wan/v2.2-a14b"


@pytest.fixture
def ask(sandbox, monkeypatch):
    """Ask a model and return its answer and the billed units."""
    client = pointed_client(sandbox.url, monkeypatch)

    def asked(endpoint, **body):
        handle = client.submit(endpoint, body)
        made = handle.get(interval=0.01)
        units = sandbox.job(handle.request_id)["units"]
        return made, Decimal(units)

    return asked


@pytest.fixture(scope="module")
def picture():
    return fal_client.encode(png(160, 90), "image/png")


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    """12 frames at 24000/1001."""
    path = tmp_path_factory.mktemp("clip") / "clip.mp4"
    write_clip(Clip(160, 90, 12, Fraction(24000, 1001), 1), path)
    return fal_client.encode_file(path)


@pytest.fixture(scope="module")
def quarter_second(tmp_path_factory):
    path = tmp_path_factory.mktemp("sound") / "sound.wav"
    write_wav(effect(Fraction(1, 4), 1), path)
    return fal_client.encode_file(path)


def got(file):
    reply = httpx.get(file["url"]).raise_for_status()
    assert reply.headers["content-type"] == file["content_type"]
    assert len(reply.content) == file["file_size"]
    return reply.content


@dataclass
class Found:
    """What PyAV finds in a file; `seconds` is the length of the sound."""

    codec: str = ""
    frames: int = 0
    rate: Fraction | None = None
    size: tuple = ()
    sound: str = ""
    seconds: Fraction = Fraction(0)


def looked_into(file):
    found = Found()
    with av.open(io.BytesIO(got(file))) as container:
        samples = 0
        for frame in container.decode():
            if isinstance(frame, av.VideoFrame):
                found.frames += 1
                found.size = (frame.width, frame.height)
            else:
                samples += frame.samples
        for stream in container.streams.video:
            found.codec, found.rate = stream.codec_context.name, stream.average_rate
        for stream in container.streams.audio:
            found.sound, found.seconds = stream.codec_context.name, Fraction(samples, stream.rate)
    return found


def size_in(file):
    picture = Image.open(io.BytesIO(got(file)))
    assert (file["width"], file["height"]) == picture.size
    return picture.format, picture.size


def test_nano_banana_gives_the_ratios_size_in_the_asked_format(ask):
    made, units = ask("fal-ai/nano-banana", prompt="a quay", aspect_ratio="16:9", num_images=2, output_format="webp")
    assert [size_in(image) for image in made["images"]] == [("WEBP", (1344, 768))] * 2
    assert (set(made), units) == ({"images", "description"}, 2)


def test_nano_banana_edit_takes_the_ratio_nearest_to_its_first_picture(ask, picture):
    made, units = ask("fal-ai/nano-banana/edit", prompt="a quay", image_urls=[picture, picture])
    assert (size_in(made["images"][0]), units) == (("PNG", (1344, 768)), 1)


def test_flux_bills_megapixels_and_says_its_seed(ask):
    made, units = ask("fal-ai/flux-lora", prompt="a quay", seed=7, loras=[{"path": "owner/weights", "scale": 0.5}])
    assert size_in(made["images"][0]) == ("JPEG", (1024, 768))
    assert set(made) == {"images", "timings", "seed", "has_nsfw_concepts", "prompt"}
    assert (made["seed"], made["has_nsfw_concepts"], units) == (7, [False], Decimal("0.786432"))


def test_flux_2_and_z_image_take_a_size_in_pixels(ask, picture):
    size = {"width": 640, "height": 512}
    for endpoint, more in (
        ("fal-ai/flux-2/lora", {}),
        ("fal-ai/flux-2/lora/edit", {"image_urls": [picture]}),
        ("fal-ai/z-image/turbo", {}),
        ("fal-ai/z-image/turbo/lora", {}),
        ("fal-ai/qwen-image-edit-plus", {"image_urls": [picture]}),
    ):
        made, _ = ask(endpoint, prompt="a quay", image_size=size, **more)
        assert size_in(made["images"][0]) == ("PNG", (640, 512)), endpoint


def test_image_to_image_keeps_the_size_of_its_input(ask, picture):
    made, _ = ask("fal-ai/z-image/turbo/image-to-image", prompt="a quay", image_url=picture)
    assert size_in(made["images"][0])[1] == (160, 90)


def test_angles_need_no_prompt_and_tell_the_one_they_made(ask, picture):
    made, _ = ask("fal-ai/qwen-image-edit-2511-multiple-angles", image_urls=[picture], horizontal_angle=90)
    assert set(made) == {"images", "seed", "prompt"}
    assert made["prompt"].startswith("camera at 90 degrees")
    assert size_in(made["images"][0])[1] == (160, 90)


def test_an_upscale_is_the_same_picture_larger(ask, picture):
    made, units = ask("fal-ai/seedvr/upscale/image", image_url=picture, upscale_factor=4)
    assert (set(made), size_in(made["image"])) == ({"image", "seed"}, ("JPEG", (640, 360)))
    red, green, blue = Image.open(io.BytesIO(got(made["image"]))).getpixel((300, 200))
    assert (red > 180, green < 50, blue < 50, units) == (True, True, True, Decimal("0.2304"))


def test_wan_makes_the_asked_frames_when_nothing_is_interpolated(ask, picture):
    made, units = ask(
        f"{WAN}/image-to-video", prompt="wind", image_url=picture, num_frames=17, resolution="480p",
        interpolator_model="none", seed=3,
    )  # fmt: skip
    info = looked_into(made["video"])
    assert (info.codec, info.frames, info.rate, info.size) == ("h264", 17, 16, (848, 480))
    assert (made["seed"], units) == (3, Decimal("1.0625"))


def test_wan_interpolates_by_default_and_doubles_its_rate(ask, picture):
    made, _ = ask(f"{WAN}/image-to-video/lora", prompt="wind", image_url=picture, num_frames=17, resolution="480p")
    info = looked_into(made["video"])
    assert (info.frames, info.rate) == (33, 32)


def test_wan_starts_on_its_picture_and_ends_on_the_last(ask, picture):
    blue = fal_client.encode(png(160, 90, (20, 20, 220)), "image/png")
    made, _ = ask(
        f"{WAN}/image-to-video", prompt="wind", image_url=picture, end_image_url=blue, num_frames=17,
        resolution="480p", interpolator_model="none",
    )  # fmt: skip
    with av.open(io.BytesIO(got(made["video"]))) as container:
        frames = [frame.to_image().getpixel((424, 200)) for frame in container.decode(video=0)]
    assert (frames[0][0] > 180, frames[0][2] < 60) == (True, True)
    assert (frames[-1][0] < 60, frames[-1][2] > 180) == (True, True)


def test_turbo_and_text_to_video_make_clips_too(ask, picture):
    made, units = ask(f"{WAN}/image-to-video/turbo", prompt="wind", image_url=picture, resolution="480p")
    assert (looked_into(made["video"]).frames, units) == (81, 1)
    made, _ = ask(f"{WAN}/text-to-video", prompt="wind", num_frames=17, resolution="480p", aspect_ratio="9:16")
    info = looked_into(made["video"])
    assert info.size == (480, 848)


@pytest.mark.parametrize("ending", ["replace", "move"])
def test_an_animation_has_the_frames_and_rate_of_the_video_it_follows(ask, picture, clip, ending):
    made, units = ask(f"fal-ai/wan/v2.2-14b/animate/{ending}", video_url=clip, image_url=picture)
    info = looked_into(made["video"])
    assert (info.frames, info.rate, info.size) == (12, Fraction(24000, 1001), (848, 480))
    assert (set(made), units) == ({"video", "prompt", "seed", "frames_zip"}, Decimal("0.500"))


def test_an_upscaled_video_keeps_frames_and_rate(ask, clip):
    made, _ = ask("fal-ai/seedvr/upscale/video", video_url=clip, upscale_factor=2, output_format="VP9 (.webm)")
    info = looked_into(made["video"])
    assert (info.codec, info.frames, info.size) == ("vp9", 12, (320, 180))


@pytest.mark.parametrize(("mode", "frames"), [("cut_off", 6), ("silence", 12), ("remap", 6)])
def test_lip_sync_puts_the_sound_on_and_settles_the_lengths(ask, clip, quarter_second, mode, frames):
    made, _ = ask("fal-ai/sync-lipsync/v2", video_url=clip, audio_url=quarter_second, sync_mode=mode)
    info = looked_into(made["video"])
    assert (set(made), info.sound, info.frames) == ({"video"}, "aac", frames)


def test_speech_is_as_long_as_its_text(ask):
    text = "Where were you when the lights went out?"
    made, units = ask("fal-ai/elevenlabs/tts/eleven-v3", text=text, voice="Aria", timestamps=True)
    info = looked_into(made["audio"])
    assert (info.sound, info.frames, units) == ("mp3float", 0, Decimal("0.04"))
    assert abs(info.seconds - Fraction(40, 15)) < Fraction(1, 10)
    assert made["timestamps"][0]["characters"] == list(text)


def test_minimax_answers_with_hex_unless_an_address_is_asked_for(ask):
    made, _ = ask("fal-ai/minimax/speech-02-hd", text="Hello there", output_format="url")
    assert looked_into(made["audio"]).sound == "mp3float"
    assert made["duration_ms"] == 733
    made, _ = ask("fal-ai/minimax/speech-02-hd", text="Hello there", audio_setting={"format": "flac"})
    assert bytes.fromhex(made["audio"]["url"]).startswith(b"fLaC")


def test_kokoro_speaks_wav_faster_when_asked(ask):
    made, _ = ask("fal-ai/kokoro/american-english", prompt="a line of thirty characters ...", speed=2)
    with wave.open(io.BytesIO(got(made["audio"]))) as sound:
        assert sound.getnframes() / sound.getframerate() == pytest.approx(31 / 15 / 2, abs=0.01)


def test_music_and_effects_have_the_asked_length(ask):
    made, units = ask("fal-ai/elevenlabs/music", prompt="slow strings", music_length_ms=3000)
    assert abs(looked_into(made["audio"]).seconds - 3) < Fraction(1, 10)
    assert units == 1
    made, units = ask("fal-ai/elevenlabs/sound-effects/v2", text="a door", duration_seconds=1.5)
    assert abs(looked_into(made["audio"]).seconds - Fraction(3, 2)) < Fraction(1, 10)
    assert units == Decimal("1.500")
    made, _ = ask("fal-ai/minimax-music/v2", prompt="slow strings", lyrics_prompt="la la la la la")
    assert made["audio"]["content_type"] == "audio/mpeg"


@pytest.mark.parametrize(
    ("endpoint", "field", "more", "keys", "billed"),
    [
        ("flux-lora-fast-training", "images_data_url", {}, {"diffusers_lora_file", "config_file"}, "1"),
        ("flux-2-trainer", "image_data_url", {"steps": 300}, {"diffusers_lora_file", "config_file"}, "300"),
        ("z-image-trainer", "image_data_url", {}, {"diffusers_lora_file", "config_file"}, "1000"),
        (
            "wan-22-image-trainer", "training_data_url", {"trigger_phrase": "mara"},
            {"diffusers_lora_file", "high_noise_lora", "config_file"}, "1000",
        ),
        ("wan-22-trainer/i2v-a14b", "training_data_url", {"number_of_steps": 20}, {"lora_file", "config_file"}, "100"),
    ],
)  # fmt: skip
def test_each_trainer_has_its_own_field_and_its_own_files(ask, endpoint, field, more, keys, billed):
    archive = fal_client.encode(training_zip(), "application/zip")
    made, units = ask(f"fal-ai/{endpoint}", **{field: archive}, **more)
    assert ({key for key, value in made.items() if value}, units) == (keys, Decimal(billed))
    for key in keys - {"config_file"}:
        data = got(made[key])
        (length,) = struct.unpack("<Q", data[:8])
        header = json.loads(data[8 : 8 + length])
        assert header["lora_A.weight"]["dtype"] == "F16"
        assert made[key]["file_name"].endswith(".safetensors")


def test_the_two_halves_of_a_wan_pair_differ_and_say_which_they_are(ask):
    archive = fal_client.encode(training_zip(), "application/zip")
    made, _ = ask("fal-ai/wan-22-image-trainer", training_data_url=archive, trigger_phrase="mara")
    assert b'"stage": "low_noise"' in got(made["diffusers_lora_file"])
    assert b'"stage": "high_noise"' in got(made["high_noise_lora"])


def test_a_thing_is_a_glb_and_a_world_a_zip_of_them(ask, picture):
    made, _ = ask("fal-ai/trellis", image_url=picture)
    data = got(made["model_mesh"])
    assert (data[:4], struct.unpack("<II", data[4:12])) == (b"glTF", (2, len(data)))
    made, units = ask(
        "fal-ai/hunyuan_world/image-to-world", image_url=picture, labels_fg1="", labels_fg2="", classes=""
    )
    with zipfile.ZipFile(io.BytesIO(got(made["world_file"]))) as archive:
        assert (all(name.endswith(".glb") for name in archive.namelist()), units) == (True, 1)


def test_a_question_is_answered_yes_unless_a_script_says_otherwise(ask, picture, sandbox):
    asked = {"prompt": "Is there a red car? Answer yes or no.", "image_url": picture}
    assert ask("fal-ai/moondream2/visual-query", **asked)[0] == {"output": "yes"}
    sandbox.answer("no, the car is blue", contains="red car")
    assert ask("fal-ai/moondream2/visual-query", **asked)[0] == {"output": "no, the car is blue"}
    made, units = ask("fal-ai/moondream3-preview/query", **asked)
    assert (made["output"], made["finish_reason"]) == ("no, the car is blue", "stop")
    assert units > 0
    made, _ = ask("openrouter/router/vision", model="a/b", prompt="Is it night?", image_urls=[picture])
    assert (made["output"], made["usage"]["cost"] > 0) == ("yes", True)
    assert ask("openrouter/router", model="a/b", prompt="Describe the quay")[0]["output"]


def test_plain_media_of_one_size_are_all_the_same_and_drawn_once(ask, sandbox):
    sandbox.change(plain_media=True)
    one, other = (ask("fal-ai/nano-banana", prompt=words)[0]["images"][0] for words in ("a quay", "a street"))
    assert got(one) == got(other)
    clips = [
        ask(f"{WAN}/text-to-video", prompt=words, num_frames=17, resolution="480p", interpolator_model="none")[0]
        for words in ("a quay", "a street")
    ]
    assert got(clips[0]["video"]) == got(clips[1]["video"])
    assert looked_into(clips[0]["video"]).frames == 17


SMALL = {"width": 512, "height": 512}
FEW = {"num_frames": 17, "resolution": "480p", "interpolator_model": "none"}
LORAS = {"loras": [{"path": "owner/high", "transformer": "high"}, {"path": "owner/low", "transformer": "low"}]}
COUSINS = {
    "fal-ai/nano-banana-pro": {"prompt": "a quay", "resolution": "1K"},
    "fal-ai/nano-banana-pro/edit": {"prompt": "a quay", "image_urls": ["PICTURE"]},
    "fal-ai/z-image/turbo/image-to-image/lora": {"prompt": "a quay", "image_url": "PICTURE"},
    "fal-ai/qwen-image-edit-plus-lora": {"prompt": "a quay", "image_urls": ["PICTURE"]},
    "fal-ai/qwen-image-edit-plus-lora-gallery/multiple-angles": {"image_urls": ["PICTURE"], "rotate_right_left": 45},
    f"{WAN}/text-to-image/lora": {"prompt": "a quay", "image_size": SMALL, **LORAS},
    f"{WAN}/video-to-video": {"prompt": "a quay", "video_url": "CLIP", **FEW},
    f"{WAN}/text-to-video/lora": {"prompt": "a quay", **FEW, **LORAS},
    "fal-ai/sync-lipsync/v2/pro": {"video_url": "CLIP", "audio_url": "SOUND"},
    "fal-ai/kokoro/british-english": {"prompt": "good evening", "voice": "bf_emma"},
    "fal-ai/z-image-turbo-trainer-v2": {"image_data_url": "ZIP"},
    "fal-ai/wan-22-trainer/t2v-a14b": {"training_data_url": "ZIP"},
}


@pytest.mark.parametrize("endpoint", COUSINS)
def test_the_cousins_of_these_models_answer_too(ask, picture, clip, quarter_second, endpoint):
    archive = fal_client.encode(training_zip(), "application/zip")
    body = json.dumps(COUSINS[endpoint])
    for word, address in (("PICTURE", picture), ("CLIP", clip), ("SOUND", quarter_second), ("ZIP", archive)):
        body = body.replace(word, address)
    made, units = ask(endpoint, **json.loads(body))
    files = [each for value in made.values() for each in (value if isinstance(value, list) else [value])]
    assert any(isinstance(each, dict) and got(each) for each in files)
    assert units > 0
