"""Seals of policies, their codes, their paper, and whether a seal that somebody holds is good."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from insurance.certificates import rules
from insurance.certificates.errors import SealUnreadable
from insurance.certificates.rules import Code, Seal
from insurance.policies.queries import PolicyView
from kernel.config import settings

_TRADE = "en"


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


def seal_of(policy: PolicyView) -> Sealed:
    """Return the seal of a policy's revision; signing again gives the same one."""
    seal = rules.sealed(
        number=policy.number,
        revision=policy.revision,
        fingerprint=policy.fingerprint,
        key=_signing_key(),
    )
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


def languages_of(policy: PolicyView) -> tuple[str, ...]:
    """Return the languages of a policy's certificate: the contract's, and English for the trade.

    Whoever checks a certificate on its way through the world reads English.
    """
    return tuple(dict.fromkeys((policy.locale, _TRADE)))


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
