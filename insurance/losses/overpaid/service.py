"""Commands on losses that were paid twice: open, answer, give back, drop.

No wallet is debited without its holder's own press; a case is locked before anything is read of it.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from banking import api as bank
from insurance.contracts.policies import service as policy_service
from insurance.losses.claims import paying
from insurance.losses.claims import queries as claims
from insurance.losses.claims.queries import ClaimState, ClaimView
from insurance.losses.overpaid import queries, rules
from insurance.losses.overpaid.errors import (
    DropNotProposed,
    MoreThanIndemnity,
    OverpaymentNotDue,
    OverpaymentUnknown,
    ReturningWalletMissing,
)
from insurance.losses.overpaid.events import OverpaymentDropped, OverpaymentReturned, PaidTwice
from insurance.losses.overpaid.models import Overpayment
from insurance.losses.overpaid.queries import CaseView
from insurance.losses.overpaid.rules import CameFrom, OverpaidState
from insurance.money.books import returned as books
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.events import publish
from kernel.four_eyes import check_second_person
from kernel.ids import derived_id, public_ref
from kernel.money import Money


@command("insurance.overpaid.money_came")
def money_came(
    *, order_ref: str, came_from: CameFrom, amount: Money, cause_id: UUID, actor: Actor
) -> None:
    """Open a case for each claim of an order that money which came now pays a second time.

    Only decided claims are asked; one that is not decided yet leaves the money out as ever. Told
    twice it is one case. Locks: the policy. Events: PaidTwice.
    """
    left = amount
    for policy_id in queries.paid_policies_of(order_ref):
        policy_service.locked(policy_id=policy_id)  # claims and refunds of a parcel wait here
        for claim in queries.indemnified_under(policy_id):
            most = min(queries.too_much_of(claim, order_ref=order_ref), left)
            if most:
                left -= most
                _open(claim, came_from, amount, most, cause_id, "", actor)


@command("insurance.overpaid.open_known")
def open_known(
    *, claim_id: UUID, came_from: CameFrom, amount: Money, words: str, actor: Actor
) -> None:
    """Open a case for money of which an officer has a paper; said twice it is one.

    Shape: words name the paper. Locks: the policy. Events: PaidTwice.
    Raises: OwnInterest, OverpaymentNotDue before the claim is paid, MoreThanIndemnity.
    """
    claim = claims.claim(claim_id=claim_id)
    claims.check_interest(holder_id=claim.policyholder_id, officer=actor)
    policy_service.locked(policy_id=claim.policy_id)
    cause_id = derived_id(claim_id, f"{amount}:{words}")
    if queries.is_known(claim_id, came_from, cause_id):
        return
    if claim.state is not ClaimState.PAID or not queries.is_asked_back(claim):
        raise OverpaymentNotDue
    most = queries.left_of_indemnity(claim)
    if amount > most:
        raise MoreThanIndemnity(most=most)
    _open(claim, came_from, amount, amount, cause_id, words, actor)


@command("insurance.overpaid.ask_once_paid")
def ask_once_paid(*, claim_id: UUID, actor: Actor) -> None:
    """Ask for what came between the decision and the payment of a claim. Events: PaidTwice.

    Locks: the cases of the claim.
    """
    waiting = select(Overpayment).where(
        Overpayment.claim_id == claim_id, Overpayment.state == OverpaidState.WAITING
    )
    for row in session().scalars(waiting.order_by(Overpayment.id).with_for_update()).all():
        row.state = OverpaidState.OPEN
        session().flush()
        _tell(row)


@command("insurance.overpaid.give_back")
def give_back(*, ref: str, actor: Actor) -> CaseView:
    """Give back what was paid twice, or ask for the approval that the payment needs first.

    Locks: the case, low payments of the person, the wallet's account. Events: OverpaymentReturned.
    Raises: OverpaymentUnknown, OverpaymentSettled, OverpaymentNotDue, ReturningWalletMissing,
    InsufficientFunds, ReducedLimit, AccountFrozen.
    """
    row = _own(ref, actor)
    rules.check_give_back(OverpaidState(row.state))
    _wallet(row)
    approval = _approval(row, actor)
    if approval.is_given:
        _return(row, approval, actor)
    return queries.view(row)


def approved(approval: bank.Approval, actor: Actor) -> None:
    """Do what was approved, in the transaction of the yes. Raises: as `give_back`."""
    row = _own(approval.subject, actor)
    rules.check_give_back(OverpaidState(row.state))
    _return(row, approval, actor)


@command("insurance.overpaid.answer")
def answer(*, ref: str, words: str, actor: Actor) -> None:
    """Say why the money is not given back; underwriters read it and the case stays open.

    Locks: the case. Raises: OverpaymentUnknown, OverpaymentSettled.
    """
    row = _own(ref, actor)
    rules.check_unsettled(OverpaidState(row.state))
    row.reply = words
    _note(row, "overpaid_answered", {"words": words}, actor)


@command("insurance.overpaid.propose_drop")
def propose_drop(*, ref: str, reason: str, actor: Actor) -> None:
    """Propose to ask for nothing any more; a second underwriter confirms it.

    Locks: the case. Raises: OverpaymentUnknown, OverpaymentSettled, OwnInterest.
    """
    row = _others(ref, actor)
    row.proposal = {"reason": reason, "maker_id": str(actor.somebody())}
    _note(row, "overpaid_drop_proposed", {"reason": reason}, actor)


@command("insurance.overpaid.confirm_drop")
def confirm_drop(*, ref: str, actor: Actor) -> None:
    """Drop a case that a colleague proposed to drop; its holder keeps the money.

    Locks: the case. Events: OverpaymentDropped.
    Raises: as propose_drop, DropNotProposed, OwnProposal.
    """
    row = _proposed(ref, actor)
    assert row.proposal is not None
    reason = row.proposal["reason"]
    row.state, row.closed_at = OverpaidState.DROPPED, clock.now()
    _note(row, "overpaid_dropped", {"reason": reason}, actor)
    publish(
        OverpaymentDropped(
            ref=row.ref,
            claim_ref=claims.claim(claim_id=row.claim_id).ref,
            policyholder_id=row.policyholder_id,
            reason=reason,
        )
    )


@command("insurance.overpaid.keep_open")
def keep_open(*, ref: str, actor: Actor) -> None:
    """Refuse a colleague's proposal to drop a case. Locks: the case. Raises: as confirm_drop."""
    row = _proposed(ref, actor)
    row.proposal = None
    _note(row, "overpaid_kept_open", {}, actor)


def _open(
    claim: ClaimView,
    came_from: CameFrom,
    came: Money,
    amount: Money,
    cause_id: UUID,
    words: str,
    actor: Actor,
) -> None:
    state = OverpaidState.OPEN if claim.state is ClaimState.PAID else OverpaidState.WAITING
    wanted = insert(Overpayment).values(
        id=derived_id(claim.id, f"overpaid:{came_from.value}:{cause_id}"),
        ref=public_ref("PT"),
        claim_id=claim.id,
        policyholder_id=claim.policyholder_id,
        came_from=came_from.value,
        cause_id=cause_id,
        state=state.value,
        currency=claim.currency,
        came=came.minor,
        amount=amount.minor,
        words=words,
        opened_at=clock.now(),
    )
    row = session().scalar(wanted.on_conflict_do_nothing().returning(Overpayment))
    if row is None:
        return
    _note(row, "overpaid", {"by": row.came_from, "minor": row.amount}, actor)
    if state is OverpaidState.OPEN:
        _tell(row)


def _tell(row: Overpayment) -> None:
    publish(
        PaidTwice(
            ref=row.ref,
            claim_ref=claims.claim(claim_id=row.claim_id).ref,
            policyholder_id=row.policyholder_id,
            came_from=row.came_from,
            amount=Money(row.amount, row.currency),
        )
    )


def _approval(row: Overpayment, actor: Actor) -> bank.Approval:
    """Return the question that stands for this case, else ask; given where nobody need be."""
    if row.approval_id is not None:
        asked = bank.approval_of(approval_id=row.approval_id)
        if asked.is_open(clock.now()):
            return asked
    approval = bank.ask_approval(
        person_id=row.policyholder_id,
        act=bank.Act.INDEMNITY_BACK,
        amount=Money(row.amount, row.currency),
        payee=queries.policy_of(row).insurer,
        account=row.ref,
        subject=row.ref,
        actor=actor,
    )
    row.approval_id = approval.id
    session().flush()
    return approval


def _return(row: Overpayment, approval: bank.Approval, actor: Actor) -> None:
    policy, claim = queries.policy_of(row), claims.claim(claim_id=row.claim_id)
    amount, wallet = Money(row.amount, row.currency), _wallet(row)
    bank.redeem_approval(
        approval_id=approval.id,
        act=bank.Act.INDEMNITY_BACK,
        amount=amount,
        payee=policy.insurer,
        account=row.ref,
        actor=actor,
    )
    books.overpayment_returned(
        case_id=row.id,
        subject=claim.ref,
        amount=amount,
        insurer_key=policy.insurer_key,
        wallet_id=wallet.id,
        actor=actor,
    )
    row.state, row.closed_at, row.proposal = OverpaidState.RETURNED, clock.now(), None
    _note(row, "overpaid_returned", {"minor": row.amount}, actor)
    publish(
        OverpaymentReturned(
            ref=row.ref,
            claim_ref=claim.ref,
            policyholder_id=row.policyholder_id,
            amount=amount,
        )
    )


def _wallet(row: Overpayment) -> bank.WalletView:
    wallet = queries.returning_wallet(queries.policy_of(row))
    if wallet is None:
        raise ReturningWalletMissing(currency=row.currency)
    return wallet


def _note(row: Overpayment, what: str, facts: dict[str, object], actor: Actor) -> None:
    session().flush()
    paying.note_recovery(
        claim_id=row.claim_id, what=what, facts={"case": row.ref} | facts, actor=actor
    )


def _locked(ref: str) -> Overpayment:
    row = session().scalar(
        select(Overpayment)
        .where(Overpayment.ref == ref)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise OverpaymentUnknown
    return row


def _own(ref: str, actor: Actor) -> Overpayment:
    row = _locked(ref)
    if row.policyholder_id != actor.person_id:
        raise OverpaymentUnknown
    return row


def _others(ref: str, actor: Actor) -> Overpayment:
    row = _locked(ref)
    claims.check_interest(holder_id=row.policyholder_id, officer=actor)
    rules.check_unsettled(OverpaidState(row.state))
    return row


def _proposed(ref: str, actor: Actor) -> Overpayment:
    row = _others(ref, actor)
    if row.proposal is None:
        raise DropNotProposed
    check_second_person(maker=UUID(row.proposal["maker_id"]), checker=actor.person_id)
    return row


bank.register_approved(
    act=bank.Act.INDEMNITY_BACK,
    execute=approved,
    page=bank.ResultPage("overpaid.show", "ref", is_way_back=True),
)
