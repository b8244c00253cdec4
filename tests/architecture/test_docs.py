"""The pages in docs/ say what the code does, all of it and nothing else."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions

from kernel import reference as catalogue
from tests.architecture.rooms import ROOMS, ROOT, room_of

OURS = {"kernel", "banking", "insurance", "search", "marketplace"}


def one_name(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def declared(*extras):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [project["dependencies"], *(project["optional-dependencies"][e] for e in extras)]
    return [re.match(r"[\w.-]+", line)[0] for lines in wanted for line in lines]


def imported(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def test_the_catalogue_is_the_one_that_the_code_would_write():
    assert catalogue.PAGE.read_text() == catalogue.page(), "run `entrepot docs`"


def test_the_page_of_tables_is_the_one_that_the_models_would_write():
    assert catalogue.TABLES_PAGE.read_text() == catalogue.tables_page(), "run `entrepot docs`"


def test_every_decision_says_why_since_when_and_what_follows_and_is_listed():
    home = ROOT / "docs" / "decisions"
    records = sorted(home.glob("0*.md"))
    index = (home / "README.md").read_text()
    assert [int(path.name[:4]) for path in records] == [*range(1, len(records) + 1)]
    for path in records:
        told = path.read_text()
        title, day = re.match(r"# \d+\. (.+)\n\nDecided on (\d{4}-\d\d-\d\d)\.\n", told).groups()
        heads = re.findall(r"^## (.+)$", told, re.MULTILINE)
        assert heads == ["Context", "Decision", "Consequences", "Considered instead"], path
        listed = rf"\[{re.escape(title)}\]\({path.name}\)(?:; over by (\d+))? \| {day} \|"
        found = re.search(listed, index)
        assert found, path
        assert found[1] is None or int(path.name[:4]) < int(found[1]) <= len(records), path


def test_every_dependency_has_a_row_that_says_why_and_no_row_lags_behind():
    rows = re.findall(
        r"^\| ([\w.-]+) \| [^|]+ \| ([^|]+) \| [^|]+ \|$",
        (ROOT / "docs" / "dependencies.md").read_text(),
        re.MULTILINE,
    )
    reasons = {name: why for name, why in rows if name not in {"package", "---"}}
    assert sorted(reasons) == sorted(declared("dev"))
    assert all(len(why.split()) > 2 for why in reasons.values())


def test_the_plan_of_the_house_names_every_room():
    plan = (ROOT / "docs" / "architecture.md").read_text()
    told = {
        tuple(places.split("/")): words
        for places, words in re.findall(r"^\| `([a-z/]+)` \| (.+) \|$", plan, re.MULTILINE)
    }
    assert [
        "/".join(room)
        for room in ROOMS
        if not re.search(rf"\b{room[-1]}\b", told.get(room[:-1], ""))
    ] == []


def test_the_plan_says_where_endpoints_live_that_are_not_named_after_their_room(app):
    plan = (ROOT / "docs" / "architecture.md").read_text()
    told = [row.split("|")[1:3] for row in plan.splitlines() if row.startswith("| `")]
    rooms = {
        name: "/".join(room_of(blueprint.import_name.split(".")) or ())
        for name, blueprint in app.blueprints.items()
    }
    apart = {name: room for name, room in rooms.items() if name != room.rpartition("/")[2]}
    assert {
        name: room
        for name, room in apart.items()
        if not any(f"`{name}.*`" in names and room in where for names, where in told)
    } == {}


def test_every_promise_of_the_bank_is_proved_by_a_test_that_exists():
    promises = (ROOT / "docs" / "bank-checks.md").read_text()
    named = set(re.findall(r"`([a-z0-9_]{12,})`", promises))
    written = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"def test_(\w+)", path.read_text())
    }
    assert len(named) > 60
    assert named - written == set()


def test_what_the_house_imports_it_declares():
    distributions = packages_distributions()
    wanted = {one_name(name) for name in declared()}
    undeclared = {
        (str(path.relative_to(ROOT)), top)
        for package in OURS
        for path in (ROOT / package).rglob("*.py")
        for top in imported(path)
        if top not in sys.stdlib_module_names | OURS
        and not wanted & {one_name(name) for name in distributions.get(top, ())}
    }
    assert undeclared == set()


PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


def anchors_of(page):
    """What links may name behind a `#`: heads as forges write them."""
    for head in re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE):
        yield re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-")


def test_links_between_pages_lead_somewhere():
    # Links into the forge itself (`../../compare/…`) are its own.
    links = re.compile(r"\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)")
    gone = []
    for page in PAGES:
        for target, anchor in links.findall(page.read_text()):
            there = page.parent / target if target else page
            if not there.exists() or (anchor and anchor not in anchors_of(there)):
                gone.append((page.name, target, anchor))
    assert gone == []
