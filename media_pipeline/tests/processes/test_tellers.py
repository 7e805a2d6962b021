"""Eight tellers at once: whatever they do to the same calls, the sums hold and no cap is passed."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from studio.tests.real_site import real_site

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def site(tmp_path_factory, pytestconfig):
    site = real_site(tmp_path_factory.mktemp("bank"), pytestconfig)
    yield site
    site.remove()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_thousand_random_moves_by_eight_tellers_add_up_and_pass_no_cap(site, seed):
    command = [sys.executable, "-m", "media_pipeline.tests.processes.tellers", "--seed", str(seed)]
    told = subprocess.run(command, env=site.environment, capture_output=True, text=True, timeout=280, check=False)
    assert told.returncode == 0, told.stderr
    result = json.loads(told.stdout)
    assert result["wrong"] == []
    counts = result["counts"]
    assert min(counts.get(f"refused: {cap}", 0) for cap in ("production", "run", "day")) > 0, "every cap was met"
    assert counts["settled"] > 50
    assert counts["written off"] > 10
