"""The production and what belongs to it as a whole.

What people write (Project, Chapter) and what machines write (ProjectState) stand in different tables:
publishing an old draft of a record rewrites its whole row and must not touch a running production.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q

from projects import choices
from projects.fields import MoneyField


class Tracked(models.Model):
    """Created and updated times and the person who made the record."""

    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        abstract = True


class Project(Tracked):
    """One production: a film, a series, an advert."""

    title = models.CharField(max_length=200)
    slug = models.SlugField(max_length=80, unique=True)
    code = models.CharField(
        max_length=4,
        unique=True,
        validators=[RegexValidator(r"^[A-Z]{2,4}\Z", "A code is 2 to 4 capital letters, such as TIDE.")],
        help_text="2 to 4 capital letters; stands in every asset name.",
    )
    logline = models.CharField(max_length=400, blank=True)
    synopsis = models.TextField(blank=True)
    format = models.CharField(max_length=20, choices=choices.Format, default=choices.Format.SHORT)
    chapter_label = models.CharField(max_length=20, choices=choices.ChapterLabel, default=choices.ChapterLabel.CHAPTER)
    genre = models.CharField(max_length=120, blank=True)
    audience = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=35, default="en", help_text="A language tag such as en or pt-BR.")
    aspect_ratio = models.CharField(max_length=8, choices=choices.AspectRatio, default=choices.AspectRatio.WIDE)
    resolution = models.CharField(max_length=8, choices=choices.Resolution, default=choices.Resolution.HD1080)
    frame_rate = models.CharField(max_length=8, choices=choices.FrameRate, default=choices.FrameRate.FPS_24)
    quality_tier = models.CharField(max_length=12, choices=choices.QualityTier, default=choices.QualityTier.STANDARD)
    default_negative_prompt = models.TextField(blank=True)
    seed_policy = models.CharField(max_length=12, choices=choices.SeedPolicy, default=choices.SeedPolicy.SHARED)

    class Meta:
        ordering = ["title"]
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=r"^[A-Z]{2,4}$"), name="project_code_is_2_to_4_capitals"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def frame_size(self) -> tuple[int, int]:
        """Width and height of the picture in pixels, both even.

        The resolution is the short side; pictures wider than 16:9 keep the width of the 16:9 picture,
        as delivery specifications do (1080p at 2.39:1 is 1920x804).
        """
        lines = int(self.resolution.removesuffix("p"))
        wide, high = (float(part) for part in self.aspect_ratio.split(":"))
        if wide / high > 16 / 9:
            width = lines * 16 / 9
            return 2 * round(width / 2), 2 * round(width * high / wide / 2)
        if wide >= high:
            return 2 * round(lines * wide / high / 2), lines
        return lines, 2 * round(lines * high / wide / 2)


class ProjectState(models.Model):
    """What machines know of a production; one row beside every Project."""

    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="state", primary_key=True)
    status = models.CharField(
        max_length=20, choices=choices.ProjectStatus, default=choices.ProjectStatus.GATHERING, db_index=True
    )
    cover = models.ForeignKey(
        "media_pipeline.MediaAsset", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    final_film = models.ForeignKey(
        "media_pipeline.MediaAsset", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    film_digest = models.CharField(max_length=64, blank=True, help_text="Digest of the cut the final film was made of.")

    def __str__(self) -> str:
        return f"state of {self.project_id}"


class Membership(Tracked):
    """A person's role in a production."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="memberships")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=12, choices=choices.Role)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "person"], name="one_membership_per_person")]

    def __str__(self) -> str:
        return f"{self.person} as {self.get_role_display()}"


class Chapter(Tracked):
    """A numbered part of a production, with the script it was imported from."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="chapters")
    number = models.PositiveIntegerField(validators=[MinValueValidator(1)])
    title = models.CharField(max_length=200, blank=True)
    synopsis = models.TextField(blank=True)
    status = models.CharField(max_length=16, choices=choices.ChapterStatus, default=choices.ChapterStatus.DRAFT)
    script_name = models.CharField(max_length=200, blank=True, help_text="Name of the imported file.")
    script_format = models.CharField(max_length=12, blank=True)
    script_text = models.TextField(blank=True, help_text="The whole script as Fountain.")
    script_sha256 = models.CharField(max_length=64, blank=True, help_text="Digest of the imported file.")
    script_warnings = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["project", "number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="chapter_number_is_unique_in_project"),
            models.CheckConstraint(condition=Q(number__gte=1), name="chapter_number_starts_at_1"),
        ]

    def __str__(self) -> str:
        return f"{self.project.get_chapter_label_display()} {self.number}"


class Alert(models.Model):
    """A problem that stays at the top of every page of the project until a person dismisses it."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="alerts")
    severity = models.CharField(max_length=8, choices=choices.Severity, default=choices.Severity.ERROR)
    title = models.CharField(max_length=200)
    message = models.TextField(blank=True)
    source = models.CharField(max_length=60, blank=True, help_text='The record it speaks of, such as "run:12".')
    raised_at = models.DateTimeField(auto_now_add=True)
    dismissed_at = models.DateTimeField(null=True, blank=True)
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-raised_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "source", "title"],
                condition=Q(dismissed_at__isnull=True) & ~Q(source=""),
                name="one_open_alert_per_source_and_title",
            )
        ]

    def __str__(self) -> str:
        return self.title


class BudgetAccount(models.Model):
    """What a production may spend, has promised and has spent, in its currency. The sums follow the ledger.

    Limits are people's, `reserved` and `spent` are written by media_pipeline.money alone; they share a row so that
    one conditional UPDATE can compare them, and nothing here is ever drafted or restored.
    """

    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="budget", primary_key=True)
    currency = models.CharField(max_length=3, default="USD")
    limit = MoneyField(null=True, blank=True, help_text="Empty: no limit.")
    warning_percent = models.PositiveSmallIntegerField(default=80, help_text="Of the limit; an alert is raised there.")
    run_limit = MoneyField(null=True, blank=True, help_text="The most one run may spend.")
    person_day_limit = MoneyField(null=True, blank=True, help_text="The most one person may spend in a day.")
    approval_threshold = MoneyField(null=True, blank=True,
        help_text="A run whose estimate is above this waits for a person who may spend.",
    )  # fmt: skip
    reserved = MoneyField(default=0, editable=False)
    spent = MoneyField(default=0, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(reserved__gte=0), name="nothing_is_reserved_below_zero"),
            models.CheckConstraint(condition=Q(limit__gte=0) | Q(limit=None), name="a_limit_is_not_below_zero"),
        ]

    def __str__(self) -> str:
        return f"budget of {self.project_id}"


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


class Event(models.Model):
    """One visible change, appended in the transaction of the change; its id is the sequence clients resume from."""

    id = models.BigAutoField(primary_key=True)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="events")
    type = models.CharField(max_length=40)
    subject = models.CharField(max_length=60, help_text='The record it speaks of, such as "shot:7".')
    payload: models.JSONField[Any, Any] = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["project", "id"])]

    def __str__(self) -> str:
        return f"{self.id} {self.type} {self.subject}"
