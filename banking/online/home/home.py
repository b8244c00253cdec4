"""The bank's first page: what there is, what moved last, and what may be done next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from banking.accounts.limits import queries as limits
from banking.accounts.parties.queries import Owner, owner_for
from banking.accounts.wallets import queries as wallets
from banking.accounts.wallets.queries import WALLET_CURRENCIES
from banking.cards.card_topups import queries as payments
from banking.cards.card_topups.queries import TopUpView
from banking.core.fx import queries as fx
from banking.core.fx.queries import RateTable
from banking.online.home import rules
from banking.online.home.courses import course_of
from banking.online.home.exchanging import ExchangeForm, form_of
from banking.online.home.queries import WalletLine, lines_of, newest, total_of
from banking.online.home.rules import MovementDay, Total
from banking.online.home.signs import Waiting, signs_for
from kernel import clock
from kernel.actor import Actor
from kernel.money import Money
from kernel.people.identity import queries as identity
from kernel.people.identity.queries import SessionView

_RECENTLY = timedelta(days=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The bank's first page.

    Shape: offered are currencies without a wallet; course is the sum of all wallets by day, oldest
    first; pending are card payments nobody knows the end of, waiting transfers that have not left;
    device is another place where the owner signed in during the last days; nearly_spent is what
    limits leave where it is little; must_answer when the bank asked for something again.
    """

    owner: Owner
    others: Sequence[Owner]
    total: Total
    wallets: Sequence[WalletLine]
    days: Sequence[MovementDay]
    offered: Sequence[str]
    course: Sequence[tuple[date, Money]]
    exchange: ExchangeForm | None
    pending: Sequence[TopUpView]
    waiting: Sequence[Waiting]
    device: SessionView | None
    nearly_spent: Sequence[Money]
    must_answer: bool


def overview(actor: Actor, *, account: UUID | None, base: str) -> Overview:
    """Return balances, their sum in one currency and the last movements.

    Raises: NotFound.
    """
    owner = owner_for(actor, account)
    owned = wallets.wallets_of(owner_id=owner.id)
    rates = fx.rates_on()
    held = {wallet.currency for wallet in owned}
    counted = _rated_base(base, rates)
    form = form_of(owner, owned, rates, base, "")
    signs = signs_for(owner_id=owner.id)
    return Overview(
        owner=owner,
        others=[
            owner_for(actor, other)
            for other in sorted({actor.person_id or owner.id, *actor.organisation_ids})
            if other != owner.id
        ],
        total=total_of([(w.posted, w.held) for w in owned], counted, rates),
        wallets=lines_of(owned),
        days=rules.by_day(newest(owned, count=10)),
        offered=[currency for currency in WALLET_CURRENCIES if currency not in held],
        course=course_of(owned, base=counted, rates=rates),
        exchange=form if any(w.available for w in form.wallets) else None,
        pending=payments.in_doubt_of(owner_id=owner.id),
        waiting=signs.waiting,
        device=_other_device(actor),
        nearly_spent=[
            left.today for left in limits.left_today(owner_id=owner.id).values() if left.is_little
        ],
        must_answer=signs.must_answer,
    )


def _other_device(actor: Actor) -> SessionView | None:
    """Return where else the actor signed in during the last days, for them to recognise."""
    since = clock.now() - _RECENTLY
    return next(
        (s for s in identity.sessions_of(actor) if not s.is_this_one and s.created_at > since), None
    )


def _rated_base(base: str, rates: RateTable) -> str:
    return base if rates.knows(base) else "EUR"
