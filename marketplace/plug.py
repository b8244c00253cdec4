"""How marketplace joins the house."""

from __future__ import annotations

from kernel.actor import Role
from kernel.notices import rules as notices
from kernel.notices.rules import Notice
from kernel.plug import Album, Plug, Written
from kernel.text import N_
from marketplace.moderation.tiles import SLOTS as MODERATION_SLOTS
from marketplace.permissions import GRANTS, Permission
from marketplace.questions.tiles import SLOTS as QUESTION_SLOTS
from marketplace.returns import rules as returns
from marketplace.returns.tiles import SLOTS as RETURN_SLOTS
from marketplace.reviews import rules as reviews
from marketplace.reviews.tiles import SLOTS as REVIEW_SLOTS
from marketplace.storefront.tiles import SLOTS as SHOP_SLOTS
from marketplace.tracking.tiles import SLOTS as TRACKING_SLOTS

notices.register(
    Notice(
        key="marketplace.parcels", words=N_("Your parcels"),
        about=N_("When a parcel leaves, when it is late and when it is with you."),
        templates=frozenset({"marketplace/mail/order_dispatched.txt",
                             "marketplace/mail/order_late.txt",
                             "marketplace/mail/order_delayed.txt",
                             "marketplace/mail/order_delivered.txt"}),
    ),
    Notice(
        key="marketplace.answers", words=N_("Answers to your reviews"),
        about=N_("When a shop answers what you wrote."),
        templates=frozenset({"marketplace/mail/review_answered.txt"}),
    ),
    Notice(
        key="marketplace.sales", words=N_("Orders to your shop"), role=Role.VENDOR,
        about=N_("Every new order, and every payment for one."),
        templates=frozenset({"marketplace/mail/vendor_order_placed.txt",
                             "marketplace/mail/vendor_order_paid.txt"}),
    ),
    Notice(
        key="marketplace.messages", words=N_("Messages and answers"),
        about=N_("When somebody wrote to you, and when a question of yours has an answer."),
        templates=frozenset({"marketplace/mail/message.txt",
                             "marketplace/mail/vendor_message.txt",
                             "marketplace/mail/question_answered.txt"}),
    ),
    Notice(
        key="marketplace.questions", words=N_("Questions about your goods"), role=Role.VENDOR,
        about=N_("When a shopper asks about goods that your shop listed."),
        templates=frozenset({"marketplace/mail/question_asked.txt"}),
    ),
    Notice(
        key="marketplace.alerts", words=N_("Goods that are back"),
        about=N_("When goods that you wait for are in stock again."),
        templates=frozenset({"marketplace/mail/back_in_stock.txt"}),
    ),
    Notice(
        key="marketplace.reviews", words=N_("Reviews of your goods"), role=Role.VENDOR,
        about=N_("When a buyer reviews what your shop sold."),
        templates=frozenset({"marketplace/mail/review_written.txt"}),
    ),
)  # fmt: skip

WRITTEN = (
    Written(
        key="questions", label=N_("Questions about goods"),
        stays=N_("Answered ones stay, without your name. Those that wait are deleted."),
        of="marketplace.questions.own:questions_of",
        count="marketplace.questions.own:count_questions",
        erase="marketplace.questions.service:forget",
    ),
    Written(
        key="messages", label=N_("Messages to shops"),
        stays=N_("An empty line stays in their place, without your name."),
        of="marketplace.messages.own:messages_of",
        count="marketplace.messages.own:count_messages",
        erase="marketplace.messages.service:forget",
    ),
    Written(
        key="stock_alerts", label=N_("Goods you wait for"), stays=N_("Nothing stays."),
        of="marketplace.alerts.own:alerts_of",
        count="marketplace.alerts.own:count_alerts",
        erase="marketplace.alerts.service:forget",
    ),
    Written(
        key="reviews", label=N_("Reviews of goods"),
        stays=N_("They stay, with your country alone, and nobody can tell that they are yours."
                 " Your photos are deleted."),
        of="marketplace.reviews.own:reviews_of",
        count="marketplace.reviews.own:count_reviews",
        erase="marketplace.reviews.service:let_go",
    ),
    Written(
        key="review_reports", label=N_("Reports about reviews, and objections"),
        stays=N_("Of decided ones a date and a reason stay, without your words and your name."
                 " Those that wait are deleted."),
        of="marketplace.reviews.own:reports_of", count="marketplace.reviews.own:count_reports",
        erase="marketplace.reviews.objections:forget",
    ),
    Written(
        key="listing_reports", label=N_("Reports about listings, and objections"),
        stays=N_("Of decided reports a date and a reason stay, without your words and your name."
                 " Those that wait are deleted. Objections of your shop stay, without your name."),
        of="marketplace.moderation.own:reports_of",
        count="marketplace.moderation.own:count_reports",
        erase="marketplace.moderation.service:forget",
    ),
)  # fmt: skip

ALBUMS = (
    Album(key=reviews.ALBUM, sight="marketplace.reviews.sight:may_see"),
    Album(key=returns.ALBUM, sight="marketplace.returns.sight:may_see"),
)

PLUG = Plug(
    name="marketplace",
    package="marketplace",
    blueprints=(
        "marketplace.buyers.views:bp",
        "marketplace.pictures.views:bp",
        "marketplace.drawings.views:bp",
        "marketplace.storefront.views:bp",
        "marketplace.storefront.views:machines",
        "marketplace.storefront.rest:bp",
        "marketplace.listings.views:bp",
        "marketplace.cart.views:bp",
        "marketplace.checkout.views:bp",
        "marketplace.tracking.views:bp",
        "marketplace.returns.views:bp",
        "marketplace.vendordesk.views:bp",
        "marketplace.moderation.views:bp",
        "marketplace.messages.views:bp",
        "marketplace.questions.views:bp",
        "marketplace.alerts.views:bp",
        "marketplace.reviews.views:bp",
    ),
    permissions=Permission,
    grants=GRANTS,
    modules=(
        "marketplace.vendors.models",
        "marketplace.vendors.events",
        "marketplace.buyers.models",
        "marketplace.catalog.models",
        "marketplace.catalog.events",
        "marketplace.drafts.models",
        "marketplace.gallery.models",
        "marketplace.revisions.models",
        "marketplace.pictures.events",
        "marketplace.pictures.jobs",
        "marketplace.offers.models",
        "marketplace.offers.events",
        "marketplace.inventory.models",
        "marketplace.inventory.jobs",
        "marketplace.pricing.models",
        "marketplace.ratings.models",
        "marketplace.ratings.events",
        "marketplace.shelves.models",
        "marketplace.shelves.jobs",
        "marketplace.doors.jobs",
        "marketplace.customs.models",
        "marketplace.customs.events",
        "marketplace.customs.jobs",
        "marketplace.shipping.models",
        "marketplace.shipping.events",
        "marketplace.shipping.jobs",
        "marketplace.cart.models",
        "marketplace.orders.models",
        "marketplace.orders.events",
        "marketplace.orders.jobs",
        "marketplace.checkout.models",
        "marketplace.returns.models",
        "marketplace.returns.events",
        "marketplace.returns.jobs",
        "marketplace.moderation.models",
        "marketplace.moderation.events",
        "marketplace.moderation.jobs",
        "marketplace.reviews.models",
        "marketplace.reviews.events",
        "marketplace.reviews.jobs",
        "marketplace.tracking.movements",
        "marketplace.messages.models",
        "marketplace.messages.events",
        "marketplace.messages.jobs",
        "marketplace.alerts.models",
        "marketplace.alerts.jobs",
        "marketplace.questions.models",
        "marketplace.questions.events",
        "marketplace.questions.jobs",
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
        name: f"marketplace.storefront.words:{name}"
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
        "answering": "marketplace.storefront.safety:answering",
        "mains_words": "marketplace.storefront.mains:mains_words",
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
        "demo": "marketplace.world.cli:demo",
        "seed": "marketplace.world.cli:seed",
        "catalog": "marketplace.world.cli:catalog",
        "landed-cost": "marketplace.customs.cli:landed_cost",
        "world": "marketplace.shipping.cli:world",
    },
)
