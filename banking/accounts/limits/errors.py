"""What a limit refuses: each says what is left, when it starts anew and what would help."""

from __future__ import annotations

from kernel.errors import LimitExceeded, RuleBroken, Upstream
from kernel.text import N_


class DailyLimit(LimitExceeded):
    """More than the wallet may spend today. Shape: left is Money, resets_on a date."""

    code = "daily_limit"
    message = N_(
        "You can pay %(left)s more from this wallet today. The daily limit starts anew on "
        "%(resets_on)s; you can raise it on the page of your limits."
    )


class MonthlyLimit(LimitExceeded):
    """More than the wallet may spend this month. Shape: left is Money, resets_on a date."""

    code = "monthly_limit"
    message = N_(
        "You can pay %(left)s more from this wallet this month. The monthly limit starts anew on "
        "%(resets_on)s; you can raise it on the page of your limits."
    )


class OwnerDailyLimit(LimitExceeded):
    """More than all wallets of an owner may spend today. Shape: left is Money in euro."""

    code = "owner_daily_limit"
    message = N_(
        "Together, your wallets can pay %(left)s more today. This limit starts anew on "
        "%(resets_on)s; confirm who you are on the page of your limits to raise it."
    )


class OwnerMonthlyLimit(LimitExceeded):
    """More than all wallets of an owner may spend this month. Shape: left is Money in euro."""

    code = "owner_monthly_limit"
    message = N_(
        "Together, your wallets can pay %(left)s more this month. This limit starts anew on "
        "%(resets_on)s; confirm who you are on the page of your limits to raise it."
    )


class PayeeLimit(LimitExceeded):
    """More than one payee may get in a day. Shape: left is Money, resets_on a date."""

    code = "payee_limit"
    message = N_(
        "You can pay %(left)s more to this payee today. This limit starts anew on %(resets_on)s; "
        "you can raise it on the page of your limits."
    )


class TierCeiling(RuleBroken):
    """The wallet would hold more than its owner's tier allows. Shape: holds and room are Money."""

    code = "tier_ceiling"
    message = N_(
        "This wallet may hold %(holds)s at most, so it takes in %(room)s more. Confirm who you are "
        "on the page of your limits to hold more."
    )


class AboveTier(RuleBroken):
    """A limit above what the owner's tier allows. Shape: most is Money."""

    code = "limit_above_tier"
    message = N_("With what we know of you this limit is at most %(most)s.")


class LimitsUnavailable(Upstream):
    """The limits cannot be counted, so nothing is paid."""

    code = "limits_unavailable"
    message = N_("We cannot count your limits right now, so nothing was paid. Please try again.")
