"""What waits at the desks of a demonstration when it opens: whoever sits down there has work.

Everything comes the way it comes to a real house: by the pages of whoever asks for it, or by a
misfortune of the world outside. What a tour that was broken off has done is not done again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

from bs4 import Tag

from marketplace.demo.tour import figures, regulars, tour
from marketplace.demo.tour.abreast import abreast
from marketplace.demo.tour.tour import Shopper
from marketplace.demo.tour.visitor import Visitor

Say = Callable[[str], None]
Command = Callable[..., None]

_NOTICE = 'form[action$="/claims"]'
_PROPOSE = 'form[action$="/recommend"]'
_CONFIRM = 'form[action$="/confirm"]'
_MY_CLAIM = 'a[href*="/cover/claims/"]'
_REPORT = 'form[action$="/report"]'
_RETURN = 'form[action$="/return"]'
_LOSS = 'form[action$="/propose"]'


@cache
def script() -> Mapping[str, Any]:
    """Return who asks for what, in whose words."""
    path = Path(__file__).parent / "data" / "desks.json"
    loaded: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def misbehave(command: Command) -> None:
    """Let the next bank refuse a payout, and name a payment that nobody here made."""
    command("rail-fault", "refuse", "--reason", "AC04")
    command("rail-fault", "invent")


def leave_work(base_url: str, bought: Mapping[str, str], *, say: Say, command: Command) -> None:
    """Leave something to do at every desk.

    Shape: bought maps an e-mail address to what somebody ordered in the story.
    """
    say("Work is left at every desk")
    desks: Sequence[Callable[[], None]] = (
        partial(_claim, base_url),
        partial(_dispute, base_url, command),
        partial(_report, base_url),
        partial(_refuse_a_return, base_url, script()["refused_return"], bought),
        partial(_order, base_url, script()["new_order"]),
    )
    abreast(desks, lambda leave, _told: leave(), say)
    say("   claims, applications, reports, disputes, a loss, returns, a payout, an order to pack")


def _person(base_url: str, email: str, lang: str) -> Visitor:
    visitor = Visitor(base_url, lang)
    tour.sign_in(visitor, email)
    return visitor


def _claim(base_url: str) -> None:
    """Let three people tell what broke; one claim is ended, how another ends is proposed."""
    _end(base_url, script()["ended"])
    for damage in script()["damages"]:
        _report_damage(base_url, damage)
    _propose(base_url, script()["proposal"])


def _dispute(base_url: str, command: Command) -> None:
    """Let applicants come whose cards are disputed, and an operator give the last dispute up."""
    for row in script()["applicants"]:
        _apply(base_url, row, command)
    _give_up(base_url, script()["given_up"])


def _end(base_url: str, case: Mapping[str, str]) -> None:
    """Let somebody tell what broke, one officer propose to pay for it and another confirm that."""
    claim = _report_damage(base_url, case)
    figures.wait_until_quiet()
    for officer, form, said in (
        (case["by"], _PROPOSE, {"decision": "approve", "reason": case["reason"]}),
        (case["confirmed_by"], _CONFIRM, {}),
    ):
        desk = _person(base_url, officer, "en")
        desk.open(f"/cover/desk/{claim}")
        if desk.page.select_one(form):
            desk.send(form, said)


def _report_damage(base_url: str, damage: Mapping[str, str]) -> str:
    """Let somebody tell their cover what broke, who has not told it yet; return the claim."""
    visitor = _person(base_url, damage["from"], damage["lang"])
    visitor.open("/cover/")
    told = visitor.page.select_one(_MY_CLAIM)
    if told is not None:
        return str(told["href"]).rpartition("/")[2]
    policies = visitor.links('a[href*="/cover/policies/"]')
    assert policies, f"{damage['from']} has cover"
    visitor.follow(policies[0])
    visitor.send(
        _NOTICE, {"cause": "damage", "loss": damage["loss"], "description": damage["words"]}
    )
    return visitor.address.rpartition("/")[2]


def _propose(base_url: str, proposal: Mapping[str, str]) -> None:
    """Let one officer propose how the oldest claim ends, which waits for a second one then."""
    clerk = _person(base_url, proposal["by"], "en")
    clerk.open("/cover/desk")
    claims = [_local(link) for link in clerk.links('main a[href*="/cover/desk/"]')]
    assert claims, "claims wait"
    forms = []
    for claim in claims:
        clerk.open(claim)
        if clerk.page.select_one(_PROPOSE):
            forms.append(claim)
    if len(forms) == len(claims):
        clerk.open(forms[0])
        clerk.send(_PROPOSE, {"decision": "approve", "reason": proposal["reason"]})


def _refuse_a_return(base_url: str, case: Mapping[str, str], bought: Mapping[str, str]) -> None:
    """Let a shop refuse to take something back, and its buyer ask the house to decide."""
    buyer = _person(base_url, case["from"], case["lang"])
    order = figures.uninsured_order(bought[case["from"]])
    buyer.open(f"/orders/parcels/{order}/return")
    if not buyer.page.select_one(_RETURN):
        return
    buyer.send(_RETURN, {"reason": "not_as_described"})
    buyer.send('form[action*="/return/"]', {"note": case["said"]})
    ref = buyer.address.rpartition("/")[2]
    desk = _person(base_url, case["by"], "en")
    desk.open(f"/desk/returns/{ref}")
    desk.send('form[action$="/reject"]', {"words": case["refused"]})
    buyer.open(f"/returns/{ref}")
    buyer.send('form[action$="/dispute"]', {"words": case["disputed"]})


def _report(base_url: str) -> None:
    """Let somebody without an account report goods, a question and a review.

    Each brings a receipt; what has one already is not sent again.
    """
    visitor = Visitor(base_url, "en")
    visitor.open(f"/mailbox/?to={script()['reporter']['email']}")
    sent = len(visitor.links("main li a"))
    for one in script()["reports"][sent:]:
        visitor = Visitor(base_url, one["lang"])
        visitor.open(f"{figures.page_of(one['product'])}{one['on']}")
        if not visitor.page.select_one(_REPORT):
            link = visitor.page.select_one('main a[href*="/report"]')
            assert link is not None, f"{one['on']} of {one['product']} can be reported"
            visitor.follow(link)
        said = {"reason": one["reason"], "words": one["words"]}
        visitor.send(_REPORT, said | script()["reporter"])
        figures.wait_until_quiet()


def _apply(base_url: str, row: Mapping[str, Any], command: Command) -> None:
    """Let somebody with a name like a listed one say who they are, whose card is disputed then."""
    if figures.is_known(row["email"]):
        return
    shopper = Shopper(query="", **row)
    visitor = Visitor(base_url, shopper.lang)
    tour.sign_up(visitor, shopper)
    visitor.open("/bank/verify")
    tour.say_who(visitor, shopper)
    tour.top_up(visitor, shopper)
    visitor.open("/bank/to-card/")
    paid = visitor.page.select_one('main a[href*="/bank/to-card/"]')
    assert paid is not None, "what came by card can go back"
    command("card-event", "dispute", str(paid["href"]).rpartition("/")[2])


def _give_up(base_url: str, case: Mapping[str, str]) -> None:
    """Let one operator propose to give the last dispute up, which waits for a second one then."""
    desk = _person(base_url, case["by"], "en")
    disputes = 'main a[href*="/bank/books/disputes/"]'
    count = len(script()["applicants"])
    desk.until("/bank/books/disputes", lambda page: len(page.select(disputes)) >= count)
    ref = str(desk.links(disputes)[-1]["href"]).rpartition("/")[2]
    desk.open(f"/bank/books/losses/{ref}")
    if desk.page.select_one(_LOSS):
        desk.send(_LOSS, {"note": case["reason"]})


def _order(base_url: str, order: Mapping[str, str]) -> None:
    """Let a regular buy once more, today: a shop has something to pack."""
    if figures.orders_of(order["from"]) == 1:
        regulars.buy_again(base_url, order["from"], order["product"])


def _local(link: Tag) -> str:
    return re.sub(r"^/[^/]+", "", str(link["href"]))
