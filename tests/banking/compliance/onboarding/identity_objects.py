"""The smallest customer with something to show."""

from __future__ import annotations

import io
from datetime import date

from PIL import Image

from banking import api as bank
from banking.compliance.onboarding import service
from banking.compliance.onboarding.rules import DocumentKind, Identity
from kernel.actor import SYSTEM
from kernel.db import reading

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def picture(width: int = 40, form: str = "PNG") -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (width, 30), "white").save(kept, form)
    return kept.getvalue()


def make_identity(**overrides) -> Identity:
    fields = {
        "name": "Noor Aziz",
        "born_on": date(1991, 4, 2),
        "nationality": "FR",
        "street": "18 rue Mercière",
        "postcode": "69002",
        "city": "Lyon",
        "country": "FR",
    }
    return Identity(**fields | overrides)


def tell(customer, **overrides):
    return service.tell(customer_id=customer, identity=make_identity(**overrides), actor=SYSTEM)


def show(customer, data=PDF, kind=DocumentKind.PASSPORT):
    return service.show(customer_id=customer, kind=kind, data=data, actor=SYSTEM)


def send(customer):
    return service.send(customer_id=customer, actor=SYSTEM)


def tier(customer) -> int:
    with reading():
        return bank.tier_of(owner_id=customer)
