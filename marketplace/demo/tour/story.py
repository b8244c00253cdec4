"""The story of a demonstration: three shoppers buy, weeks pass, reviews and a return follow."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from kernel.app import prepare_process
from marketplace.demo.tour import figures, talk, tour, voices
from marketplace.demo.tour.figures import summary
from marketplace.demo.tour.tour import Shopper

__all__ = ["summary", "tell"]

Say = Callable[[str], None]


def tell(base_url: str, mark: Path, *, say: Say, command: Callable[..., None]) -> None:
    """Walk the story through a running house, or on where it was broken off; write its account.

    Shape: mark is the file of the account, command runs one of the house's own commands.
    """
    prepare_process()
    groups = [_bought(base_url, shopper, say) for shopper in tour.SHOPPERS]
    figures.wait_until_quiet()
    bought = dict(zip((shopper.email for shopper in tour.SHOPPERS), groups, strict=True))
    talk.talk(base_url, bought, say)
    say("The vendors pack")
    tour.dispatch_everything(base_url, figures.staff_with_orders(), say)
    figures.wait_until_quiet()
    lost = figures.insured_parcel(groups[0])
    if not figures.is_over(lost):
        say(f"The carrier will lose one insured parcel: {lost}")
        command("world", "misbehave", "carrier", "lose", "--parcel", lost)
    if not figures.are_over(groups):
        say("Four weeks pass: scans, customs, delivery, three days to look at the goods")
        command("world", "advance", "--days", "28")
    figures.wait_until_quiet()
    say("The shoppers say what they think of what arrived")
    voices.review_everything(base_url, list(zip(tour.SHOPPERS, groups, strict=True)), say)
    talk.leave_open(base_url, say)
    tour.send_back(base_url, tour.SHOPPERS[1], figures.uninsured_order(groups[1]), say)
    figures.wait_until_quiet()
    figures.write(mark, groups, lost=lost)


def _bought(base_url: str, shopper: Shopper, say: Say) -> str:
    """Return what a shopper bought, now or on a tour that was broken off; nobody buys twice."""
    bought = figures.first_group(shopper.email)
    if bought:
        say(f"{shopper.name} in {shopper.city} has bought already ({bought})")
        return bought
    is_known = figures.is_known(shopper.email)
    return tour.buy(base_url, shopper, say, is_known=is_known).group_ref
