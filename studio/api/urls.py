"""Addresses of the API, version 1."""

from __future__ import annotations

from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import SimpleRouter

from characters.models import Character, CharacterIdentity, CharacterReference, IdentityTest, Look
from dailies.models import Annotation, Playlist, Review, ReviewSession
from media_pipeline.models import MediaAsset
from projects.models import (
    Alert,
    BudgetAccount,
    BudgetLedgerEntry,
    Chapter,
    Correction,
    DepartmentReadiness,
    GatherItem,
    Membership,
    Project,
    QualifiedDocument,
    StoryBible,
)
from prompts.models import ModelProfile, PromptTemplate
from scenes.models import (
    CompositeIteration,
    ConsistencyGroup,
    ContinuityCheck,
    GenerationGroup,
    Location,
    Prop,
    Scene,
    Shot,
    Style,
    Take,
    VerificationResult,
)

from . import accounts, actions, casting, dailies, exchange, media_services, structure, takes, templates, webhooks
from .problems import not_found
from .records import viewset_of
from .runs import RunViewSet

RECORDS = {
    "projects": (Project, ("title", "code")),
    "memberships": (Membership, ("person__username",)),
    "chapters": (Chapter, ("title",)),
    "gather-items": (GatherItem, ("title", "body")),
    "readiness": (DepartmentReadiness, ()),
    "story-bibles": (StoryBible, ("title",)),
    "documents": (QualifiedDocument, ("collection", "key")),
    "corrections": (Correction, ("words",)),
    "alerts": (Alert, ("title", "message")),
    "budgets": (BudgetAccount, ("project__title",)),
    "ledger": (BudgetLedgerEntry, ("note",)),
    "characters": (Character, ("name",)),
    "looks": (Look, ("name",)),
    "references": (CharacterReference, ("description",)),
    "identities": (CharacterIdentity, ("notes",)),
    "identity-tests": (IdentityTest, ()),
    "locations": (Location, ("name",)),
    "props": (Prop, ("name",)),
    "styles": (Style, ("name",)),
    "consistency-groups": (ConsistencyGroup, ("name",)),
    "scenes": (Scene, ("number", "heading", "synopsis")),
    "shots": (Shot, ("business", "description")),
    "takes": (Take, ("asset_name",)),
    "composites": (CompositeIteration, ()),
    "verifications": (VerificationResult, ()),
    "continuity": (ContinuityCheck, ()),
    "attempts": (GenerationGroup, ()),
    "templates": (PromptTemplate, ("name", "key")),
    "profiles": (ModelProfile, ("name", "endpoint")),
    "reviews": (Review, ("signature", "text")),
    "notes": (Annotation, ("signature", "text")),
    "playlists": (Playlist, ("name",)),
    "review-sessions": (ReviewSession, ()),
    "media": (MediaAsset, ("sha256",)),
}
"""Address -> the record and where `?search=` looks."""

router = SimpleRouter()
for name, (model, search) in RECORDS.items():
    router.register(name, viewset_of(model, search=search), basename=f"api-{name}")
router.register("runs", RunViewSet, basename="api-runs")

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("auth/register/", accounts.Register.as_view(), name="api-register"),
    path("auth/login/", accounts.Login.as_view(), name="api-login"),
    path("auth/refresh/", accounts.Refresh.as_view(), name="api-refresh"),
    path("auth/logout/", accounts.Logout.as_view(), name="api-logout"),
    path("me/", accounts.Me.as_view(), name="api-me"),
    path("me/tokens/", accounts.Tokens.as_view(), name="api-tokens"),
    path("me/tokens/<int:pk>/", accounts.RevokeToken.as_view(), name="api-token"),
    path("me/notices/", dailies.MyNotices.as_view(), name="api-my-notices"),
    path("projects/<slug:slug>/screenplay/", actions.ImportScreenplay.as_view(), name="api-screenplay"),
    path("projects/<slug:slug>/plan/", actions.PlanShots.as_view(), name="api-plan"),
    path("projects/<slug:slug>/previz/", actions.Previz.as_view(), name="api-previz"),
    path("projects/<slug:slug>/produce/", actions.Produce.as_view(), name="api-produce"),
    path("projects/<slug:slug>/assemble/", actions.Assemble.as_view(), name="api-assemble"),
    path("projects/<slug:slug>/estimate/", actions.Estimate.as_view(), name="api-estimate"),
    path("projects/<slug:slug>/events/", actions.Events.as_view(), name="api-events"),
    path("projects/<slug:slug>/approvals/", actions.Approvals.as_view(), name="api-approvals"),
    path("runs/<int:pk>/explained/", actions.RunDetail.as_view(), name="api-run-explained"),
    path("runs/<int:pk>/cancel/", actions.CancelRun.as_view(), name="api-cancel-run"),
    path("runs/<int:pk>/resume/", actions.ResumeRun.as_view(), name="api-resume-run"),
    path("steps/<int:pk>/resolve/", actions.ResolveStep.as_view(), name="api-resolve-step"),
    path("approvals/<int:pk>/decide/", actions.DecideApproval.as_view(), name="api-decide-approval"),
    path("alerts/<int:pk>/dismiss/", actions.DismissAlert.as_view(), name="api-dismiss-alert"),
    path("shots/<int:pk>/retake/", takes.Retake.as_view(), name="api-retake"),
    path("shots/<int:pk>/estimate/", takes.EstimateShot.as_view(), name="api-estimate-shot"),
    path("shots/<int:pk>/accept-picture/", takes.AcceptPicture.as_view(), name="api-accept-picture"),
    path("shots/<int:pk>/give-back/", takes.GiveBack.as_view(), name="api-give-back"),
    path("takes/<int:pk>/changes/", takes.Changes.as_view(), name="api-take-changes"),
    path("takes/<int:pk>/select/", actions.SelectTake.as_view(), name="api-select-take"),
    path("takes/<int:pk>/review/", dailies.ReviewTake.as_view(), name="api-review-take"),
    path("takes/<int:pk>/decide/", dailies.DecideTake.as_view(), name="api-decide-take"),
    path("projects/<slug:slug>/decisions/", dailies.DecideTakes.as_view(), name="api-decide-takes"),
    path("reviews/<int:pk>/undo/", dailies.UndoReview.as_view(), name="api-undo-review"),
    path("takes/<int:pk>/notes/", dailies.WriteNote.as_view(), name="api-write-note"),
    path("notes/<int:pk>/resolve/", dailies.ResolveNote.as_view(), name="api-resolve-note"),
    path("notes/<int:pk>/reopen/", dailies.ReopenNote.as_view(), name="api-reopen-note"),
    path("notes/<int:pk>/withdraw/", dailies.WithdrawNote.as_view(), name="api-withdraw-note"),
    path("projects/<slug:slug>/playlists/", dailies.MakePlaylist.as_view(), name="api-make-playlist"),
    path("playlists/<int:pk>/change/", dailies.ChangePlaylist.as_view(), name="api-change-playlist"),
    path("playlists/<int:pk>/order/", dailies.OrderPlaylist.as_view(), name="api-order-playlist"),
    path("playlists/<int:pk>/add/", dailies.AddToPlaylist.as_view(), name="api-add-to-playlist"),
    path("playlists/<int:pk>/take-out/", dailies.RemoveFromPlaylist.as_view(), name="api-take-out-of-playlist"),
    path("playlists/<int:pk>/remove/", dailies.RemovePlaylist.as_view(), name="api-remove-playlist"),
    path("playlists/<int:pk>/links/", dailies.GuestLinks.as_view(), name="api-guest-links"),
    path("guest-links/<int:pk>/revoke/", dailies.RevokeGuestLink.as_view(), name="api-revoke-guest-link"),
    path("playlists/<int:pk>/session/", dailies.StartSession.as_view(), name="api-start-session"),
    path("review-sessions/<int:pk>/move/", dailies.MoveSession.as_view(), name="api-move-session"),
    path("review-sessions/<int:pk>/take-over/", dailies.TakeOverSession.as_view(), name="api-take-over-session"),
    path("review-sessions/<int:pk>/end/", dailies.EndSession.as_view(), name="api-end-session"),
    path("continuity/<int:pk>/dismiss/", dailies.DismissContinuity.as_view(), name="api-dismiss-continuity"),
    path("scenes/<int:pk>/continuity/", actions.CheckContinuity.as_view(), name="api-check-continuity"),
    path("scenes/<int:pk>/omit/", actions.OmitScene.as_view(), name="api-omit-scene"),
    path("scenes/<int:pk>/restore/", actions.RestoreScene.as_view(), name="api-restore-scene"),
    path("scenes/<int:pk>/duplicate/", actions.DuplicateScene.as_view(), name="api-duplicate-scene"),
    path("projects/<slug:slug>/screenplay/preview/", structure.PreviewScreenplay.as_view(), name="api-preview-script"),
    path("chapters/<int:pk>/insert-scene/", structure.InsertScene.as_view(), name="api-insert-scene"),
    path("chapters/<int:pk>/reorder/", structure.ReorderScenes.as_view(), name="api-reorder-scenes"),
    path("scenes/<int:pk>/split/", structure.SplitScene.as_view(), name="api-split-scene"),
    path("scenes/<int:pk>/merge/", structure.MergeScenes.as_view(), name="api-merge-scenes"),
    path("scenes/<int:pk>/insert-shot/", structure.InsertShot.as_view(), name="api-insert-shot"),
    path("scenes/<int:pk>/reorder/", structure.ReorderShots.as_view(), name="api-reorder-shots"),
    path("shots/<int:pk>/split/", structure.SplitShot.as_view(), name="api-split-shot"),
    path("shots/<int:pk>/merge/", structure.MergeShots.as_view(), name="api-merge-shots"),
    path("shots/<int:pk>/omit/", structure.OmitShot.as_view(), name="api-omit-shot"),
    path("shots/<int:pk>/restore/", structure.RestoreShot.as_view(), name="api-restore-shot"),
    path("templates/<int:pk>/override/", templates.OverrideTemplate.as_view(), name="api-override-template"),
    path("templates/<int:pk>/restore/", templates.RestoreTemplate.as_view(), name="api-restore-template"),
    path("characters/<int:pk>/rename/", casting.RenameCharacter.as_view(), name="api-rename-character"),
    path("characters/<int:pk>/rename/preview/", casting.PreviewRename.as_view(), name="api-preview-rename"),
    path("characters/<int:pk>/merge/", casting.MergeCharacters.as_view(), name="api-merge-characters"),
    path("characters/<int:pk>/merge/preview/", casting.PreviewMerge.as_view(), name="api-preview-character-merge"),
    path("locations/<int:pk>/merge/", casting.MergeLocations.as_view(), name="api-merge-locations"),
    path(
        "locations/<int:pk>/merge/preview/", casting.PreviewLocationMerge.as_view(), name="api-preview-location-merge"
    ),
    path("corrections/<int:pk>/undo/", casting.UndoCorrection.as_view(), name="api-undo-correction"),
    path("projects/<slug:slug>/tables/<slug:kind>/", exchange.ImportTable.as_view(), name="api-import-table"),
    path(
        "projects/<slug:slug>/tables/<slug:kind>.<slug:suffix>", exchange.ExportTable.as_view(), name="api-export-table"
    ),
    path("projects/<slug:slug>/webhooks/", webhooks.Webhooks.as_view(), name="api-webhooks"),
    path("webhooks/<int:pk>/", webhooks.Webhook.as_view(), name="api-webhook"),
    path("webhooks/<int:pk>/test/", webhooks.TryWebhook.as_view(), name="api-try-webhook"),
    path("webhooks/<int:pk>/secret/", webhooks.RenewSecret.as_view(), name="api-renew-webhook-secret"),
    path("webhooks/<int:pk>/deliveries/", webhooks.Deliveries.as_view(), name="api-webhook-deliveries"),
    path("deliveries/<int:pk>/again/", webhooks.SendAgain.as_view(), name="api-send-again"),
    path("projects/<slug:slug>/media/", media_services.UploadMedia.as_view(), name="api-upload-media"),
    path("projects/<slug:slug>/media/last-frame/", media_services.LastFrame.as_view(), name="api-last-frame"),
    path("projects/<slug:slug>/media/stitch/", media_services.Stitch.as_view(), name="api-stitch"),
    path("projects/<slug:slug>/media/audio-stitch/", media_services.AudioStitch.as_view(), name="api-audio-stitch"),
    path("projects/<slug:slug>/media/music-track/", media_services.MusicTrack.as_view(), name="api-music-track"),
    path("media/<int:pk>/length/", media_services.MediaLength.as_view(), name="api-media-length"),
    path("media/<int:pk>/file/", actions.MediaFile.as_view(), name="api-media-file"),
    path("", include(router.urls)),
    re_path(r"^.*$", not_found, name="api-nothing"),
]
