"""A pipeline's question gets an answer whatever the model does, and the run remembers who gave it."""

from __future__ import annotations

import pytest
from pydantic import BaseModel, Field

from media_pipeline.money import BudgetAccount
from media_pipeline.providers.llm.answers import ask, parsed
from media_pipeline.runs import registry, transport
from media_pipeline.runs.actions import start_run
from media_pipeline.runs.due import due_runs
from media_pipeline.runs.executor import advance
from media_pipeline.runs.models import Run, RunState, Step, StepState
from projects.models import BudgetLedgerEntry
from prompts.models import ModelProfile

from .chat_server import KEY, Reply, fails, says


class Light(BaseModel):
    """A light and how strong it is."""

    name: str
    strength: int = Field(ge=0, le=10)


RULE = Light(name="soft daylight", strength=5)
MOON = {"name": "moonlight", "strength": 3}


@pytest.fixture
def paid_model(db):
    ModelProfile.objects.filter(capability="text").delete()
    return ModelProfile.objects.create(
        name="House", capability="text", provider="llm", price="0.00001", price_unit="token", timeout_seconds=1,
        supports=["json_schema"],
    )  # fmt: skip


@pytest.fixture
def asked(monkeypatch, project):
    """Run a pipeline that asks for the light; returns the run and the answers it got, one per replay."""
    monkeypatch.setattr(registry, "_pipelines", {})
    monkeypatch.setattr(registry, "_load", lambda: None)
    answers = []

    @registry.pipeline("lights")
    def lights(run):
        answers.append(
            ask(
                run, "light", schema=Light, system="Gaffer.", prompt="Which light?", template="light/1",
                fallback=lambda: RULE, check=lambda light: ["There is no sun at night."] * (light.name == "sun"),
            )
        )  # fmt: skip
        return answers[-1].value.name

    def go() -> Run:
        with transport.in_process():
            run = start_run("lights", "thing:1", project)
            while due := due_runs().first():
                advance(due.pk)
        run.refresh_from_db()
        return run

    return go, answers


def test_without_a_model_the_rules_answer_and_nothing_is_asked(asked, db):
    go, answers = asked
    run = go()
    assert run.state == RunState.SUCCEEDED
    assert (answers[-1].value, answers[-1].by) == (RULE, "rules")
    assert answers[-1].why == "No language model is set up."
    assert list(run.steps.values_list("key", "kind")) == [("light/answer", Step.Kind.LOCAL)]


def test_a_valid_answer_of_the_model_is_used_and_paid_by_its_tokens(chat, paid_model, asked):
    go, answers = asked
    chat.replies = [says(MOON)]
    run = go()
    assert run.output == "moonlight"
    answer = answers[-1]
    assert (answer.by, answer.why, answer.model, answer.tokens) == ("model", "", "house-model-2026", 70)
    account = BudgetAccount.objects.get(project=run.project)
    assert (str(account.spent), account.reserved) == ("0.000700", 0)
    assert chat.asked[0]["response_format"]["json_schema"]["schema"] == Light.model_json_schema()
    assert run.steps.get(key="light").output["provenance"]["template"] == "light/1"


@pytest.mark.parametrize("nonsense", ["The light is {", '{"name": "moon"}', '{"name": "moon", "strength": 11}'])
def test_an_invalid_answer_is_repaired_once_with_what_is_wrong(chat, paid_model, asked, nonsense):
    go, answers = asked
    chat.replies = [says(nonsense), says(MOON)]
    go()
    assert (answers[-1].value.name, answers[-1].by, answers[-1].tokens) == ("moonlight", "model after repair", 140)
    again = chat.asked[1]["messages"][1]["content"]
    assert nonsense in again
    assert "strength" in again or "not JSON" in again


def test_what_the_pipeline_itself_finds_wrong_is_told_to_the_model(chat, paid_model, asked):
    go, answers = asked
    chat.replies = [says(MOON | {"name": "sun"}), says(MOON)]
    go()
    assert answers[-1].by == "model after repair"
    assert "- There is no sun at night." in chat.asked[1]["messages"][1]["content"]


def test_two_invalid_answers_leave_it_to_the_rules(chat, paid_model, asked):
    go, answers = asked
    chat.replies = [says("no"), says(MOON | {"strength": 99})]
    run = go()
    assert run.state == RunState.SUCCEEDED
    assert (answers[-1].value, answers[-1].by) == (RULE, "rules")
    assert "invalid twice: strength" in answers[-1].why
    assert len(chat.asked) == 2


def test_a_refused_key_leaves_it_to_the_rules_and_is_nowhere_to_be_read(chat, paid_model, asked):
    go, answers = asked
    chat.replies = [fails(401, f"Bad key {KEY}")]
    run = go()
    assert run.state == RunState.SUCCEEDED
    assert (answers[-1].by, answers[-1].why) == ("rules", "The language model answered 401: Bad key (key)")
    stored = str(list(Step.objects.values())) + str(list(run.transitions.values()))
    assert KEY not in stored


def test_a_models_own_refusal_leaves_it_to_the_rules_but_is_paid(chat, paid_model, asked):
    go, answers = asked
    chat.replies = [says("", refusal="Not this.")]
    go()
    assert (answers[-1].by, answers[-1].why) == ("rules", "The model refused: Not this.")
    assert str(BudgetAccount.objects.get().spent) == "0.000700"


@pytest.mark.parametrize("reply", [Reply(b"", drop=True), fails(502, "Bad gateway")])
def test_a_lost_answer_is_never_asked_for_again_and_does_not_stop_the_run(chat, paid_model, asked, reply):
    go, answers = asked
    chat.replies = [reply]
    run = go()
    assert (run.state, answers[-1].by) == (RunState.SUCCEEDED, "rules")
    assert len(chat.asked) == 1
    assert run.steps.get(key="light").state == StepState.UNKNOWN
    assert run.project.alerts.get().title == "A paid request may or may not have been accepted"
    assert list(BudgetLedgerEntry.objects.values_list("kind", flat=True)) == ["reserve"]


def test_a_model_that_is_busy_is_waited_for(chat, paid_model, asked):
    go, answers = asked
    chat.replies = [fails(429, "Slow down."), says(MOON)]
    run = go()
    assert (run.state, answers) == (RunState.WAITING, [])
    run.steps.update(next_poll_at=None)
    with transport.in_process():
        advance(run.pk)
    assert answers[-1].by == "model"


def test_past_the_limit_the_rules_answer_and_nothing_is_sent(chat, paid_model, asked, project):
    go, answers = asked
    BudgetAccount.objects.filter(project=project).update(limit="0.001")
    run = go()
    assert (run.state, answers[-1].by, chat.asked) == (RunState.SUCCEEDED, "rules", [])
    assert "limit" in answers[-1].why


def test_what_decided_stays_decided_when_the_model_comes_back(chat, paid_model, asked, settings):
    go, answers = asked
    settings.LLM_BASE_URL, base = "", settings.LLM_BASE_URL
    run = go()
    settings.LLM_BASE_URL = base
    Run.objects.filter(pk=run.pk).update(state=RunState.QUEUED)
    with transport.in_process():
        advance(run.pk)
    assert [answer.by for answer in answers] == ["rules", "rules"]
    assert chat.asked == []


@pytest.mark.parametrize(
    "text",
    ['{"name": "moon", "strength": 1}', '```json\n{"name": "moon", "strength": 1}\n```',
     '<think>moon or {sun}?</think>\n{"name": "moon", "strength": 1}'],
)  # fmt: skip
def test_fences_and_thoughts_around_the_json_are_let_pass(text):
    assert parsed(text, Light, None) == (Light(name="moon", strength=1), [])


def test_what_no_database_can_keep_is_taken_out_of_a_models_json():
    assert parsed(r'{"name": "mo\u0000on", "strength": 1}', Light, None) == (Light(name="moon", strength=1), [])
    assert parsed('{"name": "moon", "strength": NaN}', Light, None)[0] is None


def test_json_nested_beyond_reason_is_an_invalid_answer():
    value, faults = parsed("[" * 100_000, Light, None)
    assert value is None
    assert faults[0].startswith("The answer is not JSON")
