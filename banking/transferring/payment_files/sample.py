"""An example file that passes, written for a wallet by a library that is none of ours."""

from __future__ import annotations

from datetime import date

from sepaxml import SepaTransfer

# Accounts of the stand-in's directory; at a real bank nobody answers to them.
_PAYEES = {
    "EUR": (
        (
            "Amélie Dupont",
            "FR1420041010050500013M02606",
            12_50,
            {
                "street_name": "Rue de la Paix",
                "building_number": "7",
                "postcode": "75002",
                "town": "Paris",
                "country": "FR",
            },
            "Invoice 2026-118",
        ),
        (
            "Müller & Söhne GmbH",
            "DE89370400440532013000",
            80_00,
            {
                "street_name": "Hafenstraße",
                "building_number": "12",
                "postcode": "20457",
                "town": "Hamburg",
                "country": "DE",
            },
            "Freight of November",
        ),
    ),
    "GBP": (
        (
            "Oliver James Whitfield",
            "GB29NWBK60161331926819",
            12_50,
            {
                "street_name": "Long Acre",
                "building_number": "7",
                "postcode": "WC2E 9LA",
                "town": "London",
                "country": "GB",
            },
            "Invoice 2026-118",
        ),
    ),
}
# The currencies that an example can be written in.
CURRENCIES = tuple(_PAYEES)


def sample(*, name: str, iban: str, currency: str, on: date, mark: str) -> bytes:
    """Return a pain.001.001.09 with payments from a wallet; mark makes its ids its own."""
    written = SepaTransfer(
        {"name": name, "IBAN": iban, "batch": True, "currency": currency},
        schema="pain.001.001.09",
        clean=False,
    )
    for number, (payee, account, minor, address, words) in enumerate(_PAYEES[currency], 1):
        written.add_payment(
            {
                "name": payee,
                "IBAN": account,
                "amount": minor,
                "execution_date": on,
                "description": words,
                "endtoend_id": f"{mark}-{number}",
                "address": dict(address),
            }
        )
    exported: bytes = written.export(validate=False, pretty_print=True)
    return exported
