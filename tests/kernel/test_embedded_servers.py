"""The servers from wheels come up once, however many ask for them at the same moment."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from kernel import embedded

ASK = """
import sys
from pathlib import Path
from kernel import embedded
print(embedded.postgres_url(Path(sys.argv[1]) / "postgres", extra="fsync = off"))
print(embedded.redis_url(Path(sys.argv[1]) / "redis"))
"""


@pytest.fixture
def home(tmp_path):
    """A folder for servers, which are stopped after the test."""
    yield tmp_path
    embedded.stop_postgres(tmp_path / "postgres")
    embedded.stop_redis(tmp_path / "redis")


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
    """The server was made; neither its settings nor its database were."""
    folder = home / "postgres"
    folder.mkdir()
    embedded._package().get_server(folder, cleanup_mode=None)
    with psycopg.connect(embedded.postgres_url(folder)) as connection:
        assert connection.execute("SHOW shared_buffers").fetchone() == ("256MB",)


def test_what_never_ran_is_stopped_without_a_trace(tmp_path):
    embedded.stop_postgres(tmp_path / "postgres")
    embedded.stop_redis(tmp_path / "redis")
    assert list(tmp_path.iterdir()) == []
