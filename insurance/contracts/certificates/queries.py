"""Seals of policies, their codes, their paper, and whether a seal that somebody holds is good."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from insurance.contracts.certificates import keyring, rules
from insurance.contracts.certificates.errors import SealUnreadable
from insurance.contracts.certificates.rules import Code, Seal
from insurance.contracts.policies.queries import PolicyView
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
        key=keyring.ring().signs,
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
    if seal.number != policy.number or _signer(seal) is None:
        return Verdict.FALSE
    if seal.revision < policy.revision:
        return Verdict.SUPERSEDED
    return Verdict.GENUINE if seal.fingerprint == policy.fingerprint else Verdict.FALSE


def public_key(payload: str = "") -> str:
    """Return the public key in hex, for those who check without a network.

    Shape: the one that signed a seal, where that is one of ours; else the one that signs now.
    """
    try:
        signer = _signer(rules.read(payload))
    except SealUnreadable:
        signer = None
    return (signer or keyring.ring().signs.public_key()).public_bytes_raw().hex()


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


def _signer(seal: Seal) -> Ed25519PublicKey | None:
    known = keyring.ring().known
    return next((key for key in known if rules.is_genuine(seal, key)), None)
