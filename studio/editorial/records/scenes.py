"""Scenes, their shots, and what stands beside them."""

from __future__ import annotations

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from wagtail.admin.ui.tables import Column

from scenes.choices import ShotStatus
from scenes.models import (
    ConsistencyGroup,
    Location,
    LocationReference,
    Prop,
    PropReference,
    Scene,
    Shot,
    Style,
    StyleReference,
)
from studio.editorial import facts
from studio.editorial.fact_panels import history, judged, made
from studio.editorial.forms import SceneForm, ShotForm
from studio.editorial.lists import DraftMark, Picture, first_picture, production_column, sortable, standing
from studio.editorial.panels import rows
from studio.editorial.viewset import PlainViewSet, RecordViewSet

from .productions import PRODUCTION, STATUS

DIRECTION = {
    "Camera": (("shot_size", "camera_angle"), ("camera_movement", "movement_speed")),
    "Lens": (("lens_mm", "aperture", "depth_of_field"), "focus_target"),
    "Frame": ("framing", ("composition", "perspective"), ("eyeline", "screen_direction")),
    "Light": (("lighting_type", "key_light", "contrast"), ("colour_temperature", "lighting_mood")),
    "Colour and texture": (("style", "colour_grade", "texture"), "palette"),
    "Air, weather and time": (("time_of_day", "season"), ("weather", "atmosphere"), "set_dressing"),
}
"""How a scene or shot is filmed, as people talk about it; a test holds it complete with PROMPTS."""

PROMPTS = ("text_prompt", "base_prompt", "negative_prompt", "motion_prompt")


CAST = rows(
    "cast",
    ("character", "name", "look"),
    ("emotion", "entrance_exit"),
    label="Person",
    heading="Cast",
    more={"Blocking and business": ("blocking", "business")},
)

DIALOGUE = rows(
    "dialogue",
    ("speaker", "character"),
    "line",
    label="Line",
    heading="Dialogue",
    more={
        "How it is said": (("parenthetical", "delivery"), ("language", "starts"), ("voice_over", "off_screen")),
    },
)


class Scenes(RecordViewSet):
    """Scenes."""

    model = Scene
    icon = "form"
    form_class = SceneForm
    fixed = ("chapter",)
    sections = {
        "Slugline": ("chapter", ("number", "sequence", "int_ext"), "heading"),
        "Synopsis": ("synopsis", ("emotional_tone", "pacing", "structure_beat")),
        "Place": (("location", "location_text"), ("sub_location", "story_day")),
        "Script": (("page", "length_eighths", "expected_seconds"), "screenplay_text"),
        "Purpose": ("purpose", "dramatic_effect"),
        "Conflict": ("conflict", "stakes", "subtext", "turning_point"),
        "Notes": ("continuity_notes", "consistency_groups", "legal_notes"),
        **DIRECTION,
        "Transitions": (("transition_in", "transition_in_seconds"), ("transition_out", "transition_out_seconds")),
        "Cast": (CAST,),
        "Dialogue": (DIALOGUE,),
        "Props": (rows("props", ("prop", "name", "is_hero"), "description", "reference", label="Prop"),),
        "Set": (
            rows("set_elements", ("category", "name", "count"), "description", label="Set element"),
            rows("references", ("kind", "picture"), ("angle", "description"), label="Reference"),
        ),
        "Sound": ("music_cue", "ambience", "voice_over"),
        "Effects": (rows("sound_effects", "name", ("starts", "seconds", "gain_db"), "sound", label="Sound effect"),),
        "Prompts": ("prompt_template", *PROMPTS),
        "Generation": (made(facts.making_of_scene),),
        "Review": (judged(facts.judgement_of_scene),),
        "History": (history(),),
    }
    open_sections = ("Slugline", "Synopsis")
    tabs = {
        "Story": ("Slugline", "Synopsis", "Place", "Script", "Purpose", "Conflict", "Notes"),
        "Direction": (*DIRECTION, "Transitions"),
        "Cast and dialogue": ("Cast", "Dialogue"),
        "Props and set": ("Props", "Set"),
        "Sound": ("Sound", "Effects"),
        "Prompts": ("Prompts",),
        "Generation": ("Generation",),
        "Review": ("Review",),
        "History": ("History",),
    }
    list_display = [
        "__str__",
        Picture("picture"),
        sortable("chapter", sort_key="chapter__number"),
        production_column("chapter__project"),
        sortable("length_eighths", "Eighths"),
        Column("shots", label="Shots", accessor="how_many_shots", sort_key="how_many_shots"),
        STATUS,
        standing("state.approval", "As written"),
        DraftMark(),
    ]
    extras = {
        "picture": first_picture(
            Shot.objects.order_by("sequence"), "scene", "state__selected_take__thumbnail_id"
        ),
        "how_many_shots": Coalesce(
            Subquery(
                Shot.objects.filter(scene=OuterRef("pk")).exclude(state__status=ShotStatus.OMITTED).order_by()
                .values("scene").annotate(how_many=Count("pk")).values("how_many")
            ), 0,
        ),
    }  # fmt: skip
    related = ("chapter__project", "state", "latest_revision")
    ordered_by = ("chapter__project__title", "chapter__number", "sequence")
    filters = ("int_ext", "time_of_day", "pacing")
    search_fields = ["number", "heading", "synopsis", "screenplay_text", "location_text"]


class Shots(RecordViewSet):
    """Shots."""

    model = Shot
    icon = "media"
    form_class = ShotForm
    fixed = ("scene",)
    sections = {
        "Shot": ("scene", ("number", "suffix", "sequence", "expected_seconds"), "business"),
        "In words": ("description", "purpose"),
        "On the picture": ("overlay_text", "props_seen", "transition_out"),
        **DIRECTION,
        "Prompts": PROMPTS,
        "Prompts of single frames": ("hero_prompt", "first_frame_prompt", "last_frame_prompt", "triptych_prompt"),
        "Way of making": (("approach", "continues_previous"), "seed", "composite_plan"),
        "Models and strengths": ("model_overrides", "identity_scales", "reference_strengths"),
        "Generation": (made(facts.making_of_shot),),
        "Review": (judged(facts.judgement_of_shot),),
        "History": (history(),),
    }
    open_sections = ("Shot",)
    tabs = {
        "Story": ("Shot", "In words", "On the picture"),
        "Direction": tuple(DIRECTION),
        "Prompts": ("Prompts", "Prompts of single frames"),
        "Making": ("Way of making", "Models and strengths"),
        "Generation": ("Generation",),
        "Review": ("Review",),
        "History": ("History",),
    }
    list_display = [
        "__str__",
        Picture("state.selected_take.thumbnail_id"),
        "business",
        sortable("scene", sort_key="scene__sequence"),
        production_column("scene__chapter__project"),
        "shot_size",
        sortable("expected_seconds", "Seconds"),
        STATUS,
    ]
    related = ("scene__chapter__project", "state__selected_take")
    ordered_by = ("scene__chapter__project__title", "scene__chapter__number", "scene__sequence", "sequence")
    filters = ("shot_size", "approach", "continues_previous")
    search_fields = ["business", "description", "text_prompt", "scene__heading", "scene__number"]


REFERENCES = rows("references", "picture", ("angle", "description"), label="Reference")


class Locations(RecordViewSet):
    """Places that scenes play in."""

    model = Location
    icon = "site"
    copy_view_enabled = False
    fixed = ("project",)
    sections = {
        "": ("project", ("name", "int_ext"), "aliases", "description", "rules"),
        "Set": ("set_dressing", "palette"),
        "Times of day": (
            rows("time_variants", "time_of_day", "description", label="Time of day", heading="Times of day"),
        ),
        "Light": (rows("lighting_presets", "name", label="Lighting preset"),),
        "Camera": (rows("camera_marks", ("name", "lens_mm"), ("x", "y", "z"), ("yaw", "pitch"), label="Camera mark"),),
        "References": (REFERENCES, "world"),
    }
    tabs = {
        "Place": ("", "Set"),
        "Light and camera": ("Times of day", "Light", "Camera"),
        "Pictures": ("References",),
    }
    list_display = ["name", Picture("picture"), "int_ext", PRODUCTION]
    extras = {"picture": first_picture(LocationReference.objects.all(), "location", "picture_id")}
    related = ("project",)
    ordered_by = ("project__title", "name")
    filters = ("int_ext",)
    search_fields = ["name", "description"]


class Props(RecordViewSet):
    """Things that are handled or mean something."""

    model = Prop
    icon = "tag"
    copy_view_enabled = False
    fixed = ("project",)
    sections = {"": ("project", ("name", "owner", "scale"), "description"), "References": (REFERENCES,)}
    list_display = [
        "name",
        Picture("picture"),
        sortable("owner", sort_key="owner__name"),
        PRODUCTION,
    ]
    extras = {"picture": first_picture(PropReference.objects.all(), "prop", "picture_id")}
    related = ("project", "owner")
    ordered_by = ("project__title", "name")
    search_fields = ["name", "description"]


class Styles(RecordViewSet):
    """Looks of the production."""

    model = Style
    icon = "view"
    copy_view_enabled = False
    fixed = ("project",)
    sections = {
        "": ("project", ("name", "is_project_style"), "keywords", "palette", ("texture", "lut")),
        "Prompts": ("prompt_fragment", "negative_fragment"),
        "References": (REFERENCES,),
    }
    list_display = ["name", Picture("picture"), PRODUCTION, "is_project_style"]
    extras = {"picture": first_picture(StyleReference.objects.all(), "style", "picture_id")}
    related = ("project",)
    ordered_by = ("project__title", "name")
    filters = ("is_project_style",)
    search_fields = ["name"]


class ConsistencyGroups(PlainViewSet):
    """What has to look the same in several scenes."""

    model = ConsistencyGroup
    icon = "link"
    menu_label = "Consistency groups"
    fixed = ("project",)
    sections = {"": ("project", ("name", "same"), "description")}
    list_display = ["name", "same", PRODUCTION]
    related = ("project",)
    ordered_by = ("project__title", "name")
    filters = ("same",)
    search_fields = ["name", "description"]
