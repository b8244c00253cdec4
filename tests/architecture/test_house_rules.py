"""The house rules that no linter knows."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

from kernel.db import commands
from kernel.errors import concrete_errors
from kernel.events import event_classes, handlers
from kernel.jobs import PACKED, QUEUES, TIMEOUTS, schedules
from kernel.manifest import load_house
from tests.architecture.rooms import (
    BESIDE,
    EVERY_SOURCE,
    PACKAGES,
    ROOMS,
    ROOT,
    SOURCES,
    TREES,
    room_of,
)

BANNED_NAMES = {"utils", "helpers", "common", "misc", "manager"}

VIEWS = {path: TREES[path].body for path in TREES if path.name in {"views.py", "rest.py"}}


def imports_of(tree: ast.Module) -> list[str]:
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found += [f"{node.module}.{alias.name}" for alias in node.names]
    return found


def face_of(room: tuple[str, ...]) -> set[str]:
    """Return the modules that a room opens to others: what its `__init__` lists."""
    for node in TREES[Path(*room, "__init__.py")].body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return set(ast.literal_eval(node.value))
    return set()


def reaches_in(path: Path, name: str) -> bool:
    """Whether an import goes past the door of another room of the same package."""
    here, target = room_of(path.parts), name.split(".")
    there = room_of(target)
    if here is None or there is None or there[0] != here[0] or there == here:
        return False
    open_doors = face_of(there) | ({"models"} if path.stem in {"queries", "under_way"} else set())
    return target[len(there)] not in open_doors


def test_areas_hold_rooms_and_nothing_else():
    flat = {room[0] for room in ROOMS if len(room) == 2}
    assert flat & {"banking", "insurance", "marketplace"} == set()
    areas = {room[:2] for room in ROOMS if len(room) == 3}
    assert areas & set(ROOMS) == set()


def test_rooms_use_each_others_doors_only():
    assert [
        f"{path} reaches into {name}"
        for path, tree in TREES.items()
        if path.parts[0] != "kernel" and len(path.parts) > 2
        for name in imports_of(tree)
        if reaches_in(path, name)
    ] == []


def test_rooms_open_what_somebody_enters_and_what_every_room_may_open():
    entered = {
        tuple(name.split(".")[: len(there) + 1])
        for path, tree in TREES.items()
        for name in imports_of(tree)
        if (there := room_of(name.split("."))) and there != room_of(path.parts)
    }
    always = {"service", "queries", "events", "errors"}
    for room in ROOMS:
        folder = ROOT.joinpath(*room)
        if room in {("kernel", "web"), ("kernel", "embedded"), ("kernel", "migrations")}:
            continue  # the faces of shell and servers are names, the history is read by alembic
        face = face_of(room)
        # Rules are a module or, where one would be too long, a folder.
        there = {f.stem for f in [*folder.glob("*.py"), *folder.glob("rules/")]}
        assert always & there <= face <= there, room
        assert {(*room, name) for name in face - always} <= entered, room


# Who acts, as whom, and what they may.
ABOUT_RIGHTS = re.compile(
    r"\b(actor|roles?|Role|SYSTEM|ANONYMOUS|permissions?|may|allowed|grants?)\b"
)


def test_no_assertion_decides_who_may_do_what():
    """A right is asked by an error that has a status, a sentence and a test."""
    assert [
        f"{path}:{node.lineno}: {said}"
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Assert) and ABOUT_RIGHTS.search(said := ast.unparse(node))
    ] == []


def test_only_the_database_module_commits():
    assert [
        f"{path}:{node.lineno}"
        for path, tree in TREES.items()
        if path != Path("kernel/db.py")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"commit", "rollback"}
    ] == []


def test_files_have_names_that_say_something_and_fit_a_reader():
    assert [path for path in EVERY_SOURCE if path.stem in BANNED_NAMES] == []
    lengths = {path: len(source.splitlines()) for path, source in EVERY_SOURCE.items()}
    assert {path: lines for path, lines in lengths.items() if lines > 500} == {}


def test_the_formatter_lays_out_every_line():
    """A limit is there to be noticed, not to be squeezed under."""
    away = re.compile("fmt: " + "(skip|off)")
    assert [path for path, source in EVERY_SOURCE.items() if away.search(source)] == []


def test_who_leaves_a_rule_of_the_linter_says_why():
    # A reason stands in its own line: a stranger does not look for the one it leans on.
    excuse = re.compile("# no" + r"qa\b(?!: [A-Z0-9, ]+ - (?!as (?:above|below|told)\b)\w)")
    assert [
        f"{path}:{number}"
        for path, source in EVERY_SOURCE.items()
        for number, line in enumerate(source.splitlines(), 1)
        if excuse.search(line)
    ] == []


def test_views_are_thin():
    """By statements: the formatter gives each argument a line, which makes no view thicker."""
    thick = {}
    for path, body in VIEWS.items():
        for node in body:
            if isinstance(node, ast.FunctionDef):
                parts = [part for told in node.body for part in ast.walk(told)]
                count = sum(isinstance(part, ast.stmt) for part in parts)
                thick[f"{path}:{node.name}"] = count - bool(ast.get_docstring(node))
    # Settings in cookies and where somebody goes after signing in are of the shell itself.
    most = {"choose_settings": 12, "_seat": 12}
    assert {
        name: count for name, count in thick.items() if count > most.get(name.partition(":")[2], 9)
    } == {}


def test_views_catch_nothing_and_know_no_sql():
    ready = Path("kernel/web/views.py")  # asks whether the database answers
    assert [
        f"{path}:{node.lineno}"
        for path, body in VIEWS.items()
        for tree in body
        for node in ast.walk(tree)
        if isinstance(node, ast.Try)
        or (
            isinstance(node, ast.ImportFrom)
            and (node.module or "").startswith("sqlalchemy")
            and path != ready
        )
    ] == []


# Seconds of waiting, likeness of words and shares of a way are no money.
MEASURES = {"standin", "classification.py", "journey.py"}


def test_no_float_comes_near_money():
    assert [
        f"{path}:{node.lineno}"
        for path, tree in TREES.items()
        if path.parts[0] in {"banking", "insurance", "marketplace"}
        and path.parts[1] != "demo"
        and not MEASURES & set(path.parts)
        for node in ast.walk(tree)
        if (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (isinstance(node, ast.Name) and node.id == "float")
    ] == []


def test_business_time_comes_from_the_clock_and_never_from_the_database():
    asks = re.compile(r"(?<!clock\.)\bnow\(\)|\bcurrent_(date|time|timestamp)\b", re.IGNORECASE)
    assert [
        f"{path}: {found[0]}"
        for path, source in SOURCES.items()
        if path != Path("kernel/clock.py") and (found := asks.search(source)) is not None
    ] == []


# What they change is no row: who is signed in here, how this browser wants its pages, what it
# looked at, which cover its cart shows until checkout asks for it, and how much room a form has
# that is being filled in, what it looks up meanwhile, what is only printed, and what is seen before
# it is sent.
WITHOUT_A_COMMAND = {
    "hear_breaches",
    "enter",
    "choose_settings",
    "wish_cover",
    "forget_seen",
    "veil",
    "found",
    "how_much",
    "another_owner",
    "work_out",
    "fill_column",
    "find_codes",
    "print_ticked",
    "pick",
    "batch",
    "preview_batch",
}


def test_every_post_calls_exactly_one_command_in_its_actors_name():
    wrong = []
    for path, body in VIEWS.items():
        for node in body:
            called = {
                d.func.attr
                for d in getattr(node, "decorator_list", ())
                if isinstance(d, ast.Call) and isinstance(d.func, ast.Attribute)
            }
            if called & {"post", "put", "patch", "delete"} and node.name not in WITHOUT_A_COMMAND:
                calls = [c for c in ast.walk(node) if isinstance(c, ast.Call)]
                commands = [c for c in calls if any(k.arg == "actor" for k in c.keywords)]
                if len(commands) != 1:
                    wrong.append(f"{path}:{node.name} calls {len(commands)}")
    assert wrong == []


def test_every_function_fits_on_a_screen():
    trees = TREES | {path: ast.parse(source) for path, source in BESIDE.items()}
    lengths = {
        f"{path}:{node.name}": (node.end_lineno or 0) - node.lineno + 1
        for path, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {name: length for name, length in lengths.items() if length > 60} == {}


# Asked by tests, or run by hand: `python -m`.
REACHED_FROM_OUTSIDE = {"kernel.drafting", "kernel.web.message_catalogues", "search.engine.memory"}


# Modules that the house finds in rooms by their names (kernel/manifest.py).
FOUND = {
    "models",
    "jobs",
    "views",
    "rest",
    "tiles",
    "words",
    "personal_data",
    "belongings",
    "sight",
    "under_way",
    "reportable",
    "proofs",
    "measures",
}


def test_what_registers_something_is_loaded_by_every_process():
    """A call that stands alone in a module tells another room something: it must be heard."""
    code = "import sys; from kernel.manifest import load_house; load_house(); print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True)
    loaded = set(run.stdout.decode().split())
    telling = {
        ".".join(path.with_suffix("").parts)
        for path, tree in TREES.items()
        for node in tree.body
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and re.search(r"\b(register|name|heed|record)\w*$", ast.unparse(node.value.func))
    }
    assert "banking.online.closing.service" in telling
    assert telling - loaded == set()


def test_no_file_lies_idle():
    told = "\n".join(SOURCES.values())
    imported = {name for tree in TREES.values() for name in imports_of(tree)}
    imported |= {name.rpartition(".")[0] for name in imported}
    idle = set()
    for path in SOURCES:
        module = ".".join(path.with_suffix("").parts)
        # Doors stand open whether or not somebody passes; others are found by their names.
        is_door = path.stem in {"queries", "events", "manifest", "__init__", "__main__", *FOUND}
        is_door = is_door or path.parent.name == "laws"
        if not is_door and module not in imported and not re.search(rf'\b{module}[":]', told):
            idle.add(module)
    migrations = {module for module in idle if module.startswith("kernel.migrations.")}
    assert idle - migrations == REACHED_FROM_OUTSIDE


# What calls a function that nobody names: a request, an event, the time, somebody at a terminal,
# or who watches the house.
ENTRIES = {"get", "post", "put", "patch", "delete", "route", "on", "schedule", "command", "part"}
CALLED_BY_NOBODY = {
    # gunicorn calls it, wsgi.py, and whoever takes a release back
    "kernel.web.server.pre_fork",
    "kernel.web.server.post_fork",
    "kernel.app.create_app",
    "kernel.migrate.downgrade",
    # what tests hold the house by
    "kernel.testing.engine_on",
    "kernel.testing.warm_engine_on",
    "kernel.testing.rolled_back",
    "kernel.db.counting_queries",
    "kernel.db.commands",
    "kernel.web.i18n.use_message_catalogues",
    # doors of the bank and of cover that no floor above passes so far
    "banking.merchants.escrow.service.allow_release",
    "banking.cards.purchases.queries.credits_of",
    "banking.core.ledger.service.capture",
    "banking.control.reconciliation.service.register_pair",
    "insurance.losses.claims.queries.case_reserves",
    "insurance.trade.cargo_claims.queries.reserves",
    # promised, and not yet asked for by a page: an exchange given back, prices of one's own in
    # further currencies, a quote reckoned again, goods withdrawn for good
    "banking.core.fx.service.refund_conversion",
    "marketplace.catalogue.offers.service.set_own_prices",
    "marketplace.borders.customs.service.replay",
    "marketplace.catalogue.products.service.change_status",
}


def is_entry(node):
    """Whether a decorator hands a function over to something that calls it."""
    made_by = [d.func for d in node.decorator_list if isinstance(d, ast.Call)]
    # A command of the house is decorated by the bare name; one at a terminal by click's.
    called = [
        by.attr if isinstance(by, ast.Attribute) else by.id
        for by in made_by
        if not (isinstance(by, ast.Name) and by.id == "command")
    ]
    return any(name in ENTRIES for name in called)


def names_told(tree):
    """How often code says each name.

    Lists of what a module gives away say nothing, nor do the names that things are stored under.
    """
    offers = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
    ]
    decorators = [d for n in ast.walk(tree) for d in getattr(n, "decorator_list", ())]
    offered = {
        id(part)
        for node in offers + decorators
        for part in ast.walk(node)
        if isinstance(part, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Constant) and id(node) not in offered:
            yield from re.findall(r"^[\w.]+[.:](\w+)$", str(node.value))


def test_no_function_lies_idle():
    """By its name alone: a namesake that is called hides one that is not."""
    papers = [path for name in PACKAGES for path in (ROOT / name).rglob("*.html")]
    seen = {word for path in papers for word in re.findall(r"(\w+)\(", path.read_text())}
    told = Counter(name for tree in TREES.values() for name in names_told(tree))
    nodes = [node for tree in TREES.values() for node in ast.walk(tree)]
    for alias in (a for n in nodes if isinstance(n, ast.ImportFrom) for a in n.names if a.asname):
        told[alias.name] += told[alias.asname]
    assert {
        ".".join([*path.with_suffix("").parts, node.name])
        for path, tree in TREES.items()
        if not path.is_relative_to("kernel/migrations")
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and node.name[0] != "_"
        and not is_entry(node)
        and node.name not in seen
        and told[node.name] == [*names_told(node)].count(node.name)
    } == CALLED_BY_NOBODY


def test_error_codes_are_unique():
    seen: dict[str, type] = {}
    for manifest in load_house():
        manifest.load_blueprints()
    for cls in concrete_errors():
        if "code" in vars(cls):
            assert seen.setdefault(cls.code, cls) is cls, f"{cls} shares {cls.code}"


def test_no_error_event_or_permission_lies_idle():
    manifests = load_house()
    for manifest in manifests:
        manifest.load_blueprints()
    told = "\n".join(text for path, text in SOURCES.items() if path.name != "permissions.py")
    ours = [c for c in concrete_errors() if c.__module__.partition(".")[0] in PACKAGES]
    published = [c for c in event_classes().values() if c.__module__.partition(".")[0] in PACKAGES]
    words, made = Counter(re.findall(r"\w+", told)), set(re.findall(r"\b(\w+)\(\s*\w+=", told))
    idle = [c for c in ours if words[c.__name__] < 2]
    idle += [c for c in published if c.__name__ not in made]
    assert idle == []
    rights = [right for manifest in manifests for right in manifest.permissions or ()]
    asked = set(re.findall(r"\bPermission\.(\w+)", told))
    assert [r for r in rights if r.name not in asked] == []


def test_events_are_named_after_their_package():
    load_house()
    for name, cls in event_classes().items():
        package = cls.__module__.split(".")[0]
        if package in PACKAGES:  # tests invent facts of their own
            assert re.fullmatch(rf"{package}\.[a-z_]+\.[a-z_]+\.v\d+", name), name


def test_what_is_stored_by_name_has_one_of_its_own():
    """Deliveries, turns of schedules and the audit trail keep these, wherever the code stands."""
    load_house()
    functions = {name: item.function for name, item in (handlers() | schedules()).items()}
    functions |= commands()
    for name, function in functions.items():
        package = function.__module__.partition(".")[0]
        if package in PACKAGES:  # tests name what they invent themselves
            assert re.fullmatch(rf"{package}\.[a-z_]+\.[a-z_]+", name), name
    assert len(functions) == len(handlers()) + len(schedules()) + len(commands())


def test_every_queue_has_a_worker_and_a_time_limit():
    compose = (ROOT / "docker" / "compose.yaml").read_text(encoding="utf-8")
    used = {h.queue for h in handlers().values()} | {s.queue for s in schedules().values()}
    assert used <= set(QUEUES)
    assert set(TIMEOUTS) == set(PACKED) == set(QUEUES)
    for queue in QUEUES:
        assert re.search(rf"--queues[\s\S]*?\b{queue}\b", compose), f"nobody serves {queue}"


ONE_PLACE = {
    "csv.writer": "kernel/csv_files.py",
    "csv.DictWriter": "kernel/csv_files.py",
    "Content-Disposition": "kernel/web/files.py",
    "as_attachment": "kernel/web/files.py",
    "plain_cell": "kernel/csv_files.py",
}


def test_tables_and_files_to_keep_are_written_in_one_place():
    """Elsewhere a formula, a name or what is in a file would be somebody else's to think of."""
    elsewhere = [
        f"{path}: {what}"
        for what, here in ONE_PLACE.items()
        for path, source in SOURCES.items()
        if what in source and path != Path(here)
    ]
    assert elsewhere == []


def test_every_view_says_who_may_enter(app):
    for name, view in app.view_functions.items():
        assert hasattr(view, "permission"), name


def test_the_house_reads_nothing_outside_itself():
    others = [*ROOT.glob("tests/**/*.py"), ROOT / "Makefile", ROOT / ".ci/run"]
    sources = SOURCES | {path: path.read_text(encoding="utf-8") for path in others}
    del sources[Path(__file__)]
    assert [path for path, source in sources.items() if "../shared" in source] == []
