"""What the tariffs' room refuses."""

from __future__ import annotations

from kernel.errors import Conflict, Forbidden, NotFound, RuleBroken
from kernel.text import N_


class DraftUnknown(NotFound):
    """No such draft."""

    code = "tariff_draft_unknown"
    message = N_("We can't find that draft.")


class DraftNotOpen(RuleBroken):
    """It was proposed or published meanwhile."""

    code = "tariff_draft_not_open"
    message = N_("This draft isn't open any more. Look at where it stands now.")


class DraftOvertaken(Conflict):
    """Somebody saved another edition meanwhile."""

    code = "tariff_draft_overtaken"
    message = N_("Someone saved this draft while you were writing. Yours is still in the form.")


class DraftUnsound(RuleBroken):
    """A figure is none, or one is missing."""

    code = "tariff_draft_unsound"
    message = N_("Some figures can't be sold by: %(cells)s.")


class NothingChanged(RuleBroken):
    """It says the same as the tariff it follows."""

    code = "tariff_nothing_changed"
    message = N_("This draft doesn't change anything yet.")


class NotRated(RuleBroken):
    """Nobody has looked at what it would have cost."""

    code = "tariff_not_rated"
    message = N_("Rate the last 30 days with this draft first.")


class DayTooEarly(RuleBroken):
    """It would begin on a day that is already sold by another tariff."""

    code = "tariff_day_too_early"
    message = N_("A tariff can start on %(earliest)s at the earliest.")


class DayTaken(RuleBroken):
    """Another tariff begins on that day, or the one it follows is no longer the last."""

    code = "tariff_day_taken"
    message = N_("Version %(version)s has been published since. Start a new draft from it.")


class TariffMakerIsChecker(Forbidden):
    """Who wrote or proposed a tariff does not publish it."""

    code = "tariff_maker_is_checker"
    message = N_("You wrote or proposed this tariff, so someone else has to publish it.")


class VectorsUnexplained(RuleBroken):
    """A worked case costs something else, and nobody has said why that is right."""

    code = "tariff_vectors_unexplained"
    message = N_("Say for each worked case why its new price is right: %(cases)s.")
