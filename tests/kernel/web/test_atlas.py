import pytest

from kernel import countries
from kernel.web import atlas


@pytest.mark.parametrize(
    ("latitude", "longitude", "x", "y"),
    [
        (52.5, 13.4, 236, 134),
        (41.15, -8.6, 89, 230),
        (21.5, 39.2, 408, 374),
        (35.3, 137.1, 1060, 275),
    ],
)
def test_places_lie_where_the_coastlines_have_them(latitude, longitude, x, y):
    point = atlas.at(latitude, longitude)
    assert (point.x, point.y) == (pytest.approx(x, abs=3), pytest.approx(y, abs=3))


def test_a_place_beyond_the_edge_has_no_point():
    assert atlas.at(40.7, -74.0) is None
    assert atlas.seat_of("US") is None
    assert atlas.between("DE", "XX") == ""


def test_a_route_to_a_place_beyond_leaves_over_the_edge():
    assert atlas.between("JP", "US").endswith(" 0 200")
    assert atlas.between("BR", "DE").startswith("M0 520")


def test_pins_cover_neither_each_other_nor_the_door():
    chosen = atlas.apart(["DK", "GB", "IT", "CN", "JP", "KR", "US", "AE"], "FR")
    assert "US" not in chosen
    assert "FR" not in chosen
    assert chosen[0] == "DK"
    assert len(chosen) <= 4
    assert not {"CN", "KR"} <= set(chosen)


@pytest.mark.parametrize(
    ("countries", "turned"),
    [
        (["DK", "IN", "CN"], "IN"),  # China lies beyond what a phone shows
        (["CN", "JP"], ""),
        (["SA", "IN"], ""),  # both would lie on each other
        (["US", "AE"], "AE"),
    ],
)
def test_a_pin_of_the_far_half_hangs_to_the_west_where_it_covers_nobody(countries, turned):
    assert atlas.turned(countries) == turned


def test_a_route_stays_on_the_drawing():
    for origin in countries.HOUSE.part("map"):
        path = atlas.between(origin, "DE")
        assert origin == "DE" or path.startswith("M")
        assert "-" not in path


def test_a_country_has_no_route_to_itself():
    assert atlas.between("DE", "DE") == ""
