"""What can go wrong with second factors."""

from __future__ import annotations

from kernel.errors import Forbidden, Invalid, LimitExceeded, RuleBroken
from kernel.text import N_, NP_


class WrongCode(Invalid):
    """A code that is wrong, or was used before."""

    code = "wrong_code"
    message = N_("That code isn't right or was already used. Wait for the next one.")
    watched = "code"


class TooManyCodes(LimitExceeded):
    """Too many wrong codes in a row."""

    code = "too_many_codes"
    message = NP_(
        "Too many wrong codes. Try again in %(minutes)d minute, or use a passkey.",
        "Too many wrong codes. Try again in %(minutes)d minutes, or use a passkey.",
        by="minutes",
    )


class PasskeyRefused(RuleBroken):
    """A passkey's answer that does not fit."""

    code = "passkey_refused"
    status = 422
    message = N_("That passkey didn't work here. Try again, or use a code.")
    watched = "passkey"


class TooManyPasskeys(RuleBroken):
    """The person has as many passkeys as we keep."""

    code = "too_many_passkeys"
    message = N_("You have %(most)d passkeys. Remove one before you add another.")


class NoSetUp(RuleBroken):
    """A code came for an app that nobody is setting up."""

    code = "no_set_up"
    message = N_("There's no app to confirm. Start the setup again.")


class LastFactor(RuleBroken):
    """Recovery codes belong to a passkey or an app."""

    code = "no_factor_to_recover"
    message = N_("Add a passkey or an authenticator app first. Recovery codes are its backup.")


class ConfirmFirst(Forbidden):
    """The change needs somebody who proved themselves a moment ago."""

    code = "confirm_first"
    message = N_("Confirm it's you, then try again.")
    way = "account.confirm"
    watched = ""
