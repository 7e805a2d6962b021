"""What machines write: lists and pages to look at."""

from __future__ import annotations

from wagtail.admin.ui.tables import Column

from characters.models import IdentityTest
from dailies.models import Annotation, Playlist, Review, ReviewSession
from media_pipeline.models import MediaAsset, Run
from projects.models import (
    Alert,
    BudgetLedgerEntry,
    Correction,
    DepartmentReadiness,
    OutgoingWebhook,
    QualifiedDocument,
    WebhookDelivery,
)
from scenes.models import CompositeIteration, ContinuityCheck, GenerationGroup, Take, VerificationResult
from studio.editorial.lists import Picture, amount_column, sortable, standing
from studio.editorial.viewset import MachineViewSet
from studio.templatetags.film import money

from .productions import PRODUCTION

SHOT = sortable("shot", sort_key="shot__sequence")


class Takes(MachineViewSet):
    """Finished takes."""

    model = Take
    icon = "media"
    list_display = [
        "asset_name",
        Picture("thumbnail_id"),
        sortable("shot", sort_key="shot__sequence"),
        "kind",
        "provider",
        Column("cost", label="Cost", accessor=lambda take: money(take.cost), sort_key="cost"),
        standing("review_state", "Review"),
        "created_at",
    ]
    related = ("shot__scene",)
    ordered_by = ("-created_at",)
    filters = ("kind", "review_state")
    search_fields = ["asset_name"]
    inspect_view_fields_exclude = ["request_digest"]


class Runs(MachineViewSet):
    """Pipelines at work."""

    model = Run
    icon = "history"
    list_display = [
        "pipeline",
        "subject",
        PRODUCTION,
        standing("state"),
        "progress",
        "progress_words",
        "created_at",
    ]
    related = ("project",)
    ordered_by = ("-pk",)
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
    list_display = ["title", PRODUCTION, standing("severity"), "raised_at", "dismissed_at"]
    related = ("project",)
    ordered_by = ("-raised_at",)
    filters = ("severity",)
    search_fields = ["title", "message"]


def picture_of(asset: MediaAsset) -> int | None:
    """The file itself where it is a picture."""
    return asset.pk if asset.kind == MediaAsset.Kind.IMAGE else None


class Media(MachineViewSet):
    """Stored files."""

    model = MediaAsset
    icon = "doc-full"
    menu_label = "Media"
    list_display = ["__str__", Picture(picture_of), PRODUCTION, "role", "source", "size", "created_at"]
    related = ("project",)
    ordered_by = ("-pk",)
    filters = ("kind", "source")
    search_fields = ["sha256"]
    inspect_view_fields_exclude = ["file"]


class Readiness(MachineViewSet):
    """How ready each department's material is."""

    model = DepartmentReadiness
    icon = "tick"
    menu_label = "Readiness"
    list_display = ["department", PRODUCTION, "score", "evaluated_by", "evaluated_at"]
    related = ("project",)
    filters = ("evaluated_by",)
    search_fields = ["department"]


class Documents(MachineViewSet):
    """Output of departments that has no record of its own."""

    model = QualifiedDocument
    icon = "doc-empty"
    menu_label = "Documents"
    list_display = ["__str__", PRODUCTION, "schema_version", "generated_by", "updated_at"]
    related = ("project",)
    filters = ("collection",)
    search_fields = ["collection", "key"]


class Ledger(MachineViewSet):
    """Every movement of money."""

    model = BudgetLedgerEntry
    icon = "list-ul"
    menu_label = "Ledger"
    list_display = ["at", "kind", amount_column("amount"), "provider", "model", PRODUCTION, "note"]
    related = ("project",)
    filters = ("kind",)
    search_fields = ["provider", "model", "note"]


class Iterations(MachineViewSet):
    """How the start image of a shot was built up."""

    model = CompositeIteration
    icon = "image"
    menu_label = "Composites"
    list_display = ["__str__", Picture("picture_id"), SHOT, "layer", "attempts"]
    related = ("shot__scene",)
    filters = ("layer",)
    search_fields = ["prompt"]


class Verifications(MachineViewSet):
    """What was asked of pictures, and the answers."""

    model = VerificationResult
    icon = "check"
    menu_label = "Verifications"
    list_display = ["__str__", SHOT, "kind", "passed"]
    related = ("shot__scene",)
    filters = ("kind",)
    search_fields = ["query", "answer"]


class Continuity(MachineViewSet):
    """What does not fit from one shot to the next."""

    model = ContinuityCheck
    icon = "link"
    menu_label = "Continuity"
    list_display = ["__str__", "kind", standing("severity"), "passed"]
    related = ("from_shot__scene", "to_shot__scene")
    filters = ("kind", "severity")
    search_fields = ["notes"]


class Groups(MachineViewSet):
    """Rounds of hero frames and attempts."""

    model = GenerationGroup
    icon = "duplicate"
    menu_label = "Hero frames and attempts"
    list_display = ["__str__", PRODUCTION, "kind"]
    related = ("project",)
    filters = ("kind",)
    search_fields = ["pk"]


class IdentityTests(MachineViewSet):
    """How like its references an identity comes out."""

    model = IdentityTest
    icon = "view"
    menu_label = "Identity tests"
    list_display = ["__str__", Picture("image_id"), "similarity", "face_distance", "passed", "at"]
    related = ("identity__character",)
    filters = ("kind",)
    search_fields = ["prompt"]


class Corrections(MachineViewSet):
    """What was renamed and merged, and whether it was taken back."""

    model = Correction
    icon = "undo"
    menu_label = "Corrections"
    list_display = ["words", "project", "kind", "by", "at", "undone_at"]
    related = ("project", "by")
    filters = ("kind",)
    search_fields = ["words"]
    inspect_view_fields_exclude = ["changes"]


class Webhooks(MachineViewSet):
    """Other systems that are told of a production's events; they are made on the production's own page."""

    model = OutgoingWebhook
    icon = "mail"
    menu_label = "Webhooks"
    list_display = ["name", "project", "url", "active", "updated_at"]
    related = ("project",)
    filters = ("active",)
    search_fields = ["name", "url"]
    inspect_view_fields_exclude = ["sealed_secret"]


class Deliveries(MachineViewSet):
    """What was told to other systems, and what they answered."""

    model = WebhookDelivery
    icon = "history"
    menu_label = "Webhook deliveries"
    list_display = ["event_type", "webhook", "status", "attempts", "answer", "error", "created_at"]
    related = ("webhook__project",)
    filters = ("status",)
    search_fields = ["event_type", "error"]


class Reviews(MachineViewSet):
    """Decisions about takes."""

    model = Review
    icon = "tick-inverse"
    menu_label = "Decisions"
    list_display = ["__str__", "take", "decision", "signature", "created_at", "undone_at"]
    related = ("take",)
    filters = ("decision",)
    search_fields = ["signature", "text"]


class Notes(MachineViewSet):
    """Notes on frames."""

    model = Annotation
    icon = "comment"
    menu_label = "Notes"
    list_display = ["__str__", "take", "signature", "first_frame", "resolved_at"]
    related = ("take",)
    filters = ()
    search_fields = ["signature", "text"]


class Playlists(MachineViewSet):
    """Takes in an order, for a session or for guests."""

    model = Playlist
    icon = "list-ol"
    list_display = ["name", "project", "created_by", "created_at"]
    related = ("project", "created_by")
    filters = ()
    search_fields = ["name"]


class Sessions(MachineViewSet):
    """Reviews that people watched together."""

    model = ReviewSession
    icon = "group"
    menu_label = "Review sessions"
    list_display = ["__str__", "playlist", "presenter", "started_at", "ended_at"]
    related = ("playlist__project", "presenter")
    filters = ()
    search_fields = ["playlist__name"]
