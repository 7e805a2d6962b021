"""Sending a signed event to another system, trusting neither its address nor its answer.

The host is looked up here and must lie on the public internet; the connection goes to the address that was found, so
that a name cannot point elsewhere between the look and the call. Redirects are not followed, the answer is not read.
"""

from __future__ import annotations

import hashlib
import hmac
import socket
import time
from ipaddress import IPv4Address, IPv6Address, IPv6Network
from urllib.parse import urlsplit, urlunsplit

import httpx
from django.conf import settings

from projects.webhook_addresses import address_problem, as_ip, stands_in_figures

from .errors import Refused, Transient
from .tls import tls_context

TRANSLATED = IPv6Network("64:ff9b::/96")
"""Addresses of version 4, written in version 6 (RFC 6052)."""

TIMEOUT = httpx.Timeout(10.0, connect=5.0)


def signature(secret: str, moment: int, body: bytes) -> str:
    """HMAC-SHA256 in hexadecimal over the moment (Unix seconds), a full stop and the body."""
    return hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()


def send(url: str, body: str, *, secret: str, event: str, delivery: str) -> int:
    """POST an event; returns the HTTP status. Raises Refused for an address that may not be asked, else Transient."""
    if sentence := address_problem(url):
        raise Refused(sentence)
    target, host = _resolved(url)
    moment, data = int(time.time()), body.encode()
    headers = {
        "Host": host, "Content-Type": "application/json", "User-Agent": "Rushes-Webhook/1",
        "Rushes-Event": event, "Rushes-Delivery": delivery,
        "Rushes-Signature": f"t={moment},v1={signature(secret, moment, data)}",
    }  # fmt: skip
    named = urlsplit(url).hostname or ""
    extensions = {} if as_ip(named) else {"sni_hostname": named}
    try:
        with (
            httpx.Client(verify=tls_context(), follow_redirects=False, timeout=TIMEOUT, trust_env=False) as http,
            http.stream("POST", target, content=data, headers=headers, extensions=extensions) as response,
        ):
            return response.status_code
    except httpx.HTTPError as error:
        raise Transient(f"It could not be reached: {error or type(error).__name__}.") from error


def _resolved(url: str) -> tuple[str, str]:
    """The address with the host in figures, and the host as it was named; raises Refused for private ones."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    if stands_in_figures(parts, settings.OUTGOING_WEBHOOK_HOSTS):
        return url, parts.netloc
    try:
        found = {str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except OSError as error:
        raise Transient(f"{host} cannot be found: {error.strerror or error}.") from error
    addresses = [as_ip(address.split("%")[0]) for address in sorted(found)]
    if not addresses or not all(_is_public(address) for address in addresses):
        raise Refused(f"{host} leads into a private network, where events are not sent.")
    first = addresses[0]
    figures = f"[{first}]" if first is not None and first.version == 6 else str(first)
    return urlunsplit(parts._replace(netloc=f"{figures}:{port}")), parts.netloc


def _is_public(address: IPv4Address | IPv6Address | None) -> bool:
    if address is None or not address.is_global or address.is_multicast:
        return False
    if address.version == 6:  # an address of version 4 inside is judged by itself
        inside = address.ipv4_mapped or address.sixtofour or (address.teredo or (None,))[0]
        if address in TRANSLATED:
            inside = IPv4Address(int(address) & 0xFFFFFFFF)
        return inside is None or _is_public(inside)
    return True
