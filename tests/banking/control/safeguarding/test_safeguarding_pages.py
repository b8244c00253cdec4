"""What operators see of a shortfall and customers of their money's safety, and the pack fetched."""

from __future__ import annotations

import re

from banking.control.safeguarding import jobs, queries
from banking.control.safeguarding.events import PackAsked
from banking.control.safeguarding.rules import TopUpState
from banking.core.ledger import service as ledger
from kernel.actor import SYSTEM
from kernel.db import counting_queries, reading, transaction
from kernel.ids import new_id
from kernel.money import Money
from tests.asking import says
from tests.banking.bank_objects import book, eur, house
from tests.banking.control.safeguarding.safeguarded_days import compute, deposit, of_kind, open_one


def test_the_page_says_which_accounts_make_up_what_is_missing(scope, as_, make_operator):
    wallet = deposit("100.00", missing="1.45")
    book(ledger.Leg(wallet.account, eur("-30")), ledger.Leg(house("insurer_float"), eur(30)))

    with reading():
        (position,) = queries.positions_now()
    page = as_(make_operator()).get("/en/bank/books/safeguarding/").text

    assert {part.kind: part.amount for part in position.outside} == {
        "card_fees": eur("-1.45"),
        "insurer_float": eur(30),
    }
    assert position.difference == eur("28.55")
    told = page.split("What makes the difference")[1].split("</details>")[0]
    for words in ("Card fees", "1.45", "Insurers' claims money", "30.00", "28.55"):
        assert words in told


def test_the_operators_see_the_shortfall_everywhere_and_end_it_in_two_steps(
    scope, clock, make_operator, as_
):
    deposit("100.00", missing="0.01")
    compute(clock)
    first, second = as_(make_operator()), as_(make_operator())
    ref = open_one().ref
    address = f"/en/bank/books/safeguarding/top-ups/{ref}"
    form = {"csrf_token": "test-token"}

    pages = [
        first.get(f"/en{path}").text
        for path in (
            "/bank/books/",
            "/bank/books/disputes",
            "/bank/books/safeguarding/",
            "/account",
        )
    ]
    signed = first.post(f"{address}/sign", data=form)
    own = first.post(f"{address}/book", data=form)
    booked = second.post(f"{address}/book", data=form)

    assert all(re.search(r"money is short by .*0\.01", page) for page in pages)
    assert (signed.status_code, own.status_code, booked.status_code) == (303, 409, 303)
    assert not says(first.get("/en/bank/books/"), "Two people top it up.")
    with reading():
        assert queries.top_up_page(ref).top_up.state is TopUpState.BOOKED


def test_what_is_short_stands_first_and_currencies_without_money_take_one_line(
    scope, make_operator, as_
):
    """Twenty currencies of nothing stood above the one that somebody has to act on."""
    deposit("100.00", currency="DKK")
    deposit("50.00", missing="1.30", currency="USD")
    book(
        ledger.Leg(house("platform_loss", "AED"), Money.of("5", "AED")),
        ledger.Leg(house("card_fees", "AED"), -Money.of("5", "AED")),
    )

    with reading():
        page = queries.cockpit(before=None)
    shown = as_(make_operator()).get("/en/bank/books/safeguarding/").text

    assert [position.currency for position in page.worked] == ["USD", "DKK"]
    assert page.idle == ["AED"]
    assert says(
        shown,
        "Nothing to safeguard, and nothing safeguarded: %(currencies)s.",
        currencies="United Arab Emirates Dirham",
    )
    assert 'id="n-AED"' not in shown


def test_customers_are_not_told_that_all_is_there_while_some_of_it_is_not(
    scope, make_person, as_, sound
):
    deposit("100.00")
    visitor = as_(make_person())
    covered = visitor.get("/en/bank/safeguarding").get_data(as_text=True)

    deposit("50.00", missing="1.30")
    short = visitor.get("/en/bank/safeguarding").get_data(as_text=True)

    assert says(covered, "Everything we owe our customers is there, to the last unit.")
    assert says(short, "Customers' money is short by %(amounts)s. Two people top it up.")
    assert "1.30" in short
    assert not says(short, "Everything we owe our customers is there, to the last unit.")
    sound()


def test_customers_hear_nothing_of_the_operators_warning(scope, clock, make_person, as_):
    deposit("100.00", missing="0.01")
    compute(clock)

    assert not says(as_(make_person()).get("/en/account"), "Two people top it up.")


def test_the_operator_asks_for_a_pack_and_fetches_it(scope, clock, make_operator, as_, outbox):
    deposit("100.00")
    compute(clock)
    browser = as_(make_operator())
    form = {"csrf_token": "test-token", "key": str(new_id())}

    asked = [browser.post("/en/bank/books/safeguarding/packs", data=form) for _ in range(2)]
    waiting = browser.get("/en/bank/books/safeguarding/").text
    with transaction(name="test", actor=SYSTEM):
        jobs.make_pack(of_kind(outbox, PackAsked)[0])
    shown = browser.get("/en/bank/books/safeguarding/").text
    address = re.search(r'href="([^"]+\.zip)"', shown)
    fetched = browser.get(address[1])

    assert [answer.status_code for answer in asked] == [303, 303]
    assert len(of_kind(outbox, PackAsked)) == 1
    assert says(waiting, "in progress")
    assert (fetched.status_code, fetched.mimetype) == (200, "application/zip")


def test_the_cockpit_asks_the_same_for_a_day_as_for_a_year(scope, clock):
    deposit("100.00")
    compute(clock)
    with reading(), counting_queries() as one:
        queries.cockpit(before=None)
    deposit("5.00", currency="USD")
    compute(clock, "2027-01-20T06:00")
    with reading(), counting_queries() as many:
        first = queries.cockpit(before=None)
    with reading():
        second = queries.cockpit(before=first.before)

    assert len(many) == len(one) == 4
    assert first.days[-1].on > second.days[0].on
    assert {day.on for day in first.days} & {day.on for day in second.days} == set()
