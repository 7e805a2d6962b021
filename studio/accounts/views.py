"""The person's own page."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from projects.models import Membership


class ProfileForm(forms.ModelForm[User]):
    """Name and address of the person who is logged in."""

    class Meta:
        model = get_user_model()
        fields = ("first_name", "last_name", "email")


@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """Show and change one's own name and e-mail address, and list the productions one works on."""
    assert isinstance(request.user, User)
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Your profile is saved.")
        return redirect("profile")
    memberships = Membership.objects.filter(person=request.user).select_related("project").order_by("project__title")
    return render(request, "accounts/profile.html", {"form": form, "memberships": memberships})
