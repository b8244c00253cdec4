"""Commands on money that came after the closing: keep it, name an account for it, send it.

The money moves with each step under a key derived from the credit, so that doing a step again does
nothing: beside the wallet, into clearing with the account's name, out with the rail's booking, and
back beside the wallet when the rail gives it back. What no rail carries goes out in euro; the
currency position bears that exchange, and takes it back as it was.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from banking.accounts.wallets import queries as wallets
from banking.accounts.wallets.queries import is_ours
from banking.authorisation.late_credits import payers, queries, rules
from banking.authorisation.late_credits.errors import (
    AccountNotYours,
    AccountStaysHere,
    LateCreditMoved,
    NameNotChecked,
)
from banking.authorisation.late_credits.events import LateCreditChanged
from banking.authorisation.late_credits.models import LateCredit, LateCreditStep
from banking.authorisation.late_credits.payers import register_payers
from banking.authorisation.late_credits.queries import LATE, PREFIX, LateCreditView
from banking.authorisation.late_credits.rules import State
from banking.authorisation.payees.queries import Outcome, Target, checked_name
from banking.core.ledger import service as ledger
from banking.core.ledger.service import AccountKind, AccountRef, Leg
from banking.core.rail import queries as rail_queries
from banking.core.rail.errors import RailDown, RailRefused
from banking.core.rail.events import RailEntryNotified
from banking.core.rail.queries import RailOrder
from kernel import clock
from kernel.actor import SYSTEM, Actor
from kernel.db import command, in_command, session
from kernel.events import publish
from kernel.ids import derived_id, public_ref
from kernel.logging import log
from kernel.money import Money

__all__ = [
    "book",
    "hand_over",
    "keep",
    "name_account",
    "new_link",
    "note_sent",
    "order_for_rail",
    "put_on_its_way",
    "register_payers",
    "remind",
]

CLEARING, NOSTRO = "rail_clearing", "rail_nostro"


@command("banking.late_credits.keep")
def keep(*, key: UUID, wallet_id: UUID, amount: Money, subject: str, actor: Actor) -> None:
    """Note whose money came beside a closed wallet; what came into an open one needs no note.

    What came back to a card's payment goes on to the card. Shape: key is of what brought it; noted
    before is noted. Events: LateCreditChanged, RefundAsked, PurchaseCreditChanged.
    """
    if payers.credited(key=key, payer_id=wallet_id, amount=amount, subject=subject, actor=actor):
        return
    wallet = wallets.wallet(wallet_id=wallet_id)
    if not wallet.is_closed:
        return
    credit_id = derived_id(key, "late credit")
    stored = (
        session()
        .execute(
            insert(LateCredit)
            .values(
                id=credit_id,
                ref=public_ref(PREFIX),
                wallet_id=wallet_id,
                owner_id=wallet.owner_id,
                owner_kind=wallet.owner_kind,
                amount_minor=amount.minor,
                currency=amount.currency,
                subject=subject,
                state=State.WAITING,
                attempt=0,
                letters=0,
                arrived_at=clock.now(),
            )
            .on_conflict_do_nothing()
            .returning(LateCredit.id)
        )
        .one_or_none()
    )
    if stored is not None:
        _note(session().get_one(LateCredit, credit_id), "")


@command("banking.late_credits.new_link")
def new_link(*, credit_id: UUID, actor: Actor) -> str:
    """Return the token of a new link for a letter; the one before is over. Locks: the credit."""
    row, token = _locked(credit_id), secrets.token_urlsafe(32)
    row.token_digest, row.letters = rules.digest(token), row.letters + 1
    row.link_until = clock.now() + queries.terms().link_lasts
    session().flush()
    return token


@command("banking.late_credits.remind")
def remind(*, credit_id: UUID, actor: Actor) -> None:
    """Let a new letter be written about money that waits still once the link before is over.

    Locks: the credit. Events: LateCreditChanged.
    """
    row, terms = _locked(credit_id), queries.terms()
    is_over = row.link_until is not None and row.link_until <= clock.now()
    if row.state == State.WAITING and is_over and row.letters < terms.letters:
        # The letter makes the link itself; until then nobody is reminded once more.
        row.link_until = clock.now() + terms.link_lasts
        session().flush()
        publish(LateCreditChanged(credit_id=row.id, state=row.state))


def name_account(*, found: LateCreditView, account: Target, actor: Actor) -> None:
    """Send money to an account of its owner in another bank; the bank says whose it is.

    The bank is asked before anything is locked. Naming the same account again changes nothing.
    Raises: AccountStaysHere, AccountNotYours, NameNotChecked, RailDoesNotReach, CountryNotReached,
    LateCreditMoved, NoRate, StaleRate.
    """
    assert not in_command(), "another bank is not asked inside a transaction"
    if not account.account or is_ours(account.account):
        raise AccountStaysHere
    carried = queries.carried(found.amount.currency, account.country)
    rail_queries.check_reach(currency=carried, country=account.country, on=clock.today())
    check = checked_name(account, found.name)
    if check.outcome is Outcome.CANNOT:
        raise NameNotChecked
    if check.outcome not in {Outcome.MATCH, Outcome.CLOSE}:
        raise AccountNotYours
    put_on_its_way(
        credit_id=found.id, account=account.account, holder=check.name or found.name, actor=actor
    )


@command("banking.late_credits.put_on_its_way")
def put_on_its_way(*, credit_id: UUID, account: str, holder: str, actor: Actor) -> None:
    """Take money that waits into clearing for an account whose holder was checked.

    Locks: the credit, then its account. Events: LateCreditChanged.
    Raises: LateCreditMoved, NoRate, StaleRate.
    """
    row = _locked(credit_id)
    if row.state != State.WAITING and row.account == account:
        return
    if row.state != State.WAITING:
        raise LateCreditMoved
    out = queries.way_out(_amount(row), account[:2])
    row.attempt, row.account, row.holder = row.attempt + 1, account, holder
    row.sent_minor, row.sent_currency = out.minor, out.currency
    house = AccountRef.house(CLEARING, out.currency)
    legs = [Leg(_beside(row), -_amount(row)), *_turned(_amount(row), out), Leg(house, out)]
    _book(row, "named", legs, actor)
    _move(row, State.NAMED)


def hand_over(*, credit_id: UUID, actor: Actor = SYSTEM) -> None:
    """Send one to the rail; a rail that does not answer is asked again with the same key."""
    assert not in_command(), "the rail is not asked inside a transaction"
    order = order_for_rail(credit_id=credit_id, actor=actor)
    if order is None:
        return
    try:
        rail_queries.rail().submit(order)
    except RailDown:
        log.warning("the rail does not answer; %s is sent again", order.end_to_end)
    except RailRefused as refusal:
        note_sent(credit_id=credit_id, refused=refusal.reason, actor=actor)
    else:
        note_sent(credit_id=credit_id, refused="", actor=actor)


@command("banking.late_credits.order_for_rail")
def order_for_rail(*, credit_id: UUID, actor: Actor) -> RailOrder | None:
    """Return what the rail is to be sent, None once it has it. Locks: the credit."""
    row = _locked(credit_id)
    if row.state != State.NAMED:
        return None
    assert row.account is not None, "a table's constraint"
    return RailOrder(
        key=derived_id(row.id, f"order:{row.attempt}"),
        end_to_end=_end_to_end(row),
        amount=_sent(row),
        creditor_name=row.holder or "",
        creditor_account=row.account,
        remittance=row.subject,
    )


@command("banking.late_credits.note_sent")
def note_sent(*, credit_id: UUID, refused: str, actor: Actor) -> None:
    """Note that the rail has it, or gave it back at once. Locks: the credit.

    Events: LateCreditChanged.
    """
    row = _locked(credit_id)
    if row.state != State.NAMED:
        return
    _move(row, State.SENT)
    if refused:
        _give_back(row, CLEARING, refused, actor)


@command("banking.late_credits.book")
def book(*, booked: RailEntryNotified, actor: Actor) -> None:
    """Settle what the rail booked, or let it wait again; a second notice changes nothing.

    Locks: the credit. Events: LateCreditChanged.
    """
    ref, _, attempt = booked.end_to_end.rpartition("-")
    query = select(LateCredit).where(LateCredit.ref == ref).with_for_update()
    row = session().scalars(query).one_or_none()
    if row is None or str(row.attempt) != attempt or queries.sent_of(row) != booked.amount:
        return
    state = State(row.state)
    if state is State.NAMED:
        # The rail's own news may come before our note that it took the order.
        _move(row, State.SENT)
        state = State.SENT
    if booked.is_return and state in {State.SENT, State.PAID}:
        _give_back(row, NOSTRO if state is State.PAID else CLEARING, booked.reason, actor)
    elif not booked.is_return and state is State.SENT:
        out = _sent(row)
        clearing, nostro = (AccountRef.house(kind, out.currency) for kind in (CLEARING, NOSTRO))
        _book(row, "paid", [Leg(clearing, -out), Leg(nostro, out)], actor)
        _move(row, State.PAID)


def _give_back(row: LateCredit, source: str, reason: str, actor: Actor) -> None:
    out, amount = _sent(row), _amount(row)
    house = AccountRef.house(source, out.currency)
    _book(
        row, "returned", [Leg(house, -out), *_turned(out, amount), Leg(_beside(row), amount)], actor
    )
    row.account = row.holder = row.sent_minor = row.sent_currency = None
    _move(row, State.WAITING, reason)


def _turned(given: Money, brought: Money) -> list[Leg]:
    """Return the legs of an exchange that the currency position bears, none within one currency."""
    if given.currency == brought.currency:
        return []
    return [
        Leg(AccountRef.house(AccountKind.FX_POSITION, given.currency), given),
        Leg(AccountRef.house(AccountKind.FX_POSITION, brought.currency), -brought),
    ]


def _book(row: LateCredit, what: str, legs: Sequence[Leg], actor: Actor) -> None:
    ledger.post(
        key=derived_id(row.id, f"{what}:{row.attempt}"),
        kind=f"late_credit_{what}",
        legs=legs,
        subject=row.ref,
        actor=actor,
    )


def _beside(row: LateCredit) -> AccountRef:
    return AccountRef(LATE, AccountRef.wallet(row.wallet_id, row.currency).key, row.currency)


def _amount(row: LateCredit) -> Money:
    return Money(row.amount_minor, row.currency)


def _sent(row: LateCredit) -> Money:
    out = queries.sent_of(row)
    assert out is not None, "what is on its way has an amount"
    return out


def _end_to_end(row: LateCredit) -> str:
    return f"{row.ref}-{row.attempt}"


def _move(row: LateCredit, to: State, reason: str = "") -> None:
    row.state = rules.advance(State(row.state), to)
    _note(row, reason)


def _note(row: LateCredit, reason: str) -> None:
    session().add(
        LateCreditStep(
            credit_id=row.id,
            state=row.state,
            account=row.account or "",
            reason=reason,
            at=clock.now(),
        )
    )
    session().flush()
    publish(LateCreditChanged(credit_id=row.id, state=row.state))


def _locked(credit_id: UUID) -> LateCredit:
    query = select(LateCredit).where(LateCredit.id == credit_id).with_for_update()
    return session().scalars(query.execution_options(populate_existing=True)).one()
