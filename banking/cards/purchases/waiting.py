"""Commands on money that a card did not take: its owner tries the card again, or takes a wallet."""

from __future__ import annotations

import secrets
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from banking.accounts.wallets import service as wallets
from banking.cards.card_refunds import queries as refund_queries
from banking.cards.card_refunds import service as refunds
from banking.cards.card_refunds.queries import RefundView
from banking.cards.card_topups import queries as payment_queries
from banking.cards.card_topups import service as payments
from banking.cards.card_topups.queries import clearing
from banking.cards.disputes import queries as dispute_queries
from banking.cards.disputes import service as disputes
from banking.cards.purchases import queries, rules
from banking.cards.purchases.errors import CardTakesNoMore, PurchaseCreditOver
from banking.cards.purchases.events import PurchaseCreditChanged
from banking.cards.purchases.models import PurchaseCredit
from banking.cards.purchases.rules import CreditState, Why
from banking.core.ledger import service as ledger
from banking.core.ledger.service import AccountKind, AccountRef, Leg
from kernel import clock
from kernel.actor import SYSTEM, Actor
from kernel.db import command, session
from kernel.events import publish
from kernel.ids import derived_id, public_ref
from kernel.money import Money


@command("banking.purchases.keep_waiting")
def keep_waiting(
    *, credit_id: UUID, payment_id: UUID, amount: Money, subject: str, why: Why, actor: Actor
) -> None:
    """Note money that a card does not take, once for an id. Events: PurchaseCreditChanged."""
    stored = session().execute(
        insert(PurchaseCredit)
        .values(
            id=credit_id,
            ref=public_ref("PB"),
            payment_id=payment_id,
            amount_minor=amount.minor,
            currency=amount.currency,
            subject=subject,
            why=why,
            state=CreditState.WAITING,
            arrived_at=clock.now(),
        )
        .on_conflict_do_nothing(index_elements=["id"])
        .returning(PurchaseCredit.id)
    )
    if stored.one_or_none() is not None:
        publish(PurchaseCreditChanged(credit_id=credit_id, state=CreditState.WAITING))


@command("banking.purchases.new_link")
def new_link(*, credit_id: UUID, actor: Actor) -> str:
    """Return the token of a new link for a letter; the one before is over. Locks: the payment."""
    row, token = _locked(credit_id), secrets.token_urlsafe(32)
    row.token_digest, row.letters = rules.digest(token), row.letters + 1
    row.link_until = clock.now() + queries.terms().link_lasts
    session().flush()
    return token


@command("banking.purchases.remind")
def remind(*, credit_id: UUID, actor: Actor) -> None:
    """Let a new letter be written about money that waits still once the link before is over.

    Locks: the payment. Events: PurchaseCreditChanged.
    """
    row, terms = _locked(credit_id), queries.terms()
    is_over = row.link_until is not None and row.link_until <= clock.now()
    if row.state == CreditState.WAITING and is_over and row.letters < terms.letters:
        # The letter makes the link itself; until then nobody is reminded once more.
        row.link_until = clock.now() + terms.link_lasts
        session().flush()
        publish(PurchaseCreditChanged(credit_id=row.id, state=row.state))


@command("banking.purchases.try_card_again")
def try_card_again(*, credit_id: UUID, actor: Actor) -> None:
    """Send money to its card once more; what is on its way already stays as it is.

    Locks: the payment, then its clearing account. Events: RefundAsked, PurchaseCreditChanged.
    Raises: PurchaseCreditOver, CardTakesNoMore.
    """
    row = _locked(credit_id)
    if row.state == CreditState.TO_CARD:
        return
    _check_waits(row)
    if not _goes_to_card(row, actor):
        raise CardTakesNoMore


@command("banking.purchases.take_into_wallet")
def take_into_wallet(*, credit_id: UUID, actor: Actor) -> None:
    """Bring money that a card did not take into a wallet of who is signed in, opened if need be.

    Who has the link of the letter is who paid; the account is theirs to choose.
    Locks: the payment, then its clearing account and the wallet's, in id order.
    Events: WalletOpened, PurchaseCreditChanged.
    Raises: NotSignedIn, PurchaseCreditOver, CurrencyNotOffered, AccountFrozen, as open_wallet.
    """
    row = _locked(credit_id)
    if row.state == CreditState.TO_WALLET:
        return
    _check_waits(row)
    wallet = wallets.open_wallet(
        owner_id=actor.somebody(), owner_kind="person", currency=row.currency, actor=actor
    )
    _move(row, wallet.account, "purchase_credit_taken", actor)
    _end(row, CreditState.TO_WALLET)


@command("banking.purchases.end_dispute")
def end_dispute(*, payment_id: UUID, actor: Actor) -> None:
    """Send on what waited for the decision about a disputed payment that took nothing.

    Locks: the payment. Events: RefundAsked, PurchaseCreditChanged.
    """
    payments.locked_payment(payment_id=payment_id, actor=actor)
    for row in _disputed(payment_id):
        row.why = Why.NOT_TAKEN
        if not _goes_to_card(row, actor):
            _tell(row)


@command("banking.purchases.keep_returned")
def keep_returned(*, refund_id: UUID, actor: Actor) -> None:
    """Note what its card did not take, once.

    While a dispute is open its bank decides first. What a lost dispute cost the house is made good
    before: the card's bank gave its holder that money already.
    Locks: the payment, then its clearing account. Events: PurchaseCreditChanged.
    """
    refund = refund_queries.refund(refund_id=refund_id)
    payment = payments.locked_payment(payment_id=refund.payment_id, actor=actor)
    ids = [derived_id(refund_id, role) for role in ("waits", "made good")]
    if any(session().get(PurchaseCredit, one) is not None for one in ids):
        return
    rest = refund.amount
    why = queries.dispute_of(payment) or Why.NOT_TAKEN
    if payment.disputed and why is not Why.DISPUTED:
        rest -= _make_good(refund, actor)
    if rest:
        keep_waiting(
            credit_id=derived_id(refund_id, "waits"),
            payment_id=refund.payment_id,
            amount=rest,
            subject=refund.ref,
            why=why,
            actor=actor,
        )


def _make_good(refund: RefundView, actor: Actor) -> Money:
    """Let the house have what it lost by disputes of the payment, out of money that came back."""
    paid = Money.zero(refund.amount.currency)
    for dispute in dispute_queries.disputes_of(payment_id=refund.payment_id):
        part = min(dispute.house_loss, refund.amount - paid)
        if part:
            _post(
                refund.payment_id,
                AccountRef.house(AccountKind.PLATFORM_LOSS, part.currency),
                part,
                key=derived_id(refund.id, f"made good:{dispute.ref}"),
                kind="dispute_loss_made_good",
                subject=dispute.ref,
                actor=actor,
            )
            disputes.note_borne(dispute_id=dispute.id, house_loss=-part, actor=actor)
            paid += part
    if paid:
        keep_waiting(
            credit_id=derived_id(refund.id, "made good"),
            payment_id=refund.payment_id,
            amount=paid,
            subject=refund.ref,
            why=Why.DISPUTED,
            actor=actor,
        )
        _end(
            session().get_one(PurchaseCredit, derived_id(refund.id, "made good")),
            CreditState.TAKEN,
        )
    return paid


def take_disputed(*, payment_id: UUID, most: Money, to: AccountRef, actor: Actor) -> Money:
    """Let a lost dispute have what waited in clearing for its card; return how much that was.

    Joins the command that calls, with the payment locked. Events: PurchaseCreditChanged.
    """
    taken = Money.zero(most.currency)
    for row in _disputed(payment_id):
        part = Money(min(row.amount_minor, (most - taken).minor), row.currency)
        rest = row.amount_minor - part.minor
        if rest:
            _set_apart(row, rest, is_all=not part)
        if part:
            _move(row, to, "purchase_credit_disputed", actor)
            _end(row, CreditState.TAKEN)
            taken += part
    return taken


def _set_apart(row: PurchaseCredit, rest: int, *, is_all: bool) -> None:
    """Let what a dispute leaves of money that waits be its owner's to choose for."""
    if is_all:
        row.why = Why.NOT_TAKEN
        _tell(row)
        return
    row.amount_minor -= rest
    session().flush()
    keep_waiting(
        credit_id=derived_id(row.id, "rest"),
        payment_id=row.payment_id,
        amount=Money(rest, row.currency),
        subject=row.subject,
        why=Why.NOT_TAKEN,
        actor=SYSTEM,
    )


def _goes_to_card(row: PurchaseCredit, actor: Actor) -> bool:
    """Send money to its card where the card takes all of it; whether it does."""
    payment = payments.locked_payment(payment_id=row.payment_id, actor=actor)
    assert payment.captured_at is not None, "what comes back was paid"
    amount = Money(row.amount_minor, row.currency)
    taken, _ = rules.shared_out(
        amount,
        left=payment.left,
        disputed=queries.dispute_of(payment),
        captured_at=payment.captured_at,
        now=clock.now(),
        days=payment_queries.refund_days(),
    )
    if taken != amount:
        return False
    refunds.refund_purchase(
        payment_id=row.payment_id, amount=amount, key=derived_id(row.id, "to card"), actor=actor
    )
    _end(row, CreditState.TO_CARD)
    return True


def _disputed(payment_id: UUID) -> list[PurchaseCredit]:
    query = (
        select(PurchaseCredit)
        .where(
            PurchaseCredit.payment_id == payment_id,
            PurchaseCredit.state == CreditState.WAITING,
            PurchaseCredit.why == Why.DISPUTED,
        )
        .order_by(PurchaseCredit.arrived_at, PurchaseCredit.id)
    )
    return list(session().scalars(query))


def _move(row: PurchaseCredit, to: AccountRef, kind: str, actor: Actor) -> None:
    amount = Money(row.amount_minor, row.currency)
    key = derived_id(row.id, kind)
    _post(row.payment_id, to, amount, key=key, kind=kind, subject=row.ref, actor=actor)


def _post(
    payment_id: UUID,
    to: AccountRef,
    amount: Money,
    *,
    key: UUID,
    kind: str,
    subject: str,
    actor: Actor,
) -> None:
    legs = [Leg(clearing(payment_id, amount.currency), -amount), Leg(to, amount)]
    ledger.post(key=key, kind=kind, legs=legs, subject=subject, actor=actor)


def _end(row: PurchaseCredit, state: CreditState) -> None:
    row.state, row.ended_at = state, clock.now()
    _tell(row)


def _tell(row: PurchaseCredit) -> None:
    session().flush()
    publish(PurchaseCreditChanged(credit_id=row.id, state=row.state))


def _check_waits(row: PurchaseCredit) -> None:
    if row.state != CreditState.WAITING or row.why == Why.DISPUTED:
        raise PurchaseCreditOver


def _locked(credit_id: UUID) -> PurchaseCredit:
    """Return money that waits, under the lock of its payment, as whatever moves it."""
    row = session().get_one(PurchaseCredit, credit_id)
    payments.locked_payment(payment_id=row.payment_id, actor=SYSTEM)
    session().refresh(row)
    return row
