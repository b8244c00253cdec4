"""The story of a demonstration: people buy, weeks pass until it is today, and work waits.

The world begins some weeks ago, so that all of it is past when the shop opens on today's date.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

from kernel import clock
from kernel.actor import SYSTEM
from kernel.config import settings
from marketplace.demo.tour import (
    desks,
    figures,
    guest,
    lowering,
    phrasebook,
    regulars,
    talk,
    tour,
    voices,
)
from marketplace.demo.tour.abreast import abreast
from marketplace.demo.tour.figures import summary
from marketplace.demo.tour.tour import Shopper
from marketplace.demo.tour.visitor import Visitor
from marketplace.logistics.carriers import gateway as carriers
from marketplace.logistics.shipping import passing

__all__ = ["begin", "summary", "tell"]

Say = Callable[[str], None]

# From the story's purchases to today. The slowest parcel is a month on its way; who bought in the
# story has three more days to look at it, and who got the quickest may still tell of damage.
LASTS = timedelta(days=32)


def begin() -> None:
    """Let a world in which nobody lives yet begin as many days ago as the story lasts."""
    if not settings().clock_file.exists() and not figures.is_lived_in():
        clock.begin(clock.now() - LASTS)


def tell(base_url: str, mark: Path, *, say: Say, command: Callable[..., None]) -> None:
    """Walk the story through a running house, or on where it was broken off; write its account.

    Shape: mark is the file of the account, command runs one of the house's own commands.
    """
    Visitor.signs, Visitor.left = staticmethod(figures.signs), {}
    say("People of nine countries buy")
    known = regulars.buy(base_url, say)
    groups = abreast(tour.SHOPPERS, lambda one, told: _bought(base_url, one, told), say)
    guests_group = _bought_by_guest(base_url, say)
    figures.wait_until_quiet()
    guest.come_back(base_url, guests_group, say)
    bought = dict(zip((shopper.email for shopper in tour.SHOPPERS), groups, strict=True))
    talk.talk(base_url, bought, say)
    say("The vendors pack")
    tour.dispatch_everything(base_url, figures.staff_with_orders(), say)
    figures.wait_until_quiet()
    lost = figures.insured_parcel(groups[0])
    if not figures.is_over(lost):
        say(f"The carrier will lose one insured parcel: {lost}")
        carriers.misbehave(kind=carriers.MischiefKind.LOSE, parcel_ref=lost, actor=SYSTEM)
    _let_weeks_pass(base_url, [*groups, guests_group], say, command)
    say("The shoppers say what they think of what arrived")
    regulars.review(base_url, known, say)
    voices.review_everything(base_url, list(zip(tour.SHOPPERS, groups, strict=True)), say)
    # Before them, nothing of a review waits that would be said by another translator.
    figures.wait_until_quiet()
    phrasebook.translate_reviews(say)
    talk.leave_open(base_url, say)
    desks.leave_work(base_url, bought, say=say, command=command)
    figures.wait_until_quiet()
    figures.write(mark, [*groups, guests_group], lost=lost, damaged=desks.script()["ended"]["from"])


def _let_weeks_pass(
    base_url: str, groups: Sequence[str], say: Say, command: Callable[..., None]
) -> None:
    """Let time pass until it is today; in a world that began today, until the story is over.

    On a day on the way, shops lower prices.
    """
    say("Weeks pass: scans, customs, delivery, three days to look at what came")
    left = -clock.moved_by()
    if left > timedelta():
        desks.misbehave(command)
        _pass(left - lowering.BEFORE_TODAY)
        lowering.lower_prices(base_url, say)
        _pass(-clock.moved_by())
    elif not figures.are_over(groups):
        _pass(LASTS - lowering.BEFORE_TODAY)
        lowering.lower_prices(base_url, say)
        _pass(lowering.BEFORE_TODAY)
    figures.wait_until_quiet()


def _pass(time: timedelta) -> None:
    """Let time pass, none where that day is over already."""
    passing.pass_time(time)
    Visitor.left = {}  # whoever comes days later signs in


def _bought(base_url: str, shopper: Shopper, say: Say) -> str:
    """Return what a shopper bought, now or on a tour that was broken off; nobody buys twice."""
    bought = figures.first_group(shopper.email)
    if bought:
        say(f"{shopper.name} in {shopper.city} has bought already ({bought})")
        return bought
    is_known = figures.is_known(shopper.email)
    return tour.buy(base_url, shopper, say, is_known=is_known).group_ref


def _bought_by_guest(base_url: str, say: Say) -> str:
    """Return what the guest bought, now or on a tour that was broken off."""
    bought = figures.first_group_of_guest(guest.EMAIL)
    if bought:
        say(f"{guest.NAME} in {guest.CITY} has bought already, as a guest ({bought})")
        return bought
    return guest.buy(base_url, figures.page_of(guest.PRODUCT), say)
