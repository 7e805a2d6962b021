"""Scenes, their shots, and what stands beside them."""

from __future__ import annotations

from wagtail.admin.ui.tables import Column

from scenes.models import ConsistencyGroup, Location, Prop, Scene, Shot, Style
from studio.editorial.forms import SceneForm, ShotForm
from studio.editorial.panels import rows
from studio.editorial.viewset import PlainViewSet, RecordViewSet

from .productions import STATUS

DIRECTION = (
    ("camera_angle", "shot_size"),
    ("camera_movement", "movement_speed"),
    ("lens_mm", "aperture", "depth_of_field"),
    ("focus_target", "framing"),
    ("composition", "perspective"),
    ("eyeline", "screen_direction"),
    ("lighting_type", "lighting_mood", "key_light"),
    ("colour_temperature", "contrast"),
    ("palette", "colour_grade", "texture"),
    ("atmosphere", "weather"),
    ("time_of_day", "season"),
    *("set_dressing", "style", "base_prompt", "text_prompt", "negative_prompt", "motion_prompt"),
)
"""How a scene or shot is filmed; a test holds it complete."""


class Scenes(RecordViewSet):
    """Scenes."""

    model = Scene
    icon = "form"
    form_class = SceneForm
    fixed = ("chapter",)
    sections = {
        "": ("chapter", ("number", "sequence"), "heading", "synopsis"),
        "Place": (("int_ext", "location", "location_text"), ("sub_location", "story_day")),
        "Script": (("page", "length_eighths", "expected_seconds"), "screenplay_text"),
        "Drama": (
            *("purpose", "dramatic_effect", ("emotional_tone", "pacing", "structure_beat"), "conflict", "stakes"),
            *("subtext", "turning_point"),
        ),
        "Sound": ("music_cue", "ambience", "voice_over"),
        "Transitions": (
            ("transition_in", "transition_in_seconds"),
            ("transition_out", "transition_out_seconds"),
        ),
        "Direction": DIRECTION,
        "Cast": (
            rows(
                "cast",
                ("character", "name", "look"),
                "blocking",
                ("emotion", "entrance_exit"),
                "business",
                label="Person",
                heading="Cast",
            ),
        ),
        "Dialogue": (
            rows(
                "dialogue",
                ("speaker", "character"),
                "line",
                ("parenthetical", "delivery"),
                ("language", "starts"),
                ("voice_over", "off_screen"),
                label="Line",
                heading="Dialogue",
            ),
        ),
        "Props": (rows("props", ("prop", "name", "is_hero"), "description", "reference", label="Prop"),),
        "Set": (
            rows("set_elements", ("category", "name", "count"), "description", label="Set element"),
            rows("references", ("kind", "picture"), ("angle", "description"), label="Reference"),
        ),
        "Effects": (rows("sound_effects", "name", ("starts", "seconds", "gain_db"), "sound", label="Sound effect"),),
        "Prompts": ("prompt_template",),
        "Notes": ("consistency_groups", "continuity_notes", "legal_notes"),
    }
    tabs = {
        "Story": ("", "Place", "Script", "Drama"),
        "Direction": ("Direction", "Transitions"),
        "Cast and dialogue": ("Cast", "Dialogue"),
        "Props and set": ("Props", "Set"),
        "Sound": ("Sound", "Effects"),
        "Prompts": ("Prompts", "Notes"),
    }
    list_display = ["__str__", Column("production", label="Production", accessor="chapter.project"), "chapter", STATUS]
    related = ("chapter__project", "state")
    filters = ("int_ext", "pacing")
    search_fields = ["number", "heading", "synopsis"]


class Shots(RecordViewSet):
    """Shots."""

    model = Shot
    icon = "media"
    form_class = ShotForm
    fixed = ("scene",)
    sections = {
        "": ("scene", ("number", "suffix", "sequence", "expected_seconds"), "business", "description", "purpose"),
        "Making": (
            *(("approach", "transition_out"), ("continues_previous", "seed"), "overlay_text", "props_seen"),
            *("composite_plan", "model_overrides", "identity_scales", "reference_strengths"),
        ),
        "Prompts of single frames": ("hero_prompt", "first_frame_prompt", "last_frame_prompt", "triptych_prompt"),
        "Direction": DIRECTION,
    }
    tabs = {
        "Story": ("",),
        "Direction": ("Direction",),
        "Making": ("Making", "Prompts of single frames"),
    }
    list_display = [
        *("__str__", "business", "scene", "expected_seconds", STATUS),
        Column("production", label="Production", accessor="scene.chapter.project"),
    ]
    related = ("scene__chapter__project", "state")
    filters = ("approach", "shot_size")
    search_fields = ["business", "description"]


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
    list_display = ["name", "int_ext", "project"]
    related = ("project",)
    filters = ("int_ext",)
    search_fields = ["name", "description"]


class Props(RecordViewSet):
    """Things that are handled or mean something."""

    model = Prop
    icon = "tag"
    copy_view_enabled = False
    fixed = ("project",)
    sections = {"": ("project", ("name", "owner", "scale"), "description"), "References": (REFERENCES,)}
    list_display = ["name", "owner", "project"]
    related = ("project", "owner")
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
    list_display = ["name", "project", "is_project_style"]
    related = ("project",)
    search_fields = ["name"]


class ConsistencyGroups(PlainViewSet):
    """What has to look the same in several scenes."""

    model = ConsistencyGroup
    icon = "link"
    menu_label = "Consistency groups"
    fixed = ("project",)
    sections = {"": ("project", ("name", "same"), "description")}
    list_display = ["name", "same", "project"]
    related = ("project",)
    filters = ("same",)
    search_fields = ["name", "description"]
