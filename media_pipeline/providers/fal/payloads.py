"""From a typed request to an endpoint's own arguments, and the limits that are checked before any money is promised.

What an endpoint understands stands in its model profile, so that a new model is a record:

    parameter_map  our name -> the endpoint's name; only what is named here is sent
    parameters     sent with every request as they are
    limits         numbers and lists that bound a request, see `check`
    supports       what the endpoint can do beyond the plain request

Our names, by request: prompt, negative_prompt, seed, image_size, aspect_ratio, resolution, references (list),
reference (one), start_image, end_image, source_video, loras, frames, rate, seconds, milliseconds, question,
text, voice, language, speed, instrumental, loop, factor, horizontal_angle, vertical_angle, training_set,
trigger_word, steps, learning_rate, sound, video, labels.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from media_pipeline.providers.base import Identity, Request, VideoRequest
from media_pipeline.providers.errors import Refused
from media_pipeline.providers.lengths import frames_sent

Upload = Callable[[str], str]
"""From the sha256 of a stored asset to an address that the provider can read."""


def check(request: Request, profile: Mapping[str, Any]) -> None:
    """Refuse, in a sentence, what this endpoint cannot honour. Nothing is dropped or bent silently.

    Limits: references, prompt_length, min_frames, max_frames, frame_step (frames = n * step + 1), min_side, max_side,
    seconds ([shortest, longest]), identities (how many), steps ([fewest, most]), step_multiple, images (fewest).
    """
    limits, supports, mapped = profile["limits"], set(profile["supports"]), profile["parameter_map"]
    name = profile["name"]
    _check_counts(request, limits, name)
    _check_frames(request, limits, name)
    _check_seconds(request, limits, name)
    if getattr(request, "identities", ()) and "lora" not in supports:
        raise Refused(f"{name} cannot use a trained identity: choose a profile that can, or leave the identity out.")
    if getattr(request, "end_image", "") and "end_frame" not in supports:
        raise Refused(f"{name} cannot end on a given picture: choose a profile that can, or another approach.")
    if isinstance(request, VideoRequest):
        _check_sources(request, supports, mapped, name)


def _check_counts(request: Request, limits: Mapping[str, Any], name: str) -> None:
    prompt = getattr(request, "prompt", "") or getattr(request, "text", "") or getattr(request, "question", "")
    if len(prompt) > limits.get("prompt_length", 50_000):
        raise Refused(f"{name} takes at most {limits['prompt_length']} letters of prompt; this one has {len(prompt)}.")
    counted = (
        ("references", "references", "reference images"),
        ("identities", "identities", "identities"),
    )
    for field, limit, words in counted:
        given = len(getattr(request, field, ()))
        if limit in limits and given > limits[limit]:
            raise Refused(f"{name} takes at most {limits[limit]} {words}; {given} were given.")
    if len(getattr(request, "images", ())) < limits.get("images", 0):
        raise Refused(f"{name} needs at least {limits['images']} images to train on.")
    for side in (getattr(request, "width", None), getattr(request, "height", None)):
        if side and not limits.get("min_side", 0) <= side <= limits.get("max_side", 100_000):
            raise Refused(
                f"{name} makes pictures with sides of {limits.get('min_side', 0)} to {limits['max_side']} pixels; "
                f"{side} was asked for."
            )
    steps = getattr(request, "steps", None)
    if steps is not None and "steps" in limits:
        fewest, most = limits["steps"]
        multiple = limits.get("step_multiple", 1)
        if not fewest <= steps <= most or steps % multiple:
            raise Refused(f"{name} trains {fewest} to {most} steps in multiples of {multiple}; {steps} were asked for.")


def _check_frames(request: Request, limits: Mapping[str, Any], name: str) -> None:
    if not isinstance(request, VideoRequest) or "max_frames" not in limits:
        return
    frames = frames_sent(request, limits)
    if not limits.get("min_frames", 1) <= frames <= limits["max_frames"]:
        rate = limits.get("rate", request.rate)
        raise Refused(
            f"{name} makes {limits.get('min_frames', 1)} to {limits['max_frames']} frames at {rate} frames a second; "
            f"this shot needs {frames}. Shorten it, or extend it by chaining."
        )


def _check_seconds(request: Request, limits: Mapping[str, Any], name: str) -> None:
    seconds = getattr(request, "seconds", None)
    if seconds is not None and "seconds" in limits:
        shortest, longest = (Fraction(str(bound)) for bound in limits["seconds"])
        if not shortest <= seconds <= longest:
            raise Refused(
                f"{name} makes {float(shortest):g} to {float(longest):g} seconds; {float(seconds):g} were asked for."
            )


def _check_sources(request: VideoRequest, supports: set[str], mapped: Mapping[str, Any], name: str) -> None:
    for field, ability, words in (
        ("start_image", "start_frame", "start from a picture"),
        ("source_video", "source_video", "work on a video"),
    ):
        if getattr(request, field) and ability not in supports:
            raise Refused(f"{name} cannot {words}: choose a profile that can.")
    if "start_image" in mapped and not request.start_image:
        raise Refused(f"{name} needs a picture to start from.")
    if "source_video" in mapped and not request.source_video:
        raise Refused(f"{name} needs a video to work on.")


def arguments_for(request: Request, profile: Mapping[str, Any], upload: Upload) -> dict[str, Any]:
    """The endpoint's arguments: its standing parameters, and every mapped name of ours that the request has."""
    values = _values(request, profile["limits"], upload)
    sent = dict(profile["parameters"])
    for ours, theirs in profile["parameter_map"].items():
        if ours not in values:
            continue
        value = values[ours]()
        if value not in (None, "", (), []):
            _place(sent, theirs, value)
    return sent


def _place(sent: dict[str, Any], name: str, value: Any) -> None:
    """Set a dotted name, such as voice_setting.voice_id, inside the arguments."""
    *outer, last = name.split(".")
    for part in outer:
        sent[part] = dict(sent.get(part) or {})
        sent = sent[part]
    sent[last] = value


def _values(request: Any, limits: Mapping[str, Any], upload: Upload) -> dict[str, Callable[[], Any]]:
    """What we can say about a request, by our names; worked out only for the names that are mapped."""
    plain = (
        "prompt", "negative_prompt", "seed", "question", "text", "voice", "language", "instrumental", "loop",
        "horizontal_angle", "vertical_angle", "trigger_word", "steps", "labels",
    )  # fmt: skip
    values: dict[str, Callable[[], Any]] = {
        name: (lambda name=name: _plain(getattr(request, name)))  # type: ignore[misc]
        for name in plain
        if hasattr(request, name)
    }
    for name in ("speed", "factor", "learning_rate"):
        if getattr(request, name, None) is not None:
            values[name] = lambda name=name: _number(getattr(request, name))  # type: ignore[misc]
    for name in ("image", "start_image", "end_image", "source_video", "sound", "video"):
        if getattr(request, name, ""):
            values[name] = lambda name=name: upload(getattr(request, name))  # type: ignore[misc]
    if hasattr(request, "references"):
        values["references"] = lambda: [upload(one.media) for one in request.references]
        values["reference"] = lambda: upload(request.references[0].media)
    if hasattr(request, "identities"):
        values["loras"] = lambda: [_lora(one, upload) for one in request.identities]
    if hasattr(request, "width"):
        values["image_size"] = lambda: {"width": request.width, "height": request.height}
        values["aspect_ratio"] = lambda: nearest_ratio(request.width, request.height, limits.get("aspect_ratios", []))
        values["resolution"] = lambda: _resolution(min(request.width, request.height), limits.get("resolutions", []))
    if isinstance(request, VideoRequest):
        values["frames"] = lambda: frames_sent(request, limits)
        values["rate"] = lambda: _number(limits.get("rate", request.rate))
    if hasattr(request, "seconds"):
        values["seconds"] = lambda: _number(request.seconds)
        values["milliseconds"] = lambda: int(request.seconds * 1000)
    return values


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _number(value: Any) -> int | float:
    """A JSON number; fractions of a second lose nothing that an endpoint could use."""
    exact = Fraction(str(value))
    return int(exact) if exact.denominator == 1 else float(Decimal(exact.numerator) / Decimal(exact.denominator))


def _lora(identity: Identity, upload: Upload) -> dict[str, Any]:
    entry: dict[str, Any] = {"path": upload(identity.weights), "scale": _number(identity.scale)}
    if identity.stage != "all":
        entry["transformer"] = "high" if identity.stage == "high_noise" else "low"
    return entry


def nearest_ratio(width: int, height: int, ratios: list[str]) -> str | None:
    """The listed ratio, such as "16:9", that is nearest to the size asked for."""

    def distance(ratio: str) -> float:
        wide, high = (float(part) for part in ratio.split(":"))
        return abs(wide / high - width / height)

    return min((ratio for ratio in ratios if ":" in ratio), key=distance, default=None)


def _resolution(lines: int, known: list[str]) -> str | None:
    """The smallest listed resolution that has as many lines as asked for, else the largest."""
    ordered = sorted(known, key=lambda name: int(name.rstrip("p")))
    return next((name for name in ordered if int(name.rstrip("p")) >= lines), ordered[-1] if ordered else None)
