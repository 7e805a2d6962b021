"""Addresses of the pages of a production."""

from __future__ import annotations

from django.urls import path, re_path

from . import (
    assembly,
    casting,
    checking,
    decisions,
    exchange,
    previz,
    retake,
    script_preview,
    spending,
    story,
    structure,
    views,
    webhooks,
)

urlpatterns = [
    path("", views.home, name="home"),
    path("healthz", views.healthz, name="healthz"),
    path("new-production/", views.new_production, name="new-production"),
    path("check-file/", checking.check_file, name="check-file"),
    path("projects/<slug:slug>/", views.project_page, name="project"),
    path("projects/<slug:slug>/screenplay/", views.import_screenplay, name="import-screenplay"),
    path("projects/<slug:slug>/screenplay/preview/", script_preview.preview_page, name="preview-screenplay"),
    path("projects/<slug:slug>/produce/", views.produce, name="produce"),
    path("projects/<slug:slug>/estimate/", spending.estimate, name="estimate"),
    path("projects/<slug:slug>/previz/", previz.previz_page, name="previz"),
    path("projects/<slug:slug>/previz/contact-sheet.pdf", previz.contact_sheet, name="previz-sheet"),
    path("projects/<slug:slug>/assemble/", assembly.assembly_page, name="assemble"),
    path("projects/<slug:slug>/calls/<int:step_id>/", spending.lost_call, name="lost-call"),
    path("projects/<slug:slug>/runs/<int:run_id>/stop/", views.stop_run, name="stop-run"),
    path("projects/<slug:slug>/runs/<int:run_id>/resume/", views.resume_run, name="resume-run"),
    path("projects/<slug:slug>/approvals/<int:approval_id>/", views.decide, name="decide-approval"),
    path("projects/<slug:slug>/alerts/<int:alert_id>/dismiss/", views.dismiss, name="dismiss-alert"),
    path("projects/<slug:slug>/shots/<int:shot_id>/", views.shot_page, name="shot"),
    path(
        "projects/<slug:slug>/shots/<int:shot_id>/pictures/<int:picture_id>/accept/",
        story.accept,
        name="accept-picture",
    ),
    path(
        "projects/<slug:slug>/shots/<int:shot_id>/continuity/<int:check_id>/dismiss/",
        story.dismiss_break,
        name="dismiss-break",
    ),
    path("projects/<slug:slug>/shots/<int:shot_id>/retake/", retake.retake_page, name="retake-shot"),
    path("projects/<slug:slug>/shots/<int:shot_id>/decisions/<slug:what>/", decisions.decide_shot, name="decide-shot"),
    path("projects/<slug:slug>/cast/", casting.cast_page, name="cast"),
    path("projects/<slug:slug>/characters/<int:pk>/rename/", casting.rename, name="rename-character"),
    re_path(
        r"^projects/(?P<slug>[-\w]+)/(?P<kind>characters|locations)/(?P<pk>[0-9]{1,18})/merge/$",
        casting.merge,
        name="merge-records",
    ),
    path("projects/<slug:slug>/structure/", structure.scenes_page, name="structure"),
    path("projects/<slug:slug>/structure/<int:number>/", structure.scenes_page, name="structure"),
    path("projects/<slug:slug>/scenes/<int:pk>/structure/", structure.shots_page, name="scene-structure"),
    path("projects/<slug:slug>/webhooks/", webhooks.webhooks_page, name="webhooks"),
    path("projects/<slug:slug>/exchange/", exchange.exchange_page, name="exchange"),
    path("projects/<slug:slug>/exchange/<slug:kind>.<slug:suffix>", exchange.export, name="export"),
    path("projects/<slug:slug>/corrections/<int:pk>/undo/", casting.undo, name="undo-correction"),
]
