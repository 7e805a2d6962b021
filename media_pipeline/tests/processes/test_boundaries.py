"""Killed at every boundary of a paid call: one job, one bill, nothing lost.

Each case makes a picture and a shot from it while the processes are killed with SIGKILL at one boundary of each, and
started again as a service manager would.
"""

from __future__ import annotations

import itertools

import pytest

from .boundaries import ANSWER, REPORT, SUBMIT, arm, blown

pytestmark = pytest.mark.slow

SOMEBODY_DECIDES = ("before-post",)
"""Boundaries after which nobody can know whether the request was sent: it was remembered, and no job is there."""

names = (f"case {number}" for number in itertools.count(1))

EVERYBODY = ("web", "worker", "poller")

CASES = [
    *[(at, ("worker",), webhooks) for at in SUBMIT for webhooks in (True, False)],
    *[(at, ("poller",), webhooks) for at in ANSWER for webhooks in (True, False)],
    *[(at, ("web",), True) for at in (*REPORT, *SUBMIT, *ANSWER)],
    *[(at, ("poller",), False) for at in SUBMIT],
    *[(at, ("worker",), False) for at in ANSWER],
    *[(at, EVERYBODY, webhooks) for at in (*SUBMIT, *ANSWER) for webhooks in (True, False)],
    *[(at, EVERYBODY, True) for at in REPORT],
]
CASES.sort(key=lambda case: case[2])  # one crew for all with webhooks, one for all without
"""The boundary, who is killed there, and whether the provider reports by webhook."""


def name(case):
    at, victims, webhooks = case
    return f"{at}-{'all' if victims == EVERYBODY else victims[0]}-{'webhooks' if webhooks else 'polling'}"


@pytest.fixture(scope="module")
def crew(house, request):
    with house.crew(PROVIDER_WEBHOOKS="1" if request.param else "0") as crew:
        yield crew


@pytest.mark.parametrize(("at", "victims", "crew"), CASES, ids=map(name, CASES), indirect=["crew"], scope="module")
def test_one_job_and_one_bill_for_each_call_whoever_is_killed(house, crew, at, victims):
    prompt = f"a lighthouse, {next(names)}"
    crew.deaths.clear()
    arm(crew.mines, at, victims)
    if at == "asking":  # who has been told does not ask
        house.sandbox.script("webhook", how="late", contains=prompt)
    (asked,) = house.ask({"prompt": prompt, "video": True})
    written_off = 0
    while crew.work_until_over(asked["run"]) == "waiting":
        assert at in SOMEBODY_DECIDES
        assert "worker" in victims
        write_off_the_lost_call(house, asked["run"])
        written_off += 1
    crew.work_until(lambda: blown(crew.mines) == ["image", "video"])  # the last may come a moment after the run's end
    crew.work_until(lambda: len(crew.deaths) >= 2 * len(victims))
    assert {role for role, _ in crew.deaths} == set(victims)
    assert written_off in (0, 2), "either no call or both"
    house.assert_one_job_for_each_call(prompt, asked["run"], written_off=bool(written_off))


def write_off_the_lost_call(house, run):
    books = house.books(run)
    assert books["alerts"] == ["A paid request may or may not have been accepted"]
    books.assert_balanced()
    (lost,) = (step for step in books["steps"].values() if step["state"] == "unknown")
    house.decide(lost["pk"])
