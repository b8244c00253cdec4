"""A past for the market, so that every page has something to show."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from datetime import timedelta
from io import BytesIO
from typing import Any

import pyotp
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from banking import api as bank
from banking.authorisation.approvals import service as approvals
from banking.authorisation.freezing import service as guard
from banking.authorisation.late_credits import queries as late_queries
from banking.authorisation.late_credits import service as late_credits
from banking.authorisation.payees.queries import target
from banking.compliance.onboarding import queries as onboarding
from banking.core.fx import gateway
from banking.core.fx import service as fx
from banking.core.ledger import service as ledger
from banking.merchants.payouts import payout_runs
from banking.merchants.payouts import queries as payout_queries
from banking.merchants.payouts import service as payouts
from banking.online.closing import service as closing
from insurance import api as cover
from kernel import clock
from kernel.actor import SYSTEM, Actor
from kernel.db import reading
from kernel.ids import new_id
from kernel.money import Money
from kernel.people.emails import service as emails
from kernel.people.identity import queries as people
from kernel.people.identity import service as identity
from kernel.people.mfa import queries as factor_queries
from kernel.people.mfa import service as factors
from kernel.people.mfa.service import Given
from kernel.people.passwords import service as passwords
from kernel.people.recovery import service as recovery
from marketplace.aftersales.returns import outcomes
from marketplace.aftersales.returns import service as returns
from marketplace.aftersales.returns.queries import Reason as ReturnReason
from marketplace.buying.orders import service as orders
from marketplace.logistics.carriers.gateway import MischiefKind, misbehave
from marketplace.logistics.shipping.cli import settle
from marketplace.trust.listing_reports.rules import Reason
from marketplace.trust.moderation import service as moderation
from marketplace.trust.moderation.rules import Outcome
from marketplace.trust.reviews import service as reviews
from marketplace.trust.reviews.rules import Reason as Wrong
from marketplace.trust.reviews.service import Said
from tests.banking.transferring.payment_files.file_objects import pain, pmt, tx
from tests.browser.card_stories import card_stories
from tests.browser.cart_stories import fill_cart
from tests.browser.talk_stories import talk_stories
from tests.journeys.shopping import by_country, days, fill, house_transaction, pay, to_review
from tests.market import PASSWORD, give_money, sign_in
from tests.snaps import take

BUYER, VENDOR = "camille@example.com", "owner@qinglan.example.com"
OPERATOR, UNDERWRITER = "operator@example.com", "underwriter@example.com"
NEWCOMER, RIVAL = "newcomer@example.com", "owner@fibbia.example.com"
LISTED, SHOPPER = "mirela@example.com", "shopper@example.com"
PEOPLE = (BUYER, VENDOR, OPERATOR, UNDERWRITER, NEWCOMER, RIVAL, LISTED, SHOPPER)

# A late parcel counts as lost, is paid for, and comes after all: the longest story of the house.
_LATE_HOURS = 24 * 45
# The past is over well before.
_DAYS = 150


def live(app: Flask, engine: Engine) -> dict[str, str]:
    """Let a buyer shop for months; return how her things are called, by what they are."""
    # Months pass between two looks at the market: no transaction waits open meanwhile.
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as market:
        _publish_rates()
        buyer = sign_in(BUYER)
        give_money(buyer, "3000 EUR")
        give_money(buyer, "90 USD")
        late = _ordered(market, buyer)
        _delay(late)
        days(64)
        buyer = sign_in(BUYER)  # the first session has run out
        claim = _broken(app, _delivered(market, buyer))
        recent = _ordered(market, buyer)
        _earned(buyer)
        days(6)
        _wait_for_payout()
        buyer = sign_in(BUYER)
        waiting = pay(to_review(market, buyer), buyer)
        settle()
        names = {
            "group": recent["CN"].group_ref,
            "late": late["CN"].group_ref,
            "order": by_country(waiting)["CN"].ref,
            "sent": recent["CN"].ref,
        }
        _tell(names, _cover(late, recent), _paid_out(), {"claim": claim})
        buyer = sign_in(BUYER)  # a long way of the parcel may have outlived this session too
        _tell(
            names,
            _money(app, buyer),
            talk_stories(
                market,
                buyer,
                sign_in(VENDOR),
                rival=sign_in(RIVAL),
                officer=sign_in(UNDERWRITER),
                product=market.execute(_PRODUCT).one().ref,
                order=names["sent"],
            ),
        )
        names["checkout"] = to_review(market, buyer).ref
        fill(market, buyer)
        settle()
        _newcomers(market)
        _tell(names, {"application": _known(app)}, _company(app), _reported(market))
        _tell(names, _reviewed(market, buyer), _sent_back(market, buyer, waiting))
        _tell(names, _safety(buyer), _everyday(buyer, names["checkout"]))
        # Last: no network is there to be asked about what waits for it.
        _tell(names, card_stories(buyer), _things(market))
        return names


def _newcomers(market: Any) -> None:
    """Let two people sign up, one of whom fills a cart."""
    for email, name in ((NEWCOMER, "Noor Aziz"), (SHOPPER, "Élise Fontaine")):
        identity.register(
            email=email, password=PASSWORD, name=name, locale="en", country="FR", actor=SYSTEM
        )
    fill_cart(market, sign_in(SHOPPER))


def _tell(names: dict[str, str], *stories: Mapping[str, str]) -> None:
    """Add what stories name: a name taken twice would lead pages to what is not theirs."""
    for story in stories:
        assert not names.keys() & story.keys(), names.keys() & story.keys()
        names |= story


def browser(app: Flask, actor: Actor | None) -> FlaskClient:
    """Return a browser without scripts, somebody's or nobody's."""
    client = app.test_client()
    with client.session_transaction() as kept:
        kept.update(cookies(actor))
    return client


def cookies(actor: Actor | None) -> dict[str, str]:
    """Return what the session of a visitor in France holds."""
    kept = {"csrf": "test-token", "country": "FR", "currency": "EUR"}
    return kept | ({"_user_id": str(actor.session_id)} if actor else {})


def _publish_rates() -> None:
    """Let the publisher of rates go on where the package ends, whatever day the past begins.

    Every day has the package's last figures, in the publisher's own table, read by the same gateway.
    """
    last: dict[str, gateway.Published] = {}
    for rate in gateway.packaged():
        if rate.currency not in last or rate.rate_on > last[rate.currency].rate_on:
            last[rate.currency] = rate
    newest = max(rate.rate_on for rate in last.values())
    living = [rate for rate in last.values() if rate.rate_on == newest]
    table = io.StringIO()
    rows = csv.writer(table)
    rows.writerow(["Date", *(rate.currency for rate in living)])
    for day in range(-7, _DAYS):
        on = clock.today() + timedelta(days=day)
        if on > newest:
            rows.writerow([on.isoformat(), *(str(rate.per_euro) for rate in living)])
    fx.store_rates(
        rates=list(gateway.worth_keeping(gateway.unpacked(table.getvalue().encode()))),
        actor=SYSTEM,
    )


def _ordered(market: Any, buyer: Actor) -> dict[str, Any]:
    orders_by_country = by_country(pay(to_review(market, buyer), buyer))
    settle()
    # One after the other by country: how long a way takes goes by the number that the carrier
    # gives the parcel, and the orders' own references are drawn by lot.
    for _, order in sorted(orders_by_country.items()):
        orders.dispatch(order_ref=order.ref, actor=SYSTEM)
        settle()
    return orders_by_country


def _delay(ordered: dict[str, Any]) -> None:
    with house_transaction():
        misbehave(
            kind=MischiefKind.DELAY,
            parcel_ref=ordered["CN"].parcel_ref,
            hours=_LATE_HOURS,
            actor=SYSTEM,
        )
    settle()


def _delivered(market: Any, buyer: Actor) -> dict[str, Any]:
    """Order and wait: how long the way takes goes by the parcel's number."""
    made = _ordered(market, buyer)
    for _ in range(15):
        days(2)
        if by_country(made["CN"].group_ref)["CN"].delivered_at is not None:
            return made
    raise AssertionError("the parcel does not arrive")


def _broken(app: Flask, delivered: dict[str, Any]) -> str:
    """Tell the insurer of a broken pot as soon as it is there; return the claim."""
    with reading():
        policy = cover.policy_for_parcel(parcel_ref=delivered["CN"].parcel_ref)
    holder = sign_in(BUYER)
    take("insurance.claim", policy.number, holder, 10, 20)
    told = _post(
        browser(app, holder),
        f"/en/cover/policies/{policy.number}/claims",
        cause="damage",
        loss="20",
        description="The spout is broken off; the box was dented at one corner.",
    )
    return told.rsplit("/", 1)[1]


def _sent_back(market: Any, buyer: Actor, waiting: str) -> dict[str, str]:
    """Send two teapots back, one of which the seller refuses, and keep a third."""
    seller, refs = sign_in(VENDOR), []
    for _ in range(3):
        order = by_country(pay(to_review(market, buyer, cover_level=None), buyer))["CN"]
        settle()
        orders.dispatch(order_ref=order.ref, actor=SYSTEM)
        orders.note_delivered(parcel_ref=order.parcel_ref, at=clock.now(), actor=SYSTEM)
        pieces = {line.id: line.quantity for line in order.lines}
        if len(refs) == 2:
            (line,) = pieces
            take("marketplace.return", order.ref, buyer, 40)
            kept = {"kept": order.ref, "pieces": f"{line}x1"}
            break
        with reading():
            seen = outcomes.preview_for(
                buyer, order.ref, reason=ReturnReason.DAMAGED, pieces=pieces
            )
        take("marketplace.return", order.ref, buyer, 10, 20)
        refs.append(
            returns.send_back(
                order_ref=order.ref,
                reason=ReturnReason.DAMAGED,
                pieces=pieces,
                actor=buyer,
                note="The lid is cracked from side to side.",
                expected=seen.parts.total,
            )
        )
    returns.reject(ref=refs[1], words="It left the workshop whole.", actor=seller)
    returns.dispute(ref=refs[1], words="The carton was never opened before.", actor=buyer)
    settle()
    return {"back": refs[0], "disputed": refs[1], "unpacked": by_country(waiting)["CN"].ref} | kept


def _cover(late: Any, recent: Any) -> dict[str, str]:
    """Find what the late parcel led to."""
    parcels = {"late": late["CN"].parcel_ref, "recent": recent["CN"].parcel_ref}
    with reading():
        policies = {w: cover.policy_for_parcel(parcel_ref=ref) for w, ref in parcels.items()}
        found = cover.recoveries_for_parcels(parcel_refs=[parcels["late"]])
    return {
        "policy": policies["recent"].number,
        "recovery": found[parcels["late"]].ref,
    }


def _money(app: Flask, buyer: Actor) -> dict[str, str]:
    """Top up, exchange, and ask what another exchange would bring."""
    mine = browser(app, buyer)
    quotes = [
        bank.fx_quote(
            owner_id=buyer.person_id,
            sell="EUR",
            buy="USD",
            side="sell",
            amount=Money.of("25", "EUR"),
            actor=buyer,
        )
        for _ in range(2)
    ]
    made = _post(mine, f"/en/bank/exchange/{quotes[0].id}")
    with reading():
        wallet = bank.wallet_for(owner_id=buyer.person_id, currency="EUR")
    begun = bank.start_top_up(
        wallet_id=wallet.id, amount=Money.of("20", "EUR"), key=new_id(), actor=buyer
    )
    wallet_page = mine.get("/en/bank/wallets/eur").text
    movement = re.search(r"/bank/movements/(\d+)", wallet_page)
    assert movement is not None
    key, days = {"key": str(new_id())}, {"from": "2026-01-01", "to": clock.today().isoformat()}
    pot = _post(mine, "/en/bank/pots/", name="Kyoto in spring", currency="EUR", target="900", **key)
    _post(mine, f"{pot}/in", amount="15", key=str(new_id()))
    asked = _post(mine, "/en/bank/statements/orders", currency="EUR", format="pdf", **key, **days)
    return {
        "pot": pot.rsplit("/", 1)[1],
        "statement": asked.rsplit("/", 1)[1],
        "exchange": made.rsplit("/", 1)[1],
        "quote": str(quotes[1].id),
        "top_up": begun.ref,
        "movement": movement[1],
    } | _paying(mine)


def _paying(mine: FlaskClient) -> dict[str, str]:
    """Send money, begin to send more, ask for some, and make a payment regular."""
    drafts = []
    for name, amount in (("Amélie Dupont", "25"), ("A. Dupont", "25")):
        begun = _post(
            mine, "/en/bank/send", to="FR1420041010050500013M02606", name=name, key=str(new_id())
        )
        drafts.append(_post(mine, begun, currency="EUR", amount=amount, reference="Tea"))
        if len(drafts) == 1:
            sent = _post(mine, drafts[0])
    _post(mine, f"{sent}/payee")
    _post(mine, "/en/bank/handle", handle="camille")
    asked = _post(
        mine,
        "/en/bank/request",
        currency="EUR",
        amount="20",
        reference="Lunch",
        days="30",
        key=str(new_id()),
    )
    first_on = (clock.today() + timedelta(days=9)).isoformat()
    _post(
        mine,
        f"{sent}/regularly",
        amount="40",
        cadence="monthly",
        first_on=first_on,
        key=str(new_id()),
    )
    listed = re.search(r"/bank/standing/(R-\w+)", mine.get("/en/bank/standing").text)
    assert listed is not None
    return {
        "transfer": sent.rsplit("/", 1)[1],
        "draft": drafts[1].split("/")[-2],
        "asked": asked.rsplit("/", 1)[1],
        "standing": listed[1],
    } | _file(mine)


def _file(mine: FlaskClient) -> dict[str, str]:
    """Send a payment file, one group of which is refused, and ask to approve the rest."""
    example = mine.get("/en/bank/files/example/eur").data
    iban = re.search(rb"<DbtrAcct>\s*<Id>\s*<IBAN>(\w+)", example)
    assert iban is not None
    debtor, today = iban[1].decode(), clock.today().isoformat()
    lines = "<PstlAdr><AdrLine>7 rue de la Paix</AdrLine><AdrLine>Paris</AdrLine></PstlAdr>"
    other = {"iban": "FR1420041010050500013M02606", "name": "Amelie Dupond"}
    content = pain(
        pmt(debtor, tx(1, "12.50", **other), tx(2, "8"), day=today, ref="WAGES-11"),
        pmt(
            debtor,
            tx(3, address=lines),
            tx(4, iban="DE00370400440000000002"),
            day=today,
            ref="SUPPLIERS-11",
        ),
    )
    answer = mine.post(
        "/en/bank/files/",
        data={
            "csrf_token": "test-token",
            "key": str(new_id()),
            "file": (BytesIO(content), "november.xml"),
        },
    )
    assert answer.status_code == 303, answer.text[-3000:]
    file = answer.headers["Location"]
    asked = _post(mine, f"{file}/approve", whatever_names="on")
    return {"file": file.rsplit("/", 1)[1], "file_approval": asked.rsplit("/", 1)[1]}


def _earned(buyer: Actor) -> None:
    """Let a vendor earn something that stands on no parcel, and name an account for it."""
    vendor = sign_in(RIVAL)
    company = next(iter(vendor.organisation_ids))
    with reading():
        wallet = bank.wallet_for(owner_id=buyer.person_id, currency="EUR")
    for ref, amount in (("V-PAST2222", "40"), ("V-PAST3333", "25"), ("V-PAST4444", "18")):
        bank.fund_escrow(
            key=new_id(),
            payer_wallet_id=wallet.id,
            dues=[],
            subject="G-PAST2222",
            actor=SYSTEM,
            shares=[
                bank.EscrowShare(
                    order_ref=ref, amount=Money.of(amount, "EUR"), beneficiary_id=company
                )
            ],
        )
        if ref != "V-PAST4444":
            bank.release_escrow(
                key=new_id(),
                order_ref=ref,
                actor=SYSTEM,
                payouts=[
                    bank.EscrowPayout(
                        amount=Money.of(amount, "EUR"),
                        purpose=bank.Purpose.GOODS,
                        credit=Money.of(amount, "EUR"),
                        commission=Money.of("3", "EUR"),
                    )
                ],
            )
    asked = payouts.name_account(
        key=new_id(),
        vendor_id=company,
        currency="EUR",
        actor=vendor,
        account=target("DE89370400440532013000"),
        name="Müller & Söhne GmbH",
    )
    approvals.give(approval_id=asked.approval_id, method="totp", actor=vendor)


def _wait_for_payout() -> None:
    """Let days pass until a payout was made: its day of the week may just be over."""
    (company,) = sign_in(RIVAL).organisation_ids
    for _ in range(5):
        with reading():
            if payout_queries.payouts_of(vendor_id=company):
                return
        days(2)
    raise AssertionError("no payout is made")


def _paid_out() -> dict[str, str]:
    """Find the payout that was made on its day."""
    vendor = sign_in(RIVAL)
    with reading():
        company = next(iter(vendor.organisation_ids))
        made = payout_queries.payouts_of(vendor_id=company)
        run = payout_runs.runs()[0]
    owed = Money.of("18", "USD")
    debt = ledger.AccountRef(bank.AccountKind.VENDOR_DEBT, str(company), "USD")
    advanced = ledger.AccountRef.house(bank.AccountKind.PLATFORM_LOSS, "USD")
    ledger.post(
        key=new_id(),
        kind="escrow_refunded",
        legs=[ledger.Leg(debt, -owed), ledger.Leg(advanced, owed)],
        subject="V-PAST3333",
        actor=SYSTEM,
    )
    return {
        "payout": made[0].ref,
        "payout_run": run.ref,
        "paid_order": "V-PAST2222",
        "owing": str(company),
    }


def _known(app: Flask) -> str:
    """Let somebody with a name like a listed one say who they are, and get more than fits."""
    identity.register(
        email=LISTED,
        password=PASSWORD,
        name="Mirela Sandoque",
        locale="en",
        country="FR",
        actor=SYSTEM,
    )
    settle()
    listed = sign_in(LISTED)
    give_money(listed, "900 EUR")
    give_money(listed, "250 EUR")
    _post(
        browser(app, listed),
        "/en/bank/verify/identity",
        name="Mirela Sandoque",
        born_on="1974-05-12",
        nationality="FR",
        street="18 rue Mercière",
        postcode="69002",
        city="Lyon",
        country="FR",
    )
    settle()
    queue = browser(app, sign_in(OPERATOR)).get("/en/bank/officers/").text
    found = re.search(r"/bank/officers/(K-[0-9A-Z]+)", queue)
    assert found is not None
    return found[1]


def _company(app: Flask) -> dict[str, str]:
    """Let a newcomer's company say what it is, and another one wait for officers."""
    with reading():
        newcomer = people.person_by_email(NEWCOMER)
    assert newcomer is not None
    found = {}
    for name in ("company", "sent_company"):
        found[name] = identity.found_organisation(
            name="Aziz Import SARL", country="FR", actor=SYSTEM
        )
        identity.add_member(organisation_id=found[name], person_id=newcomer.id, actor=SYSTEM)
        bank.register_customer(
            owner_id=found[name], kind="organisation", country="FR", locale="en", actor=SYSTEM
        )
    mine, address = browser(app, sign_in(NEWCOMER)), "/en/bank/verify/company"
    told = {
        "legal_name": "Aziz Import SARL",
        "registration_number": "552 100 554",
        "registered_in": "FR",
        "street": "4 quai Perrache",
        "postcode": "69002",
        "city": "Lyon",
        "country": "FR",
        "name": "Noor Aziz",
        "born_on": "1991-04-02",
        "nationality": "FR",
        "owner_1": "Noor Aziz",
        "owner_1_share": "62.5",
        "owner_1_born_on": "1991-04-02",
        "owner_1_country": "FR",
    }
    for account in found.values():
        _post(mine, f"{address}?account={account}", **told)
    sent = f"?account={found['sent_company']}"
    paper = {
        "csrf_token": "test-token",
        "kind": "register_extract",
        "document": (io.BytesIO(b"%PDF-1.7\n%%EOF\n"), "extract.pdf"),
    }
    assert mine.post(f"{address}/documents{sent}", data=paper).status_code == 303
    _post(mine, f"{address}/send{sent}")
    settle()
    with reading():
        application = onboarding.latest_of(customer_id=found["sent_company"])
    assert application is not None
    return {key: str(value) for key, value in found.items()} | {"dossier": application.ref}


def _devices() -> None:
    """Let the buyer sign in at home, on a journey, and somewhere that nobody knows."""
    for device, address in (
        ("Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0", "192.168.4.7"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0) Version/19.0 Safari/604.1", "203.0.113.77"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/156.0 Safari/537.36", "2001:db8:1:2::7"),
        ("Mozilla/5.0 (Linux; Android 16) Chrome/156.0 Mobile Safari/537.36", "100.64.3.9"),
    ):
        identity.sign_in(
            email=BUYER, password=PASSWORD, device=device, address=address, actor=SYSTEM
        )


def _safety(buyer: Actor) -> dict[str, str]:
    """Leave something to approve, and somebody who lost the phone with the app."""
    _devices()
    with reading():
        asked = guard.ask_to_trust(
            owner_id=buyer.person_id,
            name="Lena Vogt",
            account="DE89370400440532013000",
            actor=buyer,
        )
    person_id = identity.register(
        email="forgetful@example.com",
        password=PASSWORD,
        name="Noor Aziz",
        locale="en",
        country="FR",
        actor=SYSTEM,
    )
    factors.begin_app(person_id=person_id, actor=SYSTEM)
    set_up = factor_queries.set_up_of(person_id, email="")
    assert set_up is not None
    given = Given(
        code=pyotp.TOTP(set_up.secret).now(),
        party=factor_queries.party_for("http://localhost/"),
        place="",
    )
    factors.confirm_app(person_id=person_id, given=given, actor=SYSTEM)
    recovery.ask(
        email="forgetful@example.com", password=PASSWORD, address="192.0.2.8", actor=SYSTEM
    )
    passwords.send_link(email="forgetful@example.com", actor=SYSTEM)
    with reading() as current:
        tokens = {row.template: row.token for row in current.execute(_TOKENS)}
    settle()
    return {
        "approval": str(asked.id),
        "reset": tokens["kernel/mail/reset_announced.txt"],
        "password_link": tokens["kernel/mail/password_forgotten.txt"],
    }


def _everyday(buyer: Actor, checkout: str) -> dict[str, str]:
    """Close a wallet, leave another to close, ask about an order and about a new address."""
    opened = [
        bank.open_wallet(
            owner_id=buyer.person_id, owner_kind="person", currency=currency, actor=buyer
        )
        for currency in ("CHF", "GBP")
    ]
    asked = closing.ask(owner_id=buyer.person_id, wallet_id=opened[0].id, actor=buyer)
    approvals.give(approval_id=asked.id, method="totp", actor=buyer)
    question = bank.ask_approval(
        person_id=buyer.person_id,
        act=bank.Act.PURCHASE,
        amount=Money.of("612", "EUR"),
        payee="青岚陶艺, Lysholm Design",
        account=f"{checkout}:1",
        subject=checkout,
        actor=buyer,
    )
    _late_credit(opened[0])
    identity.confirm(given=None, password=PASSWORD, address="192.0.2.9", actor=buyer)
    emails.ask(email="camille@new.example.com", actor=buyer)
    settle()
    with reading() as current:
        tokens = {row.template: row.token for row in current.execute(_LINKS)}
        closed = current.execute(_CLOSED).scalar_one()
        late = current.execute(_LATE).one()
    return {
        "closing": closed,
        "waiting": late.ref,
        "waiting_link": late.token,
        "purchase": str(question.id),
        "confirm": tokens["kernel/mail/email_confirm.txt"],
        "keep": tokens["kernel/mail/email_asked.txt"],
    }


def _late_credit(closed: bank.WalletView) -> None:
    """Let money come for a wallet that its owner closed, as a claim decided late does."""
    amount, key = Money.of("44.80", closed.currency), new_id()
    with reading():
        beside = late_queries.landing(wallet_id=closed.id, currency=closed.currency)
    loss = ledger.AccountRef.house(bank.AccountKind.PLATFORM_LOSS, closed.currency)
    ledger.post(
        key=key,
        kind="goodwill",
        legs=[ledger.Leg(loss, -amount), ledger.Leg(beside, amount)],
        subject="C-7K2M9QXA",
        actor=SYSTEM,
    )
    late_credits.keep(
        key=key, wallet_id=closed.id, amount=amount, subject="C-7K2M9QXA", actor=SYSTEM
    )


def _post(client: FlaskClient, address: str, **fields: str) -> str:
    answer = client.post(address, data={"csrf_token": "test-token"} | fields)
    assert answer.status_code == 303, (address, answer.status_code, answer.text[-3000:])
    return answer.headers["Location"]


_TOKENS = text(
    "SELECT template, data ->> 'token' AS token FROM kernel.mail"
    " WHERE recipient = 'forgetful@example.com' AND data ? 'token'"
)
_LINKS = text(
    "SELECT template, data ->> 'token' AS token FROM kernel.mail"
    " WHERE template LIKE 'kernel/mail/email_%'"
)
_CLOSED = text("SELECT ref FROM banking.closings WHERE done_at IS NOT NULL")
# The last goods of a shop: nobody's story buys them.
_REPORTED = text(
    "SELECT p.ref FROM marketplace.product p JOIN marketplace.vendor v ON v.id = p.vendor_id"
    " WHERE v.slug = 'qinglan' ORDER BY p.id DESC LIMIT 3"
)
_LATE = text(
    "SELECT c.ref, m.data ->> 'token' AS token FROM banking.late_credits c"
    " JOIN kernel.mail m ON m.data ->> 'ref' = c.ref"
)
_PRODUCT = text(
    "SELECT p.ref, v.slug, c.key FROM marketplace.product p"
    " JOIN marketplace.vendor v ON v.id = p.vendor_id"
    " JOIN marketplace.category c ON c.id = p.category_id"
    " WHERE v.slug = 'qinglan' ORDER BY p.id LIMIT 1"
)
_MAILS = text("SELECT DISTINCT ON (template) id::text FROM kernel.mail WHERE html IS NOT NULL")


def _reported(market: Any) -> dict[str, str]:
    """Let goods be reported: one waits, one is taken down, one more with an objection."""
    goods = market.execute(_REPORTED).scalars().all()
    refs = [
        moderation.report(
            kind="listing",
            subject_ref=product,
            reason=Reason.COUNTERFEIT,
            name="Ines Alves",
            words="The stamp on the base is not the one of the kiln.",
            locale="en",
            email="ines@example.com",
            place="203.0.113.9",
            actor=SYSTEM,
        )
        for product in goods
    ]
    taken_down = [
        moderation.decide(
            report_ref=ref,
            outcome=Outcome.REMOVED,
            ground=Reason.COUNTERFEIT,
            words="The kiln answered that it never made this piece.",
            actor=sign_in(UNDERWRITER),
        )
        for ref in refs[1:]
    ]
    moderation.object_to(
        decision_ref=taken_down[1],
        words="The invoice of the kiln is attached to our order.",
        actor=sign_in(VENDOR),
    )
    return {
        "report": refs[0],
        "decision": taken_down[0],
        "objection": refs[2],
        "objected": taken_down[1],
    }


# What the buyer got, that of the vendor who answers first.
_GOT = text(
    "SELECT l.id, l.product_ref FROM marketplace.order_line l"
    " JOIN marketplace.vendor_order v ON v.id = l.vendor_order_id"
    " JOIN marketplace.order_group g ON g.id = v.group_id"
    " JOIN marketplace.vendor n ON n.id = v.vendor_id"
    " WHERE g.person_id = :buyer AND v.delivered_at IS NOT NULL"
    " ORDER BY n.slug = 'qinglan' DESC, l.id"
)


def _reviewed(market: Any, buyer: Actor) -> dict[str, str]:
    """Let the buyer review goods, the shop answer, and somebody report it; one line waits."""
    got = market.execute(_GOT, {"buyer": buyer.person_id}).all()
    assert len(got) > 1, "more than one line has arrived"
    said = Said(
        4,
        "Pours well, and is smaller than I thought",
        locale="fr",
        words="Beautiful glaze, and it pours without a drop. It holds two cups: measure first.",
    )
    take("marketplace.review", str(got[0].id), buyer, 10, 20, 30)
    ref = reviews.write(line_id=got[0].id, said=said, actor=buyer)
    take("marketplace.review", str(got[-1].id), buyer, 40)
    reviews.answer(
        ref=ref, words="Thank you. The size now stands first.", locale="en", actor=sign_in(VENDOR)
    )
    report = moderation.report(
        kind="review",
        subject_ref=ref,
        reason=Wrong.OFF_TOPIC,
        name="Ines Alves",
        words="It is about another pot.",
        locale="en",
        email="ines@example.com",
        place="203.0.113.9",
        actor=SYSTEM,
    )
    return {
        "review": ref,
        "reviewed": got[0].product_ref,
        "line": str(got[-1].id),
        "review_report": report,
    }


_ADDRESS = text(
    "SELECT a.id::text FROM marketplace.address a JOIN kernel.person p ON p.id = a.person_id"
    " WHERE p.email = :email ORDER BY a.created_at LIMIT 1"
)


def _things(market: Any) -> dict[str, str]:
    product, slug, shelf = market.execute(_PRODUCT).one()
    mails = market.execute(_MAILS).scalars().all()
    return {
        "product": product,
        "shop": slug,
        "shelf": shelf,
        "address": market.execute(_ADDRESS, {"email": BUYER}).scalar_one(),
        "mail": mails[0],
        "mails": " ".join(mails),
        "instant": clock.now().isoformat(),
    }
