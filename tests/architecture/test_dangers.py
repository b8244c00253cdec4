"""What the house does without: each of these would need a look by somebody who knows its danger."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator

from tests.architecture.rooms import ROOT, TREES

SCRIPTS = sorted((ROOT / "kernel/web/static/js").rglob("*.js"))
TEMPLATES = sorted(
    path
    for name in ("kernel", "banking", "insurance", "marketplace", "search")
    for path in (ROOT / name).rglob("*.html")
    if "dist" not in path.parts
)

# Who speaks with the world outside, and by what; everybody else asks them.
SPEAKERS = {
    # Addresses that people type: https, looked up anew, of the open network alone, never led on.
    "kernel/people/endpoints/gateway.py": {"http.client"},
    "banking/cards/card_topups/cli.py": {"requests"},
    "banking/cards/card_topups/client.py": {"stripe"},
    "banking/cards/card_topups/gateway.py": {"stripe"},
    "banking/cards/card_topups/network.py": {"stripe"},
    "banking/cards/card_topups/tokens.py": {"stripe"},
    "banking/cards/card_topups/standin/courier.py": {"aiohttp"},
    "banking/cards/card_topups/standin/hosted.py": {"aiohttp"},
    "banking/cards/card_topups/standin/network.py": {"aiohttp"},
    "banking/cards/card_topups/standin/server.py": {"aiohttp"},
    "banking/compliance/onboarding/gateway.py": {"requests"},
    "banking/core/fx/gateway.py": {"urllib.request"},
    "kernel/mail.py": {"smtplib"},
    "kernel/media/storage/gateway.py": {"obstore"},
    "kernel/telemetry/error_reports.py": {"requests"},
    "kernel/telemetry/outgoing.py": {"requests"},
    "kernel/telemetry/spans.py": {"opentelemetry.exporter"},
    "marketplace/catalogue/translating/gateway.py": {"requests"},
    "marketplace/demo/tour/opening.py": {"requests"},
    "marketplace/demo/tour/visitor.py": {"mechanicalsoup", "requests"},
    "search/engine/elastic.py": {"elasticsearch"},
    "search/engine/elastic_client.py": {"elasticsearch"},
    "search/engine/elastic_health.py": {"elasticsearch"},
}
WIRES = re.compile(
    r"(requests|urllib\.request|urllib3|http\.client|httpx|aiohttp|smtplib|imaplib|poplib|ftplib"
    r"|telnetlib|xmlrpc|stripe|elasticsearch|mechanicalsoup|obstore|opentelemetry\.exporter)"
    r"(?:\.|$)"
)
# Who puts statements together of pieces that stand in code, never of what somebody sent.
PUT_TOGETHER = {
    "banking/control/safeguarding/packing.py",
    "banking/merchants/payouts/queries.py",
    "kernel/schema.py",
    "kernel/testing.py",
    "marketplace/demo/imports/bulk.py",
    "marketplace/selling/listings/queries.py",
    "marketplace/shop/listing_index/jobs.py",
    "marketplace/shop/listing_index/queries.py",
    "marketplace/shop/listing_index/service.py",
    "marketplace/trust/messages/queries.py",
    "marketplace/trust/messages/subjects.py",
    "marketplace/trust/questions/queries.py",
    "marketplace/trust/reviews/queries.py",
}
# Who puts patterns together of our own pieces: words of data, and signs of a language.
PATTERNS = {
    "banking/authorisation/payees/accounts.py",
    "insurance/desks/trade_programs/forms.py",
    "kernel/web/amounts.py",
    "kernel/web/assets.py",
    "kernel/web/devices.py",
    "marketplace/borders/duties/rules/cases.py",
    "marketplace/trust/messages/rules.py",
    "search/engine/scripts.py",
}
# What a page does beside showing: it notes that it was seen, or takes up what is due anyway.
DONE_BY_LOOKING = {
    "ask_if_waiting",
    "card_page",
    "complete_all",
    "issue",
    "mark_read",
    "mark_seen",
    "month_paper",
    "settle_if_possible",
}
# Words, addresses and drawings of ours that are markup already.
OURS_AS_IT_STANDS = re.compile(r'\{\{ "<br>"\|safe if not loop\.last \}\}')


def imported(tree: ast.Module) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


CALLS = [
    (path, ast.unparse(node.func), node)
    for path, tree in TREES.items()
    for node in ast.walk(tree)
    if isinstance(node, ast.Call)
]


def pieces(statement: ast.expr) -> Iterator[str]:
    """What is put into a statement beside its own words."""
    if isinstance(statement, ast.JoinedStr):
        yield from (
            ast.unparse(part.value)
            for part in statement.values
            if isinstance(part, ast.FormattedValue)
        )
    elif isinstance(statement, ast.BinOp):
        yield from pieces(statement.left)
        yield from pieces(statement.right)
    elif not isinstance(statement, ast.Constant):
        yield ast.unparse(statement)


def test_no_text_becomes_a_program_and_no_shell_is_asked():
    run = re.compile(r"(eval|exec|compile|os\.(system|popen|exec\w+|spawn\w+))")
    # `serve` becomes the web server, by a list of words.
    assert {(str(path), name) for path, name, _ in CALLS if run.fullmatch(name)} == {
        ("kernel/cli.py", "os.execve")
    }
    assert [
        (path, node.lineno)
        for path, name, node in CALLS
        if any(word.arg == "shell" for word in node.keywords)
        or (name.startswith("subprocess.") and isinstance(node.args[0], ast.JoinedStr))
    ] == []


def test_nothing_that_was_sent_is_read_as_objects():
    risky = {"pickle", "marshal", "shelve", "dill", "jsonpickle", "yaml"}
    # The stand-in of the card network, which runs in demonstrations alone, keeps its own store so.
    assert {str(path) for path, tree in TREES.items() if imported(tree) & risky} == {
        "banking/cards/card_topups/standin/records.py"
    }


def test_statements_are_put_together_of_our_own_pieces_and_values_are_parameters():
    constant = re.compile(r"_*[A-Z][A-Z0-9_]*(\.[a-z]+)?|read_sql\(.*\)")
    found = {
        str(path)
        for path, name, node in CALLS
        if name in {"text", "sql", "sql_text"} and node.args
        for piece in pieces(node.args[0])
        if not constant.fullmatch(piece)
    }
    assert found == PUT_TOGETHER


def test_no_pattern_is_made_of_what_somebody_typed():
    looks = re.compile(r"re\.(compile|search|match|fullmatch|findall|finditer|sub|split)")
    assert {
        str(path)
        for path, name, node in CALLS
        if looks.fullmatch(name) and node.args and any(pieces(node.args[0]))
    } == PATTERNS


def test_templates_are_files_and_what_somebody_wrote_is_escaped():
    assert {
        (str(path), name)
        for path, name, _ in CALLS
        if name.endswith(("from_string", "render_template_string", "Template"))
    } == {("banking/core/rail/messages.py", "XmlParser(config=strict).from_string")}
    assert [
        (path, line)
        for path in TEMPLATES
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"\|\s*safe\b|autoescape", line) and not OURS_AS_IT_STANDS.search(line)
    ] == []


def test_the_world_outside_is_spoken_with_at_known_doors():
    """So nobody's address is fetched: what these ask is chosen in the settings, but one door's."""
    assert {
        str(path): wires
        for path, tree in TREES.items()
        if (wires := {m[1] for name in imported(tree) if (m := WIRES.match(name))})
    } == SPEAKERS


def test_xml_of_others_is_read_by_two_known_readers():
    readers = re.compile(r"(lxml|xml|xsdata\.formats\.dataclass\.parsers|defusedxml)(\.|$)")
    assert {
        str(path): names
        for path, tree in TREES.items()
        if (names := {name for name in imported(tree) if readers.match(name)})
    } == {
        "banking/core/rail/messages.py": {
            "xsdata.formats.dataclass.parsers",
            "xsdata.formats.dataclass.parsers.XmlParser",
            "xsdata.formats.dataclass.parsers.config",
            "xsdata.formats.dataclass.parsers.config.ParserConfig",
        },
        "banking/transferring/payment_files/reading.py": {"lxml", "lxml.etree"},
        "marketplace/shop/storefront/sitemaps.py": {
            "xml.sax.saxutils",
            "xml.sax.saxutils.escape",
        },
    }


def test_what_nobody_may_guess_comes_from_the_systems_own_chance():
    assert [
        path for path, tree in TREES.items() if imported(tree) & {"random", "numpy.random"}
    ] == []
    # A report of a fault has a name that is no secret.
    assert {str(path) for path, name, _ in CALLS if re.search(r"\buuid[14]$", name)} == {
        "kernel/telemetry/error_reports.py"
    }
    lengths = {
        (str(path), ast.unparse(node.args[0]) if node.args else "")
        for path, name, node in CALLS
        if re.fullmatch(r"secrets\.token_(bytes|hex|urlsafe)", name)
    }
    named = {place for place in lengths if not place[1].isdigit()}
    assert named == {("kernel/web/security.py", "len(token)")}  # a mask as long as what it masks
    # Names of test databases and of the stand-in's rows are no secrets.
    open_names = {"kernel/testing.py", "banking/cards/card_topups/standin/records.py"}
    assert min(int(n) for path, n in lengths - named if path not in open_names) >= 16


def test_what_is_secret_or_signed_rests_on_known_algorithms():
    primitives = {
        name.rpartition(".")[2]
        for tree in TREES.values()
        for name in imported(tree)
        if name.startswith("cryptography.") and name.rpartition(".")[2][0].isupper()
    }
    assert primitives == {
        "Fernet",
        "MultiFernet",  # the same, with keys that follow on each other
        "HKDF",
        "SHA256",
        "Scrypt",
        "Ed25519PrivateKey",
        "Ed25519PublicKey",
        "InvalidSignature",
        "InvalidToken",
    }
    made = [(name[8:], node) for _, name, node in CALLS if re.fullmatch(r"hashlib\.\w+", name)]
    named = {ast.unparse(node.args[1]) for name, node in made if name == "file_digest"}
    # BLAKE2b only chooses strokes of drawings, SHA-1 is how stolen passwords are listed.
    assert {name for name, _ in made} == {"sha256", "blake2b", "sha1", "file_digest"}
    assert {path.name for path, name, _ in CALLS if name == "hashlib.sha1"} == {"gateway.py"}
    assert named == {"'sha256'"}


def test_looking_at_a_page_does_nothing_in_somebodys_name():
    done = {
        call.func.attr
        for path, tree in TREES.items()
        if path.name in {"views.py", "rest.py"}
        for view in tree.body
        if isinstance(view, ast.FunctionDef) and verbs(view) == {"get"}
        for call in ast.walk(view)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and any(word.arg == "actor" for word in call.keywords)
    }
    assert done == DONE_BY_LOOKING


def verbs(view: ast.FunctionDef) -> set[str]:
    return {
        worn.func.attr
        for worn in view.decorator_list
        if isinstance(worn, ast.Call)
        and isinstance(worn.func, ast.Attribute)
        and worn.func.attr in {"get", "post", "put", "patch", "delete"}
    }


def test_scripts_make_no_markup_keep_nothing_and_open_no_other_channel():
    away = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function"
        r"|postMessage|onmessage|localStorage|sessionStorage|indexedDB|document\.cookie|\bcaches\b"
        r"|serviceWorker|WebSocket|EventSource|RTCPeer|importScripts|__proto__"
        r"|\w\[[^\]'\"\s]+\]\s*=[^=]"  # a name that somebody sent, written into an object
    )
    assert len(SCRIPTS) > 10
    assert [
        (path.name, found[0]) for path in SCRIPTS if (found := away.search(path.read_text()))
    ] == []


def test_no_other_kind_of_door_was_opened():
    """Sign-in by others, tokens that say what they are, GraphQL, WebSocket, LDAP and the like."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    other = re.compile(
        r"ldap|oauth|authlib|oidc|saml|jwt|jose|graphql|strawberry|graphene|websocket|socketio|sock\b"
        r"|memcache|pylibmc|webrtc|aiortc|cors|grpc|twilio|vonage|markdown|bleach|latex"
    )
    declared = [re.match(r"[\w.-]+", line)[0].lower() for line in project["dependencies"]]
    assert len(declared) > 40
    assert [name for name in declared if other.search(name)] == []
