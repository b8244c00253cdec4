"""A database that is emptied between tests is like a new one, whatever the last test did."""

import pytest
from psycopg import OperationalError, connect

from kernel import testing
from tests.emptied import Emptied

_TOLD = """
    INSERT INTO kernel.outbox (id, name, payload, created_at)
    VALUES (gen_random_uuid(), 'tests.told', '{}', now()) RETURNING seq
"""
_STEPS = "SELECT sum(step_minor) FROM marketplace.price_rounding"


@pytest.fixture(scope="module")
def emptied(template_database):
    one = Emptied(template_database)
    yield one
    one.drop()


def ask(name, *statements):
    """Return the first column of what the last statement answers."""
    url = testing.on_database(name).replace("+psycopg", "")
    with connect(url, autocommit=True) as own:
        for statement in statements:
            answer = own.execute(statement)
        return [row[0] for row in answer.fetchall()] if answer.description else []


def test_rows_go_sequences_begin_again_and_what_the_template_brings_is_there(emptied):
    name = emptied.name()
    steps = ask(name, _STEPS)
    assert steps != [None]
    assert (ask(name, _TOLD), ask(name, _TOLD)) == ([1], [2])
    ask(name, "UPDATE marketplace.price_rounding SET step_minor = step_minor + 1")

    assert emptied.name() == name

    assert ask(name, "SELECT count(*) FROM kernel.outbox") == [0]
    assert ask(name, _TOLD) == [1]
    assert ask(name, _STEPS) == steps


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE kernel.outbox ADD COLUMN told text",
        "ALTER TABLE kernel.outbox ALTER COLUMN payload DROP NOT NULL",
        "DROP INDEX kernel.ix_delivery_due",
        "CREATE TABLE kernel.left_over ()",
        "GRANT TRUNCATE ON kernel.outbox TO PUBLIC",
        "CREATE FUNCTION kernel.left_over() RETURNS int RETURN 1",
    ],
)
def test_whoever_changes_tables_or_rights_leaves_them_to_nobody(emptied, change):
    name = emptied.name()
    ask(name, change)
    assert emptied.name() != name


def test_whoever_is_still_connected_is_sent_away(emptied):
    url = testing.on_database(emptied.name()).replace("+psycopg", "")
    with connect(url) as left:
        left.execute("LOCK TABLE kernel.outbox")
        emptied.name()
        with pytest.raises(OperationalError):
            left.execute("SELECT 1")
