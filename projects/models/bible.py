"""The story bible: the rules, timeline, relationships and places of the story world."""

from __future__ import annotations

from django.db import models
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import DraftStateMixin, LockableMixin, Orderable, RevisionMixin, WorkflowMixin

from projects import choices, validators

from .production import Project
from .tracked import Tracked


class StoryBible(WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, Tracked, ClusterableModel):
    """What holds in the world of one production; drafted, approved and restored as a whole."""

    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="bible")
    title = models.CharField(max_length=200)
    themes = models.JSONField(default=list, blank=True, validators=[validators.lines])
    tone = models.CharField(max_length=200, blank=True)
    motifs = models.JSONField(default=list, blank=True, validators=[validators.lines])
    generated_by = models.CharField(max_length=80, blank=True)

    def __str__(self) -> str:
        return self.title


class WorldRule(Orderable):
    """How the world works."""

    bible = ParentalKey(StoryBible, on_delete=models.CASCADE, related_name="world_rules")
    category = models.CharField(max_length=12, choices=choices.RuleCategory, default=choices.RuleCategory.PHYSICS)
    description = models.TextField()

    class Meta(Orderable.Meta):
        pass

    def __str__(self) -> str:
        return self.description[:60]


class Relationship(Orderable):
    """How two people of the story stand to each other; by name, since the bible is written before the characters."""

    bible = ParentalKey(StoryBible, on_delete=models.CASCADE, related_name="relationships")
    from_name = models.CharField("from", max_length=120)
    to_name = models.CharField("to", max_length=120)
    kind = models.CharField(max_length=80, help_text="Such as sister, rival, teacher.")
    description = models.TextField(blank=True)

    class Meta(Orderable.Meta):
        pass

    def __str__(self) -> str:
        return f"{self.from_name} - {self.kind} - {self.to_name}"


class TimelineEvent(Orderable):
    """Something that happens in the story, or has happened before it begins."""

    bible = ParentalKey(StoryBible, on_delete=models.CASCADE, related_name="timeline")
    event = models.CharField(max_length=200)
    when = models.CharField("when in the story", max_length=120, blank=True)
    description = models.TextField(blank=True)

    class Meta(Orderable.Meta):
        pass

    def __str__(self) -> str:
        return self.event


class ConsistencyRule(Orderable):
    """What has to stay the same."""

    bible = ParentalKey(StoryBible, on_delete=models.CASCADE, related_name="consistency_rules")
    rule = models.TextField()
    priority = models.CharField(max_length=8, choices=choices.RulePriority, default=choices.RulePriority.MEDIUM)

    class Meta(Orderable.Meta):
        pass

    def __str__(self) -> str:
        return self.rule[:60]


class BibleLocation(Orderable):
    """A place of the story world and what holds there."""

    bible = ParentalKey(StoryBible, on_delete=models.CASCADE, related_name="locations")
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    rules = models.TextField(blank=True)

    class Meta(Orderable.Meta):
        pass

    def __str__(self) -> str:
        return self.name


class GlossaryTerm(Orderable):
    """A word of the story world."""

    bible = ParentalKey(StoryBible, on_delete=models.CASCADE, related_name="glossary")
    term = models.CharField(max_length=120)
    meaning = models.TextField()

    class Meta(Orderable.Meta):
        pass

    def __str__(self) -> str:
        return self.term
