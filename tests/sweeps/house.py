"""A house whose pages are asked thousands of times, each time as it was before.

Every request runs inside a savepoint that is undone, so the next one finds the same house and the
database itself says what a request has changed.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.cookies import SimpleCookie
from typing import Any

from flask import Flask, Request
from flask.testing import FlaskClient
from sqlalchemy import Connection, text
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.test import TestResponse

from kernel import clock, memory
from kernel.actor import Actor
from tests.browser.people import cookies

# Rows that a transaction has written by now, undone ones too; a table is looked at more closely
# when its number has grown.
_WRITTEN = text(
    """
    SELECT coalesce(pg_partition_root(c.oid), c.oid)::regclass::text AS name,
        sum(pg_stat_get_xact_tuples_inserted(c.oid) + pg_stat_get_xact_tuples_updated(c.oid)
            + pg_stat_get_xact_tuples_deleted(c.oid))::bigint AS rows
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND n.nspname IN ('kernel', 'banking', 'insurance', 'marketplace')
    GROUP BY 1
    """
)
# What pages put into a browser's session for the next one, beside who is signed in: an app that was
# begun, a sign-in that waits for its second step, what was taken out of a cart, and what a browser
# without an account likes and looked at.
_REMEMBERED = frozenset({"app", "half", "removed", "hearts", "looked"})
_SUM = "SELECT count(*), sum(hashtextextended(t::text, 0)) FROM {table} t"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the house answered.

    Shape: changed holds the tables whose rows are others than before; logged what was logged as an
    error while it answered.
    """

    status: int
    location: str
    kind: str
    body: bytes
    changed: frozenset[str]
    logged: tuple[str, ...]

    @property
    def text(self) -> str:
        """The body as text, whatever it is."""
        return self.body.decode("utf-8", "replace")

    @property
    def is_broken(self) -> bool:
        """Whether the house broke: anything of its own but an honest 503, or an exception."""
        is_away = self.status == 503 and not self.logged
        return not is_away and (self.status >= 500 or bool(self.logged))

    @property
    def is_refused(self) -> bool:
        """Whether the thing asked for is not there for who asked."""
        return self.status in {401, 403, 404} or (
            self.status == 303 and "/sign-in" in self.location
        )


@dataclass
class Heard:
    """Names of arguments and fields that views asked for, by endpoint."""

    arguments: dict[str, set[str]] = field(default_factory=dict)
    fields: dict[str, set[str]] = field(default_factory=dict)
    files: dict[str, set[str]] = field(default_factory=dict)


@dataclass
class House:
    """The market with a past, and its people's browsers.

    Shape: names says how things of its past are called, actors who is signed in by e-mail.
    """

    app: Flask
    connection: Connection
    names: dict[str, str]
    actors: dict[str, Actor]
    heard: Heard = field(default_factory=Heard)
    _clients: dict[str, FlaskClient] = field(default_factory=dict)
    _sessions: dict[str, dict[str, Any]] = field(default_factory=dict)
    _sums: dict[str, Any] = field(default_factory=dict)

    def ask(
        self,
        who: str,
        method: str,
        address: str,
        *,
        data: Mapping[str, Any] | bytes | None = None,
        headers: Mapping[str, str] | None = None,
        kind: str | None = None,
        is_kept: bool = False,
    ) -> Answer:
        """Send a request as somebody and undo what it did, unless it is kept.

        Shape: data are fields, or a body as it is with its kind.
        """
        before = self._written()
        undoing = self.connection.begin_nested()
        form = data if isinstance(data, bytes) else {"csrf_token": "test-token", **(data or {})}
        with _errors() as logged:
            answer = self._client(who).open(
                address,
                method=method,
                data=None if method == "GET" else form,
                content_type=kind,
                headers=dict(headers or {}),
            )
            body = answer.get_data()
            answer.close()
        grown = {name for name, rows in self._written().items() if rows != before.get(name)}
        changed: frozenset[str] = frozenset()
        if is_kept:
            undoing.commit()
            self._keep_session(who, answer)
            self._sums |= {name: self._sum(name) for name in grown if self._sums}
        else:
            changed = frozenset(name for name in grown if self._sum(name) != self._before(name))
            undoing.rollback()
        if grown:
            memory.forget_everything()
        return Answer(
            answer.status_code,
            answer.headers.get("Location", ""),
            answer.mimetype,
            body,
            changed,
            tuple(logged),
        )

    @contextmanager
    def set_apart(self) -> Iterator[None]:
        """Undo at the end whatever is done meanwhile, kept requests too."""
        sums, sessions = dict(self._sums), dict(self._sessions)
        apart = self.connection.begin_nested()
        try:
            yield
        finally:
            apart.rollback()
            self._sums, self._sessions = sums, sessions
            memory.forget_everything()

    def hold_clock(self) -> None:
        """Let it be the end of the past; every test lets the clock go."""
        clock.freeze(datetime.fromisoformat(self.names["instant"]))

    def remember_sums(self) -> None:
        """Note what every table holds, for the comparison with what a request leaves."""
        self._sums = {name: self._sum(name) for name in self._written()}

    def _client(self, who: str) -> FlaskClient:
        if who not in self._clients:
            self._clients[who] = self.app.test_client(use_cookies=False)
        # Signed for each visit: a sweep takes longer than the bank lets somebody do nothing.
        actor = self.actors[who] if who else None
        kept = self._signer().dumps(cookies(actor) | self._sessions.get(who, {}))
        client = self._clients[who]
        client.environ_base["HTTP_COOKIE"] = f"{self.app.config['SESSION_COOKIE_NAME']}={kept}"
        return client

    def _signer(self) -> Any:
        return self.app.session_interface.get_signing_serializer(self.app)

    def _keep_session(self, who: str, answer: TestResponse) -> None:
        """Let somebody's browser hold what the next page asks it for."""
        name = self.app.config["SESSION_COOKIE_NAME"]
        for line in answer.headers.getlist("Set-Cookie"):
            cookie = SimpleCookie(line).get(name)
            if cookie is not None and cookie.value:
                told = self._signer().loads(cookie.value)
                self._sessions[who] = {key: told[key] for key in _REMEMBERED & told.keys()}

    def _written(self) -> dict[str, int]:
        return {row.name: row.rows for row in self.connection.execute(_WRITTEN)}

    def _before(self, table: str) -> Any:
        assert table in self._sums, "remember_sums comes first"
        return self._sums[table]

    def _sum(self, table: str) -> Any:
        return tuple(self.connection.execute(text(_SUM.format(table=table))).one())


@contextmanager
def _errors() -> Iterator[list[str]]:
    """Collect what is logged as an error, with where it came from."""
    told: list[str] = []
    keeper = _Keeper(told)
    logging.getLogger().addHandler(keeper)
    try:
        yield told
    finally:
        logging.getLogger().removeHandler(keeper)


class _Keeper(logging.Handler):
    def __init__(self, told: list[str]) -> None:
        super().__init__(logging.ERROR)
        self._told = told

    def emit(self, record: logging.LogRecord) -> None:
        self._told.append(self.format(record))


@contextmanager
def listening(app: Flask, heard: Heard) -> Iterator[None]:
    """Note which arguments and fields views ask for."""

    class Listening(Request):
        """A request that notes the names of what is read from it."""

        @property
        def args(self) -> ImmutableMultiDict[str, str]:
            return _Noting(super().args, heard.arguments.setdefault(self.endpoint or "", set()))

        @property
        def form(self) -> ImmutableMultiDict[str, str]:
            return _Noting(super().form, heard.fields.setdefault(self.endpoint or "", set()))

        @property
        def files(self) -> ImmutableMultiDict[str, Any]:
            return _Noting(super().files, heard.files.setdefault(self.endpoint or "", set()))

    own, app.request_class = app.request_class, Listening
    try:
        yield
    finally:
        app.request_class = own


class _Noting(ImmutableMultiDict[str, Any]):
    """A form or the arguments of an address, noting which names are asked for."""

    def __init__(self, of: MultiDict[str, Any], names: set[str]) -> None:
        super().__init__(of)
        self._names = names

    def __getitem__(self, key: str) -> Any:
        self._names.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self._names.add(str(key))
        return super().__contains__(key)

    def get(self, key: str, default: Any = None, type: Any = None) -> Any:  # noqa: A002 - as theirs
        self._names.add(key)
        return super().get(key, default, type)

    def getlist(self, key: str, type: Any = None) -> list[Any]:  # noqa: A002 - as theirs
        self._names.add(key)
        return super().getlist(key, type)
