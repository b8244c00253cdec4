"""What is frozen and who is trusted, for the pages of the guard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from banking.accounts.parties import queries as parties
from banking.accounts.parties.queries import Owner
from banking.accounts.wallets import queries as wallets
from banking.accounts.wallets.queries import WalletView
from banking.authorisation.approvals import queries as approvals
from banking.authorisation.approvals.queries import Cooling, TrustedPayeeView
from banking.core.ledger.service import Freeze
from banking.core.rail import queries as rail
from kernel import clock
from kernel.actor import Actor
from kernel.people.safety import queries as safety

_EXAMPLES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """What an owner's wallets refuse and whom they trust.

    Shape: freeze is what all wallets refuse together; after leads to further payees, None at the
    end; reduced_until is set in the days after a lost factor or a password was reset; cooling in
    the first day of a first factor; examples are accounts that the wallets can pay.
    """

    owner: Owner
    wallets: Sequence[WalletView]
    freeze: Freeze
    payees: Sequence[TrustedPayeeView]
    after: datetime | None
    reduced_until: datetime | None
    cooling: Cooling | None
    examples: Sequence[str]


@dataclass(frozen=True, slots=True)
class Frozen:
    """What an owner's wallets refuse together, and a first factor that cools off, for a tile."""

    wallets: Sequence[WalletView]
    freeze: Freeze
    cooling: Cooling | None


def frozen(actor: Actor) -> Frozen | None:
    """Return what a person's own wallets refuse; None without a person."""
    if actor.person_id is None:
        return None
    owned = wallets.wallets_of(owner_id=actor.person_id)
    cooling = approvals.cooling_of(actor.person_id)
    return Frozen(owned, wallets.refused_by_all(owned), cooling)


def guard(actor: Actor, *, account: UUID | None, after: datetime | None = None) -> Guard | None:
    """Return the guard of the actor or of a company they work for; None without a person.

    Raises: NotFound.
    """
    if actor.person_id is None:
        return None
    owner = parties.owner_for(actor, account)
    owned = wallets.wallets_of(owner_id=owner.id)
    currencies = [wallet.currency for wallet in owned]
    payees = approvals.trusted_payees(owner_id=owner.id, after=after)
    return Guard(
        owner=owner,
        wallets=owned,
        freeze=wallets.refused_by_all(owned),
        payees=payees[: approvals.PAYEES],
        after=payees[approvals.PAYEES - 1].approved_at if len(payees) > approvals.PAYEES else None,
        reduced_until=safety.reduced_until(actor.person_id),
        cooling=approvals.cooling_of(actor.person_id),
        examples=rail.examples(currencies=currencies, on=clock.today())[:_EXAMPLES],
    )
