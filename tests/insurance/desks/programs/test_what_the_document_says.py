"""The OpenAPI document is valid, names every route as it is, and is read by anybody."""

import inspect

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from insurance.manifest import MANIFEST
from kernel.errors import concrete_errors
from kernel.web import described, openapi
from kernel.web.described import Described
from tests.documented import Documented
from tests.insurance.desks.programs.asking_cover import parcel, send

AT = "/api/v1/openapi.json"
# Browsers write the first by themselves; partners' search is told of in docs/marketplace.md.
UNSAID = {"api_reports.hear_breaches", "api_storefront.search", "api_storefront.suggest"}
ELSEWHERE = {"REMOTE_ADDR": "203.0.113.7"}


@pytest.fixture
def document(client):
    return client.get(AT).json


def operations(document):
    return {
        one["operationId"]: one
        for methods in document["paths"].values()
        for one in methods.values()
    }


def routes(app):
    return {
        (openapi._path(rule), method.lower()): rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }


def cover_views(app):
    return {
        name: inspect.getsource(inspect.unwrap(view)).partition('"""')[2]
        for name, view in app.view_functions.items()
        if view.__module__.startswith("insurance.") and hasattr(view, "described")
    }


def test_the_document_is_valid(document):
    assert document["openapi"] == "3.1.1"
    assert [str(one) for one in OpenAPIV31SpecValidator(document).iter_errors()] == []


def test_every_route_is_an_operation_and_every_operation_a_route(app, document):
    told = {
        (path, method): one["operationId"]
        for path, methods in document["paths"].items()
        for method, one in methods.items()
    }

    assert {asked: name for asked, name in routes(app).items() if name not in UNSAID} == told
    assert {name for name in routes(app).values() if name.startswith("api_cover.")} <= set(
        told.values()
    )


def test_what_a_key_has_to_be_made_for_is_what_the_route_asks(app, document):
    for name, one in operations(document).items():
        view = app.view_functions[name]
        if view.permission is None:
            wanted = []
        elif view.scope:
            wanted = [{"key": [str(view.scope)]}, {"session": []}]
        else:
            wanted = [{"session": []}]
        assert one["security"] == wanted, name
    scopes = {
        s
        for one in operations(document).values()
        for by in one["security"]
        for s in by.get("key", [])
    }
    assert scopes == set(MANIFEST.scopes)


def test_keys_pages_and_bodies_are_said_of_those_views_that_read_them(app):
    views = cover_views(app)

    assert len(views) > 20
    for name, source in views.items():
        said = app.view_functions[name].described
        assert said.is_once is ("request_key()" in source), name
        assert said.is_list is ("asked_page(" in source), name
        assert (bool(said.takes) and "json" in said.form) is ("receive()" in source), name


def test_every_code_is_one_of_the_house(document):
    codes = {error.code for error in concrete_errors()}
    told = {
        code
        for one in operations(document).values()
        for status, said in one["responses"].items()
        if status >= "400"
        for code in said["content"]["application/problem+json"]["schema"]["allOf"][1]["properties"][
            "code"
        ]["enum"]
    }

    assert told <= codes
    assert {"cover_key_reused", "key_refused", "scope_missing", "too_fast"} <= told


def test_no_number_of_it_is_a_float(document):
    def kinds(said):
        if isinstance(said, dict):
            yield said.get("type")
            said = list(said.values())
        if isinstance(said, list):
            for one in said:
                yield from kinds(one)

    assert "integer" in list(kinds(document))
    assert "number" not in list(kinds(document))


def test_it_is_kept_by_anybody_until_it_changes(client):
    first = client.get(AT)
    again = client.get(AT, headers={"If-None-Match": first.headers["ETag"]})

    assert (first.status_code, first.mimetype) == (200, "application/json")
    assert first.headers["Cache-Control"] == "public, max-age=3600"
    assert "Set-Cookie" not in first.headers
    assert (again.status_code, again.data) == (304, b"")


def test_every_answer_carries_the_headers_of_limits_that_are_said(client, document):
    answer = client.get("/api/v1/insurance/product-information", environ_overrides=ELSEWHERE)

    said = operations(document)["api_cover.product_information"]["responses"]["200"]["headers"]
    assert set(said) == {"RateLimit", "RateLimit-Policy"}
    assert set(said) <= set(answer.headers.keys())


def test_one_name_stands_for_one_schema_and_one_kind_for_one_letter():
    with pytest.raises(ValueError, match="Money"):
        described.add_schemas({"Money": {"type": "string"}})


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (Described(answers={201: "ProductInformation"}), "not in the document"),
        (Described(answers={200: "Session"}), "is_signed_in"),
        (Described(answers={200: "ProductInformation"}, is_once=True), "Idempotency-Key"),
        (Described(answers={200: "application/pdf"}), "application/json"),
    ],
)
def test_a_document_that_lied_would_be_noticed(app, client, monkeypatch, said, code):
    view = app.view_functions["api_cover.product_information"]
    monkeypatch.setitem(view.__dict__, "described", said)
    monkeypatch.setitem(app.extensions, "documented", Documented(app))

    with pytest.raises(AssertionError, match=code):
        client.get("/api/v1/insurance/product-information")


def test_a_body_that_is_taken_against_the_document_would_be_noticed(
    app, customer, as_, monkeypatch
):
    view = app.view_functions["api_cover.ask"]
    monkeypatch.setitem(
        view.__dict__, "described", Described(takes="Nothing", answers={201: "Quotes"})
    )
    monkeypatch.setitem(app.extensions, "documented", Documented(app))

    with pytest.raises(AssertionError, match="shipments"):
        send(as_(customer), "/quotes", {"shipments": [parcel()]})
