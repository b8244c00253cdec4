"""Sign-up, sign-in and what they are done with, as they are typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kernel.text import N_
from kernel.web.forms import Reader
from kernel.web.preferences import LANGUAGES


@dataclass(frozen=True, slots=True)
class SignUp:
    """A new account."""

    name: str
    email: str
    password: str

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> SignUp:
        """Read the form. Raises: Invalid."""
        reader = Reader(form)
        name, email = reader.text("name", most=100), reader.email("email")
        password = form.get("password", "")
        if not 8 <= len(password) <= 200:
            reader.complain("password", N_("Choose a password of at least 8 characters."))
        read = cls(name, email, password)
        reader.done()
        return read


@dataclass(frozen=True, slots=True)
class LanguageOfMails:
    """In which language letters come."""

    locale: str

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> LanguageOfMails:
        """Read the form. Raises: Invalid."""
        reader = Reader(form)
        tag = reader.choice("language", LANGUAGES)
        reader.done()
        return cls(LANGUAGES[tag])


@dataclass(frozen=True, slots=True)
class SignIn:
    """An address and a password."""

    email: str
    password: str

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> SignIn:
        """Read the form. Raises: Invalid."""
        reader = Reader(form)
        email = reader.email("email")
        password = form.get("password", "")
        if not password:
            reader.complain("password", N_("Enter your password."))
        read = cls(email, password)
        reader.done()
        return read


@dataclass(frozen=True, slots=True)
class NewPassword:
    """A password to come."""

    password: str

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> NewPassword:
        """Read the form. Raises: Invalid."""
        reader = Reader(form)
        password = form.get("password", "")
        if not 8 <= len(password) <= 200:
            reader.complain("password", N_("Choose a password of at least 8 characters."))
        reader.done()
        return cls(password)


@dataclass(frozen=True, slots=True)
class Address:
    """An e-mail address alone."""

    email: str

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> Address:
        """Read the form. Raises: Invalid."""
        reader = Reader(form)
        read = cls(reader.email("email"))
        reader.done()
        return read
