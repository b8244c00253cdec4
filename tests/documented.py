"""Compares what programs send and are answered with what the OpenAPI document says of it."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from kernel.people.endpoints import service as endpoints
from kernel.web import described, openapi

ROOT = "/api/v1/"


class Documented:
    """The document of an app, read as its clients read it, but that no field may be left unsaid."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self.document = openapi.document(app)
        self._components = {"components": _closed(self.document["components"])}
        self.seen: set[tuple[str, int]] = set()
        self.told: list[str] = []

    def operation(self, path: str, method: str) -> Mapping[str, Any] | None:
        """Return what the document says of a request, None where no route is asked."""
        try:
            rule, _ = self._app.url_map.bind("localhost").match(path, method, return_rule=True)
        except HTTPException:
            return None
        return next(
            one
            for methods in self.document["paths"].values()
            for name, one in methods.items()
            if one["operationId"] == rule.endpoint and name.upper() == method
        )

    def faults(self, schema: Any, value: object) -> list[str]:
        """Return where a value is not what a schema says."""
        whole = {"allOf": [_closed(schema)]} | self._components
        found = Draft202012Validator(whole).iter_errors(value)
        return [f"{error.json_path}: {error.message[:300]}" for error in found]

    def check(self, answer: TestResponse, sent: object) -> None:
        """Complain of an answer, or of a request that was taken, which the document does not know.

        Shape: sent is the body as plain values. Raises: AssertionError.
        """
        asked = answer.request
        said = self.operation(asked.path, asked.method)
        if said is None:
            return
        name = f"{asked.method} {asked.path}: {answer.status_code}"
        known = said["responses"].get(str(answer.status_code))
        if answer.status_code == 304:
            return
        assert known is not None, f"{name} is not in the document: {answer.get_data()[:300]!r}"
        self.seen.add((said["operationId"], answer.status_code))
        (media, content), *_ = known["content"].items()
        assert answer.mimetype == media, f"{name}: {answer.mimetype}"
        if media.endswith("json") and asked.path != f"{ROOT}openapi.json":
            faults = self.faults(content["schema"], answer.get_json())
            assert not faults, f"{name} is something else: {faults}"
        if answer.status_code < 300:
            self._check_taken(said, answer, sent, name)

    def check_letter(self, kind: str, data: object) -> None:
        """Complain of a letter to webhooks that the document does not know.

        Raises: AssertionError.
        """
        known = described.letters().get(kind)
        assert known is not None, f"{kind} is not in the document"
        faults = self.faults(described.ref(known.data), data)
        assert not faults, f"{kind} says something else: {faults}"
        self.told.append(kind)

    def _check_taken(
        self, said: Mapping[str, Any], answer: TestResponse, sent: object, name: str
    ) -> None:
        asked = answer.request
        wanted = said.get("requestBody", {}).get("content", {}).get("application/json")
        if wanted is not None:
            faults = self.faults(wanted["schema"], sent)
            assert not faults, f"{name} took {sent}: {faults}"
        parameters = [self._whole(one) for one in said["parameters"]]
        for one in parameters:
            where = {"query": asked.args, "header": asked.headers, "path": {}}[one["in"]]
            if one["in"] != "path" and one["name"] not in where:
                assert not one.get("required"), f"{name} needs no {one['name']}"
        named = {one["name"] for one in parameters}
        assert set(asked.args) <= named, f"{name} took {set(asked.args) - named}"

    def _whole(self, parameter: Mapping[str, Any]) -> Mapping[str, Any]:
        _, _, name = parameter.get("$ref", "").rpartition("/")
        return self.document["components"]["parameters"][name] if name else parameter


def _closed(said: Any) -> Any:
    """Return a schema of answers that takes no field which it does not name."""
    if isinstance(said, list):
        return [_closed(one) for one in said]
    if not isinstance(said, dict):
        return said
    closed = {name: _closed(one) for name, one in said.items()}
    if closed.get("type") == "object" and "properties" in closed:
        closed.setdefault("additionalProperties", False)
    return deepcopy(closed)


class DocumentedClient(FlaskClient):
    """A browser whose every exchange with `/api/v1/` is compared with the document."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Ask, and compare."""
        answer = super().open(*args, **kwargs)
        documented: Documented = self.application.extensions["documented"]
        if answer.request.path.startswith(ROOT):
            documented.check(answer, kwargs.get("json"))
        return answer


def comparing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Documented:
    """Compare every exchange of an app's test clients, and every letter, with its document."""
    documented = Documented(app)
    tell = endpoints.tell

    def compared(**said: Any) -> None:
        documented.check_letter(said["kind"], said["data"])
        tell(**said)

    monkeypatch.setitem(app.extensions, "documented", documented)
    monkeypatch.setattr(app, "test_client_class", DocumentedClient)
    monkeypatch.setattr(endpoints, "tell", compared)
    return documented
