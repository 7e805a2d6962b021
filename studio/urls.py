"""Every address of the site."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from studio.hooks import provider_report
from studio.review.media import media_file

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("studio.review.urls")),
    path("", include("studio.accounts.urls")),
    path("media/<int:asset_id>/", media_file, name="media-file"),
    path("hooks/<slug:provider>/<str:token>/", provider_report, name="provider-report"),
    path("api/v1/", include("studio.api.urls")),
    path("admin/", include("studio.editorial.urls")),
]
