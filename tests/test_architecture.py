"""The rules of docs/architecture.md that a machine can hold."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MAY_IMPORT = {
    "projects": set(),
    "prompts": {"projects"},
    "characters": {"projects"},
    "scenes": {"projects", "prompts", "characters"},
    "dailies": {"projects", "prompts", "characters", "scenes"},
    "media_pipeline": {"projects", "prompts", "characters", "scenes"},
    "studio": {"projects", "prompts", "characters", "scenes", "dailies", "media_pipeline"},
}
"""Package -> the packages of ours it may import: records know nothing of the engine, nobody imports a face."""

WITHOUT_DJANGO = ["projects/screenplay", "media_pipeline/media", "media_pipeline/qc"]
STARTS_PROCESSES = ["media_pipeline/media", "studio/processes", "studio/management/commands"]
"""Media work runs in ffmpeg behind one runner; the site's own processes are started by its supervisor."""

TALKS_HTTP = ["media_pipeline/providers"]
LONGEST_FUNCTION, USUAL_FUNCTION, LONGEST_MODULE = 80, 40, 500


def sources(*, tests: bool = False) -> list[Path]:
    found = []
    for package in MAY_IMPORT:
        for path in (ROOT / package).rglob("*.py"):
            parts = path.relative_to(ROOT).parts
            if "migrations" in parts or (not tests and ("tests" in parts or path.name.startswith("conftest"))):
                continue
            found.append(path)
    return sorted(found)


def imports_of(path: Path) -> Iterator[str]:
    """Absolute names of everything a module imports, wherever in the module it does."""
    package = list(path.relative_to(ROOT).parts[:-1])
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level:
            yield ".".join([*package[: len(package) - node.level + 1], node.module or ""]).rstrip(".")
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def inside(path: Path, folders: list[str]) -> bool:
    return any(path.is_relative_to(ROOT / folder) for folder in folders)


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", sources(), ids=name)
def test_imports_go_downwards_only(path):
    package = path.relative_to(ROOT).parts[0]
    allowed = MAY_IMPORT[package] | {package}
    ours = {imported.split(".")[0] for imported in imports_of(path)} & MAY_IMPORT.keys()
    assert ours <= allowed, f"{name(path)} imports {sorted(ours - allowed)}"


@pytest.mark.parametrize("path", sources(), ids=name)
def test_each_library_stays_where_it_belongs(path):
    imported = {module.split(".")[0] for module in imports_of(path)}
    if inside(path, WITHOUT_DJANGO):
        assert not imported & {"django", "wagtail"}, f"{name(path)} must not know Django"
    if not inside(path, STARTS_PROCESSES):
        assert not imported & {"subprocess", "multiprocessing"}, f"{name(path)} must not start processes"
    if not inside(path, TALKS_HTTP):
        assert not imported & {"httpx", "requests", "fal_client", "urllib3"}, f"{name(path)} must not talk HTTP"


def test_run_and_step_states_are_written_in_one_place_only():
    writers = []
    for path in sources():
        if "media_pipeline/runs/moves.py" in name(path):
            continue
        text = path.read_text()
        if ("Run.objects" in text or "Step.objects" in text or ".steps" in text) and "update(state=" in text:
            writers.append(name(path))
    assert writers == []


def functions() -> list[tuple[str, int]]:
    found = []
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                found.append((f"{name(path)}:{node.lineno} {node.name}", length))
    return found


def test_functions_and_modules_stay_short():
    lengths = functions()
    assert [found for found in lengths if found[1] > LONGEST_FUNCTION] == []
    usual = sum(length <= USUAL_FUNCTION for _, length in lengths)
    assert usual >= 0.95 * len(lengths)
    assert [name(path) for path in sources() if len(path.read_text().splitlines()) > LONGEST_MODULE] == []


EVENT = re.compile(r"[a-z_]+\.[a-z_]+")
TELLS = re.compile(r"emit|_tell\w*")


def told_in(path: Path) -> Iterator[str]:
    """Types of events that a module's calls of `emit`, and of its own `_tell...`, name; f-strings by their ends."""
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if not TELLS.fullmatch(called):
            continue
        for argument in node.args:
            if isinstance(argument, ast.Constant) and EVENT.fullmatch(str(argument.value)):
                yield str(argument.value)
            elif isinstance(argument, ast.JoinedStr) and isinstance(argument.values[-1], ast.Constant):
                yield str(argument.values[-1].value)


def test_every_type_of_event_is_documented():
    documented = set(re.findall(r"`([a-z_]+\.[a-z_]+)`", (ROOT / "docs" / "live.md").read_text()))
    ends = {kind[kind.index(".") :] for kind in documented}
    told = {kind for path in sources() for kind in told_in(path)}
    assert {kind for kind in told if EVENT.fullmatch(kind)} - documented == set(), "Describe them in docs/live.md."
    assert {end for end in told if re.fullmatch(r"\.[a-z_]+", end)} <= ends
