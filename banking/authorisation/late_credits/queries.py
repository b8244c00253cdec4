"""What waits for people who closed a wallet, and where money for a wallet goes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from banking.accounts.wallets import queries as wallets
from banking.accounts.wallets.queries import OwnerKind
from banking.authorisation.late_credits import payers, rules
from banking.authorisation.late_credits.errors import LateCreditUnknown
from banking.authorisation.late_credits.models import LateCredit
from banking.authorisation.late_credits.rules import State, Terms
from banking.authorisation.payees.queries import name_of, printed
from banking.core.fx import queries as fx
from banking.core.fx.errors import NoRate, StaleRate
from banking.core.ledger import queries as entries
from banking.core.ledger import service as ledger
from banking.core.ledger.queries import Movement
from banking.core.ledger.service import AccountRef, Discipline
from banking.core.rail import queries as rail
from kernel import clock, dated
from kernel.actor import Actor
from kernel.db import session
from kernel.money import Money
from kernel.text import N_

__all__ = ["LATE", "PREFIX", "State"]

LATE, PREFIX = "late_credit", "LC"
ledger.register_account_kinds(
    {LATE: Discipline.ESCROW}, {LATE: N_("Money for customers who closed a wallet")}
)
_MOST = 50
# What money leaves in where no rail carries its own currency.
_ELSE = "EUR"


@dataclass(frozen=True, slots=True, kw_only=True)
class LateCreditView:
    """One amount that came after the closing.

    Shape: name is the owner's as it is registered; sent is what leaves, None while it waits.
    """

    id: UUID
    ref: str
    owner_id: UUID
    owner_kind: OwnerKind
    name: str
    amount: Money
    subject: str
    state: State
    account: str
    sent: Money | None
    arrived_at: datetime

    @property
    def printed_account(self) -> str:
        """The account as people read it."""
        return printed(self.account)


def examples(currency: str) -> list[str]:
    """Return accounts that can take an amount of a currency: of its own country, and in euro."""
    return rail.examples(currencies=[currency, _ELSE], on=clock.today())


def landing(*, wallet_id: UUID, currency: str) -> AccountRef:
    """Return where money for a wallet goes: into it, or beside it once it is closed.

    What a card paid without a wallet goes back to that payment, whose id stands for the wallet's.
    Raises: WalletUnknown when neither is known.
    """
    elsewhere = payers.locked_account_of(payer_id=wallet_id, currency=currency)
    if elsewhere is not None:
        return elsewhere
    is_closed = wallets.wallet(wallet_id=wallet_id).is_closed
    wallet = AccountRef.wallet(wallet_id, currency)
    return AccountRef(LATE, wallet.key, currency) if is_closed else wallet


def movements_about(*, wallet_id: UUID, subjects: Collection[str]) -> list[Movement]:
    """Return movements of a wallet, or beside it once it is closed, about any of the subjects.

    Oldest first; of what a card paid without a wallet, those of its payment. Raises: WalletUnknown.
    """
    elsewhere = payers.account_of(payer_id=wallet_id)
    if elsewhere is not None:
        found = entries.balances(accounts=[elsewhere])
        return entries.movements_about(
            account_ids=[balance.account_id for balance in found.values()], subjects=subjects
        )
    wallet = wallets.wallet(wallet_id=wallet_id)
    key = AccountRef.wallet(wallet_id, wallet.currency).key
    late = entries.balances(accounts=[AccountRef(LATE, key, wallet.currency)])
    accounts = [wallet.account_id, *(balance.account_id for balance in late.values())]
    return entries.movements_about(account_ids=accounts, subjects=subjects)


def credits_for(actor: Actor) -> Sequence[LateCreditView]:
    """Return what came for the actor and their companies after a closing, last first."""
    owners = [*([actor.person_id] if actor.person_id else []), *actor.organisation_ids]
    query = (
        select(LateCredit)
        .where(LateCredit.owner_id.in_(owners))
        .order_by(LateCredit.arrived_at.desc())
        .limit(_MOST)
    )
    return [view(row) for row in session().scalars(query)]


def credit_for(actor: Actor, ref: str) -> LateCreditView:
    """Return one of the actor's or their companies'. Raises: LateCreditUnknown."""
    row = session().scalars(select(LateCredit).where(LateCredit.ref == ref)).one_or_none()
    if row is None or row.owner_id not in {actor.person_id, *actor.organisation_ids}:
        raise LateCreditUnknown
    return view(row)


def credit_by_link(token: str) -> LateCreditView:
    """Return what the link in a letter is about. Raises: LateCreditUnknown."""
    query = select(LateCredit).where(
        LateCredit.token_digest == rules.digest(token), LateCredit.link_until > clock.now()
    )
    row = session().scalars(query).one_or_none()
    if row is None:
        raise LateCreditUnknown
    return view(row)


def credit(*, credit_id: UUID) -> LateCreditView:
    """Return one by its id."""
    return view(session().get_one(LateCredit, credit_id))


def came_late(subject: str) -> bool:
    """Whether what a reference brought back waits, or waited, beside a closed wallet."""
    query = select(LateCredit.id).where(LateCredit.subject == subject)
    return session().execute(query.limit(1)).first() is not None


def is_one(end_to_end: str) -> bool:
    """Whether the rail's reference of a payment is of money that came after a closing."""
    return end_to_end.startswith(f"{PREFIX}-")


def to_send() -> list[UUID]:
    """Return what has an account and is not with the rail yet."""
    query = select(LateCredit.id).where(LateCredit.state == State.NAMED)
    return list(session().scalars(query.order_by(LateCredit.arrived_at)))


def to_remind() -> list[UUID]:
    """Return what waits still although the link in its letter is over, oldest first."""
    query = select(LateCredit.id).where(
        LateCredit.state == State.WAITING,
        LateCredit.link_until <= clock.now(),
        LateCredit.letters < terms().letters,
    )
    return list(session().scalars(query.order_by(LateCredit.arrived_at).limit(_MOST)))


@cache
def _terms() -> Sequence[Terms]:
    return dated.read(Path(__file__).parent / "data" / "terms.json", Terms)


def terms() -> Terms:
    """Return the terms of today."""
    return dated.in_force(_terms(), clock.today())


def view(row: LateCredit) -> LateCreditView:
    """Return a row as a view."""
    kind = OwnerKind(row.owner_kind)
    return LateCreditView(
        id=row.id,
        ref=row.ref,
        owner_id=row.owner_id,
        owner_kind=kind,
        name=name_of(row.owner_id, kind),
        amount=Money(row.amount_minor, row.currency),
        subject=row.subject,
        state=State(row.state),
        account=row.account or "",
        sent=sent_of(row),
        arrived_at=row.arrived_at,
    )


def sent_of(row: LateCredit) -> Money | None:
    """Return what leaves, None while it waits."""
    if row.sent_minor is None or row.sent_currency is None:
        return None
    return Money(row.sent_minor, row.sent_currency)


def way_out(amount: Money, country: str) -> Money:
    """Return what would leave now for an account of a country: as it is, or in euro.

    Raises: NoRate, StaleRate.
    """
    return amount if carried(amount.currency, country) == amount.currency else in_euro(amount)


def in_euro(amount: Money) -> Money:
    """Return an amount in euro, at the reference rate without a margin. Raises: NoRate, StaleRate.

    Euro are what money leaves in to where no rail carries its own currency.
    """
    if amount.currency == _ELSE:
        return amount
    return fx.convert(amount, _ELSE, fx.fx_rate(base=amount.currency, quote=_ELSE))


def shown_in_euro(amount: Money) -> Money | None:
    """Return what `in_euro` would, None while there is no rate for it."""
    try:
        return in_euro(amount)
    except (NoRate, StaleRate):
        return None


def carried(currency: str, country: str) -> str:
    """Return the currency that money of a currency leaves in for an account of a country."""
    own = rail.reaches(currency=currency, country=country, on=clock.today())
    return currency if own else _ELSE
