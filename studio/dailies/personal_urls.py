"""Addresses of a person's own."""

from __future__ import annotations

from django.urls import path

from . import inbox

urlpatterns = [
    path("", inbox.my_reviews, name="my-reviews"),
    path("read/", inbox.read, name="read-notices"),
    path("unread/", inbox.unread, name="unread-notices"),
    path("settings/", inbox.preferences, name="review-preferences"),
]
