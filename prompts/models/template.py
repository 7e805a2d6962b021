"""Prompt templates: text with [variables], and every version of it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import DraftStateMixin, LockableMixin, RevisionMixin, WorkflowMixin

from projects.models import Project, Tracked
from prompts.rendering import NAME, PromptProblem, check_text


class Category(models.TextChoices):
    """What a template is for."""

    CHARACTER = "character", "Character"
    SCENE = "scene", "Scene"
    LOCATION = "location", "Location"
    PROPS = "props", "Props"
    VIDEO = "video", "Video"
    COMPOSITE = "composite", "Composite"
    VERIFICATION = "verification", "Verification"
    STORY = "story", "Story"
    DEPARTMENT = "department", "Department"
    ENHANCEMENT = "enhancement", "Enhancement"


def validate_template(text: str) -> None:
    """The text can be read as a template; ValidationError with a sentence otherwise."""
    try:
        check_text(text)
    except PromptProblem as problem:
        raise ValidationError(str(problem)) from problem


class PromptTemplate(WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, Tracked, ClusterableModel):
    """Text with variables in square brackets. One without a project serves all; a project's own one goes before it."""

    project = models.ForeignKey(
        Project, null=True, blank=True, on_delete=models.CASCADE, related_name="prompt_templates",
        help_text="Empty: for all productions.",
    )  # fmt: skip
    key = models.CharField(
        max_length=60, help_text="What machines ask for it by; it never changes.",
        validators=[RegexValidator(r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*\Z", "Small letters, such as scene.establishing.")],
    )  # fmt: skip
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    category = models.CharField(max_length=12, choices=Category)
    template = models.TextField(
        validators=[validate_template],
        help_text="Write variables in square brackets, such as [location], and a bracket that is none as [[ or ]].",
    )
    model_hints: models.JSONField[Any, Any] = models.JSONField(
        "model family hints", default=dict, blank=True, help_text="Model family -> what to mind there."
    )
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["category", "name"]
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=Q(project=None), name="template_key_is_unique"),
            models.UniqueConstraint(fields=["project", "key"], name="template_key_is_unique_in_project"),
            models.CheckConstraint(condition=~Q(template=""), name="a_template_says_something"),
        ]

    def __str__(self) -> str:
        return self.name


class TemplateVariable(models.Model):
    """What a template's variable means and what stands there when nothing is given."""

    template = ParentalKey(PromptTemplate, on_delete=models.CASCADE, related_name="variables")
    sort_order = models.PositiveIntegerField(default=0, editable=False)
    sort_order_field = "sort_order"  # forms let people put the rows in order
    name = models.CharField(max_length=60, validators=[RegexValidator(rf"^{NAME}\Z", "Small letters, such as mood.")])
    description = models.CharField(max_length=300, blank=True)
    required = models.BooleanField(default=True)
    default = models.TextField(blank=True)
    example = models.TextField(blank=True)

    class Meta:
        ordering = ["sort_order", "pk"]
        constraints = [models.UniqueConstraint(fields=["template", "name"], name="variable_is_unique_in_template")]

    def __str__(self) -> str:
        return f"[{self.name}]"


class PromptTemplateVersion(models.Model):
    """A template as it was from one change to the next; never changed, never deleted while the template stands."""

    template = models.ForeignKey(PromptTemplate, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(validators=[MinValueValidator(1)])
    text = models.TextField()
    variables: models.JSONField[Any, Any] = models.JSONField(default=list)
    digest = models.CharField(max_length=64, help_text="sha256 of the text and its variables.")
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["template", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["template", "number"], name="template_versions_are_counted"),
            models.CheckConstraint(condition=Q(number__gte=1), name="template_versions_start_at_1"),
        ]

    def __str__(self) -> str:
        return f"version {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Versions are only added."""
        if self.pk is not None:
            raise TypeError("A version of a template is never changed: change the template, which adds a version.")
        super().save(*args, **kwargs)
