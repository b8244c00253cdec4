"""What everybody signs in with in a demonstration: written down, and so worth nothing elsewhere."""

from __future__ import annotations

from kernel.config import settings

PASSWORD = "harbour lantern 1852"  # noqa: S105 - no secret: a demonstration prints it
# What the authenticator apps of those who work for the house hold, in base32.
APP_SECRET = "HARBORLANTERNHARBORLANTERNHARBOR"  # noqa: S105 - no secret: its code stands beside the field


class NoDemonstration(RuntimeError):
    """Accounts that everybody knows would come to an installation that is a real one."""

    def __str__(self) -> str:
        """Return the sentence for whoever gave the command."""
        return (
            "This installation is no demonstration (ENTREPOT_DEMO=0), and everybody would know the"
            " passwords of the people that would be added. Nothing was changed."
        )


def refuse_elsewhere() -> None:
    """Go on in a demonstration alone. Raises: NoDemonstration."""
    if not settings().demo:
        raise NoDemonstration
