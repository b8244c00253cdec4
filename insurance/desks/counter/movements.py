"""How journals of cover read on the bank's pages, and which page they lead to."""

from __future__ import annotations

from banking import api as bank
from kernel.text import N_

bank.name_movements(
    {
        "claim_paid_out": bank.MovementWords(
            "shield", N_("Claim paid by the insurer"), N_("Claim payout reversed")
        ),
        "cover_bought": bank.MovementWords(
            "shield", N_("Cover bought"), N_("Cover purchase reversed")
        ),
        "indemnity_returned": bank.MovementWords(
            "shield", N_("Returned payout reversed"), N_("Payout returned, items kept")
        ),
        "overpayment_returned": bank.MovementWords(
            "shield", N_("Returned double payment reversed"), N_("Double payment returned")
        ),
        "premium_added": bank.MovementWords(
            "shield", N_("Cover changed"), N_("Cover change reversed")
        ),
        "premium_charged": bank.MovementWords(
            "shield", N_("Cover of your parcel"), N_("Cover of your parcel reversed")
        ),
        "premium_refunded": bank.MovementWords(
            "shield", N_("Premium refunded"), N_("Premium refund reversed")
        ),
    }
)
# Policy numbers begin with the year they were concluded in.
bank.name_subjects(
    {f"{year:02d}-": bank.SubjectPage("cover.policy", "number") for year in range(26, 100)}
    | {
        "C-": bank.SubjectPage("cover.claim", "ref"),
        "PT-": bank.SubjectPage("overpaid.show", "ref"),
        "S-": bank.SubjectPage("recoveries.show", "ref"),
    }
)
