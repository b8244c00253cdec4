"""Files of declarations that were sent, with what became of their lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from insurance.trade.open_cover.errors import OpenCoverUnknown
from insurance.trade.open_cover.models import DeclarationFile
from insurance.trade.open_cover.queries import OpenCoverView
from kernel.db import session


@dataclass(frozen=True, slots=True, kw_only=True)
class FileView:
    """A file of declarations. Shape: lines as they are stored."""

    ref: str
    name: str
    lines: Sequence[Mapping[str, Any]]
    sent_at: datetime

    @property
    def declared(self) -> list[Mapping[str, Any]]:
        """The lines that were declared."""
        return [line for line in self.lines if line["number"]]

    @property
    def refused(self) -> list[Mapping[str, Any]]:
        """The lines that were not."""
        return [line for line in self.lines if not line["number"]]


def file_for(cover: OpenCoverView, ref: str) -> FileView:
    """Return a file of a cover. Raises: OpenCoverUnknown."""
    query = select(DeclarationFile).where(
        DeclarationFile.open_cover_id == cover.id, DeclarationFile.ref == ref
    )
    row = session().execute(query).scalar_one_or_none()
    if row is None:
        raise OpenCoverUnknown
    return file_view(row)


def files_of(cover: OpenCoverView, *, limit: int = 20) -> list[FileView]:
    """Return the files of a cover, newest first."""
    query = select(DeclarationFile).where(DeclarationFile.open_cover_id == cover.id)
    rows = session().scalars(query.order_by(DeclarationFile.sent_at.desc()).limit(limit))
    return [file_view(row) for row in rows]


def file_view(row: DeclarationFile) -> FileView:
    """Return a row as a view."""
    return FileView(ref=row.ref, name=row.name, lines=row.lines, sent_at=row.sent_at)
