"""How deposits and premium of open covers read on the bank's pages, and where they lead to."""

from __future__ import annotations

from banking import api as bank
from kernel.text import N_

bank.name_movements(
    {
        "open_cover_deposited": bank.MovementWords(
            "shield", N_("Open cover: deposit"), N_("Open cover deposit reversed")
        ),
        "open_cover_paid": bank.MovementWords(
            "shield", N_("Open cover: premium"), N_("Open cover premium reversed")
        ),
        "open_cover_returned": bank.MovementWords(
            "shield",
            N_("Open cover: rest of the deposit"),
            N_("Rest of the deposit reversed"),
        ),
    }
)
# References of open covers begin with an O and the year they were asked for in.
bank.name_subjects(
    {f"O{year:02d}-": bank.SubjectPage("open_cover.show", "ref") for year in range(26, 100)}
)
