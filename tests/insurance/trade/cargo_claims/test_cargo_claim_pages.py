"""A loss of cargo from its holder's report to the second officer's yes, on the pages."""

import pytest
from bs4 import BeautifulSoup

from banking.authorisation.approvals import service as approvals
from kernel.actor import SYSTEM, Role
from kernel.money import Money
from tests.asking import says
from tests.insurance.conftest import available, fund, make_wallet
from tests.insurance.trade.cargo.traders import bought


@pytest.fixture
def holder(make_person, clock):
    clock("2026-06-01T09:00")
    approvals.load_reference_data(actor=SYSTEM)
    return make_person()


def main_of(answer):
    return BeautifulSoup(answer.data, "html.parser").find("main")


def post(browser, address, **data):
    return browser.post(address, data={"csrf_token": "test-token"} | data)


def reported(browser, policy):
    answer = post(
        browser,
        f"/en/cover/cargo-claims/policies/{policy.number}",
        kind="damage",
        peril="seawater",
        loss_on="2026-06-18",
        claimed="13337.50",
        description="Seawater in the container.",
    )
    assert answer.status_code == 303
    return answer.location


@pytest.fixture
def policy(holder, clock):
    make_wallet(holder.person_id)
    bound = bought(holder)
    fund("20000.00")
    clock("2026-06-20T09:00")
    return bound


@pytest.fixture
def officers(as_, make_person):
    return [as_(make_person(roles=frozenset({Role.UNDERWRITER}))) for _ in range(2)]


def test_a_holder_reports_a_loss_that_nobody_else_sees(as_, holder, make_person, policy):
    mine = as_(holder)
    address = f"/en/cover/cargo-claims/policies/{policy.number}"
    assert mine.get(address).status_code == 200
    assert post(mine, address).status_code == 422

    claim = reported(mine, policy)

    assert not main_of(mine.get(claim)).select("form[action$=survey]")
    stranger = as_(make_person())
    assert [stranger.get(one).status_code for one in (claim, address)] == [404, 404]
    assert post(mine, f"{claim}/withdraw").status_code == 303
    assert says(main_of(mine.get(claim)), "Taken back")


def test_two_officers_pay_what_the_survey_comes_to(as_, holder, officers, policy):
    mine, (maker, checker) = as_(holder), officers
    before = available(policy.wallet_id)
    claim = reported(mine, policy)
    waiting = main_of(maker.get("/en/cover/cargo-claims/")).select("table a")
    assert claim in [link["href"] for link in waiting]

    found = {"surveyor": "Havre Survey", "report": "HS-771", "day": "2026-06-19"}
    decision = {"outcome": "pay", "reason": "As surveyed."}
    assert post(maker, f"{claim}/recommend", **decision).status_code == 409
    upside_down = post(maker, f"{claim}/survey", whole="41250", part="55000", **found)
    assert upside_down.status_code == 409
    assert post(maker, f"{claim}/survey", whole="55000", part="41250", **found).status_code == 303
    assert "13,070.75" in main_of(mine.get(claim)).get_text()
    assert post(maker, f"{claim}/recommend", **decision).status_code == 303
    assert post(maker, f"{claim}/confirm").status_code == 403
    assert main_of(checker.get(claim)).select("form[action$=confirm]")
    assert post(checker, f"{claim}/confirm").status_code == 303

    assert available(policy.wallet_id) == before + Money.of("13070.75", "EUR")


def test_a_holder_appeals_on_the_page_and_who_refused_it_has_no_say_any_more(
    as_, holder, officers, policy
):
    mine, (maker, checker) = as_(holder), officers
    claim = reported(mine, policy)
    decision = {"outcome": "refuse", "reason": "Packed badly."}
    post(maker, f"{claim}/recommend", **decision)
    assert not main_of(mine.get(claim)).select("form[action$=appeal]")
    post(checker, f"{claim}/confirm")
    assert main_of(mine.get(claim)).select("form[action$=appeal]")
    assert not main_of(checker.get(claim)).select("form[action$=appeal]")

    assert post(mine, f"{claim}/appeal").status_code == 422
    assert post(checker, f"{claim}/appeal", words="Pay it.").status_code == 404
    assert post(mine, f"{claim}/appeal", words="It was packed well.").status_code == 303

    told = main_of(checker.get(claim))
    assert "It was packed well." in told.get_text()
    assert told.select("form[action$=recommend]")
    assert not main_of(maker.get(claim)).select("form[action$=recommend]")
    assert post(maker, f"{claim}/recommend", **decision).status_code == 403
    assert post(mine, f"{claim}/appeal", words="And again.").status_code == 409
