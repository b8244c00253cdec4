"""What the bank's pages show, each from few statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Row, text

from banking.desk import rules
from banking.desk.courses import DAYS, course_of, mid_of
from banking.desk.rules import MovementDay, MovementLine, MovementWords, SubjectPage, Total
from banking.fx import queries as fx
from banking.fx.errors import NoRate, StaleRate
from banking.fx.queries import ExecutionView, QuoteView, Rate, RateBook, convert
from banking.payments import queries as payments
from banking.payments.errors import NoCardLimits
from banking.payments.queries import CardLimits, TopUpView
from banking.wallets import queries as wallets
from banking.wallets.errors import WalletUnknown
from banking.wallets.queries import WALLET_CURRENCIES, WalletView
from kernel import clock
from kernel.actor import Actor
from kernel.db import session
from kernel.errors import NotFound
from kernel.identity import queries as identity
from kernel.identity.queries import SessionView
from kernel.ids import new_id
from kernel.money import Money
from kernel.text import Message

PAGE = 40
_RECENTLY = timedelta(days=3)
_RECENT = text(
    """
    SELECT e.id, j.kind, j.subject, e.amount, e.currency, e.balance_after, e.memo, j.booked_at
    FROM banking.entries e JOIN banking.journals j ON j.id = e.journal_id
    WHERE e.account_id = ANY(CAST(:accounts AS bigint[])) AND e.phase = 1
        AND (CAST(:before AS bigint) IS NULL OR e.id < :before)
    ORDER BY e.id DESC LIMIT :count
    """
)

_words: dict[str, MovementWords] = dict(rules.WORDS)
_pages: dict[str, SubjectPage] = {
    "T-": SubjectPage("bank.top_up_result", "ref"),
    "X-": SubjectPage("bank.exchanged", "ref"),
    "W-": SubjectPage("pay.transfer", "ref"),
}


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose wallets a page shows. Shape: argument is what addresses carry, None for oneself."""

    id: UUID
    kind: Literal["person", "organisation"]
    name: str

    @property
    def argument(self) -> UUID | None:
        """The owner as an argument of addresses; a person's own bank has none."""
        return self.id if self.kind == "organisation" else None


@dataclass(frozen=True, slots=True, kw_only=True)
class WalletLine:
    """A wallet on the overview. Units: share is what is available, in percent."""

    wallet: WalletView
    share: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """A page of a wallet's movements. Shape: before leads to the next page, None at the end."""

    owner: Owner
    line: WalletLine
    days: Sequence[MovementDay]
    before: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TopUpForm:
    """The form for money by card. Shape: limits by currency of the wallets cards can pay into."""

    owner: Owner
    wallets: Sequence[WalletView]
    limits: Mapping[str, CardLimits]
    currency: str
    key: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeForm:
    """The form for an exchange.

    Shape: rated are the currencies that can be bought; rate is the mid rate in force of what is
    chosen, points are those of the last days, oldest first.
    """

    owner: Owner
    wallets: Sequence[WalletView]
    rated: Sequence[str]
    give: str
    get: str
    days: int = DAYS
    rate: Rate | None = None
    points: Sequence[tuple[date, Decimal]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The bank's first page.

    Shape: offered are currencies without a wallet; course is the sum of all wallets by day, oldest
    first; pending are card payments nobody knows the end of; device is another place where the
    owner signed in during the last days.
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
    device: SessionView | None


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeResult:
    """An exchange that was made, with both wallets after it."""

    owner: Owner
    made: ExecutionView
    wallets: Sequence[WalletView]


def name_movements(words: Mapping[str, MovementWords]) -> None:
    """Let an upper floor say how its kinds of journal read on a customer's page."""
    _words.update(words)


def name_subjects(pages: Mapping[str, SubjectPage]) -> None:
    """Let an upper floor say which page belongs to references with a prefix, like `G-`."""
    _pages.update(pages)


def owner_for(actor: Actor, account: UUID | None = None) -> Owner:
    """Return whose bank somebody may look at: their own, or a company's they work for.

    Raises: NotFound.
    """
    assert actor.person_id is not None, "the permission lets people in only"
    if account is None or account == actor.person_id:
        person = identity.person(actor.person_id)
        return Owner(actor.person_id, "person", person.name if person else "")
    company = identity.organisation(account) if account in actor.organisation_ids else None
    if company is None:
        raise NotFound
    return Owner(company.id, "organisation", company.name)


def overview(actor: Actor, *, account: UUID | None, base: str) -> Overview:
    """Return balances, their sum in one currency and the last movements.

    Raises: NotFound.
    """
    owner = owner_for(actor, account)
    owned = wallets.wallets_of(owner_id=owner.id)
    book = fx.rates_on()
    held = {wallet.currency for wallet in owned}
    counted = _rated_base(base, book)
    form = _exchange_form(owner, owned, book, base, "")
    return Overview(
        owner=owner,
        others=[
            owner_for(actor, other)
            for other in sorted({actor.person_id or owner.id, *actor.organisation_ids})
            if other != owner.id
        ],
        total=total_of([(w.posted, w.held) for w in owned], counted, book),
        wallets=[_line(wallet) for wallet in owned],
        days=rules.by_day(_movements([w.account_id for w in owned], count=10)),
        offered=[currency for currency in WALLET_CURRENCIES if currency not in held],
        course=course_of(owned, base=counted, book=book),
        exchange=form if any(w.available for w in form.wallets) else None,
        pending=payments.in_doubt_of(owner_id=owner.id),
        device=_other_device(actor),
    )


def _other_device(actor: Actor) -> SessionView | None:
    """Return where else the actor signed in during the last days, for them to recognise."""
    since = clock.now() - _RECENTLY
    return next(
        (s for s in identity.sessions_of(actor) if not s.is_this_one and s.created_at > since), None
    )


def activity(actor: Actor, *, account: UUID | None, currency: str, before: int | None) -> Activity:
    """Return a page of movements of one wallet, newest first.

    Raises: NotFound, WalletUnknown.
    """
    owner = owner_for(actor, account)
    wallet = wallets.wallet_for(owner_id=owner.id, currency=currency)
    if wallet is None:
        raise WalletUnknown
    lines = _movements([wallet.account_id], count=PAGE + 1, before=before)
    return Activity(
        owner=owner,
        line=_line(wallet),
        days=rules.by_day(lines[:PAGE]),
        before=lines[PAGE - 1].entry_id if len(lines) > PAGE else None,
    )


def total_of(balances: Iterable[tuple[Money, Money]], base: str, book: RateBook) -> Total:
    """Return balances in one currency, each converted once at the day's mid rate.

    Shape: balances are (posted, held) pairs.
    """
    amount, held = Money.zero(base), Money.zero(base)
    unrated: list[str] = []
    dates: list[date] = []
    attributions: dict[str, None] = {}
    for posted, kept in balances:
        if posted.currency == base:
            amount, held = amount + posted, held + kept
            continue
        try:
            rate = book.rate(posted.currency, base)
        except (NoRate, StaleRate):
            unrated.append(posted.currency)
            continue
        amount += convert(posted, base, rate)
        held += convert(kept, base, rate)
        dates.append(rate.rate_on)
        attributions[rate.attribution] = None
    return Total(amount, held, min(dates, default=None), " ".join(attributions), unrated)


def top_up_form(actor: Actor, *, account: UUID | None, currency: str) -> TopUpForm:
    """Return the form for money by card. Raises: NotFound."""
    owner = owner_for(actor, account)
    owned = wallets.wallets_of(owner_id=owner.id)
    limits = {wallet.currency: _limits(wallet.currency) for wallet in owned}
    known = {code: found for code, found in limits.items() if found is not None}
    payable = [wallet for wallet in owned if wallet.currency in known]
    chosen = currency if currency in known else next(iter(known), "")
    return TopUpForm(owner=owner, wallets=payable, limits=known, currency=chosen, key=new_id())


def top_up_for(actor: Actor, ref: str) -> tuple[Owner, TopUpView]:
    """Return a top-up and whose it is. Raises: PaymentUnknown, NotFound."""
    found = payments.top_up_by_ref(ref=ref)
    return owner_for(actor, found.owner_id), found


def exchange_form(
    actor: Actor, *, account: UUID | None, give: str, get: str, days: int = DAYS
) -> ExchangeForm:
    """Return the form for an exchange, with the rates of the last days. Raises: NotFound."""
    owner = owner_for(actor, account)
    owned = wallets.wallets_of(owner_id=owner.id)
    book = fx.rates_on()
    form = _exchange_form(owner, owned, book, give, get, days)
    if not form.give or not form.get:
        return form
    points = fx.history(base=form.give, quote=form.get, days=days)
    return replace(
        form,
        rate=mid_of(book, form.give, form.get),
        points=[(point.on, point.mid) for point in points],
    )


def _exchange_form(
    owner: Owner, owned: Sequence[WalletView], book: RateBook, give: str, get: str,
    days: int = DAYS,
) -> ExchangeForm:  # fmt: skip
    rated = [currency for currency in WALLET_CURRENCIES if book.knows(currency)]
    held = [wallet.currency for wallet in owned if wallet.currency in rated]
    chosen = give if give in held else next(iter(held), "")
    others = [currency for currency in (get, *held, *rated) if currency in rated]
    return ExchangeForm(
        owner=owner, wallets=[w for w in owned if w.currency in rated], rated=rated, give=chosen,
        get=next((c for c in others if c != chosen), ""), days=days,
    )  # fmt: skip


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
        owner=owner, made=made, wallets=[w for w in owned if w.currency in touched]
    )


def shown_wallet(actor: Actor, *, currency: str) -> WalletView | None:
    """Return the wallet the page's header shows: the visitor's currency, else the first."""
    if actor.person_id is None:
        return None
    owned = wallets.wallets_of(owner_id=actor.person_id)
    return next((w for w in owned if w.currency == currency), owned[0] if owned else None)


def _line(wallet: WalletView) -> WalletLine:
    return WalletLine(wallet=wallet, share=rules.share(part=wallet.available, whole=wallet.posted))


def _limits(currency: str) -> CardLimits | None:
    try:
        return payments.limits(currency=currency)
    except NoCardLimits:
        return None


def _rated_base(base: str, book: RateBook) -> str:
    return base if book.knows(base) else "EUR"


def _movements(
    accounts: Sequence[int], *, count: int, before: int | None = None
) -> list[MovementLine]:
    where = {"accounts": list(accounts), "count": count, "before": before}
    return [describe(row) for row in session().execute(_RECENT, where)]


def describe(found: Row[Any]) -> MovementLine:
    """Return a row of entries and journals in words."""
    words = _words.get(found.kind, rules.OTHER)
    amount = Money(found.amount, found.currency)
    prefix = found.subject.split("-")[0] + "-"
    after = None if found.balance_after is None else Money(found.balance_after, found.currency)
    return MovementLine(
        entry_id=found.id,
        sign=words.sign,
        title=Message(words.incoming if amount.minor > 0 else words.outgoing),
        subject=found.subject if "-" in found.subject else "",
        memo=found.memo,
        page=_pages.get(prefix),
        amount=amount,
        balance_after=after,
        on=found.booked_at.date(),
    )
