"""Seals: one flipped sign makes them false, a later revision supersedes them."""

from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from insurance.contracts.certificates import queries, rules
from insurance.contracts.certificates.cli import certificate_verify
from insurance.contracts.certificates.errors import SealUnreadable
from insurance.contracts.certificates.queries import Verdict
from tests.asking import says
from tests.insurance.conftest import buy, drain, make_wallet

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
SEAL = rules.sealed(number="26-0048213", revision=1, fingerprint="ab" * 32, key=KEY)


def test_a_seal_survives_the_way_through_its_text():
    assert rules.read(SEAL.payload) == SEAL
    assert rules.is_genuine(rules.read(SEAL.payload), KEY.public_key())


@given(st.integers(0, len(SEAL.payload) - 1), st.sampled_from("0123456789abcdefXYZ-_~"))
def test_one_changed_sign_makes_it_false(place, sign):
    changed = SEAL.payload[:place] + sign + SEAL.payload[place + 1 :]
    try:
        seal = rules.read(changed)
    except SealUnreadable:
        return
    # The last sign of base64 carries four idle bits; the signature itself must be the same then.
    assert rules.is_genuine(seal, KEY.public_key()) == (seal == SEAL)


def test_another_key_does_not_make_it_genuine():
    assert not rules.is_genuine(SEAL, Ed25519PrivateKey.generate().public_key())


@pytest.mark.parametrize("text", ["", "a~b", "26~x~f~k~s", "26~1~f~k~***"])
def test_other_texts_are_no_seals(text):
    with pytest.raises(SealUnreadable):
        rules.read(text)


def test_the_command_checks_without_a_network():
    key = KEY.public_key().public_bytes_raw().hex()
    run = CliRunner()

    assert run.invoke(certificate_verify, [SEAL.payload, "--key", key]).exit_code == 0
    broken = run.invoke(certificate_verify, [SEAL.payload.replace("~1~", "~2~"), "--key", key])
    assert (broken.exit_code, broken.stdout.strip()) == (1, "false")
    assert run.invoke(certificate_verify, ["nonsense", "--key", key]).exit_code == 1


def test_a_policy_knows_its_genuine_its_superseded_and_its_false_seals(db, clock):
    clock("2026-06-01T09:00")
    policy = buy()
    payload = queries.seal_of(policy).seal.payload

    assert queries.verdict(policy, payload) is Verdict.GENUINE
    assert queries.verdict(replace(policy, revision=2), payload) is Verdict.SUPERSEDED
    assert queries.verdict(policy, SEAL.payload) is Verdict.FALSE
    assert queries.verdict(policy, payload[:-4] + "AAAA") is Verdict.FALSE
    assert queries.verdict(policy, "nonsense") is Verdict.FALSE


def test_the_public_page_tells_a_true_seal_from_a_false_one(client, clock):
    clock("2026-06-01T09:00")
    policy = buy()
    seal = queries.seal_of(policy).seal.payload
    address = f"/en/cover/certificates/{policy.number}"

    true, false = (
        client.get(address, query_string={"seal": text}).get_data(as_text=True)
        for text in (seal, seal.replace("~1~", "~7~"))
    )

    assert says(true, "The seal is genuine.")
    assert says(false, "The seal isn't genuine.")
    assert queries.public_key() in true


def test_the_paper_is_a_pdf_for_its_holder_alone(make_person, as_, clock):
    clock("2026-06-01T09:00")
    holder = make_person()
    policy = buy(owner_id=holder.person_id, wallet=make_wallet(holder.person_id))
    address = f"/en/cover/policies/{policy.number}/certificate.pdf"
    drain()

    paper = as_(holder).get(address)

    assert paper.status_code == 200
    assert paper.mimetype == "application/pdf"
    assert paper.data.startswith(b"%PDF-")
    assert as_(make_person()).get(address).status_code == 404


def test_the_page_draws_the_code(make_person, as_, clock):
    clock("2026-06-01T09:00")
    holder = make_person()
    policy = buy(owner_id=holder.person_id, wallet=make_wallet(holder.person_id))

    page = BeautifulSoup(as_(holder).get(f"/en/cover/policies/{policy.number}").data, "html.parser")

    drawn = page.find("svg", class_="qr-code")
    assert drawn.find("path")["d"] == queries.seal_of(policy).code.path
