"""Certificates of an authority that lives as long as a drill, as an operator's own are made.

The server of the wheel was built without TLS: what the files of docker/cluster ask of PostgreSQL
and its programs is taken out for it, and for it alone. Everything else of a node speaks it.
"""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_DAY = timedelta(days=1)
_USES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


_OF_THE_SERVER = re.compile(r"^ +(?:ssl|ssl_\w+|sslmode|sslrootcert): .*\n", re.MULTILINE)


def has_tls(programs: Path) -> bool:
    """Whether a server and its programs were built with TLS."""
    asked = [str(programs / "pg_config"), "--configure"]
    told = subprocess.run(asked, check=True, capture_output=True, text=True).stdout
    return "openssl" in told


def without_tls(told: str) -> str:
    """Return a configuration of Patroni or PgBouncer for a server that knows no TLS."""
    bare = _OF_THE_SERVER.sub("", told).replace("- hostssl ", "- host ")
    return bare.replace("server_tls_sslmode = verify-ca", "server_tls_sslmode = disable")


def _key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _called(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


@dataclass
class Authority:
    """Who says which machine is which. Shape: certificates and keys are PEM."""

    _secret: ec.EllipticCurvePrivateKey = field(default_factory=_key)

    def __post_init__(self) -> None:
        """Sign the authority's own certificate."""
        public = self._secret.public_key()
        own = self._began(_called("A drill"), public)
        for extension in (
            x509.BasicConstraints(ca=True, path_length=0),
            x509.KeyUsage(**{name: name == "key_cert_sign" for name in _USES}),
        ):
            own = own.add_extension(extension, critical=True)
        named = x509.SubjectKeyIdentifier.from_public_key(public)
        self.certificate = self._signed(own.add_extension(named, critical=False))

    def certify(self, name: str, address: str) -> tuple[bytes, bytes]:
        """Return certificate and key of a machine, which serves and asks under one name."""
        key = _key()
        places = [x509.DNSName(name), x509.IPAddress(ip_address(address))]
        uses = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
        own = self._began(_called(name), key.public_key())
        for extension in (
            x509.SubjectAlternativeName(places),
            x509.ExtendedKeyUsage(uses),
            x509.AuthorityKeyIdentifier.from_issuer_public_key(self._secret.public_key()),
        ):
            own = own.add_extension(extension, critical=False)
        secret = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        return self._signed(own), secret

    def _began(self, name: x509.Name, public: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        now = datetime.now(UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(_called("A drill"))
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - _DAY)
            .not_valid_after(now + 30 * _DAY)
        )

    def _signed(self, own: x509.CertificateBuilder) -> bytes:
        return own.sign(self._secret, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
