"""What becomes of applications by itself: checked, told about, and closed when nobody goes on."""

from __future__ import annotations

from datetime import timedelta

from banking.compliance.onboarding import gateway, queries, service
from banking.compliance.onboarding.events import ApplicationAnswered, ApplicationSubmitted
from banking.compliance.onboarding.rules import REASONS
from kernel import mail
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.events import Note, on
from kernel.jobs import one_by_one, schedule
from kernel.people.identity import queries as people


@on(ApplicationSubmitted, "banking.onboarding.ask_identity_service", queue="money", outside=True)
def ask_identity_service(event: ApplicationSubmitted) -> Note | None:
    """Ask about a customer; the answer is written with the delivery.

    Raises: IdentityServiceDown, so that the delivery is tried again.
    """
    with reading():
        question = queries.question(application_id=event.application_id, key=event.id)
    if question is None:
        return None
    answer = gateway.gateway().check(question)

    def note() -> None:
        service.record_check(
            application_id=event.application_id, key=event.id, answer=answer, actor=SYSTEM
        )

    return note


@on(ApplicationAnswered, "banking.onboarding.tell_customer", queue="mail")
def tell_customer(event: ApplicationAnswered) -> None:
    """Tell a person, or everybody who works for a company, what the bank answered and why."""
    owner = people.person(event.customer_id)
    readers = [owner] if owner else people.staff_of(event.customer_id)
    application = queries.latest_of(customer_id=event.customer_id)
    reason = REASONS.get(application.reason, "") if application else ""
    account = "" if owner else f"?account={event.customer_id}"
    for reader in readers:
        mail.send(
            to=reader,
            template=f"banking/mail/{event.state}.txt",
            locale=reader.locale,
            data={
                "name": reader.name,
                "reason": reason,
                "tier": event.tier,
                "page": f"/company{account}" if account else "",
                "account": account,
            },
        )


@schedule("banking.onboarding.close_forgotten", every=timedelta(hours=1), queue="money")
def close_forgotten() -> None:
    """Close applications whose customer let their time pass."""
    with reading():
        overdue = queries.overdue()
    one_by_one(
        overdue, lambda application_id: service.expire(application_id=application_id, actor=SYSTEM)
    )
