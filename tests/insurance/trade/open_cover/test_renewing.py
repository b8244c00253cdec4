"""A year that runs out is renewed by asking again, with what was asked for the last time."""

from datetime import date

from bs4 import BeautifulSoup

from insurance.trade.open_cover import rules, running
from insurance.trade.open_cover.events import OpenCoverNews
from insurance.trade.open_cover.rules import State, Use
from kernel.actor import SYSTEM
from tests.insurance.conftest import make_wallet
from tests.insurance.trade.open_cover.conftest import accepted, application, eur, holder, terms


def test_a_year_is_renewed_by_the_day_after_its_last_or_by_today():
    asked = application()
    last = date(2027, 5, 31)

    assert rules.next_year(asked, last, date(2027, 5, 1)).starts_on == date(2027, 6, 1)
    assert rules.next_year(asked, last, date(2027, 7, 9)).starts_on == date(2027, 7, 9)
    assert not rules.is_renewable(last, date(2027, 3, 31))
    assert rules.is_renewable(last, date(2027, 4, 1))


def test_who_was_given_notice_is_not_told_that_the_year_runs_out():
    agreed = terms()

    assert rules.is_reminded(agreed, agreed.ends_on, date(2027, 5, 1))
    assert not rules.is_reminded(agreed, agreed.ends_on, date(2027, 4, 30))
    assert not rules.is_reminded(agreed, date(2027, 5, 30), date(2027, 5, 1))


def test_a_holder_is_told_once_before_the_year_runs_out(clock, outbox):
    actor, _ = holder()
    cover = accepted(actor)

    clock("2027-04-30T09:00")
    running.mind(ref=cover.ref, actor=SYSTEM)
    clock("2027-05-01T09:00")
    for _ in range(2):
        assert running.mind(ref=cover.ref, actor=SYSTEM).state is State.ACTIVE
    clock("2027-06-01T09:00")
    assert running.mind(ref=cover.ref, actor=SYSTEM).state is State.ENDED

    told = [one.what for one in outbox() if isinstance(one, OpenCoverNews) and one.ref == cover.ref]
    assert told == ["offered", "accepted", "ending", "ended"]


def test_the_form_of_the_next_year_says_what_was_asked_for_the_last_time(as_, make_person):
    actor, other = make_person(), make_person()
    make_wallet(actor.person_id)
    long = accepted(actor)
    cover = accepted(actor, ends_on=date(2026, 7, 9))
    address = f"/en/bank/cover/open/new?renews={cover.ref}"
    browser = as_(actor)

    assert "renews=" not in browser.get(f"/en/bank/cover/open/{long.ref}").text

    assert f"renews={cover.ref}" in browser.get(f"/en/bank/cover/open/{cover.ref}").text
    form = BeautifulSoup(browser.get(address).data, "html.parser").find("main")
    filled = {one["name"]: one.get("value") for one in form.select("input[id^=f-]")}
    assert filled["business"] == "Teehaus Brandt GmbH"
    assert (filled["starts_on"], filled["turnover"]) == ("2026-07-10", "200,000.00")
    assert as_(other).get(address).status_code == 404


def test_limits_are_named_as_on_shipping_papers():
    ship = Use(what="2026-06-10 mv yangtze star 612e", used=eur(1), limit=eur(2))
    place = Use(what="CN jingdezhen", used=eur(1), limit=eur(2))

    assert (ship.name, ship.day, ship.country) == ("MV YANGTZE STAR 612E", date(2026, 6, 10), "")
    assert (place.name, place.day, place.country) == ("JINGDEZHEN", None, "CN")
