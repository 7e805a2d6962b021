"""A starter set of fal's models. Prices are list prices with the date and place where they were read."""

from decimal import Decimal

from django.db import migrations

RATIOS = ["21:9", "16:9", "3:2", "4:3", "5:4", "1:1", "4:5", "3:4", "2:3", "9:16"]
FAL_PAGE = "fal.ai model page, autumn 2026"
QUOTED = "quoted by third parties, 2026: check before launch"
IMAGE_OUT = {"num_images": 1}

WAN_MAP = {
    "prompt": "prompt", "negative_prompt": "negative_prompt", "start_image": "image_url", "frames": "num_frames",
    "rate": "frames_per_second", "resolution": "resolution", "seed": "seed",
}
WAN_LIMITS = {
    "min_frames": 17, "max_frames": 161, "rate": "16", "resolutions": ["480p", "580p", "720p"], "prompt_length": 4000,
}
WAN_AS_ORDERED = {"num_interpolated_frames": 0, "adjust_fps_for_interpolation": False}

PROFILES = [
    dict(name="Nano Banana", capability="image", endpoint="fal-ai/nano-banana", tiers=["standard", "cinematic"],
         price="0.039", price_unit="image", price_source=FAL_PAGE, typical_seconds=10,
         limits={"prompt_length": 50000, "aspect_ratios": RATIOS},
         parameters={**IMAGE_OUT, "output_format": "png"},
         parameter_map={"prompt": "prompt", "aspect_ratio": "aspect_ratio"}),
    dict(name="Z-Image Turbo", capability="image", endpoint="fal-ai/z-image/turbo", tiers=["draft"],
         price="0.005", price_unit="megapixel", price_source=FAL_PAGE, typical_seconds=4, supports=["seed"],
         limits={"prompt_length": 5000},
         parameters={**IMAGE_OUT, "num_inference_steps": 8, "output_format": "png"},
         parameter_map={"prompt": "prompt", "image_size": "image_size", "seed": "seed"}),
    dict(name="Flux LoRA", capability="image", endpoint="fal-ai/flux-lora", preference=200,
         price="0.035", price_unit="megapixel", price_source=QUOTED, typical_seconds=12, supports=["seed", "lora"],
         limits={"prompt_length": 5000},
         parameters={**IMAGE_OUT, "output_format": "png"},
         parameter_map={"prompt": "prompt", "image_size": "image_size", "seed": "seed", "loras": "loras"}),
    dict(name="Nano Banana Edit", capability="image_edit", endpoint="fal-ai/nano-banana/edit",
         price="0.039", price_unit="image", price_source=FAL_PAGE, typical_seconds=12, expected_attempts="1.5",
         limits={"references": 3, "prompt_length": 50000, "aspect_ratios": RATIOS},
         parameters={**IMAGE_OUT, "output_format": "png"},
         parameter_map={"prompt": "prompt", "references": "image_urls", "aspect_ratio": "aspect_ratio"}),
    dict(name="Qwen Multiple Angles", capability="image_edit", preference=200,
         endpoint="fal-ai/qwen-image-edit-2511-multiple-angles",
         price="0.035", price_unit="megapixel", price_source=QUOTED, typical_seconds=15, supports=["seed"],
         limits={"references": 1, "prompt_length": 5000},
         parameters={**IMAGE_OUT, "output_format": "png"},
         parameter_map={"references": "image_urls", "horizontal_angle": "horizontal_angle",
                        "vertical_angle": "vertical_angle", "prompt": "additional_prompt", "seed": "seed"}),
    dict(name="SeedVR Upscale", capability="upscale", endpoint="fal-ai/seedvr/upscale/image",
         price="0.001", price_unit="megapixel", price_source=QUOTED, typical_seconds=10, supports=["seed"],
         parameters={"upscale_mode": "factor", "output_format": "png"},
         parameter_map={"image": "image_url", "factor": "upscale_factor", "seed": "seed"}),
    dict(name="Moondream Query", capability="vision_query", endpoint="fal-ai/moondream2/visual-query",
         price=None, price_unit="call", price_source="not found, autumn 2026", typical_seconds=3,
         parameter_map={"question": "prompt", "image": "image_url"}),
    dict(name="Wan 2.2 Image to Video", capability="video", endpoint="fal-ai/wan/v2.2-a14b/image-to-video",
         tiers=["standard", "cinematic"], price="0.08", price_unit="second", price_source=FAL_PAGE,
         typical_seconds=90, supports=["start_frame", "end_frame", "seed", "negative_prompt"],
         limits=WAN_LIMITS, parameters=WAN_AS_ORDERED, parameter_map={**WAN_MAP, "end_image": "end_image_url"}),
    dict(name="Wan 2.2 Turbo", capability="video", endpoint="fal-ai/wan/v2.2-a14b/image-to-video/turbo",
         tiers=["draft"], price="0.10", price_unit="call", price_source=FAL_PAGE, typical_seconds=30,
         supports=["start_frame", "seed"], limits={"resolutions": ["480p", "580p", "720p"]},
         parameter_map={"prompt": "prompt", "start_image": "image_url", "resolution": "resolution", "seed": "seed"}),
    dict(name="Wan 2.2 Image to Video with identity", capability="video", preference=200,
         endpoint="fal-ai/wan/v2.2-a14b/image-to-video/lora", price="0.10", price_unit="second", price_source=FAL_PAGE,
         typical_seconds=100, supports=["start_frame", "end_frame", "seed", "negative_prompt", "lora"],
         limits=WAN_LIMITS, parameters=WAN_AS_ORDERED,
         parameter_map={**WAN_MAP, "end_image": "end_image_url", "loras": "loras"}),
    dict(name="Wan 2.2 Replace", capability="video", preference=300, endpoint="fal-ai/wan/v2.2-14b/animate/replace",
         price="0.08", price_unit="second", price_source=QUOTED, typical_seconds=120,
         supports=["start_frame", "source_video", "seed"], limits={"resolutions": ["480p", "580p", "720p"]},
         parameter_map={"source_video": "video_url", "start_image": "image_url", "resolution": "resolution",
                        "seed": "seed"}),
    dict(name="Flux LoRA Fast Training", capability="train_identity", endpoint="fal-ai/flux-lora-fast-training",
         price="2", price_unit="call", price_source=QUOTED, typical_seconds=600, timeout_seconds=10800,
         limits={"images": 5, "steps": [1, 10000]},
         parameter_map={"training_set": "images_data_url", "trigger_word": "trigger_word", "steps": "steps"}),
    dict(name="Wan 2.2 Identity Training", capability="train_identity", preference=200,
         endpoint="fal-ai/wan-22-image-trainer", price="4.5", price_unit="1000_steps", price_source=QUOTED,
         typical_seconds=3600, timeout_seconds=21600, limits={"images": 5, "steps": [10, 6000]},
         parameter_map={"training_set": "training_data_url", "trigger_word": "trigger_phrase", "steps": "steps",
                        "learning_rate": "learning_rate"}),
    dict(name="ElevenLabs v3 Speech", capability="speech", endpoint="fal-ai/elevenlabs/tts/eleven-v3",
         price="0.0001", price_unit="character", price_source=QUOTED, typical_seconds=6,
         limits={"prompt_length": 5000},
         parameter_map={"text": "text", "voice": "voice", "language": "language_code"}),
    dict(name="MiniMax Speech 02 HD", capability="speech", endpoint="fal-ai/minimax/speech-02-hd", preference=200,
         price="0.0001", price_unit="character", price_source=QUOTED, typical_seconds=8,
         limits={"prompt_length": 5000}, parameters={"output_format": "url"},
         parameter_map={"text": "text", "voice": "voice_setting.voice_id", "speed": "voice_setting.speed",
                        "language": "language_boost"}),
    dict(name="ElevenLabs Music", capability="music", endpoint="fal-ai/elevenlabs/music",
         price="0.01", price_unit="second", price_source=f"0.60 a started minute, {QUOTED}", typical_seconds=40,
         limits={"seconds": [3, 600]},
         parameter_map={"prompt": "prompt", "milliseconds": "music_length_ms", "instrumental": "force_instrumental"}),
    dict(name="ElevenLabs Sound Effects", capability="sound_effect", endpoint="fal-ai/elevenlabs/sound-effects/v2",
         price="0.002", price_unit="second", price_source=QUOTED, typical_seconds=8, limits={"seconds": ["0.5", 22]},
         parameter_map={"text": "text", "seconds": "duration_seconds", "loop": "loop"}),
    dict(name="Sync Lipsync", capability="lip_sync", endpoint="fal-ai/sync-lipsync/v2",
         price="0.05", price_unit="second", price_source=f"about 3 a minute, {QUOTED}", typical_seconds=60,
         parameters={"model": "lipsync-2", "sync_mode": "cut_off"},
         parameter_map={"video": "video_url", "sound": "audio_url"}),
    dict(name="Trellis", capability="world", endpoint="fal-ai/trellis",
         price="0.02", price_unit="call", price_source=QUOTED, typical_seconds=30, supports=["seed"],
         parameter_map={"image": "image_url", "seed": "seed"}),
]  # fmt: skip


def add_profiles(apps, schema_editor):
    profile = apps.get_model("prompts", "ModelProfile")
    for fields in PROFILES:
        price = fields["price"]
        values = fields | {
            "provider": "fal",
            "price": None if price is None else Decimal(price),
            "expected_attempts": Decimal(fields.get("expected_attempts", "1.2")),
        }
        profile.objects.get_or_create(name=fields["name"], defaults=values)


class Migration(migrations.Migration):
    dependencies = [("prompts", "0003_profile_limits")]
    operations = [migrations.RunPython(add_profiles, migrations.RunPython.noop)]
