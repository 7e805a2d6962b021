"""Keeping a secret that has to be read again: sealed with the site's key, so that a stolen database tells nothing."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


class Unsealable(Exception):
    """What was sealed with another SECRET_KEY cannot be read."""


def seal(secret: str, purpose: str) -> str:
    """The secret, readable only with the site's key and for the same purpose."""
    return _box(purpose).encrypt(secret.encode()).decode()


def unseal(sealed: str, purpose: str) -> str:
    """The secret again; raises Unsealable when the site's key has changed."""
    try:
        return _box(purpose).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise Unsealable("The site's SECRET_KEY has changed since this secret was made: make a new one.") from None


def _box(purpose: str) -> Fernet:
    key = hashlib.sha256(f"rushes.{purpose}:{settings.SECRET_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
