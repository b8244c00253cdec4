"""Certificates: made by a job in the contract's language, kept, handed out with their hash."""

import hashlib
import io
from dataclasses import replace

import pytest
from pypdf import PdfReader

from insurance.certificates import queries
from insurance.certificates.errors import CertificateInTheMaking
from insurance.certificates.paper import certificate_pdf
from insurance.policies import queries as policies
from kernel.db import reading
from tests.insurance.conftest import buy, drain, make_demands, make_wallet, scan


@pytest.fixture
def holder(make_person, clock):
    clock("2026-06-01T09:00")
    return make_person()


def bought(holder, locale="en", **risk):
    return buy(
        owner_id=holder.person_id, wallet=make_wallet(holder.person_id),
        demands=make_demands(locale=locale), **risk,
    )  # fmt: skip


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

    said = words_of(certificate_pdf(replace(policy, items=items), locale="ar"))

    assert all(name in said for name in names)


def test_made_again_it_is_the_same_file(holder):
    policy = bought(holder, "zh-CN")

    assert certificate_pdf(policy, locale="zh-CN") == certificate_pdf(policy, locale="zh-CN")


def test_a_job_makes_it_in_the_contracts_language_and_in_english(holder):
    policy = bought(holder, "zh-CN")
    with reading():
        assert queries.papers_of(policy) == []
        with pytest.raises(CertificateInTheMaking):
            queries.paper(policy, locale="zh-CN")

    drain()

    with reading():
        papers = queries.papers_of(policy)
        found = queries.paper(policy, locale="zh-CN")
    assert [paper.locale for paper in papers] == ["zh-CN", "en"]
    assert found.pdf == certificate_pdf(policy, locale="zh-CN")
    assert papers[0].sha256 == found.sha256 == hashlib.sha256(found.pdf).hexdigest()
    assert all(20_000 < paper.size < 120_000 for paper in papers)


def test_the_first_scan_makes_another_that_tells_since_when(holder):
    policy = bought(holder)
    drain()
    scan(policy)
    with reading():
        before = queries.paper(policy, locale="en")
    drain()

    after = seen(policy)
    with reading():
        paper = queries.paper(after, locale="en")
        assert queries.paper(policy, locale="en") == before, "the earlier one stays"
    assert "In force from the first scan" in words_of(before.pdf)
    assert "In force since the first scan by the carrier on 1 Jun 2026" in words_of(paper.pdf)


def test_a_language_it_was_not_written_in_gets_the_contracts_own(holder):
    policy = bought(holder, "zh-CN")
    drain()
    with reading():
        assert queries.paper(policy, locale="fr") == queries.paper(policy, locale="zh-CN")


def test_the_page_says_that_it_is_being_made_and_then_links_it(holder, as_):
    policy = bought(holder, "zh-CN")
    page, address = f"/en/cover/policies/{policy.number}", "certificate.pdf?language=zh-CN"
    client = as_(holder)

    early = client.get(page).get_data(as_text=True)
    refused = client.get(f"{page}/{address}")
    drain()
    late = client.get(page).get_data(as_text=True)
    paper = client.get(f"{page}/{address}")

    assert "Your certificate is being made" in early
    assert address not in early
    assert refused.status_code == 409
    assert "is being made" in refused.get_data(as_text=True)
    assert "Your certificate is being made" not in late
    assert f"{policy.number}/{address}" in late
    assert paper.status_code == 200
    assert paper.get_etag()[0] == hashlib.sha256(paper.data).hexdigest()
    known = client.get(f"{page}/{address}", headers={"If-None-Match": paper.headers["ETag"]})
    assert known.status_code == 304
