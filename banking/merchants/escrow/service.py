"""Commands on escrows: fund, release, refund, freeze. One vendor order, one account, one row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from banking.accounts.limits import service as limits
from banking.accounts.wallets import service as wallet_service
from banking.authorisation.late_credits import queries as late_queries
from banking.core.fx import queries as fx_queries
from banking.core.fx import service as fx
from banking.core.ledger import service as ledger
from banking.core.ledger.service import AccountKind, AccountRef, JournalView, Leg
from banking.merchants.escrow import queries as escrow_queries
from banking.merchants.escrow import rules
from banking.merchants.escrow.charging import charge_vendor, credit_vendor
from banking.merchants.escrow.earning import debts_first, keep_late
from banking.merchants.escrow.errors import EscrowExists
from banking.merchants.escrow.events import EscrowFrozen, EscrowFunded, EscrowReleased
from banking.merchants.escrow.late import refund_after_release
from banking.merchants.escrow.models import Escrow
from banking.merchants.escrow.moving import (
    Request,
    book_refund,
    known_move,
    locked,
    new_move,
    note_move,
    position,
)
from banking.merchants.escrow.paying import Part, Payer, account_of, parts_of
from banking.merchants.escrow.queries import EscrowView
from banking.merchants.escrow.rules import Purpose
from banking.transferring.house_payments.service import Credit, Debit
from banking.transferring.house_payments.service import legs as legs_of
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.events import publish
from kernel.ids import derived_id
from kernel.money import Money, total
from kernel.statements import read_sql

__all__ = [
    "EscrowPayout",
    "EscrowShare",
    "Payer",
    "charge_vendor",
    "credit_vendor",
    "refund_after_release",
]

_OPEN = text(read_sql(__file__, "open_escrows"))

# Where parts of a release stand until somebody is paid; goods are their vendor's.
_RECEIVERS = {
    Purpose.FREIGHT: AccountKind.FREIGHT_PAYABLE,
    Purpose.DUTY: AccountKind.DUTY_PAYABLE,
    Purpose.TAX: AccountKind.TAX_PAYABLE,
    Purpose.COMMISSION: AccountKind.COMMISSION_REVENUE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EscrowShare:
    """What a buyer pays for one vendor order."""

    order_ref: str
    amount: Money
    beneficiary_id: UUID
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EscrowPayout:
    """One part of a release.

    Shape: the purpose says who gets it, the vendor for goods; amount is in the escrow's currency;
    convert_with is the rate locked for the order where the vendor's is another one. The vendor is
    owed `credit`,
    its own price, or without one what the amount brings, less `commission`, both in the vendor's
    currency. What the shown price brought above or below the vendor's own stands in
    price_difference.
    """

    amount: Money
    purpose: Purpose
    credit: Money | None = None
    commission: Money | None = None
    convert_with: UUID | None = None


@command("banking.escrow.fund_escrow")
def fund_escrow(
    *,
    key: UUID,
    payer_wallet_id: UUID,
    shares: Sequence[EscrowShare],
    dues: Sequence[Credit],
    subject: str,
    actor: Actor,
) -> JournalView:
    """Pay for vendor orders and what comes with them (premiums) from one wallet in one journal.

    Shape: dues are in the same currency, paid from the same wallet.
    Locks: wallet, escrow and limit accounts, in id order. Events: EscrowFunded per share.
    Raises: EscrowExists when an order was paid under another key, and as limits.spend.
    """
    assert shares, "somebody is paid"
    currency = shares[0].amount.currency
    incoming = [
        Leg(
            AccountRef.escrow(share.order_ref, share.amount.currency), share.amount, memo=share.note
        )
        for share in shares
    ] + legs_of(dues)
    due = total([leg.amount for leg in incoming], currency)
    payer = AccountRef.wallet(payer_wallet_id, currency)
    journal = limits.spend(
        key=key,
        kind="escrow_funded",
        wallet=payer,
        amount=due,
        legs=[Leg(payer, -due), *incoming],
        subject=subject,
        actor=actor,
    )
    if not journal.is_replay:
        _open(shares, payer_wallet_id, subject, [])
    return journal


@command("banking.escrow.fund_escrow_together")
def fund_escrow_together(
    *,
    key: UUID,
    payers: Sequence[Payer],
    shares: Sequence[EscrowShare],
    dues: Sequence[Credit],
    subject: str,
    actor: Actor,
) -> JournalView:
    """Pay for vendor orders and what comes with them by card, or wallet and card, in one journal.

    Shape: the payers' amounts are the sum of shares and dues, in one currency; at most one of them
    is a wallet; a card has paid its amount already. What each paid of each order is kept, so that
    refunds go back to what paid.
    Locks: the cards' payments, then wallet, clearing, escrow and limit accounts, in id order.
    Events: EscrowFunded per share.
    Raises: as fund_escrow; PurchaseUnknown, PurchaseNotPaid, PurchaseOver,
    PurchaseDisputed, PurchaseDiffers.
    """
    assert shares, "somebody is paid"
    assert payers, "somebody pays"
    currency = shares[0].amount.currency
    wallet = next((payer for payer in payers if not payer.is_card), None)
    assert sum(not payer.is_card for payer in payers) <= 1, "one wallet pays, others lend it money"
    beside = legs_of(dues)
    incoming = [
        Leg(AccountRef.escrow(share.order_ref, currency), share.amount, memo=share.note)
        for share in shares
    ] + beside
    cards = sorted((payer for payer in payers if payer.is_card), key=lambda payer: payer.payer_id)
    accounts = {payer: account_of(payer, key, actor) for payer in [*cards, *_one(wallet)]}
    legs = [*(Leg(accounts[payer], -payer.amount) for payer in payers), *incoming]
    if wallet is None:
        journal = ledger.post(
            key=key, kind="escrow_funded", legs=legs, subject=subject, actor=actor
        )
    else:
        journal = limits.spend(
            key=key,
            kind="escrow_funded",
            wallet=accounts[wallet],
            amount=wallet.amount,
            legs=legs,
            subject=subject,
            actor=actor,
        )
    if not journal.is_replay:
        refs = [share.order_ref for share in shares]
        parts = parts_of(refs, [leg.amount for leg in incoming], payers)
        _open(shares, wallet.payer_id if wallet else None, subject, parts)
    return journal


def _one(payer: Payer | None) -> list[Payer]:
    return [] if payer is None else [payer]


@command("banking.escrow.release_escrow")
def release_escrow(
    *, key: UUID, order_ref: str, payouts: Sequence[EscrowPayout], actor: Actor
) -> JournalView:
    """Pay out of an escrow to those who earned it, converting where a rate was locked.

    What a vendor earned reaches its wallet, or waits beside it once that is closed.
    Locks: the escrow, then the accounts in id order. Events: EscrowReleased, LateCreditChanged.
    Raises: EscrowUnknown, EscrowTooSmall, EscrowFrozenAmount, EscrowKeyReused, as ledger.post
    and fx.convert_under_lock.
    """
    assert payouts, "somebody is paid"
    escrow = locked(order_ref)
    amount = total([payout.amount for payout in payouts], escrow.currency)
    request = ["release", order_ref, *(_content(payout, escrow) for payout in payouts)]
    known = known_move(key, request)
    if known is not None:
        return known
    after = rules.release(
        position(escrow),
        amount=amount.minor,
        currency=escrow.currency,
        questioned=escrow.questioned,
    )
    legs = [
        leg
        for n, payout in enumerate(payouts)
        for leg in _payout_legs(escrow, payout, derived_id(key, f"convert:{n}"), actor)
    ]
    legs = debts_first(legs, escrow.beneficiary_id)
    journal = ledger.post(
        key=key, kind="escrow_released", legs=legs, subject=order_ref, actor=actor
    )
    keep_late(legs, key=key, subject=order_ref, actor=actor)
    note_move(escrow, after, new_move(key, "released", amount, request, journal))
    publish(
        EscrowReleased(
            order_ref=order_ref,
            beneficiary_id=escrow.beneficiary_id,
            amount=amount,
            remaining=Money(after.remaining, escrow.currency),
        )
    )
    return journal


@command("banking.escrow.refund_escrow")
def refund_escrow(
    *, key: UUID, order_ref: str, amount: Money, to_wallet_id: UUID | None, actor: Actor
) -> JournalView:
    """Give money of an escrow back, in the currency it was paid in, frozen or not.

    Shape: to_wallet_id is the wallet that the buyer prefers; None lets it go back to what paid.
    Locks: the escrow, then the accounts in id order. Events: EscrowRefunded.
    Raises: EscrowUnknown, EscrowTooSmall, EscrowKeyReused, as ledger.post.
    """
    escrow = locked(order_ref)
    request = ["refund", order_ref, str(amount), str(to_wallet_id)]
    known = known_move(key, request)
    if known is not None:
        return known
    after = rules.refund(position(escrow), amount=amount.minor, currency=escrow.currency)
    source = Leg(AccountRef.escrow(order_ref, escrow.currency), -amount)
    return book_refund(escrow, after, [source], to_wallet_id, Request(key, request, actor))


@command("banking.escrow.refund_from_payables")
def refund_from_payables(
    *, key: UUID, order_ref: str, sources: Sequence[Debit], to_wallet_id: UUID | None, actor: Actor
) -> JournalView:
    """Give back what a release put into the house's payables and turned out not to be due.

    Shape: sources are in the currency the order was paid in; to_wallet_id as in refund_escrow.
    Locks: the escrow, then the accounts in id order. Events: EscrowRefunded.
    Raises: EscrowUnknown, EscrowKeyReused, as ledger.post.
    """
    escrow = locked(order_ref)
    legs = legs_of(sources)
    request = ["refund_payables", order_ref, str(to_wallet_id), *(repr(leg) for leg in legs)]
    known = known_move(key, request)
    if known is not None:
        return known
    made = Request(key, request, actor)
    return book_refund(escrow, position(escrow), legs, to_wallet_id, made)


@command("banking.escrow.freeze_escrow")
def freeze_escrow(*, order_ref: str, amount: Money, actor: Actor) -> EscrowView:
    """Keep exactly this much of an escrow back for a dispute; zero ends it.

    Locks: the escrow. Events: EscrowFrozen. Raises: EscrowUnknown, EscrowTooSmall.
    """
    escrow = locked(order_ref)
    assert amount.currency == escrow.currency, "a dispute is in the order's currency"
    after = rules.freeze(position(escrow), amount=amount.minor, currency=escrow.currency)
    if after.frozen != escrow.frozen:
        escrow.frozen = after.frozen
        publish(EscrowFrozen(order_ref=order_ref, frozen=amount))
    session().flush()
    return escrow_queries.view(escrow)


@command("banking.escrow.allow_release")
def allow_release(*, order_ref: str, at: datetime, actor: Actor) -> EscrowView:
    """Say from when on an escrow is due to the vendor: delivery plus the inspection window.

    Locks: the escrow. Raises: EscrowUnknown.
    """
    escrow = locked(order_ref)
    escrow.releasable_at = at
    session().flush()
    return escrow_queries.view(escrow)


def _open(
    shares: Sequence[EscrowShare],
    payer_wallet_id: UUID | None,
    subject: str,
    parts: Sequence[Part],
) -> None:
    given = {
        "subject": subject,
        "currency": shares[0].amount.currency,
        "payer_wallet_id": payer_wallet_id,
        "now": clock.now(),
        "order_refs": [share.order_ref for share in shares],
        "beneficiaries": [share.beneficiary_id for share in shares],
        "notes": [share.note for share in shares],
        "amounts": [share.amount.minor for share in shares],
        "part_orders": [part.order_ref for part in parts],
        "payers": [part.payer.payer_id for part in parts],
        "are_cards": [part.payer.is_card for part in parts],
        "places": [part.place for part in parts],
        "parts": [part.minor for part in parts],
    }
    new = set(session().execute(_OPEN, given).scalars())
    for share in shares:
        if share.order_ref not in new:
            raise EscrowExists(order_ref=share.order_ref)
        new.remove(share.order_ref)
        publish(
            EscrowFunded(
                order_ref=share.order_ref,
                beneficiary_id=share.beneficiary_id,
                amount=share.amount,
                subject=subject,
            )
        )


def _receiver(payout: EscrowPayout, escrow: Escrow) -> AccountRef | None:
    """Return the account of the house that a part goes to, None for the vendor's own wallet."""
    if payout.purpose is Purpose.GOODS:
        return None
    return AccountRef.house(_RECEIVERS[payout.purpose], escrow.currency)


def _content(payout: EscrowPayout, escrow: Escrow) -> str:
    """Return what a replay has to repeat, in the form whose digest rows have kept from the first.

    A part once named its account itself; so the digest of a release from then holds one still.
    """
    return (
        f"EscrowPayout(amount={payout.amount!r}, purpose={payout.purpose!r},"
        f" to={_receiver(payout, escrow)!r}, credit={payout.credit!r},"
        f" commission={payout.commission!r}, convert_with={payout.convert_with!r})"
    )


def _payout_legs(escrow: Escrow, payout: EscrowPayout, key: UUID, actor: Actor) -> list[Leg]:
    source = AccountRef.escrow(escrow.order_ref, escrow.currency)
    to = _receiver(payout, escrow)
    if to is not None:
        return _exchanged(source, to, payout, key, actor)
    difference = AccountRef.house(AccountKind.PRICE_DIFFERENCE, _owed_in(escrow, payout))
    legs = _exchanged(source, difference, payout, key, actor)
    brought = total([leg.amount for leg in legs if leg.account == difference], difference.currency)
    owed = payout.credit or brought
    fee = payout.commission or Money.zero(owed.currency)
    wallet = wallet_service.wallet_of_earnings(
        owner_id=escrow.beneficiary_id,
        owner_kind="organisation",
        currency=owed.currency,
        actor=actor,
    )
    earned = late_queries.landing(wallet_id=wallet.id, currency=owed.currency)
    revenue = AccountRef.house(AccountKind.COMMISSION_REVENUE, owed.currency)
    return [
        *(leg for leg in legs if leg.account != difference),
        Leg(difference, brought - owed, memo=payout.purpose),
        Leg(revenue, fee, memo=Purpose.COMMISSION),
        Leg(earned, owed - fee, memo=payout.purpose),
    ]


def _owed_in(escrow: Escrow, payout: EscrowPayout) -> str:
    if payout.credit is not None:
        return payout.credit.currency
    if payout.convert_with is not None:
        return fx_queries.quote_of(quote_id=payout.convert_with).buy
    return escrow.currency


def _exchanged(
    source: AccountRef, taker: AccountRef, payout: EscrowPayout, key: UUID, actor: Actor
) -> list[Leg]:
    if taker.currency == source.currency:
        return [
            Leg(source, -payout.amount, memo=payout.purpose),
            Leg(taker, payout.amount, memo=payout.purpose),
        ]
    assert payout.convert_with is not None, "another currency needs the rate locked for the order"
    conversion = fx.convert_under_lock(
        quote_id=payout.convert_with,
        key=key,
        amount=payout.amount,
        giver=source,
        taker=taker,
        actor=actor,
    )
    return list(conversion.legs)
