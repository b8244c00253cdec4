"""A quote as the shopper reads it: every amount in Money, with a name and the reason why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

from kernel.money import Money
from kernel.text import Message
from marketplace.borders.duties.rules import words
from marketplace.borders.duties.rules.arithmetic import exact_text
from marketplace.borders.duties.rules.outcome import Amounts, Charge, Quote
from marketplace.borders.duties.rules.tables import Tables
from marketplace.borders.duties.rules.tariff import Tariff

_ORDER = ("low", "medium", "medium-high", "high")


@dataclass(frozen=True, slots=True, kw_only=True)
class LandedLine:
    """One step of the stair from the vendor's price to the landed total.

    Shape: kind is goods, freight, insurance, duty, tax, fee or seller_cost; rows are rule row ids.
    """

    kind: str
    name: Message
    amount: Money
    why: Message
    rows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LandedCost:
    """What a shipment costs its buyer, all of it.

    Units: every amount in `currency`. Shape: total is the sum of the lines without seller_cost.
    """

    currency: str
    regime: str
    regime_name: Message
    goods: Money
    freight: Money
    insurance: Money
    duty: Money
    taxes: Money
    fees: Money
    seller_cost: Money
    lines: tuple[LandedLine, ...]
    line_duties: tuple[Money, ...]
    incoterm: str
    collector: str
    confidence: str
    row_ids: tuple[str, ...]

    @property
    def charges(self) -> Money:
        """Duty, taxes and fees that the buyer pays."""
        return self.duty - self.seller_cost + self.taxes + self.fees

    @property
    def total(self) -> Money:
        """Everything the buyer pays: a sum of rounded parts."""
        return self.goods + self.freight + self.insurance + self.charges

    @property
    def confidence_sentence(self) -> Message:
        """How sure the rates are."""
        return Message(words.CONFIDENCE[self.confidence])

    def in_currency(self, currency: str, rate: Fraction) -> LandedCost:
        """Return the same stair in another currency, each step converted and rounded by itself.

        Units: rate is what one of this currency is in the other.
        """

        def turned(money: Money) -> Money:
            return money.turned(rate, currency)

        lines = tuple(replace(line, amount=turned(line.amount)) for line in self.lines)
        return replace(
            self,
            currency=currency,
            goods=turned(self.goods),
            freight=turned(self.freight),
            insurance=turned(self.insurance),
            duty=turned(self.duty),
            taxes=_sum(lines, "tax", currency),
            fees=_sum(lines, "fee", currency),
            seller_cost=turned(self.seller_cost),
            lines=lines,
            line_duties=tuple(turned(duty) for duty in self.line_duties),
        )


def _sum(lines: Iterable[LandedLine], kind: str, currency: str) -> Money:
    amount = Money.zero(currency)
    for line in lines:
        if line.kind == kind:
            amount += line.amount
    return amount


def explained(
    quote: Quote, *, incoterm: str, lines: int, tables: Tables, tariff: Tariff
) -> LandedCost:
    """Return a quote in Money with its sentences. Units: lines counts those of the shipment."""

    def money(value: Fraction) -> Money:
        return Money.rounded(value, quote.currency)

    duties = tuple(c for c in quote.charges if c.kind == "duty")
    rows = _rows(quote.charges)
    return LandedCost(
        currency=quote.currency,
        regime=quote.regime,
        regime_name=Message(words.REGIMES[quote.regime]),
        goods=money(quote.goods),
        freight=money(quote.freight),
        insurance=money(quote.insurance),
        duty=money(quote.duty),
        taxes=money(sum(quote.tax.values(), Fraction(0))),
        fees=money(quote.fee_total),
        seller_cost=money(quote.seller_cost),
        lines=_steps(quote, duties),
        line_duties=tuple(money(d) for d in _line_duties(duties, lines)),
        incoterm=incoterm,
        collector=quote.collector,
        confidence=_confidence(rows, tables, tariff),
        row_ids=rows,
    )


def _steps(quote: Quote, duties: Amounts) -> tuple[LandedLine, ...]:
    def money(value: Fraction) -> Money:
        return Money.rounded(value, quote.currency)

    steps = [
        *_carriage(quote, money(quote.goods), money(quote.freight), money(quote.insurance)),
        LandedLine(
            kind="duty",
            name=Message(words.DUTY),
            amount=money(quote.duty),
            why=_why_duty(duties, quote),
            rows=_rows(duties),
        ),
        *(_tax(quote, name, amount) for name, amount in quote.tax.items()),
        *(_fee(row, money(amount)) for row, amount in quote.fees),
    ]
    if quote.seller_cost:
        steps.append(
            LandedLine(
                kind="seller_cost",
                name=Message(words.SELLER_COST),
                amount=-money(quote.seller_cost),
                why=Message(words.WHY_SELLER_COST),
            )
        )
    return tuple(steps)


def _carriage(quote: Quote, goods: Money, freight: Money, insurance: Money) -> list[LandedLine]:
    steps = [
        LandedLine(
            kind="goods", name=Message(words.GOODS), amount=goods, why=Message(words.WHY_GOODS)
        ),
        LandedLine(
            kind="freight",
            name=Message(words.FREIGHT),
            amount=freight,
            why=Message(words.WHY_FREIGHT),
        ),
    ]
    if quote.insurance:
        steps.append(
            LandedLine(
                kind="insurance",
                name=Message(words.INSURANCE),
                amount=insurance,
                why=Message(words.WHY_INSURANCE),
            )
        )
    return steps


def _line_duties(duties: Amounts, lines: int) -> list[Fraction]:
    sums = [Fraction(0)] * lines
    for charge in duties:
        if charge.line is not None:
            sums[charge.line] += charge.amount
    return sums


def _why_duty(duties: Amounts, quote: Quote) -> Message:
    levied = [charge for charge in duties if charge.exact]
    if not levied:
        return Message(words.WHY_RELIEF if duties else words.WHY_NOTHING)
    if not quote.duty:
        return Message(words.WHY_NOT_LEVIED)
    if any(charge.rate is None for charge in levied):
        return Message(words.WHY_AMOUNT)
    if len(levied) == 1:
        return _why_rate(levied[0], quote.currency)
    base = Money.rounded(quote.customs_value, quote.currency)
    return Message(words.WHY_RATES, {"base": base})


def _why_rate(charge: Charge, currency: str) -> Message:
    assert charge.rate is not None
    return Message(
        words.WHY_RATE,
        {
            "rate": exact_text(Fraction(round(charge.rate * 100, 4))),
            "base": Money.rounded(charge.base, currency),
        },
    )


def _tax(quote: Quote, name: str, amount: Fraction) -> LandedLine:
    charges = tuple(c for c in quote.charges if c.kind == "tax" and c.name == name)
    why = Message(words.WHY_NOTHING)
    if len(charges) == 1 and charges[0].amount:
        why = _why_rate(charges[0], quote.currency)
    elif charges and amount:
        base = sum((charge.base for charge in charges), Fraction(0))
        why = Message(words.WHY_RATES, {"base": Money.rounded(base, quote.currency)})
    elif charges:
        why = Message(words.WHY_NOT_LEVIED)
    return LandedLine(
        kind="tax",
        name=Message(words.TAXES[name]),
        amount=Money.rounded(amount, quote.currency),
        why=why,
        rows=_rows(charges),
    )


def _fee(row: str, amount: Money) -> LandedLine:
    return LandedLine(
        kind="fee",
        name=Message(words.FEES[row]),
        amount=amount,
        why=Message(words.WHY_FEE),
        rows=(row,),
    )


def _rows(charges: Amounts) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row for charge in charges for row in charge.row.split("+")))


def _confidence(rows: Iterable[str], tables: Tables, tariff: Tariff) -> str:
    known = tables.confidences
    worst = min(
        (_ORDER.index(known.get(row) or tariff.confidence(row)) for row in rows),
        default=len(_ORDER) - 1,
    )
    return {"medium-high": "medium"}.get(_ORDER[worst], _ORDER[worst])
