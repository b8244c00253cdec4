"""Webhooks that nobody sane sends are refused with a problem, and leave nothing behind."""

from __future__ import annotations

import copy
import gzip
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text

from banking.cards.card_topups.standin.courier import sign
from kernel.ids import new_id
from tests.banking.cards.card_topups.topping_up import SECRET, events_of

WEBHOOKS = "/webhooks/card-network"
PAYMENT = {
    "id": "evt_1",
    "object": "event",
    "type": "payment_intent.succeeded",
    "created": 1_790_000_000,
    "livemode": False,
    "data": {
        "object": {
            "id": "pi_1",
            "object": "payment_intent",
            "amount": 1250,
            "metadata": {"payment_id": str(new_id()), "refund_id": str(new_id())},
            "lines": [{"id": "li_1", "amount": 1250}],
        }
    },
}
DISPUTE = PAYMENT | {"data": {"object": {"id": "dp_1", "object": "dispute", "amount": 1250}}}
ODD = [
    None,
    True,
    0,
    -1,
    10**400,
    1.5,
    "",
    "x" * 300_000,
    "\u202e☃\U0001f600",
    "0x10",
    "00000000-0000-0000-0000-000000000000",
    [],
    ["x", 1, None],
    {},
    {"object": "dispute"},
    {"payment_id": {"x": []}},
]
NEVER = ["\0", "a\0b", "\ud800", float("nan"), float("inf")]


def places(whole: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place of a value, from the whole to its leaves."""
    yield way
    keys = list(whole) if isinstance(whole, dict) else []
    for key in range(len(whole)) if isinstance(whole, list) else keys:
        yield from places(whole[key], (*way, key))


def changed(whole: Any, way: tuple[Any, ...], odd: Any) -> Any:
    if not way:
        return odd
    other = copy.deepcopy(whole)
    part = other
    for key in way[:-1]:
        part = part[key]
    part[way[-1]] = odd
    return other


def without(whole: Any, way: tuple[Any, ...]) -> Any:
    other = copy.deepcopy(whole)
    part = other
    for key in way[:-1]:
        part = part[key]
    del part[way[-1]]
    return other


@pytest.fixture
def send(client, db):
    """Sends a body as the network would, signed unless told otherwise."""

    def sent(body: bytes, signature: str | None = None, **headers: str):
        signed = sign(body, SECRET, at=int(time.time())) if signature is None else signature
        about = {"Content-Type": "application/json", "Stripe-Signature": signed} | headers
        return client.post(WEBHOOKS, data=body, headers=about)

    return sent


def is_problem(answer) -> bool:
    problem = answer.get_json(force=True)
    return (
        400 <= answer.status_code < 500
        and answer.mimetype == "application/problem+json"
        and problem["status"] == answer.status_code
        and problem["code"] in {"webhook_refused", "webhook_unreadable"}
    )


def kept(db) -> tuple[int, ...]:
    tables = ("banking.provider_events", "kernel.outbox", "kernel.delivery")
    return tuple(db.execute(text(f"SELECT count(*) FROM {t}")).scalar_one() for t in tables)


@pytest.mark.parametrize("letter", [PAYMENT, DISPUTE], ids=["payment", "dispute"])
def test_any_value_at_any_place_is_taken_whole_or_refused_whole(send, db, letter):
    fallen = []
    for n, (way, odd) in enumerate((w, o) for w in places(letter) for o in ODD):
        said = changed(letter, way, odd)
        if isinstance(said, dict) and way != ("id",):
            said |= {"id": f"evt_{n}"}
        before = kept(db)
        answer = send(json.dumps(said).encode())
        is_well = answer.status_code == 200 or (is_problem(answer) and kept(db) == before)
        fallen += [] if is_well else [(way, str(odd)[:40], answer.status_code)]

    assert fallen == []


@pytest.mark.parametrize("letter", [PAYMENT, DISPUTE], ids=["payment", "dispute"])
def test_what_cannot_be_kept_is_refused_wherever_it_stands(send, db, letter):
    taken = [
        (way, odd)
        for way in places(letter)
        for odd in NEVER
        if not is_problem(send(json.dumps(changed(letter, way, odd)).encode()))
    ]

    assert taken == []
    assert kept(db) == (0, 0, 0)


@pytest.mark.parametrize("way", [("id",), ("type",), ("data",), ("data", "object")])
def test_what_a_report_needs_is_missed(send, db, way):
    for odd in (None, 7, [], "", "x" * 256) if way != ("data", "object") else ():
        assert is_problem(send(json.dumps(changed(PAYMENT, way, odd)).encode())), odd
    assert is_problem(send(json.dumps(without(PAYMENT, way)).encode()))
    assert is_problem(send(json.dumps(without(DISPUTE, ("data", "object", "id"))).encode()))
    assert events_of(db) == 0


GOOD = json.dumps(PAYMENT).encode()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\0",
        b"payload=1&x=2",
        GOOD[:-1],
        GOOD + GOOD,
        b"[" * 100_000,
        GOOD.replace(b'"pi_1"', b"[" * 5000 + b"]" * 5000),
        GOOD.replace(b"1250", b"9" * 6000),
        gzip.compress(GOOD),
        GOOD.decode().encode("utf-16"),
        GOOD.decode().encode("utf-32"),
        GOOD.replace(b"pi_1", b"\xe9"),
    ],
)
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Content-Type": "application/json; charset=utf-16"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "multipart/form-data; boundary=x", "Content-Encoding": "gzip"},
    ],
)
def test_bodies_that_are_no_object_are_refused_whatever_they_are_called(send, db, body, headers):
    assert is_problem(send(body, **headers))
    assert kept(db) == (0, 0, 0)


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "t=,v1=",
        "t=" + "9" * 5000 + ",v1=x",
        "t=-1,v1=x",
        "t=²,v1=x",
        "v1",
        "=,=",
        "x" * 60_000,
        f"t={2**63},v1=é",
    ],
)
def test_a_signature_that_is_none_is_refused(send, db, signature):
    assert is_problem(send(GOOD, signature.encode("utf-8").decode("latin-1")))
    assert kept(db) == (0, 0, 0)


def test_a_body_beyond_any_report_is_not_read(send, db):
    answer = send(b" " * (1024 * 1024 + 1), "t=1,v1=x")

    assert (answer.status_code, answer.mimetype) == (413, "application/problem+json")
    assert kept(db) == (0, 0, 0)
