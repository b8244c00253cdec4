"""What a migration may do while the version before still works on the same tables.

Read from its statements: some hold everybody up (they rewrite or read a whole table under a lock),
some take away what the version before asks for. docs/upgrading.md says what to do instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

_NOT_SAID = re.compile(r"--[^\n]*|/\*.*?\*/|(?P<tag>\$\w*\$).*?(?P=tag)|'(?:[^']|'')*'", re.DOTALL)
_TABLE = r"(?:IF (?:NOT )?EXISTS )?(?:ONLY )?(?P<table>[\w.]+)"
_MADE = re.compile(
    r"CREATE (?:UNLOGGED |TEMP |TEMPORARY )?TABLE (?:IF NOT EXISTS )?([\w.]+)"
    r"|CREATE (?:OR REPLACE )?(?:FUNCTION|PROCEDURE|VIEW|TRIGGER|SEQUENCE) (?:IF NOT EXISTS )?"
    r"([\w.]+)"
)
_ALTERED = re.compile(rf"ALTER TABLE {_TABLE} (?P<actions>.*)")
_INDEXED = re.compile(r"CREATE (?:UNIQUE )?INDEX (?P<how>.*?)\bON (?:ONLY )?(?P<table>[\w.]+)")
_DROPPED = re.compile(
    r"DROP (?:TABLE|SCHEMA|VIEW|FUNCTION|PROCEDURE|TRIGGER|SEQUENCE|TYPE)"
    r" (?:IF EXISTS )?(?P<name>[\w.]+)"
)
_WRITTEN = re.compile(r"(?:UPDATE (?:ONLY )?|DELETE FROM (?:ONLY )?)(?P<table>[\w.]+)")
_LOCKED = re.compile(r"LOCK TABLE (?P<tables>[\w., ]+?)(?: IN |$)")
_HELD_UP = re.compile(r"(LOCK TABLE|TRUNCATE|CLUSTER|VACUUM FULL|REINDEX (?!.*CONCURRENTLY))")
# Their value is another one for each row, so that all rows are written anew.
_VOLATILE = r"CLOCK_TIMESTAMP|RANDOM|GEN_RANDOM_UUID|UUIDV\d|NEXTVAL|TIMEOFDAY"

# What an action of ALTER TABLE may not be, and why. Spelt in capitals, without what is quoted.
_ACTIONS = (
    (r"ADD (?:COLUMN )?(?!CONSTRAINT|.*DEFAULT).*NOT NULL", "the old version fills it not"),
    (rf"ADD .*DEFAULT .*(?:{_VOLATILE})", "writes every row anew"),
    (r"ADD .*(?:GENERATED|SERIAL)", "writes every row anew"),
    (r"ADD (?:COLUMN )?(?!CONSTRAINT).*(?:REFERENCES|CHECK|UNIQUE|PRIMARY KEY)", "reads all rows"),
    (r"ADD CONSTRAINT .*(?:CHECK|FOREIGN KEY)(?!.*NOT VALID)", "reads all rows under a lock"),
    (r"ADD CONSTRAINT .*(?:UNIQUE|PRIMARY KEY)(?!.*USING INDEX)", "builds an index under a lock"),
    (r"ADD CONSTRAINT .*EXCLUDE", "builds an index under a lock"),
    (r"ALTER .*\bTYPE\b", "writes every row anew"),
    (r"SET (?:LOGGED|UNLOGGED|TABLESPACE)", "writes every row anew"),
)
# What takes something away that the version before may ask for.
_TAKEN_AWAY = (
    r"DROP (?:COLUMN|CONSTRAINT (?:IF EXISTS )?(?:PK|UQ)_)",
    r"RENAME",
    r"SET SCHEMA",
    r"ALTER .*(?:SET NOT NULL|DROP DEFAULT)",
)


@dataclass(slots=True)
class Migration:
    """What a migration runs, and what it says of itself.

    Shape: takes_away names the one that brought what takes its place; few_rows are the tables of
    which it writes rows, each with the reason why they are few; exchanges maps a table to the name
    that its rows go on under, while a new table of the same columns takes its place in the same
    transaction; stands_still says why the house has to stand still for it.
    """

    statements: Sequence[str]
    takes_away: str = ""
    stands_still: str = ""
    few_rows: dict[str, str] = field(default_factory=dict)
    exchanges: dict[str, str] = field(default_factory=dict)

    @property
    def exchanged(self) -> set[str]:
        """Both names of each table that is exchanged, as statements spell them here."""
        return {name.upper() for pair in self.exchanges.items() for name in pair}


def said(script: str) -> list[str]:
    """Return the statements of a script, in capitals and without what is quoted."""
    bare = _NOT_SAID.sub(lambda found: "''" if found[0][0] in "'$" else " ", script)
    bare = bare.replace('"', "").upper()
    return [" ".join(part.split()) for part in bare.split(";") if part.strip()]


def faults(migration: Migration) -> list[str]:
    """Return what a migration may not do while people work."""
    if migration.stands_still:
        return []
    spelt = [one for script in migration.statements for one in said(script)]
    made = {name for one in spelt for found in _MADE.findall(one) for name in found if name}
    left = sorted(name for name in migration.exchanges if name.upper() not in made)
    if left:
        return [f"nothing takes the place of {', '.join(left)}"]
    return [
        f"{reason}: {one[:90]}"
        for one in spelt
        if "ALEMBIC_VERSION" not in one
        for reason in (
            *_faults_of_statement(one, made, migration),
            *_faults_of_index(one, made),
            *_faults_of_table(one, made, migration, spelt),
        )
    ]


def _faults_of_statement(one: str, made: set[str], migration: Migration) -> Iterator[str]:
    locked = _LOCKED.match(one)
    is_exchange = locked and set(locked["tables"].split(", ")) <= migration.exchanged
    if (found := _HELD_UP.match(one)) and not is_exchange:
        yield f"{found[1]} holds everybody up"
    found = _DROPPED.match(one)
    if found and not migration.takes_away and found["name"] not in made:
        yield "the version before may ask for it"
    found = _WRITTEN.match(one)
    if found and found["table"].lower() not in migration.few_rows and found["table"] not in made:
        yield "rows of a whole table are written in one go"


def _faults_of_index(one: str, made: set[str]) -> Iterator[str]:
    found = _INDEXED.match(one)
    if found and found["table"] not in made and "CONCURRENTLY" not in found["how"]:
        yield "an index is built CONCURRENTLY"
    if re.match(r"DROP INDEX (?!CONCURRENTLY)", one):
        yield "an index is dropped CONCURRENTLY"


def _faults_of_table(
    one: str, made: set[str], migration: Migration, spelt: Sequence[str]
) -> Iterator[str]:
    found = _ALTERED.match(one)
    if found and found["table"] not in made:
        for action in _parted(found["actions"]):
            yield from _faults_of_action(action, found["table"], migration, spelt)


def _faults_of_action(
    action: str, table: str, migration: Migration, spelt: Sequence[str]
) -> Iterator[str]:
    yield from (why for pattern, why in _ACTIONS if re.match(pattern, action))
    is_replaced = migration.takes_away or table in migration.exchanged
    if not is_replaced and any(re.match(pattern, action) for pattern in _TAKEN_AWAY):
        yield "the version before may ask for it"
    if found := re.match(r"VALIDATE CONSTRAINT (\w+)", action):
        added = rf"ALTER TABLE (?:ONLY )?{table} .*ADD CONSTRAINT {found[1]}\b"
        if any(re.match(added, one) for one in spelt):
            yield "read in the migration that added it, and so under its lock"


def _parted(actions: str) -> Iterator[str]:
    """Yield the actions of one ALTER TABLE, which commas outside of brackets part."""
    depth, begun = 0, 0
    for at, sign in enumerate(actions):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if sign == "," and depth == 0:
            yield actions[begun:at].strip()
            begun = at + 1
    yield actions[begun:].strip()
