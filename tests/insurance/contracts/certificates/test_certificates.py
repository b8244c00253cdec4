"""Certificates: printed for the first who asks, kept, handed out with their hash."""

import hashlib
import io
from dataclasses import replace
from unittest import mock

import pytest
from pypdf import PdfReader

from insurance.contracts.certificates import queries, service
from insurance.contracts.certificates.paper import certificate_pdf
from insurance.contracts.policies import queries as policies
from kernel import documents
from kernel.actor import SYSTEM
from kernel.db import reading
from tests.asking import says
from tests.insurance.conftest import buy, make_demands, make_wallet, scan


@pytest.fixture
def holder(make_person, clock):
    clock("2026-06-01T09:00")
    return make_person()


def bought(holder, locale="en", **risk):
    return buy(
        owner_id=holder.person_id,
        wallet=make_wallet(holder.person_id),
        demands=make_demands(locale=locale),
        **risk,
    )


def seen(policy):
    with reading():
        return policies.policy(policy_id=policy.id)


def words_of(pdf):
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return " ".join("".join(sign for sign in text if sign not in "\u2066\u2068\u2069").split())


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
    said = words_of(certificate_pdf(policy, locale=locale)).replace(" ", "")

    for word in (*words, policy.number, policy.parcel_ref, "Tea caddy", "732399"):
        assert word.replace(" ", "").replace("\u00a0", "") in said.replace("\u00a0", "")
    assert policy.fingerprint in said


def test_titles_of_three_scripts_stand_on_one_paper(holder):
    policy = bought(holder, "ar")
    names = ("青花瓷饭碗", "有田焼の飯碗", "밥그릇", "Schüssel")
    items = tuple(replace(policy.items[0], description=name) for name in names)

    parcel = replace(policy.parcel, items=items)
    said = words_of(certificate_pdf(replace(policy, parcel=parcel), locale="ar"))

    assert all(name in said for name in names)


def test_made_again_it_is_the_same_file(holder):
    policy = bought(holder, "zh-CN")

    assert certificate_pdf(policy, locale="zh-CN") == certificate_pdf(policy, locale="zh-CN")


def issued(policy, locale):
    return service.issue(policy_id=policy.id, locale=locale, actor=SYSTEM)


def test_it_is_written_for_the_first_who_asks_and_kept(holder):
    policy = bought(holder, "zh-CN")

    found = issued(policy, "zh-CN")

    assert queries.languages_of(policy) == ("zh-CN", "en")
    assert found.pdf == certificate_pdf(policy, locale="zh-CN")
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
