"""What the animatic draws beside plain frames, and a model that makes videos from words alone."""

from decimal import Decimal

from django.db import migrations

ABLE = ["text_to_video", "start_frame", "end_frame", "source_video"]
WAN = {
    "tiers": [],
    "price": Decimal("0.08"),
    "price_unit": "second",
    "price_source": "fal.ai model page, autumn 2026",
    "typical_seconds": 90,
    "expected_attempts": Decimal("1.2"),
    "supports": ["text_to_video", "seed", "negative_prompt"],
    "limits": {
        "min_frames": 17, "max_frames": 161, "rate": "16", "resolutions": ["480p", "580p", "720p"],
        "prompt_length": 4000,
    },
    "parameters": {"num_interpolated_frames": 0, "adjust_fps_for_interpolation": False},
    "parameter_map": {
        "prompt": "prompt", "negative_prompt": "negative_prompt", "frames": "num_frames", "rate": "frames_per_second",
        "resolution": "resolution", "aspect_ratio": "aspect_ratio", "seed": "seed",
    },
}  # fmt: skip


def add_profiles(apps, schema_editor):
    profile = apps.get_model("prompts", "ModelProfile")
    profile.objects.filter(name="Animatic motion", supports=[]).update(supports=ABLE)
    frame = profile.objects.filter(name="Animatic frame").first()
    if frame is not None:
        profile.objects.get_or_create(
            name="Animatic layer",
            defaults={
                "capability": "image_edit", "provider": "animatic", "endpoint": "animatic", "price": frame.price,
                "price_unit": frame.price_unit, "price_source": frame.price_source, "preference": frame.preference,
                "expected_attempts": frame.expected_attempts, "typical_seconds": frame.typical_seconds,
            },
        )  # fmt: skip
    profile.objects.get_or_create(
        name="Wan 2.2 Text to Video",
        defaults=WAN | {"capability": "video", "provider": "fal", "endpoint": "fal-ai/wan/v2.2-a14b/text-to-video",
                        "preference": 250},
    )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("prompts", "0007_starter_templates")]
    operations = [migrations.RunPython(add_profiles, migrations.RunPython.noop)]
