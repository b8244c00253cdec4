"""Drafts the next migration: what lies between the last one and what models and SQL say today.

Tables and columns come from Alembic's comparison; functions, triggers, views and checks, which it
does not see, come from the catalogue of two databases. A draft is read and finished by hand: it
drops where somebody renamed, it fills no new column, and sequences of their own it leaves out.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext
from alembic.operations.ops import DowngradeOps, UpgradeOps
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool

from kernel import migrate, testing
from kernel.db import Base
from kernel.manifest import load_house, packages
from kernel.schema import shape

Shape = Mapping[tuple[str, str], str]

# Of a week, of a year, what came before years, and the rest.
_PARTITION = re.compile(r"_(\d{4}(_w\d\d)?|before|rest)$")

_TEMPLATE = '''"""{words}"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from kernel.schema import run_beside

revision = "{revision}"
down_revision = "{before}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    {up}
    run_beside(op.get_bind(), __file__, ".up.sql")


def downgrade() -> None:
    {down}
    run_beside(op.get_bind(), __file__, ".down.sql")
'''


@dataclass(frozen=True, slots=True)
class Draft:
    """A migration and the SQL of both its ways."""

    python: str
    up: str
    down: str

    def write(self, folder: Path, name: str) -> None:
        """Put the three files beside the earlier migrations."""
        (folder / f"{name}.py").write_text(self.python, encoding="utf-8")
        (folder / f"{name}.up.sql").write_text(self.up, encoding="utf-8")
        (folder / f"{name}.down.sql").write_text(self.down, encoding="utf-8")


def draft(installed: Connection, *, wanted: Shape, revision: str, before: str, words: str) -> Draft:
    """Return the migration that leads from what is installed to the models.

    Shape: wanted is what stands where everything was created from the models.
    """
    context = MigrationContext.configure(installed, opts=comparison())
    script = produce_migrations(context, Base.metadata)
    assert script.upgrade_ops is not None, "both ways are drafted"
    assert script.downgrade_ops is not None, "both ways are drafted"
    stands = shape(installed)
    return Draft(
        python=_TEMPLATE.format(
            words=words,
            revision=revision,
            before=before,
            up=_rendered(script.upgrade_ops),
            down=_rendered(script.downgrade_ops),
        ),
        up=_between(stands, wanted),
        down=_between(wanted, stands),
    )


def comparison() -> dict[str, object]:
    """Return how Alembic compares an installation with the models."""
    return {
        "include_schemas": True,
        "compare_type": True,
        "compare_server_default": True,
        "include_name": _is_compared,
    }


def _is_compared(name: str | None, kind: str, _parents: object) -> bool:
    """Whether a thing is of the models: partitions come and go by the calendar."""
    if kind == "schema":
        return name in packages()
    return kind != "table" or not _PARTITION.search(name or "")


def _rendered(operations: UpgradeOps | DowngradeOps) -> str:
    code = render_python_code(operations).replace("(astext_type=Text())", "()")
    rows = [row for row in code.splitlines() if row.strip() and not row.lstrip().startswith("#")]
    return "\n".join(row for row in rows if row.strip() != "pass").strip()


def _between(stands: Shape, wanted: Shape) -> str:
    """Return SQL that leads from one shape to another, for what Alembic does not see."""
    gone = [key for key in stands if key not in wanted and _is_ours(key, stands)]
    new = [key for key in wanted if wanted[key] != stands.get(key) and _is_ours(key, wanted)]
    statements = [
        _drop(*key) for key in sorted(gone, key=_order, reverse=True) if _table(key) in wanted
    ]
    statements += [_create(key, wanted[key]) for key in sorted(new, key=_order)]
    return "\n".join(statements)


# A trigger calls its function, and a check may too.
_KINDS = ("function", "view", "constraint", "trigger")


def _order(key: tuple[str, str]) -> tuple[int, str]:
    kind, name = key
    return _KINDS.index(kind), name


def _is_ours(key: tuple[str, str], says: Shape) -> bool:
    return key[0] in _KINDS and (key[0] != "constraint" or says[key].startswith("CHECK"))


def _table(key: tuple[str, str]) -> tuple[str, str]:
    """Return what a thing goes with: its table, or for what stands alone its schema."""
    kind, name = key
    if kind in {"trigger", "constraint"}:
        return "table", name.rpartition(".")[0]
    return "schema", name.partition(".")[0]


def _drop(kind: str, name: str) -> str:
    table, _, own = name.rpartition(".")
    if kind == "trigger":
        return f"DROP TRIGGER IF EXISTS {own} ON {table};\n"
    if kind == "constraint":
        # It goes with its column, which is dropped before.
        return f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {own};\n"
    return f"DROP {kind.upper()} {name};\n"


def _create(key: tuple[str, str], says: str) -> str:
    kind, name = key
    if kind == "constraint":
        table, _, own = name.rpartition(".")
        # A new table comes with some of its checks: Alembic leaves out those of columns.
        return f"{_drop(kind, name)}ALTER TABLE {table} ADD CONSTRAINT {own} {says};\n"
    if kind == "view":
        return f"CREATE OR REPLACE VIEW {name} AS\n{says}\n"
    if kind == "trigger":
        says = re.sub(r"^\w CREATE", "CREATE OR REPLACE", says)
    return f"{says.rstrip()};\n"


def main(words: str) -> None:
    """Write the draft of the next migration, or say that there is nothing to draft."""
    load_house()
    history = ScriptDirectory.from_config(migrate.config())
    head = history.get_current_head()
    assert head is not None, "the first migration stands"
    with testing.fresh_database() as created, testing.fresh_database() as migrated:
        testing.build(created)
        migrate.upgrade(url=testing.on_database(migrated))
        with _connected(created) as connection:
            wanted = shape(connection)
        with _connected(migrated) as connection:
            is_needed = shape(connection) != wanted
            made = draft(
                connection, wanted=wanted, revision=f"{int(head) + 1:04}", before=head, words=words
            )
    if not is_needed:
        sys.stdout.write("Migrations build what models and SQL say: there is nothing to draft.\n")
        return
    name = f"{int(head) + 1:04}_" + re.sub(r"\W+", "_", words.lower()).strip("_")
    made.write(Path(history.versions), name)
    sys.stdout.write(f"Read and finish {history.versions}/{name}.py and the SQL beside it.\n")


@contextmanager
def _connected(name: str) -> Iterator[Connection]:
    engine = create_engine(testing.on_database(name), poolclass=NullPool)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


if __name__ == "__main__":
    main(sys.argv[1])
