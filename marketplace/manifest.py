"""How marketplace joins the house."""

from __future__ import annotations

from kernel.actor import Role
from kernel.manifest import Album, Manifest, Written
from kernel.people.notices import rules as notices
from kernel.people.notices.rules import Notice
from kernel.text import N_
from marketplace.aftersales.returns import rules as returns
from marketplace.aftersales.returns.tiles import SLOTS as RETURN_SLOTS
from marketplace.aftersales.tracking.tiles import SLOTS as TRACKING_SLOTS
from marketplace.permissions import GRANTS, Permission
from marketplace.shop.storefront.tiles import SLOTS as SHOP_SLOTS
from marketplace.trust.moderation.tiles import SLOTS as MODERATION_SLOTS
from marketplace.trust.questions.tiles import SLOTS as QUESTION_SLOTS
from marketplace.trust.reviews import rules as reviews
from marketplace.trust.reviews.tiles import SLOTS as REVIEW_SLOTS

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
        key="marketplace.reviews",
        words=N_("Reviews of your goods"),
        role=Role.VENDOR,
        about=N_("When a buyer reviews what your shop sold."),
        templates=frozenset({"marketplace/mail/review_written.txt"}),
    ),
)

WRITTEN = (
    Written(
        key="questions",
        label=N_("Questions about goods"),
        stays=N_("Answered ones stay, without your name. Those that wait are deleted."),
        of="marketplace.trust.questions.own:questions_of",
        count="marketplace.trust.questions.own:count_questions",
        erase="marketplace.trust.questions.service:forget",
    ),
    Written(
        key="messages",
        label=N_("Messages to shops"),
        stays=N_("An empty line stays in their place, without your name."),
        of="marketplace.trust.messages.own:messages_of",
        count="marketplace.trust.messages.own:count_messages",
        erase="marketplace.trust.messages.service:forget",
    ),
    Written(
        key="stock_alerts",
        label=N_("Goods you wait for"),
        stays=N_("Nothing stays."),
        of="marketplace.trust.alerts.own:alerts_of",
        count="marketplace.trust.alerts.own:count_alerts",
        erase="marketplace.trust.alerts.service:forget",
    ),
    Written(
        key="reviews",
        label=N_("Reviews of goods"),
        stays=N_(
            "They stay, with your country alone, and nobody can tell that they are yours."
            " Your photos are deleted."
        ),
        of="marketplace.trust.reviews.own:reviews_of",
        count="marketplace.trust.reviews.own:count_reviews",
        erase="marketplace.trust.reviews.service:let_go",
    ),
    Written(
        key="review_reports",
        label=N_("Reports about reviews, and objections"),
        stays=N_(
            "Of decided ones a date and a reason stay, without your words and your name."
            " Those that wait are deleted."
        ),
        of="marketplace.trust.reviews.own:reports_of",
        count="marketplace.trust.reviews.own:count_reports",
        erase="marketplace.trust.reviews.objections:forget",
    ),
    Written(
        key="listing_reports",
        label=N_("Reports about listings, and objections"),
        stays=N_(
            "Of decided reports a date and a reason stay, without your words and your name."
            " Those that wait are deleted. Objections of your shop stay, without your name."
        ),
        of="marketplace.trust.moderation.own:reports_of",
        count="marketplace.trust.moderation.own:count_reports",
        erase="marketplace.trust.moderation.service:forget",
    ),
)

ALBUMS = (
    Album(key=reviews.ALBUM, sight="marketplace.trust.reviews.sight:may_see"),
    Album(key=returns.ALBUM, sight="marketplace.aftersales.returns.sight:may_see"),
)

MANIFEST = Manifest(
    name="marketplace",
    package="marketplace",
    blueprints=(
        "marketplace.buying.buyers.views:bp",
        "marketplace.catalogue.pictures.views:bp",
        "marketplace.catalogue.drawings.views:bp",
        "marketplace.shop.storefront.views:bp",
        "marketplace.shop.storefront.views:machines",
        "marketplace.shop.storefront.rest:bp",
        "marketplace.selling.listings.views:bp",
        "marketplace.buying.cart.views:bp",
        "marketplace.buying.checkout.views:bp",
        "marketplace.aftersales.tracking.views:bp",
        "marketplace.aftersales.returns.views:bp",
        "marketplace.selling.seller_desk.views:bp",
        "marketplace.trust.moderation.views:bp",
        "marketplace.trust.messages.views:bp",
        "marketplace.trust.questions.views:bp",
        "marketplace.trust.alerts.views:bp",
        "marketplace.trust.reviews.views:bp",
    ),
    permissions=Permission,
    grants=GRANTS,
    modules=(
        "marketplace.catalogue.vendors.models",
        "marketplace.catalogue.vendors.events",
        "marketplace.buying.buyers.models",
        "marketplace.catalogue.products.models",
        "marketplace.catalogue.products.events",
        "marketplace.catalogue.products.models",
        "marketplace.catalogue.pictures.models",
        "marketplace.catalogue.products.models",
        "marketplace.catalogue.pictures.events",
        "marketplace.catalogue.pictures.jobs",
        "marketplace.catalogue.offers.models",
        "marketplace.catalogue.offers.events",
        "marketplace.catalogue.inventory.models",
        "marketplace.catalogue.inventory.jobs",
        "marketplace.landed.pricing.models",
        "marketplace.catalogue.ratings.models",
        "marketplace.catalogue.ratings.events",
        "marketplace.shop.listing_index.models",
        "marketplace.shop.listing_index.jobs",
        "marketplace.shop.listing_index.jobs",
        "marketplace.borders.customs.models",
        "marketplace.borders.customs.events",
        "marketplace.borders.customs.jobs",
        "marketplace.logistics.shipping.models",
        "marketplace.logistics.shipping.events",
        "marketplace.logistics.shipping.jobs",
        "marketplace.buying.cart.models",
        "marketplace.buying.orders.models",
        "marketplace.buying.orders.events",
        "marketplace.buying.orders.jobs",
        "marketplace.buying.checkout.models",
        "marketplace.aftersales.returns.models",
        "marketplace.aftersales.returns.events",
        "marketplace.aftersales.returns.jobs",
        "marketplace.trust.moderation.models",
        "marketplace.trust.moderation.events",
        "marketplace.trust.moderation.jobs",
        "marketplace.trust.reviews.models",
        "marketplace.trust.reviews.events",
        "marketplace.trust.reviews.jobs",
        "marketplace.aftersales.tracking.movements",
        "marketplace.trust.messages.models",
        "marketplace.trust.messages.events",
        "marketplace.trust.messages.jobs",
        "marketplace.trust.alerts.models",
        "marketplace.trust.alerts.jobs",
        "marketplace.trust.questions.models",
        "marketplace.trust.questions.events",
        "marketplace.trust.questions.jobs",
    ),
    sql=(
        "sql/price_rounding.sql",
        "sql/customs.sql",
        "sql/card_version.sql",
        "sql/moderation.sql",
        "sql/revisions.sql",
        "sql/reviews.sql",
        "sql/returns.sql",
    ),
    globals={
        name: f"marketplace.words:{name}"
        for name in (
            "picture_of_line",
            "picture_of_upload",
            "title_in",
            "titles_in",
            "seller_name",
            "seller_city",
            "seller_short",
            "seller_place",
            "seller_origin",
            "address_words",
            "town_words",
            "phone_words",
            "option_words",
            "hazards_in",
            "order_kind",
            "cover_name",
            "cover_adds",
            "policy_words",
            "delivery_words",
        )
    }
    | {
        name: f"marketplace.shop.storefront.words:{name}"
        for name in (
            "product_url",
            "shelf_url",
            "active_filters",
            "ways_out",
            "facet_words",
            "star_words",
            "price_words",
            "quick_filters",
            "origin_note",
            "story_of",
            "trader_facts",
            "goods_facts",
            "product_data",
            "last_return_day",
        )
    }
    | {
        "answering": "marketplace.shop.storefront.safety:answering",
        "mains_words": "marketplace.shop.storefront.mains:mains_words",
    },
    written=WRITTEN,
    albums=ALBUMS,
    slots=SHOP_SLOTS
    + TRACKING_SLOTS
    + MODERATION_SLOTS
    + QUESTION_SLOTS
    + RETURN_SLOTS
    + REVIEW_SLOTS,
    cli={
        "demo": "marketplace.demo.world.cli:demo",
        "seed": "marketplace.demo.world.cli:seed",
        "catalog": "marketplace.demo.world.cli:catalog",
        "landed-cost": "marketplace.borders.customs.cli:landed_cost",
        "world": "marketplace.logistics.shipping.cli:world",
    },
)
