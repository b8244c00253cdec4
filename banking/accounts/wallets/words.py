"""What templates ask about wallets."""

from __future__ import annotations

from banking.accounts.wallets.rules import wallet_currency

GLOBALS = (wallet_currency,)
