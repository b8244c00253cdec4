"""Whether anything that the house hands out was made by a text that somebody stored."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator

from lxml import etree, html
from pypdf import PdfReader
from pypdf.errors import PdfReadError

from tests.sweeps.house import Answer
from tests.sweeps.storing import MARKS, RESULT

# What a spreadsheet takes a formula to begin with, its wide forms too.
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# Embeddings, overrides and isolates that nobody ends: they would turn the rest of a page.
_OVERRIDES = "\u202d\u202e"
_KINDS = {
    "csv": "text/csv",
    "json": "application/json",
    "xml": "text/xml",
    "pdf": "application/pdf",
}
_LINKS = ("href", "src", "action", "formaction")


def words_of(answer: Answer) -> str:
    """Return what an answer says, whatever kind it is of."""
    return "\n".join(_said(kind, body) for kind, body in _files(answer.kind, answer.body))


def faults_of(answer: Answer, *, is_own: bool = False) -> Iterator[str]:
    """Yield what is wrong with an answer, whatever kind it is of.

    What is its own typist's alone may turn direction, in the field where it was typed.
    """
    if answer.is_broken:
        yield f"{answer.status} {' '.join(answer.logged)[-800:]}"
        return
    for kind, body in _files(answer.kind, answer.body):
        said = _said(kind, body)
        if RESULT in said:
            yield "a template ran"
        if kind == "text/html":
            yield from faults_of_page(said)
            yield from () if is_own else _turns(said)
        elif kind == "text/csv":
            yield from _faults_of_table(said)
        elif kind.endswith("json"):
            yield from _faults_of_json(said)
        elif kind.endswith("xml"):
            yield from _faults_of_xml(body)


def faults_of_letter(subject: str, plain: str, page: str) -> Iterator[str]:
    """Yield what is wrong with a letter: its head, its text and its page."""
    if "\n" in subject or "\r" in subject:
        yield f"a subject of several lines: {subject!r}"
    if RESULT in subject + plain:
        yield f"a template ran in its text: {plain!r}"
    yield from faults_of_page(page)
    yield from _turns(page)


def faults_of_page(page: str) -> Iterator[str]:
    """Yield each element or attribute of a page that a stored text made."""
    for element in html.document_fromstring(page).iter(etree.Element):
        names = [str(element.tag), *map(str, element.attrib)]
        if any(MARKS.search(name) for name in names) or "onerror" in element.attrib:
            yield f"an element or attribute of its own: {etree.tostring(element)[:200]!r}"
        if any(str(element.get(link, "")).lower().startswith("javascript:") for link in _LINKS):
            yield f"a link that is a script: {etree.tostring(element)[:200]!r}"
        if element.tag == "script" and MARKS.search(element.text or ""):
            yield from _faults_of_json(element.text)  # any other script holds no text of people


def _turns(page: str) -> Iterator[str]:
    for sign in _OVERRIDES:
        if sign in page:
            at = page.find(sign)
            yield f"a turn of direction: {page[max(0, at - 120) : at + 20]!r}"


def _files(kind: str, body: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield a file, or those of an archive, with their kinds."""
    if kind != "application/zip":
        yield kind, body
        return
    archive = zipfile.ZipFile(io.BytesIO(body))
    for name in archive.namelist():
        yield _KINDS.get(name.rpartition(".")[2], "text/plain"), archive.read(name)


def _said(kind: str, body: bytes) -> str:
    if kind == "application/pdf":
        try:
            return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)
        except PdfReadError:
            return ""  # what somebody sent in is handed to an officer as it came
    return body.decode("utf-8", "replace") if kind.partition("/")[0] != "image" else ""


def _faults_of_json(said: str) -> Iterator[str]:
    """Yield what makes a text no JSON, or lets a stored text be anything but a string."""

    def refuse(name: str) -> None:
        raise ValueError(name)

    try:
        told = json.loads(said, parse_constant=refuse)
    except ValueError as error:
        yield f"no JSON: {error}"
    else:
        yield from (f"a key of its own: {key[:80]}" for key in _keys(told) if MARKS.search(key))


def _keys(told: object) -> Iterator[str]:
    if isinstance(told, dict):
        yield from told
    for part in told.values() if isinstance(told, dict) else told if isinstance(told, list) else ():
        yield from _keys(part)


def _faults_of_table(said: str) -> Iterator[str]:
    lines = io.StringIO(said.removeprefix("\ufeff"), newline="")
    try:
        rows = list(csv.reader(lines, strict=True))
    except csv.Error as error:
        yield f"no table: {error}"
        return
    for cell in (cell for row in rows for cell in row):
        if MARKS.search(cell) and cell.startswith(_FORMULAS):
            yield f"a formula in a table: {cell[:60]!r}"
    if len({len(row) for row in rows if row}) > 1 and MARKS.search(said):
        yield f"rows of different lengths: {sorted({len(row) for row in rows})}"


def _faults_of_xml(body: bytes) -> Iterator[str]:
    try:
        root = etree.fromstring(body)
    except etree.XMLSyntaxError as error:
        yield f"no XML: {error}"
        return
    for element in root.iter(etree.Element):
        if any(MARKS.search(str(name)) for name in (element.tag, *element.attrib)):
            yield f"an element of its own: {element.tag}"
