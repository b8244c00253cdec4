"""What is sent on the page of payment files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from werkzeug.datastructures import FileStorage

from banking.transferring.bulk.queries import terms
from kernel.text import N_
from kernel.web import Reader


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it came."""

    content: bytes
    name: str
    key: UUID

    @classmethod
    def parse(cls, form: Mapping[str, str], files: Mapping[str, FileStorage]) -> Sent:
        """Read the form. Raises: Invalid. A file that is too large is not read to its end."""
        reader = Reader(form)
        key, sent = reader.uuid("key"), files.get("file")
        content = sent.stream.read(terms().most_bytes + 1) if sent and sent.filename else b""
        if not content:
            reader.complain("file", N_("Choose a payment file first."))
        reader.done()
        name = (sent.filename or "") if sent else ""
        return cls(content, "".join(sign for sign in name if sign.isprintable()), key)


def place(typed: str) -> tuple[int, int]:
    """Return after which line of which group to go on, the beginning for anything else."""
    group, _, line = typed.partition("-")
    if not (group.isdecimal() and line.isdecimal() and len(typed) < 16):
        return 0, 0
    return int(group), int(line)
