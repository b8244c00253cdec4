"""The embedded engine's schema, and questions in its terms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

import tantivy
from tantivy import FieldType, Occur, Query

from search.engine.mapping import COUNTED, DOORS, WEIGHT, Door, Key, Number, Text
from search.engine.port import (
    AllOf,
    AnyOf,
    BestOf,
    Boosted,
    Constant,
    Node,
    Prefix,
    Range,
    Term,
    Within,
)


def schema() -> tantivy.Schema:
    """Return the mapping in the engine's terms; texts arrive as tokens between blanks."""
    builder = tantivy.SchemaBuilder()
    for text in Text:
        builder.add_text_field(text, tokenizer_name="whitespace", index_option="freq")
    for key in Key:
        builder.add_text_field(key, tokenizer_name="raw", index_option="basic", fast=key in COUNTED)
    for number in Number:
        builder.add_unsigned_field(number, indexed=True, fast=True)
    for door in DOORS.values():
        builder.add_unsigned_field(door, indexed=False, fast=True)
    builder.add_float_field(WEIGHT, fast=True)
    return builder.build()


SCHEMA = schema()


def compiled(node: Node) -> Query:  # noqa: C901, PLR0911, PLR0912 - an arm a node
    """Return the question in the engine's terms."""
    match node:
        case Term(at, token):
            return _term(at, token)
        case Prefix(at, start):
            return Query.fuzzy_term_query(SCHEMA, at, start, 0, prefix=True)
        case Within(at, values):
            return Query.const_score_query(_any_term(at, values), 0.0)
        case Range(at, low, high):
            inner = Query.range_query(SCHEMA, at, FieldType.Unsigned, low, high)
            return Query.const_score_query(inner, 0.0)
        case AllOf():
            return _all_of(node)
        case AnyOf(parts, minimum):
            shoulds = [(Occur.Should, compiled(part)) for part in parts]
            return Query.boolean_query(shoulds, minimum_number_should_match=minimum)
        case BestOf(parts, tie):
            return Query.disjunction_max_query([compiled(part) for part in parts], tie)
        case Boosted(part, weight):
            return Query.boost_query(compiled(part), weight)
        case Constant(part, score):
            return Query.const_score_query(compiled(part), score)
        case _:
            assert_never(node)


EACH_PRICE = "each_price"
# Each segment fills and names all of fifty steps, which takes longer than to count so many prices.
FEW_PRICES = 300


def counts(keys: Sequence[Key], most: int, each: int, door: Door | None) -> dict[str, object]:
    """Return the aggregations for the largest values of each key, and for each price if few.

    Units: most in values of a key, each in values that a segment tells.
    """
    wanted: dict[str, object] = {
        key: {"terms": {"field": key, "size": most, "segment_size": each}} for key in keys
    }
    if door:
        few = {"field": door, "size": FEW_PRICES, "segment_size": FEW_PRICES}
        wanted[EACH_PRICE] = {"terms": few}
    return wanted


def _any_term(at: Key, values: Sequence[str]) -> Query:
    """Return lazily joined terms; a term set would first walk every document of each value."""
    if len(values) == 1:
        return _term(at, values[0])
    return Query.boolean_query([(Occur.Should, _term(at, value)) for value in values])


def _term(at: Text | Key, token: str) -> Query:
    return Query.term_query(SCHEMA, at, token, "freq" if isinstance(at, Text) else "basic")


def _all_of(node: AllOf) -> Query:
    clauses = [(Occur.Must, compiled(part)) for part in node.parts]
    clauses += [(Occur.Should, compiled(part)) for part in node.extra]
    clauses += [(Occur.MustNot, compiled(part)) for part in node.but_not]
    return Query.boolean_query(clauses)
