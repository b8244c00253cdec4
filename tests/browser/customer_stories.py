"""Who says to the bank who they are: somebody like a listed name, and a company."""

from __future__ import annotations

import io
import re

from flask import Flask

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
        post(mine, f"{address}?account={account}", **told)
    sent = f"?account={found['sent_company']}"
    paper = {
        "csrf_token": "test-token",
        "kind": "register_extract",
        "document": (io.BytesIO(b"%PDF-1.7\n%%EOF\n"), "extract.pdf"),
    }
    assert mine.post(f"{address}/documents{sent}", data=paper).status_code == 303
    post(mine, f"{address}/send{sent}")
    settle()
    with reading():
        application = onboarding.latest_of(customer_id=found["sent_company"])
    assert application is not None
    return {key: str(value) for key, value in found.items()} | {"dossier": application.ref}
