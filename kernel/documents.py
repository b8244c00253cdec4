"""PDFs through Typst, in every script the house speaks: tagged, with real text, kept for good.

A template is layout alone. Sentences, dates and amounts arrive spoken, as strings that never become
markup. The same data make the same bytes, so that a document can be known by its hash.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import re
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import CheckConstraint, LargeBinary, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from kernel import clock
from kernel.db import Base, session
from kernel.renderer import press
from kernel.telemetry import tracing

# Templates import each other, and the house's frame, by path from here.
_ROOT = Path(__file__).parents[1]

_FONT_PACKAGES = (
    "fontpkg_instrument_sans",
    "fontpkg_newsreader",
    "fontpkg_noto_sans",
    "fontpkg_ibm_plex_sans_arabic",
    "fontpkg_noto_sans_arabic",
    "pylopdf_fonts_zh_cn",
    "pylopdf_fonts_jp",
    "pylopdf_fonts_ko",
)

# Archived and read aloud alike; Typst refuses what would break either promise.
_STANDARDS = ["a-2a", "ua-1"]

# Latin, Arabic, kana, Hangul and common Han stand in the typefaces for certain; this is the rest.
_RARE = re.compile(
    "[^\n -~\u00a0-\u017f\u0621-\u0652\u0660-\u0669\u2010-\u2026\u2066-\u2069\u3001-\u3011"
    "\u3041-\u3096\u30a1-\u30fe\u4e00-\u9fa5\uac00-\ud7a3\uff01-\uff5e]"
)
_TURNS = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_MARKS = re.compile("[\u2066-\u2069]")
_UNKNOWN = "\ufffd"
_LEFT_TO_RIGHT, _EITHER, _END = "\u2066", "\u2068", "\u2069"


class Document(Base):
    """A finished PDF; written once, never replaced.

    Shape: subject names what it is about, edition which state of that, hash is SHA-256.
    """

    __tablename__ = "document"
    __table_args__ = (
        CheckConstraint("octet_length(sha256) = 32", name="hash_is_sha256"),
        {"schema": "kernel"},
    )

    subject: Mapped[str] = mapped_column(primary_key=True)
    edition: Mapped[str] = mapped_column(primary_key=True)
    locale: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Kept:
    """A document that waits to be fetched. Units: size in bytes. Shape: sha256 in hex."""

    locale: str
    size: int
    sha256: str


def keep(*, subject: str, edition: str, locale: str, content: bytes) -> None:
    """Keep a document inside the open command; one that stands already stays as it is."""
    row = {
        "subject": subject,
        "edition": edition,
        "locale": locale,
        "content": content,
        "sha256": hashlib.sha256(content).digest(),
        "made_at": clock.now(),
    }
    session().execute(insert(Document).values(row).on_conflict_do_nothing())


def kept(*, subject: str, edition: str) -> list[Kept]:
    """Return the languages in which an edition waits, without reading its content."""
    rows = session().execute(
        select(Document.locale, func.octet_length(Document.content), Document.sha256)
        .where(Document.subject == subject, Document.edition == edition)
        .order_by(Document.locale)
    )
    return [Kept(locale, size, sha256.hex()) for locale, size, sha256 in rows]


def content(*, subject: str, edition: str, locale: str) -> bytes | None:
    """Return a kept document, None when it was not made yet."""
    row = session().get(Document, (subject, edition, locale))
    return row.content if row else None


def render_pdf(
    template: str, data: dict[str, Any], *, locale: str, direction: str, at: datetime
) -> bytes:
    """Return the PDF of a Typst template, the same bytes for the same data.

    Shape: template is a path below the packages' folder; it reads `data` with `locale` and
    `direction` added; `at` is written into the file as the instant of its making.
    Raises: PressError.
    """
    payload = _legible(data, direction) | {"locale": locale, "direction": direction}
    with tracing.span(f"print {template}"):
        return press(tuple(font_folders())).printed(
            _ROOT / template,
            root=_ROOT,
            data=json.dumps(payload),
            standards=_STANDARDS,
            at=at.replace(microsecond=0),
        )


def left_to_right(text: str) -> str:
    """Return a number or reference held together, so that Arabic around it cannot turn it."""
    return f"{_LEFT_TO_RIGHT}{text}{_END}"


def isolated(text: str) -> str:
    """Return a name or text of people, which runs in its own direction."""
    return f"{_EITHER}{text}{_END}" if text else ""


@cache
def font_folders() -> list[str]:
    """Return the folders of the font packages, so that no document needs the machine's own."""
    return sorted({str(path.parent) for path in _font_files()})


def _font_files() -> list[Path]:
    roots = [Path(str(importlib.import_module(name).__file__)).parent for name in _FONT_PACKAGES]
    return [path for root in roots for path in root.rglob("*.[ot]t[fc]")]


def _legible(value: Any, direction: str) -> Any:  # noqa: ANN401 - JSON
    """Return data in which a sign that no typeface holds is marked as unreadable, not boxed."""
    if isinstance(value, dict):
        return {name: _legible(one, direction) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_legible(one, direction) for one in value]
    if not isinstance(value, str):
        return value
    if direction == "ltr" and not _TURNS.search(value):
        # Marks that hold nothing would still part Chinese from what stands before it.
        value = _MARKS.sub("", value)
    return _RARE.sub(lambda sign: sign[0] if ord(sign[0]) in _signs() else _UNKNOWN, value)


@cache
def _signs() -> frozenset[int]:
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - half a second, for rare signs alone

    code_points: set[int] = set()
    for path in _font_files():
        with TTFont(path, fontNumber=0, lazy=True) as font:
            code_points |= font.getBestCmap().keys()
    return frozenset(code_points)
