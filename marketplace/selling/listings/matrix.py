"""Reads the table of versions: a row for each, a column for each thing said of it.

A column may be filled in one go; what was filled is shown, and kept only when it is saved.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from kernel.money import Money
from kernel.web import Reader
from marketplace.selling.listings.forms import HEAVIEST_G, MOST_STOCK, complain_of_twins
from marketplace.selling.listings.queries import Listing

# What may be filled for many versions at once.
COLUMNS = ("price", "stock", "weight_g", "lead_time_days")
LONGEST_LEAD_DAYS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What a form says of one version.

    Units: pieces, packed grams, days. Shape: sku and weight_g are None where another shop wrote the
    listing; stock is None where the count was left as it was seen; seen_version is that of the
    offer when the form was opened.
    """

    offer_id: int
    variant_id: int
    sku: str | None
    weight_g: int | None
    price: Money
    stock: int | None
    lead_time_days: int
    is_listed: bool
    seen_version: int


def read_rows(form: Mapping[str, str], lines: Sequence[Listing]) -> list[Row]:
    """Read the rows of the versions that there are. Raises: Invalid, naming every wrong cell."""
    reader = Reader(form)
    lines = [line for line in lines if reader.raw(f"version-{line.offer_id}")]
    complain_of_twins(reader, [f"sku-{line.offer_id}" for line in lines if line.is_own])
    rows = [_row(reader, line) for line in lines]
    reader.done()
    return rows


def _row(reader: Reader, line: Listing) -> Row:
    tail, own = line.offer_id, line.is_own
    seen = reader.integer(f"seen-{tail}", low=0, high=MOST_STOCK)
    stock = reader.integer(f"stock-{tail}", low=0, high=MOST_STOCK)
    return Row(
        offer_id=line.offer_id,
        variant_id=line.variant_id,
        sku=reader.text(f"sku-{tail}", most=40) if own else None,
        weight_g=reader.integer(f"weight_g-{tail}", low=1, high=HEAVIEST_G) if own else None,
        price=reader.money(f"price-{tail}", line.price.currency),
        # A count that was not touched is not a count: pieces may have left since the form opened.
        stock=None if stock == seen else stock,
        lead_time_days=reader.integer(f"lead_time_days-{tail}", low=0, high=LONGEST_LEAD_DAYS),
        is_listed=reader.flag(f"is_listed-{tail}"),
        seen_version=reader.integer(f"version-{tail}", low=1, high=2**62),
    )


def filled(form: MultiDict[str, str], lines: Sequence[Listing]) -> dict[str, str]:
    """Return the cells of one column as one value fills them: the ticked rows, or all.

    Raises: Invalid.
    """
    reader = Reader(form)
    column = reader.choice("column", COLUMNS)
    value = reader.text("value", most=20)
    reader.done()
    ticked = set(form.getlist("row"))
    return {
        f"{column}-{line.offer_id}": value
        for line in lines
        if not ticked or str(line.offer_id) in ticked
    }
