"""Two shoppers in a real browser without scripts, from the first search to the last cent."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

import marketplace.demo.seed
from marketplace.demo.seed.seed import PASSWORD
from tests.chromium import arrive
from tests.journeys.installation import Installation, eventually

pytestmark = [pytest.mark.browser, pytest.mark.journey]

_STAFF = json.loads((Path(marketplace.demo.seed.__file__).parent / "data/people.json").read_text())
_OWNERS = {row["vendor"]: row["email"] for row in _STAFF["staff"] if row["role"] == "owner"}
_TEAPOTS, _LAMPS = "Qinglan Porcelain", "Lysholm Lamper"


@pytest.fixture(autouse=True)
def nothing_breaks(house: Installation) -> Iterator[None]:
    yield
    assert "unexpected" not in house.log("web")


@pytest.fixture
def visit(chromium: Browser, house: Installation) -> Iterator[Callable[[str], Page]]:
    """Open a browser window of its own, in a language: `visit("en")`."""
    opened = []

    def enter(locale: str) -> Page:
        context = chromium.new_context(
            base_url=house.base_url,
            java_script_enabled=False,
            locale=locale,
            viewport={"width": 1280, "height": 900},
        )
        opened.append(context)
        return context.new_page()

    yield enter
    for context in opened:
        context.close()


def send(page: Page, form: str, **typed: str) -> None:
    """Fill a form and press its button; the next page is there when this returns."""
    found = page.locator(form).first
    for name, value in typed.items():
        found.locator(f"[name={name}]").fill(value)
    # A button with a name does something else than send: it shows another country's fields, or
    # buys one thing apart from the cart.
    found.locator("button:not([type=button], [name=another], [name=apart])").last.click()


def look_for(page: Page, words: str, vendor: str) -> None:
    box = page.get_by_role("search").locator("[name=q]").first
    box.fill(words)
    box.press("Enter")
    arrive(page, "*/search")
    page.locator(".card", has_text=vendor).first.locator("h3 a").click()
    arrive(page, "*/p/*")


def expect_price_at_the_door(page: Page) -> None:
    """Look at a product: what it costs in France, step by step, and when it comes."""
    stair = page.locator(".stair").first
    expect(stair).to_contain_text("Border of France")
    expect(stair.locator(".line")).not_to_have_count(0)
    expect(stair.locator(".arrival-days")).to_contain_text(re.compile(r"\d"))
    expect(page.locator(".buy output[data-total]").first).to_contain_text("€")


def add_to_cart(page: Page) -> None:
    send(page, "form[action$='/cart/lines']")
    arrive(page, "*/cart/")


def sign_up(page: Page, name: str, email: str) -> None:
    page.goto("/en/sign-up")
    send(page, "form[action*='/sign-up']", name=name, email=email, password=PASSWORD)
    arrive(page, "*/en/account")


def sign_in(page: Page, lang: str, email: str) -> None:
    page.goto(f"/{lang}/sign-in")
    send(page, "form[action*='/sign-in']", email=email, password=PASSWORD)
    arrive(page, f"*/{lang}/account")


def type_card(page: Page) -> None:
    arrive(page, "*/c/pay/*")
    send(page, "form[action*='/pay/']", number="4242 4242 4242 4242", expiry="12/34", cvc="123")


def top_up(page: Page, lang: str, currency: str, amount: str, *, shown: str) -> None:
    page.goto(f"/{lang}/bank/top-up?currency={currency}")
    send(page, "form[action*='/bank/top-up']", amount=amount)
    type_card(page)
    arrive(page, "*/bank/top-ups/*")

    def arrived() -> bool:
        page.goto(f"/{lang}/bank/wallets/{currency.lower()}")
        return shown in re.sub(r"\D", "", page.locator("ul.balances").inner_text())

    eventually(arrived, f"{amount} {currency} arrive in the wallet")


def settle_in(page: Page, lang: str, country: str, currency: str) -> None:
    page.goto(f"/{lang}/settings")
    form = page.locator("form[action$='/settings']").first
    form.locator("[name=country]").select_option(country)
    form.locator("[name=currency]").select_option(currency)
    form.locator("button").last.click()
    arrive(page, "*/settings")


def give_address(page: Page, name: str) -> None:
    """Write down where it goes, which a checkout asks who has no address yet."""
    arrive(page, "*/checkout/")
    send(
        page,
        "form#where",
        name=name,
        line1="18 rue Mercière",
        postcode="69002",
        city="Lyon",
    )
    arrive(page, "*/checkout/C-*")


def buy_for(page: Page, business: str) -> None:
    """Say for which business one buys; without script a button updates the sums."""
    page.locator("label:has([name=for_business])").click()
    page.locator("[name=business_name]").fill(business)
    page.locator("button[name=update]").click()
    arrive(page, "*/checkout/C-*")


def choose_cover(page: Page) -> None:
    """Choose cover for the first parcel that has any; without script a button updates the sums."""
    level = page.locator("input[name^='cover-'][value=STD]").first
    vendor_id = (level.get_attribute("name") or "").removeprefix("cover-")
    page.locator(f"label:has([name=cover-{vendor_id}][value=STD])").click()
    page.locator(f"label:has([name=informed-{vendor_id}])").click()
    page.locator("button[name=update]").click()
    arrive(page, "*/checkout/C-*")
    with page.expect_popup() as opened:
        page.locator(f"[data-opens=cover-{vendor_id}]").click()
    assert "/cover/product-information" in opened.value.url
    opened.value.close()


def total_of(page: Page) -> str:
    return page.locator(".sum output[data-total]").first.inner_text()


def pay(page: Page, how: str) -> None:
    """Choose how to pay and press the button twice in a hurry."""
    page.locator(f"label:has([name=pay_with][value={how}])").click()
    page.locator("#pay button").first.dblclick()


def orders_of(house: Installation, email: str) -> int:
    return house.ask(
        "SELECT count(*) FROM marketplace.order_group g JOIN kernel.person p ON p.id = g.person_id"
        " WHERE p.email = :email",
        email=email,
    )


def pack(page: Page, vendor: str, group: str) -> str:
    """Sign a vendor in, let them pack their part of an order, return its parcel's reference."""
    sign_in(page, "en", _OWNERS[vendor])
    page.goto("/en/desk/orders?view=to-pack")
    page.locator(f"main a[href*='/desk/orders/{group}-']").first.click()
    arrive(page, "*/desk/orders/G-*")
    found = re.search(r"\bP-[0-9A-Z]{8}\b", page.locator("main").inner_text())
    assert found is not None, "the desk names the parcel"
    send(page, "form[action$='/dispatch']")
    expect(page.locator("body")).to_contain_text("Packed. The carrier collects the parcel.")
    return found.group()


def test_a_shopper_in_lyon_buys_from_two_vendors_and_is_paid_for_the_lost_parcel(visit, house):
    page, email = visit("en"), "margaux.perrin@example.com"
    page.goto("/")
    arrive(page, "*/en/")
    settle_in(page, "en", "FR", "EUR")

    look_for(page, "théière", _TEAPOTS)
    expect_price_at_the_door(page)
    add_to_cart(page)
    look_for(page, "lamp", _LAMPS)
    add_to_cart(page)
    expect(page.locator("section.section h2")).to_have_text([_TEAPOTS, _LAMPS])

    sign_up(page, "Margaux Perrin", email)
    page.goto("/en/cart/")
    send(page, "form[action$='/checkout/start']")
    give_address(page, "Margaux Perrin")
    buy_for(page, "Maison Perrin")
    choose_cover(page)
    total = total_of(page)
    pay(page, "card")
    type_card(page)
    arrive(page, "*/orders/G-*")
    order_page = page.url
    parcels = page.locator("article.parcel")
    expect(parcels).to_have_count(2)
    for parcel in parcels.all():
        expect(parcel.locator(".panel.money")).to_contain_text("is held by Entrepôt Bank.")
    expect(page.locator("section.band output[data-total]").last).to_have_text(total)
    assert orders_of(house, email) == 1
    house.wait_until_quiet()

    group = urlsplit(order_page).path.rpartition("/")[2]
    lost = pack(visit("en"), "qinglan", group)
    pack(visit("en"), "lysholm", group)
    house.wait_until_quiet()
    house.run("world", "misbehave", "carrier", "lose", "--parcel", lost)
    house.run("world", "advance", "--days", "28")
    house.wait_until_quiet()

    page.goto(order_page)
    expect(parcels.first).to_contain_text(re.compile(r"Claim paid: .*€[\d.]+"))
    expect(parcels.first.locator(".panel.money")).not_to_contain_text("is held by Entrepôt Bank.")
    paid = re.search(r"Claim paid: \D*([\d.,]*\d)", parcels.first.inner_text())
    assert paid is not None
    expect(parcels.last).not_to_contain_text("is held by Entrepôt Bank.")
    page.goto("/en/cover/")
    page.locator("section[aria-labelledby=claims] tbody a").click()
    arrive(page, "*/cover/claims/*")
    expect(page.locator("main")).to_contain_text(paid.group(1))


def test_a_shopper_in_dubai_reads_arabic_from_the_right_and_pays_in_dirham_once(visit, house):
    page, email = visit("ar"), "layla@example.com"
    sign_in(page, "ar", email)
    settle_in(page, "ar", "AE", "AED")
    html = page.locator("html")
    expect(html).to_have_attribute("dir", "rtl")
    expect(html).to_have_attribute("lang", "ar")
    top_up(page, "ar", "AED", "3000", shown="300000")

    page.get_by_role("banner").get_by_role("link", name="Entrepôt").click()
    look_for(page, "إبريق شاي", _TEAPOTS)
    expect(html).to_have_attribute("dir", "rtl")
    expect(page.locator(".buy output[data-total]").first).to_contain_text("AED")
    add_to_cart(page)
    send(page, "form[action$='/checkout/start']")
    arrive(page, "*/checkout/C-*")
    assert "AED" in total_of(page)
    pay(page, "wallet")
    arrive(page, "*/ar/orders/G-*")

    expect(html).to_have_attribute("dir", "rtl")
    expect(page.locator("article.parcel .panel.money")).to_contain_text("محفوظ لدى")
    assert orders_of(house, email) == 1
    held = house.ask(
        "SELECT count(*) FROM banking.escrows e JOIN marketplace.vendor_order o"
        " ON o.ref = e.order_ref JOIN marketplace.order_group g ON g.id = o.group_id"
        " JOIN kernel.person p ON p.id = g.person_id WHERE p.email = :email",
        email=email,
    )
    assert held == 1
