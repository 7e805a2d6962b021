"""Every address of the site."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from studio.hooks import provider_report
from studio.review.media import media_file
from studio.search.views import search_page

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("studio.review.urls")),
    path("", include("studio.accounts.urls")),
    path("projects/<slug:slug>/dailies/", include("studio.dailies.urls")),
    path("my-reviews/", include("studio.dailies.personal_urls")),
    path("guest/", include("studio.dailies.guest_urls")),
    path("media/<int:asset_id>/", media_file, name="media-file"),
    path("hooks/<slug:provider>/<str:token>/", provider_report, name="provider-report"),
    path("api/v1/", include("studio.api.urls")),
    path("search/", search_page, name="search"),
    path("admin/", include("studio.editorial.urls")),
]
