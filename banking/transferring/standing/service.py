"""Commands on standing orders: set up, pause, resume, end, and pay what is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from banking.authorisation.approvals import service as approvals
from banking.authorisation.approvals.service import Act, Approval, ResultPage
from banking.authorisation.payees.queries import target
from banking.core.ledger.errors import InsufficientFunds
from banking.transferring.standing import queries, rules
from banking.transferring.standing.errors import FirstDayGone, LastDayEarly, OrderOver, OrderUnknown
from banking.transferring.standing.events import StandingOrderChanged, StandingRunNotPaid
from banking.transferring.standing.models import StandingOrder, StandingRun
from banking.transferring.standing.queries import Cadence, OrderView, Result, State
from banking.transferring.standing.rules import Terms
from banking.transferring.transfers import queries as transfers
from banking.transferring.transfers import service as transfer_service
from banking.transferring.transfers.service import Given
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, savepoint, session
from kernel.errors import LimitExceeded, NotFound, RuleBroken
from kernel.events import publish
from kernel.ids import derived_id, public_ref
from kernel.money import Money
from kernel.text import N_, Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """How often and how long a standing order pays."""

    cadence: Cadence
    first_on: date
    last_on: date | None = None


@command("banking.standing.set_up")
def set_up(
    *,
    key: UUID,
    owner_id: UUID,
    like: str,
    amount: Money,
    reference: str,
    rhythm: Rhythm,
    actor: Actor,
) -> OrderView:
    """Set up a standing order to the payee of an earlier transfer; it runs once it is approved.

    The same key finds the same order. Raises: TransferUnknown, FirstDayGone, LastDayEarly.
    """
    person_id = actor.somebody()
    paid = transfers.transfer_by_ref(ref=like)
    if paid.owner_id != owner_id or not paid.payee_account:
        raise OrderUnknown
    _check_days(rhythm)
    moved = queries.moved(rhythm.first_on, currency=amount.currency, is_internal=paid.is_internal)
    session().execute(
        insert(StandingOrder)
        .values(
            id=key,
            ref=public_ref("R"),
            owner_id=owner_id,
            person_id=person_id,
            account=transfers.stored(paid.account),
            payee_name=paid.payee_name,
            payee_account=paid.payee_account,
            is_internal=paid.is_internal,
            currency=amount.currency,
            amount_minor=amount.minor,
            remittance=reference,
            cadence=rhythm.cadence,
            first_on=rhythm.first_on,
            last_on=rhythm.last_on,
            number=0,
            next_on=moved,
            state=State.AWAITING_APPROVAL,
            begun_at=clock.now(),
        )
        .on_conflict_do_nothing(index_elements=["id"])
    )
    row = _locked(StandingOrder.id == key, owner_id)
    if row.approval_id is None:
        asked = approvals.ask(
            person_id=person_id,
            act=Act.STANDING_ORDER,
            amount=amount,
            payee=row.payee_name,
            account=row.payee_account,
            subject=row.ref,
            actor=actor,
            payer_id=owner_id,
        )
        row.approval_id = asked.id
        session().flush()
    return queries.view(row)


def _check_days(rhythm: Rhythm) -> None:
    last = clock.today() + timedelta(days=queries.terms().ahead_days)
    if not clock.today() < rhythm.first_on <= last:
        wanted = Message(N_("Choose a day from tomorrow to %(last)s."), {"last": last})
        raise FirstDayGone({"first_on": wanted})
    if rhythm.last_on is not None and rhythm.last_on < rhythm.first_on:
        raise LastDayEarly({"last_on": Message(LastDayEarly.message)})


def approved(approval: Approval, actor: Actor) -> None:
    """Let a standing order run, in the transaction of the customer's yes."""
    row = _locked(StandingOrder.ref == approval.subject, approval.payer_id)
    if row.state != State.AWAITING_APPROVAL:
        raise OrderOver
    approvals.redeem(
        approval_id=row.approval_id,
        act=Act.STANDING_ORDER,
        amount=Money(row.amount_minor, row.currency),
        payee=row.payee_name,
        account=row.payee_account,
        actor=actor,
    )
    _turn(row, State.ACTIVE)


@command("banking.standing.pause")
def pause(*, ref: str, owner_id: UUID, actor: Actor) -> None:
    """Let a standing order rest. Events: StandingOrderChanged. Raises: OrderUnknown, OrderOver."""
    row = _locked(StandingOrder.ref == ref, owner_id)
    if row.state not in {State.ACTIVE, State.PAUSED}:
        raise OrderOver
    if row.state == State.ACTIVE:
        row.tries, row.retry_at = 0, None
        _turn(row, State.PAUSED)


@command("banking.standing.resume")
def resume(*, ref: str, owner_id: UUID, actor: Actor) -> None:
    """Let a resting order run again; what fell into the rest is not paid later.

    Events: StandingOrderChanged. Raises: OrderUnknown, OrderOver.
    """
    row = _locked(StandingOrder.ref == ref, owner_id)
    if row.state not in {State.ACTIVE, State.PAUSED}:
        raise OrderOver
    if row.state == State.PAUSED:
        row.number = rules.first_after(
            row.first_on, Cadence(row.cadence), row.number, clock.today()
        )
        _turn(row, State.ACTIVE)
        _aim(row)


@command("banking.standing.end")
def end(*, ref: str, owner_id: UUID, actor: Actor) -> None:
    """End a standing order for good. Events: StandingOrderChanged. Raises: OrderUnknown."""
    row = _locked(StandingOrder.ref == ref, owner_id)
    if row.state == State.AWAITING_APPROVAL and row.approval_id is not None:
        approvals.withdraw(approval_id=row.approval_id, actor=actor)
    if row.state != State.ENDED:
        row.next_on = row.retry_at = None
        _turn(row, State.ENDED)


@command("banking.standing.run_due")
def run_due(*, order_id: UUID, actor: Actor) -> Result | None:
    """Pay the next period of a standing order if it is due; None when it is not, or waits.

    All in one commit: never half, never twice. What cannot be paid or comes too late is told. What
    the wallet cannot pay is tried again; after the last try the period is missed.
    Locks: the standing order, then as transfers.pay_series.
    Events: StandingRunNotPaid, StandingOrderChanged when it was the last one.
    """
    row = (
        session()
        .scalars(select(StandingOrder).where(StandingOrder.id == order_id).with_for_update())
        .one()
    )
    now, terms = clock.now(), queries.terms()
    today = rules.business_date(now, terms)
    if row.state != State.ACTIVE or row.next_on is None or row.next_on > today:
        return None
    if row.retry_at is not None and now < row.retry_at:
        return None
    due_on, cadence = row.next_on, Cadence(row.cadence)
    period = rules.period_key(rules.nominal(row.first_on, cadence, row.number), cadence)
    if rules.is_late(due_on, today, terms):
        reason = InsufficientFunds.code if row.tries else ""
        result, ref = Result.MISSED, None
    else:
        result, reason, ref = _paid(row, period, actor)
    if reason == InsufficientFunds.code and result is Result.FAILED:
        if _wait(row, terms):
            return None
        result = Result.MISSED
    session().add(
        StandingRun(
            order_id=row.id,
            period=period,
            due_on=due_on,
            result=result,
            reason=reason,
            transfer_ref=ref,
            at=clock.now(),
        )
    )
    if result is not Result.PAID:
        publish(StandingRunNotPaid(order_id=row.id, due_on=due_on, result=result, reason=reason))
    row.number, row.tries, row.retry_at = row.number + 1, 0, None
    _aim(row)
    session().flush()
    return result


def _wait(row: StandingOrder, terms: Terms) -> bool:
    """Let a payment that the wallet cannot make wait for its next try, if it has one left."""
    row.tries += 1
    row.retry_at = rules.next_try(row.tries, clock.now(), terms)
    if row.retry_at is None:
        return False
    assert row.next_on is not None, "what waits was due"
    session().flush()
    publish(
        StandingRunNotPaid(
            order_id=row.id,
            due_on=row.next_on,
            result="waiting",
            reason=InsufficientFunds.code,
            retry_at=row.retry_at,
        )
    )
    return True


def _paid(row: StandingOrder, period: str, actor: Actor) -> tuple[Result, str, str | None]:
    assert row.approval_id is not None, "an active order was approved"
    try:
        with savepoint():
            sent = transfer_service.pay_series(
                key=derived_id(row.id, period),
                owner_id=row.owner_id,
                series_approval=row.approval_id,
                account=target(row.account),
                name=row.payee_name,
                actor=actor,
                given=Given(
                    amount=Money(row.amount_minor, row.currency),
                    reference=row.remittance,
                    series_id=row.id,
                    person_id=row.person_id,
                ),
            )
    except (RuleBroken, LimitExceeded, NotFound) as refusal:
        return Result.FAILED, refusal.code, None
    return Result.PAID, "", sent.ref


def _aim(row: StandingOrder) -> None:
    """Set the day of the next payment, or end the order after its last."""
    on = rules.nominal(row.first_on, Cadence(row.cadence), row.number)
    if row.last_on is not None and on > row.last_on:
        row.next_on = None
        _turn(row, State.ENDED)
        return
    row.next_on = queries.moved(on, currency=row.currency, is_internal=row.is_internal)


def _turn(row: StandingOrder, state: State) -> None:
    row.state = state
    session().flush()
    publish(StandingOrderChanged(order_id=row.id, state=state.value))


def _locked(which: object, owner_id: UUID) -> StandingOrder:
    query = select(StandingOrder).where(which, StandingOrder.owner_id == owner_id)  # type: ignore[arg-type]
    row = session().scalars(query.with_for_update()).one_or_none()
    if row is None:
        raise OrderUnknown
    return row


approvals.register_executor(
    act=Act.STANDING_ORDER, execute=approved, page=ResultPage("pay.standing_order", "ref")
)
