"""The bank's pages on which a parcel is insured: described, priced, paid."""

__all__ = ["forms", "pages"]
