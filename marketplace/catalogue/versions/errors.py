"""What can go wrong with versions."""

from __future__ import annotations

from kernel.errors import RuleBroken
from kernel.text import N_


class OtherOptions(RuleBroken):
    """The versions that are there differ by other options."""

    code = "other_options"
    message = N_(
        "All versions of goods differ by the same options. Choose values for just those that the"
        " versions here have."
    )


class TooManyVersions(RuleBroken):
    """Goods come in a limited number of versions."""

    code = "too_many_versions"
    message = N_("Goods can have at most %(most)d versions.")
