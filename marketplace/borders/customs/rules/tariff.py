"""The shop's tariff: layers, restrictions and tax classes of a good by its HS code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from marketplace.borders.customs.rules.facts import Layer, LayerKind, Per


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


def tariff_from(data: Mapping[str, Any], restrictions: Mapping[str, Any]) -> Tariff:
    """Return the tariff written in plain JSON values, decimals as strings."""
    main: dict[str, list[TariffRow]] = {}
    for row in data["mfn"]:
        for column, rate in row["rates"].items():
            destination, _, scheme = column.partition("-")
            main.setdefault(destination, []).append(
                _mfn(row, destination, scheme, rate, data["mfn_valid_from"])
            )
    for row in data["ranges"]:
        main.setdefault(row["destination"], []).append(_row(row, _kind(row)))
    extra = _by_place(data["additional"])
    preferences = _by_place(data["preferences"], LayerKind.PREFERENCE)
    groups = (*main.values(), *extra.values(), *preferences.values())
    return Tariff(
        main={place: tuple(rows) for place, rows in main.items()},
        extra=extra,
        preferences=preferences,
        confidences={row.layer.id: row.layer.confidence for group in groups for row in group},
        tax_classes=_tax_classes(data["tax_classes"]),
        restrictions=tuple(_restriction(row) for row in restrictions["rows"]),
        without_tariff=frozenset(data["without_tariff"]),
    )


def _mfn(
    row: Mapping[str, Any], destination: str, scheme: str, rate: object, since: str
) -> TariffRow:
    by_scheme = destination == "JP"
    name = scheme.upper() or "MFN"
    common: dict[str, Any] = {
        "id": f"{destination}-{row['hs']}-{name}",
        "scheme": (scheme or "normal") if by_scheme else None,
        "valid_from": date.fromisoformat(since),
        "source": "MFN",
        "confidence": row["confidence"],
    }
    if isinstance(rate, Mapping):
        layer = Layer(
            kind=LayerKind.SPECIFIC,
            amount=Fraction(Decimal(str(rate["amount"]))),
            per=Per(rate["per"]),
            **common,
        )
    else:
        layer = Layer(kind=LayerKind.AD_VALOREM, rate_pct=Fraction(Decimal(str(rate))), **common)
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


def _by_place(
    rows: Sequence[Mapping[str, Any]], kind: LayerKind | None = None
) -> dict[str, tuple[TariffRow, ...]]:
    found: dict[str, list[TariffRow]] = {}
    for row in rows:
        chosen = kind or LayerKind(row["kind"])
        found.setdefault(row["destination"], []).append(_row(row, chosen))
    return {place: tuple(listed) for place, listed in found.items()}


def _tax_classes(rows: Sequence[Mapping[str, Any]]) -> dict[str, tuple[TaxClass, ...]]:
    found: dict[str, list[TaxClass]] = {}
    for row in rows:
        found.setdefault(row["destination"], []).append(
            TaxClass(scope=_scope(row), name=row["tax_class"])
        )
    return {place: tuple(listed) for place, listed in found.items()}


def _restriction(row: Mapping[str, Any]) -> Restriction:
    places, origins = row["destinations"], row["origins"]
    return Restriction(
        id=row["id"],
        reason=row["reason"],
        scope=_scope(row),
        destinations=None if places is None else frozenset(places),
        channel=row["channel"],
        origins=None if origins is None else frozenset(origins),
        valid_from=_day(row["valid_from"]),
        valid_to=_day(row["valid_to"]),
        source=row["source"],
    )
