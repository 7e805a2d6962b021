"""Addresses of records in the admin, and forms filled in as a browser would send them."""

from __future__ import annotations

from django.urls import reverse
from wagtail.admin.viewsets import viewsets


def viewset_of(model):
    """The viewset that edits the model."""
    return next(v for v in viewsets.viewsets if getattr(v, "model", None) is model and hasattr(v, "index_view_class"))


def address(model, page, *args):
    """The address of one page of the model's viewset."""
    return reverse(viewset_of(model).get_url_name(page), args=args)


def form_data(response, **changes):
    """What a browser would post from the form of a page and the lists in it, with some fields changed."""
    form = response.context["form"]
    data = _filled_in(form)
    for formset in getattr(form, "formsets", {}).values():
        for part in (formset.management_form, *formset.forms):
            data |= _filled_in(part)
    return data | changes


def _filled_in(form):
    data = {}
    for bound in form:
        value = bound.value()
        if value is True:
            value = "on"
        if value is not None and value is not False:
            data[bound.html_name] = value
    return data


def post_change(client, record, **changes):
    """Open the record's form, change some fields and save."""
    url = address(type(record), "edit", record.pk)
    page = client.get(url)
    assert page.status_code == 200, page.status_code
    return client.post(url, form_data(page, **changes))


def post_new(client, model, **values):
    """Open the form of a new record, fill it in and save."""
    url = address(model, "add")
    page = client.get(url)
    assert page.status_code == 200, page.status_code
    return client.post(url, form_data(page, **values))
