"""Every address of the site."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path


def _no_media(request: HttpRequest, asset_id: int) -> HttpResponse:
    raise Http404("Media files are not served by this installation.")


def _media_view() -> object:
    if find_spec("studio.review.media") is None:
        return _no_media
    return import_module("studio.review.media").media_file


urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("studio.review.urls")),
    path("", include("studio.accounts.urls")),
    path("media/<int:asset_id>/", _media_view(), name="media-file"),  # type: ignore[call-overload]
]
if find_spec("studio.editorial") and find_spec("studio.editorial.urls"):
    urlpatterns.append(path("admin/", include("studio.editorial.urls")))
if find_spec("studio.api") and find_spec("studio.api.urls"):
    urlpatterns.append(path("api/", include("studio.api.urls")))
