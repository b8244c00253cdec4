"""What the gate refers is asked on the customer's page and judged on the underwriters' desk."""

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import text

from banking.authorisation.approvals import service as approvals
from insurance.contracts.policies import queries as policies
from insurance.offers.referrals import jobs
from insurance.offers.referrals import service as referrals
from kernel.actor import SYSTEM, Role
from kernel.db import reading, session
from kernel.money import Money
from kernel.people.identity import service as identity
from kernel.web.letters import render_letter
from tests.asking import says
from tests.insurance.conftest import available, drain, make_wallet
from tests.insurance.desks.shipping_desk.test_shipping_pages import post, priced
from tests.insurance.offers.shipments.describing import NUMBER
from tests.insurance.trade.cargo.test_cargo_pages import priced as priced_cargo

HAD = Money.of("1000.00", "EUR")


@pytest.fixture
def customer(make_person, clock):
    clock("2026-06-01T09:00")
    approvals.load_reference_data(actor=SYSTEM)
    return make_person(email="ada@example.com", country="DE")


@pytest.fixture
def officers(customer, make_person):
    return [make_person(roles=frozenset({Role.UNDERWRITER})) for _ in range(2)]


def soup(browser, address):
    answer = browser.get(address)
    assert answer.status_code == 200, answer.status_code
    return BeautifulSoup(answer.text, "html.parser").find("main")


def words_of(page):
    return " ".join(page.get_text(" ").split())


def waiting(browser):
    """The addresses of what waits on an underwriter's desk."""
    return [link["href"] for link in soup(browser, "/en/cover/referrals/").select("tbody a")]


def totals(page):
    """What each level would cost, as the desk shows it."""
    return [row.get_text(" ", strip=True) for row in page.select("aside .sum")]


def letters():
    with reading():
        rows = session().execute(text("SELECT template, locale, data FROM kernel.mail"))
        return [
            (
                row.template.rpartition("/")[2],
                render_letter(row.template, row.locale, row.data).text,
            )
            for row in rows
        ]


def referred(browser, words="Packed in two crates."):
    """A fresh parcel, referred, whose owner asks an underwriter; return its page."""
    offer = priced(browser, kind="fresh")
    assert soup(browser, offer).select_one(f"form[action$='{offer}/underwriter']")
    asked = post(browser, f"{offer}/underwriter", words=words)
    assert asked.status_code == 303, asked.status_code
    return offer


def test_a_customer_asks_an_underwriter_prices_and_the_customer_buys(customer, officers, as_):
    wallet, browser, desk = make_wallet(customer.person_id), as_(customer), as_(officers[0])
    offer = referred(browser)
    assert says(soup(browser, offer), "You'll have an answer by %(until)s. We'll email you.")
    assert not soup(browser, offer).select("form")

    [referral] = waiting(desk)
    page = soup(desk, referral)
    assert says(page, "The contents spoil.")
    for typed in ("Packed in two crates.", "A walnut stool", NUMBER):
        assert typed in words_of(page)
    plain, dearer = totals(page), totals(soup(desk, f"{referral}?surcharge=20"))
    assert len(plain) == len(dearer) == 3
    assert plain != dearer
    done = post(desk, f"{referral}/offer", surcharge="20", deductible="")
    assert done.status_code == 303
    assert waiting(desk)[-1:] == [referral]  # answered, it stands below
    drain()

    shown = soup(browser, offer)
    assert says(shown, "It includes a surcharge of %(share)s.", share="20%")
    assert len(shown.select("input[name=cover]")) == 3
    post(browser, f"{offer}/product-information")
    bought = post(browser, offer, cover="STD", need="on")
    policy = browser.get(browser.get(bought.location).location)
    assert says(policy, "Your parcel is covered. Your policy and certificate are ready.")
    with reading():
        [held] = policies.policies_of(owner_id=customer.person_id)
    assert available(wallet.id) == HAD - held.total
    [told] = [said for name, said in letters() if name == "referral_quoted.txt"]
    assert offer.partition("/en/")[2] in told


def test_a_customer_sees_every_reason_before_they_ask(customer, as_):
    browser = as_(customer)
    parcel = soup(browser, priced(browser, kind="fresh", value="15000.00"))
    cargo = soup(browser, priced_cargo(browser, value="300000", hs_code="030617"))

    for said in (
        "It's worth more than we can insure without an underwriter.",
        "Fresh items spoil, so an underwriter has to look.",
    ):
        assert says(parcel, said)
    assert len(parcel.select("#further + ul li")) == 1
    assert says(cargo, "An underwriter has to look at perishable cargo first.")
    assert len(cargo.select("#further + ul li")) == 1


def test_a_customer_reads_why_it_was_declined(customer, officers, as_):
    browser, desk = as_(customer), as_(officers[0])
    offer = referred(browser)
    [referral] = waiting(desk)

    silent = post(desk, f"{referral}/decline", refusal="other", words="")
    done = post(desk, f"{referral}/decline", refusal="other", words="Fish needs a cold chain.")
    again = post(desk, f"{referral}/offer", surcharge="", deductible="")
    drain()

    assert silent.status_code == 422
    assert done.status_code == 303
    assert again.status_code == 409
    shown = soup(browser, offer)
    assert "Fish needs a cold chain." in words_of(shown)
    assert says(shown, "We can't insure this parcel")
    [told] = [said for name, said in letters() if name == "referral_declined.txt"]
    assert "Fish needs a cold chain." in told


def test_what_nobody_answers_is_declined_with_a_letter(customer, officers, as_, clock):
    browser = as_(customer)
    offer = referred(browser)
    clock("2026-06-02T09:00")

    jobs.end_waiting()
    drain()

    late = "Sorry, no one answered within one working day. Please ask again."
    assert says(soup(browser, offer), late)
    assert [name for name, _ in letters() if "referral" in name] == ["referral_declined.txt"]


def test_above_an_authority_the_second_underwriter_makes_the_offer(customer, officers, as_):
    first, second = (as_(one) for one in officers)
    offer = referred(as_(customer))
    [referral] = waiting(first)
    assert says(soup(first, f"{referral}?surcharge=60"), "Propose this price")

    assert post(first, f"{referral}/offer", surcharge="60", deductible="").status_code == 303
    own = post(first, f"{referral}/confirm")
    done = post(second, f"{referral}/confirm")

    assert own.status_code == 403
    assert done.status_code == 303
    shown = soup(as_(customer), offer)
    assert says(shown, "It includes a surcharge of %(share)s.", share="60%")


def join(company, person):
    identity.add_member(organisation_id=company, person_id=person.person_id, actor=SYSTEM)


def test_nobody_judges_a_risk_in_which_they_have_a_part(customer, make_person, as_, monkeypatch):
    underwriter = frozenset({Role.UNDERWRITER})
    holder, colleague, seller, later, other = (
        make_person(roles=underwriter | {Role.BUYER}, country="DE") for _ in range(5)
    )
    ours, shop, next_one = (
        identity.found_organisation(name=name, country="DE", actor=SYSTEM)
        for name in ("Teehaus Brandt", "Atelier Nakano", "Maison Fontaine")
    )
    for company, person in ((ours, holder), (ours, colleague), (shop, seller), (next_one, later)):
        join(company, person)
    monkeypatch.setattr(referrals, "_sellers", [lambda parcel: {shop}])
    referred(as_(holder))
    [referral] = waiting(as_(other))
    join(next_one, holder)  # colleagues since

    for concerned in (holder, colleague, seller, later):
        browser = as_(concerned)
        assert waiting(browser) == []
        answers = [
            browser.get(referral),
            post(browser, f"{referral}/offer", surcharge="", deductible=""),
            post(browser, f"{referral}/confirm"),
            post(browser, f"{referral}/send-back"),
            post(browser, f"{referral}/decline", refusal="sum", words=""),
        ]
        assert [answer.status_code for answer in answers] == [403] * 5
    assert post(as_(other), f"{referral}/offer", surcharge="", deductible="").status_code == 303


def test_operators_look_and_customers_do_not(customer, make_person, as_):
    referred(as_(customer))
    operator = as_(make_person(roles=frozenset({Role.OPERATOR})))
    [referral] = waiting(operator)

    assert not soup(operator, referral).select("form")
    assert post(operator, f"{referral}/decline", refusal="sum").status_code == 403
    assert as_(customer).get(referral).status_code == 403
    assert as_(customer).get("/en/cover/referrals/").status_code == 403


def test_a_trader_buys_the_offered_price_on_its_own_page(customer, officers, as_):
    make_wallet(customer.person_id)
    browser, desk = as_(customer), as_(officers[0])
    address = priced_cargo(browser, value="300000", war="none")
    assert soup(browser, address).select_one("form[action$='/underwriter']")
    assert post(browser, f"{address}/underwriter", words="").status_code == 303
    [referral] = waiting(desk)
    assert "MV Yangtze Star 612E" in words_of(soup(desk, referral))

    done = post(desk, f"{referral}/offer", surcharge="10", deductible="0.5")

    assert done.status_code == 303, done.status_code
    link = soup(browser, address).select_one("a[href*='/prices/']")["href"]
    shown = soup(browser, link)
    assert says(shown, "The underwriter's surcharge on it")
    assert says(shown, "Half a percent of the sum insured")
    assert link != address
