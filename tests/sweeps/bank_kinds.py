"""What stands in addresses of the bank and of the cover."""

from __future__ import annotations

from tests.sweeps.kind import BOOKS, OFFICE, OFFICERS, OPEN, UNDERWRITERS, Kind, free, owned

BANK = (
    Kind(
        "wallet",
        ("bank.activity", "closing.", "customers.free_waiting", "payment_files.example"),
        "SELECT lower(t.currency) AS currency, o.email, t.owner_id::text AS account"
        " FROM banking.wallets t JOIN owners o ON o.owner_id = t.owner_id"
        " WHERE t.closed_at IS NULL",
    ),
    Kind(
        "month of a wallet",
        ("statements.month",),
        "SELECT lower(w.currency) AS currency, to_char(t.month, 'YYYY-MM') AS month, 'pdf' AS kind,"
        " o.email, w.owner_id::text AS account"
        " FROM banking.statements t JOIN banking.wallets w ON w.id = t.wallet_id"
        " JOIN owners o ON o.owner_id = w.owner_id",
    ),
    Kind("own limit", ("customers.limit_of",), "SELECT 'eur-day' AS choice", OPEN),
    Kind(
        "payment",
        ("pay.",),
        owned("banking.transfers"),
    ),
    Kind(
        "standing order",
        ("pay.standing_order", "pay.pause", "pay.resume", "pay.end"),
        owned("banking.standing_orders"),
    ),
    Kind(
        "request for money, by who has its link",
        ("pay.asked", "pay.code", "pay.pay_request"),
        free("banking.money_requests", "token"),
        OPEN,
    ),
    Kind(
        "own request for money",
        ("pay.withdraw_request",),
        owned("banking.money_requests", "token"),
    ),
    Kind(
        "saved payee",
        ("pay.remove_payee",),
        owned("banking.saved_payees", "id payee_id", where="removed_at IS NULL"),
    ),
    Kind(
        "trusted payee",
        ("guard.end_trust",),
        owned("banking.trusted_payees", "id payee_id", where="removed_at IS NULL"),
    ),
    Kind("whose wallets", ("guard.back",), "SELECT owner_id::text AS owner, email FROM owners"),
    Kind(
        "quote of an exchange",
        ("bank.quote", "bank.agree", "bank.ask_again"),
        owned("banking.fx_quotes", "id quote_id", where="used_by IS NULL AND purpose = 'exchange'"),
    ),
    Kind("top-up", ("bank.top_up_result", "bank.card_page"), owned("banking.card_payments")),
    Kind(
        "exchange",
        ("bank.exchanged",),
        "SELECT t.ref, o.email FROM banking.fx_executions t JOIN banking.fx_quotes q"
        " ON q.id = t.quote_id JOIN owners o ON o.owner_id = q.owner_id",
    ),
    Kind(
        "movement",
        ("bank.movement",),
        "SELECT e.id::text AS entry, o.email FROM banking.entries e"
        " JOIN banking.wallets w ON w.account_id = e.account_id"
        " JOIN owners o ON o.owner_id = w.owner_id",
    ),
    Kind("approval", ("approvals.",), owned("banking.approvals", "id approval_id", "person_id")),
    Kind("closing", ("closing.done",), owned("banking.closings", where="done_at IS NOT NULL")),
    Kind("late credit", ("late_credits.",), owned("banking.late_credits")),
    Kind("saved card", ("saved_cards.",), owned("banking.saved_cards", "id card_id")),
    Kind("dispute", ("disputes.show",), owned("banking.card_disputes")),
    Kind("dispute at work", ("disputes.",), free("banking.card_disputes"), OFFICE),
    Kind("card that money came from", ("to_card.",), owned("banking.card_payments")),
    Kind("money back to a card", ("to_card.show",), owned("banking.card_refunds")),
    Kind(
        "pot",
        ("pots.",),
        "SELECT t.id::text AS pot_id, o.email FROM banking.pots t"
        " JOIN banking.wallets w ON w.id = t.wallet_id JOIN owners o ON o.owner_id = w.owner_id",
    ),
    Kind(
        "ordered statement",
        ("statements.",),
        "SELECT t.ref, o.email FROM banking.statement_orders t"
        " JOIN banking.wallets w ON w.id = t.wallet_id JOIN owners o ON o.owner_id = w.owner_id",
    ),
    Kind(
        "year of fees", ("statements.fees", "statements.fees_paper"), "SELECT '2026' AS year", OPEN
    ),
    Kind("payment file", ("payment_files.",), owned("banking.batches")),
    Kind("payout", ("payouts.",), owned("banking.payouts", owner="vendor_id")),
    Kind(
        "account for payouts",
        ("payouts.account",),
        owned("banking.payout_accounts", owner="vendor_id"),
    ),
    Kind(
        "currency of payouts",
        ("payouts.settings", "payouts.name_account", "payouts.set_days", "payouts.pay_now"),
        "SELECT lower(t.currency) AS currency, t.vendor_id::text AS account, o.email"
        " FROM banking.payout_plans t JOIN owners o ON o.owner_id = t.vendor_id",
    ),
    Kind("payout again", ("payout_desk.again",), free("banking.payouts"), OFFICE),
    Kind("run of payouts", ("payout_desk.",), free("banking.payout_runs"), OFFICE),
    Kind(
        "vendor's payouts",
        ("payout_desk.",),
        "SELECT vendor_id::text AS vendor_id, lower(currency) AS currency"
        " FROM banking.payout_plans",
        OFFICE,
    ),
    Kind(
        "paid order",
        ("late_refunds.",),
        "SELECT t.order_ref AS ref, o.email FROM banking.escrows t"
        " JOIN owners o ON o.owner_id = t.beneficiary_id WHERE t.state = 'released'",
        read_by=BOOKS,
        acts_by=BOOKS,
    ),
    Kind(
        "money back for a paid order",
        ("late_refunds.",),
        "SELECT t.order_ref AS ref, '500' AS minor, o.email FROM banking.escrows t"
        " JOIN owners o ON o.owner_id = t.beneficiary_id WHERE t.state = 'released'",
        read_by=BOOKS,
        acts_by=BOOKS,
    ),
    Kind("loss of a dispute", ("losses.",), free("banking.card_disputes"), OFFICE),
    Kind(
        "vendor who owes",
        ("losses.",),
        "SELECT key::text AS vendor_id, lower(currency) AS currency FROM banking.ledger_accounts"
        " WHERE kind = 'vendor_debt' AND posted < 0",
        OFFICE,
    ),
    Kind("application", ("officers.",), free("banking.applications"), OFFICE),
    Kind(
        "document of an application",
        ("officers.open_document",),
        "SELECT a.ref, t.id::text AS document_id FROM banking.application_documents t"
        " JOIN banking.applications a ON a.id = t.application_id",
        OFFICE,
    ),
    Kind(
        "opening of a document",
        ("officers.document",),
        "SELECT a.ref, t.id::text AS opening_id FROM banking.document_openings t"
        " JOIN banking.application_documents d ON d.id = t.document_id"
        " JOIN banking.applications a ON a.id = d.application_id",
        OFFICE,
    ),
    Kind("difference", ("reconciliation.",), free("banking.differences"), OFFICE),
    Kind("shortfall", ("safeguarding.",), free("banking.safeguarding_top_ups"), OFFICE),
    Kind("resolution pack", ("safeguarding.pack",), free("banking.resolution_packs"), OFFICE),
)

_INSURERS_MONTHS = (
    "SELECT DISTINCT t.insurer_key AS insurer, t.currency, to_char(t.at, 'YYYY-MM') AS month"
    " FROM insurance.premium_moves t"
)

COVER = (
    Kind(
        "policy",
        ("cover.", "changes.", "api_cover."),
        owned("insurance.policies", "number", "policyholder_id"),
        read_by=OFFICERS,
    ),
    Kind("shipment", ("shipments.", "api_cover.quote"), owned("insurance.shipments")),
    Kind(
        "change of a policy",
        ("changes.", "api_cover.change"),
        "SELECT t.ref, o.email FROM insurance.changes t JOIN owners o ON o.owner_id = t.holder_id"
        " UNION ALL SELECT t.ref, o.email FROM insurance.changes t"
        " JOIN owners o ON o.owner_id = t.taker_id WHERE t.offered_at IS NOT NULL",
    ),
    Kind(
        "offer of a policy",
        ("changes.accept", "changes.decline", "api_cover.accept", "api_cover.decline"),
        owned("insurance.changes", owner="taker_id", where="t.offered_at IS NOT NULL"),
    ),
    Kind(
        "price of a shipment",
        ("cargo.price", "cargo.read", "cargo.buy", "cargo.refer", "api_trade.quote"),
        owned("insurance.cargo_quotes"),
    ),
    Kind(
        "insured shipment",
        (
            "cargo.policy",
            "cargo.certificate_paper",
            "api_trade.policy",
            "api_trade.certificate_paper",
        ),
        owned("insurance.cargo_policies", "number"),
        read_by=OFFICERS,
    ),
    Kind(
        "insured shipment to change",
        (
            "cargo.change_form",
            "cargo.ask_change",
            "cargo.ask_order",
            "cargo.ask_end",
            "cargo.arrival",
            "cargo_claims.under",
            "cargo_claims.notify",
        ),
        owned("insurance.cargo_policies", "number"),
    ),
    Kind(
        "change of a shipment",
        ("cargo.change", "cargo.confirm_change"),
        owned("insurance.cargo_changes", owner="holder_id"),
    ),
    Kind(
        "claim for cargo",
        ("cargo_claims.",),
        owned("insurance.cargo_claims"),
        read_by=OFFICERS,
    ),
    Kind(
        "claim for cargo at work",
        (
            "cargo_claims.confirm",
            "cargo_claims.guarantee",
            "cargo_claims.recommend",
            "cargo_claims.send_back",
            "cargo_claims.survey",
        ),
        free("insurance.cargo_claims"),
        OFFICE,
    ),
    Kind(
        "open cover",
        ("open_cover.", "api_trade.cover", "api_trade.declare", "api_trade.declarations"),
        owned("insurance.open_covers"),
    ),
    Kind(
        "declaration under an open cover",
        ("api_trade.declaration",),
        "SELECT c.ref, t.number, o.email FROM insurance.declarations t"
        " JOIN insurance.open_covers c ON c.id = t.open_cover_id"
        " JOIN owners o ON o.owner_id = c.owner_id",
    ),
    Kind(
        "file of an open cover",
        ("open_cover.file", "open_cover.refused"),
        "SELECT c.ref, t.ref AS file_ref, o.email FROM insurance.declaration_files t"
        " JOIN insurance.open_covers c ON c.id = t.open_cover_id"
        " JOIN owners o ON o.owner_id = c.owner_id",
    ),
    Kind(
        "declared shipment",
        ("open_cover.declared", "open_cover.withdraw"),
        "SELECT c.ref, t.number, o.email"
        " FROM insurance.declarations t JOIN insurance.open_covers c ON c.id = t.open_cover_id"
        " JOIN owners o ON o.owner_id = c.owner_id",
    ),
    Kind(
        "month of an open cover",
        ("open_cover.month", "open_cover.month_table"),
        "SELECT DISTINCT c.ref, to_char(t.at AT TIME ZONE 'UTC', 'YYYY-MM') AS month, o.email"
        " FROM insurance.declarations t JOIN insurance.open_covers c ON c.id = t.open_cover_id"
        " JOIN owners o ON o.owner_id = c.owner_id",
    ),
    Kind(
        "month of an open cover at the desk",
        ("open_cover_desk.month",),
        "SELECT DISTINCT c.ref, to_char(t.at AT TIME ZONE 'UTC', 'YYYY-MM') AS month"
        " FROM insurance.declarations t JOIN insurance.open_covers c ON c.id = t.open_cover_id",
        OFFICE,
    ),
    Kind("open cover at the desk", ("open_cover_desk.",), free("insurance.open_covers"), OFFICE),
    Kind(
        "seal of a certificate",
        ("cover.certificate", "api_cover.certificate"),
        free("insurance.policies", "number"),
        OPEN,
    ),
    Kind(
        "claim",
        (
            "cover.",
            "api_cover.claim",
            "api_cover.keep_for_answer",
            "api_cover.say",
            "api_cover.appeal",
        ),
        owned("insurance.claims", owner="policyholder_id"),
        read_by=OFFICERS,
    ),
    Kind(
        "claim at work",
        (
            "cover.desk_claim",
            "cover.ask",
            "cover.take_up",
            "cover.look_into",
            "cover.set_off",
            "cover.remove_offset",
            "cover.recommend",
            "cover.confirm",
            "cover.send_back",
        ),
        free("insurance.claims"),
        OFFICE,
    ),
    Kind("claim against a carrier", ("carrier_claims.",), free("insurance.carrier_claims"), OFFICE),
    Kind(
        "who carried cargo",
        ("carrier_claims.carriage", "carrier_claims.tell_carriage"),
        "SELECT t.ref::text AS ref, o.email FROM insurance.carrier_claims t"
        " JOIN insurance.cargo_claims c ON c.id = t.cargo_claim_id"
        " JOIN owners o ON o.owner_id = c.owner_id",
        read_by=UNDERWRITERS,
        acts_by=UNDERWRITERS,
    ),
    Kind(
        "month of an insurer",
        ("insurer.month", "insurer.close", "insurer.settle"),
        _INSURERS_MONTHS,
        OFFICE,
    ),
    Kind(
        "letter for claims money",
        ("insurer.letter", "insurer.letter_text", "insurer.answer"),
        free("insurance.float_calls"),
        OFFICE,
    ),
    Kind(
        "person of an insurer",
        ("insurer_people.",),
        free("insurance.insurer_people", "id person_id"),
        OFFICE,
    ),
    Kind(
        "period of premium tax",
        (
            "insurer.tax",
            "insurer.tax_table",
            "insurer.prepare_tax",
            "insurer.confirm_tax",
            "insurer.send_tax_back",
        ),
        # Germany is paid by the month, so a month is a period.
        "SELECT DISTINCT t.insurer_key AS insurer, t.country, t.currency,"
        " to_char(t.at, 'YYYY-MM') AS month FROM insurance.premium_moves t"
        " WHERE t.country = 'DE' AND t.tax <> 0",
        OFFICE,
    ),
    Kind(
        "month of all insurers",
        ("api_cover.bordereaux",),
        "SELECT DISTINCT to_char(t.at, 'YYYY-MM') AS month FROM insurance.premium_moves t",
        OFFICE,
    ),
    Kind(
        "bordereau",
        ("insurer.table",),
        "SELECT m.*, k.kind FROM (" + _INSURERS_MONTHS + ") m,"
        " (VALUES ('premium'), ('tax'), ('claims')) AS k (kind)",
        OFFICE,
    ),
    Kind(
        "record of the insurer",
        ("insurer.record",),
        free("insurance.premium_moves", "subject"),
        OFFICE,
    ),
    Kind(
        "found goods",
        ("recoveries.",),
        owned("insurance.recoveries", owner="policyholder_id"),
        read_by=OFFICERS,
    ),
    Kind(
        "loss paid twice",
        ("overpaid.",),
        owned("insurance.overpayments", owner="policyholder_id"),
        read_by=OFFICERS,
    ),
    Kind(
        "loss paid twice at work",
        ("overpaid.drop", "overpaid.confirm_drop", "overpaid.keep_open"),
        free("insurance.overpayments"),
        OFFICE,
    ),
    Kind(
        "claim that was paid twice",
        ("overpaid.new", "overpaid.open_known"),
        free("insurance.claims"),
        OFFICE,
    ),
    Kind(
        "found goods at work",
        ("recoveries.close", "recoveries.take_over"),
        free("insurance.recoveries"),
        OFFICE,
    ),
    Kind("referral", ("referrals.",), free("insurance.referrals"), OFFICE),
    Kind("draft of a tariff", ("tariffs.",), free("insurance.tariff_drafts"), OFFICE),
)
