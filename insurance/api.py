"""Cover's front door: what the marketplace may call.

Keyword arguments in; ids, Money, enums and frozen dataclasses in and out. Commands join the
caller's transaction; a refusal is a typed error and undoes the outermost command.
"""

from __future__ import annotations

from insurance.contracts.policies.errors import (
    CancellationRefused,
    ChoiceNotActive,
    DemandsMissing,
    ParcelAlreadyCovered,
    ProductInformationMissing,
)
from insurance.contracts.policies.queries import (
    Payer,
    PolicyState,
    PolicyView,
    Side,
    given_back_for_loss,
    information_of,
    information_opened_at,
    latest_policies,
    pays_for_loss,
    policies_for_parcels,
    policies_of,
    policies_of_quotes,
    policy_for_parcel,
)
from insurance.contracts.policies.sellers import let_orders_know_shops
from insurance.contracts.policies.service import (
    PRODUCT_INFORMATION_VERSION,
    Demands,
    attach,
    bind,
    cancel_for_parcel,
    choose_refunds,
    goods_gone_back,
    hold_for_refund,
    parcel_delivered,
    parcel_returned,
    release_lost,
    release_seller,
)
from insurance.losses.claims.opening import parcel_late, parcel_lost
from insurance.losses.claims.queries import (
    Cause,
    ClaimState,
    ClaimView,
    Lane,
    case_reserves,
    claims_of,
    claims_under,
    lanes_of,
    notice_until,
    silent_parcels,
)
from insurance.losses.claims.silence import news_after, parcel_heard, parcel_silent
from insurance.losses.salvage.queries import (
    Found,
    RecoveryState,
    RecoveryView,
    Whereabouts,
    indemnities_of,
    recoveries_for_parcels,
)
from insurance.losses.salvage.service import parcel_found
from insurance.money.books.queries import ControlAccounts, control_accounts
from insurance.money.books.service import fund_float, insurers
from insurance.offers.quotes.errors import (
    LevelNotOffered,
    QuoteExpired,
    QuoteUnknown,
    RiderNotOffered,
)
from insurance.offers.quotes.insurers import insurers_in
from insurance.offers.quotes.queries import (
    ADDS,
    CARRIER,
    WITHOUT,
    Cover,
    InsuredItem,
    LevelView,
    Mode,
    ParcelRisk,
    QuoteView,
    RiderView,
    estimate_parcel,
    level_name,
    premium_credits,
    quote_of,
)
from insurance.offers.quotes.service import quote_parcel
from insurance.offers.referrals.service import let_orders_name_sellers
from insurance.offers.shipments.queries import OwnParcel, ShipmentView
from insurance.offers.shipments.service import ask_own, let_orders_know, let_orders_tell
from insurance.rating.liability.queries import Gain, Interest
from insurance.reporting.ratios.shops import let_orders_name_shops
from insurance.trade.cargo_claims.queries import reserves as cargo_case_reserves
from insurance.trade.open_cover.ordered import Ordered, declare_ordered
from insurance.trade.open_cover.queries import DeclarationView
from insurance.trade.open_cover.sold import declare_sold, is_sale_declared
from insurance.trade.seller_rules.queries import EVERYWHERE, RuleLine, RuleView
from insurance.trade.seller_rules.queries import Sold as SoldParcel
from insurance.trade.seller_rules.queries import Terms as RuleTerms
from insurance.trade.seller_rules.queries import covering as seller_rule_covering
from insurance.trade.seller_rules.queries import history_of as seller_rules_history
from insurance.trade.seller_rules.queries import matching as matching_rule
from insurance.trade.seller_rules.queries import rule_for as seller_rule_for
from insurance.trade.seller_rules.queries import rules_of as seller_rules_of
from insurance.trade.seller_rules.service import (
    add_seller_rule,
    change_seller_rule,
    stop_seller_rule,
)

__all__ = [
    "ADDS",
    "CARRIER",
    "EVERYWHERE",
    "PRODUCT_INFORMATION_VERSION",
    "WITHOUT",
    "CancellationRefused",
    "Cause",
    "ChoiceNotActive",
    "ClaimState",
    "ClaimView",
    "ControlAccounts",
    "Cover",
    "DeclarationView",
    "Demands",
    "DemandsMissing",
    "Found",
    "Gain",
    "InsuredItem",
    "Interest",
    "Lane",
    "LevelNotOffered",
    "LevelView",
    "Mode",
    "Ordered",
    "OwnParcel",
    "ParcelAlreadyCovered",
    "ParcelRisk",
    "Payer",
    "PolicyState",
    "PolicyView",
    "ProductInformationMissing",
    "QuoteExpired",
    "QuoteUnknown",
    "QuoteView",
    "RecoveryState",
    "RecoveryView",
    "RiderNotOffered",
    "RiderView",
    "RuleLine",
    "RuleTerms",
    "RuleView",
    "ShipmentView",
    "Side",
    "SoldParcel",
    "Whereabouts",
    "add_seller_rule",
    "ask_own",
    "attach",
    "bind",
    "cancel_for_parcel",
    "cargo_case_reserves",
    "case_reserves",
    "change_seller_rule",
    "choose_refunds",
    "claims_of",
    "claims_under",
    "control_accounts",
    "declare_ordered",
    "declare_sold",
    "estimate_parcel",
    "fund_float",
    "given_back_for_loss",
    "goods_gone_back",
    "hold_for_refund",
    "indemnities_of",
    "information_of",
    "information_opened_at",
    "insurers",
    "insurers_in",
    "is_sale_declared",
    "lanes_of",
    "latest_policies",
    "let_orders_know",
    "let_orders_know_shops",
    "let_orders_name_sellers",
    "let_orders_name_shops",
    "let_orders_tell",
    "level_name",
    "matching_rule",
    "news_after",
    "notice_until",
    "parcel_delivered",
    "parcel_found",
    "parcel_heard",
    "parcel_late",
    "parcel_lost",
    "parcel_returned",
    "parcel_silent",
    "pays_for_loss",
    "policies_for_parcels",
    "policies_of",
    "policies_of_quotes",
    "policy_for_parcel",
    "premium_credits",
    "quote_of",
    "quote_parcel",
    "recoveries_for_parcels",
    "release_lost",
    "release_seller",
    "seller_rule_covering",
    "seller_rule_for",
    "seller_rules_history",
    "seller_rules_of",
    "silent_parcels",
    "stop_seller_rule",
]
