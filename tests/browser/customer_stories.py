"""Who says to the bank who they are: somebody like a listed name, and a company."""

from __future__ import annotations

import io
import re
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient

from banking import api as bank
from banking.compliance.onboarding import queries as onboarding
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.people.identity import queries as people
from kernel.people.identity import service as identity
from marketplace.logistics.shipping.cli import settle
from tests.browser.people import LISTED, NEWCOMER, OPERATOR, browser, post
from tests.market import PASSWORD, give_money, sign_in


def known(app: Flask) -> str:
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
    post(
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


def company(app: Flask) -> dict[str, str]:
    """Let a newcomer's company say what it is, and another one wait for officers."""
    mine = browser(app, sign_in(NEWCOMER))
    found = {name: founded(mine) for name in ("company", "sent_company")}
    dossier = sent(mine, found["sent_company"])
    return {key: str(value) for key, value in found.items()} | {"dossier": dossier}


def founded(mine: FlaskClient) -> UUID:
    """Found a company of the newcomer's that has said to the bank what it is."""
    with reading():
        newcomer = people.person_by_email(NEWCOMER)
    assert newcomer is not None
    found = identity.found_organisation(name="Aziz Import SARL", country="FR", actor=SYSTEM)
    identity.add_member(organisation_id=found, person_id=newcomer.id, actor=SYSTEM)
    bank.register_customer(
        owner_id=found, kind="organisation", country="FR", locale="en", actor=SYSTEM
    )
    post(
        mine,
        f"/en/bank/verify/company?account={found}",
        legal_name="Aziz Import SARL",
        registration_number="552 100 554",
        registered_in="FR",
        street="4 quai Perrache",
        postcode="69002",
        city="Lyon",
        country="FR",
        name="Noor Aziz",
        born_on="1991-04-02",
        nationality="FR",
        owner_1="Noor Aziz",
        owner_1_share="62.5",
        owner_1_born_on="1991-04-02",
        owner_1_country="FR",
    )
    return found


def shown(mine: FlaskClient, address: str, kind: str, account: str = "") -> None:
    """Add a document to an application."""
    paper = {
        "csrf_token": "test-token",
        "kind": kind,
        "document": (io.BytesIO(b"%PDF-1.7\n%%EOF\n"), "extract.pdf"),
    }
    assert mine.post(f"{address}/documents{account}", data=paper).status_code == 303


def sent(mine: FlaskClient, company: UUID) -> str:
    """Show a company's extract and send it all to the bank; return the application."""
    address, account = "/en/bank/verify/company", f"?account={company}"
    shown(mine, address, "register_extract", account)
    post(mine, f"{address}/send{account}")
    settle()
    with reading():
        application = onboarding.latest_of(customer_id=company)
    assert application is not None
    return application.ref
