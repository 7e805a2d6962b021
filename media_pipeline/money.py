"""Reserve, settle, release: the only writers of what a production has promised and spent.

A reservation is made before a paid call, in the transaction that creates its step, by conditional UPDATEs that
cannot pass a limit however many workers try at once: a cap refuses, it does not warn. What a call really cost is
settled when its answer is; the rest of the reservation is released. Every movement is a ledger row, and the sums of
the ledger are always those of the account.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_UP, Decimal
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from media_pipeline.providers.base import (
    VISION_TOKENS,
    ImageEditRequest,
    ImageRequest,
    LipSyncRequest,
    MusicRequest,
    Request,
    SoundEffectRequest,
    SpeechRequest,
    TextRequest,
    TrainIdentityRequest,
    UpscaleRequest,
    VideoRequest,
    VisionRequest,
)
from media_pipeline.runs.models import Run, Step
from projects.actions import raise_alert
from projects.choices import Severity
from projects.events import emit
from projects.fields import amount_of
from projects.models import BudgetAccount, BudgetLedgerEntry, PersonDaySpending
from prompts.models import ModelProfile

CENT = Decimal("0.000001")
"""Amounts are kept to a millionth of the currency: one token may cost less than a thousandth of a cent."""

PICTURE_TOKENS = 1600
"""What models that see count for a picture, at most: about 1,500 for one of a megapixel, more are scaled down first."""

ZERO = Decimal(0)
Kind = BudgetLedgerEntry.Kind
Unit = ModelProfile.PriceUnit


class BudgetRefused(Exception):
    """A limit would be passed, or a price is not known where there is a limit; nothing was sent."""


@dataclass(frozen=True)
class Quote:
    """What one call is expected to cost. `amount` None: not known, which is not 0."""

    units: Decimal | None
    price: Decimal | None

    @property
    def amount(self) -> Decimal | None:
        """Units times price, rounded up to a millionth."""
        if self.units is None or self.price is None:
            return None
        return (self.units * self.price).quantize(CENT, rounding=ROUND_UP)


def quote(profile: ModelProfile, request: Request) -> Quote:
    """What a call is expected to cost by its profile's price."""
    return Quote(units_of(request, profile.price_unit), profile.price)


def units_of(request: Request, unit: str) -> Decimal | None:
    """How many of the profile's units a request takes; None where that is known only afterwards."""
    if unit in (Unit.IMAGE, Unit.CALL):
        return Decimal(1)
    if unit == Unit.SECOND:
        return _seconds(request)
    if unit == Unit.MEGAPIXEL and isinstance(request, ImageRequest | ImageEditRequest):
        return Decimal(request.width * request.height) / 1_000_000
    if unit == Unit.MEGAPIXEL and isinstance(request, UpscaleRequest):
        return Decimal(request.width * request.height) * request.factor**2 / 1_000_000
    if unit == Unit.STEPS and isinstance(request, TrainIdentityRequest):
        return Decimal(request.steps) / 1000
    if unit == Unit.CHARACTERS and isinstance(request, SpeechRequest):
        return Decimal(len(request.text))
    if unit == Unit.TOKENS:
        return _tokens(request)
    return None


def _tokens(request: Request) -> Decimal | None:
    """A token is about four letters of English; the answer may be as long as it is allowed to be."""
    if isinstance(request, TextRequest):
        words = (len(request.system) + len(request.prompt)) // 4
        return Decimal(words + len(request.images) * PICTURE_TOKENS + request.max_tokens)
    if isinstance(request, VisionRequest):
        return Decimal(len(request.question) // 4 + PICTURE_TOKENS + VISION_TOKENS)
    return None


def _seconds(request: Request) -> Decimal | None:
    if isinstance(request, VideoRequest):
        return _decimal(Fraction(request.frames) / request.rate)
    if isinstance(request, MusicRequest | SoundEffectRequest | LipSyncRequest):
        return _decimal(request.seconds)
    return None


def _decimal(value: Fraction) -> Decimal:
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(CENT, rounding=ROUND_UP)


def reserve(step: Step, expected: Quote) -> None:
    """Promise what a step is expected to cost, or raise BudgetRefused with the limit that stands in its way.

    Inside the transaction that creates the step or moves it to submitting.
    """
    run, amount = step.run, expected.amount
    if amount == ZERO:  # nothing moves: a free call costs no query
        return
    account = BudgetAccount.objects.get(project_id=run.project_id)
    if amount is None:
        _refuse_unknown(account, step)
        amount = ZERO
    else:
        _within_run(account, run, amount)
        _within_project(account, amount)
        _within_day(account, run, amount)
    Step.objects.filter(pk=step.pk).update(reserved=amount, price=expected.price, units=expected.units)
    step.reserved, step.price, step.units = amount, expected.price, expected.units
    if amount:
        _enter(step, Kind.RESERVE, amount, expected.units)
        _warn_when_near(account)


def settle(step: Step, actual: Decimal | None, *, units: Decimal | None = None, note: str = "") -> None:
    """Turn a step's reservation into what it really cost; None keeps the expected amount, marked as such."""
    amount = step.reserved if actual is None else actual.quantize(CENT, rounding=ROUND_UP)
    if not amount and not step.reserved:
        return
    _free(step)
    _spend(step, amount)
    _enter(step, Kind.SETTLE, amount, units, note or ("" if actual is not None else "expected amount"))


def release(step: Step, *, note: str = "") -> None:
    """Give back a step's reservation: it was not accepted, or cost nothing."""
    _free(step, note)


def adjust(step: Step, amount: Decimal, *, note: str) -> None:
    """Correct what a settled step cost, by `amount` (may be negative), saying why."""
    _spend(step, amount)
    _enter(step, Kind.ADJUST, amount, None, note)


def _spend(step: Step, amount: Decimal) -> None:
    """Add to what the step, its run, the production and the person have spent; a call that was made twice cost both."""
    Step.objects.filter(pk=step.pk).update(settled=Coalesce(F("settled"), amount_of(ZERO)) + amount_of(amount))
    step.refresh_from_db(fields=["settled"])
    _commit_run(step.run, amount)
    BudgetAccount.objects.filter(project_id=step.run.project_id).update(spent=F("spent") + amount_of(amount))
    _commit_day(step.run, amount)


def _free(step: Step, note: str = "") -> None:
    amount = step.reserved
    if not amount or not Step.objects.filter(pk=step.pk, reserved=amount).update(reserved=ZERO):
        return
    step.reserved = ZERO
    _commit_run(step.run, -amount)
    BudgetAccount.objects.filter(project_id=step.run.project_id).update(reserved=F("reserved") - amount_of(amount))
    _commit_day(step.run, -amount)
    _enter(step, Kind.RELEASE, -amount, None, note)


def _within_project(account: BudgetAccount, amount: Decimal) -> None:
    room = Q(limit=None) | Q(limit__gte=F("spent") + F("reserved") + amount_of(amount))
    if not BudgetAccount.objects.filter(room, pk=account.pk).update(reserved=F("reserved") + amount_of(amount)):
        account.refresh_from_db()
        raise BudgetRefused(
            f"This needs {_money(account, amount)}, but of the production's limit of "
            f"{_money(account, account.limit)} {_money(account, account.spent)} is spent and "
            f"{_money(account, account.reserved)} promised. Raise the limit or make less."
        )


def _within_run(account: BudgetAccount, run: Run, amount: Decimal) -> None:
    root = Run.objects.filter(pk=run.root_id or run.pk)
    if account.run_limit is not None:
        root = root.filter(committed__lte=account.run_limit - amount)
    if not root.update(committed=F("committed") + amount_of(amount)):
        raise BudgetRefused(
            f"This needs {_money(account, amount)} and would take the run over {_money(account, account.run_limit)}, "
            "the most that one run of this production may spend."
        )


def _within_day(account: BudgetAccount, run: Run, amount: Decimal) -> None:
    if run.requested_by_id is None:
        return
    day = _day_of(run)
    if account.person_day_limit is not None:
        day = day.filter(committed__lte=account.person_day_limit - amount)
    if not day.update(committed=F("committed") + amount_of(amount)):
        raise BudgetRefused(
            f"This needs {_money(account, amount)} and would take you over "
            f"{_money(account, account.person_day_limit)}, the most that one person may spend here in a day."
        )


def _commit_run(run: Run, amount: Decimal) -> None:
    """Move what the run and all above it have committed."""
    if amount:
        Run.objects.filter(pk=run.root_id or run.pk).update(committed=F("committed") + amount_of(amount))


def _commit_day(run: Run, amount: Decimal) -> None:
    """Move what the person has committed; each movement of a step counts on the day it happens."""
    if amount and run.requested_by_id is not None:
        _day_of(run).update(committed=F("committed") + amount_of(amount))


def _day_of(run: Run) -> QuerySet[PersonDaySpending]:
    key: dict[str, Any] = {
        "project_id": run.project_id, "person_id": run.requested_by_id, "day": timezone.now().date(),
    }  # fmt: skip
    PersonDaySpending.objects.get_or_create(**key)
    return PersonDaySpending.objects.filter(**key)


def _refuse_unknown(account: BudgetAccount, step: Step) -> None:
    limits = (account.limit, account.run_limit, account.person_day_limit)
    if any(limit is not None for limit in limits):
        raise BudgetRefused(
            f"What {step.provider} {step.endpoint} costs is not known, and this production has a spending limit: "
            "give its model profile a price, or take the limit away."
        )


def _warn_when_near(account: BudgetAccount) -> None:
    account.refresh_from_db()
    if account.limit and (account.spent + account.reserved) * 100 >= account.limit * account.warning_percent:
        raise_alert(
            account.pk,
            severity=Severity.WARNING,
            title=f"{account.warning_percent} % of the budget is spent or promised",
            message=f"The limit is {_money(account, account.limit)}. What would pass it is refused.",
            source=f"budget:{account.pk}",
        )


def _enter(step: Step, kind: str, amount: Decimal, units: Decimal | None, note: str = "") -> None:
    run = step.run
    currency = BudgetAccount.objects.values_list("currency", flat=True).get(project_id=run.project_id)
    with transaction.atomic():
        BudgetLedgerEntry.objects.create(
            project_id=run.project_id, run=run, step=step, kind=kind, amount=amount, currency=currency,
            provider=step.provider, model=step.endpoint, units=units, note=note[:200],
        )  # fmt: skip
        emit(run.project_id, "budget.moved", f"project:{run.project_id}", {"kind": kind, "amount": str(amount)})


def _money(account: BudgetAccount, amount: Decimal | None) -> str:
    return f"{(amount or ZERO).normalize():f} {account.currency}"
