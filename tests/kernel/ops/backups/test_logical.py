"""Statements instead of files: a backup for another version, out of a server that is given."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from kernel import embedded, testing
from kernel.ops.backups import archive, contents, database, keybox, making, programs, restoring
from kernel.ops.backups.contents import Kind
from kernel.ops.backups.errors import BackupRefused
from tests.kernel.ops.backups.lived_in import (
    on_a_given_server,
    open_folder,
    plain_url,
    register,
)

EMAIL = "naoko@example.com"


@pytest.fixture
def given(template_database: str, tmp_path: Path) -> Iterator[str]:
    """An installation with one person on a server that somebody else looks after."""
    var = tmp_path / "var"
    with on_a_given_server(template_database, var, secret_key="chosen by an operator") as url:
        register(EMAIL)
        (var / "media").mkdir(parents=True)
        (var / "media" / "a.webp").write_bytes(b"a picture")
        yield url


def people(url: str) -> list[str]:
    with psycopg.connect(url) as own:
        return [row[0] for row in own.execute("SELECT email FROM kernel.person")]


def test_it_comes_back_into_an_empty_database_with_keys_and_files(given, tmp_path):
    backup = making.make(tmp_path / "backups", kind=Kind.LOGICAL, say=print)
    into = tmp_path / "into"
    with testing.fresh_database() as name:
        wish = restoring.Wish(database_url=plain_url(name))

        assert restoring.restore(backup, into, wish=wish, say=print)

        assert people(plain_url(name)) == [EMAIL]
        with pytest.raises(BackupRefused, match="not empty"):
            restoring.restore(backup, tmp_path / "again", wish=wish, say=print)
    assert (into / "secret_key").read_text() == "chosen by an operator"
    assert (into / "secret_key").stat().st_mode & 0o777 == 0o600
    assert (into / "media" / "a.webp").read_bytes() == b"a picture"


def test_it_comes_back_into_a_server_of_the_houses_own(given, tmp_path):
    backup = making.make(tmp_path / "backups", kind=Kind.LOGICAL, say=print)
    with open_folder() as home:
        assert restoring.restore(backup, home / "into", wish=restoring.Wish(), say=print)
        try:
            assert people(embedded.postgres_url(home / "into" / "postgres")) == [EMAIL]
        finally:
            embedded.stop_postgres(home / "into" / "postgres")


@pytest.mark.parametrize(
    "wish",
    [{"archive": Path("/")}, {"until": making.datetime(2026, 11, 30, tzinfo=making.UTC)}],
    ids=["an archive", "an instant"],
)
def test_it_has_no_journal(given, tmp_path, wish):
    backup = making.make(tmp_path / "backups", kind=Kind.LOGICAL, say=print)
    with pytest.raises(BackupRefused, match="journal"):
        restoring.restore(backup, tmp_path / "into", wish=restoring.Wish(**wish), say=print)


def test_a_folder_that_others_may_look_into_is_refused(given, tmp_path):
    folder = tmp_path / "backups"
    folder.mkdir(mode=0o750)
    with pytest.raises(BackupRefused, match="chmod 700"):
        making.make(folder, kind=Kind.LOGICAL, say=print)
    assert list(folder.iterdir()) == []


def test_a_folder_within_what_is_saved_is_refused(given, tmp_path):
    with pytest.raises(BackupRefused, match="what is to be saved"):
        making.make(tmp_path / "var" / "backups", kind=Kind.LOGICAL, say=print)


def test_a_disk_without_room_is_asked_before_it_is_full(given, tmp_path, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(archive.shutil, "disk_usage", lambda _: usage(1 << 30, 1 << 30, 1 << 20))
    with pytest.raises(BackupRefused, match="has 1 MB left"):
        making.make(tmp_path / "backups", kind=Kind.LOGICAL, say=print)
    assert making.whole_ones(tmp_path / "backups") == {}


def test_the_oldest_whole_ones_go_and_what_is_damaged_is_not_counted(given, tmp_path):
    folder = tmp_path / "backups"
    made = [making.make(folder, kind=Kind.LOGICAL, say=print) for _ in range(3)]
    (made[2] / "manifest.json").unlink()

    making.prune(folder, keep=1, say=print)

    assert not made[0].exists()
    assert list(making.whole_ones(folder)) == [made[1].name]
    assert made[2].exists()


def test_the_journal_before_the_oldest_backup_goes_with_it(given, tmp_path):
    told = contents.Contents(
        kind=Kind.PHYSICAL,
        began_at="",
        ended_at="",
        version="",
        revision="",
        postgres=18,
        user="",
        database="",
        system="77",
        segment="000000010000000000000004",
        hashes={},
    )
    journal = archive.journal_of(tmp_path, "77")
    journal.mkdir(parents=True)
    for number in (2, 3, 4, 5):
        (journal / f"{number:024X}.gz".replace("0" * 8, "00000001", 1)).touch()

    assert archive.drop_older(tmp_path, told) == 2

    assert sorted(path.name[-4:-3] for path in journal.iterdir()) == ["4", "5"]


def test_a_server_of_another_version_is_named():
    with pytest.raises(BackupRefused, match=r"PostgreSQL 9, .*\(found: .*18 in "):
        programs.programs_of(9)


def test_passwords_stand_in_no_list_of_processes():
    bare, beside = programs.without_password("postgresql://ann:s3cret@db.example/entrepot")
    assert "s3cret" not in bare
    assert "db.example" in bare
    assert beside == {"PGPASSWORD": "s3cret"}


def test_keys_without_a_passphrase_are_for_their_owner_alone(tmp_path):
    keybox.lock({"secret_key": "s"}, tmp_path / "keys.json", passphrase="")
    assert (tmp_path / "keys.json").stat().st_mode & 0o777 == 0o600
    assert keybox.unlock(tmp_path / "keys.json", passphrase="") == {"secret_key": "s"}


def test_a_key_that_is_dropped_while_the_database_is_copied_travels_along(
    given, tmp_path, monkeypatch
):
    found = iter([{"secret_key": "b\na"}, {"secret_key": "b"}])
    monkeypatch.setattr(making, "keys_of", lambda _: next(found))
    backup = making.make(tmp_path / "backups", kind=Kind.LOGICAL, say=print)
    assert keybox.unlock(backup / "keys.json", passphrase="") == {"secret_key": "b\na"}


def test_a_copy_that_a_migration_ran_beside_is_no_backup(given, tmp_path, monkeypatch):
    """It would say the revision of before and hold the tables of after."""
    copy = database.copy_logically

    def copy_amid_a_migration(source, path):
        with psycopg.connect(given, autocommit=True) as own:
            own.execute("UPDATE alembic_version SET version_num = '0001'")
        copy(source, path)

    monkeypatch.setattr(database, "copy_logically", copy_amid_a_migration)
    with pytest.raises(BackupRefused, match="A migration ran meanwhile"):
        making.make(tmp_path / "backups", kind=Kind.LOGICAL, say=print)
    assert [path.name for path in (tmp_path / "backups").iterdir()] == [".lock"]


def test_the_command_line_says_why_in_a_sentence(tmp_path):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("ENTREPOT_")}
    said = subprocess.run(
        [sys.executable, "-m", "kernel", "restore", tmp_path, "--into", tmp_path / "into"],
        env=environment | {"ENTREPOT_VAR": str(tmp_path / "var")},
        check=False,
        capture_output=True,
        text=True,
    )
    assert (said.returncode, said.stderr) == (
        1,
        f"Error: {tmp_path} is no backup: it has no manifest.json.\n",
    )


@pytest.mark.parametrize("instant", ["yesterday", "2026-11-30T14:05:00", "2026-11-30"])
def test_an_instant_without_its_zone_is_asked_again(tmp_path, instant):
    said = subprocess.run(
        [
            *(sys.executable, "-m", "kernel", "restore", tmp_path),
            *("--into", tmp_path / "into", "--until", instant),
        ],
        check=False,
        capture_output=True,
        text=True,
    )
    assert said.returncode == 2
    assert "say day, time and zone" in said.stderr
