"""A submit whose answer does not come: never made twice, and found or decided by a person."""

from __future__ import annotations

import itertools

import httpx
import pytest

pytestmark = pytest.mark.slow

TAKEN = {
    "lost": {"fault": "lose_reply"},
    "too late": {"fault": "late_reply", "seconds": 4},
    "500": {"fault": "submit_error", "status": 500, "shape": "json", "accepted": True},
    "502": {"fault": "submit_error", "status": 502, "shape": "nginx", "accepted": True},
    "504": {"fault": "submit_error", "status": 504, "shape": "html", "accepted": True},
    "cut short": {"fault": "garbled_reply", "how": "truncated"},
    "no id": {"fault": "garbled_reply", "how": "no_id"},
}
"""Answers behind which there is a job."""

NOT_TAKEN = {
    "hung up": {"fault": "drop_before"},
    "500": {"fault": "submit_error", "status": 500, "shape": "json"},
    "503": {"fault": "submit_error", "status": 503, "shape": "nginx"},
}
"""Answers that look the same, without a job."""

ASKS = ["A paid request may or may not have been accepted"]
names = (f"case {number}" for number in itertools.count(1))


@pytest.fixture(scope="module")
def crew(house, request):
    with house.crew(PROVIDER_WEBHOOKS="1" if request.param else "0") as crew:
        yield crew


by_both_ways = pytest.mark.parametrize(
    "crew", [False, True], ids=["polling", "webhooks"], indirect=True, scope="module"
)
by_polling = pytest.mark.parametrize("crew", [False], ids=["polling"], indirect=True, scope="module")


def ask(house, **fault):
    """Ask for one picture whose submit goes wrong once."""
    prompt = f"a harbour, {next(names)}"
    house.sandbox.script(**fault, contains=prompt, times=1)
    (asked,) = house.ask({"prompt": prompt})
    return prompt, asked["run"]


def lost_call(house, run):
    """The call that a person is asked about, with everything as it must be meanwhile."""
    books = house.books(run)
    assert (books["run"], books["alerts"]) == ("waiting", ASKS)
    (step,) = books["steps"].values()
    assert step["state"] == "unknown"
    assert step["error"]
    assert float(books["reserved"]) > 0, "what may have been spent stays promised"
    books.assert_balanced()
    return step["pk"]


@by_both_ways
@pytest.mark.parametrize("fault", TAKEN.values(), ids=TAKEN)
def test_a_job_behind_a_lost_answer_is_found_and_brought_home(house, crew, fault):
    prompt, run = ask(house, **fault)
    assert crew.work_until_over(run) == "succeeded"
    house.assert_one_job_for_each_call(prompt, run)


@by_both_ways
@pytest.mark.parametrize("fault", NOT_TAKEN.values(), ids=NOT_TAKEN)
def test_where_there_is_no_job_a_person_decides_and_it_is_made_once(house, crew, fault):
    prompt, run = ask(house, **fault)
    assert crew.work_until_over(run) == "waiting"
    step = lost_call(house, run)
    assert house.sandbox.ledger(contains=prompt)["accepted"] == 0
    house.decide(step)
    assert crew.work_until_over(run) == "succeeded"
    house.assert_one_job_for_each_call(prompt, run, written_off=True)


@by_polling
def test_among_equal_jobs_a_person_says_which_is_the_lost_one(house, crew):
    """Somebody else sent the same with our key: the history shows one job too many, and nobody can tell them apart."""
    prompt = f"a harbour, {next(names)}"
    (ours,) = house.ask({"prompt": prompt})
    assert crew.work_until_over(ours["run"]) == "succeeded"
    (first,) = house.sandbox.jobs(contains=prompt)
    body = house.sandbox.job(first["request_id"])["body"]
    queue = f"{house.sandbox.url}/queue/{first['endpoint']}"
    theirs = httpx.post(queue, json=body, headers={"Authorization": "Key a:b"}).json()["request_id"]
    house.sandbox.wait_for(theirs)
    house.sandbox.script("lose_reply", contains=prompt, times=1)
    (again,) = house.ask({"prompt": prompt})
    assert crew.work_until_over(again["run"]) == "waiting"
    step = lost_call(house, again["run"])
    (lost,) = {job["request_id"] for job in house.sandbox.jobs(contains=prompt)} - {first["request_id"], theirs}
    house.decide(step, lost)
    assert crew.work_until_over(again["run"]) == "succeeded"
    books = house.books(again["run"])
    assert books["steps"]["image"]["request_id"] == lost
    assert (books["spent"], books["alerts"]) == ("0.039000", [])
    books.assert_balanced()


@by_polling
def test_a_long_job_is_found_although_a_person_was_asked_meanwhile(house, crew):
    """A history holds finished jobs only: this one takes longer than people are kept waiting with the question."""
    prompt = f"a harbour, {next(names)}"
    house.sandbox.script("slow", contains=prompt, seconds=9)
    house.sandbox.script("lose_reply", contains=prompt)
    (asked,) = house.ask({"prompt": prompt})
    assert crew.work_until_over(asked["run"]) == "waiting"
    lost_call(house, asked["run"])
    crew.work_until(lambda: house.state(asked["run"]) == "succeeded")
    house.assert_one_job_for_each_call(prompt, asked["run"])
