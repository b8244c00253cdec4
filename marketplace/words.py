"""What templates call things of the shop by, in the language of the page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from markupsafe import Markup

from insurance.api import ADDS, CARRIER, WITHOUT, Cause, Gain, Interest, PolicyState, level_name
from kernel.text import N_, Message
from kernel.web.formats import country_name, format_row, format_title, sentence_gap
from kernel.web.i18n import current_locale, translate
from kernel.web.scripts import is_read
from marketplace.buying.buyers import queries as buyers
from marketplace.buying.orders.queries import LineView, OrderState
from marketplace.catalogue.pictures.queries import Picture, StoredPicture, one_file
from marketplace.catalogue.pictures.queries import picture as kept_picture
from marketplace.catalogue.products import queries as catalogue
from marketplace.catalogue.products.queries import hazard_message, in_language
from marketplace.catalogue.vendors.queries import VendorView

_POLICIES = {
    PolicyState.BOUND: N_("Starts with the first scan"),
    PolicyState.ATTACHED: N_("In force"),
    PolicyState.COMPLETED: N_("Ended with delivery"),
    PolicyState.CANCELLED: N_("Cancelled"),
    PolicyState.VOIDED: N_("Void"),
    PolicyState.EXHAUSTED: N_("Ended, paid in full"),
}
_KINDS = {
    OrderState.PAID: "wait",
    OrderState.DISPATCHED: "info",
    OrderState.IN_TRANSIT: "info",
    OrderState.CUSTOMS: "info",
    OrderState.DELIVERED: "ok",
    OrderState.COMPLETED: "ok",
    OrderState.LOST: "warn",
    OrderState.INDEMNIFIED: "ok",
    OrderState.BORNE: "warn",
    OrderState.REFUNDED: "info",
    OrderState.CANCELLED: "info",
}


def picture_of_line(path: str) -> Picture:
    """Return what a page needs to show goods by the path that a line of an order keeps."""
    return one_file(path)


def picture_of_upload(picture: Mapping[str, Any] | StoredPicture) -> Picture:
    """Return what a page needs to show a vendor's own picture; the row beside it says the rest."""
    row = asdict(picture) if isinstance(picture, StoredPicture) else picture
    return kept_picture(row, wanted=240)


def title_in(titles: Mapping[str, str]) -> str:
    """Return what goods are called in the page's language, or as close as the vendor wrote."""
    return format_title(in_language(titles, current_locale()))


def seller_name(vendor: VendorView) -> Markup:
    """Return a shop's name, with its Latin reading where the page's language has other letters."""
    return _with_latin(vendor.name, vendor.name_latin)


def seller_city(vendor: VendorView) -> Markup:
    """Return where a shop is in both readings, for the page about it."""
    return _with_latin(vendor.city, vendor.city_latin)


def _with_latin(written: str, latin: str) -> Markup:
    own = Markup("<bdi>{}</bdi>").format(written)
    if not latin or latin == written or is_read(written):
        return own
    return Markup(" · ").join((own, Markup("<bdi>{}</bdi>").format(latin)))


def seller_short(vendor: VendorView) -> Markup:
    """Return a shop's name once, in letters that the page's readers know."""
    return short_name(vendor.name, vendor.name_latin)


def short_name(name: str, latin: str) -> Markup:
    """Return a name once: as it is written where readers know its letters, else in Latin ones."""
    return Markup("<bdi>{}</bdi>").format(name if is_read(name) else latin or name)


def seller_place(vendor: VendorView) -> str:
    """Return the town a shop sends from once, or its country, in letters that readers here know."""
    if is_read(vendor.city):
        return vendor.city
    return vendor.city_latin or country_name(vendor.country)


def seller_origin(vendor: VendorView) -> str:
    """Return town and country a shop sends from, the country alone if the town is unread."""
    return format_row(*dict.fromkeys((seller_place(vendor), country_name(vendor.country))))


def address_words(address: Mapping[str, Any]) -> str:
    """Return a place in one row, as its country writes it: 2-19-15 Jingumae, 150-0001 Shibuya-ku.

    Shape: address holds lines, postcode, city, region and country.
    """
    return format_row(*_parts(address, lines=address["lines"]))


def town_words(address: Mapping[str, Any]) -> str:
    """Return a place without its streets: 69001 Lyon."""
    return format_row(*_parts({**address, "region": ""}, lines=()))


def phone_words(phone: str, country: str) -> str:
    """Return a telephone number as people of a country write it; one of another has its code."""
    return buyers.phone_in(country, phone)


def _parts(address: Mapping[str, Any], *, lines: Sequence[str]) -> list[str]:
    names = ("postcode", "city", "region")
    given = {name: str(address.get(name) or "") for name in names}
    return buyers.in_order(address["country"], lines=lines, **given)


def titles_in(lines: Sequence[LineView]) -> str:
    """Return what the goods of an order are called, side by side."""
    return format_row(*(title_in(line.titles) for line in lines))


def option_words(options: Mapping[str, str]) -> str:
    """Return the chosen form of goods: `Cobalt, large`."""
    known = catalogue.attributes()
    words = []
    for key, value in options.items():
        names = known[key].values.get(value) if key in known else None
        words.append(in_language(names.names, current_locale()) if names else value)
    return format_row(*words)


def hazards_in(hazards: Sequence[str]) -> list[str]:
    """Return what carriers must know of goods, in words."""
    return [translate(hazard_message(hazard)) for hazard in hazards]


def order_kind(state: OrderState) -> str:
    """Return the kind of chip a state is shown as."""
    return _KINDS[state]


def cover_name(perils: Iterable[Cause]) -> str:
    """Return what a cover is called that pays for some causes."""
    return translate(level_name(perils))


def cover_adds(gains: Mapping[Cause, Gain]) -> list[str]:
    """Return what a cover adds to what its holder is owed anyway, a sentence for each cause."""
    return [translate(ADDS[cause, gain]) for cause, gain in gains.items()]


def without_cover(*, is_for_business: bool) -> str:
    """Return what seller and carrier owe for what happens on the way to a buyer without cover."""
    owed = WITHOUT[Interest.BUSINESS if is_for_business else Interest.CONSUMER]
    return sentence_gap().join((translate(owed), translate(CARRIER)))


def policy_words(state: PolicyState | str) -> str:
    """Return the marked sentence of a policy's state."""
    return _POLICIES[PolicyState(state)]


def delivery_words(delivery: Mapping[str, Any]) -> str:
    """Return service and carrier of a kept way."""
    return format_row(translate(Message(delivery["name"])), delivery["carrier"])


# What templates of every package may call.
GLOBALS = (
    picture_of_line,
    picture_of_upload,
    title_in,
    titles_in,
    seller_name,
    seller_city,
    seller_short,
    short_name,
    seller_place,
    seller_origin,
    address_words,
    town_words,
    phone_words,
    option_words,
    hazards_in,
    order_kind,
    cover_name,
    cover_adds,
    without_cover,
    policy_words,
    delivery_words,
)
