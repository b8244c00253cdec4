"""A past for the market, so that every page has something to show."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import Engine, text

from banking.core.fx import gateway
from banking.core.fx import service as fx
from insurance import api as cover
from insurance.losses.recovery import queries as carriers
from kernel import clock
from kernel.actor import SYSTEM, Actor, Role
from kernel.db import reading
from kernel.money import Money
from kernel.people.guests.links import token_for as door_of
from kernel.people.identity import service as identity
from marketplace.buying.orders import service as orders
from marketplace.logistics.shipping.cli import settle
from marketplace.shop.favourites.letters import token_for
from tests.browser.card_stories import card_stories
from tests.browser.cart_stories import fill_cart, lower_prices
from tests.browser.claim_stories import claimed
from tests.browser.cover_stories import cover_stories, sellers_open_cover
from tests.browser.customer_stories import company, known
from tests.browser.order_stories import (
    by_card,
    covered,
    delay,
    delivered,
    ordered,
    sent_back,
)
from tests.browser.payout_stories import earned, paid_out, wait_for_payout
from tests.browser.people import (
    APPOINTED,
    BUYER,
    GUEST,
    NEWCOMER,
    RIVAL,
    SHOPPER,
    UNDERWRITER,
    VENDOR,
)
from tests.browser.program_stories import program_stories
from tests.browser.safety_stories import safety
from tests.browser.talk_stories import talk_stories
from tests.browser.trust_stories import reported, reviewed
from tests.browser.wallet_stories import everyday, money
from tests.journeys.shopping import by_country, days, fill, pay, to_review
from tests.market import PASSWORD, give_money, guest_of, sign_in

# The past is over well before.
_DAYS = 150


def live(app: Flask, engine: Engine) -> dict[str, str]:
    """Let a buyer shop for months; return how her things are called, by what they are."""
    # Months pass between two looks at the market: no transaction waits open meanwhile.
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as market:
        _publish_rates()
        buyer = sign_in(BUYER)
        give_money(buyer, "3000 EUR")
        give_money(buyer, "90 USD")
        late = ordered(market, buyer)
        delay(late)
        days(64)
        buyer = sign_in(BUYER)  # the first session has run out
        claims = claimed(app, delivered(market, buyer))
        recent = ordered(market, buyer)
        earned(buyer)
        days(6)
        wait_for_payout()
        buyer = sign_in(BUYER)
        waiting = pay(to_review(market, buyer, business="Maison Perrin"), buyer)
        settle()
        names = {
            "group": recent["CN"].group_ref,
            "late": late["CN"].group_ref,
            "order": by_country(waiting)["CN"].ref,
            "sent": recent["CN"].ref,
            "carrier_claim": _asked_carrier(),
        }
        _tell(names, covered(late, recent), paid_out(), claims)
        buyer = sign_in(BUYER)  # a long way of the parcel may have outlived this session too
        _tell(
            names,
            money(app, buyer),
            talk_stories(
                market,
                buyer,
                sign_in(VENDOR),
                rival=sign_in(RIVAL),
                officer=sign_in(UNDERWRITER),
                product=market.execute(_PRODUCT).one().ref,
                order=names["sent"],
            ),
        )
        _newcomers(market)
        _tell(names, {"application": known(app)}, company(app), reported(market))
        _tell(names, reviewed(market, buyer), sent_back(market, buyer, waiting))
        names |= {"by_card": by_card(market, buyer)} | _sellers_cover(market, buyer)
        # Whoever buys once more leaves a checkout that stands open: this one is begun after all.
        names["checkout"] = to_review(market, buyer).ref
        fill(market, buyer)
        _tell(
            names,
            safety(buyer),
            everyday(buyer, names["checkout"]),
            cover_stories(buyer, names["unpacked"]),
            _sellers_open_cover(),
            program_stories(buyer),
        )
        # Last: no network is there to be asked about what waits for it.
        _tell(names, card_stories(buyer), _things(market))
        return names


def _asked_carrier() -> str:
    """Return the case of a carrier that is asked for what cover paid, or may pay."""
    with reading():
        return carriers.board()[0].ref


def _sellers_open_cover() -> dict[str, str]:
    """Let a shop's owner, who has the money for it, take out an open cover."""
    seller = sign_in(VENDOR)
    give_money(seller, "500 CNY")
    return sellers_open_cover(seller)


def _rule_of(seller: Actor) -> str:
    """Let a shop insure what it sends to one country at its own cost; return the rule's ref."""
    (organisation_id,) = seller.organisation_ids
    terms = cover.RuleTerms(
        country="US",
        least=Money.of("500", "CNY"),
        level=cover.Cover.TL,
        active_from=clock.today(),
    )
    rule = cover.add_seller_rule(
        organisation_id=organisation_id, terms=terms, locale="en", actor=seller
    )
    return rule.ref


def _sellers_cover(market: Any, buyer: Actor) -> dict[str, str]:
    """Let a shop have a rule, and its cover refuse a parcel that nobody scanned."""
    seller = sign_in(VENDOR)
    standing = _rule_of(seller)
    (organisation_id,) = seller.organisation_ids
    rule = cover.add_seller_rule(
        organisation_id=organisation_id,
        terms=cover.RuleTerms(
            country="FR",
            least=Money.of("1", "CNY"),
            level=cover.Cover.TL,
            active_from=clock.today(),
        ),
        locale="en",
        actor=seller,
    )
    lost = by_country(pay(to_review(market, buyer, cover_level=None), buyer))["CN"]
    settle()
    cover.stop_seller_rule(ref=rule.ref, actor=seller)
    orders.dispatch(order_ref=lost.ref, actor=SYSTEM)
    settle()
    gone = {"carrier": "gone"}
    orders.note_lost(parcel_ref=lost.parcel_ref, at=clock.now(), evidence=gone, actor=SYSTEM)
    settle()
    with reading():
        (claim,) = cover.claims_of(owner_id=organisation_id)
    return {
        "seller_rule": standing,
        "sellers_policy": claim.policy_number,
        "sellers_claim": claim.ref,
    }


def _newcomers(market: Any) -> None:
    """Let two people sign up, one of whom fills a cart, and somebody begin to work here."""
    customer, officer = frozenset({Role.BUYER}), frozenset({Role.BUYER, Role.OPERATOR})
    for email, name, roles in (
        (NEWCOMER, "Noor Aziz", customer),
        (SHOPPER, "Élise Fontaine", customer),
        (APPOINTED, "Tomasz Zieliński", officer),
    ):
        identity.register(
            email=email,
            password=PASSWORD,
            name=name,
            locale="en",
            country="FR",
            roles=roles,
            actor=SYSTEM,
        )
    fill_cart(market, sign_in(SHOPPER))
    lower_prices(market)
    settle()


def _tell(names: dict[str, str], *stories: Mapping[str, str]) -> None:
    """Add what stories name: a name taken twice would lead pages to what is not theirs."""
    for story in stories:
        assert not names.keys() & story.keys(), names.keys() & story.keys()
        names |= story


def _publish_rates() -> None:
    """Let the publisher of rates go on where the package ends, whatever day the past begins.

    Every day has the package's last figures, in the publisher's own table, read by the same gateway.
    """
    last: dict[str, gateway.Published] = {}
    for rate in gateway.packaged():
        if rate.currency not in last or rate.rate_on > last[rate.currency].rate_on:
            last[rate.currency] = rate
    newest = max(rate.rate_on for rate in last.values())
    living = [rate for rate in last.values() if rate.rate_on == newest]
    table = io.StringIO()
    rows = csv.writer(table)
    rows.writerow(["Date", *(rate.currency for rate in living)])
    for day in range(-7, _DAYS):
        on = clock.today() + timedelta(days=day)
        if on > newest:
            rows.writerow([on.isoformat(), *(str(rate.per_euro) for rate in living)])
    fx.store_rates(
        rates=list(gateway.worth_keeping(gateway.unpacked(table.getvalue().encode()))),
        actor=SYSTEM,
    )


def _guest_link() -> str:
    """Let somebody check out without an account, and return the link of a letter to them."""
    guest = guest_of(GUEST)
    return door_of(guest_id=guest.somebody(), email=guest.email)


_PRODUCT = text(
    "SELECT p.ref, v.slug, c.key FROM marketplace.product p"
    " JOIN marketplace.vendor v ON v.id = p.vendor_id"
    " JOIN marketplace.category c ON c.id = p.category_id"
    " WHERE v.slug = 'qinglan' ORDER BY p.id LIMIT 1"
)
_PERSON = text("SELECT id FROM kernel.person WHERE email = :email")
_SHARED_LIST = text(
    "SELECT l.id, l.share_token FROM marketplace.wish_list l JOIN kernel.person p ON p.id = l.person_id"
    " WHERE p.email = :email AND l.share_token IS NOT NULL"
)
_MAILS = text("SELECT DISTINCT ON (template) id::text FROM kernel.mail WHERE html IS NOT NULL")
_ADDRESS = text(
    "SELECT a.id::text FROM marketplace.address a JOIN kernel.person p ON p.id = a.person_id"
    " WHERE p.email = :email ORDER BY a.created_at LIMIT 1"
)


def _things(market: Any) -> dict[str, str]:
    product, slug, shelf = market.execute(_PRODUCT).one()
    mails = market.execute(_MAILS).scalars().all()
    wish_list, shared_list = market.execute(_SHARED_LIST, {"email": BUYER}).one()
    return {
        "product": product,
        "shop": slug,
        "shelf": shelf,
        "address": market.execute(_ADDRESS, {"email": BUYER}).scalar_one(),
        "mail": mails[0],
        "mails": " ".join(mails),
        "stop_link": token_for(market.execute(_PERSON, {"email": BUYER}).scalar_one()),
        "guest_link": _guest_link(),
        "wish_list": str(wish_list),
        "shared_list": shared_list,
        "instant": clock.now().isoformat(),
    }
