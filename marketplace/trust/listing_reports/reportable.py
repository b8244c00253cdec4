"""Listings as moderation knows them: whoever sells the goods is bound by what is decided."""

from __future__ import annotations

from kernel.actor import Actor
from kernel.text import N_
from marketplace.catalogue.products import service as catalogue
from marketplace.trust.listing_reports import queries
from marketplace.trust.listing_reports.errors import NoObjection
from marketplace.trust.listing_reports.events import (
    ListingDecided,
    ListingReported,
    ObjectionDecided,
)
from marketplace.trust.listing_reports.rules import KIND, REASON_WORDS
from marketplace.trust.moderation.subjects import Concerned, Letters, News, Subject, Told


def _take_down(*, subject_id: int, actor: Actor) -> None:
    catalogue.take_down(product_id=subject_id, actor=actor)


def _put_back(*, subject_id: int, actor: Actor) -> None:
    catalogue.put_back(product_id=subject_id, actor=actor)


REPORTABLE = (
    Subject(
        kind=KIND,
        report_prefix="LR",
        decision_prefix="LD",
        reasons=REASON_WORDS,
        find=lambda ref: queries.listing(ref).id,
        views=queries.listings,
        hold=lambda product_id: catalogue.lock(product_id=product_id),
        concerned=lambda product_id: Concerned(shops=queries.sellers_of(product_id)),
        take_down=_take_down,
        put_back=_put_back,
        no_objection=NoObjection,
        letters=Letters(
            decided="report_decided",
            removed="listing_removed",
            looked_again="objection_decided",
            address_ref=lambda decision: decision.ref,
        ),
        news=News(
            reported=lambda ref: ListingReported(report_ref=ref),
            decided=lambda ref, outcome: ListingDecided(decision_ref=ref, outcome=outcome),
            looked_again=lambda ref, stands: ObjectionDecided(decision_ref=ref, stands=stands),
        ),
        told=Told(
            key="listing_reports",
            about="product",
            label=N_("Reports about listings, and appeals"),
            stays=N_(
                "For decided reports, we keep a date and a reason without your words or name."
                " Open ones are deleted. Your shop's appeals stay, without your name."
            ),
        ),
    ),
)
