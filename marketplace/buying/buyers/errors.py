"""What can go wrong with addresses."""

from __future__ import annotations

from kernel.errors import NotFound, RuleBroken
from kernel.text import N_


class NoSuchAddress(NotFound):
    """There is no such address of this person."""

    code = "no_such_address"
    message = N_("This address isn't in your address book.")


class TooManyAddresses(RuleBroken):
    """An address book has an end."""

    code = "too_many_addresses"
    message = N_("You can save up to %(most)d addresses. Remove one first.")
