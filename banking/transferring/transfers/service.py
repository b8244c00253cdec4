"""Commands on transfers: draft, confirm, approve, cancel. Other banks are asked between them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from banking.accounts.wallets import queries as wallets
from banking.authorisation.approvals import service as approvals
from banking.authorisation.approvals.service import Act, Approval, Known, ResultPage
from banking.authorisation.payees import queries as payees
from banking.authorisation.payees.queries import NameCheck, Outcome, Target
from banking.core.ledger.errors import LegCurrencyMismatch
from banking.core.rail import queries as rail
from banking.transferring.transfers import money, queries
from banking.transferring.transfers.errors import (
    AmountMissing,
    DayNotOffered,
    NameDiffers,
    NoWalletToPay,
    ReferenceNotCarried,
    SameWallet,
    SentBefore,
    TooLateToCancel,
    TransferKeyReused,
    TransferMoved,
    TransferUnknown,
)
from banking.transferring.transfers.many import Order, Together, pay_many
from banking.transferring.transfers.models import Transfer
from banking.transferring.transfers.queries import TransferView
from banking.transferring.transfers.rules import CANCELLABLE, State, remittance
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, in_command, session
from kernel.ids import public_ref
from kernel.money import Money
from kernel.text import N_, Message

__all__ = [
    "Given",
    "Order",
    "Together",
    "adopt_name",
    "approved",
    "begin",
    "cancel",
    "confirm",
    "draft",
    "forget_drafts",
    "pay_many",
    "pay_series",
    "register_check",
    "say_amount",
]


# Grows while rooms above register what they look at; afterwards nobody writes to it.
_checks: list[Callable[[TransferView], None]] = []


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a draft begins with, beside the payee.

    Shape: amount None is asked on the next page; person_id is who once approved a series.
    """

    amount: Money | None = None
    reference: str = ""
    request_id: UUID | None = None
    series_id: UUID | None = None
    person_id: UUID | None = None


def begin(
    *,
    key: UUID,
    owner_id: UUID,
    account: Target,
    name: str,
    actor: Actor,
    locale: str = "en",
    given: Given | None = None,
) -> TransferView:
    """Draft a transfer once the payee's name is checked; the same key finds the same draft.

    Raises: AccountNotHere, TransferKeyReused.
    """
    assert not in_command(), "another bank is not asked inside a transaction"
    check = payees.checked_name(account, name)
    return draft(
        key=key,
        owner_id=owner_id,
        account=account,
        check=check,
        name=check.name if check.outcome is Outcome.MATCH else name,
        actor=actor,
        locale=locale,
        given=given or Given(),
    )


@command("banking.transfers.draft")
def draft(
    *,
    key: UUID,
    owner_id: UUID,
    account: Target,
    name: str,
    check: NameCheck,
    actor: Actor,
    locale: str,
    given: Given,
) -> TransferView:
    """Keep a transfer that nobody confirmed yet, with what checking the name led to.

    Raises: AccountNotHere, TransferKeyReused.
    """
    person_id = given.person_id or actor.somebody()
    holder = payees.holder_of(account)
    amount = given.amount
    paying = wallets.wallet_for(owner_id=owner_id, currency=amount.currency) if amount else None
    session().execute(
        insert(Transfer)
        .values(
            id=key,
            ref=public_ref("W"),
            owner_id=owner_id,
            person_id=person_id,
            locale=locale,
            account=queries.stored(account),
            payee_name=name[:70],
            outcome=check.outcome,
            holder_name=check.name,
            payee_id=holder.owner_id if holder else None,
            payee_kind=holder.owner_kind if holder else None,
            payee_account=account.account or None,
            wallet_id=paying.id if paying else None,
            currency=amount.currency if amount else None,
            amount_minor=amount.minor if amount else None,
            fee_minor=0,
            remittance=remittance(given.reference, is_internal=holder is not None),
            state=State.DRAFT,
            reason="",
            request_id=given.request_id,
            series_id=given.series_id,
            begun_at=clock.now(),
        )
        .on_conflict_do_nothing(index_elements=["id"])
    )
    row = _locked(key, owner_id)
    if (row.account, row.request_id) != (queries.stored(account), given.request_id):
        raise TransferKeyReused
    return queries.view(row)


@command("banking.transfers.adopt_name")
def adopt_name(*, ref: str, owner_id: UUID, actor: Actor) -> TransferView:
    """Take the holder's name over that a close match suggests. Locks: the transfer.

    Raises: TransferUnknown, TransferMoved.
    """
    row = _drafted(ref, owner_id)
    if row.outcome == Outcome.CLOSE:
        row.payee_name, row.outcome = row.holder_name, Outcome.MATCH
        session().flush()
    return queries.view(row)


@command("banking.transfers.say_amount")
def say_amount(
    *, ref: str, owner_id: UUID, amount: Money, reference: str, due_on: date | None, actor: Actor
) -> TransferView:
    """Say how much a draft sends, from the owner's wallet in that currency, and when.

    A draft that pays a request keeps the request's amount and words.
    Locks: the transfer. Raises: TransferUnknown, TransferMoved, NoWalletToPay, SameWallet,
    LegCurrencyMismatch, RailNotOffered, RailDoesNotReach, CountryNotReached, DayNotOffered,
    ReferenceNotCarried.
    """
    row = _drafted(ref, owner_id)
    wallet = wallets.wallet_for(owner_id=owner_id, currency=amount.currency)
    if wallet is None:
        raise NoWalletToPay(currency=amount.currency)
    transfer = queries.view(row)
    if transfer.request_id is not None and (amount, reference) != (
        transfer.amount,
        transfer.remittance,
    ):
        raise TransferMoved(state=row.state)
    if row.payee_id == owner_id:
        raise SameWallet
    if not transfer.is_internal:
        rail.check_reach(
            currency=amount.currency, country=transfer.account.country, on=clock.today()
        )
    account_currency = queries.currency_of(transfer)
    if account_currency not in {"", amount.currency}:
        raise LegCurrencyMismatch(account=account_currency, amount=amount.currency)
    if due_on is not None:
        _check_day(due_on)
    row.wallet_id, row.currency, row.amount_minor = wallet.id, amount.currency, amount.minor
    carried = remittance(reference, is_internal=transfer.is_internal)
    if reference and not carried:
        raise ReferenceNotCarried({"reference": Message(ReferenceNotCarried.message)})
    row.remittance, row.due_on = carried, due_on
    session().flush()
    return queries.view(row)


def _check_day(due_on: date) -> None:
    last = clock.today() + timedelta(days=queries.terms().ahead_days)
    if not clock.today() < due_on <= last:
        raise DayNotOffered(
            {"due_on": Message(N_("Choose a day from tomorrow to %(last)s."), {"last": last})}
        )


def register_check(check: Callable[[TransferView], None]) -> None:
    """Let a room above refuse a draft, in the transaction that confirms it and before its lock."""
    if check not in _checks:
        _checks.append(check)


@command("banking.transfers.confirm")
def confirm(
    *, ref: str, owner_id: UUID, actor: Actor, again: bool = False, whatever_name: bool = False
) -> TransferView:
    """Send a draft as it stands: at once, on its day, or once it is approved.

    A second confirmation finds the first. `again` sends what was sent a short while ago, and
    `whatever_name` sends although the account is somebody else's.
    Locks: what checks of rooms above lock, the transfer, then as money.pay.
    Events: TransferChanged, TransferArrived.
    Raises: TransferUnknown, AmountMissing, SentBefore, NameDiffers, what the checks raise, and as
    money.pay.
    """
    _let_rooms_above_check(ref)
    row = _by_ref(ref, owner_id)
    if row.confirmed_at is not None:
        return queries.view(row)
    transfer = queries.view(row)
    if transfer.amount is None:
        raise AmountMissing
    if transfer.wallet_id is None:
        raise NoWalletToPay(currency=transfer.amount.currency)
    before = None if again else queries.same_before(transfer)
    if before is not None:
        raise SentBefore(minutes=before)
    if transfer.outcome is Outcome.NO_MATCH and not whatever_name:
        raise NameDiffers
    if _ask(row, actor).is_given:
        _go_on(row, actor)
    else:
        money.move(row, State.AWAITING_APPROVAL)
    return queries.view(row)


def _let_rooms_above_check(ref: str) -> None:
    draft = queries.transfer_by_ref(ref=ref)
    for check in _checks if draft.confirmed_at is None else ():
        check(draft)


def approved(approval: Approval, actor: Actor) -> None:
    """Go on with a transfer in the transaction of the customer's yes."""
    row = _by_ref(approval.subject, approval.payer_id)
    if row.state != State.AWAITING_APPROVAL:
        raise TransferMoved(state=row.state)
    _go_on(row, actor)


def _go_on(row: Transfer, actor: Actor) -> None:
    assert row.payee_account is not None, "confirming found the account"
    approvals.redeem(
        approval_id=row.approval_id,
        act=Act.TRANSFER,
        amount=money.amount_of(row),
        payee=row.payee_name,
        account=row.payee_account,
        actor=actor,
    )
    if row.due_on is not None and row.due_on > clock.today():
        money.move(row, State.SCHEDULED)
    else:
        money.pay(row, actor)
    session().flush()


@command("banking.transfers.pay_series")
def pay_series(
    *,
    key: UUID,
    owner_id: UUID,
    series_approval: UUID,
    account: Target,
    name: str,
    given: Given,
    actor: Actor,
) -> TransferView:
    """Make one payment of a standing order, which was approved as a whole; the same key pays once.

    Raises: AccountNotHere, NoWalletToPay, ApprovalMissing when the order's approval does not
    cover this payment, and as money.pay.
    """
    draft(
        key=key,
        owner_id=owner_id,
        account=account,
        name=name,
        check=NameCheck(Outcome.CANNOT),
        actor=actor,
        locale="en",
        given=given,
    )
    row = _locked(key, owner_id)
    if row.confirmed_at is None:
        if row.wallet_id is None:
            raise NoWalletToPay(currency=row.currency)
        _ask(row, actor, series=series_approval)
        _go_on(row, actor)
    return queries.view(row)


def _ask(row: Transfer, actor: Actor, *, series: UUID | None = None) -> Approval:
    """Find the account that is really credited, and ask for approval of exactly that."""
    row.confirmed_at = clock.now()
    if row.payee_id is not None:
        row.payee_account = money.payee_wallet(row, actor).iban
    assert row.payee_account is not None, "an account is inside the house or has a number"
    asked = approvals.ask(
        person_id=row.person_id,
        act=Act.TRANSFER,
        amount=money.amount_of(row),
        payee=row.payee_name,
        account=row.payee_account,
        subject=row.ref,
        actor=actor,
        payer_id=row.owner_id,
        known=Known(series=series),
    )
    row.approval_id, row.approve_until = asked.id, asked.expires_at
    return asked


@command("banking.transfers.cancel")
def cancel(*, ref: str, owner_id: UUID, actor: Actor, reason: str = "") -> TransferView:
    """Call a transfer off while the house still has it; money already taken comes back.

    Locks: the transfer, then the wallet's account. Events: TransferChanged.
    Raises: TransferUnknown, TooLateToCancel.
    """
    row = _by_ref(ref, owner_id)
    state = State(row.state)
    if state is State.CANCELLED:
        return queries.view(row)
    if state not in CANCELLABLE:
        raise TooLateToCancel
    if state is State.ACCEPTED:
        money.take_back(row, actor)
    if state is State.AWAITING_APPROVAL and row.approval_id is not None:
        approvals.withdraw(approval_id=row.approval_id, actor=actor)
    money.move(row, State.CANCELLED, reason)
    return queries.view(row)


@command("banking.transfers.forget_drafts")
def forget_drafts(*, actor: Actor) -> int:
    """Throw away drafts that nobody confirmed in time; return how many."""
    since = clock.now() - timedelta(hours=queries.terms().draft_hours)
    gone = delete(Transfer).where(Transfer.state == State.DRAFT, Transfer.begun_at < since)
    return len(session().scalars(gone.returning(Transfer.id)).all())


def _drafted(ref: str, owner_id: UUID) -> Transfer:
    row = _by_ref(ref, owner_id)
    if row.state != State.DRAFT:
        raise TransferMoved(state=row.state)
    return row


def _by_ref(ref: str, owner_id: UUID) -> Transfer:
    query = select(Transfer).where(Transfer.ref == ref, Transfer.owner_id == owner_id)
    return _only(session().scalars(query.with_for_update()).one_or_none())


def _locked(transfer_id: UUID, owner_id: UUID) -> Transfer:
    query = select(Transfer).where(Transfer.id == transfer_id, Transfer.owner_id == owner_id)
    return _only(session().scalars(query.with_for_update()).one_or_none())


def _only(found: Transfer | None) -> Transfer:
    if found is None:
        raise TransferUnknown
    return found


approvals.register_executor(
    act=Act.TRANSFER, execute=approved, page=ResultPage("pay.transfer", "ref")
)
