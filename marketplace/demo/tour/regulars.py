"""People of nine countries who bought here before the story: their orders, and what they say.

They have accounts, addresses and proven names from the seed. What they buy goes through the same
pages as the story's own purchases.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from marketplace.demo.seed.seed import HERE
from marketplace.demo.tour import figures, tour, voices
from marketplace.demo.tour.abreast import abreast
from marketplace.demo.tour.tour import Shopper
from marketplace.demo.tour.visitor import Visitor

Say = Callable[[str], None]


@cache
def regulars() -> Sequence[Mapping[str, Any]]:
    """Return what each of them buys and says of it."""
    path = Path(__file__).parent / "data" / "regulars.json"
    rows: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return rows


@cache
def _shoppers() -> Mapping[str, Shopper]:
    """Return the buyers of the seed as people of the tour, by their e-mail address."""
    world = json.loads((HERE / "data" / "people.json").read_text(encoding="utf-8"))
    buyers = {row["email"]: row for row in world["buyers"]}
    return {row["email"]: _shopper(buyers[row["email"]], row) for row in regulars()}


def _shopper(person: Mapping[str, Any], wanted: Mapping[str, Any]) -> Shopper:
    home = person["addresses"][0]
    return Shopper(
        name=home["name"],
        email=person["email"],
        city=home["city"],
        lang=wanted["lang"],
        country=person["country"],
        currency=person["currency"],
        top_up=wanted["top_up"],
        query="",
        born_on=person["born_on"],
        address={},
    )


def buy(base_url: str, say: Say) -> dict[str, str]:
    """Let each of them buy one thing; return the groups by e-mail address. Nobody buys twice."""
    groups = abreast(regulars(), lambda row, told: _first(base_url, row, told), say)
    return dict(zip((row["email"] for row in regulars()), groups, strict=True))


def _first(base_url: str, row: Mapping[str, Any], say: Say) -> str:
    shopper = _shoppers()[row["email"]]
    group = figures.first_group(shopper.email)
    if group is None:
        group = buy_again(base_url, shopper.email, row["product"])
        say(f"   {shopper.name} in {shopper.city} buys {group}")
    return group


def buy_again(base_url: str, email: str, product: str) -> str:
    """Let one of them buy something of the seed, by its key; return the group."""
    goods = [figures.page_of(product)]
    return tour.buy(base_url, _shoppers()[email], _hush, is_known=True, goods=goods).group_ref


def review(base_url: str, bought: Mapping[str, str], say: Say) -> None:
    """Let each of them review what arrived, in their own language; nothing is said twice."""
    abreast(regulars(), lambda row, _told: _review(base_url, row, bought[row["email"]]), say)
    say(f"   {len(regulars())} reviews in {len({row['lang'] for row in regulars()})} languages")


def _review(base_url: str, row: Mapping[str, Any], group: str) -> None:
    visitor = Visitor(base_url, row["lang"])
    tour.sign_in(visitor, row["email"])
    said = {key: row[key] for key in ("stars", "title", "words")}
    for address in voices.awaited(visitor, group):
        visitor.open(address)
        voices.write(visitor, address, said)


def _hush(_words: str) -> None:
    """Say nothing: a line each is enough of those who are not the story."""
