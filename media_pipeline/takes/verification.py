"""Looking at a picture twice: do the records contradict it, and does a model that can see find what was wanted?

Both must pass. Where nobody can judge, the answer is "not measured", never a yes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.conf import settings

from media_pipeline.money import BudgetRefused
from media_pipeline.providers.base import Capability, KnowledgeRequest, Record, Request, VisionRequest
from media_pipeline.providers.choice import NoModel, profile_for
from media_pipeline.providers.json_service import read_json
from media_pipeline.runs.errors import StepFailed
from projects.models import Project
from scenes.actions import record_verification
from scenes.choices import VerificationKind
from scenes.models import CompositeIteration, Shot

from .limits import limits

if TYPE_CHECKING:
    from media_pipeline.runs.calls import CallResult
    from media_pipeline.runs.context import RunContext

NOT_MEASURED = "not measured"
_WORD = re.compile(r"[a-z]+")


class Questions(Record):
    """What is asked about a picture. `no_judge` and `no_knowledge` say why nobody is asked, where that is so."""

    vision: str = ""
    knowledge: str = ""
    no_judge: str = ""
    no_knowledge: str = ""


class Verdict(Record):
    """What came of one question: `passed` None is not measured. `problems` are sentences for the next attempt."""

    passed: bool | None
    problems: tuple[str, ...] = ()
    confidence: str = ""
    answer: str = ""
    note: str = ""


def both(verdicts: Sequence[Verdict]) -> Verdict:
    """The verdict over all: a single no is a no; a yes takes a yes of everybody who was asked."""
    problems = tuple(problem for verdict in verdicts for problem in verdict.problems)
    if any(verdict.passed is False for verdict in verdicts):
        return Verdict(passed=False, problems=problems)
    if verdicts and all(verdict.passed for verdict in verdicts):
        return Verdict(passed=True)
    return Verdict(passed=None, note=" ".join(verdict.note for verdict in verdicts if verdict.note))


def no_judge(project: Project, tier: str, *, drawn: bool) -> str:
    """Why no model can be asked to look at pictures; empty where one can."""
    if drawn:
        return f"{NOT_MEASURED}: the animatic draws what the records say, there is nothing to compare it with."
    try:
        profile = profile_for(Capability.VISION_QUERY, tier)
    except NoModel as nobody:
        return f"{NOT_MEASURED}: {nobody}"
    if profile.price is None and project.budget.limit is not None:
        return f"{NOT_MEASURED}: {profile.name} has no price and the production has a limit. Enter its price to use it."
    return ""


def no_knowledge(*, drawn: bool) -> str:
    """Why the knowledge query decides nothing; empty where a knowledge service is set up."""
    if drawn:
        return f"{NOT_MEASURED}: the animatic draws the records themselves."
    if not settings.KNOWLEDGE_URL:
        return f"{NOT_MEASURED}: without a knowledge service only words are compared, which shows nothing of a picture."
    return ""


def verify(
    run: RunContext, shot: Shot, questions: Questions, picture: CallResult, *, key: str,
    aspects: Sequence[str], tier: str, iteration_id: int | None, knowledge: bool,
) -> Verdict:  # fmt: skip
    """Ask about a picture and keep every answer; both questions go out at once.

    `knowledge` is asked of the finished picture only. The remembered step `key` holds the verdict.
    """
    asked: dict[str, Request] = {}
    if questions.vision and not questions.no_judge:
        asked[f"{key}/vision"] = VisionRequest(question=questions.vision, image=picture.files[0])
    if knowledge and questions.knowledge and not questions.no_knowledge:
        asked[f"{key}/knowledge"] = KnowledgeRequest(question=questions.knowledge, image=picture.files[0])
    answers, failures = _ask(run, asked, tier)
    seen = failures.get(f"{key}/vision") or _of_vision(answers.get(f"{key}/vision"), questions, aspects)
    told = None
    if knowledge:
        told = failures.get(f"{key}/knowledge") or _of_knowledge(answers.get(f"{key}/knowledge"), questions)

    def keep() -> dict[str, Any]:
        about = {"picture_id": picture.asset_ids[0], "run_id": run.run.pk, "iteration_id": iteration_id}
        _keep(shot, VerificationKind.VISION_MODEL, questions.vision, seen, about)
        if told is not None:
            _keep(shot, VerificationKind.KNOWLEDGE_QUERY, questions.knowledge, told, about)
        found = both([verdict for verdict in (seen, told) if verdict is not None])
        if iteration_id is not None:
            details = {"problems": list(found.problems), "note": found.note}
            CompositeIteration.objects.filter(pk=iteration_id).update(passed=found.passed, details=details)
        return found.model_dump(mode="json")

    return Verdict.model_validate(run.record(f"{key}/verdict", keep))


def _ask(
    run: RunContext, asked: dict[str, Request], tier: str
) -> tuple[dict[str, CallResult], dict[str, Verdict]]:  # fmt: skip
    """The answers, and for those whose judge failed that nothing was measured: a picture is not worse for it.

    A limit on money stops the run like any other call.
    """
    answers: dict[str, CallResult] = {}
    failures: dict[str, Verdict] = {}
    try:
        return run.call_all(asked, tier=tier) if asked else {}, failures
    except StepFailed as failure:
        if failure.error_class == BudgetRefused.__name__:
            raise
    for key, request in asked.items():
        try:
            answers |= run.call_all({key: request}, tier=tier)
        except StepFailed as failure:
            failures[key] = Verdict(passed=None, note=f"{NOT_MEASURED}: {failure}")
    return answers, failures


def _keep(shot: Shot, kind: str, query: str, verdict: Verdict, about: dict[str, Any]) -> None:
    record_verification(
        shot, kind=kind, query=query or NOT_MEASURED, passed=verdict.passed, answer=verdict.answer or verdict.note,
        confidence=Decimal(verdict.confidence) if verdict.confidence else None,
        details={"problems": list(verdict.problems)}, **about,
    )  # fmt: skip


def _of_vision(answer: CallResult | None, questions: Questions, aspects: Sequence[str]) -> Verdict:
    if answer is None:
        return Verdict(passed=None, note=questions.no_judge or NOT_MEASURED)
    return read_vision(answer.text, aspects)


def read_vision(text: str, aspects: Sequence[str]) -> Verdict:
    """What a model that sees answered: JSON by aspect, or yes or no in words. What cannot be read is not measured.

    Only `aspects` count; of these one that the answer leaves out is not measured.
    """
    try:
        found = read_json(text)
    except ValueError:
        found = None
    if isinstance(found, dict):
        return _by_aspect(found, aspects, text)
    words = _WORD.findall(text.lower())
    if words[:1] == ["yes"]:
        return Verdict(passed=True, answer=text)
    if words[:1] == ["no"]:
        return Verdict(passed=False, answer=text, problems=(text.strip()[:400],))
    return Verdict(passed=None, answer=text, note=f"{NOT_MEASURED}: the answer is neither yes nor no.")


def _by_aspect(found: dict[str, Any], aspects: Sequence[str], text: str) -> Verdict:
    problems, silent = [], []
    for aspect in aspects:
        said = found.get(aspect)
        passed = said.get("passed") if isinstance(said, dict) else said
        if not isinstance(passed, bool):
            silent.append(aspect)
        elif not passed:
            problem = str(said.get("problem") or "") if isinstance(said, dict) else ""
            problems.append(problem[:400] or f"The {aspect} is not as asked for.")
    if problems:
        return Verdict(passed=False, problems=tuple(problems), answer=text)
    if silent:
        return Verdict(passed=None, answer=text, note=f"{NOT_MEASURED}: nothing was said about {', '.join(silent)}.")
    return Verdict(passed=True, answer=text)


def _of_knowledge(answer: CallResult | None, questions: Questions) -> Verdict:
    """A confidence above the limit passes; an answer without one is not measured."""
    if answer is None:
        return Verdict(passed=None, note=questions.no_knowledge or NOT_MEASURED)
    confidence = answer.data.get("confidence")
    if confidence is None:
        return Verdict(passed=None, answer=answer.text, note=f"{NOT_MEASURED}: no confidence was given.")
    exact = Decimal(str(confidence))
    passed = exact > limits().confidence
    problem = f"What is known does not bear the picture out (confidence {exact:.2f}): {answer.text[:200]}"
    return Verdict(
        passed=passed, problems=() if passed else (problem,), confidence=f"{exact:.3f}", answer=answer.text
    )  # fmt: skip
