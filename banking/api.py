"""Banking's front door: what insurance and marketplace may call.

Keyword arguments in; ids, Money, enums and frozen dataclasses in and out. Commands join the
caller's transaction; a refusal is a typed error and undoes the outermost command.
"""

from banking.accounts.limits.errors import (
    AboveTier,
    DailyLimit,
    LimitsUnavailable,
    MonthlyLimit,
    OwnerDailyLimit,
    OwnerMonthlyLimit,
    PayeeLimit,
    TierCeiling,
)
from banking.accounts.limits.queries import (
    Period,
    Standing,
    Together,
    Waiting,
    is_allowed,
    standing_of,
    together_of,
    waiting_in,
)
from banking.accounts.limits.service import vouch
from banking.accounts.parties.errors import CustomerUnknown
from banking.accounts.parties.queries import grants_of, tier_of
from banking.accounts.parties.service import register_customer
from banking.accounts.wallets.errors import CurrencyNotOffered, WalletUnknown
from banking.accounts.wallets.queries import (
    WalletView,
    movements,
    wallet,
    wallet_by_iban,
    wallet_for,
    wallets_of,
)
from banking.accounts.wallets.rules import WALLET_CURRENCIES, OwnerKind, wallet_currency
from banking.accounts.wallets.service import exchange, freeze, open_wallet, wallet_of_earnings
from banking.accounts.wallets.under_way import ASKED as WALLETS_ASKED
from banking.accounts.wallets.under_way import UnderWay
from banking.accounts.wallets.under_way import counted as count_under_way
from banking.authorisation.approvals.errors import (
    ApprovalDiffers,
    ApprovalMissing,
    ReducedLimit,
)
from banking.authorisation.approvals.queries import approval as approval_of
from banking.authorisation.approvals.rules import Act, Exemption
from banking.authorisation.approvals.service import Approval, Known, ResultPage
from banking.authorisation.approvals.service import ask as ask_approval
from banking.authorisation.approvals.service import redeem as redeem_approval
from banking.authorisation.approvals.service import register_executor as register_approved
from banking.authorisation.approvals.service import withdraw as withdraw_approval
from banking.authorisation.late_credits.queries import movements_about
from banking.authorisation.payees.service import choose_handle
from banking.cards.card_topups.errors import CardAmountUneven
from banking.cards.card_topups.events import (
    PaymentCaptured,
    PurchaseCaptured,
    PurchaseFailed,
)
from banking.cards.card_topups.queries import PaymentView, TopUpView
from banking.cards.card_topups.rules import PaymentState
from banking.cards.card_topups.service import load_reference_data, start_top_up
from banking.cards.disputes.events import PurchaseQuestioned
from banking.cards.purchases.errors import (
    PurchaseDiffers,
    PurchaseDisputed,
    PurchaseNeedsIdentity,
    PurchaseNotPaid,
    PurchaseOfAnother,
    PurchaseOver,
    PurchaseUnknown,
)
from banking.cards.purchases.events import PurchaseCreditChanged, PurchaseGivenUp
from banking.cards.purchases.queries import CreditView as PurchaseCreditView
from banking.cards.purchases.queries import (
    PaidCard,
    PurchaseView,
    free_purchases,
    paid_card,
    purchase,
    purchases_of,
    refund_taker,
)
from banking.cards.purchases.queries import credits_of as purchase_credits_of
from banking.cards.purchases.rules import GivenUp as PurchaseGivenUpWhy
from banking.cards.purchases.rules import Outcome as PurchaseOutcome
from banking.cards.purchases.service import (
    claim_purchase,
    give_up_purchase,
    purchase_page,
    settle_purchase,
    start_purchase,
)
from banking.cards.saved_cards.errors import SavedCardUnknown
from banking.cards.saved_cards.queries import SavedCardView, saved_cards_of
from banking.control.safeguarding.service import place_own_money
from banking.core.fx.errors import (
    AmountTooSmall,
    NoRate,
    NoTerms,
    QuoteAltered,
    QuoteExpired,
    QuoteUnknown,
    QuoteUsed,
    RefundTooLarge,
    SameCurrency,
    StaleRate,
)
from banking.core.fx.queries import ExecutionView, QuoteView, fx_rate, rates_of, rates_on
from banking.core.fx.rules import Rate, RateTable, Side, convert
from banking.core.fx.service import continue_rates, fx_quote, lock_rate
from banking.core.ledger.errors import (
    AccountFrozen,
    AccountUnknown,
    AlreadyReversed,
    CaptureMismatch,
    CeilingReached,
    EmptyJournal,
    HoldExceeded,
    HoldResolved,
    HoldUnknown,
    IdempotencyMismatch,
    InsufficientFunds,
    JournalUnknown,
    KindUnknown,
    LegCurrencyMismatch,
    NotReversible,
    UnbalancedJournal,
)
from banking.core.ledger.queries import (
    Balance,
    HoldView,
    JournalView,
    Movement,
    Verification,
    balances_of_kind,
    journal,
    kind_name,
    verify_ledger,
)
from banking.core.ledger.queries import hold as hold_of
from banking.core.ledger.rules import AccountKind, Discipline, Freeze
from banking.core.ledger.service import register_account_kinds
from banking.core.rail.queries import business_days_later, open_day
from banking.merchants.escrow.errors import (
    AlreadyCompensated,
    EscrowExists,
    EscrowFrozenAmount,
    EscrowKeyReused,
    EscrowTooSmall,
    EscrowUnknown,
    PreviewStale,
    RefundAbovePaid,
    RefundNotCovered,
)
from banking.merchants.escrow.queries import (
    Compensation,
    EscrowMoveView,
    EscrowView,
    OrderMoney,
    QuestionView,
    RefundPreview,
    Stage,
    VendorBucket,
    ask_before_refunds,
    charged_back,
    compensations_of,
    escrow_of,
    escrows_of,
    frozen_escrows,
    moves_of,
    order_money,
    questioned_orders,
    questions_of,
    refund_preview,
    vendor_buckets,
)
from banking.merchants.escrow.rules import EscrowState, Purpose, Waterfall
from banking.merchants.escrow.service import (
    EscrowPayout,
    EscrowShare,
    Payer,
    allow_release,
    charge_vendor,
    credit_vendor,
    freeze_escrow,
    fund_escrow,
    fund_escrow_together,
    refund_after_release,
    refund_escrow,
    refund_from_payables,
    release_escrow,
)
from banking.merchants.payouts.coming import Coming, register_coming
from banking.merchants.payouts.queries import payouts_of as vendor_payouts
from banking.merchants.payouts.queries import plans_of as payout_plans
from banking.merchants.payouts.service import vouch_for_payout_account
from banking.merchants.payouts.trouble import Trouble, trouble_of
from banking.online.home.queries import name_movements, name_sellers, name_subjects
from banking.online.home.rules import MovementWords, SubjectPage
from banking.transferring.house_payments.queries import house_balance
from banking.transferring.house_payments.service import (
    Credit,
    Debit,
    bear_duty_shortfall,
    book,
    collect_from_wallet,
    pay_to_wallet,
    spend_from_wallet,
)

__all__ = [
    "WALLETS_ASKED",
    "WALLET_CURRENCIES",
    "AboveTier",
    "AccountFrozen",
    "AccountKind",
    "AccountUnknown",
    "Act",
    "AlreadyCompensated",
    "AlreadyReversed",
    "AmountTooSmall",
    "Approval",
    "ApprovalDiffers",
    "ApprovalMissing",
    "Balance",
    "CaptureMismatch",
    "CardAmountUneven",
    "CeilingReached",
    "Coming",
    "Compensation",
    "Credit",
    "CurrencyNotOffered",
    "CustomerUnknown",
    "DailyLimit",
    "Debit",
    "Discipline",
    "EmptyJournal",
    "EscrowExists",
    "EscrowFrozenAmount",
    "EscrowKeyReused",
    "EscrowMoveView",
    "EscrowPayout",
    "EscrowShare",
    "EscrowState",
    "EscrowTooSmall",
    "EscrowUnknown",
    "EscrowView",
    "ExecutionView",
    "Exemption",
    "Freeze",
    "HoldExceeded",
    "HoldResolved",
    "HoldUnknown",
    "HoldView",
    "IdempotencyMismatch",
    "InsufficientFunds",
    "JournalUnknown",
    "JournalView",
    "KindUnknown",
    "Known",
    "LegCurrencyMismatch",
    "LimitsUnavailable",
    "MonthlyLimit",
    "Movement",
    "MovementWords",
    "NoRate",
    "NoTerms",
    "NotReversible",
    "OrderMoney",
    "OwnerDailyLimit",
    "OwnerKind",
    "OwnerMonthlyLimit",
    "PaidCard",
    "PayeeLimit",
    "Payer",
    "PaymentCaptured",
    "PaymentState",
    "PaymentView",
    "Period",
    "PreviewStale",
    "PurchaseCaptured",
    "PurchaseCreditChanged",
    "PurchaseCreditView",
    "PurchaseDiffers",
    "PurchaseDisputed",
    "PurchaseFailed",
    "PurchaseGivenUp",
    "PurchaseGivenUpWhy",
    "PurchaseNeedsIdentity",
    "PurchaseNotPaid",
    "PurchaseOfAnother",
    "PurchaseOutcome",
    "PurchaseOver",
    "PurchaseQuestioned",
    "PurchaseUnknown",
    "PurchaseView",
    "Purpose",
    "QuestionView",
    "QuoteAltered",
    "QuoteExpired",
    "QuoteUnknown",
    "QuoteUsed",
    "QuoteView",
    "Rate",
    "RateTable",
    "ReducedLimit",
    "RefundAbovePaid",
    "RefundNotCovered",
    "RefundPreview",
    "RefundTooLarge",
    "ResultPage",
    "SameCurrency",
    "SavedCardUnknown",
    "SavedCardView",
    "Side",
    "Stage",
    "StaleRate",
    "Standing",
    "SubjectPage",
    "TierCeiling",
    "Together",
    "TopUpView",
    "Trouble",
    "UnbalancedJournal",
    "UnderWay",
    "VendorBucket",
    "Verification",
    "Waiting",
    "WalletUnknown",
    "WalletView",
    "Waterfall",
    "allow_release",
    "approval_of",
    "ask_approval",
    "ask_before_refunds",
    "balances_of_kind",
    "bear_duty_shortfall",
    "book",
    "business_days_later",
    "charge_vendor",
    "charged_back",
    "choose_handle",
    "claim_purchase",
    "collect_from_wallet",
    "compensations_of",
    "continue_rates",
    "convert",
    "count_under_way",
    "credit_vendor",
    "escrow_of",
    "escrows_of",
    "exchange",
    "free_purchases",
    "freeze",
    "freeze_escrow",
    "frozen_escrows",
    "fund_escrow",
    "fund_escrow_together",
    "fx_quote",
    "fx_rate",
    "give_up_purchase",
    "grants_of",
    "hold_of",
    "house_balance",
    "is_allowed",
    "journal",
    "kind_name",
    "load_reference_data",
    "lock_rate",
    "movements",
    "movements_about",
    "moves_of",
    "name_movements",
    "name_sellers",
    "name_subjects",
    "open_day",
    "open_wallet",
    "order_money",
    "paid_card",
    "pay_to_wallet",
    "payout_plans",
    "place_own_money",
    "purchase",
    "purchase_credits_of",
    "purchase_page",
    "purchases_of",
    "questioned_orders",
    "questions_of",
    "rates_of",
    "rates_on",
    "redeem_approval",
    "refund_after_release",
    "refund_escrow",
    "refund_from_payables",
    "refund_preview",
    "refund_taker",
    "register_account_kinds",
    "register_approved",
    "register_coming",
    "register_customer",
    "release_escrow",
    "saved_cards_of",
    "settle_purchase",
    "spend_from_wallet",
    "standing_of",
    "start_purchase",
    "start_top_up",
    "tier_of",
    "together_of",
    "trouble_of",
    "vendor_buckets",
    "vendor_payouts",
    "verify_ledger",
    "vouch",
    "vouch_for_payout_account",
    "waiting_in",
    "wallet",
    "wallet_by_iban",
    "wallet_currency",
    "wallet_for",
    "wallet_of_earnings",
    "wallets_of",
    "withdraw_approval",
]
