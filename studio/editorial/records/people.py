"""The people of the story and how they look."""

from __future__ import annotations

from characters.models import Character, CharacterIdentity, CharacterReference, Look
from studio.editorial.fact_panels import history
from studio.editorial.lists import Picture, first_picture, production_column, sortable
from studio.editorial.viewset import PlainViewSet, RecordViewSet

from .productions import PRODUCTION as OF_PROJECT
from .productions import STATUS

PRODUCTION = production_column("character__project")


class Characters(RecordViewSet):
    """The people of the story."""

    model = Character
    icon = "group"
    fixed = ("project",)
    machine_made = frozenset({"generated_by"})
    sections = {
        "": ("project", ("name", "role"), "aliases", "description"),
        "In short": (("pronouns", "age", "species", "ethnicity"),),
        "Body": (
            ("height", "build", "scale_height"),
            ("face", "eyes", "hair", "skin"),
            "distinguishing_marks",
            "posture",
        ),
        "In pictures": ("appearance_summary", "default_look", "trigger_word", "prompt_fragment", "negative_fragment"),
        "Inside": ("personality", "motivation", "fear", "secrets", "skills"),
        "Story": ("background", "relationships", "arc"),
        "Speech": ("speech_style", "accent", "catchphrases"),
        "Voice": (("voice_id", "voice_language"), ("voice_pitch", "voice_pace"), "voice_sample"),
        "History": (history(),),
    }
    tabs = {
        "Story": ("", "In short", "Inside", "Story"),
        "Looks": ("Body", "In pictures"),
        "Speech and voice": ("Speech", "Voice"),
        "History": ("History",),
    }
    list_display = ["name", Picture("state.master_reference.image_id"), "role", OF_PROJECT, STATUS]
    related = ("project", "state__master_reference")
    ordered_by = ("project__title", "name")
    filters = ("role",)
    search_fields = ["name", "aliases", "description", "appearance_summary"]


class Looks(RecordViewSet):
    """Wardrobe, make-up and hair states."""

    model = Look
    icon = "pick"
    copy_view_enabled = False
    fixed = ("character",)
    sections = {
        "": ("character", ("name", "when"), "wardrobe", "props_worn", "palette"),
        "Make-up and hair": (("hair", "make_up"), "injuries"),
    }
    list_display = [
        "name",
        Picture("picture"),
        sortable("character", sort_key="character__name"),
        PRODUCTION,
        "when",
    ]
    extras = {"picture": first_picture(CharacterReference.objects.order_by("pk"), "look", "image_id")}
    related = ("character__project",)
    ordered_by = ("character__name", "name")
    search_fields = ["name", "wardrobe"]


class References(PlainViewSet):
    """Pictures that show how a character looks."""

    model = CharacterReference
    icon = "image"
    menu_label = "References"
    fixed = ("character", "image")
    machine_made = frozenset({"checks", "source"})
    sections = {
        "": ("character", "image", ("kind", "look"), "description", "selected_for_training"),
        "How it is seen": (("angle", "horizontal_angle", "vertical_angle"), ("expression", "environment", "lighting")),
        "How it was made": ("prompt", ("model", "seed")),
    }
    list_display = [
        "__str__",
        Picture("image_id"),
        sortable("character", sort_key="character__name"),
        PRODUCTION,
        "kind",
        "angle",
        "selected_for_training",
    ]
    related = ("character__project",)
    ordered_by = ("character__name", "kind", "pk")
    filters = ("kind", "angle", "source", "selected_for_training")
    search_fields = ["description", "character__name"]


class Identities(PlainViewSet):
    """Trained and reference-based identities."""

    model = CharacterIdentity
    icon = "user"
    fixed = ("character", "technique", "version")
    left_out_when_new = ("version",)
    sections = {
        "": ("character", ("technique", "version"), ("trigger_word", "default_scale"), "notes"),
        "Training": ("training_set", "base_model", ("steps", "rank", "learning_rate")),
    }
    list_display = ["__str__", PRODUCTION, "technique", STATUS]
    related = ("character__project", "state")
    ordered_by = ("character__name", "technique", "version")
    filters = ("technique",)
    search_fields = ["character__name", "notes"]
