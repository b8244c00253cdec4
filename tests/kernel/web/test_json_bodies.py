"""What programs send is read strictly, and lists are read a page at a time."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from kernel.errors import Invalid
from kernel.ids import PageKey, new_id
from kernel.money import Money
from kernel.web.json_bodies import Body, CursorUnknown, JsonExpected, JsonUnreadable, receive
from kernel.web.json_lists import Asked, asked_page, listed

NINE = datetime(2026, 6, 1, 9, tzinfo=UTC)


def complaints(body):
    with pytest.raises(Invalid) as refused:
        body.done()
    return {at: str(said) for at, said in refused.value.fields.items()}


def test_every_field_is_read_as_its_kind():
    body = Body(
        {
            "name": " Ada ",
            "needs": ["one", "two"],
            "size": 3,
            "is_gift": True,
            "price": {"amount": 1999, "currency": "EUR"},
            "lines": [{"kind": "a"}],
        }
    )

    assert body.text("name") == "Ada"
    assert body.texts("needs", most=2, longest=5) == ("one", "two")
    assert body.integer("size", low=1, high=3) == 3
    assert body.flag("is_gift")
    assert body.money("price") == Money(1999, "EUR")
    assert [line.choice("kind", ["a", "b"]) for line in body.children("lines", most=1)] == ["a"]
    body.done()


def test_all_that_is_wrong_is_told_at_once_by_its_pointer():
    body = Body(
        {
            "name": 1,
            "needs": ["ok", 2, "too long"],
            "size": True,
            "is_gift": "yes",
            "price": {"amount": 0, "currency": "ABC", "tax": 1},
            "lines": [1, {"kind": "c"}, {}],
            "a/b~c": 1,
        }
    )
    body.text("name")
    body.texts("needs", most=3, longest=5)
    body.integer("size", low=1, high=3)
    body.flag("is_gift")
    body.money("price")
    for line in body.children("lines", most=2):
        line.choice("kind", ["a"])

    assert complaints(body).keys() == {
        "/name",
        "/needs/1",
        "/needs/2",
        "/size",
        "/is_gift",
        "/price/amount",
        "/price/currency",
        "/price/tax",
        "/lines",
        "/lines/0",
        "/lines/1/kind",
        "/a~1b~0c",
    }


def test_what_is_missing_is_asked_for_and_what_is_optional_is_not():
    body = Body({})
    body.text("name")
    body.children("lines", most=2)
    body.money("price")

    assert body.text("note", optional=True) == ""
    assert body.money("delivery", currency="JPY", optional=True) == Money.zero("JPY")
    assert not body.flag("is_gift")
    assert complaints(body).keys() == {
        "/name",
        "/lines",
        "/price",
        "/price/amount",
        "/price/currency",
    }


@pytest.mark.parametrize(
    ("data", "kind", "error"),
    [
        ("{}", "text/plain", JsonExpected),
        ("[]", "application/json", JsonUnreadable),
        ('{"a": NaN}', "application/json", JsonUnreadable),
        ('{"a": "\\u0000"}', "application/json", JsonUnreadable),
    ],
)
def test_only_a_json_object_that_can_be_kept_is_read(data, kind, error):
    with (
        Flask("x").test_request_context(method="POST", data=data, content_type=kind),
        pytest.raises(error),
    ):
        receive()


def test_a_list_goes_on_where_its_page_ended():
    keys = [PageKey(NINE, new_id()) for _ in range(3)]

    page = listed(keys, limit=2, key=lambda key: key, shown=lambda key: {"id": str(key.id)})

    assert [one["id"] for one in page["data"]] == [str(key.id) for key in keys[:2]]
    assert page["has_more"]
    with Flask("x").test_request_context(f"/?limit=2&cursor={page['next_cursor']}"):
        assert asked_page() == Asked(2, keys[1])
    last = listed(keys[2:], limit=2, key=lambda key: key, shown=lambda key: {})
    assert (last["has_more"], last["next_cursor"]) == (False, None)


@pytest.mark.parametrize("asked", ["limit=0", "limit=201", "limit=x", "limit=-1", "colour=red"])
def test_a_page_that_no_list_has_is_refused(asked):
    with Flask("x").test_request_context(f"/?{asked}"), pytest.raises(Invalid) as refused:
        asked_page()
    assert refused.value.fields.keys() == {asked.partition("=")[0]}


@pytest.mark.parametrize("cursor", ["x", "%ff", "MjAyNi0wMQ", "a" * 500])
def test_a_cursor_that_no_list_gave_is_refused(cursor):
    with Flask("x").test_request_context(f"/?cursor={cursor}"), pytest.raises(CursorUnknown):
        asked_page()
