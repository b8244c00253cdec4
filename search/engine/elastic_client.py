"""How a page and a job reach the nodes of a search server: whom they ask, for how long, and next.

Nodes are those the address names. They are not looked up in the cluster: what a node says of its
own place seldom leads there through a proxy or a container's network, and whoever names all three
has nothing to find.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from elastic_transport import BaseNode, TransportError, Urllib3HttpNode
from elastic_transport.client_utils import DEFAULT
from elasticsearch import ApiError, Elasticsearch

from search.errors import SearchUnavailable

# A page asks about eight questions and is given up after ten seconds. A busy node, or one that
# collects its memory, answers within the second; whoever is silent for one stands still.
TIMEOUT_S = 1.0
WRITE_TIMEOUT_S = 30.0
# So long a node that failed is left out, twice as long after each further failure.
REST_S = 5.0
LONGEST_REST_S = 30.0


class Breaker:
    """Remembers a silent server, so that pages do not wait for it one after the other."""

    def __init__(self) -> None:
        self._rest_until = 0.0

    @contextmanager
    def guard(self) -> Iterator[None]:
        """Turn silence into SearchUnavailable, at once while the server is being left alone."""
        if time.monotonic() < self._rest_until:
            raise SearchUnavailable(reason="Elasticsearch does not answer")
        try:
            yield
        except (TransportError, ApiError) as failed:
            if not isinstance(failed, ApiError):
                self._rest_until = time.monotonic() + REST_S
            raise SearchUnavailable(reason=f"Elasticsearch: {failed}") from failed


@dataclass(frozen=True, slots=True)
class Line:
    """A client with what it remembers of its server."""

    client: Elasticsearch
    breaker: Breaker


def nodes_of(address: str) -> list[str]:
    """Return the address of each node: several stand with commas, as servers of a database do.

    https://user:password@one:9200,two:9200 is one account on two nodes.
    """
    scheme, _, rest = address.partition("://")
    account, at, places = rest.rpartition("@")
    hosts, slash, path = places.partition("/")
    return [f"{scheme}://{account}{at}{host}{slash}{path}" for host in hosts.split(",")]


def connect(
    address: str,
    *,
    request_timeout: float = TIMEOUT_S,
    node_class: type[BaseNode] = Urllib3HttpNode,
) -> Elasticsearch:
    """Return a client that asks each node once before it gives up.

    Whatever is sent may be sent twice: a question changes nothing, a change carries its rank.
    """
    nodes = nodes_of(address)
    # The client would trust its own list and not the authority that SSL_CERT_FILE names.
    trusted = ssl.get_default_verify_paths().cafile if address.startswith("https:") else None
    return Elasticsearch(
        nodes,
        node_class=node_class,
        request_timeout=request_timeout,
        max_retries=len(nodes) - 1,
        retry_on_timeout=True,
        dead_node_backoff_factor=REST_S,
        max_dead_node_backoff=LONGEST_REST_S,
        ca_certs=DEFAULT if trusted is None else trusted,
    )
