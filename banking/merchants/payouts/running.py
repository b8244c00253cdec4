"""Making payouts: turns in a period, by hand, or once more. One commit, or nothing.

What a run pays is one batch of `banking.transferring.bulk`, a group of one line for each vendor:
one vendor's wallet that can pay no more holds nobody else up. The batch is opened and started in
the commit that takes the turns, so a worker killed at any point leaves all of it or nothing, and
none twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from banking.accounts.wallets import queries as wallets
from banking.accounts.wallets.queries import WalletView
from banking.core.ledger import queries as ledger_queries
from banking.core.ledger import service as ledger
from banking.core.ledger.errors import AccountFrozen
from banking.core.ledger.service import AccountKind, AccountRef, Freeze, Leg
from banking.core.rail import queries as rail
from banking.merchants.escrow import queries as escrow
from banking.merchants.payouts import queries, rules, service
from banking.merchants.payouts.errors import (
    CannotRetry,
    NothingToPayOut,
    PayoutAccountNew,
    PayoutsPaused,
)
from banking.merchants.payouts.events import PayoutChanged
from banking.merchants.payouts.models import (
    Payout,
    PayoutAccount,
    PayoutPlan,
    PayoutRun,
    PayoutStep,
    PayoutTurn,
    ReservePortion,
)
from banking.merchants.payouts.queries import Outcome, PayoutView
from banking.merchants.payouts.rules import CAME_BACK, Cadence, Division, Schedule, State
from banking.transferring.bulk import service as bulk
from banking.transferring.bulk.queries import Source
from banking.transferring.bulk.service import GroupDraft, LineDraft, Origin
from kernel import clock
from kernel.actor import SYSTEM, Actor
from kernel.db import command, savepoint, session
from kernel.errors import RuleBroken
from kernel.events import publish
from kernel.ids import derived_id, public_ref
from kernel.money import Money

# Runs are the house's own; the wallets that pay are the vendors'.
_HOUSE = UUID("5d0e3f0c-0b1a-4d0e-9a53-8a5c1f6e7b11")
_NO_DEBITS = {Freeze.DEBIT, Freeze.ALL, Freeze.CLOSED}


@dataclass(frozen=True, slots=True)
class _Turn:
    """What is being paid: period, the day it was due, and the payout that is made once more."""

    period: str
    due_on: date
    again_for: UUID | None = None


@command("banking.payouts.take_turns")
def take_turns(*, currency: str, vendor_ids: Iterable[UUID], actor: Actor) -> int:
    """Pay vendors what is due today, or note why it rolls on; return how many are paid.

    Turns, payouts, batch and the next days stand in one commit; whoever comes second finds that
    the days have moved on. Locks: the plans and the wallets' accounts, vendor by vendor in order.
    Events: PayoutChanged, BatchApproved.
    """
    made = [_turn_of(vendor_id, currency, actor) for vendor_id in sorted(vendor_ids)]
    paid = [payout for payout in made if payout is not None]
    _as_batch(paid, actor)
    return len(paid)


@command("banking.payouts.run_everything")
def run_everything(*, actor: Actor) -> int:
    """Pay everybody whose turn it is, as the job does; return how many are paid."""
    due = queries.due()
    return sum(take_turns(currency=c, vendor_ids=due[c], actor=actor) for c in sorted(due))


@command("banking.payouts.pay_now")
def pay_now(*, vendor_id: UUID, currency: str, key: UUID, actor: Actor) -> PayoutView:
    """Pay a vendor out by hand, whatever the plan says of days; the same key pays once.

    Locks: the plan, then the wallet's account. Events: PayoutChanged, BatchApproved.
    Raises: NoPayoutAccount, PayoutAccountNew, PayoutsPaused, NothingToPayOut, PaysDebtsFirst,
    BelowMinimum under the smallest the house sends, AccountFrozen.
    """
    plan = service.locked_plan(vendor_id, currency)
    turn = _Turn(f"hand:{key}", queries.today())
    known = session().get(PayoutTurn, (vendor_id, currency, turn.period))
    if known is not None:
        return queries.view(session().get_one(Payout, known.payout_id))
    return _pay_by_hand(plan, turn, actor)


@command("banking.payouts.make_again")
def make_again(*, payout_id: UUID, actor: Actor) -> PayoutView:
    """Make a payout once more that failed or came back: of what is there now, once.

    Whoever does so knows that the account is right: it no longer pauses the plan.
    Locks: the plan, then the wallet's account. Events: PayoutChanged, BatchApproved.
    Raises: CannotRetry, and as pay_now.
    """
    payout = session().get_one(Payout, payout_id)
    plan = service.locked_plan(payout.vendor_id, payout.currency)
    session().refresh(payout)
    if payout.state not in CAME_BACK or queries.is_made_again(payout_id=payout_id):
        raise CannotRetry
    if plan.returned_ref == payout.ref:
        plan.returned_ref = ""
    return _pay_by_hand(plan, _Turn(f"again:{payout.ref}", queries.today(), payout_id), actor)


def _turn_of(vendor_id: UUID, currency: str, actor: Actor) -> Payout | None:
    plan = service.locked_plan(vendor_id, currency)
    account = session().get_one(PayoutAccount, plan.account_id)
    if plan.next_on is None or plan.nominal_on is None or plan.next_on > queries.today():
        return None
    if _stopped(plan, account) is not None:
        return None
    turn = _Turn(rules.period_key(plan.nominal_on, Cadence(plan.cadence)), plan.next_on)
    made = None
    if session().get(PayoutTurn, (vendor_id, currency, turn.period)) is None:
        try:
            with savepoint():
                made = _pay(plan, account, turn, Money(plan.least_minor, currency), actor)
        except RuleBroken as refusal:
            _note(plan, turn, None, refusal.code)
    _move_on(plan)
    return made


def _pay_by_hand(plan: PayoutPlan, turn: _Turn, actor: Actor) -> PayoutView:
    account = session().get_one(PayoutAccount, plan.account_id)
    stopped = _stopped(plan, account)
    if stopped is not None:
        raise stopped
    made = _pay(plan, account, turn, queries.house_least(plan.currency), actor)
    _as_batch([made], actor)
    return queries.view(made)


def _stopped(plan: PayoutPlan, account: PayoutAccount) -> RuleBroken | None:
    """Return what has to pass or be put right before anything is paid; the turn waits for it."""
    if plan.returned_ref or plan.held_words:
        return PayoutsPaused()
    assert account.usable_from is not None, "a plan's account was approved"
    if account.usable_from > clock.now():
        return PayoutAccountNew(at=account.usable_from)
    return None


def _move_on(plan: PayoutPlan) -> None:
    """Set the next day after today; days that a pause swallowed are not paid one by one."""
    schedule = Schedule(Cadence(plan.cadence), plan.weekday, plan.month_day)
    nominal = rules.next_nominal(schedule, queries.today())
    assert nominal is not None, "plans by hand have no day"
    plan.nominal_on, plan.next_on = nominal, queries.pay_day(nominal, plan.currency)
    session().flush()


def _pay(
    plan: PayoutPlan, account: PayoutAccount, turn: _Turn, least: Money, actor: Actor
) -> Payout:
    wallet = _locked_wallet(plan, actor)
    if wallet.available <= Money.zero(plan.currency):  # most vendors, on most days
        raise NothingToPayOut
    last = queries.last_payout(vendor_id=plan.vendor_id, currency=plan.currency)
    after = last.upto_entry if last else 0
    division, now = queries.division(wallet=wallet, after=after, least=least), clock.now()
    row = Payout(
        id=derived_id(_HOUSE, f"{plan.vendor_id}:{plan.currency}:{turn.period}"),
        ref=public_ref("PO"),
        run_id=_run(plan.currency),
        vendor_id=plan.vendor_id,
        wallet_id=wallet.id,
        account_id=account.id,
        currency=plan.currency,
        period=turn.period,
        opening_minor=ledger_queries.balance_after(account_id=wallet.account_id, entry=after),
        available_minor=division.available.minor,
        owed_minor=division.owed.minor,
        reserve_minor=division.reserve.minor,
        fee_minor=division.fee.minor,
        amount_minor=division.amount.minor,
        after_entry=after,
        upto_entry=wallet.last_entry,
        state=State.MADE,
        made_at=now,
        again_for=turn.again_for,
        arrives_on=rail.promised(currency=plan.currency, at=now).arrives_on,
    )
    session().add(row)
    session().flush()
    _set_apart(row, wallet, division, actor)
    _note(plan, turn, row, "")
    step(row, State.MADE)
    return row


def _locked_wallet(plan: PayoutPlan, actor: Actor) -> WalletView:
    wallet = wallets.wallet_for(owner_id=plan.vendor_id, currency=plan.currency)
    if wallet is None:
        raise NothingToPayOut
    debts = escrow.debts_of(vendor_id=plan.vendor_id, currencies=[plan.currency])
    account_ids = [wallet.account_id, *(debt.account_id for debt in debts)]
    ledger.lock(account_ids=account_ids, actor=actor)
    locked = wallets.wallet(wallet_id=wallet.id)
    if locked.freeze in _NO_DEBITS:
        raise AccountFrozen
    return locked


def _set_apart(row: Payout, wallet: WalletView, division: Division, actor: Actor) -> None:
    """Pay what the vendor owes and keep the reserve back, before anything leaves."""
    reserve = Leg(reserve_of(row.vendor_id, row.currency), division.reserve)
    parts = [
        ("payout_debt", division.owed, _debts_paid(row, division.owed)),
        ("reserve_kept", division.reserve, [reserve]),
    ]
    for kind, amount, legs in parts:
        if amount:
            ledger.post(
                key=derived_id(row.id, kind),
                kind=kind,
                subject=row.ref,
                actor=actor,
                legs=[Leg(wallet.account, -amount), *legs],
            )
    if division.reserve:
        days = timedelta(days=queries.terms().reserve_days)
        session().add(
            ReservePortion(
                payout_id=row.id,
                vendor_id=row.vendor_id,
                currency=row.currency,
                amount_minor=row.reserve_minor,
                due_on=queries.today() + days,
            )
        )


def _debts_paid(row: Payout, paid: Money) -> list[Leg]:
    """Return what of a payout pays which debt: what was written off comes last, owed still."""
    legs, rest = [], paid
    for debt in escrow.debts_of(vendor_id=row.vendor_id, currencies=[row.currency]):
        part = min(rest, -debt.posted)
        rest -= part
        legs.append(Leg(debt.account, part))
    assert not rest, "the division was of what is owed, under its locks"
    return [leg for leg in legs if leg.amount]


def _as_batch(made: Sequence[Payout], actor: Actor) -> None:
    """Pay what was made as one batch, a group of one line for each vendor."""
    if not made:
        return
    groups = [_group(row) for row in made]
    batch = bulk.open_batch(
        key=derived_id(made[0].id, "batch"),
        owner_id=_HOUSE,
        groups=groups,
        actor=actor,
        origin=Origin(source=Source.PAYOUTS, message_id=f"RUN-{made[0].ref}"),
    )
    for number, row in enumerate(made, 1):
        row.batch_id, row.batch_group = batch.id, number
        row.transfer_id = bulk.transfer_id(batch_id=batch.id, group=number, line=1)
    session().flush()
    bulk.start(batch_id=batch.id, actor=SYSTEM)


def _group(row: Payout) -> GroupDraft:
    account = session().get_one(PayoutAccount, row.account_id)
    wallet = wallets.wallet(wallet_id=row.wallet_id)
    line = LineDraft(
        end_to_end=row.ref,
        name=account.holder_name,
        account=account.account,
        amount=Money(row.amount_minor, row.currency),
        reference=f"Payout {row.ref}",
        outcome=Outcome(account.outcome),
    )
    return GroupDraft(
        group_ref=row.ref,
        debtor=wallet.iban,
        wallet_id=row.wallet_id,
        currency=row.currency,
        lines=[line],
        person_id=account.person_id,
    )


def reserve_of(vendor_id: UUID, currency: str) -> AccountRef:
    """Name the account that keeps a vendor's reserve."""
    return AccountRef(AccountKind.VENDOR_RESERVE, str(vendor_id), currency)


def _run(currency: str) -> UUID:
    """Return the run of today in a currency, begun by whoever comes first."""
    run_on = queries.today()
    run_id = derived_id(_HOUSE, f"{currency}:{run_on.isoformat()}")
    session().execute(
        insert(PayoutRun)
        .values(
            id=run_id, ref=public_ref("RN"), currency=currency, run_on=run_on, begun_at=clock.now()
        )
        .on_conflict_do_nothing()
    )
    return run_id


def _note(plan: PayoutPlan, turn: _Turn, made: Payout | None, reason: str) -> None:
    if made is None:
        wallet = wallets.wallet_for(owner_id=plan.vendor_id, currency=plan.currency)
        available = wallet.available.minor if wallet else 0
    else:
        available = made.available_minor
    session().add(
        PayoutTurn(
            vendor_id=plan.vendor_id,
            currency=plan.currency,
            period=turn.period,
            run_id=_run(plan.currency),
            due_on=turn.due_on,
            available_minor=available,
            payout_id=made.id if made else None,
            reason=reason,
            at=clock.now(),
        )
    )
    session().flush()


def step(row: Payout, to: State, reason: str = "") -> None:
    """Note a state as a step for ever, and tell of it."""
    session().add(PayoutStep(payout_id=row.id, state=to.value, reason=reason, at=clock.now()))
    session().flush()
    publish(PayoutChanged(payout_id=row.id, vendor_id=row.vendor_id, state=to.value, reason=reason))
