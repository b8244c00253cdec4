"""Figures are those of all processes, bounded, and cost nothing where nobody asked."""

import os
import socket
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass
from typing import ClassVar

import pytest
import requests
from sqlalchemy import text

from kernel import db as house
from kernel import jobs
from kernel.actor import SYSTEM
from kernel.errors import RuleBroken
from kernel.events import Event, on, publish
from kernel.telemetry import meters as meters_of_the_house
from kernel.telemetry.meters import MOST_ASKERS, Meters, clear_up, serve
from kernel.telemetry.metrics import Figure

LAMPS = Figure("entrepot_tests_lamps_total", "counter", "Lamps that were lit.", ("street",), most=3)


@dataclass(frozen=True, kw_only=True)
class LampLit(Event):
    name: ClassVar[str] = "tests.figures.lamp_lit.v1"


tries: list[int] = []


@on(LampLit, "tests.figures.look")
def look(event: LampLit) -> None:
    tries.append(1)
    if len(tries) < 3:
        raise RuntimeError("too dark")


def test_a_request_is_counted_by_its_pattern(client, meters):
    client.get("/en/sign-in?next=/en/account")
    client.get("/en/no-such-page-of-camille")

    found = meters.read()
    assert found["entrepot_requests_total", "GET", "/<lang>/sign-in", "2xx"] == 1
    assert found["entrepot_requests_total", "GET", "none", "4xx"] == 1
    assert found["entrepot_request_seconds_count", "/<lang>/sign-in"] == 1
    assert found["entrepot_request_statements_total", "/<lang>/sign-in"] >= 0
    assert b"camille" not in meters.text()


class LampOut(RuleBroken):
    code = "tests.lamp_out"


@house.command("tests.figures.light")
def light(*, then: type[Exception] | None = None, actor) -> None:
    publish(LampLit())
    if then is not None:
        raise then


def test_commands_are_counted_as_done_refused_with_the_reason_or_failed(db, meters):
    light(actor=SYSTEM)
    for kind in (LampOut, LampOut, OSError):
        with pytest.raises(kind):
            light(then=kind, actor=SYSTEM)

    found = meters.read()
    assert {
        outcome: found["entrepot_commands_total", "tests.figures.light", outcome]
        for outcome in ("done", "refused", "failed")
    } == {"done": 1, "refused": 2, "failed": 1}
    assert found["entrepot_refusals_total", "tests.lamp_out", "tests.figures.light"] == 2
    assert found["entrepot_command_seconds_count", "tests.figures.light"] == 4
    # What did not happen was not published.
    assert found["entrepot_events_total", "tests.figures.lamp_lit.v1"] == 1


def test_a_delivery_is_counted_when_it_fails_and_when_it_is_done_later(db, meters):
    tries.clear()
    light(actor=SYSTEM)
    key = {"event_id": _waiting(), "handler_name": "tests.figures.look"}
    for _ in range(2):
        with pytest.raises(RuntimeError):
            jobs.deliver(**key)
    jobs.deliver(**key)

    found = meters.read()
    name = "entrepot_deliveries_total"
    assert found[name, "tests.figures.look", "failed"] == 2
    assert found[name, "tests.figures.look", "done_again"] == 1
    assert found["entrepot_delivery_seconds_count", "default"] == 3


def _waiting():
    with house.reading() as current:
        waits = text("SELECT event_id FROM kernel.delivery WHERE done_at IS NULL")
        return str(current.execute(waits).scalar_one())


def test_labels_are_bounded_whatever_somebody_sends(meters):
    for number in range(50):
        LAMPS.count(f"street {number}")
    found = {key: value for key, value in meters.read().items() if "lamps_total" in key[0]}
    assert len(found) == 4
    assert found["entrepot_tests_lamps_total", "other"] == 47


COUNTS = """
import sys
from pathlib import Path
from kernel.telemetry import metrics
from kernel.telemetry.meters import Meters
metrics.use(Meters(Path(sys.argv[1])))
metrics.REFUSALS.count("a.command", "a_code", by=int(sys.argv[2]))
print("counted", flush=True)
if sys.argv[3:]:
    sys.stdin.read()
"""


def counting(folder, number, *, stays=False):
    child = subprocess.Popen(
        [sys.executable, "-c", COUNTS, str(folder), str(number), *["stays"] * stays],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout.readline() == "counted\n"
    if not stays:
        child.communicate()
    return child


def test_whoever_is_asked_tells_for_all_and_the_dead_leave_no_files_behind(meters, tmp_path):
    stays = counting(tmp_path, 5, stays=True)
    for number in (10, 20, 30):
        counting(tmp_path, number)

    assert meters.read()["entrepot_refusals_total", "a_code", "a.command"] == 65
    # Three processes came and went in the third slot.
    assert len(list(tmp_path.glob("counter_*.db"))) == 2
    stays.communicate()


def test_a_new_start_begins_with_nothing(tmp_path):
    counting(tmp_path, 5)
    counting(tmp_path, 7)
    later = Meters(tmp_path)
    assert b"a_code" not in later.text()
    later.close()


def test_machines_that_are_gone_leave_nothing_behind(tmp_path):
    hour_ago = time.time() - 4000
    machines = ("gone", "lives", "begins")
    places = {name: tmp_path / "metrics" / name / "web" for name in machines}
    for place in places.values():
        place.mkdir(parents=True)
        (place / "counter_0.db").touch()
    living = counting(places["lives"], 5, stays=True)
    for name in ("gone", "lives"):
        os.utime(places[name].parent, (hour_ago, hour_ago))

    clear_up(tmp_path)

    assert {path.name for path in (tmp_path / "metrics").iterdir()} == {"lives", "begins"}
    living.communicate()


def test_figures_are_read_at_an_address_of_their_own_and_nothing_else_is(meters):
    LAMPS.count("Rue de la Paix")
    server = serve(meters, "127.0.0.1", 0)
    address = f"http://127.0.0.1:{server.server_port}"
    answer = requests.get(f"{address}/metrics", timeout=5)
    assert answer.headers["Content-Type"].startswith("text/plain; version=")
    assert 'entrepot_tests_lamps_total{street="Rue de la Paix"} 1.0' in answer.text
    assert requests.get(f"{address}/", timeout=5).status_code == 404
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("said", [b"", b"GET /metrics HTTP/1.1\r\nHost: "])
def test_who_connects_and_says_nothing_keeps_neither_threads_nor_figures(meters, said):
    LAMPS.count("Rue de la Paix")
    server = serve(meters, "127.0.0.1", 0)
    address = f"http://127.0.0.1:{server.server_port}"
    before = threading.active_count()
    with ExitStack() as silent:
        for _ in range(300):
            one = socket.create_connection(("127.0.0.1", server.server_port), timeout=10)
            silent.enter_context(one)
            one.sendall(said)
        for _ in range(3):
            begun = time.monotonic()
            answer = requests.get(f"{address}/metrics", timeout=5)
            assert 'street="Rue de la Paix"' in answer.text
            assert time.monotonic() - begun < 4
            # Those that were hung up on a moment ago are on their way out.
            assert threading.active_count() - before < 2 * MOST_ASKERS
    server.shutdown()
    server.server_close()


def test_who_asks_slowly_is_not_waited_for(meters, monkeypatch):
    monkeypatch.setattr(meters_of_the_house, "ASKED_WITHIN", 0.3)
    server = serve(meters, "127.0.0.1", 0)
    with socket.create_connection(("127.0.0.1", server.server_port), timeout=5) as slow:
        slow.sendall(b"GET /metrics")
        assert slow.recv(1) == b""
    server.shutdown()
    server.server_close()


def test_the_shop_itself_shows_no_figures(client):
    assert client.get("/metrics", follow_redirects=True).status_code == 404
