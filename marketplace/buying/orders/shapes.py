"""What others see of orders: frozen values, as they were bought and where they stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from kernel.money import Money
from marketplace.buying.orders import rules
from marketplace.buying.orders.rules import OrderState


@dataclass(frozen=True, slots=True)
class LineView:
    """Goods of an order as they were bought.

    Units: unit and total in the buyer's currency, vendor_unit in the vendor's.
    """

    id: int
    offer_id: int
    product_ref: str
    sku: str
    titles: dict[str, str]
    options: dict[str, Any]
    picture: str | None
    quantity: int
    unit: Money
    total: Money
    vendor_unit: Money
    hs_code: str
    origin_country: str
    weight_g: int
    hazards: list[str]


@dataclass(frozen=True, slots=True)
class StepView:
    """One change of state."""

    state: OrderState
    at: datetime


@dataclass(frozen=True, slots=True)
class VendorOrderView:
    """A vendor order as its buyer, its vendor and the operator see it.

    Shape: steps are the landed-cost lines shown at payment; history is oldest first; vendor_back
    and commission_back are what returned goods took from the vendor's price and its commission;
    delay_told_at is when the buyer was told that goods nobody had packed come late;
    is_returning while goods may come back; rate_quote_id names the rate that was locked, None where
    buyer and vendor share a currency; business_name is whom it was bought for, None for the buyer.
    """

    id: UUID
    ref: str
    group_ref: str
    vendor_id: int
    organisation_id: UUID
    state: OrderState
    goods: Money
    freight: Money
    duty: Money
    tax: Money
    fees: Money
    total: Money
    vendor_goods: Money
    vendor_commission: Money
    vendor_back: Money
    commission_back: Money
    is_returning: bool
    rate_quote_id: UUID | None
    insurance_quote_id: UUID | None
    customs_quote_id: UUID
    cover: str | None
    delivery: dict[str, Any]
    steps: list[dict[str, Any]]
    ship_by_on: date
    promised_on: date
    delay_told_at: datetime | None
    refused_at: datetime | None
    parcel_ref: str
    placed_at: datetime
    dispatched_at: datetime | None
    delivered_at: datetime | None
    release_due_at: datetime | None
    closed_at: datetime | None
    lines: tuple[LineView, ...]
    history: tuple[StepView, ...]
    address: dict[str, Any]
    country: str
    business_name: str | None

    @property
    def vendor_net(self) -> Money:
        """What the vendor receives."""
        goods = self.vendor_goods - self.vendor_back
        return goods - (self.vendor_commission - self.commission_back)

    @property
    def state_words(self) -> str:
        """The state as a marked sentence."""
        return rules.REFUSED_WORDS if self.is_refused else rules.STATE_WORDS[self.state]

    @property
    def is_refused(self) -> bool:
        """Whether customs did not let it in, so that nothing is on its way to the buyer."""
        return rules.is_refused(self.state, self.refused_at)

    @property
    def may_be_cancelled(self) -> bool:
        """Whether buyer and vendor may still call it off."""
        return self.state == OrderState.PAID


@dataclass(frozen=True, slots=True)
class VendorCounts:
    """How many orders wait for what. Shape: oldest_at is when the first to pack was paid."""

    to_pack: int
    today: int
    late: int
    under_way: int
    delivered: int
    oldest_at: datetime | None


@dataclass(frozen=True, slots=True)
class Punctuality:
    """How many orders of a shop arrived, and how many of them after the promised day."""

    # One late parcel of fewer moves the share by more than a tenth, which is all that lies between
    # what is asked of shops and perfection: it would tell of one buyer's parcel, not of the shop.
    FEWEST: ClassVar[int] = 10

    delivered: int
    late: int

    @property
    def on_time(self) -> int | None:
        """The share that came by the promised day; None while nothing arrived.

        Units: basis points, rounded down.
        """
        return 10_000 * (self.delivered - self.late) // self.delivered if self.delivered else None

    @property
    def is_telling(self) -> bool:
        """Whether enough orders arrived to tell buyers of them."""
        return self.delivered >= self.FEWEST


@dataclass(frozen=True, slots=True)
class GroupView:
    """What a buyer bought at once.

    Shape: wallet_id and payment_id (of a card) say what paid; refund_wallet_id is the wallet that
    its buyer prefers for refunds, None while these go to what paid; business_name is whom it was
    bought for, None for the buyer.
    """

    ref: str
    person_id: UUID
    wallet_id: UUID | None
    payment_id: UUID | None
    refund_wallet_id: UUID | None
    country: str
    locale: str
    address: dict[str, Any]
    business_name: str | None
    premium: Money
    total: Money
    placed_at: datetime
    orders: tuple[VendorOrderView, ...]


class RefundTo(StrEnum):
    """What a refund reaches: a wallet, the card that paid, or both as they paid."""

    WALLET = "wallet"
    CARD = "card"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class RefundWay:
    """Where refunds of a group go.

    Shape: card is the one that paid, as people know it; empty where none did, or where its network
    told neither brand nor number.
    """

    to: RefundTo
    card: str
