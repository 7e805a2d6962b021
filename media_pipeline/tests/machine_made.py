"""Small clips and sounds for tests of other packages, made by ffmpeg."""

from __future__ import annotations

import subprocess
from pathlib import Path

from media_pipeline.media.binary import ffmpeg_binary


def made_by_ffmpeg(out: Path, *arguments: str) -> Path:
    """Run ffmpeg with these arguments into `out`."""
    subprocess.run([ffmpeg_binary(), "-v", "error", "-y", *arguments, out], check=True)
    return out
