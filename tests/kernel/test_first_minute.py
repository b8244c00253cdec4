"""What an operator reads who starts the house with an address that is wrong, or not there yet."""

import os
import subprocess
import sys

import pytest

from kernel import cli, testing
from kernel.embedded.running import ServerDown

ENTREPOT = (sys.executable, "-c", "from kernel.cli import main; main()")


def run(*arguments: str, **chosen: str) -> subprocess.CompletedProcess[str]:
    """Run the command line as an installation with these settings does."""
    return subprocess.run(
        [*ENTREPOT, *arguments],
        env=os.environ | chosen,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def complaint(done: subprocess.CompletedProcess[str]) -> str:
    """Return the only line that it said."""
    assert done.returncode == 1, done
    (line,) = done.stderr.splitlines()
    return line


def test_a_setting_that_is_wrong_is_named_in_a_sentence():
    told = complaint(run("prove", ENTREPOT_DATABASE_URL="postgresql+psycopg://ann:s3cret@db/x"))

    assert told.startswith("ENTREPOT_DATABASE_URL takes an address like postgresql://")


def test_help_is_given_whatever_the_settings_are():
    assert run("--help", ENTREPOT_DEMO="perhaps").returncode == 0


@pytest.mark.parametrize("command", ["prove", "migrate"])
def test_a_database_that_is_not_there_is_said_in_a_sentence(command):
    told = complaint(run(command, ENTREPOT_DATABASE_URL="postgresql://ann:s3cret@127.0.0.1:9/x"))

    assert told.startswith("The database does not answer: ")
    assert "s3cret" not in told


def test_a_database_without_tables_asks_for_the_migration():
    with testing.fresh_database() as name:
        address = testing.on_database(name).replace("+psycopg", "", 1)
        told = complaint(run("prove", ENTREPOT_DATABASE_URL=address))

    assert "`entrepot migrate`" in told


def test_an_embedded_server_that_does_not_come_up_says_why_without_a_stack(monkeypatch, capsys):
    def down():
        raise ServerDown("PostgreSQL does not come up: it ended.")

    monkeypatch.setattr(cli, "cli", down)
    with pytest.raises(SystemExit) as left:
        cli.main()
    assert left.value.code == 1
    assert capsys.readouterr().err == "PostgreSQL does not come up: it ended.\n"


def test_an_address_at_the_terminal_is_not_repeated(tmp_path):
    typed = ("--into", str(tmp_path / "new"), "--database-url", "mysql://ann:s3cret@db/x")

    done = run("restore", str(tmp_path), *typed)

    assert done.returncode == 2
    assert "say an address like postgresql://" in done.stderr
    assert "s3cret" not in done.stderr
