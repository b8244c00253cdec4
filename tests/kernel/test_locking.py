"""What several processes write at once is there once, and whole."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

from kernel.locking import made_once, write_whole

ROOT = Path(__file__).parents[2]


def at_once(count, work):
    start, found = threading.Barrier(count), [None] * count

    def run(place):
        start.wait()
        found[place] = work(place)

    threads = [threading.Thread(target=run, args=(place,)) for place in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_processes_that_start_at_once_sign_with_one_key(tmp_path):
    say = (
        "import sys; from kernel.config import secret_keys; print('ready', flush=True);"
        " sys.stdin.readline(); print(secret_keys()[0].decode())"
    )
    about = {k: v for k, v in os.environ.items() if k != "ENTREPOT_SECRET_KEY"}
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", say],
            cwd=ROOT,
            env=about | {"ENTREPOT_VAR": str(tmp_path / "var"), "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    keys = {process.communicate(timeout=60)[0].strip() for process in processes}

    (key,) = keys
    assert len(key) == 64
    assert (tmp_path / "var" / "secret_key").read_text() == key
    assert (tmp_path / "var" / "secret_key").stat().st_mode & 0o777 == 0o600


def test_whoever_comes_while_it_is_made_waits_for_it(tmp_path):
    made = []

    def make(place):
        def slowly():
            made.append(place)
            threading.Event().wait(0.2)
            return f"key-{place}"

        return made_once(tmp_path / "new" / "key", slowly)

    held = at_once(8, make)

    assert len(made) == 1
    assert set(held) == {f"key-{made[0]}"}


def test_an_empty_file_of_a_start_that_broke_is_written_anew(tmp_path):
    (tmp_path / "key").touch()

    assert made_once(tmp_path / "key", lambda: "fresh") == "fresh"
    assert made_once(tmp_path / "key", lambda: "other") == "fresh"


def test_a_file_that_many_write_is_one_of_theirs_and_nothing_is_left_beside_it(tmp_path):
    contents = [str(n).encode() * 100_000 for n in range(8)]

    at_once(8, lambda place: [write_whole(tmp_path / "page", contents[place]) for _ in range(5)])

    assert (tmp_path / "page").read_bytes() in contents
    assert [path.name for path in tmp_path.iterdir()] == ["page"]
