"""What a production may spend, and every movement of its money."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q

from projects.fields import MoneyField

from .production import Project


class BudgetAccount(models.Model):
    """What a production may spend, has promised and has spent, in its currency. The sums follow the ledger.

    Limits are people's, `reserved` and `spent` are written by media_pipeline.money alone; they share a row so that
    one conditional UPDATE can compare them, and nothing here is ever drafted or restored.
    """

    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="budget", primary_key=True)
    currency = models.CharField(
        max_length=3, default="USD", validators=[RegexValidator(r"^[A-Z]{3}\Z", "Three capital letters, such as USD.")]
    )
    limit = MoneyField(null=True, blank=True, help_text="Empty: no limit.")
    warning_percent = models.PositiveSmallIntegerField(
        "warning at (%)", default=80, validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text="Of the limit; an alert is raised there.",
    )  # fmt: skip
    run_limit = MoneyField("limit of a run", null=True, blank=True, help_text="The most one run may spend.")
    person_day_limit = MoneyField(
        "limit of a person's day", null=True, blank=True,
        help_text="The most one person may spend in a day.",
    )  # fmt: skip
    approval_threshold = MoneyField(
        "to be approved above", null=True, blank=True,
        help_text="A run whose estimate is above this waits for a person who may spend.",
    )  # fmt: skip
    reserved = MoneyField(default=0, editable=False)
    spent = MoneyField(default=0, editable=False)

    class Meta:
        verbose_name = "budget"
        constraints = [
            models.CheckConstraint(condition=Q(reserved__gte=0), name="nothing_is_reserved_below_zero"),
            *(
                models.CheckConstraint(
                    condition=Q(**{name: None}) | Q(**{f"{name}__gte": 0}),
                    name=f"{prefix}_is_not_below_zero",
                    violation_error_message="A limit is nothing or more; empty where there is none.",
                )
                for name, prefix in (
                    ("limit", "a_limit"),
                    ("run_limit", "the_limit_of_a_run"),
                    ("person_day_limit", "the_limit_of_a_day"),
                    ("approval_threshold", "what_needs_approval"),
                )
            ),
            models.CheckConstraint(condition=Q(warning_percent__range=(1, 100)), name="a_warning_comes_at_1_to_100"),
            models.CheckConstraint(condition=Q(currency__regex=r"^[A-Z]{3}$"), name="a_currency_is_3_capitals"),
        ]

    def __str__(self) -> str:
        return f"Budget of {self.project}"


class PersonDaySpending(models.Model):
    """What one person's runs have reserved and spent in one production on one day (UTC)."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    committed = MoneyField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "person", "day"], name="one_sum_per_person_and_day")]

    def __str__(self) -> str:
        return f"{self.person_id} on {self.day}"


class BudgetLedgerEntry(models.Model):
    """One movement of money; append-only. Reserved is the sum of reserve and release, spent of settle and adjust.

    A settlement stands in two rows: the reservation is released, the actual amount settled.
    """

    class Kind(models.TextChoices):
        """What moved."""

        RESERVE = "reserve", "Reserve"
        SETTLE = "settle", "Settle"
        RELEASE = "release", "Release"
        ADJUST = "adjust", "Adjust"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="ledger")
    run = models.ForeignKey("media_pipeline.Run", null=True, on_delete=models.CASCADE, related_name="ledger")
    step = models.ForeignKey("media_pipeline.Step", null=True, on_delete=models.CASCADE, related_name="ledger")
    kind = models.CharField(max_length=8, choices=Kind)
    amount = MoneyField(help_text="Negative for a release.")
    currency = models.CharField(max_length=3)
    provider = models.CharField(max_length=40, blank=True)
    model = models.CharField(max_length=160, blank=True)
    units = models.DecimalField(max_digits=14, decimal_places=6, null=True)
    note = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["project", "at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="reserve", amount__gte=0)
                | Q(kind="release", amount__lte=0)
                | Q(kind__in=["settle", "adjust"]),
                name="ledger_amounts_have_the_sign_of_their_kind",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount} {self.currency}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Append only."""
        if self.pk is not None:
            raise TypeError("The ledger is append-only: write an adjustment instead.")
        super().save(*args, **kwargs)
