"""Tells programs of open covers, certificates and underwriters' answers.

What is told names a thing and says how it stands; the rest is read at its address, by who may. An
event that is told twice, of a policy and of its certificate, is two letters with ids of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from insurance.contracts.certificates.events import CertificateRevoked
from insurance.contracts.changes.events import PolicyChanged
from insurance.contracts.changes.queries import Kind as ChangeKind
from insurance.contracts.policies import queries as policies
from insurance.contracts.policies.events import PolicyBound
from insurance.desks.programs import shown
from insurance.offers.referrals.events import ReferralDeclined, ReferralQuoted
from insurance.trade.cargo import queries as cargo
from insurance.trade.cargo.events import CargoBound, CargoChanged
from insurance.trade.cargo.rules import Kind as CargoKind
from insurance.trade.open_cover import queries as open_covers
from insurance.trade.open_cover.events import OpenCoverNews, ShipmentInsured
from insurance.trade.open_cover.queries import EntryView
from kernel.actor import SYSTEM
from kernel.events import Event, on
from kernel.ids import derived_id
from kernel.money import Money
from kernel.people.endpoints import service as endpoints

Told = Callable[[EntryView, str], Mapping[str, Any]]

# What a change leaves as it is: the policy ends, and its certificate with it.
_ENDS = (ChangeKind.WITHDRAW, ChangeKind.CANCEL, CargoKind.CANCEL)


def _amounts(*names: str, **renamed: str) -> Told:
    """Return what tells amounts of a line of history. Shape: renamed are told by other names."""

    def told(line: EntryView, currency: str) -> Mapping[str, Any]:
        said = {name: name for name in names} | renamed
        return {name: shown.money(Money(line.data[key], currency)) for name, key in said.items()}

    return told


def _words(**renamed: str) -> Told:
    def told(line: EntryView, _: str) -> Mapping[str, Any]:
        return {name: line.data[key] for name, key in renamed.items()}

    return told


def _nothing(_line: EntryView, _currency: str) -> Mapping[str, Any]:
    return {}


def _withdrawn(line: EntryView, currency: str) -> Mapping[str, Any]:
    words = _words(certificate="number", reference="reference")(line, currency)
    return {**words, **_amounts(to_deposit="deposit")(line, currency)}


def _near(line: EntryView, currency: str) -> Mapping[str, Any]:
    return {"where": line.data["where"], **_amounts("used", "limit")(line, currency)}


def _notice(line: EntryView, _: str) -> Mapping[str, Any]:
    of = "war" if line.what == "war_notice" else "all"
    return {"of": of, "by": line.data["by"], "last": line.data["last"]}


def _adjusted(line: EntryView, currency: str) -> Mapping[str, Any]:
    charge = sum(line.data[part] for part in ("by_turnover", "by_least", "tax"))
    back = _amounts(refund="back")(line, currency)
    return {"charge": shown.money(Money(charge, currency)), **back}


# The kind of letter for each word of a cover's history that its holder is told of.
NEWS: dict[str, tuple[str, Told]] = {
    "offered": ("open_cover.offered", _nothing),
    "declined": ("open_cover.declined", _words(reason="reason")),
    "accepted": ("open_cover.opened", _amounts("deposit")),
    "near": ("open_cover.limit_near", _near),
    "order_refused": ("open_cover.refused", _words(reference="reference")),
    "sale_refused": ("open_cover.refused", _words(reference="reference")),
    "withdrawn": ("open_cover.withdrawn", _withdrawn),
    "suspended": ("open_cover.suspended", _amounts("overdue")),
    "resumed": ("open_cover.resumed", _nothing),
    "notice": ("open_cover.cancelled", _notice),
    "war_notice": ("open_cover.cancelled", _notice),
    "bordereau": ("open_cover.month_closed", _words(month="month")),
    "ending": ("open_cover.ending", _words(last="last")),
    "ended": ("open_cover.ended", _nothing),
    "adjusted": ("open_cover.adjusted", _adjusted),
}


@on(OpenCoverNews, "insurance.trade_programs.tell_news")
def tell_news(event: OpenCoverNews) -> None:
    """Tell what happened to an open cover."""
    kind, told = NEWS[event.what]
    line = open_covers.entry(event.entry_id)
    _of_cover(
        event, kind, event.owner_id, event.ref, told(line, open_covers.currency_of(event.ref))
    )


@on(ShipmentInsured, "insurance.trade_programs.tell_declared")
def tell_declared(event: ShipmentInsured) -> None:
    """Tell that a shipment was declared, by whatever door."""
    told = {
        "certificate": event.number,
        "reference": event.reference,
        "source": event.source,
        "sum_insured": shown.money(event.sum_insured),
        "premium": shown.money(event.premium),
        "from_deposit": shown.money(event.from_deposit),
        "owed": shown.money(event.premium - event.from_deposit),
    }
    _of_cover(event, "open_cover.declared", event.owner_id, event.ref, told)


@on(PolicyBound, "insurance.trade_programs.tell_issued")
def tell_issued(event: PolicyBound) -> None:
    """Tell that a parcel's certificate can be fetched."""
    held = policies.policy(policy_id=event.policy_id)
    _of_certificate(event, "certificate.issued", held.policyholder_id, held.number, held.revision)


@on(PolicyChanged, "insurance.trade_programs.tell_superseded")
def tell_superseded(event: PolicyChanged) -> None:
    """Tell that a later revision replaces a parcel's certificate."""
    if event.kind in _ENDS:
        return
    held = policies.policy(policy_id=event.policy_id)
    _of_certificate(
        event, "certificate.superseded", held.policyholder_id, held.number, held.revision
    )


@on(CargoBound, "insurance.trade_programs.tell_cargo_issued")
def tell_cargo_issued(event: CargoBound) -> None:
    """Tell that a shipment's certificate can be fetched."""
    held = cargo.policy(policy_id=event.policy_id)
    _of_certificate(event, "certificate.issued", event.owner_id, held.number, held.revision)


@on(CargoChanged, "insurance.trade_programs.tell_cargo_superseded")
def tell_cargo_superseded(event: CargoChanged) -> None:
    """Tell that a later revision replaces a shipment's certificate."""
    if event.kind in _ENDS:
        return
    held = cargo.policy(policy_id=event.policy_id)
    _of_certificate(event, "certificate.superseded", event.owner_id, held.number, held.revision)


@on(CertificateRevoked, "insurance.trade_programs.tell_revoked")
def tell_revoked(event: CertificateRevoked) -> None:
    """Tell that a certificate is not to be relied on."""
    if cargo.is_number(event.number):
        holder = cargo.certified(event.number).owner_id
    else:
        holder = policies.certificate(event.number).policyholder_id
    data = {"reason": event.reason}
    _of_certificate(event, "certificate.revoked", holder, event.number, event.revision, data)


@on(ReferralQuoted, "insurance.trade_programs.tell_offered")
def tell_offered(event: ReferralQuoted) -> None:
    """Tell that an underwriter offers a price for what was referred."""
    data = {
        "object": "quote",
        "id": event.offered_ref,
        "referral": event.ref,
        "of": event.kind,
        "valid_until": shown.instant(event.valid_until),
    }
    _tell(event, "quote.offered", event.owner_id, data)


@on(ReferralDeclined, "insurance.trade_programs.tell_declined")
def tell_declined(event: ReferralDeclined) -> None:
    """Tell that an underwriter declines what was referred."""
    data = {
        "object": "quote",
        "id": event.subject_ref,
        "referral": event.ref,
        "of": event.kind,
        "reason": event.refusal,
        "words": event.words,
    }
    _tell(event, "quote.declined", event.owner_id, data)


def _of_cover(event: Event, kind: str, owner_id: UUID, ref: str, more: Mapping[str, Any]) -> None:
    state = open_covers.state_of(ref).value
    _tell(event, kind, owner_id, {"object": "open_cover", "id": ref, "status": state, **more})


def _of_certificate(
    event: Event,
    kind: str,
    holder_id: UUID,
    number: str,
    revision: int,
    more: Mapping[str, Any] | None = None,
) -> None:
    data = {"object": "certificate", "id": number, "revision": revision, **(more or {})}
    _tell(event, kind, holder_id, data)


def _tell(event: Event, kind: str, person_id: UUID, data: Mapping[str, Any]) -> None:
    endpoints.tell(
        person_id=person_id,
        event_id=derived_id(event.id, kind),
        kind=kind,
        data=data,
        actor=SYSTEM,
    )
