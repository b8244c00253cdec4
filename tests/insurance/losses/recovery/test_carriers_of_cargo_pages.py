"""The carrier of cargo on the pages: its holder says who carried it, officers go on from there."""

from decimal import Decimal

import pytest
from bs4 import BeautifulSoup

from banking.authorisation.approvals import service as approvals
from insurance.losses.recovery import queries
from insurance.losses.recovery.rules import CarrierClaimState
from insurance.trade.cargo_claims import service as cargo_claims
from insurance.trade.cargo_claims.rules import Kind
from insurance.trade.clauses.queries import Peril
from kernel import clock as kernel_clock
from kernel.actor import SYSTEM, Role
from kernel.db import counting_queries, reading
from kernel.money import Money
from tests.asking import says
from tests.insurance.conftest import drain, fund, make_wallet
from tests.insurance.losses.recovery.recovering import write
from tests.insurance.trade.cargo.traders import bought

OFFICER = frozenset({Role.UNDERWRITER})
BY_SEA = {"origin_country": "JP", "origin": "Yokohama"}
BY_SEA |= {"destination_country": "FR", "destination": "Le Havre"}
CARRIED = {"carrier": "Kaiun Line", "number": "YOK-7", "packages": "40", "weight_kg": "800"}


@pytest.fixture
def holder(db, make_person, clock, books_agree):
    clock("2026-06-01T09:00")
    approvals.load_reference_data(actor=SYSTEM)
    return make_person()


@pytest.fixture
def claim(holder, clock):
    make_wallet(holder.person_id)
    policy = bought(holder, **BY_SEA)
    fund("90000.00")
    clock("2026-06-20T09:00")
    opened = cargo_claims.notify(
        policy_id=policy.id,
        kind=Kind.DAMAGE,
        peril=Peril.SEAWATER,
        claimed=Money.of("9000.00", "EUR"),
        loss_on=kernel_clock.today(),
        description="Water in the container.",
        actor=holder,
    )
    drain()
    return opened


@pytest.fixture
def case(holder, claim):
    with reading():
        return queries.of_cargo_claim(holder, claim.ref)


@pytest.fixture
def officers(as_, make_person):
    return [as_(make_person(roles=OFFICER)) for _ in range(2)]


def post(browser, address, **fields):
    return browser.post(address, data={"csrf_token": "test-token"} | fields)


def main_of(answer):
    return BeautifulSoup(answer.data, "html.parser").find("main")


def links(page):
    return [link["href"] for link in page.select("a")]


def test_the_claims_page_tells_its_holder_and_leads_officers_to_the_case_and_back(
    as_, holder, officers, claim, case
):
    address = f"/en/cover/cargo-claims/{claim.ref}"
    at_carrier = f"/en/cover/carriers/{case.ref}"

    mine = main_of(as_(holder).get(address))
    assert says(mine, "The insurer is also asking the carrier to pay.")
    assert f"{at_carrier}/carriage" in links(mine)
    assert at_carrier not in links(mine)
    assert at_carrier in links(main_of(officers[0].get(address)))
    assert address in links(main_of(officers[0].get(at_carrier)))


def test_its_holder_says_who_carried_it_and_nobody_else_may(as_, holder, make_person, claim, case):
    mine, address = as_(holder), f"/en/cover/carriers/{case.ref}/carriage"
    assert mine.get(address).status_code == 200

    refused = post(mine, address, **CARRIED | {"carrier": ""})
    assert refused.status_code == 422
    assert main_of(refused).select_one("[name=number]")["value"] == "YOK-7"
    stranger = as_(make_person())
    answers = [stranger.get(address), post(stranger, address, **CARRIED)]
    assert [one.status_code for one in answers] == [404, 404]
    assert post(mine, address, **CARRIED).status_code == 303

    with reading():
        told = queries.of_cargo_claim(holder, claim.ref)
    assert (told.carrier, told.packages, told.weight_g) == ("Kaiun Line", 40, 800_000)
    assert told.limit_sdr == Decimal("26666.8")


def test_a_parcels_case_has_no_such_page(as_, officers, case):
    assert officers[0].get(f"/en/cover/carriers/{case.ref}/carriage").status_code == 200
    assert officers[0].get("/en/cover/carriers/CC-NONE/carriage").status_code == 404


def test_the_board_says_whose_carrier_is_not_known(officers, case):
    with counting_queries() as asked:
        page = main_of(officers[0].get("/en/cover/carriers/"))
    assert says(page, "Find out who carried the cargo")
    assert len(asked) <= 15


def test_two_officers_close_a_case_whose_carrier_owes_nothing(as_, holder, officers, case):
    maker, checker = officers
    address = f"/en/cover/carriers/{case.ref}"
    post(maker, f"{address}/carriage", **CARRIED)
    write()

    assert post(maker, f"{address}/nothing-owed", letter="KL/88").status_code == 422
    answer = post(maker, f"{address}/nothing-owed", letter="KL/88", owed_reason="Fire on board.")
    assert answer.status_code == 303
    assert post(maker, f"{address}/stop/confirm").status_code == 409
    page = main_of(checker.get(address))
    assert says(page, "A colleague says the carrier owes nothing")
    assert post(checker, f"{address}/stop/confirm").status_code == 303

    page = main_of(checker.get(address))
    assert says(page, "Carrier owes nothing")
    assert "KL/88" in page.text
    with reading():
        closed = queries.carrier_claim(SYSTEM, case.ref).case
    assert closed.state is CarrierClaimState.CLOSED


def test_a_letter_that_went_is_shown_with_its_cargo(officers, case):
    post(officers[0], f"/en/cover/carriers/{case.ref}/carriage", **CARRIED)
    write()

    page = main_of(officers[0].get(f"/en/cover/carriers/{case.ref}"))

    assert "YOK-7" in page.select_one("p.written").text
