"""What a buyer chose for each parcel, delivery and cover, and how it stays chosen.

Commands of the room call these inside their own transaction, with the checkout locked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from kernel import clock
from kernel.actor import Actor
from kernel.db import session
from marketplace.buying.checkout import parcels, standing
from marketplace.buying.checkout.errors import NoAddress, NotOffered
from marketplace.buying.checkout.models import Checkout, CheckoutParcel


@dataclass(frozen=True, slots=True)
class Choice:
    """A cover the buyer chose, and whether they stated to want it and to have read its edges."""

    cover: str
    with_delay: bool
    is_read: bool = True


@dataclass(frozen=True, slots=True)
class Choices:
    """Delivery and cover of each parcel, and for whom they are. Shape: as in `choose`."""

    options: Mapping[int, str]
    covers: Mapping[int, Choice]
    business_name: str | None = None

    @property
    def is_for_business(self) -> bool:
        """Whether the buyer buys for a business, named or not yet."""
        return self.business_name is not None


def choose(checkout: Checkout, choices: Choices, actor: Actor) -> list[CheckoutParcel]:
    """Choose and return the parcels as they are chosen now. Raises: NoAddress, NotOffered.

    Who begins to buy for a business, or no longer does, is priced anew, without the covers that
    they are not sold any more.
    """
    if checkout.address is None:
        raise NoAddress
    now, rows, covers = clock.now(), parcels.rows_of(checkout), choices.covers
    is_other_buyer = choices.is_for_business != (checkout.business_name is not None)
    is_priced = _is_priced(rows, choices.options, now) and not is_other_buyer
    is_same = is_priced and choices.business_name == checkout.business_name
    if is_same and all(_is_chosen(row, covers.get(row.vendor_id)) for row in rows):
        return rows
    standing.unask(checkout, actor)
    checkout.business_name = choices.business_name
    if not is_priced:
        rows = parcels.price(checkout, choices.options, actor, or_cheapest=False)
    for parcel in rows:
        choice = covers.get(parcel.vendor_id)
        parcel.cover, parcel.has_delay, parcel.informed_at = None, False, None
        if choice is None:
            continue
        if parcels.is_offered(parcel, choice.cover, with_delay=choice.with_delay):
            parcel.cover, parcel.has_delay = choice.cover, choice.with_delay
            parcel.informed_at = now if choice.is_read else None
        elif not is_other_buyer:
            raise NotOffered
    session().flush()
    return rows


_Chosen = tuple[str | None, bool, datetime | None]  # cover, with delay, when read


def keep_covers(
    rows: Sequence[CheckoutParcel], before: Mapping[int, _Chosen], wishes: Mapping[str, str]
) -> None:
    """Let covers stay chosen where they are offered; of other parcels those wished for are."""
    for parcel in rows:
        wished = (wishes.get(str(parcel.vendor_id)), False, None)
        level, has_delay, informed_at = before.get(parcel.vendor_id, wished)
        if level is not None and parcels.is_offered(parcel, level, with_delay=has_delay):
            parcel.cover, parcel.has_delay, parcel.informed_at = level, has_delay, informed_at


def _is_chosen(row: CheckoutParcel, choice: Choice | None) -> bool:
    """Whether a parcel has this cover already, read or not as it was said to be."""
    if choice is None:
        return row.cover is None
    is_same = (row.cover, row.has_delay) == (choice.cover, choice.with_delay)
    return is_same and (row.informed_at is not None) == choice.is_read


def _is_priced(rows: Sequence[CheckoutParcel], options: Mapping[int, str], now: datetime) -> bool:
    """Whether the parcels are priced for these ways already, and the prices still hold."""
    return bool(rows) and all(
        options.get(row.vendor_id) == row.option and now < row.valid_until for row in rows
    )
