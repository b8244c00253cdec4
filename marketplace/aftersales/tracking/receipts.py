"""What a buyer paid for one order, row by row, and what came back since: it re-adds to the cent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from banking import api as bank
from insurance import api as cover
from kernel.money import Money, total
from kernel.people.identity import queries as people
from kernel.text import N_, Message
from marketplace.buying.orders.queries import GroupView, VendorOrderView
from marketplace.catalogue.vendors import queries as vendors
from marketplace.catalogue.vendors.queries import VendorView
from marketplace.landed.quoting.queries import Step, steps_from

# What the buyer pays of a parcel beside the goods; what the seller bears comes off the duty.
_CHARGED = ("freight", "duty", "tax", "fee", "seller_cost")
_BACK = N_("Refund, parcel %(number)d")
_COVER_BACK = N_("Premium refund, parcel %(number)d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bought:
    """One seller's part of a receipt.

    Shape: charges are what was paid beside the goods, as it was shown before paying; policy is the
    cover that was bought, whatever became of it; rate is the reference rate that was locked, one of
    the buyer's currency in the seller's, None where both are the same or no rate was needed.
    """

    number: int
    order: VendorOrderView
    vendor: VendorView
    charges: tuple[Step, ...]
    policy: cover.PolicyView | None
    rate: bank.Rate | None

    @property
    def rows(self) -> list[Money]:
        """Every amount that stands on a row of this part."""
        lines = [line.total for line in self.order.lines]
        return [*lines, *(step.amount for step in self.charges)]

    @property
    def is_converted(self) -> bool:
        """Whether the seller asks in another currency than the buyer paid in."""
        return self.order.vendor_goods.currency != self.order.goods.currency


@dataclass(frozen=True, slots=True)
class Back:
    """Money of the order that went back to what paid, or to the wallet its buyer prefers."""

    at: datetime
    what: Message
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A paid order as its buyer keeps it.

    Shape: back is oldest first; a wallet, a card or both paid.
    """

    group: GroupView
    payer: str
    wallet: bank.WalletView | None
    card: bank.PaidCard | None
    parcels: tuple[Bought, ...]
    back: tuple[Back, ...]

    @property
    def covers(self) -> list[Bought]:
        """The parcels that have a cover."""
        return [part for part in self.parcels if part.policy is not None]

    @property
    def rest(self) -> Money:
        """What was paid and did not come back."""
        return self.group.total - total(
            [one.amount for one in self.back], self.group.total.currency
        )

    @property
    def as_of(self) -> datetime:
        """When it last changed: paid, or money went back."""
        return self.back[-1].at if self.back else self.group.placed_at


def receipt_of(group: GroupView) -> Receipt:
    """Return the receipt of a group the caller may see; its rows sum to what was paid."""
    shops = vendors.vendors([order.vendor_id for order in group.orders])
    # What was paid with the order; cover bought later, or again, has its own payment.
    covers = cover.policies_of_quotes(
        quote_ids=[o.insurance_quote_id for o in group.orders if o.cover and o.insurance_quote_id]
    )
    rates = bank.rates_of(
        quote_ids={order.rate_quote_id for order in group.orders if order.rate_quote_id}
    )
    parcels = tuple(
        _bought(
            number,
            order,
            shops[order.vendor_id],
            covers.get(order.insurance_quote_id) if order.insurance_quote_id else None,
            rates,
        )
        for number, order in enumerate(group.orders, start=1)
    )
    payer = people.person(group.person_id)
    assert payer is not None, "a buyer has an account"
    receipt = Receipt(
        group=group,
        payer=payer.name,
        wallet=bank.wallet(wallet_id=group.wallet_id) if group.wallet_id else None,
        card=bank.paid_card(payer_id=group.payment_id) if group.payment_id else None,
        parcels=parcels,
        back=_back(group, parcels),
    )
    _check(receipt)
    return receipt


def _bought(
    number: int,
    order: VendorOrderView,
    vendor: VendorView,
    policy: cover.PolicyView | None,
    rates: Mapping[UUID, bank.Rate],
) -> Bought:
    steps = [s for s in steps_from(order.steps) if s.kind in _CHARGED and s.amount]
    return Bought(
        number=number,
        order=order,
        vendor=vendor,
        charges=tuple(steps),
        policy=policy,
        rate=rates[order.rate_quote_id] if order.rate_quote_id else None,
    )


def _back(group: GroupView, parcels: Sequence[Bought]) -> tuple[Back, ...]:
    """Return every refund, before the seller was paid or after, of goods, border or cover."""
    reasons: Mapping[str, Message] = {
        part.order.ref: Message(_BACK, {"number": part.number}) for part in parcels
    } | {
        part.policy.number: Message(_COVER_BACK, {"number": part.number})
        for part in parcels
        if part.policy is not None
    }
    places = dict.fromkeys([group.wallet_id, group.payment_id, group.refund_wallet_id])
    movements = [
        move
        for place in places
        if place is not None
        for move in bank.movements_about(wallet_id=place, subjects=reasons)
    ]
    return tuple(
        Back(move.booked_at, reasons[move.subject], move.amount)
        for move in sorted(movements, key=lambda move: move.booked_at)
        if move.amount.minor > 0
    )


def _check(receipt: Receipt) -> None:
    group = receipt.group
    for part in receipt.parcels:
        rows = total(part.rows, group.total.currency)
        assert rows == part.order.total, "the rows of a parcel sum to what was paid for it"
    premiums = total(
        [part.policy.total for part in receipt.parcels if part.policy], group.total.currency
    )
    assert premiums == group.premium, "each cover was paid with the order"
