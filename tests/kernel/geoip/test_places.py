"""Where sign-ins come from: never an address, never a guess."""

from __future__ import annotations

import dataclasses
import re

import maxminddb
import pytest
from bs4 import BeautifulSoup
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from kernel import jobs
from kernel.actor import SYSTEM
from kernel.db import reading, transaction
from kernel.geoip.gateway import PlacesFile, WrittenPlaces
from kernel.geoip.queries import place_of
from kernel.geoip.rules import is_own, network_of, shown
from kernel.mail import mailbox
from kernel.outbox import claim_due
from kernel.people.identity import service as identity
from tests.kernel.geoip.mmdb import mmdb

PASSWORD = "correct horse battery"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0"


@pytest.mark.parametrize(
    ("address", "kept", "read"),
    [
        ("203.0.113.77", "203.0.113.0/24", "203.0.113.x"),
        ("::ffff:203.0.113.77", "203.0.113.0/24", "203.0.113.x"),
        ("2001:db8:1:2:3::7", "2001:db8:1::/48", "2001:db8:1:x"),
        ("2001:db8:1:2::/64", "2001:db8:1::/48", "2001:db8:1:x"),
        ("2001:db8::7", "2001:db8::/48", "2001:db8:0:x"),
        ("::1", "::/48", "0:0:0:x"),
    ],
)
def test_what_is_kept_of_an_address_finds_nobody(address, kept, read):
    network = network_of(address)

    assert str(network) == kept
    assert shown(network) == read


@pytest.mark.parametrize("address", ["", "a telephone", "203.0.113", "999.0.0.1"])
def test_what_is_no_address_has_no_network(address):
    assert network_of(address) is None
    assert place_of(network_of(address)) is None


@pytest.mark.parametrize(
    ("address", "own"),
    [
        ("127.0.0.1", True),
        ("10.9.8.7", True),
        ("172.31.0.1", True),
        ("172.32.0.1", False),
        ("192.168.1.4", True),
        ("::1", True),
        ("fd00::1", True),
        ("fe80::1", True),
        ("100.64.0.1", False),
        ("203.0.113.7", False),
        ("2001:db8::1", False),
    ],
)
def test_a_network_that_every_house_has_is_ours(address, own):
    assert is_own(network_of(address)) is own


@pytest.fixture(scope="module")
def from_file(tmp_path_factory):
    """The real client, over a file that knows the networks of the local stand-in, and others."""
    path = tmp_path_factory.mktemp("places") / "countries.mmdb"
    path.write_bytes(
        mmdb(
            {
                "192.0.2.0/24": {"country": {"iso_code": "FR"}},
                "198.51.0.0/16": {"country": "JP"},
                "203.0.113.0/24": {
                    "country": {"iso_code": "AE"},
                    "registered_country": {"iso_code": "US"},
                },
                "2001:db8::/32": {"country": {"iso_code": "DE"}},
                "8.8.8.0/25": {"country": {"iso_code": "US"}},
                "8.8.8.128/25": {"country": {"iso_code": "CA"}},
                "9.9.9.0/24": {"continent": {"code": "EU"}},
                "2a00::/16": {"country": {"iso_code": "NL"}},
            }
        )
    )
    return PlacesFile(str(path))


@pytest.mark.parametrize(
    ("address", "country"),
    [
        ("192.0.2.8", "FR"),
        ("198.51.100.8", "JP"),
        ("203.0.113.8", "AE"),
        ("2001:db8::8", "DE"),
        ("1.1.1.1", ""),
        ("2606::1", ""),
    ],
)
@pytest.mark.parametrize("kind", ["file", "written"])
def test_both_clients_know_the_networks_of_books_and_guess_at_no_other(
    from_file, kind, address, country
):
    client = from_file if kind == "file" else WrittenPlaces()

    assert client.country(network_of(address)) == country


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "8.8.8.200", "9.9.9.9"], ids=["divided", "other half", "no country"]
)
def test_a_network_that_lies_in_two_countries_or_in_none_is_not_known(from_file, address):
    assert from_file.country(network_of(address)) == ""


def test_a_file_that_is_none_is_refused_when_it_is_opened(tmp_path):
    (tmp_path / "countries.mmdb").write_bytes(b"country,network\n")

    with pytest.raises(maxminddb.InvalidDatabaseError):
        PlacesFile(str(tmp_path / "countries.mmdb"))
    with pytest.raises(FileNotFoundError):
        PlacesFile(str(tmp_path / "nothing.mmdb"))


def signed_in(person, address, device=FIREFOX):
    return identity.sign_in(
        email=person.email, password=PASSWORD, device=device, address=address, actor=SYSTEM
    )


def devices(page):
    table = BeautifulSoup(page, "html.parser").find(id="devices").find_next("table")
    rows = [row for row in table.select("tr") if row.find("th", scope="row")]
    return [" ".join(row.find("td").get_text(" ").split()) for row in rows]


def test_each_device_stands_with_its_country_and_its_network(make_person, as_):
    camille = make_person()
    for address in ("127.0.0.1", "203.0.113.77", "2001:db8:1:2::7", "9.9.9.9"):
        signed_in(camille, address)
    page = as_(camille).get("/en/account/security").text

    assert devices(page) == [
        "9.9.9.x",
        "Germany 2001:db8:1:x",
        "United Arab Emirates 203.0.113.x",
        "This network 127.0.0.x",
        "",
    ]
    assert not re.search(r"203\.0\.113\.77|2001:db8:1:2", page)


def test_a_network_keeps_its_order_among_arabic_words(make_person, as_):
    camille = make_person()
    signed_in(camille, "203.0.113.77")
    page = BeautifulSoup(as_(camille).get("/ar/account/security").text, "html.parser")

    (network,) = {span["dir"] for span in page.select("td span") if "203.0.113.x" in span.text}
    assert network == "ltr"
    assert "الإمارات العربية المتحدة 203.0.113.x" in devices(str(page))


def test_the_database_takes_no_whole_address(db, make_person):
    camille = make_person()
    for address in ("203.0.113.77/32", "203.0.113.0/25", "2001:db8:1:2::/64"):
        with (
            pytest.raises(IntegrityError, match="network_is_no_address"),
            transaction(name="test", actor=SYSTEM) as current,
        ):
            current.execute(
                text("UPDATE kernel.person_session SET network = CAST(:at AS cidr) WHERE id = :id"),
                {"at": address, "id": camille.session_id},
            )


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("203.0.113.77", "Place: United Arab Emirates, 203.0.113.x"),
        ("9.9.9.9", "Place: 9.9.9.x"),
        ("127.0.0.1", "Place: This network, 127.0.0.x"),
        ("", None),
    ],
)
def test_the_letter_about_a_new_device_tells_the_same_place(make_person, address, said):
    camille = make_person()
    signed_in(camille, address)
    while due := claim_due():
        for item in due:
            if item.handler.startswith("kernel."):
                jobs.deliver(str(item.event_id), item.handler)

    with reading():
        (letter,) = [one for one in mailbox() if one.template.endswith("new_device.txt")]
    places = [line for line in letter.text.splitlines() if line.startswith("Place:")]
    assert places == ([said] if said else [])
    assert "203.0.113.77" not in letter.html


def test_the_log_and_its_file_tell_the_place_too(make_person, as_):
    camille = make_person()
    session_id = signed_in(camille, "203.0.113.77")
    browser = as_(dataclasses.replace(camille, session_id=session_id))

    assert "203.0.113.x" in browser.get("/en/account/security/log").text
    first = browser.get("/en/account/security/log.csv").text.splitlines()[1]
    assert first.endswith(",AE,203.0.113.x")
