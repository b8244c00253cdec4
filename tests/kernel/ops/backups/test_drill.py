"""The drill: a backup while people buy, an instant, a restore, and everything that must hold."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest
from flask.testing import FlaskClient

from kernel import embedded
from kernel.app import create_app
from kernel.ops.backups import archive, contents, making, restoring
from kernel.ops.backups.contents import Kind
from kernel.ops.backups.errors import BackupRefused
from tests.kernel.ops.backups.lived_in import (
    PASSWORD,
    Market,
    living_in,
    open_folder,
    orders,
    register,
    settle_in,
    wait_until_archived,
)

# Power stays on here; waiting for the disk at every order proves nothing.
_NOT_DURABLE = "fsync = off\n"
PASSPHRASE = "a lighthouse that nobody sees"
EMAIL = "camille@example.com"


@dataclass(frozen=True, kw_only=True)
class Lived:
    """What is left of an installation that was lost.

    Shape: before and after are the orders that people were told of before the instant and after,
    found those that the restore brought.
    """

    home: Path
    backup: Path
    market: Market
    instant: datetime
    before: set[str]
    after: set[str]
    cookie: str
    found: frozenset[str] = frozenset()

    @property
    def archive(self) -> Path:
        return self.home / "archive"

    @property
    def segment(self) -> str:
        return contents.read(self.backup).segment


@pytest.fixture(scope="module")
def lived() -> Iterator[Lived]:
    """A backup while people buy, more purchases, an instant, and purchases that came too late."""
    with open_folder() as home:
        chosen = {"archive": str(home / "archive"), "backup_passphrase": PASSPHRASE}
        with living_in(home / "var", **chosen):
            embedded.postgres_url(extra=_NOT_DURABLE)
            archive.follow_setting()
            market = settle_in()
            register(EMAIL)
            browser = create_app().test_client()
            sign_in(browser)
            market.sell()
            with market.open_all_night():
                backup = making.make(home / "backups", kind=Kind.PHYSICAL, say=print)
                sold = len(market.told)
                while len(market.told) < sold + 2:
                    time.sleep(0.05)
            instant, before = datetime.now(UTC), set(market.told)
            wait_until_archived()
            # Each in a part of the archive of its own: the one before may be in the backup, too.
            after = set()
            for _ in range(2):
                after.add(market.sell())
                wait_until_archived()
            assert orders() == before | after
        yield Lived(
            home=home,
            backup=backup,
            market=market,
            instant=instant,
            before=before,
            after=after,
            cookie=browser.get_cookie("entrepot").value,
        )


@pytest.fixture(scope="module")
def restored(lived: Lived) -> Iterator[Lived]:
    """This process lives in what the restore brought, at the instant."""
    into = lived.home / "restored"
    wish = restoring.Wish(until=lived.instant, archive=lived.archive)
    with living_in(into, backup_passphrase=PASSPHRASE):
        assert restoring.restore(lived.backup, into, wish=wish, say=print), "every proof holds"
        yield replace(lived, found=frozenset(orders()))


def sign_in(browser: FlaskClient) -> None:
    """Sign somebody in with the password, as the page's form does."""
    browser.get("/en/sign-in")
    with browser.session_transaction() as cookies:
        cookies["csrf"] = "test-token"
    form = {"email": EMAIL, "password": PASSWORD, "csrf_token": "test-token"}
    assert browser.post("/en/sign-in", data=form).status_code == 303


def is_signed_in(browser: FlaskClient) -> bool:
    return browser.get("/en/account").status_code == 200


def test_exactly_what_was_told_before_the_instant_is_there(restored):
    assert restored.found == restored.before
    assert len(restored.before) > 3
    assert len(restored.after) == 2


def test_pages_and_pictures_answer(restored):
    browser = create_app().test_client()
    assert browser.get("/en/", follow_redirects=True).status_code == 200
    goods = browser.get(f"/en/p/{restored.market.product_ref}/", follow_redirects=True)
    assert goods.status_code == 200
    with browser.get(f"/media/{restored.market.picture}.webp") as picture:
        assert picture.status_code == 200


def test_a_person_signs_in_with_the_password_and_a_cookie_from_before_counts(restored):
    browser = create_app().test_client()
    assert not is_signed_in(browser)
    sign_in(browser)
    assert is_signed_in(browser)

    kept = create_app().test_client()
    kept.set_cookie("entrepot", restored.cookie)
    assert is_signed_in(kept)


def test_people_go_on_buying(restored):
    had = orders()
    ref = restored.market.sell()
    assert orders() == had | {ref}


@pytest.fixture
def copied(lived: Lived, tmp_path: Path) -> Path:
    """The backup once more, to be spoilt: whatever is written anew is no longer the first one's."""
    copy = tmp_path / lived.backup.name
    shutil.copytree(lived.backup, copy, copy_function=os.link)
    return copy


def spoil(path: Path, at: int = -1) -> None:
    """Change one byte of a file."""
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.unlink()
    path.write_bytes(content)


def refusal(backup: Path, tmp_path: Path, *, passphrase: str = PASSPHRASE, **wish: object) -> str:
    """Return why a restore is refused, which leaves nothing behind."""
    into = tmp_path / "into"
    with (
        living_in(into, backup_passphrase=passphrase),
        pytest.raises(BackupRefused) as refused,
    ):
        restoring.restore(backup, into, wish=restoring.Wish(**wish), say=print)
    assert not into.exists()
    return str(refused.value)


def a_table(backup: Path) -> Path:
    """The largest file of the database."""
    return max(backup.glob("database/base/*/*"), key=lambda path: path.stat().st_size)


@pytest.mark.parametrize(
    ("which", "says"),
    [
        (a_table, "database in the backup is damaged"),
        (
            lambda backup: next(backup.glob("database/pg_wal/0*")),
            "was changed",
        ),
        (lambda backup: backup / "database" / "backup_manifest", "backup_manifest was changed"),
        (lambda backup: backup / "keys.json", "keys.json was changed"),
        (lambda backup: next(backup.glob("files/media/products/*")), "was changed"),
    ],
    ids=["table", "journal", "list of the database", "keys", "picture"],
)
def test_one_wrong_byte_is_found_before_anything_is_restored(copied, tmp_path, which, says):
    spoil(which(copied), at=100)
    assert says in refusal(copied, tmp_path)


def test_a_word_changed_in_the_page_that_says_what_it_is_is_found(copied, tmp_path):
    page = copied / "manifest.json"
    changed = page.read_text(encoding="utf-8").replace('"revision": "', '"revision": "0')
    page.unlink()
    page.write_text(changed, encoding="utf-8")
    assert "was changed since" in refusal(copied, tmp_path)


@pytest.mark.parametrize(
    ("which", "says"),
    [
        (a_table, "damaged"),
        (lambda backup: backup / "keys.json", "keys.json"),
        (lambda backup: next(backup.glob("files/media/products/*")), "webp"),
        (lambda backup: backup / "manifest.json", "is no backup"),
    ],
    ids=["table", "keys", "picture", "page"],
)
def test_a_missing_file_is_found_before_anything_is_restored(copied, tmp_path, which, says):
    which(copied).unlink()
    assert says in refusal(copied, tmp_path)


@pytest.mark.parametrize(
    ("passphrase", "says"), [("", "The keys are locked"), ("a lamp", "does not open the keys")]
)
def test_without_the_passphrase_nothing_is_restored(lived, tmp_path, passphrase, says):
    assert says in refusal(lived.backup, tmp_path, passphrase=passphrase)


def test_no_key_lies_readable_in_a_backup_that_is_locked(lived):
    key = (lived.home / "var" / "secret_key").read_bytes()
    assert [
        path for path in lived.backup.rglob("*") if path.is_file() and key in path.read_bytes()
    ] == []


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"format": contents.FORMAT + 1}, "made by a newer version"),
        ({"revision": "9999"}, "revision 9999"),
    ],
)
def test_a_backup_of_a_newer_version_is_refused(copied, tmp_path, changed, says):
    page = copied / "manifest.json"
    told = json.loads(page.read_text(encoding="utf-8")) | changed
    del told["sum"]
    page.unlink()
    page.write_text(json.dumps({**told, "sum": contents._sum(told)}), encoding="utf-8")
    assert says in refusal(copied, tmp_path)


def journal(lived: Lived, tmp_path: Path) -> list[Path]:
    """A copy of the archive's journal, which may be spoilt; oldest part first.

    Beside the parts lie notes of backups, which are made in whatever order tests are run.
    """
    shutil.copytree(lived.archive, tmp_path / "archive")
    return sorted(tmp_path.glob(f"archive/wal/*/{'[0-9A-F]' * 24}.gz"))


def test_a_gap_in_the_archive_is_no_end(lived, tmp_path):
    had = {part.name for part in lived.backup.glob("database/pg_wal/*")}
    parts = [part for part in journal(lived, tmp_path) if part.stem not in had]
    missing = [part for part in parts if part.stem > lived.segment][-2]
    missing.unlink()
    said = refusal(lived.backup, tmp_path, archive=tmp_path / "archive")
    assert f"not whole: {missing.stem}" in said


def test_a_part_of_the_archive_that_cannot_be_read_is_no_end(lived, tmp_path):
    last = journal(lived, tmp_path)[-1]
    last.write_bytes(last.read_bytes()[:-1000])
    assert "did not come up" in refusal(lived.backup, tmp_path, archive=tmp_path / "archive")


def test_an_instant_that_the_archive_does_not_reach_is_refused(lived, tmp_path):
    said = refusal(lived.backup, tmp_path, archive=lived.archive, until=datetime.now(UTC))
    assert "recovery ended before configured recovery target was reached" in said


def test_instants_out_of_reach_are_refused(lived, tmp_path):
    ended = datetime.fromisoformat(contents.read(lived.backup).ended_at)
    far = datetime.now(UTC) + timedelta(hours=1)
    to = {"archive": lived.archive}
    assert "take an earlier one" in refusal(
        lived.backup, tmp_path, until=ended - timedelta(seconds=1), **to
    )
    assert "has not come yet" in refusal(lived.backup, tmp_path, until=far, **to)
    assert "by the journal" in refusal(lived.backup, tmp_path, until=lived.instant)


def test_a_folder_that_holds_something_is_left_alone(lived, tmp_path):
    (tmp_path / "mine").touch()
    with living_in(tmp_path / "var"), pytest.raises(BackupRefused, match="is not empty"):
        restoring.restore(lived.backup, tmp_path, wish=restoring.Wish(), say=print)
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_a_disk_that_fills_up_leaves_a_sentence_and_no_backup(lived):
    """A limit of the system stands for the disk: no file may be larger than a megabyte."""
    said = run_backup(lived, limit=1 << 20)
    assert said.returncode == 1
    assert said.stderr.startswith("Error: pg_basebackup failed")
    assert "Traceback" not in said.stderr
    assert names_in(lived.home / "backups") == {".lock", lived.backup.name}


def test_a_killed_run_leaves_no_backup_and_the_next_one_clears_up(lived):
    left = lived.home / "backups" / ".2026-01-01T00-00-00.000Z.unfinished"
    (left / "database").mkdir(parents=True)
    assert set(making.whole_ones(lived.home / "backups")) == {lived.backup.name}

    kept = lived.home / "kept"  # the tests after this one, in whatever order, want it back
    shutil.copytree(lived.backup, kept, copy_function=os.link)
    said = run_backup(lived, "--keep", "1")

    assert said.returncode == 0, said.stderr
    (name,) = names_in(lived.home / "backups") - {".lock"}
    assert name > lived.backup.name
    assert making.whole_ones(lived.home / "backups").keys() == {name}
    shutil.rmtree(lived.home / "backups" / name)
    kept.replace(lived.backup)


def run_backup(lived: Lived, *options: str, limit: int = 0) -> subprocess.CompletedProcess[str]:
    """Run `entrepot backup` on the first installation, as an operator does."""
    chosen = {"ENTREPOT_VAR": str(lived.home / "var"), "ENTREPOT_BACKUP_PASSPHRASE": PASSPHRASE}
    outer = {name: value for name, value in os.environ.items() if not name.startswith("ENTREPOT_")}
    limiting = ["prlimit", f"--fsize={limit}"] if limit else []
    with living_in(lived.home / "var"):
        embedded.postgres_url()
        return subprocess.run(
            [*limiting, sys.executable, "-m", "kernel", "backup", lived.home / "backups", *options],
            env=outer | chosen,
            check=False,
            capture_output=True,
            text=True,
        )


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_restore_that_is_told_to_end_leaves_no_server_behind(lived, tmp_path, number):
    into = lived.home / f"broken-off-{number}"
    command = [sys.executable, "-m", "kernel", "restore", lived.backup, "--into", into]
    outer = {name: value for name, value in os.environ.items() if not name.startswith("ENTREPOT_")}
    chosen = {"ENTREPOT_VAR": str(tmp_path), "ENTREPOT_BACKUP_PASSPHRASE": PASSPHRASE}
    restore = subprocess.Popen(command, env=outer | chosen)
    try:
        wait_until(lambda: servers_of(into), restore)
        restore.send_signal(number)
        restore.wait(20)
        wait_until(lambda: not servers_of(into), None)
    finally:
        restore.kill()
        restore.wait()
        for left in servers_of(into):
            left.kill()
    if number == signal.SIGTERM:
        assert not into.exists()


def servers_of(folder: Path) -> list[psutil.Process]:
    """Return the database servers that live below a folder."""
    told = f"{folder}/"
    return [
        one
        for one in psutil.process_iter(["name", "cmdline"])
        if one.info["name"] == "postgres" and told in " ".join(one.info["cmdline"] or ())
    ]


def wait_until(holds: Callable[[], object], running: subprocess.Popen[bytes] | None) -> None:
    """Wait for half a minute, while a process runs."""
    until = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < until
        assert running is None or running.poll() is None
        time.sleep(0.05)
