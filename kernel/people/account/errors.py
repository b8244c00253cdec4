"""What can go wrong with the second factors of those who work for the house."""

from __future__ import annotations

from kernel.errors import LimitExceeded, NotFound, RuleBroken
from kernel.text import N_, NP_


class LetterOver(NotFound):
    """The link is somebody else's, too old, or there has been a factor since."""

    code = "letter_over"
    message = N_("This link has expired. Request a new one.")
    watched = "link"


class TooManyLetters(LimitExceeded):
    """The mailbox got enough letters for a while."""

    code = "too_many_letters"
    message = NP_(
        "We emailed you a moment ago. Check your inbox, or try again in %(minutes)d minute.",
        "We emailed you a moment ago. Check your inbox, or try again in %(minutes)d minutes.",
        by="minutes",
    )


class PasswordByMail(RuleBroken):
    """The password came by mail lately: with the letter the mailbox would be all the proof."""

    code = "password_by_mail"
    message = N_(
        "We can email you from %(on)s. You recently set your password by email, so until "
        "then another email link wouldn't prove it's you."
    )


class OneHasToStay(RuleBroken):
    """Somebody with a guarded role would have nothing but a password left."""

    code = "one_has_to_stay"
    message = N_(
        "Your work here covers other people's information, so you need at least one "
        "passkey or app. Add another first, then remove this one."
    )
