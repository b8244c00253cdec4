"""A missing cent is found, told and topped up by two people; the pack proves each file."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import zipfile
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from banking import api as bank
from banking.control.safeguarding import jobs, queries, rules, service
from banking.control.safeguarding.errors import PackUnknown, TopUpClosed
from banking.control.safeguarding.events import PackAsked, ShortfallFound
from banking.control.safeguarding.rules import Part, Side, TopUpState
from banking.core.ledger import service as ledger
from kernel.actor import SYSTEM, Role
from kernel.db import counting_queries, reading, transaction
from kernel.four_eyes import OwnProposal, check_second_person
from kernel.ids import new_id
from kernel.money import Money
from tests.asking import says
from tests.banking.bank_objects import book, eur, house, make_customer, make_wallet, posted

SUNDAY, MONDAY = date(2026, 11, 1), date(2026, 11, 2)


@pytest.fixture
def scope(db, clock):
    """Which accounts count; Sunday, a little before it is over."""
    service.load_scope(actor=SYSTEM)
    clock("2026-11-01T23:00")


@pytest.fixture
def make_operator(make_person):
    return lambda: make_person(roles=frozenset({Role.OPERATOR}))


def deposit(amount, *, missing="0.00", currency="EUR"):
    """Give a customer money of which so much did not reach the safeguarding account."""
    wallet = make_wallet(currency=currency)
    money, lost = Money.of(amount, currency), Money.of(missing, currency)
    legs = [
        ledger.Leg(wallet.account, money),
        ledger.Leg(house("safeguarding_bank", currency), lost - money),
        ledger.Leg(house("card_fees", currency), -lost),
    ]
    book(*(leg for leg in legs if leg.amount))
    return wallet


def compute(clock, on="2026-11-02T06:00"):
    clock(on)
    return service.compute_days(actor=SYSTEM)


def days():
    with reading():
        return {(day.on, day.requirement.currency): day for day in queries.days()}


def of_kind(outbox, kind):
    return [event for event in outbox() if isinstance(event, kind)]


def open_one():
    with reading():
        (found,) = queries.open_top_ups()
    return found


def test_a_day_with_everything_in_its_place_is_short_of_nothing(scope, clock, outbox):
    deposit("100.00")

    assert compute(clock) == [SUNDAY]

    day = days()[SUNDAY, "EUR"]
    assert (day.requirement, day.resource) == (eur("100.00"), eur("100.00"))
    assert of_kind(outbox, ShortfallFound) == []


def test_a_missing_cent_is_found_told_and_topped_up_by_two_people(
    scope, clock, outbox, make_operator, db, sound
):
    deposit("100.00", missing="0.01")
    first, second = make_operator(), make_operator()
    compute(clock)

    (told,) = of_kind(outbox, ShortfallFound)
    with transaction(name="test", actor=SYSTEM):
        jobs.tell_operators(told)
    mails = db.execute(
        text("SELECT recipient FROM kernel.mail WHERE template LIKE '%shortfall%'")
    ).scalars()
    proposed = open_one()
    service.sign(top_up_id=proposed.id, actor=first)
    with pytest.raises(OwnProposal):
        service.book(top_up_id=proposed.id, actor=first)
    nothing_yet = posted(house("safeguarding_bank"))
    service.book(top_up_id=proposed.id, actor=second)

    assert (told.on, told.amount, proposed.amount) == (SUNDAY, eur("0.01"), eur("0.01"))
    assert {first.email, second.email} <= set(mails)
    assert nothing_yet == eur("-99.99")
    assert posted(house("safeguarding_bank")) == eur("-100.00")
    assert posted(house("operating_bank")) == eur("0.01")
    compute(clock, "2026-11-03T06:00")
    assert not days()[MONDAY, "EUR"].difference
    with reading():
        assert queries.warning(first) is None
    with pytest.raises(TopUpClosed):
        service.book(top_up_id=proposed.id, actor=second)
    sound()


def test_nobody_books_what_nobody_signed(scope, clock, make_operator):
    deposit("100.00", missing="0.01")
    compute(clock)

    with pytest.raises(TopUpClosed):
        service.book(top_up_id=open_one().id, actor=make_operator())


def test_the_database_refuses_a_top_up_by_one_person(scope, clock, db, make_operator):
    deposit("100.00", missing="0.01")
    compute(clock)
    with pytest.raises(Exception, match="booked_by_two"), db.begin_nested():
        db.execute(
            text(
                "UPDATE banking.safeguarding_top_ups SET state = 'booked', maker_id = :p,"
                " checker_id = :p, journal_id = 1, closed_at = proposed_at"
            ),
            {"p": make_operator().person_id},
        )


def test_no_currency_covers_another(scope, clock, outbox):
    deposit("100.00", missing="1.00")
    book(
        ledger.Leg(house("safeguarding_bank", "USD"), Money.of("-500.00", "USD")),
        ledger.Leg(house("operating_bank", "USD"), Money.of("500.00", "USD")),
    )

    compute(clock)

    assert [event.amount for event in of_kind(outbox, ShortfallFound)] == [eur("1.00")]


def test_a_day_is_what_stood_at_its_midnight(scope, clock):
    deposit("100.00")
    clock("2026-11-02T00:00")
    deposit("40.00", missing="2.00")

    compute(clock)

    assert days()[SUNDAY, "EUR"].requirement == eur("100.00")
    with reading():
        (position,) = queries.positions_now()
    assert (position.requirement, position.shortfall) == (eur("140.00"), eur("2.00"))


def test_missed_days_are_made_good_and_the_newest_alone_is_topped_up(scope, clock, outbox):
    deposit("100.00", missing="3.00")
    compute(clock)
    clock("2026-11-04T12:00")
    deposit("10.00", missing="0.50")

    assert compute(clock, "2026-11-06T06:00") == [MONDAY + timedelta(days=n) for n in range(4)]
    assert compute(clock, "2026-11-06T07:00") == []

    found = open_one()
    assert (found.on, found.amount) == (date(2026, 11, 5), eur("3.50"))
    assert [event.amount for event in of_kind(outbox, ShortfallFound)] == [
        eur("3.00"),
        eur("3.50"),
    ]
    assert days()[date(2026, 11, 3), "EUR"].difference == eur("-3.00")


def test_a_shortfall_is_told_when_it_begins_and_when_it_grows_and_not_day_by_day(
    scope, clock, outbox, make_operator
):
    deposit("100.00", missing="3.00")
    for day in (2, 3, 4):
        compute(clock, f"2026-11-0{day}T06:00")
    deposit("10.00", missing="0.50")
    for day in (5, 6):
        compute(clock, f"2026-11-0{day}T06:00")
    service.sign(top_up_id=open_one().id, actor=make_operator())
    service.book(top_up_id=open_one().id, actor=make_operator())
    deposit("10.00", missing="0.20")
    compute(clock, "2026-11-07T06:00")

    assert [(event.on.day, event.amount) for event in of_kind(outbox, ShortfallFound)] == [
        (1, eur("3.00")),
        (4, eur("3.50")),
        (6, eur("0.20")),
    ]
    assert (open_one().on.day, open_one().amount) == (6, eur("0.20"))


@pytest.mark.parametrize("table", ["safeguarding_days", "safeguarding_parts"])
@pytest.mark.parametrize(
    "sql", ["UPDATE banking.{} SET currency = 'USD'", "DELETE FROM banking.{}"]
)
def test_a_computed_day_is_evidence(scope, clock, db, table, sql):
    deposit("100.00")
    compute(clock)

    with pytest.raises(Exception, match=r"permission denied|evidence"), db.begin_nested():
        db.execute(text(sql.format(table)))


@given(
    st.lists(st.tuples(st.sampled_from(["owed", "resource"]), st.integers(-900, 900)), max_size=6),
    st.lists(st.integers(-900, 900), max_size=6),
)
def test_what_lies_outside_is_the_difference_whatever_the_books_hold(inside, outside):
    """In the ledger all accounts of a currency sum to zero; the last one here makes them so."""
    parts = [
        Part(kind=f"k{n}", side=Side(side), amount=Money(amount, "EUR"))
        for n, (side, amount) in enumerate(inside)
    ]
    owed, there = (
        sum(p.amount.minor for p in parts if p.side is side) for side in (Side.OWED, Side.RESOURCE)
    )
    rest = [*outside, there - owed - sum(outside)]
    parts += [
        Part(kind=f"o{n}", side=Side.OUTSIDE, amount=Money(amount, "EUR"))
        for n, amount in enumerate(rest)
    ]

    for position in rules.positions(parts):
        assert sum(part.amount.minor for part in position.outside) == position.difference.minor
        assert position.difference == position.surplus - position.shortfall


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
    for words in ("Card fees", "1.45", "Claims money of insurers", "30.00", "28.55"):
        assert words in told


@pytest.mark.parametrize("currency", ["EUR", "CNY", "JPY"])
def test_what_goes_to_another_bank_is_owed_until_it_is_there_and_then_kept_no_more(scope, currency):
    wallet = deposit("100", currency=currency)
    sent, clearing = Money.of("30", currency), house("rail_clearing", currency)
    book(ledger.Leg(wallet.account, -sent), ledger.Leg(clearing, sent))
    with reading():
        (under_way,) = queries.positions_now()
    book(ledger.Leg(clearing, -sent), ledger.Leg(house("rail_nostro", currency), sent))
    with reading():
        (there,) = queries.positions_now()

    whole = Money.of("100", currency)
    assert (under_way.requirement, under_way.resource) == (whole, whole)
    assert (there.requirement, there.resource) == (whole - sent, whole - sent)


def test_every_account_the_rule_names_is_one_the_ledger_knows_or_will():
    rows = queries.house_scope()

    known = {kind.value for kind in bank.AccountKind} | {
        "wallet_suspense",
        "late_credit",
        "rail_clearing",
        "rail_nostro",
    }
    assert {row["kind"] for row in rows} <= known
    assert all(len(row["source"].split()) > 4 for row in rows)


# The rules alone


@given(st.lists(st.tuples(st.sampled_from(Side), st.integers(-1000, 1000)), max_size=20))
def test_what_is_short_or_beyond_is_exactly_the_difference(parts):
    listed = [
        Part(kind=f"k{n}", side=side, amount=Money(minor, "EUR"))
        for n, (side, minor) in enumerate(parts)
    ]

    for position in rules.positions(listed):
        assert position.surplus - position.shortfall == position.resource - position.requirement
        assert min(position.surplus, position.shortfall) == eur(0)


@pytest.mark.parametrize(
    ("last", "expected"),
    [(None, 1), (SUNDAY, 0), (SUNDAY - timedelta(days=1), 1), (SUNDAY - timedelta(days=900), 5)],
)
def test_days_are_computed_once_they_are_over(last, expected):
    found = rules.days_to_compute(last, today=MONDAY, most=5)

    assert len(found) == expected
    assert all(day < MONDAY for day in found)


def test_two_people_are_two():
    one, other = new_id(), new_id()

    check_second_person(maker=one, checker=other)
    for maker, checker in ((one, one), (one, None)):
        with pytest.raises(OwnProposal):
            check_second_person(maker=maker, checker=checker)


# The pack


def make_pack(outbox):
    asked = service.ask_pack(key=new_id(), actor=SYSTEM)
    with transaction(name="test", actor=SYSTEM):
        jobs.make_pack(of_kind(outbox, PackAsked)[-1])
    with reading():
        return queries.pack_file(asked.ref)


def test_the_pack_says_who_is_owed_what_and_proves_each_file(scope, clock, outbox, make_person):
    person = make_person()
    make_customer(owner_id=person.person_id)
    wallet = bank.open_wallet(
        owner_id=person.person_id, owner_kind="person", currency="EUR", actor=SYSTEM
    )
    book(
        ledger.Leg(wallet.account, eur("1250.50")),
        ledger.Leg(house("safeguarding_bank"), -eur("1250.50")),
    )
    deposit("1000.000", currency="KWD")
    compute(clock)

    view, content = make_pack(outbox)

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    listed = dict(line.split("  ")[::-1] for line in files["SHA256SUMS"].decode().splitlines())
    assert view.sha256 == hashlib.sha256(content).hexdigest()
    assert listed == {
        name: hashlib.sha256(file).hexdigest()
        for name, file in files.items()
        if name != "SHA256SUMS"
    }
    rows = list(csv.DictReader(io.StringIO(files["customers.csv"].decode())))
    mine = next(row for row in rows if row["iban"] == wallet.iban)
    assert (mine["name"], mine["email"], mine["amount"]) == (
        "Camille Martin",
        person.email,
        "1250.50",
    )
    assert {row["amount"] for row in rows if row["currency"] == "KWD"} == {"1000.000"}
    day = next(csv.DictReader(io.StringIO(files["safeguarding_days.csv"].decode())))
    assert (day["on"], day["requirement"], day["resource"]) == ("2026-11-01", "1250.50", "1250.50")


def test_the_pack_of_the_same_books_is_the_same(scope, clock, outbox):
    deposit("100.00")
    compute(clock)

    contents = [make_pack(outbox)[1] for _ in range(2)]

    archives = [zipfile.ZipFile(io.BytesIO(content)) for content in contents]
    tables = [{n: a.read(n) for n in a.namelist() if n.endswith(".csv")} for a in archives]
    assert tables[0] == tables[1]


def test_a_name_in_the_pack_is_no_formula(scope, clock, outbox, db, make_person):
    person = make_person()
    db.execute(
        text("UPDATE kernel.person SET name = '=HYPERLINK(1)' WHERE id = :id"),
        {"id": person.person_id},
    )
    bank.open_wallet(owner_id=person.person_id, owner_kind="person", currency="EUR", actor=SYSTEM)

    _, content = make_pack(outbox)

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"'=HYPERLINK(1)" in archive.read("customers.csv")


def test_a_pack_that_is_not_made_cannot_be_fetched(scope):
    asked = service.ask_pack(key=new_id(), actor=SYSTEM)

    with reading(), pytest.raises(PackUnknown):
        queries.pack_file(asked.ref)


# The pages


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
        "Nothing to keep safe, and nothing kept: %(currencies)s.",
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

    assert says(covered, "What we owe our customers is there, to the last unit.")
    assert says(short, "Customers' money is short by %(amounts)s. Two people top it up.")
    assert "1.30" in short
    assert not says(short, "What we owe our customers is there, to the last unit.")
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
    assert says(waiting, "being made")
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
