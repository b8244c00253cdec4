from __future__ import annotations

import io
import re

import pytest
from bs4 import BeautifulSoup
from PIL import Image
from sqlalchemy import text

from kernel.actor import SYSTEM, Role
from kernel.db import reading
from kernel.people.identity import queries as identity_queries
from kernel.people.identity import service as identity
from tests.asking import english
from tests.marketplace.makers import make_category, make_rates, make_vendor
from tests.marketplace.selling.listings.forms import form


@pytest.fixture
def shop(db):
    make_rates(JPY="160")
    make_category("teapots-l", en="Teapots")
    return make_vendor(language="en")


def sent(*files, **fields):
    return fields | {"pictures": [(io.BytesIO(data), name) for data, name in files]}


def coloured(red):
    out = io.BytesIO()
    Image.new("RGB", (600, 600), (red, 80, 60)).save(out, "PNG")
    return out.getvalue()


def listed_with(browser, *files):
    told = browser.post(
        "/en/desk/goods/new", data=sent(*files, **form()), content_type="multipart/form-data"
    )
    assert told.status_code == 303, told.text
    return told.headers["Location"]


def gallery_of(product_ref):
    with reading() as current:
        return current.execute(
            text(
                "SELECT c.id, c.path, c.alt, c.variant_id FROM marketplace.picture c"
                " JOIN marketplace.product p ON p.id = c.product_id WHERE p.ref = :ref"
                " ORDER BY c.position"
            ),
            {"ref": product_ref},
        ).all()


def test_pictures_that_arrived_are_kept_when_the_rest_of_the_form_is_wrong(browser):
    refused = browser.post(
        "/en/desk/goods/new",
        content_type="multipart/form-data",
        data=sent(
            (coloured(10), "front.png"),
            (coloured(20), "back.png"),
            (b"no", "notes.png"),
            **form(title=""),
        ),
    )
    kept = re.findall(r'name="kept" value="([^"]+)"', refused.text)

    assert refused.status_code == 422
    assert len(kept) == 2
    assert f"<bdi>notes.png</bdi>: {english('Choose a JPEG')}" in refused.text
    with browser.get(f"/media/{kept[0]}-240.webp") as shown:
        assert shown.status_code == 200

    told = browser.post(
        "/en/desk/goods/new",
        data=form(kept=kept, kept_place=["2", "1"], kept_alt=["The front", "The back"]),
    )
    ref = told.headers["Location"].rstrip("/").rpartition("/")[2]
    assert [(row.path, row.alt) for row in gallery_of(ref)] == [
        (kept[1], {"en": "The back"}),
        (kept[0], {"en": "The front"}),
    ]


def test_what_was_typed_beside_a_kept_picture_stays(browser):
    first = browser.post(
        "/en/desk/goods/new",
        content_type="multipart/form-data",
        data=sent((coloured(10), "front.png"), **form(price="")),
    )
    (kept,) = re.findall(r'name="kept" value="([^"]+)"', first.text)

    again = browser.post(
        "/en/desk/goods/new", data=form(price="", kept=[kept], kept_alt=["Seen from the “front”"])
    )

    assert again.status_code == 422
    assert 'value="Seen from the “front”"' in again.text
    assert again.text.count('name="kept"') == 1


def test_a_name_that_is_no_picture_of_ours_leaves_the_form(browser):
    page = browser.post(
        "/en/desk/goods/new",
        data=form(title="", kept=["../../secret", "products/" + "0" * 32, "drawn/x"]),
    )

    assert page.status_code == 422
    assert 'name="kept"' not in page.text


def test_pictures_are_ordered_named_and_taken_away_in_one_go(browser):
    address = listed_with(
        browser, (coloured(1), "a.png"), (coloured(2), "b.png"), (coloured(3), "c.png")
    )
    ref = address.rstrip("/").rpartition("/")[2]
    a, b, c = gallery_of(ref)

    told = browser.post(
        f"/en/desk/goods/{ref}/pictures",
        content_type="multipart/form-data",
        data=sent(
            (coloured(4), "d.png"),
            csrf_token="test-token",
            hung=[a.id, b.id, c.id],
            hung_place=["3", "2", "1"],
            hung_alt=["", "The lid", "The spout"],
            hung_drop=[a.id],
        ),
    )

    assert told.status_code == 303
    rows = gallery_of(ref)
    assert [row.id for row in rows[:2]] == [c.id, b.id]
    assert [row.alt for row in rows] == [{"en": "The spout"}, {"en": "The lid"}, {}]
    assert len(rows) == 3


def test_what_a_picture_shows_turns_no_line(browser):
    ref = listed_with(browser, (coloured(1), "a.png")).rstrip("/").rpartition("/")[2]
    (hung,) = gallery_of(ref)
    turned = {"csrf_token": "test-token", "hung": hung.id, "hung_alt": "\u202eA li\u2067d"}

    browser.post(f"/en/desk/goods/{ref}/pictures", data=turned)

    assert [row.alt for row in gallery_of(ref)] == [{"en": "A lid"}]


def test_a_refused_file_keeps_what_was_typed_beside_the_others(browser):
    address = listed_with(browser, (coloured(1), "a.png"), (coloured(2), "b.png"))
    ref = address.rstrip("/").rpartition("/")[2]
    a, b = gallery_of(ref)

    page = browser.post(
        f"/en/desk/goods/{ref}/pictures",
        content_type="multipart/form-data",
        data=sent(
            (b"GIF89a", "moving.gif"),
            csrf_token="test-token",
            hung=[a.id, b.id],
            hung_place=["7", "1"],
            hung_alt=["My own words", ""],
            hung_drop=[b.id],
        ),
    )

    assert page.status_code == 422
    assert f"<bdi>moving.gif</bdi>: {english('Choose a JPEG')}" in page.text
    assert 'value="My own words"' in page.text
    assert re.search(rf'name="hung_drop" value="{b.id}" checked', page.text)
    assert [row.id for row in gallery_of(ref)] == [a.id, b.id]


def test_pictures_of_another_shop_s_goods_are_out_of_reach(browser, as_, make_person):
    address = listed_with(browser, (coloured(1), "a.png"))
    ref = address.rstrip("/").rpartition("/")[2]
    theirs = make_vendor()
    other = make_person(roles=frozenset({Role.VENDOR}))
    identity.add_member(
        organisation_id=theirs.organisation_id, person_id=other.person_id, actor=SYSTEM
    )
    stranger = as_(identity_queries.actor_of_session(str(other.session_id)))
    (mine,) = gallery_of(ref)

    told = stranger.post(
        f"/en/desk/goods/{ref}/pictures",
        data={"csrf_token": "test-token", "hung": [mine.id], "hung_drop": [mine.id]},
    )

    assert told.status_code == 404
    assert [row.id for row in gallery_of(ref)] == [mine.id]


@pytest.mark.parametrize("number", ["9" * 19, "9" * 40, "9" * 5000, "-1", "one"])
def test_pictures_by_a_number_that_none_has_are_passed_over(browser, number):
    address = listed_with(browser, (coloured(1), "a.png"))
    ref = address.rstrip("/").rpartition("/")[2]
    (mine,) = gallery_of(ref)

    told = browser.post(
        f"/en/desk/goods/{ref}/pictures",
        data={
            "csrf_token": "test-token",
            "hung": [mine.id, number],
            "hung_form": ["", number],
            "hung_alt": ["", ""],
            "hung_drop": [number],
        },
    )

    assert told.status_code == 303
    assert [row.id for row in gallery_of(ref)] == [mine.id]


def test_no_more_than_a_dozen_pictures_hang(browser):
    many = [(coloured(10 + n), f"{n}.png") for n in range(12)]
    address = listed_with(browser, *many)
    ref = address.rstrip("/").rpartition("/")[2]

    page = browser.post(
        f"/en/desk/goods/{ref}/pictures",
        content_type="multipart/form-data",
        data=sent((coloured(99), "one-more.png"), csrf_token="test-token"),
    )

    assert page.status_code == 409
    assert "at most 12 pictures" in page.text
    assert len(gallery_of(ref)) == 12


def test_the_list_of_goods_shows_the_drawing_that_buyers_see(browser):
    browser.post("/en/desk/goods/new", data=form())

    page = BeautifulSoup(browser.get("/en/desk/goods/").text, "html.parser")

    address = page.select_one("td .picture img")["src"]
    assert address.startswith("/media/drawn/")
    assert browser.get(address).status_code == 200


def test_a_button_hangs_a_picture_one_place_earlier(browser):
    address = listed_with(
        browser, (coloured(1), "a.png"), (coloured(2), "b.png"), (coloured(3), "c.png")
    )
    ref = address.rstrip("/").rpartition("/")[2]
    a, b, c = (row.id for row in gallery_of(ref))

    told = browser.post(
        f"/en/desk/goods/{ref}/pictures",
        data={
            "csrf_token": "test-token",
            "hung": [a, b, c],
            "hung_place": ["1", "2", "3"],
            "hung_alt": ["", "", ""],
            "move": f"{c} -1",
        },
    )

    assert told.status_code == 303
    assert [row.id for row in gallery_of(ref)] == [a, c, b]
