"""What becomes of payouts that were made, and of reserves whose days are over.

The batch books the transfers, the room of transfers brings them to the rail and books its answers;
a payout follows its transfer, in whatever order news of it comes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, select

from banking.authorisation.late_credits import queries as late_queries
from banking.authorisation.late_credits import service as latecredits
from banking.core.ledger import queries as ledger_queries
from banking.core.ledger import service as ledger
from banking.core.ledger.service import Leg
from banking.merchants.payouts import rules, running
from banking.merchants.payouts.models import Payout, ReservePortion
from banking.merchants.payouts.rules import State
from banking.merchants.payouts.service import locked_plan
from banking.transferring.transfers import queries as transfers
from banking.transferring.transfers.queries import State as Sent
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.ids import derived_id
from kernel.money import Money

# The way a payout takes to where its transfer is.
_WAYS: Mapping[Sent, Sequence[State]] = {
    Sent.SENT: [State.SENT],
    Sent.SETTLED: [State.SENT, State.PAID],
    Sent.RETURNED: [State.SENT, State.RETURNED],
    Sent.CANCELLED: [State.FAILED],
    Sent.DECLINED: [State.FAILED],
}


@command("banking.payouts.decline")
def decline(*, batch_id: UUID, group: int, reason: str, actor: Actor) -> None:
    """Note that the wallet could not pay after all; the money never left it.

    Locks: the payout. Events: PayoutChanged.
    """
    row = _locked((Payout.batch_id == batch_id) & (Payout.batch_group == group))
    if row is not None and row.state == State.MADE:
        _move(row, State.FAILED, reason)


@command("banking.payouts.follow")
def follow(*, transfer_id: UUID, actor: Actor) -> None:
    """Bring a payout to where its transfer is now; a second call changes nothing.

    What came back pauses the plan until the account is corrected.
    Locks: the payout, then the plan. Events: PayoutChanged.
    """
    row = _locked(Payout.transfer_id == transfer_id)
    if row is None:
        return
    transfer = transfers.transfer(transfer_id=transfer_id)
    row.arrives_on = transfer.arrives_on or row.arrives_on
    for to in rules.way(State(row.state), _WAYS.get(transfer.state, [])):
        _move(row, to, transfer.reason if to in rules.CAME_BACK else "")
        if to is State.RETURNED:
            _pause(row)


def _pause(row: Payout) -> None:
    """Pause the plan, unless its account was corrected meanwhile."""
    plan = locked_plan(row.vendor_id, row.currency)
    if plan.account_id == row.account_id:
        plan.returned_ref = row.ref
        session().flush()


@command("banking.payouts.give_reserve_back")
def give_reserve_back(*, payout_id: UUID, actor: Actor) -> None:
    """Give a portion of a reserve back whose days are over, less what refunds took of it.

    It reaches the wallet, or waits beside it once the vendor closed it.
    Locks: the portions of the vendor's reserve, then the accounts in id order.
    """
    portion = session().get_one(ReservePortion, payout_id)
    vendor_id, currency = portion.vendor_id, portion.currency
    query = select(ReservePortion).where(
        ReservePortion.vendor_id == vendor_id,
        ReservePortion.currency == currency,
        ReservePortion.returned_at.is_(None),
    )
    waiting = (
        session()
        .scalars(
            query.order_by(ReservePortion.payout_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        .all()
    )
    if portion not in waiting:
        return
    reserve = running.reserve_of(vendor_id, currency)
    balance = ledger_queries.balances(accounts=[reserve]).get(reserve)
    newer = sum(one.amount_minor for one in waiting) - portion.amount_minor
    back = rules.given_back(
        portion=Money(portion.amount_minor, currency),
        newer=Money(newer, currency),
        balance=balance.posted if balance else Money.zero(currency),
    )
    portion.returned_at, portion.returned_minor = clock.now(), back.minor
    if back:
        _return(session().get_one(Payout, payout_id), back, actor)


def _return(made: Payout, back: Money, actor: Actor) -> None:
    key = derived_id(made.id, "reserve_returned")
    reserve = running.reserve_of(made.vendor_id, made.currency)
    to = late_queries.landing(wallet_id=made.wallet_id, currency=made.currency)
    ledger.post(
        key=key,
        kind="reserve_returned",
        subject=made.ref,
        actor=actor,
        legs=[Leg(reserve, -back), Leg(to, back)],
    )
    latecredits.keep(key=key, wallet_id=made.wallet_id, amount=back, subject=made.ref, actor=actor)


def _move(row: Payout, to: State, reason: str = "") -> None:
    row.state, row.reason = rules.advance(State(row.state), to), reason
    running.step(row, to, reason)


def _locked(which: ColumnElement[bool]) -> Payout | None:
    query = select(Payout).where(which).with_for_update()
    return session().scalars(query.execution_options(populate_existing=True)).one_or_none()
