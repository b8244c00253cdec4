"""What strangers and clumsy fingers try on the bank's pages."""

from __future__ import annotations

import pytest
from bank_objects import available, eur
from sqlalchemy import text

from banking.online.pots import queries as pots
from kernel.db import reading
from kernel.ids import new_id
from tests.banking.attacks.hands import made, post, wallet

AMOUNTS = [
    "-5",
    "0",
    "-0.01",
    "NaN",
    "Infinity",
    "1e9",
    "0x10",
    "10,000.000.5",
    "12.345",
    "twelve",
    "999999999999999999999",
    "1" * 300,
    "5\u0000",
    "\u202e5",
    "5; DROP TABLE",
    "",
]


def journals(db):
    return db.execute(text("SELECT count(*) FROM banking.journals")).scalar_one()


def test_a_stranger_finds_no_pot_no_file_and_no_standing_order(owner, payee, browse, make_person):
    mine, stranger = browse(owner), browse(make_person())
    pot = made(mine, "/en/bank/pots/", name="Tea", currency="EUR")
    made(mine, f"{pot}/in", amount="50")
    order = made(
        mine,
        "/en/bank/statements/orders",
        currency="EUR",
        format="csv",
        **{"from": "2026-11-01", "to": "2026-11-25"},
    )
    begun = made(mine, "/en/bank/send", to=wallet(payee).iban, name="Camille Martin")
    check = made(mine, begun, currency="EUR", amount="12.50")
    result = made(mine, check)
    regular = made(
        mine, f"{result}/regularly", amount="12.50", cadence="monthly", first_on="2026-12-01"
    )
    listed = mine.get("/en/bank/standing").text
    ref = next(part for part in listed.split('"') if "/bank/standing/R-" in part)

    for address in (pot, order, f"{order}/file", ref, regular):
        assert mine.get(address).status_code in {200, 303}, address
        assert stranger.get(address).status_code == 404, address
    for address in (f"{pot}/in", f"{pot}/out"):
        assert post(stranger, address, amount="1").status_code == 404, address
    for address in (f"{pot}/close", f"{ref}/pause", f"{ref}/resume", f"{ref}/end"):
        assert post(stranger, address).status_code == 404, address
    assert post(stranger, f"{pot}/change", name="Mine now").status_code == 404
    assert "Mine now" not in mine.get(pot).text


def test_the_desks_of_the_house_are_closed_to_customers(owner, browse):
    mine = browse(owner)
    for address in (
        "officers/",
        "books/",
        "books/disputes",
        "books/reconciliation/",
        "books/safeguarding/",
    ):
        assert mine.get(f"/en/bank/{address}").status_code in {403, 404}, address
    assert post(mine, "/en/bank/books/safeguarding/packs").status_code in {403, 404}


@pytest.mark.parametrize("typed", AMOUNTS)
def test_no_amount_that_is_none_moves_or_asks_for_money(owner, payee, browse, db, typed):
    mine = browse(owner)
    pot = made(mine, "/en/bank/pots/", name="Tea", currency="EUR")
    begun = made(mine, "/en/bank/send", to=wallet(payee).iban, name="Camille Martin")
    before = (journals(db), available(wallet(owner)))

    answers = [
        post(mine, f"{pot}/in", amount=typed),
        post(mine, f"{pot}/out", amount=typed),
        post(mine, begun, currency="EUR", amount=typed),
    ]
    if typed:  # a request without an amount lets the payer choose
        answers.append(post(mine, "/en/bank/request", currency="EUR", amount=typed, days="7"))

    assert {answer.status_code for answer in answers} <= {409, 422}
    assert (journals(db), available(wallet(owner))) == before


@pytest.mark.parametrize(
    "typed", ["\x00", "\ud83d\ude00" * 300, "<script>alert(1)</script>", "=cmd|' /C calc'!A0"]
)
def test_words_of_any_kind_are_kept_as_words_or_asked_back(owner, browse, typed):
    mine = browse(owner)
    typed = typed.encode("utf-16", "surrogatepass").decode("utf-16")

    answer = post(mine, "/en/bank/pots/", name=typed, currency="EUR")

    assert answer.status_code in {303, 422}
    if answer.status_code == 303:
        assert "<script>alert" not in mine.get(answer.headers["Location"]).text


def test_a_doubled_click_fills_a_pot_once(owner, browse):
    mine = browse(owner)
    pot = made(mine, "/en/bank/pots/", name="Tea", currency="EUR")
    key = str(new_id())

    answers = [post(mine, f"{pot}/in", amount="50", key=key).status_code for _ in range(3)]

    assert answers == [303, 303, 303]
    with reading():
        assert [one.saved for one in pots.pots_of(owner_id=owner.person_id)] == [eur("50")]


@pytest.mark.parametrize(
    "address",
    [
        "pots/x",
        "wallets/xyz",
        "statements/eur/2026-13/pdf",
        "statements/eur/2026-10/exe",
        "movements/?from=yesterday&min=zz&after=%00",
        "transfers/W-%ff",
        "limits?x=%F0%28",
    ],
)
def test_a_mangled_address_is_answered_and_never_a_fault_of_ours(owner, browse, address):
    assert browse(owner).get(f"/en/bank/{address}").status_code < 500
