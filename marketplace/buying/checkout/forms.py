"""What is typed into checkout pages."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from kernel.money import Money
from kernel.text import N_
from kernel.web.forms import Reader
from marketplace.buying.checkout.service import Choice

_NO_COVER = ""


@dataclass(frozen=True, slots=True)
class Choices:
    """Delivery and cover per vendor; a vendor without an entry in covers has none.

    Shape: is_final is False for the button that only brings the sums up to date.
    """

    options: dict[int, str]
    covers: dict[int, Choice]
    is_final: bool

    @classmethod
    def parse(cls, form: Mapping[str, str], vendor_ids: Collection[int]) -> Choices:
        """Read the form. Raises: Invalid when a cover is chosen unread and all is said."""
        reader = Reader(form)
        is_final = not reader.flag("update")
        options, covers = {}, {}
        for vendor_id in vendor_ids:
            code = reader.raw(f"option-{vendor_id}")
            if code:
                options[vendor_id] = code
            level = reader.raw(f"cover-{vendor_id}")
            if level != _NO_COVER:
                is_read = reader.flag(f"informed-{vendor_id}")
                covers[vendor_id] = Choice(level, reader.flag(f"delay-{vendor_id}"), is_read)
                if is_final and not is_read:
                    reader.complain(
                        f"informed-{vendor_id}",
                        N_("Please read what the cover pays and what it does not, and tick this."),
                    )
        reader.done()
        return cls(options, covers, is_final)


def is_bought_at_once(form: Mapping[str, str]) -> bool:
    """Return whether the button was that of goods set apart from the cart."""
    return Reader(form).flag("apart")


def parse_address_id(form: Mapping[str, str]) -> UUID:
    """Read the chosen address. Raises: Invalid."""
    reader = Reader(form)
    address_id = reader.uuid("address_id")
    reader.done()
    return address_id


def parse_total(form: Mapping[str, str], currency: str) -> Money:
    """Read the total that the page showed. Raises: Invalid."""
    reader = Reader(form)
    minor = reader.integer("total_minor", low=1, high=10**15)
    reader.done()
    return Money(minor, currency)
