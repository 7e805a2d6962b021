"""The people of the story."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from wagtail.models import LockableMixin, RevisionMixin

from projects.models import Project, Tracked
from projects.validators import lines, palette


class Character(LockableMixin, RevisionMixin, Tracked):
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
    aliases = models.JSONField(
        default=list, blank=True, validators=[lines], help_text="Other names the script uses for the same person."
    )
    role = models.CharField(max_length=16, choices=StoryRole, default=StoryRole.SUPPORTING)
    description = models.TextField(blank=True)

    pronouns = models.CharField(max_length=40, blank=True)
    age = models.CharField(max_length=40, blank=True, help_text="In years or in words, such as in her sixties.")
    species = models.CharField(max_length=80, blank=True)
    ethnicity = models.CharField(max_length=120, blank=True)
    height = models.CharField(max_length=80, blank=True, help_text="In centimetres or in words.")
    build = models.CharField(max_length=200, blank=True)
    face = models.CharField(max_length=200, blank=True)
    eyes = models.CharField(max_length=200, blank=True)
    hair = models.CharField(max_length=200, blank=True)
    skin = models.CharField(max_length=200, blank=True)
    distinguishing_marks = models.TextField(blank=True)
    posture = models.TextField("posture and movement", blank=True)

    personality = models.TextField(blank=True)
    background = models.TextField(blank=True)
    motivation = models.TextField(blank=True)
    fear = models.TextField(blank=True)
    arc = models.TextField(blank=True, help_text="How they change from beginning to end.")
    secrets = models.TextField(blank=True)
    skills = models.JSONField(default=list, blank=True, validators=[lines])
    relationships = models.TextField(blank=True)

    speech_style = models.TextField(blank=True)
    accent = models.CharField(max_length=120, blank=True)
    catchphrases = models.JSONField(default=list, blank=True, validators=[lines])
    voice_id = models.CharField("voice", max_length=120, blank=True, help_text="Its id at the provider that speaks.")
    voice_language = models.CharField(max_length=35, blank=True, help_text="A language tag such as en or pt-BR.")
    voice_pitch = models.DecimalField(
        max_digits=4, decimal_places=2, default=0, validators=[MinValueValidator(-12), MaxValueValidator(12)],
        help_text="Semitones up or down.",
    )  # fmt: skip
    voice_pace = models.DecimalField(
        max_digits=4, decimal_places=2, default=1, validators=[MinValueValidator(Decimal("0.5")), MaxValueValidator(2)],
        help_text="1 is the voice's own pace.",
    )  # fmt: skip
    voice_sample = models.ForeignKey(
        "media_pipeline.MediaAsset", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    appearance_summary = models.TextField(blank=True, help_text="How they look, in the words a prompt can use.")
    default_look = models.ForeignKey("Look", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    scale_height = models.DecimalField(
        max_digits=4, decimal_places=2, default=1, validators=[MinValueValidator(Decimal("0.05"))],
        help_text="Height in line-ups; 1 is an average adult.",
    )  # fmt: skip
    trigger_word = models.CharField(max_length=40, blank=True, help_text="Stands for them in prompts once trained.")
    prompt_fragment = models.TextField(blank=True)
    negative_fragment = models.TextField(blank=True)
    generated_by = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["project", "name"], name="character_name_is_unique_in_project"),
            models.UniqueConstraint(
                fields=["project", "trigger_word"],
                condition=~models.Q(trigger_word=""),
                name="a_trigger_word_stands_for_one_character",
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="a_character_has_a_name"),
            models.CheckConstraint(condition=models.Q(voice_pitch__range=(-12, 12)), name="a_voice_is_moved_an_octave"),
            models.CheckConstraint(
                condition=models.Q(voice_pace__range=(Decimal("0.5"), 2)), name="a_voice_speaks_at_half_to_double_pace"
            ),
            models.CheckConstraint(
                condition=models.Q(scale_height__gte=Decimal("0.05")), name="a_character_has_a_height_in_line_ups"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CharacterState(models.Model):
    """What machines know of a character."""

    class Status(models.TextChoices):
        """How far the character's looks are settled."""

        CONCEPT = "concept", "Concept"
        REFERENCED = "referenced", "Referenced"
        IDENTITY_READY = "identity_ready", "Identity ready"
        PRODUCTION_READY = "production_ready", "Production ready"

    character = models.OneToOneField(Character, on_delete=models.CASCADE, related_name="state", primary_key=True)
    status = models.CharField(max_length=16, choices=Status, default=Status.CONCEPT, db_index=True)
    master_reference = models.ForeignKey(
        "CharacterReference", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    def __str__(self) -> str:
        return f"state of {self.character_id}"


class Look(LockableMixin, RevisionMixin, Tracked):
    """One wardrobe, make-up and hair state of a character."""

    character = models.ForeignKey(Character, on_delete=models.CASCADE, related_name="looks")
    name = models.CharField(max_length=120)
    wardrobe = models.TextField(blank=True)
    make_up = models.TextField("make-up", blank=True)
    hair = models.CharField(max_length=200, blank=True)
    injuries = models.TextField(blank=True)
    props_worn = models.JSONField(default=list, blank=True, validators=[lines])
    palette = models.JSONField(
        default=list, blank=True, validators=[palette], help_text="Colours such as #1C2B3A, one to a line."
    )
    when = models.CharField("when in the story", max_length=200, blank=True)

    class Meta:
        ordering = ["character", "name"]
        constraints = [models.UniqueConstraint(fields=["character", "name"], name="a_look_has_its_name_once")]

    def __str__(self) -> str:
        return f"{self.character.name}: {self.name}"
