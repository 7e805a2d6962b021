"""What a file is called when it leaves: its take's asset name with what it is for, or the production's film."""

from __future__ import annotations

from pathlib import Path

from django.db.models import Q

from media_pipeline.assets import MediaAsset
from scenes.models import Take
from scenes.naming import file_name

USES = {
    "media": "", "picture": "mezzanine", "sound": "sound", "proxy": "proxy", "thumbnail": "thumbnail",
    "filmstrip": "filmstrip", "keyframe": "keyframe", "last_frame": "last-frame",
}  # fmt: skip
"""Field of a take -> the suffix of its file; the original has none."""

UNKNOWN = "media"


def name_of(asset: MediaAsset) -> str:
    """The name of an asset that nobody has named, with the ending of its kind."""
    ending = Path(asset.name).suffix.lstrip(".")
    wanted = Q()
    for field in USES:
        wanted |= Q(**{field: asset.pk})
    take = Take.objects.filter(wanted).order_by("pk").first()
    if take is not None:
        use = next(suffix for field, suffix in USES.items() if getattr(take, f"{field}_id") == asset.pk)
        return file_name(take.asset_name, ending, suffix=use)
    return f"{asset.project.code}_{asset.role.replace(' ', '-') or UNKNOWN}_{asset.sha256[:10]}.{ending}"
