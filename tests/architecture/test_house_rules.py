"""The house rules that no linter knows."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from kernel.errors import concrete_errors
from kernel.events import event_classes, handlers
from kernel.jobs import QUEUES, TIMEOUTS, schedules
from kernel.plug import load_house

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("kernel", "banking", "insurance", "search", "marketplace")
OPEN_TO_ROOMS = {"service", "queries", "events", "errors"}
BANNED_NAMES = {"utils", "helpers", "common", "misc", "manager"}

SOURCES = sorted(p for package in PACKAGES for p in (ROOT / package).rglob("*.py"))
IDS = [str(p.relative_to(ROOT)) for p in SOURCES]


def imports_of(path: Path) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found += [f"{node.module}.{alias.name}" for alias in node.names]
    return found


@pytest.mark.parametrize("path", SOURCES, ids=IDS)
def test_rooms_use_each_others_doors_only(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    if parts[0] == "kernel" or len(parts) < 3:
        return
    package, room, file = parts[0], parts[1], parts[2]
    for name in imports_of(path):
        target = name.split(".")
        if target[0] != package or len(target) < 3 or target[1] == room:
            continue
        if not (ROOT / package / target[1]).is_dir():
            continue
        open_doors = OPEN_TO_ROOMS | ({"models"} if file == "queries" else set())
        assert target[2] in open_doors, f"{'.'.join(parts)} reaches into {name}"


@pytest.mark.parametrize("path", SOURCES, ids=IDS)
def test_only_the_database_module_commits(path):
    if path == ROOT / "kernel" / "db.py":
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            assert node.func.attr not in {"commit", "rollback"}, f"line {node.lineno}"


@pytest.mark.parametrize("path", SOURCES, ids=IDS)
def test_files_have_names_that_say_something_and_fit_a_reader(path):
    assert path.stem not in BANNED_NAMES
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


@pytest.mark.parametrize("path", [p for p in SOURCES if p.name == "views.py"],
                         ids=[i for i in IDS if i.endswith("views.py")])  # fmt: skip
def test_views_are_thin(path):
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            body = [n for n in node.body if not isinstance(n, ast.Expr)]
            length = (node.end_lineno or 0) - (body[0].lineno if body else node.lineno) + 1
            assert length <= 18, f"{node.name} has {length} lines"


# What they change is no row: who is signed in here, and how this browser wants its pages.
WITHOUT_A_COMMAND = {"enter", "choose_settings"}


@pytest.mark.parametrize("path", [p for p in SOURCES if p.name in {"views.py", "rest.py"}],
                         ids=lambda p: str(p.relative_to(ROOT)))  # fmt: skip
def test_every_post_calls_exactly_one_command_in_its_actors_name(path):
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        called = [d.func.attr for d in getattr(node, "decorator_list", ())
                  if isinstance(d, ast.Call) and isinstance(d.func, ast.Attribute)]  # fmt: skip
        if {"post", "put", "patch", "delete"} & set(called) and node.name not in WITHOUT_A_COMMAND:
            calls = [c for c in ast.walk(node) if isinstance(c, ast.Call)]
            commands = [c for c in calls if any(k.arg == "actor" for k in c.keywords)]
            assert len(commands) == 1, f"{node.name} calls {len(commands)}"


def test_every_function_fits_on_a_screen():
    long = []
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                length = (node.end_lineno or 0) - node.lineno + 1
                if length > 40:
                    long.append(f"{path.relative_to(ROOT)}:{node.name} {length}")
    assert long == []


def test_error_codes_are_unique():
    seen: dict[str, type] = {}
    for plug in load_house():
        plug.load_blueprints()
    for cls in concrete_errors():
        if "code" in vars(cls):
            assert seen.setdefault(cls.code, cls) is cls, f"{cls} shares {cls.code}"


def test_no_error_event_or_permission_lies_idle():
    plugs = load_house()
    for plug in plugs:
        plug.load_blueprints()
    told = "\n".join(p.read_text(encoding="utf-8") for p in SOURCES if p.name != "permissions.py")
    ours = [c for c in concrete_errors() if c.__module__.partition(".")[0] in PACKAGES]
    published = [c for c in event_classes().values() if not c.__module__.startswith("tests")]
    idle = [c for c in ours if len(re.findall(rf"\b{c.__name__}\b", told)) < 2]
    idle += [c for c in published if not re.search(rf"\b{c.__name__}\(\s*\w+=", told)]
    assert idle == []
    rights = [right for plug in plugs for right in plug.permissions or ()]
    assert [r for r in rights if not re.search(rf"\bPermission\.{r.name}\b", told)] == []


def test_events_are_named_after_their_package():
    load_house()
    for name, cls in event_classes().items():
        package = cls.__module__.split(".")[0]
        if package != "tests":
            assert re.fullmatch(rf"{package}\.[a-z_]+\.[a-z_]+\.v\d+", name), name


def test_every_queue_has_a_worker_and_a_time_limit():
    compose = (ROOT / "docker" / "compose.yaml").read_text(encoding="utf-8")
    used = {h.queue for h in handlers().values()} | {s.queue for s in schedules().values()}
    assert used <= set(QUEUES)
    assert set(TIMEOUTS) == set(QUEUES)
    for queue in QUEUES:
        assert re.search(rf"--queues[\s\S]*?\b{queue}\b", compose), f"nobody serves {queue}"


def test_every_view_says_who_may_enter(app):
    for name, view in app.view_functions.items():
        assert hasattr(view, "permission"), name


def test_the_house_reads_nothing_outside_itself():
    for path in [*SOURCES, *ROOT.glob("tests/**/*.py"), ROOT / "Makefile", ROOT / ".ci/run"]:
        if path == Path(__file__):
            continue
        assert "../shared" not in path.read_text(encoding="utf-8"), path
