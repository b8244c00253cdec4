"""Certificates: printed for the first who asks, kept, handed out with their hash."""

import hashlib
from dataclasses import replace
from datetime import timedelta
from unittest import mock

import pytest
from bs4 import BeautifulSoup

from insurance import api as cover
from insurance.contracts.certificates import queries, service
from kernel import documents
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.money import total
from kernel.people.identity import queries as people
from tests.asking import says
from tests.insurance.conftest import scan
from tests.insurance.contracts.certificates.papers import bought, issued, printed, seen, words_of


@pytest.fixture
def holder(make_person, clock):
    clock("2026-06-01T09:00")
    return make_person()


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en", ("Certificate of insurance", "EUR 128.00", "1 Jun 2026", "China", "Germany")),
        ("zh-CN", ("保险凭证", "EUR 128.00", "2026年6月1日", "中国", "德国", "货物")),
        ("ja", ("EUR 128.00", "2026年6月1日", "中国", "ドイツ")),
        ("de", ("Versicherungszertifikat", "128,00 EUR", "1. Juni 2026", "Deutschland")),
        ("ar", ("البضائع", "128.00", "EUR", "2026")),
    ],
)
def test_the_paper_speaks_the_language_of_the_contract(holder, locale, words):
    policy = bought(holder, locale)
    said = words_of(printed(policy, locale)).replace(" ", "")

    for word in (*words, policy.number, policy.parcel_ref, "Tea caddy", "732399"):
        assert word.replace(" ", "").replace("\u00a0", "") in said.replace("\u00a0", "")
    assert policy.fingerprint in said


def test_titles_of_three_scripts_stand_on_one_paper(holder):
    policy = bought(holder, "ar")
    names = ("青花瓷饭碗", "有田焼の飯碗", "밥그릇", "Schüssel")
    items = tuple(replace(policy.items[0], description=name) for name in names)

    parcel = replace(policy.parcel, items=items)
    said = words_of(printed(replace(policy, parcel=parcel), "ar"))

    assert all(name in said for name in names)


def test_made_again_it_is_the_same_file(holder):
    policy = bought(holder, "zh-CN")

    assert printed(policy, "zh-CN") == printed(policy, "zh-CN")


def test_it_is_written_for_the_first_who_asks_and_kept(holder):
    policy = bought(holder, "zh-CN")

    found = issued(policy, "zh-CN")

    assert queries.languages_of(policy) == ("zh-CN", "en")
    assert found.pdf.startswith(printed(policy, "zh-CN"))
    assert found.sha256 == hashlib.sha256(found.pdf).hexdigest()
    with mock.patch.object(service, "certificate_pdf", side_effect=AssertionError("printed twice")):
        assert issued(policy, "zh-CN") == found
    for locale in queries.languages_of(policy):
        assert 20_000 < len(issued(policy, locale).pdf) < 120_000


def test_the_first_scan_makes_another_that_tells_since_when(holder):
    policy = bought(holder)
    before = issued(policy, "en")

    scan(policy)

    paper = issued(seen(policy), "en")
    assert says(words_of(before.pdf), "In force from the first scan")
    assert "In force since the first scan by the carrier on 1 Jun 2026" in words_of(paper.pdf)
    with reading():
        kept = documents.content(
            subject=queries.subject_of(policy), edition=queries.edition_of(policy), locale="en"
        )
    assert kept == before.pdf, "the earlier one stays"


def test_a_language_it_is_not_written_in_gets_the_contracts_own(holder):
    policy = bought(holder, "zh-CN")

    assert issued(policy, "fr") == issued(policy, "zh-CN")


def test_the_page_links_it_in_its_languages_at_once(holder, as_):
    policy = bought(holder, "zh-CN")
    page, address = f"/en/cover/policies/{policy.number}", "certificate.pdf?language=zh-CN"
    client = as_(holder)

    text = client.get(page).get_data(as_text=True)
    paper = client.get(f"{page}/{address}")

    assert f"{policy.number}/{address}" in text
    assert f"{policy.number}/certificate.pdf?language=en" in text
    assert paper.status_code == 200
    assert paper.get_etag()[0] == hashlib.sha256(paper.data).hexdigest()
    known = client.get(f"{page}/{address}", headers={"If-None-Match": paper.headers["ETag"]})
    assert known.status_code == 304


def amount(money):
    return str(money).split()[0]


def name_of(holder):
    return people.person(holder.person_id).name


def test_every_field_of_a_certificate_stands_on_the_paper(holder):
    policy = bought(holder, with_delay=True)
    cover.attach(
        parcel_ref=policy.parcel_ref,
        scanned_at=policy.bound_at + timedelta(hours=6),
        place="Jingdezhen",
        carrier="Meridian Express",
        tracking_number="MX1234567",
        actor=SYSTEM,
    )

    said = words_of(issued(seen(policy)).pdf)

    fields = {
        "number": policy.number,
        "revision and its date": "Revision 1, issued 1 Jun 2026.",
        "in force": "In force since the first scan by the carrier on 1 Jun 2026",
        "insurer": "Havre Cargo Insurance NV, Antwerp",
        "licence": "HC-2026, invented: no authority licenses or supervises this insurer",
        "authority to sign": "Entrepôt, as the insurer's agent",
        "assured": f"{name_of(holder)}, or order",
        "insured as": "A private person",
        "parcel and order": f"Parcel {policy.parcel_ref} of order G-TEST",
        "carrier and tracking number": "Meridian Express, number MX1234567",
        "voyage": "From the seller's warehouse to the buyer's door",
        "route": "China",
        "destination": "Germany",
        "goods": "Tea caddy (HS 732399): EUR 120.00",
        "delivery": "EUR 8.00",
        "sum insured": "EUR 128.00, agreed value",
        "excess": "Excess Nothing",
        "tariff": "PCR-2026.1",
        "conditions": cover.PRODUCT_INFORMATION_VERSION,
        "price": f"EUR {amount(policy.total)}, paid",
        "delay": f"EUR {amount(policy.delay.benefit)} from",
        "premium": "Premium for the items",
        "premium of the delay": "Premium for late delivery",
        "tax with its rule": "by rule DE-LOSS-cross_border-consumer-2026-01-01",
        "tax of the delay": "by rule DE-DELAY-any-any-2026-01-01",
        "perils": "Broken or damaged in transit",
        "not insured": "Faults the items already had.",
        "claims contact": f"/cover/policies/{policy.number}",
        "notice": "Report damage within 30 days after delivery.",
        "payee": "To the card or wallet that paid",
        "complaints": "you can appeal once within 30 days",
        "ombudsman": "ombudsman-insurance.be",
        "law": "The law of the country where the policyholder lives: Germany",
        "key": queries.seal_of(policy).seal.key_id,
        "hash": policy.fingerprint,
    }
    missing = {name for name, words in fields.items() if words not in said}
    assert not missing, said
    assert not says(said, "Delays, which have their own cover")


def test_what_is_not_known_is_not_said(holder):
    policy = bought(holder)

    said = words_of(issued(policy).pdf)

    assert "Carrier" not in said
    assert not says(said, "Premium for late delivery")
    assert says(said, "Delays, which have their own cover")


def test_parts_of_the_sum_insured_add_up(holder):
    policy = bought(holder, freight="7.35", value="99.99")

    parts = [item.value for item in policy.items]
    assert total([*parts, policy.parcel.freight], "EUR") == policy.sum_insured


def test_the_page_names_the_insured_and_the_day_of_the_revision(holder, as_):
    policy = bought(holder)

    page = as_(holder).get(f"/en/cover/policies/{policy.number}")

    slip = BeautifulSoup(page.text, "html.parser").select_one(".key-values")
    assert name_of(holder) in slip.text
    assert says(page, "Revision %(revision)s, issued %(day)s.", revision=1, day="Mon 1 Jun")


def test_a_certificate_names_the_insurer_that_took_the_risk(make_person, clock):
    clock("2026-07-06T09:00")
    policy = bought(make_person(), policyholder_country="SG", destination_country="SG")

    said = words_of(issued(seen(policy)).pdf)

    assert "Lys Overseas Insurance NV, Ghent" in said
    assert "LO-2026, invented" in said
    assert "Havre" not in said
