"""Many transfers of one wallet at once, all or nothing; they join the command that calls.

What a thousand payments have in common is looked up once, and they are written by the set.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from banking.accounts.limits import service as limits
from banking.accounts.wallets import queries as wallets
from banking.accounts.wallets.queries import OwnerKind, WalletView, is_ours
from banking.authorisation.payees.errors import AccountNotHere
from banking.core.ledger import service as ledger
from banking.core.ledger.errors import AccountFrozen, CeilingReached
from banking.core.ledger.service import AccountRef, JournalDraft, Leg
from banking.core.rail import queries as rail
from banking.transferring.transfers import queries
from banking.transferring.transfers.errors import PayeeCannotReceive
from banking.transferring.transfers.events import TransferArrived
from banking.transferring.transfers.models import Transfer, TransferStep
from banking.transferring.transfers.money import CLEARING, FEES
from banking.transferring.transfers.queries import Outcome
from banking.transferring.transfers.rules import State, remittance
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.events import publish
from kernel.ids import derived_id, public_ref
from kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One payment among many. Shape: id becomes the transfer's; account is checked."""

    id: UUID
    account: str
    name: str
    amount: Money
    reference: str = ""
    outcome: Outcome = Outcome.CANNOT
    holder_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """What all payments share: the wallet that pays, who approved them and as which batch."""

    wallet: WalletView
    batch_id: UUID
    person_id: UUID
    approval_id: UUID | None


@dataclass(frozen=True, slots=True)
class _Paths:
    """How the rail carries the payments of today."""

    fee: Money
    leaves_at: datetime
    arrives_on: date


@command("banking.transfers.pay_many")
def pay_many(*, together: Together, orders: Sequence[Order], actor: Actor) -> int:
    """Pay every order or none; return how many were paid now: none when they were paid before.

    The approval of the batch is redeemed by whoever calls.
    Locks: the accounts of wallets and limits, once, in id order. Events: TransferArrived.
    Raises: InsufficientFunds, AccountFrozen, AccountNotHere, PayeeCannotReceive, RailNotOffered,
    RailDoesNotReach, CountryNotReached, DailyLimit, MonthlyLimit, PayeeLimit, LimitsUnavailable.
    """
    known = select(Transfer.id).where(Transfer.id.in_([order.id for order in orders]))
    if not orders or session().execute(known.limit(1)).first() is not None:
        return 0
    takers = _takers(orders, together.wallet)
    paths = _paths(orders, together.wallet.currency)
    rows = [_row(order, together, takers.get(order.account), paths) for order in orders]
    _post(rows, together.wallet, takers, actor)
    session().add_all(rows)
    session().add_all(
        TransferStep(transfer_id=row.id, state=row.state, reason="", at=clock.now()) for row in rows
    )
    session().flush()
    for row in rows:
        if row.payee_id is not None:
            publish(
                TransferArrived(
                    transfer_id=row.id,
                    payee_id=row.payee_id,
                    amount=Money(row.amount_minor or 0, together.wallet.currency),
                )
            )
    return len(rows)


def _takers(orders: Sequence[Order], payer: WalletView) -> Mapping[str, WalletView]:
    """Return the wallets of the house that are paid, by IBAN."""
    ours = [order.account for order in orders if is_ours(order.account)]
    takers = wallets.wallets_by_iban(ibans=ours) if ours else {}
    for iban in ours:
        taker = takers.get(iban)
        if taker is None or taker.owner_kind is OwnerKind.HOUSE:
            raise AccountNotHere
        if taker.currency != payer.currency or taker.id == payer.id:
            raise PayeeCannotReceive
    return takers


def _paths(orders: Sequence[Order], currency: str) -> _Paths | None:
    outside = {order.account[:2] for order in orders if not is_ours(order.account)}
    if not outside:
        return None
    now = clock.now()
    for country in sorted(outside):
        rail.check_reach(currency=currency, country=country, on=now.date())
    calendar = rail.calendar_of(currency=currency, on=now.date())
    return _Paths(
        fee=Money(calendar.fee_minor, currency),
        leaves_at=rail.leaves_at(now, calendar, recall=queries.terms().recall),
        arrives_on=rail.promised(currency=currency, at=now).arrives_on,
    )


def _row(
    order: Order, together: Together, taker: WalletView | None, paths: _Paths | None
) -> Transfer:
    wallet, now = together.wallet, clock.now()
    about: dict[str, Any] = (
        {
            "payee_id": taker.owner_id,
            "payee_kind": taker.owner_kind.value,
            "fee_minor": 0,
            "arrives_on": now.date(),
            "state": State.SETTLED,
        }
        if taker
        else _outwards(paths)
    )
    return Transfer(
        id=order.id,
        ref=public_ref("W"),
        owner_id=wallet.owner_id,
        person_id=together.person_id,
        locale="en",
        account=order.account,
        payee_name=order.name[:70],
        outcome=order.outcome,
        holder_name=order.holder_name,
        payee_account=order.account,
        wallet_id=wallet.id,
        currency=wallet.currency,
        amount_minor=order.amount.minor,
        remittance=remittance(order.reference),
        reason="",
        approval_id=together.approval_id,
        batch_id=together.batch_id,
        begun_at=now,
        confirmed_at=now,
        **about,
    )


def _outwards(paths: _Paths | None) -> dict[str, Any]:
    assert paths is not None, "an account of another bank was asked about"
    return {
        "fee_minor": paths.fee.minor,
        "leaves_at": paths.leaves_at,
        "arrives_on": paths.arrives_on,
        "state": State.ACCEPTED,
    }


def _post(
    rows: Sequence[Transfer], payer: WalletView, takers: Mapping[str, WalletView], actor: Actor
) -> None:
    journals = [
        JournalDraft(
            key=derived_id(row.id, "accepted"),
            kind="transfer",
            subject=row.ref,
            legs=_legs(row, payer.account, takers.get(row.account)),
        )
        for row in rows
    ]
    keys = {taker.account.key for taker in takers.values()}
    try:
        with limits.explained():
            ledger.post_many(journals=journals, actor=actor)
    except (AccountFrozen, CeilingReached) as refusal:
        # Why somebody else's wallet takes nothing in is not the payer's to know.
        if refusal.data.get("key") in keys or isinstance(refusal, CeilingReached):
            raise PayeeCannotReceive from refusal
        raise


def _legs(row: Transfer, wallet: AccountRef, taker: WalletView | None) -> list[Leg]:
    assert row.amount_minor is not None, "a line has an amount"
    amount, fee = Money(row.amount_minor, wallet.currency), Money(row.fee_minor, wallet.currency)
    legs = [
        Leg(wallet, -(amount + fee), memo=row.remittance),
        Leg(AccountRef.house(FEES, wallet.currency), fee),
    ]
    if taker is not None:
        legs.append(Leg(taker.account, amount, memo=row.remittance))
    else:
        legs.append(Leg(AccountRef.house(CLEARING, wallet.currency), amount))
    # Between wallets of one owner nothing is spent.
    if row.payee_id != row.owner_id:
        payee = str(row.payee_id) if row.payee_id else row.account
        legs += limits.legs_for(wallet=wallet, amount=amount + fee, payee=payee)
    return [leg for leg in legs if leg.amount]
