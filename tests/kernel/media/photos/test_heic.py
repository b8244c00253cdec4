"""Photographs as telephones write them: HEIC, within the same limits as the others."""

import io

import pytest
from PIL import Image

from kernel.errors import Invalid
from kernel.media.photos.errors import (
    NotAPicture,
    PictureTooLarge,
    PictureTooNarrow,
    PictureTooSmall,
)
from kernel.media.photos.forms import develop
from tests.snaps import heic


def told(size):
    """A small file whose head says another size: what it holds is never unpacked."""
    data, width, height = bytearray(heic((512, 512))), *size
    for at in [i for i in range(len(data)) if data[i : i + 4] == b"ispe"]:
        data[at + 8 : at + 16] = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    return bytes(data)


def opened(developed):
    return Image.open(io.BytesIO(developed.files["large.webp"]))


def test_heic_becomes_what_every_browser_shows(db):
    developed = develop(heic())

    picture = opened(developed)
    assert (developed.kind, developed.width, developed.height) == ("image/heif", 900, 600)
    assert all(
        abs(a - b) < 12 for a, b in zip(picture.getpixel((5, 5)), (180, 90, 60), strict=True)
    )


def test_what_a_telephone_wrote_inside_is_gone(db):
    exif = Image.Exif()
    exif[0x010F] = "A telephone"

    developed = develop(heic(exif=exif.tobytes()))

    for content in developed.files.values():
        assert not Image.open(io.BytesIO(content)).getexif()
        assert b"A telephone" not in content


def test_of_a_burst_the_main_picture_is_taken(db):
    picture = opened(develop(heic((900, 600), (20, 20, 20), (250, 250, 250))))

    assert abs(picture.getpixel((5, 5))[0] - 180) < 12


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (told((8000, 8000)), PictureTooLarge),
        (told((60_000, 60_000)), NotAPicture),  # more than the library itself takes
        (heic((290, 600)), PictureTooSmall),
        (heic((1700, 400)), PictureTooNarrow),
        (heic()[:900], NotAPicture),
    ],
)
def test_heic_has_the_limits_of_every_photograph(db, data, refusal):
    with pytest.raises(Invalid) as refused:
        develop(data)
    assert type(refused.value) is refusal
