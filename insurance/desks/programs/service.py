"""What programs do once, by a key: the commands of the pages, and what came of them.

A key belongs to a person and to one kind of request. What it led to is told as it stands now, since
cover that waited for an approval is bought by the yes.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from banking import api as bank
from insurance.contracts.changes import queries as changed
from insurance.contracts.changes import service as changes
from insurance.contracts.changes.errors import ChangeUnknown
from insurance.contracts.changes.queries import ChangeView, Kind
from insurance.contracts.changes.service import Asked
from insurance.contracts.insuring import service as insuring
from insurance.contracts.insuring.service import Wish
from insurance.contracts.policies import queries as policies
from insurance.contracts.policies.errors import (
    ChoiceNotActive,
    DemandsMissing,
    ProductInformationMissing,
)
from insurance.contracts.policies.queries import PRODUCT_INFORMATION_VERSION, PolicyView
from insurance.desks.programs.forms import Notice, Order, Preview
from insurance.desks.programs.once import known, once
from insurance.losses.claims import asking, deciding, loss_notices
from insurance.losses.claims import queries as claims
from insurance.losses.claims.queries import ClaimFile
from insurance.offers.shipments import queries as priced
from insurance.offers.shipments import service as shipments
from insurance.offers.shipments.errors import TrackingDown
from insurance.offers.shipments.queries import Described, ShipmentView
from kernel.actor import Actor
from kernel.db import command, reading
from kernel.idempotency import Outcome

_POLICIES = "policies"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bought:
    """What became of a purchase. Shape: approval is what it waits for while there is no policy."""

    shipment: ShipmentView
    policy: PolicyView | None
    approval: bank.Approval | None
    is_replay: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A claim after somebody reported it or said something of it."""

    file: ClaimFile
    is_replay: bool


def ask(
    *, described: Sequence[Described], country: str, actor: Actor
) -> list[tuple[Described, ShipmentView | TrackingDown]]:
    """Price some shipments, each after its carrier was asked, outside of any transaction.

    A carrier that does not answer leaves the others their prices.
    """
    return [(one, _ask(one, country, actor)) for one in described]


def _ask(one: Described, country: str, actor: Actor) -> ShipmentView | TrackingDown:
    try:
        return shipments.ask(described=one, country=country, actor=actor)
    except TrackingDown as down:
        return down


def buy(*, order: Order, key: str, locale: str, actor: Actor) -> Bought:
    """Buy cover for a quote once.

    The carrier is asked first, outside of any transaction, unless the key is known.
    Raises: ChoiceNotActive, ProductInformationMissing, DemandsMissing, CoverKeyReused, and as
    `insuring.buy`.
    """
    wish = _wish(order, locale)
    with reading():
        told = known(_POLICIES, key, order.said, actor)
    if told is None:
        shipments.look_again(ref=order.quote, actor=actor)
    outcome = told or _buy(order=order, wish=wish, key=key, actor=actor)
    outcome.raise_refusal()
    with reading():
        seen = priced.shipment_for(actor, order.quote)
        return Bought(
            shipment=seen,
            policy=policies.policy(policy_id=seen.policy_id) if seen.policy_id else None,
            approval=bank.approval_of(approval_id=seen.approval_id) if seen.approval_id else None,
            is_replay=outcome.is_replay,
        )


@command("insurance.programs.buy")
def _buy(*, order: Order, wish: Wish, key: str, actor: Actor) -> Outcome:
    """Conclude, and keep how that ended. Locks: the key's outcome, then as `insuring.conclude`."""

    def work() -> dict[str, Any]:
        offered = priced.shipment_for(actor, order.quote).quote.level(wish.cover)
        paper = policies.information_of(insurer_key=offered.insurer_key, language=wish.locale)
        shipments.note_informed(ref=order.quote, paper=paper, actor=actor)
        insuring.conclude(ref=order.quote, wish=wish, actor=actor)
        return {"quote": order.quote}

    return once(_POLICIES, key, order.said, work, actor)


def endorse(*, number: str, wanted: Asked | Preview, actor: Actor) -> ChangeView:
    """Price other terms of a policy, or do exactly what a preview showed.

    Raises: as `changes.show_endorsement` and `changes.confirm`.
    """
    if isinstance(wanted, Preview):
        return _confirm(number, wanted, {Kind.ENDORSE}, actor)
    return changes.show_endorsement(policy_id=_held(number, actor).id, asked=wanted, actor=actor)


def end(*, number: str, wanted: Preview | None, actor: Actor) -> ChangeView:
    """Price the end of a policy, or do exactly what a preview showed.

    Raises: as `changes.show_end` and `changes.confirm`.
    """
    if wanted is not None:
        return _confirm(number, wanted, {Kind.WITHDRAW, Kind.CANCEL}, actor)
    return changes.show_end(policy_id=_held(number, actor).id, actor=actor)


def assign(*, number: str, wanted: str | Preview, actor: Actor) -> ChangeView:
    """Prepare to hand a policy over to who has an address, or offer it as a preview showed.

    Raises: as `changes.show_assignment` and `changes.confirm`.
    """
    if isinstance(wanted, Preview):
        return _confirm(number, wanted, {Kind.ASSIGN}, actor)
    return changes.show_assignment(policy_id=_held(number, actor).id, email=wanted, actor=actor)


def notify(*, notice: Notice, key: str, actor: Actor) -> Told:
    """Report a loss once, with the photographs that wait under its policy.

    Raises: PolicyUnknown, CoverKeyReused, and as `loss_notices.send`.
    """
    held = _held(notice.policy, actor)
    return _told(_notify(held=held, notice=notice, key=key, actor=actor), actor)


@command("insurance.programs.notify")
def _notify(*, held: PolicyView, notice: Notice, key: str, actor: Actor) -> Outcome:
    """Report, and keep how that ended. Locks: the key's outcome, then as `loss_notices.send`."""

    def work() -> dict[str, Any]:
        claim = loss_notices.send(
            policy_id=held.id,
            cause=notice.cause,
            loss=notice.loss,
            description=notice.description,
            actor=actor,
        )
        return {"claim": claim.ref}

    return once("claims", key, notice.said, work, actor)


def say(*, ref: str, words: str, key: str, actor: Actor) -> Told:
    """Answer what officers asked once, with the photographs that wait for the answer.

    Raises: ClaimUnknown, CoverKeyReused, and as `asking.answer`.
    """
    return _told(_say(ref=ref, words=words, key=key, actor=actor), actor)


@command("insurance.programs.say")
def _say(*, ref: str, words: str, key: str, actor: Actor) -> Outcome:
    """Answer, and keep how that ended. Locks: the key's outcome, then as `asking.answer`."""
    claim_id = claims.claim_for(actor, ref).claim.id

    def work() -> dict[str, Any]:
        return {"claim": asking.answer(claim_id=claim_id, words=words, actor=actor).ref}

    return once("messages", key, [ref, words], work, actor)


def appeal(*, ref: str, words: str, key: str, actor: Actor) -> Told:
    """Say once what a refusal overlooked.

    Raises: ClaimUnknown, CoverKeyReused, and as `deciding.appeal`.
    """
    return _told(_appeal(ref=ref, words=words, key=key, actor=actor), actor)


@command("insurance.programs.appeal")
def _appeal(*, ref: str, words: str, key: str, actor: Actor) -> Outcome:
    """Appeal, and keep how that ended. Locks: the key's outcome, then as `deciding.appeal`."""
    claim_id = claims.claim_for(actor, ref).claim.id

    def work() -> dict[str, Any]:
        return {"claim": deciding.appeal(claim_id=claim_id, words=words, actor=actor).ref}

    return once("appeals", key, [ref, words], work, actor)


def _told(outcome: Outcome, actor: Actor) -> Told:
    """Return the claim as it stands now. Raises: what the key's first request was refused with."""
    outcome.raise_refusal()
    with reading():
        return Told(
            file=claims.claim_for(actor, outcome.body["claim"]), is_replay=outcome.is_replay
        )


def _held(number: str, actor: Actor) -> PolicyView:
    with reading():
        return policies.own_policy(actor, number)


def _confirm(number: str, preview: Preview, kinds: Collection[Kind], actor: Actor) -> ChangeView:
    """Do what a preview showed, if it is one of this policy and of this kind."""
    with reading():
        seen = changed.change_for(actor, preview.ref)
    if seen.policy.number != number or seen.kind not in kinds:
        raise ChangeUnknown
    return changes.confirm(ref=preview.ref, actor=actor)


def _wish(order: Order, locale: str) -> Wish:
    """Return what is bought; without its three statements no policy is concluded."""
    if order.level is None:
        raise ChoiceNotActive
    if order.information != PRODUCT_INFORMATION_VERSION:
        raise ProductInformationMissing
    if not any(need.strip() for need in order.needs):
        raise DemandsMissing
    return Wish(cover=order.level, with_delay=order.with_delay, needs=order.needs, locale=locale)
