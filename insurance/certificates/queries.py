"""Seals of policies, their codes, their paper, and whether a seal that somebody holds is good."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from insurance.certificates import rules
from insurance.certificates.errors import SealUnreadable
from insurance.certificates.rules import Code, Seal
from insurance.policies.queries import PolicyView
from kernel.config import settings
from kernel.documents import render_pdf

_TEMPLATE = Path(__file__).parent / "certificate.typ"
_EDITIONS = {
    "TL": "Total loss and theft in transit",
    "STD": "Loss, theft and damage in transit",
    "PLUS": "Loss, theft and damage in transit, theft within 30 days after delivery",
}


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


def paper(policy: PolicyView) -> bytes:
    """Return the certificate as PDF, in English as trade papers are."""
    sealed = seal_of(policy)
    return render_pdf(
        _TEMPLATE,
        {
            "number": policy.number,
            "revision": policy.revision,
            "insurer": f"{policy.insurer}, {policy.insurer_seat}",
            "issued": policy.bound_at.date().isoformat(),
            "effective": policy.attached_at.date().isoformat() if policy.attached_at else "",
            "route": f"{policy.origin_country} – {policy.destination_country}",
            "goods": "; ".join(item.description for item in policy.items),
            "hs_codes": ", ".join(sorted({item.hs_code for item in policy.items})),
            "parcel": policy.parcel_ref,
            "order": policy.order_ref,
            "sum_insured": str(policy.sum_insured),
            "cover": _EDITIONS[policy.cover],
            "deductible": _own_share(policy),
            "delay": _late(policy),
            "premium": f"{policy.net} and {policy.tax} premium tax, paid",
            "fingerprint": policy.fingerprint,
            "key": sealed.seal.key_id,
            "qr": sealed.code.svg,
        },
        locale="en",
    )


def _own_share(policy: PolicyView) -> str:
    if policy.goods == "G5" and policy.cover != "TL":
        return "10% of the sum insured for breakage, none for loss"
    return str(policy.deductible) if policy.deductible else "none"


def _late(policy: PolicyView) -> str:
    terms = policy.delay
    return f"{terms.benefit} from {terms.trigger_days} days after the promise" if terms else ""


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
