"""The filters beside search results: which values show, in whose words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kernel.records import record
from kernel.web.scripts import is_read
from marketplace.catalogue.products import queries as catalogue
from marketplace.catalogue.vendors import queries as vendors
from marketplace.shop.storefront.rules import STARS, Query
from search import api as search

SHOWN = 30  # values of a facet
FEW = 8  # of them at first: the others cost every visitor, and few open them
# A property that fewer than one in so many of the goods found have does not help to choose.
RARE = 20


@record
class FacetLine:
    """One value of a facet with its words and count."""

    value: str
    words: str
    count: int
    is_ticked: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet.

    Shape: name is the address's word; words is a marked sentence or plain text; more are the lines
    that show when it is opened; first_new is the first of those in an opened one.
    """

    name: str
    words: str
    lines: tuple[FacetLine, ...]
    more: int = 0
    first_new: str = ""


def facets_of(found: search.Facets, query: Query, locale: str, *, total: int) -> tuple[Facet, ...]:
    """Return the facets of a search that have values, each with its words.

    Shape: total is how many goods were found; properties that hardly any of them have stay away,
    and so does what all of them have: it would part nothing.
    """
    shops = vendors.names([int(line.value) for line in _shown("vendor", found.vendors, query)])
    names = {str(at): name if is_read(name) else latin for at, (name, latin) in shops.items()}
    tree = catalogue.categories_by_key([line.value for line in found.categories[:60]])
    known = catalogue.attributes()
    named = [line for line in found.categories[:60] if line.value in tree]
    deepest = _parting("c", named, query, total)[:SHOWN]
    brands = _parting("brand", found.brands, query, total)
    sellers = _parting("vendor", found.vendors, query, total)
    shelf_names = {line.value: tree[line.value].name(locale) for line in deepest}
    facets = [
        _facet("c", "", deepest, query, shelf_names),
        _facet("country", "", _parting("country", found.countries, query, total), query, {}),
    ]
    for key, values in found.attributes.items():
        name = f"a.{key}"
        lines = _parting(name, values, query, total)
        if key in known and (name in query.values or _tells(lines, total)):
            choices = known[key].values
            shown = [line.value for line in _shown(name, lines, query)]
            words = {at: choices[at].name(locale) for at in shown if at in choices}
            facets.append(_facet(name, known[key].name(locale), lines, query, words))
    facets += [
        _facet("brand", "", brands, query, _brand_names(brands, query)),
        _facet("vendor", "", sellers, query, names),
    ]
    return tuple(facet for facet in facets if facet.lines)


def telling_stars(
    lines: Sequence[search.FacetValue], query: Query, total: int
) -> tuple[search.FacetValue, ...]:
    """Return the steps of stars that let in other goods than the step above, and not all of them.

    Shape: lines count what averages reach at least, most stars first; what is chosen stays.
    """
    told: list[search.FacetValue] = []
    for line in lines:
        above = told[-1].count if told else 0
        parts = line.count > above and (bool(query.stars) or line.count < total)
        if line.value in STARS and (line.selected or parts):
            told.append(line)
    return tuple(told)


def _brand_names(lines: Sequence[search.FacetValue], query: Query) -> Mapping[str, str]:
    unread = [line.value for line in _shown("brand", lines, query) if not is_read(line.value)]
    return catalogue.brand_readings(unread) if unread else {}


def _parting(
    name: str, lines: Sequence[search.FacetValue], query: Query, total: int
) -> list[search.FacetValue]:
    """Return the values that part the goods found; a facet in force keeps all its own."""
    if query.values.get(name):
        return list(lines)
    return [line for line in lines if line.count != total]


def _tells(lines: Sequence[search.FacetValue], total: int) -> bool:
    return sum(line.count for line in lines) * RARE >= total


def _facet(
    name: str,
    words: str,
    lines: Sequence[search.FacetValue],
    query: Query,
    values: Mapping[str, str],
) -> Facet:
    shown = tuple(
        FacetLine(
            value=line.value,
            words=values.get(line.value, line.value),
            count=line.count,
            is_ticked=query.has(name, line.value),
        )
        for line in _shown(name, lines, query)
    )
    if name in query.opened:
        return Facet(name, words, shown, first_new=shown[FEW].value if len(shown) > FEW else "")
    return Facet(name, words, shown, more=len(_filled(lines)) - len(shown))


def _filled(lines: Sequence[search.FacetValue]) -> list[search.FacetValue]:
    return [line for line in lines[:SHOWN] if line.count or line.selected]


def _shown(name: str, lines: Sequence[search.FacetValue], query: Query) -> list[search.FacetValue]:
    filled = _filled(lines)
    if name in query.opened:
        return filled
    return filled[:FEW] + [line for line in filled[FEW:] if query.has(name, line.value)]
