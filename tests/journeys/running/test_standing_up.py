"""`entrepot up`: whatever is killed comes back by itself, and who signs up gets their mail."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from http import HTTPStatus

import psutil
import pytest
import requests

from kernel.ids import new_id
from marketplace.demo.seed.seed import PASSWORD
from marketplace.demo.tour.visitor import PageRefused, Visitor
from tests.journeys.installation import Installation, eventually, open_folder

pytestmark = pytest.mark.journey

# What ends each: a word of its command line tells which it is.
PROCESSES = {"web": "gunicorn", "worker": "worker", "relay": "relay", "scheduler": "scheduler"}
# What each server writes its number down in.
FILES = {"postgres": "postmaster.pid", "redis-server": "redis.pid"}


class Standing(Installation):
    """An installation under `entrepot up`, without a market."""

    def up(self) -> None:
        """Start everything by the one command."""
        # It starts its servers itself, so that it looks after them.
        own = {"ENTREPOT_DATABASE_URL", "ENTREPOT_REDIS_URL"}
        environment = {name: told for name, told in self.environment.items() if name not in own}
        log = (self.var / "up.log").open("ab")
        with log:
            self.parent = subprocess.Popen(
                [sys.executable, "-m", "kernel", "up", "--port", str(self.port)],
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        eventually(self.is_whole, "the house stands", seconds=120)

    def is_whole(self) -> bool:
        """Whether pages are served and every process lives."""
        with suppress(requests.RequestException):
            answer = requests.get(f"{self.base_url}/readyz", timeout=10)
            parts = answer.json()["parts"]
            return parts["database"] == parts.get("redis") == "ok" and len(self.pids()) == 4
        return False

    def server(self, name: str) -> int:
        """Return the process of an embedded server."""
        file = self.var / name.removesuffix("-server") / FILES[name]
        return int(file.read_text(encoding="ascii").splitlines()[0])

    def pids(self) -> dict[str, int]:
        """Return the processes of the family by their names."""
        found = {}
        for child in psutil.Process(self.parent.pid).children():
            with suppress(psutil.Error):
                words = child.cmdline()
                found |= {name: child.pid for name, word in PROCESSES.items() if word in words}
        return found


@pytest.fixture(scope="module")
def standing() -> Iterator[Standing]:
    with open_folder() as var:
        house = Standing(var)
        try:
            house.start_servers()
            house.up()
            yield house
        finally:
            house.parent.send_signal(signal.SIGTERM)
            house.parent.wait(30)
            house.stop()


@pytest.mark.parametrize("victim", [*PROCESSES, "postgres", "redis-server"])
def test_what_is_killed_comes_back_and_whoever_signs_up_gets_a_mail(standing, victim):
    before = standing.pids()
    killed = psutil.Process(before[victim] if victim in PROCESSES else standing.server(victim))
    killed.kill()
    eventually(lambda: not psutil.pid_exists(killed.pid), "it is gone")
    eventually(standing.is_whole, f"the house stands without the {victim} it had")

    after = standing.pids()
    assert {name for name in PROCESSES if after[name] != before[name]} == {victim} & set(PROCESSES)
    gets_a_mail(standing)


def gets_a_mail(house: Installation) -> None:
    """Sign somebody up, and wait for the letter that greets them."""
    email = eventually(lambda: signed_up(house), "one of two processes may still look for it")
    sent = "SELECT count(*) FROM kernel.mail WHERE recipient = :email AND sent_at IS NOT NULL"
    eventually(lambda: house.ask(sent, email=email), "the letter comes")


def signed_up(house: Installation) -> str | None:
    """Sign somebody up; return their mail address, or None for the page that says: in a moment."""
    visitor, email = Visitor(house.base_url, "en"), f"{new_id().hex}@example.com"
    try:
        visitor.open("/sign-up")
        visitor.send(
            'form[action$="/sign-up"]',
            {"name": "Camille Martin", "email": email, "password": PASSWORD},
        )
    except PageRefused as refusal:
        if str(refusal).startswith(f"{HTTPStatus.SERVICE_UNAVAILABLE:d} "):
            return None
        raise
    return email


def test_a_machine_that_was_lost_stands_up_again(standing):
    """Everything ends at once, as without power; then the same command is typed again."""
    gets_a_mail(standing)
    people = "SELECT array_agg(email ORDER BY email) FROM kernel.person"
    known = standing.ask(people)
    family = psutil.Process(standing.parent.pid)
    everybody = [family, *family.children(recursive=True)]
    everybody += [psutil.Process(standing.server(name)) for name in FILES]
    for process in everybody:
        with suppress(psutil.Error):
            process.kill()
    standing.parent.wait()
    psutil.wait_procs(everybody, timeout=20)
    shutil.rmtree(standing.var / "search", ignore_errors=True)

    standing.up()
    assert standing.ask(people) == known
    gets_a_mail(standing)
