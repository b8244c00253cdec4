"""What the pages of an exchange show: the form, a quote to agree to, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from banking.accounts.parties.queries import Owner, owner_for
from banking.accounts.wallets import queries as wallets
from banking.accounts.wallets.queries import WALLET_CURRENCIES, WalletView
from banking.core.fx import queries as fx
from banking.core.fx.queries import ExecutionView, QuoteView, Rate, RateTable
from banking.online.home import rules
from banking.online.home.courses import DAYS, mid_of
from banking.online.home.queries import WalletLine, lines_of
from kernel import clock
from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeForm:
    """The form for an exchange.

    Shape: rated are the currencies that can be bought; rate is the mid rate in force of what is
    chosen, points are those of the last days, oldest first; wanted is what somebody came for.
    """

    owner: Owner
    wallets: Sequence[WalletView]
    rated: Sequence[str]
    give: str
    get: str
    days: int = DAYS
    rate: Rate | None = None
    points: Sequence[tuple[date, Decimal]] = ()
    wanted: Money | None = None

    @property
    def is_old(self) -> bool:
        """Whether the rate is older than weekends and holidays explain."""
        return self.rate is not None and self.rate.is_old(clock.today())


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotePage:
    """A quote to agree to. Units: left in percent of its life; seconds_left.

    Shape: before is the quote that this one follows; made is what it was used for.
    """

    owner: Owner
    quote: QuoteView
    before: QuoteView | None
    made: ExecutionView | None
    left: int
    seconds_left: int

    @property
    def is_open(self) -> bool:
        """Whether it can still be agreed to."""
        return self.seconds_left > 0 and self.quote.used_by is None

    @property
    def is_old(self) -> bool:
        """Whether its rate was older than weekends and holidays explain."""
        return self.quote.rate.is_old(self.quote.quoted_at.date())


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeResult:
    """An exchange that was made, with both wallets after it."""

    owner: Owner
    made: ExecutionView
    wallets: Sequence[WalletLine]


def exchange_form(
    actor: Actor, *, account: UUID | None, give: str, get: str, days: int = DAYS, missing: int = 0
) -> ExchangeForm:
    """Return the form for an exchange, with the rates of the last days.

    Units: missing in minor units of what is asked to be got. Raises: NotFound.
    """
    owner = owner_for(actor, account)
    owned = wallets.wallets_of(owner_id=owner.id)
    rates = fx.rates_on()
    form = form_of(owner, owned, rates, give, get, days)
    if not form.give or not form.get:
        return form
    points = fx.history(base=form.give, quote=form.get, days=days)
    return replace(
        form,
        rate=mid_of(rates, form.give, form.get),
        points=[(point.on, point.mid) for point in points],
        wanted=Money(missing, form.get) if missing and form.get == get else None,
    )


def form_of(
    owner: Owner,
    owned: Sequence[WalletView],
    rates: RateTable,
    give: str,
    get: str,
    days: int = DAYS,
) -> ExchangeForm:
    """Return the form with what an owner may give and get."""
    rated = [currency for currency in WALLET_CURRENCIES if rates.knows(currency)]
    held = [wallet.currency for wallet in owned if wallet.currency in rated]
    chosen = give if give in held else next(iter(held), "")
    others = [currency for currency in (get, *held, *rated) if currency in rated]
    return ExchangeForm(
        owner=owner,
        wallets=[w for w in owned if w.currency in rated],
        rated=rated,
        give=chosen,
        get=next((c for c in others if c != chosen), ""),
        days=days,
    )


def quote_page(actor: Actor, quote_id: UUID, *, before: UUID | None = None) -> QuotePage:
    """Return a quote to agree to. Raises: QuoteUnknown, NotFound."""
    quote = fx.quote_of(quote_id=quote_id)
    owner = owner_for(actor, quote.owner_id or quote.id)
    earlier = fx.quote_of(quote_id=before, owner_id=owner.id) if before else None
    now = clock.now()
    return QuotePage(
        owner=owner,
        quote=quote,
        before=earlier,
        made=fx.execution_of(execution_id=quote.used_by) if quote.used_by else None,
        left=rules.time_left(from_=quote.quoted_at, until=quote.valid_until, now=now),
        seconds_left=quote.seconds_left(now),
    )


def exchange_result(actor: Actor, ref: str) -> ExchangeResult:
    """Return an exchange that was made. Raises: NotFound."""
    made = fx.execution_by_ref(ref=ref)
    if made is None:
        raise NotFound
    quote = fx.quote_of(quote_id=made.quote_id)
    owner = owner_for(actor, quote.owner_id or quote.id)
    touched = {made.sold.currency, made.bought.currency}
    owned = wallets.wallets_of(owner_id=owner.id)
    return ExchangeResult(
        owner=owner, made=made, wallets=lines_of([w for w in owned if w.currency in touched])
    )
