"""MoviePy's part of the assemble benchmark, run by an interpreter that has MoviePy: fade frames, output, sources."""

from __future__ import annotations

import sys

from moviepy import VideoFileClip, concatenate_videoclips, vfx


def main(fade_frames: int, out: str, sources: list[str]) -> None:
    clips = [VideoFileClip(source) for source in sources]
    if fade_frames:
        seconds = fade_frames / 24
        clips = [clips[0], *(clip.with_effects([vfx.CrossFadeIn(seconds)]) for clip in clips[1:])]
        film = concatenate_videoclips(clips, method="compose", padding=-seconds)
    else:
        film = concatenate_videoclips(clips, method="chain")
    film.write_videofile(
        out, fps=24, codec="libx264", preset="veryfast", audio_codec="aac", audio_bitrate="256k",
        ffmpeg_params=["-crf", "20", "-pix_fmt", "yuv420p"], logger=None,
    )  # fmt: skip
    for clip in clips:
        clip.close()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3:])
