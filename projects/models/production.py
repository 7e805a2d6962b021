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
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import LockableMixin, Orderable, RevisionMixin

from projects import choices, validators
from projects.coherence import validate as validate_coherence

from .tracked import Tracked


class Project(LockableMixin, RevisionMixin, Tracked, ClusterableModel):
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
    narrative_structure = models.CharField(
        max_length=16, choices=choices.NarrativeStructure, default=choices.NarrativeStructure.NONE
    )
    emotional_beats = models.JSONField(
        default=list, blank=True, validators=[validators.lines], help_text="What the audience feels, in order."
    )
    style_palette = models.JSONField(
        "palette", default=list, blank=True, validators=[validators.palette], help_text="Colours such as #1C2B3A."
    )
    style_lut = models.CharField("LUT", max_length=120, blank=True)
    style_lenses = models.CharField("lens package", max_length=200, blank=True)
    style_texture = models.CharField("texture", max_length=200, blank=True, help_text="Grain, film stock, finish.")
    brand_palette = models.JSONField(
        default=list, blank=True, validators=[validators.palette], help_text="Colours such as #1C2B3A."
    )
    brand_fonts = models.JSONField(default=list, blank=True, validators=[validators.lines])
    brand_logo = models.ForeignKey(
        "media_pipeline.MediaAsset", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    brand_must = models.JSONField(
        "must", default=list, blank=True, validators=[validators.lines], help_text="What has to be in the pictures."
    )
    brand_must_not = models.JSONField("must not", default=list, blank=True, validators=[validators.lines])
    coherence: models.JSONField[Any, Any] = models.JSONField(
        "coherence settings", default=dict, blank=True, validators=[validate_coherence],
        help_text="Only what differs from the defaults.",
    )  # fmt: skip
    may_train_identities = models.BooleanField(
        default=False, help_text="The people whose likeness is trained have agreed in writing."
    )
    may_learn_style = models.BooleanField(
        default=False, help_text="The director assistant may learn from the choices people make here."
    )
    may_clone_voices = models.BooleanField(default=False, help_text="The people whose voices are used have agreed.")
    consent_notes = models.TextField(blank=True, help_text="Who agreed to what, and where that is kept.")
    knowledge_base = models.CharField(max_length=120, blank=True, help_text="Its id in the knowledge service.")

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
    gather_locked_at = models.DateTimeField(null=True, blank=True, help_text="From then on material is read-only.")
    gather_locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    def __str__(self) -> str:
        return f"state of {self.project_id}"


class ProjectPicture(Orderable):
    """One picture of a production's style or brand guide."""

    project = ParentalKey(Project, on_delete=models.CASCADE, related_name="pictures")
    use = models.CharField(max_length=8, choices=choices.PictureUse, default=choices.PictureUse.STYLE)
    image = models.ForeignKey("media_pipeline.MediaAsset", on_delete=models.PROTECT, related_name="+")
    caption = models.CharField(max_length=200, blank=True)

    class Meta(Orderable.Meta):
        pass

    def __str__(self) -> str:
        return self.caption or f"{self.get_use_display()} {self.pk}"


class RetiredName(models.Model):
    """A slug or a code of a production that is gone: neither is ever given again, since files and links carry them."""

    name = models.CharField(max_length=80, unique=True)
    retired_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Membership(Tracked):
    """A person's role in a production."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="memberships")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=12, choices=choices.Role)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "person"], name="one_membership_per_person"),
            models.CheckConstraint(condition=Q(role__in=choices.Role.values), name="a_role_is_one_of_the_roles"),
        ]

    def __str__(self) -> str:
        return f"{self.person} as {self.get_role_display()}"


class Chapter(RevisionMixin, Tracked):
    """A numbered part of a production, with the script it was imported from."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="chapters")
    number = models.PositiveIntegerField(validators=[MinValueValidator(1)])
    title = models.CharField(max_length=200, blank=True)
    synopsis = models.TextField(blank=True)
    status = models.CharField(max_length=16, choices=choices.ChapterStatus, default=choices.ChapterStatus.DRAFT)
    target_seconds = models.PositiveIntegerField("target duration (s)", null=True, blank=True)
    hook = models.TextField(blank=True, help_text="What keeps the audience in the first seconds.")
    cliffhanger = models.TextField(blank=True, help_text="What makes it come back.")
    structure_positions: models.JSONField[Any, Any] = models.JSONField(
        default=dict, blank=True, validators=[validators.names_and_values],
        help_text="Beat of the structure -> where in the chapter it falls, in seconds or as a scene's number.",
    )  # fmt: skip
    script_name = models.CharField(max_length=200, blank=True, help_text="Name of the imported file.")
    script_format = models.CharField(max_length=12, blank=True)
    script_file = models.ForeignKey(
        "media_pipeline.MediaAsset", null=True, blank=True, on_delete=models.SET_NULL, related_name="+",
        help_text="The file as it was imported.",
    )  # fmt: skip
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
