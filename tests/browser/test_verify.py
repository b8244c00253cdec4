"""A browser tells by itself what a certificate is worth, and says the same as the command."""

from __future__ import annotations

import random

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from playwright.sync_api import Page, expect

from insurance.contracts.certificates import published, rules, trailer
from insurance.contracts.certificates.published import Published, Worth
from tests.browser.visiting import House, visit, window

pytestmark = pytest.mark.browser

KEY, OLD, STOLEN, FOREIGN = (
    Ed25519PrivateKey.from_private_bytes(bytes([start] * 32)) for start in range(1, 5)
)
BODY = b"%PDF-1.7\n1 0 obj\n\xe4\x00\x80\xff (seal)\nendobj\nstartxref\n9\n%%EOF\n"
LIST = Published(
    at="2026-06-01T09:00:00+00:00",
    keys={
        rules.key_id(key.public_key()): key.public_key().public_bytes_raw().hex()
        for key in (KEY, OLD, STOLEN)
    },
    revoked_keys={rules.key_id(STOLEN.public_key()): "stolen"},
    revoked={"EC-2": (1, "error")},
    superseded={"EC-3": 2},
)


def paper(number="EC-1", revision=1, key=KEY):
    return trailer.signed(BODY, number=number, revision=revision, key=key)


def flipped(file, place, bit):
    changed = bytearray(file)
    changed[place] ^= 1 << bit
    return bytes(changed)


def chosen(page: Page, field: str, content: bytes) -> None:
    kind = "application/pdf" if field == "certificate" else "application/json"
    file = {"name": "chosen", "mimeType": kind, "buffer": content}
    page.locator(f"[name={field}]").set_input_files(file)


def told(page: Page) -> str:
    """What the page says in the end; it says nothing while it calculates."""
    said = page.locator("[data-said]:not([hidden])")
    expect(said).to_have_count(1)
    return said.get_attribute("data-said") or ""


def opened(house: House, page: Page, of: str) -> None:
    visit(house, page, None, "en", "/cover/verify")
    expect(page.locator("[data-as-of]")).not_to_be_empty()
    page.context.set_offline(True)
    page.get_by_text("Check without a network").click()
    chosen(page, "keys", of.encode())


def test_a_browser_without_a_network_judges_files_as_the_command_does(house, chromium):
    chance = random.Random(23)
    good = paper()
    files = [
        good,
        paper(key=OLD),
        paper(key=STOLEN),
        paper(key=FOREIGN),
        paper("EC-2"),
        paper("EC-2", 2),
        paper("EC-3"),
        paper("EC-3", 2),
        BODY,
        good + b"\n",
        good.replace(b"startxref\n9", b"startxref\n8"),
        good + good,
        *(flipped(good, chance.randrange(len(good)), chance.randrange(8)) for _ in range(60)),
    ]
    with window(chromium) as page:
        opened(house, page, published.written(LIST, KEY))
        by_browser = []
        for file in files:
            chosen(page, "certificate", file)
            by_browser.append(told(page))

    by_command = [published.judged(file, LIST).worth for file in files]
    assert by_browser == by_command
    assert set(by_command) == set(Worth)


def test_what_a_code_says_is_judged_too(house, chromium):
    seal = rules.sealed(number="EC-3", revision=1, fingerprint="ab" * 32, key=KEY).payload
    with window(chromium) as page:
        opened(house, page, published.written(LIST, KEY))
        code = page.get_by_label("Or what its code says")
        code.fill(f"https://entrepot.example/en/cover/certificates/EC-3?seal={seal}")
        assert told(page) == "superseded"
        expect(page.locator("[data-said=superseded]")).to_contain_text("EC-3, revision 1")
        code.fill(seal.replace("EC-3", "EC-1"))
        expect(page.locator("[data-said=false]")).to_be_visible()


def test_only_a_list_that_the_house_signed_is_believed(house, chromium):
    with window(chromium) as page:
        opened(house, page, published.written(LIST, STOLEN))
        assert told(page) == "badlist"
        chosen(page, "certificate", paper())
        assert told(page) == "unlisted"
        chosen(page, "keys", published.written(LIST, OLD).encode())
        assert told(page) == "genuine"
        address = page.locator("[data-live]").get_attribute("href") or ""
        assert address.endswith("/cover/certificates/EC-1")


def test_the_list_of_the_house_comes_by_itself_and_nothing_is_sent(house, chromium):
    with window(chromium) as page:
        visit(house, page, None, "en", "/cover/verify")
        expect(page.locator("[data-as-of]")).not_to_be_empty()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        chosen(page, "certificate", paper(key=FOREIGN))
        assert told(page) == "false"
        assert asked == []
