"""What is pressed and typed on pages of favourites."""

from __future__ import annotations

from collections.abc import Mapping

from kernel.web.forms import Reader
from marketplace.shop.favourites.rules import NAME_LENGTH

_REF = 40


def parse_heart(form: Mapping[str, str]) -> str:
    """Read which goods a heart stood beside. Raises: Invalid."""
    reader = Reader(form)
    ref = reader.text("product", most=_REF)
    reader.done()
    return ref


def parse_name(form: Mapping[str, str]) -> str:
    """Read what a list shall be called. Raises: Invalid."""
    reader = Reader(form)
    name = reader.text("name", most=NAME_LENGTH)
    reader.done()
    return name


def parse_shown_name(form: Mapping[str, str]) -> str:
    """Read which name of the owner a shared list shows, empty for none. Raises: Invalid."""
    reader = Reader(form)
    shown_name = reader.text("shown_name", most=NAME_LENGTH, optional=True)
    reader.done()
    return shown_name


def parse_list(form: Mapping[str, str]) -> int:
    """Read which list goods shall go to. Raises: Invalid."""
    reader = Reader(form)
    list_id = reader.integer("list", low=1, high=2**62)
    reader.done()
    return list_id
