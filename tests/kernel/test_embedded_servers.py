"""The servers from wheels come up once, however many ask for them at the same moment."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from kernel import embedded
from kernel.embedded import redis_server, running

ASK = """
import sys
from pathlib import Path
from kernel import embedded
print(embedded.postgres_url(Path(sys.argv[1]) / "postgres", extra="fsync = off"))
print(embedded.redis_url(Path(sys.argv[1]) / "redis"))
"""


@pytest.fixture
def home():
    """A folder for servers, which are stopped after the test.

    Not pytest's own: its parent is shut again by every run beside this one, and PostgreSQL, which
    is another user, could not enter.
    """
    folder = Path(tempfile.mkdtemp(prefix="entrepot-servers-"))
    folder.chmod(0o755)
    yield folder
    embedded.stop_postgres(folder / "postgres")
    embedded.stop_redis(folder / "redis")
    shutil.rmtree(folder)


def ask(home):
    """Let another process ask for both servers."""
    return subprocess.Popen(
        [sys.executable, "-c", ASK, home], cwd=Path(__file__).parents[2], stdout=subprocess.PIPE
    )


def test_who_asks_at_the_same_moment_finds_the_same_servers(home):
    asking = [ask(home) for _ in range(3)]
    told = {one.communicate()[0] for one in asking}
    assert [one.returncode for one in asking] == [0, 0, 0]
    (urls,) = told
    conf = (home / "postgres" / "postgresql.conf").read_text(encoding="utf-8")
    assert conf.count("fsync = off") == 1
    with psycopg.connect(urls.decode().splitlines()[0]) as connection:
        assert connection.execute("SHOW shared_buffers").fetchone() == ("256MB",)
        assert connection.execute("SHOW fsync").fetchone() == ("off",)


def test_a_first_start_that_was_killed_is_gone_through_again(home):
    """It ended while the cluster was made, then before the database was."""
    folder = home / "postgres"
    half = home / "postgres.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n", encoding="ascii")
    embedded.postgres_url(folder)
    assert not half.exists()
    (folder / "entrepot.made").unlink()
    with psycopg.connect(embedded.postgres_url(folder)) as connection:
        assert connection.execute("SHOW shared_buffers").fetchone() == ("256MB",)


def pid_of(folder):
    return int((folder / "postmaster.pid").read_text(encoding="utf-8").splitlines()[0])


def test_a_killed_database_is_neither_taken_for_a_running_one_nor_in_its_own_way(home):
    folder = home / "postgres"
    url = embedded.postgres_url(folder)
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS seven")
    os.kill(pid_of(folder), signal.SIGKILL)
    until(lambda: not embedded.is_postgres_running(folder))
    assert embedded.postgres_url(folder) == url
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT seven FROM kept").fetchone() == (7,)


@pytest.mark.parametrize("left", ["somebody else's", "half written", "empty"])
def test_a_file_that_a_lost_machine_left_behind_stops_no_start(home, left):
    """After a reboot the number in it may be anybody's, and PostgreSQL itself would not dare."""
    folder = home / "postgres"
    embedded.postgres_url(folder)
    told = (folder / "postmaster.pid").read_text(encoding="utf-8")
    locked = (folder / ".s.PGSQL.5432.lock").read_text(encoding="utf-8")
    stranger, ours = str(os.getpid()), str(pid_of(folder))
    embedded.stop_postgres(folder)
    if left == "somebody else's":
        told = told.replace(ours, stranger, 1)
    (folder / "postmaster.pid").write_text(
        {"half written": told[:30], "empty": ""}.get(left, told), encoding="utf-8"
    )
    (folder / ".s.PGSQL.5432.lock").write_text(locked.replace(ours, stranger, 1), encoding="utf-8")
    assert not embedded.is_postgres_running(folder)
    with psycopg.connect(embedded.postgres_url(folder)) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert embedded.is_postgres_running(folder)


def test_who_is_dead_and_was_not_fetched_is_no_server(tmp_path):
    asleep = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], cwd=tmp_path)
    name = psutil.Process(asleep.pid).name()
    until(lambda: running.server_at(asleep.pid, name=name, folder=tmp_path))
    asleep.kill()
    until(lambda: psutil.Process(asleep.pid).status() == psutil.STATUS_ZOMBIE)
    assert running.server_at(asleep.pid, name=name, folder=tmp_path) is None
    asleep.wait()


def until(done):
    deadline = time.monotonic() + 20
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.fixture
def long_home(home, monkeypatch):
    """A folder whose path is too long for a socket, and a folder for sockets in place of /tmp."""
    sockets = home / "sockets"
    sockets.mkdir()
    sockets.chmod(0o1777)
    monkeypatch.setattr(running, "_TEMPORARY", sockets)
    folder = home / ("long" * 20)
    folder.mkdir()
    folder.chmod(0o755)
    yield folder
    embedded.stop_postgres(folder / "postgres")
    embedded.stop_redis(folder / "redis")


def test_a_long_path_has_its_socket_in_a_folder_that_is_shut_to_others(long_home):
    """As root PostgreSQL's folder is its own user's, also when it is started a second time."""
    for _ in range(2):
        url = embedded.postgres_url(long_home / "postgres")
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        embedded.stop_postgres(long_home / "postgres")
    with redis.Redis.from_url(embedded.redis_url(long_home / "redis")) as client:
        assert client.ping()
    places = list(running._TEMPORARY.iterdir())
    assert len(places) == 2
    assert {stat.S_IMODE(place.stat().st_mode) for place in places} == {0o700}


def open_to_others(place):
    place.mkdir()
    place.chmod(0o755)


def somebody_elses(place):
    place.mkdir(mode=0o700)
    os.chown(place, 65534, 65534)


def a_link(place):
    (place.parent / "trap").mkdir(mode=0o700, exist_ok=True)
    place.symlink_to(place.parent / "trap")


as_root = pytest.mark.skipif(os.geteuid() != 0, reason="root alone gives a folder away")


@pytest.mark.parametrize(
    "made", [open_to_others, pytest.param(somebody_elses, marks=as_root), a_link]
)
def test_a_folder_for_sockets_that_somebody_else_made_is_refused(long_home, monkeypatch, made):
    for start, folder in (
        (embedded.redis_url, long_home / "redis"),
        (embedded.postgres_url, long_home / "postgres"),
    ):
        place = running.short(folder)
        place.rmdir()
        made(place)
        with pytest.raises(running.ServerDown, match=f"{place} is no folder of ours"):
            start(folder)
        place.unlink() if place.is_symlink() else place.rmdir()


SLOW = """
import sys, time
for n in range(int(sys.argv[1])):
    print(n, flush=True)
    time.sleep(0.2)
time.sleep(60)
"""


@pytest.fixture
def slow_start(tmp_path, monkeypatch):
    """Start a server that logs a number of lines, one every fifth of a second, and stands still."""
    monkeypatch.setattr(running, "STILL", 1.0)
    log = tmp_path / "log"
    started = []

    def start(lines):
        with log.open("wb") as output:
            child = subprocess.Popen([sys.executable, "-c", SLOW, str(lines)], stdout=output)
        started.append(child)
        return {"living": lambda: [psutil.Process(child.pid)], "log": log, "words": "It is late"}

    yield start
    for child in started:
        child.kill()
        child.wait()


def test_a_start_is_waited_for_as_long_as_something_moves(slow_start):
    server = slow_start(15)
    begun = time.monotonic()
    running.wait_until(lambda: "14" in server["log"].read_text(encoding="utf-8"), **server)
    assert time.monotonic() - begun > 2 * running.STILL


def test_a_start_that_stands_still_is_given_up_with_its_last_lines(slow_start):
    with pytest.raises(running.ServerDown, match=r"(?s)It is late: nothing moves.*\n4"):
        running.wait_until(lambda: False, **slow_start(5))


def test_a_server_that_cannot_start_says_why(home, monkeypatch):
    monkeypatch.setattr(running, "GRACE", 1.0)
    folder = home / "postgres"
    embedded.postgres_url(folder)
    embedded.stop_postgres(folder)
    with (folder / "postgresql.conf").open("a", encoding="utf-8") as conf:
        conf.write("shared_buffers = 'a lot'\n")
    with pytest.raises(running.ServerDown, match="shared_buffers"):
        embedded.postgres_url(folder)


def test_a_redis_that_stands_still_gets_no_second_one_beside_it(home, monkeypatch):
    monkeypatch.setattr(running, "STILL", 0.5)
    monkeypatch.setattr(redis_server, "_MOMENT", 0.2)
    folder = home / "redis"
    embedded.redis_url(folder)
    pid = int((folder / "redis.pid").read_text(encoding="ascii"))
    os.kill(pid, signal.SIGSTOP)
    with pytest.raises(running.ServerDown):
        embedded.redis_url(folder)
    assert [one.pid for one in running.servers_in(folder, name="redis-server")] == [pid]
    os.kill(pid, signal.SIGCONT)
    assert embedded.redis_url(folder)


def test_a_killed_redis_comes_back_with_what_it_had(home):
    folder = home / "redis"
    url = embedded.redis_url(folder)
    with redis.Redis.from_url(url) as client:
        client.set("kept", "seven")
    time.sleep(1.1)  # it writes to the disk once a second
    os.kill(int((folder / "redis.pid").read_text(encoding="ascii")), signal.SIGKILL)
    until(lambda: not embedded.is_redis_running(folder))
    assert embedded.redis_url(folder) == url
    with redis.Redis.from_url(url) as client:
        assert client.get("kept") == b"seven"


def test_what_never_ran_is_stopped_without_a_trace(tmp_path):
    embedded.stop_postgres(tmp_path / "postgres")
    embedded.stop_redis(tmp_path / "redis")
    assert list(tmp_path.iterdir()) == []
