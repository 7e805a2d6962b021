"""The keys webhooks are signed with, and the document that publishes them."""

from __future__ import annotations

import base64
import hashlib
import secrets
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat


class KeyRing:
    """ED25519 keys in a folder, newest last; the newest signs, all are published."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.keys = [
            Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text().strip()))
            for path in sorted(folder.glob("*.key"))
        ]
        if not self.keys:
            self.rotate()

    def rotate(self, *, withdraw: bool = False) -> None:
        """Sign with a new key from now on; the one before stays published unless `withdraw`, older ones go."""
        self.keys = ([] if withdraw else self.keys[-1:]) + [Ed25519PrivateKey.generate()]
        for path in self.folder.glob("*.key"):
            path.unlink()
        for number, key in enumerate(self.keys):
            raw = key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
            path = self.folder / f"{number}.key"
            path.touch(mode=0o600)
            path.write_text(raw.hex())

    def jwks(self) -> dict[str, Any]:
        """The public keys as a JWKS; `x` is base64url without padding, 43 characters."""
        return {"keys": [_public(key) for key in self.keys]}

    def signed_headers(
        self, body: bytes, request_id: str, user_id: str, timestamp: int, *, forged: bool = False
    ) -> dict[str, str]:
        """The four headers of a delivery; `forged` signs with a key nobody has published."""
        key = Ed25519PrivateKey.generate() if forged else self.keys[-1]
        message = "\n".join([request_id, user_id, str(timestamp), hashlib.sha256(body).hexdigest()])
        return {
            "X-Fal-Webhook-Request-Id": request_id,
            "X-Fal-Webhook-User-Id": user_id,
            "X-Fal-Webhook-Timestamp": str(timestamp),
            "X-Fal-Webhook-Signature": key.sign(message.encode()).hex(),
        }


def _public(key: Ed25519PrivateKey) -> dict[str, str]:
    raw = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    x = base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
    kid = hashlib.sha256(raw).hexdigest()[:16]
    return {"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": kid, "x": x}


def new_request_id() -> str:
    """A request id in fal's form (a UUID)."""
    import uuid

    return str(uuid.UUID(bytes=secrets.token_bytes(16), version=4))
