"""What a server runs to archive its journal: all of a part or nothing, and nothing twice."""

import gzip
import subprocess
from pathlib import Path

import pytest

from kernel.ops.backups import archive

NAME = "000000010000000000000003"


@pytest.fixture(params=["journal", "it's 100% full of $HOME"])
def journal(request, tmp_path) -> Path:
    folder = tmp_path / request.param
    folder.mkdir()
    return folder


@pytest.fixture
def part(tmp_path) -> Path:
    path = tmp_path / "pg_wal" / NAME
    path.parent.mkdir()
    path.write_bytes(bytes(range(256)) * 4096)
    return path


def run(command: str, part: Path) -> int:
    """Run it as the server does, with the name and the path put in."""
    told = command.replace("%%", "\0").replace("%f", part.name).replace("%p", f"pg_wal/{part.name}")
    return subprocess.run(
        ["sh", "-c", told.replace("\0", "%")], cwd=part.parents[1], check=False
    ).returncode


def push(journal, part):
    return run(archive.archive_command(journal), part)


def pull(journal, part):
    return run(archive.restore_command(journal), part)


def test_a_part_is_kept_and_comes_back(journal, part):
    was = part.read_bytes()
    assert push(journal, part) == 0
    assert [path.name for path in journal.iterdir()] == [f"{NAME}.gz"]
    part.unlink()
    assert pull(journal, part) == 0
    assert part.read_bytes() == was


def test_the_same_part_again_is_well_and_another_of_that_name_is_refused(journal, part):
    push(journal, part)
    kept = (journal / f"{NAME}.gz").read_bytes()
    assert push(journal, part) == 0
    part.write_bytes(b"of another server")
    assert push(journal, part) != 0
    assert (journal / f"{NAME}.gz").read_bytes() == kept


def test_what_a_power_cut_left_half_is_written_anew(journal, part):
    (journal / f".{NAME}.half").write_bytes(b"ha")
    assert pull(journal, part) == 1
    assert push(journal, part) == 0
    assert gzip.decompress((journal / f"{NAME}.gz").read_bytes()) == part.read_bytes()
    assert [path.name for path in journal.iterdir()] == [f"{NAME}.gz"]


def test_a_folder_that_is_not_there_keeps_the_part_with_the_server(journal, part):
    journal.rmdir()
    assert push(journal, part) != 0


def test_a_part_that_is_not_there_ends_a_recovery_and_a_broken_one_stops_it(journal, part):
    assert pull(journal, part) == 1
    push(journal, part)
    whole = (journal / f"{NAME}.gz").read_bytes()
    (journal / f"{NAME}.gz").write_bytes(whole[: len(whole) // 2])
    assert pull(journal, part) > 125


def test_files_that_came_since_are_mirrored_and_deleted_ones_forgotten(tmp_path):
    var, kept = tmp_path / "var", tmp_path / "archive"
    for name in ("media/a", "evidence/ab/abc", "log/web.log", "secret_key"):
        (var / name).parent.mkdir(parents=True, exist_ok=True)
        (var / name).write_text(name)
    assert archive.mirror(var, kept) == 2
    assert archive.mirror(var, kept) == 0
    (var / "evidence/ab/abc").unlink()
    (var / "media/b").write_text("b")
    assert archive.mirror(var, kept) == 1

    archive.forget_deleted(var, kept)

    assert sorted(str(p.relative_to(kept)) for p in kept.rglob("*") if p.is_file()) == [
        "files/media/a",
        "files/media/b",
    ]
