"""The child process that looks into files: `python -I examiner.py QUESTION {"path": ..., ...}`, one line of JSON back.

Started by child.py under limits. Questions: see QUESTIONS. {"broken": sentence} says the file is at fault,
{"refused": sentence} that the question cannot be answered for this file.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).resolve().parents[2]))  # -I leaves it out

from media_pipeline.media import examine_image
from media_pipeline.media.errors import BrokenMedia, MediaError


def probe(path: Path) -> dict[str, Any]:
    """Everything probe.MediaInfo holds."""
    if examine_image.looks_like_still(path):
        return examine_image.describe(path)
    return of_video("describe")(path)


def of_video(name: str, module: str = "examine_video") -> Callable[..., dict[str, Any]]:
    """A question to a module that is loaded when it is asked: PyAV takes as long as all the rest of a probe."""

    def ask(path: Path, **details: Any) -> dict[str, Any]:
        answer: dict[str, Any] = getattr(import_module(f"media_pipeline.media.{module}"), name)(path, **details)
        return answer

    return ask


QUESTIONS: dict[str, Callable[..., dict[str, Any]]] = {
    "probe": probe,
    "last_frame": of_video("save_last_frame"),
    "frame_at": of_video("save_frame_at"),
    "packets": of_video("packets"),
    "figures": of_video("figures", "examine_figures"),
    "sound_figures": of_video("sound_figures", "examine_figures"),
    "edges": of_video("edges", "examine_edges"),
    "sign": of_video("sign", "examine_credentials"),
    "credentials": of_video("read", "examine_credentials"),
    "thumbnail": examine_image.save_thumbnail,
    "text": of_video("text_of", "documents"),
}


def answer(question: str, path: Path, details: dict[str, Any]) -> dict[str, Any]:
    """What is to be answered: facts, or whose fault it is that there are none."""
    try:
        return QUESTIONS[question](path, **details)
    except BrokenMedia as error:
        return {"broken": str(error)}
    except MediaError as error:
        return {"refused": str(error)}


def main(question: str, details: str) -> None:
    """Answer on stdout."""
    arguments = json.loads(details)
    path = Path(arguments.pop("path"))
    sys.stdout.write(json.dumps(answer(question, path, arguments)) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
