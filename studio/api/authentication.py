"""Who asks: a script by its token, a person by a JWT, or a page by its session."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from .models import TOKEN_MARK, ApiToken, digest_of

USED_EVERY = timedelta(minutes=1)
"""How exactly the last use of a token is kept: a write with every request would be one too many."""


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer rushes_...`; anything else is left to the other ways."""

    def authenticate(self, request: Request) -> tuple[Any, ApiToken] | None:
        """The token's person and the token."""
        secret = secret_in(get_authorization_header(request))
        if not secret:
            return None
        token = token_of(secret)
        if token is None:
            raise AuthenticationFailed("This token does not exist, was revoked or has expired: make a new one.")
        now = timezone.now()
        if token.last_used_at is None or now - token.last_used_at > USED_EVERY:
            ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
        return token.person, token

    def authenticate_header(self, request: Request) -> str:
        """What a refused request may try."""
        return 'Bearer realm="Rushes"'


def secret_in(header: bytes) -> bytes:
    """The token in an Authorization header; empty where there is none of ours."""
    parts = header.split()
    ours = len(parts) == 2 and parts[0].lower() == b"bearer" and parts[1].startswith(TOKEN_MARK.encode())
    return parts[1] if ours else b""


def token_of(secret: bytes) -> ApiToken | None:
    """The token that opens something now, with its person; None for one that was revoked, has expired or never was."""
    digest = digest_of(secret.decode("latin-1"))
    token = ApiToken.objects.select_related("person").filter(digest=digest).first()
    return token if token is not None and token.holds and token.person.is_active else None


class TokenScheme(OpenApiAuthenticationExtension):
    """The token in the OpenAPI document."""

    target_class = "studio.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """A bearer token."""
        return {"type": "http", "scheme": "bearer", "description": "A token of a script (rushes_...)."}
