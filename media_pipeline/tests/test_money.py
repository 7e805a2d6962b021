"""Money: limits refuse, sums hold, nothing is paid twice."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest
from django.db.models import Sum

from media_pipeline import money
from media_pipeline.money import BudgetRefused, Quote
from media_pipeline.providers.base import (
    ImageRequest,
    SpeechRequest,
    TextRequest,
    TrainIdentityRequest,
    VideoRequest,
    VisionRequest,
)
from media_pipeline.runs.models import Run, Step
from projects.actions import set_budget
from projects.models import Alert, BudgetAccount, BudgetLedgerEntry
from prompts.models import ModelProfile

D = Decimal


@pytest.fixture
def run(project, owner):
    return Run.objects.create(pipeline="render_shot", subject="shot:1", project=project, requested_by=owner)


@pytest.fixture
def step(run):
    count = iter(range(1000))
    return lambda: Step.objects.create(run=run, key=f"call/{next(count)}", kind="provider", provider="fal")


def account(project) -> tuple[Decimal, Decimal]:
    found = BudgetAccount.objects.get(project=project)
    return found.reserved, found.spent


def sums_of_ledger(project) -> tuple[Decimal, Decimal]:
    def total(*kinds):
        entries = BudgetLedgerEntry.objects.filter(project=project, kind__in=kinds)
        return entries.aggregate(sum=Sum("amount"))["sum"] or D(0)

    return total("reserve", "release"), total("settle", "adjust")


def test_a_call_is_promised_then_settled_at_what_it_cost(project, step):
    call = step()
    money.reserve(call, Quote(D(1), D("0.039")))
    assert account(project) == (D("0.039"), D(0))
    money.settle(call, D("0.030"))
    assert account(project) == (D(0), D("0.030")) == sums_of_ledger(project)
    assert list(BudgetLedgerEntry.objects.values_list("kind", "amount")) == [
        ("reserve", D("0.039")), ("release", D("-0.039")), ("settle", D("0.030"))
    ]  # fmt: skip


def test_what_was_not_accepted_costs_nothing(project, step):
    call = step()
    money.reserve(call, Quote(D(1), D(2)))
    money.release(call, note="refused")
    money.release(call, note="refused again")
    assert account(project) == (D(0), D(0)) == sums_of_ledger(project)


def test_a_limit_refuses_before_anything_is_sent_and_names_the_numbers(project, step):
    set_budget(project, limit=D(5))
    first = step()
    money.reserve(first, Quote(D(1), D(4)))
    with pytest.raises(BudgetRefused, match=r"needs 2 USD, but .* limit of 5 USD 0 USD is spent and 4 USD promised"):
        money.reserve(step(), Quote(D(1), D(2)))
    assert account(project) == (D(4), D(0)) == sums_of_ledger(project)


def test_a_limit_may_be_reached_exactly(project, step):
    set_budget(project, limit=D(5))
    money.reserve(step(), Quote(D(5), D(1)))
    assert account(project) == (D(5), D(0))


def test_a_run_has_a_limit_over_all_its_children(project, run, step):
    set_budget(project, run_limit=D(3))
    child = Run.objects.create(pipeline="render_shot", subject="shot:2", project=project, parent=run, root=run)
    money.reserve(step(), Quote(D(1), D(2)))
    with pytest.raises(BudgetRefused, match="most that one run"):
        money.reserve(Step.objects.create(run=child, key="call", kind="provider"), Quote(D(1), D(2)))


def test_a_person_has_a_limit_for_the_day(project, step):
    set_budget(project, person_day_limit=D(3))
    money.reserve(step(), Quote(D(1), D(2)))
    with pytest.raises(BudgetRefused, match="one person may spend here in a day"):
        money.reserve(step(), Quote(D(1), D(2)))


def test_an_unknown_price_is_refused_where_there_is_a_limit_and_not_shown_as_nothing(project, step):
    assert Quote(D(1), None).amount is None
    money.reserve(step(), Quote(D(1), None))
    set_budget(project, limit=D(5))
    with pytest.raises(BudgetRefused, match="is not known"):
        money.reserve(step(), Quote(D(1), None))


def test_people_are_warned_before_the_limit(project, step):
    set_budget(project, limit=D(10), warning_percent=80)
    money.reserve(step(), Quote(D(1), D("7.9")))
    assert not Alert.objects.exists()
    money.reserve(step(), Quote(D(1), D("0.1")))
    assert Alert.objects.get().title == "80 % of the budget is spent or promised"


def test_a_correction_says_why(project, step):
    call = step()
    money.reserve(call, Quote(D(1), D(2)))
    money.settle(call, None)
    money.adjust(call, D("-0.5"), note="billed less than listed")
    assert account(project) == (D(0), D("1.5")) == sums_of_ledger(project)


def test_the_ledger_is_append_only(project, step):
    money.reserve(step(), Quote(D(1), D(2)))
    with pytest.raises(TypeError):
        BudgetLedgerEntry.objects.get().save()


@pytest.mark.parametrize(
    ("request_", "unit", "units"),
    [
        (ImageRequest(prompt="x", width=1000, height=1500), "image", D(1)),
        (ImageRequest(prompt="x", width=1000, height=1500), "megapixel", D("1.5")),
        (VideoRequest(prompt="x", start_image="a", width=16, height=9, frames=81, rate=16), "second", D("5.0625")),
        (SpeechRequest(text="Hold the light."), "character", D(15)),
        (ImageRequest(prompt="x", width=10, height=10), "token", None),
    ],
)
def test_units_are_counted_from_the_request(request_, unit, units):
    assert money.units_of(request_, unit) == units


def test_training_is_priced_by_a_thousand_steps():
    images = [{"media": str(n), "caption": "Ada"} for n in range(5)]
    request = TrainIdentityRequest(images=images, trigger_word="ADA", steps=1500)
    profile = ModelProfile(price=D("2.26"), price_unit="1000_steps")
    assert money.quote(profile, request).amount == D("3.39")


def test_any_order_of_operations_keeps_the_sums(project, step):
    """300 random moves with a fixed seed; the account always equals its ledger and never passes its limit."""
    dice = random.Random(7)
    set_budget(project, limit=D(20))
    calls: list[Step] = []
    for _ in range(300):
        move = dice.choice(["reserve", "reserve", "settle", "release", "again"])
        if move == "reserve":
            call = step()
            try:
                money.reserve(call, Quote(D(1), D(dice.randint(1, 300)) / 100))
                calls.append(call)
            except BudgetRefused:
                call.delete()
        elif calls:
            call = Step.objects.get(pk=dice.choice(calls).pk)
            if move == "settle":
                money.settle(call, call.reserved * D(dice.choice(["0.5", "1"])))
            else:
                money.release(call)
        reserved, spent = account(project)
        assert (reserved, spent) == sums_of_ledger(project)
        assert D(0) <= reserved + spent <= D(20)


def test_small_amounts_add_up_exactly_whatever_the_database(project, step):
    """Ten tenths make one and nothing is left: in binary fractions they do not."""
    set_budget(project, limit=D(1))
    calls = [step() for _ in range(10)]
    for call in calls:
        money.reserve(call, Quote(D(1), D("0.1")))
    assert account(project) == (D(1), D(0))
    for call in calls:
        money.settle(call, D("0.1"))
    assert account(project) == (D(0), D(1)) == sums_of_ledger(project)


def test_a_question_about_a_picture_is_promised_by_the_tokens_it_may_take():
    """Forty letters are ten tokens; a picture counts 1,600 at most and the answer may run to 1,000."""
    asked = VisionRequest(question="Is there a lamp in the room? Yes or no: ", image="0" * 64)
    assert money.units_of(asked, "token") == 10 + 1600 + 1000
    shown = TextRequest(prompt="x" * 40, images=("0" * 64, "1" * 64), max_tokens=500)
    assert money.units_of(shown, "token") == 10 + 3200 + 500
