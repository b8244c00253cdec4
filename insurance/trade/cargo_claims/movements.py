"""Which page the numbers of claims for cargo lead to."""

from __future__ import annotations

from banking import api as bank

bank.name_subjects({"CK-": bank.SubjectPage("cargo_claims.show", "ref")})
