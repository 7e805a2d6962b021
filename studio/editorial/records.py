"""The records of a production as they stand in the admin."""

from __future__ import annotations

from wagtail.admin.ui.tables import Column
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from characters.models import Character
from media_pipeline.models import MediaAsset, Run
from projects.models import Alert, Chapter, Membership, Project
from prompts.models import ModelProfile
from scenes.models import Scene, Shot, Take

from .forms import CharacterForm, MembershipForm, ProfileForm, ProjectForm, SceneForm, ShotForm
from .viewset import MachineViewSet, PlainViewSet, RecordViewSet

STATUS = Column("status", label="Status", accessor="state.get_status_display", sort_key="state__status")
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


class Projects(RecordViewSet):
    """Productions."""

    model = Project
    icon = "folder-open-inverse"
    menu_label = "Productions"
    copy_view_enabled = False
    form_class = ProjectForm
    fixed = ("code", "slug")
    left_out_when_new = ("slug",)
    sections = {
        "": ("title", "code", "slug", "logline", "synopsis", ("format", "chapter_label")),
        "Audience": (("genre", "audience", "language"),),
        "Story": ("narrative_structure", "emotional_beats"),
        "Picture": (("aspect_ratio", "resolution", "frame_rate", "quality_tier"),),
        "Style guide": ("style_palette", ("style_lut", "style_lenses", "style_texture")),
        "Brand guide": ("brand_palette", "brand_fonts", "brand_logo", "brand_must", "brand_must_not"),
        "Generation": ("default_negative_prompt", "seed_policy", "coherence", "knowledge_base"),
        "Consent": (("may_train_identities", "may_learn_style", "may_clone_voices"), "consent_notes"),
    }
    list_display = ["title", "code", "format", STATUS]
    related = ("state",)
    filters = ("format", "quality_tier")
    search_fields = ["title", "code"]


class Chapters(RecordViewSet):
    """Chapters, episodes, acts."""

    model = Chapter
    icon = "list-ol"
    copy_view_enabled = False
    fixed = ("project", "number")
    machine_made = frozenset({"script_name", "script_format", "script_sha256", "script_warnings"})
    sections = {
        "": ("project", ("number", "status"), "title", "synopsis"),
        "Story": (("hook", "cliffhanger"), "target_seconds", "structure_positions"),
        "Script": ("script_text",),
    }
    list_display = ["__str__", "title", "project", "status"]
    related = ("project",)
    filters = ("status",)
    search_fields = ["title", "synopsis"]


class Characters(RecordViewSet):
    """The people of the story."""

    model = Character
    icon = "group"
    form_class = CharacterForm
    fixed = ("project",)
    sections = {
        "": ("project", ("name", "role"), "aliases", "description", "appearance_summary"),
        "Prompts": ("prompt_fragment", "negative_fragment", "scale_height"),
    }
    list_display = ["name", "role", "project"]
    related = ("project",)
    filters = ("role",)
    search_fields = ["name"]


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
        "Prompts and notes": ("prompt_template", "consistency_groups", "continuity_notes", "legal_notes"),
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
    list_display = [
        *("__str__", "business", "scene", "expected_seconds", STATUS),
        Column("production", label="Production", accessor="scene.chapter.project"),
    ]
    related = ("scene__chapter__project", "state")
    filters = ("approach", "shot_size")
    search_fields = ["business", "description"]


class Memberships(PlainViewSet):
    """Who works on what."""

    model = Membership
    icon = "user"
    form_class = MembershipForm
    fixed = ("project", "person")
    sections = {"": ("project", "person", "role")}
    list_display = ["person", "project", "role"]
    related = ("project", "person")
    filters = ("role",)
    search_fields = ["person__username"]


class Profiles(PlainViewSet):
    """Which model makes what."""

    model = ModelProfile
    icon = "cogs"
    form_class = ProfileForm
    sections = {
        "": ("name", ("capability", "provider"), "endpoint", "tiers", ("price", "price_unit", "price_date")),
        "Choice": ("parameters", ("preference", "active")),
    }
    list_display = ["name", "capability", "provider", "price", "price_unit", "active"]
    filters = ("provider", "active")
    search_fields = ["name", "endpoint"]


class Takes(MachineViewSet):
    """Finished takes."""

    model = Take
    icon = "media"
    list_display = ["asset_name", "shot", "kind", "provider", "cost", "review_state"]
    related = ("shot__scene",)
    filters = ("kind", "review_state")
    search_fields = ["asset_name"]
    inspect_view_fields_exclude = ["request_digest"]


class Runs(MachineViewSet):
    """Pipelines at work."""

    model = Run
    icon = "history"
    list_display = ["__str__", "project", "state", "progress", "progress_words", "created_at"]
    related = ("project",)
    filters = ("state",)
    search_fields = ["pipeline", "subject"]
    inspect_view_fields = [
        *("pipeline", "subject", "project", "state", "progress", "progress_words", "error", "requested_by"),
        *("created_at", "started_at", "finished_at"),
    ]


class Alerts(MachineViewSet):
    """Problems that wait for a person."""

    model = Alert
    icon = "warning"
    list_display = ["title", "project", "severity", "raised_at", "dismissed_at"]
    related = ("project",)
    filters = ("severity",)
    search_fields = ["title", "message"]


class Media(MachineViewSet):
    """Stored files."""

    model = MediaAsset
    icon = "doc-full"
    menu_label = "Media"
    list_display = ["__str__", "project", "role", "source", "size", "created_at"]
    related = ("project",)
    filters = ("kind", "source")
    search_fields = ["sha256"]
    inspect_view_fields_exclude = ["file"]


class Production(SnippetViewSetGroup):
    """The menu of the production's records."""

    menu_label = "Production"
    menu_icon = "media"
    menu_name = "production"
    menu_order = 100
    items = (
        *(Projects, Chapters, Characters, Scenes, Shots, Takes),
        *(Runs, Alerts, Media, Memberships, Profiles),
    )
