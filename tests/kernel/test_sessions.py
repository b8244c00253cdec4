"""A statement of plain text goes straight to the driver, and answers as the mapper's would."""

import psycopg
import pytest
from sqlalchemy import bindparam, exc, text

from kernel import testing
from kernel.actor import SYSTEM
from kernel.db import counting_queries, reading, savepoint, statement, transaction
from kernel.people.identity.models import Person
from kernel.sessions import Answer

_KEEP = text("INSERT INTO kernel.try_count VALUES (:bucket, now(), :tries)")
_KEPT = text("SELECT bucket, tries FROM kernel.try_count ORDER BY bucket")


def test_rows_are_read_by_name_by_place_and_as_mappings(db):
    with transaction(name="test", actor=SYSTEM) as current:
        for bucket, tries in [("a", 1), ("b", 2)]:
            current.execute(_KEEP, {"bucket": bucket, "tries": tries})
        answer = current.execute(_KEPT)
        assert isinstance(answer, Answer)
        assert [(row.bucket, row[1]) for row in answer] == [("a", 1), ("b", 2)]
        assert current.execute(_KEPT).mappings().first() == {"bucket": "a", "tries": 1}
        assert current.scalars(_KEPT).all() == ["a", "b"]
        assert current.scalar(_KEPT) == "a"
        assert current.scalar(text("SELECT 1 WHERE false")) is None


def test_a_change_says_how_many_rows_it_touched(db):
    with transaction(name="test", actor=SYSTEM) as current:
        for bucket in ("a", "b", "c"):
            current.execute(_KEEP, {"bucket": bucket, "tries": 1})
        gone = current.execute(text("DELETE FROM kernel.try_count WHERE bucket <> :b"), {"b": "c"})
        assert gone.rowcount == 2


@pytest.mark.parametrize(
    ("sql", "answer"),
    [
        ("SELECT 7 % 4", 3),
        ("SELECT 'a%' LIKE '%\\%'", True),
        ("SELECT (:given)::text || ': x'", "é: x"),
        (r"SELECT '\:given'", ":given"),
        ("SELECT CAST(:given AS text) || CAST(:given AS text)", "éé"),
    ],
)
def test_signs_mean_what_they_mean_to_the_mapper(db, sql, answer):
    with reading() as current:
        straight = current.scalar(text(sql), {"given": "é"})
        built = current.connection().execute(text(sql), {"given": "é"}).scalar()
    assert straight == built == answer


def test_what_waits_to_be_written_is_written_before_a_command_asks(make_person):
    person = make_person()
    with transaction(name="test", actor=SYSTEM) as current:
        current.get(Person, person.person_id).name = "Renamed"
        names = text("SELECT name FROM kernel.person WHERE id = :id")
        assert current.scalar(names, {"id": person.person_id}) == "Renamed"


def test_what_is_half_told_waits_while_a_statement_is_asked_alone(make_person):
    person = make_person()
    with transaction(name="test", actor=SYSTEM) as current:
        current.get(Person, person.person_id).name = "Renamed"
        names = "SELECT name FROM kernel.person WHERE id = %(id)s"
        (name,) = statement(names, {"id": person.person_id}, name="test", actor=SYSTEM)
    assert name != "Renamed"


def test_a_refusal_is_the_mappers_own(db):
    with transaction(name="test", actor=SYSTEM) as current:
        with pytest.raises(exc.IntegrityError) as refused, savepoint():
            current.execute(_KEEP, {"bucket": None, "tries": 1})
        assert isinstance(refused.value.orig, psycopg.errors.NotNullViolation)
        assert "try_count" in str(refused.value)
        current.execute(_KEEP, {"bucket": "after", "tries": 1})
        assert current.scalar(_KEPT) == "after"


def test_a_value_that_nobody_gave_is_refused(db):
    with reading() as current, pytest.raises(exc.StatementError):
        current.execute(text("SELECT CAST(:given AS text)"), {"other": 1})


def test_lists_and_values_of_a_type_are_left_to_the_mapper(db):
    listed = text("SELECT 3 IN :some").bindparams(bindparam("some", expanding=True))
    with reading() as current:
        assert current.scalar(listed, {"some": [1, 2, 3]}) is True
        assert current.scalar(text("SELECT CAST(:given AS int)").bindparams(given=4)) == 4


def test_a_line_that_is_lost_is_given_back(own_database):
    with reading() as current:
        own = current.scalar(text("SELECT pg_backend_pid()"))
        with psycopg.connect(_libpq(testing.on_database(own_database))) as other:
            other.execute("SELECT pg_terminate_backend(%s)", [own])
        with pytest.raises(exc.OperationalError) as lost:
            current.execute(_KEPT)
        assert lost.value.connection_invalidated
    with reading() as current:
        assert current.scalar(text("SELECT pg_backend_pid()")) != own


def _libpq(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")


def test_whoever_counts_statements_counts_these(db):
    with counting_queries() as asked, reading() as current:
        current.execute(_KEPT)
    assert len(asked) == 1
    assert "kernel.try_count" in asked.statements[0]
