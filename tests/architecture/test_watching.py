"""Dashboards and alarms speak of figures, commands and facts that exist, and lead to help."""

import json
import re

import pytest
import yaml

from kernel.db import commands
from kernel.errors import concrete_errors
from kernel.events import event_classes
from kernel.jobs import QUEUES
from kernel.manifest import load_house, manifests
from kernel.telemetry.metrics import FIGURES
from search import measures as search_states
from tests.architecture.rooms import ROOT

HERE = ROOT / "docker" / "observability"
BOARDS = sorted((HERE / "grafana" / "dashboards").glob("*.json"))
RULES = [
    rule
    for group in yaml.safe_load((HERE / "alerts.yaml").read_text(encoding="utf-8"))["groups"]
    for rule in group["rules"]
]
# What Prometheus' language has of its own, as far as it is used here.
FUNCTIONS = {"sum", "max", "count", "rate", "increase", "abs", "time", "topk"}
FUNCTIONS |= {"histogram_quantile", "max_over_time"}
WORDS = {"by", "and", "or", "unless", "without"}
TOKEN = re.compile(
    r'(?P<space>\s+)|(?P<text>"[^"]*")|(?P<range>\[\d+[smhd]\])|(?P<number>\d+(?:\.\d+)?)'
    r"|(?P<name>[a-zA-Z_][\w:]*)|(?P<sign>=~|!~|!=|==|<=|>=|[-+*/=<>(){},])"
)
ENDS = ("_bucket", "_count", "_sum")


def tokens(query):
    """Return (kind, text) of a query. Raises: AssertionError for what no query has."""
    found, at = [], 0
    while at < len(query):
        match = TOKEN.match(query, at)
        assert match, f"{query[at:]!r} in {query!r}"
        at = match.end()
        if match.lastgroup != "space":
            found.append((match.lastgroup, match.group()))
    return found


def read(query):
    """Return the figures of a query and its matchers. Shape: {figure: {label: (sign, value)}}."""
    parts = tokens(query)
    text = [value for _, value in parts]
    for opening, closing in ("()", "{}"):
        assert text.count(opening) == text.count(closing), query
    figures, depth, current, grouped = {}, 0, None, False
    for number, (kind, value) in enumerate(parts):
        after = text[number + 1] if number + 1 < len(parts) else ""
        depth += {"{": 1, "}": -1}.get(value, 0)
        grouped = (value == "by") or (grouped and value != ")")
        if kind != "name" or value in WORDS or grouped:
            continue
        if depth:
            figures[current][value] = (after, text[number + 2].strip('"'))
        elif after == "(" or (after == "by" and value in FUNCTIONS):
            assert value in FUNCTIONS, f"{value} in {query!r}"
        else:
            current = value
            figures.setdefault(current, {})
    return figures


def figure_of(name):
    bare = next((name.removesuffix(end) for end in ENDS if name.endswith(end)), name)
    return FIGURES.get(name) or FIGURES.get(bare)


@pytest.fixture(scope="module", autouse=True)
def _measures():
    load_house()
    for manifest in manifests():
        manifest.measures()


QUERIES = {f"alert {rule['alert']}": rule["expr"] for rule in RULES} | {
    f"{path.stem}: {panel['title']} {target['refId']}": target["expr"]
    for path in BOARDS
    for panel in json.loads(path.read_text(encoding="utf-8"))["panels"]
    for target in panel["targets"]
}


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES.keys())
def test_a_query_speaks_of_figures_and_labels_that_exist(query):
    figures = read(query)
    assert figures
    for name, matchers in figures.items():
        if name == "up":  # Prometheus' own: whether a process answered
            assert {*matchers} <= {"job", "process"}
            continue
        figure = figure_of(name)
        assert figure is not None, name
        assert {*matchers} <= {*figure.labels, "process"}, name
        assert (figure.kind == "histogram") == name.endswith(ENDS), name
        assert (figure.kind == "counter") == name.endswith("_total"), name


def test_groups_are_made_by_labels_that_the_figures_have():
    for query in QUERIES.values():
        labels = {"le", "process"}
        for name in read(query):
            labels |= {*figure_of(name).labels} if name != "up" else {"process"}
        grouped = {
            one.strip()
            for found in re.findall(r"by \(([^)]*)\)", query)
            for one in found.split(",")
        }
        assert grouped <= labels, query


def test_values_of_labels_are_names_of_the_house(app):
    known = {
        "command": {*commands()},
        "event": {*event_classes()},
        "code": {error.code for error in concrete_errors()},
        "queue": {*QUEUES},
        "route": {rule.rule for rule in app.url_map.iter_rules()},
        "outcome": {"done", "refused", "failed", "done_again"},
        "status": {"2xx", "3xx", "4xx", "5xx"},
        "job": {"entrepot"},
        "state": {*search_states.STATES},
    }
    for query in QUERIES.values():
        for matchers in read(query).values():
            for label, (sign, value) in matchers.items():
                if sign in {"=", "!="}:
                    assert value in known[label], query
                else:
                    assert any(re.fullmatch(value, one) for one in known[label]), query


def anchors():
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    heads = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head).lower().replace(" ", "-") for head in heads}


@pytest.mark.parametrize("rule", RULES, ids=[rule["alert"] for rule in RULES])
def test_an_alarm_says_how_grave_it_is_what_happened_and_what_to_do(rule):
    assert re.fullmatch(r"\d+[mh]", rule["for"])
    assert rule["labels"]["severity"] in {"critical", "warning"}
    assert len(rule["annotations"]["summary"].split()) > 4
    page, _, anchor = rule["annotations"]["runbook"].partition("#")
    assert page == "docs/operations.md"
    assert anchor in anchors()


def test_every_help_for_an_alarm_has_one_and_every_alarm_has_a_row():
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    told = dict(
        re.findall(r"^\| `(\w+)` \| [^|]+ \| \[[^\]]+\]\(#([\w-]+)\) \|$", page, re.MULTILINE)
    )
    assert told == {
        rule["alert"]: rule["annotations"]["runbook"].partition("#")[2] for rule in RULES
    }


def test_every_figure_has_its_row_in_the_docs():
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| `(entrepot_\w+)` \| (\w+) \| (.*?) \| (.+) \|$", page, re.MULTILINE)
    ours = [figure for name, figure in FIGURES.items() if not name.startswith("entrepot_tests")]
    assert sorted(told) == sorted(
        (one.name, one.kind, ", ".join(f"`{label}`" for label in one.labels), one.holds)
        for one in ours
    ), "write its row into docs/operations.md"


def test_every_process_of_the_house_is_read_and_knows_where():
    compose = yaml.safe_load((ROOT / "docker" / "compose.yaml").read_text(encoding="utf-8"))
    beside = yaml.safe_load((HERE / "compose.yaml").read_text(encoding="utf-8"))
    lasting = {
        name
        for name, service in compose["services"].items()
        if service.get("image") == "entrepot" and name != "migrate"
    }
    scraped = yaml.safe_load((HERE / "prometheus.yaml").read_text(encoding="utf-8"))
    targets = {
        target.partition(":")[0]
        for job in scraped["scrape_configs"]
        for config in job["static_configs"]
        for target in config["targets"]
    }
    watched = {name for name, one in beside["services"].items() if "image" not in one}
    assert lasting == targets == watched
    published = [p for one in beside["services"].values() for p in one.get("ports", ())]
    assert all(port.startswith("127.0.0.1:") for port in published)
    settings = [one.get("environment", {}) for one in beside["services"].values()]
    assert sum("ENTREPOT_METRICS" in one for one in settings) == len(lasting)


def test_an_alarm_of_either_severity_is_written_to_somebody():
    beside = yaml.safe_load((HERE / "compose.yaml").read_text(encoding="utf-8"))
    told = yaml.safe_load(beside["configs"]["alertmanager"]["content"])
    receivers = {one["name"]: one["email_configs"] for one in told["receivers"]}
    routes = [told["route"], *told["route"]["routes"]]
    assert all(receivers[route["receiver"]] for route in routes)

    alarms = yaml.safe_load((HERE / "alerts.yaml").read_text(encoding="utf-8"))["groups"]
    labels = {rule["labels"]["severity"] for group in alarms for rule in group["rules"]}
    names = {rule["alert"] for group in alarms for rule in group["rules"]}
    assert labels == {"critical", "warning"}
    assert [route["matchers"] for route in told["route"]["routes"]] == [['severity = "critical"']]
    silenced = re.findall(r'alertname =~? "([^"]+)"', str(told["inhibit_rules"]))
    assert {name for some in silenced for name in some.split("|")} <= names

    scraped = yaml.safe_load((HERE / "prometheus.yaml").read_text(encoding="utf-8"))
    [asked] = scraped["alerting"]["alertmanagers"][0]["static_configs"][0]["targets"]
    assert asked.partition(":")[0] in beside["services"]


def test_files_that_are_mounted_exist_and_boards_have_each_an_id_of_their_own():
    beside = yaml.safe_load((HERE / "compose.yaml").read_text(encoding="utf-8"))
    mounts = [
        v.split(":")[0] for one in beside["services"].values() for v in one.get("volumes", ())
    ]
    # Compose resolves them from the folder of the first file.
    assert [m for m in mounts if m[0] == "." and not (ROOT / "docker" / m).exists()] == []
    boards = [json.loads(path.read_text(encoding="utf-8")) for path in BOARDS]
    assert len({board["uid"] for board in boards}) == len(boards) == 3


@pytest.mark.parametrize(
    "query",
    [
        "sum(entrepot_no_such_figure)",
        'sum(rate(entrepot_requests_total{path="/"}[5m]))',
        "rate(entrepot_request_seconds[5m])",
        "entrepot_deliveries_waiting_total",
    ],
)
def test_a_slip_in_a_query_is_found(query):
    with pytest.raises(AssertionError):
        test_a_query_speaks_of_figures_and_labels_that_exist(query)


@pytest.mark.parametrize("query", ["sum(up", "sum(up) & 1", "frob(up)"])
def test_what_is_no_query_is_found(query):
    with pytest.raises(AssertionError):
        read(query)
