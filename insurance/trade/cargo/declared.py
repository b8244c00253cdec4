"""Policies of cargo that are declared under an open cover: priced and bound in one transaction.

Whoever calls draws the premium of one, and books what comes back of one that is withdrawn.
"""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from uuid import UUID

from insurance.money.books.service import Split
from insurance.rating.tariff import queries as tariff
from insurance.rating.tariff.queries import Premium, Refusal
from insurance.trade.cargo import life, pricing, queries, rules
from insurance.trade.cargo.errors import CargoClaimed, CargoHasLeft, CargoNotInForce
from insurance.trade.cargo.events import CargoBound
from insurance.trade.cargo.models import CargoPolicy, CargoQuote
from insurance.trade.cargo.queries import CargoView, Signed
from insurance.trade.cargo.rules import Cargo, CargoState
from insurance.trade.cargo.service import next_number
from insurance.trade.cargo.stored import stored_answer, stored_cargo
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.errors import RuleBroken
from kernel.events import publish
from kernel.ids import derived_id, public_ref
from kernel.money import Money


def price(
    cargo: Cargo, signed: Signed, *, insurer_key: str
) -> tuple[Premium | Refusal, Fraction | None]:
    """Return what a shipment costs under what was signed, with its conveyance held still.

    Locks: the conveyance.
    """
    pricing.hold_voyage(cargo.voyage)
    return pricing.answer(cargo, signed, insurer_key=insurer_key)


@command("insurance.cargo.bind_declared")
def bind(
    *,
    key: UUID,
    cargo: Cargo,
    priced: tuple[Premium, Fraction | None],
    owner_id: UUID,
    wallet_id: UUID,
    insurer_key: str,
    open_cover: str,
    actor: Actor,
) -> CargoView:
    """Conclude the policy of a declared shipment; whoever calls draws its premium.

    Shape: key is the policy's id, priced what `price` said in the same transaction. Events:
    CargoBound.
    """
    now = clock.now()
    quote = CargoQuote(
        id=derived_id(key, "price"),
        ref=public_ref("K"),
        owner_id=owner_id,
        currency=cargo.currency,
        asked=stored_cargo(cargo),
        outcome={"insurer": insurer_key, **stored_answer(*priced)},
        tariff_version=tariff.shop_tariff_on(now.date(), insurer_key=insurer_key).version,
        created_at=now,
        valid_until=now + timedelta(hours=rules.terms_on(now.date()).quote_hours),
    )
    session().add(quote)
    session().flush()
    seen = queries.quote_view(quote)
    assert seen.price is not None, "a refusal is not bound"
    policy = CargoPolicy(
        id=key,
        number=next_number(now),
        quote_id=quote.id,
        owner_id=owner_id,
        wallet_id=wallet_id,
        insurer_key=insurer_key,
        voyage=cargo.voyage,
        departs_on=cargo.departs_on,
        insured_eur=seen.price.insured_eur,
        demands={"open_cover": open_cover},
        bound_at=now,
        open_cover=open_cover,
    )
    session().add(policy)
    session().flush()
    publish(
        CargoBound(
            policy_id=policy.id,
            number=policy.number,
            owner_id=owner_id,
            premium=seen.price.total,
            sum_insured=seen.price.sum_insured,
        )
    )
    return queries.policy_view(policy)


def not_withdrawn(seen: CargoView) -> RuleBroken | None:
    """Return why a declared shipment can't be withdrawn any more, None where it can."""
    if seen.is_claim_notified:
        return CargoClaimed()
    if seen.state is CargoState.ATTACHED or seen.on_risk_since is not None:
        return CargoHasLeft()
    return None if seen.state is CargoState.BOUND else CargoNotInForce()


@command("insurance.cargo.withdraw_declared")
def withdraw(*, policy_id: UUID, actor: Actor) -> Split:
    """End the policy of a declared shipment that does not leave; return all of its premium.

    It was never on risk, so nothing of it is earned, and its conveyance is free of it. Who holds
    the open cover books what comes back in the same transaction.
    Locks: the policy, the conveyance. Events: CargoEnded. Raises: CargoClaimed, CargoHasLeft,
    CargoNotInForce.
    """
    row = life.locked(policy_id)
    seen = queries.policy_view(row)
    refusal = not_withdrawn(seen)
    if refusal is not None:
        raise refusal
    pricing.hold_voyage(row.voyage)
    zero = Money.zero(seen.cargo.currency)
    nothing = Split(net=zero, commission=zero, tax=zero, country=seen.cargo.country)
    life.close(row, CargoState.CANCELLED, at=clock.now(), kept=nothing, actor=actor)
    return seen.split
