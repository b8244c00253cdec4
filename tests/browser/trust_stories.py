"""Goods that are reported and decided on, and goods that are reviewed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text

from kernel.actor import SYSTEM, Actor
from marketplace.trust.listing_reports.rules import Reason
from marketplace.trust.moderation import service as moderation
from marketplace.trust.moderation.rules import Outcome
from marketplace.trust.reviews import service as reviews
from marketplace.trust.reviews.rules import Reason as Wrong
from marketplace.trust.reviews.service import Said
from tests.browser.people import UNDERWRITER, VENDOR
from tests.market import sign_in
from tests.snaps import take

# The last goods of a shop: nobody's story buys them.
_REPORTED = text(
    "SELECT p.ref FROM marketplace.product p JOIN marketplace.vendor v ON v.id = p.vendor_id"
    " WHERE v.slug = 'qinglan' ORDER BY p.id DESC LIMIT 3"
)
# What the buyer got, that of the vendor who answers first.
_GOT = text(
    "SELECT l.id, l.product_ref FROM marketplace.order_line l"
    " JOIN marketplace.vendor_order v ON v.id = l.vendor_order_id"
    " JOIN marketplace.order_group g ON g.id = v.group_id"
    " JOIN marketplace.vendor n ON n.id = v.vendor_id"
    " WHERE g.person_id = :buyer AND v.delivered_at IS NOT NULL"
    " ORDER BY n.slug = 'qinglan' DESC, l.id"
)


def reported(market: Any) -> dict[str, str]:
    """Let goods be reported: one waits, one is taken down, one more with an objection."""
    goods = market.execute(_REPORTED).scalars().all()
    refs = [
        moderation.report(
            kind="listing",
            subject_ref=product,
            reason=Reason.COUNTERFEIT,
            name="Ines Alves",
            words="The stamp on the base is not the one of the kiln.",
            locale="en",
            email="ines@example.com",
            place="203.0.113.9",
            actor=SYSTEM,
        )
        for product in goods
    ]
    taken_down = [
        moderation.decide(
            report_ref=ref,
            outcome=Outcome.REMOVED,
            ground=Reason.COUNTERFEIT,
            words="The kiln answered that it never made this piece.",
            actor=sign_in(UNDERWRITER),
        )
        for ref in refs[1:]
    ]
    moderation.object_to(
        decision_ref=taken_down[1],
        words="The invoice of the kiln is attached to our order.",
        actor=sign_in(VENDOR),
    )
    return {
        "report": refs[0],
        "decision": taken_down[0],
        "objection": refs[2],
        "objected": taken_down[1],
    }


def reviewed(market: Any, buyer: Actor) -> dict[str, str]:
    """Let the buyer review goods, the shop answer, and somebody report it; one line waits."""
    got = market.execute(_GOT, {"buyer": buyer.person_id}).all()
    assert len(got) > 1, "more than one line has arrived"
    said = Said(
        4,
        "Pours well, and is smaller than I thought",
        locale="fr",
        words="Beautiful glaze, and it pours without a drop. It holds two cups: measure first.",
    )
    take("marketplace.review", str(got[0].id), buyer, 10, 20, 30)
    ref = reviews.write(line_id=got[0].id, said=said, actor=buyer)
    take("marketplace.review", str(got[-1].id), buyer, 40)
    reviews.answer(
        ref=ref, words="Thank you. The size now stands first.", locale="en", actor=sign_in(VENDOR)
    )
    report = moderation.report(
        kind="review",
        subject_ref=ref,
        reason=Wrong.OFF_TOPIC,
        name="Ines Alves",
        words="It is about another pot.",
        locale="en",
        email="ines@example.com",
        place="203.0.113.9",
        actor=SYSTEM,
    )
    return {
        "review": ref,
        "reviewed": got[0].product_ref,
        "line": str(got[-1].id),
        "review_report": report,
    }
