"""The admin's addresses, to be mounted at /admin/."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path
from django.views.generic import RedirectView
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.utils.urlpatterns import decorate_urlpatterns

from .gate import close

urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", RedirectView.as_view(pattern_name="login", query_string=True)),  # one sign-in page for everything
    *decorate_urlpatterns(wagtailadmin_urls.urlpatterns, close),
]
