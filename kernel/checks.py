"""What tables refuse: the last net under the rules."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import CheckConstraint


def one_of(column: str, values: Iterable[str]) -> CheckConstraint:
    """Return the check of a column that holds one value of an enumeration, or nothing.

    A value that joins the enumeration needs a migration, which `make migration` drafts.
    """
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")
