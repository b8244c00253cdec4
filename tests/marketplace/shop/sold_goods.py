"""Orders as they stand after a while, and what of them went back."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import text

from kernel import clock as house_clock
from kernel.db import reading
from kernel.ids import new_id
from marketplace.aftersales.returns.models import ReturnLine, ReturnRequest
from marketplace.buying.orders import queries as orders
from tests.marketplace.makers import make_order

_OVER = ("settled", "cancelled", "closed", "void")


def bought(db, made, buyer, *, pieces=1, days_ago=1, state="delivered"):
    """Write down an order of some pieces; return it."""
    with reading():
        order = orders.by_ref(make_order(made=made, buyer=buyer))
    db.execute(
        text("UPDATE marketplace.vendor_order SET placed_at = :at, state = :state WHERE id = :id"),
        {
            "at": house_clock.now() - timedelta(days=days_ago),
            "state": state,
            "id": order.id,
        },
    )
    db.execute(
        text("UPDATE marketplace.order_line SET quantity = :pieces WHERE vendor_order_id = :id"),
        {"pieces": pieces, "id": order.id},
    )
    return order


def sent_back(order, buyer, *, pieces, state="settled", is_withdrawal=False):
    """Write down that pieces of an order go back, by now or in the end, or were refused."""
    texts = ("note", "address", "country", "instructions", "carrier", "tracking_number")
    words = ("rejection", "complaint", "decision")
    request = ReturnRequest(
        **dict.fromkeys((*texts, *words), ""),
        **dict.fromkeys(("freight_minor", "duty_minor", "tax_minor", "fees_minor"), 0),
        id=new_id(),
        ref=f"R-{order.ref}",
        vendor_order_id=order.id,
        order_ref=order.ref,
        person_id=buyer.person_id,
        organisation_id=order.organisation_id,
        state=state,
        reason="damaged",
        is_withdrawal=is_withdrawal,
        currency="EUR",
        goods_minor=5000,
        way_back="seller",
        border="seller",
        is_arranged=False,
        opened_at=house_clock.now(),
        closed_at=house_clock.now() if state in _OVER else None,
    )
    with reading() as current:
        current.add(request)
        current.flush()
        current.add(
            ReturnLine(return_id=request.id, order_line_id=order.lines[0].id, quantity=pieces)
        )
        current.flush()
