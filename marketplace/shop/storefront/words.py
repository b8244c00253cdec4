"""What the shop's templates call things, in the language of the page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from flask import g, request, url_for
from markupsafe import Markup

from kernel import clock
from kernel.config import settings
from kernel.money import Money
from kernel.text import N_, NP_, Country, Message
from kernel.web import preferences
from kernel.web.formats import (
    country_name,
    format_bp,
    format_date,
    format_hours,
    format_money,
    format_number,
    format_pair,
    format_rate,
    format_size,
    format_weight,
)
from kernel.web.i18n import say, translate
from kernel.web.scripts import is_read
from marketplace.aftersales.returns import queries as returns
from marketplace.buying.buyers.queries import phone_in
from marketplace.buying.orders.queries import Punctuality
from marketplace.catalogue.products.queries import hazard_message
from marketplace.catalogue.ratings.queries import Rating
from marketplace.catalogue.vendors.queries import VendorView
from marketplace.logistics.carriers.queries import ShippingOption
from marketplace.shop.storefront.arrivals import SOON
from marketplace.shop.storefront.facets import FacetLine
from marketplace.shop.storefront.mains import mains_words
from marketplace.shop.storefront.product_page import Rival, Showcase
from marketplace.shop.storefront.queries import SearchPage
from marketplace.shop.storefront.rules import FAMILIES, STARS, Query, is_wordy
from marketplace.shop.storefront.safety import answering, trader_address
from marketplace.trust.messages.queries import ARRIVAL_DAYS
from marketplace.trust.reviews.queries import ReviewView


def product_url(ref: str, slug: str) -> str:
    """Return a product's address; built by hand, since a shelf of cards asks for dozens."""
    return f"/{g.lang}/p/{ref}/{quote(slug)}"


def shelf_url(key: str) -> str:
    """Return a shelf's address; the navigation asks for a dozen on every page."""
    return f"/{g.lang}/c/{quote(key)}"


def facet_words(facet: str, line: FacetLine) -> str:
    """Return what a value of a facet is called."""
    if facet == "country":
        return country_name(line.value)
    if facet == "a.colour" and line.value in FAMILIES:
        return translate(FAMILIES[line.value])
    return line.words


def price_words(query: Query) -> str:
    """Return the bounds on the price as a filter is called: Price: €10.00 – €50.00.

    An open end is written as people write sums: at least, at most.
    """
    currency = preferences().currency
    low, high = (
        None if bound is None else format_money(Money(bound, currency))
        for bound in (query.low, query.high)
    )
    within = f"{low} – {high}" if low and high else f"≥ {low}" if low else f"≤ {high}"
    return format_pair(translate(N_("Price")), within)


NEAR = N_("No customs to clear")
_STARS = NP_("%(stars)d star and up", "%(stars)d stars and up", by="stars")


def star_words(stars: int) -> str:
    """Return what asking for so many stars is called."""
    return translate(Message(_STARS, {"stars": stars}))


def active_filters(page: SearchPage) -> list[tuple[str, Query]]:
    """Return what each filter in force is called, with the search without it."""
    return [(_filter_words(page, *way), looser) for way, looser in page.query.loosened.items()]


def ways_out(page: SearchPage) -> list[tuple[str, Query, int]]:
    """Return the filters whose end would show goods: words, the search, how many, most first."""
    looser = page.query.loosened
    return [(_filter_words(page, *way), looser[way], n) for way, n in page.ways_out.items()]


def _filter_words(page: SearchPage, facet: str, value: str) -> str:
    if facet == "price":
        return price_words(page.query)
    if facet == "stars":
        return star_words(page.query.stars)
    if facet == "by" and page.query.by:
        return format_pair(translate(N_("Arrives by")), format_date(page.query.by, "day"))
    if facet in {"stock", "near"}:
        return translate(N_("In stock") if facet == "stock" else NEAR)
    lines = [line for known in page.facets if known.name == facet for line in known.lines]
    return next((facet_words(facet, line) for line in lines if line.value == value), value)


def _may_arrive(page: SearchPage, day: date) -> bool:
    """Whether anything that was found may arrive by a day: where all of it is shown, it is seen."""
    if page.total > len(page.product_cards):
        return True
    return any(card.last_on and card.last_on <= day for card in page.product_cards)


def quick_filters(page: SearchPage) -> list[tuple[str, Query]]:
    """Return the filters most people ask for and are not in force, each with its search.

    What nearly every result has narrows nothing and is left out.
    """
    query, filters = page.query, []
    if not query.in_stock and 0 < page.in_stock < page.total:
        filters.append((translate(N_("In stock")), query.stocked()))
    if not query.is_near and 0 < page.near < page.total:
        filters.append((translate(NEAR), query.near(is_near=True)))
    liked = next((line.count for line in page.stars if line.value == STARS[0]), 0)
    if not query.stars and 0 < liked < page.total:
        filters.append((star_words(int(STARS[0])), query.starred(int(STARS[0]))))
    soon = clock.today() + timedelta(days=SOON)
    if query.by is None and page.notice is None and _may_arrive(page, soon):
        words = format_pair(translate(N_("Arrives by")), format_date(soon, "day"))
        filters.append((words, query.arriving(soon)))
    for facet in page.facets:
        if facet.name in {"country", "c"} and not query.values.get(facet.name):
            home = preferences().country
            lines = sorted(facet.lines, key=lambda line: line.value != home)[:3]
            filters += [
                (_promoted(facet.name, line), query.ticked(facet.name, line.value))
                for line in lines
                if line.count * 5 < page.total * 4
            ]
    return filters


def _promoted(facet: str, line: FacetLine) -> str:
    if facet == "country":
        return translate(Message(N_("Ships from %(country)s"), {"country": Country(line.value)}))
    return facet_words(facet, line)


def origin_note(offer: Rival) -> Markup | None:
    """Return the seller's own price, the rate and its day, when a price was converted."""
    price = offer.price
    if price is None or not price.is_converted or price.provenance.ratio is None:
        return None
    sentence = N_("%(home)s at %(rate)s of %(day)s")
    return say(
        Message(
            sentence,
            {
                "home": offer.home_price,
                "rate": format_rate(price.provenance.ratio),
                "day": format_date(price.provenance.rate_on, "short")
                if price.provenance.rate_on
                else "",
            },
        )
    )


def words_switch(*, is_original: bool) -> str:
    """Return this page's address with the shop's own words, or with a machine's again."""
    arguments = request.args.to_dict(flat=False)
    arguments.pop("original", None)
    query = urlencode(arguments | ({} if is_original else {"original": "1"}), doseq=True)
    return f"{request.path}?{query}" if query else request.path


_WORKING_DAYS = NP_("%(days)d working day", "%(days)d working days", by="days")


_ON_TIME = NP_(
    "%(share)s of %(orders)s order in the last %(days)s days",
    "%(share)s of %(orders)s orders in the last %(days)s days",
    by="count",
)


def trader_facts(
    vendor: VendorView, arrivals: Punctuality | None = None
) -> list[tuple[str, str | Markup]]:
    """Return who the trader is and how its parcels arrive.

    Source: Regulation (EU) 2022/2065, article 30.
    """
    legal = vendor.legal
    rows = [
        (N_("Legal name"), legal.get("name")),
        (N_("Address"), trader_address(vendor)),
        (N_("Registered"), legal.get("registration")),
        (N_("Email"), legal.get("email")),
        (N_("Phone number"), telephone(vendor)),
        (N_("Ships within"), translate(Message(_WORKING_DAYS, {"days": vendor.lead_time_days}))),
        (N_("On time"), on_time_words(arrivals)),
        (N_("Founded"), str(vendor.founded) if vendor.founded else None),
    ]
    return [(translate(label), value) for label, value in rows if value]


def telephone(vendor: VendorView) -> Markup | None:
    """Return a trader's number as it is dialled from abroad, None where the shop gave none."""
    number = vendor.legal.get("phone")
    if not number:
        return None
    shown = phone_in("", number).replace(" ", "\u00a0")  # a number stays on its line
    return Markup('<a href="tel:{}"><span class="ltr">{}</span></a>').format(number, shown)


def on_time_words(arrivals: Punctuality | None) -> str | None:
    """Return which share of orders came by the promised day, and of how many.

    In whole percent, rounded down: no shop with a late parcel is called perfect.
    """
    if arrivals is None or arrivals.on_time is None:
        return None
    share = format_bp(arrivals.on_time // 100 * 100)
    figures = {
        "share": share,
        "count": arrivals.delivered,
        "orders": format_number(arrivals.delivered),
        "days": ARRIVAL_DAYS,
    }
    return translate(Message(_ON_TIME, figures))


def goods_facts(page: Showcase) -> list[tuple[str, str]]:
    """Return the table of facts below the description."""
    rows: list[tuple[str, str]] = []
    if page.brand:
        rows.append((translate(N_("Brand")), _with_reading(page.brand, page.brand_latin)))
    rows += page.facts
    if page.weight_g:
        rows.append((translate(N_("Packed weight")), format_weight(page.weight_g)))
    if page.size_mm:
        rows.append((translate(N_("Packed size")), format_size(*page.size_mm)))
    rows += [
        (translate(N_("Transport")), translate(hazard_message(hazard))) for hazard in page.hazards
    ]
    if page.hs_code:
        rows.append((translate(N_("Customs code")), f"{page.hs_code[:4]}.{page.hs_code[4:]}"))
    if page.origin_country:
        rows.append((translate(N_("Made in")), country_name(page.origin_country)))
    rows.append((translate(N_("Product code")), page.sku))
    return rows


def _with_reading(written: str, latin: str) -> str:
    """Return a name, with its Latin reading for those who do not read its letters."""
    return f"{written} · {latin}" if latin and not is_read(written) else written


def product_data(page: Showcase, reviews: Sequence[ReviewView]) -> dict[str, Any]:
    """Return Product, Offer and what buyers say in the words of schema.org.

    The price and the reviews are those in sight.
    """
    assert page.offer is not None, "the page asks only with an offer"
    assert page.offer.price is not None, "and with a price"
    landed = page.preview.total if page.preview else None
    seen = landed or page.offer.price.money
    available = "InStock" if page.is_buyable else "OutOfStock"
    base = settings().base_url
    return {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": page.title,
        "sku": page.sku,
        "description": page.description,
        "image": [base + p.src for p in page.pictures],
        "brand": {"@type": "Brand", "name": page.brand} if page.brand else None,
        "offers": {
            "@type": "Offer",
            "price": str(seen.amount),
            "priceCurrency": seen.currency,
            "availability": f"https://schema.org/{available}",
            "url": base + url_for("storefront.product", ref=page.ref, slug=page.slug),
            "seller": {"@type": "Organization", "name": page.offer.vendor.name},
            "shippingDetails": _delivery_data(seen) if landed else None,
            "hasMerchantReturnPolicy": _return_data(),
        },
    } | (_review_data(page.rating, reviews) if page.rating else {})


def _review_data(rating: Rating, reviews: Sequence[ReviewView]) -> dict[str, Any]:
    base = settings().base_url
    return {
        "aggregateRating": {
            "@type": "AggregateRating",
            "ratingValue": str(rating.average),
            "reviewCount": rating.count,
            "bestRating": 5,
            "worstRating": 1,
        },
        "review": [
            {
                "@type": "Review",
                "name": one.title or None,
                "reviewBody": one.said_in(one.locale).excerpt,
                "inLanguage": one.locale,
                "datePublished": one.written_at.date().isoformat(),
                "author": {"@type": "Person", "name": one.author or country_name(one.country)},
                "image": [base + photo.large for photo in one.photos] or None,
                "reviewRating": {"@type": "Rating", "ratingValue": one.stars, "bestRating": 5},
            }
            for one in reviews
        ],
    }


def last_return_day(arrives_on: date) -> date:
    """Return until when goods that come on a day may be sent back without a reason."""
    return returns.last_day_after(arrives_on)


_LAST_DAY = timedelta(days=1)


def deadline(way: ShippingOption) -> str:
    """Return how long an order still arrives by the last of its days; empty when that is far off.

    The carrier closes by the clock of the place that the goods leave from, on its working days.
    """
    left = way.order_by - clock.now()
    if not timedelta(minutes=1) <= left < _LAST_DAY:
        return ""
    values = {"left": format_hours(left), "day": format_date(way.max_on, "short")}
    return translate(Message(N_("Order within %(left)s to get it by %(day)s"), values))


def _return_data() -> dict[str, Any]:
    """Return how long goods may be sent back, and that the buyer then pays the way."""
    return {
        "@type": "MerchantReturnPolicy",
        "applicableCountry": preferences().country,
        "returnPolicyCategory": "https://schema.org/MerchantReturnFiniteReturnWindow",
        "merchantReturnDays": returns.withdrawal_days(),
        "returnMethod": "https://schema.org/ReturnByMail",
        "returnFees": "https://schema.org/ReturnFeesCustomerResponsibility",
    }


def _delivery_data(seen: Money) -> dict[str, Any]:
    """Return where the price leads; it holds the delivery, so that nothing is added to it."""
    free = {"@type": "MonetaryAmount", "value": "0", "currency": seen.currency}
    where = {"@type": "DefinedRegion", "addressCountry": preferences().country}
    return {"@type": "OfferShippingDetails", "shippingRate": free, "shippingDestination": where}


GLOBALS = (
    answering,
    mains_words,
    product_url,
    shelf_url,
    active_filters,
    ways_out,
    facet_words,
    star_words,
    price_words,
    quick_filters,
    origin_note,
    words_switch,
    trader_facts,
    goods_facts,
    product_data,
    last_return_day,
    deadline,
    is_wordy,
)
