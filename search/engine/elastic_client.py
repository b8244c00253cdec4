"""How a page and a job reach the nodes of a search server: whom they ask, for how long, and next.

Nodes are those the address names. They are not looked up in the cluster: what a node says of its
own place seldom leads there through a proxy or a container's network, and whoever names all three
has nothing to find.
"""

from __future__ import annotations

import logging
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Concatenate, ParamSpec, TypeVar

from elastic_transport import BaseNode, TransportError, Urllib3HttpNode
from elastic_transport.client_utils import DEFAULT
from elasticsearch import ApiError, Elasticsearch

from kernel.telemetry import outages
from search.errors import SearchUnavailable

P = ParamSpec("P")
R = TypeVar("R")

# A page asks about eight questions and is given up after ten seconds. A busy node, or one that
# collects its memory, answers within the second; whoever is silent for one stands still.
TIMEOUT_S = 1.0
WRITE_TIMEOUT_S = 30.0
# So long a node that failed is left out, twice as long after each further failure.
REST_S = 5.0
LONGEST_REST_S = 30.0


# A slow answer is no outage that is over with the next one.
_WORDS = outages.Outage("the search server's list of words", quiet=LONGEST_REST_S)


class Breaker:
    """Remembers a silent server, so that pages do not wait for it one after the other.

    Shape: outage is what is told of it, once.
    """

    def __init__(self, outage: outages.Outage = outages.SEARCH) -> None:
        self._rest_until = 0.0
        self._outage = outage
        self._silence: TransportError | None = None

    @classmethod
    def for_words(cls) -> Breaker:
        """Return one for the list of words, which fails by another copy than the one asked."""
        return cls(_WORDS)

    @contextmanager
    def guard(self) -> Iterator[None]:
        """Turn silence into SearchUnavailable, at once while the server is being left alone."""
        if time.monotonic() < self._rest_until:
            raise SearchUnavailable(reason="Elasticsearch does not answer") from self._silence
        try:
            yield
        except TransportError as failed:
            self._rest_until = time.monotonic() + REST_S
            # One without a stack, which would keep alive what it passed.
            self._silence = type(failed)(failed.message)
            self._outage.failed(failed)
            raise SearchUnavailable(reason=f"Elasticsearch: {failed}") from failed
        except ApiError as refused:
            raise SearchUnavailable(reason=f"Elasticsearch: {refused}") from refused
        self._outage.over()


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
    is_told: bool = True,
) -> Elasticsearch:
    """Return a client that asks each node once before it gives up.

    Whatever is sent may be sent twice: a question changes nothing, a change carries its rank.

    Shape: is_told says that a node of several that does not answer is told to be away.
    """
    nodes = nodes_of(address)
    # The client tells of each failed question, with its stack; outages tell of those that count.
    logging.getLogger("elastic_transport").setLevel(logging.ERROR)
    # The client would trust its own list and not the authority that SSL_CERT_FILE names.
    trusted = ssl.get_default_verify_paths().cafile if address.startswith("https:") else None
    return Elasticsearch(
        nodes,
        node_class=_told(node_class) if is_told and len(nodes) > 1 else node_class,
        request_timeout=request_timeout,
        max_retries=len(nodes) - 1,
        retry_on_timeout=True,
        dead_node_backoff_factor=REST_S,
        max_dead_node_backoff=LONGEST_REST_S,
        ca_certs=DEFAULT if trusted is None else trusted,
    )


def _told(node_class: type[BaseNode]) -> type[BaseNode]:
    """Return a kind of node that is told when it is away, and when it is back."""
    return type("Told", (node_class,), {"perform_request": _telling(node_class.perform_request)})


def _telling(
    ask: Callable[Concatenate[BaseNode, P], R],
) -> Callable[Concatenate[BaseNode, P], R]:
    """Return a way to ask a node that tells of its silence. Raises: TransportError."""

    def perform_request(node: BaseNode, /, *asked: P.args, **named: P.kwargs) -> R:
        outage = outages.of_node(f"{node.host}:{node.port}")
        try:
            answer = ask(node, *asked, **named)
        except TransportError as failed:
            outage.failed(failed)
            raise
        outage.over()
        return answer

    return perform_request
