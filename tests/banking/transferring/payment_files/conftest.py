"""A Wednesday morning, and somebody with money."""

from __future__ import annotations

from tests.banking.transferring.transfers.conftest import payee, payer  # noqa: F401 - found by name
