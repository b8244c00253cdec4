"""The demo world is data; these are its promises."""

import json
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from PIL import Image

import marketplace.demo.seed
from banking.authorisation.payees.rules import target
from banking.core.rail.calendars import currencies
from banking.core.rail.gateway import rail
from banking.core.rail.rules import Outcome
from kernel.money import Money, exponent
from kernel.web.preferences import LANGUAGES
from marketplace.catalogue.products.rules import UNITS
from marketplace.catalogue.translating.gateway import WordList

WORLD = Path(marketplace.demo.seed.__file__).parent
PICTURES = WORLD / "pictures"
NINE = set(LANGUAGES.values())
# Every chapter of the Harmonised System that the demo world trades in.
CHAPTERS = {
    "04",
    "08",
    "09",
    "10",
    "15",
    "17",
    "18",
    "19",
    "20",
    "22",
    "33",
    "34",
    "39",
    "42",
    "44",
    "46",
    "48",
    "49",
    "60",
    "61",
    "62",
    "63",
    "65",
    "66",
    "68",
    "69",
    "70",
    "71",
    "73",
    "74",
    "76",
    "82",
    "83",
    "84",
    "85",
    "90",
    "91",
    "92",
    "94",
    "95",
    "96",
}
# Told in Chinese alone, so that the demonstration shows what a translator says of them.
ONLY_CHINESE = {"qinglan-travel-teapot", "qinglan-celadon-gaiwan"}
HAN = re.compile(r"[\u4e00-\u9fff]")
KANA = re.compile(r"[\u3040-\u30ff]")
HANGUL = re.compile(r"[\uac00-\ud7af]")
ARABIC = re.compile(r"[\u0600-\u06ff]")


def data(name):
    return json.loads((WORLD / "data" / name).read_text(encoding="utf-8"))


CATEGORIES = data("categories.json")
ATTRIBUTES = {attribute["key"]: attribute for attribute in data("attributes.json")}
VENDORS = {vendor["key"]: vendor for vendor in data("vendors.json")}
PEOPLE = data("people.json")
OFFERS = data("offers.json")
PRODUCTS = {
    product["key"]: product
    for path in sorted((WORLD / "data" / "products").glob("*.json"))
    for product in json.loads(path.read_text(encoding="utf-8"))
}
# Pixels of a picture's side to its bytes: what was rendered first is 800 wide.
HEAVIEST = {800: 40_000, 1600: 100_000}
FEATURED = {key: p for key, p in PRODUCTS.items() if p["featured_rank"] is not None}

each_product = pytest.mark.parametrize("product", PRODUCTS.values(), ids=PRODUCTS.keys())
each_featured = pytest.mark.parametrize("product", FEATURED.values(), ids=FEATURED.keys())
each_vendor = pytest.mark.parametrize("vendor", VENDORS.values(), ids=VENDORS.keys())


def languages_of(product):
    """What this product must be told in."""
    own = VENDORS[product["vendor"]]["language"]
    return {own} if product["key"] in ONLY_CHINESE else NINE | {own}


def is_written_in(locale, text):
    """Say whether the text shows the script of its language."""
    script = {"zh-CN": HAN, "ko": HANGUL, "ar": ARABIC}.get(locale)
    if locale == "ja":
        return bool(KANA.search(text) or HAN.search(text))
    if script is not None:
        return bool(script.search(text))
    return not any(other.search(text) for other in (HAN, KANA, HANGUL, ARABIC))


def test_the_market_is_large_enough():
    assert len(VENDORS) >= 16
    assert len({vendor["country"] for vendor in VENDORS.values()}) >= 12
    assert len(PRODUCTS) >= 150
    assert sum(category["parent"] is not None for category in CATEGORIES) >= 40


def test_categories_form_a_tree_of_two_levels_named_in_nine_languages():
    roots = {category["key"] for category in CATEGORIES if category["parent"] is None}
    seen = set()

    for category in CATEGORIES:
        assert category["parent"] is None or category["parent"] in roots & seen
        assert set(category["names"]) == NINE
        for locale, name in category["names"].items():
            assert is_written_in(locale, name.replace("gaiwan", "")), (category["key"], locale)
        seen.add(category["key"])
    assert len(seen) == len(CATEGORIES)


@pytest.mark.parametrize(
    ("locale", "word"),
    [
        ("en", "Teapots"),
        ("zh-CN", "茶壶"),
        ("fr", "Théières"),
        ("de", "Teekannen"),
        ("es", "Teteras"),
        ("ja", "急須"),
        ("ko", "찻주전자"),
        ("pt-BR", "Bules"),
        ("ar", "أباريق الشاي"),
    ],
)
def test_teapots_carry_the_word_shoppers_type(locale, word):
    [teapots] = [category for category in CATEGORIES if category["key"] == "teapots"]

    assert word in teapots["names"][locale]


def test_every_leaf_has_something_on_it():
    leaves = {category["key"] for category in CATEGORIES if category["parent"] is not None}

    assert {product["category"] for product in PRODUCTS.values()} == leaves


def test_attribute_values_are_named_in_nine_languages():
    for attribute in ATTRIBUTES.values():
        assert set(attribute["names"]) == NINE
        assert attribute["kind"] in {"choice", "number"}
        assert bool(attribute["values"]) == (attribute["kind"] == "choice")
        assert attribute["unit"] is None or attribute["unit"] in UNITS
        for value in attribute["values"]:
            assert set(value["names"]) == NINE, value["key"]
            assert all(value["names"].values()), value["key"]
        keys = [value["key"] for value in attribute["values"]]
        assert len(keys) == len(set(keys))


def test_colours_have_a_swatch_and_a_family():
    for value in ATTRIBUTES["colour"]["values"]:
        assert re.fullmatch(r"#[0-9A-F]{6}", value["hex"]), value["key"]
        assert value["family"], value["key"]


@each_vendor
def test_a_vendor_can_be_written_to_and_dispatches_from_somewhere(vendor):
    assert vendor["legal"]["name"]
    assert vendor["legal"]["lines"]
    assert vendor["legal"]["country"] == vendor["country"]
    assert (vendor["dispatch_postcode"] is None) == (vendor["country"] == "AE")
    assert vendor["dispatch_postcode"] == vendor["legal"]["postcode"]
    assert 1 <= vendor["lead_time_days"] <= 10
    assert set(vendor["story"]) == NINE | {vendor["language"]}
    assert all(is_written_in(locale, words) for locale, words in vendor["story"].items())
    assert len(set(vendor["story"].values())) == len(vendor["story"])
    assert vendor["email"].endswith(".example.com")
    assert exponent(vendor["currency"]) in {0, 2, 3}


@each_vendor
def test_a_bank_of_the_vendors_country_knows_its_account_by_its_name(vendor):
    account = target(vendor["bank_account"])

    assert account.printed.replace(" ", "") == vendor["bank_account"].replace(" ", "")
    assert account.country == vendor["country"]
    assert vendor["currency"] in currencies()
    check = rail().verify(account=account.account, name=vendor["legal"]["name"])
    assert check.outcome is Outcome.MATCH


def test_vendors_do_not_share_slugs_or_prefixes():
    assert len({vendor["slug"] for vendor in VENDORS.values()}) == len(VENDORS)
    assert len({vendor["sku_prefix"] for vendor in VENDORS.values()}) == len(VENDORS)


@each_product
def test_a_product_is_told_in_the_languages_it_promises(product):
    assert set(product["texts"]) == languages_of(product)
    for locale, told in product["texts"].items():
        assert set(told) == {"title", "description"}
        assert 3 <= len(told["title"]) <= 80
        assert len(told["description"]) >= 20
        assert is_written_in(locale, told["description"]), locale
        assert told["description"].rstrip()[-1] in ".。!?.؟", locale


@each_product
def test_goods_can_be_declared(product):
    assert re.fullmatch(r"\d{6}(\d{2}){0,2}", product["hs_code"])
    assert product["hs_code"][:2] in CHAPTERS
    assert re.fullmatch(r"[A-Z]{2}", product["origin_country"])
    assert product["attributes"]["material"]


@each_product
def test_variants_have_a_weight_a_size_and_a_price_in_the_vendors_currency(product):
    currency = VENDORS[product["vendor"]]["currency"]

    for variant in product["variants"]:
        assert 0 < variant["weight_g"] <= 30_000
        assert len(variant["size_mm"]) == 3
        assert all(0 < side <= 1500 for side in variant["size_mm"])
        assert Money.of(variant["price"], currency).minor > 0
        assert -Decimal(variant["price"]).as_tuple().exponent == exponent(currency)
        assert variant["stock"] >= 0


@each_product
def test_variants_differ_in_one_known_option(product):
    option, variants = product["option"], product["variants"]
    if option is None:
        assert [(v["key"], v["options"]) for v in variants] == [("one", {})]
        return

    known = {value["key"] for value in ATTRIBUTES[option]["values"]}
    values = [variant["options"][option] for variant in variants]
    assert len(variants) > 1
    assert len(set(values)) == len(values)
    assert set(values) <= known


@each_product
def test_attribute_values_are_known(product):
    for key, values in product["attributes"].items():
        attribute = ATTRIBUTES[key]
        if attribute["kind"] == "number":
            assert all(isinstance(value, int) and value > 0 for value in values)
        else:
            assert set(values) <= {value["key"] for value in attribute["values"]}


def test_stock_keeping_units_are_unique():
    skus = Counter(v["sku"] for product in PRODUCTS.values() for v in product["variants"])

    assert skus.most_common(1)[0][1] == 1


def test_the_forty_are_ranked_one_to_forty_and_all_have_a_picture_and_stock():
    assert sorted(p["featured_rank"] for p in FEATURED.values()) == list(range(1, 41))
    assert all(product["pictures"] for product in FEATURED.values())
    assert all(product["variants"][0]["stock"] >= 5 for product in FEATURED.values())
    assert ONLY_CHINESE.isdisjoint(FEATURED)


@each_product
def test_products_are_really_translated(product):
    told = product["texts"]

    descriptions = [text["description"] for text in told.values()]
    assert len(set(descriptions)) == len(descriptions)


@each_featured
def test_the_first_picture_of_the_forty_is_described_in_every_language(product):
    assert set(product["pictures"][0]["alt"]) == languages_of(product)


@pytest.mark.parametrize("key", sorted(ONLY_CHINESE))
def test_what_speaks_chinese_alone_is_within_the_packaged_list_of_words(key):
    title = PRODUCTS[key]["texts"]["zh-CN"]["title"]

    for locale in NINE - {"zh-CN"}:
        (said,) = WordList().say([title], source="zh-CN", target=locale)
        assert (said.refused, said.left_over) == (None, ()), locale


@each_product
def test_pictures_exist_and_say_what_they_show(product):
    keys = {variant["key"] for variant in product["variants"]}

    for picture in product["pictures"]:
        assert (PICTURES / picture["file"]).is_file()
        assert picture["variant"] is None or picture["variant"] in keys
        # The others are written from the title (`studio`).
        assert set(picture["alt"]) <= languages_of(product)
        assert all(6 <= len(text) <= 160 for text in picture["alt"].values())


@pytest.mark.parametrize("path", sorted(PICTURES.glob("*.webp")), ids=lambda path: path.stem)
def test_a_picture_is_small_square_and_used(path):
    used = {product["design"] for product in PRODUCTS.values()}

    with Image.open(path) as image:
        assert (image.format, image.width) == ("WEBP", image.height)
        assert path.stat().st_size <= HEAVIEST[image.width]
    assert path.name.split("--")[0] in used


def test_further_offers_are_of_other_vendors_on_variants_that_exist():
    for offer in OFFERS:
        product = PRODUCTS[offer["product"]]
        currency = VENDORS[offer["vendor"]]["currency"]
        assert offer["vendor"] != product["vendor"]
        assert offer["variant"] in {variant["key"] for variant in product["variants"]}
        assert -Decimal(offer["price"]).as_tuple().exponent == exponent(currency)


def test_people_have_addresses_and_no_password():
    everyone = [*PEOPLE["buyers"], *PEOPLE["house"], *PEOPLE["staff"]]

    emails = [person["email"] for person in everyone]
    assert len(set(emails)) == len(emails)
    assert all(email.split("@")[1].endswith("example.com") for email in emails)
    assert not any("password" in person for person in everyone)
    assert {person["locale"] for person in everyone} <= NINE
    assert {person["role"] for person in PEOPLE["house"]} == {"operator", "underwriter"}
    owners = {person["vendor"] for person in PEOPLE["staff"] if person["role"] == "owner"}
    assert owners == set(VENDORS)


@pytest.mark.parametrize(
    ("key", "country", "postcode"),
    [("camille", "FR", "69002"), ("haruka", "JP", "154-0004"), ("layla", "AE", None)],
)
def test_buyers_live_where_the_story_says(key, country, postcode):
    [buyer] = [person for person in PEOPLE["buyers"] if person["key"] == key]

    home = buyer["addresses"][0]
    assert (home["country"], home["postcode"]) == (country, postcode)
