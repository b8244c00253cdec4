"""Who acts: a person with roles, the system itself, or somebody we do not know yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from kernel.errors import NotSignedIn


class Role(StrEnum):
    """What a person is to the house."""

    BUYER = "buyer"
    VENDOR = "vendor"
    OPERATOR = "operator"
    UNDERWRITER = "underwriter"
    INSURER = "insurer"
    GUEST = "guest"
    SYSTEM = "system"


# Who works for the house, and who works for an insurer that it sells cover of.
STAFF = frozenset({Role.OPERATOR, Role.UNDERWRITER})
# What these roles open is other people's, so they count where a second factor proved the person.
GUARDED = STAFF | {Role.INSURER}


@dataclass(frozen=True, slots=True)
class Actor:
    """The one a command is done for; written into the audit trail.

    Shape: organisation_ids are the companies the person works for. withheld are guarded
    roles that the person has and this session has not earned: no second factor opened it. scopes
    are what a key lets a program do for the person, None where the person acts by a session.
    """

    person_id: UUID | None
    roles: frozenset[Role] = frozenset()
    withheld: frozenset[Role] = frozenset()
    organisation_ids: frozenset[UUID] = frozenset()
    session_id: UUID | None = None
    scopes: frozenset[str] | None = None
    label: str = ""
    email: str = field(default="", repr=False)

    @property
    def is_signed_in(self) -> bool:
        """Whether somebody stands behind this who signed in with an account of theirs."""
        return self.person_id is not None and not self.is_guest

    @property
    def is_guest(self) -> bool:
        """Whether this is who buys without an account: they see what is theirs, and no account."""
        return Role.GUEST in self.roles

    @property
    def account_id(self) -> UUID | None:
        """Whose account acts; None for guests too, of whom nothing is kept beyond what they buy."""
        return None if self.is_guest else self.person_id

    def somebody(self) -> UUID:
        """Return the person who acts. Raises: NotSignedIn where nobody we know does."""
        if self.person_id is None:
            raise NotSignedIn
        return self.person_id

    def speaks_for(self, holder_id: UUID) -> bool:
        """Whether something of a holder's is theirs: their own, or of a company they work for."""
        return holder_id == self.person_id or holder_id in self.organisation_ids

    def has(self, role: Role) -> bool:
        """Whether the person carries the role."""
        return role in self.roles


ANONYMOUS = Actor(person_id=None, label="anonymous")
SYSTEM = Actor(person_id=None, roles=frozenset({Role.SYSTEM}), label="system")
