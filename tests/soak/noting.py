"""What a house takes and keeps at one moment: memory, files, connections, logs, tables, Redis."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

import psutil
from sqlalchemy import text

from kernel import db, jobs
from tests.flatness import Note, Taken

# Of so many looks, a second apart, the least one counts: a job takes something for a moment.
LOOKS = 5
# Whose children live as long as they. A worker's print some papers, or do one job, and give
# everything back by ending.
WITH_CHILDREN = ("web", "PostgreSQL")
LOGS = ("log/*", "postgres/log*", "redis/redis.log*")
# A table in partitions is one table, and its parts are read through it alone.
_SIZES = text(
    """
    SELECT format('%I.%I', n.nspname, c.relname) AS name, coalesce(
        (SELECT sum(pg_total_relation_size(part.relid)) FROM pg_partition_tree(c.oid) part),
        pg_total_relation_size(c.oid)
    )::bigint AS bytes
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
        AND n.nspname NOT IN ('pg_catalog', 'information_schema')
    ORDER BY name
    """
)
_CONNECTIONS = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
_PASSING = {
    "deliveries that wait": "kernel.delivery WHERE done_at IS NULL AND dead_at IS NULL",
    "letters that wait": "kernel.mail WHERE sent_at IS NULL",
    "goods kept for a buyer": "marketplace.stock_reservation_line WHERE state = 'reserved'",
}


def note(*, roots: dict[str, int], var: Path, done: int) -> Note:
    """Look at everything. Shape: roots are ids of processes by name, done is what was bought."""
    processes = {name: psutil.Process(pid) for name, pid in roots.items()}
    looks = []
    for _ in range(LOOKS):
        looks.append(
            {
                name: _taken(process, with_children=name in WITH_CHILDREN)
                for name, process in processes.items()
            }
        )
        time.sleep(1)
    queues = jobs.connection()
    with db.reading() as current:
        sizes = {row.name: row.bytes for row in current.execute(_SIZES)}
        rows = {
            name: current.execute(text(f"SELECT count(*) FROM {name}")).scalar_one()
            for name in sizes
        }
        connections = current.execute(_CONNECTIONS).scalar_one()
        passing = {
            what: current.execute(text(f"SELECT count(*) FROM {where}")).scalar_one()
            for what, where in _PASSING.items()
        }
    return Note(
        at=time.monotonic(),
        done=done,
        taken={
            name: min((look[name] for look in looks), key=lambda one: one.memory) for name in roots
        },
        processes=sum(1 + len(one.children(recursive=True)) for one in processes.values()),
        connections=connections,
        passing=passing,
        logs=_logs(var),
        rows=rows,
        sizes=sizes,
        keys=int(queues.dbsize()),
        redis=int(queues.info("memory")["used_memory"]),
        journal=(var / "redis" / "appendonly.aof").stat().st_size,
    )


def _taken(root: psutil.Process, *, with_children: bool) -> Taken:
    memory, files, threads = [0], 0, 0
    for one in [root, *(root.children() if with_children else [])]:
        # A child may end while it is looked at.
        with suppress(psutil.NoSuchProcess):
            told = one.memory_info()
            memory.append(told.rss - told.shared)
            files += one.num_fds()
            threads += one.num_threads()
    return Taken(sum(memory), max(memory), files, threads)


def _logs(var: Path) -> dict[str, int]:
    found = [path for where in LOGS for path in var.glob(where)]
    return {str(file.relative_to(var)): file.stat().st_size for file in found}
