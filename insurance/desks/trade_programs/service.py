"""What programs of traders do once: cargo is bought by a key, as on its page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from banking import api as bank
from insurance.desks.programs.once import once
from insurance.desks.trade_programs.forms import Order
from insurance.trade.cargo import queries as cargo
from insurance.trade.cargo import service as buying
from insurance.trade.cargo.errors import CargoNeedsMissing
from insurance.trade.cargo.queries import CargoQuoteView, CargoView
from kernel.actor import Actor
from kernel.db import command, reading
from kernel.idempotency import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Bought:
    """What became of a purchase. Shape: approval is what it waits for while there is no policy."""

    quote: CargoQuoteView
    policy: CargoView | None
    approval: bank.Approval | None
    is_replay: bool


def buy(*, order: Order, key: str, locale: str, actor: Actor) -> Bought:
    """Insure a shipment at a price that was shown, once.

    Raises: CargoNeedsMissing, CoverKeyReused, and as `cargo.buy`.
    """
    if not order.need.strip():
        raise CargoNeedsMissing
    outcome = _buy(order=order, key=key, locale=locale, actor=actor)
    outcome.raise_refusal()
    with reading():
        seen = cargo.quote_for(actor, order.quote)
        approval_id = seen.approval_id if seen.number is None else None
        return Bought(
            quote=seen,
            policy=cargo.own_policy(actor, seen.number) if seen.number else None,
            approval=bank.approval_of(approval_id=approval_id) if approval_id else None,
            is_replay=outcome.is_replay,
        )


@command("insurance.trade_programs.buy")
def _buy(*, order: Order, key: str, locale: str, actor: Actor) -> Outcome:
    """Conclude, and keep how that ended. Locks: the key's outcome, then as `cargo.buy`."""

    def work() -> dict[str, Any]:
        # A program opens no page; by its needs it says that whoever it acts for has read it.
        buying.note_opened(ref=order.quote, language=locale, actor=actor)
        buying.buy(ref=order.quote, need=order.need, locale=locale, actor=actor)
        return {"quote": order.quote}

    return once("cargo", key, order.said, work, actor)
