"""How transfers move money; each function joins the command that calls it."""

from __future__ import annotations

from typing import Literal

from banking.accounts.limits import service as limits
from banking.accounts.wallets import service as wallets
from banking.accounts.wallets.errors import AccountClosed, WalletClosed
from banking.accounts.wallets.queries import WalletView
from banking.authorisation.late_credits import queries as late_queries
from banking.authorisation.late_credits import service as latecredits
from banking.core.ledger import service as ledger
from banking.core.ledger.errors import AccountFrozen, CeilingReached
from banking.core.ledger.service import AccountRef, Discipline, Leg
from banking.core.rail import queries as rail
from banking.transferring.transfers import queries, rules
from banking.transferring.transfers.errors import PayeeCannotReceive
from banking.transferring.transfers.events import TransferArrived, TransferChanged
from banking.transferring.transfers.models import Transfer, TransferStep
from banking.transferring.transfers.rules import State
from kernel import clock
from kernel.actor import Actor
from kernel.db import session
from kernel.events import publish
from kernel.ids import derived_id
from kernel.money import Money
from kernel.text import N_

# What customers' money waits in between the house and the rail, our account at the bank that
# connects us with it, and what sending earns.
CLEARING, NOSTRO, FEES = "rail_clearing", "rail_nostro", "transfer_fees"

_NAMES = {
    CLEARING: N_("On the way to other banks"),
    NOSTRO: N_("Account at the payment network's bank"),
    FEES: N_("Fees earned on transfers"),
}
ledger.register_account_kinds(dict.fromkeys(_NAMES, Discipline.HOUSE), _NAMES)


def pay(row: Transfer, actor: Actor) -> None:
    """Take the money off the wallet: into the payee's wallet, or into clearing for the rail.

    Locks: the wallets' accounts in id order. Events: TransferArrived, TransferChanged.
    Raises: InsufficientFunds, AccountFrozen, PayeeCannotReceive, RailNotOffered, DailyLimit,
    MonthlyLimit, PayeeLimit, LimitsUnavailable.
    """
    assert row.wallet_id is not None, "a confirmed transfer has a wallet"
    amount = amount_of(row)
    wallet = AccountRef.wallet(row.wallet_id, amount.currency)
    if row.payee_id is not None:
        _into_wallet(row, wallet, amount, actor)
        return
    now = clock.now()
    calendar = rail.calendar_of(currency=amount.currency, on=now.date())
    fee = queries.fee_of(amount, is_internal=False, on=now.date())
    row.fee_minor = fee.minor
    legs = [
        Leg(wallet, -(amount + fee), memo=row.remittance),
        Leg(AccountRef.house(CLEARING, amount.currency), amount),
        Leg(AccountRef.house(FEES, amount.currency), fee),
    ]
    limits.spend(
        key=derived_id(row.id, "accepted"),
        kind="transfer",
        wallet=wallet,
        amount=amount + fee,
        legs=[g for g in legs if g.amount],
        subject=row.ref,
        actor=actor,
        payee=row.payee_account or row.account,
    )
    row.leaves_at = rail.leaves_at(now, calendar, recall=queries.terms().recall)
    row.arrives_on = rail.promised(currency=amount.currency, at=now).arrives_on
    move(row, State.ACCEPTED)


def _into_wallet(row: Transfer, wallet: AccountRef, amount: Money, actor: Actor) -> None:
    assert row.payee_id is not None, "inside the house the payee is known"
    taker = payee_wallet(row, actor)
    legs = [
        Leg(wallet, -amount, memo=row.remittance),
        Leg(taker.account, amount, memo=row.remittance),
    ]
    # Between wallets of one owner nothing is spent.
    if row.payee_id != row.owner_id:
        legs += limits.legs_for(wallet=wallet, amount=amount, payee=str(row.payee_id))
    try:
        with limits.explained():
            ledger.post(
                key=derived_id(row.id, "accepted"),
                kind="transfer",
                subject=row.ref,
                actor=actor,
                legs=legs,
            )
    except (AccountFrozen, CeilingReached) as refusal:
        # Why somebody else's wallet takes nothing in is not the payer's to know.
        if refusal.data.get("key") == taker.account.key or isinstance(refusal, CeilingReached):
            raise PayeeCannotReceive from refusal
        raise
    row.arrives_on = clock.today()
    move(row, State.SETTLED)
    publish(TransferArrived(transfer_id=row.id, payee_id=row.payee_id, amount=amount))


def payee_wallet(row: Transfer, actor: Actor) -> WalletView:
    """Return the payee's wallet in the transfer's currency, opened where there is none.

    Raises: PayeeCannotReceive once the payee closed it.
    """
    assert row.payee_id is not None, "inside the house the payee is known"
    assert row.currency is not None, "the amount is known"
    kind: Literal["organisation", "person"] = (
        "organisation" if row.payee_kind == "organisation" else "person"
    )
    try:
        return wallets.open_wallet(
            owner_id=row.payee_id, owner_kind=kind, currency=row.currency, actor=actor
        )
    except (WalletClosed, AccountClosed) as refusal:
        raise PayeeCannotReceive from refusal


def take_back(row: Transfer, actor: Actor) -> None:
    """Give an accepted transfer's money and fee back before the rail has it."""
    amount, fee = amount_of(row), Money(row.fee_minor, amount_of(row).currency)
    _give(row, AccountRef.house(CLEARING, amount.currency), amount, fee, "cancelled", actor)


def settle(row: Transfer, actor: Actor) -> None:
    """Book that the money has left our account at the rail's bank."""
    amount = amount_of(row)
    ledger.post(
        key=derived_id(row.id, "settled"),
        kind="transfer_settled",
        subject=row.ref,
        actor=actor,
        legs=[
            Leg(AccountRef.house(CLEARING, amount.currency), -amount),
            Leg(AccountRef.house(NOSTRO, amount.currency), amount),
        ],
    )


def give_back(row: Transfer, actor: Actor) -> None:
    """Give the money of a returned transfer back, and the fee for what did not succeed."""
    amount, fee = amount_of(row), Money(row.fee_minor, amount_of(row).currency)
    source = NOSTRO if row.state == State.SETTLED else CLEARING
    _give(row, AccountRef.house(source, amount.currency), amount, fee, "returned", actor)


def _give(
    row: Transfer, source: AccountRef, amount: Money, fee: Money, why: str, actor: Actor
) -> None:
    assert row.wallet_id is not None, "a paid transfer has a wallet"
    key, back = derived_id(row.id, why), amount + fee
    legs = [
        Leg(source, -amount),
        Leg(AccountRef.house(FEES, amount.currency), -fee),
        Leg(late_queries.landing(wallet_id=row.wallet_id, currency=amount.currency), back),
    ]
    ledger.post(
        key=key,
        kind=f"transfer_{why}",
        subject=row.ref,
        actor=actor,
        legs=[leg for leg in legs if leg.amount],
    )
    # Its payer may have closed the wallet after it had arrived.
    latecredits.keep(key=key, wallet_id=row.wallet_id, amount=back, subject=row.ref, actor=actor)


def move(row: Transfer, to: State, reason: str = "") -> None:
    """Note the next state, as a step for ever, and tell of it. Raises: TransferMoved."""
    row.state, row.reason = rules.advance(State(row.state), to), reason
    session().add(TransferStep(transfer_id=row.id, state=to.value, reason=reason, at=clock.now()))
    session().flush()
    publish(
        TransferChanged(transfer_id=row.id, owner_id=row.owner_id, state=to.value, reason=reason)
    )


def amount_of(row: Transfer) -> Money:
    """Return a confirmed transfer's amount."""
    assert row.amount_minor is not None, "a confirmed transfer has an amount"
    assert row.currency is not None, "a confirmed transfer has a currency"
    return Money(row.amount_minor, row.currency)
