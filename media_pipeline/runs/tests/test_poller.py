"""What happens although nobody calls."""

from __future__ import annotations

import asyncio
import threading
import time
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from django_q.models import OrmQ, Task

from media_pipeline.providers.base import ImageRequest, Notice, Pending, Result
from media_pipeline.providers.errors import Expired, Refused, Transient
from media_pipeline.runs import calls, poller, transport
from media_pipeline.runs.actions import resolve_unknown, resume_run, start_run
from media_pipeline.runs.models import Run, RunState, Step, StepState, WorkerBeat
from media_pipeline.runs.poller import attend, claim_steps, resend_lost, wake_retries
from media_pipeline.runs.pruning import prune
from projects.actions import add_member
from projects.models import Alert, BudgetAccount, Event

PICTURE = ImageRequest(prompt="a lighthouse", width=16, height=9)


@pytest.fixture(autouse=True)
def _same_provider_for_the_poller(monkeypatch, request):
    if "provider" in request.fixturenames:
        patient = request.getfixturevalue("provider")
        monkeypatch.setattr(poller, "provider_named", lambda name: patient)


@pytest.fixture
def asked(pipelines, start, work, provider):
    """A run that waits for its one submitted call."""

    @pipelines("asks")
    def asks(run):
        return run.call("ask", PICTURE).text

    run = start("asks")
    work()
    return run


def later(**duration):
    return timezone.now() + timedelta(**duration)


def messages():
    """Runs that workers are told to advance, in the order of the messages."""
    return [message.task["args"][0] for message in OrmQ.objects.order_by("pk")]


# -- lost messages


def test_a_lost_message_is_sent_again_once(pipelines, production):
    pipelines("simple")(lambda run: None)
    run = start_run("simple", "thing:1", production)
    OrmQ.objects.all().delete()
    assert resend_lost(later(seconds=5)) == 0  # it may still be on its way
    now = later(seconds=30)
    assert resend_lost(now) == 1
    assert resend_lost(now) == 0  # the other poller
    assert messages() == [run.pk]
    run.refresh_from_db()
    assert (run.wakeups, run.sent_at) == (1, now)


def test_of_two_pollers_that_see_the_same_lost_message_one_sends_it(pipelines, production, monkeypatch):
    pipelines("simple")(lambda run: None)
    start_run("simple", "thing:1", production)
    OrmQ.objects.all().delete()
    now = later(seconds=30)

    class SeenByBoth(list):
        """What is due, read at the moment at which the other poller sends."""

        def filter(self, condition):
            return self

        def values_list(self, *fields):
            rows = list(Run.objects.values_list(*fields))
            Run.objects.update(sent_at=now)
            return rows

    monkeypatch.setattr(poller, "due_runs", lambda now: SeenByBoth())
    assert resend_lost(now) == 0
    assert messages() == []


def test_a_run_that_a_worker_holds_is_left_alone_until_its_lease_is_over(pipelines, production):
    pipelines("simple")(lambda run: None)
    run = start_run("simple", "thing:1", production)
    OrmQ.objects.all().delete()
    now = later(hours=1)
    Run.objects.update(state=RunState.RUNNING, lease_owner="somebody", lease_until=now + timedelta(seconds=1))
    assert resend_lost(now) == 0
    assert resend_lost(now + timedelta(seconds=2)) == 1
    assert messages() == [run.pk]


def test_messages_do_not_pile_up_while_workers_are_busy(pipelines, production, monkeypatch):
    monkeypatch.setattr(poller, "MESSAGES", 3)
    pipelines("simple")(lambda run: None)
    for number in range(5):
        start_run("simple", f"thing:{number}", production)
    OrmQ.objects.all().delete()
    assert resend_lost(later(seconds=30)) == 3
    assert resend_lost(later(seconds=60)) == 0
    OrmQ.objects.all().delete()
    assert resend_lost(later(seconds=60)) == 3


# -- retries


def test_a_call_that_may_be_tried_again_is_submitted_after_its_pause(pipelines, start, work, provider):
    @pipelines("asks")
    def asks(run):
        return run.call("ask", PICTURE).text

    provider.fault = Transient("overloaded")
    start("asks")
    work()
    step = Step.objects.get(key="ask")
    assert (step.state, step.attempt) == (StepState.CREATED, 2)
    with transport.in_process():
        assert wake_retries(step.next_poll_at - timedelta(seconds=1)) == 0
        assert wake_retries(step.next_poll_at) == 1
        assert wake_retries(step.next_poll_at) == 0
    work()
    step.refresh_from_db()
    assert (step.state, step.request_id, len(provider.submitted)) == (StepState.SUBMITTED, "job-2", 2)


# -- answers


def test_a_step_is_asked_about_by_one_poller_only(asked):
    due = later(seconds=5)
    assert claim_steps(10, timezone.now()) == []
    assert [step.key for step in claim_steps(10, due)] == ["ask"]
    assert claim_steps(10, due) == []
    assert [step.key for step in claim_steps(10, due + poller.CLAIM + timedelta(seconds=1))] == [
        "ask"
    ]  # the first one died


def test_of_two_pollers_that_read_the_same_step_one_gets_it(asked, monkeypatch):
    now = later(seconds=5)
    mine = claim_steps(10, now)
    assert [step.pk for step in mine] == [Step.objects.get().pk]
    assert claim_steps(10, now) == []


def test_a_claim_that_is_kept_lasts_and_one_of_a_dead_poller_runs_out(asked):
    now = later(seconds=5)
    (step,) = claim_steps(10, now)
    poller.keep_claims([step], now + timedelta(seconds=15))
    assert claim_steps(10, now + timedelta(seconds=30)) == []
    (again,) = claim_steps(10, now + timedelta(seconds=40))
    poller.keep_claims([step], now + timedelta(seconds=41))  # the first one comes back to life
    again.refresh_from_db()
    assert again.next_poll_at < now + timedelta(seconds=61)


def test_an_answer_that_is_known_to_be_there_goes_before_all_others_and_is_not_asked_about(
    pipelines, start, work, provider, monkeypatch
):
    pipelines("asks")(lambda run: run.call("ask", PICTURE).text)
    for number in range(3):
        start("asks", f"thing:{number}")
    work()
    last = Step.objects.order_by("pk").last()
    Step.objects.exclude(pk=last.pk).update(next_poll_at=later(hours=-1))
    with transport.in_process():
        assert calls.take_notice("patient", last.token, Notice(request_id=last.request_id))
    provider.answers[last.request_id] = Result(text="done")
    monkeypatch.setattr(provider, "poll", lambda *job: pytest.fail("It is known to be there."))
    (first,) = claim_steps(1)
    assert first.pk == last.pk
    with transport.in_process():
        attend(first)
    first.refresh_from_db()
    assert first.state == StepState.SUCCEEDED


def ask_about(key="ask"):
    """Let the poller attend to a step as if it were due now."""
    step = Step.objects.select_related("run").get(key=key)
    Step.objects.filter(pk=step.pk).update(next_poll_at=timezone.now())
    (step,) = claim_steps(10)
    attend(step)
    step.refresh_from_db()
    return step


def test_an_answer_wakes_the_run_that_waits_for_it(asked, provider, work):
    provider.answers["job-1"] = Result(text="a picture")
    with transport.in_process():
        assert ask_about().state == StepState.SUCCEEDED
    work()
    asked.refresh_from_db()
    assert (asked.state, asked.output) == (RunState.SUCCEEDED, "a picture")


def test_the_wait_between_two_questions_grows_to_a_minute(asked):
    waits = []
    for _ in range(12):
        asked_at = timezone.now()
        waits.append((ask_about().next_poll_at - asked_at).total_seconds())
    assert waits[:3] == pytest.approx([3, 4.5, 6.75], abs=0.5)  # 2 s times 1.5 for every poll
    assert waits[-1] == pytest.approx(60, abs=0.5)
    Step.objects.update(polls=5000)
    assert ask_about().state == StepState.SUBMITTED


def test_what_the_provider_says_meanwhile_is_shown(asked, provider, monkeypatch):
    monkeypatch.setattr(provider, "poll", lambda *job: Pending(detail="third in the queue"))
    ask_about()
    asked.refresh_from_db()
    assert asked.progress_words == "third in the queue"


@pytest.mark.parametrize("error", [Refused("a face of a known person"), Expired("the result is gone")])
def test_a_refusal_fails_the_step_in_the_words_of_the_provider(asked, provider, monkeypatch, work, error):
    def poll(*job):
        raise error

    monkeypatch.setattr(provider, "poll", poll)
    with transport.in_process():
        step = ask_about()
    assert (step.state, step.error_class, step.error_message) == ("failed", type(error).__name__, str(error))
    work()
    asked.refresh_from_db()
    assert (asked.state, asked.error) == (RunState.FAILED, str(error))


@pytest.mark.parametrize("error", [Transient("503"), RuntimeError("a fault in the adapter")])
def test_a_passing_fault_changes_nothing_but_the_next_question(asked, provider, monkeypatch, error):
    def poll(*job):
        raise error

    monkeypatch.setattr(provider, "poll", poll)
    step = ask_about()
    assert step.state == StepState.SUBMITTED
    assert step.next_poll_at < later(seconds=10)


@pytest.mark.parametrize(("dropped", "alerts"), [(True, 0), (False, 1)])
def test_a_call_that_takes_too_long_fails_and_says_whether_it_may_be_charged(
    asked, provider, monkeypatch, work, dropped, alerts
):
    monkeypatch.setattr(provider, "cancel", lambda *job: provider.cancelled.append(job[0]) or dropped)
    Step.objects.update(submitted_at=later(minutes=-9))
    assert ask_about().state == StepState.SUBMITTED
    Step.objects.update(submitted_at=later(minutes=-11))
    with transport.in_process():
        step = ask_about()
    assert (step.state, step.error_class, provider.cancelled) == (StepState.FAILED, "TimedOut", ["job-1"])
    assert "has not finished request job-1 within 0:10:00" in step.error_message
    assert Alert.objects.filter(source=f"step:{step.pk}").count() == alerts


@pytest.fixture
def timed_out(asked, provider, work):
    """A call that took too long, could not be dropped, and whose run has failed for it."""
    provider.drops = False
    BudgetAccount.objects.update(reserved=Decimal("0.5"))
    Step.objects.update(submitted_at=later(minutes=-11), reserved=Decimal("0.5"), price=Decimal("0.5"), units=1)
    with transport.in_process():
        ask_about()
    work()
    asked.refresh_from_db()
    assert asked.state == RunState.FAILED
    return asked


def money_of(run):
    account = BudgetAccount.objects.get(project=run.project_id)
    return account.reserved, account.spent


def test_what_a_timed_out_call_may_cost_stays_promised(timed_out):
    assert money_of(timed_out) == (Decimal("0.5"), Decimal(0))


def test_the_late_answer_of_a_timed_out_call_is_kept_paid_and_used_when_the_run_is_resumed(timed_out, provider, work):
    provider.answers["job-1"] = Result(text="late, but good")
    with transport.in_process():
        assert ask_about().state == StepState.SUCCEEDED
        assert money_of(timed_out) == (Decimal(0), Decimal("0.5"))
        assert not Alert.objects.filter(source__startswith="step:", dismissed_at=None).exists()
        resume_run(timed_out)
    work()
    timed_out.refresh_from_db()
    assert (timed_out.state, timed_out.output, len(provider.submitted)) == (RunState.SUCCEEDED, "late, but good", 1)


def test_a_run_that_is_resumed_waits_for_the_timed_out_call_again_and_pays_for_no_other(timed_out, provider, work):
    with transport.in_process():
        resume_run(timed_out)
    work()
    step = Step.objects.get()
    assert (step.state, step.request_id, len(provider.submitted)) == (StepState.SUBMITTED, "job-1", 1)
    assert money_of(timed_out) == (Decimal("0.5"), Decimal(0))


def test_a_timed_out_call_that_is_written_off_counts_as_spent_and_is_made_anew(timed_out, provider, work, owner):
    add_member(timed_out.project, owner, "owner")
    with transport.in_process():
        resolve_unknown(Step.objects.get(), by=owner)
        resume_run(timed_out)
    work()
    assert len(provider.submitted) == 2
    assert money_of(timed_out) == (Decimal("0.5"), Decimal("0.5"))


def test_after_a_day_what_never_answered_counts_as_spent_and_is_left_alone(timed_out):
    Step.objects.update(submitted_at=later(hours=-25))
    assert ask_about().next_poll_at is None
    assert money_of(timed_out) == (Decimal(0), Decimal("0.5"))


def test_an_answer_that_came_at_the_last_moment_still_counts(asked, provider):
    Step.objects.update(submitted_at=later(minutes=-11))
    provider.answers["job-1"] = Result(text="just in time")
    with transport.in_process():
        assert ask_about().state == StepState.SUCCEEDED


# -- old rows


def test_old_rows_go_and_what_is_still_needed_stays(production, settings):
    settings.EVENT_KEEP_DAYS = 14
    newest = Event.objects.create(project=production, type="test", subject="x:1")
    Event.objects.update(at=later(days=-15))
    recent = Event.objects.create(project=production, type="test", subject="x:2")
    WorkerBeat.objects.create(name="gone", at=later(days=-2))
    WorkerBeat.objects.create(name="here", at=later(seconds=-5))
    for pk, success, days in (("old", True, -2), ("new", True, 0), ("failed", False, -2), ("forgotten", False, -15)):
        Task.objects.create(
            id=pk, name=pk, func="f", started=later(days=days), stopped=later(days=days), success=success
        )
    prune()
    assert list(Event.objects.values_list("pk", flat=True)) == [recent.pk]
    assert [beat.name for beat in WorkerBeat.objects.all()] == ["here"]
    assert set(Task.objects.values_list("name", flat=True)) == {"new", "failed"}
    Event.objects.update(at=later(days=-15))
    prune()
    assert list(Event.objects.values_list("pk", flat=True)) == [recent.pk]  # clients resume from its id
    assert newest.pk < recent.pk


def test_many_old_events_go_in_small_transactions(production, settings, django_assert_max_num_queries):
    Event.objects.all().delete()
    Event.objects.bulk_create(Event(project=production, type="test", subject="x:1") for _ in range(2500))
    Event.objects.update(at=later(days=-15))
    prune()
    assert Event.objects.count() == 1


# -- the loop


async def test_the_loop_attends_to_what_it_finds_and_ends_when_told(monkeypatch):
    attended = []
    rounds = iter([["first", "second"], [], ["third"]])
    loop = poller.Poller(tick=0.001)
    stop = asyncio.Event()

    class Found:
        def __init__(self, name):
            self.pk = name

    def look_round(room):
        found = next(rounds, None)
        return [] if found is None else [Found(name) for name in found]

    def attend_slowly(step):
        time.sleep(0.01)  # a provider's answer, in a thread
        attended.append((step.pk, threading.current_thread().name[:8]))
        if len(attended) == 3:
            asyncio_loop.call_soon_threadsafe(stop.set)

    asyncio_loop = asyncio.get_running_loop()
    monkeypatch.setattr(loop, "_look_round", look_round)
    monkeypatch.setattr(poller, "attend", attend_slowly)
    monkeypatch.setattr(poller, "close_old_connections", lambda: None)
    await asyncio.wait_for(loop.run(stop), 60)
    assert sorted(attended) == [("first", "provider"), ("second", "provider"), ("third", "provider")]


async def test_a_step_that_stumbles_does_not_stop_the_loop(monkeypatch, caplog):
    loop = poller.Poller(tick=0.001)
    stop = asyncio.Event()
    seen = []

    def look_round(room):
        seen.append(1)
        if len(seen) == 3:
            asyncio_loop.call_soon_threadsafe(stop.set)
        return [Step(pk=7)] if len(seen) == 1 else []

    def stumble(step):
        raise RuntimeError("a fault nobody thought of")

    asyncio_loop = asyncio.get_running_loop()
    monkeypatch.setattr(loop, "_look_round", look_round)
    monkeypatch.setattr(poller, "attend", stumble)
    monkeypatch.setattr(poller, "close_old_connections", lambda: None)
    await asyncio.wait_for(loop.run(stop), 60)
    assert len(seen) >= 3
    assert "Step 7 could not be attended to" in caplog.text
