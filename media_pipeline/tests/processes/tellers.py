"""`python -m media_pipeline.tests.processes.tellers`: eight tellers move one production's money at random.

Each move is made by the product's own verbs on whichever call the dice name, so that tellers meet at the same call all
the time: what is settled is settled again, released, cancelled or written off by another at the same moment. All three
caps are low enough to be reached. Prints JSON: how many moves of which kind, how fast, what was refused, and `wrong`,
everything that does not add up. Works on the database of the settings, which must be migrated.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import django

LIMIT, RUN_LIMIT, DAY_LIMIT = Decimal(45), Decimal(17), Decimal(16)
LATEST = 12
"""Calls among which the tellers choose: few, so that they meet."""


@dataclass
class Bank:
    """A production with three families of runs asked for by three people, and the calls made so far."""

    project: Any
    runs: list[int]
    calls: list[int] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    troubles: list[str] = field(default_factory=list)


class Obliging:
    """A provider that drops whatever it is asked to drop."""

    local = False
    keeps_history = False

    def cancel(self, *about: Any) -> bool:
        """Certain that it will not be charged."""
        return True


def open_bank() -> Bank:
    """The production, its limits, and runs that this process holds."""
    from django.contrib.auth import get_user_model

    from media_pipeline.runs.models import Run, RunState
    from projects.actions import create_project, set_budget

    people = [get_user_model().objects.create_user(f"teller-{number}-{time.time_ns()}") for number in range(3)]
    project = create_project(title="The Bank", owner=people[0])
    set_budget(project, limit=LIMIT, run_limit=RUN_LIMIT, person_day_limit=DAY_LIMIT)
    held = {"project": project, "pipeline": "ask", "state": RunState.RUNNING, "lease_owner": "tellers"}
    runs = []
    for family, person in enumerate(people):
        root = Run.objects.create(subject=f"thing:{project.pk}/{family}", requested_by=person, **held)
        runs.append(root.pk)
        for child in range(2):
            subject = f"thing:{project.pk}/{family}/{child}"
            asking = people[family - child]
            runs.append(Run.objects.create(subject=subject, requested_by=asking, parent=root, root=root, **held).pk)
    return Bank(project, runs)


def reserve(bank: Bank, dice: random.Random) -> None:
    """A new call, as a pipeline prepares it."""
    from django.db import transaction

    from media_pipeline import money
    from media_pipeline.runs import moves
    from media_pipeline.runs.models import Run, Step, StepState

    run = Run.objects.get(pk=dice.choice(bank.runs))
    with transaction.atomic():
        moves.hold(run)
        moves.fence(run.pk, "tellers")
        step = Step.objects.create(run=run, key=f"call/{dice.getrandbits(60)}", kind="provider", provider="fal")
        money.reserve(step, money.Quote(Decimal(1), Decimal(dice.randint(1, 200)) / 100))
    moves.move_step(step, StepState.SUBMITTING)
    moves.move_step(step, StepState.SUBMITTED, request_id=f"job-{step.pk}")
    bank.calls.append(step.pk)


def settle(bank: Bank, dice: random.Random) -> None:
    """The same answer twice, as a report and a poll bring it."""
    from media_pipeline.providers.base import Result
    from media_pipeline.runs import calls

    first, second = _chosen(bank, dice, count=2)
    if first.state != "submitted" or second.state != "submitted":  # nobody asks about it any more
        return
    cost = first.reserved * dice.randint(0, 20) / 100
    settled = [calls.settle_step(step, Result(text="done", cost=cost)) for step in (first, second)]
    bank.counts["settled"] += sum(settled)
    if all(settled):
        bank.troubles.append(f"call {first.pk} was settled twice")


def fail(bank: Bank, dice: random.Random) -> None:
    """A refusal, sometimes charged all the same."""
    from media_pipeline.runs import calls

    (step,) = _chosen(bank, dice)
    if step.state != "submitted":
        return
    charged = dice.choice([None, None, calls.Charge(cost=step.reserved / 10)])
    bank.counts["failed"] += calls.fail_step(step, "Refused", "not today", charged=charged)


def cancel(bank: Bank, dice: random.Random) -> None:
    """A run whose calls in flight are dropped."""
    from media_pipeline.runs import calls
    from media_pipeline.runs.models import Run

    calls.cancel_submitted(Run.objects.get(pk=dice.choice(bank.runs)))


def release(bank: Bank, dice: random.Random) -> None:
    """Not accepted: given back, and promised again when it is made anew."""
    from media_pipeline.providers.errors import JobFailed
    from media_pipeline.runs import calls

    (step,) = _chosen(bank, dice)
    if step.state == "submitted":
        calls.refuse(step, JobFailed("try again"))
    _make_again(step.pk)


def write_off(bank: Bank, dice: random.Random) -> None:
    """A lost call that a person writes off, twice, and that is made again."""
    from media_pipeline.runs import lost, moves
    from media_pipeline.runs.models import StepState

    (step,) = _chosen(bank, dice)
    if step.state == "submitted":
        moves.move_step(step, StepState.UNKNOWN)
    first, second = _chosen(bank, dice, count=2, pk=step.pk)
    written = [lost.write_off(found, by="a person") for found in (first, second)]
    bank.counts["written off"] += sum(written)
    if all(written):
        bank.troubles.append(f"call {step.pk} was written off twice")
    _make_again(step.pk)


def _make_again(pk: int) -> None:
    """What a worker does with a call that is to be submitted again."""
    from django.db import transaction

    from media_pipeline import money
    from media_pipeline.runs import moves
    from media_pipeline.runs.models import Step, StepState

    step = Step.objects.select_related("run").get(pk=pk)
    if step.state != StepState.CREATED:
        return
    with transaction.atomic():
        moves.hold(step.run)
        moves.fence(step.run_id, "tellers")
        if not moves.move_step(step, StepState.SUBMITTING):
            return
        if step.price and not step.reserved:
            money.reserve(step, money.Quote(step.units, step.price))
    moves.move_step(step, StepState.SUBMITTED, request_id=f"job-{step.pk}-{step.attempt}")


def _chosen(bank: Bank, dice: random.Random, count: int = 1, pk: int = 0) -> list[Any]:
    """One of the latest calls, read `count` times."""
    from media_pipeline.runs.models import Step

    pk = pk or dice.choice(bank.calls[-LATEST:])
    return [Step.objects.select_related("run").get(pk=pk) for _ in range(count)]


MOVES: list[Callable[[Bank, random.Random], None]] = [
    reserve, reserve, reserve, settle, settle, settle, fail, release, write_off, cancel,
]  # fmt: skip


def stand(bank: Bank, moves: int, seed: int) -> None:
    """One teller: so many moves, by dice of its own."""
    from django.db import OperationalError, connection

    from media_pipeline.money import BudgetRefused
    from media_pipeline.runs import transport

    dice = random.Random(seed)
    try:
        with transport.in_process():
            for _ in range(moves):
                move = dice.choice(MOVES) if bank.calls else reserve
                bank.counts[move.__name__] += 1
                try:
                    move(bank, dice)
                except BudgetRefused as refused:
                    words = str(refused)
                    cap = "run" if "the run over" in words else "day" if "you over" in words else "production"
                    bank.counts[f"refused: {cap}"] += 1
                except OperationalError as error:
                    bank.troubles.append(f"{move.__name__}: {str(error).splitlines()[0]}")
    except Exception as error:
        bank.troubles.append(f"{type(error).__name__}: {error}")
        raise
    finally:
        connection.close()


def audit(bank: Bank) -> Iterator[str]:
    """Everything that does not add up: the ledger is read in its order, as it was written."""
    from media_pipeline.runs.models import Run
    from projects.models import BudgetAccount, BudgetLedgerEntry, PersonDaySpending

    account = BudgetAccount.objects.get(project=bank.project)
    promised, spent = Decimal(0), Decimal(0)
    runs: Counter[int] = Counter()
    people: Counter[int] = Counter()
    for entry in BudgetLedgerEntry.objects.filter(project=bank.project).select_related("run").order_by("pk"):
        if entry.kind in ("reserve", "release"):
            promised += entry.amount
        else:
            spent += entry.amount
        root, person = entry.run.root_id or entry.run_id, entry.run.requested_by_id
        runs[root] += entry.amount
        people[person] += entry.amount
        for what, amount, cap in (
            ("the production", promised + spent, LIMIT), (f"run {root}", runs[root], RUN_LIMIT),
            (f"person {person}", people[person], DAY_LIMIT),
        ):  # fmt: skip
            if amount > cap:
                yield f"{what} reached {amount} over its cap of {cap} at entry {entry.pk}"
        if promised < 0 or spent < 0:
            yield f"promised {promised} and spent {spent} at entry {entry.pk}"
    if (account.reserved, account.spent) != (promised, spent):
        yield f"the account says {account.reserved} and {account.spent}, its ledger {promised} and {spent}"
    for run in Run.objects.filter(project=bank.project, root=None):
        if run.committed != runs[run.pk]:
            yield f"run {run.pk} says {run.committed}, its ledger {runs[run.pk]}"
    for person, amount in people.items():
        days = PersonDaySpending.objects.filter(project=bank.project, person_id=person)
        if sum(day.committed for day in days) != amount:
            yield f"person {person} has other days than the {amount} of the ledger"
    yield from _audit_calls(bank)


def _audit_calls(bank: Bank) -> Iterator[str]:
    """Every call's own amounts against its entries."""
    from django.db.models import Q, Sum

    from media_pipeline.runs.models import Step

    of_kind = {"held": Q(kind__in=["reserve", "release"]), "paid": Q(kind__in=["settle", "adjust"])}
    for step in Step.objects.filter(run__project=bank.project):
        sums = {
            name: step.ledger.filter(kinds).aggregate(sum=Sum("amount"))["sum"] or 0 for name, kinds in of_kind.items()
        }
        if (step.reserved, step.settled or 0) != (sums["held"], sums["paid"]):
            yield f"call {step.pk} says {step.reserved}, {step.settled}; its ledger {sums['held']}, {sums['paid']}"
        if step.state in ("succeeded", "failed", "cancelled", "created") and step.reserved:
            yield f"call {step.pk} is {step.state} and still holds {step.reserved}"


def work(threads: int, moves: int, seed: int) -> dict[str, Any]:
    """Let the tellers make `moves` moves together and audit their books."""
    from django.db import connection

    from media_pipeline.runs import calls
    from projects.models import BudgetLedgerEntry

    calls.provider_named = lambda name: Obliging()  # type: ignore[assignment,return-value]  # for cancel_submitted
    bank = open_bank()
    started = time.perf_counter()
    tellers = [
        threading.Thread(target=stand, args=(bank, moves // threads, seed * 1000 + number)) for number in range(threads)
    ]
    for teller in tellers:
        teller.start()
    for teller in tellers:
        teller.join()
    seconds = time.perf_counter() - started
    entries = BudgetLedgerEntry.objects.filter(project=bank.project).count()
    return {
        "database": connection.vendor, "threads": threads, "moves": moves, "seed": seed,
        "seconds": round(seconds, 2), "moves_per_second": round(moves / seconds),
        "ledger_entries": entries, "entries_per_second": round(entries / seconds),
        "counts": dict(sorted(bank.counts.items())), "wrong": [*bank.troubles, *audit(bank)],
    }  # fmt: skip


def main() -> None:
    """Print the result as JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--moves", type=int, default=1000)
    parser.add_argument("--threads", type=int, default=8)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings")
    django.setup()
    print(json.dumps(work(options.threads, options.moves, options.seed)))


if __name__ == "__main__":
    main()
