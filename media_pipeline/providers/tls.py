"""The certificates that servers are checked against, read once."""

from __future__ import annotations

import ssl
from functools import cache

import httpx


@cache
def tls_context() -> ssl.SSLContext:
    """Shared by all connections of this process: reading the certificates takes 15 to 30 ms, a poll takes 3."""
    return httpx.create_ssl_context()
