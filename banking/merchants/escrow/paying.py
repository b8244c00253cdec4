"""Who pays for orders, and how a refund goes back to several payers; joins the calling command."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from banking.cards.purchases import service as purchases
from banking.core.ledger.service import AccountRef
from banking.merchants.escrow import rules
from banking.merchants.escrow.models import Escrow, EscrowPayer
from kernel.actor import Actor
from kernel.db import session
from kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Payer:
    """Who pays a part of a purchase: a wallet, or what a card has paid already.

    Shape: payer_id is the wallet's, or the card payment's.
    """

    payer_id: UUID
    amount: Money
    is_card: bool = False

    @classmethod
    def wallet(cls, wallet_id: UUID, amount: Money) -> Payer:
        """Name a wallet."""
        return cls(payer_id=wallet_id, amount=amount)

    @classmethod
    def card(cls, payment_id: UUID, amount: Money) -> Payer:
        """Name a payment by card."""
        return cls(payer_id=payment_id, amount=amount, is_card=True)


def account_of(payer: Payer, key: UUID, actor: Actor) -> AccountRef:
    """Return the account that a payer pays from; a card's payment is placed by this, once.

    Locks: the card's payment. Raises: PurchaseUnknown, PurchaseNotPaid, PurchaseOver,
    PurchaseDisputed, PurchaseDiffers.
    """
    if not payer.is_card:
        return AccountRef.wallet(payer.payer_id, payer.amount.currency)
    return purchases.place(payment_id=payer.payer_id, key=key, due=payer.amount, actor=actor)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one payer paid of an order.

    Units: minor units of the escrow's currency. Shape: place is the payer's, in the order of
    naming.
    """

    order_ref: str
    payer: Payer
    place: int
    minor: int


def parts_of(
    order_refs: Sequence[str], amounts: Sequence[Money], payers: Sequence[Payer]
) -> list[Part]:
    """Return who paid what of each order. Shape: amounts are the orders', then what is due."""
    shares = rules.shares_of([payer.amount.minor for payer in payers], [m.minor for m in amounts])
    return [
        Part(order_ref=order_ref, payer=payer, place=place, minor=minor)
        for place, (payer, parts) in enumerate(zip(payers, shares, strict=True))
        for order_ref, minor in zip(order_refs, parts, strict=False)
        if minor
    ]


def destinations(
    escrow: Escrow, amount: Money, to_wallet_id: UUID | None
) -> list[tuple[UUID, Money]]:
    """Return who gets how much of a refund: whoever is named, or those who paid, in proportion.

    The escrow is locked by the caller, and so are its payers with it. What goes back to a payer is
    noted, whoever decided on it; what goes elsewhere counts for all of them. While a cardholder
    disputes the payment, nothing goes elsewhere: their bank may give it back as well.
    """
    if escrow.questioned:
        to_wallet_id = None
    rows = payers_of(escrow.order_ref)
    if not rows:
        to = to_wallet_id or escrow.payer_wallet_id
        assert to is not None, "an order without payers of its own was paid from a wallet"
        return [(to, amount)]
    named = [row for row in rows if row.payer_id == to_wallet_id]
    wanted = rules.parts_back([row.funded - row.refunded for row in named or rows], amount.minor)
    for row, part in zip(named or rows, wanted, strict=True):
        row.refunded += part
    session().flush()
    if to_wallet_id is not None:
        return [(to_wallet_id, amount)]
    return [
        (row.payer_id, Money(part, escrow.currency))
        for row, part in zip(rows, wanted, strict=True)
        if part
    ]


def payers_of(order_ref: str) -> list[EscrowPayer]:
    """Return who paid an order where a card was among them, locked, in the order of naming."""
    query = select(EscrowPayer).where(EscrowPayer.order_ref == order_ref)
    query = query.order_by(EscrowPayer.place).with_for_update()
    return list(session().scalars(query.execution_options(populate_existing=True)))
