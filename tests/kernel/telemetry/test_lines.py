"""A log is read by machines and people, names the request, and tells nobody's secrets."""

import ast
import json
import logging
import subprocess
import sys
import time

import pytest

from kernel.logging import JsonLines, TextLines, request_id, scrubbed
from tests.architecture.rooms import TREES

# Runs in a process of its own: what it sets up is the whole process's.
SAYS = """
import logging, warnings
from kernel.logging import request_id, set_up
set_up(form="json", kind="worker")
request_id.set("0123456789ab")
logging.getLogger("entrepot").info("a lamp was lit")
logging.getLogger("rq.worker").warning("Redis is away")
logging.getLogger("alembic.runtime.migration").info("Running upgrade")
logging.getLogger("some.library").info("too much detail")
warnings.warn("this goes away")
raise RuntimeError("nobody caught this of camille@example.com")
"""


@pytest.fixture(scope="module")
def lines():
    done = subprocess.run([sys.executable, "-c", SAYS], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    return [json.loads(line) for line in done.stderr.splitlines()]


def test_every_line_of_a_process_is_one_object_whoever_wrote_it(lines):
    assert [line["logger"] for line in lines] == [
        "entrepot",
        "rq.worker",
        "alembic.runtime.migration",
        "py.warnings",
        "entrepot",
    ]


def test_a_line_says_when_how_grave_who_and_in_which_request(lines):
    first = lines[0]
    assert first.keys() == {*("time", "level", "logger", "process", "pid", "request_id", "message")}
    assert (first["level"], first["process"], first["request_id"], first["message"]) == (
        "INFO",
        "worker",
        "0123456789ab",
        "a lamp was lit",
    )
    assert first["time"].endswith("+00:00")


def test_what_ends_a_process_is_a_line_with_its_stack_in_it(lines):
    last = lines[-1]
    assert (last["level"], last["error"]) == ("CRITICAL", "RuntimeError")
    assert last["stack"].endswith("nobody caught this of [mail]")


def record(message, **more):
    made = logging.LogRecord("entrepot", logging.INFO, "here", 1, message, (), None)
    made.__dict__ |= more
    return made


def test_a_line_for_people_names_the_zone_of_its_hour(monkeypatch):
    told = record("a lamp was lit", created=1_800_000_000.25)
    try:
        for zone, hour in (("UTC", "08:00:00.250+00:00"), ("Asia/Tokyo", "17:00:00.250+09:00")):
            monkeypatch.setenv("TZ", zone)
            time.tzset()
            assert TextLines().format(told).startswith(f"2027-01-15 {hour} INFO ")
    finally:
        monkeypatch.undo()
        time.tzset()


def test_what_a_line_says_beside_its_message_is_told_in_both_forms():
    told = record("answered", fields={"route": "/<lang>/", "status": 200})
    token = request_id.set("abc")
    try:
        assert TextLines().format(told).endswith(" abc answered route=/<lang>/ status=200")
        assert json.loads(JsonLines().format(told))["route"] == "/<lang>/"
    finally:
        request_id.reset(token)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("Key (email)=(camille@example.com) exists", "Key (email)=([mail]) exists"),
        ("from FR14 2004 1010 0505 0001 3M02 606 to", "from [account] to"),
        (
            "order cf5398f9dda9 from FR1420041010050500013M02606",
            "order cf5398f9dda9 from [account]",
        ),
        ("BY AB12 FROM DE89 3704 0044 0532 0130 00 EUR", "BY AB12 FROM [account] EUR"),
        ("card 4242 4242 4242 4242 refused", "card [card] refused"),
        ("postgresql://entrepot:hunter2@db/entrepot", "postgresql://[user]@db/entrepot"),
        ("password='correct horse', again", "password=[secret], again"),
        ("{'csrf_token': 'abc', 'Cookie': 'x'}", "{'csrf_token': [secret], 'Cookie': [secret]}"),
        ("Authorization: Bearer abc.def", "Authorization: [secret]"),
        ("with sk_live_0123456789", "with [key]"),
    ],
)
def test_secrets_and_people_are_taken_out(typed, told):
    assert scrubbed(typed) == told
    # Begins like an account: what stands before a message takes nothing of it away.
    token = request_id.set("cf5398f9dda9")
    try:
        assert TextLines().format(record(typed)).endswith(f" cf5398f9dda9 {told}")
    finally:
        request_id.reset(token)
    assert json.loads(JsonLines().format(record(typed)))["message"] == told


@pytest.mark.parametrize(
    "told",
    [
        "payment 01930000-4242-7424-8242-424242424242 stays in doubt",
        "transfer ET20261130ABCD is sent again",
        "order G-1234567890123",
    ],
)
def test_references_that_people_look_for_stay(told):
    assert scrubbed(told) == told


# What somebody is called, where they live, what they typed.
PERSONAL = {
    "email",
    ".name",
    "recipient",
    "phone",
    "iban",
    "password",
    "token",
    "secret",
    "cookies",
}
PERSONAL |= {"form", "body", "headers", "words", "birthday", "street", "lines", "title"}
LEVELS = {"debug", "info", "warning", "error", "exception", "critical", "log"}


def names_logged():
    """Yield (place, name) of every value that a log line of the house is filled with."""
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in LEVELS
                and ast.unparse(node.func.value) in {"log", "logger"}
            ):
                for value in node.args[1:]:
                    of, _, name = ast.unparse(value).rpartition(".")
                    yield f"{path}:{node.lineno}", name
                    yield f"{path}:{node.lineno}", f".{name}" if of else name


def test_no_line_of_the_house_is_filled_with_what_somebody_typed():
    logged = list(names_logged())
    assert len(logged) > 10
    assert [place for place, name in logged if name in PERSONAL] == []
