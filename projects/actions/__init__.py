"""The only writers of production records: one named verb per change."""

from .alerts import dismiss_alert, raise_alert, settle_alerts
from .bible import write_bible
from .correcting import Correcting, undo_correction
from .gathering import (
    add_gather_item,
    change_gather_item,
    lock_gather,
    record_readiness,
    remove_document,
    remove_gather_item,
    write_document,
)
from .members import add_member, remove_member
from .production import (
    change_project,
    create_project,
    delete_project,
    record_cover,
    record_film,
    remove_chapter,
    set_budget,
    set_project_status,
    write_chapter,
)
from .webhooks import (
    change_webhook,
    create_webhook,
    remove_webhook,
    renew_webhook_secret,
    send_again,
    try_webhook,
)
from .writing import write

__all__ = [
    "Correcting",
    "add_gather_item",
    "add_member",
    "change_gather_item",
    "change_project",
    "change_webhook",
    "create_project",
    "create_webhook",
    "delete_project",
    "dismiss_alert",
    "lock_gather",
    "raise_alert",
    "record_cover",
    "record_film",
    "record_readiness",
    "remove_chapter",
    "remove_document",
    "remove_gather_item",
    "remove_member",
    "remove_webhook",
    "renew_webhook_secret",
    "send_again",
    "set_budget",
    "set_project_status",
    "settle_alerts",
    "try_webhook",
    "undo_correction",
    "write",
    "write_bible",
    "write_chapter",
    "write_document",
]
