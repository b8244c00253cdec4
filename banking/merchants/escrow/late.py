"""Refunds of orders that were paid out: who bears them is shown before, and booked as shown."""

from __future__ import annotations

from uuid import UUID

from banking.accounts.wallets import queries as wallets
from banking.core.ledger import queries as ledger_queries
from banking.core.ledger import service as ledger
from banking.core.ledger.service import AccountKind, AccountRef, JournalView, Leg
from banking.merchants.escrow import bearing, rules
from banking.merchants.escrow.bearing import RefundPreview
from banking.merchants.escrow.compensation import compensations_of
from banking.merchants.escrow.errors import AlreadyCompensated, PreviewStale, RefundNotCovered
from banking.merchants.escrow.events import PaidOrderRefunded
from banking.merchants.escrow.models import Escrow
from banking.merchants.escrow.moving import Request, book_refund, known_move, locked, position
from banking.merchants.escrow.rules import Purpose
from kernel.actor import Actor
from kernel.db import command
from kernel.events import publish
from kernel.money import Money


@command("banking.escrow.refund_after_release")
def refund_after_release(
    *,
    key: UUID,
    order_ref: str,
    amount: Money,
    to_wallet_id: UUID | None,
    actor: Actor,
    seen: str = "",
    may_lose: bool = True,
    knows_compensated: bool = False,
) -> JournalView:
    """Give money back although the order was paid out.

    What is still kept for the order comes first; then the house returns its commission of the
    refunded part, and the vendor's share comes from its reserve, its future sales (the house
    advances them, and they become owing), its wallet, and the house's own loss.
    `queries.refund_preview` shows this before; `seen` is its seal, and what differs now is refused.
    Without `may_lose` nothing is refunded at the house's loss: a vendor does not decide on that.
    What others paid or will pay the buyer for the order stands in the way until whoever refunds
    knows of it.
    Locks: the escrow, the vendor's accounts, then all accounts of the journal in id order.
    Events: EscrowRefunded, PaidOrderRefunded. Raises: EscrowUnknown, EscrowKeyReused,
    AlreadyCompensated, RefundAbovePaid, PreviewStale, RefundNotCovered, as ledger.post.
    """
    escrow = locked(order_ref)
    request = ["refund_after", order_ref, str(amount), str(to_wallet_id)]
    known = known_move(key, request)
    if known is not None:
        return known
    if not knows_compensated and any(
        paid.stands_in_way for paid in compensations_of(order_ref=order_ref)
    ):
        raise AlreadyCompensated
    lock_vendor(escrow.beneficiary_id, actor)
    preview = bearing.refund_preview(order_ref=order_ref, amount=amount)
    if seen and seen != preview.seal:
        raise PreviewStale
    if preview.sources.loss and not may_lose:
        raise RefundNotCovered(loss=preview.sources.loss)
    after = position(escrow)
    if preview.sources.escrow:
        after = rules.refund(after, amount=preview.sources.escrow.minor, currency=escrow.currency)
    made = Request(key, request, actor)
    journal = book_refund(escrow, after, waterfall_legs(escrow, preview), to_wallet_id, made)
    publish(PaidOrderRefunded(order_ref=order_ref, amount=amount, left=preview.left - amount))
    return journal


def lock_vendor(vendor_id: UUID, actor: Actor) -> None:
    """Keep what a vendor has as it is until the command ends, so that what was seen is booked."""
    ids = [wallet.account_id for wallet in wallets.wallets_of(owner_id=vendor_id)]
    named = [
        account
        for wallet in wallets.wallets_of(owner_id=vendor_id)
        for account in bearing.accounts_of(vendor_id, wallet.currency)
    ]
    ids += [one.account_id for one in ledger_queries.balances(accounts=named).values()]
    ledger.lock(account_ids=ids, actor=actor)


def waterfall_legs(escrow: Escrow, found: RefundPreview) -> list[Leg]:
    """Return the legs that bring a refund together, all but the buyer's.

    What the vendor bears in another currency is turned back at the order's own rate; today's rate
    is the currency position's affair.
    """
    sources, currency = found.sources, found.sources.borne.currency
    vendor = wallets.wallet_for(owner_id=escrow.beneficiary_id, currency=currency)
    reserve, debt = bearing.accounts_of(escrow.beneficiary_id, currency)
    legs = [
        Leg(AccountRef.escrow(escrow.order_ref, escrow.currency), -sources.escrow),
        Leg(
            AccountRef.house(AccountKind.COMMISSION_REVENUE, currency),
            -sources.commission,
            memo=Purpose.COMMISSION,
        ),
        Leg(reserve, -sources.reserve),
        Leg(debt, -sources.sales),
        *([Leg(vendor.account, -sources.wallet)] if vendor else []),
        Leg(AccountRef.house(AccountKind.PLATFORM_LOSS, currency), -sources.loss),
    ]
    if currency != escrow.currency:
        turned = found.amount - sources.escrow
        legs += [
            Leg(AccountRef.house(AccountKind.FX_POSITION, currency), sources.borne),
            Leg(AccountRef.house(AccountKind.FX_POSITION, escrow.currency), -turned),
        ]
    return [leg for leg in legs if leg.amount]
