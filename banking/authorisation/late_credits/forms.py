"""What is typed to get money that came after the closing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from banking.authorisation.payees.errors import AccountUnreadable
from banking.authorisation.payees.queries import Target, numbered
from kernel.web import Reader


@dataclass(frozen=True, slots=True)
class Account:
    """The account that is named."""

    account: Target

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> Account:
        """Read the form. Raises: Invalid."""
        reader = Reader(form)
        typed, account = reader.text("account", most=60), Target()
        if typed:
            try:
                account = numbered(typed)
            except AccountUnreadable as wrong:
                reader.complain("account", wrong.why.msgid, **wrong.why.data)
        reader.done()
        return cls(account)
