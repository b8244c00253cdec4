"""What other rooms ask of the check of papers; no database."""

from insurance.trade.documents_check.rules import (
    Certificate,
    Credit,
    Failure,
    Incoterm,
    Paper,
    Signer,
    failures,
    least_insured,
)

__all__ = [
    "Certificate",
    "Credit",
    "Failure",
    "Incoterm",
    "Paper",
    "Signer",
    "failures",
    "least_insured",
]
