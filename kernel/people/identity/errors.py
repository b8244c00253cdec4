"""What can go wrong with people and their sessions."""

from __future__ import annotations

from typing import ClassVar

from kernel.errors import Invalid, LimitExceeded, NotFound, RuleBroken
from kernel.people.identity.rules import Weakness
from kernel.text import N_, NP_, Message


class EmailTaken(Invalid):
    """Somebody registered with this address."""

    code = "email_taken"
    message = N_("There's already an account with this email. Sign in instead.")


class WeakPassword(Invalid):
    """The password is too short, or one that is guessed first."""

    code = "weak_password"
    message = N_("Choose a password of at least 8 characters that isn't a common one.")
    reasons: ClassVar[dict[Weakness, str]] = {
        Weakness.SHORT: N_("Choose a password of at least 8 characters."),
        Weakness.COMMON: N_(
            "Many people use a password like this, so it gets guessed first. Three or "
            "four unrelated words are hard to guess and easy to remember."
        ),
        Weakness.OWN: N_(
            "Anyone who knows your email or where you sign in would try this first. "
            "Choose unrelated words."
        ),
        Weakness.BREACHED: N_(
            "This password appears in a list of stolen passwords. Choose another, and "
            "change it anywhere else you use it."
        ),
    }

    @classmethod
    def because(cls, weakness: Weakness) -> WeakPassword:
        """Return the refusal that says kindly why, beside the field."""
        return cls({"password": Message(cls.reasons[weakness])})


class WrongCredentials(RuleBroken):
    """Address and password do not belong together; which of them is wrong stays private."""

    code = "wrong_credentials"
    status = 422
    message = N_("That email or password isn't right.")
    watched = "password"


class AccountBarred(RuleBroken):
    """An operator lets nobody in with this account; told to whoever has its password."""

    code = "account_barred"
    status = 403
    message = N_("This account is locked, so you can't sign in. If that's a mistake, contact us.")


class PersonUnknown(NotFound):
    """Nobody has the address that an operator named."""

    code = "person_unknown"
    message = N_("We can't find an account with this email.")


class WrongPassword(Invalid):
    """Somebody who is signed in typed another password."""

    code = "wrong_password"
    message = N_("That isn't your password.")
    watched = "password"


class TooManyTries(LimitExceeded):
    """Too many failed sign-ins for an account from one place, or from one place at all."""

    code = "too_many_tries"
    message = NP_(
        "Too many failed attempts. Try again in %(minutes)d minute.",
        "Too many failed attempts. Try again in %(minutes)d minutes.",
        by="minutes",
    )


class TooManySignUps(LimitExceeded):
    """Too many accounts were opened from one place."""

    code = "too_many_sign_ups"
    message = NP_(
        "Too many new accounts from your connection. Try again in %(minutes)d minute.",
        "Too many new accounts from your connection. Try again in %(minutes)d minutes.",
        by="minutes",
    )


class SecondStepOver(RuleBroken):
    """The second step came too late, or without a first one."""

    code = "second_step_over"
    message = N_("That took too long. Sign in with your password again.")
