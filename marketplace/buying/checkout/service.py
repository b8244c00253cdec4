"""Commands of a checkout: start, say where, choose how, pay once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, text

from banking import api as bank
from insurance import api as cover
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.errors import HouseError
from kernel.ids import new_id, public_ref
from kernel.money import Money
from kernel.people.guests import service as guests
from kernel.people.identity.service import Seen
from marketplace.buying.buyers import queries as buyers
from marketplace.buying.buyers import service as address_book
from marketplace.buying.buyers.service import NewAddress
from marketplace.buying.cart import queries as carts
from marketplace.buying.cart import service as cart_service
from marketplace.buying.cart.errors import EmptyCart
from marketplace.buying.cart.queries import CartView
from marketplace.buying.checkout import choosing, parcels, paying, placing, queries, rules, standing
from marketplace.buying.checkout.choosing import Choice, Choices
from marketplace.buying.checkout.errors import (
    CoverUnread,
    NoAddress,
    NotBuyable,
    NotOffered,
    QuoteEnded,
    WalletTooSmall,
)
from marketplace.buying.checkout.models import Checkout
from marketplace.buying.checkout.paying import (
    BY_WALLET,
    Kind,
    Means,
    Paying,
    card_page,
    complete_all,
)
from marketplace.buying.checkout.placing import Paid
from marketplace.buying.checkout.queries import CheckoutView
from marketplace.catalogue.inventory import service as inventory
from marketplace.landed.pricing.errors import PriceChanged

__all__ = ["BY_WALLET", "Choice", "Choices", "Kind", "Means", "Paying", "card_page", "complete_all"]

# Of several starts at once each sees the one before: no cart is there to wait for when goods are
# bought at once.
_ONE_BY_ONE = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")


@dataclass(frozen=True, slots=True, kw_only=True)
class Basket:
    """What is bought, for whom, and how its page spoke.

    Shape: is_alone as in `start`; business_name as a checkout keeps it.
    """

    cart_id: UUID | None
    is_alone: bool
    locale: str
    country: str
    currency: str
    business_name: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a basket goes: an address of the book, or a new one; email is a guest's."""

    address_id: UUID | None
    address: NewAddress | None
    email: str = ""


@command("marketplace.checkout.start")
def start(
    *,
    cart_id: UUID | None,
    locale: str,
    country: str,
    currency: str,
    actor: Actor,
    is_alone: bool = False,
) -> str:
    """Keep the cart's goods for half an hour and open a checkout; return its reference.

    A cart that goes alone was set apart: the person's own stays as it is, and is not read.

    Goods that cannot be bought as they stand stay in the cart and do not stop the others.
    Prices are in the currency asked for, in euro where the bank keeps no wallets in it: whatever
    the pages before showed, a checkout can be paid.
    A checkout of the same person that is still open is left, and its goods with it.
    Locks: stock levels. Raises: EmptyCart, NotBuyable, InsufficientStock.
    """
    basket = Basket(
        cart_id=cart_id, is_alone=is_alone, locale=locale, country=country, currency=currency
    )
    checkout, _ = _kept(basket, actor, is_newcomer=False)
    session().add(checkout)
    session().flush()
    return checkout.ref


@command("marketplace.checkout.begin")
def begin(
    *,
    basket: Basket,
    actor: Actor,
    address_id: UUID | None = None,
    address: NewAddress | None = None,
    wishes: Mapping[str, str] | None = None,
) -> str:
    """Keep a basket's goods and price them for an address of the book, or a new one, at once.

    Locks, Raises: as `start` and `send_to`.
    """
    place = Place(address_id, address)
    return _begun(basket, place, wishes or {}, actor, is_newcomer=False)


@dataclass(frozen=True, slots=True)
class Opened:
    """A checkout that was begun, and who it is of."""

    ref: str
    actor: Actor


def open_(
    *, basket: Basket, place: Place, wishes: Mapping[str, str], seen: Seen, actor: Actor
) -> Opened:
    """Begin to check out, as a guest where nobody is signed in.

    Locks, Raises: as `begin` and `begin_as_guest`.
    """
    if not actor.is_signed_in:
        return begin_as_guest(basket=basket, place=place, wishes=wishes, seen=seen, actor=actor)
    ref = begin(
        basket=basket,
        address_id=place.address_id,
        address=place.address,
        wishes=wishes,
        actor=actor,
    )
    return Opened(ref, actor)


@command("marketplace.checkout.begin_as_guest")
def begin_as_guest(
    *, basket: Basket, place: Place, wishes: Mapping[str, str], seen: Seen, actor: Actor
) -> Opened:
    """Let somebody without an account check out. Locks, Raises: as `begin`, and TooManyGuests."""
    known = place.address or buyers.address_for(actor, place.address_id or UUID(int=0))
    guest = guests.open_guest(
        email=place.email,
        name=known.name,
        locale=basket.locale,
        country=basket.country,
        device=seen.device,
        address=seen.address,
        actor=actor,
    )
    is_newcomer = guest.person_id != actor.person_id
    return Opened(_begun(basket, place, wishes, guest, is_newcomer=is_newcomer), guest)


@command("marketplace.checkout.send_to")
def send_to(
    *,
    ref: str,
    address_id: UUID | None = None,
    address: NewAddress | None = None,
    actor: Actor,
    wishes: Mapping[str, str] | None = None,
    email: str = "",
) -> None:
    """Set an address of the buyer's book, or a new one, and price every parcel that can go there.

    A guest may write down another mail address with it, while nothing is paid.

    What changed in the cart since the start is kept anew: what is priced is what is kept. Ways and
    covers chosen for an earlier address stay chosen where they are still offered; covers wished
    for in the cart are taken down unread.
    Shape: wishes maps a vendor's id to a level of cover.
    Locks: the checkout, stock levels. Raises: CheckoutOver, ReservationEnded, NoSuchAddress,
    TooManyAddresses, EmptyCart, NothingFits, InsufficientStock, AlreadyBought.
    """
    checkout = standing.opened(ref, actor)
    standing.unask(checkout, actor)
    place = address_book.destination(address_id=address_id, address=address, actor=actor)
    if actor.is_guest and email:
        guests.correct(email=email, name=place.name, actor=actor)
    checkout.country, checkout.address = place.country, address_book.plain(place)
    _price_again(checkout, actor, wishes or {})


@command("marketplace.checkout.choose")
def choose(
    *,
    ref: str,
    options: Mapping[int, str],
    covers: Mapping[int, Choice],
    business_name: str | None = None,
    actor: Actor,
) -> None:
    """Choose delivery and cover of each parcel, and for whom to buy, and price it anew.

    What is chosen already stays as it is, and so does a question whether to pay for it.
    Shape: options and covers map vendor id to what was chosen; a vendor without a cover choice has
    none; business_name is None for who buys for themselves, empty until the business is named.
    Locks: the checkout. Raises: CheckoutOver, ReservationEnded, NoAddress, NotOffered.
    """
    choosing.choose(standing.opened(ref, actor), Choices(options, covers, business_name), actor)


@command("marketplace.checkout.note_opened")
def note_opened(*, ref: str, insurer_key: str, language: str, actor: Actor) -> str:
    """Note that the product information of an insurer was opened in a language; return its country.

    The first time stays. Locks: the checkout. Raises: CheckoutOver, ReservationEnded, NotOffered
    for an insurer that sells no cover here.
    """
    row = standing.opened(ref, actor)
    checkout = queries.view_of(row)
    sellers = {level.insurer_key for parcel in checkout.parcels for level in parcel.levels}
    if insurer_key not in sellers:
        raise NotOffered
    paper = cover.information_of(insurer_key=insurer_key, language=language)
    row.opened = {paper: clock.now().isoformat()} | (row.opened or {})
    session().flush()
    return checkout.country


@command("marketplace.checkout.pay_in")
def pay_in(*, ref: str, currency: str, actor: Actor) -> None:
    """Price a checkout in another currency, as `start` takes it; what was chosen stays chosen.

    Locks: the checkout, stock levels. Raises: as refresh, and CardBegun.
    """
    checkout = standing.opened(ref, actor)
    paying.check_none_begun(checkout)
    checkout.currency = bank.wallet_currency(currency)
    refresh(ref=ref, actor=actor)


@command("marketplace.checkout.refresh")
def refresh(*, ref: str, actor: Actor) -> None:
    """Fetch new rates and fees for the choices as they are; cover stays chosen while offered.

    Locks: the checkout, stock levels. Raises: as send_to, and NoAddress.
    """
    checkout = standing.opened(ref, actor)
    if checkout.address is None:
        raise NoAddress
    standing.unask(checkout, actor)
    _price_again(checkout, actor, {})


def pay(
    *,
    ref: str,
    expected: Money,
    actor: Actor,
    means: Means = BY_WALLET,
    choices: Choices | None = None,
    language: str = "",
) -> Paying:
    """Pay, or bring the page up to date and say what changed. What was chosen stays chosen.

    Shape: choices are what the page was left with, None where they were kept before; language is
    that of the page, in which the product information has to be opened, empty for any.
    Raises: QuoteEnded, PriceChanged, TotalChanged and what `choose` and `pay_as_chosen` raise.
    """
    try:
        return pay_as_chosen(
            ref=ref,
            expected=expected,
            means=means,
            choices=choices,
            language=language,
            actor=actor,
        )
    except HouseError as refusal:
        if choices is not None:
            choose(
                ref=ref,
                options=choices.options,
                covers=choices.covers,
                business_name=choices.business_name,
                actor=actor,
            )
        if isinstance(refusal, (QuoteEnded, PriceChanged)):
            refresh(ref=ref, actor=actor)
        raise


@command("marketplace.checkout.pay")
def pay_as_chosen(
    *,
    ref: str,
    expected: Money,
    means: Means,
    choices: Choices | None,
    actor: Actor,
    language: str = "",
) -> Paying:
    """Turn a checkout into a paid order in one commit, ask its buyer to approve that, or a card.

    Stock is allocated, money held per vendor order, cover bound, mails queued: all or nothing.
    Twice is once: a paid checkout answers with its group, one that waits with its approval.
    Locks: the checkout, stock levels, the wallet, in this order. Events: OrderPlaced.
    Raises: CheckoutOver, ReservationEnded, TotalChanged, QuoteEnded, CoverUnread, WalletTooSmall,
    InsufficientFunds, ReducedLimit; by card also as the bank's start_purchase.
    """
    row = standing.locked(ref, actor)
    if row.group_ref is not None:
        return Paying(group_ref=row.group_ref)
    standing.check_open(row)
    rows = parcels.rows_of(row) if choices is None else choosing.choose(row, choices, actor)
    checkout = standing.as_shown(row, rows, expected)
    if checkout.has_unread_cover(language):
        raise CoverUnread
    if means.kind is not Kind.WALLET:
        return paying.begin(row, rows, checkout, means, actor)
    approval = _asked(row, checkout, actor)
    if not approval.is_given:
        return Paying(approval_id=approval.id)
    return Paying(group_ref=_place(row, checkout, approval.id, actor))


def _approved(approval: bank.Approval, actor: Actor) -> None:
    """Place the order in the transaction of the buyer's yes."""
    row = standing.opened(approval.subject, actor)
    if row.approval_id != approval.id:
        raise bank.ApprovalDiffers
    if not paying.approve(row, approval, actor):
        checkout = standing.as_shown(row, parcels.rows_of(row), approval.amount)
        _place(row, checkout, approval.id, actor)


def _not_placed(approval: bank.Approval, refusal: HouseError, actor: Actor) -> None:
    """Fetch new prices where the old ones have ended; that takes the question back."""
    if isinstance(refusal, (QuoteEnded, PriceChanged)):
        refresh(ref=approval.subject, actor=actor)


def _asked(row: Checkout, checkout: CheckoutView, actor: Actor) -> bank.Approval:
    """Return the approval of exactly this order: the one that waits already, or a new one.

    The goods stay kept while it waits; it ends when any price or rate of the order does.
    """
    asked = bank.approval_of(approval_id=row.approval_id) if row.approval_id else None
    is_same = asked is not None and asked.account == placing.bound_account(checkout)
    if asked is not None and is_same and asked.is_open(clock.now()):
        return asked
    standing.unask(row, actor)
    held_until = rules.kept_until(
        started_at=row.started_at, reserved_until=row.reserved_until, now=clock.now()
    )
    ends = min(held_until, *[parcel.valid_until for parcel in checkout.parcels])
    asked = placing.ask(checkout, until=ends, actor=actor)
    if asked.is_given:
        return asked
    if (available := queries.available_for(checkout)) < checkout.total:
        raise WalletTooSmall(available=available, missing=checkout.total - available)
    if held_until > row.reserved_until:
        inventory.keep_longer(key=row.reservation_key, until=held_until, actor=actor)
        row.reserved_until = held_until
    row.approval_id = asked.id
    session().flush()
    return asked


def _place(row: Checkout, checkout: CheckoutView, approval_id: UUID, actor: Actor) -> str:
    wallet = queries.wallet_for(checkout)
    if wallet is None:
        raise WalletTooSmall(available=Money.zero(checkout.currency), missing=checkout.total)
    placing.redeem(checkout, approval_id=approval_id, actor=actor)
    return placing.place(row, checkout, Paid(wallet_id=wallet.id), actor)


def _begun(
    basket: Basket, place: Place, wishes: Mapping[str, str], actor: Actor, *, is_newcomer: bool
) -> str:
    """Keep a basket's goods, price them and write it all down; return the checkout's reference."""
    checkout, cart = _kept(basket, actor, is_newcomer=is_newcomer)
    to = address_book.destination(address_id=place.address_id, address=place.address, actor=actor)
    checkout.country, checkout.address = to.country, address_book.plain(to)
    rows = parcels.price_first(checkout, cart, actor)
    choosing.keep_covers(rows, {}, wishes)
    parcels.write_first(checkout, rows)
    return checkout.ref


def _kept(basket: Basket, actor: Actor, *, is_newcomer: bool) -> tuple[Checkout, CartView]:
    """Keep a basket's goods; return their checkout, which the caller writes, and its cart.

    A newcomer was written down in this very transaction, and has no other checkout.
    """
    person_id = actor.somebody()
    currency = bank.wallet_currency(basket.currency)
    cart_id = basket.cart_id
    if not basket.is_alone:
        cart_id = cart_service.adopt(cart_id=cart_id, actor=actor)
    if not is_newcomer:
        # First, so that nothing is sold out because the same person keeps it elsewhere.
        _leave_others(actor)
    cart = carts.cart_for(
        actor, cart_id, locale=basket.locale, currency=currency, is_alone=basket.is_alone
    )
    if cart.id is None or not cart.groups:
        raise EmptyCart
    ready = parcels.ready_pieces(cart)
    if not ready:
        raise NotBuyable
    key, until = new_id(), clock.now() + rules.KEPT
    inventory.reserve(key=key, lines=ready, cart_ref=str(cart.id), expires_at=until, actor=actor)
    checkout = Checkout(
        id=new_id(),
        ref=public_ref("C"),
        cart_id=cart.id,
        person_id=person_id,
        state="open",
        currency=currency,
        country=basket.country,
        locale=basket.locale,
        address=None,
        business_name=basket.business_name,
        aside=[],
        opened={},
        reservation_key=key,
        reserved_until=until,
        group_ref=None,
        started_at=clock.now(),
    )
    return checkout, cart


def _leave_others(actor: Actor) -> None:
    session().execute(_ONE_BY_ONE, {"name": f"marketplace.checkout of {actor.person_id}"})
    others = session().execute(
        select(Checkout)
        .where(Checkout.person_id == actor.person_id, Checkout.state == "open")
        .order_by(Checkout.id)
        .with_for_update()
    )
    for other in others.scalars():
        standing.unask(other, actor)
        other.state = "left"
        inventory.release_reservation(reservation_key=other.reservation_key, actor=actor)


def _price_again(checkout: Checkout, actor: Actor, wishes: Mapping[str, str]) -> None:
    """Price for the address as it is now; ways and covers stay chosen where they are offered."""
    rows = parcels.rows_of(checkout)
    before = {p.vendor_id: (p.cover, p.has_delay, p.informed_at) for p in rows}
    ways = {p.vendor_id: p.option for p in rows}
    choosing.keep_covers(parcels.price(checkout, ways, actor, or_cheapest=True), before, wishes)
    session().flush()


bank.register_approved(
    act=bank.Act.PURCHASE,
    execute=_approved,
    refused=_not_placed,
    page=bank.ResultPage("checkout.show", "ref", is_way_back=True),
)
