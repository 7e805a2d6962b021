"""A film of forty shots while one request in ten goes wrong: it is finished, or an alert says what to decide."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from media_pipeline.providers.fal.sandbox.testing import running_sandbox
from studio.tests.real_site import real_site

pytestmark = pytest.mark.slow

EXAMPLES = Path(settings.BASE_DIR) / "examples"
LONG = (EXAMPLES / "the_salt_clock.fountain").read_text()
SHORT = re.sub(r" #\d+#", "", (EXAMPLES / "short.fountain").read_text().split("\n\n", maxsplit=1)[1])
SCRIPT = f"{LONG.rstrip()}\n\n{SHORT}"
"""36 and 6 shots, by the rules."""

FAULTS = [
    {"fault": "fail", "type": "internal_server_error"},
    {"fault": "fail", "type": "downstream_service_error"},
    {"fault": "lose_reply"},
    {"fault": "drop_before"},
    {"fault": "submit_error", "status": 503, "shape": "nginx"},
    {"fault": "submit_error", "status": 502, "shape": "html", "accepted": True},
    {"fault": "rate_limited"},
    {"fault": "garbled_reply", "how": "truncated"},
    {"fault": "slow", "seconds": 3},
    {"fault": "never"},
    {"fault": "status_error", "status": 500, "count": 2},
    {"fault": "garbled_status", "how": "html", "count": 1},
    {"fault": "result_error", "status": 503, "count": 1},
    {"fault": "broken_file", "how": "truncated"},
    {"fault": "broken_file", "how": "html"},
    {"fault": "empty_result"},
]
SPOILED = {"broken_file", "empty_result"}
"""Faults after which a step may ask again for what it pays: what came is of no use."""

HURRIED = """
from prompts.models import ModelProfile
ModelProfile.objects.filter(provider="fal").update(timeout_seconds=25)
print("HURRIED", 1)
"""

COUNTED = """
import json
from collections import Counter
from media_pipeline.runs.models import Run, Step
from projects.models import Alert
from scenes.models import Shot
open_alerts = list(Alert.objects.filter(dismissed_at=None).values_list("title", "message"))
failed = Run.objects.filter(pipeline="render_shot", state="failed").values_list("error", flat=True)
print("COUNTED", json.dumps({
    "shots": Shot.objects.count(), "with takes": Shot.objects.exclude(state__selected_take=None).count(),
    "steps": Counter(Step.objects.values_list("state", flat=True)),
    "calls": Counter(Step.objects.filter(kind="provider").values_list("state", flat=True)),
    "open": Run.objects.filter(pipeline="render_shot", state__in=("queued", "running", "waiting")).count(),
    "alerts": open_alerts, "failed": list(failed),
    "sent": sorted(filter(None, Step.objects.exclude(request_id="").values_list("request_id", flat=True))),
}))
"""


def until_it_ends_or_waits_for_a_person(site, producing):
    """What there is at the end: the process has ended, or all that is left open is a question to a person."""
    while True:
        try:
            producing.wait(timeout=10)
        except subprocess.TimeoutExpired:
            counted = site.python(COUNTED, "COUNTED")
            under_way = {"created", "submitting", "submitted"} & set(counted["calls"])
            if "unknown" in counted["calls"] and not under_way and counted["open"] <= counted["calls"]["unknown"]:
                producing.terminate()
                producing.wait()
                return site.python(COUNTED, "COUNTED")
        else:
            return site.python(COUNTED, "COUNTED")


def test_one_request_in_ten_goes_wrong_and_the_film_is_made_or_a_person_is_told_what_to_decide(tmp_path, pytestconfig):
    (tmp_path / "site").mkdir()
    script, film = tmp_path / "forty.fountain", tmp_path / "film.mp4"
    script.write_text(SCRIPT)
    site = real_site(tmp_path / "site", pytestconfig)
    options = {"plain_media": True, "seconds": 0.05, "concurrency": 20, "seed": 7}
    with running_sandbox(tmp_path / "sandbox", **options) as sandbox:
        for fault in FAULTS:
            sandbox.script(rate=0.1 / len(FAULTS), **fault)
        site.python(HURRIED, "HURRIED")
        words = ["--project", "FRTY", "--resolution", "720p", "--quality", "draft", "--out", str(film)]
        with (tmp_path / "said.txt").open("w") as said:
            producing = subprocess.Popen(
                [sys.executable, "manage.py", "produce", str(script), *words], stdout=said, stderr=subprocess.STDOUT,
                env=site.environment | sandbox.environment | {"PYTHONPATH": os.getcwd()},
            )  # fmt: skip
            counted = until_it_ends_or_waits_for_a_person(site, producing)
        bill = sandbox.ledger()
    site.remove()
    print(json.dumps({**counted, "sent": len(counted["sent"]), "jobs": len(bill["jobs"]), "rc": producing.returncode}))
    faulty = [job for job in bill["jobs"] if job["faults"]]
    assert counted["shots"] >= 40, (tmp_path / "said.txt").read_text()[-2000:]
    assert faulty, "something did go wrong"
    for job in bill["jobs"]:
        unclaimed = job["request_id"] not in counted["sent"]
        assert not (unclaimed and job["units"]) or SPOILED & set(job["faults"]), f"paid, and no step has it: {job}"
    if producing.returncode == 0:
        assert counted["with takes"] == counted["shots"]
        assert film.stat().st_size > 100_000
    else:
        assert counted["alerts"], (tmp_path / "said.txt").read_text()[-2000:]
        assert all(error for error in counted["failed"])
        assert all(len(message) > 20 for _, message in counted["alerts"])
