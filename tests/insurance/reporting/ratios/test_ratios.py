"""The board of loss ratios, and the fixed figures of the reference."""

from datetime import date
from fractions import Fraction

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import event, select

from insurance import api as cover
from insurance.contracts.policies import sellers
from insurance.contracts.policies.models import Policy
from insurance.money.books import service as books
from insurance.money.books.service import Split
from insurance.money.earnings import service as earnings
from insurance.money.reserves import service as reserves
from insurance.reporting.ratios import queries, shops
from insurance.reporting.ratios.queries import By
from kernel import clock as kernel_clock
from kernel.actor import SYSTEM, Role
from kernel.db import counting_queries, reading
from kernel.ids import new_id
from kernel.money import Money
from tests.insurance.conftest import buy, drain, fund, make_wallet, scan
from tests.insurance.contracts.policies.test_policies import V2
from tests.insurance.losses.recovery.recovering import answered, lost

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)
TERMS = {"insurer_key": "havre-cargo", "actor": SYSTEM}


def euros(amount):
    return Money.of(amount, "EUR")


def board(by, **look):
    terms = {"currency": "EUR", "first": MARCH, "after": APRIL} | look
    with reading():
        return queries.board(insurer_key="havre-cargo", by=by, actor=SYSTEM, **terms)


@pytest.fixture
def march(clock, db):
    """10,000 earned; 2,300 paid, 900 reserved, 900 not reported yet, 150 recovered."""
    clock("2026-03-20T09:00")
    fund()
    nothing = Money.zero("EUR")
    kept = Split(net=euros("10000"), commission=nothing, tax=nothing, country="DE")
    earnings.end(policy_id=new_id(), subject="26-1", product="STD", kept=kept, **TERMS)
    paid, reserved = new_id(), new_id()
    reserve = {"claim_id": paid, "subject": "C-1", "reserve": euros("2000")}
    books.claim_reserved(**reserve, **TERMS)
    books.claim_approved(**reserve, payable=euros("2300"), **TERMS)
    wallet = make_wallet()
    books.claim_paid(
        claim_id=paid, subject="C-1", payable=euros("2300"), wallet_id=wallet.id, **TERMS
    )
    books.claim_reserved(claim_id=reserved, subject="C-2", reserve=euros("900"), **TERMS)
    books.salvage_received(case_id=new_id(), subject="S-1", salvage=euros("150"), **TERMS)
    clock("2026-04-01T09:00")
    reserves.book_until(month=MARCH, actor=SYSTEM)


def test_the_loss_ratio_of_the_fixed_data_set_is_thirty_nine_and_a_half_per_cent(march):
    (row,) = board(By.MONTH)

    assert (row.key, row.earned, row.paid) == ("2026-03", euros("10000"), euros("2300"))
    assert (row.outstanding, row.unreported) == (euros("900"), euros("900"))
    assert row.recovered == euros("150")
    assert row.ratio == Fraction(395, 1000)
    assert str(row.percent) == "39.5"


@pytest.fixture
def sold(clock, db):
    """Two lanes and a level each, one of them with a loss."""
    clock("2026-03-02T09:00")
    fund()
    kept, lost = buy(**V2), buy(level=cover.Cover.PLUS)
    for policy in (kept, lost):
        scan(policy)
    clock("2026-03-10T09:00")
    cover.parcel_delivered(parcel_ref=kept.parcel_ref, at=kernel_clock.now(), actor=SYSTEM)
    cover.parcel_lost(
        parcel_ref=lost.parcel_ref,
        at=kernel_clock.now(),
        evidence={"events": ["lost"]},
        actor=SYSTEM,
    )
    drain()
    return kept, lost


def test_the_board_adds_up_by_what_is_asked_and_leads_to_policies(sold):
    kept, lost = sold

    lanes = {row.key: row for row in board(By.LANE)}
    assert lanes["DE-DE"].earned == kept.net
    assert lanes["DE-DE"].ratio == 0
    assert lanes["CN-DE"].paid == lost.sum_insured
    assert {row.key for row in board(By.PRODUCT)} == {"PLUS", "STD"}
    assert [row.key for row in board(By.POLICY, within=(By.LANE, "CN-DE"))] == [lost.number]
    (month,) = board(By.MONTH)
    assert queries.whole(list(lanes.values()), "EUR").cost == month.cost
    assert board(By.LANE, currency="USD") == []


ATELIER, FIBBIA = 7, 8


@pytest.fixture
def by_shops(sold, monkeypatch):
    """What two shops sold, noted for policies of before: one of its own and two of the other."""
    kept, lost = sold
    third = buy(origin_country="JP")
    scan(third)
    known = {kept.parcel_ref: ATELIER, lost.parcel_ref: FIBBIA, third.parcel_ref: FIBBIA}
    knows = [lambda refs: {ref: known[ref] for ref in refs if ref in known}]
    monkeypatch.setattr(sellers, "_knows", knows)
    monkeypatch.setattr(shops, "_knows", [lambda _: {ATELIER: "Atelier", FIBBIA: "Fibbia"}])
    assert sellers.note_all(actor=SYSTEM) == 3
    return kept, lost, third


def test_the_board_adds_up_by_shop_and_leads_to_the_policies_of_one(by_shops):
    kept, lost, third = by_shops

    by_shop = {row.key: row for row in board(By.SHOP)}
    by_policy = {row.key: row for row in board(By.POLICY)}
    assert by_shop.keys() == {"7", "8"}
    assert by_shop["7"].earned == kept.net
    assert by_shop["7"].ratio == 0
    theirs = [by_policy[one.number] for one in (lost, third) if one.number in by_policy]
    assert by_shop["8"].earned == queries.whole(theirs, "EUR").earned
    assert by_shop["8"].paid == lost.sum_insured
    (month,) = board(By.MONTH)
    assert queries.whole(list(by_shop.values()), "EUR").cost == month.cost
    found = board(By.POLICY, within=(By.SHOP, "8"))
    assert {row.key for row in found} == {row.key for row in theirs}
    # Any other kind is kept to a shop as well.
    assert [row.key for row in board(By.PRODUCT, within=(By.SHOP, "7"))] == ["STD"]


def test_the_figures_of_shops_are_one_statement(by_shops, db):
    with reading(), counting_queries() as asked:
        queries.board(
            insurer_key="havre-cargo",
            by=By.SHOP,
            currency="EUR",
            first=MARCH,
            after=APRIL,
            actor=SYSTEM,
        )

    assert len(asked) == 1


def test_what_no_shop_sold_stands_apart_and_is_noted_never(sold, monkeypatch):
    _, lost = sold
    monkeypatch.setattr(sellers, "_knows", [])

    assert sellers.note_all(actor=SYSTEM) == 0

    (unknown,) = board(By.SHOP)
    assert (unknown.key, unknown.paid) == ("", lost.sum_insured)


def test_sellers_are_noted_in_batches_once_and_never_changed(by_shops, monkeypatch):
    kept, *_ = by_shops
    monkeypatch.setattr(sellers, "_BATCH", 2)
    fourth = buy(origin_country="JP")
    everything = [lambda refs: dict.fromkeys(refs, 9)]
    monkeypatch.setattr(sellers, "_knows", everything)

    assert sellers.note_all(actor=SYSTEM) == 1
    assert sellers.note_all(actor=SYSTEM) == 0

    with reading() as current:
        found = current.execute(select(Policy.number, Policy.seller_id))
        known = {row.number: row.seller_id for row in found}
    assert (known[kept.number], known[fourth.number]) == (ATELIER, 9)


def test_an_insurer_sees_of_a_shop_its_own_policies_alone(by_shops, make_person, as_, clock):
    _, lost, _ = by_shops
    clock("2026-07-02T09:00")
    overseas = buy(policyholder_country="AE", seller_id=FIBBIA)
    assert overseas.insurer_key == "lys-overseas"
    scan(overseas)
    clock("2026-07-10T09:00")
    cover.parcel_delivered(parcel_ref=overseas.parcel_ref, at=kernel_clock.now(), actor=SYSTEM)
    officer = as_(make_person(roles=frozenset({Role.UNDERWRITER})))
    address = "/en/cover/insurer/ratios?by=policy&shop=8&from=2026-03&to=2026-07"

    with reading():
        assert queries.shops(insurer_key="lys-overseas", actor=SYSTEM) == {"8": "Fibbia"}
        assert queries.shops(insurer_key="havre-cargo", actor=SYSTEM) == {
            "7": "Atelier",
            "8": "Fibbia",
        }
    first, second = officer.get(address).text, officer.get(f"{address}&insurer=lys-overseas").text
    assert [number in first for number in (lost.number, overseas.number)] == [True, False]
    assert [number in second for number in (lost.number, overseas.number)] == [False, True]
    # Neither a shop nor a buyer sees the board.
    for roles in ({Role.VENDOR}, {Role.BUYER}):
        other = as_(make_person(roles=frozenset(roles)))
        assert other.get(address).status_code == 403


def test_the_page_names_shops_and_leads_to_the_policies_of_one(by_shops, make_person, as_):
    officer = as_(make_person(roles=frozenset({Role.UNDERWRITER})))

    page = BeautifulSoup(
        officer.get("/en/cover/insurer/ratios?by=shop&from=2026-03&to=2026-03").data, "html.parser"
    )

    links = {link.text.strip(): link["href"] for link in page.select("tbody th a")}
    assert links.keys() == {"Atelier", "Fibbia"}
    assert "within=shop" in links["Fibbia"]
    assert "of=8" in links["Fibbia"]
    options = [one["value"] for one in page.select("select[name=shop] option")]
    assert options == ["", "7", "8"]


def test_a_policy_keeps_the_shop_that_is_known_at_its_conclusion(db, clock):
    clock("2026-03-02T09:00")
    sold, other = buy(seller_id=ATELIER), buy()

    with reading() as current:
        found = current.execute(select(Policy.number, Policy.seller_id))
        known = {row.number: row.seller_id for row in found}
    assert (known[sold.number], known[other.number]) == (ATELIER, None)


def test_the_board_asks_the_same_however_much_it_adds_up(sold, make_person, as_, db):
    officer = as_(make_person(roles=frozenset({Role.UNDERWRITER})))
    address = "/en/cover/insurer/ratios?by=lane&from=2026-03&to=2026-03"

    def statements():
        asked = []
        event.listen(db, "before_cursor_execute", lambda *told: asked.append(told[2]))
        answer = officer.get(address)
        assert answer.status_code == 200
        assert "CN-DE" in answer.text
        return len(asked)

    statements()
    few = statements()
    for _ in range(4):
        scan(buy(origin_country="JP"))
    assert statements() == few
    assert 0 < few <= 15


def test_only_the_office_sees_the_board(sold, make_person, as_):
    address = "/en/cover/insurer/ratios"

    assert as_(make_person()).get(address).status_code == 403
    assert as_(make_person()).get(f"{address}?by=policy").status_code == 403
    officer = as_(make_person(roles=frozenset({Role.OPERATOR})))
    assert officer.get(f"{address}?by=x&from=y&to=2020-01&within=lane&of=CN-DE").status_code == 200


def test_what_carriers_owe_stands_with_the_cover_that_was_paid(db, clock):
    clock("2026-06-01T09:00")
    fund()
    policy = lost()
    answered()

    (row,) = board(By.PRODUCT, first=date(2026, 6, 1), after=date(2026, 7, 1))
    assert (row.key, row.paid, row.recovered) == ("PLUS", euros("128.00"), euros("76.05"))
    (row,) = board(By.POLICY, first=date(2026, 6, 1), after=date(2026, 7, 1))
    assert (row.key, row.recovered) == (policy.number, euros("76.05"))
