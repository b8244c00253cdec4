"""Mails to holders about their policies and claims."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from banking import api as bank
from insurance.contracts.policies import queries as policies
from insurance.contracts.policies.events import PolicyBound
from insurance.losses.claims.events import (
    ClaimLapsed,
    ClaimOpened,
    ClaimPaid,
    ClaimQuestioned,
    ClaimRefused,
    LossFound,
    ParcelSilent,
)
from insurance.trade.cargo import queries as cargo
from insurance.trade.cargo.events import CargoBound, CargoChanged
from insurance.trade.cargo_claims import queries as cargo_claims
from insurance.trade.cargo_claims.events import CargoClaimDecided, CargoClaimPaid
from kernel import mail
from kernel.events import on
from kernel.money import Money
from kernel.people.identity import queries as people


@on(PolicyBound, "insurance.counter.confirm_policy", queue="mail")
def confirm_policy(event: PolicyBound) -> None:
    """Send the confirmation with the right to withdraw, on a durable medium."""
    if people.person(event.policyholder_id) is None:
        return  # a shop's rule binds each of its parcels; its order and *Your cover* show them
    policy = policies.policy(policy_id=event.policy_id)
    _write(
        event.policyholder_id,
        "bound",
        number=event.number,
        total=event.premium,
        sum_insured=policy.sum_insured,
    )


@on(ClaimOpened, "insurance.counter.tell_of_claim", queue="mail")
def tell_of_claim(event: ClaimOpened) -> None:
    """Tell that a claim is open."""
    _write(event.policyholder_id, "claim_opened", ref=event.ref)


@on(ClaimPaid, "insurance.counter.tell_of_payment", queue="mail")
def tell_of_payment(event: ClaimPaid) -> None:
    """Tell what was paid and to whom."""
    card = bank.paid_card(payer_id=event.wallet_id)
    is_late = card is None and bank.wallet(wallet_id=event.wallet_id).is_closed
    _write(
        event.policyholder_id,
        "claim_paid",
        is_company=people.person(event.policyholder_id) is None,
        ref=event.ref,
        paid=event.paid,
        payee=event.payee,
        is_late=is_late,
        is_card=card is not None,
    )


@on(ClaimRefused, "insurance.counter.tell_of_refusal", queue="mail")
def tell_of_refusal(event: ClaimRefused) -> None:
    """Tell that nothing is paid, and where the reasons stand."""
    _write(event.policyholder_id, "claim_refused", ref=event.ref)


@on(ParcelSilent, "insurance.counter.tell_of_silence", queue="mail")
def tell_of_silence(event: ParcelSilent) -> None:
    """Tell that a carrier says nothing, and from when a claim waits."""
    _write(
        event.policyholder_id,
        "parcel_silent",
        ref=event.parcel_ref,
        since=event.since.date().isoformat(),
        open_on=event.open_on.isoformat(),
    )


@on(LossFound, "insurance.counter.ask_whether_it_came", queue="mail")
def ask_whether_it_came(event: LossFound) -> None:
    """Ask whether a silent parcel came: one tap starts the claim."""
    _write(
        event.policyholder_id,
        "claim_found",
        ref=event.parcel_ref,
        claim=event.ref,
        since=event.since.date().isoformat(),
    )


@on(ClaimQuestioned, "insurance.counter.tell_of_question", queue="mail")
def tell_of_question(event: ClaimQuestioned) -> None:
    """Tell what the officers need, and by when; remind of it."""
    _write(
        event.policyholder_id,
        "claim_question",
        ref=event.ref,
        question=event.question,
        answer_by=event.answer_by.date().isoformat(),
        is_reminder=event.is_reminder,
    )


@on(ClaimLapsed, "insurance.counter.tell_of_pause", queue="mail")
def tell_of_pause(event: ClaimLapsed) -> None:
    """Tell that a claim rests, and how it goes on."""
    _write(
        event.policyholder_id,
        "claim_lapsed",
        ref=event.ref,
        answer_by=event.answer_by.date().isoformat(),
    )


@on(CargoBound, "insurance.counter.confirm_cargo", queue="mail")
def confirm_cargo(event: CargoBound) -> None:
    """Confirm that a shipment is insured, and until when it can be changed or called off."""
    policy = cargo.policy(policy_id=event.policy_id)
    leaves_on = policy.cargo.departs_on
    _write(
        event.owner_id,
        "cargo_bound",
        number=event.number,
        total=event.premium,
        sum_insured=event.sum_insured,
        day=None if leaves_on <= policy.bound_at.date() else leaves_on.isoformat(),
    )


@on(CargoChanged, "insurance.counter.confirm_cargo_change", queue="mail")
def confirm_cargo_change(event: CargoChanged) -> None:
    """Confirm what of a cargo cover was changed, assigned or cancelled, and what it cost."""
    policy = cargo.policy(policy_id=event.policy_id)
    _write(
        event.owner_id,
        "cargo_changed",
        number=event.number,
        kind=event.kind,
        revision=policy.revision,
        sum_insured=policy.price.sum_insured,
        paid=event.paid or None,
        refund=event.refund or None,
    )


@on(CargoClaimPaid, "insurance.counter.tell_of_cargo_payment", queue="mail")
def tell_of_cargo_payment(event: CargoClaimPaid) -> None:
    """Tell what a claim for cargo paid, also where the deductible left nothing."""
    policy = cargo_claims.claim(claim_id=event.claim_id).policy
    is_late = bool(event.paid) and bank.wallet(wallet_id=policy.wallet_id).is_closed
    _write(
        event.owner_id, "cargo_claim_paid", ref=event.ref, paid=event.paid or None, is_late=is_late
    )


@on(CargoClaimDecided, "insurance.counter.tell_of_cargo_refusal", queue="mail")
def tell_of_cargo_refusal(event: CargoClaimDecided) -> None:
    """Tell that nothing is paid for cargo, where the reasons stand and until when to appeal."""
    if not event.is_refused:
        return
    claim = cargo_claims.claim(claim_id=event.claim_id)
    until = claim.appeal_until
    _write(
        event.owner_id,
        "cargo_claim_refused",
        ref=event.ref,
        until=until.date().isoformat() if until is not None else None,
    )


def _write(holder_id: UUID, template: str, **data: object) -> None:
    """Write to a holder; of a company's policy to everybody who works for it."""
    holder = people.person(holder_id)
    readers = [holder] if holder is not None else people.staff_of(holder_id)
    for reader in readers:
        mail.send(
            to=reader,
            template=f"insurance/mail/{template}.txt",
            locale=reader.locale,
            data={"name": reader.name} | {name: _plain(value) for name, value in data.items()},
        )


def _plain(value: object) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, Money):
        return value.plain()
    return value
