"""What cover lets people do."""

from __future__ import annotations

from enum import StrEnum

from kernel.actor import Role
from kernel.text import N_


class Permission(StrEnum):
    """Rights of the cover pages."""

    CARGO_BUY = "insurance.cargo.buy"
    POLICY_VIEW = "insurance.policy.view"
    POLICY_CHANGE = "insurance.policy.change"
    POLICY_WITHDRAW = "insurance.policy.withdraw"
    CLAIM_NOTIFY = "insurance.claim.notify"
    COVER_BUY = "insurance.cover.buy"
    DESK_VIEW = "insurance.desk.view"
    CLAIM_DECIDE = "insurance.claim.decide"
    INSURER_ANSWER = "insurance.insurer.answer"
    INSURER_APPOINT = "insurance.insurer.appoint"
    INSURER_CLOSE = "insurance.insurer.close"
    INSURER_JOIN = "insurance.insurer.join"
    INSURER_VIEW = "insurance.insurer.view"
    CARRIER_CLAIM_HANDLE = "insurance.carrier_claim.handle"
    OPEN_COVER_HOLD = "insurance.open_cover.hold"
    OPEN_COVER_SIGN = "insurance.open_cover.sign"
    OPEN_COVER_VIEW = "insurance.open_cover.view"
    OVERPAID_ANSWER = "insurance.overpaid.answer"
    OVERPAID_HANDLE = "insurance.overpaid.handle"
    OVERPAID_RETURN = "insurance.overpaid.return"
    RECOVERY_CHOOSE = "insurance.recovery.choose"
    RECOVERY_KEEP = "insurance.recovery.keep"
    RECOVERY_SETTLE = "insurance.recovery.settle"
    REFERRAL_JUDGE = "insurance.referral.judge"
    TARIFF_PUBLISH = "insurance.tariff.publish"
    TARIFF_VIEW = "insurance.tariff.view"
    TARIFF_WRITE = "insurance.tariff.write"


_HOLDERS = frozenset({Role.BUYER, Role.GUEST, Role.VENDOR, Role.OPERATOR, Role.UNDERWRITER})

GRANTS: dict[str, frozenset[Role]] = {
    # Its premium is paid from a wallet, and a guest has none.
    Permission.CARGO_BUY: _HOLDERS - {Role.GUEST},
    Permission.POLICY_VIEW: _HOLDERS,
    Permission.POLICY_CHANGE: _HOLDERS,
    Permission.POLICY_WITHDRAW: _HOLDERS,
    Permission.CLAIM_NOTIFY: _HOLDERS,
    # What is bought in the bank is paid from a wallet, and a guest has none.
    Permission.COVER_BUY: _HOLDERS - {Role.GUEST},
    Permission.DESK_VIEW: frozenset({Role.UNDERWRITER, Role.OPERATOR}),
    Permission.CLAIM_DECIDE: frozenset({Role.UNDERWRITER}),
    # Of an insurer's people only its treasurers answer; the command looks who is one.
    Permission.INSURER_ANSWER: frozenset({Role.INSURER}),
    Permission.INSURER_APPOINT: frozenset({Role.UNDERWRITER}),
    Permission.INSURER_CLOSE: frozenset({Role.UNDERWRITER}),
    # By a letter's link; whoever works for the house is refused with the reason.
    Permission.INSURER_JOIN: _HOLDERS - {Role.GUEST},
    # Of their own insurer alone, as each query looks.
    Permission.INSURER_VIEW: frozenset({Role.UNDERWRITER, Role.OPERATOR, Role.INSURER}),
    Permission.CARRIER_CLAIM_HANDLE: frozenset({Role.UNDERWRITER}),
    # Its deposit is paid from a wallet, and a guest has none.
    Permission.OPEN_COVER_HOLD: _HOLDERS - {Role.GUEST},
    Permission.OPEN_COVER_SIGN: frozenset({Role.UNDERWRITER}),
    Permission.OPEN_COVER_VIEW: frozenset({Role.UNDERWRITER, Role.OPERATOR}),
    Permission.OVERPAID_ANSWER: _HOLDERS,
    Permission.OVERPAID_HANDLE: frozenset({Role.UNDERWRITER}),
    # What came twice is given back from a wallet, and a guest has none.
    Permission.OVERPAID_RETURN: _HOLDERS - {Role.GUEST},
    Permission.RECOVERY_CHOOSE: _HOLDERS,
    # What is kept is paid back from a wallet, and a guest has none.
    Permission.RECOVERY_KEEP: _HOLDERS - {Role.GUEST},
    Permission.RECOVERY_SETTLE: frozenset({Role.UNDERWRITER}),
    Permission.REFERRAL_JUDGE: frozenset({Role.UNDERWRITER}),
    Permission.TARIFF_PUBLISH: frozenset({Role.UNDERWRITER}),
    Permission.TARIFF_VIEW: frozenset({Role.UNDERWRITER, Role.OPERATOR}),
    Permission.TARIFF_WRITE: frozenset({Role.UNDERWRITER}),
}


class Scope(StrEnum):
    """What the key of a program may be made for."""

    READ = "insurance.read"
    WRITE = "insurance.write"
    DECLARE = "insurance.declare"


SCOPES: dict[str, str] = {
    Scope.READ: N_("Read your cover: prices, policies, certificates and claims"),
    Scope.WRITE: N_("Act on your cover: price, buy, change and end it, and report losses"),
    Scope.DECLARE: N_("Declare shipments under your open covers"),
}
