"""The page where a production's webhooks are made, tried and looked after."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from projects import actions
from projects.access import project_for
from projects.models import OutgoingWebhook, WebhookDelivery

from . import queries
from .views import UNREADABLE, page_context

SHOWN = 12


class WebhookForm(forms.Form):
    """A webhook to make."""

    name = forms.CharField(max_length=120, error_messages={"required": "Give it a name."})
    url = forms.CharField(
        label="Address", max_length=500, widget=forms.URLInput(attrs={"placeholder": "https://hooks.example.com/rushes"}),
        error_messages={"required": "Write where events are sent."},
    )  # fmt: skip
    events = forms.CharField(
        label="Events", required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One to a line, such as take.created, or shot.* for all of a kind. Empty: every event.",
    )  # fmt: skip

    def clean_events(self) -> list[str]:
        """One to a line."""
        return [line.strip() for line in self.cleaned_data["events"].splitlines() if line.strip()]


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def webhooks_page(request: HttpRequest, slug: str) -> HttpResponse:
    """All webhooks with their latest deliveries; a new one's secret is on the page that answers and nowhere else."""
    project = project_for(request.user, slug, may="manage")
    form, secret, made = WebhookForm(), "", ""
    if request.method == "POST" and request.POST.get("do") == "create":
        form = WebhookForm(request.POST)
        if form.is_valid():
            try:
                webhook, secret = actions.create_webhook(project, by=request.user, **form.cleaned_data)
                form, made = WebhookForm(), webhook.name
            except ValidationError as problem:
                _take_errors(form, problem)
    elif request.method == "POST":
        done = _do(request, _webhook(project.pk, request.POST.get("webhook", "")))
        if not done:
            return redirect("webhooks", slug=slug)
        made, secret = done
    latest = Prefetch("deliveries", queryset=WebhookDelivery.objects.defer("body")[:SHOWN], to_attr="told")
    rows = OutgoingWebhook.objects.filter(project=project).select_related("state").prefetch_related(latest)
    context = page_context(request, project, queries.last_event_id(project.pk)) | {
        "form": form, "secret": secret, "made": made,
        "webhooks": [{"webhook": webhook, "deliveries": webhook.told} for webhook in rows],
    }  # fmt: skip
    return render(request, "review/webhooks.html", context, status=UNREADABLE if form.errors else 200)


def _do(request: HttpRequest, webhook: OutgoingWebhook) -> tuple[str, str] | None:
    """Carry a button out; name and secret where there is a new one to show."""
    deed = request.POST.get("do")
    if deed == "secret":
        return webhook.name, actions.renew_webhook_secret(webhook, by=request.user)
    try:
        if deed == "test":
            actions.try_webhook(webhook, by=request.user)
            messages.success(request, "A test is on its way: look at the log in a moment.")
        elif deed in {"on", "off"}:
            actions.change_webhook(webhook, by=request.user, active=deed == "on")
            messages.success(request, f"{webhook.name} is switched {deed}.")
        elif deed == "again":
            actions.send_again(_delivery(webhook, request.POST.get("delivery", "")))
            messages.success(request, "It is sent once more.")
        elif deed == "remove":
            actions.remove_webhook(webhook, by=request.user)
            messages.success(request, f"{webhook.name} is removed.")
        else:
            raise Http404("There is nothing of this name that could be done.")
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    return None


def _webhook(project_id: int, text: str) -> OutgoingWebhook:
    found = OutgoingWebhook.objects.filter(project=project_id, pk=_number(text)).first()
    if found is None:
        raise Http404("There is no such webhook.")
    return found


def _delivery(webhook: OutgoingWebhook, text: str) -> WebhookDelivery:
    found = webhook.deliveries.filter(pk=_number(text)).first()
    if found is None:
        raise Http404("There is no such delivery.")
    return found


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def _take_errors(form: forms.Form, problem: ValidationError) -> None:
    errors: dict[str, Any] = problem.error_dict if hasattr(problem, "error_dict") else {"": problem.error_list}
    for name, sentences in errors.items():
        form.add_error(name if name in form.fields else None, ValidationError(sentences))
