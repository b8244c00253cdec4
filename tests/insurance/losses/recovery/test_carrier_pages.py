"""The carriers' desk over HTTP: a board by date, one case from its notice to the last money."""

import pytest
from bs4 import BeautifulSoup

from insurance.losses.recovery import gateway
from insurance.losses.recovery.rules import DeskMischief
from kernel.actor import SYSTEM, Role
from kernel.db import counting_queries
from tests.asking import says
from tests.insurance.conftest import fund, make_wallet
from tests.insurance.losses.recovery.recovering import (
    answered,
    broken,
    case_of,
    history,
    lost,
    standing,
    write,
)

BOARD = "/en/cover/carriers/"
OFFICER = frozenset({Role.UNDERWRITER})


@pytest.fixture
def house(db, clock, books_agree):
    clock("2026-06-01T09:00")
    fund()


@pytest.fixture
def officer(as_, make_person):
    return lambda: as_(make_person(roles=OFFICER))


def at(policy, act=""):
    return f"{BOARD}{case_of(policy).ref}{act}"


def post(browser, address, **fields):
    return browser.post(address, data={"csrf_token": "test-token"} | fields)


def main_of(response):
    return BeautifulSoup(response.data, "html.parser").main


def test_an_empty_board_says_what_will_come(house, officer):
    page = officer().get(BOARD)
    assert says(page, "No open carrier claims.")
    assert says(
        page, "A case appears here when a covered parcel is lost, damaged, incomplete or late"
    )


def test_the_board_begins_with_what_is_lost_first(house, officer):
    first_suit = lost()
    write()
    second_suit = broken()
    write()
    late = broken(days=23)

    page = officer().get(BOARD)

    refs = [link.get_text(strip=True) for link in main_of(page).select("tbody th a")]
    assert refs == [case_of(one).ref for one in (late, first_suit, second_suit)]
    assert len([tag for tag in main_of(page).select("tbody .tag") if "late" in tag.text]) == 1


def test_a_case_goes_from_its_notice_to_the_last_money(house, officer):
    policy = lost()
    browser = officer()
    page = browser.get(at(policy))
    assert says(page, "Letter to send")
    assert "Kestrel" in page.text
    assert "Montreal" in page.text

    for _ in range(2):
        sent = post(browser, at(policy, "/send"))
        assert (sent.status_code, sent.location) == (303, at(policy))
    assert history(policy) == ["opened", "notice_sent", "claimed"]
    assert "Notice of loss" in main_of(browser.get(at(policy))).text

    told = {"said": "accepted", "amount": "50.00", "reason": ""}
    assert post(browser, at(policy, "/answer"), **told).status_code == 303
    assert post(browser, at(policy, "/answer"), **told).status_code == 409
    assert post(browser, at(policy, "/money"), amount="50.01", before="0").status_code == 422
    for _ in range(2):
        assert post(browser, at(policy, "/money"), amount="20.00", before="0").status_code == 303
    form = main_of(browser.get(at(policy))).select_one("form[action$=money]")
    assert form.select_one("[name=before]")["value"] == "2000"
    assert form.select_one("[name=amount]")["value"] == "30.00"
    assert post(browser, at(policy, "/money"), amount="30.00", before="2000").status_code == 303
    assert history(policy)[-3:] == ["received", "received", "closed"]
    assert not main_of(browser.get(at(policy))).select("form"), "nothing is left to do"
    assert says(browser.get(BOARD), "Carriers paid %(amount)s in the last 365 days.")


def test_a_refusal_has_a_reason_and_two_people_stop(house, officer):
    policy = lost()
    write()
    write()
    maker, checker = officer(), officer()
    refused = {"said": "denied", "amount": "", "reason": ""}
    assert post(maker, at(policy, "/answer"), **refused).status_code == 422
    refused["reason"] = "Badly packed."
    assert post(maker, at(policy, "/answer"), **refused).status_code == 303
    assert "Badly packed." in maker.get(at(policy)).text

    assert post(maker, at(policy, "/stop"), why="").status_code == 422
    assert post(maker, at(policy, "/stop"), why="They are right.").status_code == 303
    assert post(maker, at(policy, "/stop/confirm")).status_code == 409
    assert not main_of(maker.get(at(policy))).select("form[action$=confirm]")
    assert post(checker, at(policy, "/stop/refuse")).status_code == 303
    assert post(maker, at(policy, "/stop"), why="They are right.").status_code == 303
    assert post(checker, at(policy, "/stop/confirm")).status_code == 303
    assert history(policy)[-1] == "waived"
    assert standing("insurer_recoveries_due")[0].minor == 0


def test_without_a_claims_desk_the_button_says_who_sends(house, officer, monkeypatch):
    policy = broken()
    monkeypatch.setattr(gateway, "claims_desk", lambda: None)
    browser = officer()
    assert says(browser.get(at(policy)), "I've sent it")
    post(browser, at(policy, "/send"))
    assert history(policy)[-1] == "notice_sent"


def test_a_desk_that_is_down_says_so_and_changes_nothing(house, officer):
    policy = broken()
    gateway.misbehave(kind=DeskMischief.TIMEOUT, actor=SYSTEM)
    assert post(officer(), at(policy, "/send")).status_code == 503
    assert history(policy) == ["opened"]


def test_the_holder_reads_one_line_and_no_more(house, as_, make_person):
    holder = make_person()
    policy = broken(owner_id=holder.person_id, wallet=make_wallet(holder.person_id))
    case = case_of(policy)
    browser = as_(holder)
    page = browser.get(f"/en/cover/claims/{case.claim_ref}")
    assert says(page, "We're also asking the carrier to pay.")
    assert case.ref not in page.text
    for address in (BOARD, at(policy)):
        assert browser.get(address).status_code == 403
    assert post(browser, at(policy, "/send")).status_code == 403


def test_an_operator_looks_and_does_nothing(house, as_, make_person, officer):
    policy = lost()
    browser = as_(make_person(roles=frozenset({Role.OPERATOR})))
    page = browser.get(at(policy))
    assert page.status_code == 200
    assert not main_of(page).select("form")
    assert post(browser, at(policy, "/send")).status_code == 403
    assert officer().get(f"{BOARD}CC-NONE").status_code == 404


def test_the_pages_ask_no_more_for_more_cases(house, officer):
    policy = lost()
    answered()
    counts = []
    for _ in range(2):
        browser, pages = officer(), {}
        for address in (BOARD, at(policy)):
            browser.get(address)
            with counting_queries() as asked:
                assert browser.get(address).status_code == 200
            pages[address] = len(asked)
        counts.append(list(pages.values()))
        for _ in range(4):
            broken()
        write()
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 15
