"""What tests of cover's JSON do by hand: a program of somebody who is signed in."""

from kernel.ids import new_id

BASE = "/api/v1/insurance"
DEMANDS = ["I want this parcel covered on its way, and I've read what isn't covered."]


def parcel(**otherwise):
    return {
        "carrier": "DHL",
        "tracking_number": "JD014600003RQ",
        "contents": "A walnut stool",
        "kind": "home",
        "weight_g": 2500,
        "value": {"amount": 18000, "currency": "EUR"},
        "delivery": {"amount": 2000, "currency": "EUR"},
        "origin": "JP",
        "destination": "DE",
        "mode": "TRK",
        "interest": "private",
    } | otherwise


def send(program, path, body=None, *, key="", **otherwise):
    """Post JSON as a program does: with the session's token, and a key where one is given."""
    headers = {"X-CSRF-Token": "test-token", "Idempotency-Key": key or new_id().hex}
    return program.post(f"{BASE}{path}", json=body or {}, headers=headers, **otherwise)


def priced(program, **otherwise):
    answer = send(program, "/quotes", {"shipments": [parcel(**otherwise)]})
    assert answer.status_code == 201, answer.json
    return answer.json["data"][0]


def order(program, quote, **otherwise):
    """What buys a quote's middle level."""
    version = program.get(f"{BASE}/product-information").json["version"]
    return {
        "quote": quote["id"],
        "level": "STD",
        "demands": DEMANDS,
        "product_information": version,
    } | otherwise


def bought(program, **otherwise):
    answer = send(program, "/policies", order(program, priced(program, **otherwise)))
    assert answer.status_code == 201, answer.json
    return answer.json
