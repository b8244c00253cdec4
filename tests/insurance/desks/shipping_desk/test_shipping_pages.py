"""A customer of the bank insures a parcel from anywhere, from the form to the policy."""

import pytest
from bs4 import BeautifulSoup

from banking.authorisation.approvals import service as approvals
from insurance.contracts.policies import queries as policies
from insurance.offers.shipments import gateway
from insurance.offers.shipments.gateway import Fault
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.money import Money
from tests.asking import says
from tests.insurance.conftest import available, make_wallet
from tests.insurance.offers.shipments.describing import NUMBER, scan

HAD = Money.of("1000.00", "EUR")


def words_of(response):
    return " ".join(BeautifulSoup(response.data, "html.parser").find("main").get_text(" ").split())


def post(browser, address, **fields):
    return browser.post(address, data={"csrf_token": "test-token"} | fields)


@pytest.fixture
def customer(make_person, clock):
    clock("2026-06-01T09:00")
    approvals.load_reference_data(actor=SYSTEM)
    return make_person(email="ada@example.com", country="DE")


def parcel(**otherwise):
    return {
        "carrier": "DHL",
        "number": " jd 0146-0000 3rq",
        "contents": "A walnut stool",
        "kind": "home",
        "weight": "2500",
        "value": "180.00",
        "currency": "EUR",
        "delivery": "20.00",
        "origin": "JP",
        "destination": "DE",
        "mode": "TRK",
        "interest": "private",
    } | otherwise


def priced(browser, **otherwise):
    answer = post(browser, "/en/bank/cover/new", **parcel(**otherwise))
    assert answer.status_code == 303, words_of(answer)
    return answer.location


def code_of(response):
    return BeautifulSoup(response.data, "html.parser").select_one("#wrong")["data-code"]


def test_a_parcel_is_described_priced_and_covered(customer, as_):
    wallet, browser = make_wallet(customer.person_id), as_(customer)

    form = browser.get("/en/bank/cover/new")
    offer = priced(browser)
    shown = browser.get(offer)
    read = post(browser, f"{offer}/product-information")
    done = post(browser, offer, cover="STD", need="on")
    policy = browser.get(browser.get(done.location).location)

    assert form.status_code == shown.status_code == 200
    assert NUMBER in words_of(shown)
    assert len(BeautifulSoup(shown.data, "html.parser").select("input[name=cover]")) == 3
    assert not BeautifulSoup(shown.data, "html.parser").select("input[checked]")
    assert "DE-LOSS-cross_border-consumer-2026-01-01" in words_of(shown)
    assert read.location.endswith("/cover/product-information?insurer=havre-cargo&country=DE")
    assert says(policy, "Your parcel is covered. Your policy and certificate are ready.")
    with reading():
        [held] = policies.policies_of(owner_id=customer.person_id)
    assert held.items[0].description == "A walnut stool"
    assert held.parcel.policyholder_country == "DE"
    assert available(wallet.id) == HAD - held.total


def test_what_is_missing_is_said_beside_its_field(customer, as_):
    make_wallet(customer.person_id)
    browser = as_(customer)

    answer = post(
        browser, "/en/bank/cover/new", **parcel(number="?", kind="", value="", origin="X")
    )
    offer = priced(browser)
    unchosen = post(browser, offer)
    unread = post(browser, offer, cover="STD", need="on")

    page = BeautifulSoup(answer.data, "html.parser")
    assert answer.status_code == 422
    assert {one["id"] for one in page.select(".error")} >= {
        "e-number",
        "e-kind",
        "e-value",
        "e-origin",
    }
    assert page.select_one("#f-contents")["value"] == "A walnut stool"
    assert unchosen.status_code == 422
    assert code_of(unread) == "product_information_missing"


def test_information_in_another_language_or_of_another_insurer_opens_nothing(customer, as_):
    make_wallet(customer.person_id)
    browser = as_(customer)
    offer = priced(browser)

    post(browser, offer.replace("/en/", "/fr/") + "/product-information")
    unread = post(browser, offer, cover="STD", need="on")
    strange = post(browser, f"{offer}/product-information", insurer="another")

    assert code_of(unread) == "product_information_missing"
    assert strange.status_code == 422
    assert not BeautifulSoup(browser.get(offer).data, "html.parser").select("[data-opened]")
    post(browser, f"{offer}/product-information", insurer="havre-cargo")
    assert BeautifulSoup(browser.get(offer).data, "html.parser").select("[data-opened]")
    assert post(browser, offer, cover="STD", need="on").status_code == 303


def test_what_the_carrier_has_is_refused_on_every_page_and_costs_nothing(customer, as_):
    wallet, browser = make_wallet(customer.person_id), as_(customer)
    offer = priced(browser)
    post(browser, f"{offer}/product-information")

    scan()
    late = post(browser, offer, cover="STD", need="on")
    shown = browser.get(offer)
    again = browser.get(priced(browser))

    assert code_of(late) == "shipment_already_in_transit"
    for page in (shown, again):
        assert says(page, "The carrier already has this parcel. Cover starts before that.")
        assert says(page, "Nothing was charged.")
        assert not BeautifulSoup(page.data, "html.parser").select("input[name=cover]")
    assert available(wallet.id) == HAD


@pytest.mark.parametrize(
    ("otherwise", "title"),
    [
        ({"kind": "valuables"}, "We can't insure this parcel"),
        ({"kind": "fresh"}, "We can't offer this yet"),
    ],
)
def test_a_refusal_says_why_and_what_is_left_to_do(customer, as_, otherwise, title):
    browser = as_(customer)

    page = browser.get(priced(browser, **otherwise))

    assert says(page, title)
    assert "/bank/cover/new" in page.text


def test_a_carrier_that_does_not_answer_loses_nothing_that_was_typed(customer, as_):
    gateway.order_fault(Fault.TIME_OUT, 1)

    answer = post(as_(customer), "/en/bank/cover/new", **parcel())

    assert code_of(answer) == "tracking_down"
    assert 'value="A walnut stool"' in answer.text


def test_who_has_no_wallet_or_too_little_is_led_to_add_money(customer, as_):
    browser = as_(customer)
    none = browser.get(priced(browser))
    make_wallet(customer.person_id, amount="0.10")
    little = browser.get(priced(browser))

    for page in (none, little):
        assert "/bank/top-up" in page.text
        assert not says(page, "Buy cover")


def test_a_price_runs_out_after_two_days(customer, as_, clock):
    browser = as_(customer)
    offer = priced(browser)
    clock("2026-06-03T09:00")

    page = browser.get(offer)

    assert says(page, "This price has expired.")
    assert says(page, "Get a new price")


def test_a_dear_cover_is_approved_and_then_stands(customer, as_):
    wallet, browser = make_wallet(customer.person_id), as_(customer)
    offer = priced(browser, value="4000.00")
    post(browser, f"{offer}/product-information")

    asked = post(browser, offer, cover="STD", need="on")
    approval = browser.get(asked.location)

    assert "/bank/approvals/" in asked.location
    assert approval.status_code == 200
    assert available(wallet.id) == HAD


def test_a_shipment_is_nobody_elses(customer, as_, make_person):
    offer = priced(as_(customer))
    other = as_(make_person(email="eve@example.com"))

    answers = [
        other.get(offer),
        post(other, offer, cover="STD", need="on"),
        post(other, f"{offer}/product-information"),
    ]

    assert {answer.status_code for answer in answers} == {404}


@pytest.mark.parametrize(
    ("country", "words", "is_unsure"),
    [
        ("DE", "Versicherungsteuer, Versicherungsteuergesetz", False),
        ("FR", "Taxe sur les conventions d'assurance, Code général des impôts, articles 991", True),
        ("ES", "Impuesto sobre las Primas de Seguros, Ley 13/1996, artículo 12", True),
    ],
)
def test_the_offer_names_the_tax_and_says_who_pays_what_is_unsure(
    make_person, as_, clock, country, words, is_unsure
):
    clock("2026-06-01T09:00")
    browser = as_(make_person(email="tax@example.com", country=country))

    shown = words_of(browser.get(priced(browser)))

    assert words in shown
    assert "to be confirmed" not in shown
    assert says(shown, "The insurer pays this tax.") is is_unsure


def test_a_gift_with_duty_and_a_promised_day_is_covered_against_coming_late(customer, as_):
    wallet, browser = make_wallet(customer.person_id), as_(customer)

    offer = priced(browser, gift="on", duty="30.00", promised="2026-06-15")
    shown = BeautifulSoup(browser.get(offer).data, "html.parser")
    post(browser, f"{offer}/product-information")
    done = post(browser, offer, cover="STD", delay="on", need="on")

    assert [box.get("checked") for box in shown.select("input[name=delay]")] == [None]
    assert done.status_code == 303
    with reading():
        [held] = policies.policies_of(owner_id=customer.person_id)
    assert held.sum_insured == Money.of("230.00", "EUR")
    assert held.parcel.is_gift
    assert held.delay is not None
    assert available(wallet.id) == HAD - held.total
    page = browser.get(f"/en/cover/policies/{held.number}")
    assert says(page, "A gift, at what replacing it costs")
    assert says(page, "The carrier promised it for %(day)s.")


def test_without_a_promised_day_no_late_delivery_is_offered(customer, as_):
    make_wallet(customer.person_id)
    browser = as_(customer)
    offer = priced(browser)

    shown = BeautifulSoup(browser.get(offer).data, "html.parser")
    post(browser, f"{offer}/product-information")
    refused = post(browser, offer, cover="STD", delay="on", need="on")

    assert not shown.select("input[name=delay]")
    assert code_of(refused) == "cover_promise_missing"


@pytest.mark.parametrize(
    ("typed", "code"),
    [("2026-05-31", "shipment_promise_past"), ("2026-06-02", "shipment_promise_too_soon")],
)
def test_a_promised_day_that_is_over_or_too_soon_is_asked_again(customer, as_, typed, code):
    make_wallet(customer.person_id)

    answer = post(as_(customer), "/en/bank/cover/new", **parcel(gift="on", promised=typed))

    page = BeautifulSoup(answer.data, "html.parser")
    assert code_of(answer) == code
    assert page.select_one("input[name=promised]")["value"] == typed
    assert page.select_one("input[name=gift]").has_attr("checked")
