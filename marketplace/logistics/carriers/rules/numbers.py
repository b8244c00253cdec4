"""Numbers on parcels: the postal S10 with its check digit, a courier's number with Luhn's."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from kernel.registry import only


class Form(StrEnum):
    """How a carrier numbers its parcels."""

    S10 = "s10"
    LUHN = "luhn"


@dataclass(frozen=True, slots=True)
class Numbers:
    """How a carrier numbers its parcels. Shape: prefix is two letters that begin every number."""

    form: Form
    prefix: str


def numbers_from(told: Mapping[str, str]) -> Numbers:
    """Return the numbering that a carrier's file tells. Raises: KeyError, ValueError."""
    only(told, {"form", "prefix"})
    if not re.fullmatch(r"[A-Z]{2}", told["prefix"]):
        raise ValueError(f"two letters begin a number, not {told['prefix']}")
    return Numbers(Form(told["form"]), told["prefix"])


def number(numbers: Numbers, serial: int, country: str) -> str:
    """Return the number of a carrier's next parcel, posted in a country."""
    if numbers.form is Form.S10:
        return s10(numbers.prefix, serial, country)
    return courier_number(numbers.prefix, serial)


_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)


def s10_check_digit(serial: str) -> int:
    """Return the check digit of eight digits. Source: UPU S10-12, 5.3."""
    assert re.fullmatch(r"\d{8}", serial), "S10 counts eight digits"
    figure = 11 - sum(w * int(d) for w, d in zip(_WEIGHTS, serial, strict=True)) % 11
    return {10: 0, 11: 5}.get(figure, figure)


def s10(service: str, serial: int, country: str) -> str:
    """Return the 13 signs of a postal item: service, serial, check digit, country of posting."""
    assert re.fullmatch(r"[A-Z]{2}", service), "two letters name the service"
    digits = f"{serial % 100_000_000:08d}"
    return f"{service}{digits}{s10_check_digit(digits)}{country}"


def courier_number(prefix: str, serial: int) -> str:
    """Return a courier's number: prefix, ten digits, Luhn's check digit."""
    digits = f"{serial % 10**10:010d}"
    doubled = [int(d) * (2 - i % 2) for i, d in enumerate(reversed(digits))]
    total = sum(figure // 10 + figure % 10 for figure in doubled)
    return f"{prefix}{digits}{-total % 10}"
