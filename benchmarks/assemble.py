"""Assembling a film: our packet join against MoviePy 2.2.1 and against one ffmpeg graph, in one run.

    python -m benchmarks.assemble [--clips 60] [--size 1280x720] [--seconds 5] [--quick] [--no-moviepy]

Every frame of every clip carries its clip and frame number as a row of light and dark cells, every clip a click in its
middle; each result is decoded and every frame and click checked. CPU seconds count all children; the peak is the
resident memory of the whole process tree, sampled every 50 ms. MoviePy is installed into a virtual environment of its
own in the benchmark's temporary folder (or give --moviepy-python); it is not a dependency of the product.

Ours cuts from mezzanines, which each take is made into once; that price is measured too and told apart.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import venv
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from media_pipeline.media.assemble import assemble
from media_pipeline.media.binary import capabilities, ffmpeg_binary
from media_pipeline.media.cut import Clip, Cut, Transition, TransitionKind
from media_pipeline.media.mezzanine import MezzanineFormat, make_mezzanine
from media_pipeline.media.timing import SAMPLE_RATE

RATE = Fraction(24)
FADE = 12
BITS = 16
CLIP_BITS = 6
CODING = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "256k"]
CONTENT = (
    "testsrc2=s={size}:r=24",
    "gradients=s={size}:r=24:speed=0.05:seed=5",
    "smptehdbars=s={size}:r=24,hue=H=t",
    "zoneplate=s={size}:r=24:kt2=4:kx2=1:ky2=2",
    "gradients=s={size}:r=24:speed=0.03:type=radial:seed=9",
)


@dataclass
class Cost:
    """What one contender used; `right` of `frames` frames and the worst click offset say whether its film is true."""

    name: str
    wall: float
    cpu: float
    peak_mib: float
    processes: int
    frames: int = 0
    right: int = 0
    click_ms: float = 0.0
    note: str = ""


@dataclass(frozen=True)
class Plan:
    """Sizes of one run of the benchmark."""

    folder: Path
    clips: int
    frames: int
    width: int
    height: int

    @property
    def form(self) -> MezzanineFormat:
        return MezzanineFormat(self.width, self.height, RATE)

    @property
    def cell(self) -> int:
        return self.width // 20 // 2 * 2

    def source(self, clip: int) -> Path:
        return self.folder / f"source{clip:03d}.mp4"


# Sources


def strip(plan: Plan, clip: int, frame: int) -> np.ndarray:
    """The row of cells that carries the numbers, (cell, 16 cells, 3) uint8."""
    code = (clip % (1 << CLIP_BITS)) << (BITS - CLIP_BITS) | frame
    bits = np.array([code >> shift & 1 for shift in range(BITS - 1, -1, -1)], np.uint8)
    row = np.repeat(np.where(bits, 215, 40).astype(np.uint8), plan.cell)
    return np.broadcast_to(row[None, :, None], (plan.cell, row.size, 3))


def make_source(plan: Plan, clip: int, changed: bool = False) -> Path:
    """A clip as a provider would send it: moving content with grain, few key frames, AAC sound with a click."""
    out = plan.source(clip).with_suffix(".changed.mp4") if changed else plan.source(clip)
    samples = np.arange(plan.frames * SAMPLE_RATE // 24, dtype=np.float32)
    sound = np.random.default_rng(clip).standard_normal(samples.size).astype(np.float32) * 0.004
    for hertz in (110 + 7 * clip, 554, 1320):
        sound += 0.02 * np.sin(samples * np.float32(2 * np.pi * hertz / SAMPLE_RATE))
    middle = plan.frames // 2 * SAMPLE_RATE // 24
    sound[middle : middle + 48] = 0.9
    raw = plan.folder / "sound.f32"
    raw.write_bytes(np.repeat(sound[:, None], 2, axis=1).tobytes())
    content = CONTENT[(clip + changed) % len(CONTENT)].format(size=f"{plan.width}x{plan.height}")
    graph = f"[0:v]noise=alls=6:allf=t:all_seed={clip},format=yuv420p[c];[c][1:v]overlay=0:0:shortest=1[v]"
    command = [
        ffmpeg_binary(), "-v", "error", "-y", "-f", "lavfi", "-i", content,
        "-f", "rawvideo", "-pixel_format", "rgb24", "-video_size", f"{plan.cell * BITS}x{plan.cell}",
        "-framerate", "24", "-i", "pipe:0", "-f", "f32le", "-ar", str(SAMPLE_RATE), "-ac", "2", "-i", raw,
        "-filter_complex", graph, "-map", "[v]", "-map", "2:a", "-frames:v", str(plan.frames), *CODING, out,
    ]  # fmt: skip
    pixels = b"".join(strip(plan, clip, frame).tobytes() for frame in range(plan.frames))
    subprocess.run(command, input=pixels, check=True)
    return out


def read_code(plan: Plan, grey: np.ndarray) -> tuple[int, int] | None:
    """(clip, frame) of a decoded picture, or None when its cells are blended or broken."""
    cell = plan.cell
    middle = grey[cell // 4 : cell * 3 // 4]
    levels = [middle[:, n * cell + cell // 4 : n * cell + cell * 3 // 4].mean() for n in range(BITS)]
    if any(95 < level < 160 for level in levels):
        return None
    code = int("".join("1" if level > 127 else "0" for level in levels), 2)
    return code >> (BITS - CLIP_BITS), code & ((1 << BITS - CLIP_BITS) - 1)


# Contenders


def clips_of(plan: Plan, count: int, changed: int | None = None) -> list[Clip]:
    """The mezzanines as clips, over again where more are asked for than were made."""
    shots = json.loads((plan.folder / "mezzanines.json").read_text())
    chosen = [shots["changed"] if n == changed else shots["shots"][n % plan.clips] for n in range(count)]
    return [
        Clip(Path(one["picture"]), one["digest"], 0, plan.frames, plan.frames, Path(one["sound"])) for one in chosen
    ]


def work(plan: Plan, job: str) -> None:
    """One of our jobs, run in a process of its own so that it can be measured."""
    name, _, count = job.partition(":")
    if name == "mezzanines":
        make_mezzanines(plan)
        return
    clips = clips_of(plan, int(count or plan.clips), changed=plan.clips // 2 if name == "recut" else None)
    fade = Transition.of(TransitionKind.DISSOLVE, FADE)
    cut = Cut(tuple(clips))
    if name != "cuts":
        cut = Cut.with_overlaps(clips, [Transition(), *[fade] * (len(clips) - 1), Transition()])
    film = assemble(cut, plan.folder / f"ours-{name}.mp4", format=plan.form, cache=plan.folder / "cache")
    note = f"{film.copied_frames} frames copied, {film.coded_frames} coded; joints: {film.joints_coded} coded, "
    note += f"{film.joints_from_cache} from the cache; {film.lufs} LUFS, {film.true_peak} dBTP"
    (plan.folder / "note.txt").write_text(note)


def make_mezzanines(plan: Plan) -> None:
    """The once-per-take price: every source (and the changed shot) into a mezzanine."""
    made = []
    for source in [
        *(plan.source(n) for n in range(plan.clips)),
        plan.source(plan.clips // 2).with_suffix(".changed.mp4"),
    ]:
        take = make_mezzanine(source, source.with_suffix(".mez.mp4"), plan.form, frames=plan.frames,
                              sound=source.with_suffix(".flac"))  # fmt: skip
        digest = hashlib.sha256(take.path.read_bytes()).hexdigest()
        made.append({"picture": str(take.path), "digest": digest, "sound": str(take.sound)})
    (plan.folder / "mezzanines.json").write_text(json.dumps({"shots": made[:-1], "changed": made[-1]}))


def graph_command(plan: Plan, fades: bool, out: Path) -> list[str]:
    """One ffmpeg over all sources: the concat filter, or a chain of xfade and acrossfade."""
    inputs = [argument for n in range(plan.clips) for argument in ("-i", str(plan.source(n)))]
    if not fades:
        joined = "".join(f"[{n}:v][{n}:a]" for n in range(plan.clips))
        graph = f"{joined}concat=n={plan.clips}:v=1:a=1[v][a]"
    else:
        steps = []
        for n in range(1, plan.clips):
            left = ("0:v", "0:a") if n == 1 else (f"v{n - 1}", f"a{n - 1}")
            here = ("v", "a") if n == plan.clips - 1 else (f"v{n}", f"a{n}")
            offset = float(Fraction(n * (plan.frames - FADE)) / RATE)
            seconds = float(FADE / RATE)
            steps.append(f"[{left[0]}][{n}:v]xfade=duration={seconds}:offset={offset:.6f}[{here[0]}]")
            steps.append(f"[{left[1]}][{n}:a]acrossfade=d={seconds}:c1=qsin:c2=qsin[{here[1]}]")
        graph = ";".join(steps)
    return [
        str(ffmpeg_binary()), "-v", "error", "-y", *inputs, "-filter_complex", graph,
        "-map", "[v]", "-map", "[a]", *CODING, "-movflags", "+faststart", str(out),
    ]  # fmt: skip


def moviepy_command(plan: Plan, python: Path, fades: bool, out: Path) -> list[str]:
    """MoviePy over all sources, with the same coder settings."""
    script = Path(__file__).with_name("assemble_moviepy.py")
    sources = [str(plan.source(n)) for n in range(plan.clips)]
    return [str(python), str(script), str(FADE if fades else 0), str(out), *sources]


def moviepy_python(folder: Path) -> Path:
    """An interpreter of its own with MoviePy 2.2.1, away from the product's environment."""
    place = folder / "moviepy"
    venv.create(place, with_pip=True)
    subprocess.run([place / "bin/pip", "install", "-q", "moviepy==2.2.1"], check=True)
    return place / "bin/python"


# Measuring


def measured(name: str, command: list[str]) -> Cost:
    """Run a command and measure its whole process tree."""
    began = time.monotonic()
    process = subprocess.Popen(command)
    peak, most, stop = 0, 0, threading.Event()

    def sample() -> None:
        nonlocal peak, most
        while not stop.wait(0.05):
            memory, count = tree(process.pid)
            peak, most = max(peak, memory), max(most, count)

    sampler = threading.Thread(target=sample)
    sampler.start()
    try:
        _, status, usage = os.wait4(process.pid, 0)
    finally:
        stop.set()
        sampler.join()
    if status:
        raise SystemExit(f"{name} failed with status {status}.")
    wall = time.monotonic() - began
    print(f"{name}: {wall:.1f} s, {usage.ru_utime + usage.ru_stime:.1f} CPU s, {peak / 2**20:.0f} MiB", flush=True)
    return Cost(name, wall, usage.ru_utime + usage.ru_stime, peak / 2**20, most)


def tree(pid: int) -> tuple[int, int]:
    """Resident bytes and number of a process and all below it."""
    try:
        resident = int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        children = [
            child for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()
        ]
    except (FileNotFoundError, ProcessLookupError):
        return 0, 0
    below = [tree(int(child)) for child in children]
    return resident + sum(memory for memory, _ in below), 1 + sum(count for _, count in below)


def checked(plan: Plan, cost: Cost, film: Path, count: int, fades: bool, changed: int | None = None) -> Cost:
    """Decode the film, compare every frame's number outside the fades, and find every click."""
    step = plan.frames - (FADE if fades else 0)
    with av.open(str(film)) as container:
        container.streams.video[0].thread_type = "AUTO"
        for n, frame in enumerate(container.decode(video=0)):
            grey = frame.to_ndarray(format="gray")[: plan.cell]
            cost.frames += 1
            cost.right += right(plan, grey, n, step, count, fades)
    expected = count * step + (FADE if fades else 0)
    cost.note += f" (expected {expected} frames)" if cost.frames != expected else ""
    cost.click_ms = worst_click(plan, film, count, step)
    return cost


def right(plan: Plan, grey: np.ndarray, n: int, step: int, count: int, fades: bool) -> bool:
    """Whether film frame n shows its number; within a fade, whether it shows a mixture or one of the two."""
    clip = min(n // step, count - 1)
    k = n - clip * step
    found = read_code(plan, grey)
    if fades and clip and k < FADE:
        return found in (None, (clip % plan.clips, k), ((clip - 1) % plan.clips, k + step))
    return found == (clip % plan.clips, k)


def worst_click(plan: Plan, film: Path, count: int, step: int) -> float:
    """The greatest distance of a click from its picture, in milliseconds."""
    resampler = av.AudioResampler(format="fltp", layout="mono", rate=SAMPLE_RATE)
    with av.open(str(film)) as container:
        start = container.streams.audio[0].start_time or 0
        lead = float(start * container.streams.audio[0].time_base)
        sound = np.abs(np.concatenate(
            [out.to_ndarray()[0] for frame in container.decode(audio=0) for out in resampler.resample(frame)]
        ))  # fmt: skip
    worst = 0.0
    for clip in range(count):
        place = (clip * step + plan.frames // 2) * SAMPLE_RATE // 24
        near = sound[max(0, place - 6000) : place + 6000]
        found = max(0, place - 6000) + int(np.argmax(near > near.max() * 0.6)) + lead * SAMPLE_RATE
        worst = max(worst, abs(found - place) / SAMPLE_RATE * 1000)
    return worst


# The run


def run(plan: Plan, arguments: argparse.Namespace) -> dict[str, object]:
    """All measurements, one after another; only one contender works at a time."""
    print(f"making {plan.clips} sources", flush=True)
    for clip in range(plan.clips):
        make_source(plan, clip)
    make_source(plan, plan.clips // 2, changed=True)
    results: list[Cost] = [ours(plan, "mezzanines")]
    python = Path(arguments.moviepy_python) if arguments.moviepy_python else None
    if python is None and not arguments.no_moviepy:
        python = moviepy_python(plan.folder)
    for fades, job in ((False, "cuts"), (True, "dissolves")):
        results.append(checked(plan, ours(plan, job), plan.folder / f"ours-{job}.mp4", plan.clips, fades))
        out = plan.folder / "graph.mp4"
        cost = measured(f"graph {job}", graph_command(plan, fades, out))
        results.append(checked(plan, cost, out, plan.clips, fades))
        if python is not None:
            out = plan.folder / "moviepy.mp4"
            cost = measured(f"moviepy {job}", moviepy_command(plan, python, fades, out))
            results.append(checked(plan, cost, out, plan.clips, fades))
    recut = ours(plan, "recut")
    results.append(checked(plan, recut, plan.folder / "ours-recut.mp4", plan.clips, True))
    for job in ("cuts", "dissolves"):
        cost = ours(plan, f"{job}:{arguments.many}")
        results.append(checked(plan, cost, plan.folder / f"ours-{job}.mp4", arguments.many, job == "dissolves"))
    return {"results": [asdict(cost) for cost in results]}


def ours(plan: Plan, job: str) -> Cost:
    """One of our jobs in a process of its own."""
    note = plan.folder / "note.txt"
    note.unlink(missing_ok=True)
    command = [sys.executable, "-m", "benchmarks.assemble", "--work", job, *as_arguments(plan)]
    cost = measured(f"ours {job}", command)
    cost.note = note.read_text() if note.exists() else ""
    return cost


def as_arguments(plan: Plan) -> list[str]:
    """The plan as command line arguments of a worker."""
    return ["--folder", str(plan.folder), "--clips", str(plan.clips), "--size", f"{plan.width}x{plan.height}",
            "--frames", str(plan.frames)]  # fmt: skip


def report(plan: Plan, results: list[Cost], many: int, seconds: float) -> str:
    """The results as Markdown."""
    by_name = {cost.name: cost for cost in results}
    lines = [
        "# Assembling a film: measured",
        "",
        f"`python -m benchmarks.assemble`: {plan.clips} clips of {plan.frames} frames, {plan.width}x{plan.height}, 24 "
        f"fps, H.264 and AAC; dissolves of {FADE} frames at every joint. ffmpeg {capabilities().version}, "
        f"{os.cpu_count()} cores, Python {sys.version.split()[0]}; the whole run took {seconds / 60:.0f} minutes. "
        f"Others code with x264 veryfast crf 20; ours copies mezzanines of crf 17 and measures loudness as well.",
        "",
        "| what | wall s | CPU s | peak MiB | processes | frames right | worst click ms |",
        "|---|---|---|---|---|---|---|",
    ]
    for cost in results:
        truth = f"{cost.right} of {cost.frames} | {cost.click_ms:.1f}" if cost.frames else " | "
        lines.append(
            f"| {cost.name} | {cost.wall:.1f} | {cost.cpu:.1f} | {cost.peak_mib:.0f} | {cost.processes} | {truth} |"
        )
    lines += ["", "## Ratios (CPU seconds; how many times more than ours)", ""]
    for job in ("cuts", "dissolves"):
        for other in ("graph", "moviepy"):
            if f"{other} {job}" in by_name:
                ratio = by_name[f"{other} {job}"].cpu / by_name[f"ours {job}"].cpu
                memory = by_name[f"{other} {job}"].peak_mib / by_name[f"ours {job}"].peak_mib
                lines.append(f"- {job}, {other}: **{ratio:.1f}** times the CPU, {memory:.1f} times the memory")
    for other in ("graph", "moviepy"):
        if f"{other} dissolves" in by_name:
            ratio = by_name[f"{other} dissolves"].cpu / by_name["ours recut"].cpu
            lines.append(f"- re-cut with one shot changed, {other} (which does it all again): **{ratio:.1f}**")
    for job in ("cuts", "dissolves"):
        few, lot = by_name[f"ours {job}"].peak_mib, by_name[f"ours {job}:{many}"].peak_mib
        lines.append(f"- memory, {job}: {few:.0f} MiB at {plan.clips} clips, {lot:.0f} MiB at {many}")
    once = by_name["ours mezzanines"].cpu / (plan.clips + 1)
    lines.append(f"- once per take, before any cut: {once:.2f} CPU s a clip for its mezzanine")
    lines += ["", "## What ours did", ""]
    lines += [f"- {cost.name}: {cost.note}" for cost in results if cost.note]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Parse the command line and run, or do one worker's job."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--clips", type=int, default=60)
    parser.add_argument("--size", default="1280x720")
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--frames", type=int)
    parser.add_argument("--many", type=int, default=600, help="clips of the memory check")
    parser.add_argument("--quick", action="store_true", help="12 clips of 2 s at 320x180")
    parser.add_argument("--no-moviepy", action="store_true")
    parser.add_argument("--moviepy-python", help="an interpreter that has MoviePy 2.2.1")
    parser.add_argument("--out", type=Path, help="write the result as Markdown")
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--work", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.quick:
        arguments.clips, arguments.size, arguments.seconds = 12, "320x180", 2
    width, height = (int(side) for side in arguments.size.split("x"))
    folder = arguments.folder or Path(tempfile.mkdtemp(prefix="assemble-benchmark-"))
    plan = Plan(folder, arguments.clips, arguments.frames or arguments.seconds * 24, width, height)
    if arguments.work:
        work(plan, arguments.work)
        return
    began = time.monotonic()
    try:
        found = run(plan, arguments)
        results = [Cost(**cost) for cost in found["results"]]  # type: ignore[attr-defined]
        text = report(plan, results, arguments.many, time.monotonic() - began)
    finally:
        shutil.rmtree(folder)
    print(text)
    if arguments.out:
        arguments.out.write_text(text)


if __name__ == "__main__":
    main()
