"""What the pages call by name is there: files, commands, addresses, settings, names in code."""

from __future__ import annotations

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import click
import pytest

from kernel.cli import House
from kernel.config import Settings
from kernel.db import Base, commands
from kernel.events import event_classes, handlers
from kernel.jobs import schedules
from kernel.manifest import load_house

ROOT = Path(__file__).parents[2]
PACKAGES = ("kernel", "search", "banking", "insurance", "marketplace")
HOMES = (
    *PACKAGES,
    "tests",
    "benchmarks",
    "art",
    "docker",
    "docs",
    "translations",
    "currencies",
    "countries",
    "languages",
    ".github",
    ".ci",
)
# Written from the classes; the test of their freshness is their test.
GENERATED = {"catalogue.md", "tables.md"}
PAGES = [
    p
    for p in (*ROOT.glob("*.md"), *sorted((ROOT / "docs").rglob("*.md")))
    if p.name not in GENERATED
]
MADE_BY_RUNNING = ("var/", "dist/")
OF_OTHERS = {"pg_dump"}
# What the walks of CONTRIBUTING make up; the test that takes them is the proof.
MADE_ON_WALKS = re.compile(r"census|XTS|xts|QZ|qz|QUILL|quill|qya")
FILE = r"\.(?:py|json|sql|js|css|html|typ|md|toml|ya?ml|lock|gz|webp|po|sh)"


def spoken(path):
    """Yield (line, word): what stands between backticks, and the lines of examples."""
    is_example = False
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("```"):
            is_example = not is_example
        elif is_example:
            yield number, line.removeprefix("$ ").partition(" #")[0].strip()
        else:
            yield from ((number, word) for word in re.findall(r"`([^`]+)`", line))


SAID = [
    (f"{path.relative_to(ROOT)}:{number}", word) for path in PAGES for number, word in spoken(path)
]
WORDS = [(where, word) for where, word in SAID if not MADE_ON_WALKS.search(word)]


@cache
def files():
    """Every file of the project, as text that begins with a slash; folders end with one."""
    found = {f"/{path.name}" for path in ROOT.iterdir() if path.is_file()}
    for home in HOMES:
        for path in (ROOT / home).rglob("*"):
            if not {"node_modules", "__pycache__", "dist"} & set(path.parts):
                found.add(f"/{path.relative_to(ROOT)}")
                found |= {f"/{folder}/" for folder in path.relative_to(ROOT).parents if folder.name}
    return sorted(found)


@cache
def is_there(path):
    """Whether a file or folder ends like this; `*` and `<name>` stand for any part."""
    ending = re.escape(path.rstrip("/").removeprefix("/"))
    ending = re.sub(r"<\w+>|\\\*", "[^/]+", ending)
    return any(re.search(rf"/{ending}/?$", found) for found in files())


@cache
def names():
    """Every name that code, templates, sheets, statements or data of the house spell."""
    kinds = {
        ".py",
        ".html",
        ".sql",
        ".js",
        ".css",
        ".json",
        ".typ",
        ".toml",
        ".yaml",
        ".yml",
        ".po",
        ".lock",
    }
    told = [ROOT / "pyproject.toml", ROOT / "Makefile", ROOT / "requirements-dev.lock"]
    told += [ROOT / path[1:] for path in files() if Path(path).suffix in kinds]
    return {
        word
        for path in told
        if path.is_file()
        for word in re.findall(r"\w+", path.read_text(encoding="utf-8"))
    }


def test_files_and_folders_are_where_the_pages_say():
    looks_like_one = re.compile(rf"[a-z_.*][\w.*<>-]*(?:/[\w.*<>-]+)+/?|[\w.*<>-]+{FILE}|[a-z]+/")
    gone = []
    for where, word in WORDS:
        if not looks_like_one.fullmatch(word) or word.startswith(MADE_BY_RUNNING):
            continue
        package, _, rest = word.partition("/")
        module, _, name = word.rpartition(".")
        ways = (word, f"{word}.py", f"{package}/templates/{rest}")
        is_name_in_file = is_there(f"{module}.py") and name in names()
        if not is_name_in_file and not any(is_there(way) for way in ways):
            gone.append((where, word))
    assert gone == []


def calls(program):
    """Yield (where, arguments) for each time that pages say how to call a program."""
    for where, word in WORDS:
        said = word.replace(".venv/bin/", "")
        if said.startswith(f"{program} "):
            yield where, said.split()[1:]


def test_commands_and_their_options_exist():
    house = House()
    context = click.Context(house)
    wrong = []
    for where, (name, *rest) in calls("entrepot"):
        command = house.get_command(context, name)
        if isinstance(command, click.Group) and rest and re.fullmatch(r"[a-z-]+", rest[0]):
            command = command.get_command(context, rest[0])
        known = {option for p in command.params for option in p.opts} if command else set()
        options = {o.strip("[]") for o in rest if o.strip("[]").startswith("--")}
        if command is None or options - known:
            wrong.append((where, name, *rest))
    assert wrong == []


def test_make_has_the_targets_and_the_settings_that_pages_name():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    settings = set(re.findall(r"\$\((?:if \$\()?([A-Z]+)", makefile))
    wrong = []
    for where, arguments in calls("make"):
        target, *given = [a for a in arguments if not a.startswith("-")]
        if target not in targets or {g.partition("=")[0] for g in given if "=" in g} - settings:
            wrong.append((where, arguments))
    assert wrong == []


def test_modules_that_are_run_by_name_exist():
    run = [(where, a[a.index("-m") + 1]) for where, a in calls("python") if "-m" in a]
    assert run
    assert [(where, module) for where, module in run if find_spec(module) is None] == []


def parts_of(address):
    """An address as parts, where `*` is anything: of a rule's converter, `<name>` or `…`."""
    address = re.sub(r"<[^>]+>|…", "*", address.partition("?")[0].partition("#")[0])
    return [part for part in address.split("/") if part]


def leads_to(said, rule):
    """Whether an address that pages say is one of a rule's, its beginning, or its end."""
    wanted, there = parts_of(said), parts_of(rule)
    if wanted[:1] == ["*"] and said.startswith("…"):
        wanted = wanted[1:]
        there = there[len(there) - len(wanted) :]
    if rule.startswith("/<lang>") and wanted[:1] not in (["*"], ["en"]):
        there = there[1:]
    if said.endswith(("/", "…")):
        there = there[: len(wanted)]
    return len(wanted) == len(there) and all(map(is_part, wanted, there))


def is_part(said, there):
    """Whether a part of an address may be what pages say: `<id>.xml` of any `*.xml`, say."""
    return re.fullmatch(re.escape(there).replace(r"\*", ".+"), said) is not None


def test_addresses_are_those_of_pages(app):
    rules = [rule.rule for rule in app.url_map.iter_rules()]
    address = re.compile(r"(?:(?:GET|POST) )?((?:/|…/)[\w/<>….=?&@-]*)")
    said = [(where, address.fullmatch(word)) for where, word in WORDS]
    gone = [
        (where, found[1])
        for where, found in said
        if found
        and not re.match(r"/(proc|tmp)\b", found[1])
        and not any(leads_to(found[1], rule) for rule in rules)
    ]
    assert gone == []


def test_settings_are_those_that_are_read():
    known = {f"ENTREPOT_{name.upper()}" for name in Settings.__dataclass_fields__}
    said = [(where, s) for where, word in WORDS for s in re.findall(r"\bENTREPOT_[A-Z_]+\b", word)]
    assert said
    assert [(where, setting) for where, setting in said if setting not in known] == []


@pytest.fixture(scope="module")
def known_by_name(app):
    """What is stored or asked under a name of its own: columns, endpoints, events, rights."""
    packages = load_house()
    tables = Base.metadata.tables.values()
    columns = {f"{table.name}.{column.name}" for table in tables for column in table.columns}
    rights = {right.value for package in packages for right in package.permissions or ()}
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    settings = {f"ENTREPOT_{name.upper()}" for name in Settings.__dataclass_fields__}
    stored = {*event_classes(), *handlers(), *schedules(), *commands()}
    return columns | rights | endpoints | settings | stored | OF_OTHERS


@cache
def rooms():
    return {path.split("/")[-2] for path in files() if path.endswith("/__init__.py")}


def is_spelled(said):
    """Whether a name stands in code; where it begins with a room, its file must be in that room."""
    *before, last = said.split(".")
    if not before or before[0] not in rooms():
        # A test by its sentence; the last of a numbered series by its first.
        others = {f"test_{last}", re.sub(r"\d+$", "0", last)}
        return {*before, last} <= names() or bool(others & names())
    inner = "/".join(before)
    if any(is_there(path) for path in (f"{inner}/{last}", f"{inner}/{last}.py")):
        return True
    return last in names() and any(is_there(path) for path in (f"{inner}.py", inner))


def test_names_in_code_are_spelled_as_they_are(known_by_name):
    said = [(where, re.sub(r"\(.*\)$|\.\*$", "", word)) for where, word in WORDS]
    assert [
        (where, name)
        for where, name in said
        if re.fullmatch(r"[A-Za-z_]\w*(\.\w+)*", name)
        and name not in known_by_name
        and not is_spelled(name)
    ] == []


# In code and in files that others copy a place stands without backticks.
PLACE = re.compile(
    r"(?<![\w/.{-])((?:docker|docs)/[\w./-]*\w"
    r"|(?:kernel|banking|insurance|search|marketplace|tests)/[\w/]+\.(?:py|sql|sh|toml))"
)
# Migrations say what was true when they were written, and tests what could be.
ELSEWHERE = ("kernel/migrations/versions/", "tests/")


def test_a_place_that_code_speaks_of_is_there():
    kinds = {".py", ".sql", ".yaml", ".yml", ".ini", ".cfg", ".toml", ".sh"}
    gone = []
    for name in (one.removeprefix("/") for one in files()):
        if Path(name).suffix not in kinds or name.startswith(ELSEWHERE):
            continue
        for number, line in enumerate((ROOT / name).read_text(encoding="utf-8").splitlines(), 1):
            gone += [
                f"{name}:{number} {word}"
                for word in PLACE.findall(line)
                if not (ROOT / word).exists() and not MADE_ON_WALKS.search(word)
            ]
    assert not gone, "\n".join(gone)
