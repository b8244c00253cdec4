"""What the pages about safety say of figures, ways in and files is what the code does."""

from __future__ import annotations

import re

from banking.compliance.onboarding import gateway as applications
from banking.transferring.bulk import queries as batches
from banking.transferring.payment_pages import forms as codes
from banking.transferring.requests import codes as pictures_of_codes
from kernel.media.photos import rules as photos
from kernel.people.identity import rules as people
from kernel.people.mfa import rules as factors
from kernel.people.passwords import rules as passwords
from marketplace.catalogue.pictures import gallery
from marketplace.catalogue.pictures import service as pictures
from tests.architecture.rooms import ROOT
from tests.architecture.test_dangers import SPEAKERS

SAFETY = (ROOT / "docs/safety.md").read_text(encoding="utf-8")
OPERATIONS = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
MEGABYTE = 1024 * 1024


def section(page, head):
    return re.split(r"\n#+ ", page.split(f"\n## {head}\n", 1)[1], maxsplit=1)[0]


def rows(page, head):
    table = re.findall(r"^\| (.+) \|$", section(page, head), re.MULTILINE)
    return [[cell.strip() for cell in row.split(" | ")] for row in table[1:]]


def test_every_way_in_is_told_with_what_proves_it(app):
    """Whoever opens another one without a sign-in says here what it opens."""
    open_forms = {
        rule.rule.removeprefix("/<lang>")
        for rule in app.url_map.iter_rules()
        if "POST" in rule.methods and app.view_functions[rule.endpoint].permission is None
    }
    is_way_in = re.compile(r"/sign-(in|up)\b.*|.*<token>.*")
    told = {row[0].strip("`") for row in rows(SAFETY, "Every way in")}
    # A letter's link to a guest opens what it names at once, without a button.
    by_link = {"/guest/<token>"}
    assert told == {address for address in open_forms if is_way_in.fullmatch(address)} | by_link
    # What else strangers may send: their cart, its address, hearts, settings, reports, signing out.
    assert {address for address in open_forms - told if "/cart/" not in address} == {
        "/api/v1/policy-reports",
        "/checkout/",
        "/checkout/start",
        "/favourites/hearts",
        "/guest",
        "/favourites/hearts/drop",
        "/p/<ref>/report",
        "/questions/<ref>/report",
        "/reviews/<ref>/report",
        "/seen/forget",
        "/settings",
        "/sign-out",
        "/webhooks/card-network",
    }


def test_how_guessing_is_stopped_is_told_in_the_figures_that_count():
    said = section(OPERATIONS, "Guessing")
    for figures in (
        f"({people.TRIES_PER_PAIR} in a quarter of an hour)",
        f"for all accounts ({people.TRIES_PER_ADDRESS})",
        f"Above {people.ACCOUNT_CEILING} for one account",
        f"has {people.TRIES_UNDER_ATTACK} tries instead of {people.TRIES_PER_PAIR}",
        f"opens {people.SIGN_UPS_PER_ADDRESS} accounts",
    ):
        assert figures in said
    assert (factors.TRIES_PER_PLACE, factors.TRIES_PER_PERSON) == (5, 20)
    assert "five from one place, twenty from all, in a quarter of an hour" in SAFETY
    assert passwords.LINKS_PER_ADDRESS == 10
    assert "One place asks ten times in a quarter of an hour" in SAFETY


def test_files_of_strangers_are_told_with_the_bounds_that_count():
    told = {row[0]: row[2] for row in rows(SAFETY, "Files of strangers")}
    terms, batch = applications.terms(), batches.terms()

    def picture(largest, pixels):
        return f"{largest // MEGABYTE} MB and {pixels // 1_000_000} megapixels"

    photo = picture(photos.LARGEST_FILE, photos.LARGEST_PIXELS)
    assert told == {
        "photographs with reviews, returns and claims": (
            f"{photo} each, {photos.MOST} to a thing, {photos.TRIES} forms in a quarter of an hour"
        ),
        "pictures of goods": (
            f"{picture(pictures.LARGEST_FILE, photos.LARGEST_PIXELS)} each,"
            f" {gallery.MOST_PICTURES} to goods"
        ),
        "a picture of a payment code": picture(codes._MOST_BYTES, pictures_of_codes._MOST_PIXELS),
        "documents of an application": (
            f"{terms['largest_bytes'] // MEGABYTE} MB each,"
            f" {terms['most_documents']} to an application"
        ),
        "payment files": f"{batch.most_bytes // MEGABYTE} MB, {batch.most_lines:,} payments",
    }


def test_what_the_house_speaks_with_is_told_with_its_module():
    told = set(re.findall(r"`([a-z_/]+\.py)`", section(OPERATIONS, "What it speaks with")))
    of_demonstrations = re.compile(
        r"marketplace/demo/|banking/cards/card_topups/(standin/|cli\.py)"
    )
    # Rooms of several such modules tell of the one that makes the client for the others.
    of_the_network = {
        f"banking/cards/card_topups/{name}.py" for name in ("gateway", "network", "tokens")
    }
    of_search = {"search/engine/elastic.py", "search/engine/elastic_health.py"}
    beside = of_the_network | of_search | {"kernel/telemetry/outgoing.py"}
    assert told == {p for p in SPEAKERS if not of_demonstrations.match(p)} - beside


def test_the_image_holds_what_was_named_and_no_history():
    image = (ROOT / "docker/Dockerfile").read_text(encoding="utf-8")
    copied = {
        source
        for line in re.findall(r"^COPY (?!--from)(.+)$", image, re.MULTILINE)
        for source in line.split()[:-1]
    }
    assert "kernel" in copied
    assert copied & {".", "./", "..", "*", ".git", "tests", "var"} == set()
