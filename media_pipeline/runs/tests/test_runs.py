"""What the durable engine promises."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone

from media_pipeline.providers.base import ImageRequest, Result
from media_pipeline.providers.errors import Ambiguous, Refused, Transient
from media_pipeline.runs import calls, executor, moves, transport
from media_pipeline.runs.actions import cancel_run, resume_run
from media_pipeline.runs.errors import LeaseLost
from media_pipeline.runs.models import Run, RunState, Step, StepState, Transition
from projects.models import Alert, Event

PICTURE = ImageRequest(prompt="a lighthouse", width=16, height=9)


def states_of(run: Run) -> list[str]:
    return list(Transition.objects.filter(run=run, step=None).values_list("after", flat=True))


def test_a_run_remembers_what_its_steps_returned(pipelines, start, work):
    done = []

    @pipelines("simple")
    def simple(run):
        first = run.local("first", lambda work: done.append("first") or 20)
        second = run.record("second", lambda: done.append("second") or first + 22)
        return {"answer": second}

    run = start("simple")
    work()
    run.refresh_from_db()
    assert (run.state, run.output, run.progress) == (RunState.SUCCEEDED, {"answer": 42}, 100)
    assert done == ["first", "second"]
    assert states_of(run) == ["running", "succeeded"]


def test_a_run_that_waits_holds_no_worker_and_goes_on_without_doing_anything_again(pipelines, start, work, provider):
    done = []

    @pipelines("asks")
    def asks(run):
        run.local("before", lambda work: done.append("before"))
        answer = run.call("ask", PICTURE)
        run.local("after", lambda work: done.append("after"))
        return answer.text

    run = start("asks")
    work()
    run.refresh_from_db()
    assert (run.state, run.lease_owner) == (RunState.WAITING, "")
    step = Step.objects.get(key="ask")
    assert (step.state, step.request_id) == (StepState.SUBMITTED, "job-1")

    with transport.in_process():
        calls.settle_step(step, Result(text="done"))
    work()
    run.refresh_from_db()
    assert (run.state, run.output) == (RunState.SUCCEEDED, "done")
    assert done == ["before", "after"]
    assert len(provider.submitted) == 1


def test_an_answer_that_arrives_twice_counts_once(pipelines, start, work, provider):
    @pipelines("asks")
    def asks(run):
        return run.call("ask", PICTURE).text

    run = start("asks")
    work()
    step, late = Step.objects.get(key="ask"), Step.objects.get(key="ask")
    with transport.in_process():
        assert calls.settle_step(step, Result(text="first")) is True
        assert calls.settle_step(late, Result(text="second")) is False
    work()
    run.refresh_from_db()
    assert run.output == "first"
    assert Transition.objects.filter(step=step, after="succeeded").count() == 1


def test_several_calls_are_in_flight_at_once(pipelines, start, work, provider):
    @pipelines("asks")
    def asks(run):
        answers = run.call_all({"a": PICTURE, "b": PICTURE, "c": PICTURE})
        return [answers[key].text for key in "abc"]

    run = start("asks")
    work()
    assert len(provider.submitted) == 3
    with transport.in_process():
        for step in reversed(Step.objects.filter(run=run)):
            calls.settle_step(step, Result(text=step.key))
    work()
    run.refresh_from_db()
    assert run.output == ["a", "b", "c"]


def test_a_refusal_fails_the_run_with_the_providers_own_words(pipelines, start, work, provider):
    @pipelines("asks")
    def asks(run):
        run.call("ask", PICTURE)

    provider.fault = Refused("This prompt breaks our rules about lighthouses.")
    run = start("asks")
    work()
    run.refresh_from_db()
    assert (run.state, run.error) == (RunState.FAILED, "This prompt breaks our rules about lighthouses.")
    assert Step.objects.get(key="ask").error_class == "Refused"


def test_a_passing_fault_is_tried_again_later(pipelines, start, work, provider):
    @pipelines("asks")
    def asks(run):
        return run.call("ask", PICTURE).text

    provider.fault, provider.at_once = Transient("503"), True
    run = start("asks")
    work()
    step = Step.objects.get(key="ask")
    assert (step.state, step.attempt) == (StepState.CREATED, 2)
    assert step.next_poll_at > timezone.now()
    Step.objects.update(next_poll_at=timezone.now() - timedelta(seconds=1))
    with transport.in_process():
        moves.wake(run.pk)
    work()
    run.refresh_from_db()
    assert run.output == "a lighthouse"


def test_a_lost_answer_is_never_asked_for_again_and_a_person_is_told(pipelines, start, work, provider):
    @pipelines("asks")
    def asks(run):
        return run.call("ask", PICTURE).text

    provider.fault = Ambiguous("The connection was reset while the answer was awaited.")
    run = start("asks")
    work()
    with transport.in_process():
        moves.wake(run.pk)
    work()
    assert len(provider.submitted) == 1
    assert Step.objects.get(key="ask").state == StepState.UNKNOWN
    assert "not sent again until a person decides" in Alert.objects.get().message
    run.refresh_from_db()
    assert run.state == RunState.WAITING


def test_a_submit_that_a_dead_worker_left_behind_is_not_made_again(pipelines, start, work, provider):
    @pipelines("asks")
    def asks(run):
        return run.call("ask", PICTURE).text

    run = start("asks")
    Step.objects.create(
        run=run, key="ask", kind="provider", state=StepState.SUBMITTING, provider="patient",
        input=PICTURE.model_dump(mode="json"),
    )  # fmt: skip
    work()
    assert provider.submitted == []
    assert Step.objects.get(key="ask").state == StepState.UNKNOWN


def test_a_local_providers_interrupted_work_is_simply_done_again(pipelines, start, work, provider):
    @pipelines("asks")
    def asks(run):
        return run.call("ask", PICTURE).text

    provider.local = provider.at_once = True
    run = start("asks")
    Step.objects.create(
        run=run, key="ask", kind="provider", state=StepState.SUBMITTING, provider="patient",
        input=PICTURE.model_dump(mode="json"),
    )  # fmt: skip
    work()
    run.refresh_from_db()
    assert run.output == "a lighthouse"


def test_a_parent_awaits_its_children_and_shows_how_many_are_done(pipelines, start, work, provider):
    @pipelines("film")
    def film(run):
        wanted = {f"shot/{n}": ("shot", f"shot:{n}") for n in (1, 2, 3, 4)}
        outputs = run.children(wanted, progress=(10, 90), words="{done} of {total} shots rendered")
        return sorted(outputs.values())

    @pipelines("shot")
    def shot(run):
        return run.call("ask", PICTURE).text + run.run.subject

    parent = start("film")
    work()
    with transport.in_process():
        for step in Step.objects.filter(key="ask")[:3]:
            calls.settle_step(step, Result(text="take of "))
    work()
    parent.refresh_from_db()
    assert (parent.state, parent.progress, parent.progress_words) == ("waiting", 70, "3 of 4 shots rendered")
    with transport.in_process():
        calls.settle_step(Step.objects.get(key="ask", state="submitted"), Result(text="take of "))
    work()
    parent.refresh_from_db()
    assert parent.output == [f"take of shot:{n}" for n in (1, 2, 3, 4)]


def test_a_failed_child_fails_its_parent_after_all_have_ended_and_resuming_repeats_only_what_failed(
    pipelines, start, work
):
    done, broken = [], {"shot:2"}

    @pipelines("film")
    def film(run):
        return run.children({f"shot/{n}": ("shot", f"shot:{n}") for n in (1, 2, 3)})

    @pipelines("shot")
    def shot(run):
        def draw(work):
            done.append(run.run.subject)
            if run.run.subject in broken:
                raise ValueError("The lamp went out.")

        run.local("draw", draw)

    parent = start("film")
    work()
    parent.refresh_from_db()
    assert parent.state == RunState.FAILED
    assert "shot/2: The lamp went out." in parent.error
    assert sorted(done) == ["shot:1", "shot:2", "shot:3"]

    broken.clear()
    with transport.in_process():
        assert resume_run(parent) is True
    work()
    parent.refresh_from_db()
    assert parent.state == RunState.SUCCEEDED
    assert sorted(done) == ["shot:1", "shot:2", "shot:2", "shot:3"]


def test_a_run_is_advanced_by_one_worker_at_a_time(pipelines, start):
    @pipelines("simple")
    def simple(run):
        assert moves.take_lease(run.run.pk, "another worker") is None
        return "alone"

    run = start("simple")
    executor.advance(run.pk)
    run.refresh_from_db()
    assert run.output == "alone"


def test_a_worker_whose_lease_was_taken_over_writes_nothing_more(pipelines, start):
    @pipelines("slow")
    def slow(run):
        def overtaken(work):
            Run.objects.filter(pk=run.run.pk).update(lease_owner="another worker")
            return "from the paused worker"

        return run.local("only", overtaken)

    run = start("slow")
    executor.advance(run.pk)
    run.refresh_from_db()
    assert (run.state, run.lease_owner) == (RunState.RUNNING, "another worker")
    assert Step.objects.get(key="only").state == StepState.CREATED


def test_an_expired_lease_is_taken_over_and_finished_work_is_kept(pipelines, start, work):
    done = []

    @pipelines("two")
    def two(run):
        run.local("first", lambda work: done.append("first"))
        run.local("second", lambda work: done.append("second"))

    run = start("two")
    Step.objects.create(run=run, key="first", kind="local", state=StepState.SUCCEEDED)
    Run.objects.update(state=RunState.RUNNING, lease_owner="dead", lease_until=timezone.now() - timedelta(seconds=1))
    work()
    run.refresh_from_db()
    assert (run.state, done) == (RunState.SUCCEEDED, ["second"])


def test_a_wake_up_that_arrives_while_a_run_is_advanced_is_not_lost(pipelines, start, provider):
    @pipelines("asks")
    def asks(run):
        steps = {step.key: step for step in run.run.steps.all()}
        if "ask" in steps and steps["ask"].state == StepState.SUBMITTED:
            with transport.in_process():  # the answer arrives after this worker has read its steps
                calls.settle_step(steps["ask"], Result(text="early"))
        return run.call("ask", PICTURE).text

    run = start("asks")
    executor.advance(run.pk)
    run.refresh_from_db()
    assert run.state == RunState.WAITING
    executor.advance(run.pk)
    run.refresh_from_db()
    assert (run.state, run.output) == (RunState.SUCCEEDED, "early")


def test_stopping_a_run_stops_what_it_waits_for_and_cancels_open_steps(pipelines, start, work, provider):
    @pipelines("film")
    def film(run):
        return run.child("shot", "shot", "shot:1")

    @pipelines("shot")
    def shot(run):
        return run.call("ask", PICTURE).text

    parent = start("film")
    work()
    with transport.in_process():
        assert cancel_run(parent) == 2
    work()
    assert set(Run.objects.values_list("state", flat=True)) == {RunState.CANCELLED}
    assert Step.objects.get(key="ask").state == StepState.CANCELLED
    assert provider.cancelled == ["job-1"]


def test_a_run_stops_before_its_next_step_when_asked_to(pipelines, start, work):
    @pipelines("two")
    def two(run):
        run.local("first", lambda work: cancel_run(Run.objects.get(pk=run.run.pk)))
        run.local("second", lambda work: pytest.fail("went on after the stop"))

    run = start("two")
    work()
    run.refresh_from_db()
    assert run.state == RunState.CANCELLED


def test_a_change_of_records_and_the_memory_of_it_commit_together(pipelines, start, work, production):
    @pipelines("writes")
    def writes(run):
        def change():
            Alert.objects.create(project=production, title="half a change")
            raise ValueError("The second half cannot be written.")

        run.record("change", change)

    run = start("writes")
    work()
    run.refresh_from_db()
    assert (run.state, run.error) == (RunState.FAILED, "The second half cannot be written.")
    assert not Alert.objects.exists()
    assert not Step.objects.exists()


def test_inputs_are_frozen_when_the_run_first_moves(pipelines, start, work, provider, production):
    @pipelines("asks")
    def asks(run):
        title = run.freeze(lambda: type(production).objects.get(pk=production.pk).title)
        run.call("ask", PICTURE)
        return title

    run = start("asks")
    work()
    type(production).objects.update(title="Another title")
    with transport.in_process():
        calls.settle_step(Step.objects.get(key="ask"), Result())
    work()
    run.refresh_from_db()
    assert run.output == "The Engine"


def test_a_slice_of_work_gives_the_worker_back(pipelines, start, work, settings):
    settings.RUN_SLICE_SECONDS = 0
    done = []

    @pipelines("many")
    def many(run):
        for number in range(5):
            run.local(f"part/{number}", lambda work, number=number: done.append(number))

    run = start("many")
    assert work() == 6
    run.refresh_from_db()
    assert (run.state, done) == (RunState.SUCCEEDED, [0, 1, 2, 3, 4])


def test_starting_what_already_runs_gives_the_run_that_runs(pipelines, start):
    @pipelines("simple")
    def simple(run): ...

    assert start("simple").pk == start("simple").pk
    assert start("simple", "thing:2").pk != start("simple").pk


def test_the_database_refuses_two_open_runs_of_one_thing(production):
    Run.objects.create(pipeline="simple", subject="thing:1", project=production)
    with pytest.raises(IntegrityError), transaction.atomic():
        Run.objects.create(pipeline="simple", subject="thing:1", project=production)


def test_every_move_is_told_to_the_pages(pipelines, start, work):
    @pipelines("simple")
    def simple(run):
        run.progress(40, "Drawing")
        run.local("draw", lambda work: None)

    run = start("simple")
    work()
    told = [
        (event.payload["state"], event.payload["percent"], event.payload["words"])
        for event in Event.objects.filter(subject=f"run:{run.pk}")
    ]
    assert told == [("queued", 0, ""), ("running", 0, ""), ("running", 40, "Drawing"), ("succeeded", 100, "Done")]


def test_transitions_cannot_be_rewritten(pipelines, start, work):
    @pipelines("simple")
    def simple(run): ...

    start("simple")
    work()
    with pytest.raises(TypeError):
        Transition.objects.first().save()


def test_a_fence_stops_a_worker_that_holds_no_lease(pipelines, start):
    @pipelines("simple")
    def simple(run): ...

    run = start("simple")
    with pytest.raises(LeaseLost):
        moves.fence(run.pk, "nobody")


class Deadlock(Exception):
    """What PostgreSQL's driver raises for one of two that wait for each other."""

    sqlstate = "40P01"


def test_a_deadlock_leaves_the_run_to_the_next_worker(pipelines, start, work):
    tried = []

    @pipelines("writes")
    def writes(run):
        tried.append(run.owner)
        if len(tried) == 1:
            raise OperationalError("deadlock detected") from Deadlock()
        return "written"

    run = start("writes")
    work()
    run.refresh_from_db()
    assert (run.state, run.output, len(tried)) == (RunState.SUCCEEDED, "written", 2)


def test_a_fault_of_the_database_that_will_not_pass_fails_the_run_with_its_words(pipelines, start, work):
    @pipelines("writes")
    def writes(run):
        raise OperationalError("no such column: colour")

    run = start("writes")
    work()
    run.refresh_from_db()
    assert (run.state, run.error) == (RunState.FAILED, "no such column: colour")


def test_an_answer_that_was_settled_is_not_settled_or_paid_again(pipelines, start, work, provider):
    @pipelines("asks")
    def asks(run):
        return run.call("ask", PICTURE).text

    start("asks")
    work()
    with transport.in_process():
        assert calls.settle_step(Step.objects.get(key="ask"), Result(text="first")) is True
        assert calls.settle_step(Step.objects.get(key="ask"), Result(text="second")) is False
    assert Step.objects.get(key="ask").output["text"] == "first"


def test_who_still_holds_an_earlier_attempt_cannot_settle_the_present_one(pipelines, start, work, provider):
    @pipelines("asks")
    def asks(run):
        return run.call("ask", PICTURE).text

    start("asks")
    work()
    stale = Step.objects.get(key="ask")
    Step.objects.filter(key="ask").update(attempt=2, request_id="job-2")
    with transport.in_process():
        assert calls.settle_step(stale, Result(text="of the first attempt")) is False
    assert Step.objects.get(key="ask").state == StepState.SUBMITTED
