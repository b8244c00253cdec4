"""Commands on pots. What is in a pot is held in its wallet, so it is never spent by accident."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from banking.accounts.wallets import queries as wallets
from banking.accounts.wallets import service as wallet_service
from banking.accounts.wallets.queries import SET_ASIDE
from banking.core.ledger import service as ledger
from banking.core.ledger.errors import InsufficientFunds
from banking.online.pots import queries, rules
from banking.online.pots.errors import PotClosed, PotKeyReused, PotTooSmall, PotUnknown, TooManyPots
from banking.online.pots.models import Pot, PotMove
from banking.online.pots.queries import PotView
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.ids import derived_id
from kernel.money import Money


@command("banking.pots.open_pot")
def open_pot(
    *,
    key: UUID,
    wallet_id: UUID,
    name: str,
    target: Money | None,
    due_on: date | None,
    actor: Actor,
) -> PotView:
    """Open a pot; the same key opens it once, by two presses at once too.

    Locks: the wallet's account. Raises: WalletUnknown, TooManyPots.
    """
    wallet = wallets.wallet(wallet_id=wallet_id)
    ledger.lock(account_ids=[wallet.account_id], actor=actor)
    assert target is None or target.currency == wallet.currency, "forms read it in this currency"
    pot_id = derived_id(key, "pot")
    if session().get(Pot, pot_id) is None:
        open_ones = select(func.count()).where(Pot.wallet_id == wallet_id, Pot.closed_at.is_(None))
        if session().execute(open_ones).scalar_one() >= rules.MOST:
            raise TooManyPots(most=rules.MOST)
        session().add(
            Pot(
                id=pot_id,
                wallet_id=wallet_id,
                name=name,
                due_on=due_on,
                target_minor=target.minor if target else None,
                opened_at=clock.now(),
            )
        )
        session().flush()
    return queries.pot(pot_id=pot_id)


@command("banking.pots.change")
def change(
    *, pot_id: UUID, name: str, target: Money | None, due_on: date | None, actor: Actor
) -> PotView:
    """Give a pot another name, target or day. Locks: the pot. Raises: PotUnknown, PotClosed."""
    pot = _locked(pot_id)
    pot.name, pot.due_on = name, due_on
    pot.target_minor = target.minor if target else None
    session().flush()
    return queries.pot(pot_id=pot_id)


@command("banking.pots.put_in")
def put_in(*, key: UUID, pot_id: UUID, amount: Money, actor: Actor) -> PotView:
    """Set money of the wallet aside in a pot; the same key does it once.

    Locks: the pot, then the wallet's account.
    Raises: PotUnknown, PotClosed, PotKeyReused, InsufficientFunds, AccountFrozen.
    """
    return _move(key, pot_id, amount, actor)


@command("banking.pots.take_out")
def take_out(*, key: UUID, pot_id: UUID, amount: Money, actor: Actor) -> PotView:
    """Let money of a pot be spent again; the same key does it once.

    Locks: as put_in. Raises: PotUnknown, PotClosed, PotKeyReused, PotTooSmall, AccountFrozen when
    a part stays in the pot of a frozen wallet.
    """
    return _move(key, pot_id, -amount, actor)


@command("banking.pots.close")
def close(*, pot_id: UUID, actor: Actor) -> PotView:
    """Close a pot and let what is in it be spent again; closing twice is closing once.

    Locks: as put_in. Raises: PotUnknown.
    """
    pot = _locked(pot_id, even_closed=True)
    if pot.closed_at is None:
        saved = queries.pot(pot_id=pot_id).saved
        if saved:
            _keep(pot, -saved, Money.zero(saved.currency), derived_id(pot_id, "closed"), actor)
        pot.closed_at = clock.now()
        session().flush()
    return queries.pot(pot_id=pot_id)


def _move(key: UUID, pot_id: UUID, amount: Money, actor: Actor) -> PotView:
    pot = _locked(pot_id, even_closed=True)
    moved = session().get(PotMove, key)
    if moved is not None:
        if (moved.pot_id, moved.amount_minor) != (pot_id, amount.minor):
            raise PotKeyReused
        return queries.pot(pot_id=pot_id)
    if pot.closed_at is not None:
        raise PotClosed
    saved = queries.pot(pot_id=pot_id).saved
    if (saved + amount).minor < 0:
        raise PotTooSmall(saved=saved)
    # The ledger would refuse it too, but count what is in the pot already on both sides.
    available = wallets.wallet(wallet_id=pot.wallet_id).available
    if amount > available:
        raise InsufficientFunds(available=available, needed=amount)
    _keep(pot, amount, saved + amount, key, actor)
    return queries.pot(pot_id=pot_id)


def _keep(found: Pot, amount: Money, saved: Money, key: UUID, actor: Actor) -> None:
    """Let the wallet hold exactly what is in the pot from here on.

    The account stays locked from the first act to the commit, so nobody spends in between.
    """
    if found.hold_id is not None:
        ledger.release(hold_id=found.hold_id, key=derived_id(key, "pot_released"), actor=actor)
        found.hold_id = None
    if saved:
        held = wallet_service.hold(
            key=derived_id(key, "pot_kept"),
            wallet_id=found.wallet_id,
            amount=saved,
            reason=SET_ASIDE,
            subject=queries.subject_of(found.id),
            expires_at=rules.NEVER,
            actor=actor,
        )
        found.hold_id = held.id
    session().add(
        PotMove(key=key, pot_id=found.id, amount_minor=amount.minor, moved_at=clock.now())
    )
    session().flush()


def _locked(pot_id: UUID, *, even_closed: bool = False) -> Pot:
    pot = session().get(Pot, pot_id, with_for_update=True, populate_existing=True)
    if pot is None:
        raise PotUnknown
    if pot.closed_at is not None and not even_closed:
        raise PotClosed
    return pot
