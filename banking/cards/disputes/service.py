"""Commands on disputes; the network is asked between them, never inside one.

The network takes disputed money at once. Meanwhile two accounts mirror each other: what the
network withholds from us (`chargeback`) and what we set aside of the customer's money
(`chargeback_reserve`). Won, both end and the customer has every unit again; lost, both end and the
money is gone. The network's fee stays ours either way. What a customer could not pay is their debt;
written off, it is the house's loss, and money that comes later makes that smaller again.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.dialects.postgresql import insert

from banking.accounts.wallets import queries as wallets
from banking.authorisation.late_credits import queries as late_queries
from banking.authorisation.late_credits import service as latecredits
from banking.cards.card_topups import queries as top_ups
from banking.cards.card_topups import service as payments
from banking.cards.card_topups.errors import CardNetworkRefused
from banking.cards.card_topups.queries import PaymentView, TopUpView
from banking.cards.card_topups.service import NetworkDispute
from banking.cards.disputes import queries, rules
from banking.cards.disputes.errors import DisputedPaymentUnknown, DisputeUnknown, EvidenceClosed
from banking.cards.disputes.events import (
    DisputeClosed,
    DisputeGivenUp,
    DisputeOpened,
    EvidenceGiven,
    PurchaseQuestioned,
)
from banking.cards.disputes.models import CardDispute
from banking.cards.disputes.queries import DisputeView
from banking.cards.disputes.rules import DisputeState
from banking.core.ledger import service as ledger
from banking.core.ledger.service import AccountKind, AccountRef, Freeze, JournalView, Leg
from kernel import clock
from kernel.actor import SYSTEM, Actor
from kernel.db import command, in_command, reading, session
from kernel.events import publish
from kernel.ids import derived_id, new_id, public_ref
from kernel.money import Money


def settle(*, dispute_ref: str, actor: Actor = SYSTEM) -> DisputeView:
    """Ask the network how a dispute stands and record the answer; as often as anybody likes.

    Raises: DisputedPaymentUnknown, CardNetworkDown, CardNetworkRefused.
    """
    assert not in_command(), "the network is not asked inside a transaction"
    return record_state(heard=payments.dispute_state(dispute_ref=dispute_ref), actor=actor)


@command("banking.disputes.record_state")
def record_state(*, heard: NetworkDispute, actor: Actor) -> DisputeView:
    """Bring a dispute to where the network has it, each of its steps once and in its order.

    Locks: the payment, the dispute, then the wallet's account.
    Events: DisputeOpened, DisputeClosed; of a purchase PurchaseQuestioned.
    Raises: DisputedPaymentUnknown.
    """
    payment = top_ups.payment_by_network_ref(payment_ref=heard.payment_ref)
    if payment is None:
        raise DisputedPaymentUnknown
    payments.locked_payment(payment_id=payment.id, actor=actor)
    dispute = _opened(heard, payment, actor)
    dispute.evidence_due_at = dispute.evidence_due_at or heard.evidence_due_at
    if heard.withdrawn is not None and dispute.withdrawn_at is None:
        _withdraw(dispute, heard.fee or Money.zero(dispute.currency), actor)
    if heard.is_reinstated and dispute.reinstated_at is None:
        _reinstate(dispute, actor)
    dispute.state = rules.advance(DisputeState(dispute.state), DisputeState(heard.said.value))
    if dispute.state in rules.CLOSED and dispute.closed_at is None:
        _close(dispute, actor)
    session().flush()
    return queries.view(dispute)


def _opened(heard: NetworkDispute, payment: PaymentView, actor: Actor) -> CardDispute:
    top_up = payment if isinstance(payment, TopUpView) else None
    made = (
        session()
        .execute(
            insert(CardDispute)
            .values(
                id=new_id(),
                ref=public_ref("CD"),
                dispute_ref=heard.ref,
                payment_id=payment.id,
                wallet_id=top_up.wallet_id if top_up else None,
                owner_id=top_up.owner_id if top_up else None,
                reason=heard.reason,
                amount_minor=heard.amount.minor,
                currency=heard.amount.currency,
                state=DisputeState.NEEDS_RESPONSE,
                opened_at=clock.now(),
            )
            .on_conflict_do_nothing(index_elements=["dispute_ref"])
            .returning(CardDispute.id)
        )
        .scalar_one_or_none()
    )
    if made is not None:
        payments.note_back(payment_id=payment.id, disputed=heard.amount, actor=actor)
    dispute = _locked(CardDispute.dispute_ref == heard.ref)
    if made is not None and top_up is not None:
        publish(DisputeOpened(dispute_id=made, owner_id=top_up.owner_id, amount=heard.amount))
    elif made is not None:
        _question(dispute, "opened")
    return dispute


def _question(dispute: CardDispute, state: str, taken: Money | None = None) -> None:
    """Tell those who keep a purchase's money, since no wallet has it."""
    amount = Money(dispute.amount_minor, dispute.currency)
    publish(
        PurchaseQuestioned(
            dispute_id=dispute.id,
            payment_id=dispute.payment_id,
            subject=top_ups.payment(payment_id=dispute.payment_id).subject,
            amount=amount,
            state=state,
            taken=taken or Money.zero(dispute.currency),
        )
    )


def _withdraw(dispute: CardDispute, fee: Money, actor: Actor) -> None:
    """Book what the network took, and set the same aside of the customer's money."""
    amount = Money(dispute.amount_minor, dispute.currency)
    _post(
        dispute,
        "card_dispute_withdrawn",
        actor,
        Leg(_house(AccountKind.CARD_RECEIVABLE, amount), amount + fee),
        Leg(_house(AccountKind.CARD_DISPUTE_FEES, amount), -fee),
        Leg(_house(AccountKind.CHARGEBACK, amount), -amount),
    )
    dispute.withdrawn_at, dispute.fee_minor = clock.now(), fee.minor
    # What paid for a purchase is with its orders, which keep it back from here on.
    if dispute.wallet_id is None:
        return
    wallet = wallets.wallet(wallet_id=dispute.wallet_id)
    ledger.lock(account_ids=[wallet.account_id], actor=actor)
    wallet = wallets.wallet(wallet_id=dispute.wallet_id)
    parts = rules.set_aside(
        amount,
        available=wallet.available,
        may_debit=not wallet.freeze & (Freeze.DEBIT | Freeze.CLOSED),
    )
    _post(
        dispute,
        "card_disputed",
        actor,
        Leg(wallet.account, -parts.wallet),
        Leg(_debt(dispute), -parts.debt),
        Leg(_house(AccountKind.CHARGEBACK_RESERVE, amount), amount),
    )
    dispute.from_wallet_minor, dispute.owed_minor = parts.wallet.minor, parts.debt.minor


def _reinstate(dispute: CardDispute, actor: Actor) -> None:
    """Book what the network gave back: first what is still owed, the rest into the wallet.

    Whoever closed the wallet meanwhile finds it beside it.
    """
    assert dispute.withdrawn_at is not None, "the network gives back what it took"
    amount = Money(dispute.amount_minor, dispute.currency)
    _post(
        dispute,
        "card_dispute_reinstated",
        actor,
        Leg(_house(AccountKind.CARD_RECEIVABLE, amount), -amount),
        Leg(_house(AccountKind.CHARGEBACK, amount), amount),
    )
    if dispute.wallet_id is None:
        _question(dispute, "won")
    else:
        _return_to_wallet(dispute, dispute.wallet_id, amount, actor)
    dispute.reinstated_at, dispute.owed_minor, dispute.written_off_minor = clock.now(), 0, 0
    payments.note_back(payment_id=dispute.payment_id, disputed=-amount, actor=actor)


def _return_to_wallet(dispute: CardDispute, wallet_id: UUID, amount: Money, actor: Actor) -> None:
    owed = Money(dispute.owed_minor, dispute.currency)
    lost = Money(dispute.written_off_minor, dispute.currency)
    to = late_queries.landing(wallet_id=wallet_id, currency=dispute.currency)
    _post(
        dispute,
        "card_dispute_won",
        actor,
        Leg(_house(AccountKind.CHARGEBACK_RESERVE, amount), -amount),
        Leg(_debt(dispute), owed),
        Leg(_written_off(dispute), lost),
        Leg(to, amount - owed - lost),
    )
    if amount > owed + lost:
        latecredits.keep(
            key=derived_id(dispute.id, "card_dispute_won"),
            wallet_id=wallet_id,
            amount=amount - owed - lost,
            subject=dispute.ref,
            actor=actor,
        )


def _close(dispute: CardDispute, actor: Actor) -> None:
    dispute.closed_at = clock.now()
    amount = Money(dispute.amount_minor, dispute.currency)
    is_won = dispute.state == DisputeState.WON
    if not is_won and dispute.withdrawn_at is not None:
        _post(
            dispute,
            "card_dispute_lost",
            actor,
            Leg(_house(AccountKind.CHARGEBACK, amount), amount),
            Leg(_house(AccountKind.CHARGEBACK_RESERVE, amount), -amount),
        )
    if is_won and dispute.withdrawn_at is None:  # an inquiry: nothing was ever taken
        payments.note_back(payment_id=dispute.payment_id, disputed=-amount, actor=actor)
    if dispute.owner_id is not None:
        publish(
            DisputeClosed(
                dispute_id=dispute.id, owner_id=dispute.owner_id, amount=amount, is_won=is_won
            )
        )
    elif not is_won:
        _question(dispute, "lost", amount if dispute.withdrawn_at is not None else None)
    elif dispute.withdrawn_at is None:  # what was withdrawn is told of once it is back
        _question(dispute, "won")


@command("banking.disputes.collect")
def collect(*, dispute_id: UUID, actor: Actor) -> Money:
    """Take what is owed for a dispute from the wallet, as far as it goes; return how much.

    Locks: the dispute, then the wallet's account. Raises: DisputeUnknown.
    """
    dispute = _locked(CardDispute.id == dispute_id)
    assert dispute.wallet_id is not None, "nobody owes anything for a purchase"
    claim = Money(dispute.owed_minor + dispute.written_off_minor, dispute.currency)
    wallet = wallets.wallet(wallet_id=dispute.wallet_id)
    ledger.lock(account_ids=[wallet.account_id], actor=actor)
    wallet = wallets.wallet(wallet_id=dispute.wallet_id)
    part = rules.set_aside(
        claim,
        available=wallet.available,
        may_debit=not wallet.freeze & (Freeze.DEBIT | Freeze.CLOSED),
    ).wallet
    if part:
        _pay(
            dispute,
            wallet.account,
            part,
            key=derived_id(dispute.id, f"owed:{claim.minor}"),
            actor=actor,
        )
    session().flush()
    return part


def _pay(dispute: CardDispute, payer: AccountRef, part: Money, *, key: UUID, actor: Actor) -> None:
    """Book a payment. What is claimed only ever shrinks, so it names this step in the key."""
    owed, late = rules.paid_parts(part, owed=Money(dispute.owed_minor, dispute.currency))
    legs = [Leg(payer, -part), Leg(_debt(dispute), owed), Leg(_written_off(dispute), late)]
    ledger.post(
        key=key,
        kind="card_debt_paid",
        legs=[leg for leg in legs if leg.amount],
        subject=dispute.ref,
        actor=actor,
    )
    dispute.owed_minor -= owed.minor
    dispute.written_off_minor -= late.minor


@command("banking.disputes.locked")
def locked(*, dispute_id: UUID, actor: Actor) -> DisputeView:
    """Return a dispute that stays as it is while the open command decides about it.

    Locks: the dispute. Raises: DisputeUnknown.
    """
    return queries.view(_locked(CardDispute.id == dispute_id))


@command("banking.disputes.note_borne")
def note_borne(*, dispute_id: UUID, house_loss: Money, actor: Actor) -> None:
    """Note that a purchase's lost dispute was brought together, and what the house bears of it.

    Less when some of that came back. Locks: the dispute. Raises: DisputeUnknown.
    """
    dispute = _locked(CardDispute.id == dispute_id)
    dispute.borne_at = dispute.borne_at or clock.now()
    dispute.house_loss_minor += house_loss.minor
    session().flush()


@command("banking.disputes.write_off")
def write_off(*, dispute_id: UUID, amount: Money, key: UUID, actor: Actor) -> JournalView:
    """Take what is owed for a lost dispute as a loss; two people agreed on it before.

    It stays claimed: what the wallet gets later pays it. Locks: the dispute.
    Raises: DisputeUnknown, DisputeUndecided, DebtChanged.
    """
    dispute = _locked(CardDispute.id == dispute_id)
    owed = Money(dispute.owed_minor, dispute.currency)
    rules.check_write_off(DisputeState(dispute.state), owed=owed, amount=amount)
    journal = ledger.post(
        key=key,
        kind="debt_written_off",
        subject=dispute.ref,
        actor=actor,
        legs=[Leg(_debt(dispute), amount), Leg(_written_off(dispute), -amount)],
    )
    dispute.owed_minor -= amount.minor
    dispute.written_off_minor += amount.minor
    session().flush()
    return journal


@command("banking.disputes.give_up")
def give_up(*, dispute_id: UUID, actor: Actor) -> DisputeView:
    """Leave a dispute to the cardholder without evidence; two people agreed on it before.

    Locks: the dispute. Events: DisputeGivenUp. Raises: DisputeUnknown, EvidenceClosed.
    """
    dispute = _locked(CardDispute.id == dispute_id)
    if not queries.view(dispute).takes_evidence:
        raise EvidenceClosed
    dispute.given_up_at = clock.now()
    publish(DisputeGivenUp(dispute_id=dispute_id))
    session().flush()
    return queries.view(dispute)


def tell_given_up(*, dispute_id: UUID, actor: Actor = SYSTEM) -> DisputeView:
    """Bring the network word that a dispute is given up, and record where it stands then.

    Raises: DisputeUnknown, CardNetworkDown, CardNetworkRefused.
    """
    assert not in_command(), "the network is not asked inside a transaction"
    with reading():
        dispute = queries.dispute(dispute_id=dispute_id)
    try:
        heard = payments.give_up(
            dispute_ref=dispute.dispute_ref, key=derived_id(dispute_id, "given up")
        )
    except CardNetworkRefused:  # it is closed already, by this very word perhaps
        heard = payments.dispute_state(dispute_ref=dispute.dispute_ref)
    return record_state(heard=heard, actor=actor)


@command("banking.disputes.give_evidence")
def give_evidence(*, dispute_id: UUID, words: str, actor: Actor) -> DisputeView:
    """Write down what speaks for us, once; it is sent at once and cannot be changed.

    Locks: the dispute. Events: EvidenceGiven. Raises: DisputeUnknown, EvidenceClosed.
    """
    dispute = _locked(CardDispute.id == dispute_id)
    if dispute.evidence == words:
        return queries.view(dispute)
    is_answered = dispute.evidence or dispute.given_up_at
    rules.check_evidence(
        DisputeState.UNDER_REVIEW if is_answered else DisputeState(dispute.state),
        due_at=dispute.evidence_due_at,
        now=clock.now(),
    )
    dispute.evidence, dispute.evidence_at = words, clock.now()
    publish(EvidenceGiven(dispute_id=dispute_id))
    session().flush()
    return queries.view(dispute)


def send_evidence(*, dispute_id: UUID, actor: Actor = SYSTEM) -> DisputeView:
    """Bring the evidence to the network, however often asked, and record where it stands then.

    Raises: DisputeUnknown, CardNetworkDown, CardNetworkRefused.
    """
    assert not in_command(), "the network is not asked inside a transaction"
    with reading():
        dispute = queries.dispute(dispute_id=dispute_id)
    heard = payments.send_evidence(
        dispute_ref=dispute.dispute_ref,
        words=dispute.evidence,
        key=derived_id(dispute_id, "evidence"),
    )
    return record_state(heard=heard, actor=actor)


def _post(dispute: CardDispute, kind: str, actor: Actor, *legs: Leg) -> None:
    ledger.post(
        key=derived_id(dispute.id, kind),
        kind=kind,
        subject=dispute.ref,
        actor=actor,
        legs=[leg for leg in legs if leg.amount],
    )


def _house(kind: AccountKind, amount: Money) -> AccountRef:
    return AccountRef.house(kind, amount.currency)


def _debt(dispute: CardDispute) -> AccountRef:
    return AccountRef(AccountKind.CUSTOMER_DEBT, dispute.ref, dispute.currency)


def _written_off(dispute: CardDispute) -> AccountRef:
    return AccountRef(AccountKind.WRITTEN_OFF, dispute.ref, dispute.currency)


def _locked(condition: ColumnElement[bool]) -> CardDispute:
    query = select(CardDispute).where(condition).with_for_update()
    dispute = (
        session().execute(query.execution_options(populate_existing=True)).scalar_one_or_none()
    )
    if dispute is None:
        raise DisputeUnknown
    return dispute
