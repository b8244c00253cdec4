"""The shop's tariff: layers, restrictions and tax classes of a good by its HS code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from kernel.registry import Registry, only
from marketplace.borders.duties.rules.facts import Layer, LayerKind, Per


class NoTariffRow(LookupError):
    """No row says what the duty of a good is at a destination; that is never zero."""

    def __init__(self, hs: str, destination: str) -> None:
        self.hs, self.destination = hs, destination
        super().__init__(f"no tariff row for {hs} in {destination}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The goods a row speaks of: code prefixes, or first and last chapter, both included."""

    prefixes: tuple[str, ...] = ()
    chapters: tuple[int, ...] = ()

    def reach(self, hs: str) -> int:
        """Return how closely the row fits a code: digits of its prefix, 1 by chapter, 0 not."""
        fitting = [len(prefix) for prefix in self.prefixes if hs.startswith(prefix)]
        if fitting:
            return max(fitting)
        if self.chapters and self.chapters[0] <= int(hs[:2]) <= self.chapters[1]:
            return 1
        return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TariffRow:
    """A layer and the goods it covers."""

    scope: Scope
    layer: Layer
    also_replaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Restriction:
    """Goods that are not carried across a border. Shape: None is every place, channel, origin."""

    id: str
    reason: str
    scope: Scope
    destinations: frozenset[str] | None
    channel: str | None
    origins: frozenset[str] | None
    valid_from: date | None
    valid_to: date | None
    source: str

    def stops(self, *, destination: str, channel: str, origin: str, on: date) -> bool:
        """Whether goods in scope of that origin may not go there that way on that day."""
        return (
            (self.destinations is None or destination in self.destinations)
            and self.channel in {None, channel}
            and (self.origins is None or origin in self.origins)
            and (self.valid_from is None or self.valid_from <= on)
            and (self.valid_to is None or on <= self.valid_to)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxClass:
    """Goods whose tax has another rate than the standard one."""

    scope: Scope
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """Every row by destination.

    Shape: main rows are the ordinary duty, closest code first to be found; extra ones are added;
    preferences take the place of the main row. What was found for a code is kept: codes are few,
    and every price on every page asks.
    """

    main: Mapping[str, tuple[TariffRow, ...]]
    extra: Mapping[str, tuple[TariffRow, ...]]
    preferences: Mapping[str, tuple[TariffRow, ...]]
    tax_classes: Mapping[str, tuple[TaxClass, ...]]
    restrictions: tuple[Restriction, ...]
    without_tariff: frozenset[str]
    confidences: Mapping[str, str]
    _layers: dict[tuple[str, str], tuple[Layer, ...]] = field(
        default_factory=dict, compare=False, repr=False
    )
    _classes: dict[tuple[str, str], str] = field(default_factory=dict, compare=False, repr=False)
    _stopping: dict[str, tuple[Restriction, ...]] = field(
        default_factory=dict, compare=False, repr=False
    )

    def confidence(self, row_id: str) -> str:
        """Return how sure a layer is; a fee, which has no mark, counts as medium."""
        return self.confidences.get(row_id, "medium")

    def layers(self, *, hs: str, destination: str) -> tuple[Layer, ...]:
        """Return the layers of a good at a destination, of all dates and origins.

        Raises: NoTariffRow.
        """
        known = self._layers.get((hs, destination))
        if known is None:
            known = self._layers[hs, destination] = self._found(hs, destination)
        return known

    def _found(self, hs: str, destination: str) -> tuple[Layer, ...]:
        if destination in self.without_tariff:
            return ()
        fitting = [(row.scope.reach(hs), row) for row in self.main.get(destination, ())]
        closest = max((reach for reach, _ in fitting), default=0)
        if not closest:
            raise NoTariffRow(hs, destination)
        main = [row.layer for reach, row in fitting if reach == closest]
        if main[0].scheme is None:
            main = main[:1]
        extra = [row.layer for row in self.extra.get(destination, ()) if row.scope.reach(hs)]
        return (
            *main,
            *(_net_of(layer, main[0].id) for layer in extra),
            *self._preferences(hs, destination, main),
        )

    def _preferences(self, hs: str, destination: str, main: Sequence[Layer]) -> Iterable[Layer]:
        for row in self.preferences.get(destination, ()):
            if not row.scope.reach(hs):
                continue
            for replaced, scheme in (
                *((layer.id, layer.scheme) for layer in main),
                *((name, None) for name in row.also_replaces),
            ):
                yield _replacing(row.layer, replaced, scheme)

    def tax_class(self, *, hs: str, destination: str) -> str:
        """Return the class of a good's tax at a destination."""
        known = self._classes.get((hs, destination))
        if known is None:
            rows = self.tax_classes.get(destination, ())
            known = next((row.name for row in rows if row.scope.reach(hs)), "standard")
            self._classes[hs, destination] = known
        return known

    def restriction(
        self, *, hs: str, destination: str, channel: str, origin: str, on: date
    ) -> Restriction | None:
        """Return the first row that stops a good."""
        known = self._stopping.get(hs)
        if known is None:
            known = tuple(row for row in self.restrictions if row.scope.reach(hs))
            self._stopping[hs] = known
        for row in known:
            if row.stops(destination=destination, channel=channel, origin=origin, on=on):
                return row
        return None


def _net_of(layer: Layer, main: str) -> Layer:
    if layer.kind is not LayerKind.CAP_NET_OF:
        return layer
    return _copy(layer, net_of=main)


def _replacing(layer: Layer, replaced: str, scheme: str | None) -> Layer:
    return _copy(layer, replaces=replaced, scheme=scheme)


def _copy(layer: Layer, **changed: Any) -> Layer:  # noqa: ANN401 - fields of Layer
    values = {name: getattr(layer, name) for name in Layer.__slots__}
    return Layer(**(values | changed))


def tariff_from(everywhere: Mapping[str, Any], countries: Registry) -> Tariff:
    """Return the tariffs of all countries; what one of them refuses goes before what all refuse.

    Raises: BadPart when a country's rows are not of their shape.
    """
    by_country = countries.each("tariff", _tariff_rows)
    refused = countries.each("customs", _refused)
    groups = [
        group for rows in by_country.values() for group in (rows.main, rows.extra, rows.preferred)
    ]
    return Tariff(
        main={place: rows.main for place, rows in by_country.items() if rows.main},
        extra={place: rows.extra for place, rows in by_country.items() if rows.extra},
        preferences={place: rows.preferred for place, rows in by_country.items() if rows.preferred},
        confidences={row.layer.id: row.layer.confidence for group in groups for row in group},
        tax_classes={place: rows.classes for place, rows in by_country.items() if rows.classes},
        restrictions=(
            *(row for rows in refused.values() for row in rows),
            *(_restriction(row, None) for row in everywhere["rows"]),
        ),
        without_tariff=frozenset(place for place, rows in by_country.items() if not rows.applies),
    )


class _TariffRows(NamedTuple):
    applies: bool
    main: tuple[TariffRow, ...] = ()
    extra: tuple[TariffRow, ...] = ()
    preferred: tuple[TariffRow, ...] = ()
    classes: tuple[TaxClass, ...] = ()


_KNOWN = frozenset(
    (
        "applies",
        "valid_from",
        "source",
        "rates",
        "ranges",
        "additional",
        "preferences",
        "tax_classes",
    )
)


def _tariff_rows(code: str, part: Mapping[str, Any]) -> _TariffRows:
    only(part, _KNOWN)
    if not part.get("applies", True):
        return _TariffRows(applies=False)
    rates, ranges = part.get("rates", ()), part.get("ranges", ())
    has_schemes = any("scheme" in row for row in rates)
    return _TariffRows(
        applies=True,
        main=(
            *(_mfn(code, part, row, has_schemes=has_schemes) for row in rates),
            *(_row(row, _kind(row)) for row in ranges),
        ),
        extra=tuple(_row(row, LayerKind(row["kind"])) for row in part.get("additional", ())),
        preferred=tuple(_row(row, LayerKind.PREFERENCE) for row in part.get("preferences", ())),
        classes=tuple(
            TaxClass(scope=_scope(row), name=row["tax_class"])
            for row in part.get("tax_classes", ())
        ),
    )


def _refused(code: str, told: Mapping[str, Any]) -> tuple[Restriction, ...]:
    return tuple(_restriction(row, frozenset({code})) for row in told.get("restrictions", ()))


def _mfn(
    destination: str, told: Mapping[str, Any], row: Mapping[str, Any], *, has_schemes: bool
) -> TariffRow:
    scheme = row.get("scheme", "")
    amount, rate = row.get("amount"), row.get("rate_pct")
    layer = Layer(
        id=f"{destination}-{row['hs']}-{scheme.upper() or 'MFN'}",
        kind=_kind(row),
        rate_pct=None if rate is None else Fraction(rate),
        amount=None if amount is None else Fraction(amount),
        per=Per(row["per"]) if "per" in row else None,
        scheme=(scheme or "normal") if has_schemes else None,
        valid_from=_day(told["valid_from"]),
        source=told["source"],
        confidence=row["confidence"],
    )
    return TariffRow(scope=Scope(prefixes=(row["hs"],)), layer=layer)


def _kind(row: Mapping[str, Any]) -> LayerKind:
    return LayerKind.SPECIFIC if "amount" in row else LayerKind.AD_VALOREM


def _row(row: Mapping[str, Any], kind: LayerKind) -> TariffRow:
    rate, amount = row.get("rate_pct"), row.get("amount")
    origins = row.get("origins")
    return TariffRow(
        scope=_scope(row),
        also_replaces=tuple(row.get("also_replaces", ())),
        layer=Layer(
            id=row["id"],
            kind=kind,
            rate_pct=None if rate is None else Fraction(Decimal(str(rate))),
            amount=None if amount is None else Fraction(Decimal(str(amount))),
            per=Per(row["per"]) if "per" in row else None,
            origins=None if origins is None else frozenset(origins),
            valid_from=_day(row["valid_from"]),
            valid_to=_day(row["valid_to"]),
            source=row["source"],
            confidence=row["confidence"],
        ),
    )


def _scope(row: Mapping[str, Any]) -> Scope:
    return Scope(prefixes=tuple(row.get("hs", ())), chapters=tuple(row.get("chapters", ())))


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _restriction(row: Mapping[str, Any], places: frozenset[str] | None) -> Restriction:
    origins = row["origins"]
    return Restriction(
        id=row["id"],
        reason=row["reason"],
        scope=_scope(row),
        destinations=places,
        channel=row["channel"],
        origins=None if origins is None else frozenset(origins),
        valid_from=_day(row["valid_from"]),
        valid_to=_day(row["valid_to"]),
        source=row["source"],
    )
