"""The certificate that signs what leaves: the one of the settings, else one this installation makes for itself.

A certificate made here proves that a file was not changed since it left this installation, not who runs it: others show
it as not trusted. Setting PROVENANCE_CERTIFICATE and PROVENANCE_KEY to files of a certificate authority changes that.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.conf import settings

from media_pipeline.media.errors import MediaError

YEARS = 10
NO_KEY_USAGE = dict.fromkeys(
    (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
        "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
    ),
    False,
)  # fmt: skip


@dataclass(frozen=True)
class Credentials:
    """Files in PEM: the certificate with its chain, the signer's first, and its private key (ES256)."""

    certificate: Path
    key: Path

    @property
    def fingerprint(self) -> str:
        """sha256 of the signer's certificate."""
        return x509.load_pem_x509_certificate(self.certificate.read_bytes()).fingerprint(hashes.SHA256()).hex()


def credentials() -> Credentials:
    """The credentials of this installation; raises MediaError naming the setting when they cannot be used."""
    certificate, key = settings.PROVENANCE_CERTIFICATE, settings.PROVENANCE_KEY
    if bool(certificate) != bool(key):
        raise MediaError("PROVENANCE_CERTIFICATE and PROVENANCE_KEY belong together: set both or none.")
    if certificate:
        found = Credentials(Path(certificate), Path(key))
    else:
        folder = Path(settings.DATA_DIR) / "provenance"
        found = Credentials(folder / "certificate.pem", folder / "key.pem")
        if not found.certificate.exists():
            make_credentials(folder)
    for name, path in (("PROVENANCE_CERTIFICATE", found.certificate), ("PROVENANCE_KEY", found.key)):
        if not path.is_file():
            raise MediaError(f"{name} names a file that is not there: {path.name}.")
    return found


def make_credentials(folder: Path) -> None:
    """Make an authority of this installation and a certificate signed by it; what another process made stays.

    The folder appears whole or not at all, so that a certificate always has its key.
    """
    authority_key, signer_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    authority = _certificate("Rushes, an authority of its own", authority_key, None, authority_key)
    signer = _certificate("Rushes", signer_key, authority, authority_key)
    chain = b"".join(each.public_bytes(serialization.Encoding.PEM) for each in (signer, authority))
    private = signer_key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".provenance-"))
    for name, data in (("key.pem", private), ("certificate.pem", chain)):
        with os.fdopen(os.open(made / name, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
            file.write(data)
    try:
        made.rename(folder)
    except OSError:  # somebody else was first: theirs is as good
        for mine in made.iterdir():
            mine.unlink()
        made.rmdir()


def _certificate(
    name: str, key: ec.EllipticCurvePrivateKey, issuer: x509.Certificate | None, issuer_key: ec.EllipticCurvePrivateKey
) -> x509.Certificate:
    """A certificate with the extensions that C2PA asks for (specification 2.2, 14.5); an authority without issuer."""
    subject = x509.Name(
        [x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Rushes"), x509.NameAttribute(NameOID.COMMON_NAME, name)]
    )
    now, is_authority = datetime.now(UTC), issuer is None
    usage = {"key_cert_sign": True, "crl_sign": True} if is_authority else {"digital_signature": True}
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject if issuer is None else issuer.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365 * YEARS))
        .add_extension(x509.BasicConstraints(is_authority, 0 if is_authority else None), critical=True)
        .add_extension(x509.KeyUsage(**NO_KEY_USAGE | usage), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if not is_authority:
        builder = builder.add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False
        ).add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
        )  # fmt: skip
    return builder.sign(issuer_key, hashes.SHA256())
