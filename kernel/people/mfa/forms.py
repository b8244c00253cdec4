"""What somebody gives to prove themselves, as it is typed or comes from a passkey."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kernel.people.mfa import queries, rules
from kernel.people.mfa.service import Given
from kernel.text import N_, ascii_digits
from kernel.web.forms import Reader


def given_of(form: Mapping[str, str], *, host_url: str, address: str) -> Given:
    """Read a code or a passkey's answer. Raises: Invalid when there is neither."""
    reader = Reader(form)
    credential = reader.raw("credential")
    code = reader.text("code", most=40, optional=bool(credential))
    reader.done()
    return Given(
        code=ascii_digits(code),
        credential=credential,
        party=queries.party_for(host_url),
        place=rules.network(address),
    )


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """A passkey that a browser made, and what its person calls it."""

    credential: str
    label: str

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> NewPasskey:
        """Read the form. Raises: Invalid."""
        reader = Reader(form)
        if not reader.raw("credential"):
            reader.complain("", N_("Your browser didn't create a passkey. Try again."))
        read = cls(reader.raw("credential"), reader.text("label", most=60))
        reader.done()
        return read
