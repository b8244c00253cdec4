"""Anybody's program asks whether a certificate stands; its paper is for who may read names."""

import json

from insurance.contracts.certificates.queries import seal_of
from insurance.contracts.policies import queries as policies
from kernel.db import reading
from tests.insurance.conftest import make_wallet
from tests.insurance.desks.programs.asking_cover import BASE, bought


def held(number):
    with reading():
        return policies.certificate(number)


def test_a_certificate_is_read_by_everybody_without_names_goods_and_price(customer, as_, client):
    make_wallet(customer.person_id)
    policy = bought(as_(customer))

    answer = client.get(f"{BASE}/certificates/{policy['id']}")

    said = json.dumps(answer.json)
    assert answer.status_code == 200
    assert policy["insured"]
    for hidden in (policy["insured"], "walnut", policy["parcel"], policy["quote"]):
        assert hidden not in said
    assert "premium" not in answer.json
    assert (answer.json["status"], answer.json["is_in_force"]) == ("bound", True)
    assert answer.json["sha256"] == held(policy["id"]).fingerprint
    unknown = client.get(f"{BASE}/certificates/C-NOBODYS")
    assert (unknown.status_code, unknown.json["code"]) == (404, "policy_unknown")


def test_a_seal_is_judged(customer, as_, client):
    make_wallet(customer.person_id)
    number = bought(as_(customer))["id"]
    genuine = seal_of(held(number)).seal.payload
    at = f"{BASE}/certificates/{number}"

    assert client.get(at).json["verdict"] is None
    assert client.get(at, query_string={"seal": genuine}).json["verdict"] == "genuine"
    assert client.get(at, query_string={"seal": "x"}).json["verdict"] == "false"


def test_the_paper_is_handed_out_to_its_holder_alone(customer, as_, make_person, client):
    make_wallet(customer.person_id)
    program = as_(customer)
    at = f"{BASE}/policies/{bought(program)['id']}/certificate.pdf"

    paper = program.get(at)

    assert (paper.status_code, paper.mimetype) == (200, "application/pdf")
    assert paper.data.startswith(b"%PDF")
    assert as_(make_person()).get(at).json["code"] == "policy_unknown"
    assert client.get(at).json["code"] == "not_signed_in"
