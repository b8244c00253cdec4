"""What can go wrong with keys of programs."""

from __future__ import annotations

from kernel.errors import NotFound, NotSignedIn, RuleBroken
from kernel.text import N_


class KeyRefused(NotSignedIn):
    """No key is called that, or it was taken back, or its time is over."""

    code = "key_refused"
    message = N_("This key doesn't work. It may have expired or been removed.")


class KeyUnknown(NotFound):
    """The person has no such key."""

    code = "key_unknown"
    message = N_("We can't find this key.")


class TooManyKeys(RuleBroken):
    """An account has as many keys as it may."""

    code = "too_many_keys"
    message = N_("You have %(most)d keys. Remove one you don't use.")
