"""What the pages of a checkout show beside the checkout itself: what pays, and where it goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from banking import api as bank
from insurance import api as cover
from kernel.actor import Actor
from kernel.money import Money, exponent
from kernel.people.identity import queries as people
from kernel.text import Message
from kernel.web.preferences import Preferences
from marketplace.buying.buyers import queries as buyers
from marketplace.buying.buyers.queries import AddressView
from marketplace.buying.cart import queries as carts
from marketplace.buying.cart.queries import CartPage
from marketplace.buying.checkout import attempts, rules
from marketplace.buying.checkout.attempts import PaymentUnderWay
from marketplace.buying.checkout.queries import NEED, CheckoutView, ParcelView, checkout_for


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckoutPage:
    """The one page of a checkout.

    Shape: need is the sentence a buyer of cover ticks; cards are saved and still valid; available
    is what the wallet may spend, None without one, and while the bank would not show it
    (is_locked); share is what it could pay beside a card, zero where it pays all or nothing; others
    are wallets of other currencies with money that may be exchanged; is_known says whether the bank
    knows the buyer well enough to pay so much from the wallet there is; chosen is what pays unless
    somebody says otherwise.
    """

    checkout: CheckoutView
    need: Message
    email: str
    cards: Sequence[bank.SavedCardView]
    has_wallet: bool
    is_locked: bool
    available: Money | None
    share: Money
    others: Sequence[bank.WalletView]
    is_known: bool
    chosen: str
    way: PaymentUnderWay
    is_guest: bool
    language: str

    def is_opened(self, parcel: ParcelView, insurer_key: str) -> bool:
        """Whether the product information of an insurer was opened in the language of the page."""
        return parcel.opened_at(insurer_key, self.language) is not None

    def paper_called(self, insurer_key: str) -> str:
        """Return which product information of an insurer is due on the page."""
        return cover.information_of(insurer_key=insurer_key, language=self.language)

    @property
    def missing(self) -> Money | None:
        """What the wallet lacks to pay all of it."""
        short = self.checkout.total - (self.available or Money.zero(self.checkout.currency))
        return short if short.minor > 0 else None


@dataclass(frozen=True, slots=True)
class BasketPage:
    """Where a basket goes, asked before anything is kept: about what it costs, what is known.

    Shape: email is a guest's, empty for everybody else.
    """

    basket: CartPage
    addresses: list[AddressView]
    email: str


def basket_page(
    actor: Actor,
    cart_id: UUID | None,
    prefs: Preferences,
    wishes: Mapping[str, str],
    *,
    is_alone: bool,
    is_for_business: bool,
) -> BasketPage | None:
    """Return what the page before a checkout shows, None where nothing can be sent.

    Shape: wishes maps a vendor's id to the cover that was wished for.
    """
    cart = carts.cart_for(
        actor, cart_id, locale=prefs.locale, currency=prefs.currency, is_alone=is_alone
    )
    basket = carts.cart_page(cart, prefs, wishes, is_for_business=is_for_business)
    if not basket.parcels:
        return None
    if actor.person_id is None:
        return BasketPage(basket, [], "")
    email = _email_of(actor.person_id) if actor.is_guest else ""
    return BasketPage(basket, buyers.addresses_of(actor), email)


def address_page(actor: Actor, ref: str) -> tuple[CheckoutView, list[AddressView], str]:
    """Return the actor's own checkout, their addresses, and a guest's mail address.

    Raises: NotFound.
    """
    checkout = checkout_for(actor, ref)
    email = _email_of(checkout.person_id) if actor.is_guest else ""
    return checkout, buyers.addresses_of(actor), email


def _email_of(person_id: UUID) -> str:
    person = people.person(person_id)
    return person.email if person else ""


def checkout_page(
    actor: Actor, checkout: CheckoutView, *, wished: str, is_locked: bool, language: str
) -> CheckoutPage:
    """Return the page of the actor's own checkout, which is priced.

    Shape: wished is what was chosen to pay with before; is_locked hides what a wallet holds.
    """
    # A guest has neither a wallet nor a saved card.
    owner_id = actor.account_id
    wallets = bank.wallets_of(owner_id=owner_id) if owner_id else []
    mine = [wallet.available for wallet in wallets if wallet.currency == checkout.currency]
    shown = mine[0] if mine and not is_locked else None
    saved = bank.saved_cards_of(owner_id=owner_id) if owner_id else []
    cards = [card for card in saved if not card.is_expired]
    share = _share(shown, checkout.total)
    return CheckoutPage(
        checkout=checkout,
        need=Message(NEED),
        email=actor.email,
        cards=cards,
        has_wallet=bool(mine),
        is_locked=is_locked,
        available=shown,
        share=share,
        others=[
            w
            for w in wallets
            if not is_locked and w.currency != checkout.currency and w.available.minor > 0
        ],
        is_known=bool(mine) and bank.is_allowed(owner_id=checkout.person_id, amount=checkout.total),
        chosen=_chosen(wished, shown, share, checkout.total, [str(card.id) for card in cards]),
        way=attempts.under_way(actor, checkout.ref),
        is_guest=actor.is_guest,
        language=language,
    )


def _share(available: Money | None, total: Money) -> Money:
    step = 10 if exponent(total.currency) == 3 else 1
    minor = rules.even_share(available.minor if available else 0, total.minor, step)
    return Money(minor, total.currency)


def _chosen(
    wished: str, available: Money | None, share: Money, total: Money, cards: Sequence[str]
) -> str:
    saved = [f"saved:{card}" for card in cards]
    ready = ["wallet"] if available is not None and available >= total else []
    offered = [*ready, *saved, "card", *(["both"] if share else [])]
    return wished if wished in offered else offered[0]
