"""Where fal is: its real hosts, or a sandbox on this machine.

fal's client builds its addresses from module constants; they are replaced once, before the first call. Plain http is
for the loopback only, so that a key never crosses a network uncoded.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cache
from ipaddress import ip_address
from urllib.parse import urlsplit

import fal_client.client
from django.conf import settings

from media_pipeline.providers.errors import Refused


@dataclass(frozen=True)
class Hosts:
    """Addresses without a trailing slash, and the hosts that result files may come from."""

    run: str
    queue: str
    rest: str
    cdn: str
    api: str
    jwks: str
    media: tuple[str, ...]

    def is_queue(self, url: str) -> bool:
        """Whether an address that fal named lies on fal's queue: no other gets our key."""
        return url.startswith(f"{self.queue}/") and "@" not in urlsplit(url).netloc

    def may_serve_media(self, url: str) -> bool:
        """Whether a result file may be fetched from this address."""
        asked = urlsplit(url)
        if is_loopback(asked.hostname or ""):
            return any(asked.netloc == urlsplit(known).netloc for known in (self.cdn, self.queue, self.rest))
        return asked.scheme == "https" and any(fnmatch(asked.hostname or "", pattern) for pattern in self.media)


@cache
def hosts() -> Hosts:
    """The hosts of the settings; fal's client is pointed at them."""
    found = Hosts(
        run=settings.FAL_RUN_URL, queue=settings.FAL_QUEUE_URL, rest=settings.FAL_REST_URL, cdn=settings.FAL_CDN_URL,
        api=settings.FAL_API_URL, jwks=settings.FAL_JWKS_URL, media=tuple(settings.FAL_MEDIA_HOSTS),
    )  # fmt: skip
    for name in ("run", "queue", "rest", "cdn", "api", "jwks"):
        _refuse_open_http(f"FAL_{name.upper()}_URL", getattr(found, name))
    _point_client(found)
    return found


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine's own."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _refuse_open_http(name: str, url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise Refused(f"{name} is {url}: plain http is allowed for this machine's own addresses only.")


def _point_client(found: Hosts) -> None:
    client = fal_client.client
    constants = {
        "RUN_URL_FORMAT": f"{found.run}/",
        "QUEUE_URL_FORMAT": f"{found.queue}/",
        "REST_URL": found.rest,
        "CDN_URL": found.cdn,
    }
    for name, value in constants.items():
        if not hasattr(client, name):
            raise RuntimeError(f"fal_client has no {name} any more: read its source and change hosts.py.")
        setattr(client, name, value)
