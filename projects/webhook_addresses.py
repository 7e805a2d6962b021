"""Where events may be sent: hosts that the site's administrator names, and nothing inside the own network."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatch
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import SplitResult, urlsplit

from django.conf import settings


def address_problem(url: str, allowed: Sequence[str] | None = None) -> str:
    """What speaks against an address, in a sentence; empty where nothing does. Names are not looked up here.

    `allowed` are the patterns of OUTGOING_WEBHOOK_HOSTS: names, *.names, or host:port. An address in figures
    (127.0.0.1:9000) is allowed only where it stands there in figures itself, and only such a one may be plain http.
    """
    patterns = settings.OUTGOING_WEBHOOK_HOSTS if allowed is None else allowed
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "This is no address: write one such as https://hooks.example.com/rushes."
    if parts.scheme not in ("http", "https") or not host or any(letter.isspace() or ord(letter) < 33 for letter in url):
        return "This is no address: write one such as https://hooks.example.com/rushes."
    if "@" in parts.netloc or parts.fragment:
        return "An address has no name, password or #part in it."
    if not patterns:
        return "This site sends no events anywhere: its administrator has to name hosts in OUTGOING_WEBHOOK_HOSTS."
    literal = stands_in_figures(parts, patterns)
    if as_ip(host) is not None:
        return "" if literal else f"{host} is an address in figures: use a name that OUTGOING_WEBHOOK_HOSTS lists."
    named = [pattern for pattern in patterns if as_ip(pattern.rpartition(":")[0] or pattern) is None]
    if not any(_fits(pattern, host, port) for pattern in named):
        return f"{host} is not among the hosts that this site may send events to: ask its administrator."
    return "" if parts.scheme == "https" else "Events are sent over https only."


def stands_in_figures(parts: SplitResult, patterns: Sequence[str]) -> bool:
    """Whether the administrator named this very address in figures, port included."""
    host, port = parts.hostname or "", parts.port
    return as_ip(host) is not None and any(_fits(pattern, host, port) for pattern in patterns if "*" not in pattern)


def as_ip(host: str) -> IPv4Address | IPv6Address | None:
    """A host in figures; None for a name."""
    try:
        return ip_address(host.strip("[]"))
    except ValueError:
        return None


def _fits(pattern: str, host: str, port: int | None) -> bool:
    name, colon, wanted = pattern.rpartition(":")
    if colon and wanted.isdecimal() and not (name.count(":") and not name.endswith("]")):
        return int(wanted) == port and fnmatch(host.lower(), name.strip("[]").lower())
    return port in (None, 443) and fnmatch(host.lower(), pattern.strip("[]").lower())
