"""Each migration leaves the version before at work: it adds, and takes away a release later."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Engine, event

from kernel import migrate, testing
from kernel.manifest import load_house
from tests.kernel.expanding import Migration, faults
from tests.kernel.upgrading.packing import KEPT

# Those before were written for a house that stands still.
FIRST = "0011"
UPGRADING = (Path(migrate.__file__).parents[1] / "docs" / "upgrading.md").read_text("utf-8")


def history() -> list[Script]:
    scripts = ScriptDirectory.from_config(migrate.config("postgresql://"))
    return [*scripts.walk_revisions()][::-1]


@pytest.fixture(scope="module")
def ran() -> dict[str, list[str]]:
    """The statements of each migration, as a database heard them, by revision."""
    load_house()
    heard: dict[str, list[str]] = {}
    with testing.fresh_database() as name:
        url = testing.on_database(name)
        later = [found for found in history() if found.revision >= FIRST]
        if later:
            migrate.upgrade(str(later[0].down_revision), url=url)
        for found in later:
            words = heard[found.revision] = []
            # What lies beside it is run past SQLAlchemy, in one go.
            beside = Path(found.path).with_suffix(".up.sql")
            words += [beside.read_text("utf-8")] if beside.exists() else []

            def note(_c, _u, statement, *_rest, words=words):
                words.append(statement)

            event.listen(Engine, "before_cursor_execute", note)
            try:
                migrate.upgrade(found.revision, url=url)
            finally:
                event.remove(Engine, "before_cursor_execute", note)
    return heard


def read(found: Script, statements: list[str]) -> Migration:
    says = vars(found.module)
    return Migration(
        statements,
        takes_away=says.get("takes_away", ""),
        stands_still=says.get("stands_still", ""),
        few_rows=says.get("few_rows", {}),
        exchanges=says.get("exchanges", {}),
    )


def test_no_migration_holds_people_up_or_takes_away_what_the_version_before_asks_for(ran):
    assert {
        found.revision: wrong
        for found in history()
        if found.revision in ran and (wrong := faults(read(found, ran[found.revision])))
    } == {}


def test_what_is_taken_away_had_its_successor_in_an_earlier_release(ran):
    released = max(re.findall(r"_(\d{4})\.sql\.xz", " ".join(map(str, KEPT.iterdir()))))
    for found in history():
        if found.revision in ran and (brought := read(found, []).takes_away):
            assert brought in {one.revision for one in history()}
            assert brought <= released, f"{found.revision} comes a release too early"


def test_a_migration_for_which_the_house_stands_still_is_told_to_whoever_upgrades(ran):
    for found in history():
        if found.revision in ran and read(found, []).stands_still:
            assert f"`{found.revision}`" in UPGRADING


@pytest.mark.parametrize(
    "sql",
    [
        "ALTER TABLE kernel.mail ADD COLUMN kind text NOT NULL",
        "ALTER TABLE kernel.mail ADD COLUMN a text, ADD COLUMN b numeric(12, 2) NOT NULL",
        "ALTER TABLE kernel.mail ADD COLUMN at timestamptz DEFAULT clock_timestamp()",
        "ALTER TABLE kernel.mail ADD COLUMN seq bigint GENERATED ALWAYS AS IDENTITY",
        "ALTER TABLE kernel.mail ADD COLUMN owner uuid REFERENCES kernel.person (id)",
        "ALTER TABLE kernel.mail DROP COLUMN data",
        "ALTER TABLE kernel.mail RENAME COLUMN data TO facts",
        'ALTER TABLE kernel."mail" RENAME TO letter',
        "ALTER TABLE kernel.mail ALTER COLUMN data TYPE jsonb",
        "ALTER TABLE kernel.mail ALTER COLUMN data SET NOT NULL",
        "ALTER TABLE kernel.mail ADD CONSTRAINT ck_x CHECK (a > 0)",
        "ALTER TABLE kernel.mail ADD CONSTRAINT uq_x UNIQUE (a)",
        "ALTER TABLE kernel.mail DROP CONSTRAINT pk_mail",
        (
            "ALTER TABLE kernel.mail ADD CONSTRAINT ck_x CHECK (a > 0) NOT VALID;"
            " ALTER TABLE kernel.mail VALIDATE CONSTRAINT ck_x"
        ),
        "CREATE INDEX ix_x ON kernel.mail (a)",
        "CREATE UNIQUE INDEX uq_x ON kernel.mail (a)",
        "DROP INDEX kernel.ix_x",
        "DROP TABLE kernel.mail",
        "DROP FUNCTION banking.post(uuid)",
        "UPDATE kernel.mail SET a = 1",
        "WITH x AS (SELECT 1) SELECT 1; DELETE FROM kernel.mail",
        "LOCK TABLE kernel.mail",
        "TRUNCATE kernel.mail",
        "-- a word before\nDROP TABLE kernel.mail",
    ],
)
def test_what_holds_up_or_takes_away_is_found(sql):
    assert len(faults(Migration([sql]))) == 1


@pytest.mark.parametrize(
    "sql",
    [
        "ALTER TABLE kernel.mail ADD COLUMN kind text",
        "ALTER TABLE kernel.mail ADD COLUMN kind text DEFAULT 'a; DROP TABLE x' NOT NULL",
        "ALTER TABLE kernel.mail ADD CONSTRAINT ck_x CHECK (a > 0) NOT VALID",
        "ALTER TABLE kernel.mail VALIDATE CONSTRAINT ck_x",
        "ALTER TABLE kernel.mail ADD CONSTRAINT uq_x UNIQUE USING INDEX uq_x",
        "CREATE INDEX CONCURRENTLY ix_x ON kernel.mail (a)",
        "DROP INDEX CONCURRENTLY IF EXISTS kernel.ix_x",
        (
            "CREATE TABLE kernel.bell (a int NOT NULL); CREATE INDEX ix_bell ON kernel.bell (a);"
            " UPDATE kernel.bell SET a = 1; ALTER TABLE kernel.bell ALTER a TYPE bigint"
        ),
        "DROP VIEW banking.books; CREATE VIEW banking.books AS SELECT 1",
        "CREATE OR REPLACE FUNCTION banking.post() RETURNS int LANGUAGE sql AS $$ DROP TABLE x $$",
        "UPDATE alembic_version SET version_num = '0011'",
        "SELECT 1 -- DROP TABLE kernel.mail",
    ],
)
def test_what_only_adds_is_let_through(sql):
    assert faults(Migration([sql])) == []


def test_what_a_migration_says_of_itself_lets_it_do_that_and_no_more():
    assert faults(Migration(["ALTER TABLE kernel.mail DROP COLUMN data"], takes_away="0011")) == []
    few = {"kernel.mail": "one for each letter of today"}
    assert faults(Migration(["UPDATE kernel.mail SET a = 1"], few_rows=few)) == []
    exchanged = [
        "LOCK TABLE kernel.mail IN SHARE MODE; ALTER TABLE kernel.mail RENAME TO mail_rest",
        "ALTER TABLE kernel.mail_rest DROP CONSTRAINT uq_mail; CREATE TABLE kernel.mail (a int)",
    ]
    names = {"kernel.mail": "kernel.mail_rest"}
    assert faults(Migration(exchanged, exchanges=names)) == []
    assert len(faults(Migration(exchanged[:1], exchanges=names))) == 1
    other = [*exchanged, "LOCK TABLE kernel.mail, kernel.bell IN SHARE MODE"]
    assert len(faults(Migration(other, exchanges=names))) == 1
    still = Migration(["ALTER TABLE kernel.mail ALTER a TYPE bigint"], stands_still="all rows")
    assert faults(still) == []
