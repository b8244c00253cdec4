"""Logs stay within a bound while processes write into them."""

import errno
import subprocess
import sys

import pytest

from kernel import log_files
from kernel.log_files import keep_within

WRITES = """
import sys, time
who, lines = sys.argv[1], int(sys.argv[2])
for number in range(lines):
    sys.stdout.write(f"{who} {number:05d} " + "x" * 80 + chr(10))
    sys.stdout.flush()
    time.sleep(0.0005)
"""


def test_what_is_below_its_bound_is_left_alone(tmp_path):
    (tmp_path / "web.log").write_bytes(b"x" * 100)
    (tmp_path / "notes.txt").write_bytes(b"x" * 1000)
    assert keep_within(tmp_path, most_bytes=100) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["notes.txt", "web.log"]


def test_a_grown_file_is_emptied_in_its_place_and_the_oldest_goes(tmp_path):
    log = tmp_path / "web.log"
    where = None
    for turn in range(5):
        with log.open("ab") as output:
            output.write(f"{turn}".encode() * 11)
        where = where or log.stat().st_ino
        assert keep_within(tmp_path, most_bytes=10, older=3) == ["web.log"]
    assert (log.stat().st_size, log.stat().st_ino) == (0, where)
    kept = {path.name: path.read_text()[0] for path in tmp_path.glob("web.log.*")}
    assert kept == {"web.log.1": "4", "web.log.2": "3", "web.log.3": "2"}


def test_a_full_disk_costs_no_older_file_and_leaves_no_pieces(tmp_path, monkeypatch):
    def full(source, aside):
        aside.write(source.read(5))
        raise OSError(errno.ENOSPC, "No space left on device")

    log = tmp_path / "web.log"
    for turn in range(3):
        log.write_bytes(f"{turn}".encode() * 11)
        if turn < 2:
            keep_within(tmp_path, most_bytes=10, older=2)
    before = {path.name: path.read_text() for path in tmp_path.iterdir()}
    monkeypatch.setattr(log_files.shutil, "copyfileobj", full)
    for _ in range(3):
        with pytest.raises(OSError, match="No space left"):
            keep_within(tmp_path, most_bytes=10, older=2)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize("writers", [1, 3])
def test_processes_that_share_a_file_write_on_while_it_is_set_aside(tmp_path, writers):
    lines = 1500
    with (tmp_path / "web.log").open("ab") as output:
        running = [
            subprocess.Popen([sys.executable, "-c", WRITES, str(who), str(lines)], stdout=output)
            for who in range(writers)
        ]
        turns = 0
        while any(child.poll() is None for child in running):
            turns += len(keep_within(tmp_path, most_bytes=20_000, older=100))
    assert turns >= 3
    text = "".join(path.read_text() for path in tmp_path.iterdir())
    assert "\0" not in text
    found = text.splitlines()
    end = "x" * 80
    wanted = {f"{who} {number:05d} {end}" for who in range(writers) for number in range(lines)}
    # A line of each writer may fall into the moment between the last read and the emptying.
    assert len(found) == len({*found})
    assert len({*found} - wanted) <= turns * writers
    assert len(wanted - {*found}) <= turns * writers
