"""Duty from tariff layers: additive on one base, preferences and caps resolved first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from kernel.records import record
from marketplace.borders.duties.rules.arithmetic import added
from marketplace.borders.duties.rules.facts import Layer, LayerKind, Line, Malformed, Per
from marketplace.borders.duties.rules.outcome import Amounts, Charge
from marketplace.borders.duties.rules.tables import LimitRow, ParameterRow
from marketplace.borders.duties.rules.valuation import Valuation


@record
class Applied:
    """A layer as it works on one line: a rate on the base, or an exact amount. Units: ratio."""

    row: str
    source: str
    rate: Fraction | None
    amount: Fraction | None

    def on(self, base: Fraction) -> Fraction:
        """Return the unrounded duty on a base."""
        if self.rate is not None:
            return base * self.rate
        assert self.amount is not None, "a layer is a rate or an amount"
        return self.amount


def in_force(line: Line, on: date, scheme: str | None = None) -> list[Applied]:
    """Return the layers that work on the line that day, in the order of the tariff.

    A preference with proof takes the place of the layer it replaces; a cap is net of the rate
    that was applied for the layer it names.
    """
    origin = line.origin or ""
    layers = [
        layer
        for layer in line.layers
        if layer.applies(on=on, origin=origin) and layer.scheme in {None, scheme}
    ]
    preferred = _preferred(layers) if line.origin_proof else {}
    rates: dict[str, Fraction] = {}
    by_index: dict[int, Applied] = {}
    for kind in (LayerKind.AD_VALOREM, LayerKind.SPECIFIC, LayerKind.CAP_NET_OF):
        for index, layer in enumerate(layers):
            if layer.kind is kind:
                applied = _applied(layer, line, preferred.get(layer.id), rates)
                rates[layer.id] = applied.rate or Fraction(0)
                by_index[index] = applied
    return [by_index[index] for index in sorted(by_index)]


def _preferred(layers: Sequence[Layer]) -> dict[str, Layer]:
    chosen: dict[str, Layer] = {}
    for layer in layers:
        if layer.kind is not LayerKind.PREFERENCE:
            continue
        assert layer.replaces is not None
        best = chosen.get(layer.replaces)
        if best is None or _ratio(layer) < _ratio(best):
            chosen[layer.replaces] = layer
    return chosen


def _ratio(layer: Layer) -> Fraction:
    assert layer.rate_pct is not None, f"{layer.id} carries a rate"
    return layer.rate_pct / 100


def _applied(
    layer: Layer, line: Line, preference: Layer | None, rates: dict[str, Fraction]
) -> Applied:
    if preference is not None:
        return Applied(
            row=preference.id, source=preference.source, rate=_ratio(preference), amount=None
        )
    if layer.kind is LayerKind.SPECIFIC:
        assert layer.amount is not None
        amount = layer.amount * _units(layer, line)
        return Applied(row=layer.id, source=layer.source, rate=None, amount=amount)
    rate = _ratio(layer)
    if layer.kind is LayerKind.CAP_NET_OF:
        rate = max(Fraction(0), rate - rates.get(layer.net_of or "", Fraction(0)))
    return Applied(row=layer.id, source=layer.source, rate=rate, amount=None)


def _units(layer: Layer, line: Line) -> Fraction:
    if layer.per is Per.PIECE:
        return Fraction(line.quantity)
    if line.weight_g is None:
        raise Malformed(f"weight_g is needed for the duty {layer.id}")
    grams = line.weight_g * line.quantity
    return grams / (1000 if layer.per is Per.KG else 100_000)


def tariff_duty(goods: Valuation, free_chapters: Sequence[int] = ()) -> Amounts:
    """Return the duty of every line and layer, each rounded by itself.

    Shape: free_chapters is empty or (first, last), both included.
    """
    row = goods.rounding("duty")
    charges = []
    for index, (line, base) in enumerate(
        zip(goods.consignment.lines, goods.customs_lines, strict=True)
    ):
        if free_chapters and free_chapters[0] <= line.chapter <= free_chapters[1]:
            continue
        for layer in in_force(line, goods.entry_on):
            exact = layer.on(base)
            charges.append(
                Charge(
                    kind="duty",
                    name=layer.row,
                    line=index,
                    base=base,
                    rate=layer.rate,
                    exact=exact,
                    amount=goods.rounded(exact, row),
                    row=layer.row,
                    rounding=row.id,
                    source=layer.source,
                )
            )
    return tuple(charges)


def no_duty(goods: Valuation, row: LimitRow | ParameterRow, base: Fraction) -> Amounts:
    """Return the zero duty that a relief row grants, so that the trace says why."""
    return (
        Charge(
            kind="duty",
            name="relief",
            base=base,
            rate=None,
            exact=Fraction(0),
            amount=Fraction(0),
            row=row.id,
            rounding=goods.rounding("duty").id,
            source=row.source,
        ),
    )


def per_line(duty: Amounts, lines: int) -> tuple[Fraction, ...]:
    """Return the rounded duty of each line; what belongs to the whole consignment stays out."""
    sums = [Fraction(0)] * lines
    for charge in duty:
        if charge.line is not None:
            sums[charge.line] += charge.amount
    return tuple(sums)


def total(charges: Amounts) -> Fraction:
    """Return the sum of the rounded amounts."""
    return added(charge.amount for charge in charges)


def exact_total(charges: Amounts) -> Fraction:
    """Return the sum before rounding."""
    return added(charge.exact for charge in charges)
