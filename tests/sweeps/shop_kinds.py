"""What stands in addresses of the shop, and in those of people's own accounts."""

from __future__ import annotations

from tests.sweeps.kind import BOOKS, OF_SHOP, OFFICE, OPEN, Kind, free, owned

STOPPING = ("favourites.ask_to_stop", "favourites.stop_letters")

SHOP = (
    Kind(
        "goods",
        (
            "moderation.ask",
            "moderation.report",
            "questions.index",
            "questions.ask",
            "reviews.of_goods",
            "storefront.",
        ),
        free("marketplace.product", where="status = 'listed'"),
        OPEN,
    ),
    Kind(
        "goods by their words",
        ("storefront.",),
        "SELECT ref, 'words' AS slug FROM marketplace.product WHERE status = 'listed'",
        OPEN,
    ),
    Kind("shop", ("storefront.",), free("marketplace.vendor", "slug", "status = 'active'"), OPEN),
    Kind("shelf", ("storefront.",), free("marketplace.category", "key"), OPEN),
    Kind("part of a map", ("machines.",), "SELECT 'en' AS tag, '0' AS start", OPEN),
    Kind(
        "picture",
        ("pictures.",),
        "SELECT path || '-400.webp' AS name FROM marketplace.picture",
        OPEN,
    ),
    Kind("drawing", ("drawings.",), "SELECT 'none.svg' AS name", OPEN),
    Kind("file of the house", ("shell.",), "SELECT 'none' AS name", OPEN),
    Kind(
        "goods in a cart",
        ("cart.",),
        "SELECT t.offer_id::text AS offer_id, p.email FROM marketplace.cart_line t"
        " JOIN marketplace.cart c ON c.id = t.cart_id JOIN kernel.person p ON p.id = c.person_id",
        OPEN,
    ),
    Kind("shop in a cart", ("cart.",), free("marketplace.vendor", "id vendor_id"), OPEN),
    Kind(
        "address",
        ("addresses.",),
        owned("marketplace.address", "id address_id", "person_id", "removed_at IS NULL"),
    ),
    Kind(
        "list of favourites",
        ("favourites.",),
        owned("marketplace.wish_list", "id list_id", "person_id"),
    ),
    Kind(
        "goods on a list",
        ("favourites.",),
        "SELECT t.id::text AS wish_id, o.email FROM marketplace.wish t"
        " JOIN marketplace.wish_list l ON l.id = t.list_id"
        " JOIN owners o ON o.owner_id = l.person_id",
    ),
    Kind(
        "shared list",
        ("favourites.shared", "lists."),
        free("marketplace.wish_list", "share_token token", "share_token IS NOT NULL"),
        OPEN,
    ),
    Kind("wish", ("alerts.",), owned("marketplace.stock_alert", "id alert_id", "person_id")),
    Kind("checkout", ("checkout.",), owned("marketplace.checkout", owner="person_id")),
    Kind(
        "purchase",
        ("orders.",),
        owned("marketplace.order_group", owner="person_id"),
        read_by=BOOKS,
    ),
    Kind(
        "order of a purchase",
        ("orders.",),
        "SELECT g.ref, t.ref AS order_ref, o.email FROM marketplace.vendor_order t"
        " JOIN marketplace.order_group g ON g.id = t.group_id"
        " JOIN owners o ON o.owner_id IN (g.person_id, t.organisation_id)",
        acts_by=BOOKS,
    ),
    Kind("order at a desk", ("desk.",), owned("marketplace.vendor_order", owner="organisation_id")),
    Kind(
        "rule of a shop",
        ("own_cover.",),
        owned("insurance.seller_rules", owner="organisation_id", where="stopped_at IS NULL"),
    ),
    Kind(
        "paper of an order",
        ("desk.",),
        "SELECT t.ref, 'invoice' AS name, o.email FROM marketplace.vendor_order t"
        " JOIN owners o ON o.owner_id = t.organisation_id",
    ),
    Kind(
        "own goods", ("listings.",), f"SELECT t.ref, o.email FROM marketplace.product t {OF_SHOP}"
    ),
    Kind(
        "draft of goods",
        ("listings.save_draft", "listings.discard_draft"),
        f"SELECT t.ref, o.email FROM marketplace.listing_draft t {OF_SHOP}",
    ),
    Kind(
        "earlier words of goods",
        ("listings.",),
        "SELECT g.ref, t.id::text AS revision_id, o.email FROM marketplace.listing_revision t"
        f" JOIN marketplace.product g ON g.id = t.product_id {OF_SHOP}",
    ),
    Kind("thread", ("messages.thread",), owned("marketplace.message_thread", owner="buyer_id")),
    Kind(
        "thread that both write in",
        ("messages.",),
        "SELECT t.ref, o.email FROM marketplace.message_thread t"
        " JOIN owners o ON o.owner_id IN (t.buyer_id, t.organisation_id)",
    ),
    Kind(
        "thread at a desk",
        ("messages.desk_thread",),
        owned("marketplace.message_thread", owner="organisation_id"),
    ),
    Kind(
        "report",
        ("moderation.",),
        free("marketplace.moderation_report", where="kind = 'listing'"),
        OFFICE,
    ),
    Kind(
        "decision",
        ("moderation.decision", "moderation.object_to"),
        "SELECT t.ref, o.email FROM marketplace.moderation_decision t"
        " JOIN marketplace.moderation_decision_shop s ON s.decision_id = t.id"
        " JOIN marketplace.vendor n ON n.id = s.vendor_id"
        " JOIN owners o ON o.owner_id = n.organisation_id WHERE t.kind = 'listing'",
    ),
    Kind(
        "question",
        ("questions.report", "questions.report_form"),
        free("marketplace.product_question", where="removed_at IS NULL"),
        OPEN,
    ),
    Kind(
        "question to a shop",
        ("questions.answer", "questions.change"),
        f"SELECT t.ref, o.email FROM marketplace.product_question t {OF_SHOP}"
        " WHERE t.removed_at IS NULL",
    ),
    Kind(
        "question that was taken away",
        ("questions.decision", "questions.object_to"),
        "SELECT t.ref, p.email FROM marketplace.moderation_decision t"
        " JOIN marketplace.product_question q ON q.id = t.subject_id"
        " JOIN kernel.person p ON p.id = q.asker_id WHERE t.kind = 'question'"
        " UNION SELECT t.ref, o.email FROM marketplace.moderation_decision t"
        " JOIN marketplace.moderation_decision_shop s ON s.decision_id = t.id"
        " JOIN marketplace.vendor n ON n.id = s.vendor_id"
        " JOIN owners o ON o.owner_id = n.organisation_id WHERE t.kind = 'question'",
    ),
    Kind(
        "report of a question",
        ("questions.desk_case", "questions.desk_decide", "questions.desk_look_again"),
        free("marketplace.moderation_report", where="kind = 'question'"),
        OFFICE,
    ),
    Kind(
        "parcel to send back",
        ("returns.",),
        "SELECT t.ref AS order_ref, p.email FROM marketplace.vendor_order t"
        " JOIN marketplace.order_group g ON g.id = t.group_id"
        " JOIN kernel.person p ON p.id = g.person_id",
    ),
    Kind(
        "pieces to send back",
        ("returns.",),
        "SELECT t.ref AS order_ref, 'damaged' AS reason, l.id || 'x1' AS pieces, p.email"
        " FROM marketplace.vendor_order t JOIN marketplace.order_line l"
        " ON l.vendor_order_id = t.id JOIN marketplace.order_group g ON g.id = t.group_id"
        " JOIN kernel.person p ON p.id = g.person_id",
    ),
    Kind("return", ("returns.",), owned("marketplace.return_request", owner="person_id")),
    Kind(
        "return at a desk",
        ("returns.desk_return", "returns.arrange", "returns.receive", "returns.reject"),
        owned("marketplace.return_request", owner="organisation_id"),
    ),
    Kind(
        "return that is disputed",
        ("returns.case", "returns.decide"),
        free("marketplace.return_request", where="complaint IS NOT NULL"),
        OFFICE,
    ),
    Kind(
        "line to review",
        ("reviews.",),
        "SELECT t.id::text AS line_id, p.email FROM marketplace.order_line t"
        " JOIN marketplace.vendor_order v ON v.id = t.vendor_order_id"
        " JOIN marketplace.order_group g ON g.id = v.group_id"
        " JOIN kernel.person p ON p.id = g.person_id WHERE v.delivered_at IS NOT NULL",
    ),
    Kind(
        "own review",
        ("reviews.edit", "reviews.change", "reviews.withdraw", "reviews.object_to"),
        owned("marketplace.review", owner="author_id"),
    ),
    Kind(
        "review of a shop's goods",
        ("reviews.for_answer", "reviews.answer"),
        f"SELECT t.ref, o.email FROM marketplace.review t {OF_SHOP}",
    ),
    Kind("review", ("reviews.ask", "reviews.report"), free("marketplace.review"), OPEN),
    Kind(
        "report of a review",
        ("reviews.desk_case", "reviews.desk_decide", "reviews.desk_look_again"),
        free("marketplace.moderation_report", where="kind = 'review'"),
        OFFICE,
    ),
    Kind(
        "photograph",
        ("photos.",),
        "SELECT t.id::text AS photo_id, 'large.webp' AS name, o.email FROM kernel.photo t"
        " JOIN owners o ON o.owner_id = t.owner_id WHERE t.sent_at IS NULL",
    ),
)

PEOPLE = (
    Kind(
        "passkey",
        ("account.",),
        owned("kernel.passkey", "id passkey_id", "person_id", "removed_at IS NULL"),
    ),
    Kind(
        "address of a program",
        ("endpoints.",),
        owned("kernel.endpoint", "id endpoint_id", "person_id", "ended_at IS NULL"),
    ),
    Kind(
        "letter to a program",
        ("endpoints.",),
        "SELECT l.endpoint_id::text, l.id::text AS letter_id, o.email FROM kernel.endpoint_letter l"
        " JOIN kernel.endpoint e ON e.id = l.endpoint_id JOIN owners o ON o.owner_id = e.person_id",
    ),
    Kind(
        "key of a program",
        ("program_keys.",),
        owned("kernel.program_key", "id key_id", "person_id", "ended_at IS NULL"),
    ),
    Kind(
        "session",
        ("identity.",),
        owned("kernel.person_session", "id session_id", "person_id", "ended_at IS NULL"),
    ),
    Kind(
        "letter of the demonstration",
        ("mailbox.",),
        free("kernel.mail", "id mail_id", "html IS NOT NULL"),
        OPEN,
    ),
    Kind(
        "link of a letter",
        (
            "emails.",
            "guests.",
            "insurer_people.",
            "passwords.",
            "recovery.",
            "late_credits.",
            "purchases.",
            *STOPPING,
        ),
        "SELECT unnest(CAST(:links AS text[])) AS token",
        OPEN,
    ),
)
