from __future__ import annotations

import io

import pytest
from PIL import Image

from kernel.config import settings
from marketplace.pictures import queries, rules, service
from marketplace.pictures.errors import NotAPicture, PictureTooLarge, PictureTooSmall


def made(kind="JPEG", size=(900, 600), mode="RGB", **options):
    out = io.BytesIO()
    Image.new(mode, size, 120).save(out, kind, **options)
    return out.getvalue()


@pytest.mark.parametrize(
    ("width", "sizes"),
    [(300, (300,)), (320, (320,)), (900, (320, 640, 900)), (4000, (320, 640, 1280))],
)
def test_sizes_never_exceed_the_original(width, sizes):
    assert rules.widths_for(width) == sizes


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_every_allowed_kind_becomes_webp_in_sizes(kind):
    stored = service.store(made(kind))

    assert (stored.width, stored.height, stored.sizes) == (900, 600, (320, 640, 900))
    for width in stored.sizes:
        with Image.open(settings().media_dir / f"{stored.path}-{width}.webp") as file:
            assert (file.format, file.width) == ("WEBP", width)


def test_what_the_camera_wrote_is_dropped_and_the_picture_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "Secret Camera"
    stored = service.store(made(size=(900, 600), exif=exif))

    with Image.open(settings().media_dir / f"{stored.path}-{stored.sizes[-1]}.webp") as file:
        assert file.size == (600, 900)
        assert not file.getexif()
    data = (settings().media_dir / f"{stored.path}-{stored.sizes[-1]}.webp").read_bytes()
    assert b"Secret Camera" not in data


def test_the_same_picture_is_stored_once():
    assert service.store(made()) == service.store(made())


@pytest.mark.parametrize(
    "data",
    [b"", b"GIF89a" + b"0" * 50, b"<svg></svg>", b"\x89PNG\r\n\x1a\n" + b"0" * 40, made()[:400]],
)
def test_what_is_no_picture_is_refused(data):
    with pytest.raises(NotAPicture) as refused:
        service.store(data, field="pictures")

    assert set(refused.value.fields) == {"pictures"}


def test_a_kind_that_is_not_allowed_is_refused_whatever_its_name():
    with pytest.raises(NotAPicture):
        service.store(made("BMP"))


def test_small_and_large_ones_are_refused():
    with pytest.raises(PictureTooSmall):
        service.store(made(size=(299, 900)))
    with pytest.raises(PictureTooLarge):
        service.store(b"0" * (rules.LARGEST_FILE + 1))


def test_more_pixels_than_any_page_needs_are_refused_before_they_are_decoded():
    with pytest.raises(PictureTooLarge):
        service.store(made("PNG", size=(8000, 5001), mode="L"))


def test_addresses_name_the_smallest_file_that_is_wide_enough():
    assert (
        queries.address("products/a", [320, 640, 900], wanted=600) == "/media/products/a-640.webp"
    )
    assert queries.address("products/a", [300], wanted=600) == "/media/products/a-300.webp"
    assert queries.source_set("p/a", [320, 640]) == (
        "/media/p/a-320.webp 320w, /media/p/a-640.webp 640w"
    )
