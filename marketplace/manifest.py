"""How marketplace joins the house."""

from __future__ import annotations

from kernel.actor import Role
from kernel.manifest import Manifest
from kernel.people.notices import rules as notices
from kernel.people.notices.rules import Notice
from kernel.text import N_
from marketplace.permissions import GRANTS, Permission

notices.register(
    Notice(
        key="marketplace.parcels",
        words=N_("Your parcels"),
        about=N_("When a parcel leaves, runs late or reaches you."),
        templates=frozenset(
            {
                "marketplace/mail/order_dispatched.txt",
                "marketplace/mail/order_late.txt",
                "marketplace/mail/order_delayed.txt",
                "marketplace/mail/order_delivered.txt",
            }
        ),
    ),
    Notice(
        key="marketplace.answers",
        words=N_("Replies to your reviews"),
        about=N_("When a shop replies to your review."),
        templates=frozenset({"marketplace/mail/review_answered.txt"}),
    ),
    Notice(
        key="marketplace.sales",
        words=N_("Your shop's orders"),
        role=Role.VENDOR,
        about=N_("New orders, and payments for them."),
        templates=frozenset(
            {"marketplace/mail/vendor_order_placed.txt", "marketplace/mail/vendor_order_paid.txt"}
        ),
    ),
    Notice(
        key="marketplace.messages",
        words=N_("Messages and replies"),
        about=N_("When someone writes to you or answers your question."),
        templates=frozenset(
            {
                "marketplace/mail/message.txt",
                "marketplace/mail/vendor_message.txt",
                "marketplace/mail/question_answered.txt",
            }
        ),
    ),
    Notice(
        key="marketplace.questions",
        words=N_("Questions about your products"),
        role=Role.VENDOR,
        about=N_("When a shopper asks about one of your products."),
        templates=frozenset({"marketplace/mail/question_asked.txt"}),
    ),
    Notice(
        key="marketplace.alerts",
        words=N_("Back in stock"),
        about=N_("When something you're waiting for is back in stock."),
        templates=frozenset({"marketplace/mail/back_in_stock.txt"}),
    ),
    Notice(
        key="marketplace.favourites",
        words=N_("Your favourites"),
        about=N_("When something you saved gets cheaper or is back in stock."),
        templates=frozenset(
            {
                "marketplace/mail/favourites_cheaper.txt",
                "marketplace/mail/favourites_back.txt",
            }
        ),
    ),
    Notice(
        key="marketplace.reviews",
        words=N_("Reviews of your products"),
        role=Role.VENDOR,
        about=N_("When a buyer reviews one of your products."),
        templates=frozenset({"marketplace/mail/review_written.txt"}),
    ),
)

MANIFEST = Manifest(
    name="marketplace",
    permissions=Permission,
    grants=GRANTS,
    modules=(
        "marketplace.aftersales.tracking.covering",
        "marketplace.aftersales.tracking.movements",
        "marketplace.buying.checkout.service",
        "marketplace.selling.seller_desk.figures",
    ),
    sql=(
        "sql/price_rounding.sql",
        "sql/customs.sql",
        "sql/card_version.sql",
        "sql/moderation.sql",
        "sql/revisions.sql",
        "sql/returns.sql",
    ),
    cli={
        "demo": "marketplace.demo.tour.cli:demo",
        "seed": "marketplace.demo.tour.cli:seed",
        "catalog": "marketplace.demo.tour.cli:catalog",
        "translate": "marketplace.catalogue.translating.cli:translate",
        "translator-stand-in": "marketplace.catalogue.translating.cli:translator_stand_in",
        "landed-cost": "marketplace.borders.duties.cli:landed_cost",
        "world": "marketplace.logistics.shipping.cli:world",
    },
)
