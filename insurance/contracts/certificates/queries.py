"""Seals of policies, their codes, their paper, and whether a seal that somebody holds is good."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import func, select

from insurance.contracts.certificates import keyring, rules
from insurance.contracts.certificates.errors import SealUnreadable
from insurance.contracts.certificates.models import CertificateIssue, CertificateRevocation
from insurance.contracts.certificates.published import Published, Reason, written
from insurance.contracts.certificates.published import Worth as Verdict
from insurance.contracts.certificates.rules import Certified, ClaimTerms, Code, Seal
from insurance.contracts.certificates.words import covered_by
from insurance.contracts.policies import queries as policies
from insurance.contracts.policies.models import Policy
from insurance.contracts.policies.queries import Carriage, PolicyView
from insurance.offers.quotes.queries import tax_rules_of
from insurance.rating.tariff.queries import Section
from kernel import clock
from kernel.config import settings
from kernel.db import reading, session
from kernel.people.identity import queries as people

__all__ = ["Certified", "ClaimTerms", "Reason", "Verdict", "covered_by"]

_TRADE = "en"

# Of whatever else has certificates: the revisions in force of those of some numbers that it knows.
Revisions = Callable[[Collection[str]], Mapping[str, int]]
_others: list[Revisions] = []


def also_certified(revisions: Revisions) -> None:
    """Let a room above issue certificates of its own; called once, when it is loaded."""
    _others.append(revisions)


def revisions_of(numbers: Collection[str]) -> dict[str, int]:
    """Return the revisions in force of certificates that rooms above issue, of known numbers."""
    return {number: one for ask in _others for number, one in ask(numbers).items()}


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
    insured: str
    carriage: Carriage | None
    tax_rules: Mapping[Section, str]
    claims: ClaimTerms


def stated(policy: PolicyView, *, claims: ClaimTerms) -> Stated:
    """Return what a policy's certificate says; the caller, who knows claims, brings their terms."""
    on = policy.bound_at.date()
    return Stated(
        policy=policy,
        insured=insured_of(policy),
        carriage=policies.carriage_of(policy_id=policy.id),
        tax_rules=tax_rules_of(
            policy.parcel, cover=policy.cover, on=on, insurer_key=policy.insurer_key
        ),
        claims=claims,
    )


def insured_of(policy: PolicyView) -> str:
    """Return who is insured: who a change named, else the holder; empty for who has no name."""
    holder = None if policy.insured_name else people.person(policy.policyholder_id)
    return policy.insured_name or (holder.name if holder else "")


def seal_of(certified: Certified) -> Sealed:
    """Return the seal of a revision; signing again gives the same one."""
    seal = rules.sealed(
        number=certified.number,
        revision=certified.revision,
        fingerprint=certified.fingerprint,
        key=keyring.ring().signs,
    )
    base = f"{settings().base_url}/en/cover/certificates/{certified.number}"
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
        superseded={row.number: row.revision for row in session().execute(newer)}
        | _superseded_elsewhere(),
    )


def _superseded_elsewhere() -> dict[str, int]:
    """Return the revisions in force of what rooms above handed out an older paper of."""
    oldest = (
        select(CertificateIssue.number, func.min(CertificateIssue.revision).label("revision"))
        .where(~select(Policy.id).where(Policy.number == CertificateIssue.number).exists())
        .group_by(CertificateIssue.number)
        .order_by(CertificateIssue.number)
    )
    issued = {row.number: row.revision for row in session().execute(oldest)}
    in_force = revisions_of(issued) if issued else {}
    return {number: one for number, one in in_force.items() if one > issued[number]}


def _is_revoked(seal: Seal) -> bool:
    query = select(CertificateRevocation).where(
        CertificateRevocation.subject.in_([seal.number, seal.key_id])
    )
    with reading() as current:
        found = list(current.execute(query).scalars())
    return any(row.revision is None or seal.revision <= row.revision for row in found)


def verdict(certified: Certified, payload: str) -> Verdict:
    """Return what a seal is worth for what it is said to certify."""
    try:
        seal = rules.read(payload)
    except SealUnreadable:
        return Verdict.FALSE
    if seal.number != certified.number or _signer(seal) is None:
        return Verdict.FALSE
    if _is_revoked(seal):
        return Verdict.REVOKED
    if seal.revision < certified.revision:
        return Verdict.SUPERSEDED
    return Verdict.GENUINE if seal.fingerprint == certified.fingerprint else Verdict.FALSE


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
    return languages_for(policy.locale)


def languages_for(locale: str) -> tuple[str, ...]:
    """Return the languages of a certificate whose contract was concluded in one."""
    return tuple(dict.fromkeys((locale, _TRADE)))


def subject_of(certified: Certified) -> str:
    """Return the name under which certificates of something are kept."""
    return f"insurance.certificate/{certified.number}"


def edition_of(policy: PolicyView) -> str:
    """Return which certificate is due: each revision before its first scan and after it, by key."""
    return edition_in(policy, "attached" if policy.attached_at else "bound")


def edition_in(certified: Certified, state: str) -> str:
    """Return which certificate is due of a revision in a state, by the key that signs now."""
    return f"{certified.revision}-{state}-{rules.key_id(keyring.ring().signs.public_key())}"


def _signer(seal: Seal) -> Ed25519PublicKey | None:
    known = keyring.ring().known
    return next((key for key in known if rules.is_genuine(seal, key)), None)
