"""How a premium of cargo reads on the bank's pages, and which page it leads to."""

from __future__ import annotations

from banking import api as bank
from kernel.text import N_

bank.name_movements(
    {
        "cargo_insured": bank.MovementWords(
            "shield", N_("Cargo cover"), N_("Cargo cover reversed")
        ),
    }
)
# Policy numbers of cargo begin with a K and the year they were concluded in.
bank.name_subjects(
    {f"K{year:02d}-": bank.SubjectPage("cargo.policy", "number") for year in range(26, 100)}
)
