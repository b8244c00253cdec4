"""What can go wrong with people and their sessions."""

from __future__ import annotations

from typing import ClassVar

from kernel.errors import Invalid, LimitExceeded, NotFound, RuleBroken
from kernel.people.identity.rules import Weakness
from kernel.text import N_, NP_, Message


class EmailTaken(Invalid):
    """Somebody registered with this address."""

    code = "email_taken"
    message = N_("There is an account with this e-mail address. Sign in instead.")


class WeakPassword(Invalid):
    """The password is too short, or one that is guessed first."""

    code = "weak_password"
    message = N_("Choose a password of at least 8 characters that is not a common one.")
    reasons: ClassVar[dict[Weakness, str]] = {
        Weakness.SHORT: N_("Choose a password of at least 8 characters."),
        Weakness.COMMON: N_(
            "Many people have a password like this one, so it is guessed first. Three or four "
            "words that have nothing to do with each other are hard to guess and easy to remember."
        ),
        Weakness.OWN: N_(
            "Whoever knows your address or where you sign in tries this first. Choose words that "
            "have nothing to do with either."
        ),
        Weakness.BREACHED: N_(
            "This password is in a collection of stolen ones, whoever had it before. Choose "
            "another, and change it wherever else you use it."
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
    message = N_("E-mail address or password is not right.")
    watched = "password"


class AccountBarred(RuleBroken):
    """An operator lets nobody in with this account; told to whoever has its password."""

    code = "account_barred"
    status = 403
    message = N_(
        "This account is locked, and nobody can sign in with it. Write to us if that is a mistake."
    )


class PersonUnknown(NotFound):
    """Nobody has the address that an operator named."""

    code = "person_unknown"
    message = N_("Nobody has this e-mail address.")


class WrongPassword(Invalid):
    """Somebody who is signed in typed another password."""

    code = "wrong_password"
    message = N_("This is not your password.")
    watched = "password"


class TooManyTries(LimitExceeded):
    """Too many failed sign-ins for an account from one place, or from one place at all."""

    code = "too_many_tries"
    message = NP_(
        "Too many failed tries. Try again in %(minutes)d minute.",
        "Too many failed tries. Try again in %(minutes)d minutes.",
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
