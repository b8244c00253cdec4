"""Certificates of cargo: every field that banks look for, sealed, checked without a network."""

from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner

from banking.authorisation.approvals import service as approvals
from insurance.contracts.certificates import keyring, service
from insurance.contracts.certificates import queries as certificates
from insurance.contracts.certificates.cli import certificate_verify
from insurance.contracts.certificates.published import Reason
from insurance.rating.tariff.queries import War
from insurance.trade.cargo import papers, queries
from insurance.trade.cargo.models import CargoPolicy
from insurance.trade.clauses.queries import ClauseSet
from kernel.actor import SYSTEM
from kernel.config import settings
from kernel.db import reading, transaction
from tests.asking import says
from tests.insurance.conftest import make_wallet
from tests.insurance.contracts.certificates.papers import words_of
from tests.insurance.trade.cargo.traders import bought, trader

WHOLE = {
    "clauses": ClauseSet.ICC_B,
    "additional": ("TPND", "BREAKAGE"),
    "war": War.WAR_STRIKES,
    "deductible": "IOP",
    "packages": "40 cartons",
    "originals": 3,
}


@pytest.fixture(autouse=True)
def june(db, clock, tmp_path, monkeypatch):
    clock("2026-06-01T09:00")
    approvals.load_reference_data(actor=SYSTEM)
    own = replace(settings(), var=tmp_path)
    monkeypatch.setattr(keyring, "settings", lambda: own)
    keyring.ring.cache_clear()
    yield
    keyring.ring.cache_clear()


def issued(policy, locale="en"):
    return papers.issue(policy_id=policy.id, locale=locale, actor=SYSTEM)


def test_a_cargo_certificate_contains_all_fields():
    actor, _ = trader()
    policy = bought(actor, **WHOLE)

    said = words_of(issued(policy).pdf)

    for field in (
        policy.number,
        "Revision 1, issued 1 Jun 2026",
        "Issued at Antwerp on 1 Jun 2026 by Entrepôt, as agent for Havre Cargo Insurance NV",
        "HC-2026, invented",
        "Entrepôt, as agent for and on behalf of Havre Cargo Insurance NV, insurer",
        "Teehaus Brandt GmbH, or order",
        "INV-88",
        "Bill of lading NGB-4471",
        "By sea, a full container: MV Yangtze Star 612E",
        "From the warehouse in Jingdezhen, China to the warehouse in Berlin, Germany",
        "1 Jun 2026, from when the cargo is first moved",
        "TB 1-40",
        "40 cartons",
        "Porcelain teapots",
        "830621",
        "EUR 53,350.00, agreed value",
        "In words: fifty-three thousand three hundred fifty (Euro)",
        "CIF EUR 48,500.00 + 10%, by CIF",
        "Premium Paid",
        "Institute Cargo Clauses (B)",
        "1/1/09",
        "Theft, pilferage and non-delivery",
        "Breakage by rough handling",
        "Institute War Clauses (Cargo)",
        "Institute Strikes Clauses (Cargo)",
        "None (irrespective of percentage, IOP)",
        "General average and salvage",
        "Berlin, in EUR, to the holder of an original",
        "Havre Survey, Rhine and Elbe, Hamburg",
        "Originals issued 3.",
        "To order and endorsed in blank",
        "Signature of the assured",
        policy.fingerprint,
    ):
        assert field in said, field


def test_a_certificate_is_made_out_to_a_named_party_where_that_was_chosen():
    actor, _ = trader()
    policy = bought(
        actor,
        assignee="Banque du Léman SA",
        assignee_address="Rue du Lac 1, Genève",
        mode="AIR",
        document="020-1234",
    )

    said = words_of(issued(policy).pdf)

    assert "Claims are payable to the order of Banque du Léman SA, Rue du Lac 1, Genève." in said
    assert not says(said, "To order and endorsed in blank")
    assert "Air waybill 020-1234" in said


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("de", "dreiundfünfzigtausenddreihundertfünfzig"),
        ("fr", "cinquante-trois mille trois cent cinquante"),
        ("zh-CN", "伍万叁仟叁佰伍拾"),
        ("ar", ""),
    ],
)
def test_a_certificate_speaks_its_contracts_language_and_english(locale, words):
    actor, _ = trader()
    policy = bought(actor, locale=locale)

    assert policy.languages == (locale, "en")
    assert words in words_of(issued(policy, locale).pdf)
    assert "fifty-three thousand" in words_of(issued(policy, "en").pdf)
    assert issued(policy, "ko").sha256 == issued(policy, locale).sha256


def lists():
    with reading():
        return certificates.published_list()


def asked(tmp_path, file):
    paper, keys = tmp_path / "paper.pdf", tmp_path / "keys.json"
    paper.write_bytes(file)
    keys.write_text(lists())
    run = CliRunner().invoke(certificate_verify, [str(paper), "--keys", str(keys)])
    return run.exit_code, run.output.strip()


def test_a_file_is_genuine_until_a_revision_a_revocation_or_one_other_byte(tmp_path):
    actor, _ = trader()
    policy = bought(actor)
    file = issued(policy).pdf

    assert asked(tmp_path, file)[1].startswith(f"genuine: certificate {policy.number}, revision 1")
    assert asked(tmp_path, file.replace(b"%PDF", b"%pdf", 1)) == (1, "false")
    with transaction(name="test", actor=SYSTEM) as current:
        current.get(CargoPolicy, policy.id).revision = 2
    code, said = asked(tmp_path, file)
    assert (code, said.startswith("superseded by revision 2")) == (1, True)
    service.revoke(subject=policy.number, reason=Reason.FRAUD, actor=SYSTEM)
    assert asked(tmp_path, file)[1].startswith("revoked (fraud)")


def test_a_certificate_is_printed_once_and_stays_the_same_file(tmp_path):
    actor, _ = trader()
    policy = bought(actor)

    assert issued(policy) == issued(policy)


def test_anybody_sees_that_a_certificate_stands_and_nobodys_name(client):
    actor, _ = trader()
    policy = bought(actor)
    with reading():
        seal = certificates.seal_of(policy).seal.payload
    address = f"/en/cover/certificates/{policy.number}"

    page = client.get(address, query_string={"seal": seal})

    assert says(page, "The seal is genuine.")
    main = BeautifulSoup(page.data, "html.parser").find("main").get_text()
    assert all(bound in main for bound in ("50,000.00", "100,000.00"))
    assert "53,350" not in main
    assert "Brandt" not in page.text
    assert "Yangtze" not in page.text
    assert says(client.get(address, query_string={"seal": f"{seal}A"}), "The seal isn't genuine")
    assert client.get("/en/cover/certificates/K26-1").status_code == 404


def test_only_who_holds_a_policy_gets_its_paper(as_, make_person):
    holder = make_person()
    make_wallet(holder.person_id)
    policy = bought(holder)
    address = f"/en/bank/cover/cargo/{policy.number}/certificate.pdf"

    paper = as_(holder).get(address)

    assert (paper.status_code, paper.mimetype) == (200, "application/pdf")
    assert as_(make_person()).get(address).status_code == 404
    with reading():
        assert queries.policy_for(holder, policy.number).revision == 1
