"""What the demonstration's past lacks, made by the same commands and forms as anywhere else."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import text

from banking import api as bank
from banking.authorisation.approvals import service as approvals
from banking.compliance.document_log import service as evidence
from banking.compliance.document_log.rules import Why
from banking.control.safeguarding import service as safeguarding
from kernel import clock
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.ids import new_id
from kernel.money import Money
from kernel.people.mfa import queries as factors
from kernel.people.mfa import service as mfa
from kernel.people.mfa.service import Method
from marketplace.catalogue.vendors import queries as vendors
from tests.journeys.shopping import fill, to_review
from tests.kernel.people.mfa.soft_key import SoftKey
from tests.market import give_money
from tests.sweeps.house import House
from tests.sweeps.making_bank import make_bank
from tests.sweeps.making_cargo import make_cargo_losses
from tests.sweeps.making_orders import make_orders
from tests.sweeps.making_people import make_people
from tests.sweeps.people import (
    BUYER,
    NOBODY,
    OPERATOR,
    OTHER_BUYER,
    VENDOR,
)
from tests.sweeps.sending import filled, posted

_HOST = "http://localhost/"
_DOCUMENT = text(
    "SELECT a.ref, d.id FROM banking.application_documents d"
    " JOIN banking.applications a ON a.id = d.application_id WHERE a.ref = :ref"
)
# What somebody waits for is sold out.
_SOLD_OUT = text(
    "SELECT p.ref FROM marketplace.stock_alert a JOIN marketplace.variant v ON v.id = a.variant_id"
    " JOIN marketplace.product p ON p.id = v.product_id"
)


def make_what_is_lacking(house: House) -> None:
    """Give every kind of the registry a real thing, every form a page, and somebody else hers."""
    for actor in house.actors.values():
        assert actor.session_id is not None
        mfa.note_confirmation(session_id=actor.session_id, method=Method.APP, actor=actor)
    for made in (make_orders(house), make_bank(house), make_cargo_losses(house)):
        assert not house.names.keys() & made.keys(), "a thing has a name of its own"
        house.names |= made
    _passkey(house)
    _trusted_payee(house)
    _officers_papers(house)
    _goods(house)
    _second_buyer(house)
    make_people(house)
    _strangers_browser(house)
    # Whoever orders once more leaves a checkout that stood open: so it is begun after all orders.
    # It is priced in another currency than its buyer has chosen for all pages.
    begun = to_review(house.connection, house.actors[BUYER], currency="GBP")
    house.names["checkout"] = begun.ref
    house.names["sold_out"] = house.connection.execute(_SOLD_OUT).scalar_one()


def _strangers_browser(house: House) -> None:
    """Let nobody signed in have liked goods and looked at them: their cookie keeps both."""
    ref = house.names["product"]
    posted(house, NOBODY, "/en/favourites/hearts", product=ref)
    led = house.ask(NOBODY, "GET", f"/en/p/{ref}/")
    house.ask(NOBODY, "GET", led.location, is_kept=True)


def _passkey(house: House) -> None:
    buyer, key = house.actors[BUYER], SoftKey()
    assert buyer.person_id is not None
    today = clock.now()
    clock.freeze(today - timedelta(days=2))  # a first one of today would approve little
    asked = factors.new_passkey_question(
        host_url=_HOST, person_id=buyer.person_id, email=BUYER, name="Camille"
    )
    mfa.add_passkey(
        person_id=buyer.person_id,
        credential=key.created(asked),
        label="Telephone",
        party=factors.party_for(_HOST),
        actor=buyer,
    )
    clock.freeze(today)


def _trusted_payee(house: House) -> None:
    approvals.give(
        approval_id=UUID(house.names["approval"]), method="totp", actor=house.actors[BUYER]
    )
    posted(
        house,
        BUYER,
        "/en/bank/exchange",
        give="EUR",
        get="USD",
        give_amount="10",
        key=str(new_id()),
    )


def _officers_papers(house: House) -> None:
    operator = house.actors[OPERATOR]
    ref, document_id = house.connection.execute(_DOCUMENT, {"ref": house.names["dossier"]}).one()
    evidence.open_document(ref=ref, document_id=document_id, why=Why.DECIDE, actor=operator)
    asked = safeguarding.ask_pack(key=new_id(), actor=operator)
    safeguarding.make_pack(pack_id=asked.id, actor=SYSTEM)


def _goods(house: House) -> None:
    with reading():
        language = vendors.vendor_of(house.actors[VENDOR]).language
    draft = {"title": "Teapot with a lid", "draft_version": "0", "language": language}
    posted(house, VENDOR, "/en/desk/goods/drafts/D-SWEEP", **draft)
    goods = f"/en/desk/goods/{house.names['product']}"
    filled(house, VENDOR, goods, "listings.reword", description="青瓷。")


def _second_buyer(house: House) -> None:
    other = house.actors[OTHER_BUYER]
    wallet = give_money(other, "500 EUR")
    assert other.person_id is not None
    bank.start_top_up(wallet_id=wallet.id, amount=Money.of("20", "EUR"), key=new_id(), actor=other)
    posted(
        house,
        OTHER_BUYER,
        "/en/bank/pots/",
        name="Lyon",
        currency="EUR",
        target="90",
        key=str(new_id()),
    )
    posted(
        house,
        OTHER_BUYER,
        "/en/bank/send",
        to="FR1420041010050500013M02606",
        name="Amélie Dupont",
        key=str(new_id()),
    )
    posted(
        house,
        OTHER_BUYER,
        "/en/messages/new?shop=qinglan",
        shop="qinglan",
        words="Do you send to Tokyo?",
        key=str(new_id()),
    )
    for who in (BUYER, OTHER_BUYER):
        fill(house.connection, house.actors[who])
