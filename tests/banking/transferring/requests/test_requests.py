"""Codes that other banks read, and requests that are paid once."""

from __future__ import annotations

import io

import pytest
import segno
from bank_objects import available, eur, make_wallet
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from banking.authorisation.approvals import service as approvals
from banking.transferring.requests import codes, queries, rules, service
from banking.transferring.requests.errors import CodeUnreadable, RequestOver
from banking.transferring.requests.queries import State
from banking.transferring.requests.rules import Wanted
from banking.transferring.transfers import service as transfers
from banking.transferring.transfers.errors import NoWalletToPay, TransferMoved
from banking.transferring.transfers.service import say_amount
from kernel import clock as house_clock
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.ids import new_id
from kernel.money import Money

IBAN = "DE89370400440532013000"
PAYLOAD = "BCD\n002\n1\nSCT\n\nMüller & Söhne\nDE89370400440532013000\nEUR12.5\n\n\nRechnung 7\n"


@pytest.fixture(autouse=True)
def _morning(db, clock):
    clock("2026-11-25T09:00")
    approvals.load_reference_data(actor=SYSTEM)


def picture(text, **how):
    out = io.BytesIO()
    segno.make_qr(text, error="m").save(out, kind="png", scale=5, **how)
    return out.getvalue()


def test_our_code_is_read_by_another_library_and_says_what_it_was_made_of():
    import zxingcpp

    wanted = Wanted(name="Camille Martin", iban=IBAN, amount=eur("1234.50"), reference="Töpfe & 茶")
    out = io.BytesIO()
    codes.code(wanted).save(out, kind="png", scale=4, border=4)
    image = Image.open(out)
    (read,) = zxingcpp.read_barcodes(image)

    assert read.ec_level == "M"
    assert len(read.text.encode()) <= rules.MOST_BYTES
    assert rules.read_code(read.text) == wanted
    assert codes.drawn(wanted).startswith(b"<?xml")


def test_a_photograph_of_a_code_fills_in_name_account_amount_and_reference():
    small = (
        Image.open(io.BytesIO(picture(PAYLOAD)))
        .convert("RGB")
        .rotate(8, expand=True, fillcolor="white")
    )
    desk = Image.new("RGB", (900, 700), "#cdb891")
    desk.paste(small, (300, 200))
    out = io.BytesIO()
    desk.save(out, "JPEG", quality=70)

    read = codes.read_picture(out.getvalue())

    assert read == Wanted(
        name="Müller & Söhne", iban=IBAN, amount=eur("12.50"), reference="Rechnung 7"
    )


def test_an_amount_that_the_code_leaves_open_is_the_payers_to_fill_in():
    open_amount = PAYLOAD.replace("EUR12.5", "")

    assert rules.read_code(open_amount).amount is None


@pytest.mark.parametrize(
    "payload",
    [
        "",
        "https://example.com",
        PAYLOAD.replace("BCD", "BCE"),
        PAYLOAD.replace("SCT", "INST"),
        PAYLOAD.replace("002", "009"),
        PAYLOAD.replace("EUR12.5", "USD12.5"),
        PAYLOAD.replace("EUR12.5", "EUR12.505"),
        PAYLOAD.replace("EUR12.5", "EUR0"),
        PAYLOAD.replace("EUR12.5", "EUR1000000000"),
        PAYLOAD.replace(IBAN, ""),
        PAYLOAD + "x" * 331,
    ],
)
def test_anything_else_is_no_payment_code(payload):
    with pytest.raises(CodeUnreadable):
        rules.read_code(payload)


@pytest.mark.parametrize("content", [b"no picture", picture("https://example.com")])
def test_a_picture_without_a_payment_code_is_refused(content):
    with pytest.raises(CodeUnreadable):
        codes.read_picture(content)


AMOUNTS = st.sampled_from(
    [
        "EURNaN",
        "EURInfinity",
        "EUR1e400",
        "EUR-5",
        "EUR0",
        "EUR0.001",
        "EUR 5",
        "EUR12,5",
        "EUR1000000000",
        "USD5",
        "EUR\u0665",
        "EUR999999999.99",
    ]
)


@given(line=st.integers(0, 11), typed=st.one_of(st.text(max_size=200), AMOUNTS))
def test_a_mangled_code_is_refused_or_asks_for_something_a_payment_can_carry(line, typed):
    lines = PAYLOAD.split("\n")
    lines[line] = typed

    try:
        found = rules.read_code("\n".join(lines))
    except CodeUnreadable:
        found = rules.read_code(PAYLOAD)  # what was not mangled is still read

    assert 0 < len(found.name) <= 70
    assert found.iban
    assert len(found.reference) <= 140
    assert found.amount is None or eur("0.01") <= found.amount <= eur("999999999.99")


def asked(owner, amount=None, days=7):
    return service.ask_for_money(
        key=new_id(),
        owner_id=owner.person_id,
        amount=amount or eur("25"),
        reference="Lunch",
        days=days,
        actor=owner,
    )


def pay(payer, request):
    draft = service.pay_request(
        token=request.token, key=new_id(), owner_id=payer.person_id, actor=payer, locale="en"
    )
    return transfers.confirm(ref=draft.ref, owner_id=payer.person_id, actor=payer)


def state_of(request):
    with reading():
        return queries.request_by_token(token=request.token).state


@pytest.fixture
def people(make_person):
    owner, payer = make_person(), make_person()
    make_wallet("0", owner_id=owner.person_id)
    make_wallet("1000", owner_id=payer.person_id)
    return owner, payer


def wallet(actor):
    from banking import api as bank

    with reading():
        return bank.wallet_for(owner_id=actor.person_id, currency="EUR")


def test_a_request_is_paid_once(people, make_person):
    owner, payer = people
    request = asked(owner)
    other = make_person()
    make_wallet("1000", owner_id=other.person_id)
    waiting = service.pay_request(
        token=request.token, key=new_id(), owner_id=other.person_id, actor=other, locale="en"
    )

    assert pay(payer, request).amount == eur("25")
    assert state_of(request) is State.PAID
    with pytest.raises(RequestOver):
        pay(payer, request)
    with pytest.raises(RequestOver):
        transfers.confirm(ref=waiting.ref, owner_id=other.person_id, actor=other)
    assert available(wallet(owner)) == eur("25")
    assert available(wallet(other)) == eur("1000")


def test_a_request_ends_with_its_time_or_when_it_is_withdrawn(people):
    owner, payer = people
    late, gone = asked(owner, days=3), asked(owner)
    service.withdraw_request(token=gone.token, owner_id=owner.person_id, actor=owner)
    house_clock.freeze(house_clock.now().replace(day=28, minute=1))

    assert (state_of(late), state_of(gone)) == (State.EXPIRED, State.WITHDRAWN)
    for request in (late, gone):
        with pytest.raises(RequestOver):
            pay(payer, request)
    assert available(wallet(owner)) == eur("0")


def test_the_payer_cannot_change_what_was_asked_for(people):
    owner, payer = people
    draft = service.pay_request(
        token=asked(owner).token, key=new_id(), owner_id=payer.person_id, actor=payer, locale="en"
    )

    with pytest.raises(TransferMoved):
        say_amount(
            ref=draft.ref,
            owner_id=payer.person_id,
            amount=eur("1"),
            reference="Lunch",
            due_on=None,
            actor=payer,
        )


def test_a_request_in_a_currency_without_a_wallet_says_what_is_missing(people):
    owner, payer = people
    make_wallet("0", currency="JPY", owner_id=owner.person_id)

    with pytest.raises(NoWalletToPay) as refused:
        pay(payer, asked(owner, Money(1500, "JPY")))
    assert refused.value.data == {"currency": "JPY"}
