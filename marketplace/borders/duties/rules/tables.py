"""The dated rows of the engine: rates, limits, parameters, fees, roundings; and their look-up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple, Protocol, TypeVar

from kernel.registry import Registry, only


class NoRule(LookupError):
    """No row answers for that place and day; the engine never takes zero for an answer."""

    def __init__(self, what: str, where: str, on: date) -> None:
        self.what, self.where, self.on = what, where, on
        super().__init__(f"no rule {what} for {where} on {on.isoformat()}")


class _Dated(Protocol):
    @property
    def valid_from(self) -> date | None: ...
    @property
    def valid_to(self) -> date | None: ...


def in_force(row: _Dated, on: date) -> bool:
    """Whether a row's dates, both ends included, hold the day."""
    started = row.valid_from is None or row.valid_from <= on
    return started and (row.valid_to is None or on <= row.valid_to)


class TaxBelow(StrEnum):
    """When goods below a relief's limit pay tax."""

    AT_SALE = "at_sale"
    AT_BORDER = "at_border"
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class Relief:
    """A limit below which goods cross free of duty: the whole law of many territories.

    Shape: limit names the row; below and above name the regimes, where they have words of their
    own; tax at sale is collected only under the scheme, where one is named.
    """

    limit: str
    tax: TaxBelow
    source: str
    below: str
    above: str = "TARIFF"
    scheme: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """A customs territory: its currency, its way of valuing, its members, what its law asks for.

    Shape: relief is None where a module of rules holds the law; counter is the field of `Counters`
    that the law looks at; needs_content holds HS prefixes of goods whose net content it asks for;
    usual_region is where most parcels go when regions differ.
    """

    code: str
    currency: str
    customs_value: str
    members: tuple[str, ...]
    relief: Relief | None = None
    counter: str | None = None
    needs_content: tuple[str, ...] = ()
    usual_region: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxRow:
    """A rate of a tax for a country, a region and a class of goods. Units: rate_pct in per cent."""

    id: str
    destination: str
    region: str | None = None
    name: str
    tax_class: str
    rate_pct: Fraction
    valid_from: date | None
    valid_to: date | None
    source: str
    confidence: str

    @property
    def rate(self) -> Fraction:
        """The rate as a ratio."""
        return self.rate_pct / 100


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitRow:
    """A limit that decides a regime; `name` is shared by the rows that follow each other."""

    id: str
    name: str
    destination: str
    amount: Fraction
    currency: str
    measures: str
    valid_from: date | None
    valid_to: date | None
    source: str
    confidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterRow:
    """A figure or a list of a regime that is no rate and no limit."""

    id: str
    destination: str
    rate_pct: Fraction | None = None
    ratio: Fraction | None = None
    amount: Fraction | None = None
    currency: str | None = None
    chapters: tuple[int, ...] = ()
    countries: tuple[str, ...] = ()
    valid_from: date | None
    valid_to: date | None
    source: str
    confidence: str
    note: str | None = None

    @property
    def share(self) -> Fraction:
        """The per cent rate or the ratio as a ratio."""
        if self.ratio is not None:
            return self.ratio
        assert self.rate_pct is not None, f"{self.id} carries a rate"
        return self.rate_pct / 100

    @property
    def money(self) -> tuple[Fraction, str]:
        """The amount and its currency."""
        assert self.amount is not None, f"{self.id} carries money"
        assert self.currency is not None, f"{self.id} carries money"
        return self.amount, self.currency


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeRow:
    """A fee beside duty and tax; `on` only where its force is confirmed.

    Shape: regimes empty means every regime; channel None means both; charged asks for duty or tax.
    """

    id: str
    destination: str
    amount: Fraction | None
    currency: str
    per: str
    channel: str | None
    regimes: frozenset[str]
    charged: bool
    on: bool
    valid_from: date | None
    valid_to: date | None
    source: str
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundingRow:
    """How a kind of amount is rounded; step None is the minor unit of the currency."""

    id: str
    destination: str
    what: str
    mode: str
    step: Fraction | None


@dataclass(frozen=True, kw_only=True)
class Tables:
    """All rows, ready to be asked: every page reckons with them, so each question has its index."""

    destinations: tuple[Destination, ...]
    tax_rates: tuple[TaxRow, ...]
    limits: tuple[LimitRow, ...]
    parameters: tuple[ParameterRow, ...]
    fees: tuple[FeeRow, ...]
    rounding: tuple[RoundingRow, ...]
    sources: Mapping[str, str]

    def destination_of(self, country: str) -> Destination | None:
        """Return the customs territory of a country, None where the house has no rules."""
        return self._territories.get(country)

    def taxes(
        self, *, country: str, region: str | None, tax_class: str, on: date
    ) -> tuple[TaxRow, ...]:
        """Return the tax rows of a place, a class and a day, in the order of the data.

        Raises: NoRule when there is none.
        """
        known = self._taxes.get((country, region, tax_class), ())
        rows = tuple(row for row in known if in_force(row, on))
        if not rows:
            place = country if region is None else f"{country}-{region}"
            raise NoRule(f"tax rate ({tax_class})", place, on)
        return rows

    def limit(self, name: str, on: date) -> LimitRow:
        """Return the limit of that name in force. Raises: NoRule."""
        for row in self._limits.get(name, ()):
            if in_force(row, on):
                return row
        raise NoRule(name, name.split("-", maxsplit=1)[0], on)

    def parameter(self, row_id: str, on: date) -> ParameterRow | None:
        """Return the parameter in force, None when it is not."""
        for row in self._parameters.get(row_id, ()):
            if in_force(row, on):
                return row
        return None

    def needed(self, row_id: str, on: date) -> ParameterRow:
        """Return the parameter in force. Raises: NoRule."""
        row = self.parameter(row_id, on)
        if row is None:
            raise NoRule(row_id, row_id.split("-", maxsplit=1)[0], on)
        return row

    def rounding_of(self, destination: str, what: str) -> RoundingRow:
        """Return the rounding of a territory for a kind of amount, else the general one."""
        row = self.own_rounding(destination, what) or self.own_rounding("*", what)
        if row is None:
            raise LookupError(f"no rounding for {what} in {destination}")
        return row

    def currencies_of(self, destination: str) -> frozenset[str]:
        """Return the currencies in which a territory's limits and parameters are written."""
        return self._currencies.get(destination, frozenset())

    def own_rounding(self, destination: str, what: str) -> RoundingRow | None:
        """Return the territory's own rounding for a kind of amount, None where it has none."""
        return self._roundings.get((destination, what))

    @cached_property
    def confidences(self) -> Mapping[str, str]:
        """How sure each rate, limit and parameter is, by row id."""
        known = {row.id: row.confidence for row in self.tax_rates}
        known |= {row.id: row.confidence for row in self.limits}
        return known | {row.id: row.confidence for row in self.parameters}

    @cached_property
    def regions(self) -> Mapping[str, frozenset[str]]:
        """The provinces or states whose taxes differ, by country."""
        rows = _grouped((r for r in self.tax_rates if r.region), lambda row: row.destination)
        return {at: frozenset(r.region for r in rates if r.region) for at, rates in rows.items()}

    @cached_property
    def fee_ids(self) -> frozenset[str]:
        """Every fee row there is."""
        return frozenset(row.id for row in self.fees)

    @cached_property
    def _currencies(self) -> Mapping[str, frozenset[str]]:
        every: tuple[LimitRow | ParameterRow, ...] = (*self.limits, *self.parameters)
        rows = _grouped(every, lambda row: row.destination)
        return {
            at: frozenset(r.currency for r in figures if r.currency) for at, figures in rows.items()
        }

    @cached_property
    def _territories(self) -> Mapping[str, Destination]:
        return {country: d for d in reversed(self.destinations) for country in d.members}

    @cached_property
    def _taxes(self) -> Mapping[tuple[str, str | None, str], tuple[TaxRow, ...]]:
        return _grouped(self.tax_rates, lambda row: (row.destination, row.region, row.tax_class))

    @cached_property
    def _limits(self) -> Mapping[str, tuple[LimitRow, ...]]:
        return _grouped(self.limits, lambda row: row.name)

    @cached_property
    def _parameters(self) -> Mapping[str, tuple[ParameterRow, ...]]:
        return _grouped(self.parameters, lambda row: row.id)

    @cached_property
    def _roundings(self) -> Mapping[tuple[str, str], RoundingRow]:
        return {(row.destination, row.what): row for row in reversed(self.rounding)}


Row = TypeVar("Row")
Key = TypeVar("Key")


def _grouped(rows: Iterable[Row], key: Callable[[Row], Key]) -> dict[Key, tuple[Row, ...]]:
    """Return the rows of each key, in the order of the data."""
    groups: dict[Key, tuple[Row, ...]] = {}
    for row in rows:
        groups[key(row)] = (*groups.get(key(row), ()), row)
    return groups


def tables_from(general: Mapping[str, Any], countries: Registry) -> Tables:
    """Return the tables of all countries; rows of a country stand before those of its union.

    Raises: BadPart when a country's rows are not of their shape.
    """
    members: dict[str, list[str]] = {}
    for code, part in countries.part("customs").items():
        members.setdefault(part.get("territory", code), []).append(code)
    by_country = countries.each(
        "customs", lambda code, part: _law_rows(code, part, tuple(members.get(code, ())))
    )
    # A union stands behind its members, and is none itself.
    ordered = sorted(by_country.items(), key=lambda item: len(members.get(item[0], ())) > 1)
    rows = [law for _, law in ordered]
    return Tables(
        destinations=tuple(law.destination for law in rows if law.destination),
        tax_rates=tuple(row for law in rows for row in law.tax_rates),
        limits=tuple(row for law in rows for row in law.limits),
        parameters=tuple(row for law in rows for row in law.parameters),
        fees=tuple(row for law in rows for row in law.fees),
        rounding=(
            *_rows(RoundingRow, "*", general["rounding"]),
            *(row for law in rows for row in law.rounding),
        ),
        sources=dict(general["sources"]),
    )


class _LawRows(NamedTuple):
    destination: Destination | None
    tax_rates: tuple[TaxRow, ...]
    limits: tuple[LimitRow, ...]
    parameters: tuple[ParameterRow, ...]
    fees: tuple[FeeRow, ...]
    rounding: tuple[RoundingRow, ...]


_OF_TERRITORY = frozenset(
    ("currency", "customs_value", "relief", "counter", "needs_content", "usual_region")
)
_OF_ROWS = frozenset(("tax_rates", "limits", "parameters", "fees", "rounding"))
# What shop.py and tariff.py read of the same part.
_OF_HOUSE = frozenset(("incoterms", "registrations", "fees_on", "restrictions"))


def _law_rows(code: str, part: Mapping[str, Any], members: tuple[str, ...]) -> _LawRows:
    own = frozenset(("territory",)) if "territory" in part else _OF_TERRITORY
    only(part, own | _OF_ROWS | _OF_HOUSE)
    limits = _rows(LimitRow, code, part.get("limits", ()))
    return _LawRows(
        destination=None if "territory" in part else _territory(code, part, members, limits),
        tax_rates=_rows(TaxRow, code, part.get("tax_rates", ())),
        limits=limits,
        parameters=_rows(ParameterRow, code, part.get("parameters", ())),
        fees=tuple(_fee(code, row) for row in part.get("fees", ())),
        rounding=_rows(RoundingRow, code, part.get("rounding", ())),
    )


def _territory(
    code: str, told: Mapping[str, Any], members: tuple[str, ...], limits: Sequence[LimitRow]
) -> Destination:
    others = tuple(member for member in members if member != code)
    return Destination(
        code=code,
        currency=told["currency"],
        customs_value=told["customs_value"],
        # A union has members and is no country; a country is its own and only member.
        members=others or (code,),
        relief=_relief(told["relief"], limits) if "relief" in told else None,
        counter=told.get("counter"),
        needs_content=tuple(told.get("needs_content", ())),
        usual_region=told.get("usual_region"),
    )


def _relief(told: Mapping[str, Any], limits: Sequence[LimitRow]) -> Relief:
    measured = {row.measures for row in limits if row.name == told["limit"]}
    if not measured or measured - {"intrinsic", "cif"}:
        raise ValueError(f"relief needs rows of the limit {told['limit']} in intrinsic or cif")
    tax = TaxBelow(told["tax"])
    return Relief(**({"below": f"RELIEF_{tax.name}"} | dict(told) | {"tax": tax}))


_FRACTIONS = {"rate_pct", "ratio", "amount", "step"}
_DATES = {"valid_from", "valid_to"}


def _typed(key: str, value: object) -> object:
    if value is None:
        return None
    if key in _FRACTIONS:
        return Fraction(str(value))
    if key in _DATES:
        return date.fromisoformat(str(value))
    return tuple(value) if isinstance(value, list) else value


def _rows(
    cls: Callable[..., Row], destination: str, rows: Iterable[Mapping[str, object]]
) -> tuple[Row, ...]:
    return tuple(
        cls(destination=destination, **{key: _typed(key, value) for key, value in row.items()})
        for row in rows
    )


def _fee(destination: str, row: Mapping[str, Any]) -> FeeRow:
    plain: dict[str, object] = {"destination": destination}
    plain |= {key: _typed(key, value) for key, value in row.items() if key != "when"}
    when: Mapping[str, Any] = row["when"]
    known = {"channel", "regimes", "charged"}
    if set(when) - known:
        raise ValueError(f"{row['id']}: unknown condition {sorted(set(when) - known)}")
    regimes: Sequence[str] = when.get("regimes", ())
    plain |= {
        "channel": when.get("channel"),
        "regimes": frozenset(regimes),
        "charged": bool(when.get("charged", False)),
    }
    assert set(plain) == {field.name for field in fields(FeeRow)}
    return FeeRow(**plain)  # type: ignore[arg-type]  # each value was typed by its key
