"""Where shown documents lie: outside of everything that is served, readable by the house alone."""

from __future__ import annotations

import hashlib
import io

from banking.compliance.onboarding.rules import media_type
from kernel.errors import Invalid
from kernel.media.storage.gateway import storage
from kernel.text import N_, Message

_FORMATS = {"image/jpeg": ("JPEG",), "image/png": ("PNG",)}


def checked(data: bytes, *, largest: int) -> str:
    """Return what a document is once its content shows that it is that, and not too large.

    Raises: Invalid, at the form's field `document`.
    """
    if len(data) > largest:
        size = largest // 1_048_576
        raise _refused(N_("Please send a file of at most %(size)d MB."), size=size)
    kind = media_type(data)
    if kind is None or not _opens(data, kind):
        raise _refused(N_("Please send an image (JPEG or PNG) or a PDF."))
    return kind


def _refused(sentence: str, **values: object) -> Invalid:
    return Invalid({"document": Message(sentence, values)})


def _opens(data: bytes, media: str) -> bool:
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - megabytes for uploads alone

    if media not in _FORMATS:
        return True
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS[media]) as picture:
            picture.load()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return False
    return True


def keep(data: bytes) -> str:
    """Keep a document under its hash; return the hash."""
    digest = hash_of(data)
    if not storage().has(_name(digest)):
        storage().put(_name(digest), data, is_secret=True)
    return digest


def hash_of(data: bytes) -> str:
    """Return the name under which a document is kept."""
    return hashlib.sha256(data).hexdigest()


def throw_away(digest: str) -> None:
    """Delete a document, if it is still there."""
    storage().drop(_name(digest))


def read(digest: str) -> bytes:
    """Return a document that was kept. Raises: NotStored."""
    return storage().get(_name(digest))


def _name(digest: str) -> str:
    return f"evidence/{digest[:2]}/{digest}"
