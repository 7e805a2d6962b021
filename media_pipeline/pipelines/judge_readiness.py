"""A language model judges the material, once per department; what it says stands beside what the rules say."""

from __future__ import annotations

from functools import partial
from typing import Any

from media_pipeline.agreement import agreed
from media_pipeline.departments.asking import ask_department
from media_pipeline.judging import MOST_TOKENS, PIPELINE, Judgement, estimate_judging, faults_of, questions_now
from media_pipeline.runs.context import RunContext
from media_pipeline.runs.registry import pipeline
from projects.actions import record_readiness
from projects.choices import Evaluator
from projects.models import Project


@pipeline(PIPELINE)
def judge_readiness(run: RunContext) -> dict[str, Any]:
    """Settings: `tier`. Only valid answers of the model are recorded; the others are named with why."""
    project = Project.objects.get(pk=run.run.project_id)
    asked = run.freeze(lambda: questions_now(project))
    agreed(run, lambda: (estimate_judging(project), asked, f"Judging the material of {project.title}."))
    judged: dict[str, int] = {}
    unanswered: dict[str, str] = {}
    for place, (key, one) in enumerate(asked.items()):
        run.progress(100 * place // len(asked), f"The model reads for {one['label']}")
        answer = ask_department(
            run, one["label"], f"judge/{key}", schema=Judgement, question=one["question"], material=one["material"],
            fallback=lambda: Judgement(score=0), check=faults_of, max_tokens=MOST_TOKENS,
        )  # fmt: skip
        if answer.by == "rules":
            unanswered[one["label"]] = answer.why
        else:
            judged[key] = run.record(f"keep/{key}", partial(_keep, project, key, answer.value))
    return {"judged": judged, "unanswered": unanswered}


def _keep(project: Project, key: str, judgement: Judgement) -> int:
    missing = [words.strip() for words in judgement.missing]
    return record_readiness(project, key, judgement.score, missing, by=Evaluator.MODEL).score
