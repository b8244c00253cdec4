"""Does the resets whose day is over."""

from __future__ import annotations

from datetime import timedelta

from kernel.actor import SYSTEM
from kernel.events import on
from kernel.jobs import one_by_one, schedule
from kernel.people.passwords.events import PasswordRenewed
from kernel.people.recovery import queries, service


@schedule("kernel.recovery.do_due_resets", every=timedelta(minutes=1), queue="default")
def do_due_resets() -> None:
    """Do each reset that was announced for long enough."""
    one_by_one(queries.due(), lambda reset_id: service.do_reset(reset_id=reset_id, actor=SYSTEM))


@on(PasswordRenewed, "kernel.recovery.drop_what_an_old_password_asked", queue="default")
def drop_what_an_old_password_asked(event: PasswordRenewed) -> None:
    """Cancel a reset that somebody with the password before announced."""
    service.cancel_outdated(person_id=event.person_id, actor=SYSTEM)
