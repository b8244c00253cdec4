"""What can go wrong, in nine classes; each concrete error carries a code, a status and a sentence.

The web shell turns an error into a page or an RFC 9457 problem in one place; views never catch.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from kernel.text import N_, Message


class HouseError(Exception):
    """Any refusal the house can explain.

    Shape: data maps the placeholders of `message` to plain values, Money or dates; way is the
    endpoint of the page where a person does what is missing, empty for most; watched is the kind
    of `kernel.alarms` that it counts as, empty for what is no attempt at anything.
    """

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 500
    message: ClassVar[str] = N_("Something went wrong on our side.")
    way: ClassVar[str] = ""
    watched: ClassVar[str] = ""

    def __init__(self, **data: object) -> None:
        self.data = data
        super().__init__(self.code)

    def __str__(self) -> str:
        """Return code and English sentence, for logs."""
        return f"{self.code}: {self.sentence}"

    @property
    def sentence(self) -> Message:
        """The marked sentence with its values."""
        return Message(self.message, self.data)


class Invalid(HouseError):
    """Input that was not understood.

    Shape: fields maps a field's name to the sentence shown beside it; the empty name is the form.
    """

    code = "invalid"
    status = 422
    message = N_("Please check the fields marked below.")

    def __init__(self, fields: Mapping[str, Message] | None = None, **data: object) -> None:
        super().__init__(**data)
        self.fields: dict[str, Message] = dict(fields or {})


class NotSignedIn(HouseError):
    """The act needs a signed-in person."""

    code = "not_signed_in"
    status = 401
    message = N_("Please sign in to continue.")


class Forbidden(HouseError):
    """The person may not do this."""

    code = "forbidden"
    status = 403
    message = N_("You don't have access to this.")
    watched = "forbidden"


class NotFound(HouseError):
    """There is no such object for this person."""

    code = "not_found"
    status = 404
    message = N_("We can't find that page.")


class RuleBroken(HouseError):
    """Understood, but the business says no."""

    code = "rule_broken"
    status = 409
    message = N_("You can't do that right now.")


class Conflict(HouseError):
    """The world moved on since the page was shown, or a key was used for something else."""

    code = "conflict"
    status = 409
    message = N_("This has changed since you opened the page. Please check it again.")


class LimitExceeded(HouseError):
    """A rate or amount limit was reached.

    Units: retry_after in seconds, None when waiting does not help.
    """

    code = "limit_exceeded"
    status = 429
    message = N_("Too many attempts. Please wait a moment.")
    watched = "too_many"

    def __init__(self, *, retry_after: int | None = None, **data: object) -> None:
        super().__init__(retry_after=retry_after, **data)
        self.retry_after = retry_after


class Upstream(HouseError):
    """A provider outside the house failed; a job may try again when retryable."""

    code = "upstream"
    status = 503
    message = N_("A service we rely on isn't responding. Nothing was lost. Please try again.")
    retryable: ClassVar[bool] = True


def concrete_errors() -> Iterator[type[HouseError]]:
    """Yield every error class that is loaded, the nine bases included."""
    todo: list[type[HouseError]] = [HouseError]
    while todo:
        cls = todo.pop()
        yield cls
        todo.extend(cls.__subclasses__())
