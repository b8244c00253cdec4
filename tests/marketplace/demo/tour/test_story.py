"""The story is long enough for the slowest parcel and short enough for the quickest."""

import json
from datetime import date, timedelta

import pytest

from insurance.losses.claims.terms import handling_on
from marketplace.buying.orders.rules import term
from marketplace.demo.seed import seed
from marketplace.demo.tour import tour
from marketplace.demo.tour.desks import script
from marketplace.demo.tour.regulars import regulars
from marketplace.demo.tour.story import LASTS
from marketplace.logistics.carriers.queries import network

DATA = seed.HERE / "data"
SHOPS = {row["key"]: row for row in json.loads((DATA / "vendors.json").read_text("utf-8"))}
BUYERS = {
    row["email"]: row["country"]
    for row in json.loads((DATA / "people.json").read_text("utf-8"))["buyers"]
}
SOLD_BY = {row["name_latin"] or row["name"]: row["country"] for row in SHOPS.values()}
# Every day of a week and of a leap year: weekends lie otherwise in each.
STARTS = [date(2028, 1, 1) + timedelta(days=day) for day in range(366)]
# Time passes by half days, so that a scan and what follows it are heard so much later.
HEARD_AFTER = timedelta(days=1)


def ways_of_shoppers():
    for shopper in tour.SHOPPERS:
        for vendor in (tour.TEAPOT_VENDOR, tour.LAMP_VENDOR):
            yield shopper.email, SOLD_BY[vendor], shopper.country


def ways_of_regulars():
    for row in regulars():
        (shop,) = [shop for key, shop in SHOPS.items() if row["product"].startswith(f"{key}-")]
        yield row["email"], shop["country"], BUYERS[row["email"]]


def days_of(start, origin, destination):
    """Return how long the post takes at least and at most, until the end of its day."""
    post, roads = network().service("post"), network()
    first, last = post.rate_cards[0].days[roads.zone(origin, destination)]
    _, late = post.customs_days
    return (
        roads.after(start, first) - start,
        roads.after(start, last + late) - start + timedelta(days=1),
    )


@pytest.mark.parametrize(("email", "origin", "destination"), list(ways_of_shoppers()))
def test_whatever_a_parcel_takes_its_days_to_look_are_over_today(email, origin, destination):
    for start in STARTS:
        _, longest = days_of(start, origin, destination)
        looked_at = longest + timedelta(days=term("inspection_days", start))
        assert looked_at + HEARD_AFTER < LASTS, f"{email} from {start}"


@pytest.mark.parametrize(("email", "origin", "destination"), list(ways_of_regulars()))
def test_whatever_a_parcel_takes_it_is_there_to_be_reviewed(email, origin, destination):
    for start in STARTS:
        _, longest = days_of(start, origin, destination)
        assert longest + HEARD_AFTER < LASTS, f"{email} from {start}"


def test_who_got_a_parcel_at_the_soonest_may_still_tell_of_damage():
    told = {script()["ended"]["from"], *(row["from"] for row in script()["damages"])}
    window = timedelta(days=handling_on(STARTS[0]).notice_days["damage"])
    ways = [one for one in (*ways_of_shoppers(), *ways_of_regulars()) if one[0] in told]

    assert {email for email, _, _ in ways} == told
    for email, origin, destination in ways:
        for start in STARTS:
            soonest, _ = days_of(start, origin, destination)
            assert LASTS - soonest < window, f"{email} from {start}"
