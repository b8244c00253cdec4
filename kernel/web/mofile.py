"""A compiled catalogue (MO file) that stays on disk: a sentence is read when it is first said.

`gettext` takes a whole catalogue into memory, more than a mebibyte for each language in every
process. Here the file is mapped: all processes share it, and each keeps what it has said.
Source: GNU gettext manual, "The Format of GNU MO Files".
"""

from __future__ import annotations

import mmap
import re
import struct
from array import array
from bisect import bisect_left
from functools import lru_cache
from gettext import NullTranslations, c2py
from pathlib import Path

_HEAD = struct.Struct("=5I")  # magic number, revision, count, where originals and translations are
_PLACE = struct.Struct("=2I")  # length and offset of a text
_MAGIC = 0x950412DE
_PLURAL = re.compile(r"^Plural-Forms:.*?\bplural=([^;\n]+)", re.MULTILINE)
_CONTEXT = "\x04"


class _Said(dict[str, str]):
    """What a process has said so far, by the words that were asked for."""

    def __init__(self, file: MappedMessageCatalogue) -> None:
        super().__init__()
        self._file = file

    def __missing__(self, wanted: str) -> str:
        text = self._file.read(wanted)
        self[wanted] = text
        return text


class _Counted(dict[tuple[str, str], list[str]]):
    """The plural forms a process has said so far, by both forms that were asked for."""

    def __init__(self, file: MappedMessageCatalogue) -> None:
        super().__init__()
        self._file = file

    def __missing__(self, wanted: tuple[str, str]) -> list[str]:
        text = self._file.read("\0".join(wanted))
        self[wanted] = forms = text.split("\0") if text else []
        return forms


class MappedMessageCatalogue(NullTranslations):
    """The sentences of a language; what it lacks is said by its fallback, without one as it is.

    Errors: ValueError for a file that is no catalogue written on a machine of this byte order.
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        with path.open("rb") as file:
            self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        magic, _, count, self._originals, self._translations = _HEAD.unpack_from(self._bytes)
        if magic != _MAGIC:
            raise ValueError(f"{path} is no catalogue")
        # Whoever wrote the file may have sorted it by something else than its bytes.
        self._order = array("I", sorted(range(count), key=self._original))
        plural = _PLURAL.search(self.read(""))
        self._form = lru_cache(c2py(plural.group(1) if plural else "n != 1"))
        self._said = _Said(self)
        self._counted = _Counted(self)

    def _text(self, table: int, number: int) -> bytes:
        length, offset = _PLACE.unpack_from(self._bytes, table + number * _PLACE.size)
        return self._bytes[offset : offset + length]

    def _original(self, number: int) -> bytes:
        return self._text(self._originals, number)

    def read(self, wanted: str) -> str:
        """Return what stands in the file for an original, or nothing; NUL parts plural forms."""
        original = wanted.encode()
        at = bisect_left(self._order, original, key=self._original)
        if at == len(self._order) or self._original(self._order[at]) != original:
            return ""
        return self._text(self._translations, self._order[at]).decode()

    def gettext(self, message: str) -> str:
        """Return a sentence."""
        return self._said[message] or super().gettext(message)

    def pgettext(self, context: str, message: str) -> str:
        """Return a sentence in one of its senses."""
        return self._said[f"{context}{_CONTEXT}{message}"] or super().pgettext(context, message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return the form of a sentence that goes with a number."""
        forms = self._counted[msgid1, msgid2]
        return forms[self._form(n)] if forms else super().ngettext(msgid1, msgid2, n)

    def npgettext(self, context: str, msgid1: str, msgid2: str, n: int) -> str:
        """Return the form that goes with a number, of a sentence in one of its senses."""
        forms = self._counted[f"{context}{_CONTEXT}{msgid1}", msgid2]
        return forms[self._form(n)] if forms else super().npgettext(context, msgid1, msgid2, n)
