"""Figures of the database are true, read at leisure, and hold nobody up."""

import pytest
from sqlalchemy import text

from kernel import db as house
from kernel.manifest import manifests
from kernel.ops.telemetry import gathering, measures
from kernel.telemetry.metrics import Figure, Measure

ALL = [one for manifest in manifests() for one in manifest.measures()]
SLOW = Figure("entrepot_tests_slow", "gauge", "What takes too long.")
WRITES = Figure("entrepot_tests_writes", "gauge", "What writes.")
FINE = Figure("entrepot_tests_fine", "gauge", "What is read all the same.")


def asked(sql):
    return lambda: [((), float(house.session().execute(text(sql)).scalar_one()))]


def test_every_figure_of_the_house_is_read(db, meters):
    gathering.gather(ALL)

    found = meters.read()
    names = {one.figure.name for one in ALL}
    told = {key[0] for key in found}
    assert len(names) > 9
    # Currencies are told where there are accounts.
    assert names - told <= {"entrepot_ledger_difference", "entrepot_safeguarding_shortfall"}
    assert found["entrepot_deliveries_waiting", "mail"] == 0
    assert found["entrepot_replica_lag_seconds",] == 0
    assert found["entrepot_measured_timestamp_seconds",] > 1e9


def test_what_waits_and_what_gave_up_are_told_apart(db, meters):
    db.execute(
        text(
            "WITH f AS (INSERT INTO kernel.outbox (id, name, payload, created_at)"
            " SELECT gen_random_uuid(), 'x', '{}', clock_timestamp() - n * interval '1 minute'"
            " FROM generate_series(1, 3) n RETURNING id, created_at)"
            " INSERT INTO kernel.delivery (event_id, handler, queue, due_at, dead_at)"
            " SELECT id, 'h', 'mail', created_at,"
            " CASE WHEN created_at < clock_timestamp() - interval '150 seconds'"
            " THEN clock_timestamp() END FROM f"
        )
    )
    gathering.gather(list(measures.MEASURES))

    found = meters.read()
    assert found["entrepot_deliveries_waiting", "mail"] == 2
    assert found["entrepot_deliveries_given_up", "mail"] == 1
    assert 120 <= found["entrepot_oldest_delivery_seconds", "mail"] < 150
    assert found["entrepot_oldest_delivery_seconds", "money"] == 0


@pytest.mark.parametrize(
    ("figure", "sql"),
    [
        (SLOW, "SELECT 1 FROM pg_sleep(10)"),
        (
            WRITES,
            "DELETE FROM kernel.schedule_run RETURNING 1",
        ),
    ],
)
def test_what_takes_long_or_writes_is_broken_off_and_the_others_are_read(
    own_database,
    meters,
    caplog,
    figure,
    sql,
):
    gathering.gather([Measure(figure, asked(sql)), Measure(FINE, asked("SELECT 7"))])

    found = meters.read()
    assert found["entrepot_tests_fine",] == 7
    assert (figure.name,) not in found
    assert ("entrepot_measured_timestamp_seconds",) not in found
    assert f"not measured: {figure.name}" in caplog.text
