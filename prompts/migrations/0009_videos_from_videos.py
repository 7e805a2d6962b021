"""A model that makes a video anew from one that is there, and one that moves a picture like a video."""

from decimal import Decimal

from django.db import migrations

FROM_VIDEO = {
    "capability": "video", "provider": "fal", "endpoint": "fal-ai/wan/v2.2-a14b/video-to-video", "tiers": [],
    "price": Decimal("0.08"), "price_unit": "second", "price_source": "fal.ai model page, autumn 2026",
    "typical_seconds": 90, "expected_attempts": Decimal("1.2"), "preference": 260,
    "supports": ["source_video", "seed", "negative_prompt"],
    "limits": {
        "min_frames": 17, "max_frames": 161, "rate": "16", "resolutions": ["480p", "580p", "720p"],
        "prompt_length": 4000,
    },
    "parameters": {
        "strength": 0.9, "resample_fps": True, "num_interpolated_frames": 0, "adjust_fps_for_interpolation": False
    },
    "parameter_map": {
        "prompt": "prompt", "negative_prompt": "negative_prompt", "source_video": "video_url", "frames": "num_frames",
        "rate": "frames_per_second", "resolution": "resolution", "seed": "seed",
    },
}  # fmt: skip
MOVE = {
    "capability": "video", "provider": "fal", "endpoint": "fal-ai/wan/v2.2-14b/animate/move", "tiers": [],
    "price": Decimal("0.08"), "price_unit": "second", "price_source": "quoted by third parties, 2026: check",
    "typical_seconds": 120, "expected_attempts": Decimal("1.2"), "preference": 310,
    "supports": ["start_frame", "source_video", "seed"], "limits": {"resolutions": ["480p", "580p", "720p"]},
    "parameters": {},
    "parameter_map": {
        "source_video": "video_url", "start_image": "image_url", "resolution": "resolution", "seed": "seed",
    },
}  # fmt: skip


def add_profiles(apps, schema_editor):
    profile = apps.get_model("prompts", "ModelProfile")
    profile.objects.get_or_create(name="Wan 2.2 Video to Video", defaults=FROM_VIDEO)
    profile.objects.get_or_create(name="Wan 2.2 Move", defaults=MOVE)


class Migration(migrations.Migration):
    dependencies = [("prompts", "0008_profiles_for_every_approach")]
    operations = [migrations.RunPython(add_profiles, migrations.RunPython.noop)]
