"""What belongs to a production as a whole."""

from __future__ import annotations

from projects.models import BudgetAccount, Chapter, GatherItem, Membership, Project, StoryBible
from studio.editorial.fact_panels import history
from studio.editorial.forms import MembershipForm, ProjectForm
from studio.editorial.lists import DraftMark, Picture, amount_column, production_column, sortable, standing
from studio.editorial.panels import rows
from studio.editorial.viewset import PlainViewSet, RecordViewSet

STATUS = standing()
"""Where a record stands, from its state table."""

PRODUCTION = production_column()


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
        "Generation": ("default_negative_prompt", "seed_policy", "knowledge_base"),
        "Pictures": (rows("pictures", ("use", "image"), "caption", label="Picture"),),
        "Coherence": ("coherence",),
        "Consent": (("may_train_identities", "may_learn_style", "may_clone_voices"), "consent_notes"),
        "History": (history(),),
    }
    tabs = {
        "Story": ("", "Audience", "Story"),
        "Picture": ("Picture", "Style guide", "Brand guide", "Pictures"),
        "Generation": ("Coherence", "Generation"),
        "Consent": ("Consent",),
        "History": ("History",),
    }
    open_sections = ("Coherence",)
    list_display = ["title", Picture("state.cover_id"), "code", "format", STATUS]
    related = ("state",)
    ordered_by = ("title",)
    filters = ("format", "quality_tier")
    search_fields = ["title", "code", "logline"]


class Budgets(PlainViewSet):
    """What a production may spend; what is promised and spent is shown and never typed."""

    model = BudgetAccount
    icon = "decimal"
    menu_label = "Budget"
    fixed = ("project",)
    sections = {
        "": ("project", ("currency", "limit", "warning_percent")),
        "Within the limit": (("run_limit", "person_day_limit", "approval_threshold"),),
    }
    open_sections = ("Within the limit",)
    list_display = [
        "project",
        amount_column("limit"),
        amount_column("spent"),
        amount_column("reserved"),
        sortable("warning_percent", "Warning at (%)"),
    ]
    related = ("project",)
    ordered_by = ("project__title",)
    search_fields = ["project__title"]


class Chapters(RecordViewSet):
    """Chapters, episodes, acts."""

    model = Chapter
    icon = "list-ol"
    copy_view_enabled = False
    fixed = ("project", "number")
    machine_made = frozenset({"script_name", "script_format", "script_file", "script_sha256", "script_warnings"})
    sections = {
        "": ("project", ("number", "status"), "title", "synopsis"),
        "Story": (("hook", "cliffhanger"), "target_seconds", "structure_positions"),
        "Script": ("script_text",),
    }
    list_display = [
        "__str__",
        sortable("number"),
        sortable("title"),
        PRODUCTION,
        standing("status"),
    ]
    related = ("project",)
    ordered_by = ("project__title", "number")
    filters = ("status",)
    search_fields = ["title", "synopsis"]


class Bibles(RecordViewSet):
    """The story bible: what holds in the world of the story."""

    model = StoryBible
    icon = "openquote"
    menu_label = "Story bible"
    copy_view_enabled = False
    fixed = ("project",)
    sections = {
        "": ("project", "title", "tone", ("themes", "motifs")),
        "World": (rows("world_rules", "category", "description", label="World rule"),),
        "People": (rows("relationships", ("from_name", "kind", "to_name"), "description", label="Relationship"),),
        "Places": (rows("locations", "name", "description", "rules", label="Place"),),
        "Time": (rows("timeline", ("event", "when"), "description", label="Event", heading="Timeline"),),
        "Consistency": (rows("consistency_rules", "rule", "priority", label="Consistency rule"),),
        "Words": (rows("glossary", "term", "meaning", label="Term", heading="Glossary"),),
        "History": (history(),),
    }
    tabs = {
        "Story": ("",),
        "World": ("World", "Places"),
        "People and time": ("People", "Time"),
        "Rules and words": ("Consistency", "Words"),
        "History": ("History",),
    }
    list_display = ["title", PRODUCTION, sortable("tone"), sortable("updated_at", "Updated"), DraftMark()]
    related = ("project", "latest_revision")
    ordered_by = ("project__title",)
    search_fields = ["title", "tone"]


class GatherItems(RecordViewSet):
    """Raw material, before anybody has qualified it."""

    model = GatherItem
    icon = "download"
    menu_label = "Gather"
    copy_view_enabled = False
    fixed = ("project",)
    machine_made = frozenset({"source"})
    sections = {
        "": ("project", ("kind", "department"), "title", "body"),
        "Attachment and data": ("attachment", "structured"),
    }
    list_display = ["__str__", "kind", PRODUCTION, "department", "source", "created_at"]
    related = ("project",)
    ordered_by = ("-created_at",)
    filters = ("kind", "source")
    search_fields = ["title", "body"]


class Memberships(PlainViewSet):
    """Who works on what."""

    model = Membership
    icon = "user"
    form_class = MembershipForm
    fixed = ("project", "person")
    sections = {"": ("project", "person", "role")}
    list_display = ["person", PRODUCTION, "role"]
    related = ("project", "person")
    ordered_by = ("project__title", "person__username")
    filters = ("role",)
    search_fields = ["person__username"]
