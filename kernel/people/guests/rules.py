"""Who goes on as the guest they are, and how long what belongs to one counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

# Guests that one place opens in a quarter of an hour.
GUESTS_PER_ADDRESS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The terms in force from a day on. Source: the dated data beside this file."""

    valid_from: date
    session_hours: int
    link_days: int
    letters_an_hour: int
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
