"""Gathers every marked sentence, brings the catalogues up to date and proves them complete.

`python -m kernel.web.catalogues update` after marking sentences; `check` is what the tests run.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from kernel.web.locales import babel_locale
from kernel.web.preferences import LANGUAGES, OFFERED

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "translations"
PACKAGES = ("kernel", "banking", "insurance", "search", "marketplace")

_KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None, "gettext": None, "N_": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip
_METHODS = [
    ("**.py", "python"),
    ("**/templates/**.html", "jinja2"),
    ("**/templates/**.txt", "jinja2"),
]
_OPTIONS = {
    # Not silent: a template that cannot be read would take its sentences out of the catalogue.
    pattern: {"trimmed": "true", "silent": "false", "extensions": "jinja2.ext.do"}
    for pattern, method in _METHODS
    if method == "jinja2"
}

_PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]|%%")
_MARKUP = re.compile(r"</?[a-z][^>]*>")

MsgKey = tuple[str, str | None]


def path_of(locale: str) -> Path:
    """Return where a language's catalogue lies."""
    return FOLDER / locale.replace("-", "_") / "LC_MESSAGES" / "messages.po"


def extract() -> Catalog:
    """Return every marked sentence of the house, with where it stands."""
    found = Catalog(project="Entrepôt", charset="utf-8", fuzzy=False)
    for package in PACKAGES:
        folder = ROOT / package
        for name, line, message, comments, context in extract_from_dir(
            folder, method_map=_METHODS, options_map=_OPTIONS, keywords=_KEYWORDS,
            comment_tags=("i18n:",), strip_comment_tags=True,
        ):  # fmt: skip
            place = (f"{package}/{Path(name).as_posix()}", line)
            found.add(message, None, [place], auto_comments=comments, context=context)
    return found


def read(locale: str) -> Catalog:
    """Return a language's catalogue as it stands."""
    path = path_of(locale)
    if not path.exists():
        return Catalog(locale=babel_locale(locale), project="Entrepôt", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=str(babel_locale(locale)))


def update(locale: str, marked: Catalog) -> None:
    """Write the catalogue with exactly the marked sentences, translations kept, none guessed."""
    old = read(locale)
    new = Catalog(
        locale=babel_locale(locale), project="Entrepôt", charset="utf-8", fuzzy=False,
        creation_date=old.creation_date, revision_date=old.revision_date,
    )  # fmt: skip
    for message in _sentences(marked):
        kept = old.get(_first(message), message.context)
        words = kept.string if kept is not None else ""
        if locale == "en":
            words = message.id
        fits = isinstance(words, tuple | list) == bool(message.pluralizable)
        new.add(
            message.id, words if fits and words else None, _places(message),
            auto_comments=message.auto_comments, context=message.context,
        )  # fmt: skip
    path = path_of(locale)
    path.parent.mkdir(parents=True, exist_ok=True)
    out = BytesIO()
    write_po(out, new, width=100, sort_output=True, omit_header=False, include_lineno=False)
    path.write_bytes(out.getvalue())


def _places(message: Message) -> list[tuple[str, int]]:
    """Return the files alone: line numbers would change with every commit."""
    return [(name, 0) for name in sorted({name for name, _ in message.locations})]


def _sentences(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def _first(message: Message) -> str:
    return str(message.id[0] if isinstance(message.id, tuple | list) else message.id)


def complaints(locale: str, marked: Catalog | None = None) -> list[str]:
    """Return what is wrong with a catalogue, nothing when it is complete."""
    wanted = {(_first(m), m.context): m for m in _sentences(marked or extract())}
    present = {(_first(m), m.context): m for m in _sentences(read(locale))}
    found = [f"missing: {key[0]}" for key in wanted.keys() - present.keys()]
    found += [f"no longer said: {key[0]}" for key in present.keys() - wanted.keys()]
    for key in wanted.keys() & present.keys():
        found += faults(present[key], babel_locale(locale).plural_form)
    return sorted(found)


def faults(message: Message, rule: object) -> Iterator[str]:
    """Yield what is wrong with one translation."""
    forms = message.string if isinstance(message.string, tuple | list) else (message.string,)
    named = _first(message)
    if message.fuzzy:
        yield f"uncertain: {named}"
    if message.pluralizable and len(forms) != len(getattr(rule, "tags", ())) + 1:
        yield f"{len(forms)} plural forms: {named}"
    ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
    for form in forms:
        if not form:
            yield f"not translated: {named}"
        elif not _same_values(ids, form, plural=bool(message.pluralizable)):
            yield f"other placeholders or markup: {named}"


def _same_values(ids: tuple[str, ...] | list[str], form: str, *, plural: bool) -> bool:
    """Whether a translation holds the placeholders and tags of its sentence.

    A plural form for one or two things may leave the figure out, as English does.
    """
    wanted = sorted(_PLACEHOLDER.findall(ids[-1]))
    given = sorted(_PLACEHOLDER.findall(form))
    if plural:
        wanted, given = ([n for n in names if n != "num"] for names in (wanted, given))
        missing_figure = set(given) <= set(wanted) and len(wanted) - len(given) <= 1
        same = given == wanted or missing_figure
    else:
        same = given == wanted
    return same and sorted(_MARKUP.findall(ids[-1])) == sorted(_MARKUP.findall(form))


@click.group()
def main() -> None:
    """Bring the catalogues up to date, or check them."""


@main.command("update")
def update_all() -> None:
    """Gather the sentences and rewrite every offered language's catalogue."""
    marked = extract()
    for tag in OFFERED:
        update(LANGUAGES[tag], marked)


@main.command()
def check() -> None:
    """Say what is missing; status 1 when anything is."""
    marked = extract()
    found = [f"{tag}: {fault}" for tag in OFFERED for fault in complaints(LANGUAGES[tag], marked)]
    click.echo("\n".join(found))
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
