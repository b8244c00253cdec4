"""Gathers every marked sentence, brings the catalogues up to date and proves them sound.

`python -m kernel.web.message_catalogues update` after marking sentences lists what is not
translated; that blocks a release (`release`), not a change (`check`). `todo LANGUAGE` lists as JSON
what a translator has to do, `fill LANGUAGE FILE` takes it back.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import cast

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from kernel.locking import alone
from kernel.manifest import packages
from kernel.web.locales import babel_locale
from kernel.web.preferences import LANGUAGES

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "translations"

_KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "N_": None,
    "NP_": (1, 2),
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
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
_PARTED = re.compile(r"\w[ \u00a0][?!;:](?=\s|$)|«[ \u00a0]|[ \u00a0]»")
_MARKUP = re.compile(r"</?[a-z][^>]*>")

# So many sentences of a language are shown when a list of them is printed.
_SHOWN = 10

# What the plural forms of a catalogue are called, by how many a language has.
FORMS = {
    1: ["other"],
    2: ["one", "other"],
    6: ["zero", "one", "two", "few", "many", "other"],
}

MsgKey = tuple[str, str | None]


def path_of(locale: str) -> Path:
    """Return where a language's catalogue lies."""
    return FOLDER / locale.replace("-", "_") / "LC_MESSAGES" / "messages.po"


def extract() -> Catalog:
    """Return every marked sentence of the house, with where it stands."""
    messages = Catalog(project="Entrepôt", charset="utf-8", fuzzy=False)
    for package in packages():
        folder = ROOT / package
        for name, line, message, comments, context in extract_from_dir(
            folder,
            method_map=_METHODS,
            options_map=_OPTIONS,
            keywords=_KEYWORDS,
            comment_tags=("i18n:",),
            strip_comment_tags=True,
        ):
            place = (f"{package}/{Path(name).as_posix()}", line)
            messages.add(message, None, [place], auto_comments=comments, context=context)
    return messages


def read(locale: str) -> Catalog:
    """Return a language's catalogue as it stands."""
    path = path_of(locale)
    if not path.exists():
        return Catalog(locale=babel_locale(locale), project="Entrepôt", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=str(babel_locale(locale)))


def update(locale: str, marked: Catalog) -> None:
    """Write the catalogue with exactly the marked sentences, translations kept, none guessed.

    English words that were edited are kept like a translation, others follow the sentence in code.
    """
    old = read(locale)
    new = Catalog(
        locale=babel_locale(locale),
        project="Entrepôt",
        charset="utf-8",
        fuzzy=False,
        creation_date=old.creation_date,
        revision_date=old.revision_date,
    )
    # Babel's own order of Arabic's forms is another than that of CLDR, whose names they go by here.
    new.mime_headers = [("Plural-Forms", old.plural_forms)]
    for message in _sentences(marked):
        previous = old.get(_first(message), message.context)
        words = previous.string if previous is not None and _fits(previous, message) else None
        if locale == "en" and (previous is None or not words or _is_unedited(previous)):
            words = message.id
        new.add(
            message.id,
            words or None,
            _places(message),
            auto_comments=message.auto_comments,
            context=message.context,
        )
    _write(locale, new)


def _fits(kept: Message, message: Message) -> bool:
    """Whether what was translated still has as many forms as its language wants."""
    return isinstance(kept.string, tuple | list) == bool(message.pluralizable)


def _is_unedited(english: Message) -> bool:
    return is_lacking(english) or english.string == english.id


def _places(message: Message) -> list[tuple[str, int]]:
    """Return the files alone: line numbers would change with every commit."""
    return [(name, 0) for name in sorted({name for name, _ in message.locations})]


def words_of(message: Message) -> tuple[str | None, ...]:
    """Return the translations of a sentence: one, or one for each plural form."""
    words = message.string
    return tuple(words) or (None,) if isinstance(words, tuple | list) else (words,)


def _sentences(messages: Catalog) -> Iterator[Message]:
    return (message for message in messages if message.id)


def _first(message: Message) -> str:
    return str(message.id[0] if isinstance(message.id, tuple | list) else message.id)


def is_lacking(message: Message) -> bool:
    """Whether a sentence is not translated, or not in every plural form."""
    return not all(words_of(message))


def complaints(locale: str, marked: Catalog | None = None) -> list[str]:
    """Return what is wrong with a catalogue; a sentence that is not translated is not wrong."""
    wanted = {(_first(m), m.context): m for m in _sentences(marked or extract())}
    messages = read(locale)
    present = {(_first(m), m.context): m for m in _sentences(messages)}
    wrong = [f"not gathered: {key[0]}" for key in wanted.keys() - present.keys()]
    wrong += [f"no longer said: {key[0]}" for key in present.keys() - wanted.keys()]
    for key in wanted.keys() & present.keys():
        wrong += faults(present[key], messages.num_plurals)
        if locale == "fr":
            forms = words_of(present[key])
            wrong += [f"a sign may fall off: {key[0]}" for form in forms if parted(form or "")]
    return sorted(wrong)


def parted(french: str) -> bool:
    """Whether a double sign or a quotation mark stands behind a space that a line may break at.

    French writes a narrow no-break space there (U+202F), as CLDR does.
    """
    return bool(_PARTED.search(french))


def faults(message: Message, plurals: int) -> Iterator[str]:
    """Yield what is wrong with one translation into a language of so many plural forms."""
    forms = words_of(message)
    named = _first(message)
    if message.fuzzy:
        yield f"uncertain: {named}"
    if message.pluralizable and any(forms) and len(forms) != plurals:
        yield f"{len(forms)} plural forms: {named}"
    ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
    for form in forms:
        if form and not _same_values(ids, form, plural=bool(message.pluralizable)):
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


def untranslated(locale: str) -> list[dict[str, object]]:
    """Return what a translator has to do: sentence, context, where it stands, forms wanted.

    Shape: id is the sentence or [one, many]; str is to be filled: a text, or a list of plural forms
    in the order that `forms` names.
    """
    messages = read(locale)
    return [
        {
            "id": list(message.id) if message.pluralizable else message.id,
            "context": message.context,
            "places": sorted({name for name, _ in message.locations}),
            "comments": message.auto_comments,
            **({"forms": FORMS[messages.num_plurals]} if message.pluralizable else {}),
            "str": "",
        }
        for message in _sentences(messages)
        if is_lacking(message)
    ]


def lacks(locale: str) -> list[str]:
    """Return what is not translated, each sentence behind the first file it stands in."""
    return [_told(entry) for entry in untranslated(locale)]


def _told(entry: dict[str, object]) -> str:
    given, places = entry["id"], cast("list[str]", entry["places"])
    sentence = given[-1] if isinstance(given, list) else given
    return f"{places[0] if places else ''}: {sentence}"


def fill(locale: str, entries: list[dict[str, object]]) -> list[str]:
    """Put translations into a catalogue, over what stood there; return what was wrong with some."""
    messages, wrong = read(locale), []
    for entry in entries:
        given = entry["id"]
        first = given[0] if isinstance(given, list) else given
        message = messages.get(str(first), cast("str | None", entry.get("context")))
        if message is None:
            wrong.append(f"nobody says: {first}")
            continue
        words = entry["str"]
        message.string = tuple(words) if isinstance(words, list) else cast("str", words)
        wrong += faults(message, messages.num_plurals)
        wrong += [f"not translated: {first}"] if is_lacking(message) else []
    _write(locale, messages)
    return wrong


def _write(locale: str, messages: Catalog) -> None:
    path = path_of(locale)
    path.parent.mkdir(parents=True, exist_ok=True)
    out = BytesIO()
    write_po(out, messages, width=100, sort_output=True, omit_header=False, include_lineno=False)
    path.write_bytes(out.getvalue())


@click.group()
def main() -> None:
    """Bring the catalogues up to date, or check them."""


@main.command("update")
def update_all() -> None:
    """Gather the sentences, rewrite every language's catalogue and list what is not translated."""
    marked = extract()
    with alone(FOLDER / ".lock"):  # several translators work at once
        for locale in LANGUAGES.values():
            update(locale, marked)
    for locale in LANGUAGES.values():
        _show_lacking(locale)


def _show_lacking(locale: str) -> int:
    """Print how many and which sentences a language lacks; return how many."""
    lacking = lacks(locale)
    click.echo(f"{locale}: {len(lacking)} not translated")
    for sentence in lacking[:_SHOWN]:
        click.echo(f"   {sentence}")
    if len(lacking) > _SHOWN:
        click.echo(f"   and {len(lacking) - _SHOWN} more, all of them in `todo {locale}`")
    return len(lacking)


@main.command()
@click.argument("locale", type=click.Choice(list(LANGUAGES.values())))
def todo(locale: str) -> None:
    """Print what is not translated yet, as JSON."""
    click.echo(json.dumps(untranslated(locale), ensure_ascii=False, indent=1))


@main.command("fill")
@click.argument("locale", type=click.Choice(list(LANGUAGES.values())))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def fill_in(locale: str, file: Path) -> None:
    """Take a file in the shape that `todo` prints; status 1 when a translation is wrong."""
    entries = [e for e in json.loads(file.read_text(encoding="utf-8")) if e["str"]]
    with alone(FOLDER / ".lock"):  # several translators work at once
        wrong = fill(locale, entries)
    click.echo("\n".join([*wrong, f"{len(entries)} sentences of {locale} written."]))
    sys.exit(bool(wrong))


@main.command()
def check() -> None:
    """Say what is wrong; status 1 when anything is. What is not translated does not count."""
    sys.exit(_show_faults())


@main.command()
def release() -> None:
    """Say what is wrong or not translated; status 1 when anything is."""
    is_wrong = _show_faults()
    lacking = [_show_lacking(locale) for locale in LANGUAGES.values()]
    sys.exit(is_wrong or any(lacking))


def _show_faults() -> bool:
    marked = extract()
    wrong = [f"{tag}: {fault}" for tag in LANGUAGES.values() for fault in complaints(tag, marked)]
    for fault in wrong:
        click.echo(fault)
    return bool(wrong)


if __name__ == "__main__":
    main()
