"""The only writers of production records: one named verb per change."""

from .alerts import dismiss_alert, raise_alert, settle_alerts
from .production import (
    add_member,
    change_project,
    create_project,
    record_cover,
    record_film,
    set_budget,
    set_project_status,
    write_chapter,
)

__all__ = [
    "add_member",
    "change_project",
    "create_project",
    "dismiss_alert",
    "raise_alert",
    "record_cover",
    "record_film",
    "set_budget",
    "set_project_status",
    "settle_alerts",
    "write_chapter",
]
