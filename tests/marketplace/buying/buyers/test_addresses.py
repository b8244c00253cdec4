from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from werkzeug.datastructures import MultiDict

from kernel.db import reading
from kernel.errors import Invalid
from marketplace.borders.duties import queries as duties
from marketplace.buying.buyers import queries, rules, service
from marketplace.buying.buyers.errors import NoSuchAddress, TooManyAddresses
from marketplace.buying.buyers.forms import parse_address
from marketplace.buying.buyers.service import NewAddress
from tests.asking import english


@pytest.mark.parametrize(
    ("country", "typed", "written"),
    [
        ("JP", "5070033", "507-0033"),
        ("JP", "〒507-0033", "507-0033"),
        ("GB", "sw1a1aa", "SW1A 1AA"),
        ("GB", "M1 1AE", "M1 1AE"),
        ("NL", "1012ab", "1012 AB"),
        ("PL", "00950", "00-950"),
        ("CZ", "11000", "110 00"),
        ("CA", "k1a0b1", "K1A 0B1"),
        ("IE", "D02AF30", "D02 AF30"),
        ("IE", "D6W XY00", "D6W XY00"),
        ("LV", "1010", "LV-1010"),
        ("LT", "LT-01001", "LT-01001"),
        ("US", "10001-1234", "10001-1234"),
        ("US", "10001", "10001"),
        ("BR", "01310100", "01310-100"),
        ("MT", "vlt1010", "VLT 1010"),
        ("SE", "114 55", "114 55"),
        ("DE", "10115", "10115"),
        ("SG", "018956", "018956"),
    ],
)
def test_postcodes_are_written_as_their_country_does(country, typed, written):
    assert rules.postcode(country, typed) == written


@pytest.mark.parametrize(
    ("country", "typed"),
    [
        ("DE", "1011"),
        ("DE", "D-10115"),
        ("FR", "6900A"),
        ("GB", "12345"),
        ("CA", "123456"),
        ("JP", "507003"),
        ("US", "1000"),
        ("NL", "AB1012"),
        ("AE", "12345"),
        ("HK", "999077"),
        ("CN", "３３３００"),
        ("AT", ""),
    ],
)
def test_what_cannot_be_a_postcode_there_is_refused(country, typed):
    assert rules.postcode(country, typed) is None


@pytest.mark.parametrize("country", [c for c, r in rules.RULES.items() if r.postcodes])
def test_every_example_is_accepted_by_its_own_rule(country):
    assert rules.postcode(country, rules.example(country)) == rules.example(country)


@pytest.mark.parametrize(
    ("typed", "good"),
    [
        ("529.982.247-25", True),
        ("52998224725", True),
        ("529.982.247-24", False),
        ("111.111.111-11", False),
        ("5299822472", False),
        ("", False),
    ],
)
def test_a_cpf_carries_two_check_digits(typed, good):
    assert rules.is_cpf(typed) is good


@pytest.mark.parametrize(
    ("typed", "good"),
    [("P123456789012", True), ("p123456789012", True), ("123456789012", False), ("P12", False)],
)
def test_a_customs_code_of_korea_is_p_and_twelve_digits(typed, good):
    assert rules.is_pccc(typed) is good


def form(**fields):
    base = {
        "country": "DE",
        "name": "Jonas Weber",
        "line1": "Torstraße 1",
        "city": "Berlin",
        "postcode": "10115",
    }
    return MultiDict(base | fields)


def test_a_good_address_is_read_whole(app):
    with app.test_request_context("/en/"):
        address = parse_address(form(line2="3. OG", is_default="on"))

    assert address.lines == ("Torstraße 1", "3. OG")
    assert (address.postcode, address.is_default) == ("10115", True)


@pytest.mark.parametrize(
    ("name", "latin", "kept"),
    [
        ("Jonas Weber", "", ""),
        ("Mª José Ñíguez", "", ""),
        ("Kaʻahumanu", "Kaahumanu", ""),  # Latin already: no second name on papers
        ("佐藤 由紀", "Sato Yuki", "Sato Yuki"),
        ("佐藤 由紀", "Ｓａｔｏ　Ｙｕｋｉ", "Sato Yuki"),
        ("x" * 100, "", ""),
    ],
)
def test_a_name_in_other_letters_is_kept_with_its_latin_reading(app, name, latin, kept):
    with app.test_request_context("/en/"):
        address = parse_address(form(name=name, name_latin=latin))

    assert (address.name, address.name_latin) == (name, kept)


@pytest.mark.parametrize(
    ("fields", "complained"),
    [
        ({"name": "佐藤 由紀"}, {"name_latin"}),
        ({"name": "佐藤 由紀", "name_latin": "サトウ"}, {"name_latin"}),
        ({"name": "x" * 101}, {"name"}),
        ({"postcode": "1011"}, {"postcode"}),
        ({"country": "US", "postcode": "10001"}, {"region"}),
        ({"country": "BR", "postcode": "01310100", "region": "SP"}, {"tax_ref"}),
        ({"country": "KR", "postcode": "04524", "tax_ref": "X", "region": "Seoul"}, {"tax_ref"}),
        ({"country": "XX"}, {"country"}),
        ({"name": "", "city": ""}, {"name", "city"}),
        ({"country": "AE", "postcode": ""}, {"region"}),
    ],
)
def test_every_complaint_stands_at_its_field(app, fields, complained):
    with app.test_request_context("/en/"), pytest.raises(Invalid) as refused:
        parse_address(form(**fields))

    assert set(refused.value.fields) == complained


def new(**fields):
    base = {
        "name": "Camille Martin",
        "lines": ("1 rue Mercière",),
        "city": "Lyon",
        "postcode": "69002",
        "country": "FR",
    }
    return NewAddress(**(base | fields))


def test_the_first_address_is_the_default_and_another_can_take_over(db, make_person):
    actor = make_person()
    first = service.add_address(address=new(), actor=actor)
    second = service.add_address(address=new(city="Paris"), actor=actor)

    service.make_default(address_id=second, actor=actor)

    with reading():
        book = queries.addresses_of(actor)
    assert [(a.id, a.is_default) for a in book] == [(second, True), (first, False)]


def test_an_address_of_somebody_else_does_not_exist(db, make_person):
    mine, other = make_person(), make_person()
    address_id = service.add_address(address=new(), actor=mine)

    with pytest.raises(NoSuchAddress):
        service.remove_address(address_id=address_id, actor=other)
    with pytest.raises(NoSuchAddress), reading():
        queries.address_for(other, address_id)


def test_a_removed_address_is_gone_from_the_book(db, make_person):
    actor = make_person()
    address_id = service.add_address(address=new(), actor=actor)

    service.remove_address(address_id=address_id, actor=actor)

    with reading():
        assert queries.addresses_of(actor) == []


def test_the_book_has_an_end(db, make_person):
    actor = make_person()
    for _ in range(service.MOST_ADDRESSES):
        service.add_address(address=new(), actor=actor)

    with pytest.raises(TooManyAddresses):
        service.add_address(address=new(), actor=actor)


def test_the_page_shows_the_book_and_takes_one_more(as_, make_person):
    browser = as_(make_person())

    told = browser.post("/en/account/addresses/", data=dict(form()) | {"csrf_token": "test-token"})
    page = browser.get("/en/account/addresses/").text

    assert told.status_code == 303
    assert "Torstraße 1" in page


def test_a_refused_address_keeps_what_was_typed(as_, make_person):
    browser = as_(make_person())

    page = browser.post(
        "/en/account/addresses/",
        data=dict(form(postcode="99")) | {"csrf_token": "test-token"},
    )

    assert page.status_code == 422
    assert "Torstraße 1" in page.text
    assert "look like 10115" in page.text


def test_an_example_is_a_postcode_that_exists_and_not_a_row_of_figures():
    assert rules.example("FR") == "69001"
    assert not [c for c in rules.RULES if rules.example(c).startswith("123")]


def test_a_region_is_kept_only_where_addresses_have_one(app):
    with app.test_request_context("/en/"):
        french = parse_address(form(country="FR", postcode="69001", region="Rhône"))
        spanish = parse_address(form(country="ES", postcode="28013", region="Madrid"))

    assert (french.region, spanish.region) == ("", "Madrid")


def test_a_changed_address_keeps_its_place_in_the_book(as_, make_person):
    actor = make_person()
    address_id = service.add_address(address=new(label="Home"), actor=actor)
    browser = as_(actor)

    shown = browser.get(f"/en/account/addresses/{address_id}")
    told = browser.post(
        f"/en/account/addresses/{address_id}",
        data=dict(form(country="FR", postcode="75001", city="Paris"))
        | {"csrf_token": "test-token"},
    )

    assert 'value="1 rue Mercière"' in shown.text
    assert told.status_code == 303
    with reading():
        kept = queries.addresses_of(actor)
    assert [(a.id, a.city, a.postcode, a.is_default) for a in kept] == [
        (address_id, "Paris", "75001", True)
    ]


def test_an_address_that_shall_be_offered_first_takes_over_when_changed(db, make_person):
    actor = make_person()
    first = service.add_address(address=new(), actor=actor)
    second = service.add_address(address=new(city="Paris"), actor=actor)

    service.change_address(address_id=second, address=new(is_default=True), actor=actor)
    service.change_address(address_id=first, address=new(city="Nice"), actor=actor)

    with reading():
        book = queries.addresses_of(actor)
    assert [(a.id, a.is_default) for a in book] == [(second, True), (first, False)]


def test_nobody_changes_the_address_of_somebody_else(db, make_person):
    mine, other = make_person(), make_person()
    address_id = service.add_address(address=new(), actor=mine)

    for is_default in (False, True):
        with pytest.raises(NoSuchAddress):
            service.change_address(
                address_id=address_id, address=new(city="Nice", is_default=is_default), actor=other
            )
    with reading():
        assert queries.address_for(mine, address_id).city == "Lyon"


@pytest.mark.parametrize(
    ("country", "postcode", "region", "written"),
    [
        ("DE", "10115", "", ["Street 1", "10115 Town"]),
        ("AE", "", "Town", ["Street 1", "Town"]),
        ("US", "10001", "NY", ["Street 1", "Town", "NY 10001"]),
        ("JP", "150-0001", "Tokyo", ["Street 1", "Town", "Tokyo 150-0001"]),
        ("HK", "", "Kowloon", ["Street 1", "Town", "Kowloon"]),
        ("ZZ", "9", "R", ["Street 1", "9 Town", "R"]),
    ],
)
def test_a_place_is_written_in_its_countrys_order_without_gaps(country, postcode, region, written):
    parts = rules.in_order(
        country, lines=["Street 1", ""], postcode=postcode, city="Town", region=region
    )

    assert parts == written


def test_the_largest_stands_first_in_a_countrys_own_letters():
    parts = rules.in_order(
        "JP", lines=["太子堂4-23-8"], postcode="154-0004", city="世田谷区", region="東京都"
    )

    assert parts == ["154-0004", "東京都", "世田谷区", "太子堂4-23-8"]


@pytest.mark.parametrize(
    ("country", "typed", "written"),
    [
        ("CA", "Ontario", "ON"),
        ("CA", "on", "ON"),
        ("BR", "são paulo", "SP"),
        ("US", "NY", "NY"),
        ("AE", "دبي", "Dubai"),
        ("KR", "Seoul", "Seoul"),
        ("JP", "東京都", "東京都"),
        ("CA", "Bavaria", None),
    ],
)
def test_a_region_is_written_as_labels_carry_it(country, typed, written):
    assert rules.region(country, typed) == written


@pytest.mark.parametrize("country", ["BR", "CA"])
def test_every_region_that_taxes_differ_by_can_be_chosen(country):
    assert set(rules.REGIONS[country]) == duties.regions(country)


# Source: Universal Postal Union, Addressing Solutions; the tokens are those of the HTML standard.
FIELDS = {
    "AE": [
        "name*",
        "name_latin",
        "address-line1*",
        "address-line2",
        "address-level2*",
        "address-level1*",
    ],
    "BR": [
        "name*",
        "address-line1*",
        "address-line2",
        "address-level2*",
        "address-level1*",
        "postal-code*",
        "tax_ref*",
    ],
    "CN": [
        "postal-code*",
        "address-level1*",
        "address-level2*",
        "address-line1*",
        "address-line2",
        "name*",
        "name_latin",
    ],
    "DE": ["name*", "address-line1*", "address-line2", "postal-code*", "address-level2*"],
    "JP": [
        "postal-code*",
        "address-level1*",
        "address-level2*",
        "address-line1*",
        "address-line2",
        "name*",
        "name_latin",
    ],
    "KR": [
        "postal-code*",
        "address-level1*",
        "address-level2*",
        "address-line1*",
        "address-line2",
        "name*",
        "name_latin",
        "tax_ref*",
    ],
    "US": [
        "name*",
        "address-line1*",
        "address-line2",
        "address-level2*",
        "address-level1*",
        "postal-code*",
    ],
}


@pytest.mark.parametrize("country", FIELDS)
def test_an_address_form_asks_what_its_country_writes_in_its_order(as_, make_person, country):
    answer = as_(make_person()).get(f"/en/account/addresses/?country={country}")
    form = BeautifulSoup(answer.text, "html.parser").find(id="f-country").find_parent("form")

    asked = []
    for label in form.select(".fields label"):
        field = form.find(id=label["for"])
        is_asked = "(optional)" not in label.text
        asked.append((field.get("autocomplete") or field["name"]) + ("*" if is_asked else ""))

    assert [name for name in asked if name not in {"country*", "tel", "label"}] == FIELDS[country]
    is_listed = country in {"AE", "BR", "KR", "US"}
    assert (form.find("select", attrs={"name": "region"}) is not None) == is_listed


def test_what_an_address_lacks_is_said_at_its_field_under_the_name_it_has_there(as_, make_person):
    mine = as_(make_person())
    form = {
        "csrf_token": "test-token",
        "country": "US",
        "name": "",
        "line1": "",
        "city": "Troy",
        "region": "Bavaria",
        "postcode": "1",
    }
    with mine.session_transaction() as cookies:
        cookies["csrf"] = "test-token"

    answer = mine.post("/en/account/addresses/", data=form)
    page = BeautifulSoup(answer.text, "html.parser")

    assert answer.status_code == 422
    assert page.title.text.startswith("Error:")
    links = page.find(id="wrong").find_all("a")
    assert [a.text.split(":")[0] for a in links] == [
        english("Full name"),  # in the order of the fields, whatever was found wrong first
        english("Street and number"),
        english("Federal state"),
        english("ZIP code"),
    ]
    assert all(page.find(id=a["href"][1:]) for a in links)
    assert page.find(id="f-city")["value"] == "Troy"


def test_the_latin_reading_is_asked_for_once_a_name_needs_it(as_, make_person):
    mine = as_(make_person())
    typed = {
        "csrf_token": "test-token",
        "country": "DE",
        "name": "佐藤 由紀",
        "city": "Berlin",
        "line1": "Torstraße 1",
        "postcode": "10115",
    }
    assert 'name="name_latin"' not in mine.get("/en/account/addresses/?country=DE").text

    refused = mine.post("/en/account/addresses/", data=typed)
    page = BeautifulSoup(refused.text, "html.parser")
    taken = mine.post("/en/account/addresses/", data=typed | {"name_latin": "Sato Yuki"})

    assert refused.status_code == 422
    assert page.find(id="wrong").a["href"] == "#f-name_latin"
    assert page.find(id="f-name_latin")["dir"] == "ltr"
    assert taken.status_code == 303


def test_another_country_asks_its_own_fields_and_keeps_what_was_typed(as_, make_person):
    mine = as_(make_person())
    with mine.session_transaction() as cookies:
        cookies["csrf"] = "test-token"
    form = {
        "csrf_token": "test-token",
        "country": "BR",
        "name": "Ana Souza",
        "city": "",
        "line1": "Rua 1",
        "another": "1",
    }

    answer = mine.post("/en/account/addresses/", data=form)
    page = BeautifulSoup(answer.text, "html.parser")

    assert answer.status_code == 200
    assert page.find(id="wrong") is None
    assert page.find(id="f-name")["value"] == "Ana Souza"
    assert page.find(id="f-country").find("option", selected=True)["value"] == "BR"
    assert page.find(id="f-tax_ref")
    assert page.select(".book .panel") == []
