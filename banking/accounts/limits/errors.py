"""What a limit refuses: each says what is left, when it starts anew and what would help."""

from __future__ import annotations

from kernel.errors import LimitExceeded, RuleBroken, Upstream
from kernel.text import N_


class DailyLimit(LimitExceeded):
    """More than the wallet may spend today. Shape: left is Money, resets_on a date."""

    code = "daily_limit"
    message = N_(
        "You can pay %(left)s more from this wallet today. The daily limit resets on "
        "%(resets_on)s. You can raise it on your limits page."
    )


class MonthlyLimit(LimitExceeded):
    """More than the wallet may spend this month. Shape: left is Money, resets_on a date."""

    code = "monthly_limit"
    message = N_(
        "You can pay %(left)s more from this wallet this month. The monthly limit resets "
        "on %(resets_on)s. You can raise it on your limits page."
    )


class OwnerDailyLimit(LimitExceeded):
    """More than all wallets of an owner may spend today. Shape: left is Money in euro."""

    code = "owner_daily_limit"
    message = N_(
        "Together, your wallets can pay %(left)s more today. This limit resets on "
        "%(resets_on)s. To raise it, confirm your identity on your limits page."
    )


class OwnerMonthlyLimit(LimitExceeded):
    """More than all wallets of an owner may spend this month. Shape: left is Money in euro."""

    code = "owner_monthly_limit"
    message = N_(
        "Together, your wallets can pay %(left)s more this month. This limit resets on "
        "%(resets_on)s. To raise it, confirm your identity on your limits page."
    )


class PayeeLimit(LimitExceeded):
    """More than one payee may get in a day. Shape: left is Money, resets_on a date."""

    code = "payee_limit"
    message = N_(
        "You can pay %(left)s more to this payee today. This limit resets on "
        "%(resets_on)s. You can raise it on your limits page."
    )


class TierCeiling(RuleBroken):
    """The wallet would hold more than its owner's tier allows. Shape: holds and room are Money."""

    code = "tier_ceiling"
    message = N_(
        "This wallet can hold %(holds)s at most, so it has room for %(room)s more. To "
        "hold more, confirm your identity on your limits page."
    )


class AboveTier(RuleBroken):
    """A limit above what the owner's tier allows. Shape: most is Money."""

    code = "limit_above_tier"
    message = N_("Until we know more about you, this limit is at most %(most)s.")


class LimitsUnavailable(Upstream):
    """The limits cannot be counted, so nothing is paid."""

    code = "limits_unavailable"
    message = N_("We can't check your limits right now, so nothing was paid. Please try again.")
