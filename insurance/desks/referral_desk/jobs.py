"""Letters about referrals: the underwriter's price or their no, and where it can be read."""

from __future__ import annotations

from uuid import UUID

from insurance.offers.referrals.events import ReferralDeclined, ReferralQuoted
from insurance.offers.referrals.queries import Refused
from insurance.offers.referrals.words import REFUSED
from kernel import mail
from kernel.events import on
from kernel.people.identity import queries as people
from kernel.people.identity.queries import PersonView


@on(ReferralQuoted, "insurance.referral_desk.tell_of_price", queue="mail")
def tell_of_price(event: ReferralQuoted) -> None:
    """Tell that an underwriter offers a price, where, and until when."""
    _write(
        event.owner_id,
        "referral_quoted",
        {
            "kind": event.kind,
            "ref": event.offered_ref,
            "until": event.valid_until.isoformat(),
        },
    )


@on(ReferralDeclined, "insurance.referral_desk.tell_of_refusal", queue="mail")
def tell_of_refusal(event: ReferralDeclined) -> None:
    """Tell that a risk was declined, and why."""
    _write(
        event.owner_id,
        "referral_declined",
        {
            "kind": event.kind,
            "ref": event.subject_ref,
            "why": REFUSED[Refused(event.refusal)],
            "words": event.words,
        },
    )


def _write(owner_id: UUID, template: str, data: dict[str, object]) -> None:
    reader: PersonView | None = people.person(owner_id)
    if reader is None:
        return  # a test's owner, or an account that was closed since
    mail.send(
        to=reader,
        template=f"insurance/mail/{template}.txt",
        locale=reader.locale,
        data={"name": reader.name, "zone": reader.zone} | data,
    )
