"""The pages of paying from a wallet: send, request, standing orders, payees."""

__all__ = ["queries"]
