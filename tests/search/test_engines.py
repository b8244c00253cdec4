"""One suite for every engine: what is stored is found, newer wins, rebuilds are never seen half."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from search import api
from search.documents import Filters, SearchRequest, Sort
from search.engine.mapping import LIVE, Key, entry, tombstone
from search.engine.port import BucketSum, Term
from search.errors import RebuildIncomplete, RebuildRunning, SearchUnavailable
from search.indexing import forget, rebuild, repair, store
from tests.search.conftest import make_product


def ids(text: str = "", **request) -> tuple[int, ...]:
    return api.search(request=SearchRequest(text=text, **request)).ids


def test_without_an_index_search_says_so_and_writing_is_harmless(empty_engine):
    with pytest.raises(SearchUnavailable):
        empty_engine.snapshot()

    assert store(empty_engine, [make_product()]).stored == 0
    assert empty_engine.status().problem == "there is no index"


def test_a_stored_product_is_found_at_once(engine, shelf):
    shelf(make_product(7))

    assert ids("teapot") == (7,)
    assert engine.status().documents == 1


def test_an_older_version_never_replaces_a_newer_one(engine, shelf):
    shelf(make_product(version=5, titles={"en": "Kettle"}))

    done = store(engine, [make_product(version=4), make_product(version=5)])

    assert (done.stored, done.stale) == (0, 2)
    assert (ids("kettle"), ids("teapot")) == ((1,), ())


def test_a_deleted_product_does_not_come_back_with_an_older_version(engine, shelf):
    shelf(make_product(version=5))

    forget(engine, [1], {1: 6})
    shelf(make_product(version=5), make_product(version=6))

    assert ids("teapot") == ()
    shelf(make_product(version=7))
    assert ids("teapot") == (1,)


def test_a_deletion_before_the_first_version_arrives_counts(engine, shelf):
    forget(engine, [1], {1: 3})
    shelf(make_product(version=2))

    assert ids() == ()


def test_a_deletion_without_a_version_removes_what_is_there(engine, shelf):
    shelf(make_product(1, version=5), make_product(2))

    assert api.remove(ids=[1, 99]).stored == 1
    assert ids() == (2,)
    assert engine.snapshot().count(Term(Key.STATE, LIVE)) == 1


@pytest.mark.parametrize("seed", range(8))
def test_any_order_of_arrival_gives_the_same_index(engine, seed):
    changes = [entry(make_product(i, version=v)) for i in range(1, 5) for v in (1, 2, 3)]
    changes += [tombstone(1, 2), tombstone(2, 3), tombstone(3, 9)]
    shuffled = [*changes, *changes[:5]]
    random.Random(seed).shuffle(shuffled)

    for at in range(0, len(shuffled), 4):
        engine.apply(shuffled[at : at + 4])

    snapshot = engine.snapshot()
    assert snapshot.ranks([1, 2, 3, 4, 5]) == {1: 6, 2: 7, 3: 19, 4: 6}
    assert set(ids()) == {1, 4}


def test_a_rebuild_is_invisible_until_it_is_published(engine, shelf):
    shelf(make_product(1))
    generation = engine.start_rebuild()
    engine.backfill(generation, [entry(make_product(2))])

    assert ids() == (1,)
    with pytest.raises(RebuildRunning):
        engine.start_rebuild()

    engine.publish(generation)
    assert ids() == (2,)


def test_changes_during_a_rebuild_reach_both_indexes(engine, shelf):
    shelf(make_product(1, version=1))
    generation = engine.start_rebuild()

    shelf(make_product(1, version=3, titles={"en": "Kettle"}))
    forget(engine, [2], {2: 2})
    engine.backfill(generation, [entry(make_product(1, version=2)), entry(make_product(2))])
    assert ids("kettle") == (1,)
    engine.publish(generation)

    assert (ids("kettle"), ids("teapot")) == ((1,), ())


def test_an_incomplete_rebuild_leaves_the_old_index_serving(engine, shelf):
    shelf(make_product(1))

    with pytest.raises(RebuildIncomplete) as refused:
        rebuild(engine, lambda: [make_product(2)], expected=10)

    assert refused.value.data == {"found": 1, "expected": 10}
    assert ids() == (1,)
    assert engine.status().building == ""


def test_a_source_that_breaks_leaves_the_old_index_serving(engine, shelf):
    shelf(make_product(1))

    def broken():
        yield make_product(2)
        raise OSError("the database went away")

    with pytest.raises(OSError, match="went away"):
        rebuild(engine, broken, expected=0)

    assert ids() == (1,)
    assert rebuild(engine, lambda: [make_product(3)], expected=1) == 1
    assert ids() == (3,)


class Database:
    def __init__(self, *products) -> None:
        self.products = {product.id: product for product in products}

    def documents(self):
        return list(self.products.values())

    def documents_of(self, wanted):
        return [self.products[key] for key in wanted if key in self.products]

    def versions(self):
        return [(key, product.version) for key, product in self.products.items()]


def test_drift_is_found_by_sums_and_repaired(engine, shelf):
    shelf(*(make_product(key, version=1) for key in range(1, 40)))
    truth = Database(*(make_product(key, version=1 + (key % 10 == 0)) for key in range(3, 42)))

    found = repair(engine, truth)

    assert (found.stored, found.removed) == (3 + 2, 2)
    assert repair(engine, truth) == type(found)(stored=0, removed=0)
    assert engine.snapshot().ids_in_bucket(40) == {40: 2}
    assert engine.snapshot().buckets()[40] == BucketSum(1, 2)


def test_a_removed_product_that_drift_took_out_may_return_with_its_next_version(engine, shelf):
    shelf(make_product(1, version=4))
    repair(engine, Database())
    assert ids() == ()

    shelf(make_product(1, version=5))
    assert ids() == (1,)


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        (Sort.PRICE_LOW, (2, 3, 1)),
        (Sort.PRICE_HIGH, (1, 3, 2)),
        (Sort.NEWEST, (3, 2, 1)),
        (Sort.POPULAR, (1, 2, 3)),
        (Sort.RATED, (2, 1, 3)),
        (Sort.RELEVANCE, (1, 2, 3)),
    ],
)
def test_pages_are_sorted_as_asked(shelf, sort, expected):
    at = make_product().created_at
    shelf(
        make_product(
            1, prices={"FR": 300}, popularity=90, created_at=at.replace(day=1), standing=3_400_000
        ),
        make_product(
            2, prices={"FR": 100}, popularity=50, created_at=at.replace(day=2), standing=4_100_000
        ),
        make_product(3, prices={"FR": 200}, popularity=10, created_at=at.replace(day=3)),
    )

    assert ids("teapot", sort=sort, door="FR") == expected


def test_pages_follow_each_other_without_gap_or_repeat(shelf):
    shelf(*(make_product(key, prices={"FR": key}) for key in range(1, 26)))

    pages = [
        ids("teapot", sort=Sort.PRICE_LOW, door="FR", page=page, size=10) for page in (1, 2, 3, 4)
    ]

    assert pages == [tuple(range(1, 11)), tuple(range(11, 21)), tuple(range(21, 26)), ()]


def test_a_page_that_crosses_from_better_to_lesser_matches_counts_each_once(shelf):
    shelf(
        *(make_product(key, titles={"en": "Red glass teapot"}) for key in range(1, 4)),
        *(make_product(key, titles={"en": "Blue teapot"}) for key in range(4, 9)),
    )

    whole = ids("red glass teapot", size=8)
    pages = [ids("red glass teapot", size=3, page=page) for page in (1, 2, 3)]

    assert set(whole[:3]) == {1, 2, 3}
    assert set(whole[3:]) == {4, 5, 6, 7, 8}
    assert [len(page) for page in pages] == [3, 3, 2]
    assert len({key for page in pages for key in page}) == 8


def test_a_filter_narrows_and_never_widens(shelf):
    shelf(
        make_product(1, titles={"en": "Red glass teapot"}, country="DE"),
        make_product(2, titles={"en": "Red glass teapot"}, country="FR"),
        make_product(3, titles={"en": "Cup"}, country="IT", category_ids=("home", "cups")),
    )
    everything = set(ids("red glass teapot"))

    for country in ("DE", "FR", "IT"):
        narrowed = set(ids("red glass teapot", filters=Filters(countries=frozenset({country}))))
        assert narrowed <= everything


def test_prices_filter_by_both_bounds_included(shelf):
    shelf(*(make_product(key, prices={"FR": key * 100}) for key in range(1, 6)))

    chosen = Filters(price_low=200, price_high=400)

    assert set(ids("teapot", filters=chosen, door="FR")) == {2, 3, 4}


def test_each_door_has_its_own_prices_and_what_has_none_there_has_no_place_among_them(shelf):
    shelf(
        make_product(1, prices={"FR": 300, "JP": 20_000}),
        make_product(2, prices={"FR": 100, "JP": 90_000}),
        make_product(3, prices={"JP": 50_000}),
        make_product(4),
    )

    def asked(door, **request):
        page = api.search(request=SearchRequest(text="teapot", door=door, **request))
        return page.ids, (page.facets.price_low, page.facets.price_high)

    assert asked("FR", sort=Sort.PRICE_LOW) == ((2, 1), (100, 300))
    assert asked("FR", sort=Sort.PRICE_HIGH) == ((1, 2), (100, 300))
    assert asked("JP", sort=Sort.PRICE_LOW) == ((1, 3, 2), (20_000, 90_000))
    assert asked("JP", filters=Filters(price_low=50_000))[0] == (2, 3)
    assert asked("DE", filters=Filters(price_high=50_000)) == ((), (None, None))
    assert set(asked("DE")[0]) == {1, 2, 3, 4}


def test_stars_count_all_that_reach_them_as_if_none_were_chosen(shelf):
    shelf(
        make_product(1, stars=(1, 2, 3, 4), country="JP"),
        make_product(2, stars=(1, 2)),
        make_product(3, country="JP"),
    )

    def counted(**chosen):
        page = api.search(request=SearchRequest(text="teapot", filters=Filters(**chosen)))
        lines = [(line.value, line.count, line.selected) for line in page.facets.stars]
        return set(page.ids), lines

    assert counted(stars=2) == (
        {1, 2},
        [("4", 1, False), ("3", 1, False), ("2", 2, True), ("1", 2, False)],
    )
    assert counted(countries=frozenset({"JP"}))[1][-1] == ("1", 1, False)
    assert counted(stars=4, countries=frozenset({"FR"})) == (set(), [("4", 0, True)])


def test_prices_are_counted_by_steps_that_a_bound_does_not_hide(shelf):
    prices = {1: 99, 2: 100, 3: 119, 4: 200, 5: 200}
    shelf(*(make_product(key, prices={"FR": price}) for key, price in prices.items()))
    chosen = Filters(price_low=200)

    page = api.search(request=SearchRequest(text="teapot", filters=chosen, door="FR"))

    assert set(page.ids) == {4, 5}
    assert [(bar.low, bar.high, bar.count) for bar in page.facets.prices] == [
        (0, 100, 1),
        (100, 120, 2),
        (120, 160, 0),
        (160, 200, 0),
        (200, 250, 2),
    ]


def test_what_lets_nothing_through_stays_ticked_and_says_what_else_there_is(shelf):
    shelf(make_product(1, country="JP", attributes={"colour": ("red",)}))
    chosen = Filters(countries=frozenset({"FR"}), attributes={"colour": frozenset({"red"})})

    page = api.search(request=SearchRequest(text="teapot", filters=chosen))

    assert page.ids == ()
    assert [(v.value, v.count, v.selected) for v in page.facets.countries] == [
        ("JP", 1, False),
        ("FR", 0, True),
    ]
    assert [(v.value, v.selected) for v in page.facets.attributes["colour"]] == [("red", True)]


def test_goods_must_be_ready_as_soon_as_their_way_asks(shelf):
    shelf(
        make_product(1, lane="IT", lead_days=2),
        make_product(2, lane="IT", lead_days=3),
        make_product(3, lane="CN", lead_days=0),
        make_product(4, lane="IT battery", lead_days=2),
    )

    def ready(days: dict[str, int] | None) -> set[int]:
        return set(ids("teapot", filters=Filters(ready=days)))

    assert ready({"IT": 2}) == {1}
    assert ready({"IT": 1, "IT battery": 2, "CN": 5}) == {3, 4}
    assert ready({}) == set()
    assert ready(None) == {1, 2, 3, 4}


def test_a_country_asked_for_narrows_what_else_is_ticked_and_every_count(shelf):
    shelf(make_product(1, country="JP"), make_product(2, country="FR"))
    chosen = Filters(within=frozenset({"FR", "DE"}), countries=frozenset({"FR", "JP"}))

    page = api.search(request=SearchRequest(text="teapot", filters=chosen))

    assert page.ids == (2,)
    assert [(v.value, v.count) for v in page.facets.countries] == [("FR", 1), ("JP", 0)]


def test_goods_that_do_not_ship_to_the_buyer_are_not_offered(shelf):
    shelf(
        make_product(1, ships_to=("DE", "AT")), make_product(2), make_product(3, ships_to=("CN",))
    )

    assert set(ids(destination="de")) == {1, 2}
    assert set(ids()) == {1, 2, 3}


def test_a_suspended_vendor_vanishes_before_the_index_hears_of_it(shelf):
    shelf(make_product(1, vendor_id=8), make_product(2, vendor_id=9))

    page = api.search(request=SearchRequest(filters=Filters(hidden_vendors=frozenset({8}))))

    assert page.ids == (2,)
    assert [value.value for value in page.facets.vendors] == ["9"]


@pytest.mark.parametrize(
    "text",
    [
        '"',
        "AND OR NOT",
        "tea* -pot",
        "a/b\\c",
        "\x00\x1f",
        "\ud800tea",
        "(((",
        "x" * 10_000,
        "title:teapot",
        "😀",
        "   ",
        "tea^9~2",
        "[1 TO 2]",
    ],
)
def test_nothing_typed_breaks_a_search_or_a_suggestion(shelf, text):
    shelf(make_product())

    page = api.search(request=SearchRequest(text=text))
    completions = api.suggest(text=text, locale="en")

    assert (page.total, len(page.ids)) in {(0, 0), (1, 1)}
    assert all(completion.text for completion in completions)


def test_another_mapping_is_refused_with_the_command_that_helps(engine, monkeypatch):
    monkeypatch.setattr(f"{type(engine).__module__}.mapping_version", lambda: "ffffffff")

    with pytest.raises(SearchUnavailable) as refused:
        engine.snapshot()

    assert "search rebuild" in str(refused.value.data["reason"])


def test_every_page_number_beyond_the_last_is_empty_but_keeps_the_total(shelf):
    shelf(*(make_product(key) for key in range(1, 4)))

    page = api.search(request=SearchRequest(text="teapot", page=9))

    assert (page.ids, page.total) == ((), 3)


def test_weights_order_equal_matches_by_sales(shelf):
    shelf(*(make_product(key, popularity=key * 10) for key in range(1, 6)))

    found = ids("teapot")

    assert all(first > second for first, second in pairwise(found))


def test_a_brand_is_found_by_its_letters_and_by_its_latin_reading(shelf):
    shelf(
        make_product(1, brand="早川道具店", brand_latin="Hayakawa"),
        make_product(2, titles={"en": "Kettle"}),
    )

    for words in ("hayakawa", "早川道具店"):
        found = api.search(request=SearchRequest(text=words))
        assert (found.ids[0], found.is_exact) == (1, True)


def test_what_answers_but_does_not_go_there_is_counted_under_the_same_filters(shelf):
    shelf(
        make_product(1, ships_to=("DE", "AT")),
        make_product(2, ships_to=("CN",)),
        make_product(3, ships_to=("CN",), brand="Other"),
        make_product(4, ships_to=()),
    )

    found = api.search(request=SearchRequest(text="teapot", destination="DE"))
    ticked = Filters(brands=frozenset({"Other"}))
    narrow = api.search(request=SearchRequest(text="teapot", destination="DE", filters=ticked))
    anywhere = api.search(request=SearchRequest(text="teapot"))

    assert (found.total, found.elsewhere) == (1, 3)
    assert (narrow.total, narrow.elsewhere) == (0, 1)
    assert (anywhere.total, anywhere.elsewhere) == (4, 0)
