"""What the bank's pages show, each from few statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text

from banking.accounts.parties.queries import Owner, owner_for
from banking.accounts.wallets import queries as wallets
from banking.accounts.wallets.errors import CurrencyNotOffered, WalletUnknown
from banking.accounts.wallets.queries import SET_ASIDE, WalletView
from banking.cards.card_topups import queries as payments
from banking.cards.card_topups.errors import NoCardLimits
from banking.cards.card_topups.queries import CardLimits
from banking.core.fx.errors import NoRate, StaleRate
from banking.core.fx.queries import RateTable, convert
from banking.merchants.escrow.queries import PURPOSES, kept_for
from banking.online.home import rules
from banking.online.home.counterparties import name_sellers, named
from banking.online.home.rules import (
    HeldLine,
    MovementDay,
    MovementLine,
    MovementWords,
    Pending,
    SubjectPage,
    Total,
    by_day,
)
from kernel.actor import Actor
from kernel.db import session
from kernel.ids import new_id
from kernel.money import CURRENCIES, Money
from kernel.money import total as sum_of
from kernel.statements import read_sql
from kernel.text import Message

__all__ = [
    "PAGE",
    "Activity",
    "MovementDay",
    "MovementLine",
    "MovementWords",
    "TopUpForm",
    "WalletLine",
    "activity",
    "by_day",
    "describe",
    "kinds_in_words",
    "lines_of",
    "name_movements",
    "name_sellers",
    "name_subjects",
    "named",
    "newest",
    "shown_wallet",
    "top_up_form",
    "total_of",
]

PAGE = 40
_RECENTLY = timedelta(days=3)
_RECENT = text(read_sql(__file__, "recent"))

_words: dict[str, MovementWords] = dict(rules.WORDS)
_pages: dict[str, SubjectPage] = {
    "T-": SubjectPage("bank.top_up_result", "ref"),
    "X-": SubjectPage("bank.exchanged", "ref"),
    "CR-": SubjectPage("to_card.show", "ref"),
    "CD-": SubjectPage("disputes.show", "ref"),
    "W-": SubjectPage("pay.transfer", "ref"),
    "PO-": SubjectPage("payouts.show", "ref"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WalletLine:
    """A wallet on the overview. Units: share is what is available, in percent.

    Shape: holds are those that end by themselves; aside is what its owner keeps in pots; ordered
    was paid from it for orders and is kept for them, beside the wallet; share is of all these and
    of what is available, None when there is nothing.
    """

    wallet: WalletView
    share: int | None
    holds: Sequence[HeldLine]
    aside: Money
    ordered: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """A page of a wallet's movements. Shape: before leads to the next page, None at the end."""

    owner: Owner
    line: WalletLine
    days: Sequence[MovementDay]
    before: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TopUpForm:
    """The form for money by card.

    Shape: limits by currency that a card can pay in, one of which is chosen (empty with none);
    opens says that the chosen one has no wallet yet; refusal is why it is not the one asked for;
    amount is what somebody came for, as far as a card pays it at once.
    """

    owner: Owner
    limits: Mapping[str, CardLimits]
    currency: str
    opens: bool
    refusal: Message | None
    amount: Money | None
    key: UUID


def kinds_in_words() -> Mapping[str, MovementWords]:
    """Return how every kind of journal reads that has words of its own."""
    return _words


def name_movements(words: Mapping[str, MovementWords]) -> None:
    """Let an upper floor say how its kinds of journal read on a customer's page."""
    _words.update(words)


def name_subjects(pages: Mapping[str, SubjectPage]) -> None:
    """Let an upper floor say which page belongs to references with a prefix, like `G-`."""
    _pages.update(pages)


def activity(actor: Actor, *, account: UUID | None, currency: str, before: int | None) -> Activity:
    """Return a page of movements of one wallet, newest first.

    Raises: NotFound, WalletUnknown.
    """
    owner = owner_for(actor, account)
    wallet = wallets.wallet_for(owner_id=owner.id, currency=currency, with_closed=True)
    if wallet is None:
        raise WalletUnknown
    lines = newest([wallet], count=PAGE + 1, before=before)
    return Activity(
        owner=owner,
        line=lines_of([wallet])[0],
        days=rules.by_day(lines[:PAGE]),
        before=lines[PAGE - 1].entry_id if len(lines) > PAGE else None,
    )


def total_of(balances: Iterable[tuple[Money, Money]], base: str, rates: RateTable) -> Total:
    """Return balances in one currency, each converted once at the day's mid rate.

    Shape: balances are (posted, held) pairs.
    """
    amount, held = Money.zero(base), Money.zero(base)
    unrated: list[str] = []
    dates: list[date] = []
    attributions: dict[str, None] = {}
    for posted, on_hold in balances:
        if posted.currency == base:
            amount, held = amount + posted, held + on_hold
            continue
        try:
            rate = rates.rate(posted.currency, base)
        except (NoRate, StaleRate):
            unrated.append(posted.currency)
            continue
        amount += convert(posted, base, rate)
        held += convert(on_hold, base, rate)
        dates.append(rate.rate_on)
        attributions[rate.attribution] = None
    return Total(amount, held, min(dates, default=None), " ".join(attributions), unrated)


def top_up_form(
    actor: Actor, *, account: UUID | None, asked: str, shown: str, missing: int = 0
) -> TopUpForm:
    """Return the form for money by card, in a currency asked for or the one prices are shown in.

    What is asked for is offered whether or not there is a wallet in it. Units: missing in minor
    units of the currency asked for. Raises: NotFound.
    """
    owner = owner_for(actor, account)
    known = wallets.wallets_of(owner_id=owner.id, with_closed=True)
    owned = [wallet.currency for wallet in known if not wallet.is_closed]
    likely = shown if shown in owned or not owned else owned[0]
    wanted = asked if asked in CURRENCIES else likely
    limits = _card_limits([*owned, wallets.wallet_currency(wanted)])
    if not limits:
        limits = _card_limits([wallets.STAND_IN])
    chosen = wallets.wallet_currency(wanted)
    if chosen not in limits:
        chosen = next(iter(limits), "")
    return TopUpForm(
        owner=owner,
        limits=limits,
        currency=chosen,
        opens=chosen not in {wallet.currency for wallet in known},
        refusal=None if chosen == wanted else _refusal(wanted),
        amount=_within(missing, limits[chosen]) if missing and chosen == asked else None,
        key=new_id(),
    )


def _within(missing: int, limits: CardLimits) -> Money:
    wanted = Money(missing, limits.smallest.currency)
    return min(max(wanted, limits.smallest), limits.largest)


def _card_limits(currencies: Iterable[str]) -> dict[str, CardLimits]:
    """Return the limits of those currencies that cards are taken in, in the order given."""
    by_currency = {currency: _limits(currency) for currency in dict.fromkeys(currencies)}
    return {currency: limits for currency, limits in by_currency.items() if limits is not None}


def _refusal(currency: str) -> Message:
    is_kept = currency in wallets.WALLET_CURRENCIES
    words = NoCardLimits.message if is_kept else CurrencyNotOffered.message
    return Message(words, {"currency": currency})


def shown_wallet(actor: Actor, *, currency: str) -> WalletView | None:
    """Return the wallet the page's header shows: the visitor's currency, else the first."""
    if not actor.is_signed_in:
        return None  # a guest has none
    owned = wallets.wallets_of(owner_id=actor.somebody())
    return next((w for w in owned if w.currency == currency), owned[0] if owned else None)


def lines_of(owned: Sequence[WalletView]) -> list[WalletLine]:
    """Return wallets as their lines on a page."""
    ordered = kept_for(wallet_ids=[wallet.id for wallet in owned]) if owned else {}
    return [_line(wallet, ordered.get(wallet.id)) for wallet in owned]


def _line(wallet: WalletView, ordered: Money | None) -> WalletLine:
    beside = ordered or Money.zero(wallet.currency)
    whole = wallet.posted + beside
    aside = [hold.remaining for hold in wallet.holds if hold.reason == SET_ASIDE]
    return WalletLine(
        wallet=wallet,
        share=rules.share(part=wallet.available, whole=whole) if whole.minor > 0 else None,
        holds=[
            HeldLine(
                remaining=hold.remaining,
                reason=hold.reason,
                subject=hold.subject,
                page=_page_of(hold.subject),
                expires_at=hold.expires_at,
            )
            for hold in wallet.holds
            if hold.reason != SET_ASIDE
        ],
        aside=sum_of(aside, wallet.currency),
        ordered=beside,
    )


def _page_of(subject: str) -> SubjectPage | None:
    return _pages.get(subject.split("-", maxsplit=1)[0] + "-")


def _limits(currency: str) -> CardLimits | None:
    try:
        return payments.limits(currency=currency)
    except NoCardLimits:
        return None


def newest(
    owned: Sequence[WalletView], *, count: int, before: int | None = None
) -> list[MovementLine]:
    """Return the newest movements of wallets in words; `before` is an entry to go on from.

    None is newer than the balances that the wallets show.
    """
    where = {
        "accounts": [w.account_id for w in owned],
        "last": [w.last_entry for w in owned],
        "count": count,
        "before": before,
    }
    return named([describe(row) for row in session().execute(_RECENT, where)])


def note(*, kind: str, memo: str) -> str:
    """Return what somebody wrote to a movement; what the ledger notes of an order is not."""
    return "" if kind.startswith("escrow_") and memo in PURPOSES else memo


def describe(found: Row[Any]) -> MovementLine:
    """Return a row of entries and journals in words."""
    words = _words.get(found.kind, rules.OTHER)
    amount = Money(found.amount, found.currency)
    after = None if found.balance_after is None else Money(found.balance_after, found.currency)
    pending = getattr(found, "pending", None)
    return MovementLine(
        entry_id=found.id,
        sign=words.drawn(amount),
        title=Message(words.incoming if amount.minor > 0 else words.outgoing),
        subject=found.subject if "-" in found.subject else "",
        memo=note(kind=found.kind, memo=found.memo),
        page=_page_of(found.subject),
        amount=amount,
        balance_after=after,
        on=found.booked_at.date(),
        pending=Pending(pending) if pending else None,
        names=[found.name] if getattr(found, "name", None) else [],
        sellers={UUID(key): name for key, name in (getattr(found, "sellers", None) or {}).items()},
    )
