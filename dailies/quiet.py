"""Quiet hours."""

from __future__ import annotations

import zoneinfo
from datetime import datetime

from django.utils import timezone

from .models import ReviewPreference


def is_quiet(preference: ReviewPreference, now: datetime | None = None) -> bool:
    """Whether the person wants to be left alone now, by their own clock; hours may reach over midnight."""
    begin, end = preference.quiet_from, preference.quiet_until
    if begin is None or end is None:
        return False
    here = (now or timezone.now()).astimezone(zoneinfo.ZoneInfo(preference.time_zone)).time()
    return begin <= here < end if begin <= end else here >= begin or here < end
