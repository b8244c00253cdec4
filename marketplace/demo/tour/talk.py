"""What people of the demonstration ask and write, through the real pages and in their languages."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

from bs4 import Tag

from marketplace.demo.tour.abreast import abreast
from marketplace.demo.tour.tour import sign_in
from marketplace.demo.tour.visitor import Visitor

Say = Callable[[str], None]

_ASK = 'form[action$="/questions"][method="post"]'
_COMPOSE = 'form:has(textarea[name="words"])'


def talk(base_url: str, groups: Mapping[str, str], say: Say) -> None:
    """Let shoppers ask and write, and shops answer; what a broken tour said is not said again.

    Shape: groups maps a shopper's e-mail address to what they bought.
    """
    script = _told()
    say("Shoppers ask in their languages, and the shops answer")
    words: dict[str, list[Callable[[], None]]] = defaultdict(list)
    for one in script["questions"]:
        words[one["from"]].append(partial(_have_answered, base_url, one))
    for one in script["threads"]:
        words[one["from"]].append(partial(_hold, base_url, one, groups))
    abreast(words.values(), lambda hers, _told: [each() for each in hers], say)
    say(f"   {len(script['questions'])} questions and {len(script['threads'])} threads")


def leave_open(base_url: str, say: Say) -> None:
    """Let one question and one message wait for the shop, as on any day."""
    waiting = _told()["waiting"]
    _ask(base_url, waiting["question"])
    thread = waiting["thread"]
    _write(_open_thread(base_url, thread, {}), thread["said"][0])
    say("A question and a message wait for Qinglan Porcelain")


@cache
def _told() -> Mapping[str, Any]:
    path = Path(__file__).parent / "data" / "talk.json"
    loaded: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def _person(base_url: str, email: str, lang: str) -> Visitor:
    visitor = Visitor(base_url, lang)
    sign_in(visitor, email)
    return visitor


def _ask(base_url: str, one: Mapping[str, Any]) -> None:
    visitor = _person(base_url, one["from"], one["lang"])
    _goods(visitor, one)
    visitor.follow(_link(visitor, '#questions a[href$="#ask"]'))
    asked = (words.get_text() for words in visitor.page.select("main li [lang]"))
    if one["words"] not in asked:
        visitor.send(_ASK, {"words": one["words"]})


def _have_answered(base_url: str, one: Mapping[str, Any]) -> None:
    _ask(base_url, one)
    _answer_question(base_url, one)


def _answer_question(base_url: str, one: Mapping[str, Any]) -> None:
    desk = _person(base_url, one["by"], one["in"])
    desk.open("/desk/questions/")
    for item in desk.page.select(".talk > li"):
        form = item.select_one('form[action*="/answer"]')
        if one["words"] in item.get_text() and form is not None:
            desk.send(f'form[action="{form["action"]}"]', {"words": one["answer"]})
            return


def _hold(base_url: str, one: Mapping[str, Any], groups: Mapping[str, str]) -> None:
    """Let both sides write in turns."""
    shopper = _open_thread(base_url, one, groups)
    for number, words in enumerate(one["said"]):
        _write(shopper, words)
        thread = shopper.address.rpartition("/")[2].partition("#")[0]
        if number < len(one["answers"]):
            desk = _person(base_url, one["by"], one["in"])
            desk.open(f"/desk/messages/{thread}")
            _write(desk, one["answers"][number])
            shopper.open(f"/messages/{thread}")


def _open_thread(base_url: str, one: Mapping[str, Any], groups: Mapping[str, str]) -> Visitor:
    """Return a browser where somebody writes about an order of theirs or about goods."""
    visitor = _person(base_url, one["from"], one["lang"])
    if one.get("order"):
        visitor.open(f"/orders/{groups[one['from']]}")
        parcels = visitor.page.select("article.parcel")
        parcel = next(parcel for parcel in parcels if one["shop"] in parcel.get_text())
        link = parcel.select_one('a[href*="/messages/new"]')
        assert link is not None, "an order leads to its seller"
        visitor.follow(link)
    else:
        _goods(visitor, one)
        visitor.follow(_link(visitor, '#seller a[href*="/messages/new"]'))
    return visitor


def _write(visitor: Visitor, words: str) -> None:
    if words not in (message.get_text() for message in visitor.page.select(".talk .written")):
        visitor.send(_COMPOSE, {"words": words})


def _goods(visitor: Visitor, one: Mapping[str, Any]) -> None:
    visitor.open(f"/search?q={one['query']}")
    products = [
        product for product in visitor.page.select(".card") if one["shop"] in product.get_text(" ")
    ]
    assert products, f"nothing of {one['shop']} found for {one['query']}"
    link = products[0].select_one("h3 a")
    assert link is not None, "a card leads to its goods"
    visitor.follow(link)


def _link(visitor: Visitor, selector: str) -> Tag:
    link = visitor.page.select_one(selector)
    assert link is not None, f"{visitor.address} has {selector}"
    return link
