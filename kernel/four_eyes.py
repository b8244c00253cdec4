"""Two people for what one must not decide alone: a maker proposes, a checker confirms."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from kernel.errors import RuleBroken
from kernel.text import N_


class OwnProposal(RuleBroken):
    """The maker would check their own work."""

    code = "own_proposal"
    message = N_("You made this proposal, so someone else has to confirm it.")


class OwnCase(RuleBroken):
    """Who decides is somebody whom the decision concerns."""

    code = "own_case"
    message = N_("This is your own case, so someone else has to decide.")


def check_second_person(*, maker: UUID | None, checker: UUID | None) -> None:
    """Refuse a checker who is the maker, or nobody in particular. Raises: OwnProposal."""
    if checker is None or checker == maker:
        raise OwnProposal


def check_unconcerned(*, checker: UUID | None, concerned: Collection[UUID | None]) -> None:
    """Refuse who decides on what concerns them, whatever their role allows. Raises: OwnCase."""
    if checker is not None and checker in concerned:
        raise OwnCase
