"""What lies in a bucket is part of a backup, comes back with it, and is told where it is not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from kernel import testing
from kernel.ops.backups import cli, contents, making, restoring
from kernel.ops.backups.contents import Kind
from kernel.ops.backups.errors import BackupDamaged, BackupRefused
from tests.journeys.racing import open_house
from tests.kernel.media import bucket_standin
from tests.kernel.media.bucket_standin import Store
from tests.kernel.ops.backups.lived_in import on_a_given_server, plain_url, sell_one_kind

PASSPORT = "evidence/ff/ffee"


@pytest.fixture
def store() -> Iterator[Store]:
    with bucket_standin.bucket() as running:
        yield running


@pytest.fixture
def picture(store: Store, template_database: str, tmp_path: Path) -> Iterator[str]:
    """An installation of many machines: its picture and a passport lie in a bucket alone."""
    var = tmp_path / "var"
    with on_a_given_server(template_database, var, storage_url=store.address) as url:
        open_house()
        path = sell_one_kind(url).picture
        store.files[PASSPORT] = b"a passport"
        yield next(name for name in store.files if path in name)


def backup_of(tmp_path: Path, *, said: list[str], **wish: bool) -> Path:
    return making.make(tmp_path / "backups", kind=Kind.LOGICAL, say=said.append, **wish)


def restored(backup: Path, into: Path, said: list[str]) -> bool:
    with testing.fresh_database() as name:
        wish = restoring.Wish(database_url=plain_url(name))
        return restoring.restore(backup, into, wish=wish, say=said.append)


def test_it_comes_back_into_the_folder_and_is_proved_there(picture, store, tmp_path):
    said: list[str] = []
    kept = dict(store.files)
    backup = backup_of(tmp_path, said=said)
    store.files.clear()  # the bucket is lost with the machines

    assert restored(backup, tmp_path / "into", said)

    found = {name: (tmp_path / "into" / name).read_bytes() for name in kept}
    assert found == kept
    assert (tmp_path / "into" / PASSPORT).stat().st_mode & 0o777 == 0o600
    assert any("start without ENTREPOT_STORAGE_URL" in line for line in said)


def test_a_backup_says_where_its_files_lay_and_not_how_one_gets_there(picture, store, tmp_path):
    backup = backup_of(tmp_path, said=[])
    page = (backup / contents.MANIFEST).read_text()
    told = json.loads(page)

    at = f"127.0.0.1:{store.server_address[1]}/{bucket_standin.BUCKET}"
    assert (told["bucket"], told["has_bucket"]) == (at, True)
    assert told["hashes"][f"files/{picture}"]
    assert "secret" not in page
    listed = CliRunner().invoke(cli.list_backups, [str(backup.parent)])
    assert f"with {at}" in listed.output


def test_a_file_of_it_that_was_changed_is_found(picture, tmp_path):
    backup = backup_of(tmp_path, said=[])
    (backup / "files" / picture).write_bytes(b"another")

    with pytest.raises(BackupDamaged, match=picture):
        restoring.check(backup)


def test_a_bucket_that_is_left_out_is_told_by_backup_list_and_restore(picture, store, tmp_path):
    said: list[str] = []
    backup = backup_of(tmp_path, said=said, has_bucket=False)
    told = contents.read(backup)

    assert told.bucket
    assert not told.has_bucket
    assert not (backup / "files" / picture).exists()
    assert any(line.startswith("Left out what lies in 127.0.0.1") for line in said)
    listed = CliRunner().invoke(cli.list_backups, [str(backup.parent)])
    assert f"without {told.bucket}" in listed.output

    assert restored(backup, tmp_path / "into", said), "the bucket still has it"
    assert any("is not in this backup" in line for line in said)
    del store.files[picture]
    assert not restored(backup, tmp_path / "again", said), "nobody has it any more"


def test_a_bucket_that_is_away_makes_no_backup(picture, store, tmp_path):
    store.refusing = True

    with pytest.raises(BackupRefused, match=r"cannot be read\..*--without-bucket"):
        backup_of(tmp_path, said=[])

    assert making.whole_ones(tmp_path / "backups") == {}
    store.refusing = False


@pytest.mark.parametrize("name", ["secret_key", "postgres/outside"])
def test_what_others_keep_in_the_bucket_stays_there(picture, store, tmp_path, name):
    store.files[name] = b"of others"
    said: list[str] = []

    backup = backup_of(tmp_path, said=said)

    assert any("Left out 1 names of the bucket" in line for line in said)
    assert not (backup / "files" / name).exists()
    assert f"files/{name}" not in contents.read(backup).hashes


def test_its_size_is_asked_before_the_disk_is_full(picture, store, tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(making, "_ask_for_room", lambda _work, size: asked.append(size))
    backup_of(tmp_path, said=[])
    backup_of(tmp_path, said=[], has_bucket=False)

    assert asked[0] - asked[1] == sum(len(content) for content in store.files.values())
