"""What the tables of a tariff are called."""

from __future__ import annotations

from kernel.text import N_

# By the beginning of their paths, in the order of the page; the last one takes what is left.
TABLES: dict[str, str] = {
    "base_pct": N_("Base rates, percent of the sum insured"),
    "factors/mode": N_("Factors: way of travel"),
    "factors/geo": N_("Factors: distance"),
    "factors/goods": N_("Factors: kind of items"),
    "factors/packing": N_("Factors: packing"),
    "factors/signature": N_("Factors: signature"),
    "factors/deductible": N_("Factors: own share"),
    "history": N_("Factors: claims of the last year"),
    "additional_pct": N_("Further risks, percentage points"),
    "war_strikes_pct": N_("War and strikes, percentage points"),
    "delay": N_("Late delivery"),
    "minimum_net": N_("Least premium"),
    "authority": N_("Sold without a person, up to"),
    "premium_tax": N_("Premium tax, percent"),
    "": N_("Everything else"),
}


def table_of(path: str) -> str:
    """Return the beginning of a path that names its table."""
    return next(begin for begin in TABLES if not begin or path.startswith(f"{begin}/"))


def label(path: str) -> str:
    """Return what a cell is called inside its table: its keys, as the tariff has them."""
    return " · ".join(path.removeprefix(table_of(path)).strip("/").replace("_", " ").split("/"))
