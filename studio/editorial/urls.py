"""The admin's addresses, to be mounted at /admin/."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.utils.urlpatterns import decorate_urlpatterns

from .gate import close

urlpatterns: list[URLPattern | URLResolver] = decorate_urlpatterns(wagtailadmin_urls.urlpatterns, close)
