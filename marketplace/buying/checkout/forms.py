"""What is typed into checkout pages."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from kernel.money import Money
from kernel.text import N_
from kernel.web.forms import Reader
from marketplace.buying.buyers.forms import read_address
from marketplace.buying.buyers.service import NewAddress
from marketplace.buying.checkout.choosing import Choice, Choices
from marketplace.buying.checkout.errors import BusinessUnnamed
from marketplace.buying.checkout.paying import Kind, Means

_NO_COVER = ""
# What stands in `address_id` for an address that is typed below.
NEW = "new"
_SAVED = "saved:"


def parse_choices(
    form: Mapping[str, str], vendor_ids: Collection[int], *, is_final: bool
) -> Choices | None:
    """Read delivery and cover per vendor, None from a form that says nothing of parcels.

    A vendor without an entry in covers has none. Raises: Invalid when all is said and a cover is
    chosen unread, or a business has no name.
    """
    reader = Reader(form)
    if not any(f"{field}-{vendor}" in form for vendor in vendor_ids for field in _FIELDS):
        return None
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
                    N_("Please read what's covered and what isn't, then tick this."),
                )
    business_name = _read_business(reader, is_final=is_final)
    reader.done()
    return Choices(options, covers, business_name)


def _read_business(reader: Reader, *, is_final: bool) -> str | None:
    """Return for which business somebody buys, None for none, empty while it is not named."""
    if not reader.flag("for_business"):
        return None
    name = reader.text("business_name", most=_LONGEST_NAME, optional=True)
    if is_final and not name:
        reader.complain("business_name", BusinessUnnamed.message)
    return name


_FIELDS = ("option", "cover")
_LONGEST_NAME = 120  # characters; the longest that a register of companies is known to hold fits


def parse_insurer(form: Mapping[str, str]) -> str:
    """Read whose product information is opened. Raises: Invalid."""
    reader = Reader(form)
    insurer_key = reader.text("insurer", most=_LONGEST_KEY)
    reader.done()
    return insurer_key


_LONGEST_KEY = 60  # characters


@dataclass(frozen=True, slots=True)
class Order:
    """The form with the button that pays. Shape: choices as `parse_choices` returns them."""

    expected: Money
    means: Means
    choices: Choices | None

    @classmethod
    def parse(cls, form: Mapping[str, str], vendor_ids: Collection[int], currency: str) -> Order:
        """Read the form. Raises: Invalid."""
        choices = parse_choices(form, vendor_ids, is_final=True)
        reader = Reader(form)
        minor = reader.integer("total_minor", low=1, high=10**15)
        means = read_means(reader, currency)
        reader.done()
        return cls(Money(minor, currency), means, choices)


def read_means(reader: Reader, currency: str) -> Means:
    """Read what pays; complaints stay with the reader."""
    typed = reader.raw("pay_with")
    if typed.startswith(_SAVED):
        try:
            return Means(kind=Kind.SAVED, saved_card=UUID(typed.removeprefix(_SAVED)))
        except ValueError:
            typed = ""
    kind = reader.choice("pay_with", {"card", "wallet", "both"}) if typed else ""
    if kind not in {"card", "wallet", "both"}:
        reader.complain("pay_with", N_("Choose how you want to pay."))
        return Means(kind=Kind.CARD)
    if kind == Kind.BOTH:
        share = reader.integer("share_minor", low=1, high=10**15)
        return Means(kind=Kind.BOTH, share=Money(share, currency))
    return Means(kind=Kind(kind), saves_card=kind == Kind.CARD and reader.flag("save_card"))


@dataclass(frozen=True, slots=True)
class Where:
    """Where a basket goes: an address of the book, or a new one; and a guest's mail address."""

    address_id: UUID | None
    address: NewAddress | None
    email: str

    @classmethod
    def parse(cls, form: Mapping[str, str], *, asks_email: bool) -> Where:
        """Read the form; who has an account is asked for no address of theirs. Raises: Invalid."""
        reader = Reader(form)
        email = reader.email("email") if asks_email else ""
        if reader.raw("address_id") not in {"", NEW}:
            chosen = reader.uuid("address_id")
            reader.done()
            return cls(chosen, None, email)
        typed = read_address(reader)
        reader.done()
        return cls(None, typed, email)


def is_bought_at_once(form: Mapping[str, str]) -> bool:
    """Return whether the button was that of goods set apart from the cart."""
    return Reader(form).flag("apart")
