from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image, ImageCms, ImageDraw

from kernel.actor import SYSTEM
from kernel.config import settings
from kernel.media.photos.errors import (
    NotAPicture,
    PictureMoves,
    PictureTooLarge,
    PictureTooNarrow,
    PictureTooSmall,
)
from marketplace.catalogue.pictures import queries, rules, service
from marketplace.catalogue.pictures.errors import NoSuchPicture
from marketplace.catalogue.pictures.events import PictureKept
from marketplace.catalogue.pictures.jobs import make_sizes

SIXTEEN_BIT_GREY = 32_768


def made(kind="JPEG", size=(900, 600), mode="RGB", colour=120, **options):
    out = io.BytesIO()
    Image.new(mode, size, colour).save(out, kind, **options)
    return out.getvalue()


def master(stored):
    with Image.open(settings().var / "media" / f"{stored.path}.webp") as file:
        file.load()
        return file


def sizes_of(stored):
    make_sizes(PictureKept(path=stored.path))
    return {
        (kind, width): settings().var / "media" / f"{stored.path}-{width}.{kind}"
        for kind in rules.KINDS
        for width in stored.sizes
    }


@pytest.mark.parametrize(
    ("width", "sizes"),
    [(200, (200,)), (240, (240,)), (900, (240, 480, 900)), (4000, (240, 480, 960, 1600))],
)
def test_sizes_never_exceed_the_original(width, sizes):
    assert rules.widths_for(width) == sizes


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_every_allowed_kind_becomes_avif_and_webp_in_sizes(kind):
    stored = service.store(made(kind))

    assert (stored.width, stored.height, stored.sizes) == (900, 600, (240, 480, 900))
    for (ending, width), path in sizes_of(stored).items():
        with Image.open(path) as file:
            assert (file.format, file.width) == (ending.upper(), width)


def test_the_kind_is_told_by_the_content_and_never_by_a_name():
    with pytest.raises(NotAPicture):
        service.store(made("GIF", mode="P"))
    with pytest.raises(NotAPicture):
        service.store(made("BMP"))
    with pytest.raises(NotAPicture):
        service.store(b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>")


def with_place_and_camera():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "Secret Camera"
    exif.get_ifd(0x8825).update({1: "N", 2: (48.0, 51.0, 24.0), 3: "E", 4: (2.0, 21.0, 3.0)})
    return exif


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_place_and_camera_are_dropped_and_the_picture_stands_upright(kind):
    data = made(kind, size=(900, 600), exif=with_place_and_camera())
    assert b"Secret Camera" in data

    stored = service.store(data)

    files = [settings().var / "media" / f"{stored.path}.webp", *sizes_of(stored).values()]
    for path in files:
        with Image.open(path) as file:
            assert file.height > file.width
            assert not file.getexif()
            assert not file.getexif().get_ifd(0x8825)
        assert b"Secret Camera" not in path.read_bytes()
        assert b"Exif" not in path.read_bytes()


@pytest.mark.parametrize(
    ("turn", "corner"),
    [
        (1, (0, 0)),
        (2, (1, 0)),
        (3, (1, 1)),
        (4, (0, 1)),
        (5, (0, 0)),
        (6, (1, 0)),
        (7, (1, 1)),
        (8, (0, 1)),
    ],
)
def test_all_eight_ways_to_hold_a_camera_are_turned_upright(turn, corner):
    picture = Image.new("RGB", (800, 600), "white")
    ImageDraw.Draw(picture).rectangle((0, 0, 200, 150), "red")
    exif = Image.Exif()
    exif[0x0112] = turn
    out = io.BytesIO()
    picture.save(out, "PNG", exif=exif)

    upright = master(service.store(out.getvalue())).convert("RGB")

    assert upright.size == ((800, 600) if turn < 5 else (600, 800))
    x, y = corner[0] * (upright.width - 21) + 10, corner[1] * (upright.height - 21) + 10
    red, green, _ = upright.getpixel((x, y))
    assert red > 200
    assert green < 80


def test_the_same_picture_is_stored_once_and_a_repeat_writes_nothing():
    stored = service.store(made())
    files = sizes_of(stored)
    written = {path: path.stat().st_mtime_ns for path in files.values()}

    assert service.store(made()) == stored
    make_sizes(PictureKept(path=stored.path))

    assert {path: path.stat().st_mtime_ns for path in files.values()} == written


def test_a_clean_render_is_kept_byte_for_byte():
    data = made("WEBP", size=(800, 800))

    stored = service.store(data)

    assert (settings().var / "media" / f"{stored.path}.webp").read_bytes() == data


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a" + b"0" * 50,
        b"<svg></svg>",
        b"\x89PNG\r\n\x1a\n" + b"0" * 40,
        made()[:400],
        made("WEBP")[:60],
        made("AVIF")[:200],
        b"%PDF-1.7 ",
        b"PK\x03\x04" + b"0" * 200,
    ],
)
def test_what_is_no_picture_is_refused(data):
    with pytest.raises(NotAPicture) as refused:
        service.store(data, field="pictures")

    assert set(refused.value.fields) == {"pictures"}


def test_tiny_large_and_narrow_ones_are_refused_each_in_its_own_words():
    with pytest.raises(PictureTooSmall):
        service.store(made(size=(299, 900)))
    with pytest.raises(PictureTooSmall):
        service.store(made("PNG", size=(1, 1)))
    with pytest.raises(PictureTooNarrow):
        service.store(made(size=(300, 1300)))
    with pytest.raises(PictureTooLarge):
        service.store(b"0" * (service.LARGEST_FILE + 1))


def bomb(width, height):
    """A PNG of a few bytes that says it is enormous."""

    def chunk(kind, body):
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("size", [(8000, 5001), (30_000, 30_000), (60_000, 60_000)])
def test_a_bomb_is_refused_before_it_is_unpacked(size):
    with pytest.raises((PictureTooLarge, NotAPicture)):
        service.store(bomb(*size))


def test_a_picture_that_moves_is_refused():
    frames = [Image.new("RGB", (400, 400), colour) for colour in ("red", "blue")]
    for kind in ("WEBP", "PNG", "AVIF"):
        out = io.BytesIO()
        frames[0].save(out, kind, save_all=True, append_images=frames[1:], duration=200)
        with pytest.raises(PictureMoves):
            service.store(out.getvalue())


def test_a_telephone_s_jpeg_of_two_pictures_shows_its_first():
    first, second = (Image.new("RGB", (640, 480), colour) for colour in ("red", "blue"))
    out = io.BytesIO()
    first.save(out, "MPO", save_all=True, append_images=[second])

    red, _, blue = master(service.store(out.getvalue())).convert("RGB").getpixel((320, 240))

    assert red > 200
    assert blue < 60


def test_printers_colours_become_screen_colours():
    stored = service.store(made("JPEG", mode="CMYK", colour=(0, 255, 255, 0)))

    red, green, blue = master(stored).convert("RGB").getpixel((450, 300))
    assert (red > 200, green < 90, blue < 90) == (True, True, True)


def test_sixteen_bits_of_grey_are_scaled_and_not_cut():
    stored = service.store(made("PNG", mode="I;16", colour=SIXTEEN_BIT_GREY))

    assert abs(master(stored).convert("L").getpixel((450, 300)) - 128) <= 3


def test_transparency_stays():
    stored = service.store(made("PNG", mode="RGBA", colour=(10, 20, 200, 0)))

    for path in sizes_of(stored).values():
        with Image.open(path) as file:
            assert file.convert("RGBA").getpixel((10, 10))[3] == 0


def test_a_palette_with_a_hole_keeps_the_hole():
    picture = Image.new("P", (400, 400), 0)
    picture.putpalette([0, 0, 0, 255, 0, 0])
    out = io.BytesIO()
    picture.save(out, "PNG", transparency=0)

    assert master(service.store(out.getvalue())).convert("RGBA").getpixel((9, 9))[3] == 0


def test_a_profile_is_applied_and_dropped_and_a_broken_one_ignored():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    good = service.store(made("PNG", colour=(200, 100, 50), icc_profile=profile))
    broken = service.store(made("PNG", colour=(200, 100, 50), icc_profile=b"no profile"))

    for stored in (good, broken):
        shown = master(stored)
        assert "icc_profile" not in shown.info
        seen = shown.convert("RGB").getpixel((9, 9))
        assert all(abs(a - b) < 8 for a, b in zip(seen, (200, 100, 50), strict=True))


def test_a_large_photograph_is_kept_no_larger_than_any_page_needs():
    stored = service.store(made("JPEG", size=(6000, 4000)))

    assert master(stored).size == (1920, 1280)
    assert (stored.sizes, stored.height) == ((240, 480, 960, 1600), 1067)


def test_addresses_name_the_smallest_file_that_is_wide_enough():
    assert (
        queries.address("products/a", [240, 480, 900], wanted=300) == "/media/products/a-480.webp"
    )
    assert queries.address("products/a", [300], wanted=600) == "/media/products/a-300.webp"
    assert queries.source_set("p/a", [240, 480]) == (
        "/media/p/a-240.webp 240w, /media/p/a-480.webp 480w"
    )


def test_a_page_gets_avif_before_webp():
    stored = service.store(made("PNG", colour=(200, 100, 50)))
    kept = {"path": stored.path, "sizes": stored.sizes, "width": 900, "height": 600}

    shown = queries.picture(kept, alt="A teapot")

    assert [source.type for source in shown.sources] == ["image/avif", "image/webp"]
    assert f"{stored.path}-240.avif 240w" in shown.sources[0].srcset
    assert (shown.src, shown.width, shown.height) == (f"/media/{stored.path}-480.webp", 900, 600)
    assert shown.alt == "A teapot"


def test_the_one_file_that_a_line_of_an_order_keeps_is_shown_as_avif_too(client):
    stored = service.store(made("WEBP", size=(800, 800)))

    shown = queries.one_file(f"{stored.path}-240.webp")

    avif, webp = shown.sources
    assert (avif.type, avif.srcset) == ("image/avif", f"/media/{stored.path}-240.avif 240w")
    assert webp.srcset == f"{shown.src} 240w" == f"/media/{stored.path}-240.webp 240w"
    assert shown.width == shown.height == 240
    for source in shown.sources:
        with client.get(source.srcset.split()[0]) as file:
            assert file.status_code == 200


def test_a_drawing_on_a_line_is_one_file_alone():
    shown = queries.one_file("drawn/teapot-1a2b-27408b.svg")

    assert (shown.sources, shown.src) == ((), "/media/drawn/teapot-1a2b-27408b.svg")


@pytest.mark.parametrize(
    "name",
    [
        "x.webp",
        "../../etc/passwd",
        "0" * 32 + "-99999.webp",
        "0" * 32 + ".avif",
        "0" * 32 + ".svg",
        "0" * 32 + "-480.webp",
        "." + "0" * 32 + ".webp.1",
    ],
)
def test_names_that_are_none_answer_404(client, name):
    assert client.get(f"/media/products/{name}").status_code == 404


def test_until_a_size_is_made_the_original_stands_in_for_a_moment(client):
    stored = service.store(made("WEBP", size=(800, 800)))
    address = f"/media/{stored.path}-480.avif"

    with client.get(address) as before:
        sizes_of(stored)
    with client.get(address) as after:
        pass

    assert (before.status_code, before.mimetype) == (200, "image/webp")
    assert before.headers["Cache-Control"] == "public, max-age=20"
    assert (after.status_code, after.mimetype) == (200, "image/avif")
    assert after.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    for answer in (before, after):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert not answer.headers.getlist("Set-Cookie")


def test_paths_lead_nowhere_else():
    for path in ("products/../secret", "products/" + "0" * 31, "drawn/teapot"):
        with pytest.raises(NoSuchPicture):
            queries.measured(path)
    with pytest.raises(NoSuchPicture):
        service.make_sizes("products/" + "0" * 32)


def test_sizes_are_asked_for_in_the_transaction_that_shows_the_picture(db, outbox):
    stored = service.store(made())

    service.want_sizes(path=stored.path, actor=SYSTEM)

    assert [event.path for event in outbox() if isinstance(event, PictureKept)] == [stored.path]
