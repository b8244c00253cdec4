"""The board of premium tax: what is due, who prepared it, who paid it, and its lines."""

import csv
import io
from datetime import date

import pytest
from bs4 import BeautifulSoup

from insurance.reporting.bordereaux import service as bordereaux
from insurance.reporting.settlement import service as settlement
from kernel.actor import SYSTEM, Role
from tests.asking import says
from tests.insurance.conftest import buy
from tests.insurance.contracts.policies.test_policies import V2, balance

BOARD = "/en/cover/insurer/taxes"
JUNE = f"{BOARD}/havre-cargo/DE/EUR/2026-06"
TOKEN = {"csrf_token": "test-token"}


def page_of(answer):
    assert answer.status_code == 200
    return BeautifulSoup(answer.text, "html.parser")


@pytest.fixture
def officers(make_person, as_):
    people = [make_person(roles=frozenset({Role.UNDERWRITER})) for _ in range(2)]
    return [as_(one) for one in people]


@pytest.fixture
def june(db, clock):
    clock("2026-06-01T09:00")
    policy = buy(**V2)
    clock("2026-07-01T09:00")
    return policy


def settle():
    where = {"month": date(2026, 6, 1), "insurer_key": "havre-cargo", "currency": "EUR"}
    bordereaux.close(**where, actor=SYSTEM)
    settlement.settle(**where, actor=SYSTEM)


def test_a_period_goes_from_open_to_paid_by_two_officers(june, officers, clock):
    maker, checker = officers
    (link,) = page_of(maker.get(BOARD)).select("main tbody a")
    assert link["href"] == JUNE
    assert not page_of(maker.get(JUNE)).select("main form")
    early = maker.post(f"{JUNE}/prepare", data=TOKEN)
    assert 'data-code="tax_period_open"' in early.text

    settle()
    assert page_of(maker.get(JUNE)).select_one("form[action$=prepare]")
    assert maker.post(f"{JUNE}/prepare", data=TOKEN).location.endswith(JUNE)
    assert not page_of(maker.get(JUNE)).select("form[action$=confirm]")
    own = maker.post(f"{JUNE}/confirm", data=TOKEN)
    assert 'data-code="own_proposal"' in own.text
    assert page_of(checker.get(JUNE)).select_one("form[action$=confirm]")
    assert checker.post(f"{JUNE}/confirm", data=TOKEN).status_code == 303

    assert balance("insurer_premium_tax") == 0
    assert not page_of(checker.get(JUNE)).select("main form")
    assert page_of(checker.get(JUNE)).select_one(f"main a[href$='{june.number}']")


def test_why_it_was_sent_back_is_read_by_who_prepares_it_again(june, officers):
    maker, checker = officers
    settle()
    maker.post(f"{JUNE}/prepare", data=TOKEN)

    empty = checker.post(f"{JUNE}/send-back", data=TOKEN | {"reason": ""})
    assert empty.status_code == 422
    sent = checker.post(f"{JUNE}/send-back", data=TOKEN | {"reason": "Ask <b>Bonn</b> first"})
    assert sent.status_code == 303

    page = page_of(maker.get(JUNE))
    assert "Ask <b>Bonn</b> first" in page.text
    assert page.select_one("form[action$=prepare]")


def test_what_is_late_is_said_on_the_board(june, officers, clock):
    clock("2026-07-20T09:00")

    page = page_of(officers[0].get(BOARD))

    assert says(page, "%(count)s period is late.", count=1)
    assert page.select_one("main .tag.bad")


def test_lines_are_taken_along_as_a_table(june, officers):
    settle()

    answer = officers[0].get(f"{JUNE}.csv")

    (row,) = csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert (row["certificate"], row["net"], row["tax"]) == (june.number, "1.90", "0.36")
    assert len(row["journals"].split()) == 3


def test_only_the_office_sees_it_and_an_operator_prepares_nothing(june, make_person, as_):
    settle()
    buyer, operator = as_(make_person()), as_(make_person(roles=frozenset({Role.OPERATOR})))

    assert buyer.get(JUNE).status_code == buyer.get(BOARD).status_code == 403
    assert operator.get(JUNE).status_code == operator.get(BOARD).status_code == 200
    assert operator.post(f"{JUNE}/prepare", data=TOKEN).status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "havre-cargo/DE/EUR/2026-05",
        "havre-cargo/DE/EUR/2026-6",
        "havre-cargo/DE/USD/2026-06",
        "havre-cargo/FR/EUR/2026-06",
        "nobody/DE/EUR/2026-06",
        "lys-overseas/DE/EUR/2026-06",
    ],
)
def test_what_nobody_owes_is_not_found(june, officers, path):
    assert officers[0].get(f"{BOARD}/{path}").status_code == 404


def test_before_the_first_policy_the_board_says_so(db, officers):
    page = page_of(officers[0].get(BOARD))

    assert page.select_one("main h1")
    assert not page.select("main table")
