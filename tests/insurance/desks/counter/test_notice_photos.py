"""Photographs of damage: kept with a notice, sent with it, seen by holder and underwriters."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from insurance import api as cover
from insurance.losses.claims import queries
from kernel import clock as kernel_clock
from kernel.actor import SYSTEM, Role
from kernel.db import reading
from kernel.media.photos.errors import NotAPicture
from kernel.media.photos.rules import LARGEST_FILE
from kernel.web.i18n import translate, use_locale
from tests.insurance.conftest import buy, drain, fund, make_wallet, scan
from tests.snaps import form, heic, page, photo, thumbnails

FIELDS = {"cause": "damage", "loss": "40", "description": "The lid broke."}


@pytest.fixture
def holder(make_person, clock):
    clock("2026-06-01T09:00")
    return make_person()


@pytest.fixture
def policy(holder):
    """The cover of a parcel that came a day ago."""
    return came(holder)


def came(holder):
    fund()
    policy = buy(owner_id=holder.person_id, wallet=make_wallet(holder.person_id))
    scan(policy)
    kernel_clock.freeze(policy.bound_at + timedelta(days=8))
    return cover.parcel_delivered(
        parcel_ref=policy.parcel_ref, at=policy.bound_at + timedelta(days=7), actor=SYSTEM
    )


def reported(browser, policy, *colours):
    files = [(photo(colour), f"{colour}.jpg") for colour in colours]
    answer = browser.post(f"/en/cover/policies/{policy.number}/claims", **form(*files, **FIELDS))
    assert answer.status_code == 303, BeautifulSoup(answer.text, "html.parser").find("main")
    drain()
    return answer.headers["Location"].rsplit("/", 1)[1]


def test_the_form_says_what_to_photograph(holder, policy, as_):
    shown = page(as_(holder).get(f"/en/cover/policies/{policy.number}"))

    told = shown.select_one("form:has([name=photos]) .shoot").text
    assert all(word in told for word in ("outside", "label", "packaging", "close-up"))
    assert shown.select_one("[name=photos]").find_parent("form")["enctype"] == (
        "multipart/form-data"
    )


def test_holder_and_underwriter_see_the_photos_of_a_claim_and_nobody_else(
    holder, policy, as_, client, make_person
):
    ref = reported(as_(holder), policy, 10, 20)
    underwriter = as_(make_person(roles=frozenset({Role.UNDERWRITER})))
    operator = as_(make_person(roles=frozenset({Role.OPERATOR})))

    files = thumbnails(as_(holder).get(f"/en/cover/claims/{ref}"))
    assert len(files) == 2
    assert thumbnails(underwriter.get(f"/en/cover/desk/{ref}")) == files
    desk = operator.get(f"/en/cover/desk/{ref}")
    assert (desk.status_code, thumbnails(desk)) == (200, [])
    for somebody, status in (
        (as_(holder), 200),
        (underwriter, 200),
        (operator, 404),
        (client, 404),
        (as_(make_person()), 404),
    ):
        assert somebody.get(files[0]).status_code == status


def test_five_photographs_one_large_one_heic_one_wrong(holder, policy, as_):
    """What is a photograph stays, what is none is named with its reason, and nothing is lost."""
    browser, address = as_(holder), f"/en/cover/policies/{policy.number}/claims"
    files = [
        (photo(10), "outside.jpg"),
        (photo(20), "label.jpg"),
        (heic(), "damage.heic"),
        (b"\xff\xd8" + bytes(LARGEST_FILE), "large.jpg"),
        (b"%PDF-1.7", "bill.pdf"),
    ]

    back = page(browser.post(address, **form(*files, **FIELDS)), 422)

    complaint = back.select_one("#e-photos").text
    assert "large.jpg" in complaint
    assert "bill.pdf" in complaint
    assert len(back.select(".kept-photos li")) == 3
    sent = browser.post(address, **form(**FIELDS))
    assert sent.status_code == 303
    shown = browser.get(sent.headers["Location"])
    assert len(thumbnails(shown)) == 3
    assert "HEIC" in page(shown).select_one(".snaps").text


def test_of_five_files_one_of_twelve_megabytes_is_taken_and_one_wrong_named_in_the_readers_language(
    holder, policy, as_
):
    """Twelve megabytes are kept, HEIC is shown as WebP, a bill is refused; all else stays."""
    browser, address = as_(holder), f"/de/cover/policies/{policy.number}/claims"
    large = photo(30) + bytes(12 * 1024 * 1024 - len(photo(30)))
    files = [
        (photo(10), "outside.jpg"),
        (photo(20), "label.jpg"),
        (large, "large.jpg"),
        (heic(), "damage.heic"),
        (b"%PDF-1.7", "bill.pdf"),
    ]
    assert len(large) == 12 * 1024 * 1024

    back = page(browser.post(address, **form(*files, **FIELDS)), 422)

    with use_locale("de"):
        why = translate(NotAPicture.message)
    assert why in back.select_one("#e-photos").text
    assert [one.text for one in back.select("#e-photos bdi")] == ["bill.pdf"]
    assert len(back.select(".kept-photos li")) == 4
    assert back.select_one("#f-loss")["value"] == "40"
    assert back.select_one("#f-description").text == FIELDS["description"]
    sent = browser.post(address, **form(**FIELDS))
    assert sent.status_code == 303
    shown = page(browser.get(sent.headers["Location"])).select_one(".snaps")
    assert len(shown.select("li")) == 4
    assert "HEIC" in shown.text
    assert all(one["src"].endswith(".webp") for one in shown.select("img"))


def test_a_kept_notice_outlives_signing_out_and_is_found_again(make_person, clock, app, as_):
    clock("2026-06-01T09:00")
    holder = make_person(email="nadia@example.com", password="harbour lantern 1852")
    policy = came(holder)
    browser, address = as_(holder), f"/en/cover/policies/{policy.number}"
    typed = {"cause": "damage", "loss": "about 40", "description": "The lid"}
    browser.post(f"{address}/claims/draft", **form((photo(), "lid.jpg"), **typed))

    browser.post("/en/sign-out", data={"csrf_token": "test-token"})
    assert browser.get(address).status_code != 200
    elsewhere = app.test_client()
    with elsewhere.session_transaction() as cookies:
        cookies["csrf"] = "test-token"
    signed_in = elsewhere.post(
        "/en/sign-in",
        data={
            "csrf_token": "test-token",
            "email": "nadia@example.com",
            "password": "harbour lantern 1852",
        },
    )
    assert signed_in.status_code == 303

    assert page(elsewhere.get("/en/cover/")).select(f'a[href^="{address}"][href$="#notice"]')
    found = elsewhere.get(address)
    kept = page(found)
    assert kept.select_one("#f-loss")["value"] == "about 40"
    assert kept.select_one("#f-description").text == "The lid"
    assert len(thumbnails(found)) == 1


def test_a_kept_notice_keeps_its_photos_until_it_is_sent(holder, policy, as_):
    browser = as_(holder)
    address = f"/en/cover/policies/{policy.number}"

    kept = browser.post(
        f"{address}/claims/draft", **form((photo(), "lid.jpg"), description="The lid")
    )

    assert kept.status_code == 303
    waiting = thumbnails(browser.get(address))
    assert len(waiting) == 1
    assert page(browser.get(address)).select_one("#f-description").text == "The lid"
    ref = reported(browser, policy)
    assert thumbnails(browser.get(f"/en/cover/claims/{ref}")) == waiting


def test_a_photo_can_be_taken_away_from_what_is_kept(holder, policy, as_):
    browser = as_(holder)
    draft = f"/en/cover/policies/{policy.number}/claims/draft"
    browser.post(draft, **form((photo(1), "a.jpg"), (photo(2), "b.jpg")))
    first, second = thumbnails(browser.get(f"/en/cover/policies/{policy.number}"))

    browser.post(draft, **form(**{f"drop-{first.split('/')[3]}": "on"}))

    assert thumbnails(browser.get(f"/en/cover/policies/{policy.number}")) == [second]
    assert browser.get(first).status_code == 404


def test_a_refused_file_is_named_and_words_and_good_photos_stay(holder, policy, as_):
    browser = as_(holder)
    for address in ("claims", "claims/draft"):
        answer = browser.post(
            f"/en/cover/policies/{policy.number}/{address}",
            **form((photo(), "lid.jpg"), (b"%PDF-1.7", "bill.pdf"), **FIELDS),
        )

        shown = page(answer, 422)
        assert shown.select_one("#e-photos bdi").text == "bill.pdf"
        assert shown.select_one("#f-description").text == "The lid broke."
        assert len(thumbnails(answer)) == 1
    with reading():
        assert queries.claims_of(owner_id=holder.person_id) == []


def test_nobody_adds_photos_to_somebody_elses_notice(holder, policy, as_, make_person, client):
    reported(as_(holder), policy, 10)
    stranger = as_(make_person())

    for address in ("claims", "claims/draft"):
        answer = stranger.post(
            f"/en/cover/policies/{policy.number}/{address}", **form((photo(), "x.jpg"), **FIELDS)
        )
        assert answer.status_code == 404
