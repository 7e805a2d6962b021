"""The people of the story."""

from __future__ import annotations

from django.db import models

from projects.models import Project, Tracked


class Character(Tracked):
    """One person, animal or voice of the story."""

    class StoryRole(models.TextChoices):
        """What the character is to the story."""

        PROTAGONIST = "protagonist", "Protagonist"
        ANTAGONIST = "antagonist", "Antagonist"
        DEUTERAGONIST = "deuteragonist", "Deuteragonist"
        MENTOR = "mentor", "Mentor"
        LOVE_INTEREST = "love_interest", "Love interest"
        SUPPORTING = "supporting", "Supporting"
        MINOR = "minor", "Minor"
        EXTRA = "extra", "Extra"
        NARRATOR = "narrator", "Narrator"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="characters")
    name = models.CharField(max_length=120)
    aliases = models.JSONField(default=list, blank=True, help_text="Other names the script uses for the same person.")
    role = models.CharField(max_length=16, choices=StoryRole, default=StoryRole.SUPPORTING)
    description = models.TextField(blank=True)
    appearance_summary = models.TextField(blank=True, help_text="How they look, in the words a prompt can use.")
    prompt_fragment = models.TextField(blank=True)
    negative_fragment = models.TextField(blank=True)
    scale_height = models.DecimalField(
        max_digits=4, decimal_places=2, default=1, help_text="Height in line-ups; 1 is an average adult."
    )

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["project", "name"], name="character_name_is_unique_in_project")]

    def __str__(self) -> str:
        return self.name
