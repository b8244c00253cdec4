"""Photographs of reviews: how they come, who sees them, and how they go."""

from __future__ import annotations

import io
import json
import threading
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select, text

from kernel.actor import SYSTEM, Actor, Role
from kernel.db import command, counting_queries, reading, session
from kernel.ids import new_id
from kernel.media.photos import queries as photos
from kernel.media.photos import service as keeping
from kernel.media.photos.models import Photo
from kernel.media.photos.rules import TRIES
from kernel.people.identity import queries as people
from kernel.people.identity import service as identity
from kernel.people.privacy import service as written
from marketplace.trust.moderation import queries as moderating
from marketplace.trust.moderation import service as moderation
from marketplace.trust.moderation.rules import Outcome
from marketplace.trust.reviews import queries, service
from marketplace.trust.reviews.models import Review
from marketplace.trust.reviews.rules import ALBUM, KIND, Reason, Sort
from tests.asking import says
from tests.marketplace.makers import make_offer
from tests.marketplace.trust.reviews.review_objects import WORDS, make_line, make_review, said
from tests.snaps import form, page, photo, take, thumbnails

FIELDS = {"stars": "5", "title": "Pours well", "words": WORDS}


@pytest.fixture
def buyer(make_person):
    return make_person()


@pytest.fixture
def browser(as_, buyer):
    return as_(buyer)


def address(made, buyer):
    return f"/en/account/reviews/lines/{make_line(made, buyer)}"


def pictured(made, buyer, browser, count=1):
    """Let a buyer publish a review with photographs; return its reference and their addresses."""
    files = [(photo(colour), f"{colour}.jpg") for colour in range(count)]
    assert browser.post(address(made, buyer), **form(*files, **FIELDS)).status_code == 303
    with reading():
        found = queries.own_reviews(buyer, before=None).lines[0].review
    return found.ref, [one.address("small.webp") for one in found.photos]


def count(db):
    return db.execute(text("SELECT count(*) FROM kernel.photo")).scalar_one()


def goods(client, made):
    return client.get(f"/en/p/{made.ref}/", follow_redirects=True)


def test_a_review_with_photos_shows_them_beside_the_goods_and_to_machines(
    client, made, buyer, browser
):
    _, files = pictured(made, buyer, browser, count=2)
    shop = page(goods(client, made))

    images = shop.select("#reviews .snaps img")
    assert [image["src"] for image in images] == files
    assert [image["alt"] for image in images] == [
        "Photo 1 of 2 by Camille",
        "Photo 2 of 2 by Camille",
    ]
    assert {image["loading"] for image in images} == {"lazy"}
    assert all(image["width"] and image["height"] for image in images)
    link = shop.select_one("#reviews .snaps a")["href"]
    assert client.get(link).mimetype == "image/webp"
    told = json.loads(shop.find("script", type="application/ld+json").string)["review"][0]
    assert told["image"][0].endswith(link)


def test_accepted_photos_stay_when_the_rest_of_the_form_is_refused(made, buyer, browser):
    where = address(made, buyer)

    answer = browser.post(
        where, **form((photo(), "pot.jpg"), (b"GIF89a", "moving.gif"), stars="4", words="Short")
    )

    refused = page(answer, 422)
    assert refused.select_one("#e-photos bdi").text == "moving.gif"
    assert says(refused.select_one("#e-photos"), "Choose a JPEG")
    assert refused.select_one("#e-words") is not None
    assert refused.select_one("#f-words").text == "Short"
    assert refused.select_one('[name="stars"][checked]')["value"] == "4"
    assert len(thumbnails(answer)) == 1
    assert thumbnails(browser.get(where)) == thumbnails(answer)  # and when one comes back later

    sent = browser.post(where, **form(**FIELDS))

    assert sent.status_code == 303
    with reading():
        found = queries.own_reviews(buyer, before=None).lines[0].review
    assert [one.address("small.webp") for one in found.photos] == thumbnails(answer)


def test_photos_alone_are_kept_and_described_before_anything_is_published(made, buyer, browser):
    where = address(made, buyer)
    kept = page(
        browser.post(where, **form((photo(), "pot.jpg"), title="Half", words="", add_photos="1"))
    )

    assert kept.select_one("#f-title")["value"] == "Half"
    assert kept.select(".wrong, .error") == []
    alt = kept.select_one('[name^="alt-"]')["name"]
    browser.post(where, **form(**{alt: "The spout from below"}, **FIELDS))

    with reading():
        found = queries.own_reviews(buyer, before=None).lines[0].review
    assert [one.alt for one in found.photos] == ["The spout from below"]


def test_the_sixth_photo_is_refused_by_its_name(made, buyer, browser):
    files = [(photo(colour), f"{colour}.jpg") for colour in range(6)]

    answer = browser.post(address(made, buyer), **form(*files, **FIELDS))

    assert page(answer, 422).select_one("#e-photos bdi").text == "5.jpg"
    assert len(thumbnails(answer)) == 5


def test_as_many_files_are_looked_at_as_belong_to_one_thing_whatever_becomes_of_them(
    made, buyer, browser
):
    # A picture of forty megapixels may be a file of a few kilobytes: hundreds fit into one form.
    files = [(b"%PDF-1.7 " + str(number).encode(), f"{number}.pdf") for number in range(400)]

    answer = browser.post(address(made, buyer), **form(*files, (photo(), "pot.jpg"), **FIELDS))

    wrong = page(answer, 422).select_one("#e-photos")
    assert [one.text for one in wrong.select("bdi")] == [f"{number}.pdf" for number in range(6)]
    assert wrong.text.strip().endswith(
        "5.pdf: We didn't check this file or the ones after it. Please choose them again."
    )
    assert thumbnails(answer) == []


def test_who_sends_files_again_and_again_is_asked_to_wait_and_keeps_what_was_typed(
    made, buyer, browser, make_person, as_
):
    where = address(made, buyer)
    for _ in range(TRIES):
        keeping.count_try(actor=buyer)

    answer = browser.post(where, **form((photo(), "pot.jpg"), **FIELDS))

    assert page(answer, 429).select_one("#f-words").text == WORDS
    assert int(answer.headers["Retry-After"]) > 0
    assert thumbnails(answer) == []
    other = make_person()  # who has tries of their own
    kept = as_(other).post(address(made, other), **form((photo(), "pot.jpg"), add_photos="1"))
    assert len(thumbnails(kept)) == 1
    # Words alone are not counted.
    assert browser.post(where, **form(**FIELDS)).status_code == 303


def test_forty_megabytes_arrive_where_photos_are_taken_and_nowhere_else(made, buyer, browser):
    # Five photographs of eight megabytes are what the page offers to take.
    large = b"0" * (18 * 1024 * 1024)

    taken = browser.post(address(made, buyer), **form((large, "raw.bin"), **FIELDS))

    assert taken.status_code == 422
    assert browser.post("/en/account/addresses/", **form((large, "raw.bin"))).status_code == 413


def test_of_a_strangers_forty_megabytes_nothing_is_read(client, made, buyer):
    class Untouched(io.RawIOBase):
        def readable(self):
            return True

        def readinto(self, _buffer):
            raise AssertionError("the form was read")

    answer = client.post(
        address(made, buyer),
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"wsgi.input": Untouched(), "CONTENT_LENGTH": str(40 * 1024 * 1024)},
    )

    assert answer.status_code == 303
    assert "/en/sign-in" in answer.location


def test_a_changed_review_loses_and_gains_photos(client, made, buyer, browser):
    ref, (first, second) = pictured(made, buyer, browser, count=2)
    edit = f"/en/account/reviews/{ref}"
    gone = first.split("/")[3]

    answer = browser.post(edit, **form((photo(99), "new.jpg"), **{f"drop-{gone}": "on"}, **FIELDS))

    assert answer.status_code == 303
    shown = thumbnails(goods(client, made))
    assert (len(shown), shown[0]) == (2, second)
    assert client.get(first).status_code == 404


@pytest.mark.parametrize("how", ["withdrawn", "let go", "forgotten"])
def test_photos_go_with_the_review_and_with_the_name(client, made, buyer, browser, db, how):
    ref, (file,) = pictured(made, buyer, browser)
    browser.post(address(made, buyer), **form((photo(7), "late.jpg"), add_photos="1"))
    if how == "withdrawn":
        service.withdraw(ref=ref, actor=buyer)
    elif how == "let go":
        service.let_go(person_id=buyer.person_id, actor=buyer)
    else:
        written.let_go(person_id=buyer.person_id, actor=buyer)

    assert client.get(file).status_code == 404
    assert thumbnails(goods(client, made)) == []
    # What waits for another review is only forgotten with its owner.
    assert count(db) == (1 if how == "withdrawn" else 0)


def registered() -> Actor:
    """Somebody in a database without people."""
    identity.register(
        email="b@example.com",
        password="correct horse battery",
        name="B",
        locale="en",
        country="FR",
        actor=SYSTEM,
    )
    key = identity.sign_in(
        email="b@example.com",
        password="correct horse battery",
        device="test",
        address=new_id().hex,
        actor=SYSTEM,
    )
    found = people.actor_of_session(str(key))
    assert found is not None
    return found


def test_who_lets_go_waits_for_a_change_and_leaves_no_photo_of_it(own_database):
    made, buyer = make_offer(), registered()
    ref = make_review(made, buyer)
    take(ALBUM, ref, buyer, 10)
    going = threading.Thread(
        target=service.let_go, kwargs={"person_id": buyer.person_id, "actor": buyer}
    )

    @command("tests.review_photos.change_slowly")
    def change_slowly(*, actor):
        session().execute(select(Review.id).with_for_update())
        going.start()
        going.join(timeout=1)
        assert going.is_alive()
        # It waits for the review and holds nothing that a change comes to later.
        session().execute(select(Photo.id).with_for_update(nowait=True))
        service.change(ref=ref, said=said(title="Pours very well"), actor=actor)

    change_slowly(actor=buyer)
    going.join()

    with reading() as current:
        assert current.scalar(text("SELECT count(*) FROM kernel.photo")) == 0
        assert current.execute(
            text("SELECT author_id, photo_count FROM marketplace.review")
        ).one() == (None, 0)


def test_photos_of_a_removed_review_are_seen_by_its_author_and_operators_alone(
    client, made, buyer, browser, make_person, as_
):
    ref, (file,) = pictured(made, buyer, browser)
    operator = make_person(roles=frozenset({Role.OPERATOR}))
    moderation.report(
        kind=KIND,
        subject_ref=ref,
        reason=Reason.PRIVATE,
        words="My kitchen.",
        name="A",
        email="a@example.com",
        locale="en",
        place="1.2.3.4",
        actor=make_person(),
    )
    assert client.get(file).status_code == 200
    with reading():
        report = moderating.queue(KIND, after=None, objected_after=None).reports[0].ref
    moderation.decide(
        report_ref=report,
        outcome=Outcome.REMOVED,
        ground=Reason.PRIVATE,
        words="It is.",
        actor=operator,
    )

    assert client.get(file).status_code == 404
    assert as_(make_person()).get(file).status_code == 404
    assert browser.get(file).status_code == 200
    assert as_(operator).get(file).status_code == 200


def test_a_stranger_never_sees_what_waits(client, made, buyer, browser, make_person, as_):
    answer = browser.post(address(made, buyer), **form((photo(), "a.jpg"), add_photos="1"))
    (file,) = thumbnails(answer)

    assert browser.get(file).status_code == 200
    assert client.get(file).status_code == 404
    assert as_(make_person(roles=frozenset({Role.OPERATOR}))).get(file).status_code == 404


def test_a_kept_copy_is_asked_about_each_time(client, made, buyer, browser):
    _, (file,) = pictured(made, buyer, browser)
    first = client.get(file)

    assert first.headers["Cache-Control"] == "private, no-cache"
    again = client.get(file, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.data == b""


def test_a_file_is_read_only_for_who_may_see_it_and_does_not_hold_it(client, made, buyer, browser):
    _, (file,) = pictured(made, buyer, browser)
    waiting = browser.post(address(made, buyer), **form((photo(9), "late.jpg"), add_photos="1"))
    (late,) = thumbnails(waiting)
    first = client.get(file)  # and what every request reads of the house is known now

    with counting_queries() as sent:
        assert client.get(file).data == first.data
    with counting_queries() as held:
        assert client.get(file, headers={"If-None-Match": first.headers["ETag"]}).data == b""
    with counting_queries() as refused:
        assert client.get(late).status_code == 404

    read = [["photo_file" in one for one in asked.statements] for asked in (sent, held, refused)]
    # Whose it is, whether its review is shown, and only then the file.
    assert read[:2] == [[False, False, True], [False, False]]
    assert not any(read[2])


def test_nobody_adds_photos_to_what_they_did_not_buy_or_write(
    made, buyer, browser, make_person, as_, db
):
    line, (ref, _) = address(made, buyer), pictured(made, buyer, browser)
    stranger, before = as_(make_person()), count(db)

    for where in (line, f"/en/account/reviews/{ref}"):
        answer = stranger.post(where, **form((photo(50), "x.jpg"), add_photos="1"))
        assert answer.status_code == 404
    assert count(db) == before


def test_reviews_with_photos_can_be_asked_for_alone(client, made, buyer, browser, make_person):
    make_review(made, make_person(), title="Without")
    listed = f"/en/p/{made.ref}/reviews"
    assert "photos=1" not in client.get(listed).text
    pictured(made, buyer, browser)

    assert len(page(client.get(listed)).select(".review")) == 2
    chip = page(client.get(listed)).select_one('.chips a[href*="photos=1"]')
    narrow = page(client.get(chip["href"]))
    assert [one.select_one(".h4").text for one in narrow.select(".review")] == ["Pours well"]
    assert narrow.select_one(".chips a[aria-current].chosen:has(svg)")["href"].endswith(
        "sort=newest"
    )


def test_the_file_of_all_one_wrote_names_the_photos(made, buyer, browser):
    pictured(made, buyer, browser, count=2)

    (told,) = browser.get("/en/account/words/words.json").json["reviews"]

    assert len(told["photos"]) == 2
    assert browser.get(urlsplit(told["photos"][0]["file"]).path).status_code == 200
    assert len(told["photos"][0]["sha256"]) == 64


def test_photos_cost_one_question_however_many_reviews_have_them(made, make_person, as_):
    for _ in range(2):
        somebody = make_person()
        pictured(made, somebody, as_(somebody))
    make_review(made, make_person())

    with reading(), counting_queries() as counted:
        found = queries.reviews_page(ref=made.ref, sort=Sort.NEWEST, stars=None, after="")
    assert sorted(len(one.photos) for one in found.lines) == [0, 1, 1]
    assert len(counted) == 4

    with reading(), counting_queries() as counted:
        photos.of_all(album=ALBUM, subjects=[])
    assert len(counted) == 0


def test_the_same_review_sent_twice_keeps_its_photos_once(made, buyer, browser, db):
    where = address(made, buyer)
    for _ in range(2):
        browser.post(where, **form((photo(), "pot.jpg"), **FIELDS))

    assert count(db) == 1
    assert len(thumbnails(browser.get("/en/account/reviews/"))) == 1


def test_taking_away_and_adding_again_and_again_keeps_no_more_than_five(made, buyer, browser, db):
    where, shown = address(made, buyer), []
    for turn in range(3):
        gone = {f"drop-{file.split('/')[3]}": "on" for file in shown}
        files = [(photo(10 * turn + colour), f"{colour}.jpg") for colour in range(5)]
        shown = thumbnails(browser.post(where, **form(*files, add_photos="1", **gone)))
        assert len(shown) == 5

    assert count(db) == 5


def test_words_for_a_photo_that_are_too_long_are_asked_back_and_the_others_kept(
    made, buyer, browser
):
    where = address(made, buyer)
    files = [(photo(colour), f"{colour}.jpg") for colour in (1, 2)]
    kept = page(browser.post(where, **form(*files, add_photos="1")))
    long, short = [field["name"] for field in kept.select('[name^="alt-"]')]

    answer = browser.post(where, **form(**{long: "x" * 161, short: "The lid"}, **FIELDS))

    assert page(answer, 422).select_one(f"#e-{long}") is not None
    again = page(browser.get(where)).select('[name^="alt-"]')
    assert [field["value"] for field in again] == ["", "The lid"]
