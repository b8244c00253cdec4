"""Seals of policies, their codes, their paper, and whether a seal that somebody holds is good."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from insurance.certificates import rules
from insurance.certificates.errors import CertificateInTheMaking, SealUnreadable
from insurance.certificates.rules import Code, Seal
from insurance.policies.queries import PolicyView
from kernel.config import settings
from kernel.documents import Kept, content, kept

__all__ = ["Kept"]


class Verdict(StrEnum):
    """What a seal is worth against the policy as it stands."""

    GENUINE = "genuine"
    SUPERSEDED = "superseded"
    FALSE = "false"


@dataclass(frozen=True, slots=True)
class Sealed:
    """A seal with the address that its code opens."""

    seal: Seal
    address: str
    code: Code


@dataclass(frozen=True, slots=True)
class Paper:
    """A certificate to hand out. Shape: sha256 in hex, of the whole file."""

    pdf: bytes
    sha256: str


def seal_of(policy: PolicyView) -> Sealed:
    """Return the seal of a policy's revision; signing again gives the same one."""
    seal = rules.sealed(
        number=policy.number, revision=policy.revision, fingerprint=policy.fingerprint,
        key=_signing_key(),
    )  # fmt: skip
    base = f"{settings().base_url}/en/cover/certificates/{policy.number}"
    address = f"{base}?seal={seal.payload}"
    return Sealed(seal, address, rules.code(address))


def verdict(policy: PolicyView, payload: str) -> Verdict:
    """Return what a seal is worth for a policy."""
    try:
        seal = rules.read(payload)
    except SealUnreadable:
        return Verdict.FALSE
    if seal.number != policy.number or not rules.is_genuine(seal, _signing_key().public_key()):
        return Verdict.FALSE
    if seal.revision < policy.revision:
        return Verdict.SUPERSEDED
    return Verdict.GENUINE if seal.fingerprint == policy.fingerprint else Verdict.FALSE


def public_key() -> str:
    """Return the public key in hex, for those who check without a network."""
    return _signing_key().public_key().public_bytes_raw().hex()


def papers_of(policy: PolicyView) -> list[Kept]:
    """Return the certificates that wait for a policy as it stands, the contract's language first.

    Shape: empty while they are being made.
    """
    found = kept(subject=subject_of(policy), edition=edition_of(policy))
    return sorted(found, key=lambda paper: (paper.locale != policy.locale, paper.locale))


def paper(policy: PolicyView, *, locale: str) -> Paper:
    """Return a certificate as PDF, in the contract's language where it has no other.

    Raises: CertificateInTheMaking.
    """
    waiting = {paper.locale: paper for paper in papers_of(policy)}
    chosen = waiting.get(locale) or waiting.get(policy.locale)
    if chosen is None:
        raise CertificateInTheMaking(number=policy.number)
    found = content(subject=subject_of(policy), edition=edition_of(policy), locale=chosen.locale)
    assert found is not None, "papers stay where they are"
    return Paper(found, chosen.sha256)


def subject_of(policy: PolicyView) -> str:
    """Return the name under which a policy's certificates are kept."""
    return f"insurance.certificate/{policy.number}"


def edition_of(policy: PolicyView) -> str:
    """Return which certificate is due: each revision before its first scan, and after it."""
    return f"{policy.revision}-{'attached' if policy.attached_at else 'bound'}"


@cache
def _signing_key() -> Ed25519PrivateKey:
    """Return this installation's key, created once; whoever holds the file can issue."""
    path = settings().var / "certificate_key"
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="ascii") as file:
            path.chmod(0o600)
            file.write(Ed25519PrivateKey.generate().private_bytes_raw().hex())
    except FileExistsError:
        pass
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text(encoding="ascii")))
