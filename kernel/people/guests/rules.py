"""Who goes on as the guest they are, and how long what belongs to one counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

# Guests that one place opens in a quarter of an hour.
GUESTS_PER_ADDRESS = 10
# Links to an order that one place asks for in a quarter of an hour.
LINKS_PER_ADDRESS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The terms in force from a day on. Source: the dated data beside this file."""

    valid_from: date
    session_hours: int
    link_days: int
    letters_a_quarter: int
    unbought_days: int
    source: str

    @property
    def session(self) -> timedelta:
        """How long a browser counts as the guest's."""
        return timedelta(hours=self.session_hours)

    @property
    def link(self) -> timedelta:
        """How long the links of a letter open what they name."""
        return timedelta(days=self.link_days)

    @property
    def unbought(self) -> timedelta:
        """How long somebody is kept who typed an address and bought nothing."""
        return timedelta(days=self.unbought_days)


def goes_on(*, by_link: bool, has_bought: bool, before: str, typed: str) -> bool:
    """Whether who checks out once more is the guest that this browser has, and not another one.

    A session that a letter's link opened shows, and never begins anything: whoever sent the link
    to somebody would see what they type. Once something is bought its address stays as it is, so
    another address is another guest.
    """
    return not by_link and (not has_bought or before == typed)


def comes_along(*, by_link: bool, has_bought: bool, is_same_address: bool) -> bool:
    """Whether a guest goes into the account that their browser signs in to, without being asked.

    With the account's own address they do. With another one they do while there is no order, and
    the browser's own guest is meant: somebody who signs in amid a checkout. An order bought with
    another address waits for a press on the page of its letter's link: the browser may be one that
    several people use, and the link may be one that somebody else sent.
    """
    return is_same_address or not (by_link or has_bought)
