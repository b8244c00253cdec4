"""What can go wrong when people write to each other."""

from __future__ import annotations

from kernel.errors import Invalid, LimitExceeded, NotFound, RuleBroken
from kernel.text import N_, Message, Quoted


class ThreadUnknown(NotFound):
    """There is no such thread for the actor."""

    code = "thread_unknown"


class NobodyToAsk(RuleBroken):
    """The shop is closed, is the writer's own, or the other side is gone."""

    code = "nobody_to_ask"
    message = N_("No one would read this: the shop is closed, or it's your own.")


class TooManyMessages(LimitExceeded):
    """Too many messages, or new threads, from one person."""

    code = "too_many_messages"


class LeadsElsewhere(Invalid):
    """The words hold ways to pay or to meet outside the house: those in fragments."""

    code = "leads_elsewhere"

    def __init__(self, *, fragments: str) -> None:
        sentence = N_(
            "“%(fragments)s” looks like a way to write or pay elsewhere. Please leave it out: we"
            " can't hold, insure or decide on anything agreed or paid elsewhere."
        )
        super().__init__({"words": Message(sentence, {"fragments": Quoted(fragments)})})


class NobodyTicked(RuleBroken):
    """No order was ticked."""

    code = "nobody_ticked"
    message = N_("Select at least one order.")


class TooManyRecipients(RuleBroken):
    """One message goes to the buyers of a limited number of orders."""

    code = "too_many_recipients"
    message = N_("You can message the buyers of at most %(most)d orders at a time. Select fewer.")
