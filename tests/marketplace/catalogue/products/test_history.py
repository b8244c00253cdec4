from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from kernel.actor import SYSTEM
from kernel.db import counting_queries, reading
from marketplace.catalogue.products import revisions as queries
from marketplace.catalogue.products import revisions as service
from marketplace.catalogue.products.revisions import Kind
from tests.marketplace.makers import make_offer


@pytest.fixture
def made(db):
    return make_offer()


def note(made, before, after, kind=Kind.CUSTOMS):
    service.note(
        product_id=made.product_id,
        vendor_id=made.vendor.id,
        kind=kind,
        before=before,
        after=after,
        actor=SYSTEM,
    )


def history(made, **more):
    with reading():
        return queries.history(product_id=made.product_id, vendor_id=made.vendor.id, **more)


def test_a_change_of_nothing_leaves_no_trace(made):
    note(made, {"hs_code": "691200"}, {"hs_code": "691200"})

    assert history(made).revisions == ()


def test_history_turns_by_rows_newest_first_and_asks_once(made):
    for number in range(queries.PAGE + 1):
        note(made, {"hs_code": str(number)}, {"hs_code": str(number + 1)})

    with counting_queries() as asked:
        first = history(made)
    rest = history(made, before=first.before)

    assert len(asked) == 1
    assert [one.after["hs_code"] for one in first.revisions][:2] == ["21", "20"]
    assert (len(first.revisions), len(rest.revisions), rest.before) == (20, 1, 0)
    assert first.revisions[0].who == "system"


def test_another_shop_reads_nothing_of_it(made):
    note(made, {"hs_code": "1"}, {"hs_code": "2"})

    with reading():
        foreign = queries.history(product_id=made.product_id, vendor_id=made.vendor.id + 1)
    assert foreign.revisions == ()


def test_history_cannot_be_written_anew(made):
    note(made, {"hs_code": "1"}, {"hs_code": "2"})

    with pytest.raises(DBAPIError, match="listing_revision"), reading() as current:
        current.execute(text("DELETE FROM marketplace.listing_revision"))
