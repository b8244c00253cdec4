"""What officers write down of a carrier, read strictly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from insurance.losses.recovery.cargo_cases import Carried
from insurance.losses.recovery.rules import Said
from kernel.money import Money
from kernel.web.forms import Reader

# More minor units than any claim has; what is typed beyond it is no figure of ours.
_MOST = 10**12 - 1


@dataclass(frozen=True, slots=True)
class Answered:
    """What a carrier said. Shape: a refusal has no amount, and always a reason."""

    said: Said
    amount: Money
    reason: str

    @classmethod
    def parse(cls, form: Mapping[str, str], *, most: Money) -> Answered:
        """Read an answer; a carrier accepts at most what was asked. Raises: Invalid."""
        reader = Reader(form)
        chosen = reader.choice("said", [one.value for one in Said])
        said = Said(chosen) if chosen in set(Said) else None
        is_accepted, zero = said is Said.ACCEPTED, Money.zero(most.currency)
        amount = reader.money("amount", most.currency, most=most) if is_accepted else zero
        reason = "" if is_accepted else reader.text("reason", most=1000, is_long=True)
        reader.done()
        assert said is not None, "none of the answers was complained of"
        return cls(said, amount, reason)


@dataclass(frozen=True, slots=True)
class Receipt:
    """Money that came from a carrier. Shape: before is what had come when the page was opened."""

    amount: Money
    before: Money

    @classmethod
    def parse(cls, form: Mapping[str, str], *, currency: str) -> Receipt:
        """Read a receipt. Raises: Invalid."""
        reader = Reader(form)
        amount = reader.money("amount", currency)
        before = reader.integer("before", low=0, high=_MOST)
        reader.done()
        return cls(amount, Money(before, currency))


@dataclass(frozen=True, slots=True)
class CarriedTold:
    """Who carried cargo, and what of it suffered. Units: kilograms are typed, grams are kept."""

    carried: Carried

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> CarriedTold:
        """Read who carried cargo; packages or weight may be left out. Raises: Invalid."""
        reader = Reader(form)
        carrier = reader.text("carrier", most=120)
        number = reader.text("number", most=60)
        packages = reader.integer("packages", low=0, high=99_999) if reader.raw("packages") else 0
        weight = reader.integer("weight_kg", low=0, high=999_999) if reader.raw("weight_kg") else 0
        reader.done()
        return cls(
            Carried(carrier=carrier, number=number, packages=packages, weight_g=weight * 1000)
        )


def parse_nothing_owed(form: Mapping[str, str]) -> tuple[str, str]:
    """Read by which letter, and why, a carrier owes nothing. Raises: Invalid."""
    reader = Reader(form)
    letter = reader.text("letter", most=120)
    reason = reader.text("owed_reason", most=1000, is_long=True)
    reader.done()
    return letter, reason


def parse_reason(form: Mapping[str, str]) -> str:
    """Read why a case is not pursued. Raises: Invalid."""
    reader = Reader(form)
    reason = reader.text("why", most=1000, is_long=True)
    reader.done()
    return reason
