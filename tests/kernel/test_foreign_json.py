"""JSON of strangers is read when the database can keep it, and refused otherwise."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from kernel.foreign_json import DEEPEST, NotOurJson, read_object

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=20,
)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'"text"',
        b"7",
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b'{"a": 1e999}',
        b'{"a": ' + b"9" * 5000 + b"}",
        b'{"a": "\\u0000"}',
        b'{"a\\u0000": 1}',
        b'{"a": ["\\ud800"]}',
        b'{"a": "\xff"}',
        '{"a": 1}'.encode("utf-16"),
        b'{"a":' * (DEEPEST + 1) + b"1" + b"}" * (DEEPEST + 1),
        b'{"a":' + b"[" * 200_000,
        b'{"a": 1} trailing',
    ],
)
def test_what_no_column_can_hold_is_refused(body):
    with pytest.raises(NotOurJson):
        read_object(body)


@given(said=st.dictionaries(st.text(max_size=8), ANYTHING))
def test_what_is_read_can_be_kept(db_for_examples, said):
    body = json.dumps(said).encode()
    try:
        read = read_object(body)
    except NotOurJson:
        return

    asked = text("SELECT jsonb_typeof(CAST(:said AS jsonb))")
    assert db_for_examples.execute(asked, {"said": json.dumps(read)}).scalar_one() == "object"


@pytest.fixture(scope="module")
def db_for_examples(shared_engine):
    with shared_engine.connect() as connection:
        yield connection
