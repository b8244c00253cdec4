"""One movement opened to its journal: what moved, against what, and that it adds up to zero."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import text

from banking.accounts.parties.queries import Owner, owner_for
from banking.accounts.wallets import queries as wallets
from banking.accounts.wallets.queries import OwnerKind
from banking.authorisation.payees.queries import name_of
from banking.core.ledger.service import COUNTERS
from banking.online.home import rules
from banking.online.home.counterparties import named
from banking.online.home.queries import describe
from banking.online.home.rules import MovementLine
from banking.transferring.transfers import queries as transfers
from kernel.actor import Actor
from kernel.db import session
from kernel.errors import NotFound
from kernel.money import Money, total
from kernel.statements import read_sql

_ONE = text(read_sql(__file__, "movement"))
_LEGS = text(
    """
    SELECT e.account_id, e.currency, e.amount, a.kind FROM banking.entries e
    JOIN banking.ledger_accounts a ON a.id = e.account_id
    WHERE e.journal_id = :journal AND e.phase = 1 AND a.kind <> ALL (:counters) ORDER BY e.leg
    """
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A movement with its journal.

    Shape: own are the owner's entries of the journal; against maps a currency to what stands on
    the other side, all of it together, since what others earn or pay is theirs to see;
    counterparty is who was paid by a transfer, or who paid, empty for anything else.
    """

    owner: Owner
    line: MovementLine
    journal_id: int
    booked_at: datetime
    value_date: date
    own: Sequence[Money]
    against: Sequence[Money]
    sides: Sequence[str]
    entries: int
    counterparty: str
    is_incoming: bool

    @property
    def sums(self) -> list[Money]:
        """What both sides add up to in each currency: zero."""
        legs = [*self.own, *self.against]
        currencies = dict.fromkeys(leg.currency for leg in legs)
        return [total([g for g in legs if g.currency == c], c) for c in currencies]


def receipt_for(actor: Actor, *, account: UUID | None, entry: int) -> Receipt:
    """Return a movement of the owner's wallets. Raises: NotFound."""
    owner = owner_for(actor, account)
    owned = wallets.wallets_of(owner_id=owner.id, with_closed=True)
    accounts = {wallet.account_id for wallet in owned}
    where = {"entry": entry, "accounts": list(accounts)}
    movement = session().execute(_ONE, where).one_or_none()
    if movement is None:
        raise NotFound
    legs = (
        session().execute(_LEGS, {"journal": movement.journal_id, "counters": list(COUNTERS)}).all()
    )
    own = [Money(leg.amount, leg.currency) for leg in legs if leg.account_id in accounts]
    others = [leg for leg in legs if leg.account_id not in accounts]
    is_incoming, counterparty = _counterparty(owner, movement.kind, movement.subject)
    return Receipt(
        owner=owner,
        line=named([describe(movement)])[0],
        journal_id=movement.journal_id,
        counterparty=counterparty,
        is_incoming=is_incoming,
        booked_at=movement.booked_at,
        value_date=movement.value_date,
        own=own,
        against=[
            total([Money(o.amount, o.currency) for o in others if o.currency == currency], currency)
            for currency in dict.fromkeys(o.currency for o in others)
        ],
        sides=rules.other_sides(o.kind for o in others),
        entries=len(legs),
    )


def _counterparty(owner: Owner, kind: str, subject: str) -> tuple[bool, str]:
    """Return whether the owner was paid by a transfer, and the name of the other one."""
    if not kind.startswith("transfer"):
        return False, ""
    sent = transfers.transfer_by_ref(ref=subject)
    if owner.id == sent.owner_id or owner.id != sent.payee_id:
        return False, sent.payee_name
    is_person = sent.owner_id == sent.person_id
    payer = name_of(sent.owner_id, OwnerKind.PERSON if is_person else OwnerKind.ORGANISATION)
    return True, payer
