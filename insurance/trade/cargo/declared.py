"""Policies of cargo that are declared under an open cover: priced and bound in one transaction."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from uuid import UUID

from insurance.rating.tariff import queries as tariff
from insurance.rating.tariff.queries import Premium, Refusal
from insurance.trade.cargo import pricing, queries, rules
from insurance.trade.cargo.events import CargoBound
from insurance.trade.cargo.models import CargoPolicy, CargoQuote
from insurance.trade.cargo.queries import CargoView, Signed
from insurance.trade.cargo.rules import Cargo
from insurance.trade.cargo.service import next_number
from insurance.trade.cargo.stored import stored_answer, stored_cargo
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.events import publish
from kernel.ids import derived_id, public_ref


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
