"""A parcel from elsewhere, and the cover chosen for it, read strictly."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from babel import Locale

from insurance.desks.shipping_desk.pages import Paper
from insurance.offers.quotes.queries import Cover, Mode
from insurance.offers.shipments.queries import Described, Kind, canonical_number, carriers
from insurance.rating.liability.queries import Interest
from kernel.money import Money
from kernel.text import N_
from kernel.web.forms import Reader

# More than any parcel is insured for in any currency; the gate tells the rest.
_MOST = 10**12
_HEAVIEST_G = 1_000_000

# Territories that CLDR names and no carrier delivers to.
_NO_COUNTRIES = {"EU", "EZ", "UN", "QO", "ZZ", "XA", "XB", "AC", "CP", "CQ", "DG", "EA", "IC", "TA"}
COUNTRIES = sorted(
    code
    for code in map(str, Locale("en").territories)
    if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES
)


def parse_parcel(form: Mapping[str, str], *, currencies: Collection[str]) -> Described:
    """Read what somebody says of a parcel. Raises: Invalid."""
    reader = Reader(form)
    carrier = reader.choice("carrier", carriers())
    typed = reader.text("number", most=60)
    number = canonical_number(typed)
    if typed and number is None:
        reader.complain("number", N_("Enter the tracking number: 6 to 35 letters and digits."))
    contents = reader.text("contents", most=120)
    kind = reader.choice("kind", list(Kind))
    currency = reader.choice("currency", currencies)
    known = currency if currency in currencies else "EUR"
    value = reader.money("value", known, most=Money(_MOST, known))
    delivery, duty = (_paid(reader, name, known) for name in ("delivery", "duty"))
    origin = reader.choice("origin", COUNTRIES)
    destination = reader.choice("destination", COUNTRIES)
    mode = reader.choice("mode", list(Mode))
    promised_on = _promised(reader)
    weight = reader.integer("weight", low=1, high=_HEAVIEST_G)
    interest = reader.choice("interest", list(Interest))
    reader.done()
    assert number is not None, "complained about above"
    return Described(
        carrier=carrier,
        tracking_number=number,
        kind=Kind(kind),
        contents=contents,
        value=value,
        delivery=delivery,
        origin_country=origin,
        destination_country=destination,
        mode=Mode(mode),
        weight_g=weight,
        interest=Interest(interest),
        is_gift=reader.flag("gift"),
        duty=duty or None,
        promised_on=promised_on,
    )


def _paid(reader: Reader, name: str, currency: str) -> Money:
    """Read an amount that may be nothing."""
    if reader.raw(name) in {"", "0"}:
        return Money.zero(currency)
    return reader.money(name, currency, most=Money(_MOST, currency))


def _promised(reader: Reader) -> date | None:
    """Read the day that the carrier promised, None where nobody says it."""
    typed = reader.raw("promised")
    if not typed:
        return None
    try:
        return date.fromisoformat(typed)
    except ValueError:
        reader.complain("promised", N_("Enter a day, like 2026-12-31."))
        return None


def parse_number(form: Mapping[str, str]) -> str | None:
    """Read the tracking number alone, before the rest is asked for; None where it is none."""
    return canonical_number(Reader(form).raw("number"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A level, and whether a late delivery is covered beside it."""

    cover: Cover
    with_delay: bool


def parse_choice(form: Mapping[str, str]) -> Chosen:
    """Read what was chosen; without the statement of needs there is none. Raises: Invalid."""
    reader = Reader(form)
    if not reader.raw("cover"):
        reader.complain("cover", N_("Choose a level of cover."))
    cover = reader.choice("cover", list(Cover))
    if not reader.flag("need"):
        reader.complain("need", N_("Tick this to buy the cover."))
    reader.done()
    return Chosen(cover=Cover(cover), with_delay=reader.flag("delay"))


def parse_paper(form: Mapping[str, str], papers: Sequence[Paper]) -> Paper:
    """Read whose product information is opened; nothing named is the first. Raises: Invalid."""
    reader = Reader(form)
    known = {paper.insurer_key: paper for paper in papers}
    named = reader.raw("insurer") or next(iter(known), "")
    if named not in known:
        reader.complain("insurer", N_("Choose a level of cover."))
    reader.done()
    return known[named]


def parse_words(form: Mapping[str, str]) -> str:
    """Read what an underwriter should know, which may be nothing. Raises: Invalid."""
    reader = Reader(form)
    words = reader.text("words", most=1000, optional=True, is_long=True)
    reader.done()
    return words
