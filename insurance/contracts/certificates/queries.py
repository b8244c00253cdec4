"""Seals of policies, their codes, their paper, and whether a seal that somebody holds is good."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import select

from insurance.contracts.certificates import keyring, rules
from insurance.contracts.certificates.errors import SealUnreadable
from insurance.contracts.certificates.models import CertificateIssue, CertificateRevocation
from insurance.contracts.certificates.published import Published, written
from insurance.contracts.certificates.published import Worth as Verdict
from insurance.contracts.certificates.rules import ClaimTerms, Code, Seal
from insurance.contracts.certificates.words import covered_by
from insurance.contracts.policies import queries as policies
from insurance.contracts.policies.models import Policy
from insurance.contracts.policies.queries import Carriage, PolicyView
from insurance.money.books import service as books
from insurance.offers.quotes.queries import tax_rules_of
from insurance.rating.tariff.queries import Section
from kernel import clock
from kernel.config import settings
from kernel.db import reading, session
from kernel.people.identity import queries as people

__all__ = ["ClaimTerms", "Verdict", "covered_by"]

_TRADE = "en"


@dataclass(frozen=True, slots=True)
class Sealed:
    """A seal with the address that its code opens."""

    seal: Seal
    address: str
    code: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """All that a certificate says, besides its seal.

    Shape: insured is empty where no name is known; tax_rules are the names of rules by section;
    carriage is None until the carrier has the parcel.
    """

    policy: PolicyView
    licence: str
    insured: str
    carriage: Carriage | None
    tax_rules: Mapping[Section, str]
    claims: ClaimTerms


def stated(policy: PolicyView, *, claims: ClaimTerms) -> Stated:
    """Return what a policy's certificate says; the caller, who knows claims, brings their terms."""
    on = policy.bound_at.date()
    return Stated(
        policy=policy,
        licence=books.insurer(policy.insurer_key).licence,
        insured=insured_of(policy),
        carriage=policies.carriage_of(policy_id=policy.id),
        tax_rules=tax_rules_of(policy.parcel, cover=policy.cover, on=on),
        claims=claims,
    )


def insured_of(policy: PolicyView) -> str:
    """Return who is insured: who a change named, else the holder; empty for who has no name."""
    holder = None if policy.insured_name else people.person(policy.policyholder_id)
    return policy.insured_name or (holder.name if holder else "")


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


def published_list() -> str:
    """Return the keys of the house, and what is revoked or superseded, signed and dated."""
    return written(_published(), keyring.ring().signs)


def _published() -> Published:
    rows = list(session().execute(select(CertificateRevocation)).scalars())
    newer = (
        select(Policy.number, Policy.revision)
        .join(CertificateIssue, CertificateIssue.number == Policy.number)
        .where(CertificateIssue.revision < Policy.revision)
        .distinct()
        .order_by(Policy.number)
    )
    return Published(
        at=clock.now().isoformat(timespec="seconds"),
        keys={rules.key_id(key): key.public_bytes_raw().hex() for key in keyring.ring().known},
        revoked_keys={row.subject: row.reason for row in rows if row.revision is None},
        revoked={
            row.subject: (row.revision, row.reason) for row in rows if row.revision is not None
        },
        superseded={row.number: row.revision for row in session().execute(newer)},
    )


def _is_revoked(seal: Seal) -> bool:
    query = select(CertificateRevocation).where(
        CertificateRevocation.subject.in_([seal.number, seal.key_id])
    )
    with reading() as current:
        found = list(current.execute(query).scalars())
    return any(row.revision is None or seal.revision <= row.revision for row in found)


def verdict(policy: PolicyView, payload: str) -> Verdict:
    """Return what a seal is worth for a policy."""
    try:
        seal = rules.read(payload)
    except SealUnreadable:
        return Verdict.FALSE
    if seal.number != policy.number or _signer(seal) is None:
        return Verdict.FALSE
    if _is_revoked(seal):
        return Verdict.REVOKED
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
    """Return which certificate is due: each revision before its first scan and after it, by key."""
    state = "attached" if policy.attached_at else "bound"
    return f"{policy.revision}-{state}-{rules.key_id(keyring.ring().signs.public_key())}"


def _signer(seal: Seal) -> Ed25519PublicKey | None:
    known = keyring.ring().known
    return next((key for key in known if rules.is_genuine(seal, key)), None)
