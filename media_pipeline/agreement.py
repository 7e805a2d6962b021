"""A person's yes before money is spent: asked for by a run whose estimate is over the production's threshold."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from media_pipeline.estimates import Estimate
from media_pipeline.runs.models import Run
from projects.models import BudgetAccount

if TYPE_CHECKING:
    from media_pipeline.runs.context import RunContext


def agreed(run: RunContext, asked: Callable[[], tuple[Estimate, Any, str]]) -> bool:
    """Write the estimate on the run and, where it is over the threshold or not known, wait until a person says yes.

    `asked` gives the estimate, what exactly would be paid for (bound to the answer by its digest), and words for the
    question. Returns whether somebody had to be asked; what the run does later is then held against what was said.
    """
    cost = run.record("estimate", lambda: _cost(run.run, *asked()))
    if cost["needs_approval"]:
        amount = None if cost["amount"] is None else Decimal(cost["amount"])
        run.approval("spend", digest=cost["digest"], amount=amount, words=cost["words"])
    return bool(cost["needs_approval"])


def _cost(run: Run, estimate: Estimate, what: Any, words: str) -> dict[str, Any]:
    Run.objects.filter(pk=run.pk).update(estimate=estimate.total)
    threshold = BudgetAccount.objects.values_list("approval_threshold", flat=True).get(project_id=run.project_id)
    above = threshold is not None and bool(estimate.lines) and (estimate.total is None or estimate.total > threshold)
    return {
        "amount": None if estimate.total is None else str(estimate.total),
        "needs_approval": above,
        "digest": hashlib.sha256(json.dumps([what, str(estimate.total)]).encode()).hexdigest(),
        "words": words,
    }
