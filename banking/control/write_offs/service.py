"""Commands on losses: one person proposes, another one confirms, and only then anything happens.

The dispute's row, or the account of a vendor's debt, is locked first, then the proposal, so that
two hands at once meet one after the other; the table refuses one person twice whatever the code
says.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from banking.cards.disputes import queries as disputes
from banking.cards.disputes import service as dispute_service
from banking.cards.disputes.errors import DebtChanged, DisputeUndecided, EvidenceClosed
from banking.control.write_offs import queries, rules
from banking.control.write_offs.errors import (
    LossProposedAlready,
    LossUnknown,
    NothingOwed,
    SalesComing,
)
from banking.control.write_offs.models import Loss
from banking.control.write_offs.queries import LossView
from banking.control.write_offs.rules import Kind, State
from banking.core.ledger import queries as ledger_queries
from banking.core.ledger import service as ledger
from banking.core.ledger.service import AccountKind, AccountRef, JournalView, Leg
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.four_eyes import check_second_person
from kernel.ids import derived_id, new_id, public_ref
from kernel.money import Money


@command("banking.write_offs.propose")
def propose(*, dispute_id: UUID, kind: Kind, note: str, actor: Actor) -> LossView:
    """Propose that the house bears what a dispute cost; nothing moves yet. Locks: the dispute.

    Raises: DisputeUnknown, DisputeUndecided, EvidenceClosed, LossProposedAlready.
    """
    person_id = actor.somebody()
    dispute = dispute_service.locked(dispute_id=dispute_id, actor=actor)
    if kind is Kind.WRITE_OFF and not disputes.can_be_written_off(dispute):
        raise DisputeUndecided
    if kind is Kind.GIVE_UP and not dispute.takes_evidence:
        raise EvidenceClosed
    if queries.open_loss(dispute_id=dispute_id) is not None:
        raise LossProposedAlready
    amount = dispute.owed if kind is Kind.WRITE_OFF else dispute.amount
    loss = Loss(
        id=new_id(),
        ref=public_ref("LS"),
        dispute_id=dispute_id,
        kind=kind,
        amount_minor=amount.minor,
        currency=amount.currency,
        note=note,
        state=State.PROPOSED,
        maker_id=person_id,
        proposed_at=clock.now(),
    )
    session().add(loss)
    session().flush()
    return queries.view(loss)


@command("banking.write_offs.propose_for_vendor")
def propose_for_vendor(*, vendor_id: UUID, currency: str, note: str, actor: Actor) -> LossView:
    """Propose that the house bears what a vendor owes; nothing moves yet. Locks: the debt.

    Raises: NotFound, NothingOwed, SalesComing, LossProposedAlready.
    """
    person_id = actor.somebody()
    owed = _locked_debt(vendor_id, currency, actor)
    if queries.open_vendor_loss(vendor_id, currency) is not None:
        raise LossProposedAlready
    loss = Loss(
        id=new_id(),
        ref=public_ref("LS"),
        vendor_id=vendor_id,
        kind=Kind.WRITE_OFF,
        amount_minor=owed.minor,
        currency=currency,
        note=note,
        state=State.PROPOSED,
        maker_id=person_id,
        proposed_at=clock.now(),
    )
    session().add(loss)
    session().flush()
    return queries.view(loss)


@command("banking.write_offs.confirm")
def confirm(*, loss_ref: str, actor: Actor) -> LossView:
    """Let the house bear it, as somebody else proposed. Locks: the dispute, the proposal.

    Events: DisputeGivenUp when a dispute is given up.
    Raises: LossUnknown, LossClosed, OwnProposal, DisputeUndecided, DebtChanged, EvidenceClosed,
    SalesComing.
    """
    loss = _locked(loss_ref, actor)
    check_second_person(maker=loss.maker_id, checker=actor.person_id)
    if loss.dispute_id is None:
        loss.journal_id = _write_off_vendor(loss, actor).id
    elif loss.kind == Kind.WRITE_OFF:
        loss.journal_id = dispute_service.write_off(
            dispute_id=loss.dispute_id,
            amount=Money(loss.amount_minor, loss.currency),
            key=derived_id(loss.id, "written off"),
            actor=actor,
        ).id
    else:
        dispute_service.give_up(dispute_id=loss.dispute_id, actor=actor)
    return _closed(loss, State.CONFIRMED, actor)


@command("banking.write_offs.send_back")
def send_back(*, loss_ref: str, actor: Actor) -> LossView:
    """End a proposal without a loss: by somebody else, or taken back. Locks: as confirm.

    Raises: LossUnknown, LossClosed.
    """
    return _closed(_locked(loss_ref, actor), State.RETURNED, actor)


def _locked_debt(vendor_id: UUID, currency: str, actor: Actor) -> Money:
    """Return what a vendor owes, as it stays until the command ends."""
    ledger.lock(account_ids=_debt_ids(vendor_id, currency), actor=actor)
    debt = queries.vendor_debt(vendor_id, currency)
    if not debt.owed:
        raise NothingOwed
    if debt.under_way:
        raise SalesComing
    return debt.owed


def _debt_ids(vendor_id: UUID | None, currency: str) -> list[int]:
    debt = AccountRef(AccountKind.VENDOR_DEBT, str(vendor_id), currency)
    return [one.account_id for one in ledger_queries.balances(accounts=[debt]).values()]


def _write_off_vendor(found: Loss, actor: Actor) -> JournalView:
    """Take what a vendor owes as a loss; it stays claimed, and what sales bring later pays it."""
    assert found.vendor_id is not None, "a table's constraint"
    amount = Money(found.amount_minor, found.currency)
    if _locked_debt(found.vendor_id, found.currency, actor) != amount:
        raise DebtChanged
    debt, lost = (
        AccountRef(kind, str(found.vendor_id), found.currency)
        for kind in (AccountKind.VENDOR_DEBT, AccountKind.WRITTEN_OFF)
    )
    return ledger.post(
        key=derived_id(found.id, "written off"),
        kind="vendor_debt_written_off",
        actor=actor,
        legs=[Leg(debt, amount), Leg(lost, -amount)],
        subject=found.ref,
    )


def _closed(found: Loss, state: State, actor: Actor) -> LossView:
    found.state, found.checker_id, found.closed_at = state, actor.person_id, clock.now()
    session().flush()
    return queries.view(found)


def _locked(ref: str, actor: Actor) -> Loss:
    """Return a proposal that waits, under its dispute's lock. Raises: LossUnknown, LossClosed."""
    query = select(Loss).where(Loss.ref == ref)
    known = session().execute(query).scalar_one_or_none()
    if known is None:
        raise LossUnknown
    if known.dispute_id is not None:
        dispute_service.locked(dispute_id=known.dispute_id, actor=actor)
    else:
        ledger.lock(account_ids=_debt_ids(known.vendor_id, known.currency), actor=actor)
    again = query.with_for_update().execution_options(populate_existing=True)
    loss = session().execute(again).scalar_one()
    rules.check_waiting(State(loss.state))
    return loss
