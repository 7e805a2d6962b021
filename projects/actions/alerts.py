"""Problems that stay at the top of a production's pages."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from projects.choices import Severity
from projects.events import emit
from projects.models import Alert


@transaction.atomic
def raise_alert(
    project_id: int, *, title: str, message: str, source: str = "", severity: str = Severity.ERROR
) -> Alert:
    """Put a problem at the top of the production's pages; the same open problem is not raised twice."""
    existing = Alert.objects.filter(project_id=project_id, source=source, title=title, dismissed_at=None).first()
    if existing and source:
        if existing.message != message:
            existing.message = message
            existing.save(update_fields=["message"])
            emit(project_id, "alert.raised", f"alert:{existing.pk}", {"title": title})
        return existing
    alert = Alert.objects.create(
        project_id=project_id, severity=severity, title=title[:200], message=message, source=source
    )
    emit(project_id, "alert.raised", f"alert:{alert.pk}", {"title": alert.title})
    return alert


@transaction.atomic
def dismiss_alert(alert: Alert, *, by: Any = None) -> bool:
    """Take an alert down; False when somebody had done so already."""
    changed = Alert.objects.filter(pk=alert.pk, dismissed_at=None).update(dismissed_at=timezone.now(), dismissed_by=by)
    if changed:
        emit(alert.project_id, "alert.dismissed", f"alert:{alert.pk}")
    return bool(changed)


@transaction.atomic
def settle_alerts(project_id: int, source: str) -> None:
    """Take down what was raised about `source`, because the problem itself is gone."""
    for alert in Alert.objects.filter(project_id=project_id, source=source, dismissed_at=None):
        dismiss_alert(alert)
