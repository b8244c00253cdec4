import pytest

from kernel import countries
from kernel.web import atlas


@pytest.mark.parametrize(
    ("latitude", "longitude", "x", "y"),
    [
        (52.5, 13.4, 611, 138),
        (41.15, -8.6, 538, 186),
        (-34.8, -56.2, 379, 453),
        (-41.3, 174.8, 1149, 478),
        (21.3, -157.9, 40, 259),
        (64.1, -178.0, 1173, 82),
    ],
)
def test_places_lie_where_the_coastlines_have_them(latitude, longitude, x, y):
    point = atlas.at(latitude, longitude)
    assert (point.x, point.y) == (pytest.approx(x, abs=3), pytest.approx(y, abs=3))


def test_a_place_at_a_pole_has_no_point():
    assert atlas.at(-80, 0) is None
    assert atlas.between("DE", "XX") == ""


def test_every_destination_has_its_door_on_the_map():
    for country in countries.first_currencies(countries.HOUSE):
        assert atlas.seat_of(country), country


def test_pins_cover_neither_each_other_nor_the_door():
    chosen = atlas.apart(["DK", "GB", "IT", "CN", "JP", "KR", "US", "AE"], "FR")
    assert "FR" not in chosen
    assert chosen[0] == "DK"
    assert "US" in chosen
    assert len(chosen) <= 4
    assert not {"CN", "KR"} <= set(chosen)


def test_no_pin_hangs_over_the_edge():
    assert atlas.apart(["NZ", "BR", "US"], "FR") == ["US"]


def test_a_route_stays_on_the_drawing():
    for origin in countries.HOUSE.part("map"):
        path = atlas.between(origin, "DE")
        assert origin == "DE" or path.startswith("M")
        assert "-" not in path


def test_a_country_has_no_route_to_itself():
    assert atlas.between("DE", "DE") == ""
