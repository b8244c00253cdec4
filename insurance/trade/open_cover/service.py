"""Ask for an open cover, sign its terms, and accept them with a deposit."""

from __future__ import annotations

from uuid import UUID

from banking import api as bank
from insurance.money.books import deposits
from insurance.trade.open_cover import queries, rules
from insurance.trade.open_cover.errors import (
    NothingOwed,
    OpenCoverDecided,
    OpenCoverNotSigned,
    OpenCoverStarted,
    OpenCoverTermsChanged,
    OpenCoverWalletMissing,
)
from insurance.trade.open_cover.holding import check_part, held, held_by, move, note, resume
from insurance.trade.open_cover.models import OpenCover
from insurance.trade.open_cover.queries import OpenCoverView
from insurance.trade.open_cover.rules import Agreed, Application, State
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.ids import derived_id, new_id, public_ref
from kernel.money import Money


@command("insurance.open_cover.apply")
def apply(*, application: Application, owner_id: UUID, actor: Actor) -> OpenCoverView:
    """Ask for an open cover; an underwriter answers with terms."""
    now = clock.now()
    row = OpenCover(
        id=new_id(),
        ref=public_ref(f"O{now:%y}"),
        owner_id=owner_id,
        state=State.DRAFT,
        currency=application.turnover.currency,
        asked={
            "business": application.business,
            "country": application.country,
            "goods": application.goods,
            "turnover": application.turnover.minor,
            "largest": application.largest.minor,
            "clauses": application.clauses.value,
            "war": application.war.value,
            "starts_on": application.starts_on.isoformat(),
            "remarks": application.remarks,
        },
        deposit=0,
        owed=0,
        created_at=now,
    )
    session().add(row)
    session().flush()
    note(row, "asked", {}, actor, tells=False)
    return queries.view(row)


@command("insurance.open_cover.sign")
def sign(*, ref: str, agreed: Agreed, actor: Actor) -> OpenCoverView:
    """Sign terms for an application, or other terms while nobody has accepted the last ones.

    Locks: the cover. Events: OpenCoverNews. Raises: OpenCoverUnknown, OpenCoverDecided,
    OpenCoverOwnRisk.
    """
    row = _draft(ref, actor)
    assert agreed.currency == row.currency, "the page knows one currency"
    row.terms = rules.stored(agreed)
    row.sha256 = rules.fingerprint(row.terms)
    row.signed_by, row.signed_at = actor.somebody(), clock.now()
    note(row, "offered", {"sha256": row.sha256}, actor)
    return queries.view(row)


@command("insurance.open_cover.decline")
def decline(*, ref: str, reason: str, actor: Actor) -> OpenCoverView:
    """Offer no terms, and say why. Locks: the cover. Events: OpenCoverNews. Raises: as `sign`."""
    row = _draft(ref, actor)
    row.state = State.ENDED
    note(row, "declined", {"reason": reason}, actor)
    return queries.view(row)


@command("insurance.open_cover.accept")
def accept(*, ref: str, sha256: str, actor: Actor) -> OpenCoverView:
    """Accept the terms that were read and pay the deposit; twice is once.

    Where the payment has to be approved first it waits, and the cover says which approval.
    Locks: the cover, low payments of the person, the wallet's account. Events: OpenCoverNews.
    Raises: OpenCoverUnknown, OpenCoverDecided, OpenCoverNotSigned, OpenCoverTermsChanged,
    OpenCoverStarted, OpenCoverWalletMissing, InsufficientFunds, ReducedLimit, AccountFrozen.
    """
    row = held_by(ref, actor)
    if row.accepted_at is not None:
        return queries.view(row)
    agreed = _acceptable(row)
    if sha256 != row.sha256:
        raise OpenCoverTermsChanged
    _wallet(row)
    approval = _approval(row, agreed.deposit, _terms_account(row), actor)
    if approval.is_given:
        _activate(row, agreed, approval, actor)
    return queries.view(row)


@command("insurance.open_cover.pay")
def pay_owed(*, ref: str, actor: Actor) -> OpenCoverView:
    """Pay all premium that is owed from the wallet; a cover that was suspended for it goes on.

    Locks: the cover, low payments of the person, the wallet's account. Events: OpenCoverNews.
    Raises: OpenCoverUnknown, NothingOwed, OpenCoverWalletMissing, InsufficientFunds, ReducedLimit,
    AccountFrozen.
    """
    row = held_by(ref, actor)
    if not row.owed:
        raise NothingOwed
    _wallet(row)
    approval = _approval(row, Money(row.owed, row.currency), _owed_account(row), actor)
    if approval.is_given:
        _pay(row, approval, actor)
    return queries.view(row)


def approved(approval: bank.Approval, actor: Actor) -> None:
    """Do what was approved, in the transaction of the yes. Raises: as `accept` and `pay_owed`."""
    row = held(approval.subject)
    if row.accepted_at is None:
        _activate(row, _acceptable(row), approval, actor)
    else:
        _pay(row, approval, actor)


def _draft(ref: str, actor: Actor) -> OpenCover:
    row = held(ref)
    check_part(row, actor)
    if row.state != State.DRAFT:
        raise OpenCoverDecided
    return row


def _acceptable(row: OpenCover) -> Agreed:
    if row.state != State.DRAFT:
        raise OpenCoverDecided
    if row.terms is None:
        raise OpenCoverNotSigned
    agreed = rules.agreed_from(row.terms)
    if agreed.starts_on < clock.today():
        raise OpenCoverStarted
    return agreed


def _terms_account(row: OpenCover) -> str:
    """Return what stands for the payee's account: the cover and the terms that are accepted."""
    return f"{row.ref}:{row.sha256}".upper()


def _owed_account(row: OpenCover) -> str:
    return f"{row.ref}:PREMIUM"


def _approval(row: OpenCover, due: Money, account: str, actor: Actor) -> bank.Approval:
    """Return the question that stands for exactly this, else ask; given where nobody need be."""
    if row.approval_id is not None:
        asked = bank.approval_of(approval_id=row.approval_id)
        if asked.is_open(clock.now()):
            if (asked.amount, asked.account) == (due, account):
                return asked
            bank.withdraw_approval(approval_id=asked.id, actor=actor)
    approval = bank.ask_approval(
        person_id=row.owner_id,
        act=bank.Act.OPEN_COVER,
        amount=due,
        payee=queries.view(row).insurer,
        account=account,
        subject=row.ref,
        actor=actor,
    )
    row.approval_id = approval.id
    session().flush()
    return approval


def _redeem(row: OpenCover, approval: bank.Approval, due: Money, account: str, by: Actor) -> None:
    bank.redeem_approval(
        approval_id=approval.id,
        act=bank.Act.OPEN_COVER,
        amount=due,
        payee=queries.view(row).insurer,
        account=account,
        actor=by,
    )


def _activate(row: OpenCover, agreed: Agreed, approval: bank.Approval, actor: Actor) -> None:
    wallet = _wallet(row)
    _redeem(row, approval, agreed.deposit, _terms_account(row), actor)
    deposits.deposit_paid(
        key=derived_id(row.id, "deposit"),
        ref=row.ref,
        amount=agreed.deposit,
        wallet_id=wallet.id,
        actor=actor,
    )
    row.state, row.accepted_at, row.wallet_id = State.ACTIVE, clock.now(), wallet.id
    row.insurer_key = queries.insurer_of(row).key
    row.starts_on, row.ends_on = agreed.starts_on, agreed.ends_on
    move(row, "deposited", row.ref, deposit=agreed.deposit)
    note(row, "accepted", {"sha256": row.sha256, "deposit": agreed.deposit.minor}, actor)


def _pay(row: OpenCover, approval: bank.Approval, actor: Actor) -> None:
    """Pay what was approved; what became owed since stays owed."""
    due = approval.amount
    if due.minor > row.owed:
        raise NothingOwed
    wallet = _wallet(row)
    _redeem(row, approval, due, _owed_account(row), actor)
    deposits.owed_paid(
        key=derived_id(approval.id, "owed"),
        ref=row.ref,
        amount=due,
        wallet_id=wallet.id,
        actor=actor,
    )
    move(row, "paid", row.ref, owed=-due)
    resume(row, actor)


def _wallet(row: OpenCover) -> bank.WalletView:
    wallet = bank.wallet_for(owner_id=row.owner_id, currency=row.currency)
    if wallet is None:
        raise OpenCoverWalletMissing(currency=row.currency)
    return wallet


bank.register_approved(
    act=bank.Act.OPEN_COVER,
    execute=approved,
    page=bank.ResultPage("open_cover.show", "ref", is_way_back=True),
)
