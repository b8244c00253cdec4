"""The shapes that cross the door: what is indexed, what is asked, what is answered.

No engine and no shop table is visible here. All texts are plain; analysis happens behind the door.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from kernel.records import record

EVERYWHERE = "*"


@dataclass(frozen=True, kw_only=True, slots=True)
class ProductDocument:
    """One product as search knows it.

    Units: popularity in pieces sold (any window, larger is better), lead_days until its seller
    hands it over, standing of its reviews (any scale, larger is better, 0 without any).
    lane names what the days on the way depend on, beside where they end: any word.
    Shape: titles, descriptions map locale to text. category_ids run from the root to the product's
    own category. category_names map locale to the own category's name, synonyms after it;
    parent_names likewise for the categories above. attributes map code to value codes (the facet
    `colour=red`); attribute_names map locale to the words for them. skus hold every code printed on
    the goods, GTINs too. prices map a country to what is shown there, in minor units of the
    currency that its shoppers see first; without one the goods have no place among prices there.
    stars are the whole stars that the average of its reviews reaches, from one up to it, none
    without reviews. ships_to holds country codes or EVERYWHERE.
    """

    id: int
    version: int
    titles: Mapping[str, str]
    descriptions: Mapping[str, str] = field(default_factory=dict)
    category_ids: tuple[str, ...] = ()
    category_names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    parent_names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    attributes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    attribute_names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    vendor_id: int = 0
    vendor_name: str = ""
    brand: str = ""
    brand_latin: str = ""
    model: str = ""
    skus: tuple[str, ...] = ()
    prices: Mapping[str, int] = field(default_factory=dict)
    country: str = ""
    ships_to: tuple[str, ...] = (EVERYWHERE,)
    in_stock: bool = True
    popularity: int = 0
    lead_days: int = 0
    lane: str = ""
    stars: tuple[int, ...] = ()
    standing: int = 0
    created_at: datetime = datetime(2020, 1, 1, tzinfo=UTC)


class Sort(StrEnum):
    """How a page is ordered; a better match always stands before a worse one."""

    RELEVANCE = "relevance"
    PRICE_LOW = "price_low"
    PRICE_HIGH = "price_high"
    NEWEST = "newest"
    POPULAR = "popular"
    RATED = "rated"


@dataclass(frozen=True, kw_only=True, slots=True)
class Filters:
    """What the shopper ticked. Values of one facet are alternatives, facets narrow each other.

    Units: prices as the documents' at the request's door, bounds included.
    Shape: attributes map code to value codes. `ready` maps a lane to how many days goods of it may
    take to be handed over; goods of other lanes are left out, None lets all in. `stars` is what
    averages of reviews must reach, 0 lets in goods without any. `within` are countries the goods
    must come from whatever is ticked; no facet leaves it out. `hidden_vendors` takes effect at
    once, before the index has heard of a suspension.
    """

    categories: frozenset[str] = frozenset()
    brands: frozenset[str] = frozenset()
    vendors: frozenset[int] = frozenset()
    countries: frozenset[str] = frozenset()
    attributes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    price_low: int | None = None
    price_high: int | None = None
    in_stock: bool = False
    stars: int = 0
    within: frozenset[str] = frozenset()
    ready: Mapping[str, int] | None = None
    hidden_vendors: frozenset[int] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchRequest:
    """What is asked for. An empty text browses everything that passes the filters.

    Units: page counts from 1, size in products. `destination` is a country code; empty means any.
    `door` is the country whose prices filters, order and facets go by; without one there are none.
    `is_typing` takes the last word for a beginning and shows nothing that is merely near.
    `is_literal` answers the words as they are typed, whatever else was probably meant.
    """

    text: str = ""
    locale: str = "en"
    door: str = ""
    destination: str = ""
    filters: Filters = Filters()
    sort: Sort = Sort.RELEVANCE
    page: int = 1
    size: int = 24
    with_facets: bool = True
    is_typing: bool = False
    is_literal: bool = False


@record
class FacetValue:
    """One value of a facet with the number of products it would show."""

    value: str
    count: int
    selected: bool = False


@record
class PriceBar:
    """How many products cost at least low and less than high at a door; None is open."""

    low: int
    high: int | None
    count: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Facets:
    """Exact counts over everything found, each facet counted as if nothing of it were ticked.

    Units: prices as documents have them at the request's door, None when nothing there has one.
    Shape: values by count, largest first;
    attributes map code to values; categories hold every level of the tree; prices are the steps
    from the cheapest to the dearest, as if no bound were set, empty ones among them; stars are what
    averages reach at least, most stars first, so that each counts those above it, too.
    """

    categories: tuple[FacetValue, ...] = ()
    brands: tuple[FacetValue, ...] = ()
    vendors: tuple[FacetValue, ...] = ()
    countries: tuple[FacetValue, ...] = ()
    attributes: Mapping[str, tuple[FacetValue, ...]] = field(default_factory=dict)
    in_stock: int = 0
    stars: tuple[FacetValue, ...] = ()
    price_low: int | None = None
    price_high: int | None = None
    prices: tuple[PriceBar, ...] = ()


class Match(StrEnum):
    """How well a group of results answers the words, best first."""

    EVERYTHING = "everything"
    CODE = "code"
    ALL_WORDS = "all_words"
    MOST_WORDS = "most_words"
    PARTS = "parts"
    SIMILAR_WORDS = "similar_words"
    SAME_KIND = "same_kind"


@dataclass(frozen=True, kw_only=True, slots=True)
class TierView:
    """One step of the plan as staff sees it: what was asked and how many it found."""

    match: Match
    found: int
    question: object

    @property
    def query(self) -> str:
        """The question written out; only made when somebody looks."""
        return str(self.question)


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchPage:
    """The answer.

    Shape: ids best first. `plan` explains every step that was taken. `is_exact` is False when no
    product answers all words, so that the page can say it shows related goods. `elsewhere` counts
    what answers as well but does not go to the destination. `shown_for` are the words that were
    answered instead of those typed, empty where these were.
    """

    ids: tuple[int, ...]
    total: int
    facets: Facets
    did_you_mean: str | None
    plan: tuple[TierView, ...]
    elsewhere: int = 0
    shown_for: str = ""

    @property
    def is_exact(self) -> bool:
        """Whether the best result answers everything that was typed."""
        exact = {Match.EVERYTHING, Match.CODE, Match.ALL_WORDS}
        return any(tier.found for tier in self.plan if tier.match in exact)


class SuggestionKind(StrEnum):
    """Where a suggestion leads: to a category, a brand, or a search; in the order shown."""

    CATEGORY = "category"
    BRAND = "brand"
    TITLE = "title"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A completion of what is being typed, with the number of products behind it."""

    text: str
    kind: SuggestionKind
    target: str
    count: int


@dataclass(frozen=True, kw_only=True, slots=True)
class IndexStatus:
    """How the index is doing, for the health page and the command line.

    Shape: problem is empty when searches are answered; is_lost when nothing is there that would
    answer later. Of a search server copies are `green`, `yellow` or `red`, as it says itself, and
    empty while it says nothing; nodes_missing of those its address names.
    """

    engine: str
    generation: str
    documents: int
    tombstones: int
    building: str
    problem: str
    is_lost: bool
    copies: str = "green"
    nodes_missing: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether another node could be lost without anybody's noticing."""
        return self.copies == "green" and not self.nodes_missing
