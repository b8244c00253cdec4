"""One program, from the page where its key is made to the certificate and the letter about it."""

import json

from bs4 import BeautifulSoup
from sqlalchemy import text

from insurance.contracts.policies.events import PolicyBound
from kernel import events
from kernel.actor import SYSTEM
from kernel.db import transaction
from kernel.people.endpoints.jobs import deliver
from tests.insurance.conftest import make_wallet
from tests.insurance.desks.programs.asking_cover import BASE, DEMANDS, parcel
from tests.kernel.people.endpoints.conftest import URL, outside
from tests.kernel.people.endpoints.standard_webhooks import verify

__all__ = ["outside"]


def read_once(page, what):
    return BeautifulSoup(page.text, "html.parser").select_one(f"[data-{what}]").text


def test_cover_is_bought_by_key_and_told_by_letter(customer, as_, client, outbox, db, outside):
    make_wallet(customer.person_id)
    mine, form = as_(customer), {"csrf_token": "test-token"}
    scopes = {"scopes": ["insurance.read", "insurance.write"]}
    made = mine.post("/en/account/keys", data=form | scopes | {"label": "Desk", "days": "90"})
    secret = read_once(mine.post("/en/account/webhooks", data=form | {"url": URL}), "secret")
    by_key = {"Authorization": f"Bearer {read_once(made, 'key')}"}

    priced = client.post(f"{BASE}/quotes", json={"shipments": [parcel()]}, headers=by_key)
    version = client.get(f"{BASE}/product-information", headers=by_key).json["version"]
    order = {
        "quote": priced.json["data"][0]["id"],
        "level": "STD",
        "demands": DEMANDS,
        "product_information": version,
    }
    once = by_key | {"Idempotency-Key": "order-104"}
    answers = [client.post(f"{BASE}/policies", json=order, headers=once) for _ in range(10)]
    number = answers[0].json["id"]

    assert [one.status_code for one in answers] == [201] + [200] * 9
    assert {one.json["id"] for one in answers} == {number}
    assert db.execute(text("SELECT count(*) FROM insurance.policies")).scalar_one() == 1
    paper = client.get(f"{BASE}/policies/{number}/certificate.pdf", headers=by_key)
    assert paper.data.startswith(b"%PDF")

    (bound,) = [event for event in outbox() if isinstance(event, PolicyBound)]
    with transaction(name="tests.programs.hear", actor=SYSTEM):
        events.handlers()["insurance.programs.tell_bound"].function(bound)
    deliver()
    ((url, body, headers),) = outside.sent
    verify(secret, headers, body)
    said = json.loads(body)
    assert (url, headers["webhook-id"], said["type"]) == (URL, str(bound.id), "policy.bound")
    assert (said["data"]["id"], said["data"]["status"]) == (number, "bound")
