"""A new key seals, and what older ones sealed stays genuine."""

from dataclasses import replace

import pytest
from click.testing import CliRunner

from insurance.contracts.certificates import keyring, queries
from insurance.contracts.certificates.cli import certificate_rotate, certificate_verify
from insurance.contracts.certificates.queries import Verdict
from kernel.config import settings
from tests.insurance.conftest import buy


@pytest.fixture(autouse=True)
def _own_key(tmp_path, monkeypatch):
    own = replace(settings(), var=tmp_path)
    monkeypatch.setattr(keyring, "settings", lambda: own)
    keyring.ring.cache_clear()
    yield
    keyring.ring.cache_clear()


def test_what_was_sealed_before_a_rotation_stays_genuine(db, clock, tmp_path):
    clock("2026-06-01T09:00")
    policy, run = buy(), CliRunner()
    before, was = queries.seal_of(policy).seal.payload, queries.public_key()
    secret = (tmp_path / "certificate_key").read_text()

    for _ in range(2):
        assert run.invoke(certificate_rotate).exit_code == 0

    after = queries.seal_of(policy).seal.payload
    assert after != before
    assert queries.verdict(policy, before) is queries.verdict(policy, after) is Verdict.GENUINE
    assert queries.public_key(before) == was
    assert queries.public_key() == queries.public_key(after) != was
    assert run.invoke(certificate_verify, [before, "--key", was]).exit_code == 0
    kept = (tmp_path / "certificate_key").read_text()
    assert secret not in kept
    assert len(kept.splitlines()) == 3
    assert (tmp_path / "certificate_key").stat().st_mode & 0o777 == 0o600


def test_a_key_that_is_not_on_the_ring_seals_nothing(db, clock, tmp_path):
    clock("2026-06-01T09:00")
    policy = buy()
    before = queries.seal_of(policy).seal.payload
    keyring.rotate()
    newest = (tmp_path / "certificate_key").read_text().splitlines()[0]
    (tmp_path / "certificate_key").write_text(newest)
    keyring.ring.cache_clear()
    assert queries.verdict(policy, before) is Verdict.FALSE


def test_the_page_shows_the_key_that_signed_the_seal_it_is_asked_about(client, clock):
    clock("2026-06-01T09:00")
    policy = buy()
    seal, was = queries.seal_of(policy).seal.payload, queries.public_key()
    keyring.rotate()
    address = f"/en/cover/certificates/{policy.number}"
    assert was in client.get(address, query_string={"seal": seal}).text
    assert was not in client.get(address).text
