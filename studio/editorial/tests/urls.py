"""The admin alone, for tests of the admin."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [path("admin/", include("studio.editorial.urls"))]
