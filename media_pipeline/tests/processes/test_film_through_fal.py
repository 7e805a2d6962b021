"""`produce` with a key and fal's addresses pointed at the sandbox makes a film of what fal's models answer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings

from media_pipeline.media.probe import probe
from media_pipeline.providers.fal.sandbox.testing import running_sandbox
from studio.tests.real_site import real_site

pytestmark = pytest.mark.slow

SCRIPT = Path(settings.BASE_DIR) / "examples" / "short.fountain"

COUNTED = """
import json
from django.db.models import Sum
from media_pipeline.runs.models import Step
from projects.models import BudgetAccount, BudgetLedgerEntry
from scenes.models import Take
calls = Step.objects.filter(kind="provider", state="succeeded", provider="fal")
spent = BudgetLedgerEntry.objects.filter(kind="settle").aggregate(sum=Sum("amount"))["sum"]
print("COUNTED", json.dumps({
    "calls": sorted(calls.values_list("request_id", flat=True)), "ledger": str(spent),
    "spent": str(BudgetAccount.objects.get(project__code="TIDE").spent),
    "providers": sorted(set(Take.objects.values_list("provider", flat=True))),
    "takes": Take.objects.count(),
}))
"""


def test_a_film_is_made_of_the_example_through_fal_and_every_job_is_on_the_bill(tmp_path, pytestconfig):
    (tmp_path / "site").mkdir()
    site = real_site(tmp_path / "site", pytestconfig)
    film = tmp_path / "film.mp4"
    with running_sandbox(tmp_path / "sandbox", plain_media=True, seconds=0.2, concurrency=20) as sandbox:
        environment = site.environment | sandbox.environment
        made = subprocess.run(
            [sys.executable, "manage.py", "produce", str(SCRIPT), "--project", "TIDE", "--resolution", "720p",
             "--out", str(film), "--json"],
            env=environment | {"PYTHONPATH": os.getcwd()}, capture_output=True, text=True, timeout=580, check=False,
        )  # fmt: skip
        assert made.returncode == 0, made.stderr[-3000:]
        facts = json.loads(made.stdout.splitlines()[-1])
        counted = site.python(COUNTED, "COUNTED")
        bill = sandbox.ledger()
    site.remove()
    info = probe(film)
    assert (info.width, info.height, info.frames) == (1280, 720, facts["frames"])
    assert counted["providers"] == ["fal"]
    assert counted["takes"] == facts["shots"] > 3
    assert sorted(job["request_id"] for job in bill["jobs"]) == counted["calls"]
    assert Decimal(counted["ledger"]) == Decimal(counted["spent"]) == Decimal(bill["billed_dollars"]) > 0
