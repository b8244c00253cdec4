"""Photographs that people send: what is taken, what is kept of it, and for how long."""

from __future__ import annotations

import io
import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from PIL import Image
from sqlalchemy import text

from kernel import clock as house_clock
from kernel.actor import ANONYMOUS, Actor
from kernel.db import reading
from kernel.errors import NotFound
from kernel.ids import new_id
from kernel.manifest import manifests
from kernel.media.photos import queries, service
from kernel.media.photos.errors import NotAPicture, PictureTooLarge, TooManyPhotos
from kernel.media.photos.forms import develop
from kernel.media.photos.jobs import forget_late_photos
from kernel.media.photos.rules import FILES, LARGEST_FILE, MOST, Changes
from tests.snaps import photo

ALBUM = "marketplace.review"


def test_every_album_is_one_packages_and_says_who_sees_it(db):
    albums = [album for manifest in manifests() for album in manifest.albums()]

    assert len({album.key for album in albums}) == len(albums) >= 3
    nobody = [album.may_see(ANONYMOUS, "of-nothing") for album in albums]
    assert nobody == [False] * len(albums)


def on_form(actor, subject="line-1"):
    with reading():
        return queries.on_form(actor, album=ALBUM, subject=subject)


def keep(actor, *colours, subject="line-1"):
    photos = [develop(photo(colour)) for colour in colours]
    service.keep(album=ALBUM, subject=subject, photos=photos, actor=actor)


def send(actor, changes=None, waiting="line-1", subject="RV-1"):
    return service.send(album=ALBUM, waiting=waiting, subject=subject, changes=changes, actor=actor)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_a_photograph_is_kept_in_sizes_without_place_and_camera(kind):
    exif = Image.Exif()
    exif[0x010F] = "Secret Camera"
    exif[0x0112] = 6  # turned by a quarter
    data = photo(kind=kind, size=(2000, 1500), exif=exif)
    assert b"Secret Camera" in data

    made = develop(data)

    assert (made.kind, made.size, set(made.files)) == (
        f"image/{kind.lower()}",
        len(data),
        set(FILES),
    )
    for name, content in made.files.items():
        with Image.open(io.BytesIO(content)) as file:
            assert file.height > file.width
            assert not file.getexif()
            assert file.width == min(FILES[name][1], made.width)
        assert b"Secret Camera" not in content


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("broken", [b"Exif\x00\x00II*\x00", b"Exif\x00\x00"])
def test_a_damaged_note_of_the_camera_does_not_hinder_its_photograph(kind, broken):
    made = develop(photo(kind=kind, exif=broken))

    assert made.width > made.height
    for content in made.files.values():
        with Image.open(io.BytesIO(content)) as file:
            assert not file.getexif()


def test_what_is_clean_already_is_written_anew_all_the_same():
    # A WebP may carry what no reader of pictures sees.
    data = photo(kind="WEBP")

    assert data not in develop(data).files.values()


def test_content_decides_and_not_the_name():
    with pytest.raises(NotAPicture):
        develop(b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    with pytest.raises(PictureTooLarge):
        develop(photo() + b"0" * LARGEST_FILE)


def test_an_avif_without_its_picture_is_refused_as_none():
    with pytest.raises(NotAPicture):
        develop(photo(kind="AVIF").replace(b"pitm", b"none"))


_UNPACKED = """
import resource, sys
from kernel.media.photos.forms import develop
small, large = [open(name, "rb").read() for name in sys.argv[1:]]
develop(small)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
develop(large)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.parametrize(("mode", "most"), [("RGB", 1.2), ("L", 0.6), ("RGBA", 2.2)])
def test_the_largest_picture_is_held_as_seldom_as_can_be(mode, most, tmp_path):
    # Several people send at the same time, and a worker has a few hundred megabytes.
    files = [tmp_path / "small.png", tmp_path / "large.png"]
    for file, size in zip(files, [(1000, 1000), (8000, 5000)], strict=True):
        Image.new(mode, size, 90).save(file)

    told = subprocess.run(
        [sys.executable, "-c", _UNPACKED, *files], stdout=subprocess.PIPE, check=True
    )

    as_colours_kib = 8000 * 5000 * 4 / 1024
    assert int(told.stdout) < most * as_colours_kib


def test_the_same_file_twice_is_one_photograph(make_person):
    actor = make_person()
    keep(actor, 10, 20)
    keep(actor, 20, 30)

    assert len(on_form(actor)) == 3


def test_what_waits_is_sent_in_the_order_it_came_and_can_be_described_and_dropped(make_person):
    actor = make_person()
    keep(actor, 10, 20, 30)
    first, second, third = on_form(actor)

    count = send(actor, Changes(frozenset({second.id}), {third.id: "The crack"}))

    with reading():
        found = queries.of(album=ALBUM, subject="RV-1")
    assert [(one.id, one.alt) for one in found] == [(first.id, ""), (third.id, "The crack")]
    assert count == 2
    assert on_form(actor) == ()


def test_more_than_belong_to_one_thing_are_refused_and_nothing_is_kept(make_person):
    actor = make_person()
    keep(actor, *range(MOST - 1))

    with pytest.raises(TooManyPhotos):
        keep(actor, 0, 10, 20)
    assert len(on_form(actor)) == MOST - 1

    keep(actor, 0, 10)  # one of them is there already
    assert len(on_form(actor)) == MOST


def test_forms_that_are_sent_at_once_keep_no_more_than_belong_to_one_thing(own_database):
    actor = Actor(person_id=new_id(), label="person")
    files = [[develop(photo(colour))] for colour in range(MOST + 3)]
    start, refused = threading.Barrier(len(files)), []

    def post(photos):
        start.wait()
        try:
            service.keep(album=ALBUM, subject="line-1", photos=photos, actor=actor)
        except TooManyPhotos as late:
            refused.append(late)

    posts = [threading.Thread(target=post, args=(photos,)) for photos in files]
    for one in posts:
        one.start()
    for one in posts:
        one.join()

    assert len(refused) == 3
    assert len(on_form(actor)) == MOST


def test_more_than_belong_to_one_thing_are_not_added_to_what_was_sent(make_person):
    actor = make_person()
    keep(actor, *range(MOST - 1))
    send(actor)
    keep(actor, 10, 20)

    with pytest.raises(TooManyPhotos):
        send(actor)

    with reading():
        assert len(queries.of(album=ALBUM, subject="RV-1")) == MOST - 1
    assert len(on_form(actor)) == 2


def test_nobody_sends_or_sees_what_waits_of_somebody_else(make_person):
    actor, other = make_person(), make_person()
    keep(actor, 10)
    (mine,) = on_form(actor)

    assert send(other) == 0
    assert on_form(other) == ()
    with reading():
        assert queries.file_for(actor, mine.id, "small.webp")[0] == "image/webp"
        with pytest.raises(NotFound):
            queries.file_for(other, mine.id, "small.webp")
        with pytest.raises(NotFound):
            queries.file_for(actor, mine.id, "../small.webp")


def test_what_no_form_was_sent_with_is_forgotten_in_time_and_what_was_sent_stays(
    make_person, clock, db
):
    at = clock("2026-06-01T09:00")
    actor = make_person()
    keep(actor, 10)
    send(actor)
    keep(actor, 20)

    house_clock.freeze(at + timedelta(days=44))
    forget_late_photos()
    assert len(on_form(actor)) == 1
    house_clock.freeze(at + timedelta(days=46))
    forget_late_photos()

    assert on_form(actor) == ()
    assert db.execute(text("SELECT count(*) FROM kernel.photo")).scalar_one() == 1
    left = db.execute(text("SELECT count(*) FROM kernel.photo_file")).scalar_one()
    assert left == len(FILES)  # the files go with their photograph
