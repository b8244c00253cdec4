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
        about=N_("When a parcel leaves, when it is late and when it is with you."),
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
        words=N_("Answers to your reviews"),
        about=N_("When a shop answers what you wrote."),
        templates=frozenset({"marketplace/mail/review_answered.txt"}),
    ),
    Notice(
        key="marketplace.sales",
        words=N_("Orders to your shop"),
        role=Role.VENDOR,
        about=N_("Every new order, and every payment for one."),
        templates=frozenset(
            {"marketplace/mail/vendor_order_placed.txt", "marketplace/mail/vendor_order_paid.txt"}
        ),
    ),
    Notice(
        key="marketplace.messages",
        words=N_("Messages and answers"),
        about=N_("When somebody wrote to you, and when a question of yours has an answer."),
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
        words=N_("Questions about your goods"),
        role=Role.VENDOR,
        about=N_("When a shopper asks about goods that your shop listed."),
        templates=frozenset({"marketplace/mail/question_asked.txt"}),
    ),
    Notice(
        key="marketplace.alerts",
        words=N_("Goods that are back"),
        about=N_("When goods that you wait for are in stock again."),
        templates=frozenset({"marketplace/mail/back_in_stock.txt"}),
    ),
    Notice(
        key="marketplace.favourites",
        words=N_("Your favourites"),
        about=N_("When something you saved becomes cheaper or is back in stock."),
        templates=frozenset(
            {
                "marketplace/mail/favourites_cheaper.txt",
                "marketplace/mail/favourites_back.txt",
            }
        ),
    ),
    Notice(
        key="marketplace.reviews",
        words=N_("Reviews of your goods"),
        role=Role.VENDOR,
        about=N_("When a buyer reviews what your shop sold."),
        templates=frozenset({"marketplace/mail/review_written.txt"}),
    ),
)

MANIFEST = Manifest(
    name="marketplace",
    permissions=Permission,
    grants=GRANTS,
    modules=(
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
