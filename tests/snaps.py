"""Files as telephones send them, and forms that carry them."""

from __future__ import annotations

import io

from bs4 import BeautifulSoup
from PIL import Image
from pillow_heif import from_pillow
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from kernel.actor import Actor
from kernel.media.photos import service
from kernel.media.photos.forms import develop


def photo(colour=120, kind="JPEG", size=(900, 600), **options) -> bytes:
    """One file; another colour makes another, by a pixel of width too: JPEG rounds colours."""
    out = io.BytesIO()
    Image.new("RGB", (size[0] + colour, size[1]), (colour, 90, 60)).save(out, kind, **options)
    return out.getvalue()


def heic(size=(900, 600), *more, **options) -> bytes:
    """A HEIC file, with further pictures, by their colours, as a burst has them."""
    file = from_pillow(Image.new("RGB", size, (180, 90, 60)))
    for colour in more:
        file.add_from_pillow(Image.new("RGB", size, colour))
    out = io.BytesIO()
    file.save(out, quality=50, **options)
    return out.getvalue()


def take(album: str, subject: str, actor: Actor, *colours: int) -> None:
    """Let photographs wait under what a form is about, as if somebody had just added them."""
    photos = [develop(photo(colour)) for colour in colours]
    service.keep(album=album, subject=subject, photos=photos, actor=actor)


def form(*files: tuple[bytes, str], **fields: str) -> dict[str, object]:
    """What a browser sends of a form with files: (content, name) pairs."""
    given = [("photos", FileStorage(io.BytesIO(data), name)) for data, name in files]
    fieldset = MultiDict([("csrf_token", "test-token"), *fields.items(), *given])
    # Encoded here, since the test browser leaves the files open that it writes large forms to.
    boundary, data = encode_multipart(fieldset)
    return {"data": data, "content_type": f"multipart/form-data; boundary={boundary}"}


def page(answer, status=200) -> BeautifulSoup:
    """The page that answered."""
    assert answer.status_code == status, answer.text[:400]
    return BeautifulSoup(answer.text, "html.parser")


def thumbnails(answer) -> list[str]:
    """Where the thumbnails of a page lead to, or are from."""
    found = BeautifulSoup(answer.text, "html.parser").select('img[src^="/media/photos/"]')
    return [str(image["src"]) for image in found]
