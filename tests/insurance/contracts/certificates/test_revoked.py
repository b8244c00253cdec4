"""Without a network: genuine, superseded by a revision, revoked with its key or alone, or false."""

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner

from insurance.contracts.certificates import keyring, published, queries, service
from insurance.contracts.certificates.cli import certificate_verify
from insurance.contracts.certificates.errors import ListUnreadable, NothingToRevoke
from insurance.contracts.certificates.published import Reason, Worth
from insurance.contracts.certificates.rules import key_id
from insurance.contracts.policies.models import Policy
from kernel.actor import SYSTEM
from kernel.config import settings
from kernel.db import reading, transaction
from tests.asking import says
from tests.insurance.contracts.certificates.papers import bought, issued


@pytest.fixture(autouse=True)
def _own_key(tmp_path, monkeypatch):
    own = replace(settings(), var=tmp_path)
    monkeypatch.setattr(keyring, "settings", lambda: own)
    keyring.ring.cache_clear()
    yield
    keyring.ring.cache_clear()


@pytest.fixture
def policy(make_person, clock):
    clock("2026-06-01T09:00")
    return bought(make_person())


def lists():
    with reading():
        return queries.published_list()


def asked(tmp_path, file, text):
    paper, keys = tmp_path / "paper.pdf", tmp_path / "keys.json"
    paper.write_bytes(file)
    keys.write_text(text)
    run = CliRunner().invoke(certificate_verify, [str(paper), "--keys", str(keys)])
    return run.exit_code, run.output.strip()


def test_a_file_is_checked_by_the_published_list_alone(policy, tmp_path):
    file, text = issued(policy).pdf, lists()

    at = "as of 2026-06-01T09:00:00+00:00"
    genuine = f"genuine: certificate {policy.number}, revision 1, {at}"
    assert asked(tmp_path, file, text) == (0, genuine)
    assert asked(tmp_path, file.replace(b"%PDF", b"%pdf", 1), text) == (1, "false")
    assert asked(tmp_path, b"", text) == (1, "false")


def test_a_revoked_certificate_is_called_so_with_its_reason(policy, tmp_path, client):
    file, seal = issued(policy).pdf, queries.seal_of(policy).seal.payload

    for _ in range(2):
        service.revoke(subject=policy.number, reason=Reason.ERROR, actor=SYSTEM)

    code, said = asked(tmp_path, file, lists())
    assert (code, said.startswith("revoked (error): certificate")) == (1, True)
    page = client.get(f"/en/cover/certificates/{policy.number}", query_string={"seal": seal})
    assert says(page, "This certificate was revoked. Don't rely on this paper.")


def test_what_a_revoked_key_signed_is_revoked_and_a_new_key_signs_anew(policy, tmp_path):
    before, name = issued(policy).pdf, key_id(keyring.ring().signs.public_key())
    with pytest.raises(NothingToRevoke):
        service.revoke(subject=name, reason=Reason.STOLEN, actor=SYSTEM)
    keyring.rotate()

    service.revoke(subject=name, reason=Reason.STOLEN, actor=SYSTEM)

    text = lists()
    assert asked(tmp_path, before, text)[1].startswith("revoked (stolen)")
    assert asked(tmp_path, issued(policy).pdf, text)[1].startswith("genuine")


def test_an_earlier_revision_is_superseded_by_the_one_in_force(policy, tmp_path, client):
    file, seal = issued(policy).pdf, queries.seal_of(policy).seal.payload
    with transaction(name="test", actor=SYSTEM) as current:
        current.get(Policy, policy.id).revision = 3

    code, said = asked(tmp_path, file, lists())

    assert (code, said.startswith("superseded by revision 3: certificate")) == (1, True)
    page = client.get(f"/en/cover/certificates/{policy.number}", query_string={"seal": seal})
    superseded = "The seal is genuine, but the paper is superseded by revision %(revision)s."
    assert says(page, superseded, revision=3)


def test_a_later_revision_of_a_revoked_certificate_counts_again():
    of = published.Published(
        at="", keys={}, revoked_keys={}, revoked={"26-1": (1, "error")}, superseded={"26-1": 2}
    )
    assert published.standing("26-1", 1, "HC-1", of).worth is Worth.REVOKED
    assert published.standing("26-1", 2, "HC-1", of).worth is Worth.GENUINE


def test_a_list_that_was_changed_or_is_signed_by_a_revoked_key_does_not_count(policy, client):
    text = client.get("/en/cover/certificate-keys.json").text
    signed = json.loads(text)
    changed = signed | {"list": signed["list"].replace("2026", "2027", 1)}

    assert published.read(text).keys
    for other in (json.dumps(changed), "[]", "", "{}"):
        with pytest.raises(ListUnreadable):
            published.read(other)
    key = keyring.ring().signs
    revoked = replace(published.read(text), revoked_keys={key_id(key.public_key()): "stolen"})
    with pytest.raises(ListUnreadable):
        published.read(published.written(revoked, key))


def test_nothing_else_can_be_revoked(policy):
    with pytest.raises(NothingToRevoke):
        service.revoke(subject="26-9999999", reason=Reason.FRAUD, actor=SYSTEM)
