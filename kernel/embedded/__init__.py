"""Real servers from Python wheels for a machine that has none: PostgreSQL and Redis.

Both listen on sockets inside var/, so two installations on one machine never meet. Neither is taken
for running because a file says so: whoever was killed, or lost its machine, left that file behind.
"""

from kernel.embedded.postgres import is_postgres_running, postgres_url, stop_postgres
from kernel.embedded.redis_server import is_redis_running, redis_url, stop_redis
from kernel.embedded.running import ending_with_parent

__all__ = [
    "ending_with_parent",
    "is_postgres_running",
    "is_redis_running",
    "postgres_url",
    "redis_url",
    "stop_postgres",
    "stop_redis",
]
